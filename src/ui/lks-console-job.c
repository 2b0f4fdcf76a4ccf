/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-console-job.h"

#include "lks-output-text.h"
#include "lks-worker.h"

#include <string.h>

#define CONNECT_MS 5000

struct _LksConsoleJob
{
  GObject parent_instance;

  LksBoard *board;       /* (owned) */
  char *component_id;    /* (owned) */
  LksAppConsole console; /* touched by one piece of work at a time */

  LksConsoleState state;
  LksConsoleNews end; /* what became of the application at last */
  guint end_number;
  gboolean has_started; /* this time */
  gboolean had_key;     /* a servicing session had opened the board */
  gboolean is_servicing_over;
  GError *error;             /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of this time */
  GMainContext *context;     /* (owned): of the main thread */

  GMutex mutex;        /* of what follows */
  LksOutputText *text; /* (owned): used by the console's thread alone */
  GString *waiting;    /* (owned): for the main thread */
};

G_DEFINE_FINAL_TYPE (LksConsoleJob, lks_console_job, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (LksConsoleState,
                    lks_console_state,
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_STATE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_STATE_RUNS, "runs"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_STATE_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_STATE_PUTTING_BACK, "putting-back"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_STATE_OVER, "over"),
                    G_DEFINE_ENUM_VALUE (LKS_CONSOLE_STATE_FAILED, "failed"))

typedef enum
{
  PROP_STATE = 1,
} LksConsoleJobProperty;

static GParamSpec *properties[PROP_STATE + 1];
static guint output_signal;

static void
set_state (LksConsoleJob *self, LksConsoleState state)
{
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
take_error (LksConsoleJob *self, GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_clear_error (&error);
}

/* ---- putting it back ---- */

static gboolean
end_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LksConsoleJob *self = user_data;

  return lks_app_console_end (&self->console, device, NULL, error);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksConsoleJob) self = user_data;
  GError *error = NULL;

  if (!lks_board_run_finish (LKS_BOARD (source), result, &error))
    take_error (self, error);
  set_state (self, self->error != NULL ? LKS_CONSOLE_STATE_FAILED : LKS_CONSOLE_STATE_OVER);
}

static void
put_back (LksConsoleJob *self)
{
  set_state (self, LKS_CONSOLE_STATE_PUTTING_BACK);
  lks_board_run_async (self->board, end_job, self, NULL, NULL, ended_cb, g_object_ref (self));
}

/* ---- while it runs: on a thread of its own ---- */

/* What is told first comes first. */
static void
tell_main_thread (LksConsoleJob *self, GSourceFunc func, gpointer data, GDestroyNotify data_free)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, func, data, data_free);
  g_source_attach (source, self->context);
}

static gboolean
output_cb (gpointer user_data)
{
  LksConsoleJob *self = user_data;
  GString *text;

  g_mutex_lock (&self->mutex);
  text = g_steal_pointer (&self->waiting);
  self->waiting = g_string_new (NULL);
  g_mutex_unlock (&self->mutex);

  g_signal_emit (self, output_signal, 0, text->str);
  g_string_free (text, TRUE);
  return G_SOURCE_REMOVE;
}

/* A main thread that cannot keep up sees the newest. */
static void
drop_oldest (GString *waiting)
{
  const char *line = strchr (waiting->str + waiting->len / 2, '\n');

  g_string_erase (waiting, 0, line != NULL ? line + 1 - waiting->str : -1);
}

static void
take_output (LksConsoleJob *self, const guint8 *data, gsize size_bytes)
{
  const char *text = lks_output_text_feed (self->text, data, size_bytes);
  gboolean is_first;

  g_mutex_lock (&self->mutex);
  is_first = self->waiting->len == 0;
  g_string_append (self->waiting, text);
  if (self->waiting->len > LKS_CONSOLE_JOB_WAITING_MAX_BYTES)
    drop_oldest (self->waiting);
  g_mutex_unlock (&self->mutex);
  if (is_first && text[0] != '\0')
    tell_main_thread (self, output_cb, g_object_ref (self), g_object_unref);
}

typedef struct
{
  LksConsoleJob *job; /* (owned) */
  LksConsoleNews news;
  guint number;
} Note;

