/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-private.h"

#include "lks-board-line-private.h"
#include "lks-board-reader-private.h"
#include "lks-board-status-private.h"
#include "lks-enums.h"
#include "lks-send.h"
#include "lks-worker.h"

/* How often an idle board is asked whether it is alive, and for everything else. */
#define UPTIME_PERIOD_MS 3000
#define FULL_PERIOD_US (60 * G_USEC_PER_SEC)

/* How soon a board that did not answer is tried again. A silent one takes three seconds to be
 * found so; one that starts refuses at once, and is wanted as soon as it can. */
#define NO_ANSWER_RETRY_MS 250
#define RESTARTING_RETRY_MS 250
#define ERROR_RETRY_MS 5000

/* A start takes some 15 seconds; with an update it may take minutes, but then it is not only a
 * restart any more. */
#define RESTART_MAX_US (90 * G_USEC_PER_SEC)

/* The light of an adapter flickers for three seconds. */
#define FLICK_MS 50
#define FLICKS 60

struct _LksBoard
{
  GObject parent_instance;

  LksPort *port;         /* (owned) */
  GMainContext *context; /* (owned): where properties change */
  LksBoardLine *line;    /* (owned): what the worker works with */
  LksWorker *worker;     /* (owned) (nullable): only with a board's adapter */
  GCancellable *closing; /* (owned): cancelled for good when the board goes */

  /* The thread of @context only. */
  LksBoardStatus *status;    /* (owned) */
  LksCapabilityKey *key;     /* (owned) (nullable): of the servicing session of this board */
  LksBoardState found_state; /* as the last reading left it */
  GError *found_error;       /* (owned) (nullable) */
  char *duplicate_path;      /* (owned) (nullable): another place with this device ID */
  char *moved_from;          /* (owned) (nullable) */
  GCancellable *reading;     /* (owned) (nullable): the reading under way */
  GSource *timer;            /* (owned) (nullable): the next reading */
  GSource *flicker;          /* (owned) (nullable): while the activity light flickers */
  guint flicks;              /* still to come */
  guint jobs;                /* of others, waiting or running */
  gboolean is_settled;
  gboolean is_closed;
  gint64 full_at_us;       /* when everything is to be read again */
  guint epoch;             /* a new one makes what readings under way find out old */
  LksRestartNote restart;  /* the last one that was noticed */
  gint64 restart_until_us; /* a restart is expected until then, 0 when not */
};

G_DEFINE_FINAL_TYPE (LksBoard, lks_board, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (LksBoardError,
                    lks_board_error,
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_ERROR_IDENTITY, "identity"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_ERROR_DUPLICATE, "duplicate"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_ERROR_NOT_READY, "not-ready"),
                    G_DEFINE_ENUM_VALUE (LKS_BOARD_ERROR_NOT_PROGRAMMED, "not-programmed"))

typedef enum
{
  PROP_PORT = 1,
  PROP_PATH,
  PROP_STATE,
  PROP_DEVICE_ID,
  PROP_STATUS,
  PROP_BUSY,
  PROP_SETTLED,
  PROP_HAS_KEY,
  PROP_DUPLICATE,
} LksBoardProperty;

static GParamSpec *properties[PROP_DUPLICATE + 1];

typedef enum
{
  SIGNAL_EXCHANGED,
} LksBoardSignal;

static guint signals[SIGNAL_EXCHANGED + 1];

typedef struct
{
  LksBoardFunc func;
  gpointer func_data;
  GDestroyNotify func_data_free;
} Job;

static void schedule_reading (LksBoard *self);

GQuark
lks_board_error_quark (void)
{
  return g_quark_from_static_string ("lks-board-error");
}

static void
reading_free (LksBoardReading *reading)
{
  g_clear_pointer (&reading->status, lks_board_status_unref);
  g_free (reading);
}

