/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-app.h"

#include "lks-device-private.h"
#include "lks-enums.h"

#define PORT_MAX 65535
#define STOP_LIMIT_MS 30000
#define DELETE_LIMIT_MS 60000

G_DEFINE_ENUM_TYPE (LksAppState,
                    lks_app_state,
                    G_DEFINE_ENUM_VALUE (LKS_APP_STATE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_APP_STATE_NOT_PRESENT, "notPresent"),
                    G_DEFINE_ENUM_VALUE (LKS_APP_STATE_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (LKS_APP_STATE_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (LKS_APP_STATE_DEBUGGING, "debugging"))

G_DEFINE_ENUM_TYPE (LksAppTrigger,
                    lks_app_trigger,
                    G_DEFINE_ENUM_VALUE (LKS_APP_TRIGGER_START, "start"),
                    G_DEFINE_ENUM_VALUE (LKS_APP_TRIGGER_START_DEBUG, "startDebug"),
                    G_DEFINE_ENUM_VALUE (LKS_APP_TRIGGER_STOP, "stop"))

static const LksDeviceShapeField app_status_fields[] = {
  LKS_FIELD_WORD_OF (LksAppStatus, "state", state, lks_app_state_get_type),
  LKS_FIELD (LksAppStatus, UINT, "gdbPort", gdb_port, .is_optional = TRUE, .max = PORT_MAX),
  LKS_FIELD (LksAppStatus, UINT, "outPort", out_port, .is_optional = TRUE, .max = PORT_MAX),
  LKS_FIELD (LksAppStatus,
             INT,
             "realTimeCore",
             real_time_core,
             .is_optional = TRUE,
             .has_offset = G_STRUCT_OFFSET (LksAppStatus, has_real_time_core)),
  LKS_FIELD_END,
};
static const LksDeviceShape app_status_record = {
  .size = sizeof (LksAppStatus),
  .free_func = (GDestroyNotify) lks_app_status_free,
  .fields = app_status_fields,
};

static const LksDeviceShapeField app_quota_fields[] = {
  LKS_FIELD (LksAppQuota, INT64, "UsageKB", usage_kib),
  LKS_FIELD (LksAppQuota, INT64, "LimitKB", limit_kib),
  LKS_FIELD_END,
};
static const LksDeviceShape app_quota_record = {
  .size = sizeof (LksAppQuota),
  .free_func = g_free,
  .fields = app_quota_fields,
};

const LksAnswerType lks_answer_types_app[] = {
  { "GET /app/status", &app_status_record },
  { "GET /app/quota", &app_quota_record },
  { NULL, NULL },
};

/**
 * lks_app_status_free:
 * @self: (transfer full) (nullable): an application's status
 */
void
lks_app_status_free (LksAppStatus *self)
{
  lks_device_shape_free (&app_status_record, self);
}

/**
 * lks_device_get_app_status:
 * @self: a device
 * @component_id: the application
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /app/status/{id}`, REST 2.0.0. A component the board does not have is no error but
 * "notPresent". Blocks; worker threads only.
 *
 * Returns: (transfer full): the status, or NULL with @error set
 */
LksAppStatus *
lks_device_get_app_status (LksDevice *self,
                           const char *component_id,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autofree char *path = lks_device_component_path ("/app/status/", component_id, error);
  const LksCall call = { .method = "GET", .path = path, .since = LKS_REST_VERSION (2, 0, 0) };

  if (path == NULL)
    return NULL;

  return lks_device_call_new (self, &call, &app_status_record, cancellable, error);
}

/**
 * lks_device_set_app_status:
 * @self: a device
 * @component_id: the application
 * @trigger: what it shall do
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `PATCH /app/status/{id}`, REST 2.0.0: starts, stops or debugs an application. Needs the app
 * development capability. Blocks; worker threads only.
 *
 * Returns: (transfer full): the status afterwards, with the ports when debugging, or NULL with
 *   @error set
 */
LksAppStatus *
lks_device_set_app_status (LksDevice *self,
                           const char *component_id,
                           LksAppTrigger trigger,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autofree char *path = lks_device_component_path ("/app/status/", component_id, error);
  g_auto (LksDeviceBody) body = { 0 };
  const LksCall call = {
    .method = "PATCH",
    .path = path,
    .since = LKS_REST_VERSION (2, 0, 0),
    .body = &body,
    .limit_ms = STOP_LIMIT_MS,
    .quiet_ms = STOP_LIMIT_MS,
  };

  if (path == NULL)
    return NULL;

  lks_device_body_add_text (&body, "trigger",
                            lks_enum_to_nick (LKS_TYPE_APP_TRIGGER, (int) trigger));
  lks_device_body_end (&body);

  return lks_device_call_new (self, &call, &app_status_record, cancellable, error);
}

/**
 * lks_device_delete_image:
 * @self: a device
 * @component_id: the component to remove
 * @out_restarting: (out) (optional): whether the board restarts because of it (REST 4.4.0 on)
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `DELETE /app/image/{id}`, REST 2.0.0. Removing what is not there succeeds. Blocks; worker
 * threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_delete_image (LksDevice *self,
                         const char *component_id,
                         gboolean *out_restarting,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autofree char *path = lks_device_component_path ("/app/image/", component_id, error);
  const LksCall call = {
    .method = "DELETE",
    .path = path,
    .since = LKS_REST_VERSION (2, 0, 0),
    .limit_ms = DELETE_LIMIT_MS,
    .quiet_ms = DELETE_LIMIT_MS,
  };

  if (path == NULL)
    return FALSE;

  return lks_device_call_done (self, &call, out_restarting, cancellable, error);
}

/**
 * lks_device_get_app_quota:
 * @self: a device
 * @component_id: the application
 * @out_quota: (out caller-allocates): its mutable storage
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /app/quota/{id}`, REST 3.1.0. Blocks; worker threads only.
 *
 * Returns: whether the board answered; NOT_FOUND when it does not have the application
 */
gboolean
lks_device_get_app_quota (LksDevice *self,
                          const char *component_id,
                          LksAppQuota *out_quota,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autofree char *path = lks_device_component_path ("/app/quota/", component_id, error);
  const LksCall call = { .method = "GET", .path = path, .since = LKS_REST_VERSION (3, 1, 0) };
  LksAppQuota quota = { 0 };

  if (path == NULL ||
      !lks_device_call_read (self, &call, &app_quota_record, &quota, cancellable, error))
    return FALSE;

  *out_quota = quota;
  return TRUE;
}
