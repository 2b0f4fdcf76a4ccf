/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wi-Fi of an emulated board under the bench (network.json). */
#include "lks-device-number.h"
#include "lks-service-error.h"
#include "lks-wifi-add.h"
#include "lks-wifi-change.h"
#include "lks-wifi-join.h"
#include "lks-wifi-report.h"
#include "lks-wifi-scan.h"
#include "lks-wifi-words.h"

#include "service-board.h"

#include <string.h>

enum
{
  BOARD_FRESH,
  BOARD_CONNECTED,
  BOARD_CABLE,
  BOARD_LOCKED,
  BOARD_OLD, /* whose radio never gets ready */
};

#define RIGHT_KEY "the right key"
#define WRONG_KEY "the wrong key"

/* Failures that may pass are watched for a moment only; the limit is for a loaded machine. */
#define PATIENCE ((LksWifiPatience){ 20000, 300, 20 })
#define IMPATIENCE ((LksWifiPatience){ 100, 100, 20 })

static void
set_up (ServiceBoard *board, gconstpointer index)
{
  service_board_open (board, GPOINTER_TO_UINT (index));
}

static void
tear_down (ServiceBoard *board, gconstpointer index)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksWifiReport) report = NULL;

  /* The next test of this board finds it without networks. */
  service_board_clear (board);
  report = lks_wifi_report_read (board->device, NULL, NULL);
  for (guint i = 0; report != NULL && i < report->networks->len; i++)
    {
      assert_ok (lks_wifi_forget (board->device,
                                  ((LksWifiNetwork *) g_ptr_array_index (report->networks, i))->id,
                                  NULL, &error),
                 error);
    }
  g_assert_null (strstr (board->seen->str, RIGHT_KEY));
  g_assert_null (strstr (board->seen->str, WRONG_KEY));
  service_board_close (board);
}

static LksWifiNetwork *
add (ServiceBoard *board, const LksWifiRequest *request)
{
  g_autoptr (GError) error = NULL;
  LksWifiNetwork *network = lks_wifi_add (board->device, request, FALSE, NULL, &error);

  g_assert_no_error (error);
  return network;
}

static LksWifiNetwork *
add_plant (ServiceBoard *board, const char *key)
{
  const LksWifiRequest request = { .ssid = "Plant", .security = LKS_WIFI_SECURITY_PSK, .psk = key };

  return add (board, &request);
}

static LksWifiJoin *
wait_for (ServiceBoard *board, const LksWifiNetwork *network, GPtrArray *known)
{
  g_autoptr (GError) error = NULL;
  LksWifiJoin *join =
      lks_wifi_wait (board->device, network->id, known, &PATIENCE, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return join;
}

static void
test_scan (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) seen = lks_wifi_scan (board->device, NULL, &error);
  const LksWifiSeen *strongest;
  const LksWifiSeen *hidden;

  g_assert_no_error (error);
  g_assert_cmpuint (seen->len, ==, 5);
  strongest = g_ptr_array_index (seen, 0);
  g_assert_cmpstr (strongest->ssid, ==, "Plant");
  g_assert_cmpuint (strongest->n_points, ==, 2);
  g_assert_cmpint (strongest->signal_dbm, ==, -45);
  g_assert_cmpuint (strongest->freq_mhz, ==, 5220);
  hidden = g_ptr_array_index (seen, 4);
  g_assert_cmpstr (hidden->ssid, ==, "");
  g_assert_cmpint (hidden->use, ==, LKS_WIFI_USE_BY_NAME);
}

static void
note_progress_cb (LksWifiWpaState state, gpointer user_data)
{
  guint *states = user_data;

  *states |= 1u << state;
}

static void
test_right_key (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (LksWifiNetwork) network = add_plant (board, RIGHT_KEY);
  g_autoptr (GError) error = NULL;
  guint states = 0;
  g_autoptr (LksWifiJoin) join = lks_wifi_wait (board->device, network->id, NULL, &PATIENCE,
                                                note_progress_cb, &states, NULL, &error);
  g_autoptr (LksWifiReport) report = NULL;
  g_autoptr (JsonNode) json = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (join->outcome, ==, LKS_WIFI_OUTCOME_CONNECTED);
  g_assert_true (states & 1u << LKS_WIFI_WPA_STATE_COMPLETED);
  report = lks_wifi_report_read (board->device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (report->radio->ssid, ==, "Plant");
  g_assert_cmpuint (report->failures->len, ==, 0);
  json = lks_wifi_join_to_json (join);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (json), "outcome"), ==,
                   "connected");
  g_assert_true (json_object_get_null_member (json_node_get_object (json), "failure"));
}

