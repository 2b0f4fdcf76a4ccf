/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device-fixture.h"

#include "lks-device-app.h"
#include "lks-device-diag.h"
#include "lks-device-images.h"
#include "lks-device-net.h"
#include "lks-device-state.h"
#include "lks-device-update.h"
#include "lks-device-wifi.h"

#include <string.h>

/* Which operation needs which REST version: one step below nothing is sent, from it on the
 * board is asked. */

#define ID "96b15265-111a-4889-9137-2a4bd62470a0"

typedef gboolean (*CallFunc) (LksDevice *device, GError **error);

static gboolean
call_abi_versions (LksDevice *device, GError **error)
{
  LksAbiVersions versions;

  return lks_device_get_abi_versions (device, &versions, NULL, error);
}

static gboolean
call_app_status (LksDevice *device, GError **error)
{
  g_autoptr (LksAppStatus) status = lks_device_get_app_status (device, ID, NULL, error);

  return status != NULL;
}

static gboolean
call_app_trigger (LksDevice *device, GError **error)
{
  g_autoptr (LksAppStatus) status =
      lks_device_set_app_status (device, ID, LKS_APP_TRIGGER_STOP, NULL, error);

  return status != NULL;
}

static gboolean
call_delete_image (LksDevice *device, GError **error)
{
  return lks_device_delete_image (device, ID, NULL, NULL, error);
}

static gboolean
call_app_quota (LksDevice *device, GError **error)
{
  LksAppQuota quota;

  return lks_device_get_app_quota (device, ID, &quota, NULL, error);
}

static gboolean
call_capabilities (LksDevice *device, GError **error)
{
  g_autoptr (GArray) numbers = lks_device_get_capabilities (device, NULL, error);

  return numbers != NULL;
}

static gboolean
call_get_state (LksDevice *device, GError **error)
{
  g_autoptr (LksDeviceManufacturing) state =
      lks_device_get_manufacturing_state (device, NULL, error);

  return state != NULL;
}

static gboolean
call_set_state (LksDevice *device, GError **error)
{
  return lks_device_set_manufacturing_state (device, LKS_MANUFACTURING_STATE_DEVICE_COMPLETE, NULL,
                                             error);
}

static gboolean
call_log (LksDevice *device, GError **error)
{
  g_autoptr (GBytes) log = lks_device_get_log (device, NULL, error);

  return log != NULL;
}

static gboolean
call_firewall (LksDevice *device, GError **error)
{
  g_autoptr (GPtrArray) rulesets = lks_device_get_firewall_rulesets (device, NULL, error);

  return rulesets != NULL;
}

static gboolean
call_interfaces (LksDevice *device, GError **error)
{
  g_autoptr (GPtrArray) interfaces = lks_device_get_interfaces (device, NULL, error);

  return interfaces != NULL;
}

static gboolean
call_interface (LksDevice *device, GError **error)
{
  g_autoptr (LksNetInterface) interface = lks_device_get_interface (device, "wlan0", NULL, error);

  return interface != NULL;
}

static gboolean
call_change_interface (LksDevice *device, GError **error)
{
  const LksNetInterfaceChange up = { .set_up = TRUE, .is_up = TRUE };

  return lks_device_change_interface (device, "wlan0", &up, NULL, error);
}

static gboolean
call_net_status (LksDevice *device, GError **error)
{
  g_autoptr (LksNetStatus) status = lks_device_get_net_status (device, NULL, error);

  return status != NULL;
}

static gboolean
call_os_version (LksDevice *device, GError **error)
{
  g_autofree char *version = lks_device_get_os_version (device, NULL, error);

  return version != NULL;
}

static gboolean
call_memory_stats (LksDevice *device, GError **error)
{
  g_autoptr (LksMemoryStats) stats = lks_device_get_memory_stats (device, NULL, error);

  return stats != NULL;
}

static gboolean
call_telemetry (LksDevice *device, GError **error)
{
  g_autoptr (GBytes) telemetry = lks_device_get_telemetry (device, NULL, error);

  return telemetry != NULL;
}

static gboolean
call_stage (LksDevice *device, GError **error)
{
  g_autoptr (GBytes) package = g_bytes_new_static ("x", 1);

  return lks_device_stage_image (device, package, NULL, NULL, NULL, error);
}

static gboolean
call_install (LksDevice *device, GError **error)
{
  return lks_device_install (device, LKS_APP_CONTROL_AUTO, NULL, NULL, error);
}

static gboolean
call_delete_network (LksDevice *device, GError **error)
{
  return lks_device_delete_wifi_network (device, 0, NULL, error);
}

static gboolean
call_power_savings (LksDevice *device, GError **error)
{
  const LksWifiInterfaceChange on = { .power_savings = LKS_WIFI_POWER_SAVINGS_ENABLED };

  return lks_device_change_wifi_interface (device, &on, NULL, error);
}

