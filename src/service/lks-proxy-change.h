/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-net.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean    lks_proxy_check_request  (const LksProxyRequest  *request,
                                      GError                **error);
LksProxy   *lks_proxy_apply          (LksDevice              *device,
                                      const LksProxyRequest  *request,
                                      GCancellable           *cancellable,
                                      GError                **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    lks_proxy_remove         (LksDevice              *device,
                                      GCancellable           *cancellable,
                                      GError                **error);
const char *lks_proxy_state_to_words (LksProxyState           state);
JsonNode   *lks_proxy_to_json        (const LksProxy         *proxy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