static GPtrArray *
get_failures (ServiceBoard *board)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *failures = lks_device_get_wifi_failures (board->device, NULL, &error);

  g_assert_no_error (error);
  return failures;
}

/* @known: what had failed before. */
static void
assert_right_key_connects (ServiceBoard *board, const LksWifiNetwork *network, GPtrArray *known)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksWifiJoin) joined = NULL;

  assert_ok (lks_wifi_set_key (board->device, network->id, RIGHT_KEY, NULL, &error), error);
  joined = wait_for (board, network, known);
  g_assert_cmpint (joined->outcome, ==, LKS_WIFI_OUTCOME_CONNECTED);
}

static void
test_wrong_key (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (LksWifiNetwork) network = add_plant (board, WRONG_KEY);
  g_autoptr (LksWifiJoin) failed = wait_for (board, network, NULL);
  g_autoptr (GPtrArray) known = NULL;
  gint64 when_s = 0;

  g_assert_cmpint (failed->outcome, ==, LKS_WIFI_OUTCOME_FAILED);
  g_assert_cmpint (failed->failure->reason, ==, LKS_WIFI_FAILURE_WRONG_KEY);
  g_assert_true (lks_board_time_parse (failed->failure->timestamp, &when_s));

  /* The old failure is still told when the new key is tried, and does not count. */
  known = get_failures (board);
  assert_right_key_connects (board, network, known);
}

/* The board tries the old key once more between the last look and the change. */
static void
test_old_key_fails_again (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (LksWifiNetwork) network = add_plant (board, WRONG_KEY);
  g_autoptr (LksWifiJoin) failed = wait_for (board, network, NULL);
  g_autoptr (LksWifiJoin) failed_again = NULL;
  g_autoptr (GPtrArray) known = NULL;

  g_assert_cmpint (failed->outcome, ==, LKS_WIFI_OUTCOME_FAILED);
  known = get_failures (board);
  failed_again = wait_for (board, network, known);
  g_assert_cmpint (failed_again->outcome, ==, LKS_WIFI_OUTCOME_FAILED);
  assert_right_key_connects (board, network, known);
}

static void
test_hidden (ServiceBoard *board, gconstpointer unused)
{
  LksWifiRequest request = { .ssid = "Maintenance", .security = LKS_WIFI_SECURITY_OPEN };
  g_autoptr (LksWifiNetwork) plain = add (board, &request);
  g_autoptr (LksWifiJoin) not_found = wait_for (board, plain, NULL);
  g_autoptr (LksWifiNetwork) targeted = NULL;
  g_autoptr (LksWifiJoin) found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (not_found->outcome, ==, LKS_WIFI_OUTCOME_FAILED);
  g_assert_cmpint (not_found->failure->reason, ==, LKS_WIFI_FAILURE_NETWORK_NOT_FOUND);

  assert_ok (lks_wifi_forget (board->device, plain->id, NULL, &error), error);
  request.is_targeted_scan = TRUE;
  targeted = add (board, &request);
  g_assert_true (targeted->is_targeted_scan);
  found = wait_for (board, targeted, NULL);
  g_assert_cmpint (found->outcome, ==, LKS_WIFI_OUTCOME_CONNECTED);
}

