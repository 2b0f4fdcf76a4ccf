/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-board.h"
#include "emu-capability.h"

#include "http-client.h"

#include <glib/gstdio.h>
#include <string.h>

#define JSON "application/json"

static char *state_dir;
static EmuKeys *keys;

typedef struct
{
  EmuScenario *scenario;
  EmuBoard *board;
  HttpClient *client;
} World;

static World *
world_new (const char *members)
{
  World *self = g_new0 (World, 1);
  g_autofree char *text = g_strdup_printf (
      "{\"boards\":[{\"bootMs\":0,\"restartDelayMs\":0,\"scanMs\":0,\"interfaceDelayMs\":0%s%s}]}",
      members[0] != '\0' ? "," : "", members);
  g_autoptr (GError) error = NULL;

  self->scenario = emu_scenario_parse ("test", text, strlen (text), 0, &error);
  g_assert_no_error (error);
  self->board = emu_board_new (self->scenario, 0, keys, NULL);
  self->client = http_client_new (self->board);
  return self;
}

static void
world_free (World *self)
{
  http_client_free (self->client);
  emu_board_power_off (self->board);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->board);
  emu_scenario_unref (self->scenario);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static HttpReply *
ask_with (World *world, const char *request, const char *header_lines, const char *body)
{
  return http_client_exchange (world->client, request, header_lines, body != NULL ? JSON : NULL,
                               body, body != NULL ? strlen (body) : 0);
}

/* The answer must be exactly this text. */
static void
expect (World *world, const char *request, const char *body, guint status, const char *text)
{
  g_autoptr (HttpReply) reply = ask_with (world, request, NULL, body);

  g_test_message ("%s", request);
  g_assert_cmpstr (reply->body, ==, text);
  g_assert_cmpuint (reply->status, ==, status);
}

static void
expect_error (World *world, const char *request, const char *body, guint status, int number)
{
  g_autofree char *text = g_strdup_printf ("{\"error\":%d}", number);

  expect (world, request, body, status, text);
}

static void
test_open_endpoints (void)
{
  g_autoptr (World) world = world_new ("\"manufacturingState\":\"DeviceComplete\","
                                       "\"uptimeSeconds\":634,\"osVersion\":\"22.09\"");
  g_autoptr (HttpReply) reply = NULL;
  g_autofree char *version = NULL;
  g_autofree char *type = NULL;
  g_autofree char *security =
      g_strdup_printf ("{\"securityState\":\"SECURE\",\"deviceIdentifier\":\"%s\","
                       "\"deviceIdentityPublicKey\":\"%s\"}",
                       emu_board_get_device_id (world->board),
                       emu_board_get_device_id (world->board));

  expect (world, "GET /status", NULL, 200, "{\"uptime\":634}");
  expect (world, "GET /osversion", NULL, 200, "{\"osversion\":\"22.09\"}");
  expect (world, "GET /device/manufacturing_state", NULL, 200,
          "{\"manufacturingState\":\"DeviceComplete\"}");
  expect (world, "GET /device/capabilities", NULL, 200, "{\"device_capabilities\":[]}");
  expect (world, "GET /device/security_state", NULL, 200, security);
  expect (world, "GET /net/status", NULL, 200,
          "{\"deviceAuthenticationIsReady\":false,\"networkTimeSync\":\"incomplete\","
          "\"proxy\":\"disabled\"}");
  expect (world, "GET /abi_versions", NULL, 200,
          "{\"SecureWorldRuntime\":1,\"OSRuntime\":4,\"ApplicationRuntime\":16}");
  expect_error (world, "GET /images", NULL, 403, 10485778);

  reply = ask_with (world, "GET /status", NULL, NULL);
  version = http_reply_get_header (reply, "REST-API-Version");
  g_assert_cmpstr (version, ==, "4.6.0");
  type = http_reply_get_header (reply, "Content-Type");
  g_assert_cmpstr (type, ==, JSON);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  state_dir = g_dir_make_tmp ("emu-rest-XXXXXX", &error);
  g_assert_no_error (error);
  keys = emu_keys_open (state_dir, &error);
  g_assert_no_error (error);

  g_test_add_func ("/emulator/rest/open-endpoints", test_open_endpoints);

  status = g_test_run ();
  emu_keys_unref (keys);
  return status;
}
