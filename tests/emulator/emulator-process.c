/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emulator-process.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define GREETING "usbip "
#define CLOUD_GREETING "cloud "

char *
emulator_process_get_path (EmulatorProcess *self, const char *name)
{
  return g_build_filename (self->dir, name, NULL);
}

static GSocketConnection *
connect_control (EmulatorProcess *self)
{
  g_autofree char *path = emulator_process_get_path (self, "control");
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);

  g_assert_no_error (error);
  return connection;
}

/* A test that fails must not leave it behind. */
static void
die_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* Boards of the bench that runs this take what its signers sign, and nobody else's. */
static void
take_signers_of_bench (EmulatorProcess *self)
{
  static const char *const names[] = { "signer-production.pem", "signer-sdk.pem" };
  const char *bench = g_getenv ("LOCKSMITH_BENCH_DIR");

  for (gsize i = 0; bench != NULL && i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = g_build_filename (bench, "state", names[i], NULL);
      g_autofree char *to = emulator_process_get_path (self, names[i]);
      g_autofree char *pem = NULL;
      gsize size;

      if (g_file_get_contents (from, &pem, &size, NULL))
        g_assert_true (g_file_set_contents_full (to, pem, (gssize) size,
                                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
    }
}

static void
start (EmulatorProcess *self, const char *program, const char *scenario, gboolean with_cloud)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *state = NULL;
  g_autofree char *control = NULL;
  g_autofree char *trace = NULL;
  g_autofree char *scenario_option = NULL;
  const char *cloud_option = with_cloud ? "--cloud=127.0.0.1:0" : NULL;
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GDataInputStream) out = NULL;
  g_autofree char *line = NULL;

  *self = (EmulatorProcess){ .dir = g_dir_make_tmp ("test-emulator-XXXXXX", &error) };
  g_assert_no_error (error);
  take_signers_of_bench (self);
  state = g_strconcat ("--state-dir=", self->dir, NULL);
  control = g_strconcat ("--control=", self->dir, "/control", NULL);
  trace = g_strconcat ("--trace=", self->dir, "/trace", NULL);
  if (scenario != NULL)
    {
      g_autofree char *path = emulator_process_get_path (self, "scenario");

      g_assert_true (g_file_set_contents (path, scenario, -1, NULL));
      scenario_option = g_strconcat ("--scenario=", path, NULL);
    }

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process =
      g_subprocess_launcher_spawn (launcher, &error, program, "--usbip=127.0.0.1:0", state, control,
                                   trace, cloud_option != NULL ? cloud_option : scenario_option,
                                   cloud_option != NULL ? scenario_option : NULL, NULL);
  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (out, NULL, NULL, NULL);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, GREETING));
  self->address = g_strdup (line + strlen (GREETING));
  if (with_cloud)
    {
      g_autofree char *cloud = g_data_input_stream_read_line (out, NULL, NULL, NULL);

      g_assert_nonnull (cloud);
      g_assert_true (g_str_has_prefix (cloud, CLOUD_GREETING));
      self->cloud = g_strdup (cloud + strlen (CLOUD_GREETING));
    }
  self->control = connect_control (self);
}

/* @scenario: the text of one, or NULL for a single ordinary board. */
void
emulator_process_start (EmulatorProcess *self, const char *program, const char *scenario)
{
  start (self, program, scenario, FALSE);
}

/* The same with the vendor's cloud. */
void
emulator_process_start_with_cloud (EmulatorProcess *self, const char *program, const char *scenario)
{
  start (self, program, scenario, TRUE);
}

static void
remove_files (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
  g_dir_close (dir);
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

/* It must end by itself, cleanly. */
void
emulator_process_stop (EmulatorProcess *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *control = emulator_process_get_path (self, "control");

  g_clear_object (&self->control);
  g_subprocess_send_signal (self->process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (self->process, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (control, G_FILE_TEST_EXISTS));
  g_clear_object (&self->process);
  remove_files (self->dir);
  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->cloud, g_free);
}

/* The answer to one line. */
JsonObject *
emulator_process_command (EmulatorProcess *self, const char *request)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (self->control));
  g_autofree char *line = g_strconcat (request, "\n", NULL);
  g_autoptr (GDataInputStream) in =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (self->control)));
  g_autofree char *answer = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_output_stream_write_all (out, line, strlen (line), NULL, NULL, NULL));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (in), FALSE);
  answer = g_data_input_stream_read_line (in, NULL, NULL, NULL);
  g_assert_nonnull (answer);
  node = json_from_string (answer, &error);
  g_assert_no_error (error);
  return json_node_dup_object (node);
}
