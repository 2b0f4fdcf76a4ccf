/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-servicing.h"

#include "lks-cli-output.h"
#include "lks-cli-session.h"
#include "lks-cli-settings.h"
#include "lks-cli-wait.h"
#include "lks-cli.h"
#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-keystore.h"
#include "lks-session-background.h"
#include "lks-station.h"

#include <stdio.h>
#include <string.h>

#define FINGERPRINT_DIGITS_MIN 4

typedef struct
{
  char **boards;    /* (owned) (nullable) */
  char *task;       /* (owned) (nullable) */
  char *capability; /* (owned) (nullable) */
  char *note;       /* (owned) (nullable) */
  int minutes;      /* 0: as the user prefers */
  int grace_s;      /* -1: as the user prefers */
  gboolean json;
} StartOptions;

static void
start_options_clear (StartOptions *self)
{
  g_strfreev (self->boards);
  g_free (self->task);
  g_free (self->capability);
  g_free (self->note);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StartOptions, start_options_clear)

/* ---- which capability ---- */

static gboolean
open_vault (LksVault *vault, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lks_vault_open_async (vault, cancellable, lks_cli_wait_cb, &result);
  return lks_vault_open_finish (vault, lks_cli_wait_for (&result), error);
}

static LksVaultItem *
find_named (GPtrArray *items, const char *name, GError **error)
{
  LksVaultItem *found = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      LksVaultItem *item = g_ptr_array_index (items, i);

      if (strlen (name) < FINGERPRINT_DIGITS_MIN ||
          g_ascii_strncasecmp (lks_vault_item_get_fingerprint (item), name, strlen (name)) != 0)
        continue;
      if (found != NULL)
        {
          g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "“%s” fits several capabilities: name more digits of the fingerprint", name);
          return NULL;
        }
      found = item;
    }
  if (found == NULL)
    g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NO_CAPABILITY,
                 "the vault has no capability of this board whose fingerprint begins with “%s”",
                 name);
  return found;
}

static LksVaultItem *
find_weakest (GPtrArray *items, LksServiceTask task, LksServiceChoice *out_choice, GError **error)
{
  g_autoptr (GPtrArray) choices = g_ptr_array_new ();
  guint index = 0;

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (choices,
                     (gpointer) lks_vault_item_get_capabilities (g_ptr_array_index (items, i)));
  *out_choice = lks_service_task_choose (task, choices, &index);
  if (*out_choice != LKS_SERVICE_CHOICE_NONE)
    return g_ptr_array_index (items, index);

  g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NO_CAPABILITY,
               "the vault has no capability of this board that suffices to %s. %s",
               lks_service_task_get_rule (task)->summary, lks_service_task_get_rule (task)->reason);
  return NULL;
}

static LksVaultItem *
choose_item (LksVault *vault,
             LksBoard *board,
             const StartOptions *options,
             LksServiceTask task,
             LksServiceChoice *out_choice,
             GError **error)
{
  g_autoptr (GPtrArray) items = lks_vault_find (vault, lks_board_get_device_id (board));
  LksVaultItem *item;

  if (items->len == 0)
    {
      g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NO_CAPABILITY,
                   "the vault has no capability for the board at %s", lks_board_get_path (board));
      return NULL;
    }

  *out_choice = LKS_SERVICE_CHOICE_NONE;
  item = options->capability != NULL ? find_named (items, options->capability, error)
                                     : find_weakest (items, task, out_choice, error);
  return item != NULL ? g_object_ref (item) : NULL;
}

/* ---- start ---- */

static gboolean
read_task (const StartOptions *options, LksServiceTask *out_task, GError **error)
{
  g_autoptr (GTypeClass) tasks = g_type_class_ref (LKS_TYPE_SERVICE_TASK);
  g_autoptr (GString) known = g_string_new (NULL);
  int task = LKS_SERVICE_TASK_OTHER;

  if (options->task == NULL || lks_enum_from_nick (LKS_TYPE_SERVICE_TASK, options->task, &task))
    {
      *out_task = (LksServiceTask) task;
      return TRUE;
    }

  for (guint i = 0; i < G_ENUM_CLASS (tasks)->n_values; i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "",
                            G_ENUM_CLASS (tasks)->values[i].value_nick);
  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "“%s” is no task: choose one of %s",
               options->task, known->str);
  return FALSE;
}

