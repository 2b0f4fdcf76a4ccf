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
#include "bench-runtime.h"
#include "bench-sysfs.h"
#include "bench-wire.h"

#define EXIT_USAGE 2
#define EXIT_FAILED 125    /* of the launcher itself, as env(1) and timeout(1) do it */
#define EXIT_NOT_FOUND 127 /* PROGRAM */
#define EXIT_SIGNALLED 128 /* + number of the signal that ended PROGRAM */
#define USBIP_PORT 3240

typedef struct
{
  int n_boards;
  char *scenario;
  char *trace;
  char *usbip;
  char *control;
  char *state_dir;
  gboolean is_private;
  char *ca;
  char *join;
  char **deny;
  char **allow;
  char **command;
} Options;

typedef struct
{
  const Options *options;
  char *runtime_dir;       /* (owned) */
  BenchEmulator *emulator; /* (owned) (nullable) */
  BenchHub *hub;           /* (owned) (nullable) */
  GMainLoop *loop;         /* (owned) */
  GPid pid;                /* of PROGRAM, 0 before and after */
  int exit_status;
} Launcher;

static char *
find_preload (void)
{
  return bench_find_file ("liblocksmith-bench-preload.so", ".", BENCH_LIB_DIR);
}

static char *
get_state_dir (const Options *options, const char *runtime_dir)
{
  if (options->state_dir != NULL)
    return g_canonicalize_filename (options->state_dir, NULL);
  if (options->is_private && runtime_dir != NULL)
    return g_build_filename (runtime_dir, "state", NULL);
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
  const Options *o = self->options;
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *state_dir = get_state_dir (o, self->runtime_dir);
  g_autofree char *control = g_build_filename (self->runtime_dir, "control", NULL);
  g_autofree char *n_boards = o->n_boards > 0 ? g_strdup_printf ("%d", o->n_boards) : NULL;

  add_option (options, "--boards", n_boards);
  add_option (options, "--scenario", o->scenario);
  add_option (options, "--trace", o->trace);
  add_option (options, "--control", o->control != NULL ? o->control : control);
  add_option (options, "--state-dir", state_dir);
  g_ptr_array_add (options, NULL);

  self->emulator = bench_emulator_start ((const char *const *) options->pdata, error);
  return self->emulator != NULL;
}

/* Without our own emulator its certificate may be elsewhere; then the user says where, or trusts it
 * in the ordinary way. */
