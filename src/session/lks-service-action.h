/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksServiceAction:
 *
 * What a request does to a board, or takes from it, as a person would say it. %OTHER is a request
 * that is not known here. Nicks: "other", "wifi-add" and so on.
 */
typedef enum {
  LKS_SERVICE_ACTION_OTHER,
  LKS_SERVICE_ACTION_WIFI_ADD,
  LKS_SERVICE_ACTION_WIFI_CHANGE,
  LKS_SERVICE_ACTION_WIFI_FORGET,
  LKS_SERVICE_ACTION_WIFI_RELOAD,
  LKS_SERVICE_ACTION_INTERFACE,
  LKS_SERVICE_ACTION_PROXY_SET,
  LKS_SERVICE_ACTION_PROXY_REMOVE,
  LKS_SERVICE_ACTION_CERTIFICATE_ADD,
  LKS_SERVICE_ACTION_CERTIFICATE_REMOVE,
  LKS_SERVICE_ACTION_IMAGE_SEND,
  LKS_SERVICE_ACTION_IMAGE_INSTALL,
  LKS_SERVICE_ACTION_APPLICATION_DELETE,
  LKS_SERVICE_ACTION_APPLICATION_CONTROL,
  LKS_SERVICE_ACTION_RESTART,
  LKS_SERVICE_ACTION_STATE,
  LKS_SERVICE_ACTION_LOG_TAKE,
  LKS_SERVICE_ACTION_TELEMETRY_TAKE,
  LKS_SERVICE_ACTION_TELEMETRY_CLEAR,
} LksServiceAction;

#define LKS_SERVICE_ACTIONS (LKS_SERVICE_ACTION_TELEMETRY_CLEAR + 1)

#define LKS_TYPE_SERVICE_ACTION (lks_service_action_get_type ())
GType            lks_service_action_get_type     (void);

LksServiceAction lks_service_action_from_request (const char       *method,
                                                  const char       *path);
char            *lks_service_action_describe     (LksServiceAction  action,
                                                  guint             http_status) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
