/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *lks_error_to_sentence (const GError *error) G_GNUC_WARN_UNUSED_RESULT;
char *lks_error_to_advice   (const GError *error) G_GNUC_WARN_UNUSED_RESULT;
char *lks_error_to_text     (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
