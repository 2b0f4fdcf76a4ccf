/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-wifi.h"

#include "lks-cli-output.h"
#include "lks-cli-secret.h"
#include "lks-wifi-add.h"
#include "lks-wifi-change.h"
#include "lks-wifi-report.h"
#include "lks-wifi-scan.h"
#include "lks-wifi-words.h"

#include <stdio.h>
#include <string.h>

/* ---- scan ---- */

static gboolean
scan_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  GPtrArray **seen = user_data;

  *seen = lks_wifi_scan (device, cancellable, error);
  return *seen != NULL;
}

static void
print_seen (GPtrArray *seen)
{
  static const char *const headings[] = { "SSID",   "SECURITY", "SIGNAL", "CHANNEL",
                                          "POINTS", "USABLE",   NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < seen->len; i++)
    {
      const LksWifiSeen *network = g_ptr_array_index (seen, i);
      g_autofree char *signal = g_strdup_printf ("%d dBm", network->signal_dbm);
      g_autofree char *channel = g_strdup_printf ("%u MHz", network->freq_mhz);
      g_autofree char *points = g_strdup_printf ("%u", network->n_points);
      const char *const cells[] = {
        network->ssid[0] != '\0' ? network->ssid : "(hidden)",
        lks_wifi_security_to_words (network->security),
        signal,
        channel,
        points,
        lks_wifi_use_explain (network->use).meaning,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }

  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

static int
scan (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (GPtrArray) seen = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "wifi scan",
                           "Lists the networks in reach of the board, strongest first, and "
                           "whether it can use them.",
                           0, &argc, &argv, &error) ||
      !lks_cli_work_run (&work, scan_in_thread, &seen, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "networks", lks_wifi_scan_to_json (seen));
  else if (seen->len > 0)
    print_seen (seen);
  else
    fputs ("The board hears no network.\n", stderr);
  return LKS_CLI_EXIT_DONE;
}

/* ---- list, status, diagnose ---- */

static gboolean
report_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LksWifiReport **report = user_data;

  *report = lks_wifi_report_read (device, cancellable, error);
  return *report != NULL;
}

static gboolean
read_report (LksCliWork *work,
             const char *usage,
             const char *summary,
             int argc,
             char **argv,
             LksWifiReport **out_report,
             GError **error)
{
  if (!lks_cli_work_parse (work, NULL, usage, summary, 0, &argc, &argv, error) ||
      !lks_cli_work_run (work, report_in_thread, out_report, error))
    return FALSE;
  if ((*out_report)->is_radio_off)
    fputs ("The radio is switched off, so the board tells nothing about its networks. Bring it up "
           "with “locksmithctl network up wlan0”.\n",
           stderr);
  return TRUE;
}

