/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-claim-book.h"

#include "lks-claim-queue.h"
#include "lks-error-text.h"
#include "lks-worker.h"

#include <glib/gi18n-lib.h>

/* What failed is tried again after a while: a network comes back, a catalog may be opened. */
#define RETRY_S (5 * 60)

struct _LksClaimBook
{
  GObject parent_instance;

  LksLedger *ledger;         /* (owned) (nullable) */
  LksCloudDesk *desk;        /* (owned) (nullable) */
  LksCloudClaimer *claimer;  /* (owned) (nullable): made when it is needed */
  LksWorker *worker;         /* (owned): counts and claims, one after the other */
  GCancellable *cancellable; /* (owned) */
  guint n_waiting;
  guint n_left; /* that waited still when the last work was over */
  gboolean busy;
  char *problem; /* (owned) (nullable) */
  guint retry_id;
};

G_DEFINE_FINAL_TYPE (LksClaimBook, lks_claim_book, G_TYPE_OBJECT)

typedef enum
{
  PROP_N_WAITING = 1,
  PROP_BUSY,
  PROP_PROBLEM,
  PROP_ACCOUNT,
} LksClaimBookProperty;

static GParamSpec *properties[PROP_ACCOUNT + 1];

static void
set_n_waiting (LksClaimBook *self, guint n_waiting)
{
  if (self->n_waiting == n_waiting)
    return;

  self->n_waiting = n_waiting;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_WAITING]);
}

static void
set_busy (LksClaimBook *self, gboolean busy)
{
  if (self->busy == busy)
    return;

  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static gboolean
retry_cb (gpointer user_data)
{
  LksClaimBook *self = user_data;

  if (self->n_waiting > 0 && lks_claim_book_get_account (self) != NULL)
    lks_claim_book_work (self);
  return G_SOURCE_CONTINUE;
}

static void
schedule_retry (LksClaimBook *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->problem != NULL)
    self->retry_id = g_timeout_add_seconds (RETRY_S, retry_cb, self);
}

/* @problem: (transfer full) (nullable) */
static void
take_problem (LksClaimBook *self, char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    {
      g_free (problem);
      return;
    }

  g_free (self->problem);
  self->problem = problem;
  schedule_retry (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

/* ---- who makes claims ---- */

static LksCloudClaimer *
create_claimer (LksClaimBook *self)
{
  LksCloudAccount *account = lks_claim_book_get_account (self);
  g_autoptr (LksCloudTrust) trust = NULL;
  g_autoptr (GError) error = NULL;

  if (account != NULL)
    return lks_cloud_claimer_new (account, lks_cloud_desk_get_trust (self->desk));
  trust = lks_cloud_trust_load_default (&error);
  if (trust != NULL)
    return lks_cloud_claimer_new_from_keyring (trust);

  g_warning ("claims cannot be made: %s", error->message);
  return NULL;
}

static LksCloudClaimer *
get_claimer (LksClaimBook *self)
{
  if (self->claimer == NULL)
    self->claimer = create_claimer (self);
  return self->claimer;
}

/* ---- what waits ---- */

static void
count_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  guint n_waiting;

  if (lks_ledger_claims_count (data, &n_waiting, &error))
    g_task_return_int (task, n_waiting);
  else
    g_task_return_error (task, error);
}

static gboolean
is_signed_in (LksClaimBook *self)
{
  return lks_claim_book_get_account (self) != NULL;
}

/* One board that cannot be claimed does not keep the next ones waiting. */
static gboolean
is_work_due (LksClaimBook *self)
{
  return self->n_waiting > 0 && is_signed_in (self) &&
         (self->problem == NULL || self->n_waiting > self->n_left);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LksClaimBook *self = LKS_CLAIM_BOOK (source);
  g_autoptr (GError) error = NULL;
  gssize n_waiting = g_task_propagate_int (G_TASK (result), &error);

  if (n_waiting < 0)
    {
      g_debug ("claims were not counted: %s", error->message);
      return;
    }
  set_n_waiting (self, (guint) n_waiting);
  if (is_work_due (self))
    lks_claim_book_work (self);
}

static void
count (LksClaimBook *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->ledger == NULL)
    return;

  task = g_task_new (self, self->cancellable, counted_cb, NULL);
  g_task_set_source_tag (task, count);
  g_task_set_task_data (task, g_object_ref (self->ledger), g_object_unref);
  lks_worker_push (self->worker, task, count_in_thread);
}

