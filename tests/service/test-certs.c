/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate store of an emulated board (network.json). */
#include "lks-cert-store.h"
#include "lks-device-number.h"
#include "lks-net-interface.h"
#include "lks-service-error.h"
#include "lks-wifi-add.h"
#include "lks-wifi-change.h"
#include "lks-wifi-join.h"

#include "made-cert.h"
#include "service-board.h"

#include <string.h>

enum
{
  BOARD_FRESH = 0,
  BOARD_LOCKED = 3,
  BOARD_SMALL_STORE = 5,
};

#define NUMBER_STORE_FULL 38797323u
#define PATIENCE ((LksWifiPatience){ 20000, 300, 20 })

static struct
{
  LksPemCert *pump;
  LksSecret *pump_key;
  LksPemCert *root;
  LksPemCert *old;
  LksSecret *old_key;
  char *key_line; /* of the pump's key */
} made;

static LksPemCert *
parse (const MadeCert *cert)
{
  g_autoptr (GError) error = NULL;
  LksPemCert *parsed = lks_pem_cert_parse (cert->cert, strlen (cert->cert), &error);

  g_assert_no_error (error);
  return parsed;
}

static void
make_certs (void)
{
  g_autoptr (MadeCert) pump = made_cert_new_days ("pump", -10, 100);
  g_autoptr (MadeCert) root = made_cert_new_days ("root", -10, 10);
  g_autoptr (MadeCert) old = made_cert_new_days ("old", -100, -10);
  g_auto (GStrv) lines = g_strsplit (pump->key, "\n", -1);

  made.pump = parse (pump);
  made.pump_key = lks_secret_new (pump->key, strlen (pump->key));
  made.key_line = g_strdup (lines[1]);
  made.root = parse (root);
  made.old = parse (old);
  made.old_key = lks_secret_new (old->key, strlen (old->key));
}

static gint64
get_now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static LksCertStore *
read_store (ServiceBoard *board)
{
  g_autoptr (GError) error = NULL;
  LksCertStore *store = lks_cert_store_read (board->device, get_now_s (), NULL, &error);

  g_assert_no_error (error);
  return store;
}

static void
set_up (ServiceBoard *board, gconstpointer index)
{
  service_board_open (board, GPOINTER_TO_UINT (index));
}

static void
tear_down (ServiceBoard *board, gconstpointer index)
{
  g_auto (GStrv) ids = NULL;

  service_board_clear (board);
  ids = lks_device_get_certs (board->device, NULL, NULL);
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    g_assert_true (lks_device_delete_cert (board->device, ids[i], NULL, NULL));
  g_assert_null (strstr (board->seen->str, made.key_line));
  service_board_close (board);
}

