/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target over its corpus without a fuzzer: every file named, or in a folder named,
 * goes through LLVMFuzzerTestOneInput() once, then cut in half and with one byte changed. */
#include "fuzz.h"

#include <stdlib.h>

static guint inputs;

static void
run_variants (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (data, size);
  LLVMFuzzerTestOneInput (data, size / 2);
  if (size > 0)
    {
      copy[size / 3] ^= 0x55;
      LLVMFuzzerTestOneInput (copy, size);
    }
  inputs++;
}

static void
run_path (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  const char *name;
  gsize size;

  if (dir != NULL)
    {
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          run_path (child);
        }
      return;
    }

  if (!g_file_get_contents (path, &contents, &size, &error))
    {
      g_printerr ("%s\n", error->message);
      exit (1);
    }
  run_variants ((const guint8 *) contents, size);
}

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    run_path (argv[i]);

  g_print ("%u inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}
