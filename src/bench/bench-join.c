/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-join.h"

#include <errno.h>
#include <unistd.h>

#include "bench-control.h"
#include "bench-runtime.h"
#include "bench-wire.h"

typedef gboolean (*PlaceFunc) (const char *runtime_dir, const char *place, GError **error);

static gboolean
deny (const char *runtime_dir, const char *place, GError **error)
{
  return bench_runtime_permit (runtime_dir, place, FALSE, error);
}

static gboolean
allow (const char *runtime_dir, const char *place, GError **error)
{
  return bench_runtime_permit (runtime_dir, place, TRUE, error);
}

static gboolean
unplug (const char *runtime_dir, const char *place, GError **error)
{
  return bench_control_run (runtime_dir, "unplug", place, error);
}

static gboolean
plug (const char *runtime_dir, const char *place, GError **error)
{
  return bench_control_run (runtime_dir, "plug", place, error);
}

/* At the first place where it fails, the rest is not tried. */
static gboolean
at_every_place (PlaceFunc func, const char *runtime_dir, char **places)
{
  for (guint i = 0; places != NULL && places[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (func (runtime_dir, places[i], &error))
        continue;
      g_printerr ("locksmith-bench: %s\n", error->message);
      return FALSE;
    }
  return TRUE;
}

/**
 * bench_join:
 * @options: with a directory to join
 *
 * Acts on the boards of a launcher that runs already; then becomes PROGRAM, if there is one, which
 * sees them too.
 *
 * Returns: exit status, if there is no PROGRAM or it cannot be started
 */
int
bench_join (const BenchOptions *options)
{
  g_autofree char *runtime_dir = g_canonicalize_filename (options->join, NULL);
  g_autofree char *socket_path = g_build_filename (runtime_dir, BENCH_WIRE_BUS_SOCKET, NULL);
  g_auto (GStrv) environment = NULL;

  if (!g_file_test (socket_path, G_FILE_TEST_EXISTS))
    {
      g_printerr ("locksmith-bench: no locksmith-bench serves %s\n", runtime_dir);
      return BENCH_EXIT_FAILED;
    }
  if (!at_every_place (deny, runtime_dir, options->deny) ||
      !at_every_place (allow, runtime_dir, options->allow) ||
      !at_every_place (unplug, runtime_dir, options->unplug) ||
      !at_every_place (plug, runtime_dir, options->plug))
    return BENCH_EXIT_FAILED;
  if (options->command == NULL)
    return 0;

  environment = bench_runtime_environment (runtime_dir);
  execvpe (options->command[0], options->command, environment);
  g_printerr ("locksmith-bench: %s: %s\n", options->command[0], g_strerror (errno));
  return BENCH_EXIT_NOT_FOUND;
}
