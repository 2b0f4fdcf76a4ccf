/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The five lamps: from what a board tells to state, reason and next step. */
#include "lks-lamps.h"

#include "lks-enums.h"

#include <string.h>

#define UNKNOWN LKS_LAMP_STATE_UNKNOWN
#define OFF LKS_LAMP_STATE_OFF
#define WAITING LKS_LAMP_STATE_WAITING
#define FAULT LKS_LAMP_STATE_FAULT
#define ON LKS_LAMP_STATE_ON

#define ALL_KNOWN .knows_wifi = TRUE, .knows_interfaces = TRUE, .knows_status = TRUE
#define NO_TIME .time_sync = LKS_TIME_SYNC_INCOMPLETE
#define TIME .time_sync = LKS_TIME_SYNC_COMPLETE
#define ONE_NETWORK .n_networks = 1, .n_enabled = 1
#define ASSOCIATED ONE_NETWORK, .is_associated = TRUE, .ssid = (char *) "Plant"
#define ADDRESS .has_address = TRUE, .address = (char *) "10.0.0.7"
#define NO_PROXY .proxy = LKS_PROXY_STATE_DISABLED

static const struct
{
  const char *name;
  LksNetFacts facts;
  LksLampState states[LKS_N_LAMPS]; /* radio, address, time, internet, authentication */
  LksLampId lamp;                   /* of which the next two are told */
  const char *reason;               /* how it begins */
  const char *advice;               /* a piece of it; NULL: none */
} cases[] = {
  { "nothing stored",
    { ALL_KNOWN, NO_TIME, NO_PROXY },
    { OFF, OFF, OFF, OFF, OFF },
    LKS_LAMP_RADIO,
    "No network is stored",
    "Add a Wi-Fi network" },
  { "radio switched off",
    { ALL_KNOWN, NO_TIME, .is_radio_off = TRUE },
    { OFF, OFF, OFF, OFF, OFF },
    LKS_LAMP_RADIO,
    "The radio is switched off",
    "wlan0 up" },
  { "all networks disabled",
    { ALL_KNOWN, NO_TIME, .n_networks = 3 },
    { OFF, OFF, OFF, OFF, OFF },
    LKS_LAMP_RADIO,
    "Every stored network is disabled",
    "Enable" },
  { "looking",
    { ALL_KNOWN, NO_TIME, ONE_NETWORK, .wpa_state = LKS_WIFI_WPA_STATE_SCANNING },
    { WAITING, OFF, OFF, OFF, OFF },
    LKS_LAMP_RADIO,
    "Looking for a stored network",
    "Wait some seconds" },
  { "checking the key",
    { ALL_KNOWN, NO_TIME, ONE_NETWORK, .wpa_state = LKS_WIFI_WPA_STATE_FOUR_WAY_HANDSHAKE },
    { WAITING, OFF, OFF, OFF, OFF },
    LKS_LAMP_RADIO,
    "An access point was found",
    "Wait some seconds" },
  { "wrong key",
    { ALL_KNOWN, NO_TIME, ONE_NETWORK, .has_failure = TRUE, .failure = LKS_WIFI_FAILURE_WRONG_KEY },
    { FAULT, OFF, OFF, OFF, OFF },
    LKS_LAMP_RADIO,
    "The network does not accept the key",
    "key again" },
  { "expired certificate",
    { ALL_KNOWN, NO_TIME, ONE_NETWORK, .has_failure = TRUE,
      .failure = LKS_WIFI_FAILURE_AUTHENTICATION_FAILED, .has_cert_error = TRUE,
      .cert_error = LKS_WIFI_CERT_ERROR_EXPIRED },
    { FAULT, OFF, OFF, OFF, OFF },
    LKS_LAMP_RADIO,
    "The certificate has expired",
    "new one" },
  { "associated",
    { ALL_KNOWN, NO_TIME, NO_PROXY, ASSOCIATED },
    { ON, WAITING, OFF, OFF, OFF },
    LKS_LAMP_ADDRESS,
    "The network has not given an address",
    "DHCP" },
  { "address, nothing more",
    { ALL_KNOWN, NO_TIME, NO_PROXY, ASSOCIATED, ADDRESS },
    { ON, ON, WAITING, FAULT, OFF },
    LKS_LAMP_TIME,
    "Network time has not come yet",
    "port 123" },
  { "no internet",
    { ALL_KNOWN, TIME, NO_PROXY, ASSOCIATED, ADDRESS },
    { ON, ON, ON, FAULT, OFF },
    LKS_LAMP_INTERNET,
    "The board has an address but does not reach the internet.",
    "login page" },
  { "proxy looked up",
    { ALL_KNOWN, TIME, ASSOCIATED, ADDRESS, .proxy = LKS_PROXY_STATE_RESOLVING_NAME },
    { ON, ON, ON, WAITING, OFF },
    LKS_LAMP_INTERNET,
    "The proxy’s name is being looked up",
    "DNS" },
  { "proxy does not help",
    { ALL_KNOWN, TIME, ASSOCIATED, ADDRESS, .proxy = LKS_PROXY_STATE_READY },
    { ON, ON, ON, FAULT, OFF },
    LKS_LAMP_INTERNET,
    "The board has an address but does not reach the internet through its proxy",
    "password" },
  { "internet, no time",
    { ALL_KNOWN, NO_TIME, NO_PROXY, ASSOCIATED, ADDRESS, .has_internet = TRUE },
    { ON, ON, WAITING, ON, OFF },
    LKS_LAMP_AUTHENTICATION,
    "Without internet and the right time",
    "lamps before" },
  { "time switched off",
    { ALL_KNOWN, .time_sync = LKS_TIME_SYNC_DISABLED, ASSOCIATED, ADDRESS, .has_internet = TRUE },
    { ON, ON, OFF, ON, OFF },
    LKS_LAMP_TIME,
    "An application has switched network time off",
    NULL },
  { "not authenticated",
    { ALL_KNOWN, TIME, NO_PROXY, ASSOCIATED, ADDRESS, .has_internet = TRUE },
    { ON, ON, ON, ON, WAITING },
    LKS_LAMP_AUTHENTICATION,
    "The board has not proved itself",
    "claimed" },
  { "online",
    { ALL_KNOWN, TIME, NO_PROXY, ASSOCIATED, ADDRESS, .has_internet = TRUE,
      .is_authenticated = TRUE },
    { ON, ON, ON, ON, ON },
    LKS_LAMP_AUTHENTICATION,
    "The board has proved itself",
    NULL },
  { "online by cable",
    { ALL_KNOWN, TIME, NO_PROXY, ADDRESS, .has_cable = TRUE, .has_internet = TRUE,
      .is_authenticated = TRUE },
    { OFF, ON, ON, ON, ON },
    LKS_LAMP_RADIO,
    "No Wi-Fi network is connected; the board uses its Ethernet cable",
    NULL },
  { "cable without address",
    { ALL_KNOWN, NO_TIME, .has_cable = TRUE },
    { OFF, WAITING, OFF, OFF, OFF },
    LKS_LAMP_ADDRESS,
    "The network has not given an address",
    "DHCP" },
  { "locked",
    { .knows_status = TRUE, .is_refused = TRUE, TIME, .is_authenticated = TRUE },
    { UNKNOWN, UNKNOWN, ON, UNKNOWN, ON },
    LKS_LAMP_RADIO,
    "The board is locked",
    "servicing session" },
  { "locked, without time",
    { .knows_status = TRUE, .is_refused = TRUE, NO_TIME },
    { UNKNOWN, UNKNOWN, WAITING, UNKNOWN, OFF },
    LKS_LAMP_INTERNET,
    "The board is locked",
    "servicing session" },
  { "old system",
    { .knows_wifi = TRUE, ASSOCIATED },
    { ON, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
    LKS_LAMP_TIME,
    "The board’s system is too old",
    "Update" },
  { "a word of tomorrow",
    { ALL_KNOWN, .time_sync = LKS_TIME_SYNC_UNKNOWN, ASSOCIATED, ADDRESS },
    { ON, ON, UNKNOWN, FAULT, OFF },
    LKS_LAMP_TIME,
    "The board says something",
    NULL },
};

static void
check_texts (const LksLamp *lamp)
{
  g_assert_true (g_str_has_suffix (lamp->reason, "."));
  g_assert_true (lamp->advice[0] == '\0' || g_str_has_suffix (lamp->advice, "."));

  /* Whatever stands in the way, a person is told what to do. */
  if (lamp->state == FAULT || lamp->state == WAITING)
    g_assert_cmpstr (lamp->advice, !=, "");
  if (lamp->state == ON)
    g_assert_cmpstr (lamp->advice, ==, "");
}

static void
test_lamps (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LksLamp told = lks_lamp_judge (&cases[i].facts, cases[i].lamp);

      for (guint id = 0; id < LKS_N_LAMPS; id++)
        {
          LksLamp lamp = lks_lamp_judge (&cases[i].facts, id);

          g_test_message ("%s: %s is %s: %s %s", cases[i].name, lks_lamp_get_title (id),
                          lks_enum_to_nick (LKS_TYPE_LAMP_STATE, (int) lamp.state), lamp.reason,
                          lamp.advice);
          g_assert_cmpint (lamp.state, ==, cases[i].states[id]);
          check_texts (&lamp);
        }
      g_assert_true (g_str_has_prefix (told.reason, cases[i].reason));
      if (cases[i].advice != NULL)
        g_assert_nonnull (strstr (told.advice, cases[i].advice));
      else
        g_assert_cmpstr (told.advice, ==, "");
    }
}

