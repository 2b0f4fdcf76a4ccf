/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The radio: which stored network gets a connection, when, and why not. Nothing here runs on a
 * timer: before each request the radio is brought to the present. */
#include "emu-wifi.h"

#include "emu-board-private.h"

#define NEVER G_MAXINT64
#define YEAR_2000_S G_GINT64_CONSTANT (946684800)

/* Why an attempt failed; @error NULL: it did not. */
typedef struct
{
  const char *error;
  const char *cert_error;   /* (nullable) */
  const char *cert_subject; /* (nullable) */
  guint cert_depth;
} Verdict;

void
emu_network_free (EmuNetwork *self)
{
  g_free (self->ssid);
  g_free (self->config_name);
  g_free (self->security);
  g_free (self->psk);
  g_free (self->client_cert_id);
  g_free (self->client_identity);
  g_free (self->root_ca_id);
  g_clear_pointer (&self->client_cert, emu_cert_unref);
  g_clear_pointer (&self->root_ca, emu_cert_unref);
  g_free (self);
}

/* The configuration's state in the API's words. */
const char *
emu_network_get_state (const EmuNetwork *self)
{
  if (!self->enabled)
    return "disabled";

  return self->held_back ? "temp-disabled" : "enabled";
}

static gint64
to_us (guint ms)
{
  return (gint64) ms * G_TIME_SPAN_MILLISECOND;
}

/* What the board takes for the time: it has no clock that survives without power. */
static gint64
get_clock_s (EmuBoard *board, gint64 at_us)
{
  if (!board->wifi.clock_set)
    return YEAR_2000_S + (at_us - board->started_at_us) / G_TIME_SPAN_SECOND;

  return (g_get_real_time () - (emu_board_now_us () - at_us)) / G_TIME_SPAN_SECOND;
}

static Verdict
fail_for_cert (const char *cert_error, const char *subject, guint depth)
{
  return (Verdict){ "AuthenticationFailed", cert_error, subject, depth };
}

/* Whether dates count before the clock is set is not known; the scenario says. */
static const char *
check_dates (EmuBoard *board, const EmuCert *cert, gint64 at_us)
{
  gint64 now_s = get_clock_s (board, at_us);

  if (!board->wifi.clock_set && board->config->behaviour.certificate_dates != EMU_DATES_ALWAYS)
    return NULL;
  if (now_s < cert->not_before_s)
    return "NotYetValid";

  return now_s > cert->not_after_s ? "Expired" : NULL;
}

static Verdict
judge_own_certs (EmuBoard *board, const EmuNetwork *network, gint64 at_us)
{
  const EmuCert *client = network->client_cert;
  const char *wrong_date;

  if (client == NULL || (network->root_ca_id != NULL && network->root_ca == NULL))
    return fail_for_cert ("CertificateNotFound", NULL, 0);
  if (client->root_ca)
    return fail_for_cert ("InvalidClientAuth", client->subject_name, 0);
  if (network->root_ca != NULL && !network->root_ca->root_ca)
    return fail_for_cert ("InvalidRootCA", network->root_ca->subject_name, 0);

  wrong_date = check_dates (board, client, at_us);
  if (wrong_date != NULL)
    return fail_for_cert (wrong_date, client->subject_name, 0);
  wrong_date = network->root_ca != NULL ? check_dates (board, network->root_ca, at_us) : NULL;
  if (wrong_date != NULL)
    return fail_for_cert (wrong_date, network->root_ca->subject_name, 1);

  return (Verdict){ 0 };
}

/* Without a root CA a board does not look at the server's certificate. */
static Verdict
judge_eap_tls (EmuBoard *board, const EmuNetwork *network, const EmuScanConfig *point, gint64 at_us)
{
  Verdict own = judge_own_certs (board, network, at_us);

  if (own.error != NULL)
    return own;
  if (network->root_ca_id != NULL && point->server_cert_error != NULL)
    return fail_for_cert (point->server_cert_error, point->server_subject, 0);
  if (point->client_identity != NULL &&
      g_strcmp0 (point->client_identity, network->client_identity) != 0)
    return fail_for_cert ("UnknownClientId", network->client_cert->subject_name, 0);

  return (Verdict){ 0 };
}

