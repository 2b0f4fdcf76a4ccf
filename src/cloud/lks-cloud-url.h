/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The addresses at which operations are asked about have about 3.5 kB. */
#define LKS_CLOUD_URL_BYTES_MAX (16 * 1024)

char     *lks_cloud_url_normalize_base (const char   *text,
                                        GError      **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_cloud_url_is_same_origin (const char   *base,
                                        const char   *url);
char     *lks_cloud_url_dup_shown      (const char   *url) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_cloud_url_is_loopback    (const char   *url);

G_END_DECLS