static void
note_free (gpointer data)
{
  Note *note = data;

  g_object_unref (note->job);
  g_free (note);
}

static gboolean
note_cb (gpointer user_data)
{
  Note *note = user_data;
  LksConsoleJob *self = note->job;

  if (note->news != LKS_CONSOLE_NEWS_CLOSED || self->end == LKS_CONSOLE_NEWS_RUNS)
    {
      self->end = note->news;
      self->end_number = note->number;
    }
  if (note->news == LKS_CONSOLE_NEWS_RUNS)
    set_state (self, LKS_CONSOLE_STATE_RUNS);
  else if (note->news == LKS_CONSOLE_NEWS_STOPPED)
    set_state (self, LKS_CONSOLE_STATE_STOPPED);
  else if (note->news == LKS_CONSOLE_NEWS_DEBUGGER_REFUSED)
    lks_console_job_stop (self);
  return G_SOURCE_REMOVE;
}

static void
news_cb (LksConsoleNews news,
         guint number,
         const guint8 *data,
         gsize size_bytes,
         gpointer user_data)
{
  LksConsoleJob *self = user_data;
  Note *note;

  if (news == LKS_CONSOLE_NEWS_OUTPUT)
    {
      take_output (self, data, size_bytes);
      return;
    }

  note = g_new (Note, 1);
  *note = (Note){ g_object_ref (self), news, number };
  tell_main_thread (self, note_cb, note, note_free);
}

static int
connect_cb (guint16 port, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LksConsoleJob *self = user_data;

  return lks_board_connect (self->board, port, CONNECT_MS, cancellable, error);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  LksConsoleJob *self = source;
  GError *error = NULL;

  if (lks_app_console_run (&self->console, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* What its thread told last is still on its way with the same priority, and comes first. */
static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LksConsoleJob *self = LKS_CONSOLE_JOB (source);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_clear_error (&error);
      else
        take_error (self, error);
    }
  put_back (self);
}

static void
run (LksConsoleJob *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, ran_cb, NULL);

  g_task_set_priority (task, G_PRIORITY_DEFAULT_IDLE);
  g_task_set_check_cancellable (task, FALSE);
  lks_worker_run_alone (task, run_in_thread);
}

/* ---- starting ---- */

static gboolean
begin_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LksConsoleJob *self = user_data;

  return lks_app_console_begin (&self->console, device, self->component_id, cancellable, error);
}

static void
begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksConsoleJob) self = user_data;
  GError *error = NULL;

  if (lks_board_run_finish (LKS_BOARD (source), result, &error))
    {
      self->has_started = TRUE;
      run (self);
      return;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      set_state (self, LKS_CONSOLE_STATE_OVER);
      return;
    }
  take_error (self, error);
  set_state (self, LKS_CONSOLE_STATE_FAILED);
}

static void
has_key_cb (LksConsoleJob *self)
{
  if (!self->had_key || lks_board_has_key (self->board) || !lks_console_job_is_active (self))
    return;

  self->is_servicing_over = TRUE;
  lks_console_job_stop (self);
}

/**
 * lks_console_job_start:
 * @self: a console that is not active
 *
 * Starts the application anew under the debug server and lets it run.
 */
void
lks_console_job_start (LksConsoleJob *self)
{
  g_return_if_fail (!lks_console_job_is_active (self));

  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->text, lks_output_text_free);
  self->cancellable = g_cancellable_new ();
  self->text = lks_output_text_new ();
  self->end = LKS_CONSOLE_NEWS_RUNS;
  self->end_number = 0;
  self->has_started = FALSE;
  self->had_key = lks_board_has_key (self->board);
  self->is_servicing_over = FALSE;
  set_state (self, LKS_CONSOLE_STATE_STARTING);
  lks_board_run_async (self->board, begin_job, self, NULL, self->cancellable, begun_cb,
                       g_object_ref (self));
}

/**
 * lks_console_job_stop:
 * @self: a console
 *
 * Ends showing, and puts the application back; the state tells when that is done.
 */