static Verdict
judge_point (EmuBoard *board, const EmuNetwork *network, const EmuScanConfig *point, gint64 at_us)
{
  if (!g_str_equal (point->security, network->security))
    return (Verdict){ .error = "SecurityTypeMismatch" };
  if (point->failure != NULL)
    return (Verdict){ .error = point->failure };
  if (g_str_equal (network->security, "psk") && point->key != NULL && network->psk != NULL &&
      !g_str_equal (point->key, network->psk))
    return (Verdict){ .error = "WrongKey" };
  if (g_str_equal (network->security, "eaptls"))
    return judge_eap_tls (board, network, point, at_us);

  return (Verdict){ 0 };
}

static gboolean
is_in_reach (const EmuNetwork *network, const EmuScanConfig *point)
{
  return g_str_equal (point->ssid, network->ssid) && (!point->hidden || network->targeted_scan);
}

/* The best of all access points of that name; when none will do, the last one's reason. */
static Verdict
judge (EmuBoard *board, const EmuNetwork *network, gint64 at_us, const EmuScanConfig **out_point)
{
  Verdict verdict = { .error = "NetworkNotFound" };

  for (guint i = 0; i < board->config->scan->len; i++)
    {
      const EmuScanConfig *point = g_ptr_array_index (board->config->scan, i);

      if (!is_in_reach (network, point))
        continue;
      verdict = judge_point (board, network, point, at_us);
      *out_point = point;
      if (verdict.error == NULL)
        break;
    }

  return verdict;
}

static void
drop_failure (EmuBoard *board, int network_id)
{
  for (guint i = board->wifi.failures->len; i > 0; i--)
    {
      const EmuFailureConfig *failure = g_ptr_array_index (board->wifi.failures, i - 1);

      if (failure->network_id == (guint) network_id)
        g_ptr_array_remove_index (board->wifi.failures, i - 1);
    }
}

static void
note_failure (EmuBoard *board, const EmuNetwork *network, const Verdict *verdict, gint64 at_us)
{
  EmuFailureConfig *failure = g_new0 (EmuFailureConfig, 1);
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (get_clock_s (board, at_us));

  drop_failure (board, network->id);
  failure->network_id = (guint) network->id;
  failure->timestamp = g_date_time_format (when, "%Y-%m-%dt%H:%M:%S+0000");
  failure->ssid = g_strdup (network->ssid);
  failure->error = g_strdup (verdict->error);
  failure->cert_error = g_strdup (verdict->cert_error);
  failure->cert_subject = g_strdup (verdict->cert_subject);
  failure->cert_depth = verdict->cert_depth;
  g_ptr_array_add (board->wifi.failures, failure);
}

static void
connect_to (EmuBoard *board, EmuNetwork *network, const EmuScanConfig *point, gint64 at_us)
{
  drop_failure (board, network->id);
  network->held_back = FALSE;
  board->wifi.connected = network;
  board->wifi.point = point;
  board->wifi.since_us = at_us;
  emu_log_add (board->log, emu_board_get_uptime_ms (board), EMU_LOG_INFO, EMU_LOG_NETWORKD, 78, "s",
               network->ssid);
}

/* Attempts of a long silence that changed nothing are left out. */
static gint64
skip_missed (EmuBoard *board, gint64 at_us, gint64 now_us)
{
  gint64 retry_us = to_us (board->config->wifi_retry_ms);

  return at_us + (now_us - at_us) / retry_us * retry_us;
}

