/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log, telemetry, restart and update of emulated boards (support.json), with what goes wrong. */
#include "lks-board.h"
#include "lks-cursor.h"
#include "lks-device-state.h"
#include "lks-log-entry.h"
#include "lks-log-reader.h"
#include "lks-restart.h"
#include "lks-service-error.h"
#include "lks-telemetry.h"
#include "lks-update.h"

#include "service-board.h"

#include <string.h>

enum
{
  BOARD_OPEN,
  BOARD_LOCKED,
  BOARD_LINGERING, /* whose telemetry does not go away */
  BOARD_UPDATING,
  BOARD_ALWAYS_UPDATING,
  BOARD_PULLED,
  BOARD_RESTARTED, /* from here on: each has run for long, which makes its restart visible */
  BOARD_WITHOUT_ANSWER,
  BOARD_SLOW,
  BOARD_OTHER,
};

static void
set_up (ServiceBoard *board, gconstpointer index)
{
  service_board_open (board, GPOINTER_TO_UINT (index));
}

static void
tear_down (ServiceBoard *board, gconstpointer index)
{
  service_board_clear (board);
  service_board_close (board);
}

static void
tear_down_plugged (ServiceBoard *board, gconstpointer index)
{
  service_board_plug (board);
  tear_down (board, index);
}

/* ---- log ---- */

static const LksLogRecord *
find_record (LksLogRing *ring, guint category, guint message)
{
  for (guint i = 0; i < lks_log_ring_get_length (ring); i++)
    {
      const LksLogRecord *record = lks_log_ring_get_record (ring, i);

      if (record->category == category && record->message == message)
        return record;
    }
  return NULL;
}

static void
test_log (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLogRing) ring = lks_log_read (board->device, NULL, &error);
  const LksLogRecord *connected;

  g_assert_no_error (error);
  g_assert_cmpuint (lks_log_ring_get_length (ring), >, 10);
  g_assert_cmpuint (lks_log_ring_get_problems (ring), ==, 0);
  g_assert_cmpuint (lks_log_ring_get_record (ring, 0)->time_ms, ==, 812);
  g_assert_nonnull (find_record (ring, 6, 169)); /* the version of the system */
  connected = find_record (ring, 2, 78);
  g_assert_nonnull (connected);
  g_assert_cmpmem (connected->parameters, connected->n_parameter_bytes, "Pump Room", 10);
}

static void
test_log_refused (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_log_read (board->device, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
}

static const struct
{
  const char *fault;
  LksDeviceError code;
} log_faults[] = {
  { "\"kind\":\"truncated-body\",\"path\":\"/log\",\"afterBytes\":1000", LKS_DEVICE_ERROR_LOST },
  { "\"kind\":\"reset-in-body\",\"path\":\"/log\",\"afterBytes\":1000", LKS_DEVICE_ERROR_LOST },
  { "\"kind\":\"oversized-body\",\"path\":\"/log\",\"sizeBytes\":10485760",
    LKS_DEVICE_ERROR_BAD_ANSWER },
  { "\"kind\":\"status\",\"path\":\"/log\",\"status\":500,\"number\":17825801",
    LKS_DEVICE_ERROR_INTERNAL },
};

/* A log that does not come whole is no log; the next attempt gets it. */
static void
test_log_faults (ServiceBoard *board, gconstpointer unused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (log_faults); i++)
    {
      g_autofree char *once = g_strdup_printf ("%s,\"times\":1", log_faults[i].fault);
      g_autoptr (GError) error = NULL;
      g_autoptr (LksLogRing) ring = NULL;

      service_board_set_fault (board, once);
      g_assert_null (lks_log_read (board->device, NULL, &error));
      g_assert_error (error, LKS_DEVICE_ERROR, (int) log_faults[i].code);
      g_clear_error (&error);
      ring = lks_log_read (board->device, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (lks_log_ring_get_length (ring), >, 10);
    }
}

/* What is no log is told as one that cannot be read, not as an empty one. */
static void
test_log_is_html (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLogRing) ring = NULL;

  service_board_set_fault (board, "\"kind\":\"html-body\",\"path\":\"/log\"");
  ring = lks_log_read (board->device, NULL, &error);
  if (ring == NULL)
    g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
  else
    g_assert_cmpuint (lks_log_ring_get_problems (ring), >, 0);
}

static void
test_log_empty (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLogRing) ring = NULL;

  service_board_set_fault (board, "\"kind\":\"empty-body\",\"path\":\"/log\"");
  ring = lks_log_read (board->device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lks_log_ring_get_length (ring), ==, 0);
}

static void
test_unplugged (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"unplug\",\"afterBytes\":3000");
  g_assert_null (lks_log_read (board->device, NULL, &error));
  g_assert_true (error->domain == LKS_DEVICE_ERROR);
}

/* ---- telemetry ---- */

