/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A number is a number, also the first one that a process reads while its threads begin. */
#include "lks-number.h"

#include <gio/gio.h>
#include <stdlib.h>

#define PROCESSES 20
#define THREADS 3
#define PLACES 65536
#define FIRST "--first"

static const char *program;

/* ---- the first number ---- */

typedef struct
{
  gsize places[PLACES];
  gint running;
} Beginning;

static Beginning beginnings[THREADS];

/* Threads make types, quarks and other things that are made once; all need one lock of GLib's. */
static gpointer
begin (gpointer data)
{
  Beginning *self = data;

  g_atomic_int_set (&self->running, TRUE);
  for (guint i = 0; i < PLACES; i++)
    if (g_once_init_enter (&self->places[i]))
      g_once_init_leave (&self->places[i], 1);
  return NULL;
}

/* A process of its own: GLib's test runner has read a number before a test begins. */
static int
read_first (void)
{
  GThread *threads[THREADS];
  guint64 number = 0;
  gboolean is_number;

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("begin", begin, &beginnings[i]);
  for (guint i = 0; i < THREADS; i++)
    while (!g_atomic_int_get (&beginnings[i].running))
      g_thread_yield ();
  is_number = lks_number_read_unsigned ("30", 0, G_MAXUINT64, &number);

  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
  return is_number && number == 30 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
test_first (void)
{
  for (guint i = 0; i < PROCESSES; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSubprocess) process =
          g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, FIRST, NULL);

      g_assert_no_error (error);
      g_assert_true (g_subprocess_wait_check (process, NULL, &error));
      g_assert_no_error (error);
    }
}

/* ---- what is one ---- */

static void
test_is_number (void)
{
  guint64 number = 7;
  gint64 signed_number = 7;

  g_assert_true (lks_number_read_unsigned ("18446744073709551615", 0, G_MAXUINT64, &number));
  g_assert_cmpuint (number, ==, G_MAXUINT64);
  g_assert_true (lks_number_read_unsigned ("007", 7, 7, NULL));
  g_assert_true (lks_number_read_signed ("-9223372036854775808", G_MININT64, 0, &signed_number));
  g_assert_cmpint (signed_number, ==, G_MININT64);
}

static void
test_is_none (void)
{
  const char *none[] = {
    "", " 1", "1 ", "+", "-", "-1", "0x1", "1.0", "1e2", "a", "18446744073709551616"
  };
  guint64 number = 7;
  gint64 signed_number = 7;

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_false (lks_number_read_unsigned (none[i], 0, G_MAXUINT64, &number));
  g_assert_false (lks_number_read_unsigned ("4", 5, 6, &number));
  g_assert_false (lks_number_read_unsigned ("7", 5, 6, &number));
  g_assert_cmpuint (number, ==, 7);

  g_assert_false (lks_number_read_signed ("-2", -1, 1, &signed_number));
  g_assert_false (lks_number_read_signed ("9223372036854775808", 0, G_MAXINT64, &signed_number));
  g_assert_cmpint (signed_number, ==, 7);
}

int
main (int argc, char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], FIRST))
    return read_first ();

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/first", test_first);
  g_test_add_func ("/number/is-number", test_is_number);
  g_test_add_func ("/number/is-none", test_is_none);
  return g_test_run ();
}
