/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-report.h"

#include "lks-device-error.h"
#include "lks-device-number.h"
#include "lks-json-member-private.h"
#include "lks-wifi-words.h"

/**
 * lks_wifi_report_free:
 * @self: (transfer full): a report
 */
void
lks_wifi_report_free (LksWifiReport *self)
{
  g_clear_pointer (&self->radio, lks_wifi_interface_free);
  g_clear_pointer (&self->networks, g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_free (self);
}

/* With wlan0 down a board answers 500 with a number of its own. */
static gboolean
is_radio_off (const GError *error)
{
  guint32 number;

  return lks_device_error_get_number (error, &number) && number == LKS_DEVICE_NUMBER_WIFI_OFF;
}

static gboolean
read_lists (LksWifiReport *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  self->networks = lks_device_get_wifi_networks (device, cancellable, error);
  if (self->networks == NULL)
    return FALSE;

  self->failures = lks_device_get_wifi_failures (device, cancellable, error);
  return self->failures != NULL;
}

/**
 * lks_wifi_report_read:
 * @device: a board
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Blocks; worker threads only.
 *
 * Returns: (transfer full): the report, or NULL with @error set
 */
LksWifiReport *
lks_wifi_report_read (LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksWifiReport) self = g_new0 (LksWifiReport, 1);
  g_autoptr (GError) local = NULL;

  self->radio = lks_device_get_wifi_interface (device, cancellable, error);
  if (self->radio == NULL)
    return NULL;
  if (read_lists (self, device, cancellable, &local))
    return g_steal_pointer (&self);
  if (!is_radio_off (local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  self->is_radio_off = TRUE;
  g_clear_pointer (&self->networks, g_ptr_array_unref);
  self->networks = g_ptr_array_new ();
  self->failures = g_ptr_array_new ();
  return g_steal_pointer (&self);
}

/**
 * lks_wifi_report_find_failure:
 * @self: a report
 * @network_id: the board's number for a network
 *
 * Returns: (transfer none) (nullable): its last failure, NULL when there is none or the network
 *   is connected now
 */
const LksWifiFailure *
lks_wifi_report_find_failure (const LksWifiReport *self, int network_id)
{
  const LksWifiFailure *found = NULL;

  for (guint i = 0; i < self->failures->len; i++)
    {
      const LksWifiFailure *failure = g_ptr_array_index (self->failures, i);

      if (failure->network_id == network_id)
        found = failure;
    }
  for (guint i = 0; i < self->networks->len; i++)
    {
      const LksWifiNetwork *network = g_ptr_array_index (self->networks, i);

      if (network->id == network_id &&
          network->connection_state == LKS_WIFI_CONNECTION_STATE_CONNECTED)
        return NULL;
    }

  return found;
}

/**
 * lks_wifi_radio_to_json:
 * @report: a report
 *
 * Returns: (transfer full): an object about the radio, in the board's words and in ours
 */
JsonNode *
lks_wifi_radio_to_json (const LksWifiReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const LksWifiInterface *radio = report->radio;
  LksExplanation state = lks_wifi_wpa_state_explain (radio->wpa_state);

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "wpaState", radio->wpa_state_text);
  lks_json_add_text (builder, "meaning", state.meaning);
  lks_json_add_text (builder, "advice", state.advice);
  lks_json_add_flag (builder, "radioOff", report->is_radio_off);
  lks_json_add_text (builder, "connectionState", radio->connection_state_text);
  lks_json_add_text (builder, "ssid", radio->ssid);
  lks_json_add_text (builder, "configName", radio->config_name);
  lks_json_add_text (builder, "securityState", radio->security_text);
  lks_json_add_text (builder, "keyManagement", radio->key_management_text);
  lks_json_add_text (builder, "mode", radio->mode_text);
  lks_json_add_text (builder, "hardwareAddress", radio->mac_address);
  lks_json_add_text (builder, "ipAddress", radio->ip_address);
  json_builder_set_member_name (builder, "freqMhz");
  if (radio->freq_mhz != 0)
    json_builder_add_int_value (builder, radio->freq_mhz);
  else
    json_builder_add_null_value (builder);
  lks_json_add_text (builder, "powerSavings", radio->power_savings_text);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/**
 * lks_wifi_network_to_json:
 * @network: a stored network
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_wifi_network_to_json (const LksWifiNetwork *network)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_int (builder, "id", network->id);
  lks_json_add_text (builder, "ssid", network->ssid);
  lks_json_add_text (builder, "configName", network->config_name);
  lks_json_add_text (builder, "configState", network->config_state_text);
  lks_json_add_text (builder, "connectionState", network->connection_state_text);
  lks_json_add_text (builder, "securityState", network->security_text);
  lks_json_add_flag (builder, "targetedScan", network->is_targeted_scan);
  lks_json_add_text (builder, "clientIdentity", network->client_identity);
  lks_json_add_text (builder, "clientCertificate", network->client_cert_id);
  lks_json_add_text (builder, "rootCaCertificate", network->root_ca_cert_id);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
add_cert_info (JsonBuilder *builder, const LksWifiFailure *failure)
{
  LksExplanation why = lks_wifi_cert_error_explain (failure->cert_error);

  json_builder_set_member_name (builder, "certificate");
  if (!failure->has_cert_info)
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "subject", failure->cert_subject);
  lks_json_add_int (builder, "depth", failure->cert_depth);
  lks_json_add_text (builder, "error", failure->cert_error_text);
  lks_json_add_text (builder, "meaning", why.meaning);
  lks_json_add_text (builder, "advice", why.advice);
  json_builder_end_object (builder);
}

/**
 * lks_wifi_failure_to_json:
 * @failure: a failed connection
 *
 * Returns: (transfer full): an object with the board's words and ours
 */
JsonNode *
lks_wifi_failure_to_json (const LksWifiFailure *failure)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  LksExplanation why = lks_wifi_failure_explain (failure->reason);
  gint64 when_s;
  gboolean has_time = lks_board_time_parse (failure->timestamp, &when_s);

  json_builder_begin_object (builder);
  lks_json_add_int (builder, "networkId", failure->network_id);
  lks_json_add_text (builder, "ssid", failure->ssid);
  lks_json_add_text (builder, "timestamp", failure->timestamp);
  lks_json_add_flag (builder, "clockUnset", has_time && lks_board_time_is_unset (when_s));
  lks_json_add_text (builder, "error", failure->reason_text);
  lks_json_add_text (builder, "meaning", why.meaning);
  lks_json_add_text (builder, "advice", why.advice);
  add_cert_info (builder, failure);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/**
 * lks_wifi_networks_to_json:
 * @report: a report
 *
 * Returns: (transfer full): an array of the stored networks
 */
JsonNode *
lks_wifi_networks_to_json (const LksWifiReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < report->networks->len; i++)
    json_builder_add_value (builder,
                            lks_wifi_network_to_json (g_ptr_array_index (report->networks, i)));
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

/**
 * lks_wifi_failures_to_json:
 * @report: a report
 *
 * Returns: (transfer full): an array of the last failures
 */
JsonNode *
lks_wifi_failures_to_json (const LksWifiReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < report->failures->len; i++)
    json_builder_add_value (builder,
                            lks_wifi_failure_to_json (g_ptr_array_index (report->failures, i)));
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}
