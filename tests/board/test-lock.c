/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-lock-history-private.h"

#include <string.h>

#define S ((gint64) G_USEC_PER_SEC)

/* The whole derivation as a table. Times in seconds; a board read first at second 100. */
static const struct
{
  const char *name;
  const char *state;
  gboolean capabilities_known;
  gboolean app_development;
  gint64 changed_after;
  gint64 changed_before;
  gboolean boot_known;
  gint64 boot_after;
  gint64 boot_before;
  LksPeripheralLock expected;
} rows[] = {
  { "nothing read", NULL, FALSE, FALSE, 0, 0, FALSE, 0, 0, LKS_PERIPHERAL_LOCK_UNKNOWN },
  { "state not read", NULL, TRUE, FALSE, 0, 0, TRUE, 50, 52, LKS_PERIPHERAL_LOCK_UNKNOWN },
  { "state unknown", "Unknown", TRUE, FALSE, 0, 0, TRUE, 50, 52, LKS_PERIPHERAL_LOCK_UNKNOWN },
  { "word not known", "Retired", TRUE, FALSE, 0, 0, TRUE, 50, 52, LKS_PERIPHERAL_LOCK_UNKNOWN },
  { "empty word", "", TRUE, FALSE, 0, 0, TRUE, 50, 52, LKS_PERIPHERAL_LOCK_UNKNOWN },
  { "Blank", "Blank", TRUE, FALSE, 0, 0, TRUE, 50, 52, LKS_PERIPHERAL_LOCK_OPEN },
  { "Blank, capabilities refused", "Blank", FALSE, FALSE, 0, 0, TRUE, 50, 52,
    LKS_PERIPHERAL_LOCK_OPEN },
  { "Module1Complete", "Module1Complete", TRUE, FALSE, 0, 0, TRUE, 50, 52,
    LKS_PERIPHERAL_LOCK_OPEN },
  { "Module1Complete, no uptime", "Module1Complete", TRUE, TRUE, 0, 0, FALSE, 0, 0,
    LKS_PERIPHERAL_LOCK_OPEN },
  { "complete, as first seen", "DeviceComplete", TRUE, FALSE, 0, 0, TRUE, 50, 52,
    LKS_PERIPHERAL_LOCK_LOCKED },
  { "complete with appDevelopment", "DeviceComplete", TRUE, TRUE, 0, 0, TRUE, 50, 52,
    LKS_PERIPHERAL_LOCK_OPEN },
  { "complete, capabilities not read", "DeviceComplete", FALSE, FALSE, 0, 0, TRUE, 50, 52,
    LKS_PERIPHERAL_LOCK_UNKNOWN },
  { "just set", "DeviceComplete", TRUE, FALSE, 110, 112, TRUE, 50, 52,
    LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART },
  { "set, then started", "DeviceComplete", TRUE, FALSE, 110, 112, TRUE, 120, 122,
    LKS_PERIPHERAL_LOCK_LOCKED },
  { "set and started in between", "DeviceComplete", TRUE, FALSE, 110, 130, TRUE, 115, 117,
    LKS_PERIPHERAL_LOCK_UNKNOWN },
  { "set, uptime not read", "DeviceComplete", TRUE, FALSE, 110, 112, FALSE, 0, 0,
    LKS_PERIPHERAL_LOCK_UNKNOWN },
  { "appDevelopment removed", "DeviceComplete", TRUE, FALSE, 110, 112, TRUE, 50, 52,
    LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART },
  { "appDevelopment added while locked", "DeviceComplete", TRUE, TRUE, 110, 112, TRUE, 50, 52,
    LKS_PERIPHERAL_LOCK_LOCKED },
  { "appDevelopment added, then started", "DeviceComplete", TRUE, TRUE, 110, 112, TRUE, 120, 122,
    LKS_PERIPHERAL_LOCK_OPEN },
  { "appDevelopment added, order unclear", "DeviceComplete", TRUE, TRUE, 110, 130, TRUE, 115, 117,
    LKS_PERIPHERAL_LOCK_UNKNOWN },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LksLockFacts facts = {
        .manufacturing_state = rows[i].state,
        .capabilities_known = rows[i].capabilities_known,
        .app_development = rows[i].app_development,
        .changed_after_us = rows[i].changed_after * S,
        .changed_before_us = rows[i].changed_before * S,
        .boot_known = rows[i].boot_known,
        .boot_after_us = rows[i].boot_after * S,
        .boot_before_us = rows[i].boot_before * S,
      };
      const char *reason = NULL;

      g_test_message ("%s", rows[i].name);
      g_assert_cmpint (lks_peripheral_lock_derive (&facts, &reason), ==, rows[i].expected);
      g_assert_nonnull (reason);
      g_assert_cmpint (lks_peripheral_lock_derive (&facts, NULL), ==, rows[i].expected);
    }
}

/* Answered within 10 ms. */
static gboolean
see_uptime (LksLockHistory *history, guint64 uptime_s, gint64 now_us)
{
  return lks_lock_history_see_uptime (history, uptime_s, now_us - 10000, now_us);
}