/* ---- work ---- */

typedef struct
{
  LksLedger *ledger;        /* (owned) */
  LksCloudClaimer *claimer; /* (owned) */
  guint n_left;
  guint n_failed;
  GError *first; /* (owned) (nullable): why the first of them failed */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->ledger);
  g_object_unref (job->claimer);
  g_clear_error (&job->first);
  g_free (job);
}

static void
take_note (const LksClaimNote *note, const GError *error, gpointer user_data)
{
  Job *job = user_data;

  if (error == NULL)
    return;
  job->n_failed++;
  if (job->first == NULL)
    job->first = g_error_copy (error);
}

static void
work_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  gboolean is_done =
      lks_claim_queue_work (job->ledger, job->claimer, take_note, job, cancellable, &error);

  if (!lks_ledger_claims_count (job->ledger, &job->n_left, NULL))
    job->n_left = G_MAXUINT; /* nothing is known to be new */
  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static char *
tell_failures (const Job *job)
{
  g_autofree char *sentence = lks_error_to_text (job->first);

  /* Translators: how many boards, and why the first of them */
  return g_strdup_printf (ngettext ("%u board could not be claimed. %s",
                                    "%u boards could not be claimed. %s", job->n_failed),
                          job->n_failed, sentence);
}

static void
worked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LksClaimBook *self = LKS_CLAIM_BOOK (source);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  self->n_left = job->n_left;
  if (error != NULL)
    take_problem (self, lks_error_to_text (error));
  else
    take_problem (self, job->n_failed > 0 ? tell_failures (job) : NULL);
  set_busy (self, FALSE);
  count (self);
}

/* ---- what happens around it ---- */

/* Another account may do what this one may not. */
static void
account_changed_cb (LksClaimBook *self)
{
  g_clear_object (&self->claimer);
  take_problem (self, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT]);
  count (self);
}

static void
lks_claim_book_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksClaimBook *self = LKS_CLAIM_BOOK (object);

  switch ((LksClaimBookProperty) prop_id)
    {
    case PROP_N_WAITING:
      g_value_set_uint (value, self->n_waiting);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_ACCOUNT:
      g_value_set_object (value, lks_claim_book_get_account (self));
      break;
    }
}

