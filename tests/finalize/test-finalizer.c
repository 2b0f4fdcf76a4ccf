/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-finalizer TRACE: runs with the boards of boards.json plugged in, down to their USB. TRACE
 * is where every request that a board answered is written down by the other side.
 *
 * test-finalizer --finalize PLACE LEDGER: the same as another process, to be killed. */

#include "lks-board-list.h"
#include "lks-device-error.h"
#include "lks-enums.h"
#include "lks-finalizer.h"
#include "lks-trust.h"
#include "wait-until.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_S 60
#define RECIPE(more)                                                                               \
  "{\"name\":\"test\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"24.06\"],"       \
  "\"images\":[\"aa11aa11-0000-4000-8000-000000000001\"],\"restart\":{\"waitSeconds\":30,"         \
  "\"powerCycleSeconds\":20}" more "}"
#define CATALOG                                                                                    \
  "/subscriptions/bbbbbbbb-2222-4333-8444-555555555555/resourceGroups/rg/providers/"               \
  "Microsoft.AzureSphere/catalogs/plant7"
#define CLAIMED ",\"claim\":{\"policy\":\"before-lock\",\"catalog\":\"" CATALOG "\"}"

static const char *program;
static const char *trace_path;

typedef struct
{
  LksIoThread *io_thread;
  LksBoardList *boards;
  LksLedger *ledger;
  LksRecipe *recipe;
} Station;

/* ---- conditions, never times ---- */

/* What a board says that does not become ready, for whoever has to find out why. */
static gboolean
not_ready_cb (gpointer user_data)
{
  const LksBoardStatus *status = lks_board_get_status (user_data);
  const GError *error = lks_board_status_get_error (status);

  g_error ("the board at %s is not ready but %s: %s", lks_board_get_path (user_data),
           lks_enum_to_nick (LKS_TYPE_BOARD_STATE, (int) lks_board_get_state (user_data)),
           error != NULL ? error->message : "no error");
  return G_SOURCE_REMOVE;
}

static void
wait_until_ready (LksBoard *board)
{
  guint too_late = g_timeout_add_seconds (PATIENCE_S, not_ready_cb, board);

  while (lks_board_get_state (board) != LKS_BOARD_STATE_READY)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (too_late);
}

/* ---- the station ---- */

static LksRecipe *
make_recipe (const char *json)
{
  g_autoptr (GBytes) text = g_bytes_new_static (json, strlen (json));
  g_autoptr (GError) error = NULL;
  LksRecipe *recipe = lks_recipe_parse ("test", NULL, text, &error);

  g_assert_no_error (error);
  return recipe;
}

static void
open_station (Station *s, const char *ledger_path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);

  g_assert_no_error (error);
  s->io_thread = lks_io_thread_new ();
  s->boards = lks_board_list_new (s->io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  s->ledger = lks_ledger_open (ledger_path, &error);
  g_assert_no_error (error);
  s->recipe = make_recipe (RECIPE (""));
  WAIT_UNTIL (lks_board_list_is_settled (s->boards));
}

static void
close_station (Station *s)
{
  lks_board_list_close (s->boards);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&s->boards);
  g_clear_object (&s->io_thread);
  g_clear_object (&s->ledger);
  g_clear_object (&s->recipe);
}

static LksFinalizer *
finalizer_at (Station *s, const char *place)
{
  g_autoptr (GError) error = NULL;
  LksBoard *board = lks_board_list_find (s->boards, place, &error);

  g_assert_no_error (error);
  wait_until_ready (board);
  return lks_finalizer_new (board, s->recipe, s->ledger);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static LksRunResult *
check (LksFinalizer *finalizer)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  LksRunResult *checked;

  lks_finalizer_check_async (finalizer, NULL, finished_cb, &result);
  g_assert_true (lks_finalizer_get_busy (finalizer));
  WAIT_UNTIL (result != NULL);
  g_assert_false (lks_finalizer_get_busy (finalizer));
  checked = lks_finalizer_check_finish (finalizer, result, &error);
  g_assert_no_error (error);
  return checked;
}