static void
job_free (Job *job)
{
  if (job->func_data_free != NULL)
    job->func_data_free (job->func_data);
  g_free (job);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  LksBoard *self = source;
  GError *error = NULL;

  if (lks_board_line_read (self->line, task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The first of the facts @ids that could not be read, although the board answers. */
static const GError *
find_failure (const LksBoardStatus *status, const LksFactId *ids, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      const LksFactRecord *record = &status->facts[ids[i]];

      if (record->error != NULL && record->state != LKS_FACT_STATE_REFUSED &&
          record->state != LKS_FACT_STATE_UNSUPPORTED)
        return record->error;
    }
  return NULL;
}

static void
fill_state (LksBoard *self, LksBoardStatus *status)
{
  /* Without these nothing may be done to a board. */
  static const LksFactId vital[] = { LKS_FACT_ID_UPTIME, LKS_FACT_ID_DEVICE_ID,
                                     LKS_FACT_ID_MANUFACTURING_STATE, LKS_FACT_ID_CAPABILITIES };
  static const LksFactId others[] = { LKS_FACT_ID_OS_VERSION, LKS_FACT_ID_NET_STATUS,
                                      LKS_FACT_ID_ABI_VERSIONS, LKS_FACT_ID_IMAGES,
                                      LKS_FACT_ID_WIFI_NETWORKS };
  const GError *failure = NULL;

  g_clear_error (&status->error);
  status->state = self->found_state;
  if (self->found_error != NULL)
    status->error = g_error_copy (self->found_error);
  if (self->found_state != LKS_BOARD_STATE_READY)
    return;

  if (self->duplicate_path != NULL)
    {
      status->state = LKS_BOARD_STATE_ERROR;
      status->error =
          g_error_new (LKS_BOARD_ERROR, LKS_BOARD_ERROR_DUPLICATE,
                       "the board at %s reports the same device ID", self->duplicate_path);
      return;
    }
  failure = find_failure (status, vital, G_N_ELEMENTS (vital));
  if (failure != NULL)
    status->state = LKS_BOARD_STATE_ERROR;
  else
    failure = find_failure (status, others, G_N_ELEMENTS (others));
  if (failure != NULL)
    status->error = g_error_copy (failure);
}

/* The only function that changes the status: everything that is not a fact is filled in here.
 * Takes @status, or copies the present one. */
static void
publish (LksBoard *self, LksBoardStatus *status)
{
  g_autoptr (LksBoardStatus) old = self->status;

  if (status == NULL)
    status = lks_board_status_copy (old);
  g_free (status->moved_from);
  status->moved_from = g_strdup (self->moved_from);
  status->restart = self->restart;
  lks_board_status_set_key (status, self->key);
  fill_state (self, status);
  status->lock = lks_board_line_derive_lock (self->line, status, &status->lock_reason);
  self->status = status;

  g_object_freeze_notify (G_OBJECT (self));
  if (old->state != status->state)
    {
      g_debug ("%s: %s → %s", status->port,
               lks_enum_to_nick (LKS_TYPE_BOARD_STATE, (int) old->state),
               lks_enum_to_nick (LKS_TYPE_BOARD_STATE, (int) status->state));
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  if (g_strcmp0 (lks_board_status_get_device_id (old), lks_board_status_get_device_id (status)) !=
      0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEVICE_ID]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_found (LksBoard *self, LksBoardState state, const GError *error)
{
  self->found_state = state;
  g_clear_error (&self->found_error);
  if (error != NULL)
    self->found_error = g_error_copy (error);
}

static void
set_settled (LksBoard *self)
{
  if (self->is_settled)
    return;
  self->is_settled = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTLED]);
}

static gboolean
expects_restart (LksBoard *self)
{
  return self->restart_until_us != 0 && g_get_monotonic_time () < self->restart_until_us;
}

/* What a reading that failed says about the board. */
static LksBoardState
judge_failure (LksBoard *self, const GError *error)
{
  if (g_error_matches (error, LKS_USB_ERROR, LKS_USB_ERROR_DENIED))
    return LKS_BOARD_STATE_NO_PERMISSION;
  if (g_error_matches (error, LKS_USB_ERROR, LKS_USB_ERROR_NO_DEVICE))
    return LKS_BOARD_STATE_NO_ANSWER; /* the monitor will say that it is gone */
  if (lks_board_reader_is_absence (error) &&
      !g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNTRUSTED))
    return expects_restart (self) ? LKS_BOARD_STATE_RESTARTING : LKS_BOARD_STATE_NO_ANSWER;
  return LKS_BOARD_STATE_ERROR;
}

static void
note_restart (LksBoard *self, const LksRestartFacts *facts, guint64 uptime_before_s)
{
  const char *reason;
  LksRestartKind kind = lks_restart_kind_derive (facts, &reason);

  if (kind == LKS_RESTART_KIND_NONE)
    return;

  self->restart = (LksRestartNote){
    .kind = kind,
    .reason = reason,
    .noticed_wall_us = g_get_real_time (),
    .uptime_before_s = uptime_before_s,
  };
  g_info ("%s: %s", lks_board_get_path (self), reason);
}

/* What a reading says about a board that was read before. */
static void
compare_reading (LksBoard *self, const LksBoardReading *reading)
{
  const char *id_before = lks_board_get_device_id (self);
  const char *id = lks_board_status_get_device_id (reading->status);
  LksRestartFacts facts = {
    .has_restarted = reading->has_restarted,
    .was_ordered = reading->was_ordered,
  };
  guint64 uptime_before_s = 0;

  if (id_before == NULL || g_strcmp0 (id_before, id) != 0)
    return;

  lks_board_status_compare (self->status, reading->status, &facts);
  lks_board_status_get_uptime (self->status, &uptime_before_s);
  note_restart (self, &facts, uptime_before_s);
}

/* A reading that began before does not count as one of everything. */
static void
begin_epoch (LksBoard *self)
{
  self->full_at_us = 0;
  self->epoch++;
}

static void
take_reading (LksBoard *self, LksBoardReading *reading)
{
  const char *id = lks_board_status_get_device_id (reading->status);

  compare_reading (self, reading);

  if (id != NULL && g_strcmp0 (id, lks_board_get_device_id (self)) != 0)
    {
      g_clear_pointer (&self->moved_from, g_free); /* that was about another board */
      self->restart = (LksRestartNote){ 0 };
    }
  if (reading->has_restarted)
    self->restart_until_us = 0;
  if (reading->is_full && reading->epoch == self->epoch)
    self->full_at_us = g_get_monotonic_time () + FULL_PERIOD_US;
  set_found (self, expects_restart (self) ? LKS_BOARD_STATE_RESTARTING : LKS_BOARD_STATE_READY,
             NULL);
  publish (self, g_steal_pointer (&reading->status));
}

static void
take_failure (LksBoard *self, const GError *error)
{
  set_found (self, judge_failure (self, error), error);
  if (self->found_state == LKS_BOARD_STATE_RESTARTING)
    g_clear_error (&self->found_error); /* that is what was expected */
  begin_epoch (self);                   /* it may be another board when it answers again */
  publish (self, NULL);
}

static void
read_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LksBoard *self = LKS_BOARD (source);
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->reading);
  if (self->is_closed)
    return;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    take_reading (self, g_task_get_task_data (G_TASK (result)));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    take_failure (self, error);
  else
    {
      schedule_reading (self); /* a job came first */
      return;
    }

  set_settled (self);
  schedule_reading (self);
}

