/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the radio does and hears: interface, scan, diagnostics. */
#include "emu-board-private.h"
#include "emu-error.h"
#include "emu-rest.h"

/* Of an access point that no scenario names. */
#define FREQ_MHZ 2437

static void
write_failure (EmuBoard *board, EmuWire *wire, const EmuFailureConfig *failure)
{
  const EmuNetwork *network = emu_board_find_network (board, failure->network_id);

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "timestamp", failure->timestamp);
  emu_wire_number (wire, "networkId", failure->network_id);
  emu_wire_text (wire, "ssid", failure->ssid);
  emu_wire_text (wire, "error", failure->error);
  emu_wire_text (wire, "configState",
                 network != NULL ? emu_network_get_state (network) : "disabled");
  emu_wire_text (wire, "connectionState", "disconnected");
  if (failure->cert_error != NULL)
    {
      emu_wire_open (wire, "certInfo", '{');
      emu_wire_text (wire, "certSubject",
                     failure->cert_subject != NULL ? failure->cert_subject : "");
      emu_wire_number (wire, "certDepth", failure->cert_depth);
      emu_wire_text (wire, "certError", failure->cert_error);
      emu_wire_close (wire, '}');
    }
  emu_wire_close (wire, '}');
}

void
emu_rest_get_failures (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire;

  if (!emu_rest_check_wifi_up (board, answer))
    return;

  wire = emu_wire_new ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "values", '[');
  for (guint i = 0; i < board->wifi.failures->len; i++)
    write_failure (board, wire, g_ptr_array_index (board->wifi.failures, i));
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_get_failure (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  gint64 id = g_ascii_strtoll (request->argument, NULL, 10);

  if (!emu_rest_check_wifi_up (board, answer))
    return;

  for (guint i = 0; i < board->wifi.failures->len; i++)
    {
      const EmuFailureConfig *failure = g_ptr_array_index (board->wifi.failures, i);

      if (failure->network_id == id)
        {
          EmuWire *wire = emu_wire_new ();

          write_failure (board, wire, failure);
          emu_answer_set_wire (answer, wire);
          return;
        }
    }

  emu_answer_set_error (answer, 404, EMU_ERROR_WIFI_NETWORK_NOT_FOUND);
}

static const char *
get_key_management (const EmuNetwork *network)
{
  if (network == NULL)
    return "UNKNOWN";
  if (g_str_equal (network->security, "psk"))
    return "WPA2-PSK";
  if (g_str_equal (network->security, "eaptls"))
    return "WPA-EAP";

  return "NONE";
}

void
emu_rest_get_wifi_interface (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  const EmuNetwork *connected = emu_wifi_get_connected (board);
  EmuUplink uplink = emu_wifi_get_uplink (board);
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  if (connected != NULL)
    emu_wire_text (wire, "ssid", connected->ssid);
  emu_wire_text (wire, "configState", connected != NULL ? "enabled" : "unknown");
  emu_wire_text (wire, "connectionState", connected != NULL ? "connected" : "disconnected");
  emu_wire_text (wire, "securityState", connected != NULL ? connected->security : "unknown");
  emu_wire_text (wire, "mode", "station");
  emu_wire_text (wire, "key_mgmt", get_key_management (connected));
  emu_wire_text (wire, "wpa_state", emu_wifi_get_state (board));
  emu_wire_text (wire, "address", board->config->wifi_address);
  if (connected != NULL)
    {
      emu_wire_number (wire, "freq", uplink.point != NULL ? uplink.point->freq_mhz : FREQ_MHZ);
      if (emu_uplink_has_address (board, &uplink))
        emu_wire_text (wire, "ip_address", EMU_WIFI_IP_ADDRESS);
    }
  emu_wire_number (wire, "id", connected != NULL ? connected->id : -1);
  if (connected != NULL && connected->config_name != NULL)
    emu_wire_text (wire, "configName", connected->config_name);
  if (board->version >= EMU_VERSION (4, 6))
    emu_wire_text (wire, "powerSavingsState", board->power_savings ? "enabled" : "disabled");
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_patch_wifi_interface (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  gboolean power_savings = board->power_savings;
  gboolean reload = FALSE;

  if (json == NULL)
    return;
  if (!emu_json_get_bool (object, "reloadConfig", &reload))
    emu_answer_set_error (answer, 400, EMU_ERROR_RELOAD_CONFIG);
  else if (board->version >= EMU_VERSION (4, 6) &&
           !emu_json_get_bool (object, "enablePowerSavings", &power_savings))
    emu_answer_set_error (answer, 400, EMU_ERROR_POWER_SAVINGS);
  else
    {
      board->power_savings = power_savings;
      if (reload)
        emu_wifi_reload (board);
      emu_answer_set_empty (answer);
    }
}

void
emu_rest_get_scan (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire;

  if (!emu_rest_check_wifi_up (board, answer))
    return;

  wire = emu_wire_new ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "values", '[');
  for (guint i = 0; i < board->config->scan->len; i++)
    {
      const EmuScanConfig *scan = g_ptr_array_index (board->config->scan, i);

      emu_wire_open (wire, NULL, '{');
      emu_wire_text (wire, "bssid", scan->bssid);
      emu_wire_number (wire, "freq", scan->freq_mhz);
      emu_wire_number (wire, "signal_level", scan->signal_dbm);
      emu_wire_text (wire, "ssid", scan->hidden ? "" : scan->ssid);
      emu_wire_text (wire, "securityState", scan->security);
      emu_wire_close (wire, '}');
    }
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
  answer->delay_ms = board->config->scan_ms;
}
