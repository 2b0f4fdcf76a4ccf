/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every operation's answer, compared as text. */
#include "world.h"

#include "lks-cursor.h"

#include <string.h>

#define APP "c0000000-0000-4000-8000-00000000000c"
#define OTHER_APP "d0000000-0000-4000-8000-00000000000d"
#define DEBUGGER "{\"name\":\"gdbserver\",\"componentId\":\"e0000000-0000-4000-8000-00000000000e\"}"

static void
test_open_endpoints (void)
{
  g_autoptr (World) world = world_new ("\"manufacturingState\":\"DeviceComplete\","
                                       "\"uptimeSeconds\":634,\"osVersion\":\"22.09\"");
  g_autoptr (HttpReply) reply = NULL;
  g_autofree char *version = NULL;
  g_autofree char *type = NULL;
  const char *device_id = emu_board_get_device_id (world->board);
  g_autofree char *security =
      g_strdup_printf ("{\"securityState\":\"SECURE\",\"deviceIdentifier\":\"%s\","
                       "\"deviceIdentityPublicKey\":\"%s\"}",
                       device_id, device_id);

  world_expect (world, "GET /status", NULL, 200, "{\"uptime\":634}");
  world_expect (world, "GET /osversion", NULL, 200, "{\"osversion\":\"22.09\"}");
  world_expect (world, "GET /device/manufacturing_state", NULL, 200,
                "{\"manufacturingState\":\"DeviceComplete\"}");
  world_expect (world, "GET /device/capabilities", NULL, 200, "{\"device_capabilities\":[]}");
  world_expect (world, "GET /device/security_state", NULL, 200, security);
  world_expect (world, "GET /net/status", NULL, 200,
                "{\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"incomplete\","
                "\"proxy\":\"disabled\"}");
  world_expect (world, "GET /abi_versions", NULL, 200,
                "{\"SecureWorldRuntime\":1,\"OSRuntime\":4,\"ApplicationRuntime\":16}");

  reply = world_ask (world, "GET /status", NULL, NULL);
  version = http_reply_get_header (reply, "REST-API-Version");
  g_assert_cmpstr (version, ==, "4.6.0");
  type = http_reply_get_header (reply, "Content-Type");
  g_assert_cmpstr (type, ==, WORLD_JSON);
}

static void
test_routing (void)
{
  g_autoptr (World) world = world_new ("");
  g_autofree char *version = NULL;
  g_autoptr (HttpReply) reply = NULL;

  world_expect_error (world, "GET /nothing/here", NULL, 404, 15728642);
  world_expect_error (world, "GET /", NULL, 404, 15728642);
  world_expect_error (world, "GET /status/", NULL, 404, 15728642);
  world_expect_error (world, "GET /app/status/not-a-guid", NULL, 404, 15728642);
  world_expect_error (world, "GET /wifi/config/networks/one", NULL, 404, 15728642);
  world_expect_error (world, "GET /wifi/config/networks/4294967296", NULL, 404, 15728642);
  world_expect_error (world, "DELETE /status", NULL, 400, 15728641);
  world_expect_error (world, "PATCH /update/stage", "{}", 400, 15728641);

  reply = world_ask (world, "GET /nothing/here", NULL, NULL);
  version = http_reply_get_header (reply, "REST-API-Version");
  g_assert_cmpstr (version, ==, "4.6.0");
}

static void
test_bodies (void)
{
  static const char *const json_requests[] = {
    "PUT /device/manufacturing_state", ("PATCH /app/status/" APP), "POST /certstore/certs/x",
    "PATCH /net/interfaces/wlan0",     "POST /net/proxy",          "POST /wifi/config/networks",
    "PATCH /wifi/config/networks/0",   "PATCH /wifi/interface",
  };
  g_autoptr (World) world = world_new ("\"capabilities\":[11]");
  g_autoptr (HttpReply) charset = NULL;
  g_autoptr (HttpReply) large = NULL;
  g_autofree char *much = g_strnfill (70000, ' ');

  for (gsize i = 0; i < G_N_ELEMENTS (json_requests); i++)
    {
      g_autoptr (HttpReply) reply =
          http_client_exchange (world->client, json_requests[i], NULL, "text/xml", "<a/>", 4);

      g_assert_cmpuint (reply->status, ==, 415);
      world_expect_error (world, json_requests[i], NULL, 400, 10485763);
      world_expect_error (world, json_requests[i], "{", 400, 10485761);
      world_expect_error (world, json_requests[i], "[]", 400, 10485761);
      world_expect_error (world, json_requests[i], "{\"a\":1,\"a\":2}", 400, 10485761);
    }

  charset = http_client_exchange (world->client, "PATCH /wifi/interface", NULL,
                                  "application/json; charset=utf-8", "{}", 2);
  g_assert_cmpuint (charset->status, ==, 200);
  large = http_client_exchange (world->client, "PATCH /wifi/interface", NULL, WORLD_JSON, much,
                                strlen (much));
  g_assert_cmpstr (large->body, ==, "{\"error\":15728644}");
  world_expect_error (world, "PUT /update/stage", NULL, 400, 10485763);
  world_expect_status (world, "PUT /update/stage", "Content-Type: text/plain\r\n", 400);
}