static GTask *
new_reading_task (LksBoard *self,
                  gboolean is_full,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  LksBoardReading *reading = g_new0 (LksBoardReading, 1);

  reading->status = lks_board_status_copy (self->status);
  reading->is_full = is_full;
  reading->epoch = self->epoch;
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  g_task_set_source_tag (task, new_reading_task);
  return task;
}

static void
start_reading (LksBoard *self)
{
  g_autoptr (GTask) task = NULL;
  gboolean is_full = g_get_monotonic_time () >= self->full_at_us;

  self->reading = g_cancellable_new ();
  task = new_reading_task (self, is_full, self->reading, read_done_cb, NULL);
  lks_worker_push (self->worker, task, read_in_thread);
}

static void
clear_timer (LksBoard *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
clear_flicker (LksBoard *self)
{
  if (self->flicker != NULL)
    g_source_destroy (self->flicker);
  g_clear_pointer (&self->flicker, g_source_unref);
}

static gboolean
timer_cb (gpointer user_data)
{
  LksBoard *self = user_data;

  clear_timer (self);
  start_reading (self);
  return G_SOURCE_REMOVE;
}

static guint
get_delay_ms (LksBoard *self)
{
  switch (self->status->state)
    {
    case LKS_BOARD_STATE_UNKNOWN:
    case LKS_BOARD_STATE_CONNECTING:
      return 0;
    case LKS_BOARD_STATE_READY:
      return self->full_at_us == 0 ? 0 : UPTIME_PERIOD_MS;
    case LKS_BOARD_STATE_RESTARTING:
      return RESTARTING_RETRY_MS;
    case LKS_BOARD_STATE_NO_ANSWER:
      return NO_ANSWER_RETRY_MS;
    case LKS_BOARD_STATE_ERROR:
    case LKS_BOARD_STATE_NO_PERMISSION:
    case LKS_BOARD_STATE_NOT_PROGRAMMED:
    case LKS_BOARD_STATE_GONE:
      return ERROR_RETRY_MS;
    }
  return ERROR_RETRY_MS;
}

/* Readings pause while others have work for the board. */
static void
schedule_reading (LksBoard *self)
{
  if (self->is_closed || self->worker == NULL || self->jobs > 0 || self->reading != NULL)
    return;

  clear_timer (self);
  self->timer = g_timeout_source_new (get_delay_ms (self));
  g_source_set_static_name (self->timer, "lks-board");
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* A job does not wait for a reading that only keeps the panel fresh. */
static void
pause_readings (LksBoard *self)
{
  clear_timer (self);
  if (self->reading != NULL && self->is_settled)
    g_cancellable_cancel (self->reading);
}

static void
add_job (LksBoard *self)
{
  pause_readings (self);
  if (self->jobs++ == 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
remove_job (LksBoard *self)
{
  self->jobs--;
  if (self->jobs > 0)
    return;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
  schedule_reading (self);
}

static void
cancel_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* A job that ends because the board was pulled says so, not that it was cancelled. */
static GError *
explain_cancellation (LksBoard *self, GCancellable *cancellable, GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_cancellable_is_cancelled (cancellable) || !g_cancellable_is_cancelled (self->closing))
    return error;

  g_error_free (error);
  return g_error_new_literal (LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY,
                              "the board was unplugged");
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  LksBoard *self = source;
  Job *job = task_data;
  g_autoptr (GCancellable) either = g_cancellable_new ();
  GError *error = NULL;
  gulong closing_handler =
      g_cancellable_connect (self->closing, G_CALLBACK (cancel_cb), either, NULL);
  gulong handler = cancellable != NULL
                       ? g_cancellable_connect (cancellable, G_CALLBACK (cancel_cb), either, NULL)
                       : 0;
  gboolean ok = lks_board_line_run (self->line, job->func, job->func_data, either, &error);

  g_cancellable_disconnect (self->closing, closing_handler);
  g_cancellable_disconnect (cancellable, handler);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, explain_cancellation (self, cancellable, error));
}

static void
refresh_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  read_in_thread (task, source, task_data, cancellable);
}

/* Ends the line while nothing of this board runs. */
static void
close_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  LksBoard *self = source;

  lks_board_line_close (self->line);
  g_task_return_boolean (task, TRUE);
}