static LksConsent *
consent_to (LksFinalizer *finalizer, const char *device_id)
{
  g_autoptr (GError) error = NULL;
  LksConsent *consent =
      lks_consent_new (lks_finalizer_get_recipe (finalizer), device_id, "typed", &error);

  g_assert_no_error (error);
  return consent;
}

static LksRunResult *
finalize (LksFinalizer *finalizer)
{
  g_autoptr (LksConsent) consent =
      consent_to (finalizer, lks_board_get_device_id (lks_finalizer_get_board (finalizer)));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  LksRunResult *finalized;

  lks_finalizer_finalize_async (finalizer, consent, NULL, finished_cb, &result);
  WAIT_UNTIL (result != NULL);
  finalized = lks_finalizer_finalize_finish (finalizer, result, &error);
  g_assert_no_error (error);
  return finalized;
}

static LksRunStep *
find_step (LksRunResult *result, const char *name)
{
  for (guint i = 0; i < result->steps->len; i++)
    if (g_str_equal (lks_run_step_get_name (result->steps->pdata[i]), name))
      return result->steps->pdata[i];

  return NULL;
}

static void
assert_verdict (LksRunResult *result, LksVerdict verdict, LksOutcome outcome)
{
  for (guint i = 0; i < result->steps->len; i++)
    {
      LksRunStep *step = result->steps->pdata[i];

      g_test_message ("%s: %s: %s", lks_run_step_get_name (step),
                      lks_enum_to_nick (LKS_TYPE_STEP_RESULT, (int) lks_run_step_get_result (step)),
                      lks_run_step_get_message (step));
    }
  g_test_message ("%s %s", lks_enum_to_nick (LKS_TYPE_VERDICT, (int) result->verdict),
                  result->error != NULL ? result->error->message : "");
  g_assert_cmpint (result->verdict, ==, verdict);
  g_assert_cmpint (result->outcome, ==, outcome);
}

/* ---- the other side ---- */

static void
tell_emulator (const char *command, guint board)
{
  g_autofree char *path = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "control", NULL);
  g_autofree char *line =
      g_strdup_printf ("{\"command\": \"%s\", \"board\": %u}\n", command, board);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GDataInputStream) input = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line,
                             strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (answer, "true"));
}

/* How often a board answered such a request. */
static guint
count_requests (guint board, const char *method, const char *path)
{
  g_autofree char *text = NULL;
  g_autofree char *pattern =
      g_strdup_printf ("\"board\":%u,\"method\":\"%s\",\"path\":\"%s\"", board, method, path);
  g_autoptr (GError) error = NULL;
  guint count = 0;

  g_file_get_contents (trace_path, &text, NULL, &error);
  g_assert_no_error (error);
  for (const char *at = text; (at = strstr (at, pattern)) != NULL; at += strlen (pattern))
    count++;
  return count;
}

static guint
count_writes (guint board)
{
  return count_requests (board, "PUT", "/device/manufacturing_state");
}

/* ---- tests ---- */

static void
step_added_cb (GListModel *steps, guint position, guint removed, guint added, gpointer user_data)
{
  GString *seen = user_data;

  for (guint i = position; i < position + added && added == 1; i++)
    {
      g_autoptr (LksRunStep) step = g_list_model_get_item (steps, i);

      if (lks_run_step_get_result (step) == LKS_STEP_RESULT_RUNNING)
        g_string_append_printf (seen, "%s ", lks_run_step_get_name (step));
    }
}

