/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pure functions about Wi-Fi and network: words, requests, addresses, rules. */
#include "lks-enums.h"
#include "lks-firewall-text.h"
#include "lks-net-interface.h"
#include "lks-proxy-change.h"
#include "lks-service-error.h"
#include "lks-wifi-add.h"
#include "lks-wifi-scan.h"
#include "lks-wifi-words.h"

#include <string.h>

#define KEY "a secret key"

static void
assert_sentence (const char *text)
{
  g_test_message ("%s", text);
  g_assert_true (g_unichar_isupper (g_utf8_get_char (text)));
  g_assert_true (g_str_has_suffix (text, "."));
}

/* Every word of the API has an explanation and a next step of its own. */
static void
check_explained (GType type, LksExplanation (*explain) (int), guint may_share)
{
  g_autoptr (GTypeClass) words = g_type_class_ref (type);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_values = G_ENUM_CLASS (words)->n_values;

  for (guint i = 0; i < n_values; i++)
    {
      LksExplanation why = explain (G_ENUM_CLASS (words)->values[i].value);

      g_test_message ("%s", G_ENUM_CLASS (words)->values[i].value_nick);
      assert_sentence (why.meaning);
      assert_sentence (why.advice);
      g_hash_table_add (seen, (char *) why.meaning);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, n_values - may_share);
}

static LksExplanation
explain_failure (int reason)
{
  return lks_wifi_failure_explain ((LksWifiFailureReason) reason);
}

static LksExplanation
explain_cert_error (int cert_error)
{
  return lks_wifi_cert_error_explain ((LksWifiCertError) cert_error);
}

static void
test_failures (void)
{
  check_explained (LKS_TYPE_WIFI_FAILURE_REASON, explain_failure, 0);
  check_explained (LKS_TYPE_WIFI_CERT_ERROR, explain_cert_error, 1); /* the two of the domain */
}

static void
test_board_time (void)
{
  static const struct
  {
    const char *text;
    gboolean is_time;
    gboolean is_unset;
  } cases[] = {
    { "2000-01-01t00:04:37+0000", TRUE, TRUE },
    { "2000-12-30T23:00:00", TRUE, TRUE },
    { "2001-01-01T00:00:00", TRUE, FALSE },
    { "2022-06-17T09:12:46", TRUE, FALSE },
    { "2022-06-17T09:12:46Z", TRUE, FALSE },
    { "2022-06-17T09:12:46+02:00", TRUE, FALSE },
    { "", FALSE, FALSE },
    { "yesterday", FALSE, FALSE },
    { "2022-13-17T09:12:46", FALSE, FALSE },
    { "2022-06-17T09:12:46 and very, very much more", FALSE, FALSE },
    { NULL, FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 unix_s = -1;

      g_test_message ("%s", cases[i].text);
      g_assert_true (lks_board_time_parse (cases[i].text, &unix_s) == cases[i].is_time);
      if (cases[i].is_time)
        g_assert_true (lks_board_time_is_unset (unix_s) == cases[i].is_unset);
      else
        g_assert_cmpint (unix_s, ==, -1);
    }
}

static void
test_board_time_is_utc (void)
{
  gint64 unix_s = 0;

  g_assert_true (lks_board_time_parse ("1970-01-02T00:00:00", &unix_s));
  g_assert_cmpint (unix_s, ==, 24 * 60 * 60);
  g_assert_true (lks_board_time_parse ("1970-01-02T02:00:00+0200", &unix_s));
  g_assert_cmpint (unix_s, ==, 24 * 60 * 60);
}

static void
add_scan (GPtrArray *scans, const char *ssid, LksWifiSecurity security, int signal_dbm, guint freq)
{
  LksWifiScan *scan = g_new0 (LksWifiScan, 1);

  scan->ssid = (char *) ssid;
  scan->security = security;
  scan->security_text = (char *) lks_enum_to_nick (LKS_TYPE_WIFI_SECURITY, (int) security);
  scan->signal_dbm = signal_dbm;
  scan->freq_mhz = freq;
  g_ptr_array_add (scans, scan);
}

static void
test_scan_merge (void)
{
  static const struct
  {
    const char *ssid;
    LksWifiSecurity security;
    int signal_dbm;
    guint freq_mhz;
    guint n_points;
    LksWifiUse use;
    guint bars;
  } expected[] = {
    { "Plant", LKS_WIFI_SECURITY_PSK, -41, 2437, 3, LKS_WIFI_USE_YES, 4 },
    { "Plant", LKS_WIFI_SECURITY_EAP_TLS, -55, 5220, 1, LKS_WIFI_USE_WITH_CERTIFICATE, 3 },
    { "Alpha", LKS_WIFI_SECURITY_OPEN, -70, 2412, 1, LKS_WIFI_USE_YES, 2 },
    { "Beta", LKS_WIFI_SECURITY_UNKNOWN, -70, 2412, 1, LKS_WIFI_USE_NO, 2 },
    { "", LKS_WIFI_SECURITY_PSK, -30, 2462, 2, LKS_WIFI_USE_BY_NAME, 4 },
    { "", LKS_WIFI_SECURITY_UNKNOWN, -81, 2462, 1, LKS_WIFI_USE_NO, 0 },
  };
  g_autoptr (GPtrArray) scans = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) seen = NULL;

  add_scan (scans, "Beta", LKS_WIFI_SECURITY_UNKNOWN, -70, 2412);
  add_scan (scans, "", LKS_WIFI_SECURITY_UNKNOWN, -81, 2462);
  add_scan (scans, "Plant", LKS_WIFI_SECURITY_PSK, -60, 5180);
  add_scan (scans, "Plant", LKS_WIFI_SECURITY_PSK, -41, 2437);
  add_scan (scans, "Plant", LKS_WIFI_SECURITY_PSK, -90, 2462);
  add_scan (scans, "Plant", LKS_WIFI_SECURITY_EAP_TLS, -55, 5220);
  add_scan (scans, "", LKS_WIFI_SECURITY_PSK, -50, 2437);
  add_scan (scans, "", LKS_WIFI_SECURITY_PSK, -30, 2462);
  add_scan (scans, "Alpha", LKS_WIFI_SECURITY_OPEN, -70, 2412);
  seen = lks_wifi_scan_merge (scans);

  g_assert_cmpuint (seen->len, ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const LksWifiSeen *network = g_ptr_array_index (seen, i);

      g_assert_cmpstr (network->ssid, ==, expected[i].ssid);
      g_assert_cmpint (network->security, ==, expected[i].security);
      g_assert_cmpint (network->signal_dbm, ==, expected[i].signal_dbm);
      g_assert_cmpuint (network->freq_mhz, ==, expected[i].freq_mhz);
      g_assert_cmpuint (network->n_points, ==, expected[i].n_points);
      g_assert_cmpint (network->use, ==, expected[i].use);
      g_assert_cmpuint (lks_wifi_seen_get_bars (network), ==, expected[i].bars);
      assert_sentence (lks_wifi_use_explain (network->use).meaning);
    }
}

