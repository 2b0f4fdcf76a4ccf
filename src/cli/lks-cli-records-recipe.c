/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#include "lks-whole-file.h"

#include <gio/gunixoutputstream.h>
#include <string.h>
#include <unistd.h>

/* Byte for byte: the hash is that of the file. */
static gboolean
put_out (const char *text, const char *output, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GOutputStream) stream = NULL;
  g_autoptr (GFile) file = NULL;

  if (output != NULL)
    {
      file = g_file_new_for_commandline_arg (output);
      return lks_whole_file_write_bytes (file, G_FILE_CREATE_NONE, bytes, NULL, error);
    }
  stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  return g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, error);
}

static gboolean
put_recipe_out (const char *path, const char *hash, const char *output, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (hash, -1);
  g_autoptr (LksLedger) ledger = lks_ledger_open (path, error);
  g_autofree char *text = ledger != NULL ? lks_ledger_find_recipe (ledger, lower, error) : NULL;

  return text != NULL && put_out (text, output, error);
}

/**
 * lks_cli_records_recipe:
 * @argc: how many arguments
 * @argv: the arguments; the first is "recipe"
 *
 * Gives a recipe back by which something was recorded or begun, for whoever has lost its file.
 *
 * Returns: the exit status
 */
int
lks_cli_records_recipe (int argc, char **argv)
{
  g_autofree char *ledger = NULL;
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &ledger, "The ledger, instead of the user's", "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Where to write, instead of stdout",
      "FILE" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (lks_cli_parse (entries, "records recipe HASH",
                     "Gives a recipe back by which something was recorded or begun.", &argc, &argv,
                     &error) &&
      argc != 2)
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "Give the hash of a recipe, or the beginning of it");
  if (ledger == NULL)
    ledger = lks_ledger_dup_default_path ();
  if (error != NULL || !put_recipe_out (ledger, argv[1], output, &error))
    return (int) lks_cli_report_error (error, FALSE);
  return LKS_CLI_EXIT_DONE;
}