static void
test_finalize (Station *s, gconstpointer unused)
{
  g_autoptr (LksFinalizer) finalizer = finalizer_at (s, "1-1");
  g_autoptr (LksRunResult) checked = check (finalizer);
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) again = NULL;
  g_autoptr (LksRecord) record = NULL;
  g_autoptr (LksRecord) later = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) seen = g_string_new (NULL);
  const char *evidence;

  assert_verdict (checked, LKS_VERDICT_PASS, LKS_OUTCOME_READY);
  g_assert_cmpstr (lks_finalizer_get_device_id (finalizer), ==, checked->device_id);
  g_assert_cmpuint (count_writes (0), ==, 0);

  g_signal_connect (lks_finalizer_get_steps (finalizer), "items-changed",
                    G_CALLBACK (step_added_cb), seen);
  lks_finalizer_set_order (finalizer, &(LksRunOrder){ .operator_name = " Ada Lovelace ",
                                                      .operator_role = "engineer",
                                                      .batch = "4711",
                                                      .label = "  " });
  result = finalize (finalizer);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (count_writes (0), ==, 1);
  g_assert_true (g_str_has_prefix (seen->str, "identify rest-version state capabilities "));
  g_assert_nonnull (strstr (seen->str, "set-state read-back restart prove-restart "));
  g_assert_cmpuint (g_list_model_get_n_items (lks_finalizer_get_steps (finalizer)), ==,
                    result->steps->len);
  g_assert_cmpfloat (lks_finalizer_get_progress (finalizer), ==, 1);
  g_assert_cmpint (lks_finalizer_get_verdict (finalizer), ==, LKS_VERDICT_PASS);
  g_assert_null (lks_finalizer_get_message (finalizer));

  evidence = lks_run_step_get_evidence (find_step (result, "read-back"));
  g_assert_nonnull (strstr (evidence, "\"path\":\"/device/manufacturing_state\""));
  g_assert_nonnull (strstr (evidence, "{\\\"manufacturingState\\\":\\\"DeviceComplete\\\"}"));

  record = lks_ledger_get (s->ledger, result->record_id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lks_record_get_fields (record)->usb_serial, ==, result->usb_serial);
  g_assert_nonnull (strstr (lks_record_get_fields (record)->document, "exchanges"));
  g_assert_cmpstr (lks_record_get_fields (record)->operator_name, ==, "Ada Lovelace");
  g_assert_cmpstr (lks_record_get_fields (record)->operator_role, ==, "engineer");
  g_assert_cmpstr (lks_record_get_fields (record)->batch, ==, "4711");
  g_assert_null (lks_record_get_fields (record)->label);
  g_assert_nonnull (strstr (lks_record_get_fields (record)->document,
                            "\"operator\":\"Ada Lovelace\",\"role\":\"engineer\","
                            "\"batch\":\"4711\",\"label\":null"));

  /* Once more: verified, and not written to. Nobody signed in. */
  lks_finalizer_set_order (finalizer, NULL);
  again = finalize (finalizer);
  assert_verdict (again, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  g_assert_cmpuint (count_writes (0), ==, 1);
  later = lks_ledger_get (s->ledger, again->record_id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lks_record_get_fields (later)->operator_name, ==, g_get_user_name ());
}

static void
needs_power_cb (LksFinalizer *finalizer, GParamSpec *pspec, gpointer user_data)
{
  if (lks_finalizer_get_needs (finalizer) != NULL)
    tell_emulator ("reset", GPOINTER_TO_UINT (user_data));
}

static void
test_power_cycle (Station *s, gconstpointer unused)
{
  g_autoptr (LksFinalizer) finalizer = finalizer_at (s, "1-2");
  g_autoptr (LksRunResult) result = NULL;

  g_signal_connect (finalizer, "notify::needs", G_CALLBACK (needs_power_cb), GUINT_TO_POINTER (1));
  result = finalize (finalizer);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "restart")), ==,
                   LKS_STEP_RESULT_WARNING);
  g_assert_cmpuint (count_writes (1), ==, 1);
}

