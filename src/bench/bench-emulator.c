/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Making the first keys of a state directory takes its time on a small machine. */
#define START_TIMEOUT_MS (60 * 1000)
#define STOP_TIMEOUT_MS (5 * 1000)
#define STOP_POLL_MS 5
#define GREETING "usbip "
#define CLOUD_GREETING "cloud "
#define GREETING_MAX_BYTES 256

static const char *const program_dirs[] = { "../emulator", ".", BENCH_BIN_DIR, NULL };

struct _BenchEmulator
{
  GPid pid; /* 0 when it has ended by itself */
  guint watch_id;
  char *address; /* (owned) (nullable): "127.0.0.1:3240" */
  char *cloud;   /* (owned) (nullable): "https://127.0.0.1:8443" */
};

/**
 * bench_find_file:
 * @name: name of a program or library
 * @dirs: (array zero-terminated=1): where it may lie; relative ones start where this program lies
 * @error: return location for an error
 *
 * Finds what belongs to us, in the build tree or installed.
 *
 * Returns: (transfer full): its absolute path
 */
char *
bench_find_file (const char *name, const char *const *dirs, GError **error)
{
  g_autofree char *self_path = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *self_dir = g_path_get_dirname (self_path != NULL ? self_path : "/");

  for (guint i = 0; dirs[i] != NULL; i++)
    {
      g_autofree char *dir = g_canonicalize_filename (dirs[i], self_dir);
      g_autofree char *path = g_build_filename (dir, name, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "%s is neither built nor installed; it belongs beside %s", name, self_path);
  return NULL;
}

/* In the child: whatever happens to the launcher, the emulator does not stay behind. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* Reads the line that begins with @greeting and returns what follows there. NULL: it ended or was
 * silent for too long. */
static char *
read_greeting (int fd, const char *greeting, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gint64 until_us = g_get_monotonic_time () + START_TIMEOUT_MS * G_TIME_SPAN_MILLISECOND;

  while (line->len < GREETING_MAX_BYTES)
    {
      struct pollfd wait = { .fd = fd, .events = POLLIN };
      gint64 left_ms = (until_us - g_get_monotonic_time ()) / G_TIME_SPAN_MILLISECOND;
      char byte;

      if (left_ms <= 0 || poll (&wait, 1, (int) left_ms) == 0)
        break;
      if (read (fd, &byte, 1) != 1)
        break;
      if (byte != '\n')
        {
          g_string_append_c (line, byte);
          continue;
        }
      if (g_str_has_prefix (line->str, greeting))
        return g_strdup (line->str + strlen (greeting));
      g_string_truncate (line, 0);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               "locksmith-emulator did not start; its own message says why");
  return NULL;
}

/* What the emulator still says must not fill the pipe, and is of no interest. */
static gpointer
drain_in_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  char bytes[4096];
  gssize received;

  do
    received = read (fd, bytes, sizeof bytes);
  while (received > 0 || (received < 0 && errno == EINTR));

  close (fd);
  return NULL;
}

static void
ended_cb (GPid pid, int status, gpointer user_data)
{
  BenchEmulator *self = user_data;

  g_printerr ("locksmith-bench: the emulator has ended; its boards are unplugged\n");
  g_spawn_close_pid (pid);
  self->pid = 0;
  self->watch_id = 0;
}

/**
 * bench_emulator_start:
 * @options: (array zero-terminated=1): further options for it
 * @has_cloud: it serves the cloud, too, as @options say
 * @error: return location for an error
 *
 * Starts locksmith-emulator on a free port and waits until it serves.
 *
 * Returns: (transfer full): the emulator; end it with bench_emulator_stop()
 */
BenchEmulator *
bench_emulator_start (const char *const *options, gboolean has_cloud, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BenchEmulator) self = g_new0 (BenchEmulator, 1);
  char *program = bench_find_file ("locksmith-emulator", program_dirs, error);
  int out = -1;

  if (program == NULL)
    return NULL;

  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, g_strdup ("--usbip"));
  g_ptr_array_add (argv, g_strdup ("127.0.0.1:0"));
  for (guint i = 0; options[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (options[i]));
  g_ptr_array_add (argv, NULL);

  if (!g_spawn_async_with_pipes (NULL, (char **) argv->pdata, NULL,
                                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CLOEXEC_PIPES, die_with_parent,
                                 NULL, &self->pid, NULL, &out, NULL, error))
    return NULL;

  self->address = read_greeting (out, GREETING, error);
  if (self->address != NULL && has_cloud)
    self->cloud = read_greeting (out, CLOUD_GREETING, error);
  if (self->address == NULL || (has_cloud && self->cloud == NULL))
    {
      close (out);
      return NULL;
    }

  self->watch_id = g_child_watch_add (self->pid, ended_cb, self);
  g_thread_unref (g_thread_new ("bench drain", drain_in_thread, GINT_TO_POINTER (out)));
  return g_steal_pointer (&self);
}

/**
 * bench_emulator_get_address:
 * @self: an emulator
 *
 * Returns: (transfer none): host and port of its USB/IP server
 */
const char *
bench_emulator_get_address (BenchEmulator *self)
{
  return self->address;
}

/**
 * bench_emulator_get_cloud:
 * @self: an emulator
 *
 * Returns: (transfer none) (nullable): address of its cloud, if it serves one
 */
const char *
bench_emulator_get_cloud (BenchEmulator *self)
{
  return self->cloud;
}

/**
 * bench_emulator_stop:
 * @self: (nullable) (transfer full): an emulator
 *
 * Asks it to end, waits, and insists after a few seconds.
 */
void
bench_emulator_stop (BenchEmulator *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->watch_id, g_source_remove);
  if (self->pid > 0)
    {
      gint64 until_us = g_get_monotonic_time () + STOP_TIMEOUT_MS * G_TIME_SPAN_MILLISECOND;

      kill (self->pid, SIGTERM);
      while (waitpid (self->pid, NULL, WNOHANG) == 0)
        {
          if (g_get_monotonic_time () > until_us)
            kill (self->pid, SIGKILL);
          g_usleep (STOP_POLL_MS * 1000);
        }
    }
  g_free (self->address);
  g_free (self->cloud);
  g_free (self);
}