static gboolean
add_trust (Launcher *self, GError **error)
{
  const Options *o = self->options;
  g_autofree char *state_dir = get_state_dir (o, self->runtime_dir);
  g_autofree char *path =
      o->ca != NULL ? g_strdup (o->ca) : g_build_filename (state_dir, "ca.pem", NULL);

  if (self->emulator == NULL && o->ca == NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  return bench_runtime_add_trust (self->runtime_dir, path, error);
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
  g_autofree char *preload = find_preload ();
  g_auto (GStrv) environment = NULL;
  g_autoptr (GError) error = NULL;

  if (unreachable != NULL)
    {
      fail (self, EXIT_FAILED, unreachable);
      return;
    }

  environment = bench_runtime_environment (self->runtime_dir, preload);
  if (!g_spawn_async (NULL, self->options->command, environment,
                      G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH |
                          G_SPAWN_CHILD_INHERITS_STDIN,
                      NULL, NULL, &self->pid, &error))
    {
      fail (self, EXIT_NOT_FOUND, error);
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
  const Options *o = self->options;
  g_autoptr (GSocketConnectable) server = NULL;

  self->runtime_dir = bench_runtime_make_dir (error);
  if (self->runtime_dir == NULL || (o->usbip == NULL && !start_emulator (self, error)) ||
      !add_trust (self, error))
    return FALSE;

  server =
      g_network_address_parse (self->emulator != NULL ? bench_emulator_get_address (self->emulator)
                                                      : o->usbip,
                               USBIP_PORT, error);
  if (server == NULL)
    return FALSE;

  self->hub = bench_hub_new (self->runtime_dir, server, ready_cb, self, error);
  for (guint i = 0; self->hub != NULL && o->deny != NULL && o->deny[i] != NULL; i++)
    bench_hub_permit (self->hub, o->deny[i], FALSE);
  return self->hub != NULL;
}

/* Boards, PROGRAM, and everything put away again. */
static int
launch (const Options *options)
{
  Launcher self = { .options = options, .exit_status = EXIT_FAILED };
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

static gboolean
permit_all (const char *runtime_dir, char **places, gboolean is_allowed)
{
  for (guint i = 0; places != NULL && places[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (bench_runtime_permit (runtime_dir, places[i], is_allowed, &error))
        continue;
      g_printerr ("locksmith-bench: %s\n", error->message);
      return FALSE;
    }
  return TRUE;
}

/* Becomes PROGRAM, which sees the boards of a launcher that is already there. */
static int
join (const Options *options)
{
  g_autofree char *runtime_dir = g_canonicalize_filename (options->join, NULL);
  g_autofree char *socket_path = g_build_filename (runtime_dir, BENCH_WIRE_BUS_SOCKET, NULL);
  g_autofree char *preload = find_preload ();
  g_auto (GStrv) environment = NULL;

  if (!g_file_test (socket_path, G_FILE_TEST_EXISTS))
    {
      g_printerr ("locksmith-bench: no locksmith-bench serves %s\n", runtime_dir);
      return EXIT_FAILED;
    }
  if (!permit_all (runtime_dir, options->deny, FALSE) ||
      !permit_all (runtime_dir, options->allow, TRUE))
    return EXIT_FAILED;
  if (options->command == NULL)
    return 0;

  environment = bench_runtime_environment (runtime_dir, preload);
  execvpe (options->command[0], options->command, environment);
  g_printerr ("locksmith-bench: %s: %s\n", options->command[0], g_strerror (errno));
  return EXIT_NOT_FOUND;
}

static const char *
find_mistake (const Options *o)
{
  if (o->join == NULL && o->command == NULL)
    return "no PROGRAM to run";
  if (o->join == NULL && o->allow != NULL)
    return "--allow needs --join; every board may be opened at the start";
  if (o->n_boards < 0)
    return "--boards needs a number of boards";
  if ((o->join != NULL || o->usbip != NULL) &&
      (o->n_boards != 0 || o->scenario != NULL || o->trace != NULL || o->control != NULL ||
       o->is_private))
    return "--boards, --scenario, --trace, --control and --private are for an emulator started "
           "here, "
           "not for --usbip or --join";
  if (o->state_dir != NULL && o->is_private)
    return "--state-dir and --private exclude each other";
  return NULL;
}

static gboolean
parse (Options *o, int argc, char **argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("-- PROGRAM [ARGS]");
  const GOptionEntry entries[] = {
    { "boards", 0, 0, G_OPTION_ARG_INT, &o->n_boards, "How many boards are plugged in", "N" },
    { "scenario", 0, 0, G_OPTION_ARG_FILENAME, &o->scenario, "Boards and faults from a file",
      "FILE" },
    { "trace", 0, 0, G_OPTION_ARG_FILENAME, &o->trace, "Write every request a board answers",
      "FILE" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &o->control, "Control socket of the emulator",
      "SOCKET" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &o->state_dir, "Keys of the emulated boards",
      "DIR" },
    { "private", 0, 0, G_OPTION_ARG_NONE, &o->is_private, "New keys for this run only", NULL },
    { "usbip", 0, 0, G_OPTION_ARG_STRING, &o->usbip, "Use a USB/IP server that is running",
      "HOST:PORT" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &o->ca, "Certificate authority of the boards", "FILE" },
    { "join", 0, 0, G_OPTION_ARG_FILENAME, &o->join,
      "See the boards of a running locksmith-bench (its programs have " BENCH_WIRE_DIR_VARIABLE ")",
      "DIR" },
    { "deny", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->deny, "Nobody may open the board there",
      "PLACE" },
    { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->allow, "With --join: undo --deny", "PLACE" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->command, NULL, NULL },
    { NULL },
  };

  g_option_context_set_summary (context, "Runs PROGRAM with emulated boards plugged in.");
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, &argc, &argv, error);
}

static void
clear_options (Options *o)
{
  g_free (o->scenario);
  g_free (o->trace);
  g_free (o->usbip);
  g_free (o->control);
  g_free (o->state_dir);
  g_free (o->ca);
  g_free (o->join);
  g_strfreev (o->deny);
  g_strfreev (o->allow);
  g_strfreev (o->command);
}

int
main (int argc, char **argv)
{
  Options options = { 0 };
  g_autoptr (GError) error = NULL;
  const char *mistake;
  int exit_status = EXIT_USAGE;

  setlocale (LC_ALL, "");
  if (!parse (&options, argc, argv, &error))
    g_printerr ("locksmith-bench: %s\n", error->message);
  else if ((mistake = find_mistake (&options)) != NULL)
    g_printerr ("locksmith-bench: %s; see locksmith-bench --help\n", mistake);
  else
    exit_status = options.join != NULL ? join (&options) : launch (&options);

  clear_options (&options);
  return exit_status;
}
