/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may do what, in which state, and what a restart does. */
#include "world.h"

#include "emu-capability.h"

#include <glib/gstdio.h>
#include <string.h>

typedef enum
{
  NOBODY,
  STORED,
  HEADER,
} Source;

static const char *const states[] = { "Blank", "Module1Complete", "DeviceComplete" };
static const guint16 numbers[] = { 0, 11, 13 };

static World *
world_new_in_state (const char *state, const char *more)
{
  g_autofree char *members = g_strdup_printf ("\"manufacturingState\":\"%s\"%s%s", state,
                                              more[0] != '\0' ? "," : "", more);

  return world_new (members);
}

/* What the authorizers of the API say, for every state, capability and way to hold it. */
static void
test_authorizers (void)
{
  for (gsize s = 0; s < G_N_ELEMENTS (states); s++)
    for (gsize n = 0; n < G_N_ELEMENTS (numbers); n++)
      for (Source source = STORED; source <= HEADER; source++)
        {
          gboolean open = s < 2 || numbers[n] != 0;
          g_autofree char *stored = numbers[n] != 0
                                        ? g_strdup_printf ("\"capabilities\":[%u]", numbers[n])
                                        : g_strdup ("");
          g_autoptr (World) world = world_new_in_state (states[s], source == STORED ? stored : "");
          g_autofree char *header =
              source == HEADER
                  ? world_build_header (world_get_keys (), emu_board_get_device_id (world->board),
                                        numbers[n])
                  : NULL;

          world_expect_status (world, "GET /status", header, 200);
          world_expect_status (world, "GET /images", header, open ? 200 : 403);
          world_expect_status (world, "GET /wifi/config/networks", header, open ? 200 : 403);
          world_expect_status (world, "GET /certstore/space", header, open ? 200 : 403);
          world_expect_status (world, "GET /stats/memory/groups/applications", header,
                               numbers[n] == 11 ? 200 : 403);
        }
}

static void
test_default_capabilities (void)
{
  g_autoptr (World) blank = world_new_in_state ("Blank", "\"capabilities\":[11]");
  g_autoptr (World) module = world_new_in_state ("Module1Complete", "\"capabilities\":[13]");
  g_autoptr (World) device = world_new_in_state ("DeviceComplete", "");

  world_expect (blank, "GET /device/capabilities", NULL, 200, "{\"device_capabilities\":[11,12]}");
  world_expect (module, "GET /device/capabilities", NULL, 200, "{\"device_capabilities\":[13]}");
  world_expect (device, "GET /device/capabilities", NULL, 200, "{\"device_capabilities\":[]}");
}

static void
expect_header (World *world, const char *header, guint status)
{
  world_expect_status (world, "GET /images", header, status);
}

/* A header counts only when it is whole, this board's, and signed by the right key. */
static void
test_headers (void)
{
  g_autoptr (World) world = world_new_in_state ("DeviceComplete", "");
  const char *device_id = emu_board_get_device_id (world->board);
  g_autofree char *other_id = g_strdup (emu_board_get_config (world->board)->other_device_id);
  g_autofree char *folder = g_dir_make_tmp ("emulator-keys-XXXXXX", NULL);
  g_autoptr (EmuKeys) stranger = emu_keys_open (folder, NULL);
  const guint16 servicing = EMU_CAPABILITY_FIELD_SERVICING;
  g_autoptr (GBytes) file =
      emu_capability_build (world_get_keys (), device_id, &servicing, 1, NULL);
  gsize size_bytes;
  const guint8 *data = g_bytes_get_data (file, &size_bytes);
  g_autofree char *good = world_encode_header (file);
  g_autofree char *others = world_build_header (world_get_keys (), other_id, servicing);
  g_autofree char *strangers = world_build_header (stranger, device_id, servicing);
  g_autofree char *huge = g_strnfill (6000, 'A');
  g_autofree char *huge_line = g_strdup_printf ("AZSPHERE-CAPABILITIES: %s\r\n", huge);

  g_assert_cmpuint (size_bytes, ==, 392);
  expect_header (world, good, 200);
  expect_header (world, NULL, 403);
  expect_header (world, others, 403);
  expect_header (world, strangers, 403);
  expect_header (world, "AZSPHERE-CAPABILITIES: \r\n", 403);
  expect_header (world, "AZSPHERE-CAPABILITIES: !!!\r\n", 403);
  expect_header (world, huge_line, 403);

  for (gsize at = 0; at < size_bytes; at++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size_bytes);
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (GBytes) cut = g_bytes_new (data, at);
      g_autofree char *damaged_line = NULL;
      g_autofree char *cut_line = world_encode_header (cut);

      copy[at] ^= 0x01;
      damaged = g_bytes_new (copy, size_bytes);
      damaged_line = world_encode_header (damaged);
      expect_header (world, damaged_line, 403);
      expect_header (world, cut_line, 403);
    }

  expect_header (world, good, 200);
  world_expect (world, "GET /device/capabilities", NULL, 200, "{\"device_capabilities\":[]}");

  {
    g_autofree char *production = g_build_filename (folder, "signer-production.pem", NULL);
    g_autofree char *sdk = g_build_filename (folder, "signer-sdk.pem", NULL);
    g_autofree char *signer = g_build_filename (folder, EMU_KEYS_SIGNER_FILE, NULL);

    g_unlink (production);
    g_unlink (sdk);
    g_unlink (signer);
    g_rmdir (folder);
  }
}