static void
test_stored_already (ServiceBoard *board, gconstpointer unused)
{
  const LksWifiRequest request = { .ssid = "Plant",
                                   .security = LKS_WIFI_SECURITY_PSK,
                                   .psk = RIGHT_KEY };
  const LksWifiRequest other = { .ssid = "Plant", .security = LKS_WIFI_SECURITY_OPEN };
  g_autoptr (LksWifiNetwork) network = add (board, &request);
  g_autoptr (LksWifiNetwork) again = NULL;
  g_autoptr (LksWifiNetwork) of_other_kind = add (board, &other);
  g_autoptr (LksWifiNetwork) found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_wifi_add (board->device, &request, FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "stored already, as network 0"));
  g_clear_error (&error);

  again = lks_wifi_add (board->device, &request, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (lks_wifi_find (board->device, "Plant", NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "give the number"));
  g_clear_error (&error);
  found = lks_wifi_find (board->device, "2", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (found->id, ==, again->id);
  g_assert_null (lks_wifi_find (board->device, "Nowhere", NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
}

static void
test_disabled (ServiceBoard *board, gconstpointer unused)
{
  const LksWifiRequest request = { .ssid = "Visitors",
                                   .security = LKS_WIFI_SECURITY_OPEN,
                                   .is_disabled = TRUE,
                                   .config_name = "guests" };
  g_autoptr (LksWifiNetwork) network = add (board, &request);
  g_autoptr (LksWifiJoin) idle = wait_for (board, network, NULL);
  g_autoptr (LksWifiJoin) joined = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (idle->outcome, ==, LKS_WIFI_OUTCOME_NOT_ENABLED);
  assert_ok (lks_wifi_set_enabled (board->device, network->id, TRUE, NULL, &error), error);
  joined = wait_for (board, network, NULL);
  g_assert_cmpint (joined->outcome, ==, LKS_WIFI_OUTCOME_CONNECTED);
  g_assert_cmpstr (joined->network->config_name, ==, "guests");
  g_assert_false (lks_wifi_set_key (board->device, network->id, RIGHT_KEY, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
}

static void
test_elsewhere (ServiceBoard *board, gconstpointer unused)
{
  const LksWifiRequest request = { .ssid = "Visitors", .security = LKS_WIFI_SECURITY_OPEN };
  g_autoptr (LksWifiNetwork) network = add (board, &request);
  g_autoptr (LksWifiJoin) join = wait_for (board, network, NULL);

  g_assert_cmpint (join->outcome, ==, LKS_WIFI_OUTCOME_ELSEWHERE);
  g_assert_cmpstr (join->other_ssid, ==, "Plant");
}

static void
test_overdue (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (LksWifiNetwork) network = add_plant (board, RIGHT_KEY);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksWifiJoin) join =
      lks_wifi_wait (board->device, network->id, NULL, &IMPATIENCE, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (join->outcome, ==, LKS_WIFI_OUTCOME_OVERDUE);
  g_assert_cmpuint (join->waited_ms, >=, IMPATIENCE.limit_ms);
}

static gpointer
cancel_in_thread (gpointer cancellable)
{
  g_usleep (100 * 1000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (LksWifiNetwork) network = add_plant (board, RIGHT_KEY);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const LksWifiPatience for_ever = { G_MAXUINT, G_MAXUINT, G_MAXINT };
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_in_thread, cancellable);

  g_assert_null (
      lks_wifi_wait (board->device, network->id, NULL, &for_ever, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

/* The network is forgotten by somebody else meanwhile. */
static void
test_network_vanishes (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_wifi_wait (board->device, 7, NULL, &PATIENCE, NULL, NULL, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
}

static void
test_eap_tls_without_certificate (ServiceBoard *board, gconstpointer unused)
{
  const LksWifiRequest request = { .ssid = "Plant-EAP",
                                   .security = LKS_WIFI_SECURITY_EAP_TLS,
                                   .client_cert_id = "pump" };
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_wifi_add (board->device, &request, FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "“pump” is not in the board’s certificate store"));
}

static void
test_power_saving (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  assert_ok (lks_wifi_set_power_saving (board->device, TRUE, NULL, &error), error);
  assert_ok (lks_wifi_set_power_saving (board->device, FALSE, NULL, &error), error);
  assert_ok (lks_wifi_reload (board->device, NULL, &error), error);
  service_board_set_fault (board,
                           "\"kind\":\"status\",\"method\":\"PATCH\",\"status\":200,\"number\":0");
  g_assert_false (lks_wifi_set_power_saving (board->device, TRUE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
}

static void
test_power_saving_on_old_system (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lks_wifi_set_power_saving (board->device, TRUE, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED);
}

static void
test_not_forgotten (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (LksWifiNetwork) network = add_plant (board, RIGHT_KEY);
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board,
                           "\"kind\":\"status\",\"method\":\"DELETE\",\"status\":200,\"number\":0");
  g_assert_false (lks_wifi_forget (board->device, network->id, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
}

static void
test_busy (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) seen = NULL;

  service_board_set_fault (board, "\"kind\":\"busy\",\"path\":\"/wifi/scan\",\"times\":1");
  seen = lks_wifi_scan (board->device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (seen->len, ==, 5);
}

static void
test_refused (ServiceBoard *board, gconstpointer unused)
{
  const LksWifiRequest request = { .ssid = "Plant",
                                   .security = LKS_WIFI_SECURITY_PSK,
                                   .psk = RIGHT_KEY };
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_wifi_scan (board->device, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_null (lks_wifi_report_read (board->device, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_null (lks_wifi_add (board->device, &request, FALSE, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
}

/* 500 with the number that says that wlan0 is down. */
static void
test_radio_off (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksWifiReport) report = NULL;
  guint32 number = 0;

  service_board_set_fault (
      board, "\"kind\":\"status\",\"path\":\"/wifi/scan\",\"status\":500,\"number\":13631506");
  service_board_set_fault (board, "\"kind\":\"status\",\"path\":\"/wifi/config/*\",\"status\":500,"
                                  "\"number\":13631506");
  report = lks_wifi_report_read (board->device, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (report->is_radio_off);
  g_assert_cmpuint (report->networks->len, ==, 0);
  g_assert_cmpuint (report->failures->len, ==, 0);

  g_assert_null (lks_wifi_scan (board->device, NULL, &error));
  g_assert_true (lks_device_error_get_number (error, &number));
  g_assert_cmpuint (number, ==, LKS_DEVICE_NUMBER_WIFI_OFF);
}

/* The report fails for other reasons than a radio that is off. */
static void
test_broken_report (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board,
                           "\"kind\":\"malformed-json\",\"path\":\"/wifi/diagnostics/networks\"");
  g_assert_null (lks_wifi_report_read (board->device, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
}

/* The board restarts in the middle: the wait goes on with the next request, or ends with an error
 * of the line; the network is still there. */
static void
test_restart_in_the_middle (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (LksWifiNetwork) network = add_plant (board, RIGHT_KEY);
  g_autoptr (LksWifiJoin) first = NULL;
  g_autoptr (LksWifiJoin) second = NULL;
  g_autoptr (GError) error = NULL;

  service_board_do_after (board, 0, service_board_reset);
  first = lks_wifi_wait (board->device, network->id, NULL, &PATIENCE, NULL, NULL, NULL, &error);
  if (first != NULL)
    g_assert_cmpint (first->outcome, ==, LKS_WIFI_OUTCOME_CONNECTED);
  else
    g_assert_true (error->domain == LKS_DEVICE_ERROR);

  service_board_wait_alive (board);
  second = wait_for (board, network, NULL);
  g_assert_cmpint (second->outcome, ==, LKS_WIFI_OUTCOME_CONNECTED);
}

static void
test_unplug_in_the_middle (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (LksWifiNetwork) network = add_plant (board, RIGHT_KEY);
  g_autoptr (GError) error = NULL;

  service_board_do_after (board, 1, service_board_unplug);
  g_assert_null (
      lks_wifi_wait (board->device, network->id, NULL, &PATIENCE, NULL, NULL, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_true (error->domain == LKS_DEVICE_ERROR);
  service_board_plug (board);
}

#define add_board_test(path, board, func)                                                          \
  g_test_add (path, ServiceBoard, GUINT_TO_POINTER (board), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_board_test ("/service/wifi/elsewhere", BOARD_CONNECTED, test_elsewhere);
  add_board_test ("/service/wifi/scan", BOARD_FRESH, test_scan);
  add_board_test ("/service/wifi/right-key", BOARD_FRESH, test_right_key);
  add_board_test ("/service/wifi/wrong-key", BOARD_FRESH, test_wrong_key);
  add_board_test ("/service/wifi/old-key-fails-again", BOARD_FRESH, test_old_key_fails_again);
  add_board_test ("/service/wifi/hidden", BOARD_FRESH, test_hidden);
  add_board_test ("/service/wifi/stored-already", BOARD_FRESH, test_stored_already);
  add_board_test ("/service/wifi/disabled", BOARD_FRESH, test_disabled);
  add_board_test ("/service/wifi/overdue", BOARD_OLD, test_overdue);
  add_board_test ("/service/wifi/cancel", BOARD_OLD, test_cancel);
  add_board_test ("/service/wifi/network-vanishes", BOARD_FRESH, test_network_vanishes);
  add_board_test ("/service/wifi/eap-tls", BOARD_FRESH, test_eap_tls_without_certificate);
  add_board_test ("/service/wifi/power-saving", BOARD_FRESH, test_power_saving);
  add_board_test ("/service/wifi/power-saving-old", BOARD_OLD, test_power_saving_on_old_system);
  add_board_test ("/service/wifi/not-forgotten", BOARD_FRESH, test_not_forgotten);
  add_board_test ("/service/wifi/busy", BOARD_FRESH, test_busy);
  add_board_test ("/service/wifi/refused", BOARD_LOCKED, test_refused);
  add_board_test ("/service/wifi/radio-off", BOARD_FRESH, test_radio_off);
  add_board_test ("/service/wifi/broken-report", BOARD_FRESH, test_broken_report);
  add_board_test ("/service/wifi/restart", BOARD_FRESH, test_restart_in_the_middle);
  add_board_test ("/service/wifi/unplug", BOARD_CONNECTED, test_unplug_in_the_middle);
  return g_test_run ();
}