static LksPeripheralLock
derive (const LksLockHistory *history, gboolean is_complete)
{
  LksLockFacts facts = {
    .manufacturing_state = is_complete ? "DeviceComplete" : "Module1Complete",
    .capabilities_known = TRUE,
  };

  lks_lock_history_fill (history, &facts);
  return lks_peripheral_lock_derive (&facts, NULL);
}

/* A finalization as it is seen: open, set, restart ordered, back. */
static void
test_finalization (void)
{
  LksLockHistory history = { 0 };

  g_assert_false (see_uptime (&history, 40, 100 * S));
  lks_lock_history_see_conditions (&history, FALSE, 100 * S);
  g_assert_cmpint (derive (&history, FALSE), ==, LKS_PERIPHERAL_LOCK_OPEN);

  lks_lock_history_see_conditions (&history, TRUE, 103 * S);
  g_assert_false (see_uptime (&history, 43, 103 * S));
  g_assert_cmpint (derive (&history, TRUE), ==, LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART);

  lks_lock_history_order_restart (&history, 104 * S);
  g_assert_true (see_uptime (&history, 0, 105 * S));
  lks_lock_history_see_conditions (&history, TRUE, 105 * S);
  g_assert_cmpint (derive (&history, TRUE), ==, LKS_PERIPHERAL_LOCK_LOCKED);
}

/* Whole seconds hide a restart of a young board, until several readings show it. */
static void
test_young_board (void)
{
  LksLockHistory history = { 0 };

  g_assert_false (see_uptime (&history, 0, 100 * S + 400000));
  lks_lock_history_order_restart (&history, 100 * S + 500000);
  g_assert_false (see_uptime (&history, 0, 101 * S + 100000));
  g_assert_false (see_uptime (&history, 0, 101 * S + 350000));
  g_assert_true (see_uptime (&history, 0, 101 * S + 650000));
  g_assert_cmpint (history.boot_after_us, >=, 100 * S + 500000);
  g_assert_false (see_uptime (&history, 0, 101 * S + 900000));
}

/* Faster still: what breaks after an order to restart, and may have restarted, has. */
static void
test_quick_restart (void)
{
  LksLockHistory history = { 0 };

  see_uptime (&history, 0, 100 * S + 400000);
  lks_lock_history_order_restart (&history, 100 * S + 500000);
  g_assert_false (see_uptime (&history, 0, 100 * S + 800000));
  lks_lock_history_see_loss (&history, 100 * S + 850000);
  g_assert_true (see_uptime (&history, 0, 100 * S + 900000));
  g_assert_cmpint (history.boot_after_us, >=, 100 * S + 500000);
  g_assert_false (see_uptime (&history, 0, 101 * S));

  /* Not when its uptime says that it ran all the time. */
  lks_lock_history_order_restart (&history, 110 * S);
  lks_lock_history_see_loss (&history, 111 * S);
  g_assert_false (see_uptime (&history, 11, 112 * S));
}

/* Somebody else set the state while the board was away: it cannot be told. */
static void
test_unseen_change (void)
{
  LksLockHistory history = { 0 };

  see_uptime (&history, 40, 100 * S);
  lks_lock_history_see_conditions (&history, FALSE, 100 * S);
  g_assert_true (see_uptime (&history, 5, 130 * S));
  lks_lock_history_see_conditions (&history, TRUE, 130 * S);
  g_assert_cmpint (derive (&history, TRUE), ==, LKS_PERIPHERAL_LOCK_UNKNOWN);

  g_assert_true (see_uptime (&history, 2, 150 * S));
  lks_lock_history_see_conditions (&history, TRUE, 150 * S);
  g_assert_cmpint (derive (&history, TRUE), ==, LKS_PERIPHERAL_LOCK_LOCKED);
}

static void
test_restarts (void)
{
  LksLockHistory history = { 0 };

  g_assert_false (see_uptime (&history, 1000, 2000 * S));
  /* Seconds are whole and clocks drift: no restart. */
  g_assert_false (see_uptime (&history, 1003, 2003 * S + 999999));
  g_assert_false (see_uptime (&history, 4597, 5600 * S));
  /* A smaller number is one, and so is a larger one that is too small. */
  g_assert_true (see_uptime (&history, 4596, 5601 * S));
  g_assert_true (see_uptime (&history, 4600, 5901 * S));
  /* A board that lies wildly harms nobody. */
  g_assert_false (see_uptime (&history, G_MAXUINT64, 5902 * S));
  g_assert_true (see_uptime (&history, 0, 5903 * S));
}

/* A board that was unplugged while it was open and comes back finished. */
static void
test_continue (void)
{
  LksLockHistory earlier = { 0 };
  LksLockHistory history = { 0 };

  see_uptime (&earlier, 40, 100 * S);
  lks_lock_history_see_conditions (&earlier, FALSE, 100 * S);
  lks_lock_history_see_conditions (&earlier, TRUE, 103 * S);

  see_uptime (&history, 3, 120 * S);
  lks_lock_history_see_conditions (&history, TRUE, 120 * S);
  lks_lock_history_continue (&history, &earlier);
  g_assert_cmpint (derive (&history, TRUE), ==, LKS_PERIPHERAL_LOCK_LOCKED);

  earlier.would_lock = FALSE;
  history = (LksLockHistory){ 0 };
  see_uptime (&history, 3, 120 * S);
  lks_lock_history_see_conditions (&history, TRUE, 120 * S);
  lks_lock_history_continue (&history, &earlier);
  g_assert_cmpint (derive (&history, TRUE), ==, LKS_PERIPHERAL_LOCK_UNKNOWN);
}

