/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The radio in time: what is tried, what fails and why, what lies behind a connection. */
#include "made-cert.h"
#include "world.h"

#include "emu-wire.h"

#include <string.h>

/* Short enough not to be waited for, long enough to be seen. */
#define TIMES                                                                                      \
  "\"wifiJoinMs\":40,\"wifiAddressMs\":40,\"wifiOnlineMs\":80,\"wifiAuthenticationMs\":120,"       \
  "\"wifiRetryMs\":100,"

#define NETWORKS "/wifi/config/networks"
#define DIAGNOSTICS "/wifi/diagnostics/networks"
#define LOOK_AGAIN_US (5 * 1000)

static void
wait_for (World *world, const char *request, const char *text)
{
  gint64 end_us = g_get_monotonic_time () + HTTP_CLIENT_WAIT_US;

  for (;;)
    {
      g_autoptr (HttpReply) reply = world_ask (world, request, NULL, NULL);

      if (strstr (reply->body, text) != NULL)
        return;
      if (g_get_monotonic_time () > end_us)
        g_error ("%s never says %s, but %s", request, text, reply->body);
      g_usleep (LOOK_AGAIN_US);
    }
}

static gboolean
says (World *world, const char *request, const char *text)
{
  g_autoptr (HttpReply) reply = world_ask (world, request, NULL, NULL);

  g_test_message ("%s: %s", request, reply->body);
  return strstr (reply->body, text) != NULL;
}

static void
add_network (World *world, const char *body)
{
  g_autoptr (HttpReply) reply = world_ask (world, "POST " NETWORKS, NULL, body);

  g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, 201);
}

static void
add_cert (World *world, const char *id, const char *type, const MadeCert *cert)
{
  gboolean is_client = g_str_equal (type, "client");
  g_autofree char *request = g_strdup_printf ("POST /certstore/certs/%s", id);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *body = NULL;
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "certType", type);
  emu_wire_text (wire, "publicCert", cert->cert);
  if (is_client)
    emu_wire_text (wire, "privateKey", cert->key);
  emu_wire_close (wire, '}');
  bytes = emu_wire_end (wire);
  body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  world_expect (world, request, body, 200, "{}");
}