static void
test_header_options (void)
{
  g_autoptr (World) listing =
      world_new_in_state ("DeviceComplete", "\"behaviour\":{\"listHeaderCapabilities\":true}");
  g_autoptr (World) silent = world_new_in_state ("DeviceComplete", "");
  g_autoptr (World) strict = world_new_in_state (
      "Module1Complete",
      "\"behaviour\":{\"badHeader\":\"refuse\",\"refusalStatus\":400,\"refusalNumber\":13}");
  g_autofree char *header =
      world_build_header (world_get_keys (), emu_board_get_device_id (listing->board),
                          EMU_CAPABILITY_FIELD_SERVICING);
  g_autoptr (HttpReply) shown = world_ask (listing, "GET /device/capabilities", header, NULL);
  g_autoptr (HttpReply) hidden = world_ask (silent, "GET /device/capabilities", header, NULL);
  g_autoptr (HttpReply) refused =
      world_ask (strict, "GET /status", "AZSPHERE-CAPABILITIES: AAAA\r\n", NULL);

  g_assert_cmpstr (shown->body, ==, "{\"device_capabilities\":[13]}");
  g_assert_cmpstr (hidden->body, ==, "{\"device_capabilities\":[]}");
  g_assert_cmpuint (refused->status, ==, 400);
  g_assert_cmpstr (refused->body, ==, "{\"error\":13}");
  world_expect_status (strict, "GET /images", header, 200);
}

/* From every state to every word: forward or nothing. */
static void
test_states (void)
{
  static const char *const words[] = { "Unknown", "Blank", "Module1Complete", "DeviceComplete",
                                       "Banana" };
  static const gboolean possible[3][5] = {
    { FALSE, TRUE, TRUE, TRUE, FALSE },
    { FALSE, FALSE, TRUE, TRUE, FALSE },
    { FALSE, FALSE, FALSE, TRUE, FALSE },
  };

  for (gsize s = 0; s < G_N_ELEMENTS (states); s++)
    for (gsize w = 0; w < G_N_ELEMENTS (words); w++)
      {
        g_autoptr (World) world = world_new_in_state (states[s], "\"capabilities\":[13]");
        g_autofree char *body = g_strdup_printf ("{\"manufacturingState\":\"%s\"}", words[w]);
        g_autofree char *text = g_strdup_printf ("{\"manufacturingState\":\"%s\"}",
                                                 possible[s][w] ? words[w] : states[s]);

        if (possible[s][w])
          world_expect (world, "PUT /device/manufacturing_state", body, 200, "{}");
        else
          world_expect_error (world, "PUT /device/manufacturing_state", body, 400, 10485762);
        world_expect (world, "GET /device/manufacturing_state", NULL, 200, text);
      }
}

static void
test_state_options (void)
{
  g_autoptr (World) strict =
      world_new_in_state ("Blank",
                          "\"behaviour\":{\"skipToDeviceComplete\":false,\"backwardStatus\":500,"
                          "\"backwardNumber\":10485766}");

  world_expect_error (strict, "PUT /device/manufacturing_state",
                      "{\"manufacturingState\":\"DeviceComplete\"}", 500, 10485766);
  world_expect (strict, "PUT /device/manufacturing_state",
                "{\"manufacturingState\":\"Module1Complete\"}", 200, "{}");
  world_expect (strict, "PUT /device/manufacturing_state",
                "{\"manufacturingState\":\"DeviceComplete\"}", 200, "{}");
}

