/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <locale.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench-emulator.h"
#include "bench-hub.h"
#include "bench-join.h"
#include "bench-options.h"
#include "bench-runtime.h"
#include "bench-sysfs.h"
#include "bench-wire.h"

#define EXIT_SIGNALLED 128 /* + number of the signal that ended PROGRAM */
/* In the launcher's directory: the emulator's keys, or a link to them. */
#define STATE_DIR "state"

typedef struct
{
  const BenchOptions *options;
  char *runtime_dir;       /* (owned) */
  BenchEmulator *emulator; /* (owned) (nullable) */
  BenchHub *hub;           /* (owned) (nullable) */
  GMainLoop *loop;         /* (owned) */
  GPid pid;                /* of PROGRAM, 0 before and after */
  int exit_status;
} Launcher;

static char *
get_state_dir (const BenchOptions *options, const char *runtime_dir)
{
  if (options->state_dir != NULL)
    return g_canonicalize_filename (options->state_dir, NULL);
  if (options->is_private && runtime_dir != NULL)
    return g_build_filename (runtime_dir, STATE_DIR, NULL);
  return g_build_filename (g_get_user_data_dir (), "locksmith-emulator", NULL);
}

static void
add_option (GPtrArray *options, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_ptr_array_add (options, g_strdup (name));
  g_ptr_array_add (options, g_strdup (value));
}

static gboolean
start_emulator (Launcher *self, GError **error)
{
  const BenchOptions *o = self->options;
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *state_dir = get_state_dir (o, self->runtime_dir);
  g_autofree char *control = g_build_filename (self->runtime_dir, BENCH_WIRE_CONTROL_SOCKET, NULL);
  g_autofree char *n_boards = o->n_boards > 0 ? g_strdup_printf ("%d", o->n_boards) : NULL;

  add_option (options, "--boards", n_boards);
  add_option (options, "--scenario", o->scenario);
  add_option (options, "--trace", o->trace);
  add_option (options, "--control", o->control != NULL ? o->control : control);
  add_option (options, "--cloud", o->cloud);
  add_option (options, "--state-dir", state_dir);
  g_ptr_array_add (options, NULL);

  self->emulator =
      bench_emulator_start ((const char *const *) options->pdata, o->cloud != NULL, error);
  if (self->emulator == NULL)
    return FALSE;

  bench_runtime_add_link (self->runtime_dir, STATE_DIR, state_dir);
  if (o->control != NULL)
    bench_runtime_add_link (self->runtime_dir, BENCH_WIRE_CONTROL_SOCKET, o->control);
  return TRUE;
}

/* Without our own emulator its certificate may be elsewhere; then the user says where, or trusts it
 * in the ordinary way. */
