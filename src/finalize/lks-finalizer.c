/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-finalizer.h"

#include "lks-port.h"
#include "lks-recipe-signature.h"
#include "lks-run-private.h"
#include "lks-send.h"

/* How many steps a run has when nothing is left out; progress needs no better truth. */
#define CHECK_STEPS 13
#define FINALIZE_STEPS 24

typedef struct _Job Job;

struct _LksFinalizer
{
  GObject parent_instance;

  LksBoard *board;               /* (owned) */
  LksRecipe *recipe;             /* (owned) */
  LksLedger *ledger;             /* (owned) */
  LksRunOrder *order;            /* (owned) (nullable) */
  GPtrArray *waivers;            /* (owned) (nullable) (element-type LksWaiver) */
  LksClaimer *claimer;           /* (owned) (nullable) */
  LksLabelCheckFunc label_check; /* (nullable) */

  gboolean busy;
  Job *job;   /* (unowned) (nullable): of the run that waits or runs */
  guint runs; /* counts them, so that late news of an old run is known as such */
  guint expected_steps;
  char *step;  /* (owned) (nullable) */
  char *needs; /* (owned) (nullable) */
  double progress;
  LksRunResult *result; /* (owned) (nullable): of the last run */
  GListStore *steps;    /* (owned) (element-type LksRunStep) */
};

struct _Job
{
  LksFinalizer *finalizer; /* the task keeps it alive; only the main thread looks into it */
  GMainContext *context;   /* (owned): where its properties change */
  guint run;
  LksPort *port;     /* (owned) */
  LksRecipe *recipe; /* (owned) */
  LksLedger *ledger; /* (owned) */
  gboolean is_check;
  LksConsent *consent;           /* (owned) (nullable) */
  LksRunOrder *order;            /* (owned) (nullable) */
  GPtrArray *waivers;            /* (owned) (nullable) (element-type LksWaiver) */
  LksClaimer *claimer;           /* (owned) (nullable) */
  LksLabelCheckFunc label_check; /* (nullable) */
  LksRunResult *result;          /* (owned) (nullable): set by the worker */
  gint is_contested;             /* atomic: another place reports the same device ID */
};

G_DEFINE_FINAL_TYPE (LksFinalizer, lks_finalizer, G_TYPE_OBJECT)

typedef enum
{
  PROP_BOARD = 1,
  PROP_RECIPE,
  PROP_BUSY,
  PROP_STEP,
  PROP_PROGRESS,
  PROP_NEEDS,
  PROP_DEVICE_ID,
  PROP_VERDICT,
  PROP_OUTCOME,
  PROP_MESSAGE,
  PROP_RESULT,
  PROP_STEPS,
} LksFinalizerProperty;

static GParamSpec *properties[PROP_STEPS + 1];
static guint n_busy; /* of all finalizers of this program; main thread */