void
lks_console_job_stop (LksConsoleJob *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

/* ---- what it tells ---- */

/**
 * lks_console_job_is_active:
 * @self: a console
 *
 * Returns: whether the application may be under the debug server
 */
gboolean
lks_console_job_is_active (LksConsoleJob *self)
{
  return self->state != LKS_CONSOLE_STATE_OVER && self->state != LKS_CONSOLE_STATE_FAILED;
}

/**
 * lks_console_job_get_state:
 * @self: a console
 *
 * Returns: where the work stands
 */
LksConsoleState
lks_console_job_get_state (LksConsoleJob *self)
{
  return self->state;
}

/**
 * lks_console_job_get_end:
 * @self: a console
 * @out_number: (out): what it says beside that: a signal, an exit code
 *
 * Returns: what became of the application at last; %LKS_CONSOLE_NEWS_RUNS when it was put back
 *   while it ran
 */
LksConsoleNews
lks_console_job_get_end (LksConsoleJob *self, guint *out_number)
{
  *out_number = self->end_number;
  return self->end;
}

/**
 * lks_console_job_is_servicing_over:
 * @self: a console
 *
 * Returns: whether it ended because the servicing session of the board did
 */
gboolean
lks_console_job_is_servicing_over (LksConsoleJob *self)
{
  return self->is_servicing_over;
}

/**
 * lks_console_job_is_board_gone:
 * @self: a console
 *
 * Returns: whether the board was unplugged; what the work met first may be another error
 */
gboolean
lks_console_job_is_board_gone (LksConsoleJob *self)
{
  return lks_board_get_state (self->board) == LKS_BOARD_STATE_GONE ||
         g_error_matches (self->error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY);
}

/**
 * lks_console_job_get_error:
 * @self: a console
 *
 * Returns: (transfer none) (nullable): why it is %LKS_CONSOLE_STATE_FAILED
 */
const GError *
lks_console_job_get_error (LksConsoleJob *self)
{
  return self->error;
}

/**
 * lks_console_job_get_ports:
 * @self: a console
 * @out_gdb_port: (out): the board's port of the debug server
 * @out_out_port: (out): the board's port of the application's output
 *
 * Returns: whether the board has told them
 */
gboolean
lks_console_job_get_ports (LksConsoleJob *self, guint *out_gdb_port, guint *out_out_port)
{
  *out_gdb_port = self->has_started ? self->console.gdb_port : 0;
  *out_out_port = self->has_started ? self->console.out_port : 0;
  return self->has_started;
}

/* ---- class ---- */

static void
lks_console_job_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LksConsoleJob *self = LKS_CONSOLE_JOB (object);

  switch ((LksConsoleJobProperty) id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (int) self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lks_console_job_finalize (GObject *object)
{
  LksConsoleJob *self = LKS_CONSOLE_JOB (object);

  lks_app_console_clear (&self->console);
  g_clear_pointer (&self->text, lks_output_text_free);
  g_string_free (self->waiting, TRUE);
  g_mutex_clear (&self->mutex);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_main_context_unref (self->context);
  g_object_unref (self->board);
  g_free (self->component_id);

  G_OBJECT_CLASS (lks_console_job_parent_class)->finalize (object);
}

static void
lks_console_job_class_init (LksConsoleJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_console_job_get_property;
  object_class->finalize = lks_console_job_finalize;

  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, LKS_TYPE_CONSOLE_STATE, LKS_CONSOLE_STATE_OVER,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * LksConsoleJob::output:
   * @self: a console
   * @text: more of the output, as lks_output_text_feed() makes it
   */
  output_signal = g_signal_new ("output", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lks_console_job_init (LksConsoleJob *self)
{
  g_mutex_init (&self->mutex);
  self->state = LKS_CONSOLE_STATE_OVER;
  self->waiting = g_string_new (NULL);
  self->context = g_main_context_ref_thread_default ();
  self->console.connect = connect_cb;
  self->console.connect_data = self;
  self->console.func = news_cb;
  self->console.user_data = self;
}

/**
 * lks_console_job_new:
 * @board: a board
 * @component_id: an application on it
 *
 * Returns: (transfer full): a console that was not started
 */
LksConsoleJob *
lks_console_job_new (LksBoard *board, const char *component_id)
{
  LksConsoleJob *self = g_object_new (LKS_TYPE_CONSOLE_JOB, NULL);

  self->board = g_object_ref (board);
  self->component_id = g_strdup (component_id);
  g_signal_connect_object (board, "notify::has-key", G_CALLBACK (has_key_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}
