/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-journal.h"
#include "lks-lock-plan.h"
#include "lks-run-history.h"

#define BLANK LKS_MANUFACTURING_STATE_BLANK
#define MODULE1 LKS_MANUFACTURING_STATE_MODULE1_COMPLETE
#define DEVICE LKS_MANUFACTURING_STATE_DEVICE_COMPLETE

static const LksManufacturingState states[] = { LKS_MANUFACTURING_STATE_UNKNOWN, BLANK, MODULE1,
                                                DEVICE };
static const LksTargetState targets[] = { LKS_TARGET_STATE_MODULE1_COMPLETE,
                                          LKS_TARGET_STATE_DEVICE_COMPLETE };

/* Whatever the table says, it never orders a step back, never one from an unknown state, and a
 * step over Module1Complete only where the recipe allows it. */
static void
test_plan_is_one_way (void)
{
  for (gsize s = 0; s < G_N_ELEMENTS (states); s++)
    for (gsize t = 0; t < G_N_ELEMENTS (targets); t++)
      for (int skip = 0; skip <= 1; skip++)
        {
          LksManufacturingState target = lks_lock_plan_target_state (targets[t]);
          const char *reason = NULL;
          LksLockAction action = lks_lock_plan (states[s], targets[t], skip, &reason);

          g_assert_nonnull (reason);
          g_assert_cmpint (target, !=, LKS_MANUFACTURING_STATE_UNKNOWN);
          g_assert_true ((action == LKS_LOCK_ACTION_STOP) ==
                         (states[s] == LKS_MANUFACTURING_STATE_UNKNOWN));
          g_assert_true ((action == LKS_LOCK_ACTION_VERIFY) == (states[s] == target));
          if (action == LKS_LOCK_ACTION_WRITE)
            {
              g_assert_cmpint (states[s], !=, LKS_MANUFACTURING_STATE_UNKNOWN);
              g_assert_cmpint (states[s], <, target);
              g_assert_true (target - states[s] == 1 || skip);
            }
        }
}

static void
test_plan_table (void)
{
  static const struct
  {
    LksManufacturingState state;
    LksTargetState target;
    gboolean skip;
    LksLockAction action;
  } cases[] = {
    { BLANK, LKS_TARGET_STATE_MODULE1_COMPLETE, FALSE, LKS_LOCK_ACTION_WRITE },
    { BLANK, LKS_TARGET_STATE_DEVICE_COMPLETE, FALSE, LKS_LOCK_ACTION_REFUSE },
    { BLANK, LKS_TARGET_STATE_DEVICE_COMPLETE, TRUE, LKS_LOCK_ACTION_WRITE },
    { MODULE1, LKS_TARGET_STATE_DEVICE_COMPLETE, FALSE, LKS_LOCK_ACTION_WRITE },
    { DEVICE, LKS_TARGET_STATE_MODULE1_COMPLETE, TRUE, LKS_LOCK_ACTION_REFUSE },
    { (LksManufacturingState) 99, LKS_TARGET_STATE_DEVICE_COMPLETE, TRUE, LKS_LOCK_ACTION_STOP },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *reason;

      g_assert_cmpint (lks_lock_plan (cases[i].state, cases[i].target, cases[i].skip, &reason), ==,
                       cases[i].action);
    }
}

static void
mark_reachable (LksRunPhase from, LksRunPhase without, gboolean *reached)
{
  if (reached[from] || from == without)
    return;

  reached[from] = TRUE;
  for (int to = 0; to < LKS_RUN_PHASES; to++)
    if (lks_run_phase_may_follow (from, (LksRunPhase) to))
      mark_reachable ((LksRunPhase) to, without, reached);
}

/* Walks the table of phases: everything can be reached and ends; nothing comes twice; the write
 * needs the consent, and whoever writes reads back; a PASS that wrote has proven the restart. */
static void
test_phases (void)
{
  gboolean reached[LKS_RUN_PHASES] = { FALSE };
  gsize n_transitions;
  const LksPhaseTransition *transitions = lks_run_phase_get_transitions (&n_transitions);

  mark_reachable (LKS_RUN_PHASE_IDENTIFY, LKS_RUN_PHASES, reached);
  for (int phase = 0; phase < LKS_RUN_PHASES; phase++)
    {
      gboolean onward[LKS_RUN_PHASES] = { FALSE };

      g_assert_true (reached[phase]);
      mark_reachable ((LksRunPhase) phase, LKS_RUN_PHASES, onward);
      g_assert_true (onward[LKS_RUN_PHASE_END]);
      g_assert_true (phase == LKS_RUN_PHASE_END || onward[LKS_RUN_PHASE_RECORD] ||
                     phase > LKS_RUN_PHASE_RECORD);
    }
  for (gsize i = 0; i < n_transitions; i++)
    {
      g_assert_cmpint (transitions[i].from, <, transitions[i].to);
      g_assert_nonnull (transitions[i].why);
    }
}

