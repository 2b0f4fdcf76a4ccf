/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"

#include "lks-device-app.h"
#include "lks-device-cert.h"
#include "lks-device-diag.h"
#include "lks-device-images.h"
#include "lks-device-net.h"
#include "lks-device-number.h"
#include "lks-device-state.h"
#include "lks-device-update.h"
#include "lks-device-wifi.h"

#include <string.h>

/* Each of the 42 operations: the bytes it sends and the values it makes of a board's answer. */

#define COMPONENT "96b15265-111a-4889-9137-2a4bd62470a0"
#define COMPONENT_2 "6a6f6b65-0000-4000-8000-0123456789AB"
#define IMAGE "01234567-89ab-cdef-0123-456789abcdef"

#define ID_DIGITS "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"

#define assert_ok(expression, error)                                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_true (expression);                                                                    \
    g_assert_no_error (error);                                                                     \
  }                                                                                                \
  G_STMT_END

#define assert_got(pointer, error)                                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_no_error (error);                                                                     \
    g_assert_nonnull (pointer);                                                                    \
  }                                                                                                \
  G_STMT_END

static void
expect (Fixture *f, const char *request, const char *body, const char *json)
{
  board_server_expect (f->server, request, body, 200, json);
}

static void
test_security (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksDeviceSecurity) security = NULL;
  g_autofree char *lower = g_ascii_strdown (ID_DIGITS ID_DIGITS, -1);

  expect (f, "GET /device/security_state", "",
          "{\"new\":[1,{}],\"deviceIdentifier\":\"" ID_DIGITS ID_DIGITS "\","
          "\"securityState\":\"SECURE\"}");
  security = lks_device_get_security_state (f->device, NULL, &error);
  assert_got (security, error);
  g_assert_cmpint (security->state, ==, LKS_SECURITY_STATE_SECURE);
  g_assert_cmpstr (security->state_text, ==, "SECURE");
  g_assert_cmpstr (security->device_id, ==, lower);
  g_assert_null (security->identity_public_key);
  g_assert_cmpstr (lks_device_get_rest_version (f->device), ==, "4.6.0");
}

static void
test_security_of_old_board (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksDeviceSecurity) security = NULL;

  board_server_set_version (f->server, "rest-api-version:3.1.0 \r\n");
  expect (f, "GET /device/security_state", "",
          "{\"securityState\":\"FUTURE\",\"deviceIdentityPublicKey\":\"ab\"}");
  security = lks_device_get_security_state (f->device, NULL, &error);
  assert_got (security, error);
  g_assert_cmpint (security->state, ==, LKS_SECURITY_STATE_UNKNOWN);
  g_assert_cmpstr (security->state_text, ==, "FUTURE");
  g_assert_null (security->device_id);
  g_assert_cmpstr (security->identity_public_key, ==, "ab");
  g_assert_cmpstr (lks_device_get_rest_version (f->device), ==, "3.1.0");
}

static void
test_manufacturing (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *word;
    LksManufacturingState state;
  } words[] = {
    { "Blank", LKS_MANUFACTURING_STATE_BLANK },
    { "Module1Complete", LKS_MANUFACTURING_STATE_MODULE1_COMPLETE },
    { "DeviceComplete", LKS_MANUFACTURING_STATE_DEVICE_COMPLETE },
    { "Unknown", LKS_MANUFACTURING_STATE_UNKNOWN },
    { "devicecomplete", LKS_MANUFACTURING_STATE_UNKNOWN },
  };
  g_autoptr (GError) error = NULL;

  fixture_say_hello (f);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"manufacturingState\":\"%s\"}", words[i].word);
      g_autoptr (LksDeviceManufacturing) got = NULL;

      expect (f, "GET /device/manufacturing_state", "", json);
      got = lks_device_get_manufacturing_state (f->device, NULL, &error);
      assert_got (got, error);
      g_assert_cmpint (got->state, ==, words[i].state);
      g_assert_cmpstr (got->state_text, ==, words[i].word);
    }

  expect (f, "PUT /device/manufacturing_state", "{\"manufacturingState\":\"Module1Complete\"}",
          "{}");
  assert_ok (lks_device_set_manufacturing_state (f->device,
                                                 LKS_MANUFACTURING_STATE_MODULE1_COMPLETE, NULL,
                                                 &error),
             error);
  expect (f, "PUT /device/manufacturing_state", "{\"manufacturingState\":\"DeviceComplete\"}",
          "{\"error\":0}");
  assert_ok (lks_device_set_manufacturing_state (f->device, LKS_MANUFACTURING_STATE_DEVICE_COMPLETE,
                                                 NULL, &error),
             error);
}

static void
test_never_sets_other_states (Fixture *f, gconstpointer unused)
{
  const int wrong[] = { LKS_MANUFACTURING_STATE_UNKNOWN, LKS_MANUFACTURING_STATE_BLANK, 4, -1 };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (lks_device_set_manufacturing_state (f->device,
                                                          (LksManufacturingState) wrong[i], NULL,
                                                          &error));
      g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_INVALID_ARGUMENT);
    }
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 0);
}

