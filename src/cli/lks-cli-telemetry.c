/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-work.h"
#include "lks-telemetry.h"
#include "lks-whole-file.h"

#include <stdio.h>

/* Worker thread. */
static gboolean
read_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LksTelemetry **telemetry = user_data;

  *telemetry = lks_telemetry_read (device, cancellable, error);
  return *telemetry != NULL;
}

/* Worker thread. */
static gboolean
clear_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  return lks_telemetry_clear (device, user_data, cancellable, error);
}

static gboolean
save_bytes (const char *path, GBytes *bytes, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);

  return lks_whole_file_write_bytes (file, G_FILE_CREATE_PRIVATE, bytes, NULL, error);
}

static int
save (int argc, char **argv)
{
  g_auto (LksCliWork) work = { 0 };
  g_autoptr (LksTelemetry) telemetry = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;
  JsonNode *node;

  if (!lks_cli_work_parse (&work, NULL, "telemetry save FILE",
                           "Saves the error reports of a board as it gives them.", 1, &argc, &argv,
                           &error) ||
      !lks_cli_work_run (&work, read_job, &telemetry, &error) ||
      !save_bytes (argv[1], telemetry->bytes, &error))
    return lks_cli_work_fail (&work, error);

  if (telemetry->missing_bytes > 0)
    fprintf (stderr, "locksmithctl: the telemetry was cut short by %u bytes\n",
             telemetry->missing_bytes);
  if (!work.json)
    {
      printf ("Saved telemetry with %u bytes of data to %s\n", telemetry->data_bytes, argv[1]);
      return LKS_CLI_EXIT_DONE;
    }

  object = json_object_new ();
  json_object_set_string_member (object, "file", argv[1]);
  json_object_set_int_member (object, "dataBytes", telemetry->data_bytes);
  json_object_set_int_member (object, "missingBytes", telemetry->missing_bytes);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  lks_cli_work_print_json (&work, "saved", node);
  return LKS_CLI_EXIT_DONE;
}

static int
clear (int argc, char **argv)
{
  g_auto (LksCliWork) work = { 0 };
  g_autoptr (GError) error = NULL;
  guint cleared_bytes = 0;

  if (!lks_cli_work_parse (&work, NULL, "telemetry clear",
                           "Clears the error reports of a board and proves that they are gone.", 0,
                           &argc, &argv, &error) ||
      !lks_cli_work_run (&work, clear_job, &cleared_bytes, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    {
      JsonNode *node = json_node_new (JSON_NODE_VALUE);

      json_node_set_int (node, cleared_bytes);
      lks_cli_work_print_json (&work, "clearedBytes", node);
    }
  else
    printf ("The telemetry is cleared; it held %u bytes of data\n", cleared_bytes);
  return LKS_CLI_EXIT_DONE;
}

static const LksCliCommand verbs[] = {
  { "save", "FILE", "Save the error reports in their binary form", save },
  { "clear", NULL, "Clear them, and prove it", clear },
};

/**
 * lks_cli_telemetry:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do
 *
 * Saves or clears the error reports of a board.
 *
 * Returns: the exit status
 */
int
lks_cli_telemetry (int argc, char **argv)
{
  return lks_cli_run_verb ("telemetry", verbs, G_N_ELEMENTS (verbs),
                           "Error reports of a board, in a form that only the vendor reads.", argc,
                           argv);
}
