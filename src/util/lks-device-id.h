/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LKS_DEVICE_ID_BYTES 64
#define LKS_DEVICE_ID_DIGITS (2 * LKS_DEVICE_ID_BYTES)
#define LKS_DEVICE_ID_SHORT_DIGITS 6

gboolean    lks_device_id_is_valid  (const char   *text);
char       *lks_device_id_normalize (const char   *text,
                                     GError      **error) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_device_id_get_short (const char   *device_id);
char       *lks_device_id_from_bytes (const guint8 *bytes) G_GNUC_WARN_UNUSED_RESULT;
gboolean    lks_device_id_matches   (const char   *device_id,
                                     const char   *end);

G_END_DECLS
