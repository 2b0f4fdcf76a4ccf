/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who was at this station, and what an engineer shows in order to sign in. */
#include "lks-cli-output.h"
#include "lks-cli-secret.h"
#include "lks-cli.h"
#include "lks-operator-error.h"
#include "lks-pin-store.h"
#include "lks-pin.h"
#include "lks-sign-in-journal.h"

#include <stdio.h>
#include <string.h>

#define LOG_LINES_DEFAULT 50
#define LOG_LINES_MAX 100000
#define VERIFIER_MODE 0644

/* ---- log ---- */

static void
print_line (JsonObject *line)
{
  static const char *const members[] = { "at", "event", "name", "role", "how", "batch", "reason" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *value = lks_cli_get_text (line, members[i]);
      g_autofree char *text = lks_cli_clean (value != NULL ? value : "-");

      printf ("%s%s", i > 0 ? "  " : "", text);
    }
  putchar ('\n');
}

static int
show_log (int argc, char **argv)
{
  int limit = LOG_LINES_DEFAULT;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, "How many lines, the newest", "NUMBER" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print a JSON array", NULL },
    { NULL },
  };
  g_autofree char *path = lks_sign_in_journal_dup_default_path ();
  g_autoptr (JsonArray) lines = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, "operator log", "Tells who signed in and out at this station.",
                      &argc, &argv, &error) ||
      !lks_cli_refuse_arguments (argc, argv, &error))
    return (int) lks_cli_report_error (error, json);
  if (limit < 1 || limit > LOG_LINES_MAX)
    {
      g_set_error (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "--limit must be from 1 to %d",
                   LOG_LINES_MAX);
      return (int) lks_cli_report_error (error, json);
    }
  if ((lines = lks_sign_in_journal_read (path, (guint) limit, &error)) == NULL)
    return (int) lks_cli_report_error (error, json);

  if (json)
    lks_cli_print_array (g_steal_pointer (&lines));
  else
    for (guint i = 0; i < json_array_get_length (lines); i++)
      print_line (json_array_get_object_element (lines, i));
  return LKS_CLI_EXIT_DONE;
}

/* ---- set-pin ---- */

typedef struct
{
  LksCliSecretSource source;
  char *present_file;
  char *output;
} PinOptions;

static void
pin_options_clear (PinOptions *self)
{
  lks_cli_secret_source_clear (&self->source);
  g_free (self->present_file);
  g_free (self->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PinOptions, pin_options_clear)

/* Whoever replaces a PIN has to know it. */
static gboolean
check_present (const PinOptions *options, const LksStationConfig *config, GError **error)
{
  const LksCliSecretSource source = { .file = options->present_file };
  g_autoptr (GError) reason = NULL;
  g_autofree char *verifier = lks_pin_store_fetch (config, NULL, &reason);
  g_autofree char *tries_path = lks_pin_store_dup_default_tries_path ();
  g_autoptr (LksSecret) pin = NULL;

  if (g_error_matches (reason, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_NO_PIN))
    return TRUE;
  if (verifier == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  pin = lks_cli_secret_read (&source, "Engineer PIN as it is now", "--present-pin-file FILE",
                             LKS_PIN_BYTES_MAX, error);
  return pin != NULL &&
         lks_pin_store_check (config, tries_path, pin, g_get_real_time (), NULL, error);
}

static LksSecret *
read_pin (const PinOptions *options, GError **error)
{
  return lks_cli_secret_read (&options->source, "New engineer PIN",
                              "--pin-file FILE or --pin-stdin", LKS_PIN_BYTES_MAX, error);
}

/* For an administrator, who puts the file where only root can change it. */
static gboolean
write_verifier (const PinOptions *options, GError **error)
{
  g_autoptr (LksSecret) pin = NULL;
  g_autofree char *verifier = NULL;
  g_autofree char *line = NULL;

  if (g_file_test (options->output, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s: is there already",
                   options->output);
      return FALSE;
    }
  if ((pin = read_pin (options, error)) == NULL ||
      (verifier = lks_pin_make_verifier (pin, error)) == NULL)
    return FALSE;

  line = g_strconcat (verifier, "\n", NULL);
  return g_file_set_contents_full (options->output, line, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   VERIFIER_MODE, error);
}

static gboolean
keep_pin (const PinOptions *options, GError **error)
{
  g_autoptr (LksStationConfig) config = lks_station_config_load (error);
  g_autoptr (LksSecret) pin = NULL;

  return config != NULL && check_present (options, config, error) &&
         (pin = read_pin (options, error)) != NULL && lks_pin_store_set (config, pin, NULL, error);
}

static int
set_pin (int argc, char **argv)
{
  g_auto (PinOptions) options = { { NULL } };
  const GOptionEntry entries[] = {
    { "pin-file", 0, 0, G_OPTION_ARG_FILENAME, &options.source.file, "Read the new PIN from a file",
      "FILE" },
    { "pin-stdin", 0, 0, G_OPTION_ARG_NONE, &options.source.from_stdin,
      "Read the new PIN from standard input", NULL },
    { "pin", 0, G_OPTION_FLAG_HIDDEN | G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK,
      lks_cli_secret_refuse_cb, NULL, NULL },
    { "present-pin-file", 0, 0, G_OPTION_ARG_FILENAME, &options.present_file,
      "Read the PIN as it is now from a file", "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      "Write what is kept of it into a new file, for root, instead of into the keyring", "FILE" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, "operator set-pin",
                      "Sets the PIN with which engineers sign in at this station.", &argc, &argv,
                      &error) ||
      !lks_cli_refuse_arguments (argc, argv, &error) ||
      !(options.output != NULL ? write_verifier (&options, &error) : keep_pin (&options, &error)))
    return (int) lks_cli_report_error (error, FALSE);

  return LKS_CLI_EXIT_DONE;
}

static void
print_help (FILE *stream)
{
  fputs ("Usage: locksmithctl operator log [--limit NUMBER] [--json]\n"
         "       locksmithctl operator set-pin [OPTION…]\n\n"
         "Who was at this station, and the PIN with which engineers sign in.\n",
         stream);
}

/**
 * lks_cli_operator:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command
 *
 * Who was at this station.
 *
 * Returns: the exit status
 */
int
lks_cli_operator (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "log") == 0)
    return show_log (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "set-pin") == 0)
    return set_pin (argc - 1, argv + 1);
  if (argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0))
    {
      print_help (stdout);
      return LKS_CLI_EXIT_DONE;
    }

  print_help (stderr);
  return LKS_CLI_EXIT_USAGE;
}