static void
test_verify (Station *s, gconstpointer unused)
{
  g_autoptr (LksFinalizer) finalizer = finalizer_at (s, "1-3");
  g_autoptr (LksRunResult) checked = check (finalizer);
  g_autoptr (LksRunResult) result = finalize (finalizer);

  assert_verdict (checked, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "images")), ==,
                   LKS_STEP_RESULT_SKIP);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "service-lock")), ==,
                   LKS_STEP_RESULT_PASS);
  g_assert_cmpuint (count_writes (2), ==, 0);
}

/* Boards that must not pass: nothing is written to those that are not ready. */
static const struct
{
  const char *name;
  const char *place;
  guint board;
  LksVerdict verdict;
  const char *step;
  LksStepResult result;
  guint writes;
} spoilt[] = {
  { "blank", "1-4", 3, LKS_VERDICT_FAIL, "state", LKS_STEP_RESULT_FAIL, 0 },
  { "state-not-stored", "1-6", 5, LKS_VERDICT_FAIL, "read-back", LKS_STEP_RESULT_FAIL, 1 },
  { "network", "1-8", 7, LKS_VERDICT_FAIL, "wifi-networks", LKS_STEP_RESULT_FAIL, 0 },
  { "test-server", "1-8", 7, LKS_VERDICT_FAIL, "absent-components", LKS_STEP_RESULT_FAIL, 0 },
  { "other-board", "1-9", 8, LKS_VERDICT_STOPPED, "verify-identity", LKS_STEP_RESULT_STOPPED, 1 },
  { "unknown-state", "1-10", 9, LKS_VERDICT_STOPPED, "state", LKS_STEP_RESULT_STOPPED, 0 },
};

static void
test_spoilt (Station *s, gconstpointer unused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spoilt); i++)
    {
      g_autoptr (LksFinalizer) finalizer = finalizer_at (s, spoilt[i].place);
      g_autoptr (LksRunResult) result = NULL;

      g_test_message ("%s", spoilt[i].name);
      result = finalize (finalizer);
      assert_verdict (result, spoilt[i].verdict, LKS_OUTCOME_NONE);
      g_assert_nonnull (find_step (result, spoilt[i].step));
      g_assert_cmpint (lks_run_step_get_result (find_step (result, spoilt[i].step)), ==,
                       spoilt[i].result);
      g_assert_cmpuint (count_writes (spoilt[i].board), ==, spoilt[i].writes);
      g_assert_nonnull (lks_finalizer_get_message (finalizer));
      g_assert_nonnull (result->record_id);
    }
}

/* The answer to the order is lost: asked, not repeated. */
static void
test_lost_answer (Station *s, gconstpointer unused)
{
  g_autoptr (LksFinalizer) finalizer = finalizer_at (s, "1-5");
  g_autoptr (LksRunResult) result = finalize (finalizer);

  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "set-state")), ==,
                   LKS_STEP_RESULT_WARNING);
  g_assert_cmpuint (count_writes (4), ==, 1);
}

static void
unplug_at_step_cb (GListModel *steps,
                   guint position,
                   guint removed,
                   guint added,
                   gpointer user_data)
{
  g_autoptr (LksRunStep) step = g_list_model_get_item (steps, position);

  if (step != NULL && g_str_equal (lks_run_step_get_name (step), "prove-restart") &&
      lks_run_step_get_result (step) == LKS_STEP_RESULT_RUNNING)
    tell_emulator ("unplug", 6);
}

static gboolean
is_ready_at (Station *s, const char *place)
{
  LksBoard *board = lks_board_list_find (s->boards, place, NULL);

  return board != NULL && lks_board_get_state (board) == LKS_BOARD_STATE_READY;
}