static void
fill_request (LksSessionRequest *request, const StartOptions *options, char **out_operator)
{
  g_autoptr (GSettings) settings = lks_cli_open_settings ();
  g_autofree char *name =
      settings != NULL ? g_settings_get_string (settings, "operator-name") : g_strdup ("");

  *out_operator = *g_strstrip (name) != '\0' ? g_strdup (name) : g_strdup (g_get_user_name ());
  request->note = options->note;
  request->operator_name = *out_operator;
  request->minutes = LKS_SESSION_MINUTES_DEFAULT;
  request->ends_on_lock = TRUE;
  if (settings != NULL)
    {
      request->minutes = g_settings_get_uint (settings, "session-minutes");
      request->grace_s = g_settings_get_uint (settings, "session-grace-seconds");
      request->ends_on_lock = g_settings_get_boolean (settings, "session-ends-on-lock");
    }
  if (options->minutes > 0)
    request->minutes = (guint) options->minutes;
  if (options->grace_s >= 0)
    request->grace_s = (guint) options->grace_s;
  request->survives_program = TRUE; /* this one ends at once */
}

/* The session goes on after this program, so another one must watch over it. */
static gboolean
start (LksSessionKeeper *keeper,
       const LksSessionRequest *request,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) local = NULL;

  lks_session_keeper_start_async (keeper, request, cancellable, lks_cli_wait_cb, &result);
  lks_session_keeper_start_finish (keeper, lks_cli_wait_for (&result), &local);
  if (lks_session_keeper_get_session (keeper) != NULL &&
      !lks_session_keep_in_background (LKS_SESSION_KEEP_LIMIT_MS, cancellable, error))
    {
      lks_session_keeper_end (keeper, LKS_SESSION_END_PROGRAM_CLOSED, NULL);
      return FALSE;
    }
  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static char *
explain_choice (LksServiceChoice choice, LksServiceTask task, LksVaultItem *item)
{
  const LksServiceTaskRule *rule = lks_service_task_get_rule (task);
  const GArray *numbers = lks_vault_item_get_capabilities (item);
  g_autofree char *names =
      lks_cli_servicing_dup_capabilities ((const guint *) numbers->data, numbers->len);

  switch (choice)
    {
    case LKS_SERVICE_CHOICE_NONE:
      return g_strdup_printf ("%s, as asked for.", names);
    case LKS_SERVICE_CHOICE_WEAKEST:
    case LKS_SERVICE_CHOICE_UNCONFIRMED:
      return g_strdup_printf ("%s, the weakest that suffices. %s", names, rule->reason);
    case LKS_SERVICE_CHOICE_STRONGER:
      return g_strdup_printf ("%s, which is more than is needed; the vault has nothing weaker "
                              "that suffices. %s",
                              names, rule->reason);
    }
  return NULL;
}

static JsonArray *
list_warnings (LksBoard *board, LksVaultItem *item, gboolean watches_lock)
{
  JsonArray *warnings = json_array_new ();
  g_autofree char *keystore = NULL;

  if (lks_keystore_judge ((guint64) MAX (lks_vault_item_get_signed (item), 0),
                          lks_board_status_get_os_version (lks_board_get_status (board)),
                          &keystore) == LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD)
    json_array_add_string_element (warnings, keystore);
  if (!watches_lock)
    json_array_add_string_element (warnings,
                                   "Nothing in this login says when the screen is locked: the "
                                   "session does not end by that.");
  return warnings;
}