/* An exchange on its way from the worker to the thread of the board. */
typedef struct
{
  LksBoard *board;            /* (owned) */
  LksBoardExchange *exchange; /* (owned) */
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  lks_board_exchange_free (note->exchange);
  g_object_unref (note->board);
  g_free (note);
}

static gboolean
note_cb (gpointer data)
{
  Note *note = data;

  g_signal_emit (note->board, signals[SIGNAL_EXCHANGED], 0, note->exchange);
  return G_SOURCE_REMOVE;
}

/* Worker thread, within a job or a reading, which keep the board alive. */
static void
noted_cb (LksBoardExchange *exchange, gpointer user_data)
{
  LksBoard *self = user_data;
  Note *note = g_new0 (Note, 1);

  note->board = g_object_ref (self);
  note->exchange = exchange;
  lks_send (self->context, note_cb, note, note_free);
}

static void
lks_board_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LksBoard *self = LKS_BOARD (object);

  switch ((LksBoardProperty) id)
    {
    case PROP_PORT:
      g_value_set_object (value, self->port);
      break;
    case PROP_PATH:
      g_value_set_string (value, lks_board_get_path (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, lks_board_get_state (self));
      break;
    case PROP_DEVICE_ID:
      g_value_set_string (value, lks_board_get_device_id (self));
      break;
    case PROP_STATUS:
      g_value_set_boxed (value, self->status);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, lks_board_is_busy (self));
      break;
    case PROP_SETTLED:
      g_value_set_boolean (value, self->is_settled);
      break;
    case PROP_HAS_KEY:
      g_value_set_boolean (value, self->key != NULL);
      break;
    case PROP_DUPLICATE:
      g_value_set_string (value, self->duplicate_path);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lks_board_dispose (GObject *object)
{
  LksBoard *self = LKS_BOARD (object);

  clear_timer (self);
  clear_flicker (self);
  g_cancellable_cancel (self->closing);
  g_clear_object (&self->worker); /* waits; nothing is queued, for that would hold a reference */

  G_OBJECT_CLASS (lks_board_parent_class)->dispose (object);
}

static void
lks_board_finalize (GObject *object)
{
  LksBoard *self = LKS_BOARD (object);

  lks_board_status_unref (self->status);
  g_clear_error (&self->found_error);
  g_free (self->duplicate_path);
  g_free (self->moved_from);
  g_object_unref (self->closing);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->line, lks_board_line_free);
  g_clear_pointer (&self->key, lks_capability_key_unref);
  g_object_unref (self->port);

  G_OBJECT_CLASS (lks_board_parent_class)->finalize (object);
}

