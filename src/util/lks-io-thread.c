/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-io-thread.h"

#include "lks-send.h"

struct _LksIoThread
{
  GObject parent_instance;

  GMainContext *context; /* (owned) */
  GMainLoop *loop;       /* (owned) */
  GThread *thread;       /* (owned) */
  LksIoWatches *watches; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksIoThread, lks_io_thread, G_TYPE_OBJECT)

typedef struct
{
  LksIoFunc func;
  gpointer user_data;
} Post;

typedef struct
{
  LksIoFunc func;
  gpointer user_data;
  GMutex mutex;
  GCond done_cond;
  gboolean done;
} Call;

static gpointer
turn_wheels (gpointer data)
{
  GMainLoop *loop = data;

  g_main_context_push_thread_default (g_main_loop_get_context (loop));
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (g_main_loop_get_context (loop));
  g_main_loop_unref (loop);
  return NULL;
}

static void
attach (LksIoThread *self, GSourceFunc func, gpointer user_data)
{
  lks_send (self->context, func, user_data, NULL);
}

static gboolean
run_post_cb (gpointer user_data)
{
  g_autofree Post *post = user_data;

  post->func (post->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
run_call_cb (gpointer user_data)
{
  Call *call = user_data;

  call->func (call->user_data);

  g_mutex_lock (&call->mutex);
  call->done = TRUE;
  g_cond_signal (&call->done_cond);
  g_mutex_unlock (&call->mutex);
  return G_SOURCE_REMOVE;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
lks_io_thread_dispose (GObject *object)
{
  LksIoThread *self = LKS_IO_THREAD (object);

  if (self->thread != NULL)
    {
      /* As a source, so that everything posted before still runs. */
      attach (self, quit_cb, self->loop);
      g_thread_join (g_steal_pointer (&self->thread));
    }

  G_OBJECT_CLASS (lks_io_thread_parent_class)->dispose (object);
}

static void
lks_io_thread_finalize (GObject *object)
{
  LksIoThread *self = LKS_IO_THREAD (object);

  lks_io_watches_free (self->watches);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (lks_io_thread_parent_class)->finalize (object);
}

static void
lks_io_thread_class_init (LksIoThreadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lks_io_thread_dispose;
  object_class->finalize = lks_io_thread_finalize;
}

static void
lks_io_thread_init (LksIoThread *self)
{
  self->context = g_main_context_new ();
  self->watches = lks_io_watches_new (self->context);
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("lks-io", turn_wheels, g_main_loop_ref (self->loop));
}

/**
 * lks_io_thread_new:
 *
 * Starts the thread. The last unref runs what was posted before, then ends the thread; it
 * must not happen on the thread itself.
 *
 * Returns: (transfer full): an I/O thread
 */
LksIoThread *
lks_io_thread_new (void)
{
  return g_object_new (LKS_TYPE_IO_THREAD, NULL);
}

/**
 * lks_io_thread_get_context:
 * @self: an I/O thread
 *
 * Returns: (transfer none): the context to attach sources to; any thread may attach
 */
GMainContext *
lks_io_thread_get_context (LksIoThread *self)
{
  return self->context;
}

/**
 * lks_io_thread_get_watches:
 * @self: an I/O thread
 *
 * File descriptors of which there is one per board are watched here rather than by sources of
 * their own. Any thread may ask, only the I/O thread may use them.
 *
 * Returns: (transfer none): the watches of the thread
 */
LksIoWatches *
lks_io_thread_get_watches (LksIoThread *self)
{
  return self->watches;
}

/**
 * lks_io_thread_is_current:
 * @self: an I/O thread
 *
 * Returns: whether the caller runs on it
 */
gboolean
lks_io_thread_is_current (LksIoThread *self)
{
  return self->thread == g_thread_self ();
}

/**
 * lks_io_thread_post:
 * @self: an I/O thread
 * @func: (scope async): what to run there
 * @user_data: for @func
 *
 * Runs @func on the I/O thread soon, in the order of the calls. Any thread; does not wait.
 */
void
lks_io_thread_post (LksIoThread *self, LksIoFunc func, gpointer user_data)
{
  Post *post = g_new (Post, 1);

  post->func = func;
  post->user_data = user_data;
  attach (self, run_post_cb, post);
}

/**
 * lks_io_thread_call:
 * @self: an I/O thread
 * @func: (scope call): what to run there; must not block
 * @user_data: for @func
 *
 * Runs @func on the I/O thread and waits until it has returned. Any thread; on the I/O
 * thread itself @func runs at once.
 */
void
lks_io_thread_call (LksIoThread *self, LksIoFunc func, gpointer user_data)
{
  Call call = { .func = func, .user_data = user_data };

  if (lks_io_thread_is_current (self))
    {
      func (user_data);
      return;
    }

  g_mutex_init (&call.mutex);
  g_cond_init (&call.done_cond);
  attach (self, run_call_cb, &call);

  g_mutex_lock (&call.mutex);
  while (!call.done)
    g_cond_wait (&call.done_cond, &call.mutex);
  g_mutex_unlock (&call.mutex);

  g_cond_clear (&call.done_cond);
  g_mutex_clear (&call.mutex);
}