static void
test_capabilities (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) numbers = NULL;
  g_autoptr (GArray) none = NULL;

  fixture_say_hello (f);
  expect (f, "GET /device/capabilities", "", "{\"device_capabilities\":[11,-7,2147483647]}");
  numbers = lks_device_get_capabilities (f->device, NULL, &error);
  assert_got (numbers, error);
  g_assert_cmpuint (numbers->len, ==, 3);
  g_assert_cmpint (g_array_index (numbers, gint32, 0), ==, 11);
  g_assert_cmpint (g_array_index (numbers, gint32, 1), ==, -7);
  g_assert_cmpint (g_array_index (numbers, gint32, 2), ==, G_MAXINT32);

  expect (f, "GET /device/capabilities", "", "{\"device_capabilities\":[]}");
  none = lks_device_get_capabilities (f->device, NULL, &error);
  assert_got (none, error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_os_version (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL;

  fixture_say_hello (f);
  expect (f, "GET /osversion", "", "{\"osversion\":\"24.06\"}");
  version = lks_device_get_os_version (f->device, NULL, &error);
  assert_got (version, error);
  g_assert_cmpstr (version, ==, "24.06");
}

static void
test_restart (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *head = NULL;
  gboolean is_restarting = FALSE;

  expect (f, "POST /restart", "", "{\"restartingSystem\":true}");
  assert_ok (lks_device_restart (f->device, &is_restarting, NULL, &error), error);
  g_assert_true (is_restarting);
  g_assert_null (lks_device_get_rest_version (f->device));

  head = board_server_dup_head (f->server);
  g_assert_nonnull (strstr (head, "\r\nContent-Length: 0\r\n"));
  g_assert_null (strstr (head, "Content-Type"));

  expect (f, "POST /restart", "", "{}");
  assert_ok (lks_device_restart (f->device, &is_restarting, NULL, &error), error);
  g_assert_false (is_restarting);
  g_assert_cmpuint (board_server_get_connections (f->server), ==, 2);
}

static void
test_app (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksAppStatus) status = NULL;
  g_autoptr (LksAppStatus) debugging = NULL;
  g_autoptr (LksAppStatus) stopped = NULL;
  LksAppQuota quota = { 0 };
  gboolean is_restarting = TRUE;

  fixture_say_hello (f);
  expect (f, "GET /app/status/" COMPONENT, "", "{\"state\":\"notPresent\"}");
  status = lks_device_get_app_status (f->device, COMPONENT, NULL, &error);
  assert_got (status, error);
  g_assert_cmpint (status->state, ==, LKS_APP_STATE_NOT_PRESENT);

  expect (f, "PATCH /app/status/" COMPONENT, "{\"trigger\":\"startDebug\"}",
          "{\"state\":\"debugging\",\"gdbPort\":2345,\"outPort\":2342,\"realTimeCore\":1}");
  debugging =
      lks_device_set_app_status (f->device, COMPONENT, LKS_APP_TRIGGER_START_DEBUG, NULL, &error);
  assert_got (debugging, error);
  g_assert_cmpint (debugging->state, ==, LKS_APP_STATE_DEBUGGING);
  g_assert_cmpuint (debugging->gdb_port, ==, 2345);
  g_assert_cmpuint (debugging->out_port, ==, 2342);
  g_assert_true (debugging->has_real_time_core);
  g_assert_cmpint (debugging->real_time_core, ==, 1);

  expect (f, "PATCH /app/status/" COMPONENT_2, "{\"trigger\":\"stop\"}", "{\"state\":\"stopped\"}");
  stopped = lks_device_set_app_status (f->device, COMPONENT_2, LKS_APP_TRIGGER_STOP, NULL, &error);
  assert_got (stopped, error);
  g_assert_cmpint (stopped->state, ==, LKS_APP_STATE_STOPPED);
  g_assert_false (stopped->has_real_time_core);

  expect (f, "DELETE /app/image/" COMPONENT, "", "{}");
  assert_ok (lks_device_delete_image (f->device, COMPONENT, &is_restarting, NULL, &error), error);
  g_assert_false (is_restarting);
  expect (f, "DELETE /app/image/" COMPONENT, "", "{\"restartingSystem\":true}");
  assert_ok (lks_device_delete_image (f->device, COMPONENT, &is_restarting, NULL, &error), error);
  g_assert_true (is_restarting);

  expect (f, "GET /app/quota/" COMPONENT, "", "{\"UsageKB\":3,\"LimitKB\":8}");
  assert_ok (lks_device_get_app_quota (f->device, COMPONENT, &quota, NULL, &error), error);
  g_assert_cmpint (quota.usage_kib, ==, 3);
  g_assert_cmpint (quota.limit_kib, ==, 8);
}