static void
lks_board_class_init (LksBoardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lks_board_get_property;
  object_class->dispose = lks_board_dispose;
  object_class->finalize = lks_board_finalize;

  properties[PROP_PORT] = g_param_spec_object ("port", NULL, NULL, LKS_TYPE_PORT, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, LKS_TYPE_BOARD_STATE, LKS_BOARD_STATE_UNKNOWN, flags);
  properties[PROP_DEVICE_ID] = g_param_spec_string ("device-id", NULL, NULL, NULL, flags);
  properties[PROP_STATUS] = g_param_spec_boxed ("status", NULL, NULL, LKS_TYPE_BOARD_STATUS, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_SETTLED] = g_param_spec_boolean ("settled", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_KEY] = g_param_spec_boolean ("has-key", NULL, NULL, FALSE, flags);
  properties[PROP_DUPLICATE] = g_param_spec_string ("duplicate", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * LksBoard::exchanged:
   * @self: a board
   * @exchange: a #LksBoardExchange
   *
   * A request was made that may have changed the board, that took its log or telemetry with a key,
   * or that the board refused although it carried a key. Emitted on the thread of the board.
   */
  signals[SIGNAL_EXCHANGED] =
      g_signal_new ("exchanged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, LKS_TYPE_BOARD_EXCHANGE | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
lks_board_init (LksBoard *self)
{
  self->closing = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
}

/* What is plugged in but is no board to talk to. */
static void
explain_adapter (LksBoard *self, LksAdapter adapter)
{
  g_autofree char *problem = lks_port_dup_problem (self->port);
  g_autoptr (GError) error = NULL;
  const char *message = problem != NULL ? problem : "the adapter cannot be used";

  switch (adapter)
    {
    case LKS_ADAPTER_BOARD:
    case LKS_ADAPTER_UNKNOWN:
    case LKS_ADAPTER_UNREADABLE:
      error = g_error_new_literal (LKS_USB_ERROR, LKS_USB_ERROR_IO, message);
      set_found (self, LKS_BOARD_STATE_ERROR, error);
      return;
    case LKS_ADAPTER_NOT_PROGRAMMED:
      error = g_error_new_literal (LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_PROGRAMMED, message);
      set_found (self, LKS_BOARD_STATE_NOT_PROGRAMMED, error);
      return;
    case LKS_ADAPTER_NO_PERMISSION:
      error = g_error_new_literal (LKS_USB_ERROR, LKS_USB_ERROR_DENIED, message);
      set_found (self, LKS_BOARD_STATE_NO_PERMISSION, error);
      return;
    }
}

/**
 * lks_board_new:
 * @io_thread: the thread of USB and IP
 * @port: the adapter
 * @trust: whose certificates are accepted
 *
 * Starts to talk to the board behind an adapter, and goes on reading its status while it is
 * idle: whether it is alive every three seconds, everything else every minute. Properties
 * change on the calling thread's default main context.
 *
 * Returns: (transfer full): a board; lks_board_close() ends it
 */
LksBoard *
lks_board_new (LksIoThread *io_thread, LksPort *port, LksTrust *trust)
{
  LksBoard *self = g_object_new (LKS_TYPE_BOARD, NULL);
  LksAdapter adapter = lks_port_get_adapter (port);

  self->port = g_object_ref (port);
  self->line = lks_board_line_new (io_thread, port, trust, noted_cb, self);
  self->status = lks_board_status_new (lks_port_get_path (port));
  self->status->usb_serial = g_strdup (lks_port_get_usb_serial (port));
  self->status->adapter = lks_enum_to_nick (LKS_TYPE_ADAPTER, (int) adapter);

  if (adapter != LKS_ADAPTER_BOARD)
    {
      explain_adapter (self, adapter);
      self->is_settled = TRUE;
      publish (self, NULL);
      return self;
    }

  self->worker = lks_worker_new ("lks-board");
  set_found (self, LKS_BOARD_STATE_CONNECTING, NULL);
  publish (self, NULL);
  start_reading (self);
  return self;
}

/**
 * lks_board_get_port:
 * @self: a board
 *
 * Returns: (transfer none): the adapter
 */
LksPort *
lks_board_get_port (LksBoard *self)
{
  return self->port;
}

/**
 * lks_board_get_path:
 * @self: a board
 *
 * Returns: (transfer none): the place, such as "1-2.3"
 */
const char *
lks_board_get_path (LksBoard *self)
{
  return lks_port_get_path (self->port);
}

/**
 * lks_board_get_state:
 * @self: a board
 *
 * Returns: where it stands
 */
LksBoardState
lks_board_get_state (LksBoard *self)
{
  return self->status->state;
}

/**
 * lks_board_get_device_id:
 * @self: a board
 *
 * Returns: (transfer none) (nullable): 128 digits, lower case, once they were read twice alike
 */
const char *
lks_board_get_device_id (LksBoard *self)
{
  return lks_board_status_get_device_id (self->status);
}

/**
 * lks_board_get_status:
 * @self: a board
 *
 * Returns: (transfer none): what is known now; reference it to keep it
 */
LksBoardStatus *
lks_board_get_status (LksBoard *self)
{
  return self->status;
}

/**
 * lks_board_is_busy:
 * @self: a board
 *
 * Returns: whether a job of lks_board_run_async() waits or runs
 */
gboolean
lks_board_is_busy (LksBoard *self)
{
  return self->jobs > 0;
}

/**
 * lks_board_is_settled:
 * @self: a board
 *
 * Returns: whether the first reading has come to an end, well or badly
 */
gboolean
lks_board_is_settled (LksBoard *self)
{
  return self->is_settled;
}

/**
 * lks_board_get_link_counters:
 * @self: a board
 * @out_counters: (out caller-allocates): what the line did so far
 *
 * Any thread.
 *
 * Returns: whether there is a line
 */
gboolean
lks_board_get_link_counters (LksBoard *self, LksLinkCounters *out_counters)
{
  return lks_board_line_get_counters (self->line, out_counters);
}

static void
refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LksBoard *self = LKS_BOARD (source);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!self->is_closed)
    {
      if (g_task_propagate_boolean (G_TASK (result), &error))
        take_reading (self, g_task_get_task_data (G_TASK (result)));
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        take_failure (self, error);
      set_settled (self);
    }
  else
    g_task_propagate_boolean (G_TASK (result), &error);

  remove_job (self);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * lks_board_refresh_async:
 * @self: a board
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * Reads everything again now.
 */
void
lks_board_refresh_async (LksBoard *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) reading = NULL;

  g_task_set_source_tag (task, lks_board_refresh_async);
  if (self->worker == NULL || self->is_closed)
    {
      g_task_return_new_error (task, LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY, "%s",
                               self->found_error != NULL ? self->found_error->message
                                                         : "the board was unplugged");
      g_object_unref (task);
      return;
    }

  add_job (self);
  reading = new_reading_task (self, TRUE, cancellable, refreshed_cb, task);
  lks_worker_push (self->worker, reading, refresh_in_thread);
}

/**
 * lks_board_refresh_finish:
 * @self: a board
 * @result: the result
 * @error: return location for an error
 *
 * Returns: whether the board answered
 */
gboolean
lks_board_refresh_finish (LksBoard *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LksBoard *self = LKS_BOARD (source);
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  begin_epoch (self); /* the job may have changed anything */
  remove_job (self);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * lks_board_run_async:
 * @self: a board
 * @func: (scope async): a blocking job
 * @func_data: for @func, which is the only one to touch it until the job is done
 * @func_data_free: (nullable): frees @func_data, on the calling thread, after @callback
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * Runs a job on the board's worker thread, after those that were given before. Meanwhile the
 * background readings pause; afterwards everything is read again. A job is cancelled when the
 * board is unplugged, and then fails with %LKS_BOARD_ERROR_NOT_READY. A cancellation that
 * comes after the job's success does not turn it into a failure.
 */
void
lks_board_run_async (LksBoard *self,
                     LksBoardFunc func,
                     gpointer func_data,
                     GDestroyNotify func_data_free,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) inner = NULL;
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->func_data = func_data;
  job->func_data_free = func_data_free;
  g_task_set_source_tag (task, lks_board_run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  if (self->worker == NULL || self->is_closed)
    {
      g_task_return_new_error (task, LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY, "%s",
                               self->found_error != NULL ? self->found_error->message
                                                         : "the board was unplugged");
      g_object_unref (task);
      return;
    }

  add_job (self);
  inner = g_task_new (self, cancellable, ran_cb, task);
  g_task_set_check_cancellable (inner, FALSE);
  g_task_set_task_data (inner, job, NULL);
  lks_worker_push (self->worker, inner, run_in_thread);
}

/**
 * lks_board_run_finish:
 * @self: a board
 * @result: the result
 * @error: return location for an error: the job's own, or what kept it from running
 *
 * Returns: what the job returned
 */
gboolean
lks_board_run_finish (LksBoard *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * lks_board_expect_restart:
 * @self: a board
 *
 * Says that the board was just told to restart: for 90 seconds, or until it has come back, its
 * silence is a restart and not a failure. Main thread.
 */
void
lks_board_expect_restart (LksBoard *self)
{
  if (self->worker == NULL || self->is_closed)
    return;

  lks_board_line_order_restart (self->line);
  self->restart_until_us = g_get_monotonic_time () + RESTART_MAX_US;
  set_found (self, LKS_BOARD_STATE_RESTARTING, NULL);
  publish (self, NULL);
  schedule_reading (self);
}

static gboolean
flick_cb (gpointer user_data)
{
  LksBoard *self = user_data;

  lks_board_line_identify (self->line);
  if (--self->flicks > 0)
    return G_SOURCE_CONTINUE;

  clear_flicker (self);
  return G_SOURCE_REMOVE;
}

/**
 * lks_board_identify:
 * @self: a board
 *
 * Makes the adapter's activity light flicker for three seconds from now, so that people see which
 * one it is. The thread of the board's main context.
 */
void
lks_board_identify (LksBoard *self)
{
  g_return_if_fail (LKS_IS_BOARD (self));

  if (self->is_closed)
    return;

  self->flicks = FLICKS;
  if (self->flicker != NULL)
    return;
  self->flicker = g_timeout_source_new (FLICK_MS);
  g_source_set_static_name (self->flicker, "lks-board-flicker");
  g_source_set_callback (self->flicker, flick_cb, self, NULL);
  g_source_attach (self->flicker, self->context);
}

/**
 * lks_board_connect:
 * @self: a board
 * @port: a TCP port of the board, such as %LKS_LINK_PORT_APP_OUTPUT
 * @timeout_ms: time allowed for it, in milliseconds
 * @cancellable: (nullable): a cancellable
 * @error: return location for a `G_IO_ERROR` as of lks_link_connect(), or
 *   [error@Lks.BoardError] when there is no line
 *
 * Opens a connection of the board's line beside that of the REST API: to an application's
 * output, to the debugger. It lasts until either side ends it, the board restarts or is
 * unplugged. Blocks; any thread but the main one, also from within a job.
 *
 * Returns: a blocking stream socket the caller closes, -1 on error
 */
int
lks_board_connect (LksBoard *self,
                   guint16 port,
                   guint timeout_ms,
                   GCancellable *cancellable,
                   GError **error)
{
  return lks_board_line_connect (self->line, port, timeout_ms, cancellable, error);
}

/**
 * lks_board_set_key:
 * @self: a board
 * @key: (nullable): the key of this board's servicing session; NULL ends it
 *
 * From the next reading or job on the key is shown to the board, if the board is the one that the
 * key names; everything is read again with it. A job under way goes on as it began: revoke the
 * key to end its use at once. Main thread.
 */
void
lks_board_set_key (LksBoard *self, LksCapabilityKey *key)
{
  if (self->key == key)
    return;

  g_clear_pointer (&self->key, lks_capability_key_unref);
  self->key = key != NULL ? lks_capability_key_ref (key) : NULL;
  lks_board_line_set_key (self->line, key);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_KEY]);
  if (self->is_closed)
    return;

  begin_epoch (self);
  publish (self, NULL);
  schedule_reading (self);
}

/**
 * lks_board_has_key:
 * @self: a board
 *
 * Returns: whether a servicing session opens it: property "has-key". Main thread.
 */
gboolean
lks_board_has_key (LksBoard *self)
{
  return self->key != NULL;
}

/**
 * lks_board_close:
 * @self: a board
 *
 * Ends the conversation: whoever waits for the board returns at once, and the adapter is given
 * back. The board is %LKS_BOARD_STATE_GONE for good. Main thread; does not wait.
 */
void
lks_board_close (LksBoard *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->is_closed)
    return;

  self->is_closed = TRUE;
  clear_timer (self);
  clear_flicker (self);
  g_cancellable_cancel (self->closing);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  if (self->worker != NULL)
    {
      lks_board_line_abort (self->line);
      task = g_task_new (self, NULL, NULL, NULL);
      g_task_set_source_tag (task, lks_board_close);
      lks_worker_push (self->worker, task, close_in_thread);
    }

  set_found (self, LKS_BOARD_STATE_GONE, NULL);
  publish (self, NULL);
  set_settled (self);
}