static void
attempt (EmuBoard *board, EmuNetwork *network, gint64 now_us)
{
  gint64 at_us = skip_missed (board, network->attempt_at_us, now_us);
  const EmuScanConfig *point = NULL;
  Verdict verdict = judge (board, network, at_us, &point);

  network->attempt_at_us = at_us + to_us (board->config->wifi_retry_ms);
  network->held_back = g_strcmp0 (verdict.error, "WrongKey") == 0 ||
                       g_strcmp0 (verdict.error, "AuthenticationFailed") == 0;
  if (verdict.error == NULL)
    connect_to (board, network, point, at_us);
  else
    note_failure (board, network, &verdict, at_us);
}

static EmuNetwork *
find_due (EmuBoard *board, gint64 now_us)
{
  EmuNetwork *due = NULL;

  for (guint i = 0; i < board->networks->len; i++)
    {
      EmuNetwork *network = g_ptr_array_index (board->networks, i);

      if (network->enabled && network->attempt_at_us <= now_us &&
          (due == NULL || network->attempt_at_us < due->attempt_at_us))
        due = network;
    }

  return due;
}

static gboolean
reaches_time_server (EmuBoard *board, const EmuUplink *uplink)
{
  return emu_uplink_has_address (board, uplink) &&
         emu_board_now_us () >= uplink->since_us + to_us (board->config->wifi_online_ms) &&
         (uplink->point == NULL ||
          (uplink->point->time_server && uplink->point->internet != EMU_INTERNET_NO));
}

/* Brings the radio to the present. A connection stays until something ends it. */
void
emu_wifi_advance (EmuBoard *board)
{
  gint64 now_us = emu_board_now_us ();
  EmuUplink wifi;
  EmuUplink ethernet;
  EmuNetwork *due;

  while (board->wifi.connected == NULL && board->wlan.wanted_up &&
         (due = find_due (board, now_us)) != NULL)
    attempt (board, due, now_us);

  wifi = emu_wifi_get_uplink (board);
  ethernet = emu_ethernet_get_uplink (board);
  if (reaches_time_server (board, &wifi) || reaches_time_server (board, &ethernet))
    board->wifi.clock_set = TRUE;
}

static EmuCert *
load_cert (EmuBoard *board, const char *id)
{
  EmuCert *cert = id != NULL ? emu_board_find_cert (board, id) : NULL;

  if (cert != NULL)
    g_ref_count_inc (&cert->refs);
  return cert;
}

static void
plan (EmuBoard *board, EmuNetwork *network)
{
  gint64 ready_us = MAX (emu_board_now_us (), board->wlan.changes_at_us);

  g_clear_pointer (&network->client_cert, emu_cert_unref);
  g_clear_pointer (&network->root_ca, emu_cert_unref);
  network->client_cert = load_cert (board, network->client_cert_id);
  network->root_ca = load_cert (board, network->root_ca_id);
  network->held_back = FALSE;
  network->attempt_at_us =
      board->wlan.wanted_up ? ready_us + to_us (board->config->wifi_join_ms) : NEVER;
}

static void
plan_all (EmuBoard *board)
{
  for (guint i = 0; i < board->networks->len; i++)
    plan (board, g_ptr_array_index (board->networks, i));
}

/* A network is new or was changed: its certificates are loaded and it is tried soon. */
void
emu_wifi_plan (EmuBoard *board, EmuNetwork *network)
{
  if (board->wifi.connected == network)
    emu_wifi_reload (board);
  else
    plan (board, network);
}

/* Begins again with every network; the interface may have gone down or come up. */
void
emu_wifi_reload (EmuBoard *board)
{
  board->wifi.connected = NULL;
  plan_all (board);
}

void
emu_wifi_forget (EmuBoard *board, EmuNetwork *network)
{
  gboolean was_connected = board->wifi.connected == network;

  drop_failure (board, network->id);
  g_ptr_array_remove (board->networks, network);
  if (was_connected)
    emu_wifi_reload (board);
}

/* The system starts: the clock and what failed before are forgotten. */
void
emu_wifi_start (EmuBoard *board)
{
  board->wifi.clock_set = FALSE;
  g_ptr_array_set_size (board->wifi.failures, 0);
  emu_wifi_reload (board);
}