static void
print_started (LksSession *session, const char *why, JsonArray *warnings, gboolean json)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
  JsonObject *object = json_object_new ();

  json_object_set_object_member (object, "session", lks_cli_servicing_to_json (session));
  json_object_set_string_member (object, "why", why);
  json_object_set_array_member (object, "warnings", json_array_ref (warnings));
  json_object_set_null_member (object, "error");
  json_node_take_object (node, object);
  if (json)
    {
      lks_cli_print_json (node);
      return;
    }

  lks_cli_servicing_print (session);
  printf ("  %-14s %s\n", "Chosen", why);
  for (guint i = 0; i < json_array_get_length (warnings); i++)
    fprintf (stderr, "locksmithctl: %s\n", json_array_get_string_element (warnings, i));
}

static gboolean
run_start (const StartOptions *options, GError **error)
{
  g_autoptr (LksCliSession) session = NULL;
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (LksVaultItem) item = NULL;
  g_autoptr (JsonArray) warnings = NULL;
  g_autofree char *operator_name = NULL;
  g_autofree char *why = NULL;
  LksSessionKeeper *keeper;
  LksServiceChoice choice;
  LksSessionRequest request = { 0 };
  GCancellable *cancellable;

  if (!read_task (options, &request.task, error) ||
      (session = lks_cli_session_open (error)) == NULL ||
      (keeper = lks_cli_session_ensure_keeper (session, error)) == NULL ||
      !lks_cli_session_settle (session, error) ||
      (boards = lks_cli_session_select (session, (const char *const *) options->boards, TRUE,
                                        error)) == NULL)
    return FALSE;

  cancellable = lks_cli_session_get_cancellable (session);
  request.board = g_ptr_array_index (boards, 0);
  if (!open_vault (lks_session_keeper_get_vault (keeper), cancellable, error) ||
      (item = choose_item (lks_session_keeper_get_vault (keeper), request.board, options,
                           request.task, &choice, error)) == NULL)
    return FALSE;

  request.item = item;
  fill_request (&request, options, &operator_name);
  if (!start (keeper, &request, cancellable, error))
    return FALSE;

  while (!lks_session_guard_is_ready (lks_session_keeper_get_guard (keeper)))
    g_main_context_iteration (NULL, TRUE);
  why = explain_choice (choice, request.task, item);
  warnings = list_warnings (request.board, item,
                            lks_session_guard_watches_lock (lks_session_keeper_get_guard (keeper)));
  print_started (lks_session_keeper_get_session (keeper), why, warnings, options->json);
  return TRUE;
}

static int
session_start (int argc, char **argv)
{
  g_auto (StartOptions) options = { .grace_s = -1 };
  const GOptionEntry entries[] = {
    { "board", 'b', 0, G_OPTION_ARG_STRING_ARRAY, &options.boards,
      "Which board: its port, its device ID, or 4 or more digits at the end of that", "PORT|ID" },
    { "task", 't', 0, G_OPTION_ARG_STRING, &options.task,
      "What is to be done; the weakest capability that suffices is taken", "TASK" },
    { "capability", 'c', 0, G_OPTION_ARG_STRING, &options.capability,
      "This capability: the beginning of its fingerprint", "FINGERPRINT" },
    { "minutes", 'm', 0, G_OPTION_ARG_INT, &options.minutes, "How long it may last", "NUMBER" },
    { "note", 'n', 0, G_OPTION_ARG_STRING, &options.note, "Why, for the record", "TEXT" },
    { "grace", 0, 0, G_OPTION_ARG_INT, &options.grace_s,
      "How many seconds the board may be unplugged", "SECONDS" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print a JSON document", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (lks_cli_parse (entries, "session start",
                     "Shows a locked board a capability of the vault until the session ends.",
                     &argc, &argv, &error) &&
      lks_cli_refuse_arguments (argc, argv, &error) && run_start (&options, &error))
    return LKS_CLI_EXIT_DONE;
  return (int) lks_cli_report_error (error, options.json);
}

/* ---- end, status ---- */

