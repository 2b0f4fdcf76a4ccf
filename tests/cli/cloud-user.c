/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-user.h"

#include <glib/gstdio.h>
#include <string.h>

/* All tokens of the emulated service begin so: none may be seen. */
#define MARK "EMUTOKEN"

/* How every capability begins: its bytes, and the same in base64. */
static const char capability_bytes[] = "\xfd\x5c\xfd\x5c\x01\x00\x00\x00";
static const char capability_base64[] = "/Vz9XAEA";

void
cloud_said_clear (CloudSaid *self)
{
  g_free (self->output);
  g_free (self->errors);
  g_clear_pointer (&self->json, json_node_unref);
}

/* PLACE stands for the options that lead to the emulated service, SECRET for the file with the
 * secret; what begins with "cloud " or with another command is taken as it is. (transfer full) */
GSubprocess *
cloud_user_start (CloudUser *self, const char *line)
{
  g_autoptr (GString) text = g_string_new (line);
  g_autofree char *place =
      g_strdup_printf ("--application " CLOUD_USER_CLIENT " --tenant " CLOUD_USER_TENANT
                       " --sign-in-address %s --resource-address %s",
                       self->process.cloud, self->process.cloud);
  g_autofree char *whole = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *program;

  g_string_replace (text, "PLACE", place, 0);
  g_string_replace (text, "SECRET", self->secret_file, 0);
  whole = g_strdup_printf ("%s %s", self->program, text->str);
  g_assert_true (g_shell_parse_argv (whole, NULL, &words, &error));
  launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  /* What it would tell somebody who looks for a fault must not tell a secret either. */
  if (self->debugs)
    g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "all", TRUE);
  program = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, &error);
  g_assert_no_error (error);
  return program;
}

/* The same until the program ends. */
CloudSaid
cloud_user_run (CloudUser *self, const char *line)
{
  g_autoptr (GSubprocess) program = cloud_user_start (self, line);
  g_autoptr (GError) error = NULL;
  CloudSaid said = { 0 };

  g_subprocess_communicate_utf8 (program, NULL, NULL, &said.output, &said.errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (program));
  said.status = g_subprocess_get_exit_status (program);
  g_test_message ("%s: %d\n%.2000s%s", line, said.status, said.output, said.errors);
  g_assert_null (strstr (said.output, MARK));
  g_assert_null (strstr (said.errors, MARK));
  if (strstr (line, "--json") != NULL)
    {
      said.json = json_from_string (said.output, &error);
      g_assert_no_error (error);
      g_assert_nonnull (said.json);
    }
  return said;
}

/* @settings: members of the cloud's part of the scenario, with a comma at the end, or "". */
void
cloud_user_set_up (CloudUser *self, const char *program, const char *emulator, const char *settings)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_config_dir (), "locksmith", "cloud-trust.d", NULL);
  g_autofree char *scenario = g_strdup_printf ("{\"cloud\":{%s\"clientId\":\"" CLOUD_USER_CLIENT
                                               "\",\"tenant\":\"" CLOUD_USER_TENANT
                                               "\",\"subscription\":\"" CLOUD_USER_SUBSCRIPTION
                                               "\",\"pollSeconds\":0,\"operationMs\":0}}",
                                               settings);
  g_autofree char *ca = NULL;
  g_autofree char *pem = NULL;

  self->program = program;
  emulator_process_start_with_cloud (&self->process, emulator, scenario);
  ca = emulator_process_get_path (&self->process, "ca.pem");
  g_assert_true (g_file_get_contents (ca, &pem, NULL, NULL));
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  self->trust_file = g_build_filename (folder, "emulated.pem", NULL);
  g_assert_true (g_file_set_contents (self->trust_file, pem, -1, NULL));
  self->secret_file = g_build_filename (g_get_home_dir (), "secret", NULL);
  g_assert_true (g_file_set_contents (self->secret_file, "emulated-client-secret\n", -1, NULL));
}

static void
search_file (const char *path)
{
  g_autofree char *text = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, NULL))
    return;
  g_assert_null (memmem (text, size, MARK, strlen (MARK)));
  g_assert_null (memmem (text, size, capability_bytes, sizeof capability_bytes - 1));
  g_assert_null (memmem (text, size, capability_base64, sizeof capability_base64 - 1));
}

/* No token and no capability lies in a file of the user's; the keyring's own are encrypted. */
static void
search_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_SYMLINK))
        continue;
      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        search_folder (file);
      else if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
        search_file (file);
    }
}

void
cloud_user_tear_down (CloudUser *self)
{
  search_folder (g_get_home_dir ());
  search_folder (g_get_user_config_dir ());
  search_folder (g_get_user_data_dir ());
  search_folder (g_get_user_cache_dir ());
  g_unlink (self->trust_file);
  g_unlink (self->secret_file);
  g_free (self->trust_file);
  g_free (self->secret_file);
  emulator_process_stop (&self->process);
}

/* Whoever was signed in before is not any more. */
void
cloud_user_sign_in (CloudUser *self)
{
  g_auto (CloudSaid) out = cloud_user_run (self, "cloud sign-out");
  g_auto (CloudSaid) in = cloud_user_run (self, "cloud sign-in PLACE --secret-file SECRET");

  g_assert_cmpint (in.status, ==, 0);
}

JsonObject *
cloud_said_object (CloudSaid *self)
{
  g_assert_true (JSON_NODE_HOLDS_OBJECT (self->json));
  return json_node_get_object (self->json);
}

const char *
cloud_said_text (CloudSaid *self, const char *member)
{
  return json_object_get_string_member_with_default (cloud_said_object (self), member, NULL);
}

const char *
cloud_said_error (CloudSaid *self, const char *member)
{
  JsonNode *node = json_object_get_member (cloud_said_object (self), "error");

  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  return json_object_get_string_member (json_node_get_object (node), member);
}

JsonArray *
cloud_said_array (CloudSaid *self, const char *member)
{
  return json_object_get_array_member (cloud_said_object (self), member);
}