static void
add_all (ServiceBoard *board)
{
  const LksCertPlan plans[] = {
    { "pump", LKS_CERT_TYPE_CLIENT, made.pump, made.pump_key, NULL },
    { "root", LKS_CERT_TYPE_ROOT_CA, made.root, NULL, NULL },
    { "old", LKS_CERT_TYPE_CLIENT, made.old, made.old_key, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (GError) error = NULL;

      assert_ok (lks_cert_store_add (board->device, &plans[i], FALSE, NULL, &error), error);
    }
}

static void
test_list (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (LksCertStore) empty = read_store (board);
  g_autoptr (LksCertStore) store = NULL;
  g_autoptr (JsonNode) json = NULL;
  const LksStoredCert *pump;
  const LksStoredCert *root;

  g_assert_cmpuint (empty->certs->len, ==, 0);
  g_assert_cmpuint (empty->space_bytes, ==, 24514);
  g_assert_true (empty->knows_clock);
  g_assert_false (empty->is_clock_set);
  g_assert_true (empty->knows_users);

  add_all (board);
  store = read_store (board);
  g_assert_cmpuint (store->certs->len, ==, 3);
  g_assert_cmpuint (store->space_bytes, <, empty->space_bytes);
  pump = lks_cert_store_find (store, "pump");
  g_assert_cmpstr (pump->info->subject, ==, "/CN=pump");
  g_assert_cmpint (pump->days_left, >=, 99); /* a hundred, or a second less */
  g_assert_cmpint (pump->days_left, <=, 100);
  g_assert_cmpuint (pump->notices, ==, 0);
  g_assert_true (pump->looks_like_ca);
  root = lks_cert_store_find (store, "root");
  g_assert_cmpuint (root->notices, ==, LKS_CERT_NOTICE_EXPIRES_SOON);
  g_assert_cmpuint (lks_cert_store_find (store, "old")->notices, ==, LKS_CERT_NOTICE_EXPIRED);
  g_assert_null (lks_cert_store_find (store, "nobody"));
  json = lks_cert_store_to_json (store);
  g_assert_true (json_object_get_boolean_member (json_node_get_object (json), "clockUnset"));
}

static void
test_replace (ServiceBoard *board, gconstpointer unused)
{
  LksCertPlan plan = { "pump", LKS_CERT_TYPE_CLIENT, made.old, made.old_key, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCertStore) store = NULL;

  assert_ok (lks_cert_store_add (board->device, &plan, FALSE, NULL, &error), error);
  plan.cert = made.pump;
  plan.key = made.pump_key;
  g_assert_false (lks_cert_store_add (board->device, &plan, FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_EXISTS);
  g_clear_error (&error);
  assert_ok (lks_cert_store_add (board->device, &plan, TRUE, NULL, &error), error);
  store = read_store (board);
  g_assert_cmpuint (store->certs->len, ==, 1);
  g_assert_cmpstr (lks_cert_store_find (store, "pump")->info->subject, ==, "/CN=pump");
}

static void
test_bad_plan_is_not_sent (ServiceBoard *board, gconstpointer unused)
{
  const LksCertPlan plan = { "pump", LKS_CERT_TYPE_CLIENT, made.pump, made.old_key, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (lks_cert_store_add (board->device, &plan, FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_assert_cmpuint (board->seen->len, ==, 0);
}

static void
test_no_room (ServiceBoard *board, gconstpointer unused)
{
  const LksCertPlan first = { "root", LKS_CERT_TYPE_ROOT_CA, made.root, NULL, NULL };
  const LksCertPlan second = { "pump", LKS_CERT_TYPE_CLIENT, made.pump, made.pump_key, NULL };
  const LksCertPlan larger = { "root", LKS_CERT_TYPE_CLIENT, made.pump, made.pump_key, NULL };
  g_autoptr (GError) error = NULL;
  guint32 number = 0;

  assert_ok (lks_cert_store_add (board->device, &first, FALSE, NULL, &error), error);
  g_assert_false (lks_cert_store_add (board->device, &second, FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_FULL);
  g_assert_nonnull (strstr (error->message, "bytes left"));
  g_clear_error (&error);

  /* What a replaced one gives back only the board knows; it takes this one. */
  assert_ok (lks_cert_store_add (board->device, &larger, TRUE, NULL, &error), error);
  service_board_set_fault (
      board, "\"kind\":\"status\",\"method\":\"POST\",\"status\":400,\"number\":38797323");
  g_assert_false (lks_cert_store_add (board->device, &larger, TRUE, NULL, &error));
  g_assert_true (lks_device_error_get_number (error, &number));
  g_assert_cmpuint (number, ==, NUMBER_STORE_FULL);
}

static void
test_not_stored (ServiceBoard *board, gconstpointer unused)
{
  const LksCertPlan old = { "pump", LKS_CERT_TYPE_CLIENT, made.old, made.old_key, NULL };
  const LksCertPlan plan = { "pump", LKS_CERT_TYPE_CLIENT, made.pump, made.pump_key, NULL };
  g_autoptr (GError) error = NULL;

  assert_ok (lks_cert_store_add (board->device, &old, FALSE, NULL, &error), error);
  service_board_set_fault (board,
                           "\"kind\":\"status\",\"method\":\"POST\",\"status\":200,\"number\":0");
  g_assert_false (lks_cert_store_add (board->device, &plan, TRUE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
  g_clear_error (&error);
  service_board_set_fault (board,
                           "\"kind\":\"status\",\"method\":\"DELETE\",\"status\":200,\"number\":0");
  g_assert_false (lks_cert_store_remove (board->device, "pump", FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
}

/* The network connects as soon as its certificates are there, because they are loaded. */
static void
test_used_by_network (ServiceBoard *board, gconstpointer unused)
{
  const LksWifiRequest request = {
    .ssid = "Plant-EAP",
    .security = LKS_WIFI_SECURITY_EAP_TLS,
    .client_cert_id = "pump",
    .root_ca_cert_id = "root",
  };
  g_autoptr (LksWifiNetwork) network = NULL;
  g_autoptr (LksWifiJoin) join = NULL;
  g_autoptr (LksCertStore) store = NULL;
  g_autoptr (GError) error = NULL;

  add_all (board);
  network = lks_wifi_add (board->device, &request, FALSE, NULL, &error);
  g_assert_no_error (error);
  join = lks_wifi_wait (board->device, network->id, NULL, &PATIENCE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (join->outcome, ==, LKS_WIFI_OUTCOME_CONNECTED);

  store = read_store (board);
  g_assert_cmpstr (lks_cert_store_find (store, "pump")->used_by[0], ==, "Plant-EAP");
  g_assert_cmpstr (lks_cert_store_find (store, "root")->used_by[0], ==, "Plant-EAP");
  g_assert_null (lks_cert_store_find (store, "old")->used_by[0]);

  g_assert_false (lks_cert_store_remove (board->device, "root", FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE);
  g_assert_nonnull (strstr (error->message, "“Plant-EAP” uses the certificate “root”"));
  g_clear_error (&error);
  assert_ok (lks_cert_store_remove (board->device, "old", FALSE, NULL, &error), error);
  assert_ok (lks_cert_store_remove (board->device, "root", TRUE, NULL, &error), error);
  assert_ok (lks_wifi_forget (board->device, network->id, NULL, &error), error);
}

/* With wlan0 down nobody knows who uses what; the list is there all the same. */
static void
test_radio_off (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCertStore) store = NULL;

  add_all (board);
  assert_ok (lks_net_interface_switch (board->device, "wlan0", FALSE, NULL, &error), error);
  store = read_store (board);
  g_assert_cmpuint (store->certs->len, ==, 3);
  g_assert_false (store->knows_users);
  g_assert_false (lks_cert_store_remove (board->device, "old", FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE);
  g_clear_error (&error);
  assert_ok (lks_cert_store_remove (board->device, "old", TRUE, NULL, &error), error);
  assert_ok (lks_net_interface_switch (board->device, "wlan0", TRUE, NULL, &error), error);
}

static void
test_unknown (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lks_cert_store_remove (board->device, "nobody", FALSE, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (lks_cert_store_remove (board->device, "no/body", FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
}

static void
test_refused (ServiceBoard *board, gconstpointer unused)
{
  const LksCertPlan plan = { "pump", LKS_CERT_TYPE_CLIENT, made.pump, made.pump_key, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_cert_store_read (board->device, get_now_s (), NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (lks_cert_store_add (board->device, &plan, FALSE, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
}

/* The line breaks after the board has taken the key: the caller is told to look again. */
static void
test_unplug_in_the_middle (ServiceBoard *board, gconstpointer unused)
{
  const LksCertPlan plan = { "pump", LKS_CERT_TYPE_CLIENT, made.pump, made.pump_key, NULL };
  g_autoptr (GError) error = NULL;

  service_board_do_after (board, 2, service_board_unplug);
  g_assert_false (lks_cert_store_add (board->device, &plan, FALSE, NULL, &error));
  g_assert_true (error->domain == LKS_DEVICE_ERROR);
  service_board_plug (board);
}

#define add_board_test(path, board, func)                                                          \
  g_test_add (path, ServiceBoard, GUINT_TO_POINTER (board), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  make_certs ();

  add_board_test ("/service/certs/list", BOARD_FRESH, test_list);
  add_board_test ("/service/certs/replace", BOARD_FRESH, test_replace);
  add_board_test ("/service/certs/bad-plan", BOARD_FRESH, test_bad_plan_is_not_sent);
  add_board_test ("/service/certs/no-room", BOARD_SMALL_STORE, test_no_room);
  add_board_test ("/service/certs/not-stored", BOARD_FRESH, test_not_stored);
  add_board_test ("/service/certs/used-by-network", BOARD_FRESH, test_used_by_network);
  add_board_test ("/service/certs/radio-off", BOARD_FRESH, test_radio_off);
  add_board_test ("/service/certs/unknown", BOARD_FRESH, test_unknown);
  add_board_test ("/service/certs/refused", BOARD_LOCKED, test_refused);
  add_board_test ("/service/certs/unplug", BOARD_FRESH, test_unplug_in_the_middle);
  status = g_test_run ();

  lks_pem_cert_free (made.pump);
  lks_pem_cert_free (made.root);
  lks_pem_cert_free (made.old);
  lks_secret_unref (made.pump_key);
  lks_secret_unref (made.old_key);
  g_free (made.key_line);
  return status;
}