/* From when on the lock bites, for each of the three possible answers. */
static void
test_lock_effects (void)
{
  static const struct
  {
    const char *word;
    guint images;
    guint restart;
  } cases[] = {
    { "all-but-restart", 403, 200 },
    { "all", 403, 403 },
    { "at-restart", 200, 200 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members =
          g_strdup_printf ("\"behaviour\":{\"lockEffect\":\"%s\"}", cases[i].word);
      g_autoptr (World) world = world_new_in_state ("Module1Complete", members);

      world_expect (world, "PUT /device/manufacturing_state",
                    "{\"manufacturingState\":\"DeviceComplete\"}", 200, "{}");
      world_expect_status (world, "GET /images", NULL, cases[i].images);
      world_expect_status (world, "POST /restart", NULL, cases[i].restart);
      if (cases[i].restart != 200)
        emu_board_press_reset (world->board);
      world_wait_running (world, FALSE);
      world_wait_running (world, TRUE);
      world_expect_status (world, "GET /images", NULL, 403);
      world_expect_status (world, "POST /restart", NULL, 403);
      world_expect (world, "GET /device/manufacturing_state", NULL, 200,
                    "{\"manufacturingState\":\"DeviceComplete\"}");
    }
}

static void
test_restart (void)
{
  g_autoptr (World) world = world_new ("\"uptimeSeconds\":5000,\"images\":[{\"name\":\"A\","
                                       "\"componentId\":\"c0000000-0000-4000-8000-00000000000c\","
                                       "\"running\":false}]");
  g_autoptr (GBytes) app =
      world_build_app (EMU_SIGNER_PRODUCTION, "d0000000-0000-4000-8000-00000000000d", "{}");
  g_autoptr (HttpReply) nothing = NULL;
  g_autoptr (HttpReply) images = NULL;

  world_stage (world, app, 200, "{}");
  images = world_ask (world, "GET /images", NULL, NULL);
  g_assert_nonnull (strstr (images->body, "\"has_staged_updates\":true"));
  world_expect (world, "GET /app/status/c0000000-0000-4000-8000-00000000000c", NULL, 200,
                "{\"state\":\"stopped\"}");
  world_expect (world, "POST /restart", NULL, 200, "{\"restartingSystem\":true}");

  nothing = world_ask (world, "GET /status", NULL, NULL);
  g_assert_cmpuint (nothing->status, ==, 0);
  world_wait_running (world, TRUE);
  g_assert_cmpuint (world->client->n_farewells, ==, 1);
  g_assert_cmpuint (emu_board_get_uptime_s (world->board), <, 5000);
  world_expect (world, "GET /app/status/c0000000-0000-4000-8000-00000000000c", NULL, 200,
                "{\"state\":\"running\"}");
  http_reply_free (g_steal_pointer (&images));
  images = world_ask (world, "GET /images", NULL, NULL);
  g_assert_nonnull (strstr (images->body, "\"has_staged_updates\":false"));
}

static void
test_restart_type (void)
{
  g_autoptr (World) world = world_new ("");
  g_autoptr (HttpReply) wrong =
      http_client_exchange (world->client, "POST /restart", NULL, WORLD_JSON, "{}", 2);
  g_autoptr (HttpReply) right = NULL;

  g_assert_cmpuint (wrong->status, ==, 415);
  g_assert_true (emu_board_get_running (world->board));
  right = http_client_exchange (world->client, "POST /restart", NULL, "text/plain", "", 0);
  g_assert_cmpuint (right->status, ==, 200);
}

static void
test_restart_faults (void)
{
  g_autoptr (World) never = world_new ("\"faults\":[{\"kind\":\"no-restart\"}]");
  g_autoptr (World) other = world_new ("\"faults\":[{\"kind\":\"other-board\",\"times\":1}]");
  g_autoptr (World) slow =
      world_new ("\"faults\":[{\"kind\":\"slow-restart\",\"durationMs\":3600000}]");
  const EmuBoardConfig *config = emu_board_get_config (other->board);

  world_expect_status (never, "POST /restart", NULL, 200);
  world_wait_running (never, FALSE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (emu_board_get_running (never->board));
  emu_board_clear_faults (never->board);
  emu_board_press_reset (never->board);
  world_wait_running (never, TRUE);

  g_assert_cmpstr (emu_board_get_device_id (other->board), ==, config->device_id);
  world_expect_status (other, "POST /restart", NULL, 200);
  world_wait_running (other, FALSE);
  world_wait_running (other, TRUE);
  g_assert_cmpstr (emu_board_get_device_id (other->board), ==, config->other_device_id);

  emu_board_press_reset (slow->board);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (emu_board_get_running (slow->board));
}

static void
count_notify_cb (guint *count)
{
  (*count)++;
}

static void
test_power (void)
{
  g_autoptr (World) world = world_new ("");
  guint notifies = 0;

  g_signal_connect_swapped (world->board, "notify::running", G_CALLBACK (count_notify_cb),
                            &notifies);
  emu_board_power_on (world->board);
  g_assert_cmpuint (notifies, ==, 0);
  emu_board_power_off (world->board);
  emu_board_power_off (world->board);
  g_assert_cmpuint (notifies, ==, 1);
  emu_board_press_reset (world->board);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (emu_board_get_running (world->board));
  emu_board_power_on (world->board);
  world_wait_running (world, TRUE);
  g_assert_cmpuint (notifies, ==, 2);
  g_signal_handlers_disconnect_by_data (world->board, &notifies);
}

static void
test_state_faults (void)
{
  g_autoptr (World) lying = world_new ("\"faults\":[{\"kind\":\"state-not-stored\"}]");
  g_autoptr (World) unknown = world_new ("\"faults\":[{\"kind\":\"state-unknown\",\"skip\":1}]");
  g_autoptr (World) other = world_new ("\"faults\":[{\"kind\":\"other-device-id\",\"times\":1}]");
  g_autoptr (HttpReply) first = world_ask (other, "GET /device/security_state", NULL, NULL);
  g_autoptr (HttpReply) second = world_ask (other, "GET /device/security_state", NULL, NULL);
  const EmuBoardConfig *config = emu_board_get_config (other->board);

  world_expect (lying, "PUT /device/manufacturing_state",
                "{\"manufacturingState\":\"DeviceComplete\"}", 200, "{}");
  world_expect (lying, "GET /device/manufacturing_state", NULL, 200,
                "{\"manufacturingState\":\"Module1Complete\"}");
  world_expect (unknown, "GET /device/manufacturing_state", NULL, 200,
                "{\"manufacturingState\":\"Module1Complete\"}");
  world_expect (unknown, "GET /device/manufacturing_state", NULL, 200,
                "{\"manufacturingState\":\"Unknown\"}");
  g_assert_nonnull (strstr (first->body, config->other_device_id));
  g_assert_nonnull (strstr (second->body, config->device_id));
}

static void
test_status_faults (void)
{
  g_autoptr (World) world =
      world_new ("\"faults\":[{\"kind\":\"status\",\"path\":\"/images\",\"status\":403,"
                 "\"number\":10485778,\"times\":2},{\"kind\":\"busy\",\"method\":\"DELETE\","
                 "\"path\":\"/wifi/*\",\"skip\":1,\"times\":1}]");

  world_expect_status (world, "GET /status", NULL, 200);
  world_expect_error (world, "GET /images", NULL, 403, 10485778);
  world_expect_error (world, "GET /images", NULL, 403, 10485778);
  world_expect_status (world, "GET /images", NULL, 200);
  world_expect_error (world, "DELETE /wifi/config/networks/0", NULL, 404, 13631491);
  world_expect_error (world, "DELETE /wifi/config/networks/0", NULL, 500, 10485765);
  world_expect_error (world, "DELETE /wifi/config/networks/0", NULL, 404, 13631491);
}

static void
test_body_faults (void)
{
  g_autoptr (World) world = world_new (
      "\"faults\":[{\"kind\":\"malformed-json\",\"times\":1},{\"kind\":\"html-body\",\"times\":1},"
      "{\"kind\":\"empty-body\",\"times\":1},{\"kind\":\"wrong-types\",\"times\":1},"
      "{\"kind\":\"oversized-body\",\"sizeBytes\":1000000,\"times\":1},"
      "{\"kind\":\"slow-answer\",\"durationMs\":1,\"times\":1}]");
  g_autoptr (HttpReply) html = NULL;
  g_autoptr (HttpReply) large = NULL;
  g_autofree char *type = NULL;

  world_expect (world, "GET /osversion", NULL, 200, "{\"osversion\":\"24.06\"");
  html = world_ask (world, "GET /osversion", NULL, NULL);
  type = http_reply_get_header (html, "Content-Type");
  g_assert_cmpstr (type, ==, "text/html");
  g_assert_true (g_str_has_prefix (html->body, "<!DOCTYPE html>"));
  world_expect (world, "GET /osversion", NULL, 200, "");
  world_expect (world, "GET /osversion", NULL, 200, "{\"osversion\":7}");
  large = world_ask (world, "GET /osversion", NULL, NULL);
  g_assert_cmpuint (large->body_bytes, ==, 1000000);
  world_expect (world, "GET /osversion", NULL, 200, "{\"osversion\":\"24.06\"}");
  world_expect (world, "GET /osversion", NULL, 200, "{\"osversion\":\"24.06\"}");
}

static void
test_connection_faults (void)
{
  g_autoptr (World) world =
      world_new ("\"faults\":[{\"kind\":\"reset-in-body\",\"afterBytes\":5,\"times\":1},"
                 "{\"kind\":\"truncated-body\",\"afterBytes\":7,\"times\":1}]");
  g_autoptr (HttpReply) reset = world_ask (world, "GET /osversion", NULL, NULL);
  g_autoptr (HttpReply) cut = NULL;

  g_assert_cmpuint (reset->status, ==, 0);
  g_assert_cmpstr (reset->body, ==, "{\"osv");
  g_assert_cmpuint (world->client->n_resets, ==, 1);
  cut = world_ask (world, "GET /osversion", NULL, NULL);
  g_assert_cmpuint (cut->status, ==, 0);
  g_assert_cmpstr (cut->body, ==, "{\"osver");
  g_assert_cmpuint (world->client->n_resets, ==, 1);
  world_expect (world, "GET /osversion", NULL, 200, "{\"osversion\":\"24.06\"}");
}

static void
test_lower_case_header (void)
{
  g_autoptr (World) world = world_new ("\"faults\":[{\"kind\":\"lower-case-header\",\"times\":1}]");
  g_autoptr (HttpReply) reply = world_ask (world, "GET /osversion", NULL, NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply->body, ==, "{\"osversion\":\"24.06\"}");
  g_assert_nonnull (strstr (reply->headers, "\r\nrest-api-version: 4.6.0\r\n"));
}

static void
test_endless_header (void)
{
  static const char request[] = "GET /status HTTP/1.1\r\nHost: 192.168.35.2\r\n\r\n";
  g_autoptr (World) world = world_new ("\"faults\":[{\"kind\":\"endless-header\",\"times\":1}]");

  http_client_connect (world->client);
  http_client_send (world->client, request, strlen (request));
  http_client_wait_input (world->client, 1000000);
  g_assert_cmpuint (world->client->input->len, >=, 1000000);
  g_assert_null (strstr (world->client->input->str, "\r\n\r\n"));
}

/* A request that is never answered ends when the system goes down. */
static void
test_no_answer (void)
{
  static const char request[] = "GET /status HTTP/1.1\r\nHost: 192.168.35.2\r\n\r\n";
  g_autoptr (World) world = world_new ("\"faults\":[{\"kind\":\"no-answer\",\"times\":1}]");
  g_autoptr (HttpReply) nothing = NULL;

  http_client_connect (world->client);
  http_client_send (world->client, request, strlen (request));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  emu_board_press_reset (world->board);
  nothing = http_client_receive (world->client);
  g_assert_cmpuint (nothing->status, ==, 0);
  world_wait_running (world, TRUE);
  world_expect_status (world, "GET /status", NULL, 200);
}

static void
test_trace (void)
{
  g_autofree char *path = g_build_filename (world_get_state_dir (), "trace", NULL);
  g_autoptr (EmuScenario) scenario = emu_scenario_new (3);
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuTrace) trace = emu_trace_open (path, &error);
  g_autoptr (EmuBoard) board = emu_board_new (scenario, 2, world_get_keys (), trace);
  g_autoptr (EmuBoard) other = emu_board_new (scenario, 1, world_get_keys (), NULL);
  g_autoptr (HttpClient) client = http_client_new (board);
  g_autofree char *header = world_build_header (world_get_keys (), emu_board_get_device_id (board),
                                                EMU_CAPABILITY_FIELD_SERVICING);
  g_autoptr (HttpReply) good =
      http_client_exchange (client, "GET /status?a=b", header, NULL, NULL, 0);
  g_autofree char *foreign = world_build_header (world_get_keys (), emu_board_get_device_id (other),
                                                 EMU_CAPABILITY_FIELD_SERVICING);
  g_autoptr (HttpReply) bad = http_client_exchange (client, "GET /no%22thing", NULL, NULL, NULL, 0);
  g_autoptr (HttpReply) wrong =
      http_client_exchange (client, "GET /status", foreign, NULL, NULL, 0);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (good->status, ==, 200);
  g_assert_cmpuint (bad->status, ==, 404);
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_unlink (path);
  g_test_message ("%s", text);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (wrong->status, ==, 200);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_regex_match_simple (
      "^{\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\",\"board\":2,"
      "\"method\":\"GET\",\"path\":\"/"
      "status\",\"status\":200,\"withCapability\":true,\"capabilityFits\":true}$",
      lines[0], 0, 0));
  g_assert_nonnull (strstr (lines[1], "\"path\":\"/no\\\"thing\",\"status\":404,"));
  g_assert_true (g_str_has_suffix (lines[1], ",\"withCapability\":false}"));
  g_assert_true (g_str_has_suffix (lines[2], ",\"withCapability\":true,\"capabilityFits\":false}"));
  g_assert_cmpstr (lines[3], ==, "");
  g_assert_null (strstr (text, "AZSPHERE"));
  emu_board_power_off (other);
  emu_board_power_off (board);
}

