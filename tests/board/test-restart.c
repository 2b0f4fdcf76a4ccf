/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-status-private.h"
#include "lks-enums.h"
#include "lks-lock-history-private.h"
#include "lks-restart-wait.h"

#include <string.h>

#define SECOND G_USEC_PER_SEC

/* ---- the proof ---- */

typedef struct
{
  guint64 before_s;
  guint64 after_s;
  int passed_s;
  gboolean is_proof;
} Proof;

static const Proof proofs[] = {
  { 100, 99, 0, TRUE },
  { 100, 0, 1000, TRUE },
  { 100, 100, 0, FALSE },
  { 100, 101, 1, FALSE },
  { 100, 110, 10, FALSE },
  { 100, 108, 10, FALSE },
  { 100, 107, 10, TRUE }, /* more than the rounding of two whole seconds is missing */
  { 3, 20, 60, TRUE },
  { 0, 0, 2, FALSE },
  { 0, 0, 3, TRUE },
  { 100, 200, -5, FALSE }, /* a clock that goes back proves nothing */
  { G_MAXINT64, G_MAXINT64, 1, FALSE },
};

static void
test_proof (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (proofs); i++)
    {
      const LksUptime before = { .uptime_s = proofs[i].before_s, .read_us = 50 * SECOND };

      if (lks_uptime_proves_restart (&before, proofs[i].after_s,
                                     (50 + proofs[i].passed_s) * SECOND) != proofs[i].is_proof)
        g_error ("line %zu of the table", i);
    }
}

/* ---- waiting ---- */

/* A board whose answers follow a script; each second is one character: '-' silence, '+' it counts
 * on, '0' it has just restarted, '!' the cable is out, 'c' somebody cancels. */
typedef struct
{
  const char *script;
  gint64 now_us;
  guint64 uptime_s;
} Board;

static char
get_mark (Board *board)
{
  gsize second = (gsize) (board->now_us / SECOND);

  return second < strlen (board->script) ? board->script[second]
                                         : board->script[strlen (board->script) - 1];
}

static gboolean
get_uptime (gpointer data, guint64 *out_uptime_s, GCancellable *cancellable, GError **error)
{
  Board *board = data;

  switch (get_mark (board))
    {
    case '+':
      *out_uptime_s = board->uptime_s + (guint64) (board->now_us / SECOND);
      return TRUE;
    case '0':
      *out_uptime_s = 1;
      return TRUE;
    case 'c':
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
      return FALSE;
    default:
      g_set_error_literal (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNREACHABLE, "silence");
      return FALSE;
    }
}

static gboolean
is_present (gpointer data)
{
  return get_mark (data) != '!';
}

static gint64
now_us (gpointer data)
{
  return ((Board *) data)->now_us;
}

static gboolean
wait_ms (gpointer data, guint time_ms, GCancellable *cancellable, GError **error)
{
  ((Board *) data)->now_us += (gint64) time_ms * 1000;
  return TRUE;
}

static const LksRestartOps ops = {
  .get_uptime = get_uptime,
  .is_present = is_present,
  .now_us = now_us,
  .wait = wait_ms,
};

typedef struct
{
  const char *script;
  guint limit_s;
  LksRestartProof proof;
  guint after_s; /* when the waiting ends */
} Waiting;

static const Waiting waitings[] = {
  { "+--0", 10, LKS_RESTART_PROOF_FOUND, 3 },    { "0", 10, LKS_RESTART_PROOF_FOUND, 0 },
  { "+--+", 10, LKS_RESTART_PROOF_NOT_YET, 10 }, { "+--", 10, LKS_RESTART_PROOF_SILENT, 10 },
  { "+-!", 10, LKS_RESTART_PROOF_SILENT, 2 },    { "+0", 0, LKS_RESTART_PROOF_NOT_YET, 0 },
};