static void
test_body_without_length (void)
{
  static const char text[] = "PATCH /wifi/interface HTTP/1.1\r\nHost: 192.168.35.2\r\n"
                             "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "2\r\n{}\r\n0\r\n\r\n";
  g_autoptr (World) world = world_new ("");
  g_autoptr (HttpReply) reply = NULL;

  http_client_connect (world->client);
  http_client_send (world->client, text, strlen (text));
  reply = http_client_receive (world->client);
  g_assert_cmpstr (reply->body, ==, "{\"error\":10485764}");
}

/* What is too large is not kept, and the connection lives on. */
static void
test_image_too_large (void)
{
  g_autoptr (World) world = world_new ("");
  gsize size_bytes = 9 * 1024 * 1024;
  g_autofree char *data = g_malloc0 (size_bytes);
  g_autoptr (HttpReply) reply = http_client_exchange (world->client, "PUT /update/stage", NULL,
                                                      WORLD_BINARY, data, size_bytes);

  g_assert_cmpstr (reply->body, ==, "{\"error\":15728644}");
  world_expect (world, "GET /osversion", NULL, 200, "{\"osversion\":\"24.06\"}");
}

/* A client may ask before it sends a large body. */
static void
test_expect_continue (void)
{
  static const char head[] = "PATCH /wifi/interface HTTP/1.1\r\nHost: 192.168.35.2\r\n"
                             "Content-Type: application/json\r\nContent-Length: 2\r\n"
                             "Expect: 100-continue\r\n\r\n";
  static const char go_on[] = "HTTP/1.1 100 Continue\r\n";
  g_autoptr (World) world = world_new ("");
  g_autoptr (HttpReply) reply = NULL;

  http_client_connect (world->client);
  http_client_send (world->client, head, strlen (head));
  http_client_wait_input (world->client, strlen (go_on));
  g_assert_true (g_str_has_prefix (world->client->input->str, go_on));
  g_assert_true (g_str_has_suffix (world->client->input->str, "\r\n\r\n"));
  g_string_truncate (world->client->input, 0);
  http_client_send (world->client, "{}", 2);
  reply = http_client_receive (world->client);
  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_large_header (void)
{
  g_autoptr (World) world = world_new ("");
  g_autofree char *filler = g_strnfill (9000, 'x');
  g_autofree char *line = g_strdup_printf ("X-Filler: %s\r\n", filler);
  g_autoptr (HttpReply) reply = world_ask (world, "GET /status", line, NULL);

  g_assert_cmpstr (reply->body, ==, "{\"error\":15728647}");
}

static void
test_old_versions (void)
{
  g_autoptr (World) world = world_new ("\"restApiVersion\":\"2.0.0\"");
  g_autoptr (World) newer = world_new ("\"restApiVersion\":\"4.4.0\"");
  g_autofree char *first = NULL;

  world_expect_status (world, "GET /status", NULL, 200);
  world_expect_error (world, "GET /osversion", NULL, 404, 15728642);
  world_expect_error (world, "GET /device/capabilities", NULL, 404, 15728642);
  world_expect_error (world, "GET /net/interfaces", NULL, 404, 15728642);
  world_expect_status (world, "GET /images", NULL, 200);
  world_expect (world, "DELETE /net/proxy", NULL, 200, "{\"error\":0}");
  world_expect (world, "GET /net/proxy", NULL, 200, "{}");
  first = g_strdup_printf ("{\"securityState\":\"SECURE\",\"generalPublicKey\":\"%s\","
                           "\"deviceIdentityPublicKey\":\"%s\"}",
                           emu_board_get_device_id (world->board),
                           emu_board_get_device_id (world->board));
  world_expect (world, "GET /device/security_state", NULL, 200, first);

  world_expect_error (newer, "GET /osversion", NULL, 404, 15728642);
  world_expect_status (newer, "GET /net/firewall/rulesets", NULL, 200);
}

static void
test_images (void)
{
  g_autoptr (World) world =
      world_new ("\"images\":[{\"name\":\"Blink\",\"componentId\":\"" APP "\","
                 "\"imageId\":\"" OTHER_APP "\",\"sizeBytes\":16596}]");
  g_autoptr (HttpReply) reply = world_ask (world, "GET /images", NULL, NULL);

  g_assert_true (
      g_str_has_prefix (reply->body,
                        "{\"is_ota_update_in_progress\":false,\"has_staged_updates\":false,"
                        "\"restart_required\":false,\"components\":[{\"uid\":\""));
  g_assert_true (g_str_has_suffix (
      reply->body,
      ",{\"uid\":\"" APP "\",\"image_type\":10,\"is_update_staged\":false,"
      "\"does_image_type_require_restart\":false,\"images\":[{\"uid\":\"" OTHER_APP "\","
      "\"length_in_bytes\":16596,\"uncompressed_length_in_bytes\":16596,\"replica_type\":0}],"
      "\"name\":\"Blink\"}]}"));
  for (guint type = 1; type <= 9; type++)
    {
      g_autofree char *text = g_strdup_printf ("\"image_type\":%u,", type);

      g_assert_nonnull (strstr (reply->body, text));
    }
  g_assert_nonnull (strstr (reply->body, "\"image_type\":16,"));
  g_assert_nonnull (strstr (reply->body, "\"image_type\":19,"));
  g_assert_nonnull (strstr (reply->body, "\"image_type\":22,"));
}

static void
test_app_status (void)
{
  g_autoptr (World) world =
      world_new ("\"capabilities\":[11],\"images\":[{\"name\":\"Blink\",\"componentId\":\"" APP
                 "\"}," DEBUGGER "]");

  world_expect (world, "GET /app/status/" OTHER_APP, NULL, 200, "{\"state\":\"notPresent\"}");
  world_expect (world, "GET /app/status/" APP, NULL, 200, "{\"state\":\"running\"}");
  world_expect (world, "PATCH /app/status/" APP, "{\"trigger\":\"stop\"}", 200,
                "{\"state\":\"stopped\"}");
  world_expect (world, "GET /app/status/C0000000-0000-4000-8000-00000000000C", NULL, 200,
                "{\"state\":\"stopped\"}");
  world_expect (world, "PATCH /app/status/" APP, "{\"trigger\":\"startDebug\"}", 200,
                "{\"state\":\"debugging\",\"gdbPort\":2345,\"outPort\":2342}");
  world_expect (world, "PATCH /app/status/" APP, "{\"trigger\":\"start\"}", 200,
                "{\"state\":\"running\"}");
  world_expect_error (world, "PATCH /app/status/" OTHER_APP, "{\"trigger\":\"start\"}", 409,
                      14680076);
  world_expect_error (world, "PATCH /app/status/" APP, "{\"trigger\":\"jump\"}", 400, 14680073);
  world_expect_error (world, "PATCH /app/status/" APP, "{\"trigger\":1}", 400, 10485762);
}

static void
test_app_without_rights (void)
{
  g_autoptr (World) world =
      world_new ("\"images\":[{\"name\":\"Blink\",\"componentId\":\"" APP "\"}]");
  g_autoptr (World) bare = world_new (
      "\"capabilities\":[11],\"images\":[{\"name\":\"Blink\",\"componentId\":\"" APP "\"}]");

  world_expect_error (world, "PATCH /app/status/" APP, "{\"trigger\":\"stop\"}", 403, 1048596);
  world_expect_error (bare, "PATCH /app/status/" APP, "{\"trigger\":\"startDebug\"}", 409, 3145738);
}

static void
test_quota_and_memory (void)
{
  g_autoptr (World) world =
      world_new ("\"capabilities\":[11],\"images\":[{\"name\":\"Store\",\"componentId\":\"" APP
                 "\",\"storageKib\":8,\"usageKib\":3,\"sizeBytes\":8000}]");

  world_expect (world, "GET /app/quota/" APP, NULL, 200, "{\"UsageKB\":3,\"LimitKB\":8}");
  world_expect_error (world, "GET /app/quota/" OTHER_APP, NULL, 404, 14680076);
  world_expect (world, "GET /stats/memory/groups/applications", NULL, 200,
                "{\"memoryStats\":{\"currentMemoryUsageInBytes\":89920,"
                "\"userModeMemoryUsageInBytes\":40768,\"peakUserModeMemoryUsageInBytes\":48960},"
                "\"apps\":[{\"componentId\":\"" APP "\",\"processes\":[{\"pid\":55,"
                "\"heapUsageByCaller\":[{\"name\":\"Store\",\"usageInBytes\":5096}]}]}]}");
}

static void
test_interfaces (void)
{
  static const char service[] =
      "{\"interfaceName\":\"azspheresvc\",\"interfaceUp\":true,\"connectedToNetwork\":false,"
      "\"ipAcquired\":false,\"connectedToInternet\":false,\"ipAddresses\":[\"192.168.35.2\"]}";
  static const char loopback[] =
      "{\"interfaceName\":\"lo\",\"interfaceUp\":true,\"connectedToNetwork\":false,"
      "\"ipAcquired\":false,\"connectedToInternet\":false,\"ipAddresses\":[\"127.0.0.1\"]}";
  static const char wifi_up[] =
      "{\"interfaceName\":\"wlan0\",\"interfaceUp\":true,\"connectedToNetwork\":false,"
      "\"ipAcquired\":false,\"connectedToInternet\":false,"
      "\"hardwareAddress\":\"02:01:02:03:04:05\",\"ipAssignment\":\"dynamic\"}";
  static const char ethernet[] =
      "{\"interfaceName\":\"eth0\",\"interfaceUp\":true,\"connectedToNetwork\":false,"
      "\"ipAcquired\":false,\"connectedToInternet\":false,"
      "\"hardwareAddress\":\"02:00:00:00:00:01\",\"ipAssignment\":\"dynamic\"}";
  g_autoptr (World) world = world_new ("\"wifiAddress\":\"02:01:02:03:04:05\"");
  g_autoptr (World) wired = world_new ("\"ethernetAddress\":\"02:00:00:00:00:01\"");
  g_autofree char *all =
      g_strdup_printf ("{\"interfaces\":[%s,%s,%s]}", service, loopback, wifi_up);

  world_expect (world, "GET /net/interfaces", NULL, 200, all);
  world_expect (world, "GET /net/interfaces/azspheresvc", NULL, 200, service);
  world_expect (world, "GET /net/interfaces/lo", NULL, 200, loopback);
  world_expect (world, "GET /net/interfaces/wlan0", NULL, 200, wifi_up);
  world_expect (wired, "GET /net/interfaces/eth0", NULL, 200, ethernet);
  world_expect_error (world, "GET /net/interfaces/eth0", NULL, 404, 15728642);
  world_expect_error (world, "PATCH /net/interfaces/eth7", "{\"interfaceUp\":true}", 404, 31457294);
  world_expect_error (world, "PATCH /net/interfaces/wlan0",
                      "{\"hardwareAddress\":\"02:00:00:00:00:02\"}", 400, 31457295);
  world_expect_error (wired, "PATCH /net/interfaces/eth0", "{\"hardwareAddress\":\"02:00\"}", 400,
                      31457286);
  world_expect_error (world, "PATCH /net/interfaces/wlan0", "{\"interfaceUp\":1}", 400, 10485762);
  world_expect (wired, "PATCH /net/interfaces/eth0", "{\"hardwareAddress\":\"02:00:00:00:00:09\"}",
                200, "{}");
}

/* Wi-Fi requests fail as soon as the interface is told to go down; the interface itself
 * follows later. */
static void
test_interface_down (void)
{
  g_autoptr (World) world = world_new ("\"interfaceDelayMs\":20000");
  g_autoptr (HttpReply) reply = NULL;

  world_expect (world, "PATCH /net/interfaces/wlan0", "{\"interfaceUp\":false}", 200, "{}");
  reply = world_ask (world, "GET /net/interfaces/wlan0", NULL, NULL);
  g_assert_nonnull (strstr (reply->body, "\"interfaceUp\":true"));
  world_expect_error (world, "GET /wifi/scan", NULL, 500, 13631506);
  world_expect_error (world, "GET /wifi/config/networks", NULL, 500, 13631506);
  world_expect_error (world, "DELETE /wifi/config/networks/0", NULL, 500, 13631506);
  world_expect_error (world, "GET /wifi/diagnostics/networks", NULL, 500, 13631506);
  world_expect (world, "PATCH /net/interfaces/wlan0", "{\"interfaceUp\":true}", 200, "{}");
  world_expect (world, "GET /wifi/config/networks", NULL, 200, "{\"values\":[]}");
}

static void
test_proxy (void)
{
  static const char anonymous[] = "{\"address\":\"example.com\",\"enabled\":true,\"port\":8081,"
                                  "\"authenticationType\":\"anonymous\",\"noProxyAddresses\":[]}";
  static const char request[] =
      "{\"enabled\":false,\"address\":\"10.0.0.1\",\"port\":3128,"
      "\"noProxyAddresses\":[\"a/b\",\"c\"],\"authenticationType\":\"basic\","
      "\"username\":\"user\",\"password\":\"secret\"}";
  g_autoptr (World) world = world_new ("");

  world_expect (world, "GET /net/proxy", NULL, 200, "{}");
  world_expect (world, "DELETE /net/proxy", NULL, 200, "{}");
  world_expect (world, "POST /net/proxy", anonymous, 200, anonymous);
  world_expect (world, "GET /net/proxy", NULL, 200, anonymous);
  world_expect (world, "POST /net/proxy", request, 200,
                "{\"address\":\"10.0.0.1\",\"enabled\":false,\"port\":3128,"
                "\"authenticationType\":\"basic\",\"username\":\"user\",\"password\":\"secret\","
                "\"noProxyAddresses\":[\"a\\/b\",\"c\"]}");
  world_expect (world, "GET /net/proxy", NULL, 200,
                "{\"address\":\"10.0.0.1\",\"enabled\":false,\"port\":3128,"
                "\"authenticationType\":\"basic\",\"username\":\"user\","
                "\"noProxyAddresses\":[\"a\\/b\",\"c\"]}");
  world_expect (world, "DELETE /net/proxy", NULL, 200, "{}");
  world_expect (world, "GET /net/proxy", NULL, 200, "{}");
}

static void
test_proxy_errors (void)
{
  static const struct
  {
    const char *body;
    int number;
  } cases[] = {
    { "{\"enabled\":1}", 10485779 },
    { "{}", 10485788 },
    { "{\"address\":\"\"}", 10485781 },
    { "{\"address\":\"a\"}", 10485787 },
    { "{\"address\":\"a\",\"port\":65536}", 10485780 },
    { "{\"address\":\"a\",\"port\":\"1\"}", 10485780 },
    { "{\"address\":\"a\",\"port\":1}", 10485789 },
    { "{\"address\":\"a\",\"port\":1,\"authenticationType\":\"x\"}", 10485785 },
    { "{\"address\":\"a\",\"port\":1,\"authenticationType\":\"basic\"}", 10485783 },
    { "{\"address\":\"a\",\"port\":1,\"authenticationType\":\"basic\",\"username\":\"u\"}",
      10485784 },
    { "{\"address\":\"a\",\"port\":1,\"authenticationType\":\"anonymous\",\"username\":\"u\"}",
      10485783 },
    { "{\"address\":\"a\",\"port\":1,\"authenticationType\":\"anonymous\","
      "\"noProxyAddresses\":[1]}",
      10485782 },
  };
  g_autoptr (World) world = world_new ("");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    world_expect_error (world, "POST /net/proxy", cases[i].body, 400, cases[i].number);
  world_expect (world, "GET /net/proxy", NULL, 200, "{}");
}

static void
test_firewall (void)
{
  g_autoptr (World) world = world_new ("");
  g_autoptr (HttpReply) reply = world_ask (world, "GET /net/firewall/rulesets", NULL, NULL);

  g_assert_true (g_str_has_prefix (
      reply->body,
      "{\"rulesets\":[{\"hook\":\"PREROUTING\",\"isValid\":false,\"rules\":[]},"
      "{\"hook\":\"INPUT\",\"isValid\":true,\"rules\":[{\"sourceIP\":\"0.0.0.0\","
      "\"sourceMask\":\"0.0.0.0\",\"destinationIP\":\"127.0.0.1\","
      "\"destinationMask\":\"255.255.255.255\",\"uid\":4294967295,\"action\":\"accept\","
      "\"interfaceInName\":\"\",\"interfaceOutName\":\"\",\"state\":\"none\",\"tcpMask\":[],"
      "\"tcpCmp\":[],\"tcpInv\":false,\"protocol\":\"any\","
      "\"sourcePortRange\":{\"min\":0,\"max\":65535},"
      "\"destinationPortRange\":{\"min\":0,\"max\":65535},\"packets\":12,\"bytes\":996}"));
}

static void
test_wifi_networks (void)
{
  g_autoptr (World) world = world_new ("\"wifiScan\":[]");

  world_expect (world, "GET /wifi/config/networks", NULL, 200, "{\"values\":[]}");
  world_expect (world, "POST /wifi/config/networks",
                "{\"ssid\":\"TestEaptls\",\"securityState\":\"eaptls\",\"configName\":\"example1\","
                "\"configState\":\"enabled\",\"clientCertStoreIdentifier\":\"example\","
                "\"targetScan\":false,\"id\":-1}",
                201,
                "{\"ssid\":\"TestEaptls\",\"configState\":\"enabled\","
                "\"connectionState\":\"unknown\",\"id\":0,\"securityState\":\"eaptls\","
                "\"targetedScan\":false,\"configName\":\"example1\","
                "\"clientCertStoreIdentifier\":\"example\"}");
  world_expect (world, "POST /wifi/config/networks",
                "{\"ssid\":\"NETWORK1\",\"securityState\":\"psk\",\"configState\":\"enabled\","
                "\"targetedScan\":true,\"psk\":\"EXAMPLEPSK\",\"configName\":\"example1\"}",
                201,
                "{\"ssid\":\"NETWORK1\",\"configState\":\"enabled\","
                "\"connectionState\":\"unknown\",\"id\":1,\"securityState\":\"psk\","
                "\"targetedScan\":true,\"configName\":\"example1\"}");
  world_expect (world, "GET /wifi/config/networks/1", NULL, 200,
                "{\"ssid\":\"NETWORK1\",\"configState\":\"enabled\","
                "\"connectionState\":\"disconnected\",\"id\":1,\"securityState\":\"psk\","
                "\"targetedScan\":true,\"configName\":\"example1\"}");
  world_expect (world, "DELETE /wifi/config/networks/0", NULL, 200, "{}");
  world_expect (world, "PATCH /wifi/config/networks/1",
                "{\"configState\":\"disabled\",\"psk\":\"NETWORK1\"}", 200,
                "{\"ssid\":\"NETWORK1\",\"configState\":\"disabled\","
                "\"connectionState\":\"disconnected\",\"id\":1,\"securityState\":\"psk\","
                "\"targetedScan\":true,\"configName\":\"example1\"}");
  world_expect (world, "GET /wifi/config/networks", NULL, 200,
                "{\"values\":[{\"ssid\":\"NETWORK1\",\"configState\":\"disabled\","
                "\"connectionState\":\"disconnected\",\"id\":1,\"securityState\":\"psk\","
                "\"targetedScan\":true,\"configName\":\"example1\"}]}");
  world_expect_error (world, "GET /wifi/config/networks/0", NULL, 404, 13631491);
  world_expect_error (world, "DELETE /wifi/config/networks/0", NULL, 404, 13631491);
  world_expect_error (world, "PATCH /wifi/config/networks/0", "{\"psk\":\"Test\"}", 400, 13631513);
  world_expect_error (world, "PATCH /wifi/config/networks/0", "{\"psk\":\"TestTest\"}", 404,
                      13631491);
}

static void
test_wifi_network_errors (void)
{
#define LONG_TEXT "0123456789012345678901234567890123456789012345678901234567890123456789"
  static const struct
  {
    const char *body;
    int number;
  } cases[] = {
    { "{}", 13631496 },
    { "{\"ssid\":\"\",\"securityState\":\"open\"}", 13631496 },
    { "{\"ssid\":\"" LONG_TEXT "\",\"securityState\":\"open\"}", 13631503 },
    { "{\"ssid\":1,\"securityState\":\"open\"}", 13631496 },
    { "{\"ssid\":\"a\"}", 13631496 },
    { "{\"ssid\":\"a\",\"securityState\":\"wep\"}", 13631496 },
    { "{\"ssid\":\"a\",\"securityState\":\"psk\"}", 13631513 },
    { "{\"ssid\":\"a\",\"securityState\":\"psk\",\"psk\":\"short\"}", 13631513 },
    { "{\"ssid\":\"a\",\"securityState\":\"psk\",\"psk\":\"" LONG_TEXT "\"}", 13631504 },
    { "{\"ssid\":\"a\",\"securityState\":\"open\",\"configName\":\"12345678901234567\"}",
      10485776 },
    { "{\"ssid\":\"a\",\"securityState\":\"open\",\"configState\":\"unknown\"}", 13631496 },
    { "{\"ssid\":\"a\",\"securityState\":\"open\",\"targetedScan\":\"no\"}", 10485769 },
    { "{\"ssid\":\"a\",\"securityState\":\"eaptls\"}", 13631512 },
    { "{\"ssid\":\"a\",\"securityState\":\"eaptls\","
      "\"clientCertStoreIdentifier\":\"12345678901234567\"}",
      10485772 },
    { "{\"ssid\":\"a\",\"securityState\":\"eaptls\",\"clientCertStoreIdentifier\":\"b\","
      "\"rootCaCertStoreIdentifier\":\"12345678901234567\"}",
      10485771 },
  };
  g_autoptr (World) world = world_new ("");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    world_expect_error (world, "POST /wifi/config/networks", cases[i].body, 400, cases[i].number);
  world_expect (world, "GET /wifi/config/networks", NULL, 200, "{\"values\":[]}");
}

static void
add_open_network (World *world, const char *ssid, guint id)
{
  g_autofree char *body =
      g_strdup_printf ("{\"ssid\":\"%s\",\"securityState\":\"open\",\"configName\":\"same\"}",
                       ssid);
  g_autofree char *text = g_strdup_printf ("\"id\":%u,", id);
  g_autoptr (HttpReply) reply = world_ask (world, "POST /wifi/config/networks", NULL, body);

  g_assert_cmpuint (reply->status, ==, 201);
  g_assert_nonnull (strstr (reply->body, text));
}

static void
test_wifi_ids (void)
{
  static const struct
  {
    const char *rule;
    guint id_after_middle; /* 0 and 2 are left of 0, 1, 2 */
    guint id_after_all;
  } cases[] = {
    { "after-highest", 3, 0 },
    { "lowest-free", 1, 0 },
    { "never-again", 3, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members =
          g_strdup_printf ("\"behaviour\":{\"networkIds\":\"%s\"}", cases[i].rule);
      g_autoptr (World) world = world_new (members);
      g_autofree char *path =
          g_strdup_printf ("DELETE /wifi/config/networks/%u", cases[i].id_after_middle);

      add_open_network (world, "a", 0);
      add_open_network (world, "b", 1);
      add_open_network (world, "c", 2);
      world_expect (world, "DELETE /wifi/config/networks/1", NULL, 200, "{}");
      add_open_network (world, "d", cases[i].id_after_middle);
      world_expect (world, path, NULL, 200, "{}");
      world_expect (world, "DELETE /wifi/config/networks/0", NULL, 200, "{}");
      world_expect (world, "DELETE /wifi/config/networks/2", NULL, 200, "{}");
      add_open_network (world, "e", cases[i].id_after_all);
    }
}

static void
test_wifi_unique_names (void)
{
  g_autoptr (World) world = world_new ("\"behaviour\":{\"uniqueConfigNames\":true}");

  add_open_network (world, "a", 0);
  world_expect_error (world, "POST /wifi/config/networks",
                      "{\"ssid\":\"b\",\"securityState\":\"open\",\"configName\":\"same\"}", 400,
                      13631511);
}

static void
test_wifi_interface (void)
{
  g_autoptr (World) world = world_new ("\"wifiAddress\":\"02:01:02:03:04:05\"");
  g_autoptr (World) connected =
      world_new ("\"wifiAddress\":\"02:01:02:03:04:05\",\"wifiNetworks\":[{\"ssid\":\"Factory\","
                 "\"connected\":true,\"configName\":\"line\"}]");
  g_autoptr (World) older =
      world_new ("\"restApiVersion\":\"4.5.0\",\"wifiAddress\":\"02:01:02:03:04:05\"");

  world_expect (world, "GET /wifi/interface", NULL, 200,
                "{\"configState\":\"unknown\",\"connectionState\":\"disconnected\","
                "\"securityState\":\"unknown\",\"mode\":\"station\",\"key_mgmt\":\"UNKNOWN\","
                "\"wpa_state\":\"INACTIVE\",\"address\":\"02:01:02:03:04:05\",\"id\":-1,"
                "\"powerSavingsState\":\"disabled\"}");
  world_expect (world, "PATCH /wifi/interface",
                "{\"reloadConfig\":true,\"enablePowerSavings\":true}", 200, "{}");
  world_expect (world, "PATCH /wifi/interface", "{\"reloadConfig\":false}", 200, "{}");
  world_expect (world, "GET /wifi/interface", NULL, 200,
                "{\"configState\":\"unknown\",\"connectionState\":\"disconnected\","
                "\"securityState\":\"unknown\",\"mode\":\"station\",\"key_mgmt\":\"UNKNOWN\","
                "\"wpa_state\":\"INACTIVE\",\"address\":\"02:01:02:03:04:05\",\"id\":-1,"
                "\"powerSavingsState\":\"enabled\"}");
  world_expect_error (world, "PATCH /wifi/interface", "{\"reloadConfig\":1}", 400, 10485770);
  world_expect_error (world, "PATCH /wifi/interface", "{\"enablePowerSavings\":1}", 400, 10485790);
  world_expect (connected, "GET /wifi/interface", NULL, 200,
                "{\"ssid\":\"Factory\",\"configState\":\"enabled\","
                "\"connectionState\":\"connected\",\"securityState\":\"psk\","
                "\"mode\":\"station\",\"key_mgmt\":\"WPA2-PSK\",\"wpa_state\":\"COMPLETED\","
                "\"address\":\"02:01:02:03:04:05\",\"freq\":2437,"
                "\"ip_address\":\"192.168.1.20\",\"id\":0,\"configName\":\"line\","
                "\"powerSavingsState\":\"disabled\"}");
  world_expect (connected, "GET /net/status", NULL, 200,
                "{\"deviceAuthenticationIsReady\":true,\"networkTimeSync\":\"complete\","
                "\"proxy\":\"disabled\"}");
  world_expect (older, "GET /wifi/interface", NULL, 200,
                "{\"configState\":\"unknown\",\"connectionState\":\"disconnected\","
                "\"securityState\":\"unknown\",\"mode\":\"station\",\"key_mgmt\":\"UNKNOWN\","
                "\"wpa_state\":\"INACTIVE\",\"address\":\"02:01:02:03:04:05\",\"id\":-1}");
}

static void
test_wifi_scan_and_failures (void)
{
  g_autoptr (World) world =
      world_new ("\"scanMs\":1,\"wifiScan\":[{\"ssid\":\"A/B\",\"bssid\":\"11:11:11:11:11:12\","
                 "\"freqMhz\":5220,\"signalDbm\":-40}],\"wifiFailures\":[{\"ssid\":\"X\"},"
                 "{\"ssid\":\"Y\",\"networkId\":3,\"error\":\"AuthenticationFailed\","
                 "\"certError\":\"Expired\",\"certSubject\":\"CN=y\",\"certDepth\":1}]");

  world_expect (world, "GET /wifi/scan", NULL, 200,
                "{\"values\":[{\"bssid\":\"11:11:11:11:11:12\",\"freq\":5220,"
                "\"signal_level\":-40,\"ssid\":\"A\\/B\",\"securityState\":\"psk\"}]}");
  world_expect (world, "GET /wifi/diagnostics/networks/3", NULL, 200,
                "{\"timestamp\":\"2000-01-01t00:04:37+0000\",\"networkId\":3,\"ssid\":\"Y\","
                "\"error\":\"AuthenticationFailed\",\"configState\":\"disabled\","
                "\"connectionState\":\"disconnected\",\"certInfo\":{\"certSubject\":\"CN=y\","
                "\"certDepth\":1,\"certError\":\"Expired\"}}");
  world_expect_error (world, "GET /wifi/diagnostics/networks/9", NULL, 404, 13631491);
}

static void
test_telemetry (void)
{
  g_autoptr (World) world = world_new ("");
  g_autoptr (HttpReply) before = world_ask (world, "GET /telemetry", NULL, NULL);
  g_autoptr (HttpReply) after = NULL;
  const guint8 *bytes = (const guint8 *) before->body;

  g_assert_cmpuint (before->body_bytes, >, 5 + 256);
  g_assert_cmpuint (bytes[3] << 8 | bytes[4], ==, before->body_bytes - 5);
  world_expect (world, "DELETE /telemetry", NULL, 200, "{}");
  after = world_ask (world, "GET /telemetry", NULL, NULL);
  bytes = (const guint8 *) after->body;
  g_assert_cmpuint (after->body_bytes, ==, 5);
  g_assert_cmpuint (bytes[3] << 8 | bytes[4], ==, 0);
}

/* Clearing takes its time on a board. */
static void
test_telemetry_lingers (void)
{
  g_autoptr (World) world = world_new ("\"behaviour\":{\"telemetryClearMs\":60000}");
  g_autoptr (HttpReply) before = world_ask (world, "GET /telemetry", NULL, NULL);
  g_autoptr (HttpReply) after = NULL;

  world_expect (world, "DELETE /telemetry", NULL, 200, "{}");
  after = world_ask (world, "GET /telemetry", NULL, NULL);
  g_assert_cmpmem (before->body, before->body_bytes, after->body, after->body_bytes);
}

/* Reads the log as the vendor's parser does and counts its records. */
static guint
count_log_records (const guint8 *data, gsize size_bytes)
{
  guint records = 0;

  g_assert_cmpuint (size_bytes % 4096, ==, 0);
  for (gsize bank = 0; bank < size_bytes; bank += 4096)
    for (gsize at = 0; at < 4096 - 16;)
      {
        LksCursor cursor;
        guint16 length;
        guint8 priority;

        lks_cursor_init (&cursor, data + bank + at, 4092 - at);
        g_assert_true (lks_cursor_read_u16le (&cursor, &length, NULL));
        if (length == 0xffff)
          break;
        g_assert_cmpuint (length, >=, 12);
        g_assert_cmpuint (length, <=, 4092 - at);
        g_assert_true (lks_cursor_skip (&cursor, 1, NULL));
        g_assert_true (lks_cursor_read_u8 (&cursor, &priority, NULL));
        g_assert_cmpuint (priority, <=, 6);
        at += length;
        records++;
      }

  return records;
}

static void
test_log (void)
{
  g_autoptr (World) world = world_new (
      "\"capabilities\":[11],\"images\":[{\"name\":\"Blink\",\"componentId\":\"" APP "\"}]");
  g_autoptr (HttpReply) first = world_ask (world, "GET /log", NULL, NULL);
  g_autoptr (HttpReply) last = NULL;
  g_autofree char *type = http_reply_get_header (first, "Content-Type");
  guint records = count_log_records ((const guint8 *) first->body, first->body_bytes);

  g_assert_cmpstr (type, ==, WORLD_BINARY);
  g_assert_cmpuint (records, >, 10);
  world_expect (world, "PATCH /app/status/" APP, "{\"trigger\":\"stop\"}", 200,
                "{\"state\":\"stopped\"}");
  last = world_ask (world, "GET /log", NULL, NULL);
  g_assert_cmpuint (count_log_records ((const guint8 *) last->body, last->body_bytes), ==,
                    records + 1);

  for (guint i = 0; i < 1700; i++)
    {
      g_autoptr (HttpReply) reply =
          world_ask (world, "PATCH /app/status/" APP, NULL, "{\"trigger\":\"stop\"}");

      g_assert_cmpuint (reply->status, ==, 200);
    }
  g_clear_pointer (&last, http_reply_free);
  last = world_ask (world, "GET /log", NULL, NULL);
  g_assert_cmpuint (last->body_bytes, ==, 8 * 4096);
  g_assert_cmpuint (count_log_records ((const guint8 *) last->body, last->body_bytes), >, 900);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emulator/rest/open-endpoints", test_open_endpoints);
  g_test_add_func ("/emulator/rest/routing", test_routing);
  g_test_add_func ("/emulator/rest/bodies", test_bodies);
  g_test_add_func ("/emulator/rest/body-without-length", test_body_without_length);
  g_test_add_func ("/emulator/rest/image-too-large", test_image_too_large);
  g_test_add_func ("/emulator/rest/expect-continue", test_expect_continue);
  g_test_add_func ("/emulator/rest/large-header", test_large_header);
  g_test_add_func ("/emulator/rest/old-versions", test_old_versions);
  g_test_add_func ("/emulator/rest/images", test_images);
  g_test_add_func ("/emulator/rest/app-status", test_app_status);
  g_test_add_func ("/emulator/rest/app-without-rights", test_app_without_rights);
  g_test_add_func ("/emulator/rest/quota-and-memory", test_quota_and_memory);
  g_test_add_func ("/emulator/rest/interfaces", test_interfaces);
  g_test_add_func ("/emulator/rest/interface-down", test_interface_down);
  g_test_add_func ("/emulator/rest/proxy", test_proxy);
  g_test_add_func ("/emulator/rest/proxy-errors", test_proxy_errors);
  g_test_add_func ("/emulator/rest/firewall", test_firewall);
  g_test_add_func ("/emulator/rest/wifi-networks", test_wifi_networks);
  g_test_add_func ("/emulator/rest/wifi-network-errors", test_wifi_network_errors);
  g_test_add_func ("/emulator/rest/wifi-ids", test_wifi_ids);
  g_test_add_func ("/emulator/rest/wifi-unique-names", test_wifi_unique_names);
  g_test_add_func ("/emulator/rest/wifi-interface", test_wifi_interface);
  g_test_add_func ("/emulator/rest/wifi-scan-and-failures", test_wifi_scan_and_failures);
  g_test_add_func ("/emulator/rest/telemetry", test_telemetry);
  g_test_add_func ("/emulator/rest/log", test_log);
  g_test_add_func ("/emulator/rest/telemetry-lingers", test_telemetry_lingers);

  return world_run ();
}
