/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-lock-job.h"

#include "lks-claim-book.h"
#include "lks-label-elsewhere.h"
#include "lks-verdict-book.h"
#include "lks-waiver-book.h"

struct _LksLockJob
{
  GObject parent_instance;

  GListModel *boards;        /* (owned) of LksBoard */
  LksLedger *ledger;         /* (owned) */
  char *given_by;            /* (owned) how the consents are given, for the records */
  LksRunOrder *order;        /* (owned) on whose behalf */
  LksRecipe *recipe;         /* (owned) (nullable) */
  GHashTable *chosen;        /* (owned) LksBoard, owned */
  GListStore *runs;          /* (owned) of LksBoardRun */
  guint running;             /* runs under way */
  GCancellable *cancellable; /* (owned) of the round */
  LksVerdictBook *verdicts;  /* (owned) */
  LksWaiverBook *waivers;    /* (owned) */
  LksClaimBook *claims;      /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksLockJob, lks_lock_job, G_TYPE_OBJECT)

typedef enum
{
  PROP_BOARDS = 1,
  PROP_RECIPE,
  PROP_RUNS,
  PROP_BUSY,
  PROP_N_CHOSEN,
  PROP_N_CONFIRMABLE,
  PROP_N_CONFIRMED,
} LksLockJobProperty;

static GParamSpec *properties[PROP_N_CONFIRMED + 1];
static guint finished_signal;

static void
notify (LksLockJob *self, LksLockJobProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static guint
count_runs (LksLockJob *self, gboolean (*is_counted) (LksBoardRun *run))
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (LksBoardRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      count += is_counted (run);
    }
  return count;
}

static void
run_changed_cb (LksLockJob *self)
{
  notify (self, PROP_N_CONFIRMABLE);
  notify (self, PROP_N_CONFIRMED);
}

static void
boards_changed_cb (LksLockJob *self)
{
  GHashTableIter iter;
  gpointer board;

  g_hash_table_iter_init (&iter, self->chosen);
  while (g_hash_table_iter_next (&iter, &board, NULL))
    if (lks_board_get_state (board) == LKS_BOARD_STATE_GONE)
      g_hash_table_iter_remove (&iter);
  notify (self, PROP_N_CHOSEN);
}

static void
end_part (LksLockJob *self)
{
  self->running--;
  if (self->running > 0)
    return;

  notify (self, PROP_BUSY);
  run_changed_cb (self);
  g_signal_emit (self, finished_signal, 0);
}

static void
end_run (LksLockJob *self, LksFinalizer *finalizer)
{
  lks_verdict_book_enter_run (self->verdicts, finalizer);
  end_part (self);
}

/* ---- what other stations say ---- */

/* The round ends after that: nobody confirms a board before it is told, or is known not to be. */
static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksLockJob) self = user_data;
  g_autoptr (LksElsewhere) elsewhere = lks_elsewhere_ask_finish (result);

  if (lks_elsewhere_get_error (elsewhere) != NULL)
    g_message ("other stations could not be asked: %s",
               lks_elsewhere_get_error (elsewhere)->message);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (LksBoardRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      lks_board_run_set_elsewhere (run, elsewhere);
    }
  end_part (self);
}

static void
ask_elsewhere (LksLockJob *self)
{
  g_autoptr (GPtrArray) device_ids = g_ptr_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (LksBoardRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);
      LksBoard *board = lks_finalizer_get_board (lks_board_run_get_finalizer (run));

      if (lks_board_get_device_id (board) != NULL)
        g_ptr_array_add (device_ids, (gpointer) lks_board_get_device_id (board));
    }
  lks_elsewhere_ask_async (self->ledger, device_ids, asked_cb, g_object_ref (self));
}

/* ---- runs ---- */

/* The verdict and its reason are properties of the finalizer; the views bind to those. */
static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksLockJob) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRunResult) run_result =
      lks_finalizer_check_finish (LKS_FINALIZER (source), result, &error);

  if (run_result == NULL)
    g_debug ("a check ended without a result: %s", error->message);
  end_run (self, LKS_FINALIZER (source));
}

static void
finalized_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksLockJob) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRunResult) run_result =
      lks_finalizer_finalize_finish (LKS_FINALIZER (source), result, &error);

  if (run_result == NULL)
    g_debug ("a finalization ended without a result: %s", error->message);
  end_run (self, LKS_FINALIZER (source));
}

static void
begin_round (LksLockJob *self, guint running)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->running = running;
  notify (self, PROP_BUSY);
}

