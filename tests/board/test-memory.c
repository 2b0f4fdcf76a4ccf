/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-memory.h"

static void
keep (LksBoardMemory *memory, guint number, gint64 seen_us)
{
  const LksLockHistory history = { .is_seen = TRUE, .first_us = seen_us };
  g_autofree char *device_id = g_strdup_printf ("%0128u", number);
  g_autofree char *path = g_strdup_printf ("1-%u", number);

  lks_board_memory_keep (memory, device_id, path, &history);
}

static gboolean
take (LksBoardMemory *memory, guint number, gint64 *out_seen_us)
{
  g_autofree char *device_id = g_strdup_printf ("%0128u", number);
  g_autofree char *expected = g_strdup_printf ("1-%u", number);
  g_autofree char *path = NULL;
  LksLockHistory history;

  if (!lks_board_memory_take (memory, device_id, &path, &history))
    return FALSE;

  g_assert_cmpstr (path, ==, expected);
  *out_seen_us = history.first_us;
  return TRUE;
}

static void
test_take (void)
{
  g_autoptr (LksBoardMemory) memory = lks_board_memory_new ();
  g_autofree char *path = NULL;
  LksLockHistory history;
  gint64 seen_us = 0;

  keep (memory, 1, 10);
  keep (memory, 2, 20);
  keep (memory, 1, 30); /* plugged in and out without a word between */
  g_assert_cmpuint (lks_board_memory_get_n (memory), ==, 2);
  g_assert_true (take (memory, 1, &seen_us));
  g_assert_cmpint (seen_us, ==, 30);
  g_assert_false (take (memory, 1, &seen_us));
  g_assert_false (lks_board_memory_take (memory, NULL, &path, &history));
  g_assert_cmpuint (lks_board_memory_get_n (memory), ==, 1);
}

/* A station that works for months does not grow. */
static void
test_bound (void)
{
  g_autoptr (LksBoardMemory) memory = lks_board_memory_new ();
  gint64 seen_us = 0;

  for (guint i = 0; i < LKS_BOARD_MEMORY_MAX; i++)
    keep (memory, i, i);
  keep (memory, 0, 1); /* away again: not the longest any more */
  for (guint i = 0; i < 10; i++)
    keep (memory, LKS_BOARD_MEMORY_MAX + i, 5);
  g_assert_cmpuint (lks_board_memory_get_n (memory), ==, LKS_BOARD_MEMORY_MAX);
  g_assert_true (take (memory, 0, &seen_us));
  for (guint i = 1; i <= 10; i++)
    g_assert_false (take (memory, i, &seen_us));
  g_assert_true (take (memory, 11, &seen_us));
  g_assert_cmpint (seen_us, ==, 11);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory/take", test_take);
  g_test_add_func ("/memory/bound", test_bound);
  return g_test_run ();
}