#define LONG_16 "0123456789abcdef"
#define LONG_32 LONG_16 LONG_16
#define LONG_64 LONG_32 LONG_32
#define LONG_256 LONG_64 LONG_64 LONG_64 LONG_64
#define OPEN LKS_WIFI_SECURITY_OPEN
#define PSK LKS_WIFI_SECURITY_PSK
#define EAP_TLS LKS_WIFI_SECURITY_EAP_TLS

static void
test_requests (void)
{
  static const struct
  {
    LksWifiRequest request;
    const char *wrong; /* a piece of the message; NULL: nothing is */
  } cases[] = {
    { { .ssid = "a", .security = OPEN }, NULL },
    { { .ssid = LONG_32, .security = OPEN, .config_name = LONG_16 }, NULL },
    { { .ssid = "a", .security = PSK, .psk = "12345678" }, NULL },
    { { .ssid = "a", .security = PSK, .psk = LONG_32 LONG_16 "fifteen letters" }, NULL },
    { { .ssid = "a", .security = EAP_TLS, .client_cert_id = "me" }, NULL },
    { { .ssid = "a",
        .security = EAP_TLS,
        .client_cert_id = "me",
        .root_ca_cert_id = "root.1_2-3",
        .client_identity = "pump@plant" },
      NULL },
    { { .ssid = "", .security = OPEN }, "the network’s name has 0 bytes" },
    { { .ssid = NULL, .security = OPEN }, "the network’s name has 0 bytes" },
    { { .ssid = LONG_32 "!", .security = OPEN }, "the network’s name has 33 bytes" },
    { { .ssid = "\xff", .security = OPEN }, "no UTF-8" },
    { { .ssid = "a", .security = LKS_WIFI_SECURITY_UNKNOWN }, "open, or has a key" },
    { { .ssid = "a", .security = OPEN, .config_name = LONG_16 "!" }, "configuration’s name" },
    { { .ssid = "a", .security = OPEN, .psk = KEY }, "only a network with key" },
    { { .ssid = "a", .security = PSK }, "needs its key" },
    { { .ssid = "a", .security = PSK, .psk = "1234567" }, "the key has 7 bytes" },
    { { .ssid = "a", .security = PSK, .psk = LONG_64 }, "the key has 64 bytes" },
    { { .ssid = "a", .security = PSK, .psk = KEY, .client_cert_id = "me" }, "only an EAP-TLS" },
    { { .ssid = "a", .security = OPEN, .client_identity = "me" }, "only an EAP-TLS" },
    { { .ssid = "a", .security = EAP_TLS }, "identifier of a client certificate" },
    { { .ssid = "a", .security = EAP_TLS, .client_cert_id = "a/b" }, "the client certificate: an" },
    { { .ssid = "a", .security = EAP_TLS, .client_cert_id = LONG_16 "!" },
      "the client certificate" },
    { { .ssid = "a", .security = EAP_TLS, .client_cert_id = "me", .root_ca_cert_id = "" },
      "the root CA: an" },
    { { .ssid = "a", .security = EAP_TLS, .client_cert_id = "me", .client_identity = LONG_256 },
      "the client identity has 256 bytes" },
    { { .ssid = "a", .security = EAP_TLS, .client_cert_id = "me", .psk = KEY }, "only a network" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean is_good = lks_wifi_check_request (&cases[i].request, &error);

      g_test_message ("%" G_GSIZE_FORMAT ": %s", i, is_good ? "good" : error->message);
      g_assert_true (is_good == (cases[i].wrong == NULL));
      g_assert_true (is_good == (error == NULL));
      if (is_good)
        continue;
      g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].wrong));
      g_assert_null (strstr (error->message, KEY));
      g_assert_null (strstr (error->message, LONG_64));
    }
}