static void
test_certs (Fixture *f, gconstpointer unused)
{
  const LksCertRequest client = {
    .type = LKS_CERT_TYPE_CLIENT,
    .public_pem = "-----BEGIN-----\nAB\"\\\n",
    .private_pem = "KEY",
    .password = "pass\tword",
  };
  const LksCertRequest root = { .type = LKS_CERT_TYPE_ROOT_CA, .public_pem = "CA" };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCertInfo) info = NULL;
  g_auto (GStrv) ids = NULL;
  guint64 space_bytes = 0;

  expect (f, "GET /certstore/certs", "", "{\"identifiers\":[\"a\",\"test_cert\"]}");
  ids = lks_device_get_certs (f->device, NULL, &error);
  assert_got (ids, error);
  g_assert_cmpuint (g_strv_length (ids), ==, 2);
  g_assert_cmpstr (ids[1], ==, "test_cert");

  expect (f, "GET /certstore/certs/test_cert", "",
          "{\"id\":\"test_cert\",\"notBefore\":\"2022-06-17T09:12:46\","
          "\"notAfter\":\"2023-06-17T09:32:46\",\"subjectName\":\"\\/CN=a\","
          "\"issuerName\":\"\\/CN=b\"}");
  info = lks_device_get_cert (f->device, "test_cert", NULL, &error);
  assert_got (info, error);
  g_assert_cmpstr (info->id, ==, "test_cert");
  g_assert_cmpstr (info->not_before, ==, "2022-06-17T09:12:46");
  g_assert_cmpstr (info->not_after, ==, "2023-06-17T09:32:46");
  g_assert_cmpstr (info->subject, ==, "/CN=a");
  g_assert_cmpstr (info->issuer, ==, "/CN=b");

  expect (f, "POST /certstore/certs/a.B-1_",
          "{\"certType\":\"client\",\"publicCert\":\"-----BEGIN-----\\u000aAB\\\"\\\\\\u000a\","
          "\"privateKey\":\"KEY\",\"password\":\"pass\\u0009word\"}",
          "{}");
  assert_ok (lks_device_add_cert (f->device, "a.B-1_", &client, NULL, &error), error);
  expect (f, "POST /certstore/certs/r", "{\"certType\":\"rootca\",\"publicCert\":\"CA\"}", "{}");
  assert_ok (lks_device_add_cert (f->device, "r", &root, NULL, &error), error);

  expect (f, "DELETE /certstore/certs/r", "", "{}");
  assert_ok (lks_device_delete_cert (f->device, "r", NULL, &error), error);

  expect (f, "GET /certstore/space", "", "{\"AvailableSpace\":\"24514\"}");
  assert_ok (lks_device_get_cert_space (f->device, &space_bytes, NULL, &error), error);
  g_assert_cmpuint (space_bytes, ==, 24514);
}

static void
test_images (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksComponents) components = NULL;
  LksComponent *component;
  LksInstalledImage *image;
  LksAbiVersions versions = { 0 };

  expect (f, "GET /images", "",
          "{\"is_ota_update_in_progress\":false,\"has_staged_updates\":true,"
          "\"restart_required\":false,\"components\":[{\"uid\":\"" COMPONENT_2 "\","
          "\"image_type\":10,\"is_update_staged\":true,\"does_image_type_require_restart\":false,"
          "\"images\":[{\"uid\":\"" IMAGE "\",\"length_in_bytes\":31073,"
          "\"uncompressed_length_in_bytes\":35443,\"replica_type\":1}],\"name\":\"Blink\"},"
          "{\"uid\":\"" COMPONENT "\",\"image_type\":2,\"images\":[]}]}");
  components = lks_device_get_images (f->device, NULL, &error);
  assert_got (components, error);
  g_assert_false (components->is_ota_in_progress);
  g_assert_true (components->has_staged_updates);
  g_assert_false (components->is_restart_required);
  g_assert_cmpuint (components->components->len, ==, 2);
  component = lks_components_find (components, "6A6F6B65-0000-4000-8000-0123456789ab");
  g_assert_nonnull (component);
  g_assert_cmpint (component->image_type, ==, LKS_IMAGE_TYPE_APPLICATION);
  g_assert_true (component->is_update_staged);
  g_assert_cmpstr (component->name, ==, "Blink");
  image = g_ptr_array_index (component->images, 0);
  g_assert_cmpstr (image->id, ==, IMAGE);
  g_assert_cmpuint (image->size_bytes, ==, 31073);
  g_assert_cmpuint (image->uncompressed_size_bytes, ==, 35443);
  g_assert_cmpint (image->replica_type, ==, 1);
  component = lks_components_find (components, COMPONENT);
  g_assert_null (component->name);
  g_assert_cmpuint (component->images->len, ==, 0);
  g_assert_null (lks_components_find (components, IMAGE));

  expect (f, "GET /abi_versions", "",
          "{\"SecureWorldRuntime\":5,\"OSRuntime\":6,\"ApplicationRuntime\":16}");
  assert_ok (lks_device_get_abi_versions (f->device, &versions, NULL, &error), error);
  g_assert_cmpint (versions.secure_world_runtime, ==, 5);
  g_assert_cmpint (versions.os_runtime, ==, 6);
  g_assert_cmpint (versions.application_runtime, ==, 16);
}

