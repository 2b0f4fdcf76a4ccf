/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-join.h"

#include "lks-enums.h"
#include "lks-json-member-private.h"
#include "lks-service-error.h"
#include "lks-wait.h"
#include "lks-wifi-report.h"

G_DEFINE_ENUM_TYPE (LksWifiOutcome,
                    lks_wifi_outcome,
                    G_DEFINE_ENUM_VALUE (LKS_WIFI_OUTCOME_CONNECTED, "connected"),
                    G_DEFINE_ENUM_VALUE (LKS_WIFI_OUTCOME_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (LKS_WIFI_OUTCOME_ELSEWHERE, "elsewhere"),
                    G_DEFINE_ENUM_VALUE (LKS_WIFI_OUTCOME_NOT_ENABLED, "not-enabled"),
                    G_DEFINE_ENUM_VALUE (LKS_WIFI_OUTCOME_OVERDUE, "overdue"))

/* One wait for one network. */
typedef struct
{
  LksDevice *device;
  int network_id;
  GPtrArray *known_failures; /* (nullable) */
  GPtrArray *early_failures; /* (owned) (nullable): what the first look told, also what was known */
  LksWifiPatience patience;
  LksWifiProgress progress; /* (nullable) */
  gpointer progress_data;
  LksWifiWpaState radio;
  gint64 begin_us;
  gint64 failed_at_us; /* when the failure that may pass was seen first, 0: none */
  gint64 elsewhere_at_us;
} Watch;

static void
watch_clear (Watch *self)
{
  g_clear_pointer (&self->early_failures, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

/**
 * lks_wifi_join_free:
 * @self: (transfer full): what became of a network
 */
void
lks_wifi_join_free (LksWifiJoin *self)
{
  g_clear_pointer (&self->network, lks_wifi_network_free);
  g_clear_pointer (&self->failure, lks_wifi_failure_free);
  g_free (self->other_ssid);
  g_free (self);
}

static gboolean
is_same_failure (const LksWifiFailure *a, const LksWifiFailure *b)
{
  return a->network_id == b->network_id && g_strcmp0 (a->timestamp, b->timestamp) == 0 &&
         g_strcmp0 (a->ssid, b->ssid) == 0 && g_strcmp0 (a->reason_text, b->reason_text) == 0 &&
         g_strcmp0 (a->cert_error_text, b->cert_error_text) == 0;
}

static gboolean
has_failure (GPtrArray *failures, const LksWifiFailure *failure)
{
  for (guint i = 0; failures != NULL && i < failures->len; i++)
    if (is_same_failure (g_ptr_array_index (failures, i), failure))
      return TRUE;

  return FALSE;
}

/* A board that looks once and finds nothing looks again; the others do not mend themselves. What
 * was told as soon as a network had been changed may be its last try before the change. */
static gboolean
may_pass (const Watch *self, const LksWifiFailure *failure)
{
  return failure->reason == LKS_WIFI_FAILURE_NETWORK_NOT_FOUND ||
         failure->reason == LKS_WIFI_FAILURE_CONNECTION_FAILED ||
         has_failure (self->early_failures, failure);
}

/* Whether something that was seen for the first time at *@since_us has lasted long enough. */
static gboolean
has_lasted (const Watch *self, gint64 *since_us, gint64 now_us)
{
  if (*since_us == 0)
    *since_us = now_us;

  return now_us - *since_us >= (gint64) self->patience.grace_ms * G_TIME_SPAN_MILLISECOND;
}

static gboolean
look_at_networks (Watch *self, LksWifiJoin *join, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) networks = lks_device_get_wifi_networks (self->device, cancellable, error);

  if (networks == NULL)
    return FALSE;

  g_clear_pointer (&join->network, lks_wifi_network_free);
  g_clear_pointer (&join->other_ssid, g_free);
  for (guint i = networks->len; i > 0; i--)
    {
      const LksWifiNetwork *network = g_ptr_array_index (networks, i - 1);

      if (network->id == self->network_id)
        join->network = g_ptr_array_steal_index (networks, i - 1);
      else if (network->connection_state == LKS_WIFI_CONNECTION_STATE_CONNECTED)
        join->other_ssid = g_strdup (network->ssid != NULL ? network->ssid : "");
    }
  if (join->network != NULL)
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
               "the board has no network %d any more", self->network_id);
  return FALSE;
}

static gboolean
look_at_failures (Watch *self, LksWifiJoin *join, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) failures = lks_device_get_wifi_failures (self->device, cancellable, error);

  if (failures == NULL)
    return FALSE;
  if (self->known_failures != NULL && self->early_failures == NULL)
    {
      self->early_failures = g_steal_pointer (&failures);
      return TRUE;
    }

  g_clear_pointer (&join->failure, lks_wifi_failure_free);
  for (guint i = failures->len; i > 0; i--)
    {
      LksWifiFailure *failure = g_ptr_array_index (failures, i - 1);

      if (failure->network_id == self->network_id && !has_failure (self->known_failures, failure))
        {
          g_clear_pointer (&join->failure, lks_wifi_failure_free);
          join->failure = g_ptr_array_steal_index (failures, i - 1);
        }
    }

  return TRUE;
}