static gboolean
see (LksLockHistory *history, const char *method, const char *path, const char *body, gint64 s)
{
  LksDeviceExchange exchange = {
    .method = method,
    .path = path,
    .http_status = 200,
    .body = body,
    .body_bytes = strlen (body),
  };

  return lks_lock_history_see_exchange (history, &exchange, s * S);
}

/* What is installed or deleted may restart a board, which says so. */
static void
test_announced (void)
{
  LksLockHistory history = { 0 };

  see (&history, "GET", "/status", "{\"uptime\":3}", 100);
  see (&history, "PUT", "/update/install", "{}", 101);
  g_assert_cmpint (history.ordered_us, ==, 0);
  see (&history, "PUT", "/update/install", "{\"restartingSystem\":false}", 102);
  g_assert_cmpint (history.ordered_us, ==, 0);
  see (&history, "PUT", "/update/install", "{\"restartingSystem\":\"soon\"}", 103);
  g_assert_cmpint (history.ordered_us, ==, 0);
  see (&history, "GET", "/status", "{\"uptime\":6,\"restartingSystem\":true}", 104);
  g_assert_cmpint (history.ordered_us, ==, 0);
  see (&history, "DELETE", "/app/image/aaaa", "{\"restartingSystem\":true}", 105);
  g_assert_cmpint (history.ordered_us, ==, 105 * S);
}

/* The same from the answers as they came, whoever asked for them. */
static void
test_exchanges (void)
{
  LksLockHistory history = { 0 };
  LksDeviceExchange refused = {
    .method = "GET",
    .path = "/device/manufacturing_state",
    .http_status = 403,
    .body = "{\"manufacturingState\":\"Module1Complete\"}",
  };

  see (&history, "GET", "/status", "{\"uptime\":40}", 100);
  see (&history, "GET", "/device/manufacturing_state",
       "{\"manufacturingState\":\"Module1Complete\"}", 100);
  g_assert_false (history.is_seen);
  see (&history, "GET", "/device/capabilities", "{\"device_capabilities\":[]}", 100);
  g_assert_true (history.is_seen);
  g_assert_cmpint (derive (&history, FALSE), ==, LKS_PERIPHERAL_LOCK_OPEN);

  see (&history, "GET", "/device/manufacturing_state",
       "{\"manufacturingState\":\"DeviceComplete\"}", 102);
  g_assert_false (lks_lock_history_see_exchange (&history, &refused, 103 * S));
  /* A status from before that answer contradicts it: nothing is decided. */
  g_assert_cmpint (derive (&history, FALSE), ==, LKS_PERIPHERAL_LOCK_UNKNOWN);
  g_assert_cmpint (derive (&history, TRUE), ==, LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART);
  see (&history, "POST", "/restart", "{\"restartingSystem\":true}", 104);
  g_assert_false (see (&history, "GET", "/status", "{\"uptime\":44}", 104));
  g_assert_cmpint (derive (&history, TRUE), ==, LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART);
  g_assert_true (see (&history, "GET", "/status", "{\"uptime\":0}", 105));
  g_assert_cmpint (derive (&history, TRUE), ==, LKS_PERIPHERAL_LOCK_LOCKED);

  see (&history, "GET", "/device/capabilities", "{\"device_capabilities\":[13,11]}", 107);
  g_assert_false (history.would_lock);
}

static void
test_strange_exchanges (void)
{
  static const char *const bodies[] = { "",
                                        "null",
                                        "[]",
                                        "{}",
                                        "{\"uptime\":-1}",
                                        "{\"uptime\":\"x\"}",
                                        "{",
                                        "{\"device_capabilities\":{}}" };
  static const char *const paths[] = { "/status", "/device/capabilities",
                                       "/device/manufacturing_state" };
  LksLockHistory history = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (paths); j++)
      g_assert_false (see (&history, "GET", paths[j], bodies[i], 100));
  g_assert_false (history.is_seen);
  g_assert_false (history.boot_known);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/lock/table", test_table);
  g_test_add_func ("/lock/finalization", test_finalization);
  g_test_add_func ("/lock/young-board", test_young_board);
  g_test_add_func ("/lock/quick-restart", test_quick_restart);
  g_test_add_func ("/lock/unseen-change", test_unseen_change);
  g_test_add_func ("/lock/restarts", test_restarts);
  g_test_add_func ("/lock/continue", test_continue);
  g_test_add_func ("/lock/announced", test_announced);
  g_test_add_func ("/lock/exchanges", test_exchanges);
  g_test_add_func ("/lock/strange-exchanges", test_strange_exchanges);
  return g_test_run ();
}