/**
 * lks_board_join:
 * @self: a closed board
 *
 * Waits until the adapter has been given back: for the end of a program. Main thread.
 */
void
lks_board_join (LksBoard *self)
{
  g_return_if_fail (self->is_closed);

  g_clear_object (&self->worker);
}

/**
 * lks_board_get_history:
 * @self: a board
 * @out_history: (out caller-allocates): what was seen of it
 *
 * Any thread.
 */
void
lks_board_get_history (LksBoard *self, LksLockHistory *out_history)
{
  lks_board_line_get_history (self->line, out_history);
}

/**
 * lks_board_continue:
 * @self: a board that has just told its device ID
 * @earlier: what was seen of the board with that ID before
 * @earlier_path: where
 *
 * Recognises a board that was plugged in before. Main thread.
 */
void
lks_board_continue (LksBoard *self, const LksLockHistory *earlier, const char *earlier_path)
{
  LksRestartFacts facts = { .was_unplugged = TRUE, .was_ordered = earlier->ordered_us != 0 };
  LksLockHistory history;

  lks_board_line_continue_history (self->line, earlier);
  lks_board_line_get_history (self->line, &history);
  facts.has_restarted = lks_lock_history_is_other_start (&history, earlier);
  note_restart (self, &facts, earlier->uptime_s);
  g_free (self->moved_from);
  self->moved_from =
      g_str_equal (earlier_path, lks_board_get_path (self)) ? NULL : g_strdup (earlier_path);
  publish (self, NULL);
}

/**
 * lks_board_set_duplicate:
 * @self: a board
 * @other_path: (nullable): another place that reports the same device ID, NULL when none does
 *
 * Main thread.
 */
void
lks_board_set_duplicate (LksBoard *self, const char *other_path)
{
  if (g_strcmp0 (self->duplicate_path, other_path) == 0)
    return;

  g_free (self->duplicate_path);
  self->duplicate_path = g_strdup (other_path);
  publish (self, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DUPLICATE]);
}

/**
 * lks_board_get_duplicate:
 * @self: a board
 *
 * Property "duplicate". Also while the board restarts, when its state does not tell. Main thread.
 *
 * Returns: (transfer none) (nullable): another place that reports the same device ID now
 */
const char *
lks_board_get_duplicate (LksBoard *self)
{
  return self->duplicate_path;
}
