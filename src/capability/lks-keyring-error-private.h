/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean lks_keyring_error_is_stale  (const GError  *error);
void     lks_keyring_error_translate (GError        *error,
                                      GError       **out_error);

G_END_DECLS
