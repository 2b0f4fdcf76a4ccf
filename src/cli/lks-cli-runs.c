/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli.h"

#include "lks-cli-claimer.h"
#include "lks-cli-elsewhere.h"
#include "lks-cli-output.h"
#include "lks-cli-session.h"
#include "lks-cli-waive.h"
#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-finalizer.h"
#include "lks-label-elsewhere.h"
#include "lks-recipe-signature.h"
#include "lks-station.h"

#include <stdio.h>

typedef struct
{
  char *recipe;
  char *ledger;
  char *operator_name;
  char *batch;
  char *label;
  char *account;
  char *claim_confirmed;
  LksCliWaive waive;
  char **boards;
  gboolean all;
  gboolean json;
  gboolean yes_lock_forever;
} RunOptions;

static void
run_options_clear (RunOptions *self)
{
  g_free (self->recipe);
  g_free (self->ledger);
  g_free (self->operator_name);
  g_free (self->batch);
  g_free (self->label);
  g_free (self->account);
  g_free (self->claim_confirmed);
  lks_cli_waive_clear (&self->waive);
  g_strfreev (self->boards);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunOptions, run_options_clear)

/* The boards of one command; all run at once. */
typedef struct
{
  LksCliSession *session;  /* (owned) (nullable) */
  LksRecipe *recipe;       /* (owned) (nullable) */
  LksCliWaive *waive;      /* (unowned) */
  LksLedger *ledger;       /* (owned) (nullable) */
  LksRunOrder order;       /* borrowed from the options */
  LksCliClaimer claimer;   /* (owned): opened when the recipe needs it */
  LksElsewhere *elsewhere; /* (owned) (nullable): what other stations say about each board */
  GPtrArray *runs;         /* (owned) (nullable) (element-type Run) */
  guint runs_left;
  LksCliExit exit;
} Batch;

typedef struct
{
  Batch *batch;            /* (unowned) */
  LksBoard *board;         /* (owned) */
  LksFinalizer *finalizer; /* (owned) (nullable) */
  LksRunResult *result;    /* (owned) (nullable): a result or an error */
  GError *error;           /* (owned) (nullable) */
} Run;

static void
run_free (Run *self)
{
  if (self->finalizer != NULL)
    g_signal_handlers_disconnect_by_data (self->finalizer, self);
  g_clear_object (&self->finalizer);
  g_clear_pointer (&self->result, lks_run_result_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->board);
  g_free (self);
}

static void
batch_clear (Batch *self)
{
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_clear_pointer (&self->elsewhere, lks_elsewhere_unref);
  g_clear_pointer (&self->session, lks_cli_session_close);
  g_clear_object (&self->ledger);
  g_clear_object (&self->recipe);
  lks_cli_claimer_clear (&self->claimer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Batch, batch_clear)

/* With several boards the gravest outcome counts: a refusal before trouble with a device before
 * trouble with the cloud before a FAIL, and being interrupted before all. */
static void
note_exit (Batch *self, LksCliExit exit)
{
  static const LksCliExit order[] = { LKS_CLI_EXIT_DONE,       LKS_CLI_EXIT_FAIL,
                                      LKS_CLI_EXIT_USAGE,      LKS_CLI_EXIT_NO_BOARD,
                                      LKS_CLI_EXIT_VAULT,      LKS_CLI_EXIT_CLOUD,
                                      LKS_CLI_EXIT_DEVICE,     LKS_CLI_EXIT_REFUSED,
                                      LKS_CLI_EXIT_INTERRUPTED };

  for (gsize i = 0, seen = FALSE; i < G_N_ELEMENTS (order); i++)
    {
      seen = seen || order[i] == self->exit;
      if (seen && order[i] == exit)
        self->exit = exit;
    }
}

static LksCliExit
exit_for_result (LksRunResult *result)
{
  switch (result->verdict)
    {
    case LKS_VERDICT_PASS:
      return LKS_CLI_EXIT_DONE;
    case LKS_VERDICT_FAIL:
      return LKS_CLI_EXIT_FAIL;
    case LKS_VERDICT_NONE:
    case LKS_VERDICT_STOPPED:
      break;
    }

  return result->error != NULL ? lks_cli_exit_for_error (result->error) : LKS_CLI_EXIT_DEVICE;
}

static JsonNode *
build_stop (Run *run)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const char *device_id = lks_board_get_device_id (run->board);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "deviceId");
  if (device_id != NULL)
    json_builder_add_string_value (builder, device_id);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "port");
  json_builder_add_string_value (builder, lks_board_get_path (run->board));
  json_builder_set_member_name (builder, "verdict");
  json_builder_add_string_value (builder, lks_enum_to_nick (LKS_TYPE_VERDICT, LKS_VERDICT_STOPPED));
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "recipeHash");
  json_builder_add_string_value (builder, lks_recipe_get_hash (run->batch->recipe));
  json_builder_set_member_name (builder, "recordId");
  json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_add_value (builder, lks_cli_error_to_json (run->error));
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *
build_run (Run *run)
{
  return run->result != NULL ? lks_run_result_to_json (run->result) : build_stop (run);
}

