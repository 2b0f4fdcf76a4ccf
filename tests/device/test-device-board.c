/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-server.h"

#include "emu-image.h"
#include "lks-device-app.h"
#include "lks-device-cert.h"
#include "lks-device-diag.h"
#include "lks-device-images.h"
#include "lks-device-net.h"
#include "lks-device-number.h"
#include "lks-device-state.h"
#include "lks-device-update.h"
#include "lks-device-wifi.h"
#include "lks-link.h"
#include "lks-port-monitor.h"

#include <glib/gstdio.h>
#include <openssl/bio.h>
#include <openssl/pem.h>

/* All 42 operations on an emulated board: USB, IP, TLS and HTTP are the real parts of the
 * product, and the other end was written by somebody else. Runs under the bench. */

#define APP "96b15265-111a-4889-9137-2a4bd62470a0"
#define NEW_APP "6a6f6b65-0000-4000-8000-0123456789ab"

/* A condition of the board that comes within seconds; the bound is for a machine under load. */
#define CONDITION_LIMIT_US (60 * G_USEC_PER_SEC)
#define LOOK_AGAIN_US (20 * 1000)

/* A request that the restart swallowed is noticed by TCP, not by the client's own limit. */
#define QUIET_LIMIT_US (10 * G_USEC_PER_SEC)

static struct
{
  LksIoThread *io_thread;
  LksLink *link;
  LksDevice *device;
  GHashTable *seen; /* (owned): "METHOD /path" of each operation that was answered */
} board;

#define assert_ok(expression, error)                                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gboolean is_ok_ = (expression);                                                                \
    g_assert_no_error (error);                                                                     \
    g_assert_true (is_ok_);                                                                        \
  }                                                                                                \
  G_STMT_END

static void
note_exchange_cb (const LksDeviceExchange *exchange, gpointer user_data)
{
  g_autofree char *path = g_strdup (exchange->path);
  const char *const groups[] = { "/app/status/",
                                 "/app/image/",
                                 "/app/quota/",
                                 "/certstore/certs/",
                                 "/net/interfaces/",
                                 "/wifi/config/networks/",
                                 "/wifi/diagnostics/networks/" };

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    if (g_str_has_prefix (path, groups[i]))
      path[strlen (groups[i])] = '\0';

  if (exchange->http_status == 200 || exchange->http_status == 201)
    g_hash_table_add (board.seen, g_strconcat (exchange->method, " ", path, NULL));
}

static LksPort *
wait_for_port (LksPortMonitor *monitor)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (monitor)) == 0)
    g_main_context_iteration (NULL, TRUE);

  return g_list_model_get_item (G_LIST_MODEL (monitor), 0);
}

static void
open_board (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksPortMonitor) monitor = NULL;
  g_autoptr (LksPort) port = NULL;
  g_autoptr (LksByteStream) stream = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);

  g_assert_no_error (error);
  board.io_thread = lks_io_thread_new ();
  monitor = lks_port_monitor_new (board.io_thread, NULL, &error);
  g_assert_no_error (error);
  port = wait_for_port (monitor);
  stream = lks_port_open_uart (port, NULL, &error);
  g_assert_no_error (error);
  board.link = lks_link_new (board.io_thread, stream, &error);
  g_assert_no_error (error);
  board.device = lks_device_new (LKS_CONNECTOR (board.link), trust);
  board.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  lks_device_set_observer (board.device, note_exchange_cb, NULL);
}

static void
close_board (void)
{
  g_assert_finalize_object (board.device);
  lks_link_close (board.link);
  g_clear_object (&board.link);
  g_clear_object (&board.io_thread);
  g_hash_table_unref (board.seen);
}