static void
note_progress_cb (guint64 sent_bytes, guint64 total_bytes, gpointer user_data)
{
  guint64 *last = user_data;

  g_assert_cmpuint (sent_bytes, >, *last);
  g_assert_cmpuint (sent_bytes, <=, total_bytes);
  *last = sent_bytes;
}

static void
test_update (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) got = NULL;
  g_autofree char *head = NULL;
  gsize size = 300 * 1024;
  guint8 *bytes = g_malloc (size);
  g_autoptr (GBytes) package = NULL;
  guint64 sent_bytes = 0;
  gboolean is_restarting = TRUE;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (i * 7 + i / 251);
  package = g_bytes_new_take (bytes, size);

  fixture_say_hello (f);
  board_server_expect (f->server, "PUT /update/stage", NULL, 200, "{}");
  assert_ok (lks_device_stage_image (f->device, package, note_progress_cb, &sent_bytes, NULL,
                                     &error),
             error);
  g_assert_cmpuint (sent_bytes, ==, size);
  got = board_server_dup_body (f->server);
  g_assert_true (g_bytes_equal (got, package));
  head = board_server_dup_head (f->server);
  g_assert_nonnull (strstr (head, "\r\nContent-Type: application/octet-stream\r\n"));
  g_assert_null (strstr (head, "Expect"));

  expect (f, "POST /update/install", "{\"appControlMode\":\"Auto\"}", "{}");
  assert_ok (lks_device_install (f->device, LKS_APP_CONTROL_AUTO, &is_restarting, NULL, &error),
             error);
  g_assert_false (is_restarting);
  expect (f, "POST /update/install", "{\"appControlMode\":\"Manual\"}",
          "{\"restartingSystem\":true}");
  assert_ok (lks_device_install (f->device, LKS_APP_CONTROL_MANUAL, &is_restarting, NULL, &error),
             error);
  g_assert_true (is_restarting);
}