static const struct
{
  const char *bytes;
  guint size;
  guint data_bytes;
  guint missing_bytes;
  gboolean is_refused;
} telemetries[] = {
  { "", 0, 0, 0, FALSE },
  { "\x01", 1, 0, 0, TRUE },
  { "\x01\0\0\0", 4, 0, 0, TRUE },
  { "\x01\0\0\0\0", 5, 0, 0, FALSE },
  { "\x01\0\0\0\x02xy", 7, 2, 0, FALSE },
  { "\x01\0\0\x01\x02xy", 7, 258, 256, FALSE }, /* big-endian, and cut short */
  { "\x01\0\0\xff\xff", 5, 65535, 65535, FALSE },
  { "\x01\0\0\0\x01xyz", 8, 1, 0, FALSE },
};

static void
test_telemetry_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (telemetries); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (telemetries[i].bytes, telemetries[i].size);
      g_autoptr (GError) error = NULL;
      g_autoptr (LksTelemetry) telemetry = lks_telemetry_parse (bytes, &error);

      if (telemetries[i].is_refused)
        {
          g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TRUNCATED);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (telemetry->data_bytes, ==, telemetries[i].data_bytes);
      g_assert_cmpuint (telemetry->missing_bytes, ==, telemetries[i].missing_bytes);
    }
}

static void
test_telemetry_cleared (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTelemetry) before = lks_telemetry_read (board->device, NULL, &error);
  g_autoptr (LksTelemetry) after = NULL;
  guint cleared_bytes = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (before->data_bytes, ==, 300);
  g_assert_cmpuint (before->missing_bytes, ==, 0);
  assert_ok (lks_telemetry_clear (board->device, &cleared_bytes, NULL, &error), error);
  g_assert_cmpuint (cleared_bytes, ==, 300);
  after = lks_telemetry_read (board->device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (after->data_bytes, ==, 0);
}