static void
test_state (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksDeviceSecurity) security = NULL;
  g_autoptr (LksDeviceManufacturing) manufacturing = NULL;
  g_autoptr (GArray) capabilities = NULL;
  g_autofree char *os_version = NULL;
  LksAbiVersions versions = { 0 };
  guint64 uptime_s = 0;

  assert_ok (lks_device_get_status (board.device, &uptime_s, NULL, &error), error);
  g_assert_cmpuint (uptime_s, >=, 600);
  g_assert_cmpstr (lks_device_get_rest_version (board.device), ==, "4.6.0");

  security = lks_device_get_security_state (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (security->device_id), ==, 128);
  g_assert_cmpint (security->state, ==, LKS_SECURITY_STATE_SECURE);

  manufacturing = lks_device_get_manufacturing_state (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (manufacturing->state, ==, LKS_MANUFACTURING_STATE_MODULE1_COMPLETE);

  capabilities = lks_device_get_capabilities (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (capabilities->len, ==, 1);
  g_assert_cmpint (g_array_index (capabilities, gint32, 0), ==, 11);

  os_version = lks_device_get_os_version (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (os_version, ==, "24.06");
  assert_ok (lks_device_get_abi_versions (board.device, &versions, NULL, &error), error);
  g_assert_cmpint (versions.application_runtime, >, 0);
}

static void
test_app (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksAppStatus) stopped = NULL;
  g_autoptr (LksAppStatus) debugging = NULL;
  g_autoptr (LksAppStatus) status = NULL;
  g_autoptr (LksAppStatus) absent = NULL;
  LksAppQuota quota = { 0 };
  guint32 number = 0;

  stopped = lks_device_set_app_status (board.device, APP, LKS_APP_TRIGGER_STOP, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stopped->state, ==, LKS_APP_STATE_STOPPED);
  debugging =
      lks_device_set_app_status (board.device, APP, LKS_APP_TRIGGER_START_DEBUG, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (debugging->state, ==, LKS_APP_STATE_DEBUGGING);
  g_assert_cmpuint (debugging->gdb_port, ==, LKS_LINK_PORT_DEBUGGER);
  g_assert_cmpuint (debugging->out_port, ==, LKS_LINK_PORT_APP_OUTPUT);
  status = lks_device_get_app_status (board.device, APP, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status->state, ==, LKS_APP_STATE_DEBUGGING);
  absent = lks_device_get_app_status (board.device, NEW_APP, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (absent->state, ==, LKS_APP_STATE_NOT_PRESENT);

  assert_ok (lks_device_get_app_quota (board.device, APP, &quota, NULL, &error), error);
  g_assert_cmpint (quota.usage_kib, ==, 3);
  g_assert_cmpint (quota.limit_kib, ==, 8);

  g_assert_false (lks_device_get_app_quota (board.device, NEW_APP, &quota, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND);
  g_assert_true (lks_device_error_get_number (error, &number));
  g_assert_cmpuint (number, ==, LKS_DEVICE_NUMBER_APP_NOT_PRESENT);
}

static GBytes *
build_image (void)
{
  static const char manifest_text[] =
      "{\"SchemaVersion\":1,\"Name\":\"New\",\"ComponentId\":\"" NEW_APP "\","
      "\"EntryPoint\":\"/bin/app\",\"CmdArgs\":[],\"Capabilities\":{},"
      "\"ApplicationType\":\"Default\"}";
  const EmuImageSpec spec = {
    .signer = EMU_SIGNER_DEVELOPMENT,
    .image_type = LKS_IMAGE_TYPE_APPLICATION,
    .component_id = NEW_APP,
    .name = "New",
  };
  g_autofree char *state_dir = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuKeys) keys = emu_keys_open (state_dir, &error);
  g_autoptr (GBytes) manifest = g_bytes_new_static (manifest_text, strlen (manifest_text));
  g_autoptr (GBytes) program = g_bytes_new_take (g_malloc0 (60000), 60000);
  GBytes *image;

  g_assert_no_error (error);
  image = emu_image_build (keys, &spec, manifest, program, &error);
  g_assert_no_error (error);
  return image;
}

static void
note_progress_cb (guint64 sent_bytes, guint64 total_bytes, gpointer user_data)
{
  *(guint64 *) user_data = sent_bytes;
}

static void
test_images (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) image = build_image ();
  g_autoptr (LksComponents) before = NULL;
  g_autoptr (LksComponents) after = NULL;
  guint64 sent_bytes = 0;
  gboolean is_restarting = TRUE;

  before = lks_device_get_images (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (lks_components_find (before, APP));
  g_assert_null (lks_components_find (before, NEW_APP));

  assert_ok (lks_device_stage_image (board.device, image, note_progress_cb, &sent_bytes, NULL,
                                     &error),
             error);
  g_assert_cmpuint (sent_bytes, ==, g_bytes_get_size (image));
  assert_ok (lks_device_install (board.device, LKS_APP_CONTROL_AUTO, &is_restarting, NULL, &error),
             error);
  g_assert_false (is_restarting);
  assert_ok (lks_device_delete_image (board.device, APP, &is_restarting, NULL, &error), error);

  after = lks_device_get_images (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (lks_components_find (after, APP));
  g_assert_nonnull (lks_components_find (after, NEW_APP));
}

static char *
build_pem (void)
{
  const IdentityPlan plan = { .is_ca = TRUE };
  g_autoptr (Identity) ca = identity_new (&plan);
  BIO *bio = BIO_new (BIO_s_mem ());
  char *data;
  char *text;
  long size;

  PEM_write_bio_X509 (bio, ca->leaf);
  size = BIO_get_mem_data (bio, &data);
  text = g_strndup (data, (gsize) size);
  BIO_free (bio);
  return text;
}

static void
test_certs (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = build_pem ();
  const LksCertRequest request = { .type = LKS_CERT_TYPE_ROOT_CA, .public_pem = pem };
  g_autoptr (LksCertInfo) info = NULL;
  g_auto (GStrv) ids = NULL;
  guint64 before_bytes = 0;
  guint64 after_bytes = 0;

  assert_ok (lks_device_get_cert_space (board.device, &before_bytes, NULL, &error), error);
  assert_ok (lks_device_add_cert (board.device, "test-ca", &request, NULL, &error), error);
  assert_ok (lks_device_get_cert_space (board.device, &after_bytes, NULL, &error), error);
  g_assert_cmpuint (after_bytes, <, before_bytes);
  ids = lks_device_get_certs (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (ids), ==, 1);
  info = lks_device_get_cert (board.device, "test-ca", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info->subject, ==, "/CN=Test CA");
  assert_ok (lks_device_delete_cert (board.device, "test-ca", NULL, &error), error);
  g_assert_null (lks_device_get_cert (board.device, "test-ca", NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND);
}

static void
test_diag (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) log = NULL;
  g_autoptr (GBytes) telemetry = NULL;
  g_autoptr (LksMemoryStats) stats = NULL;

  log = lks_device_get_log (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (log), >, 0);
  telemetry = lks_device_get_telemetry (board.device, NULL, &error);
  g_assert_no_error (error);
  assert_ok (lks_device_clear_telemetry (board.device, NULL, &error), error);
  stats = lks_device_get_memory_stats (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stats->current_bytes, >, 0);
}

static gboolean
is_interface_up (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksNetInterface) interface =
      lks_device_get_interface (board.device, name, NULL, &error);

  g_assert_no_error (error);
  return interface->is_up;
}

/* The board acts after its answer. */
static void
wait_until_interface (const char *name, gboolean is_up)
{
  gint64 end_us = g_get_monotonic_time () + CONDITION_LIMIT_US;

  while (is_interface_up (name) != is_up)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (LOOK_AGAIN_US);
    }
}

static void
test_net (void)
{
  const LksNetInterfaceChange down = { .set_up = TRUE, .is_up = FALSE };
  const LksNetInterfaceChange up = { .set_up = TRUE, .is_up = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksNetStatus) status = NULL;
  g_autoptr (GPtrArray) interfaces = NULL;
  g_autoptr (GPtrArray) rulesets = NULL;
  guint32 number = 0;

  status = lks_device_get_net_status (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status->time_sync, !=, LKS_TIME_SYNC_UNKNOWN);
  interfaces = lks_device_get_interfaces (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (interfaces->len, ==, 4);
  rulesets = lks_device_get_firewall_rulesets (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rulesets->len, >, 0);

  wait_until_interface ("wlan0", TRUE);
  assert_ok (lks_device_change_interface (board.device, "wlan0", &down, NULL, &error), error);
  wait_until_interface ("wlan0", FALSE);
  g_assert_null (lks_device_scan_wifi (board.device, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_INTERNAL);
  g_assert_true (lks_device_error_get_number (error, &number));
  g_assert_cmpuint (number, ==, LKS_DEVICE_NUMBER_WIFI_OFF);
  g_clear_error (&error);
  assert_ok (lks_device_change_interface (board.device, "wlan0", &up, NULL, &error), error);
  wait_until_interface ("wlan0", TRUE);

  g_assert_null (lks_device_get_interface (board.device, "wlan7", NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND);
}

static void
test_proxy (void)
{
  const LksProxyRequest request = {
    .is_enabled = TRUE,
    .address = "proxy.example",
    .port = 3128,
    .username = "user",
    .password = "s3cret",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksProxy) set = NULL;
  g_autoptr (LksProxy) got = NULL;
  g_autoptr (LksProxy) none = NULL;

  set = lks_device_set_proxy (board.device, &request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (set->address, ==, "proxy.example");
  got = lks_device_get_proxy (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (got->is_configured);
  g_assert_cmpuint (got->port, ==, 3128);
  g_assert_cmpint (got->authentication, ==, LKS_PROXY_AUTHENTICATION_BASIC);
  g_assert_cmpstr (got->username, ==, "user");
  assert_ok (lks_device_delete_proxy (board.device, NULL, &error), error);
  none = lks_device_get_proxy (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (none->is_configured);
}

static void
test_wifi (void)
{
  const LksWifiRequest request = {
    .ssid = "workshop",
    .security = LKS_WIFI_SECURITY_PSK,
    .psk = "12345678",
    .config_name = "bench",
  };
  const LksWifiChange off = { .config_state = LKS_WIFI_CONFIG_STATE_DISABLED };
  const LksWifiInterfaceChange saving = {
    .reload_config = TRUE,
    .power_savings = LKS_WIFI_POWER_SAVINGS_ENABLED,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksWifiNetwork) added = NULL;
  g_autoptr (LksWifiNetwork) got = NULL;
  g_autoptr (LksWifiNetwork) changed = NULL;
  g_autoptr (GPtrArray) networks = NULL;
  g_autoptr (GPtrArray) scan = NULL;
  g_autoptr (GPtrArray) failures = NULL;
  g_autoptr (LksWifiFailure) failure = NULL;
  g_autoptr (LksWifiInterface) wifi = NULL;

  added = lks_device_add_wifi_network (board.device, &request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (added->id, ==, 0);
  got = lks_device_get_wifi_network (board.device, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (got->config_name, ==, "bench");
  changed = lks_device_change_wifi_network (board.device, 0, &off, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (changed->config_state, ==, LKS_WIFI_CONFIG_STATE_DISABLED);
  networks = lks_device_get_wifi_networks (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (networks->len, ==, 1);

  failures = lks_device_get_wifi_failures (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (failures->len, ==, 1);
  failure = lks_device_get_wifi_failure (board.device, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (failure->reason, ==, LKS_WIFI_FAILURE_WRONG_KEY);

  scan = lks_device_scan_wifi (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scan->len, ==, 1);
  g_assert_cmpint (((LksWifiScan *) g_ptr_array_index (scan, 0))->signal_dbm, ==, -61);

  assert_ok (lks_device_change_wifi_interface (board.device, &saving, NULL, &error), error);
  wifi = lks_device_get_wifi_interface (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (wifi->power_savings, ==, LKS_WIFI_POWER_SAVINGS_ENABLED);

  assert_ok (lks_device_delete_wifi_network (board.device, 0, NULL, &error), error);
  g_assert_false (lks_device_delete_wifi_network (board.device, 0, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND);
}

/* Until here, everything went over one connection. */
static void
test_one_connection (void)
{
  g_assert_cmpuint (lks_device_get_handshakes (board.device), ==, 1);
}

static void
wait_for_uptime_below (guint64 limit_s)
{
  gint64 end_us = g_get_monotonic_time () + CONDITION_LIMIT_US;
  guint64 uptime_s = limit_s;

  while (!lks_device_get_status (board.device, &uptime_s, NULL, NULL) || uptime_s >= limit_s)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (LOOK_AGAIN_US);
    }
}

static void
test_lock_and_restart (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksDeviceManufacturing) manufacturing = NULL;
  gboolean is_restarting = FALSE;
  gint64 begin_us;

  assert_ok (lks_device_set_manufacturing_state (board.device,
                                                 LKS_MANUFACTURING_STATE_DEVICE_COMPLETE, NULL,
                                                 &error),
             error);
  assert_ok (lks_device_restart (board.device, &is_restarting, NULL, &error), error);
  g_assert_true (is_restarting);
  begin_us = g_get_monotonic_time ();
  wait_for_uptime_below (600);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, QUIET_LIMIT_US);

  manufacturing = lks_device_get_manufacturing_state (board.device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (manufacturing->state, ==, LKS_MANUFACTURING_STATE_DEVICE_COMPLETE);
}

static void
test_every_operation (void)
{
  g_assert_cmpuint (g_hash_table_size (board.seen), ==, 42);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

  /* In this order, on one board. */
  g_test_add_func ("/device/board/state", test_state);
  g_test_add_func ("/device/board/app", test_app);
  g_test_add_func ("/device/board/images", test_images);
  g_test_add_func ("/device/board/certs", test_certs);
  g_test_add_func ("/device/board/diag", test_diag);
  g_test_add_func ("/device/board/net", test_net);
  g_test_add_func ("/device/board/proxy", test_proxy);
  g_test_add_func ("/device/board/wifi", test_wifi);
  g_test_add_func ("/device/board/one-connection", test_one_connection);
  g_test_add_func ("/device/board/lock-and-restart", test_lock_and_restart);
  g_test_add_func ("/device/board/every-operation", test_every_operation);

  open_board ();
  status = g_test_run ();
  close_board ();
  return status;
}
