/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-work.h"

#include "lks-cli-output.h"
#include "lks-cli-session.h"
#include "lks-json.h"

#include <stdio.h>
#include <string.h>

#define VERB_COLUMNS 44

typedef struct
{
  gboolean is_done;
  gboolean is_ok;
  GError **error;
} Outcome;

/**
 * lks_cli_work_clear:
 * @self: a piece of work
 *
 * Frees what it holds.
 */
void
lks_cli_work_clear (LksCliWork *self)
{
  g_clear_pointer (&self->boards, g_strfreev);
  g_clear_pointer (&self->port, g_free);
  g_clear_pointer (&self->device_id, g_free);
  g_clear_object (&self->servicing_over);
  g_clear_pointer (&self->status, lks_board_status_unref);
}

static gboolean
check_some (int n_given, int n_arguments, GError **error)
{
  if (n_arguments == LKS_CLI_WORK_ANY || (n_arguments == LKS_CLI_WORK_SOME && n_given > 0) ||
      (n_arguments == LKS_CLI_WORK_MAYBE_ONE && n_given <= 1))
    return TRUE;

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       n_arguments == LKS_CLI_WORK_SOME
                           ? "There must be at least one argument beside the options"
                           : "There must be one argument beside the options at most");
  return FALSE;
}

static gboolean
check_arguments (int argc, int n_arguments, GError **error)
{
  if (n_arguments < 0)
    return check_some (argc - 1, n_arguments, error);
  if (argc - 1 == n_arguments)
    return TRUE;

  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
               "There must be %d argument%s beside the options, not %d", n_arguments,
               n_arguments == 1 ? "" : "s", argc - 1);
  return FALSE;
}

/**
 * lks_cli_work_parse:
 * @self: a piece of work
 * @entries: the options of this command; --board and --json are added
 * @usage: command and arguments as the help text shows them
 * @summary: what the command does
 * @n_arguments: how many arguments there must be, or one of the LKS_CLI_WORK_… numbers
 * @argc: (inout): how many arguments
 * @argv: (inout) (array length=argc): the arguments; what is no option stays
 * @error: return location for an error
 *
 * Parses the options of a command that works on one board.
 *
 * Returns: whether the command line makes sense; otherwise @error is a usage error
 */
gboolean
lks_cli_work_parse (LksCliWork *self,
                    const GOptionEntry *entries,
                    const char *usage,
                    const char *summary,
                    int n_arguments,
                    int *argc,
                    char ***argv,
                    GError **error)
{
  const GOptionEntry common[] = {
    { "board", 'b', 0, G_OPTION_ARG_STRING_ARRAY, &self->boards,
      "Which board: its port, its device ID, or 4 or more digits at the end of that", "PORT|ID" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Print a JSON object", NULL },
    { NULL },
  };
  g_autoptr (GArray) all = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  for (gsize i = 0; entries != NULL && entries[i].long_name != NULL; i++)
    g_array_append_val (all, entries[i]);
  g_array_append_vals (all, common, G_N_ELEMENTS (common) - 1);

  return lks_cli_parse (&g_array_index (all, GOptionEntry, 0), usage, summary, argc, argv, error) &&
         check_arguments (*argc, n_arguments, error);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->is_ok = lks_board_run_finish (LKS_BOARD (source), result, outcome->error);
  outcome->is_done = TRUE;
}

static LksBoard *
select_board (LksCliWork *self, LksCliSession *session, GError **error)
{
  g_autoptr (GPtrArray) boards = NULL;
  LksBoard *board;

  if (!lks_cli_session_settle (session, error))
    return NULL;
  boards = lks_cli_session_select (session, (const char *const *) self->boards, TRUE, error);
  if (boards == NULL)
    return NULL;
  if (boards->len > 1)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_AMBIGUOUS,
                           "This is done to one board at a time; give one --board");
      return NULL;
    }

  board = g_ptr_array_index (boards, 0);
  g_free (self->port);
  g_free (self->device_id);
  self->port = g_strdup (lks_board_get_path (board));
  self->device_id = g_strdup (lks_board_get_device_id (board));
  self->lock = lks_board_status_get_peripheral_lock (lks_board_get_status (board), NULL);
  return g_object_ref (board);
}

/**
 * lks_cli_work_run:
 * @self: a piece of work whose options were parsed
 * @func: a blocking job
 * @job_data: for @func
 * @error: return location for an error
 *
 * Finds the one board that is meant and runs @func on its worker, until that is done or the
 * person at the terminal interrupts. May be called again for more work.
 *
 * Returns: whether @func succeeded
 */
