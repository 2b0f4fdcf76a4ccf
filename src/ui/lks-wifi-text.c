/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-text.h"

#include "lks-service-row.h"
#include "lks-wifi-words.h"

#include <glib/gi18n-lib.h>

/* The sentences of the servicing room; an empty one must not become the catalogue's header. */
static const char *
translate (const char *text)
{
  return text[0] != '\0' ? _ (text) : "";
}

static char *
explain (LksExplanation why)
{
  return lks_service_row_join (" ", translate (why.meaning), translate (why.advice), NULL);
}

/**
 * lks_sign_for_wifi_radio:
 * @report: what a board tells about its Wi-Fi
 *
 * Returns: the state of the radio in a word; "connected" says nothing about the internet
 */
LksSign
lks_sign_for_wifi_radio (const LksWifiReport *report)
{
  if (report->is_radio_off)
    return (LksSign){ "lks-skipped-symbolic", _ ("Off"), "", LKS_TONE_NOTICE };

  switch (report->radio->wpa_state)
    {
    case LKS_WIFI_WPA_STATE_COMPLETED:
      return (LksSign){ "lks-pass-symbolic", _ ("Associated"), "", LKS_TONE_GOOD };
    case LKS_WIFI_WPA_STATE_SCANNING:
    case LKS_WIFI_WPA_STATE_AUTHENTICATING:
    case LKS_WIFI_WPA_STATE_ASSOCIATING:
    case LKS_WIFI_WPA_STATE_ASSOCIATED:
    case LKS_WIFI_WPA_STATE_FOUR_WAY_HANDSHAKE:
    case LKS_WIFI_WPA_STATE_GROUP_HANDSHAKE:
      return (LksSign){ "lks-pending-symbolic", _ ("Looking"), "", LKS_TONE_NOTICE };
    case LKS_WIFI_WPA_STATE_INTERFACE_DISABLED:
      return (LksSign){ "lks-skipped-symbolic", _ ("Off"), "", LKS_TONE_NOTICE };
    case LKS_WIFI_WPA_STATE_DISCONNECTED:
    case LKS_WIFI_WPA_STATE_INACTIVE:
      return (LksSign){ "lks-skipped-symbolic", _ ("Idle"), "", LKS_TONE_PLAIN };
    case LKS_WIFI_WPA_STATE_UNKNOWN:
      break;
    }
  return (LksSign){ "lks-unknown-symbolic", _ ("Unknown"), "", LKS_TONE_PLAIN };
}

/**
 * lks_wifi_radio_to_text:
 * @report: what a board tells about its Wi-Fi
 *
 * Returns: (transfer full): what the radio does, with name, channel and address
 */
char *
lks_wifi_radio_to_text (const LksWifiReport *report)
{
  const LksWifiInterface *radio = report->radio;
  g_autofree char *doing = explain (lks_wifi_wpa_state_explain (radio->wpa_state));
  g_autofree char *channel =
      /* Translators: a frequency */
      radio->freq_mhz > 0 ? g_strdup_printf (_ ("%u MHz"), radio->freq_mhz) : g_strdup ("");
  g_autofree char *facts =
      lks_service_row_join (" · ", radio->ssid != NULL ? radio->ssid : "", channel,
                            radio->ip_address != NULL ? radio->ip_address : "",
                            radio->mac_address != NULL ? radio->mac_address : "", NULL);

  return lks_service_row_join ("\n", doing, facts, NULL);
}

/**
 * lks_sign_for_wifi_network:
 * @report: what a board tells about its Wi-Fi
 * @network: a stored network
 *
 * Returns: its state in a word
 */
LksSign
lks_sign_for_wifi_network (const LksWifiReport *report, const LksWifiNetwork *network)
{
  if (network->connection_state == LKS_WIFI_CONNECTION_STATE_CONNECTED)
    return (LksSign){ "lks-pass-symbolic", _ ("Associated"), "", LKS_TONE_GOOD };
  if (network->config_state == LKS_WIFI_CONFIG_STATE_DISABLED)
    return (LksSign){ "lks-skipped-symbolic", _ ("Disabled"), "", LKS_TONE_PLAIN };
  if (lks_wifi_report_find_failure (report, network->id) != NULL)
    return (LksSign){ "lks-fail-symbolic", _ ("Failed"), "", LKS_TONE_BAD };

  return (LksSign){ "lks-pending-symbolic", _ ("Not associated"), "", LKS_TONE_NOTICE };
}

