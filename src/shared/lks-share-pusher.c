/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-share-pusher.h"

#include "lks-turn.h"
#include "lks-worker.h"

#define SOON_MS 500              /* several entries are written one after the other */
#define SOMETIMES_MS (30 * 1000) /* the journal and other programs do not announce theirs */
#define BACKOFF_FIRST_MS 2000
#define BACKOFF_MAX_MS (2 * 60 * 1000)

struct _LksSharePusher
{
  GObject parent_instance;

  LksLedger *ledger;    /* (owned) */
  LksSharePlace *place; /* (owned) */
  LksShareOpenFunc open;
  GCancellable *cancellable; /* (owned) */
  guint backoff_first_ms;
  guint backoff_max_ms;

  guint source; /* when it begins next; 0: it is at work */
  gboolean is_pushing;
  gboolean wants_more;  /* something was written meanwhile */
  gboolean is_repaired; /* no signature was missing since this began */
  guint n_failures;     /* one after the other */
  guint64 n_waiting;
  gint64 oldest_us;
  gint64 confirmed_us;
  GError *error; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksSharePusher, lks_share_pusher, G_TYPE_OBJECT)

typedef enum
{
  PROP_WAITING = 1,
  PROP_OLDEST_US,
  PROP_CONFIRMED_US,
  PROP_ERROR,
} LksSharePusherProperty;

static GParamSpec *properties[PROP_ERROR + 1];

/* ---- on a thread of the job's own ---- */

typedef struct
{
  LksLedger *ledger;    /* (owned) */
  LksSharePlace *place; /* (owned) */
  LksShareOpenFunc open;
  gboolean repairs;
  LksOutboxCursor cursor; /* out */
  guint64 n_waiting;      /* out */
  gint64 oldest_us;       /* out */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->ledger);
  lks_share_place_free (job->place);
  g_free (job);
}

/* Also what waits after a failure is told. */
static gboolean
look (Job *job, GError **error)
{
  g_autofree char *name = lks_share_place_dup_name (job->place);

  return lks_ledger_outbox_get (job->ledger, name, &job->cursor, error) &&
         lks_ledger_outbox_count (job->ledger, &job->cursor, &job->n_waiting, &job->oldest_us,
                                  error);
}

/* What another program, or this one before, did not send is told by nothing else. */
static gboolean
repair (Job *job, LksShare *share, GCancellable *cancellable, GError **error)
{
  guint64 n_sent;

  if (!lks_share_repair (share, job->ledger, &n_sent, cancellable, error))
    return FALSE;
  if (n_sent > 0)
    g_message ("The shared ledger did not have %" G_GUINT64_FORMAT
               " signatures of entries that it has: they were sent",
               n_sent);
  return TRUE;
}

/* Opening may have taken long, and what was cancelled meanwhile concerns nobody any more. */
static void
push (Job *job, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksShare) share = job->open (job->place, cancellable, error);
  LksSharePushed pushed;

  if (share != NULL && !g_cancellable_set_error_if_cancelled (cancellable, error) &&
      lks_share_push (share, job->ledger, &pushed, cancellable, error) && job->repairs)
    repair (job, share, cancellable, error);
}

/* A run that was left behind may still be at the same place: one after the other. */
static void
push_in_turn (Job *job, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = lks_share_place_dup_name (job->place);
  g_autofree char *turn = g_strdup_printf ("share %s", name);

  if (!lks_turn_take (turn, cancellable, error))
    return;
  push (job, cancellable, error);
  lks_turn_end (turn);
}