static void
print_networks (const LksWifiReport *report)
{
  static const char *const headings[] = { "ID",    "SSID",       "NAME",    "SECURITY",
                                          "STATE", "CONNECTION", "PROBLEM", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < report->networks->len; i++)
    {
      const LksWifiNetwork *network = g_ptr_array_index (report->networks, i);
      const LksWifiFailure *failure = lks_wifi_report_find_failure (report, network->id);
      g_autofree char *id = g_strdup_printf ("%d", network->id);
      const char *const cells[] = {
        id,
        network->ssid,
        network->config_name,
        lks_wifi_security_to_words (network->security),
        lks_wifi_config_state_to_words (network->config_state),
        network->connection_state_text,
        failure != NULL ? lks_wifi_failure_explain (failure->reason).meaning : "",
        NULL,
      };

      lks_cli_table_add (table, cells);
    }

  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

static int
list (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (LksWifiReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!read_report (&work, "wifi list", "Lists the networks that are stored on the board.", argc,
                    argv, &report, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "networks", lks_wifi_networks_to_json (report));
  else if (report->networks->len > 0)
    print_networks (report);
  else if (!report->is_radio_off)
    fputs ("No network is stored on the board.\n", stderr);
  return LKS_CLI_EXIT_DONE;
}

static void
print_line (const char *label, const char *text)
{
  g_autofree char *clean = lks_cli_clean (text);

  if (text != NULL)
    printf ("  %-18s %s\n", label, clean);
}

static void
print_radio (const LksWifiReport *report)
{
  const LksWifiInterface *radio = report->radio;
  LksExplanation state = lks_wifi_wpa_state_explain (radio->wpa_state);
  g_autofree char *freq = radio->freq_mhz > 0 ? g_strdup_printf ("%u MHz", radio->freq_mhz) : NULL;

  lks_cli_print_explained (state.meaning, state.advice);
  print_line ("Network", radio->ssid);
  print_line ("Configuration", radio->config_name);
  print_line ("Channel", freq);
  print_line ("Address", radio->ip_address);
  print_line ("Security", radio->key_management_text);
  print_line ("Hardware address", radio->mac_address);
  print_line ("Power saving", radio->power_savings_text);
  print_line ("Board's word", radio->wpa_state_text);
}

static int
status (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (LksWifiReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!read_report (&work, "wifi status", "Tells what the board's radio does.", argc, argv, &report,
                    &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "radio", lks_wifi_radio_to_json (report));
  else
    print_radio (report);
  return LKS_CLI_EXIT_DONE;
}

static void
print_failure (const LksWifiFailure *failure)
{
  LksExplanation why = lks_wifi_failure_explain (failure->reason);
  g_autofree char *ssid = lks_cli_clean (failure->ssid);
  g_autofree char *word = lks_cli_clean (failure->reason_text);
  g_autofree char *when = lks_cli_clean (failure->timestamp);
  gint64 when_s;

  printf ("Network %d, “%s”, %s (%s): ", failure->network_id, ssid, word, when);
  lks_cli_print_explained (why.meaning, why.advice);
  if (lks_board_time_parse (failure->timestamp, &when_s) && lks_board_time_is_unset (when_s))
    puts ("  The board's clock was not set then, so the time is its own count from 2000.");
  if (failure->has_cert_info)
    {
      LksExplanation cert = lks_wifi_cert_error_explain (failure->cert_error);
      g_autofree char *subject = lks_cli_clean (failure->cert_subject);
      g_autofree char *cert_word = lks_cli_clean (failure->cert_error_text);

      printf ("  Certificate %s, depth %d, %s: ", subject, failure->cert_depth, cert_word);
      lks_cli_print_explained (cert.meaning, cert.advice);
    }
}

static int
diagnose (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (LksWifiReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!read_report (&work, "wifi diagnose",
                    "Tells why stored networks failed to connect, and what to do about it.", argc,
                    argv, &report, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "failures", lks_wifi_failures_to_json (report));
  else if (report->failures->len > 0)
    for (guint i = 0; i < report->failures->len; i++)
      print_failure (g_ptr_array_index (report->failures, i));
  else if (!report->is_radio_off)
    puts ("The board tells of no failure.");
  return LKS_CLI_EXIT_DONE;
}

/* ---- changes of one stored network ---- */

typedef struct
{
  const char *number_or_ssid;
  LksCliSecretSource psk_source;
  LksCliWifiWait wait;
  gboolean has_wait;
  LksSecret *psk; /* (owned) (nullable) */
  gboolean (*change) (LksDevice *device, int id, LksSecret *psk, GCancellable *c, GError **error);
  LksWifiNetwork *network; /* (owned) (nullable) */
  LksWifiJoin *join;       /* (owned) (nullable) */
} Change;

static void
change_clear (Change *self)
{
  lks_cli_secret_source_clear (&self->psk_source);
  g_clear_pointer (&self->psk, lks_secret_unref);
  g_clear_pointer (&self->network, lks_wifi_network_free);
  g_clear_pointer (&self->join, lks_wifi_join_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

static gboolean
forget_network (LksDevice *device, int id, LksSecret *psk, GCancellable *c, GError **error)
{
  return lks_wifi_forget (device, id, c, error);
}

/* What is told is the network as it is afterwards, or as it was when it is forgotten. */
static gboolean
read_again (Change *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  int id = self->network->id;

  if (self->change == forget_network)
    return TRUE;

  g_clear_pointer (&self->network, lks_wifi_network_free);
  self->network = lks_device_get_wifi_network (device, id, cancellable, error);
  return self->network != NULL;
}

static gboolean
change_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Change *self = user_data;
  g_autoptr (GPtrArray) known = lks_device_get_wifi_failures (device, cancellable, error);

  if (known == NULL)
    return FALSE;
  self->network = lks_wifi_find (device, self->number_or_ssid, cancellable, error);
  if (self->network == NULL ||
      !self->change (device, self->network->id, self->psk, cancellable, error))
    return FALSE;
  if (!self->has_wait || self->wait.no_wait)
    return read_again (self, device, cancellable, error);

  self->join =
      lks_cli_wifi_wait (device, self->network->id, known, &self->wait, cancellable, error);
  return self->join != NULL;
}

static gboolean
enable_network (LksDevice *device, int id, LksSecret *psk, GCancellable *c, GError **error)
{
  return lks_wifi_set_enabled (device, id, TRUE, c, error);
}

static gboolean
disable_network (LksDevice *device, int id, LksSecret *psk, GCancellable *c, GError **error)
{
  return lks_wifi_set_enabled (device, id, FALSE, c, error);
}

static gboolean
set_key_of_network (LksDevice *device, int id, LksSecret *psk, GCancellable *c, GError **error)
{
  return lks_wifi_set_key (device, id, lks_secret_get_text (psk), c, error);
}

static gboolean
read_new_key (Change *self, GError **error)
{
  if (self->change != set_key_of_network)
    return TRUE;

  self->psk = lks_cli_secret_read (&self->psk_source, "New key of the network",
                                   "--psk-file FILE or --psk-stdin", LKS_WIFI_KEY_MAX, error);
  return self->psk != NULL && lks_wifi_check_key (lks_secret_get_text (self->psk), error);
}

static int
run_change (Change *change,
            const char *usage,
            const char *summary,
            const char *done,
            int argc,
            char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  gboolean has_key = change->change == set_key_of_network;
  const GOptionEntry wait_entries[] = { LKS_CLI_WIFI_WAIT_ENTRIES (&change->wait), { NULL } };
  const GOptionEntry key_entries[] = {
    { "psk-file", 0, 0, G_OPTION_ARG_FILENAME, &change->psk_source.file,
      "Read the key from a file, instead of asking for it", "FILE" },
    { "psk-stdin", 0, 0, G_OPTION_ARG_NONE, &change->psk_source.from_stdin,
      "Read the key from standard input", NULL },
    { "psk", 0, G_OPTION_FLAG_HIDDEN | G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK,
      lks_cli_secret_refuse_cb, NULL, NULL },
    LKS_CLI_WIFI_WAIT_ENTRIES (&change->wait),
    { NULL },
  };
  const GOptionEntry *entries = has_key ? key_entries : change->has_wait ? wait_entries : NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, entries, usage, summary, 1, &argc, &argv, &error) ||
      !read_new_key (change, &error))
    return lks_cli_work_fail (&work, error);
  change->number_or_ssid = argv[1];
  if (!lks_cli_work_run (&work, change_in_thread, change, &error))
    return lks_cli_work_fail (&work, error);

  return lks_cli_wifi_report (&work, done, change->network, change->join);
}

static int
enable (int argc, char **argv)
{
  g_auto (Change) change = { .change = enable_network, .has_wait = TRUE };

  return run_change (&change, "wifi enable NETWORK",
                     "Lets the board use a stored network, and waits until it is connected. "
                     "NETWORK is its number or its name.",
                     "The network is enabled.", argc, argv);
}

static int
disable (int argc, char **argv)
{
  g_auto (Change) change = { .change = disable_network };

  return run_change (&change, "wifi disable NETWORK",
                     "Keeps a stored network without using it. NETWORK is its number or its name.",
                     "The network is disabled.", argc, argv);
}

static int
forget (int argc, char **argv)
{
  g_auto (Change) change = { .change = forget_network };

  return run_change (&change, "wifi forget NETWORK",
                     "Removes a stored network and its key. NETWORK is its number or its name.",
                     "The network is forgotten.", argc, argv);
}

static int
set_key (int argc, char **argv)
{
  g_auto (Change) change = { .change = set_key_of_network, .has_wait = TRUE };

  return run_change (&change, "wifi set-key NETWORK",
                     "Changes the key of a stored network, and waits until it is connected. "
                     "NETWORK is its number or its name. Asks for the key without --psk-file and "
                     "--psk-stdin.",
                     "The key is changed.", argc, argv);
}

/* ---- changes of the radio ---- */

static gboolean
reload_in_thread (LksDevice *device, gpointer unused, GCancellable *cancellable, GError **error)
{
  return lks_wifi_reload (device, cancellable, error);
}

static gboolean
power_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  return lks_wifi_set_power_saving (device, GPOINTER_TO_INT (user_data), cancellable, error);
}

static int
report_done (LksCliWork *work, const char *done)
{
  if (work->json)
    lks_cli_work_print_json (work, NULL, NULL);
  else
    puts (done);
  return LKS_CLI_EXIT_DONE;
}

static int
reload (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "wifi reload",
                           "Lets the board read networks and certificates anew; it connects again.",
                           0, &argc, &argv, &error) ||
      !lks_cli_work_run (&work, reload_in_thread, NULL, &error))
    return lks_cli_work_fail (&work, error);

  return report_done (&work, "The Wi-Fi configuration is being read anew.");
}