static void
test_diag (Fixture *f, gconstpointer unused)
{
  static const char binary[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\0\1{\xff\"";
  static const char empty[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) log = NULL;
  g_autoptr (GBytes) telemetry = NULL;
  g_autoptr (LksMemoryStats) stats = NULL;
  LksAppMemory *app;
  LksProcessMemory *process;
  LksHeapUsage *usage;

  fixture_say_hello (f);
  board_server_expect_raw (f->server, "GET /log", binary, sizeof binary - 1, AFTER_KEEP);
  log = lks_device_get_log (f->device, NULL, &error);
  assert_got (log, error);
  g_assert_cmpmem (g_bytes_get_data (log, NULL), g_bytes_get_size (log), "\0\1{\xff\"", 5);

  board_server_expect_raw (f->server, "GET /telemetry", empty, sizeof empty - 1, AFTER_KEEP);
  telemetry = lks_device_get_telemetry (f->device, NULL, &error);
  assert_got (telemetry, error);
  g_assert_cmpuint (g_bytes_get_size (telemetry), ==, 0);

  expect (f, "DELETE /telemetry", "", "{}");
  assert_ok (lks_device_clear_telemetry (f->device, NULL, &error), error);

  expect (f, "GET /stats/memory/groups/applications", "",
          "{\"memoryStats\":{\"currentMemoryUsageInBytes\":80452,"
          "\"userModeMemoryUsageInBytes\":32768,\"peakUserModeMemoryUsageInBytes\":94208},"
          "\"apps\":[{\"componentId\":\"" COMPONENT_2 "\",\"processes\":[{\"pid\":29,"
          "\"heapUsageByCaller\":[{\"name\":\"curl\",\"usageInBytes\":32768}]}]}]}");
  stats = lks_device_get_memory_stats (f->device, NULL, &error);
  assert_got (stats, error);
  g_assert_cmpint (stats->current_bytes, ==, 80452);
  g_assert_cmpint (stats->user_mode_bytes, ==, 32768);
  g_assert_cmpint (stats->peak_user_mode_bytes, ==, 94208);
  app = g_ptr_array_index (stats->apps, 0);
  process = g_ptr_array_index (app->processes, 0);
  usage = g_ptr_array_index (process->heap, 0);
  g_assert_cmpint (process->pid, ==, 29);
  g_assert_cmpstr (usage->name, ==, "curl");
  g_assert_cmpint (usage->usage_bytes, ==, 32768);
}

static void
test_net_status (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksNetStatus) status = NULL;

  fixture_say_hello (f);
  expect (f, "GET /net/status", "",
          "{\"deviceAuthenticationIsReady\":true,\"networkTimeSync\":\"incomplete\","
          "\"proxy\":\"resolvingProxyName\"}");
  status = lks_device_get_net_status (f->device, NULL, &error);
  assert_got (status, error);
  g_assert_true (status->is_device_authentication_ready);
  g_assert_cmpint (status->time_sync, ==, LKS_TIME_SYNC_INCOMPLETE);
  g_assert_cmpint (status->proxy, ==, LKS_PROXY_STATE_RESOLVING_NAME);
}

#define SERVICE_INTERFACE                                                                          \
  "{\"interfaceName\":\"azspheresvc\",\"interfaceUp\":true,\"connectedToNetwork\":false,"          \
  "\"ipAcquired\":false,\"connectedToInternet\":false,\"ipAddresses\":[\"192.168.35.2\"]}"

static void
test_interfaces (Fixture *f, gconstpointer unused)
{
  const LksNetInterfaceChange down = { .set_up = TRUE };
  const LksNetInterfaceChange both = {
    .set_up = TRUE,
    .is_up = TRUE,
    .hardware_address = "a1:B2:c3:4d:e5:6f",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (LksNetInterface) service = NULL;
  LksNetInterface *wlan;

  fixture_say_hello (f);
  expect (f, "GET /net/interfaces", "",
          "{\"interfaces\":[" SERVICE_INTERFACE
          ",{\"interfaceName\":\"wlan0\",\"interfaceUp\":true,\"connectedToNetwork\":true,"
          "\"ipAssignment\":\"dynamic\",\"ipAcquired\":true,\"ipAddresses\":[\"10.0.0.7\"],"
          "\"connectedToInternet\":true,\"hardwareAddress\":\"a1:b2:c3:4d:e5:6f\"}]}");
  all = lks_device_get_interfaces (f->device, NULL, &error);
  assert_got (all, error);
  g_assert_cmpuint (all->len, ==, 2);
  wlan = g_ptr_array_index (all, 1);
  g_assert_cmpint (wlan->ip_assignment, ==, LKS_IP_ASSIGNMENT_DYNAMIC);
  g_assert_cmpstr (wlan->hardware_address, ==, "a1:b2:c3:4d:e5:6f");
  g_assert_true (wlan->is_connected_to_internet);

  expect (f, "GET /net/interfaces/azspheresvc", "", SERVICE_INTERFACE);
  service = lks_device_get_interface (f->device, "azspheresvc", NULL, &error);
  assert_got (service, error);
  g_assert_cmpstr (service->name, ==, "azspheresvc");
  g_assert_true (service->is_up);
  g_assert_false (service->is_connected_to_network);
  g_assert_cmpstr (service->ip_addresses[0], ==, "192.168.35.2");
  g_assert_null (service->ip_assignment_text);
  g_assert_null (service->hardware_address);

  expect (f, "PATCH /net/interfaces/eth%200", "{\"interfaceUp\":false}", "{}");
  assert_ok (lks_device_change_interface (f->device, "eth 0", &down, NULL, &error), error);
  expect (f, "PATCH /net/interfaces/eth0",
          "{\"interfaceUp\":true,\"hardwareAddress\":\"a1:B2:c3:4d:e5:6f\"}", "{}");
  assert_ok (lks_device_change_interface (f->device, "eth0", &both, NULL, &error), error);
}

static void
test_firewall (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rulesets = NULL;
  LksFirewallRuleset *ruleset;
  LksFirewallRule *rule;

  fixture_say_hello (f);
  expect (f, "GET /net/firewall/rulesets", "",
          "{\"rulesets\":[{\"hook\":\"POSTROUTING\",\"isValid\":true,\"rules\":[{"
          "\"sourceIP\":\"192.168.1.2\",\"sourceMask\":\"255.255.255.0\",\"uid\":4294967295,"
          "\"action\":\"accept\",\"interfaceInName\":\"azspheresvc\",\"interfaceOutName\":\"\","
          "\"state\":\"related\",\"tcpMask\":[\"syn\",\"ack\"],\"tcpCmp\":[],\"tcpInv\":true,"
          "\"protocol\":\"udp\",\"sourcePortRange\":{\"min\":0,\"max\":65535},"
          "\"destinationPortRange\":{\"min\":53,\"max\":54},"
          "\"packets\":18446744073709551615,\"bytes\":9223372036854775808}]}]}");
  rulesets = lks_device_get_firewall_rulesets (f->device, NULL, &error);
  assert_got (rulesets, error);
  ruleset = g_ptr_array_index (rulesets, 0);
  g_assert_cmpint (ruleset->hook, ==, LKS_FIREWALL_HOOK_POSTROUTING);
  g_assert_true (ruleset->is_valid);
  rule = g_ptr_array_index (ruleset->rules, 0);
  g_assert_cmpstr (rule->source_ip, ==, "192.168.1.2");
  g_assert_null (rule->destination_ip);
  g_assert_cmpuint (rule->uid, ==, G_MAXUINT32);
  g_assert_cmpint (rule->action, ==, LKS_FIREWALL_ACTION_ACCEPT);
  g_assert_cmpint (rule->state, ==, LKS_FIREWALL_STATE_RELATED);
  g_assert_cmpint (rule->protocol, ==, LKS_FIREWALL_PROTOCOL_UDP);
  g_assert_cmpstr (rule->tcp_mask[1], ==, "ack");
  g_assert_true (rule->is_tcp_inverted);
  g_assert_cmpuint (rule->source_ports.max, ==, 65535);
  g_assert_cmpuint (rule->destination_ports.min, ==, 53);
  g_assert_cmpuint (rule->destination_ports.max, ==, 54);
  g_assert_cmpuint (rule->packets, ==, G_MAXUINT64);
  g_assert_cmpuint (rule->bytes, ==, G_GUINT64_CONSTANT (9223372036854775808));
}

static void
test_proxy (Fixture *f, gconstpointer unused)
{
  const char *const direct[] = { "10.0.0.1", "intra", NULL };
  const LksProxyRequest basic = {
    .is_enabled = TRUE,
    .address = "proxy.example",
    .port = 8080,
    .no_proxy_addresses = direct,
    .username = "u",
    .password = "s3cret",
  };
  const LksProxyRequest anonymous = { .address = "p", .port = 3128 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksProxy) none = NULL;
  g_autoptr (LksProxy) set = NULL;
  g_autoptr (LksProxy) done = NULL;

  expect (f, "GET /net/proxy", "", "{}");
  none = lks_device_get_proxy (f->device, NULL, &error);
  assert_got (none, error);
  g_assert_false (none->is_configured);

  expect (f, "POST /net/proxy",
          "{\"address\":\"proxy.example\",\"enabled\":true,\"port\":8080,"
          "\"authenticationType\":\"basic\",\"username\":\"u\",\"password\":\"s3cret\","
          "\"noProxyAddresses\":[\"10.0.0.1\",\"intra\"]}",
          "{\"address\":\"proxy.example\",\"enabled\":true,\"port\":8080,"
          "\"authenticationType\":\"basic\",\"username\":\"u\",\"password\":\"s3cret\","
          "\"noProxyAddresses\":[\"10.0.0.1\",\"intra\"]}");
  set = lks_device_set_proxy (f->device, &basic, NULL, &error);
  assert_got (set, error);
  g_assert_true (set->is_configured);
  g_assert_true (set->is_enabled);
  g_assert_cmpuint (set->port, ==, 8080);
  g_assert_cmpint (set->authentication, ==, LKS_PROXY_AUTHENTICATION_BASIC);
  g_assert_cmpstr (set->username, ==, "u");
  g_assert_cmpstr (set->no_proxy_addresses[1], ==, "intra");

  expect (f, "POST /net/proxy",
          "{\"address\":\"p\",\"enabled\":false,\"port\":3128,"
          "\"authenticationType\":\"anonymous\",\"noProxyAddresses\":[]}",
          "{}");
  done = lks_device_set_proxy (f->device, &anonymous, NULL, &error);
  assert_got (done, error);
  g_assert_false (done->is_configured);

  expect (f, "DELETE /net/proxy", "", "{}");
  assert_ok (lks_device_delete_proxy (f->device, NULL, &error), error);
}

#define NETWORK(id, state)                                                                         \
  "{\"ssid\":\"NETWORK1\",\"configState\":\"" state "\",\"connectionState\":\"disconnected\","     \
  "\"id\":" #id ",\"securityState\":\"psk\",\"targetedScan\":false}"

static void
test_wifi_networks (Fixture *f, gconstpointer unused)
{
  const LksWifiChange change = {
    .config_state = LKS_WIFI_CONFIG_STATE_DISABLED,
    .psk = "12345678",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) networks = NULL;
  g_autoptr (LksWifiNetwork) one = NULL;
  g_autoptr (LksWifiNetwork) changed = NULL;

  fixture_say_hello (f);
  expect (f, "GET /wifi/config/networks", "",
          "{\"values\":[" NETWORK (0, "enabled") "," NETWORK (1, "temp-disabled") "]}");
  networks = lks_device_get_wifi_networks (f->device, NULL, &error);
  assert_got (networks, error);
  g_assert_cmpuint (networks->len, ==, 2);

  expect (f, "GET /wifi/config/networks/1", "", NETWORK (1, "temp-disabled"));
  one = lks_device_get_wifi_network (f->device, 1, NULL, &error);
  assert_got (one, error);
  g_assert_cmpint (one->id, ==, 1);
  g_assert_cmpstr (one->ssid, ==, "NETWORK1");
  g_assert_cmpint (one->config_state, ==, LKS_WIFI_CONFIG_STATE_TEMP_DISABLED);
  g_assert_cmpint (one->connection_state, ==, LKS_WIFI_CONNECTION_STATE_DISCONNECTED);
  g_assert_cmpint (one->security, ==, LKS_WIFI_SECURITY_PSK);
  g_assert_false (one->is_targeted_scan);

  expect (f, "PATCH /wifi/config/networks/1", "{\"configState\":\"disabled\",\"psk\":\"12345678\"}",
          NETWORK (1, "disabled"));
  changed = lks_device_change_wifi_network (f->device, 1, &change, NULL, &error);
  assert_got (changed, error);
  g_assert_cmpint (changed->config_state, ==, LKS_WIFI_CONFIG_STATE_DISABLED);

  expect (f, "DELETE /wifi/config/networks/1", "", "{}");
  assert_ok (lks_device_delete_wifi_network (f->device, 1, NULL, &error), error);
}

static void
test_wifi_add (Fixture *f, gconstpointer unused)
{
  const LksWifiRequest psk = {
    .ssid = "caf\xc3\xa9",
    .security = LKS_WIFI_SECURITY_PSK,
    .psk = "pass\"word",
    .config_name = "home",
    .is_targeted_scan = TRUE,
  };
  const LksWifiRequest eap_tls = {
    .ssid = "corp",
    .security = LKS_WIFI_SECURITY_EAP_TLS,
    .is_disabled = TRUE,
    .client_identity = "id",
    .client_cert_id = "client",
    .root_ca_cert_id = "root",
  };
  const LksWifiRequest open_network = { .ssid = "guest", .security = LKS_WIFI_SECURITY_OPEN };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksWifiNetwork) first = NULL;
  g_autoptr (LksWifiNetwork) second = NULL;
  g_autoptr (LksWifiNetwork) third = NULL;

  board_server_expect (f->server, "POST /wifi/config/networks",
                       "{\"ssid\":\"caf\xc3\xa9\",\"securityState\":\"psk\","
                       "\"psk\":\"pass\\\"word\",\"configName\":\"home\","
                       "\"configState\":\"enabled\",\"targetedScan\":true}",
                       201,
                       "{\"ssid\":\"caf\xc3\xa9\",\"configState\":\"enabled\","
                       "\"connectionState\":\"unknown\",\"id\":2,\"securityState\":\"psk\","
                       "\"targetedScan\":true,\"configName\":\"home\"}");
  first = lks_device_add_wifi_network (f->device, &psk, NULL, &error);
  assert_got (first, error);
  g_assert_cmpint (first->id, ==, 2);
  g_assert_cmpstr (first->ssid, ==, "caf\xc3\xa9");
  g_assert_cmpstr (first->config_name, ==, "home");
  g_assert_true (first->is_targeted_scan);

  board_server_expect (f->server, "POST /wifi/config/networks",
                       "{\"ssid\":\"corp\",\"securityState\":\"eaptls\",\"clientIdentity\":\"id\","
                       "\"clientCertStoreIdentifier\":\"client\","
                       "\"rootCaCertStoreIdentifier\":\"root\",\"configState\":\"disabled\","
                       "\"targetedScan\":false}",
                       201,
                       "{\"ssid\":\"corp\",\"configState\":\"disabled\","
                       "\"connectionState\":\"unknown\",\"id\":3,\"securityState\":\"eaptls\","
                       "\"targetedScan\":false,\"clientCertStoreIdentifier\":\"client\"}");
  second = lks_device_add_wifi_network (f->device, &eap_tls, NULL, &error);
  assert_got (second, error);
  g_assert_cmpint (second->security, ==, LKS_WIFI_SECURITY_EAP_TLS);
  g_assert_cmpstr (second->client_cert_id, ==, "client");

  board_server_expect (f->server, "POST /wifi/config/networks",
                       "{\"ssid\":\"guest\",\"securityState\":\"open\",\"configState\":\"enabled\","
                       "\"targetedScan\":false}",
                       201, NETWORK (4, "enabled"));
  third = lks_device_add_wifi_network (f->device, &open_network, NULL, &error);
  assert_got (third, error);
  g_assert_cmpint (third->id, ==, 4);
}

static void
test_wifi_failures (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (LksWifiFailure) failure = NULL;

  expect (f, "GET /wifi/diagnostics/networks", "", "{\"values\":[]}");
  none = lks_device_get_wifi_failures (f->device, NULL, &error);
  assert_got (none, error);
  g_assert_cmpuint (none->len, ==, 0);

  expect (f, "GET /wifi/diagnostics/networks/0", "",
          "{\"timestamp\":\"2022-01-01T00:00:00\",\"networkId\":0,\"ssid\":\"corp\","
          "\"configState\":\"enabled\",\"connectionState\":\"disconnected\","
          "\"error\":\"AuthenticationFailed\",\"certInfo\":{\"certSubject\":\"\\/CN=x\","
          "\"certDepth\":1,\"certError\":\"NotYetValid\"}}");
  failure = lks_device_get_wifi_failure (f->device, 0, NULL, &error);
  assert_got (failure, error);
  g_assert_cmpstr (failure->timestamp, ==, "2022-01-01T00:00:00");
  g_assert_cmpint (failure->reason, ==, LKS_WIFI_FAILURE_AUTHENTICATION_FAILED);
  g_assert_true (failure->has_cert_info);
  g_assert_cmpstr (failure->cert_subject, ==, "/CN=x");
  g_assert_cmpint (failure->cert_depth, ==, 1);
  g_assert_cmpint (failure->cert_error, ==, LKS_WIFI_CERT_ERROR_NOT_YET_VALID);
}

static void
test_wifi_interface (Fixture *f, gconstpointer unused)
{
  const LksWifiInterfaceChange reload = { .reload_config = TRUE };
  const LksWifiInterfaceChange both = {
    .reload_config = TRUE,
    .power_savings = LKS_WIFI_POWER_SAVINGS_DISABLED,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksWifiInterface) wifi = NULL;

  expect (f, "GET /wifi/interface", "",
          "{\"configState\":\"enabled\",\"connectionState\":\"connected\","
          "\"securityState\":\"psk\",\"mode\":\"station\",\"key_mgmt\":\"WPA2-PSK\","
          "\"wpa_state\":\"4WAY_HANDSHAKE\",\"address\":\"aa:bb:cc:dd:ee:ff\",\"id\":0,"
          "\"ssid\":\"NETWORK1\",\"freq\":2412,\"ip_address\":\"10.0.0.7\","
          "\"powerSavingsState\":\"enabled\"}");
  wifi = lks_device_get_wifi_interface (f->device, NULL, &error);
  assert_got (wifi, error);
  g_assert_cmpint (wifi->mode, ==, LKS_WIFI_MODE_STATION);
  g_assert_cmpint (wifi->key_management, ==, LKS_WIFI_KEY_MANAGEMENT_WPA2_PSK);
  g_assert_cmpint (wifi->wpa_state, ==, LKS_WIFI_WPA_STATE_FOUR_WAY_HANDSHAKE);
  g_assert_cmpstr (wifi->mac_address, ==, "aa:bb:cc:dd:ee:ff");
  g_assert_true (wifi->has_network_id);
  g_assert_cmpint (wifi->network_id, ==, 0);
  g_assert_cmpuint (wifi->freq_mhz, ==, 2412);
  g_assert_cmpint (wifi->power_savings, ==, LKS_WIFI_POWER_SAVINGS_ENABLED);

  expect (f, "PATCH /wifi/interface", "{\"reloadConfig\":true}", "{}");
  assert_ok (lks_device_change_wifi_interface (f->device, &reload, NULL, &error), error);
  expect (f, "PATCH /wifi/interface", "{\"reloadConfig\":true,\"enablePowerSavings\":false}", "{}");
  assert_ok (lks_device_change_wifi_interface (f->device, &both, NULL, &error), error);
}

static void
test_wifi_scan (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) scan = NULL;
  LksWifiScan *first;

  expect (f, "GET /wifi/scan", "",
          "{\"values\":[{\"bssid\":\"aa:bb:cc:dd:ee:ff\",\"freq\":5180,\"securityState\":\"open\","
          "\"signal_level\":-61,\"ssid\":\"NETWORK1\"}]}");
  scan = lks_device_scan_wifi (f->device, NULL, &error);
  assert_got (scan, error);
  g_assert_cmpuint (scan->len, ==, 1);
  first = g_ptr_array_index (scan, 0);
  g_assert_cmpstr (first->bssid, ==, "aa:bb:cc:dd:ee:ff");
  g_assert_cmpuint (first->freq_mhz, ==, 5180);
  g_assert_cmpint (first->security, ==, LKS_WIFI_SECURITY_OPEN);
  g_assert_cmpint (first->signal_dbm, ==, -61);
  g_assert_cmpstr (first->ssid, ==, "NETWORK1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/device/calls/security", test_security);
  add_test ("/device/calls/security-of-old-board", test_security_of_old_board);
  add_test ("/device/calls/manufacturing", test_manufacturing);
  add_test ("/device/calls/never-sets-other-states", test_never_sets_other_states);
  add_test ("/device/calls/capabilities", test_capabilities);
  add_test ("/device/calls/os-version", test_os_version);
  add_test ("/device/calls/restart", test_restart);
  add_test ("/device/calls/app", test_app);
  add_test ("/device/calls/certs", test_certs);
  add_test ("/device/calls/images", test_images);
  add_test ("/device/calls/update", test_update);
  add_test ("/device/calls/diag", test_diag);
  add_test ("/device/calls/net-status", test_net_status);
  add_test ("/device/calls/interfaces", test_interfaces);
  add_test ("/device/calls/firewall", test_firewall);
  add_test ("/device/calls/proxy", test_proxy);
  add_test ("/device/calls/wifi-networks", test_wifi_networks);
  add_test ("/device/calls/wifi-add", test_wifi_add);
  add_test ("/device/calls/wifi-failures", test_wifi_failures);
  add_test ("/device/calls/wifi-interface", test_wifi_interface);
  add_test ("/device/calls/wifi-scan", test_wifi_scan);

  return g_test_run ();
}