/* Unplugged while it restarts, plugged in again: the proof goes on, without any consent. */
static void
test_unplug (Station *s, gconstpointer unused)
{
  g_autoptr (LksFinalizer) finalizer = finalizer_at (s, "1-7");
  g_autoptr (LksFinalizer) after = NULL;
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) resumed = NULL;

  g_signal_connect (lks_finalizer_get_steps (finalizer), "items-changed",
                    G_CALLBACK (unplug_at_step_cb), NULL);
  result = finalize (finalizer);
  assert_verdict (result, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_nonnull (strstr (lks_finalizer_get_message (finalizer), "unplugged"));
  g_clear_object (&finalizer);

  WAIT_UNTIL (lks_board_list_find (s->boards, "1-7", NULL) == NULL);
  tell_emulator ("plug", 6);
  WAIT_UNTIL (is_ready_at (s, "1-7"));
  after = finalizer_at (s, "1-7");
  resumed = finalize (after);
  assert_verdict (resumed, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (count_writes (6), ==, 1);
}

/* ---- one device ID at two places ---- */

/* A catalog that is asked just before the claim and the lock, and answers when the gate is opened.
 */
#define TEST_TYPE_GATE (test_gate_get_type ())
G_DECLARE_FINAL_TYPE (TestGate, test_gate, TEST, GATE, GObject)

struct _TestGate
{
  GObject parent_instance;
  GMutex mutex;
  GCond cond;
  gboolean is_open;
  gint is_asked; /* atomic */
  gint n_claims; /* atomic */
};

static gboolean
gate_look (LksClaimer *claimer,
           const LksRecipeClaim *claim,
           const char *device_id,
           LksClaimAnswer *answer,
           GCancellable *cancellable,
           GError **error)
{
  TestGate *gate = TEST_GATE (claimer);

  g_atomic_int_set (&gate->is_asked, 1);
  g_main_context_wakeup (NULL);
  g_mutex_lock (&gate->mutex);
  while (!gate->is_open)
    g_cond_wait (&gate->cond, &gate->mutex);
  g_mutex_unlock (&gate->mutex);
  answer->account = g_strdup ("olga");
  return TRUE;
}

static gboolean
gate_claim (LksClaimer *claimer,
            const LksRecipeClaim *claim,
            const char *device_id,
            LksClaimAnswer *answer,
            GCancellable *cancellable,
            GError **error)
{
  g_atomic_int_inc (&TEST_GATE (claimer)->n_claims);
  answer->place = g_strdup (claim->catalog_id);
  return TRUE;
}

static void
test_gate_iface_init (LksClaimerInterface *iface)
{
  iface->look = gate_look;
  iface->claim = gate_claim;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestGate,
                               test_gate,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_CLAIMER, test_gate_iface_init))

static void
test_gate_class_init (TestGateClass *klass)
{
}

static void
test_gate_init (TestGate *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
}

static void
open_gate (TestGate *gate)
{
  g_mutex_lock (&gate->mutex);
  gate->is_open = TRUE;
  g_cond_broadcast (&gate->cond);
  g_mutex_unlock (&gate->mutex);
}