static gboolean
look_at_radio (Watch *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksWifiInterface) radio = NULL;

  if (self->progress == NULL)
    return TRUE;
  radio = lks_device_get_wifi_interface (self->device, cancellable, error);
  if (radio == NULL)
    return FALSE;

  if (radio->wpa_state != self->radio)
    self->progress (radio->wpa_state, self->progress_data);
  self->radio = radio->wpa_state;
  return TRUE;
}

/* Whether what was seen decides it; then the outcome is set. */
static gboolean
is_decided (Watch *self, LksWifiJoin *join, gint64 now_us)
{
  gboolean has_failed = FALSE;
  gboolean is_elsewhere = FALSE;

  join->waited_ms = (guint) ((now_us - self->begin_us) / G_TIME_SPAN_MILLISECOND);
  if (join->failure != NULL)
    has_failed = has_lasted (self, &self->failed_at_us, now_us) || !may_pass (self, join->failure);
  else
    self->failed_at_us = 0;
  if (join->other_ssid != NULL)
    is_elsewhere = has_lasted (self, &self->elsewhere_at_us, now_us);
  else
    self->elsewhere_at_us = 0;

  if (join->network->connection_state == LKS_WIFI_CONNECTION_STATE_CONNECTED)
    join->outcome = LKS_WIFI_OUTCOME_CONNECTED;
  else if (join->network->config_state == LKS_WIFI_CONFIG_STATE_DISABLED)
    join->outcome = LKS_WIFI_OUTCOME_NOT_ENABLED;
  else if (has_failed)
    join->outcome = LKS_WIFI_OUTCOME_FAILED;
  else if (is_elsewhere)
    join->outcome = LKS_WIFI_OUTCOME_ELSEWHERE;
  else if (join->waited_ms >= self->patience.limit_ms)
    join->outcome = join->failure != NULL ? LKS_WIFI_OUTCOME_FAILED : LKS_WIFI_OUTCOME_OVERDUE;
  else
    return FALSE;

  return TRUE;
}

/**
 * lks_wifi_wait:
 * @device: a board
 * @network_id: the board's number for the network
 * @known_failures: (nullable) (element-type LksWifiFailure): what the diagnostics told before the
 *   network was added or changed; these do not count, and one that comes before the first look
 *   counts only when it lasts
 * @patience: how long
 * @progress: (nullable): told what the radio does
 * @progress_data: for @progress
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Watches a stored network until the board is connected by it or names a failure. Blocks for at
 * most the limit of @patience; worker threads only.
 *
 * Returns: (transfer full): what became of it, or NULL with @error set
 */
LksWifiJoin *
lks_wifi_wait (LksDevice *device,
               int network_id,
               GPtrArray *known_failures,
               const LksWifiPatience *patience,
               LksWifiProgress progress,
               gpointer progress_data,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (LksWifiJoin) join = g_new0 (LksWifiJoin, 1);
  g_auto (Watch) watch = {
    .device = device,
    .network_id = network_id,
    .known_failures = known_failures,
    .patience = *patience,
    .progress = progress,
    .progress_data = progress_data,
    .begin_us = g_get_monotonic_time (),
  };

  for (;;)
    {
      gint64 now_us = g_get_monotonic_time (); /* what is seen is not older */

      if (!look_at_networks (&watch, join, cancellable, error) ||
          !look_at_failures (&watch, join, cancellable, error) ||
          !look_at_radio (&watch, cancellable, error))
        return NULL;
      if (is_decided (&watch, join, now_us))
        return g_steal_pointer (&join);
      if (!lks_wait_ms (patience->interval_ms, cancellable, error))
        return NULL;
    }
}

/**
 * lks_wifi_join_to_json:
 * @self: what became of a network
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_wifi_join_to_json (const LksWifiJoin *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "outcome",
                     lks_enum_to_nick (LKS_TYPE_WIFI_OUTCOME, (int) self->outcome));
  lks_json_add_int (builder, "waitedMs", self->waited_ms);
  lks_json_add_text (builder, "otherSsid",
                     self->outcome == LKS_WIFI_OUTCOME_ELSEWHERE ? self->other_ssid : NULL);
  json_builder_set_member_name (builder, "network");
  json_builder_add_value (builder, lks_wifi_network_to_json (self->network));
  json_builder_set_member_name (builder, "failure");
  if (self->outcome == LKS_WIFI_OUTCOME_FAILED)
    json_builder_add_value (builder, lks_wifi_failure_to_json (self->failure));
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