static void
print_json (Batch *self)
{
  g_autoptr (JsonNode) node = NULL;

  if (self->runs->len == 1)
    node = build_run (g_ptr_array_index (self->runs, 0));
  else
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < self->runs->len; i++)
        json_array_add_element (array, build_run (g_ptr_array_index (self->runs, i)));
      node = json_node_init_array (json_node_alloc (), array);
      json_array_unref (array);
    }

  lks_cli_print_json (node);
}

static void
print_step (LksRunStep *step)
{
  g_autofree char *title = lks_cli_clean (lks_run_step_get_title (step));
  g_autofree char *message = lks_cli_clean (lks_run_step_get_message (step));
  const char *result =
      lks_enum_to_nick (LKS_TYPE_STEP_RESULT, (int) lks_run_step_get_result (step));

  if (lks_run_step_get_message (step) != NULL)
    printf ("  %-8s %s: %s\n", result, title, message);
  else
    printf ("  %-8s %s\n", result, title);
}

static void
print_result (LksRunResult *result)
{
  printf ("Board at %s, device %s: %s (%s)\n", result->port,
          result->device_id != NULL ? lks_device_id_get_short (result->device_id) : "unknown",
          lks_enum_to_nick (LKS_TYPE_VERDICT, (int) result->verdict),
          lks_enum_to_nick (LKS_TYPE_OUTCOME, (int) result->outcome));
  for (guint i = 0; i < result->steps->len; i++)
    print_step (g_ptr_array_index (result->steps, i));
  if (result->record_id != NULL)
    printf ("  %-8s %s\n", "record", result->record_id);
}

static void
report (Batch *self, gboolean json)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      Run *run = g_ptr_array_index (self->runs, i);
      const GError *error = run->result != NULL ? run->result->error : run->error;

      note_exit (self, run->result != NULL ? exit_for_result (run->result)
                                           : lks_cli_exit_for_error (run->error));
      if (run->result != NULL && !json)
        print_result (run->result);
      if (error != NULL)
        lks_cli_print_error (lks_board_get_path (run->board), error);
    }

  if (json)
    print_json (self);
}

static void
step_changed_cb (Run *run)
{
  const char *step = lks_finalizer_get_step (run->finalizer);

  if (step != NULL)
    fprintf (stderr, "%s: %s\n", lks_board_get_path (run->board), step);
}

static void
needs_changed_cb (Run *run)
{
  const char *needs = lks_finalizer_get_needs (run->finalizer);

  if (needs != NULL)
    fprintf (stderr, "%s: needs %s: switch this board off and on again\n",
             lks_board_get_path (run->board), needs);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;

  run->result = lks_finalizer_check_finish (LKS_FINALIZER (source), result, &run->error);
  run->batch->runs_left--;
}

static void
finalized_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;

  run->result = lks_finalizer_finalize_finish (LKS_FINALIZER (source), result, &run->error);
  run->batch->runs_left--;
}

/* The option is the person's yes to the boards of this command line and to this recipe; the
 * consent binds it to the ID that each of them told. */
static LksConsent *
give_consent (Run *run)
{
  const char *device_id = lks_board_get_device_id (run->board);
  g_autofree char *given_by = g_strdup_printf ("%s, by --yes-lock-forever", g_get_user_name ());

  if (device_id == NULL)
    {
      const GError *reason = lks_board_status_get_error (lks_board_get_status (run->board));

      if (reason != NULL)
        run->error = g_error_copy (reason);
      else
        g_set_error_literal (
            &run->error, LKS_CLI_ERROR, LKS_CLI_ERROR_NO_IDENTITY,
            "The board has not told its device ID, so nobody can agree to lock it");
      return NULL;
    }

  return lks_consent_new (run->batch->recipe, device_id, given_by, &run->error);
}

/* Whoever agrees does not know that the board is finished already. Returns whether there is
 * something left to agree to: without a consent a run verifies and writes nothing. */
static gboolean
may_be_locked (Run *run)
{
  gboolean is_finished;
  g_autofree char *text =
      lks_cli_tell_elsewhere (run->batch->elsewhere, lks_board_get_device_id (run->board),
                              run->batch->recipe, &is_finished);

  if (text != NULL)
    fprintf (stderr, "%s: %s\n", lks_board_get_path (run->board), text);
  return !is_finished;
}