static gboolean
add_trust (Launcher *self, GError **error)
{
  const BenchOptions *o = self->options;
  g_autofree char *state_dir = get_state_dir (o, self->runtime_dir);
  g_autofree char *path =
      o->ca != NULL ? g_strdup (o->ca) : g_build_filename (state_dir, "ca.pem", NULL);

  if (self->emulator == NULL && o->ca == NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  return bench_runtime_add_trust (self->runtime_dir, path, error);
}

/* Only our own emulator has the key that signs what it accepts. */
static gboolean
add_signer (Launcher *self, GError **error)
{
  g_autofree char *state_dir = get_state_dir (self->options, self->runtime_dir);
  g_autofree char *path = g_build_filename (state_dir, "signer.pem", NULL);

  return self->emulator == NULL || bench_runtime_add_signer (self->runtime_dir, path, error);
}

static gboolean
add_cloud (Launcher *self, GError **error)
{
  g_autofree char *state_dir = get_state_dir (self->options, self->runtime_dir);
  g_autofree char *path = g_build_filename (state_dir, "ca.pem", NULL);
  const char *cloud = self->emulator != NULL ? bench_emulator_get_cloud (self->emulator) : NULL;

  return cloud == NULL || bench_runtime_add_cloud (self->runtime_dir, cloud, path, error);
}

static void
ended_cb (GPid pid, int status, gpointer user_data)
{
  Launcher *self = user_data;

  g_spawn_close_pid (pid);
  self->pid = 0;
  self->exit_status =
      WIFSIGNALED (status) ? EXIT_SIGNALLED + WTERMSIG (status) : WEXITSTATUS (status);
  g_main_loop_quit (self->loop);
}

static void
fail (Launcher *self, int exit_status, const GError *error)
{
  g_printerr ("locksmith-bench: %s\n", error->message);
  self->exit_status = exit_status;
  g_main_loop_quit (self->loop);
}

static void
ready_cb (const GError *unreachable, gpointer user_data)
{
  Launcher *self = user_data;
  g_auto (GStrv) environment = NULL;
  g_autoptr (GError) error = NULL;

  if (unreachable != NULL)
    {
      fail (self, BENCH_EXIT_FAILED, unreachable);
      return;
    }

  environment = bench_runtime_environment (self->runtime_dir);
  if (!g_spawn_async (NULL, self->options->command, environment,
                      G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH |
                          G_SPAWN_CHILD_INHERITS_STDIN | G_SPAWN_LEAVE_DESCRIPTORS_OPEN,
                      NULL, NULL, &self->pid, &error))
    {
      fail (self, BENCH_EXIT_NOT_FOUND, error);
      return;
    }
  g_child_watch_add (self->pid, ended_cb, self);
}

static void
pass_on (Launcher *self, int number)
{
  if (self->pid > 0)
    kill (self->pid, number);
  else
    g_main_loop_quit (self->loop);
}

static gboolean
terminate_cb (gpointer user_data)
{
  pass_on (user_data, SIGTERM);
  return G_SOURCE_CONTINUE;
}

static gboolean
hangup_cb (gpointer user_data)
{
  pass_on (user_data, SIGHUP);
  return G_SOURCE_CONTINUE;
}

/* The terminal sent it to PROGRAM too, which decides what it means. */
static gboolean
interrupt_cb (gpointer user_data)
{
  Launcher *self = user_data;

  if (self->pid == 0)
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
start (Launcher *self, GError **error)
{
  const BenchOptions *o = self->options;
  const char *server;

  self->runtime_dir = bench_runtime_make_dir (error);
  if (self->runtime_dir == NULL || (o->usbip == NULL && !start_emulator (self, error)) ||
      !add_trust (self, error) || !add_signer (self, error) || !add_cloud (self, error))
    return FALSE;

  server = self->emulator != NULL ? bench_emulator_get_address (self->emulator) : o->usbip;
  self->hub = bench_hub_new (self->runtime_dir, server, ready_cb, self, error);
  for (guint i = 0; self->hub != NULL && o->deny != NULL && o->deny[i] != NULL; i++)
    bench_hub_permit (self->hub, o->deny[i], FALSE);
  return self->hub != NULL;
}

/* Boards, PROGRAM, and everything put away again. */
static int
launch (const BenchOptions *options)
{
  Launcher self = { .options = options, .exit_status = BENCH_EXIT_FAILED };
  g_autoptr (GError) error = NULL;

  self.loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGTERM, terminate_cb, &self);
  g_unix_signal_add (SIGHUP, hangup_cb, &self);
  g_unix_signal_add (SIGINT, interrupt_cb, &self);

  if (start (&self, &error))
    g_main_loop_run (self.loop);
  else
    g_printerr ("locksmith-bench: %s\n", error->message);

  bench_hub_free (self.hub);
  bench_emulator_stop (self.emulator);
  if (self.runtime_dir != NULL)
    bench_sysfs_delete (self.runtime_dir);
  g_free (self.runtime_dir);
  g_main_loop_unref (self.loop);
  return self.exit_status;
}

int
main (int argc, char **argv)
{
  BenchOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  int exit_status = BENCH_EXIT_USAGE;

  setlocale (LC_ALL, "");
  if (!bench_options_parse (&options, argc, argv, &error))
    g_printerr ("locksmith-bench: %s; see locksmith-bench --help\n", error->message);
  else
    exit_status = options.join != NULL ? bench_join (&options) : launch (&options);

  bench_options_clear (&options);
  return exit_status;
}