/* A consent that cannot be made leaves the board as it is; an ID that was read twice makes one. */
static void
lock_board (LksLockJob *self, LksBoardRun *run)
{
  LksFinalizer *finalizer = lks_board_run_get_finalizer (run);
  LksRunOrder order = *self->order;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksConsent) consent =
      lks_consent_new (self->recipe, lks_finalizer_get_device_id (finalizer), self->given_by,
                       &error);

  if (consent == NULL)
    {
      g_critical ("no consent for a confirmed board: %s", error->message);
      end_run (self, finalizer);
      return;
    }
  order.label = lks_board_run_get_label (run);
  lks_finalizer_set_order (finalizer, &order);
  lks_finalizer_finalize_async (finalizer, consent, self->cancellable, finalized_cb,
                                g_object_ref (self));
}

static void
fill_runs (LksLockJob *self)
{
  guint n_boards = g_list_model_get_n_items (self->boards);

  g_list_store_remove_all (self->runs);
  for (guint i = 0; i < n_boards; i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (self->boards, i);
      g_autoptr (LksFinalizer) finalizer = NULL;
      g_autoptr (LksBoardRun) run = NULL;

      if (!lks_lock_job_is_chosen (self, board))
        continue;

      finalizer = lks_finalizer_new (board, self->recipe, self->ledger);
      lks_finalizer_set_order (finalizer, self->order);
      lks_waiver_book_apply (self->waivers, finalizer, self->order->batch);
      lks_claim_book_apply (self->claims, finalizer);
      lks_finalizer_set_label_check (finalizer, lks_label_check_elsewhere);
      run = lks_board_run_new (finalizer);
      g_signal_connect_object (run, "notify::confirmed", G_CALLBACK (run_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_list_store_append (self->runs, run);
    }
}

static void
lks_lock_job_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksLockJob *self = LKS_LOCK_JOB (object);

  switch ((LksLockJobProperty) prop_id)
    {
    case PROP_BOARDS:
      g_value_set_object (value, self->boards);
      break;
    case PROP_RECIPE:
      g_value_set_object (value, self->recipe);
      break;
    case PROP_RUNS:
      g_value_set_object (value, self->runs);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->running > 0);
      break;
    case PROP_N_CHOSEN:
      g_value_set_uint (value, lks_lock_job_get_n_chosen (self));
      break;
    case PROP_N_CONFIRMABLE:
      g_value_set_uint (value, lks_lock_job_get_n_confirmable (self));
      break;
    case PROP_N_CONFIRMED:
      g_value_set_uint (value, lks_lock_job_get_n_confirmed (self));
      break;
    }
}

static void
lks_lock_job_dispose (GObject *object)
{
  LksLockJob *self = LKS_LOCK_JOB (object);

  lks_lock_job_cancel (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->boards);
  g_clear_object (&self->ledger);
  g_clear_object (&self->recipe);
  g_clear_object (&self->runs);
  g_clear_object (&self->verdicts);
  g_clear_object (&self->waivers);
  g_clear_object (&self->claims);
  g_clear_pointer (&self->chosen, g_hash_table_unref);
  G_OBJECT_CLASS (lks_lock_job_parent_class)->dispose (object);
}

static void
lks_lock_job_finalize (GObject *object)
{
  g_free (LKS_LOCK_JOB (object)->given_by);
  lks_run_order_free (LKS_LOCK_JOB (object)->order);
  G_OBJECT_CLASS (lks_lock_job_parent_class)->finalize (object);
}

