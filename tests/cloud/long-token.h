/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *test_make_token  (gsize       n_bytes) G_GNUC_WARN_UNUSED_RESULT;
gboolean  test_shows_token (const char *text,
                            const char *token);

G_END_DECLS
