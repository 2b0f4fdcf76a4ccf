/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One after the other, and nobody who gives up has to wait. */
#include "lks-turn.h"

#define THREADS 8
#define TURNS 500

/* ---- one after the other ---- */

static guint inside; /* of them only one is */
static guint n_turns;

static gpointer
take_turns (gpointer unused)
{
  for (guint i = 0; i < TURNS; i++)
    {
      g_assert_true (lks_turn_take ("one", NULL, NULL));
      g_assert_cmpuint (inside++, ==, 0);
      n_turns++;
      g_thread_yield ();
      g_assert_cmpuint (--inside, ==, 0);
      lks_turn_end ("one");
    }
  return NULL;
}

static void
test_one_at_a_time (void)
{
  GThread *threads[THREADS];

  n_turns = 0;
  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("turns", take_turns, NULL);
  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (n_turns, ==, THREADS * TURNS);
}

/* ---- who gives up ---- */

typedef struct
{
  GCancellable *cancellable;
  GError *error;
  gboolean is_mine;
} Waiting;

static gpointer
wait_in_thread (gpointer data)
{
  Waiting *self = data;

  self->is_mine = lks_turn_take ("one", self->cancellable, &self->error);
  return NULL;
}

static void
wait_until_waiting (GCancellable *cancellable)
{
  guint signal = g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE);

  while (!g_signal_has_handler_pending (cancellable, signal, 0, TRUE))
    g_thread_yield ();
}

static void
test_cancelled_meanwhile (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Waiting waiting = { .cancellable = cancellable };
  GThread *thread;

  g_assert_true (lks_turn_take ("one", NULL, &error));
  thread = g_thread_new ("waiting", wait_in_thread, &waiting);
  wait_until_waiting (cancellable);
  g_assert_true (lks_turn_take ("another", NULL, &error)); /* which nobody uses */
  lks_turn_end ("another");
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_false (waiting.is_mine);
  g_assert_error (waiting.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&waiting.error);
  lks_turn_end ("one");

  /* It was not taken by who gave up. */
  g_assert_true (lks_turn_take ("one", NULL, &error));
  g_assert_no_error (error);
  lks_turn_end ("one");
}

static void
test_cancelled_before (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (lks_turn_take ("one", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The next one gets it when it is given up. */
static void
test_next (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Waiting waiting = { .cancellable = cancellable };
  GThread *thread;

  g_assert_true (lks_turn_take ("one", NULL, NULL));
  thread = g_thread_new ("waiting", wait_in_thread, &waiting);
  wait_until_waiting (cancellable);
  g_assert_false (waiting.is_mine);
  lks_turn_end ("one");
  g_thread_join (thread);
  g_assert_no_error (waiting.error);
  g_assert_true (waiting.is_mine);
  lks_turn_end ("one");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/turn/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/turn/cancelled-meanwhile", test_cancelled_meanwhile);
  g_test_add_func ("/turn/cancelled-before", test_cancelled_before);
  g_test_add_func ("/turn/next", test_next);

  return g_test_run ();
}
