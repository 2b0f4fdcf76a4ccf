/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LKS_GUID_BYTES 16
#define LKS_GUID_CHARACTERS 36

gboolean lks_guid_is_valid   (const char   *text);
char    *lks_guid_normalize  (const char   *text,
                              GError      **error) G_GNUC_WARN_UNUSED_RESULT;
char    *lks_guid_from_bytes (const guint8 *bytes) G_GNUC_WARN_UNUSED_RESULT;
gboolean lks_guid_to_bytes   (const char   *text,
                              guint8       *out_bytes,
                              GError      **error);

G_END_DECLS