static void
lks_claim_book_dispose (GObject *object)
{
  LksClaimBook *self = LKS_CLAIM_BOOK (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_object (&self->ledger);
  g_clear_object (&self->desk);
  g_clear_object (&self->claimer);
  g_clear_object (&self->worker);
  G_OBJECT_CLASS (lks_claim_book_parent_class)->dispose (object);
}

static void
lks_claim_book_finalize (GObject *object)
{
  g_object_unref (LKS_CLAIM_BOOK (object)->cancellable);
  g_free (LKS_CLAIM_BOOK (object)->problem);
  G_OBJECT_CLASS (lks_claim_book_parent_class)->finalize (object);
}

static void
lks_claim_book_class_init (LksClaimBookClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_claim_book_get_property;
  object_class->dispose = lks_claim_book_dispose;
  object_class->finalize = lks_claim_book_finalize;

  properties[PROP_N_WAITING] = g_param_spec_uint ("n-waiting", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  properties[PROP_ACCOUNT] =
      g_param_spec_object ("account", NULL, NULL, LKS_TYPE_CLOUD_ACCOUNT, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_claim_book_init (LksClaimBook *self)
{
  self->worker = lks_worker_new ("claims");
  self->cancellable = g_cancellable_new ();
}

/**
 * lks_claim_book_ref_default:
 *
 * Gets the book that all windows share. Main thread only.
 *
 * Returns: (transfer full): the book
 */
LksClaimBook *
lks_claim_book_ref_default (void)
{
  static LksClaimBook *shared; /* (unowned) */

  if (shared != NULL)
    return g_object_ref (shared);

  g_set_weak_pointer (&shared, g_object_new (LKS_TYPE_CLAIM_BOOK, NULL));
  return shared;
}

/**
 * lks_claim_book_set_ledger:
 * @self: a book
 * @ledger: where claims wait
 *
 * Counts what waits, now and whenever a board was recorded.
 */
void
lks_claim_book_set_ledger (LksClaimBook *self, LksLedger *ledger)
{
  g_return_if_fail (LKS_IS_CLAIM_BOOK (self));

  if (self->ledger == ledger)
    return;
  if (self->ledger != NULL)
    g_signal_handlers_disconnect_by_data (self->ledger, self);
  g_set_object (&self->ledger, ledger);
  g_signal_connect_object (ledger, "added", G_CALLBACK (count), self, G_CONNECT_SWAPPED);
  count (self);
}

/**
 * lks_claim_book_set_desk:
 * @self: a book
 * @desk: where the window works with the cloud
 *
 * Follows who is signed in. Without a desk, or before it has looked, the keyring is asked when
 * somebody is needed.
 */
void
lks_claim_book_set_desk (LksClaimBook *self, LksCloudDesk *desk)
{
  g_return_if_fail (LKS_IS_CLAIM_BOOK (self));

  if (self->desk == desk)
    return;
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_set_object (&self->desk, desk);
  g_signal_connect_object (desk, "notify::account", G_CALLBACK (account_changed_cb), self,
                           G_CONNECT_SWAPPED);
  account_changed_cb (self);
}

/**
 * lks_claim_book_get_n_waiting:
 * @self: a book
 *
 * Returns: how many boards wait for their claim
 */
guint
lks_claim_book_get_n_waiting (LksClaimBook *self)
{
  return self->n_waiting;
}

/**
 * lks_claim_book_get_busy:
 * @self: a book
 *
 * Returns: whether claims are being made
 */
gboolean
lks_claim_book_get_busy (LksClaimBook *self)
{
  return self->busy;
}

/**
 * lks_claim_book_get_problem:
 * @self: a book
 *
 * Returns: (transfer none) (nullable): why the last work came to nothing, and what to do
 */
const char *
lks_claim_book_get_problem (LksClaimBook *self)
{
  return self->problem;
}

/**
 * lks_claim_book_get_account:
 * @self: a book
 *
 * Returns: (transfer none) (nullable): who is signed in, as far as the page of the cloud has looked
 */
LksCloudAccount *
lks_claim_book_get_account (LksClaimBook *self)
{
  return self->desk != NULL ? lks_cloud_desk_get_account (self->desk) : NULL;
}

/**
 * lks_claim_book_apply:
 * @self: a book
 * @finalizer: the runs of a board
 *
 * Sets who asks the catalog in the next runs, when their recipe wants that.
 */
void
lks_claim_book_apply (LksClaimBook *self, LksFinalizer *finalizer)
{
  const LksRecipeClaim *claim = lks_recipe_get_claim (lks_finalizer_get_recipe (finalizer));

  g_return_if_fail (LKS_IS_CLAIM_BOOK (self));

  if (claim != NULL && claim->policy == LKS_CLAIM_POLICY_BEFORE_LOCK)
    lks_finalizer_set_claimer (finalizer, LKS_CLAIMER (get_claimer (self)));
}

/**
 * lks_claim_book_work:
 * @self: a book
 *
 * Makes the claims that wait, unless that is being done. What came of it is in the properties.
 */
void
lks_claim_book_work (LksClaimBook *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (LKS_IS_CLAIM_BOOK (self));

  if (self->busy || self->ledger == NULL || get_claimer (self) == NULL)
    return;

  job = g_new0 (Job, 1);
  job->ledger = g_object_ref (self->ledger);
  job->claimer = g_object_ref (self->claimer);
  set_busy (self, TRUE);
  task = g_task_new (self, self->cancellable, worked_cb, NULL);
  g_task_set_source_tag (task, lks_claim_book_work);
  g_task_set_task_data (task, job, job_free);
  lks_worker_push (self->worker, task, work_in_thread);
}
