/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-advice.h"
#include "lks-board-status-private.h"

#include "lks-capability.h"
#include "lks-enums.h"

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder, const char *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

static void
add_truth (JsonBuilder *builder, const char *name, gboolean truth)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, truth);
}

static void
add_null (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_null_value (builder);
}

static void
add_error (JsonBuilder *builder, const GError *error)
{
  json_builder_set_member_name (builder, "error");
  json_builder_add_value (builder, lks_advice_to_json (error));
}

/* NULL for what is not known: an empty list would say that there are none. */
static void
add_numbers (JsonBuilder *builder, const guint32 *numbers, gsize n)
{
  json_builder_set_member_name (builder, "capabilities");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    json_builder_add_int_value (builder, numbers[i]);
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "capabilityNames");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    {
      const char *name = lks_capability_get_name (numbers[i]);
      g_autofree char *number = g_strdup_printf ("unknown (%u)", numbers[i]);

      json_builder_add_string_value (builder, name != NULL ? name : number);
    }
  json_builder_end_array (builder);
}

static void
add_capabilities (JsonBuilder *builder, const LksBoardStatus *self)
{
  gsize n;
  const guint32 *numbers = lks_board_status_get_capabilities (self, &n);

  if (numbers == NULL)
    {
      add_null (builder, "capabilities");
      add_null (builder, "capabilityNames");
      return;
    }

  add_numbers (builder, numbers, n);
}

static void
add_network (JsonBuilder *builder, const LksBoardStatus *self)
{
  const LksBoardNetStatus *net_status = lks_board_status_get_net_status (self);

  if (net_status == NULL)
    {
      add_null (builder, "network");
      return;
    }

  json_builder_set_member_name (builder, "network");
  json_builder_begin_object (builder);
  add_truth (builder, "deviceAuthenticationIsReady", net_status->device_authentication_is_ready);
  add_text (builder, "networkTimeSync", net_status->network_time_sync);
  add_text (builder, "proxy", net_status->proxy);
  json_builder_end_object (builder);
}

static void
add_abi_versions (JsonBuilder *builder, const LksBoardStatus *self)
{
  gint64 secure_world;
  gint64 os;
  gint64 application;

  if (!lks_board_status_get_abi_versions (self, &secure_world, &os, &application))
    {
      add_null (builder, "abiVersions");
      return;
    }

  json_builder_set_member_name (builder, "abiVersions");
  json_builder_begin_object (builder);
  add_number (builder, "secureWorldRuntime", secure_world);
  add_number (builder, "osRuntime", os);
  add_number (builder, "applicationRuntime", application);
  json_builder_end_object (builder);
}