static void
test_telemetry_lingers (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  guint cleared_bytes = 7;

  g_assert_false (lks_telemetry_clear (board->device, &cleared_bytes, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
  g_assert_nonnull (strstr (error->message, "300 of 300"));
  g_assert_cmpuint (cleared_bytes, ==, 7);
}

static void
test_telemetry_refused (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  guint cleared_bytes;

  g_assert_false (lks_telemetry_clear (board->device, &cleared_bytes, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
}

/* ---- restart ---- */

static void
test_restart (ServiceBoard *board, gconstpointer unused)
{
  g_auto (LksRestart) restart = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  assert_ok (lks_restart_order (board->device, &restart, NULL, &error), error);
  g_assert_true (restart.has_answered);
  g_assert_false (restart.is_proven);
  g_assert_cmpuint (restart.before.uptime_s, >=, 5000);
  assert_ok (lks_restart_prove (board->device, &restart, 60, NULL, &error), error);
  g_assert_true (restart.is_proven);
  g_assert_cmpuint (restart.after_s, <, 60);

  node = lks_restart_to_json (&restart);
  object = json_node_get_object (node);
  g_assert_true (json_object_get_boolean_member (object, "proven"));
  g_assert_cmpint (json_object_get_int_member (object, "uptimeAfter"), ==,
                   (gint64) restart.after_s);
}

static void
test_restart_refused (ServiceBoard *board, gconstpointer unused)
{
  g_auto (LksRestart) restart = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (lks_restart_order (board->device, &restart, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "switched off and on"));
}

/* The answer is lost, and the board restarts all the same. */
static void
test_restart_without_answer (ServiceBoard *board, gconstpointer unused)
{
  g_auto (LksRestart) restart = { 0 };
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"reset-in-body\",\"path\":\"/restart\","
                                  "\"afterBytes\":4,\"times\":1");
  assert_ok (lks_restart_order (board->device, &restart, NULL, &error), error);
  g_assert_false (restart.has_answered);
  assert_ok (lks_restart_prove (board->device, &restart, 60, NULL, &error), error);
}

static void
test_restart_slow (ServiceBoard *board, gconstpointer unused)
{
  g_auto (LksRestart) restart = { 0 };
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"slow-restart\",\"durationMs\":2500,\"times\":1");
  assert_ok (lks_restart_order (board->device, &restart, NULL, &error), error);
  assert_ok (lks_restart_prove (board->device, &restart, 60, NULL, &error), error);
  g_assert_cmpuint (restart.took_ms, >=, 2500);
}

static void
test_restart_never (ServiceBoard *board, gconstpointer unused)
{
  g_auto (LksRestart) restart = { 0 };
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"no-restart\"");
  assert_ok (lks_restart_order (board->device, &restart, NULL, &error), error);
  g_assert_false (lks_restart_prove (board->device, &restart, 2, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE);
  g_assert_false (restart.is_proven);
  service_board_clear (board);
  service_board_reset (board);
  service_board_wait_alive (board);
}

/* A board that agrees and goes on. */
static void
test_restart_ignored (ServiceBoard *board, gconstpointer unused)
{
  g_auto (LksRestart) restart = { 0 };
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"status\",\"path\":\"/restart\",\"status\":200,"
                                  "\"number\":0");
  assert_ok (lks_restart_order (board->device, &restart, NULL, &error), error);
  g_assert_false (lks_restart_prove (board->device, &restart, 1, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE);
}

static void
test_restart_other_board (ServiceBoard *board, gconstpointer unused)
{
  g_auto (LksRestart) restart = { 0 };
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"other-board\",\"times\":1");
  assert_ok (lks_restart_order (board->device, &restart, NULL, &error), error);
  g_assert_false (lks_restart_prove (board->device, &restart, 60, NULL, &error));
  g_assert_error (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY);
}

static gpointer
cancel_in_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_restart_cancelled (ServiceBoard *board, gconstpointer unused)
{
  g_auto (LksRestart) restart = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  service_board_set_fault (board, "\"kind\":\"no-restart\"");
  assert_ok (lks_restart_order (board->device, &restart, NULL, &error), error);
  thread = g_thread_new ("cancel", cancel_in_thread, cancellable);
  g_assert_false (lks_restart_prove (board->device, &restart, 3600, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  service_board_clear (board);
  service_board_reset (board);
  service_board_wait_alive (board);
}

/* ---- update ---- */

static void
test_update_none (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  LksUpdateState state = LKS_UPDATE_STATE_UNKNOWN;

  assert_ok (lks_update_wait (board->device, 60, &state, NULL, &error), error);
  g_assert_cmpint (state, ==, LKS_UPDATE_STATE_NONE);
}

/* Through the restart at the end of the update, until the board is calm. */
static void
test_update_ends (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  LksUpdateState state = LKS_UPDATE_STATE_UNKNOWN;
  guint64 uptime_s;

  assert_ok (lks_update_wait (board->device, 60, &state, NULL, &error), error);
  g_assert_cmpint (state, ==, LKS_UPDATE_STATE_NONE);
  assert_ok (lks_device_get_status (board->device, &uptime_s, NULL, &error), error);
  g_assert_cmpuint (uptime_s, <, 5000);
}

static void
test_update_overdue (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  LksUpdateState state = LKS_UPDATE_STATE_UNKNOWN;

  g_assert_false (lks_update_wait (board->device, 1, &state, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE);
  g_assert_cmpint (state, ==, LKS_UPDATE_STATE_UNKNOWN);
}

static void
test_update_refused (ServiceBoard *board, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  LksUpdateState state;

  g_assert_false (lks_update_wait (board->device, 60, &state, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
}

/* The three flags, in the order of their weight. */
static void
test_update_flags (void)
{
  for (guint flags = 0; flags < 8; flags++)
    {
      const LksComponents components = {
        .has_staged_updates = (flags & 1) != 0,
        .is_restart_required = (flags & 2) != 0,
        .is_ota_in_progress = (flags & 4) != 0,
      };
      LksUpdateState expected = flags >= 4   ? LKS_UPDATE_STATE_IN_PROGRESS
                                : flags >= 2 ? LKS_UPDATE_STATE_RESTART_REQUIRED
                                : flags == 1 ? LKS_UPDATE_STATE_STAGED
                                             : LKS_UPDATE_STATE_NONE;

      g_assert_cmpint (lks_components_get_update (&components), ==, expected);
      g_assert_cmpstr (lks_update_state_explain (expected).meaning, !=, "");
    }
}

static void
add (const char *path, guint index, void (*test) (ServiceBoard *, gconstpointer))
{
  g_test_add (path, ServiceBoard, GUINT_TO_POINTER (index), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/support/log/read", BOARD_OPEN, test_log);
  add ("/support/log/refused", BOARD_LOCKED, test_log_refused);
  add ("/support/log/faults", BOARD_OPEN, test_log_faults);
  add ("/support/log/html", BOARD_OPEN, test_log_is_html);
  add ("/support/log/empty", BOARD_OPEN, test_log_empty);
  g_test_add_func ("/support/telemetry/table", test_telemetry_table);
  add ("/support/telemetry/cleared", BOARD_OPEN, test_telemetry_cleared);
  add ("/support/telemetry/lingers", BOARD_LINGERING, test_telemetry_lingers);
  add ("/support/telemetry/refused", BOARD_LOCKED, test_telemetry_refused);
  add ("/support/restart/proven", BOARD_RESTARTED, test_restart);
  add ("/support/restart/refused", BOARD_LOCKED, test_restart_refused);
  add ("/support/restart/without-answer", BOARD_WITHOUT_ANSWER, test_restart_without_answer);
  add ("/support/restart/slow", BOARD_SLOW, test_restart_slow);
  add ("/support/restart/never", BOARD_OPEN, test_restart_never);
  add ("/support/restart/ignored", BOARD_OPEN, test_restart_ignored);
  add ("/support/restart/cancelled", BOARD_OPEN, test_restart_cancelled);
  g_test_add_func ("/support/update/flags", test_update_flags);
  add ("/support/update/none", BOARD_OPEN, test_update_none);
  add ("/support/update/ends", BOARD_UPDATING, test_update_ends);
  add ("/support/update/overdue", BOARD_ALWAYS_UPDATING, test_update_overdue);
  add ("/support/update/refused", BOARD_LOCKED, test_update_refused);
  add ("/support/restart/other-board", BOARD_OTHER, test_restart_other_board);
  g_test_add ("/support/log/unplugged", ServiceBoard, GUINT_TO_POINTER (BOARD_PULLED), set_up,
              test_unplugged, tear_down_plugged);

  return g_test_run ();
}
