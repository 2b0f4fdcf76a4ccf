/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include "emu-capability.h"

#include "lks-image-metadata.h"

#include <glib/gstdio.h>
#include <string.h>

#define APPLICATION_RUNTIME 12

static EmuKeys *keys;
static char *state_dir;

const char *
world_get_state_dir (void)
{
  g_autoptr (GError) error = NULL;

  if (state_dir == NULL)
    state_dir = g_dir_make_tmp ("emulator-test-XXXXXX", &error);
  g_assert_no_error (error);
  return state_dir;
}

EmuKeys *
world_get_keys (void)
{
  g_autoptr (GError) error = NULL;

  if (keys == NULL)
    keys = emu_keys_open (world_get_state_dir (), &error);
  g_assert_no_error (error);
  return keys;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_unlink (child);
    }
  g_rmdir (path);
}

int
world_run (void)
{
  int status = g_test_run ();

  g_clear_pointer (&keys, emu_keys_unref);
  if (state_dir != NULL)
    remove_folder (state_dir);
  g_clear_pointer (&state_dir, g_free);
  return status;
}

World *
world_new (const char *members)
{
  World *self = g_new0 (World, 1);
  g_autofree char *text = g_strdup_printf (
      "{\"defaults\":{\"bootMs\":0,\"restartDelayMs\":0,\"scanMs\":0,\"interfaceDelayMs\":0},"
      "\"boards\":[{%s}]}",
      members);
  g_autoptr (GError) error = NULL;

  self->scenario = emu_scenario_parse ("test", text, strlen (text), 0, &error);
  g_assert_no_error (error);
  self->board = emu_board_new (self->scenario, 0, world_get_keys (), NULL);
  self->client = http_client_new (self->board);
  return self;
}

void
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

HttpReply *
world_ask (World *self, const char *request, const char *header_lines, const char *body)
{
  return http_client_exchange (self->client, request, header_lines,
                               body != NULL ? WORLD_JSON : NULL, body,
                               body != NULL ? strlen (body) : 0);
}

/* The answer must be exactly this text. */
void
world_expect (World *self, const char *request, const char *body, guint status, const char *text)
{
  g_autoptr (HttpReply) reply = world_ask (self, request, NULL, body);

  g_test_message ("%s %s", request, body != NULL ? body : "");
  g_assert_cmpstr (reply->body, ==, text);
  g_assert_cmpuint (reply->status, ==, status);
}

void
world_expect_error (World *self, const char *request, const char *body, guint status, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("{\"error\":%" G_GINT64_FORMAT "}", number);

  world_expect (self, request, body, status, text);
}

void
world_expect_status (World *self, const char *request, const char *header_lines, guint status)
{
  g_autoptr (HttpReply) reply = world_ask (self, request, header_lines, NULL);

  g_test_message ("%s: %s", request, reply->body);
  g_assert_cmpuint (reply->status, ==, status);
}

void
world_stage (World *self, GBytes *image, guint status, const char *text)
{
  gsize size_bytes;
  const void *data = g_bytes_get_data (image, &size_bytes);
  g_autoptr (HttpReply) reply = http_client_exchange (self->client, "PUT /update/stage", NULL,
                                                      WORLD_BINARY, data, size_bytes);

  g_assert_cmpstr (reply->body, ==, text);
  g_assert_cmpuint (reply->status, ==, status);
}

static gboolean
too_long_cb (gpointer user_data)
{
  g_error ("waited too long");
  return G_SOURCE_REMOVE;
}

void
world_wait_running (World *self, gboolean running)
{
  guint timer_id = g_timeout_add (HTTP_CLIENT_WAIT_US / 1000, too_long_cb, NULL);

  while (emu_board_get_running (self->board) != running)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer_id);
}

/* An application package; @capabilities is the text of that object of the manifest. */
GBytes *
world_build_app (EmuSigner signer, const char *component_id, const char *capabilities)
{
  const EmuImageSpec spec = {
    .signer = signer,
    .image_type = LKS_IMAGE_TYPE_APPLICATION,
    .component_id = component_id,
    .image_id = "a0000000-0000-4000-8000-00000000000a",
    .name = "TestApp",
    .application_runtime = APPLICATION_RUNTIME,
    .under_development = signer == EMU_SIGNER_DEVELOPMENT,
  };
  g_autofree char *text =
      g_strdup_printf ("{\"SchemaVersion\":1,\"Name\":\"TestApp\",\"ComponentId\":\"%s\","
                       "\"EntryPoint\":\"/bin/app\",\"CmdArgs\":[],\"Capabilities\":%s,"
                       "\"ApplicationType\":\"Default\",\"TargetApplicationRuntimeVersion\":%d}",
                       component_id, capabilities, APPLICATION_RUNTIME);
  g_autoptr (GBytes) manifest = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) program = g_bytes_new_static ("\177ELF", 4);
  g_autoptr (GError) error = NULL;
  GBytes *image = emu_image_build (world_get_keys (), &spec, manifest, program, &error);

  g_assert_no_error (error);
  return image;
}

/* The header line that presents @file. */
char *
world_encode_header (GBytes *file)
{
  g_autofree char *base64 =
      g_base64_encode (g_bytes_get_data (file, NULL), g_bytes_get_size (file));

  return g_strdup_printf ("AZSPHERE-CAPABILITIES: %s\r\n", base64);
}

char *
world_build_header (EmuKeys *signer_keys, const char *device_id, guint16 capability)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = emu_capability_build (signer_keys, device_id, &capability, 1, &error);

  g_assert_no_error (error);
  return world_encode_header (file);
}