static void
test_default_boards (void)
{
  g_autoptr (EmuScenario) scenario = emu_scenario_new (32);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < 32; i++)
    {
      const EmuBoardConfig *config = emu_scenario_get_board (scenario, i);

      g_assert_cmpuint (strlen (config->device_id), ==, 128);
      g_assert_cmpuint (strlen (config->usb_serial), ==, 8);
      g_assert_true (g_hash_table_add (seen, config->device_id));
      g_assert_true (g_hash_table_add (seen, config->other_device_id));
      g_assert_true (g_hash_table_add (seen, config->usb_serial));
      g_assert_true (g_hash_table_add (seen, config->wifi_address));
    }
}

/* An update blocks sideloading, ends by itself, and leaves another system behind. */
static void
test_ota (void)
{
  g_autoptr (World) world =
      world_new ("\"otaInProgress\":true,\"otaMs\":50,\"osVersion\":\"23.05\","
                 "\"otaOsVersion\":\"24.06\",\"capabilities\":[11]");
  g_autoptr (HttpReply) before = world_ask (world, "GET /images", NULL, NULL);
  g_autoptr (HttpReply) after = NULL;

  g_assert_nonnull (strstr (before->body, "\"is_ota_update_in_progress\":true"));
  world_expect (world, "GET /osversion", NULL, 200, "{\"osversion\":\"23.05\"}");
  world_wait_running (world, FALSE);
  world_wait_running (world, TRUE);
  after = world_ask (world, "GET /images", NULL, NULL);
  g_assert_nonnull (strstr (after->body, "\"is_ota_update_in_progress\":false"));
  g_assert_cmpstr (strstr (after->body, "\"components\""), !=,
                   strstr (before->body, "\"components\""));
  world_expect (world, "GET /osversion", NULL, 200, "{\"osversion\":\"24.06\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emulator/board/authorizers", test_authorizers);
  g_test_add_func ("/emulator/board/default-capabilities", test_default_capabilities);
  g_test_add_func ("/emulator/board/headers", test_headers);
  g_test_add_func ("/emulator/board/header-options", test_header_options);
  g_test_add_func ("/emulator/board/states", test_states);
  g_test_add_func ("/emulator/board/state-options", test_state_options);
  g_test_add_func ("/emulator/board/lock-effects", test_lock_effects);
  g_test_add_func ("/emulator/board/restart", test_restart);
  g_test_add_func ("/emulator/board/restart-type", test_restart_type);
  g_test_add_func ("/emulator/board/restart-faults", test_restart_faults);
  g_test_add_func ("/emulator/board/power", test_power);
  g_test_add_func ("/emulator/board/state-faults", test_state_faults);
  g_test_add_func ("/emulator/board/status-faults", test_status_faults);
  g_test_add_func ("/emulator/board/body-faults", test_body_faults);
  g_test_add_func ("/emulator/board/connection-faults", test_connection_faults);
  g_test_add_func ("/emulator/board/lower-case-header", test_lower_case_header);
  g_test_add_func ("/emulator/board/endless-header", test_endless_header);
  g_test_add_func ("/emulator/board/no-answer", test_no_answer);
  g_test_add_func ("/emulator/board/trace", test_trace);
  g_test_add_func ("/emulator/board/default-boards", test_default_boards);
  g_test_add_func ("/emulator/board/ota", test_ota);

  return world_run ();
}