static char *
failure_to_text (const LksWifiFailure *failure)
{
  g_autofree char *why =
      explain (failure->has_cert_info ? lks_wifi_cert_error_explain (failure->cert_error)
                                      : lks_wifi_failure_explain (failure->reason));
  const char *word = failure->has_cert_info && failure->cert_error_text != NULL
                         ? failure->cert_error_text
                         : failure->reason_text;
  gint64 when_s;
  gboolean is_unset =
      lks_board_time_parse (failure->timestamp, &when_s) && lks_board_time_is_unset (when_s);
  g_autofree char *source =
      lks_service_row_join (" · ", word != NULL ? word : "",
                            failure->timestamp != NULL ? failure->timestamp : "",
                            is_unset ? _ ("the board’s clock was not set") : "", NULL);

  return lks_service_row_join ("\n", why, source, NULL);
}

/**
 * lks_wifi_network_to_text:
 * @report: what a board tells about its Wi-Fi
 * @network: a stored network
 *
 * Returns: (transfer full): its kind, and why it failed, with the board's own words
 */
char *
lks_wifi_network_to_text (const LksWifiReport *report, const LksWifiNetwork *network)
{
  const LksWifiFailure *failure = lks_wifi_report_find_failure (report, network->id);
  g_autofree char *problem =
      failure != NULL && network->config_state != LKS_WIFI_CONFIG_STATE_DISABLED
          ? failure_to_text (failure)
          : g_strdup ("");
  /* Translators: the number that the board has for a network */
  g_autofree char *number = g_strdup_printf (_ ("number %d"), network->id);
  g_autofree char *facts =
      lks_service_row_join (" · ", _ (lks_wifi_security_to_words (network->security)), number,
                            network->config_name != NULL ? network->config_name : "",
                            network->client_cert_id != NULL ? network->client_cert_id : "",
                            network->root_ca_cert_id != NULL ? network->root_ca_cert_id : "",
                            network->is_targeted_scan ? _ ("looked for by name") : "", NULL);

  return lks_service_row_join ("\n", facts, problem, NULL);
}

/**
 * lks_sign_for_wifi_seen:
 * @seen: a network in reach
 *
 * Returns: its strength in a word
 */
LksSign
lks_sign_for_wifi_seen (const LksWifiSeen *seen)
{
  switch (lks_wifi_seen_get_bars (seen))
    {
    case 4:
    case 3:
      return (LksSign){ "lks-pass-symbolic", _ ("Strong"), "", LKS_TONE_GOOD };
    case 2:
      return (LksSign){ "lks-pass-symbolic", _ ("Medium"), "", LKS_TONE_PLAIN };
    default:
      return (LksSign){ "lks-warning-symbolic", _ ("Weak"), "", LKS_TONE_WARNING };
    }
}

/**
 * lks_wifi_seen_to_text:
 * @seen: a network in reach
 *
 * Returns: (transfer full): its kind and strength, and why the board cannot use it
 */
char *
lks_wifi_seen_to_text (const LksWifiSeen *seen)
{
  g_autofree char *points =
      g_strdup_printf (ngettext ("%u access point", "%u access points", seen->n_points),
                       seen->n_points);
  /* Translators: strength and frequency of a radio network */
  g_autofree char *radio =
      g_strdup_printf (_ ("%d dBm at %u MHz"), seen->signal_dbm, seen->freq_mhz);
  g_autofree char *facts =
      lks_service_row_join (" · ", _ (lks_wifi_security_to_words (seen->security)), radio, points,
                            NULL);
  g_autofree char *use =
      seen->use != LKS_WIFI_USE_YES ? explain (lks_wifi_use_explain (seen->use)) : g_strdup ("");

  return lks_service_row_join ("\n", facts, use, NULL);
}

/**
 * lks_wifi_join_to_text:
 * @join: what became of a network
 *
 * Returns: (transfer full): a sentence about it
 */
char *
lks_wifi_join_to_text (const LksWifiJoin *join)
{
  const char *ssid = join->network->ssid != NULL ? join->network->ssid : "";

  switch (join->outcome)
    {
    case LKS_WIFI_OUTCOME_CONNECTED:
      return g_strdup_printf (_ ("“%s” is associated"), ssid);
    case LKS_WIFI_OUTCOME_NOT_ENABLED:
      return g_strdup_printf (_ ("“%s” is stored, and disabled"), ssid);
    case LKS_WIFI_OUTCOME_FAILED:
      /* Translators: name of a network, and a sentence that says why it failed */
      return g_strdup_printf (_ ("“%s” is stored, but: %s"), ssid,
                              _ (lks_wifi_failure_explain (join->failure->reason).meaning));
    case LKS_WIFI_OUTCOME_ELSEWHERE:
      /* Translators: the names of two networks */
      return g_strdup_printf (_ ("“%s” is stored, but the board stays with “%s”; disable that to "
                                 "try it"),
                              ssid, join->other_ssid);
    case LKS_WIFI_OUTCOME_OVERDUE:
      break;
    }
  return g_strdup_printf (_ ("“%s” is stored, but not associated yet"), ssid);
}