static void
lks_lock_job_class_init (LksLockJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lks_lock_job_get_property;
  object_class->dispose = lks_lock_job_dispose;
  object_class->finalize = lks_lock_job_finalize;

  properties[PROP_BOARDS] = g_param_spec_object ("boards", NULL, NULL, G_TYPE_LIST_MODEL, readable);
  properties[PROP_RECIPE] = g_param_spec_object ("recipe", NULL, NULL, LKS_TYPE_RECIPE, readable);
  properties[PROP_RUNS] = g_param_spec_object ("runs", NULL, NULL, G_TYPE_LIST_MODEL, readable);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, readable);
  properties[PROP_N_CHOSEN] = g_param_spec_uint ("n-chosen", NULL, NULL, 0, G_MAXUINT, 0, readable);
  properties[PROP_N_CONFIRMABLE] =
      g_param_spec_uint ("n-confirmable", NULL, NULL, 0, G_MAXUINT, 0, readable);
  properties[PROP_N_CONFIRMED] =
      g_param_spec_uint ("n-confirmed", NULL, NULL, 0, G_MAXUINT, 0, readable);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  finished_signal = g_signal_new ("finished", LKS_TYPE_LOCK_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
lks_lock_job_init (LksLockJob *self)
{
  self->chosen = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->runs = g_list_store_new (LKS_TYPE_BOARD_RUN);
  self->verdicts = lks_verdict_book_ref_default ();
  self->waivers = lks_waiver_book_ref_default ();
  self->claims = lks_claim_book_ref_default ();
}

/**
 * lks_lock_job_new:
 * @boards: a list model of [class@Lks.Board]
 * @ledger: where the records go
 * @order: on whose behalf the runs are made; whoever it names gives the consents
 *
 * Creates a job on which no board is chosen yet.
 *
 * Returns: (transfer full): a new job
 */
LksLockJob *
lks_lock_job_new (GListModel *boards, LksLedger *ledger, const LksRunOrder *order)
{
  LksLockJob *self = g_object_new (LKS_TYPE_LOCK_JOB, NULL);

  self->boards = g_object_ref (boards);
  self->ledger = g_object_ref (ledger);
  self->order = lks_run_order_copy (order);
  self->given_by = self->order->operator_name != NULL
                       ? g_strdup_printf ("typed by %s", self->order->operator_name)
                       : g_strdup ("typed");
  g_signal_connect_object (boards, "items-changed", G_CALLBACK (boards_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * lks_lock_job_get_boards:
 * @self: a job
 *
 * Returns: (transfer none): the boards to choose from
 */
GListModel *
lks_lock_job_get_boards (LksLockJob *self)
{
  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), NULL);

  return self->boards;
}

/**
 * lks_lock_job_can_choose:
 * @board: a board
 *
 * Asks whether a board can take part: it answers and its identity is known.
 *
 * Returns: whether it can be chosen now
 */
gboolean
lks_lock_job_can_choose (LksBoard *board)
{
  return lks_board_get_state (board) == LKS_BOARD_STATE_READY &&
         lks_board_get_device_id (board) != NULL;
}

/**
 * lks_lock_job_is_chosen:
 * @self: a job
 * @board: a board
 *
 * Returns: whether the board takes part
 */
gboolean
lks_lock_job_is_chosen (LksLockJob *self, LksBoard *board)
{
  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), FALSE);

  return g_hash_table_contains (self->chosen, board);
}

/**
 * lks_lock_job_set_chosen:
 * @self: a job
 * @board: a board
 * @is_chosen: whether it takes part
 *
 * Chooses a board, or not.
 */
void
lks_lock_job_set_chosen (LksLockJob *self, LksBoard *board, gboolean is_chosen)
{
  g_return_if_fail (LKS_IS_LOCK_JOB (self));

  if (lks_lock_job_is_chosen (self, board) == is_chosen)
    return;

  if (is_chosen)
    g_hash_table_add (self->chosen, g_object_ref (board));
  else
    g_hash_table_remove (self->chosen, board);
  notify (self, PROP_N_CHOSEN);
}

/**
 * lks_lock_job_get_n_chosen:
 * @self: a job
 *
 * Returns: how many boards take part
 */
guint
lks_lock_job_get_n_chosen (LksLockJob *self)
{
  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), 0);

  return g_hash_table_size (self->chosen);
}

/**
 * lks_lock_job_get_order:
 * @self: a job
 *
 * Returns: (transfer none): on whose behalf the runs are made
 */
const LksRunOrder *
lks_lock_job_get_order (LksLockJob *self)
{
  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), NULL);

  return self->order;
}

/**
 * lks_lock_job_get_recipe:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): what must be true
 */
LksRecipe *
lks_lock_job_get_recipe (LksLockJob *self)
{
  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), NULL);

  return self->recipe;
}

/**
 * lks_lock_job_set_recipe:
 * @self: a job
 * @recipe: (nullable): what must be true
 *
 * Sets the recipe of the next round.
 */
void
lks_lock_job_set_recipe (LksLockJob *self, LksRecipe *recipe)
{
  g_return_if_fail (LKS_IS_LOCK_JOB (self));

  if (g_set_object (&self->recipe, recipe))
    notify (self, PROP_RECIPE);
}

/**
 * lks_lock_job_get_runs:
 * @self: a job
 *
 * Returns: (transfer none): the boards of this round, a list model of [class@Lks.BoardRun]
 */
GListModel *
lks_lock_job_get_runs (LksLockJob *self)
{
  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), NULL);

  return G_LIST_MODEL (self->runs);
}

/**
 * lks_lock_job_count:
 * @self: a job
 * @verdict: a verdict
 *
 * Returns: how many boards of this round have it
 */
guint
lks_lock_job_count (LksLockJob *self, LksVerdict verdict)
{
  guint count = 0;

  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), 0);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (LksBoardRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      count += lks_finalizer_get_verdict (lks_board_run_get_finalizer (run)) == verdict;
    }
  return count;
}