static void
assert_contested (LksRunResult *result, const char *said)
{
  assert_verdict (result, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_error (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY);
  g_assert_nonnull (strstr (result->error->message, said));
}

/* The twin is plugged in when the first is about to be claimed and locked: neither is. */
static void
test_twin (Station *s, gconstpointer unused)
{
  g_autoptr (LksFinalizer) finalizer = NULL;
  g_autoptr (LksFinalizer) of_twin = NULL;
  g_autoptr (LksConsent) consent = NULL;
  g_autoptr (TestGate) gate = g_object_new (TEST_TYPE_GATE, NULL);
  g_autoptr (GAsyncResult) finished = NULL;
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) result_of_twin = NULL;
  g_autoptr (LksRunResult) alone = NULL;
  LksBoard *board;

  g_clear_object (&s->recipe);
  s->recipe = make_recipe (RECIPE (CLAIMED));
  finalizer = finalizer_at (s, "1-17");
  board = lks_finalizer_get_board (finalizer);
  consent = consent_to (finalizer, lks_board_get_device_id (board));
  lks_finalizer_set_claimer (finalizer, LKS_CLAIMER (gate));
  lks_finalizer_finalize_async (finalizer, consent, NULL, finished_cb, &finished);
  WAIT_UNTIL (g_atomic_int_get (&gate->is_asked) != 0);
  tell_emulator ("plug", 17);
  WAIT_UNTIL (lks_board_get_duplicate (board) != NULL);
  g_assert_cmpstr (lks_board_get_duplicate (board), ==, "1-18");
  open_gate (gate);
  WAIT_UNTIL (finished != NULL);
  result = lks_finalizer_finalize_finish (finalizer, finished, NULL);
  assert_contested (result, "no state was changed");

  of_twin = lks_finalizer_new (lks_board_list_find (s->boards, "1-18", NULL), s->recipe, s->ledger);
  result_of_twin = finalize (of_twin);
  g_assert_error (result_of_twin->error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_DUPLICATE);
  g_assert_cmpuint (count_writes (16) + count_writes (17), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&gate->n_claims), ==, 0);

  tell_emulator ("unplug", 17);
  WAIT_UNTIL (lks_board_list_find (s->boards, "1-18", NULL) == NULL);
  g_assert_null (lks_board_get_duplicate (board));
  wait_until_ready (board);
  alone = finalize (finalizer);
  assert_verdict (alone, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpint (g_atomic_int_get (&gate->n_claims), ==, 1);
}

static void
plug_twin_cb (LksFinalizer *finalizer, GParamSpec *pspec, gpointer user_data)
{
  if (lks_finalizer_get_needs (finalizer) != NULL)
    tell_emulator ("plug", 19);
}

static void
twin_seen_cb (LksBoard *board, GParamSpec *pspec, gpointer user_data)
{
  if (lks_board_get_duplicate (board) != NULL)
    tell_emulator ("reset", 18);
}

/* The twin is plugged in when the first is locked already: that one does not pass, and is gone on
 * with when it is alone. */
static void
test_late_twin (Station *s, gconstpointer unused)
{
  g_autoptr (LksFinalizer) finalizer = finalizer_at (s, "1-19");
  LksBoard *board = lks_finalizer_get_board (finalizer);
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) alone = NULL;

  g_signal_connect (finalizer, "notify::needs", G_CALLBACK (plug_twin_cb), NULL);
  g_signal_connect (board, "notify::duplicate", G_CALLBACK (twin_seen_cb), NULL);
  result = finalize (finalizer);
  assert_contested (result, "after this board was set to DeviceComplete");
  g_assert_cmpuint (count_writes (18), ==, 1);

  tell_emulator ("unplug", 19);
  WAIT_UNTIL (lks_board_list_find (s->boards, "1-20", NULL) == NULL);
  wait_until_ready (board);
  alone = finalize (finalizer);
  assert_verdict (alone, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (count_writes (18), ==, 1);
}

/* ---- who may run when ---- */

static void
test_busy_and_cancel (Station *s, gconstpointer unused)
{
  g_autoptr (LksFinalizer) finalizer = finalizer_at (s, "1-16");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) none = NULL;
  g_autoptr (GError) error = NULL;

  lks_finalizer_check_async (finalizer, cancellable, finished_cb, &first);
  lks_finalizer_check_async (finalizer, NULL, finished_cb, &second);
  g_cancellable_cancel (cancellable);
  WAIT_UNTIL (first != NULL && second != NULL);

  none = lks_finalizer_check_finish (finalizer, second, &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);

  result = lks_finalizer_check_finish (finalizer, first, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->verdict, ==, LKS_VERDICT_STOPPED);
  g_assert_error (result->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- kill -9 ---- */

static int
finalize_and_tell (const char *place, const char *ledger_path)
{
  Station s = { 0 };
  g_autoptr (LksFinalizer) finalizer = NULL;
  g_autoptr (LksRunResult) result = NULL;
  LksVerdict verdict;

  open_station (&s, ledger_path);
  finalizer = finalizer_at (&s, place);
  result = finalize (finalizer);
  verdict = result->verdict;
  if (verdict != LKS_VERDICT_PASS)
    {
      g_autoptr (JsonNode) json = lks_run_result_to_json (result);
      g_autofree char *text = json_to_string (json, TRUE);

      fprintf (stderr, "%s\n", text);
    }
  g_clear_object (&finalizer);
  close_station (&s);
  return verdict == LKS_VERDICT_PASS ? 0 : 1;
}

static GSubprocess *
start_child (const char *place, const char *ledger_path)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *child;

  /* Its debug messages say which phase it has come to. */
  g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "lks-finalize", TRUE);
  child = g_subprocess_launcher_spawn (launcher, &error, program, "--finalize", place, ledger_path,
                                       NULL);
  g_assert_no_error (error);
  return child;
}

