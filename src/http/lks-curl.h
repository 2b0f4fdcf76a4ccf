/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include <curl/curl.h>

G_BEGIN_DECLS

#define LKS_CURL_GIVE_UP (-1)

/**
 * LksCurlTickFunc:
 * @user_data: as given to lks_curl_run()
 *
 * Looks at a transfer after something moved, or after the time it asked for.
 *
 * Returns: after how many milliseconds to call it again at the latest, or %LKS_CURL_GIVE_UP
 */
typedef int (*LksCurlTickFunc) (gpointer user_data);

CURLM    *lks_curl_multi_new (guint            connections_max) G_GNUC_WARN_UNUSED_RESULT;
CURLcode  lks_curl_run       (CURLM           *multi,
                              GCancellable    *cancellable,
                              LksCurlTickFunc  tick,
                              gpointer         user_data);

G_END_DECLS