static const struct
{
  const char *since;
  const char *below;
  const char *request;
  CallFunc call;
} gates[] = {
  { "3.1.0", "3.0.255", "GET /abi_versions", call_abi_versions },
  { "2.0.0", "1.255.255", "GET /app/status/" ID, call_app_status },
  { "2.0.0", "1.255.255", "PATCH /app/status/" ID, call_app_trigger },
  { "2.0.0", "1.255.255", "DELETE /app/image/" ID, call_delete_image },
  { "3.1.0", "3.0.255", "GET /app/quota/" ID, call_app_quota },
  { "3.1.0", "3.0.255", "GET /device/capabilities", call_capabilities },
  { "3.1.0", "3.0.255", "GET /device/manufacturing_state", call_get_state },
  { "3.1.0", "3.0.255", "PUT /device/manufacturing_state", call_set_state },
  { "1.2.0", "1.1.255", "GET /log", call_log },
  { "4.1.0", "4.0.255", "GET /net/firewall/rulesets", call_firewall },
  { "3.1.0", "3.0.255", "GET /net/interfaces", call_interfaces },
  { "3.1.0", "3.0.255", "GET /net/interfaces/wlan0", call_interface },
  { "4.3.0", "4.2.255", "PATCH /net/interfaces/wlan0", call_change_interface },
  { "3.1.0", "3.0.255", "GET /net/status", call_net_status },
  { "4.5.0", "4.4.255", "GET /osversion", call_os_version },
  { "4.3.0", "4.2.255", "GET /stats/memory/groups/applications", call_memory_stats },
  { "3.1.0", "3.0.255", "GET /telemetry", call_telemetry },
  { "3.0.0", "2.255.255", "PUT /update/stage", call_stage },
  { "3.0.0", "2.255.255", "POST /update/install", call_install },
  { "3.0.0", "2.255.255", "DELETE /wifi/config/networks/0", call_delete_network },
  { "4.6.0", "4.5.255", "PATCH /wifi/interface", call_power_savings },
};

static void
say_version (Fixture *f, const char *version)
{
  g_autofree char *header = g_strdup_printf ("REST-API-Version: %s\r\n", version);

  board_server_set_version (f->server, header);
  fixture_say_hello (f);
}

static void
test_gates (Fixture *f, gconstpointer unused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (gates); i++)
    {
      g_autoptr (GError) refused = NULL;
      g_autoptr (GError) asked = NULL;

      g_test_message ("%s", gates[i].request);
      say_version (f, gates[i].below);
      g_assert_false (gates[i].call (f->device, &refused));
      g_assert_error (refused, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED);
      g_assert_nonnull (strstr (refused->message, gates[i].request));
      g_assert_nonnull (strstr (refused->message, gates[i].since));
      g_assert_nonnull (strstr (refused->message, gates[i].below));

      say_version (f, gates[i].since);
      board_server_expect (f->server, gates[i].request, NULL, 404, "{}");
      g_assert_false (gates[i].call (f->device, &asked));
      g_assert_error (asked, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND);
    }
}

static void
test_update (Fixture *f, gconstpointer unused)
{
  const LksWifiInterfaceChange power = { .power_savings = LKS_WIFI_POWER_SAVINGS_ENABLED };
  const LksWifiInterfaceChange reload = { .reload_config = TRUE };
  g_autoptr (GError) error = NULL;

  board_server_set_version (f->server, "Rest-Api-Version:\t4.4.255\r\n");
  fixture_say_hello (f);
  g_assert_null (lks_device_get_os_version (f->device, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "4.5.0"));
  g_assert_nonnull (strstr (error->message, "4.4.255"));
  g_clear_error (&error);

  g_assert_false (lks_device_change_wifi_interface (f->device, &power, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  board_server_expect (f->server, "PATCH /wifi/interface", NULL, 200, "{}");
  g_assert_true (lks_device_change_wifi_interface (f->device, &reload, NULL, &error));
  g_assert_no_error (error);

  /* An update over the air later, every answer tells the new version. */
  board_server_set_version (f->server, "REST-API-Version: 4.6.0\r\n");
  fixture_say_hello (f);
  board_server_expect (f->server, "GET /osversion", "", 200, "{\"osversion\":\"24.06\"}");
  g_free (lks_device_get_os_version (f->device, NULL, &error));
  g_assert_no_error (error);
}

/* The version is asked for when it is not known; a board that tells none is not refused. */
static void
test_unknown (Fixture *f, gconstpointer unused)
{
  static const char *const headers[] = { "", "REST-API-Version: \r\n", "REST-API-Version: 4.6\r\n",
                                         "REST-API-Version: four.five.six\r\n",
                                         "REST-API-Version: 4.1234.0\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (GError) error = NULL;

      board_server_set_version (f->server, headers[i]);
      board_server_expect (f->server, "GET /status", "", 200, "{\"uptime\":1}");
      board_server_expect (f->server, "GET /osversion", "", 200, "{\"osversion\":\"24.06\"}");
      g_free (lks_device_get_os_version (f->device, NULL, &error));
      g_assert_no_error (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/device/versions/gates", test_gates);
  add_test ("/device/versions/update", test_update);
  add_test ("/device/versions/unknown", test_unknown);

  return g_test_run ();
}