/**
 * lks_lock_job_get_n_confirmable:
 * @self: a job
 *
 * Returns: how many boards passed their check and can be locked
 */
guint
lks_lock_job_get_n_confirmable (LksLockJob *self)
{
  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), 0);

  return count_runs (self, lks_board_run_is_confirmable);
}

/**
 * lks_lock_job_get_n_confirmed:
 * @self: a job
 *
 * Returns: how many boards are confirmed by their device ID
 */
guint
lks_lock_job_get_n_confirmed (LksLockJob *self)
{
  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), 0);

  return count_runs (self, lks_board_run_is_confirmed);
}

/**
 * lks_lock_job_get_busy:
 * @self: a job
 *
 * Returns: whether runs are under way
 */
gboolean
lks_lock_job_get_busy (LksLockJob *self)
{
  g_return_val_if_fail (LKS_IS_LOCK_JOB (self), FALSE);

  return self->running > 0;
}

/**
 * lks_lock_job_check:
 * @self: a job with a recipe
 *
 * Checks all chosen boards side by side; nothing is changed on them. Meanwhile the shared ledger is
 * asked what other stations say about them, for %LKS_ELSEWHERE_LIMIT_S seconds at most.
 */
void
lks_lock_job_check (LksLockJob *self)
{
  guint n_runs;

  g_return_if_fail (LKS_IS_LOCK_JOB (self));
  g_return_if_fail (self->recipe != NULL && self->running == 0);

  fill_runs (self);
  n_runs = g_list_model_get_n_items (G_LIST_MODEL (self->runs));
  begin_round (self, n_runs + 1);
  ask_elsewhere (self);
  for (guint i = 0; i < n_runs; i++)
    {
      g_autoptr (LksBoardRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      lks_finalizer_check_async (lks_board_run_get_finalizer (run), self->cancellable, checked_cb,
                                 g_object_ref (self));
    }
  run_changed_cb (self);
}

static gboolean
is_helped (LksLockJob *self, LksBoardRun *run, LksWaiver *waiver)
{
  LksFinalizer *finalizer = lks_board_run_get_finalizer (run);

  return lks_board_run_may_waive (run, lks_waiver_get_fields (waiver)->check) &&
         lks_waiver_find_objection (waiver, lks_finalizer_get_recipe (finalizer),
                                    lks_finalizer_get_device_id (finalizer), self->order->batch,
                                    g_get_real_time ()) == NULL;
}

/**
 * lks_lock_job_waive:
 * @self: a job that is not busy
 * @waiver: what somebody answers for
 *
 * Takes a waiver, and checks the boards again which it helps. It holds for what is done with them
 * afterwards too.
 */
void
lks_lock_job_waive (LksLockJob *self, LksWaiver *waiver)
{
  g_autoptr (GPtrArray) helped = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (LKS_IS_LOCK_JOB (self));
  g_return_if_fail (self->running == 0);

  lks_waiver_book_enter (self->waivers, waiver);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (LksBoardRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (is_helped (self, run, waiver))
        g_ptr_array_add (helped, g_steal_pointer (&run));
    }
  if (helped->len == 0)
    return;

  begin_round (self, helped->len);
  for (guint i = 0; i < helped->len; i++)
    {
      LksFinalizer *finalizer = lks_board_run_get_finalizer (helped->pdata[i]);

      lks_waiver_book_apply (self->waivers, finalizer, self->order->batch);
      lks_finalizer_check_async (finalizer, self->cancellable, checked_cb, g_object_ref (self));
    }
  run_changed_cb (self);
}

/**
 * lks_lock_job_lock:
 * @self: a job whose boards were checked and confirmed
 *
 * Locks the confirmed boards side by side, each with a consent of its own. The others are left
 * as they are.
 */
void
lks_lock_job_lock (LksLockJob *self)
{
  g_autoptr (GPtrArray) confirmed = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (LKS_IS_LOCK_JOB (self));
  g_return_if_fail (self->running == 0);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (LksBoardRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (lks_board_run_is_confirmed (run))
        g_ptr_array_add (confirmed, g_steal_pointer (&run));
    }

  begin_round (self, confirmed->len);
  for (guint i = 0; i < confirmed->len; i++)
    lock_board (self, confirmed->pdata[i]);
}

/**
 * lks_lock_job_cancel:
 * @self: a job
 *
 * Asks the runs to end. A run that has ordered a change still finds out what became of it; the
 * signal "finished" comes as ever.
 */
void
lks_lock_job_cancel (LksLockJob *self)
{
  g_return_if_fail (LKS_IS_LOCK_JOB (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}