static void
notify (LksFinalizer *self, LksFinalizerProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_busy (LksFinalizer *self, gboolean busy)
{
  if (self->busy == busy)
    return;

  self->busy = busy;
  if (busy)
    n_busy++;
  else
    n_busy--;
  notify (self, PROP_BUSY);
}

static void
set_step (LksFinalizer *self, const char *step)
{
  if (g_strcmp0 (self->step, step) == 0)
    return;

  g_free (self->step);
  self->step = g_strdup (step);
  notify (self, PROP_STEP);
}

static void
set_needs (LksFinalizer *self, const char *needs)
{
  if (g_strcmp0 (self->needs, needs) == 0)
    return;

  g_free (self->needs);
  self->needs = g_strdup (needs);
  notify (self, PROP_NEEDS);
}

static void
set_progress (LksFinalizer *self, double progress)
{
  if (self->progress == progress)
    return;

  self->progress = progress;
  notify (self, PROP_PROGRESS);
}

/* The result, and with it all that is read from it. */
static void
set_result (LksFinalizer *self, LksRunResult *result)
{
  g_clear_pointer (&self->result, lks_run_result_unref);
  if (result != NULL)
    self->result = lks_run_result_ref (result);

  notify (self, PROP_RESULT);
  notify (self, PROP_VERDICT);
  notify (self, PROP_OUTCOME);
  notify (self, PROP_MESSAGE);
  notify (self, PROP_DEVICE_ID);
}

static void
lks_finalizer_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksFinalizer *self = LKS_FINALIZER (object);

  switch ((LksFinalizerProperty) prop_id)
    {
    case PROP_BOARD:
      g_value_set_object (value, self->board);
      break;
    case PROP_RECIPE:
      g_value_set_object (value, self->recipe);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    case PROP_STEP:
      g_value_set_string (value, self->step);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_NEEDS:
      g_value_set_string (value, self->needs);
      break;
    case PROP_DEVICE_ID:
      g_value_set_string (value, lks_finalizer_get_device_id (self));
      break;
    case PROP_VERDICT:
      g_value_set_enum (value, (int) lks_finalizer_get_verdict (self));
      break;
    case PROP_OUTCOME:
      g_value_set_enum (value, (int) lks_finalizer_get_outcome (self));
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, lks_finalizer_get_message (self));
      break;
    case PROP_RESULT:
      g_value_set_boxed (value, self->result);
      break;
    case PROP_STEPS:
      g_value_set_object (value, self->steps);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lks_finalizer_finalize (GObject *object)
{
  LksFinalizer *self = LKS_FINALIZER (object);

  g_clear_object (&self->board);
  g_clear_object (&self->recipe);
  g_clear_object (&self->ledger);
  g_clear_object (&self->claimer);
  g_clear_object (&self->steps);
  g_clear_pointer (&self->result, lks_run_result_unref);
  g_clear_pointer (&self->order, lks_run_order_free);
  g_clear_pointer (&self->waivers, g_ptr_array_unref);
  g_free (self->step);
  g_free (self->needs);

  G_OBJECT_CLASS (lks_finalizer_parent_class)->finalize (object);
}

static void
lks_finalizer_class_init (LksFinalizerClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_finalizer_get_property;
  object_class->finalize = lks_finalizer_finalize;

  properties[PROP_BOARD] = g_param_spec_object ("board", NULL, NULL, LKS_TYPE_BOARD, flags);
  properties[PROP_RECIPE] = g_param_spec_object ("recipe", NULL, NULL, LKS_TYPE_RECIPE, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_NEEDS] = g_param_spec_string ("needs", NULL, NULL, NULL, flags);
  properties[PROP_DEVICE_ID] = g_param_spec_string ("device-id", NULL, NULL, NULL, flags);
  properties[PROP_VERDICT] =
      g_param_spec_enum ("verdict", NULL, NULL, LKS_TYPE_VERDICT, LKS_VERDICT_NONE, flags);
  properties[PROP_OUTCOME] =
      g_param_spec_enum ("outcome", NULL, NULL, LKS_TYPE_OUTCOME, LKS_OUTCOME_NONE, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_RESULT] = g_param_spec_boxed ("result", NULL, NULL, LKS_TYPE_RUN_RESULT, flags);
  properties[PROP_STEPS] = g_param_spec_object ("steps", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

/* A run under way hears it of whoever watches all places: its own worker sees only one. */
static void
duplicate_cb (LksFinalizer *self)
{
  if (self->job != NULL && lks_board_get_duplicate (self->board) != NULL)
    g_atomic_int_set (&self->job->is_contested, 1);
}

static void
lks_finalizer_init (LksFinalizer *self)
{
  self->steps = g_list_store_new (LKS_TYPE_RUN_STEP);
}

/**
 * lks_finalizer_new:
 * @board: a board
 * @recipe: what must be true and what is to be made true
 * @ledger: where the journal and the records go
 *
 * Returns: (transfer full): a finalizer that has not run anything yet
 */
LksFinalizer *
lks_finalizer_new (LksBoard *board, LksRecipe *recipe, LksLedger *ledger)
{
  LksFinalizer *self = g_object_new (LKS_TYPE_FINALIZER, NULL);

  self->board = g_object_ref (board);
  self->recipe = g_object_ref (recipe);
  self->ledger = g_object_ref (ledger);
  g_signal_connect_object (board, "notify::duplicate", G_CALLBACK (duplicate_cb), self,
                           G_CONNECT_SWAPPED);
  lks_ledger_want_key (ledger);
  return self;
}

/**
 * lks_finalizer_get_board:
 * @self: a finalizer
 *
 * Returns: (transfer none): its board
 */
LksBoard *
lks_finalizer_get_board (LksFinalizer *self)
{
  return self->board;
}

/**
 * lks_finalizer_get_recipe:
 * @self: a finalizer
 *
 * Returns: (transfer none): its recipe
 */
LksRecipe *
lks_finalizer_get_recipe (LksFinalizer *self)
{
  return self->recipe;
}

/**
 * lks_finalizer_set_order:
 * @self: a finalizer
 * @order: (nullable): on whose behalf the next runs are made; copied
 *
 * A run that is under way keeps its own.
 */
void
lks_finalizer_set_order (LksFinalizer *self, const LksRunOrder *order)
{
  g_clear_pointer (&self->order, lks_run_order_free);
  self->order = lks_run_order_copy (order);
}

/**
 * lks_finalizer_set_waivers:
 * @self: a finalizer
 * @waivers: (nullable) (element-type LksWaiver): which checks may fail in the next runs; not
 *   changed any more
 *
 * A run that is under way keeps its own.
 */
void
lks_finalizer_set_waivers (LksFinalizer *self, GPtrArray *waivers)
{
  g_clear_pointer (&self->waivers, g_ptr_array_unref);
  self->waivers = waivers != NULL ? g_ptr_array_ref (waivers) : NULL;
}

/**
 * lks_finalizer_set_claimer:
 * @self: a finalizer
 * @claimer: (nullable): who can ask the cloud, for a recipe that demands a claim
 *
 * A run that is under way keeps its own.
 */
void
lks_finalizer_set_claimer (LksFinalizer *self, LksClaimer *claimer)
{
  g_set_object (&self->claimer, claimer);
}

/**
 * lks_finalizer_set_label_check:
 * @self: a finalizer
 * @label_check: (nullable): who is asked beside the ledger whether a label is free
 *
 * A run that is under way keeps its own.
 */
void
lks_finalizer_set_label_check (LksFinalizer *self, LksLabelCheckFunc label_check)
{
  self->label_check = label_check;
}

/**
 * lks_finalizer_count_busy:
 *
 * Returns: how many boards this program is working on: a run keeps its finalizer alive
 */
guint
lks_finalizer_count_busy (void)
{
  return n_busy;
}

/**
 * lks_finalizer_get_busy:
 * @self: a finalizer
 *
 * Returns: whether a run waits or runs
 */
gboolean
lks_finalizer_get_busy (LksFinalizer *self)
{
  return self->busy;
}

/**
 * lks_finalizer_get_step:
 * @self: a finalizer
 *
 * Returns: (transfer none) (nullable): the English title of the step that runs or ran last
 */
const char *
lks_finalizer_get_step (LksFinalizer *self)
{
  return self->step;
}

/**
 * lks_finalizer_get_progress:
 * @self: a finalizer
 *
 * Returns: how much of the run is done, from 0 to 1
 */
double
lks_finalizer_get_progress (LksFinalizer *self)
{
  return self->progress;
}

/**
 * lks_finalizer_get_needs:
 * @self: a finalizer
 *
 * Returns: (transfer none) (nullable): what a person has to do: "power-cycle" while the run
 *   waits for the board to be switched off and on, and after it has waited in vain
 */
const char *
lks_finalizer_get_needs (LksFinalizer *self)
{
  return self->needs;
}

/**
 * lks_finalizer_get_device_id:
 * @self: a finalizer
 *
 * Returns: (transfer none) (nullable): the device ID that the last run read twice: what a
 *   consent has to name
 */
const char *
lks_finalizer_get_device_id (LksFinalizer *self)
{
  return self->result != NULL ? self->result->device_id : NULL;
}

/**
 * lks_finalizer_get_verdict:
 * @self: a finalizer
 *
 * Returns: the verdict of the last run, NONE before its end
 */
LksVerdict
lks_finalizer_get_verdict (LksFinalizer *self)
{
  return self->result != NULL ? self->result->verdict : LKS_VERDICT_NONE;
}

/**
 * lks_finalizer_get_outcome:
 * @self: a finalizer
 *
 * Returns: what the PASS of the last run means
 */
LksOutcome
lks_finalizer_get_outcome (LksFinalizer *self)
{
  return self->result != NULL ? self->result->outcome : LKS_OUTCOME_NONE;
}

/**
 * lks_finalizer_get_message:
 * @self: a finalizer
 *
 * Returns: (transfer none) (nullable): why the last run was no PASS, one English sentence
 */
const char *
lks_finalizer_get_message (LksFinalizer *self)
{
  return self->result != NULL ? lks_run_result_summarize (self->result) : NULL;
}

/**
 * lks_finalizer_get_result:
 * @self: a finalizer
 *
 * Returns: (transfer none) (nullable): the result of the last run
 */
LksRunResult *
lks_finalizer_get_result (LksFinalizer *self)
{
  return self->result;
}

/**
 * lks_finalizer_get_steps:
 * @self: a finalizer
 *
 * Returns: (transfer none): a live model of [class@Lks.RunStep]; a step that ends replaces the
 *   one that ran
 */
GListModel *
lks_finalizer_get_steps (LksFinalizer *self)
{
  return G_LIST_MODEL (self->steps);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_main_context_unref (job->context);
  g_object_unref (job->port);
  g_object_unref (job->recipe);
  g_object_unref (job->ledger);
  g_clear_pointer (&job->consent, lks_consent_unref);
  g_clear_pointer (&job->order, lks_run_order_free);
  g_clear_pointer (&job->waivers, g_ptr_array_unref);
  g_clear_object (&job->claimer);
  g_clear_pointer (&job->result, lks_run_result_unref);
  g_free (job);
}

/* News from the worker, on its way to the main thread. */
typedef struct
{
  LksFinalizer *finalizer; /* (owned) */
  guint run;
  LksRunStep *step; /* (owned) (nullable): NULL: @needs is the news */
  guint index;
  char *needs; /* (owned) (nullable) */
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->finalizer);
  g_clear_object (&news->step);
  g_free (news->needs);
  g_free (news);
}

static void
show_step (LksFinalizer *self, LksRunStep *step, guint index)
{
  guint n_steps = g_list_model_get_n_items (G_LIST_MODEL (self->steps));
  gboolean has_ended = lks_run_step_get_result (step) != LKS_STEP_RESULT_RUNNING;

  g_list_store_splice (self->steps, MIN (index, n_steps), index < n_steps ? 1 : 0,
                       (gpointer *) &step, 1);
  set_step (self, lks_run_step_get_title (step));
  set_progress (self, MIN (0.99, (double) (index + (has_ended ? 1 : 0)) / self->expected_steps));
  if (g_str_equal (lks_run_step_get_name (step), "restart") &&
      lks_run_step_get_result (step) == LKS_STEP_RESULT_PASS)
    lks_board_expect_restart (self->board);
}

static gboolean
news_cb (gpointer user_data)
{
  News *news = user_data;
  LksFinalizer *self = news->finalizer;

  if (news->run != self->runs || !self->busy)
    return G_SOURCE_REMOVE;

  if (news->step != NULL)
    show_step (self, news->step, news->index);
  else
    set_needs (self, news->needs);
  return G_SOURCE_REMOVE;
}

static void
send_news (Job *job, LksRunStep *step, guint index, const char *needs)
{
  News *news = g_new0 (News, 1);

  news->finalizer = g_object_ref (job->finalizer);
  news->run = job->run;
  news->step = step != NULL ? g_object_ref (step) : NULL;
  news->index = index;
  news->needs = g_strdup (needs);
  lks_send (job->context, news_cb, news, news_free); /* as the end of the task: in order */
}

static void
step_cb (LksRunStep *step, guint index, gpointer user_data)
{
  send_news (user_data, step, index, NULL);
}

static void
needs_cb (const char *needs, gpointer user_data)
{
  send_news (user_data, NULL, 0, needs);
}

static gboolean
is_present_cb (gpointer user_data)
{
  return lks_port_is_present (user_data);
}

/* On the board's worker thread. */
static gboolean
run_in_worker (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Job *job = user_data;
  LksRunObserver observer = { .step = step_cb, .needs = needs_cb, .user_data = job };
  g_autoptr (LksRunTarget) target =
      lks_run_target_new (device, lks_port_get_path (job->port),
                          lks_port_get_usb_serial (job->port), is_present_cb, job->port);

  target->order = job->order;
  target->waivers = job->waivers;
  target->claimer = job->claimer;
  target->label_check = job->label_check;
  target->is_contested = &job->is_contested;
  if (job->is_check)
    job->result = lks_check_run (target, job->recipe, job->ledger, &observer, cancellable);
  else
    job->result =
        lks_finalize_run (target, job->recipe, job->consent, job->ledger, &observer, cancellable);
  return TRUE;
}

static void
show_result (LksFinalizer *self, LksRunResult *result)
{
  g_object_freeze_notify (G_OBJECT (self));
  g_list_store_splice (self->steps, 0, g_list_model_get_n_items (G_LIST_MODEL (self->steps)),
                       result->steps->pdata, result->steps->len);
  set_needs (self, result->needs);
  set_progress (self, 1);
  set_result (self, result);
  set_busy (self, FALSE);
  g_object_thaw_notify (G_OBJECT (self));
}

/* A run that could not even begin has a result too: STOPPED, with the reason. */
static LksRunResult *
result_for_error (Job *job, GError *error)
{
  LksRunTarget target = {
    .port = lks_port_get_path (job->port),
    .usb_serial = lks_port_get_usb_serial (job->port),
  };
  LksRunResult *result =
      lks_run_result_new (job->is_check ? "check" : "finalize", &target, job->recipe);

  result->verdict = LKS_VERDICT_STOPPED;
  result->error = error;
  result->finished_at = g_date_time_new_now_utc ();
  return result;
}

static void
end_run (GTask *task, GError *error)
{
  Job *job = g_task_get_task_data (task);

  job->finalizer->job = NULL;
  if (job->result == NULL)
    job->result = result_for_error (job, error);
  else
    g_clear_error (&error);

  show_result (job->finalizer, job->result);
  g_task_return_pointer (task, lks_run_result_ref (job->result),
                         (GDestroyNotify) lks_run_result_unref);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  lks_board_run_finish (LKS_BOARD (source), result, &error);
  end_run (task, error);
}

/* Two places with one ID, or an ID that changes: whatever the recipe says, hands off. */
static GError *
find_obstacle (LksFinalizer *self)
{
  const GError *error = lks_board_status_get_error (lks_board_get_status (self->board));
  GError *refusal = NULL;

  if (g_error_matches (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_DUPLICATE) ||
      g_error_matches (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY))
    return g_error_copy (error);

  lks_recipe_check_station (self->recipe, &refusal);
  return refusal;
}

static void
begin_run (LksFinalizer *self, guint expected_steps)
{
  g_object_freeze_notify (G_OBJECT (self));
  self->runs++;
  self->expected_steps = expected_steps;
  g_list_store_remove_all (self->steps);
  set_busy (self, TRUE);
  set_step (self, NULL);
  set_needs (self, NULL);
  set_progress (self, 0);
  set_result (self, NULL);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
start (LksFinalizer *self, GTask *task, LksConsent *consent, gboolean is_check)
{
  Job *job;
  GError *obstacle;

  if (self->busy)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                               "this board is being worked on already");
      return;
    }

  job = g_new0 (Job, 1);
  job->finalizer = self;
  job->context = g_main_context_ref (g_task_get_context (task));
  job->run = self->runs + 1;
  job->port = g_object_ref (lks_board_get_port (self->board));
  job->recipe = g_object_ref (self->recipe);
  job->ledger = g_object_ref (self->ledger);
  job->is_check = is_check;
  job->consent = consent != NULL ? lks_consent_ref (consent) : NULL;
  job->order = lks_run_order_copy (self->order);
  job->waivers = self->waivers != NULL ? g_ptr_array_ref (self->waivers) : NULL;
  g_set_object (&job->claimer, self->claimer);
  job->label_check = self->label_check;
  g_task_set_task_data (task, job, job_free);
  g_task_set_check_cancellable (task, FALSE); /* what was done is done, whoever cancels now */

  self->job = job;
  duplicate_cb (self);
  begin_run (self, is_check ? CHECK_STEPS : FINALIZE_STEPS);
  obstacle = find_obstacle (self);
  if (obstacle != NULL)
    end_run (task, obstacle);
  else
    lks_board_run_async (self->board, run_in_worker, job, NULL, g_task_get_cancellable (task),
                         ran_cb, g_object_ref (task));
}

/**
 * lks_finalizer_check_async:
 * @self: a finalizer
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_check_run() on the board's worker thread. Main thread.
 */
void
lks_finalizer_check_async (LksFinalizer *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, lks_finalizer_check_async);
  start (self, task, NULL, TRUE);
}

/**
 * lks_finalizer_check_finish:
 * @self: a finalizer
 * @result: the result
 * @error: return location for `G_IO_ERROR_PENDING`: a run was under way, nothing was started
 *
 * Returns: (transfer full): what was found, whatever went wrong; or NULL with @error set
 */
LksRunResult *
lks_finalizer_check_finish (LksFinalizer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lks_finalizer_finalize_async:
 * @self: a finalizer
 * @consent: (nullable): somebody's consent to this board and recipe
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_finalize_run() on the board's worker thread. Main thread.
 */
void
lks_finalizer_finalize_async (LksFinalizer *self,
                              LksConsent *consent,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, lks_finalizer_finalize_async);
  start (self, task, consent, FALSE);
}

/**
 * lks_finalizer_finalize_finish:
 * @self: a finalizer
 * @result: the result
 * @error: return location for `G_IO_ERROR_PENDING`: a run was under way, nothing was started
 *
 * Returns: (transfer full): what was done, whatever went wrong; or NULL with @error set
 */
LksRunResult *
lks_finalizer_finalize_finish (LksFinalizer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
