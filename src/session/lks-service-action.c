/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-service-action.h"

#include <string.h>

G_DEFINE_ENUM_TYPE (
    LksServiceAction,
    lks_service_action,
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_OTHER, "other"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_WIFI_ADD, "wifi-add"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_WIFI_CHANGE, "wifi-change"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_WIFI_FORGET, "wifi-forget"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_WIFI_RELOAD, "wifi-reload"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_INTERFACE, "interface"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_PROXY_SET, "proxy-set"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_PROXY_REMOVE, "proxy-remove"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_CERTIFICATE_ADD, "certificate-add"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_CERTIFICATE_REMOVE, "certificate-remove"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_IMAGE_SEND, "image-send"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_IMAGE_INSTALL, "image-install"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_APPLICATION_DELETE, "application-delete"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_APPLICATION_CONTROL, "application-control"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_RESTART, "restart"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_STATE, "state"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_LOG_TAKE, "log-take"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_TELEMETRY_TAKE, "telemetry-take"),
    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ACTION_TELEMETRY_CLEAR, "telemetry-clear"))

/* The operations of the device REST API that change something or take data away; a path that ends
 * in a slash is followed by the name of one thing. */
static const struct
{
  const char *method;
  const char *path;
  LksServiceAction action;
} requests[] = {
  { "POST", "/wifi/config/networks", LKS_SERVICE_ACTION_WIFI_ADD },
  { "PATCH", "/wifi/config/networks/", LKS_SERVICE_ACTION_WIFI_CHANGE },
  { "DELETE", "/wifi/config/networks/", LKS_SERVICE_ACTION_WIFI_FORGET },
  { "PATCH", "/wifi/interface", LKS_SERVICE_ACTION_WIFI_RELOAD },
  { "PATCH", "/net/interfaces/", LKS_SERVICE_ACTION_INTERFACE },
  { "POST", "/net/proxy", LKS_SERVICE_ACTION_PROXY_SET },
  { "DELETE", "/net/proxy", LKS_SERVICE_ACTION_PROXY_REMOVE },
  { "POST", "/certstore/certs/", LKS_SERVICE_ACTION_CERTIFICATE_ADD },
  { "DELETE", "/certstore/certs/", LKS_SERVICE_ACTION_CERTIFICATE_REMOVE },
  { "PUT", "/update/stage", LKS_SERVICE_ACTION_IMAGE_SEND },
  { "POST", "/update/install", LKS_SERVICE_ACTION_IMAGE_INSTALL },
  { "DELETE", "/app/image/", LKS_SERVICE_ACTION_APPLICATION_DELETE },
  { "PATCH", "/app/status/", LKS_SERVICE_ACTION_APPLICATION_CONTROL },
  { "POST", "/restart", LKS_SERVICE_ACTION_RESTART },
  { "PUT", "/device/manufacturing_state", LKS_SERVICE_ACTION_STATE },
  { "GET", "/log", LKS_SERVICE_ACTION_LOG_TAKE },
  { "GET", "/telemetry", LKS_SERVICE_ACTION_TELEMETRY_TAKE },
  { "DELETE", "/telemetry", LKS_SERVICE_ACTION_TELEMETRY_CLEAR },
};

static const char *const words[LKS_SERVICE_ACTIONS] = {
  [LKS_SERVICE_ACTION_OTHER] = "something else",
  [LKS_SERVICE_ACTION_WIFI_ADD] = "a Wi-Fi network was added",
  [LKS_SERVICE_ACTION_WIFI_CHANGE] = "a Wi-Fi network was changed",
  [LKS_SERVICE_ACTION_WIFI_FORGET] = "a Wi-Fi network was forgotten",
  [LKS_SERVICE_ACTION_WIFI_RELOAD] = "the Wi-Fi settings were loaded anew",
  [LKS_SERVICE_ACTION_INTERFACE] = "a network interface was changed",
  [LKS_SERVICE_ACTION_PROXY_SET] = "the proxy was set",
  [LKS_SERVICE_ACTION_PROXY_REMOVE] = "the proxy was removed",
  [LKS_SERVICE_ACTION_CERTIFICATE_ADD] = "a certificate was added",
  [LKS_SERVICE_ACTION_CERTIFICATE_REMOVE] = "a certificate was removed",
  [LKS_SERVICE_ACTION_IMAGE_SEND] = "an image was sent",
  [LKS_SERVICE_ACTION_IMAGE_INSTALL] = "the images sent before were installed",
  [LKS_SERVICE_ACTION_APPLICATION_DELETE] = "an application was deleted",
  [LKS_SERVICE_ACTION_APPLICATION_CONTROL] = "an application was started or stopped",
  [LKS_SERVICE_ACTION_RESTART] = "the board was restarted",
  [LKS_SERVICE_ACTION_STATE] = "the manufacturing state was set",
  [LKS_SERVICE_ACTION_LOG_TAKE] = "the log was taken",
  [LKS_SERVICE_ACTION_TELEMETRY_TAKE] = "telemetry was taken",
  [LKS_SERVICE_ACTION_TELEMETRY_CLEAR] = "telemetry was cleared",
};

/**
 * lks_service_action_from_request:
 * @method: an HTTP method
 * @path: the path of a request to a board
 *
 * Returns: what the request does
 */
LksServiceAction
lks_service_action_from_request (const char *method, const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      gboolean names_one = g_str_has_suffix (requests[i].path, "/");

      if (g_str_equal (method, requests[i].method) &&
          (names_one ? g_str_has_prefix (path, requests[i].path)
                     : g_str_equal (path, requests[i].path)))
        return requests[i].action;
    }
  return LKS_SERVICE_ACTION_OTHER;
}

/**
 * lks_service_action_describe:
 * @action: what a request does
 * @http_status: the status of the answer, 0 when there was none
 *
 * Returns: (transfer full): the same in English words, with what became of it
 */
char *
lks_service_action_describe (LksServiceAction action, guint http_status)
{
  if (http_status == 200 || http_status == 201)
    return g_strdup (words[action]);
  if (http_status == 0)
    return g_strdup_printf ("%s? The board did not answer", words[action]);
  return g_strdup_printf ("the board did not do it: %s", words[action]);
}