static void
test_no_way_around (void)
{
  static const struct
  {
    LksRunPhase from;
    LksRunPhase needed;
    LksRunPhase to;
  } cases[] = {
    { LKS_RUN_PHASE_IDENTIFY, LKS_RUN_PHASE_CHECK, LKS_RUN_PHASE_SET_STATE },
    { LKS_RUN_PHASE_IDENTIFY, LKS_RUN_PHASE_CONSENT, LKS_RUN_PHASE_SET_STATE },
    { LKS_RUN_PHASE_IDENTIFY, LKS_RUN_PHASE_RECORD, LKS_RUN_PHASE_END },
    { LKS_RUN_PHASE_SET_STATE, LKS_RUN_PHASE_READ_BACK, LKS_RUN_PHASE_RESTART },
    { LKS_RUN_PHASE_SET_STATE, LKS_RUN_PHASE_READ_BACK, LKS_RUN_PHASE_VERIFY },
    { LKS_RUN_PHASE_SET_STATE, LKS_RUN_PHASE_PROVE_RESTART, LKS_RUN_PHASE_VERIFY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean with[LKS_RUN_PHASES] = { FALSE };
      gboolean without[LKS_RUN_PHASES] = { FALSE };

      mark_reachable (cases[i].from, LKS_RUN_PHASES, with);
      mark_reachable (cases[i].from, cases[i].needed, without);
      g_assert_true (with[cases[i].to]);
      g_assert_false (without[cases[i].to]);
    }
}

static void
test_cancellable (void)
{
  for (int phase = 0; phase < LKS_RUN_PHASES; phase++)
    g_assert_true (lks_run_phase_is_cancellable ((LksRunPhase) phase) ==
                   (phase != LKS_RUN_PHASE_SET_STATE && phase != LKS_RUN_PHASE_READ_BACK &&
                    phase != LKS_RUN_PHASE_RECORD && phase != LKS_RUN_PHASE_END));
}

#define INTENT "set-state", "intent", "{\"stateBefore\":\"Module1Complete\"}"
#define WRITTEN "read-back", "evidence", "{\"outcome\":\"written\"}"
#define NOT_WRITTEN "read-back", "evidence", "{\"outcome\":\"not-written\"}"
#define UNKNOWN "read-back", "evidence", "{\"outcome\":\"unknown\"}"
#define RESTART "restart", "intent", "{}"
#define PROVEN "prove-restart", "evidence", "{}"
#define STOPPED "end", "evidence", "{\"verdict\":\"STOPPED\"}"
#define PASSED "end", "evidence", "{\"verdict\":\"PASS\"}"

typedef struct
{
  const char *step;
  const char *phase;
  const char *data;
} Line;

static const struct
{
  const char *name;
  Line lines[9];
  gboolean is_open;
  gboolean is_unresolved;
  gboolean is_written;
  gboolean is_proven;
} histories[] = {
  { "nothing", { { 0 } }, FALSE, FALSE, FALSE, FALSE },
  { "intent", { { INTENT } }, TRUE, TRUE, FALSE, FALSE },
  { "unknown", { { INTENT }, { UNKNOWN } }, TRUE, TRUE, FALSE, FALSE },
  { "unknown and ended", { { INTENT }, { UNKNOWN }, { STOPPED } }, TRUE, TRUE, FALSE, FALSE },
  { "not written", { { INTENT }, { NOT_WRITTEN } }, FALSE, FALSE, FALSE, FALSE },
  { "written", { { INTENT }, { WRITTEN } }, TRUE, FALSE, TRUE, FALSE },
  { "found later",
    { { INTENT }, { UNKNOWN }, { STOPPED }, { WRITTEN } },
    TRUE,
    FALSE,
    TRUE,
    FALSE },
  { "restarting", { { INTENT }, { WRITTEN }, { RESTART } }, TRUE, FALSE, TRUE, FALSE },
  { "proven", { { INTENT }, { WRITTEN }, { RESTART }, { PROVEN } }, TRUE, FALSE, TRUE, TRUE },
  { "proven, not verified",
    { { INTENT }, { WRITTEN }, { RESTART }, { PROVEN }, { STOPPED } },
    TRUE,
    FALSE,
    TRUE,
    TRUE },
  { "done",
    { { INTENT }, { WRITTEN }, { RESTART }, { PROVEN }, { PASSED } },
    FALSE,
    FALSE,
    FALSE,
    FALSE },
  { "proof without a write", { { RESTART }, { PROVEN } }, FALSE, FALSE, FALSE, FALSE },
  { "proof before the answer", { { INTENT }, { PROVEN } }, TRUE, TRUE, FALSE, FALSE },
  { "second attempt",
    { { INTENT }, { NOT_WRITTEN }, { STOPPED }, { INTENT } },
    TRUE,
    TRUE,
    FALSE,
    FALSE },
  { "broken line", { { INTENT }, { "read-back", "evidence", "[]" } }, TRUE, TRUE, FALSE, FALSE },
};

static LksJournalEntry *
make_entry (const Line *line, const char *target)
{
  return lks_journal_entry_copy (&(LksJournalEntry){
      .run_id = "run",
      .device_id = "id",
      .target = target,
      .step = line->step,
      .phase = line->phase,
      .data = line->data,
  });
}

static void
test_histories (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (histories); i++)
    {
      g_autoptr (GPtrArray) entries =
          g_ptr_array_new_with_free_func ((GDestroyNotify) lks_journal_entry_free);
      LksRunHistory history;
      LksRunHistory other;

      g_test_message ("%s", histories[i].name);
      for (const Line *line = histories[i].lines; line->step != NULL; line++)
        g_ptr_array_add (entries, make_entry (line, "DeviceComplete"));

      lks_run_history_derive (entries, "DeviceComplete", &history);
      g_assert_true ((history.run_id != NULL) == histories[i].is_open);
      g_assert_cmpint (history.is_unresolved, ==, histories[i].is_unresolved);
      g_assert_cmpint (history.is_written, ==, histories[i].is_written);
      g_assert_cmpint (history.is_proven, ==, histories[i].is_proven);
      if (histories[i].is_open)
        g_assert_cmpstr (history.state_before, ==, "Module1Complete");
      lks_run_history_clear (&history);

      /* Another target is another story. */
      lks_run_history_derive (entries, "Module1Complete", &other);
      g_assert_null (other.run_id);
    }
}