/* Name and address are told beside the lamp. */
static void
test_details (void)
{
  const LksNetFacts facts = { ALL_KNOWN, TIME, ASSOCIATED, ADDRESS };

  g_assert_cmpstr (lks_lamp_judge (&facts, LKS_LAMP_RADIO).detail, ==, "Plant");
  g_assert_cmpstr (lks_lamp_judge (&facts, LKS_LAMP_ADDRESS).detail, ==, "10.0.0.7");
  g_assert_null (lks_lamp_judge (&facts, LKS_LAMP_TIME).detail);
}

static LksWifiNetwork *
new_network (int id, LksWifiConfigState state)
{
  LksWifiNetwork *network = g_new0 (LksWifiNetwork, 1);

  network->id = id;
  network->config_state = state;
  return network;
}

static LksWifiFailure *
new_failure (int network_id, const char *timestamp, LksWifiFailureReason reason)
{
  LksWifiFailure *failure = g_new0 (LksWifiFailure, 1);

  failure->network_id = network_id;
  failure->timestamp = g_strdup (timestamp);
  failure->reason = reason;
  return failure;
}

/* Of several failures the newest counts, and only one of a network that shall be used. */
static void
test_newest_failure (void)
{
  g_autoptr (LksNetFacts) facts = g_new0 (LksNetFacts, 1);
  g_autoptr (LksWifiReport) report = g_new0 (LksWifiReport, 1);

  report->radio = g_new0 (LksWifiInterface, 1);
  report->networks = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_wifi_network_free);
  report->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_wifi_failure_free);
  g_ptr_array_add (report->networks, new_network (0, LKS_WIFI_CONFIG_STATE_ENABLED));
  g_ptr_array_add (report->networks, new_network (1, LKS_WIFI_CONFIG_STATE_TEMP_DISABLED));
  g_ptr_array_add (report->networks, new_network (2, LKS_WIFI_CONFIG_STATE_DISABLED));
  g_ptr_array_add (report->failures,
                   new_failure (1, "2024-03-01T10:00:05", LKS_WIFI_FAILURE_WRONG_KEY));
  g_ptr_array_add (report->failures,
                   new_failure (0, "2024-03-01T10:00:00", LKS_WIFI_FAILURE_NETWORK_NOT_FOUND));
  g_ptr_array_add (report->failures,
                   new_failure (2, "2024-03-01T10:00:09", LKS_WIFI_FAILURE_NETWORK_NON_WPA));

  lks_net_facts_take_wifi (facts, report);
  g_assert_true (facts->knows_wifi);
  g_assert_cmpuint (facts->n_networks, ==, 3);
  g_assert_cmpuint (facts->n_enabled, ==, 2);
  g_assert_true (facts->has_failure);
  g_assert_cmpint (facts->failure, ==, LKS_WIFI_FAILURE_WRONG_KEY);
}