/* For this board, and for this batch where one is named. */
static gboolean
waive (Run *run, GPtrArray **out_waivers)
{
  const LksRunOrder *order = &run->batch->order;

  return lks_cli_waive_make (run->batch->waive, run->batch->recipe,
                             order->operator_name != NULL ? order->operator_name
                                                          : g_get_user_name (),
                             lks_board_get_device_id (run->board), order->batch, out_waivers,
                             &run->error);
}

static void
start_run (Batch *self, LksBoard *board, gboolean finalize)
{
  Run *run = g_new0 (Run, 1);
  GCancellable *cancellable = lks_cli_session_get_cancellable (self->session);
  g_autoptr (LksConsent) consent = NULL;
  g_autoptr (GPtrArray) waivers = NULL;

  run->batch = self;
  run->board = g_object_ref (board);
  g_ptr_array_add (self->runs, run);
  if ((finalize && (consent = give_consent (run)) == NULL) || !waive (run, &waivers))
    return;
  if (finalize && !may_be_locked (run))
    g_clear_pointer (&consent, lks_consent_unref);

  run->finalizer = lks_finalizer_new (board, self->recipe, self->ledger);
  lks_finalizer_set_order (run->finalizer, &self->order);
  lks_finalizer_set_waivers (run->finalizer, waivers);
  lks_finalizer_set_label_check (run->finalizer, lks_label_check_elsewhere);
  lks_finalizer_set_claimer (run->finalizer, LKS_CLAIMER (self->claimer.claimer));
  g_signal_connect_swapped (run->finalizer, "notify::step", G_CALLBACK (step_changed_cb), run);
  g_signal_connect_swapped (run->finalizer, "notify::needs", G_CALLBACK (needs_changed_cb), run);
  self->runs_left++;
  if (finalize)
    lks_finalizer_finalize_async (run->finalizer, consent, cancellable, finalized_cb, run);
  else
    lks_finalizer_check_async (run->finalizer, cancellable, checked_cb, run);
}

static LksElsewhere *
ask_elsewhere (Batch *self, GPtrArray *boards)
{
  g_autoptr (GPtrArray) device_ids = g_ptr_array_new ();

  for (guint i = 0; i < boards->len; i++)
    {
      const char *device_id = lks_board_get_device_id (g_ptr_array_index (boards, i));

      if (device_id != NULL)
        g_ptr_array_add (device_ids, (gpointer) device_id);
    }
  return lks_cli_ask_elsewhere (self->ledger, device_ids);
}

/* An interrupted run ends by itself: at once, or after the step that cannot be undone. */
static gboolean
run_all (Batch *self, const RunOptions *options, gboolean finalize, GError **error)
{
  g_autoptr (GPtrArray) boards = NULL;

  self->session = lks_cli_session_open (error);
  if (self->session == NULL || !lks_cli_session_settle (self->session, error))
    return FALSE;

  boards = lks_cli_session_select (self->session, (const char *const *) options->boards,
                                   !options->all, error);
  if (boards == NULL)
    return FALSE;

  if (finalize)
    self->elsewhere = ask_elsewhere (self, boards);
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) run_free);
  for (guint i = 0; i < boards->len; i++)
    start_run (self, g_ptr_array_index (boards, i), finalize);
  while (self->runs_left > 0)
    g_main_context_iteration (NULL, TRUE);

  return TRUE;
}

/* Nobody signed in is better known before the first board is touched. */
static gboolean
open_claimer (Batch *self, const RunOptions *options, gboolean finalize, GError **error)
{
  const LksRecipeClaim *claim = lks_recipe_get_claim (self->recipe);

  if (finalize && !lks_cli_claimer_confirm (claim, options->claim_confirmed, error))
    return FALSE;
  return claim == NULL || claim->policy != LKS_CLAIM_POLICY_BEFORE_LOCK ||
         lks_cli_claimer_open (&self->claimer, options->account, error);
}

static gboolean
load_inputs (Batch *self, RunOptions *options, gboolean finalize, GError **error)
{
  g_autofree char *path =
      options->ledger != NULL ? g_strdup (options->ledger) : lks_ledger_dup_default_path ();

  self->waive = &options->waive;
  self->order = (LksRunOrder){ .operator_name = options->operator_name,
                               .batch = options->batch,
                               .label = options->label };
  self->recipe = lks_recipe_load (options->recipe, error);
  if (self->recipe == NULL || !lks_recipe_check_station (self->recipe, error) ||
      !lks_cli_waive_check (&options->waive, self->recipe, error) ||
      !open_claimer (self, options, finalize, error))
    return FALSE;

  self->ledger = lks_ledger_open (path, error);
  if (self->ledger == NULL)
    return FALSE;

  lks_station_sign_ledger (self->ledger);
  return TRUE;
}

