/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop-watch.h"

#define ASK_US 1000

struct _LoopWatch
{
  GThread *asker; /* (owned) (nullable) while it asks */
  GMutex mutex;
  GCond answered_cond;
  gboolean answered;
  int quit;         /* (atomic) */
  GArray *waits_us; /* (owned) (element-type gint64): of the asker until it has ended */
  GArray *works_us; /* (owned) (element-type gint64): the same without frames */
  gint64 frames_us; /* how long frames took until now */
  gint64 frame_us;  /* since when the frame is drawn, 0 between frames */
};

static gboolean
answer_cb (gpointer user_data)
{
  LoopWatch *self = user_data;

  g_mutex_lock (&self->mutex);
  self->answered = TRUE;
  g_cond_signal (&self->answered_cond);
  g_mutex_unlock (&self->mutex);
  return G_SOURCE_REMOVE;
}

static void
wait_for_answer (LoopWatch *self)
{
  g_mutex_lock (&self->mutex);
  self->answered = FALSE;
  g_idle_add_full (G_PRIORITY_DEFAULT, answer_cb, self, NULL);
  while (!self->answered)
    g_cond_wait (&self->answered_cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

/* How long frames took from the beginning until @now_us. */
static gint64
sum_frames (LoopWatch *self, gint64 now_us)
{
  gint64 sum_us;

  g_mutex_lock (&self->mutex);
  sum_us = self->frames_us + (self->frame_us != 0 ? now_us - self->frame_us : 0);
  g_mutex_unlock (&self->mutex);
  return sum_us;
}

static void
ask_once (LoopWatch *self)
{
  gint64 asked_us = g_get_monotonic_time ();
  gint64 frames_us = sum_frames (self, asked_us);
  gint64 answered_us;
  gint64 wait_us;
  gint64 work_us;

  wait_for_answer (self);
  answered_us = g_get_monotonic_time ();
  wait_us = answered_us - asked_us;
  work_us = wait_us - (sum_frames (self, answered_us) - frames_us);
  g_array_append_val (self->waits_us, wait_us);
  g_array_append_val (self->works_us, work_us);
}

static gpointer
ask (gpointer data)
{
  LoopWatch *self = data;

  while (!g_atomic_int_get (&self->quit))
    {
      ask_once (self);
      g_usleep (ASK_US);
    }

  g_atomic_int_set (&self->quit, 2);
  g_main_context_wakeup (NULL);
  return NULL;
}

/* (transfer full): it asks from now on */
LoopWatch *
loop_watch_new (void)
{
  LoopWatch *self = g_new0 (LoopWatch, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->answered_cond);
  self->waits_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->works_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->asker = g_thread_new ("asker", ask, self);
  return self;
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* The last question is answered first: it would be waited for for ever. */
void
loop_watch_stop (LoopWatch *self)
{
  if (self->asker == NULL)
    return;

  g_atomic_int_set (&self->quit, 1);
  while (g_atomic_int_get (&self->quit) != 2)
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (g_steal_pointer (&self->asker));
  g_array_sort (self->waits_us, compare_cb);
  g_array_sort (self->works_us, compare_cb);
}

void
loop_watch_free (LoopWatch *self)
{
  loop_watch_stop (self);
  g_array_unref (self->waits_us);
  g_array_unref (self->works_us);
  g_cond_clear (&self->answered_cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* From here to loop_watch_end_frame() a frame is styled, laid out and drawn. */
void
loop_watch_begin_frame (LoopWatch *self)
{
  g_mutex_lock (&self->mutex);
  self->frame_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
}

void
loop_watch_end_frame (LoopWatch *self)
{
  g_mutex_lock (&self->mutex);
  if (self->frame_us != 0)
    self->frames_us += g_get_monotonic_time () - self->frame_us;
  self->frame_us = 0;
  g_mutex_unlock (&self->mutex);
}

/* How many answers there were, when it was stopped. */
guint
loop_watch_get_count (LoopWatch *self)
{
  return self->waits_us->len;
}

/* The time within which @part of the questions were answered, from 0 to 1; stop it first. */
double
loop_watch_get_ms (LoopWatch *self, double part)
{
  guint last = self->waits_us->len - 1;

  return g_array_index (self->waits_us, gint64, (guint) (part * last)) / 1e3;
}

/* The longest wait without the frames in it; stop it first. */
double
loop_watch_get_work_ms (LoopWatch *self)
{
  return g_array_index (self->works_us, gint64, self->works_us->len - 1) / 1e3;
}