/* Each stage of a connection whose next one never comes. */
static void
test_stages (void)
{
#define NEVER_MS "600000"
  static const struct
  {
    const char *members;
    const char *wifi;
    const char *interface;
    const char *status;
  } cases[] = {
    { "\"wifiJoinMs\":" NEVER_MS, "\"wpa_state\":\"SCANNING\"", "\"connectedToNetwork\":false",
      "\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"incomplete\"" },
    { "\"wifiJoinMs\":0,\"wifiAddressMs\":" NEVER_MS, "\"wpa_state\":\"COMPLETED\"",
      "\"connectedToNetwork\":true,\"ipAcquired\":false,\"connectedToInternet\":false",
      "\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"incomplete\"" },
    { "\"wifiJoinMs\":0,\"wifiAddressMs\":0,\"wifiOnlineMs\":" NEVER_MS,
      "\"ip_address\":\"192.168.1.20\"", "\"ipAcquired\":true,\"connectedToInternet\":false",
      "\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"incomplete\"" },
    { "\"wifiJoinMs\":0,\"wifiAddressMs\":0,\"wifiOnlineMs\":0,\"wifiAuthenticationMs\":" NEVER_MS,
      "\"connectionState\":\"connected\"", "\"ipAcquired\":true,\"connectedToInternet\":true",
      "\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"complete\"" },
    { "\"wifiJoinMs\":0,\"wifiAddressMs\":0,\"wifiOnlineMs\":0,\"wifiAuthenticationMs\":0",
      "\"connectionState\":\"connected\"", "\"connectedToInternet\":true",
      "\"deviceAuthenticationIsReady\":true,\"networkTimeSync\":\"complete\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members =
          g_strconcat (cases[i].members, ",\"wifiScan\":[{\"ssid\":\"Plant\"}]", NULL);
      g_autoptr (World) world = world_new (members);

      add_network (world,
                   "{\"ssid\":\"Plant\",\"securityState\":\"psk\",\"psk\":\"whatever you say\"}");
      g_assert_true (says (world, "GET /wifi/interface", cases[i].wifi));
      g_assert_true (says (world, "GET /net/interfaces/wlan0", cases[i].interface));
      g_assert_true (says (world, "GET /net/status", cases[i].status));
    }
}

/* A restart takes connection and clock; both come again by themselves. */
static void
test_restart (void)
{
  g_autoptr (World) world =
      world_new (TIMES "\"wifiNetworks\":[{\"ssid\":\"Plant\",\"connected\":true}],"
                       "\"wifiFailures\":[{\"ssid\":\"Old\"}],\"wifiScan\":[{\"ssid\":\"Plant\"}]");

  g_assert_true (says (world, "GET /net/status", "\"networkTimeSync\":\"complete\""));
  world_expect (world, "POST /restart", NULL, 200, "{\"restartingSystem\":true}");
  world_wait_running (world, FALSE);
  world_wait_running (world, TRUE);
  g_assert_true (says (world, "GET " DIAGNOSTICS, "{\"values\":[]}"));
  wait_for (world, "GET /net/status", "\"networkTimeSync\":\"complete\"");
}

static void
test_wrong_key (void)
{
  g_autoptr (World) world =
      world_new (TIMES "\"wifiScan\":[{\"ssid\":\"Plant\",\"key\":\"the right key\"}]");
  g_autoptr (HttpReply) reply = NULL;

  add_network (world, "{\"ssid\":\"Plant\",\"securityState\":\"psk\",\"psk\":\"the wrong key\"}");
  wait_for (world, "GET " DIAGNOSTICS "/0", "\"error\":\"WrongKey\"");
  g_assert_true (says (world, "GET " NETWORKS "/0", "\"configState\":\"temp-disabled\""));
  g_assert_true (says (world, "GET " DIAGNOSTICS "/0", "{\"timestamp\":\"2000-01-01t00:"));

  reply = world_ask (world, "PATCH " NETWORKS "/0", NULL, "{\"psk\":\"the right key\"}");
  g_assert_cmpuint (reply->status, ==, 200);
  wait_for (world, "GET " NETWORKS "/0", "\"connectionState\":\"connected\"");
  g_assert_true (says (world, "GET " DIAGNOSTICS, "{\"values\":[]}"));
}

static void
test_reasons (void)
{
  static const struct
  {
    const char *point;
    const char *network;
    const char *error;
  } cases[] = {
    { "\"ssid\":\"b\"", "\"ssid\":\"a\",\"securityState\":\"open\"", "NetworkNotFound" },
    { "\"ssid\":\"a\"", "\"ssid\":\"a\",\"securityState\":\"open\"", "SecurityTypeMismatch" },
    { "\"ssid\":\"a\",\"security\":\"unknown\"", "\"ssid\":\"a\",\"securityState\":\"open\"",
      "SecurityTypeMismatch" },
    { "\"ssid\":\"a\",\"security\":\"open\",\"failure\":\"ConnectionFailed\"",
      "\"ssid\":\"a\",\"securityState\":\"open\"", "ConnectionFailed" },
    { "\"ssid\":\"a\",\"security\":\"open\",\"hidden\":true",
      "\"ssid\":\"a\",\"securityState\":\"open\"", "NetworkNotFound" },
    { "\"ssid\":\"a\",\"security\":\"open\",\"hidden\":true",
      "\"ssid\":\"a\",\"securityState\":\"open\",\"targetedScan\":true", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members = g_strdup_printf (TIMES "\"wifiScan\":[{%s}]", cases[i].point);
      g_autofree char *body = g_strdup_printf ("{%s}", cases[i].network);
      g_autoptr (World) world = world_new (members);

      add_network (world, body);
      if (cases[i].error != NULL)
        wait_for (world, "GET " DIAGNOSTICS "/0", cases[i].error);
      else
        wait_for (world, "GET " NETWORKS "/0", "\"connectionState\":\"connected\"");
    }
}

/* A scan shows that there is a network, but not which. */
static void
test_hidden_in_scan (void)
{
  g_autoptr (World) world = world_new ("\"wifiScan\":[{\"ssid\":\"secret\",\"hidden\":true}]");

  g_assert_true (says (world, "GET /wifi/scan", "\"ssid\":\"\",\"securityState\":\"psk\""));
}

/* A second network waits until the first one ends; then it gets its turn. */
static void
test_connection_stays (void)
{
  g_autoptr (World) world = world_new (
      TIMES "\"wifiNetworks\":[{\"ssid\":\"one\",\"connected\":true}],"
            "\"wifiScan\":[{\"ssid\":\"one\"},{\"ssid\":\"two\",\"security\":\"open\"}]");

  g_assert_true (says (world, "GET " NETWORKS "/0", "\"connectionState\":\"connected\""));
  add_network (world, "{\"ssid\":\"two\",\"securityState\":\"open\"}");
  g_usleep (80 * 1000); /* twice the time that an attempt takes */
  g_assert_true (says (world, "GET " NETWORKS "/1", "\"connectionState\":\"disconnected\""));
  world_expect (world, "DELETE " NETWORKS "/0", NULL, 200, "{}");
  wait_for (world, "GET " NETWORKS "/1", "\"connectionState\":\"connected\"");
}

#define EAP_SCAN "\"wifiScan\":[{\"ssid\":\"eap\",\"security\":\"eaptls\"%s}]"
#define EAP_NETWORK                                                                                \
  "{\"ssid\":\"eap\",\"securityState\":\"eaptls\",\"clientCertStoreIdentifier\":\"me\","           \
  "\"rootCaCertStoreIdentifier\":\"root\",\"clientIdentity\":\"pump\"}"

/* Certificates count as they were when the configuration was loaded. */
static void
test_eap_tls (void)
{
  g_autofree char *members = g_strdup_printf (TIMES EAP_SCAN, "");
  g_autoptr (World) world = world_new (members);
  g_autoptr (MadeCert) client = made_cert_new_days ("pump", -1, 100);
  g_autoptr (MadeCert) root = made_cert_new_days ("ca", -1, 100);

  add_network (world, EAP_NETWORK);
  wait_for (world, "GET " DIAGNOSTICS "/0", "\"certError\":\"CertificateNotFound\"");
  add_cert (world, "me", "client", client);
  add_cert (world, "root", "rootca", root);
  g_usleep (150 * 1000); /* more than one attempt later */
  g_assert_true (says (world, "GET " DIAGNOSTICS "/0", "\"certError\":\"CertificateNotFound\""));
  world_expect (world, "PATCH /wifi/interface", "{\"reloadConfig\":true}", 200, "{}");
  wait_for (world, "GET " NETWORKS "/0", "\"connectionState\":\"connected\"");
}

static void
test_eap_tls_reasons (void)
{
  static const struct
  {
    const char *board;
    const char *point;
    int client_days[2];
    gboolean swapped;
    const char *error; /* NULL: it connects */
  } cases[] = {
    { "", "", { -10, -1 }, FALSE, NULL }, /* no clock, no dates */
    { "\"behaviour\":{\"certificateDates\":\"always\"},", "", { -1, 9 }, FALSE, "NotYetValid" },
    { "\"ethernetAddress\":\"02:00:00:00:00:01\",\"ethernetCable\":true,",
      "",
      { -10, -1 },
      FALSE,
      "Expired" },
    { "\"ethernetAddress\":\"02:00:00:00:00:01\",\"ethernetCable\":true,",
      "",
      { 1, 9 },
      FALSE,
      "NotYetValid" },
    { "", "", { -1, 9 }, TRUE, "InvalidClientAuth" },
    { "", ",\"serverCertError\":\"Untrusted\"", { -1, 9 }, FALSE, "Untrusted" },
    { "", ",\"clientIdentity\":\"boss\"", { -1, 9 }, FALSE, "UnknownClientId" },
    { "", ",\"clientIdentity\":\"pump\"", { -1, 9 }, FALSE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *scan = g_strdup_printf (EAP_SCAN, cases[i].point);
      g_autofree char *members = g_strconcat (TIMES, cases[i].board, scan, NULL);
      g_autoptr (World) world = world_new (members);
      g_autoptr (MadeCert) client =
          made_cert_new_days ("pump", cases[i].client_days[0], cases[i].client_days[1]);
      g_autoptr (MadeCert) root = made_cert_new_days ("ca", -1, 100);

      if (strstr (cases[i].board, "ethernetCable") != NULL)
        wait_for (world, "GET /net/status", "\"networkTimeSync\":\"complete\"");
      add_cert (world, "me", cases[i].swapped ? "rootca" : "client", client);
      add_cert (world, "root", cases[i].swapped ? "client" : "rootca", root);
      add_network (world, EAP_NETWORK);
      if (cases[i].error != NULL)
        wait_for (world, "GET " DIAGNOSTICS "/0", cases[i].error);
      else
        wait_for (world, "GET " NETWORKS "/0", "\"connectionState\":\"connected\"");
    }
}

/* What an access point does not give. */
static void
test_what_lies_behind (void)
{
  static const struct
  {
    const char *point;
    const char *interface;
    const char *status;
  } cases[] = {
    { "\"address\":false",
      "\"connectedToNetwork\":true,\"ipAcquired\":false,\"connectedToInternet\":false",
      "\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"incomplete\"" },
    { "\"internet\":\"no\"", "\"ipAcquired\":true,\"connectedToInternet\":false",
      "\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"incomplete\"" },
    { "\"internet\":\"proxy\"", "\"ipAcquired\":true,\"connectedToInternet\":false",
      "\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"complete\"" },
    { "\"timeServer\":false", "\"ipAcquired\":true,\"connectedToInternet\":true",
      "\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"incomplete\"" },
    { "\"deviceAuthentication\":false", "\"ipAcquired\":true,\"connectedToInternet\":true",
      "\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"complete\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members = g_strdup_printf (
          "\"wifiNetworks\":[{\"ssid\":\"a\",\"connected\":true}],\"wifiScan\":[{\"ssid\":\"a\","
          "%s}]",
          cases[i].point);
      g_autoptr (World) world = world_new (members);

      g_assert_true (says (world, "GET /net/interfaces/wlan0", cases[i].interface));
      g_assert_true (says (world, "GET /net/status", cases[i].status));
    }
}

static void
test_proxy (void)
{
  g_autoptr (World) world = world_new ("\"wifiNetworks\":[{\"ssid\":\"a\",\"connected\":true}],"
                                       "\"wifiScan\":[{\"ssid\":\"a\",\"internet\":\"proxy\"}]");
  g_autoptr (HttpReply) reply = NULL;

  g_assert_true (says (world, "GET /net/interfaces/wlan0", "\"connectedToInternet\":false"));
  reply = world_ask (world, "POST /net/proxy", NULL,
                     "{\"address\":\"proxy.plant\",\"port\":3128,\"enabled\":true,"
                     "\"authenticationType\":\"anonymous\"}");
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (says (world, "GET /net/interfaces/wlan0", "\"connectedToInternet\":true"));
  g_assert_true (says (world, "GET /net/status", "\"proxy\":\"ready\""));
}

static void
test_ethernet (void)
{
  g_autoptr (World) world =
      world_new (TIMES "\"ethernetAddress\":\"02:00:00:00:00:01\",\"ethernetCable\":true");

  wait_for (world, "GET /net/interfaces/eth0",
            "\"connectedToInternet\":true,\"hardwareAddress\":\"02:00:00:00:00:01\","
            "\"ipAssignment\":\"dynamic\",\"ipAddresses\":[\"192.168.1.21\"]");
  world_expect (world, "PATCH /net/interfaces/eth0", "{\"interfaceUp\":false}", 200, "{}");
  g_assert_true (says (world, "GET /net/interfaces/eth0", "\"connectedToNetwork\":false"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emulator/wifi/stages", test_stages);
  g_test_add_func ("/emulator/wifi/restart", test_restart);
  g_test_add_func ("/emulator/wifi/wrong-key", test_wrong_key);
  g_test_add_func ("/emulator/wifi/reasons", test_reasons);
  g_test_add_func ("/emulator/wifi/hidden-in-scan", test_hidden_in_scan);
  g_test_add_func ("/emulator/wifi/connection-stays", test_connection_stays);
  g_test_add_func ("/emulator/wifi/eap-tls", test_eap_tls);
  g_test_add_func ("/emulator/wifi/eap-tls-reasons", test_eap_tls_reasons);
  g_test_add_func ("/emulator/wifi/what-lies-behind", test_what_lies_behind);
  g_test_add_func ("/emulator/wifi/proxy", test_proxy);
  g_test_add_func ("/emulator/wifi/ethernet", test_ethernet);
  return world_run ();
}