static void
add_images (JsonBuilder *builder, const LksBoardStatus *self)
{
  gsize n;
  const LksBoardImage *images = lks_board_status_get_images (self, &n);

  if (images == NULL)
    {
      add_null (builder, "images");
      return;
    }

  json_builder_set_member_name (builder, "images");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    {
      json_builder_begin_object (builder);
      add_text (builder, "componentId", images[i].component_id);
      add_text (builder, "imageId", images[i].image_id);
      add_number (builder, "imageType", images[i].image_type);
      add_text (builder, "name", images[i].name);
      add_number (builder, "sizeBytes", (gint64) images[i].size_bytes);
      add_truth (builder, "staged", images[i].is_staged);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_time (JsonBuilder *builder, const char *name, gint64 wall_us)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) exact = g_date_time_add (seconds, wall_us % G_USEC_PER_SEC);
  g_autofree char *day = g_date_time_format (exact, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *text =
      g_strdup_printf ("%s.%03dZ", day, g_date_time_get_microsecond (exact) / 1000);

  add_text (builder, name, text);
}

static void
add_facts (JsonBuilder *builder, const LksBoardStatus *self)
{
  gint64 now_us = g_get_monotonic_time ();

  json_builder_set_member_name (builder, "facts");
  json_builder_begin_object (builder);
  for (guint i = 0; i < LKS_FACT_IDS; i++)
    {
      LksFact fact = lks_board_status_get_fact (self, i);

      if (fact.state == LKS_FACT_STATE_UNREAD)
        continue;
      json_builder_set_member_name (builder, lks_enum_to_nick (LKS_TYPE_FACT_ID, (int) i));
      json_builder_begin_object (builder);
      add_text (builder, "state", lks_enum_to_nick (LKS_TYPE_FACT_STATE, (int) fact.state));
      add_text (builder, "source", fact.source);
      add_time (builder, "readAt", fact.read_wall_us);
      add_truth (builder, "stale", lks_board_status_is_stale (self, i, now_us));
      add_error (builder, fact.error);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
add_uptime (JsonBuilder *builder, const LksBoardStatus *self)
{
  guint64 uptime_s;

  if (lks_board_status_get_uptime (self, &uptime_s))
    add_number (builder, "uptimeSeconds", (gint64) MIN (uptime_s, (guint64) G_MAXINT64));
  else
    add_null (builder, "uptimeSeconds");
}

static void
add_wifi_networks (JsonBuilder *builder, const LksBoardStatus *self)
{
  guint networks;

  if (lks_board_status_get_wifi_networks (self, &networks))
    add_number (builder, "wifiNetworks", networks);
  else
    add_null (builder, "wifiNetworks");
}

static void
add_update (JsonBuilder *builder, const LksBoardStatus *self)
{
  LksUpdateState update = lks_board_status_get_update (self);

  if (update == LKS_UPDATE_STATE_UNKNOWN)
    add_null (builder, "update");
  else
    add_text (builder, "update", lks_enum_to_nick (LKS_TYPE_UPDATE_STATE, (int) update));
}

static void
add_last_restart (JsonBuilder *builder, const LksBoardStatus *self)
{
  LksRestartNote note = lks_board_status_get_last_restart (self);

  if (note.kind == LKS_RESTART_KIND_NONE)
    {
      add_null (builder, "lastRestart");
      return;
    }

  json_builder_set_member_name (builder, "lastRestart");
  json_builder_begin_object (builder);
  add_text (builder, "kind", lks_enum_to_nick (LKS_TYPE_RESTART_KIND, (int) note.kind));
  add_text (builder, "reason", note.reason);
  add_time (builder, "noticedAt", note.noticed_wall_us);
  add_number (builder, "uptimeBefore", (gint64) note.uptime_before_s);
  json_builder_end_object (builder);
}

/* What the session's key grants, and which one it is; never the key. */
static void
add_session (JsonBuilder *builder, LksCapabilityKey *key)
{
  const GArray *numbers;

  if (key == NULL)
    {
      add_null (builder, "session");
      return;
    }

  numbers = lks_capability_key_get_file (key)->capabilities;
  json_builder_set_member_name (builder, "session");
  json_builder_begin_object (builder);
  add_numbers (builder, (const guint32 *) numbers->data, numbers->len);
  add_text (builder, "fingerprint", lks_capability_key_get_fingerprint (key));
  json_builder_end_object (builder);
}

/**
 * lks_board_status_to_json:
 * @self: a status
 *
 * Tells the status as JSON, with the keys of the command line's contract. What is not known
 * is null; why stands under "facts".
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_board_status_to_json (const LksBoardStatus *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_text (builder, "port", self->port);
  add_text (builder, "usbSerial", self->usb_serial);
  add_text (builder, "adapter", self->adapter);
  add_text (builder, "state", lks_enum_to_nick (LKS_TYPE_BOARD_STATE, (int) self->state));
  add_text (builder, "deviceId", lks_board_status_get_device_id (self));
  add_text (builder, "movedFrom", self->moved_from);
  add_text (builder, "securityState", lks_board_status_get_security_state (self));
  add_text (builder, "manufacturingState", lks_board_status_get_manufacturing_state (self));
  add_capabilities (builder, self);
  add_text (builder, "peripheralLock",
            lks_enum_to_nick (LKS_TYPE_PERIPHERAL_LOCK, (int) self->lock));
  add_text (builder, "peripheralLockReason", self->lock_reason);
  add_text (builder, "osVersion", lks_board_status_get_os_version (self));
  add_uptime (builder, self);
  add_last_restart (builder, self);
  add_update (builder, self);
  add_text (builder, "restApiVersion", lks_board_status_get_rest_version (self));
  add_network (builder, self);
  add_abi_versions (builder, self);
  add_images (builder, self);
  add_wifi_networks (builder, self);
  add_session (builder, self->key);
  add_facts (builder, self);
  add_error (builder, self->error);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