/* The line to this computer and the inside of the board lead nowhere. */
static void
test_inner_interfaces_do_not_count (void)
{
  static char *addresses[] = { (char *) "192.168.35.2", NULL };
  static char *wifi_addresses[] = { (char *) "10.0.0.7", NULL };
  LksNetInterface service = {
    .name = (char *) "azspheresvc", .is_up = TRUE, .has_ip_address = TRUE, .ip_addresses = addresses
  };
  LksNetInterface wifi = { .name = (char *) "wlan0",
                           .is_up = TRUE,
                           .has_ip_address = TRUE,
                           .is_connected_to_network = TRUE,
                           .ip_addresses = wifi_addresses };
  g_autoptr (GPtrArray) interfaces = g_ptr_array_new ();
  g_autoptr (LksNetFacts) inside = g_new0 (LksNetFacts, 1);
  g_autoptr (LksNetFacts) outside = g_new0 (LksNetFacts, 1);

  g_ptr_array_add (interfaces, &service);
  lks_net_facts_take_interfaces (inside, interfaces);
  g_assert_false (inside->has_address);
  g_assert_null (inside->address);

  g_ptr_array_add (interfaces, &wifi);
  lks_net_facts_take_interfaces (outside, interfaces);
  g_assert_true (outside->has_address);
  g_assert_false (outside->has_cable);
  g_assert_cmpstr (outside->address, ==, "10.0.0.7");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/service/lamps/table", test_lamps);
  g_test_add_func ("/service/lamps/details", test_details);
  g_test_add_func ("/service/lamps/newest-failure", test_newest_failure);
  g_test_add_func ("/service/lamps/inner-interfaces", test_inner_interfaces_do_not_count);
  return g_test_run ();
}