/* Neither needs a board: only the session's own files. */
static LksSessionGuard *
open_guard (GError **error)
{
  g_autofree char *folder = lks_session_store_dup_default_folder ();
  g_autofree char *path = lks_ledger_dup_default_path ();
  g_autoptr (LksSessionStore) store = lks_session_store_new (folder, error);
  g_autoptr (LksLedger) ledger = store != NULL ? lks_ledger_open (path, error) : NULL;

  if (ledger != NULL)
    lks_station_sign_ledger (ledger);
  return ledger != NULL ? lks_session_guard_new (store, ledger, error) : NULL;
}

static void
print_session (LksSession *session, LksSession *ended, gboolean json)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
  JsonObject *object = json_object_new ();

  if (session != NULL)
    json_object_set_object_member (object, "session", lks_cli_servicing_to_json (session));
  else
    json_object_set_null_member (object, "session");
  if (ended != NULL)
    json_object_set_object_member (object, "ended", lks_cli_servicing_to_json (ended));
  json_object_set_null_member (object, "error");
  json_node_take_object (node, object);
  if (json)
    lks_cli_print_json (node);
  else if (session != NULL)
    lks_cli_servicing_print (session);
  else if (ended != NULL)
    printf ("The servicing session of the board %s has ended.\n"
            "“locksmithctl records show %s” tells what was done.\n",
            lks_device_id_get_short (lks_session_get_device_id (ended)),
            lks_session_get_id (ended));
  else
    fputs ("There is no servicing session.\n", stderr);
}

static int
session_end_or_status (int argc, char **argv, const char *usage, const char *summary, gboolean end)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print a JSON document", NULL },
    { NULL },
  };
  g_autoptr (LksSessionGuard) guard = NULL;
  g_autoptr (LksSession) ended = NULL;
  g_autoptr (GError) error = NULL;
  LksSession *session;

  if (!lks_cli_parse (entries, usage, summary, &argc, &argv, &error) ||
      !lks_cli_refuse_arguments (argc, argv, &error) || (guard = open_guard (&error)) == NULL)
    return (int) lks_cli_report_error (error, json);

  session = lks_session_guard_get_session (guard);
  if (end && session != NULL)
    {
      ended = lks_session_ref (session);
      lks_session_guard_end (guard, LKS_SESSION_END_USER, &error);
    }
  if (error == NULL)
    print_session (lks_session_guard_get_session (guard), ended, json);
  lks_session_guard_leave (guard);
  return error == NULL ? LKS_CLI_EXIT_DONE : (int) lks_cli_report_error (error, json);
}

static int
session_end (int argc, char **argv)
{
  return session_end_or_status (argc, argv, "session end",
                                "Ends the servicing session of this user, if there is one.", TRUE);
}

static int
session_status (int argc, char **argv)
{
  return session_end_or_status (argc, argv, "session status",
                                "Tells the servicing session of this user.", FALSE);
}

static const LksCliCommand session_commands[] = {
  { "start", NULL, "Shows a locked board a capability of the vault", session_start },
  { "end", NULL, "Ends the session, for every program of this user", session_end },
  { "status", NULL, "Which session goes on, and until when", session_status },
  { "keep", NULL, "Watches over the session; “start” does this by itself", lks_cli_servicing_keep },
};

/**
 * lks_cli_servicing:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do with the session
 *
 * Begins, ends or tells the servicing session of this user.
 *
 * Returns: the exit status
 */
int
lks_cli_servicing (int argc, char **argv)
{
  gboolean help = argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0);

  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS (session_commands); i++)
    if (strcmp (argv[1], session_commands[i].name) == 0)
      return session_commands[i].run (argc - 1, argv + 1);

  fputs ("Usage: locksmithctl session start|end|status [OPTION…]\n\n", help ? stdout : stderr);
  for (gsize i = 0; i < G_N_ELEMENTS (session_commands); i++)
    fprintf (help ? stdout : stderr, "  session %-7s %s\n", session_commands[i].name,
             session_commands[i].summary);
  return help ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_USAGE;
}
