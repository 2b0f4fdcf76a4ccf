/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-development-job.h"

#include "lks-capability.h"

struct _LksDevelopmentJob
{
  GObject parent_instance;

  LksBoard *board;             /* (owned) */
  LksVault *vault;             /* (owned) (nullable) */
  LksDevelopment *development; /* (owned): of the board's worker while that works */
  LksCloudPreparer *preparer;  /* (owned) (nullable): likewise */
  LksSecret *file;             /* (owned) (nullable): what the person has chosen */
  gboolean is_file_new;        /* chosen since the last begin */
  GCancellable *cancellable;   /* (owned): of what is under way */
  LksDevelopmentPhase phase;
  LksDevelopmentPhase wanted; /* what the key is fetched for */
};

G_DEFINE_FINAL_TYPE (LksDevelopmentJob, lks_development_job, G_TYPE_OBJECT)

enum
{
  SIGNAL_STEPPED,
  SIGNAL_PHASE_CHANGED,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
set_phase (LksDevelopmentJob *self, LksDevelopmentPhase phase)
{
  self->phase = phase;
  g_signal_emit (self, signals[SIGNAL_PHASE_CHANGED], 0);
}

static void
end (LksDevelopmentJob *self, const GError *error)
{
  LksDevelopmentPhase phase = self->phase;

  set_phase (self, LKS_DEVELOPMENT_PHASE_IDLE);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, (int) phase, error);
}

/* ---- the board's worker ---- */

typedef struct
{
  LksDevelopmentJob *job; /* (owned) */
  LksDevelopmentStep step;
  LksDevelopmentState state;
  const char *note;
  char *subject; /* (owned) */
} News;

static gboolean
tell_cb (gpointer data)
{
  News *news = data;

  g_signal_emit (news->job, signals[SIGNAL_STEPPED], 0, (int) news->step, (int) news->state,
                 news->note, news->subject);
  return G_SOURCE_REMOVE;
}

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->job);
  g_free (news->subject);
  g_free (news);
}

static void
stepped_cb (const LksDevelopment *development, LksDevelopmentStep step, gpointer user_data)
{
  News *news = g_new0 (News, 1);

  news->job = g_object_ref (user_data);
  news->step = step;
  news->state = lks_development_get_state (development, step);
  news->note = lks_development_get_note (development, step);
  news->subject = g_strdup (lks_development_get_subject (development, step));
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_cb, news, news_free);
}

typedef struct
{
  LksDevelopment *development; /* (unowned): the callback holds its job */
  LksDevelopmentPhase phase;
  LksPeripheralLock lock;
} Work;

static gboolean
work_cb (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  const Work *work = data;

  if (work->phase == LKS_DEVELOPMENT_PHASE_LOOK)
    return lks_development_look (work->development, device, work->lock, cancellable, error);
  if (work->phase == LKS_DEVELOPMENT_PHASE_BACK)
    return lks_development_put_back (work->development, device, work->lock, cancellable, error);
  return lks_development_run (work->development, device, work->lock, cancellable, error);
}

/* ---- the main thread ---- */

static void
worked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksDevelopmentJob) self = user_data;
  g_autoptr (GError) error = NULL;

  lks_board_run_finish (LKS_BOARD (source), result, &error);
  end (self, error);
}

static void
start (LksDevelopmentJob *self, LksDevelopmentPhase phase)
{
  Work *work = g_new0 (Work, 1);

  work->development = self->development;
  work->phase = phase;
  work->lock = lks_board_status_get_peripheral_lock (lks_board_get_status (self->board), NULL);
  set_phase (self, phase);
  lks_board_run_async (self->board, work_cb, work, g_free, self->cancellable, worked_cb,
                       g_object_ref (self));
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksDevelopmentJob) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCapabilityKey) key =
      lks_vault_fetch_key_finish (LKS_VAULT (source), result, &error);
  g_autoptr (LksSecret) bytes = key != NULL ? lks_capability_key_dup_bytes (key) : NULL;

  if (bytes == NULL)
    {
      end (self, error);
      return;
    }
  lks_development_set_file (self->development, bytes);
  start (self, self->wanted);
}

/* Only a key can be in the vault, never the empty file. */
static gboolean
takes_key (LksDevelopmentJob *self, LksDevelopmentPhase phase)
{
  return phase == (lks_development_get_goal (self->development) == LKS_DEVELOPMENT_GOAL_DEVELOPMENT
                       ? LKS_DEVELOPMENT_PHASE_RUN
                       : LKS_DEVELOPMENT_PHASE_BACK);
}

/* What the person has chosen goes before what the vault has. The file that led there does not lead
 * back. */
static gboolean
takes_chosen (LksDevelopmentJob *self, LksDevelopmentPhase phase)
{
  return self->file != NULL && (phase != LKS_DEVELOPMENT_PHASE_BACK || self->is_file_new);
}

static LksVaultItem *
find_item (LksDevelopmentJob *self)
{
  return self->vault != NULL
             ? lks_vault_find_for (self->vault, lks_board_get_device_id (self->board),
                                   LKS_CAPABILITY_APP_DEVELOPMENT)
             : NULL;
}

/* ---- the object ---- */

