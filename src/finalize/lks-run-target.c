/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-target.h"

#include "lks-boot-clock.h"
#include "lks-device-net.h"
#include "lks-device-update.h"
#include "lks-device-wifi.h"
#include "lks-run-private.h"
#include "lks-wait.h"

typedef struct
{
  LksRunTarget base;

  LksDevice *device;         /* (owned) */
  char *port;                /* (owned) */
  char *usb_serial;          /* (owned) (nullable) */
  JsonArray *exchanges;      /* (owned) */
  char *clock;               /* (owned) (nullable) */
  LksPresentFunc is_present; /* (nullable) */
  gpointer user_data;
} DeviceTarget;

static LksDeviceSecurity *
get_security (gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_get_security_state (((DeviceTarget *) data)->device, cancellable, error);
}

static LksDeviceManufacturing *
get_state (gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_get_manufacturing_state (((DeviceTarget *) data)->device, cancellable, error);
}

static gboolean
set_state (gpointer data, LksManufacturingState state, GError **error)
{
  return lks_device_set_manufacturing_state (((DeviceTarget *) data)->device, state, NULL, error);
}

static GArray *
get_capabilities (gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_get_capabilities (((DeviceTarget *) data)->device, cancellable, error);
}

static char *
get_os_version (gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_get_os_version (((DeviceTarget *) data)->device, cancellable, error);
}

static gboolean
get_uptime (gpointer data, guint64 *out_uptime_s, GCancellable *cancellable, GError **error)
{
  return lks_device_get_status (((DeviceTarget *) data)->device, out_uptime_s, cancellable, error);
}

static LksComponents *
get_components (gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_get_images (((DeviceTarget *) data)->device, cancellable, error);
}

static GPtrArray *
get_networks (gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_get_wifi_networks (((DeviceTarget *) data)->device, cancellable, error);
}

static char **
get_certificates (gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_get_certs (((DeviceTarget *) data)->device, cancellable, error);
}

static LksCertInfo *
get_certificate (gpointer data, const char *id, GCancellable *cancellable, GError **error)
{
  return lks_device_get_cert (((DeviceTarget *) data)->device, id, cancellable, error);
}

static GPtrArray *
get_interfaces (gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_get_interfaces (((DeviceTarget *) data)->device, cancellable, error);
}

static gboolean
stage (gpointer data, GBytes *package, GCancellable *cancellable, GError **error)
{
  return lks_device_stage_image (((DeviceTarget *) data)->device, package, NULL, NULL, cancellable,
                                 error);
}

static gboolean
install (gpointer data, gboolean *out_restarting, GError **error)
{
  return lks_device_install (((DeviceTarget *) data)->device, LKS_APP_CONTROL_AUTO, out_restarting,
                             NULL, error);
}

static gboolean
restart_system (gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_restart (((DeviceTarget *) data)->device, NULL, cancellable, error);
}

static const char *
get_rest_version (gpointer data)
{
  return lks_device_get_rest_version (((DeviceTarget *) data)->device);
}

static JsonArray *
take_exchanges (gpointer data)
{
  DeviceTarget *self = data;
  JsonArray *exchanges = g_steal_pointer (&self->exchanges);

  self->exchanges = json_array_new ();
  return exchanges;
}

static gboolean
is_present (gpointer data)
{
  DeviceTarget *self = data;

  return self->is_present == NULL || self->is_present (self->user_data);
}

/* CLOCK_BOOTTIME counts from the start of this computer, through sleep as well; which start it
 * was, the kernel names (proc(5), /proc/sys/kernel/random/boot_id). */
static const char *
get_clock (gpointer data)
{
  DeviceTarget *self = data;

  if (self->clock == NULL &&
      (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &self->clock, NULL, NULL) ||
       *g_strstrip (self->clock) == '\0'))
    {
      g_free (self->clock);
      self->clock = g_uuid_string_random (); /* compares with nothing but itself */
    }
  return self->clock;
}

static gint64
now_us (gpointer data)
{
  return lks_boot_clock_us ();
}

static gboolean
wait_ms (gpointer data, guint time_ms, GCancellable *cancellable, GError **error)
{
  return lks_wait_ms (time_ms, cancellable, error);
}

static const LksRunTargetOps device_ops = {
  .get_security = get_security,
  .get_state = get_state,
  .set_state = set_state,
  .get_capabilities = get_capabilities,
  .get_os_version = get_os_version,
  .get_uptime = get_uptime,
  .get_components = get_components,
  .get_networks = get_networks,
  .get_certificates = get_certificates,
  .get_certificate = get_certificate,
  .get_interfaces = get_interfaces,
  .stage = stage,
  .install = install,
  .restart = restart_system,
  .get_rest_version = get_rest_version,
  .take_exchanges = take_exchanges,
  .is_present = is_present,
  .get_clock = get_clock,
  .now_us = now_us,
  .wait = wait_ms,
};

static void
exchanged_cb (const LksDeviceExchange *exchange, gpointer user_data)
{
  DeviceTarget *self = user_data;
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "method", exchange->method);
  json_object_set_string_member (object, "path", exchange->path);
  json_object_set_int_member (object, "httpStatus", exchange->http_status);
  if (exchange->rest_version != NULL)
    json_object_set_string_member (object, "restVersion", exchange->rest_version);
  if (exchange->body != NULL)
    json_object_set_string_member (object, "body", exchange->body);
  json_object_set_int_member (object, "bodyBytes", (gint64) exchange->body_bytes);
  lks_json_set_time (object, "startedAt", exchange->started_at_us);
  json_object_set_double_member (object, "durationMs", (double) exchange->duration_us / 1000);
  if (exchange->error != NULL)
    json_object_set_string_member (object, "error", exchange->error->message);
  json_array_add_object_element (self->exchanges, object);
}

/**
 * lks_run_target_new:
 * @device: the board's device client; its observer is used until the target is freed
 * @port: the place of the board
 * @usb_serial: (nullable): the adapter's serial number
 * @present: (nullable): tells whether the adapter is still plugged in
 * @user_data: for @present
 *
 * Returns: (transfer full): the board as a run sees it; for the board's worker thread
 */
LksRunTarget *
lks_run_target_new (LksDevice *device,
                    const char *port,
                    const char *usb_serial,
                    LksPresentFunc present,
                    gpointer user_data)
{
  DeviceTarget *self = g_new0 (DeviceTarget, 1);

  self->device = g_object_ref (device);
  self->port = g_strdup (port);
  self->usb_serial = g_strdup (usb_serial);
  self->exchanges = json_array_new ();
  self->is_present = present;
  self->user_data = user_data;
  self->base = (LksRunTarget){
    .ops = &device_ops,
    .data = self,
    .port = self->port,
    .usb_serial = self->usb_serial,
  };
  lks_device_set_observer (device, exchanged_cb, self);
  return &self->base;
}

/**
 * lks_run_target_free:
 * @self: (transfer full) (nullable): a target made by lks_run_target_new()
 */
void
lks_run_target_free (LksRunTarget *self)
{
  DeviceTarget *target = (DeviceTarget *) self;

  if (self == NULL)
    return;

  lks_device_set_observer (target->device, NULL, NULL);
  g_object_unref (target->device);
  json_array_unref (target->exchanges);
  g_free (target->port);
  g_free (target->usb_serial);
  g_free (target->clock);
  g_free (target);
}