/* The emulator starts in the middle of a run, with the failures of the scenario and with the
 * network that it calls connected, which was so for long. */
void
emu_wifi_resume (EmuBoard *board)
{
  for (guint i = 0; i < board->config->failures->len; i++)
    g_ptr_array_add (board->wifi.failures,
                     emu_failure_config_copy (g_ptr_array_index (board->config->failures, i)));

  for (guint i = 0; i < board->networks->len; i++)
    {
      const EmuNetworkConfig *config = g_ptr_array_index (board->config->networks, i);
      EmuNetwork *network = g_ptr_array_index (board->networks, i);
      const EmuScanConfig *point = NULL;

      if (!config->connected || !config->enabled || board->wifi.connected != NULL)
        continue;
      judge (board, network, emu_board_now_us (), &point);
      connect_to (board, network, point, G_MININT32);
    }
}

EmuNetwork *
emu_wifi_get_connected (EmuBoard *board)
{
  return board->wifi.connected;
}

/* In the last third of the time that an attempt takes the access point has been found. */
static const char *
describe_attempt (EmuBoard *board, const EmuNetwork *network)
{
  gint64 left_us = network->attempt_at_us - emu_board_now_us ();
  const EmuScanConfig *point = NULL;

  if (network->held_back || left_us > to_us (board->config->wifi_join_ms) / 3)
    return "SCANNING";

  judge (board, network, network->attempt_at_us, &point);
  if (point == NULL)
    return "SCANNING";

  return g_str_equal (network->security, "psk") ? "4WAY_HANDSHAKE" : "ASSOCIATING";
}

const char *
emu_wifi_get_state (EmuBoard *board)
{
  const char *state = "INACTIVE";

  if (!board->wlan.wanted_up)
    return "INTERFACE_DISABLED";
  if (board->wifi.connected != NULL)
    return "COMPLETED";

  for (guint i = 0; i < board->networks->len; i++)
    {
      const EmuNetwork *network = g_ptr_array_index (board->networks, i);

      if (network->enabled && !g_str_equal (state, "4WAY_HANDSHAKE"))
        state = describe_attempt (board, network);
    }

  return state;
}

EmuUplink
emu_wifi_get_uplink (EmuBoard *board)
{
  return (EmuUplink){ board->wifi.connected != NULL, board->wifi.point, board->wifi.since_us };
}

/* A cable leads to a network without faults. */
EmuUplink
emu_ethernet_get_uplink (EmuBoard *board)
{
  gboolean plugged = board->config->ethernet_cable && board->ethernet_address != NULL;

  return (EmuUplink){ plugged && board->eth.wanted_up && emu_switch_is_up (&board->eth), NULL,
                      board->eth.changes_at_us };
}

gboolean
emu_uplink_has_address (EmuBoard *board, const EmuUplink *uplink)
{
  return uplink->associated && (uplink->point == NULL || uplink->point->address) &&
         emu_board_now_us () >= uplink->since_us + to_us (board->config->wifi_address_ms);
}

gboolean
emu_uplink_has_internet (EmuBoard *board, const EmuUplink *uplink)
{
  EmuInternet internet = uplink->point != NULL ? uplink->point->internet : EMU_INTERNET_YES;
  gboolean has_proxy = board->proxy != NULL && board->proxy->enabled;

  return emu_uplink_has_address (board, uplink) &&
         emu_board_now_us () >= uplink->since_us + to_us (board->config->wifi_online_ms) &&
         (internet == EMU_INTERNET_YES || (internet == EMU_INTERNET_PROXY && has_proxy));
}

/* The board proves itself over the internet, with certificates whose dates need the time. */
gboolean
emu_uplink_is_authenticated (EmuBoard *board, const EmuUplink *uplink)
{
  return emu_uplink_has_internet (board, uplink) && board->wifi.clock_set &&
         (uplink->point == NULL || uplink->point->device_authentication) &&
         emu_board_now_us () >= uplink->since_us + to_us (board->config->wifi_authentication_ms);
}