/* Kills a finalization as soon as it enters @phase, and finishes it with a second process. */
static void
kill_at (const char *phase, const char *place, guint board, const char *ledger_path)
{
  g_autofree char *sign = g_strdup_printf (" %s", phase);
  g_autoptr (GSubprocess) child = start_child (place, ledger_path);
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  g_autoptr (GSubprocess) second = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_there = FALSE;
  char *line;

  while (!is_there && (line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      is_there = g_str_has_suffix (line, sign);
      g_free (line);
    }
  g_assert_true (is_there);
  g_subprocess_force_exit (child);
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (child));

  second = start_child (place, ledger_path);
  g_subprocess_communicate (second, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (second));
  g_test_message ("%s: %u order(s)", phase, count_writes (board));
  g_assert_cmpuint (count_writes (board), ==, 1);
}

static void
test_kill (gconstpointer ledger_path)
{
  static const char *const phases[] = { "check", "set-state", "read-back", "restart",
                                        "prove-restart" };
  g_autoptr (LksLedger) ledger = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autofree char *place = g_strdup_printf ("1-%u", 11 + i);
      guint64 n_records;

      kill_at (phases[i], place, 10 + i, ledger_path);
      ledger = lks_ledger_open (ledger_path, NULL);
      g_assert_true (
          lks_ledger_count (ledger, &(LksLedgerQuery){ .verdict = "PASS" }, &n_records, NULL));
      g_assert_cmpuint (n_records, ==, i + 1);
      g_clear_object (&ledger);
    }
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

static void
set_up (Station *s, gconstpointer ledger_path)
{
  open_station (s, ledger_path);
}

static void
tear_down (Station *s, gconstpointer unused)
{
  close_station (s);
}

#define TEST(path, func) g_test_add (path, Station, ledger_path, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_autofree char *folder = NULL;
  g_autofree char *ledger_path = NULL;
  int status;

  if (argc == 4 && g_str_equal (argv[1], "--finalize"))
    return finalize_and_tell (argv[2], argv[3]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  trace_path = argv[1];
  g_assert_cmpint (truncate (trace_path, 0), ==, 0); /* of the last time; it is appended to */
  folder = g_dir_make_tmp ("lks-finalizer-XXXXXX", NULL);
  ledger_path = g_build_filename (folder, "ledger.sqlite", NULL);

  g_test_add_data_func ("/finalizer/kill", ledger_path, test_kill);
  TEST ("/finalizer/finalize", test_finalize);
  TEST ("/finalizer/power-cycle", test_power_cycle);
  TEST ("/finalizer/verify", test_verify);
  TEST ("/finalizer/spoilt", test_spoilt);
  TEST ("/finalizer/lost-answer", test_lost_answer);
  TEST ("/finalizer/unplug", test_unplug);
  TEST ("/finalizer/twin", test_twin);
  TEST ("/finalizer/late-twin", test_late_twin);
  TEST ("/finalizer/busy-and-cancel", test_busy_and_cancel);

  status = g_test_run ();
  remove_folder (folder);
  return status;
}