static int
set_power_saving (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (GError) error = NULL;
  gboolean on;

  if (!lks_cli_work_parse (&work, NULL, "wifi power-saving on|off",
                           "Lets the radio save power, or not (REST API 4.6.0 and later).", 1,
                           &argc, &argv, &error))
    return lks_cli_work_fail (&work, error);

  on = strcmp (argv[1], "on") == 0;
  if (!on && strcmp (argv[1], "off") != 0)
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "power saving is “on” or “off”");
  if (error != NULL || !lks_cli_work_run (&work, power_in_thread, GINT_TO_POINTER (on), &error))
    return lks_cli_work_fail (&work, error);

  return report_done (&work, on ? "The radio saves power." : "The radio does not save power.");
}

/**
 * lks_cli_wifi:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do
 *
 * Wi-Fi of a board.
 *
 * Returns: the exit status
 */
int
lks_cli_wifi (int argc, char **argv)
{
  static const LksCliCommand verbs[] = {
    { "scan", NULL, "Networks in reach of the board", scan },
    { "list", NULL, "Networks that are stored on the board", list },
    { "status", NULL, "What the radio does", status },
    { "diagnose", NULL, "Why networks failed, and what to do", diagnose },
    { "add", "--ssid NAME", "Store a network and connect", lks_cli_wifi_add },
    { "enable", "NETWORK", "Use a stored network", enable },
    { "disable", "NETWORK", "Keep a stored network without using it", disable },
    { "set-key", "NETWORK", "Change the key of a stored network", set_key },
    { "forget", "NETWORK", "Remove a stored network and its key", forget },
    { "reload", NULL, "Read networks and certificates anew", reload },
    { "power-saving", "on|off", "Let the radio save power", set_power_saving },
  };

  return lks_cli_run_verb ("wifi", verbs, G_N_ELEMENTS (verbs),
                           "Wi-Fi of a board. NETWORK is the number or the name of a stored "
                           "network.",
                           argc, argv);
}