static void
test_mac_addresses (void)
{
  static const struct
  {
    const char *text;
    gboolean is_good;
  } cases[] = {
    { "a0:b2:c3:4d:e5:6f", TRUE },
    { "A0:B2:C3:4D:E5:6F", TRUE },
    { "02:00:00:00:00:00", TRUE },
    { "00:00:00:00:00:01", TRUE },
    { "", FALSE },
    { "a0b2c34de56f", FALSE },
    { "a0-b2-c3-4d-e5-6f", FALSE },
    { "a0:b2:c3:4d:e5:6", FALSE },
    { "a0:b2:c3:4d:e5:6g", FALSE },
    { "a0:b2:c3:4d:e5:6f0", FALSE },
    { "00:00:00:00:00:00", FALSE },
    { "01:00:5e:00:00:01", FALSE },
    { "ff:ff:ff:ff:ff:ff", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_true (lks_mac_address_check (cases[i].text, &error) == cases[i].is_good);
      g_assert_true ((error == NULL) == cases[i].is_good);
    }
}

static void
test_proxies (void)
{
  static const char *const bad_no_proxy[] = { "fine", "", NULL };
  static const struct
  {
    LksProxyRequest request;
    const char *wrong;
  } cases[] = {
    { { .address = "proxy.plant", .port = 3128 }, NULL },
    { { .address = "10.0.0.1", .port = 65535, .username = "a", .password = KEY }, NULL },
    { { .address = "", .port = 1 }, "address has 1 to" },
    { { .address = NULL, .port = 1 }, "address has 1 to" },
    { { .address = "http://proxy", .port = 1 }, "without http://" },
    { { .address = "proxy", .port = 0 }, "port is a number" },
    { { .address = "proxy", .port = 65536 }, "port is a number" },
    { { .address = "proxy", .port = 1, .username = "a" }, "both user name and password" },
    { { .address = "proxy", .port = 1, .password = KEY }, "both user name and password" },
    { { .address = "proxy", .port = 1, .username = "", .password = KEY }, "user name has 1" },
    { { .address = "proxy", .port = 1, .username = "a", .password = LONG_64 }, "password has 1" },
    { { .address = "proxy", .port = 1, .no_proxy_addresses = bad_no_proxy }, "needs no proxy" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean is_good = lks_proxy_check_request (&cases[i].request, &error);

      g_test_message ("%s", is_good ? "good" : error->message);
      g_assert_true (is_good == (cases[i].wrong == NULL));
      if (is_good)
        continue;
      g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].wrong));
      g_assert_null (strstr (error->message, KEY));
    }
}

/* The fields of rules are not const: they own what they point to elsewhere. */
#define T (char *)