static void
push_in_thread (GTask *task, gpointer unused, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autoptr (GError) error = NULL;

  push_in_turn (job, cancellable, &error);
  look (job, error == NULL ? &error : NULL);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/* ---- on the main thread ---- */

static void start (LksSharePusher *self);

static gboolean
start_cb (gpointer user_data)
{
  LksSharePusher *self = user_data;

  self->source = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

static void
schedule (LksSharePusher *self, guint wait_ms)
{
  g_clear_handle_id (&self->source, g_source_remove);
  self->source = g_timeout_add (wait_ms, start_cb, self);
}

/* Stations that failed together do not come back together. */
static guint
get_backoff_ms (LksSharePusher *self)
{
  const guint64 wait_ms = (guint64) self->backoff_first_ms << MIN (self->n_failures - 1, 16);

  return (guint) ((double) MIN (wait_ms, self->backoff_max_ms) *
                  g_random_double_range (0.75, 1.25));
}

static void
take_state (LksSharePusher *self, const Job *job, GError *error)
{
  g_object_freeze_notify (G_OBJECT (self));
  self->n_waiting = job->n_waiting;
  self->oldest_us = job->oldest_us;
  self->confirmed_us = job->cursor.confirmed_us;
  g_clear_error (&self->error);
  self->error = error;
  for (guint i = PROP_WAITING; i < G_N_ELEMENTS (properties); i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
go_on (LksSharePusher *self)
{
  self->is_pushing = FALSE;
  self->n_failures = self->error != NULL ? self->n_failures + 1 : 0;
  if (self->error != NULL)
    schedule (self, get_backoff_ms (self));
  else
    schedule (self, self->wants_more ? SOON_MS : SOMETIMES_MS);
  self->wants_more = FALSE;
}

static void
weak_free (GWeakRef *weak)
{
  g_weak_ref_clear (weak);
  g_free (weak);
}

static void
pushed_cb (GObject *unused, GAsyncResult *result, gpointer user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (LksSharePusher) self = g_weak_ref_get (weak);
  GError *error = NULL;

  weak_free (weak);
  g_task_propagate_boolean (G_TASK (result), &error);
  if (self == NULL || g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_error (&error);
      return;
    }

  self->is_repaired |= error == NULL;
  if (error != NULL)
    g_message ("The records wait: %s", error->message);
  take_state (self, g_task_get_task_data (G_TASK (result)), error);
  go_on (self);
}

/* The job does not know this object, so that it can go at any time. */
static void
start (LksSharePusher *self)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);
  g_autoptr (GTask) task = NULL;
  Job *job = g_new0 (Job, 1);

  *job = (Job){
    .ledger = g_object_ref (self->ledger),
    .place = lks_share_place_copy (self->place),
    .open = self->open,
    .repairs = !self->is_repaired,
  };
  g_weak_ref_init (weak, self);
  task = g_task_new (NULL, self->cancellable, pushed_cb, weak);
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, job, job_free);
  self->is_pushing = TRUE;
  lks_worker_run_alone (task, push_in_thread);
}

/* While the server is away its time is not shortened: it may be busy enough. */
static void
written_cb (LksSharePusher *self)
{
  if (self->is_pushing)
    self->wants_more = TRUE;
  else if (self->n_failures == 0)
    schedule (self, SOON_MS);
}

static void
lks_share_pusher_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksSharePusher *self = LKS_SHARE_PUSHER (object);

  switch ((LksSharePusherProperty) prop_id)
    {
    case PROP_WAITING:
      g_value_set_uint64 (value, self->n_waiting);
      break;
    case PROP_OLDEST_US:
      g_value_set_int64 (value, self->oldest_us);
      break;
    case PROP_CONFIRMED_US:
      g_value_set_int64 (value, self->confirmed_us);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lks_share_pusher_dispose (GObject *object)
{
  LksSharePusher *self = LKS_SHARE_PUSHER (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (lks_share_pusher_parent_class)->dispose (object);
}

static void
lks_share_pusher_finalize (GObject *object)
{
  LksSharePusher *self = LKS_SHARE_PUSHER (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->ledger);
  g_clear_pointer (&self->place, lks_share_place_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (lks_share_pusher_parent_class)->finalize (object);
}

static void
lks_share_pusher_class_init (LksSharePusherClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_share_pusher_get_property;
  object_class->dispose = lks_share_pusher_dispose;
  object_class->finalize = lks_share_pusher_finalize;

  properties[PROP_WAITING] = g_param_spec_uint64 ("waiting", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_OLDEST_US] =
      g_param_spec_int64 ("oldest-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_CONFIRMED_US] =
      g_param_spec_int64 ("confirmed-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_share_pusher_init (LksSharePusher *self)
{
  self->cancellable = g_cancellable_new ();
  self->backoff_first_ms = BACKOFF_FIRST_MS;
  self->backoff_max_ms = BACKOFF_MAX_MS;
}

/**
 * lks_share_pusher_new:
 * @ledger: a ledger that was opened on this thread
 * @place: where to
 * @open: opens it
 *
 * Begins at once. The last unref cancels what is under way, and does not wait for it: a name server
 * may hold it up. It ends by itself and pushes nothing more; @ledger stays open until then.
 *
 * Returns: (transfer full): what copies @ledger from now on
 */
LksSharePusher *
lks_share_pusher_new (LksLedger *ledger, const LksSharePlace *place, LksShareOpenFunc open)
{
  LksSharePusher *self = g_object_new (LKS_TYPE_SHARE_PUSHER, NULL);

  self->ledger = g_object_ref (ledger);
  self->place = lks_share_place_copy (place);
  self->open = open;
  g_signal_connect_object (ledger, "added", G_CALLBACK (written_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ledger, "service-changed", G_CALLBACK (written_cb), self,
                           G_CONNECT_SWAPPED);
  start (self);
  return self;
}

/**
 * lks_share_pusher_set_backoff_ms:
 * @self: a pusher
 * @first_ms: the wait after the first failure; it doubles with every further one
 * @max_ms: the longest wait
 */
void
lks_share_pusher_set_backoff_ms (LksSharePusher *self, guint first_ms, guint max_ms)
{
  self->backoff_first_ms = first_ms;
  self->backoff_max_ms = max_ms;
}

/**
 * lks_share_pusher_get_place:
 * @self: a pusher
 *
 * Returns: (transfer none): where it copies to
 */
const LksSharePlace *
lks_share_pusher_get_place (LksSharePusher *self)
{
  return self->place;
}

/**
 * lks_share_pusher_get_waiting:
 * @self: a pusher
 *
 * Returns: how many entries were not there when it looked last
 */
guint64
lks_share_pusher_get_waiting (LksSharePusher *self)
{
  return self->n_waiting;
}

/**
 * lks_share_pusher_get_oldest_us:
 * @self: a pusher
 *
 * Returns: when the oldest of them was written, Unix microseconds; 0: there is none
 */
gint64
lks_share_pusher_get_oldest_us (LksSharePusher *self)
{
  return self->oldest_us;
}

/**
 * lks_share_pusher_get_confirmed_us:
 * @self: a pusher
 *
 * Returns: when the server was last heard of, Unix microseconds; 0: never
 */
gint64
lks_share_pusher_get_confirmed_us (LksSharePusher *self)
{
  return self->confirmed_us;
}

/**
 * lks_share_pusher_get_error:
 * @self: a pusher
 *
 * Returns: (transfer none) (nullable): why it did not work the last time
 */
const GError *
lks_share_pusher_get_error (LksSharePusher *self)
{
  return self->error;
}
