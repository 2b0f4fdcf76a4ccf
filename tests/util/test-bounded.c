/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions that may hang. */
#include "lks-bounded.h"
#include "wait-until.h"

#include <gio/gio.h>

#define PATIENT_S (10 * WAIT_MAX_S)
#define N_HANGING 32

/* What nobody but the test can end, as with a name server that is dead. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean is_open;
} Gate;

typedef struct
{
  Gate *gate;         /* (nullable): to be waited for */
  GThread **freed_on; /* (atomic) */
} Question;

static void
gate_init (Gate *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->is_open = FALSE;
}

static void
gate_pass (Gate *self)
{
  g_mutex_lock (&self->mutex);
  while (!self->is_open)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static void
gate_open (Gate *self)
{
  g_mutex_lock (&self->mutex);
  self->is_open = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
gate_clear (Gate *self)
{
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
}

static Question *
question_new (Gate *gate, GThread **freed_on)
{
  Question *self = g_new0 (Question, 1);

  self->gate = gate;
  self->freed_on = freed_on;
  return self;
}

static void
question_free (gpointer data)
{
  Question *self = data;

  g_assert_null (g_atomic_pointer_get (self->freed_on));
  g_atomic_pointer_set (self->freed_on, g_thread_self ());
  g_free (self);
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;

  if (question->gate != NULL)
    gate_pass (question->gate);
  g_task_return_pointer (task, g_strdup ("answer"), g_free);
}

static void
fail_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nothing there");
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_answer (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;
  GThread *freed_on = NULL;

  lks_bounded_run_async (PATIENT_S, ask_in_thread, question_new (NULL, &freed_on), question_free,
                         answered_cb, &result);
  WAIT_UNTIL (result != NULL);
  answer = lks_bounded_run_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer, ==, "answer");
  g_assert_true (g_atomic_pointer_get (&freed_on) == g_thread_self ());
}

static void
test_error (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lks_bounded_run_async (PATIENT_S, fail_in_thread, NULL, NULL, answered_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_null (lks_bounded_run_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* What it needs may be something that must end where it was made, as a ledger. */
static void
test_left_behind (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GThread *freed_on = NULL;
  Gate gate;

  gate_init (&gate);
  lks_bounded_run_async (0, ask_in_thread, question_new (&gate, &freed_on), question_free,
                         answered_cb, &result);
  WAIT_UNTIL (result != NULL);
  g_assert_null (lks_bounded_run_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_null (g_atomic_pointer_get (&freed_on));

  gate_open (&gate);
  WAIT_UNTIL (g_atomic_pointer_get (&freed_on) != NULL);
  g_assert_true (freed_on == g_thread_self ());
  gate_clear (&gate);
}

typedef struct
{
  guint limit_s;
  Question *question;
  GError *error;
  char *answer; /* (owned) */
} Asker;

static gpointer
ask_from_worker (gpointer data)
{
  Asker *self = data;

  self->answer =
      lks_bounded_run (self->limit_s, ask_in_thread, self->question, question_free, &self->error);
  return NULL;
}

static void
test_worker (void)
{
  GThread *freed_on = NULL;
  Asker asker = { .limit_s = PATIENT_S, .question = question_new (NULL, &freed_on) };
  GThread *thread = g_thread_new ("worker", ask_from_worker, &asker);

  g_thread_join (thread);
  g_assert_no_error (asker.error);
  g_assert_cmpstr (asker.answer, ==, "answer");
  g_assert_true (g_atomic_pointer_get (&freed_on) == thread);
  g_free (asker.answer);
}

/* Its worker may be gone when it ends. */
static void
test_left_behind_by_worker (void)
{
  GThread *freed_on = NULL;
  Asker asker = { .limit_s = 0 };
  Gate gate;

  gate_init (&gate);
  asker.question = question_new (&gate, &freed_on);
  g_thread_join (g_thread_new ("worker", ask_from_worker, &asker));
  g_assert_null (asker.answer);
  g_assert_error (asker.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_null (g_atomic_pointer_get (&freed_on));

  gate_open (&gate);
  WAIT_UNTIL (g_atomic_pointer_get (&freed_on) != NULL);
  g_assert_true (freed_on == g_thread_self ());
  g_error_free (asker.error);
  gate_clear (&gate);
}

static void
nothing_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_boolean (task, TRUE);
}

/* GIO's own threads are few, and file dialogs need them. */
static void
test_many (void)
{
  GAsyncResult *results[N_HANGING] = { NULL };
  GThread *freed_on[N_HANGING] = { NULL };
  g_autoptr (GAsyncResult) other = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, answered_cb, &other);
  Gate gate;

  gate_init (&gate);
  for (guint i = 0; i < N_HANGING; i++)
    lks_bounded_run_async (PATIENT_S, ask_in_thread, question_new (&gate, &freed_on[i]),
                           question_free, answered_cb, &results[i]);
  g_task_run_in_thread (task, nothing_in_thread);
  WAIT_UNTIL (other != NULL);

  gate_open (&gate);
  for (guint i = 0; i < N_HANGING; i++)
    {
      g_autofree char *answer = NULL;

      WAIT_UNTIL (results[i] != NULL);
      answer = lks_bounded_run_finish (results[i], NULL);
      g_assert_cmpstr (answer, ==, "answer");
      g_object_unref (results[i]);
    }
  gate_clear (&gate);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bounded/answer", test_answer);
  g_test_add_func ("/bounded/error", test_error);
  g_test_add_func ("/bounded/left-behind", test_left_behind);
  g_test_add_func ("/bounded/worker", test_worker);
  g_test_add_func ("/bounded/left-behind-by-worker", test_left_behind_by_worker);
  g_test_add_func ("/bounded/many", test_many);
  return g_test_run ();
}