static void
test_firewall (void)
{
  static char *syn[] = { T "syn", NULL };
  static char *handshake[] = { T "syn", T "rst", T "ack", NULL };
  static const struct
  {
    LksFirewallRule rule;
    const char *text;
  } cases[] = {
    { { .action_text = T "drop", .protocol_text = T "any", .uid = G_MAXUINT32 }, "drop any" },
    { { .action_text = T "accept",
        .uid = G_MAXUINT32,
        .source_ip = T "0.0.0.0",
        .source_mask = T "0.0.0.0",
        .source_ports = { 0, 65535 },
        .destination_ip = T "127.0.0.1",
        .destination_mask = T "255.255.255.255",
        .destination_ports = { 0, 0 } },
      "accept any to 127.0.0.1" },
    { { .action_text = T "accept",
        .protocol_text = T "tcp",
        .uid = G_MAXUINT32,
        .source_ip = T "192.168.35.1",
        .source_mask = T "255.255.255.255",
        .destination_ip = T "192.168.35.2",
        .destination_mask = T "255.255.255.255",
        .destination_ports = { 443, 443 },
        .interface_in = T "azspheresvc",
        .interface_out = T "",
        .state = LKS_FIREWALL_STATE_NONE,
        .state_text = T "none" },
      "accept tcp from 192.168.35.1 to 192.168.35.2 port 443 in azspheresvc" },
    { { .action_text = T "accept",
        .protocol_text = T "udp",
        .uid = 1001,
        .source_ip = T "10.0.0.0",
        .source_mask = T "255.0.0.0",
        .source_ports = { 1024, 2048 },
        .interface_out = T "wlan0",
        .destination_ports = { 53, 53 },
        .state = LKS_FIREWALL_STATE_ESTABLISHED,
        .state_text = T "established" },
      "accept udp from 10.0.0.0/255.0.0.0 port 1024–2048 to port 53 out wlan0 if established uid "
      "1001" },
    { { .action_text = T "drop",
        .protocol_text = T "tcp",
        .uid = G_MAXUINT32,
        .tcp_mask = handshake,
        .tcp_compare = syn },
      "drop tcp flags syn of syn,rst,ack" },
    { { .action_text = T "drop",
        .protocol_text = T "tcp",
        .uid = G_MAXUINT32,
        .tcp_mask = handshake,
        .is_tcp_inverted = TRUE },
      "drop tcp flags not none of syn,rst,ack" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = lks_firewall_rule_to_text (&cases[i].rule);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_interfaces (void)
{
  static const struct
  {
    LksNetInterface interface;
    LksNetInterfaceKind kind;
    const char *meaning; /* how it begins */
  } cases[] = {
    { { .name = T "lo", .is_up = TRUE }, LKS_NET_INTERFACE_KIND_LOOPBACK, "For the board’s" },
    { { .name = T "azspheresvc", .is_up = TRUE },
      LKS_NET_INTERFACE_KIND_SERVICE,
      "The line over which" },
    { { .name = T "wlan0" }, LKS_NET_INTERFACE_KIND_WIFI, "Switched off" },
    { { .name = T "eth0", .is_up = TRUE }, LKS_NET_INTERFACE_KIND_ETHERNET, "Up, but not" },
    { { .name = T "wlan0", .is_up = TRUE, .is_connected_to_network = TRUE },
      LKS_NET_INTERFACE_KIND_WIFI,
      "Connected to a network, but without" },
    { { .name = T "wlan0", .is_up = TRUE, .is_connected_to_network = TRUE, .has_ip_address = TRUE },
      LKS_NET_INTERFACE_KIND_WIFI,
      "Connected to a network, but not to the internet" },
    { { .name = T "ppp0",
        .is_up = TRUE,
        .is_connected_to_network = TRUE,
        .has_ip_address = TRUE,
        .is_connected_to_internet = TRUE },
      LKS_NET_INTERFACE_KIND_OTHER,
      "Connected to the internet" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LksExplanation state = lks_net_interface_explain (&cases[i].interface);

      g_assert_cmpint (lks_net_interface_get_kind (cases[i].interface.name), ==, cases[i].kind);
      g_assert_true (g_str_has_prefix (state.meaning, cases[i].meaning));
      assert_sentence (state.meaning);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/service/words/failures", test_failures);
  g_test_add_func ("/service/words/board-time", test_board_time);
  g_test_add_func ("/service/words/board-time-is-utc", test_board_time_is_utc);
  g_test_add_func ("/service/words/scan-merge", test_scan_merge);
  g_test_add_func ("/service/words/requests", test_requests);
  g_test_add_func ("/service/words/mac-addresses", test_mac_addresses);
  g_test_add_func ("/service/words/proxies", test_proxies);
  g_test_add_func ("/service/words/firewall", test_firewall);
  g_test_add_func ("/service/words/interfaces", test_interfaces);
  return g_test_run ();
}