static void
test_waiting (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (waitings); i++)
    {
      const LksUptime before = { .uptime_s = 1000, .read_us = 0 };
      Board board = { .script = waitings[i].script, .uptime_s = 1000 };
      g_autoptr (GError) error = NULL;
      LksRestartProof proof;
      guint64 uptime_s = 0;

      g_assert_true (lks_restart_wait (&ops, &board, &before, waitings[i].limit_s, &proof,
                                       &uptime_s, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (proof, ==, waitings[i].proof);
      g_assert_cmpint (board.now_us / SECOND, ==, waitings[i].after_s);
      if (proof == LKS_RESTART_PROOF_FOUND)
        g_assert_cmpuint (uptime_s, ==, 1);
    }
}

static void
test_waiting_is_cancelled (void)
{
  const LksUptime before = { .uptime_s = 1000 };
  Board board = { .script = "+-c", .uptime_s = 1000 };
  g_autoptr (GError) error = NULL;
  LksRestartProof proof;
  guint64 uptime_s;

  g_assert_false (lks_restart_wait (&ops, &board, &before, 10, &proof, &uptime_s, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- kinds ---- */

#define RESTARTED .has_restarted = TRUE

static const struct
{
  LksRestartFacts facts;
  const char *kind;
} kinds[] = {
  { { 0 }, "none" },
  { { .was_ordered = TRUE }, "none" },
  { { .was_unplugged = TRUE }, "none" }, /* a board with its own power supply goes on */
  { { .was_updating = TRUE, .system_changed = TRUE }, "none" },
  { { .applications_changed = TRUE }, "application" },
  { { RESTARTED }, "unexplained" },
  { { RESTARTED, .applications_changed = TRUE }, "unexplained" },
  { { RESTARTED, .was_ordered = TRUE }, "ordered" },
  { { RESTARTED, .was_ordered = TRUE, .system_changed = TRUE }, "ordered" },
  { { RESTARTED, .was_unplugged = TRUE }, "power-cycle" },
  { { RESTARTED, .was_unplugged = TRUE, .was_updating = TRUE }, "power-cycle" },
  { { RESTARTED, .was_updating = TRUE }, "update" },
  { { RESTARTED, .system_changed = TRUE }, "update" },
};

static void
test_kinds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const char *reason = "";
      LksRestartKind kind = lks_restart_kind_derive (&kinds[i].facts, &reason);

      g_assert_cmpstr (lks_enum_to_nick (LKS_TYPE_RESTART_KIND, (int) kind), ==, kinds[i].kind);
      g_assert_true ((kind == LKS_RESTART_KIND_NONE) == (reason == NULL));
    }
}

/* ---- comparing ---- */

static void
add_image (LksBoardStatus *status, const char *component, const char *image, guint type)
{
  const LksBoardImage added = { .component_id = g_strdup (component),
                                .image_id = g_strdup (image),
                                .image_type = type };

  g_array_append_val (status->images, added);
}

/* "os/system image/application image", each may be "?": not known. */
static LksBoardStatus *
make_status (const char *text, LksUpdateState update)
{
  LksBoardStatus *status = lks_board_status_new ("1-1");
  g_auto (GStrv) parts = g_strsplit (text, "/", 3);

  if (!g_str_equal (parts[0], "?"))
    {
      status->os_version = g_strdup (parts[0]);
      lks_board_status_set_known (status, LKS_FACT_ID_OS_VERSION);
    }
  if (!g_str_equal (parts[1], "?"))
    {
      add_image (status, "system", parts[1], 1);
      if (!g_str_equal (parts[2], "-"))
        add_image (status, "blink", parts[2], LKS_IMAGE_TYPE_APPLICATION);
      status->update = update;
      lks_board_status_set_known (status, LKS_FACT_ID_IMAGES);
    }
  return status;
}

static const struct
{
  const char *before;
  LksUpdateState update;
  const char *after;
  LksRestartFacts facts;
} comparisons[] = {
  { "1/a/x", LKS_UPDATE_STATE_NONE, "1/a/x", { 0 } },
  { "1/a/x", LKS_UPDATE_STATE_NONE, "2/a/x", { .system_changed = TRUE } },
  { "1/a/x", LKS_UPDATE_STATE_NONE, "1/b/x", { .system_changed = TRUE } },
  { "1/a/x", LKS_UPDATE_STATE_NONE, "1/a/y", { .applications_changed = TRUE } },
  { "1/a/x", LKS_UPDATE_STATE_NONE, "1/a/-", { .applications_changed = TRUE } },
  { "1/a/-", LKS_UPDATE_STATE_NONE, "1/a/x", { .applications_changed = TRUE } },
  { "1/?/x", LKS_UPDATE_STATE_STAGED, "1/a/y", { 0 } },
  { "?/a/x", LKS_UPDATE_STATE_NONE, "1/?/x", { 0 } },
  { "1/a/x", LKS_UPDATE_STATE_STAGED, "1/a/x", { .was_updating = TRUE } },
  { "1/a/x", LKS_UPDATE_STATE_IN_PROGRESS, "1/a/x", { .was_updating = TRUE } },
  { "1/a/x", LKS_UPDATE_STATE_RESTART_REQUIRED, "1/a/x", { .was_updating = TRUE } },
};

static void
test_comparing (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (comparisons); i++)
    {
      g_autoptr (LksBoardStatus) before =
          make_status (comparisons[i].before, comparisons[i].update);
      g_autoptr (LksBoardStatus) after = make_status (comparisons[i].after, LKS_UPDATE_STATE_NONE);
      LksRestartFacts facts = { 0 };

      lks_board_status_compare (before, after, &facts);
      if (memcmp (&facts, &comparisons[i].facts, sizeof facts) != 0)
        g_error ("line %zu of the table", i);
    }
}

/* ---- other starts ---- */

static LksLockHistory
see (guint64 uptime_s, gint64 now_s)
{
  LksLockHistory history = { 0 };

  lks_lock_history_see_uptime (&history, uptime_s, now_s * SECOND, now_s * SECOND);
  return history;
}

static void
test_other_start (void)
{
  const LksLockHistory earlier = see (100, 1000);
  const LksLockHistory unseen = { 0 };
  const LksLockHistory same = see (160, 1060);
  const LksLockHistory smaller = see (20, 1060);
  const LksLockHistory later = see (140, 1200); /* more than before, less than it must be */

  g_assert_false (lks_lock_history_is_other_start (&same, &earlier));
  g_assert_true (lks_lock_history_is_other_start (&smaller, &earlier));
  g_assert_true (lks_lock_history_is_other_start (&later, &earlier));
  g_assert_false (lks_lock_history_is_other_start (&unseen, &earlier));
  g_assert_false (lks_lock_history_is_other_start (&same, &unseen));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/restart/proof", test_proof);
  g_test_add_func ("/restart/waiting", test_waiting);
  g_test_add_func ("/restart/waiting-is-cancelled", test_waiting_is_cancelled);
  g_test_add_func ("/restart/kinds", test_kinds);
  g_test_add_func ("/restart/comparing", test_comparing);
  g_test_add_func ("/restart/other-start", test_other_start);

  return g_test_run ();
}