static gboolean
check_options (const RunOptions *options, int argc, GError **error)
{
  const char *wrong = NULL;

  if (argc > 1)
    wrong = "an argument is not understood";
  else if (options->recipe == NULL)
    wrong = "--recipe FILE is missing";
  else if (options->all && options->boards != NULL)
    wrong = "--all and --board exclude each other";
  else if (options->label != NULL &&
           (options->all || (options->boards != NULL && g_strv_length (options->boards) > 1)))
    wrong = "--label is for one board";
  if (wrong == NULL)
    return TRUE;

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, wrong);
  return FALSE;
}

static gboolean
check_confirmed (const RunOptions *options, GError **error)
{
  if (options->yes_lock_forever)
    return TRUE;

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED,
                       "Finalizing cannot be undone: a board that is locked never goes back. "
                       "Nothing was done, because --yes-lock-forever is missing");
  return FALSE;
}

static int
run_command (int argc, char **argv, const char *summary, gboolean finalize)
{
  const char *command = argv[0];
  g_auto (RunOptions) options = { .waive = LKS_CLI_WAIVE_INIT };
  const GOptionEntry entries[] = {
    { "recipe", 'r', 0, G_OPTION_ARG_FILENAME, &options.recipe, "What must be true of the board",
      "FILE" },
    { "board", 'b', 0, G_OPTION_ARG_STRING_ARRAY, &options.boards,
      "Which board: its port, its device ID, or 4 or more digits at the end of that; may be "
      "repeated",
      "PORT|ID" },
    { "all", 'a', 0, G_OPTION_ARG_NONE, &options.all, "All attached boards, at the same time",
      NULL },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &options.ledger,
      "Where the record is kept, instead of the user's ledger", "FILE" },
    { "operator", 0, 0, G_OPTION_ARG_STRING, &options.operator_name,
      "Who has it done, for the record, instead of the user of this computer", "NAME" },
    { "batch", 0, 0, G_OPTION_ARG_STRING, &options.batch,
      "The batch or order number these boards belong to, for the record", "TEXT" },
    { "label", 0, 0, G_OPTION_ARG_STRING, &options.label,
      "The serial number or label of the unit, for one board", "TEXT" },
    { "account", 0, 0, G_OPTION_ARG_STRING, &options.account,
      "Who asks the catalog, when the recipe claims boards and several are signed in", "ACCOUNT" },
    LKS_CLI_WAIVE_OPTIONS (&options.waive),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json,
      "Print a JSON object, for several boards an array of them", NULL },
    { finalize ? "yes-claim-forever-into" : NULL, 0, 0, G_OPTION_ARG_STRING,
      &options.claim_confirmed,
      "Yes, claim these boards, for ever; needed when the recipe claims: the catalog's name",
      "CATALOG" },
    { finalize ? "yes-lock-forever" : NULL, 0, 0, G_OPTION_ARG_NONE, &options.yes_lock_forever,
      "Yes, lock these boards; I know that it cannot be undone", NULL },
    { NULL },
  };
  g_auto (Batch) batch = { .exit = LKS_CLI_EXIT_DONE };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, command, summary, &argc, &argv, &error) ||
      !check_options (&options, argc, &error) ||
      (finalize && !check_confirmed (&options, &error)) ||
      !load_inputs (&batch, &options, finalize, &error) ||
      !run_all (&batch, &options, finalize, &error))
    return (int) lks_cli_report_error (error, options.json);

  report (&batch, options.json);
  fflush (stdout); /* the verdict does not wait for any server */
  if (finalize && batch.exit != LKS_CLI_EXIT_INTERRUPTED)
    lks_cli_push_records (batch.ledger);
  return (int) batch.exit;
}

/**
 * lks_cli_check:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command
 *
 * Checks boards against a recipe; changes nothing on them.
 *
 * Returns: the exit status
 */
int
lks_cli_check (int argc, char **argv)
{
  return run_command (argc, argv,
                      "Checks whether a board is as a recipe demands. Changes nothing on it.",
                      FALSE);
}

/**
 * lks_cli_finalize:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command
 *
 * Finalizes boards as a recipe says.
 *
 * Returns: the exit status
 */
int
lks_cli_finalize (int argc, char **argv)
{
  return run_command (argc, argv,
                      "Checks a board, locks it for ever as the recipe says, restarts it, proves "
                      "that it is locked and records all of it.",
                      TRUE);
}