static void
lks_development_job_finalize (GObject *object)
{
  LksDevelopmentJob *self = LKS_DEVELOPMENT_JOB (object);

  g_clear_pointer (&self->development, lks_development_free);
  g_clear_pointer (&self->preparer, lks_cloud_preparer_free);
  g_clear_pointer (&self->file, lks_secret_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->vault);
  g_clear_object (&self->board);
  G_OBJECT_CLASS (lks_development_job_parent_class)->finalize (object);
}

static void
lks_development_job_class_init (LksDevelopmentJobClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lks_development_job_finalize;

  signals[SIGNAL_STEPPED] =
      g_signal_new ("stepped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                    G_TYPE_INT, G_TYPE_INT, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_PHASE_CHANGED] =
      g_signal_new ("phase-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_ERROR);
}

static void
lks_development_job_init (LksDevelopmentJob *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * lks_development_job_new:
 * @board: a board that answers
 * @goal: what it is prepared for
 * @vault: (nullable): where the capability may be
 *
 * Returns: (transfer full): a job of which nothing is done
 */
LksDevelopmentJob *
lks_development_job_new (LksBoard *board, LksDevelopmentGoal goal, LksVault *vault)
{
  LksDevelopmentJob *self = g_object_new (LKS_TYPE_DEVELOPMENT_JOB, NULL);

  self->board = g_object_ref (board);
  g_set_object (&self->vault, vault);
  self->development = lks_development_new (goal);
  lks_development_set_func (self->development, stepped_cb, self);
  return self;
}

/**
 * lks_development_job_get_sequence:
 * @self: a job that is idle
 *
 * Returns: (transfer none): the sequence
 */
const LksDevelopment *
lks_development_job_get_sequence (LksDevelopmentJob *self)
{
  return self->development;
}

/**
 * lks_development_job_get_phase:
 * @self: a job
 *
 * Returns: what is under way
 */
LksDevelopmentPhase
lks_development_job_get_phase (LksDevelopmentJob *self)
{
  return self->phase;
}

/**
 * lks_development_job_has_key:
 * @self: a job
 *
 * Returns: whether the vault has what the way there takes
 */
gboolean
lks_development_job_has_key (LksDevelopmentJob *self)
{
  return takes_key (self, LKS_DEVELOPMENT_PHASE_RUN) && find_item (self) != NULL;
}

/**
 * lks_development_job_get_file:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): the capability file that was chosen
 */
LksSecret *
lks_development_job_get_file (LksDevelopmentJob *self)
{
  return self->file;
}

/**
 * lks_development_job_set_file:
 * @self: a job
 * @file: a capability file that a person has chosen
 *
 * Takes it the next time.
 */
void
lks_development_job_set_file (LksDevelopmentJob *self, LksSecret *file)
{
  LksSecret *old = self->file;

  g_return_if_fail (LKS_IS_DEVELOPMENT_JOB (self));

  self->file = lks_secret_ref (file);
  self->is_file_new = TRUE;
  g_clear_pointer (&old, lks_secret_unref);
}

/**
 * lks_development_job_take_cloud:
 * @self: a job that is idle
 * @preparer: (transfer full) (nullable): what the cloud does; NULL when that is left to the person
 *
 * Sets who does the cloud's part.
 */
void
lks_development_job_take_cloud (LksDevelopmentJob *self, LksCloudPreparer *preparer)
{
  g_return_if_fail (LKS_IS_DEVELOPMENT_JOB (self));
  g_return_if_fail (self->phase == LKS_DEVELOPMENT_PHASE_IDLE);

  lks_development_set_cloud (self->development,
                             preparer != NULL ? lks_cloud_preparer_get_functions (preparer) : NULL);
  g_clear_pointer (&self->preparer, lks_cloud_preparer_free);
  self->preparer = preparer;
}

/**
 * lks_development_job_begin:
 * @self: a job that is idle
 * @phase: LOOK, RUN or BACK
 *
 * Begins, with the key from the vault when one is needed that nobody has chosen and no cloud makes.
 * What came of it is told by "ended".
 */
void
lks_development_job_begin (LksDevelopmentJob *self, LksDevelopmentPhase phase)
{
  LksVaultItem *item;

  g_return_if_fail (LKS_IS_DEVELOPMENT_JOB (self));
  g_return_if_fail (self->phase == LKS_DEVELOPMENT_PHASE_IDLE);

  item = self->preparer == NULL && takes_key (self, phase) && !takes_chosen (self, phase)
             ? find_item (self)
             : NULL;
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->is_file_new = FALSE;
  lks_development_set_file (self->development, self->file);
  if (item == NULL)
    {
      start (self, phase);
      return;
    }

  self->wanted = phase;
  set_phase (self, LKS_DEVELOPMENT_PHASE_FETCH);
  lks_vault_fetch_key_async (self->vault, item, self->cancellable, fetched_cb, g_object_ref (self));
}

/**
 * lks_development_job_stop:
 * @self: a job
 *
 * Ends soon what is under way, where that leaves nothing unknown.
 */
void
lks_development_job_stop (LksDevelopmentJob *self)
{
  g_return_if_fail (LKS_IS_DEVELOPMENT_JOB (self));

  g_cancellable_cancel (self->cancellable);
}