/* What may wait on a board to be installed is ours until it is known to be installed. */
static void
test_load_history (void)
{
  static const struct
  {
    const char *phase;
    const char *data;
    gboolean is_loading;
  } lines[] = {
    { "intent", "{\"images\":[]}", TRUE },
    { "evidence", "{\"steps\":[{\"name\":\"load-images\",\"result\":\"pass\"}]}", FALSE },
    { "evidence", "{\"steps\":[{\"name\":\"load-images\",\"result\":\"stopped\"}]}", TRUE },
    { "evidence", "{\"steps\":[{\"name\":\"load-images\",\"result\":\"fail\"}]}", TRUE },
    { "evidence", "{\"steps\":[]}", TRUE },
    { "evidence", "{\"steps\":7}", TRUE },
    { "evidence", "{\"steps\":[7]}", TRUE },
    { "evidence", "[]", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      const Line line = { "load", lines[i].phase, lines[i].data };
      g_autoptr (GPtrArray) entries =
          g_ptr_array_new_with_free_func ((GDestroyNotify) lks_journal_entry_free);
      LksRunHistory history;

      g_ptr_array_add (entries, make_entry (&line, "DeviceComplete"));
      lks_run_history_derive (entries, "DeviceComplete", &history);
      g_assert_cmpint (history.is_loading, ==, lines[i].is_loading);
      g_assert_null (history.run_id);
      lks_run_history_clear (&history);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/one-way", test_plan_is_one_way);
  g_test_add_func ("/plan/table", test_plan_table);
  g_test_add_func ("/plan/phases", test_phases);
  g_test_add_func ("/plan/no-way-around", test_no_way_around);
  g_test_add_func ("/plan/cancellable", test_cancellable);
  g_test_add_func ("/plan/histories", test_histories);
  g_test_add_func ("/plan/load-history", test_load_history);

  return g_test_run ();
}
