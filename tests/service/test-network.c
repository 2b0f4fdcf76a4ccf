/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interfaces, proxy, firewall and the way to the cloud of an emulated board (network.json). */
#include "lks-device-number.h"
#include "lks-firewall-text.h"
#include "lks-lamps.h"
#include "lks-net-interface.h"
#include "lks-proxy-change.h"
#include "lks-service-error.h"
#include "lks-wifi-report.h"

#include "service-board.h"

#include <string.h>

enum
{
  BOARD_FRESH,
  BOARD_CONNECTED,
  BOARD_CABLE,
  BOARD_LOCKED,
  BOARD_OLD, /* whose interfaces take a minute to follow */
};

#define PASSWORD "proxy password 7"
#define WAIT_US (60 * G_USEC_PER_SEC)
#define LOOK_AGAIN_US (20 * 1000)

static void
set_up (ServiceBoard *board, gconstpointer index)
{
  service_board_open (board, GPOINTER_TO_UINT (index));
}

static void
tear_down (ServiceBoard *board, gconstpointer index)
{
  service_board_clear (board);
  g_assert_null (strstr (board->seen->str, PASSWORD));
  service_board_close (board);
}

static LksLampState
get_lamp (ServiceBoard *board, LksLampId id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksNetFacts) facts = lks_net_facts_read (board->device, NULL, &error);

  g_assert_no_error (error);
  return lks_lamp_judge (facts, id).state;
}

static void
wait_for_lamp (ServiceBoard *board, LksLampId id, LksLampState state)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_US;

  while (get_lamp (board, id) != state)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (LOOK_AGAIN_US);
    }
}

static void
test_lamps_online (ServiceBoard *board, gconstpointer unused)
{
  for (guint id = 0; id < LKS_N_LAMPS; id++)
    g_assert_cmpint (get_lamp (board, id), ==, LKS_LAMP_STATE_ON);
}

static void
test_lamps_by_cable (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksNetFacts) facts = NULL;

  wait_for_lamp (board, LKS_LAMP_AUTHENTICATION, LKS_LAMP_STATE_ON);
  g_assert_cmpint (get_lamp (board, LKS_LAMP_RADIO), ==, LKS_LAMP_STATE_OFF);
  facts = lks_net_facts_read (board->device, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (facts->has_cable);
  g_assert_cmpstr (facts->address, ==, "192.168.1.21");
}

/* From a fresh board over a wrong turn to the internet, as the lamps tell it. */
static void
test_lamps_change (ServiceBoard *board, gconstpointer unused)
{
  const LksWifiRequest visitors = { .ssid = "Visitors", .security = LKS_WIFI_SECURITY_OPEN };
  g_autoptr (LksWifiNetwork) network = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (get_lamp (board, LKS_LAMP_RADIO), ==, LKS_LAMP_STATE_OFF);
  network = lks_device_add_wifi_network (board->device, &visitors, NULL, &error);
  g_assert_no_error (error);
  wait_for_lamp (board, LKS_LAMP_RADIO, LKS_LAMP_STATE_ON);
  wait_for_lamp (board, LKS_LAMP_ADDRESS, LKS_LAMP_STATE_ON);
  wait_for_lamp (board, LKS_LAMP_INTERNET, LKS_LAMP_STATE_FAULT);
  g_assert_cmpint (get_lamp (board, LKS_LAMP_AUTHENTICATION), ==, LKS_LAMP_STATE_OFF);
  assert_ok (lks_device_delete_wifi_network (board->device, network->id, NULL, &error), error);
  g_assert_cmpint (get_lamp (board, LKS_LAMP_RADIO), ==, LKS_LAMP_STATE_OFF);
}

static void
test_lamps_locked (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksNetFacts) facts = lks_net_facts_read (board->device, NULL, &error);
  g_autoptr (JsonNode) json = NULL;

  g_assert_no_error (error);
  g_assert_true (facts->is_refused);
  g_assert_true (facts->knows_status);
  g_assert_cmpint (lks_lamp_judge (facts, LKS_LAMP_RADIO).state, ==, LKS_LAMP_STATE_UNKNOWN);
  g_assert_cmpint (lks_lamp_judge (facts, LKS_LAMP_TIME).state, ==, LKS_LAMP_STATE_WAITING);
  json = lks_lamps_to_json (facts);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (json)), ==, LKS_N_LAMPS);
}