gboolean
lks_cli_work_run (LksCliWork *self, LksBoardFunc func, gpointer job_data, GError **error)
{
  g_autoptr (LksCliSession) session = lks_cli_session_open (error);
  g_autoptr (LksBoard) board = session != NULL ? select_board (self, session, error) : NULL;
  Outcome outcome = { .error = error };

  if (board == NULL)
    return FALSE;

  self->board = board;
  if (self->servicing_over != NULL)
    lks_cli_session_cancel_at_end (session, board, self->servicing_over);
  lks_board_run_async (board, func, job_data, NULL, lks_cli_session_get_cancellable (session),
                       ran_cb, &outcome);
  while (!outcome.is_done)
    g_main_context_iteration (NULL, TRUE);

  g_clear_pointer (&self->status, lks_board_status_unref);
  self->status = lks_board_status_ref (lks_board_get_status (board));
  self->has_counters = lks_board_get_link_counters (board, &self->counters);
  self->board = NULL;
  g_clear_object (&board); /* before the session closes the line */
  return outcome.is_ok;
}

static void
print_document (LksCliWork *self, const char *member, JsonNode *result, const GError *error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  lks_json_set_text (object, "port", self->port);
  lks_json_set_text (object, "deviceId", self->device_id);
  if (member != NULL)
    json_object_set_member (object, member, result);
  json_object_set_member (object, "error", lks_cli_error_to_json (error));
  json_node_take_object (node, object);
  lks_cli_print_json (node);
}

/**
 * lks_cli_work_print_json:
 * @self: a piece of work that was done
 * @member: (nullable): name of the result in the document
 * @result: (transfer full) (nullable): the result
 *
 * Prints the one document of a command: port, deviceId, the result and error, which is null.
 */
void
lks_cli_work_print_json (LksCliWork *self, const char *member, JsonNode *result)
{
  print_document (self, member, result, NULL);
}

/**
 * lks_cli_work_fail_partly:
 * @self: a piece of work that was done in part
 * @member: (nullable): name of the result in the document
 * @result: (transfer full) (nullable): what was done
 * @error: why not all
 *
 * Tells the person on stderr, and the script on stdout.
 *
 * Returns: the exit status for @error
 */
int
lks_cli_work_fail_partly (LksCliWork *self,
                          const char *member,
                          JsonNode *result,
                          const GError *error)
{
  lks_cli_print_error (self->port != NULL ? self->port : "locksmithctl", error);
  if (self->json)
    print_document (self, member, result, error);
  else
    g_clear_pointer (&result, json_node_unref);

  return (int) lks_cli_exit_for_error (error);
}

/**
 * lks_cli_work_fail:
 * @self: a piece of work that could not be done
 * @error: why
 *
 * Tells the person on stderr, and the script on stdout.
 *
 * Returns: the exit status for @error
 */
int
lks_cli_work_fail (LksCliWork *self, const GError *error)
{
  return lks_cli_work_fail_partly (self, NULL, NULL, error);
}

static void
print_verbs (FILE *stream,
             const char *command,
             const LksCliCommand *verbs,
             gsize n_verbs,
             const char *summary)
{
  fprintf (stream, "Usage: locksmithctl %s VERB [OPTION…]\n\n%s\n\n", command, summary);
  for (gsize i = 0; i < n_verbs; i++)
    {
      g_autofree char *usage =
          g_strconcat (verbs[i].name, verbs[i].arguments != NULL ? " " : "",
                       verbs[i].arguments != NULL ? verbs[i].arguments : "", NULL);

      fprintf (stream, "  %-*s %s\n", VERB_COLUMNS - (int) strlen (command), usage,
               verbs[i].summary);
    }
  fprintf (stream, "\n“locksmithctl %s VERB --help” lists the options.\n", command);
}

/**
 * lks_cli_run_verb:
 * @command: the command as it is typed
 * @verbs: (array length=n_verbs): what the command can do
 * @n_verbs: how many
 * @summary: what the command is about
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second the verb
 *
 * Runs the verb of a command that has several. The verb's function sees itself as the command.
 *
 * Returns: the exit status
 */
int
lks_cli_run_verb (const char *command,
                  const LksCliCommand *verbs,
                  gsize n_verbs,
                  const char *summary,
                  int argc,
                  char **argv)
{
  gboolean is_help = argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0);

  for (gsize i = 0; argc > 1 && i < n_verbs; i++)
    if (strcmp (verbs[i].name, argv[1]) == 0)
      return verbs[i].run (argc - 1, argv + 1);

  print_verbs (is_help ? stdout : stderr, command, verbs, n_verbs, summary);
  return is_help ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_USAGE;
}