static void
test_lamps_of_broken_board (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"html-body\",\"path\":\"/net/interfaces\"");
  g_assert_null (lks_net_facts_read (board->device, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
}

static void
test_switch (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksNetInterface) down = NULL;
  g_autoptr (LksNetInterface) up = NULL;
  g_autoptr (LksWifiReport) report = NULL;

  assert_ok (lks_net_interface_switch (board->device, "wlan0", FALSE, NULL, &error), error);
  down = lks_device_get_interface (board->device, "wlan0", NULL, &error);
  g_assert_no_error (error);
  g_assert_false (down->is_up);

  /* 500 from everything about networks: the report says what it means. */
  report = lks_wifi_report_read (board->device, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (report->is_radio_off);
  g_assert_cmpint (report->radio->wpa_state, ==, LKS_WIFI_WPA_STATE_INTERFACE_DISABLED);
  g_assert_cmpint (get_lamp (board, LKS_LAMP_RADIO), ==, LKS_LAMP_STATE_OFF);

  assert_ok (lks_net_interface_switch (board->device, "wlan0", TRUE, NULL, &error), error);
  up = lks_device_get_interface (board->device, "wlan0", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (up->is_up);
}

static void
test_switch_refused (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lks_net_interface_switch (board->device, "azspheresvc", FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE);
  g_clear_error (&error);
  g_assert_false (lks_net_interface_switch (board->device, "lo", FALSE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE);
  g_clear_error (&error);
  g_assert_cmpuint (board->seen->len, ==, 0); /* nothing was sent */

  g_assert_false (lks_net_interface_switch (board->device, "eth0", TRUE, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "it has azspheresvc, lo, wlan0"));
}

static void
test_switch_overdue (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_false (lks_net_interface_switch (board->device, "wlan0", FALSE, cancellable, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE);
}

static void
test_mac (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksNetInterface) ethernet = NULL;

  assert_ok (lks_net_interface_set_mac (board->device, "eth0", "02:AB:CD:00:00:02", NULL, &error),
             error);
  ethernet = lks_device_get_interface (board->device, "eth0", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ethernet->hardware_address, ==, "02:AB:CD:00:00:02");

  service_board_set_fault (board,
                           "\"kind\":\"status\",\"method\":\"PATCH\",\"status\":200,\"number\":0");
  g_assert_false (
      lks_net_interface_set_mac (board->device, "eth0", "02:ab:cd:00:00:03", NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
}

static void
test_mac_refused (ServiceBoard *board, gconstpointer unused)
{
  static const struct
  {
    const char *name;
    const char *address;
  } cases[] = {
    { "wlan0", "02:00:00:00:00:02" },
    { "eth0", "03:00:00:00:00:02" },
    { "eth0", "nonsense" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          lks_net_interface_set_mac (board->device, cases[i].name, cases[i].address, NULL, &error));
      g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
    }
  g_assert_cmpuint (board->seen->len, ==, 0);
}

static void
test_interfaces_json (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) interfaces = lks_device_get_interfaces (board->device, NULL, &error);
  g_autoptr (JsonNode) json = NULL;
  JsonArray *array;

  g_assert_no_error (error);
  json = lks_net_interfaces_to_json (interfaces);
  array = json_node_get_array (json);
  g_assert_cmpuint (json_array_get_length (array), ==, 4);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (array, 1), "kind"),
                   ==, "ethernet");
}

static void
test_proxy (ServiceBoard *board, gconstpointer unused)
{
  static const char *const direct[] = { "10.0.0.0/8", "plant.example", NULL };
  const LksProxyRequest request = {
    .is_enabled = TRUE,
    .address = "proxy.plant",
    .port = 3128,
    .no_proxy_addresses = direct,
    .username = "pump",
    .password = PASSWORD,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksProxy) proxy = lks_proxy_apply (board->device, &request, NULL, &error);
  g_autoptr (LksProxy) afterwards = NULL;
  g_autoptr (JsonNode) json = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (proxy->address, ==, "proxy.plant");
  g_assert_cmpstr (proxy->username, ==, "pump");
  g_assert_cmpstr (proxy->no_proxy_addresses[1], ==, "plant.example");
  json = lks_proxy_to_json (proxy);
  text = json_to_string (json, FALSE);
  g_assert_null (strstr (text, PASSWORD));

  assert_ok (lks_proxy_remove (board->device, NULL, &error), error);
  afterwards = lks_device_get_proxy (board->device, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (afterwards->is_configured);
  assert_ok (lks_proxy_remove (board->device, NULL, &error), error); /* none is no error */
}

static void
test_proxy_not_applied (ServiceBoard *board, gconstpointer unused)
{
  const LksProxyRequest request = { .is_enabled = TRUE, .address = "proxy.plant", .port = 3128 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksProxy) proxy = NULL;

  service_board_set_fault (board,
                           "\"kind\":\"status\",\"method\":\"POST\",\"status\":200,\"number\":0");
  g_assert_null (lks_proxy_apply (board->device, &request, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
  g_clear_error (&error);

  service_board_clear (board);
  proxy = lks_proxy_apply (board->device, &request, NULL, &error);
  g_assert_no_error (error);
  service_board_set_fault (board,
                           "\"kind\":\"status\",\"method\":\"DELETE\",\"status\":200,\"number\":0");
  g_assert_false (lks_proxy_remove (board->device, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
  g_clear_error (&error);
  service_board_clear (board);
  assert_ok (lks_proxy_remove (board->device, NULL, &error), error);
}

/* The board's answer to a proxy is broken after it repeated the password. */
static void
test_proxy_password_stays_secret (ServiceBoard *board, gconstpointer unused)
{
  const LksProxyRequest request = { .is_enabled = TRUE,
                                    .address = "proxy.plant",
                                    .port = 3128,
                                    .username = "pump",
                                    .password = PASSWORD };
  static const char *const faults[] = { "malformed-json", "wrong-types", "lower-case-header" };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *members =
          g_strdup_printf ("\"kind\":\"%s\",\"path\":\"/net/proxy\",\"method\":\"POST\"",
                           faults[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (LksProxy) proxy = NULL;

      service_board_set_fault (board, members);
      proxy = lks_proxy_apply (board->device, &request, NULL, &error);
      g_assert_true (error == NULL || strstr (error->message, PASSWORD) == NULL);
      service_board_clear (board);
    }
  g_assert_true (lks_proxy_remove (board->device, NULL, NULL));
}

static void
test_firewall (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rulesets = lks_device_get_firewall_rulesets (board->device, NULL, &error);
  g_autoptr (JsonNode) json = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  json = lks_firewall_to_json (rulesets);
  text = json_to_string (json, FALSE);
  g_assert_nonnull (
      strstr (text, "accept tcp from 192.168.35.1 to 192.168.35.2 port 443 in azspheresvc"));
}

#define add_board_test(path, board, func)                                                          \
  g_test_add (path, ServiceBoard, GUINT_TO_POINTER (board), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_board_test ("/service/network/lamps-online", BOARD_CONNECTED, test_lamps_online);
  add_board_test ("/service/network/lamps-by-cable", BOARD_CABLE, test_lamps_by_cable);
  add_board_test ("/service/network/lamps-change", BOARD_FRESH, test_lamps_change);
  add_board_test ("/service/network/lamps-locked", BOARD_LOCKED, test_lamps_locked);
  add_board_test ("/service/network/lamps-broken", BOARD_FRESH, test_lamps_of_broken_board);
  add_board_test ("/service/network/switch", BOARD_FRESH, test_switch);
  add_board_test ("/service/network/switch-refused", BOARD_FRESH, test_switch_refused);
  add_board_test ("/service/network/switch-overdue", BOARD_OLD, test_switch_overdue);
  add_board_test ("/service/network/mac", BOARD_CABLE, test_mac);
  add_board_test ("/service/network/mac-refused", BOARD_CABLE, test_mac_refused);
  add_board_test ("/service/network/interfaces-json", BOARD_CABLE, test_interfaces_json);
  add_board_test ("/service/network/proxy", BOARD_FRESH, test_proxy);
  add_board_test ("/service/network/proxy-not-applied", BOARD_FRESH, test_proxy_not_applied);
  add_board_test ("/service/network/proxy-secret", BOARD_FRESH, test_proxy_password_stays_secret);
  add_board_test ("/service/network/firewall", BOARD_FRESH, test_firewall);
  return g_test_run ();
}
