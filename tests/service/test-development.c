/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards that are prepared for development or for tests with the cloud, under the bench
 * (development.json): the way there, what goes wrong between any two sub-steps, the way back. */
#include "service-board.h"
#include "service-packages.h"

#include "lks-board.h"
#include "lks-capability.h"
#include "lks-development.h"
#include "lks-device-error.h"
#include "lks-enums.h"
#include "lks-service-error.h"

#include <string.h>

enum
{
  BOARD_PLAIN,
  BOARD_DEVELOPMENT,
  BOARD_FINISHED,
  BOARD_FORGOTTEN,
  BOARD_OTA,
  BOARD_SERVICING,
  BOARD_FAULTY,
  BOARD_SWAPPED,
};

#define FAIL_INSTALL                                                                               \
  "\"kind\":\"status\",\"method\":\"POST\",\"path\":\"/update/"                                    \
  "install\",\"status\":500,\"times\":1"
#define FAIL_DELETE                                                                                \
  "\"kind\":\"status\",\"method\":\"DELETE\",\"path\":\"/app/image/*\",\"status\":500,\"times\":1"
#define LOSE_DELETE                                                                                \
  "\"kind\":\"reset-in-body\",\"method\":\"DELETE\",\"path\":\"/app/image/*\",\"afterBytes\":1,"   \
  "\"times\":1"
#define NO_RESTART "\"kind\":\"no-restart\",\"times\":1"

typedef struct
{
  ServiceBoard board;
  LksDevelopment *development; /* (owned) */
  char *device_id;             /* (owned) */

  /* What goes wrong when a sub-step begins. */
  LksDevelopmentStep at;
  const char *fault; /* (nullable): NULL unplugs the board */
  gboolean is_armed;
} Fixture;

static LksDevelopmentGoal
get_goal (guint board)
{
  return board == BOARD_PLAIN || board == BOARD_FINISHED || board == BOARD_SWAPPED
             ? LKS_DEVELOPMENT_GOAL_DEVELOPMENT
             : LKS_DEVELOPMENT_GOAL_CLOUD_TEST;
}

static void
set_file (Fixture *f, guint16 capability)
{
  g_autoptr (GBytes) bytes = packages_build_key (f->device_id, capability);
  g_autoptr (LksSecret) file =
      lks_secret_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  lks_development_set_file (f->development, file);
}

static char *
dup_device_id (ServiceBoard *board)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksDeviceSecurity) security =
      lks_device_get_security_state (board->device, NULL, &error);

  g_assert_no_error (error);
  return g_strdup (security->device_id);
}

static void
set_up (Fixture *f, gconstpointer index)
{
  guint board = GPOINTER_TO_UINT (index);

  service_board_open (&f->board, board);
  service_board_wait_alive (&f->board);
  f->device_id = dup_device_id (&f->board);
  f->development = lks_development_new (get_goal (board));
}

static void
tear_down (Fixture *f, gconstpointer index)
{
  lks_development_free (f->development);
  service_board_clear (&f->board);
  service_board_close (&f->board);
  g_free (f->device_id);
}

/* ---- helpers ---- */

static gboolean
run (Fixture *f, GError **error)
{
  return lks_development_run (f->development, f->board.device, LKS_PERIPHERAL_LOCK_OPEN, NULL,
                              error);
}

static gboolean
put_back (Fixture *f, GError **error)
{
  return lks_development_put_back (f->development, f->board.device, LKS_PERIPHERAL_LOCK_OPEN, NULL,
                                   error);
}

static void
assert_states (Fixture *f, const char *expected)
{
  g_autoptr (GString) states = g_string_new (NULL);

  for (guint step = 0; step < LKS_DEVELOPMENT_STEPS; step++)
    g_string_append_printf (states, "%s%s", step > 0 ? " " : "",
                            lks_enum_to_nick (LKS_TYPE_DEVELOPMENT_STATE,
                                              (int) lks_development_get_state (f->development,
                                                                               step)));
  g_assert_cmpstr (states->str, ==, expected);
}

static gboolean
has_stored (Fixture *f, guint capability)
{
  g_autoptr (GError) error = NULL;
  gboolean development, servicing;

  assert_ok (lks_capabilities_read (f->board.device, &development, &servicing, NULL, &error),
             error);
  return capability == LKS_CAPABILITY_APP_DEVELOPMENT ? development : servicing;
}

static gboolean
has_app (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSoftware) software = lks_software_read (f->board.device, NULL, NULL, &error);

  g_assert_no_error (error);
  return lks_software_find (software, PACKAGES_APP) != NULL;
}

static void
install (Fixture *f, LksSideloadPackage *package)
{
  const LksSideloadOptions options = { .allow_restart = TRUE };
  g_autoptr (GError) error = NULL;
  LksSideloadFacts *facts =
      lks_sideload_facts_read (f->board.device, NULL, LKS_PERIPHERAL_LOCK_OPEN, NULL, &error);
  GPtrArray *packages = lks_sideload_packages_new ();
  g_autoptr (LksSideloadPlan) plan = NULL;
  g_autoptr (LksSideloadResult) result = NULL;

  g_assert_no_error (error);
  g_ptr_array_add (packages, package);
  plan = lks_sideload_plan_new (facts, packages);
  result = lks_sideload_run (f->board.device, plan, &options, NULL, &error);
  g_assert_no_error (error);
}

/* As boards are before: for development without a capability, for the cloud with appDevelopment,
 * with an application on both. */
static void
prepare (Fixture *f)
{
  gboolean wants = lks_development_get_goal (f->development) == LKS_DEVELOPMENT_GOAL_CLOUD_TEST;

  if (has_stored (f, LKS_CAPABILITY_APP_DEVELOPMENT) != wants)
    install (f, packages_new (packages_build_key (f->device_id, wants ? 11 : 0)));
  if (!has_app (f))
    install (f, packages_new_app (&(PackageSpec){ .name = "Blink" }));
  g_string_truncate (f->board.seen, 0);
}

static gboolean
was_changed (Fixture *f)
{
  return strstr (f->board.seen->str, "PUT ") != NULL ||
         strstr (f->board.seen->str, "POST ") != NULL ||
         strstr (f->board.seen->str, "DELETE ") != NULL;
}

/* ---- the way there ---- */

static void
test_development (Fixture *f, gconstpointer index)
{
  g_autoptr (GError) error = NULL;

  prepare (f);
  set_file (f, 11);
  assert_ok (run (f, &error), error);
  assert_states (f, "done done nothing done done by-hand");
  g_assert_true (lks_development_is_done (f->development));
  g_assert_false (lks_development_is_half_done (f->development));
  g_assert_true (lks_development_may_go_back (f->development));
  g_assert_true (has_stored (f, LKS_CAPABILITY_APP_DEVELOPMENT));
  g_assert_true (has_app (f));
  g_assert_nonnull (strstr (lks_development_get_note (f->development, LKS_DEVELOPMENT_STEP_VERIFY),
                            "debug server"));

  /* Done is done: the board is asked who it is, and nothing is sent. */
  g_string_truncate (f->board.seen, 0);
  assert_ok (run (f, &error), error);
  g_assert_false (was_changed (f));
}

static void
test_cloud_test (Fixture *f, gconstpointer index)
{
  g_autoptr (GError) error = NULL;

  prepare (f);
  set_file (f, 0);
  assert_ok (run (f, &error), error);
  assert_states (f, "done done done done done by-hand");
  g_assert_cmpstr (lks_development_get_subject (f->development, LKS_DEVELOPMENT_STEP_DELETE), ==,
                   "Blink");
  g_assert_false (has_stored (f, LKS_CAPABILITY_APP_DEVELOPMENT));
  g_assert_false (has_app (f));
}

/* What is so already counts as done, and takes no file. */
static void
test_already (Fixture *f, gconstpointer index)
{
  g_autoptr (LksDevelopment) again = lks_development_new (LKS_DEVELOPMENT_GOAL_CLOUD_TEST);
  g_autoptr (GError) error = NULL;

  prepare (f);
  set_file (f, 0);
  assert_ok (run (f, &error), error);
  g_string_truncate (f->board.seen, 0);
  assert_ok (lks_development_run (again, f->board.device, LKS_PERIPHERAL_LOCK_OPEN, NULL, &error),
             error);
  g_assert_false (was_changed (f));
  g_assert_true (lks_development_is_done (again));
  g_assert_false (lks_development_may_go_back (again));
  g_assert_cmpint ((int) lks_development_get_state (again, LKS_DEVELOPMENT_STEP_APPLY), ==,
                   LKS_DEVELOPMENT_STATE_NOTHING);
  g_assert_cmpint ((int) lks_development_get_state (again, LKS_DEVELOPMENT_STEP_DELETE), ==,
                   LKS_DEVELOPMENT_STATE_NOTHING);
}

static void
test_look (Fixture *f, gconstpointer index)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  prepare (f);
  assert_ok (lks_development_look (f->development, f->board.device, LKS_PERIPHERAL_LOCK_OPEN, NULL,
                                   &error),
             error);
  assert_states (f, "done waiting waiting waiting waiting waiting");
  g_assert_false (was_changed (f));
  g_assert_cmpstr (lks_development_get_note (f->development, LKS_DEVELOPMENT_STEP_DELETE), ==,
                   "Will be deleted:");
  g_assert_cmpstr (lks_development_get_subject (f->development, LKS_DEVELOPMENT_STEP_DELETE), ==,
                   "Blink");
  g_assert_true (lks_development_needs_file (f->development));
  g_assert_cmpstr (lks_development_get_device_id (f->development), ==, f->device_id);

  node = lks_development_to_json (f->development);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "goal"), ==, "cloud-test");
  g_assert_false (json_object_get_boolean_member (object, "isDone"));
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (object, "steps")), ==,
                   LKS_DEVELOPMENT_STEPS);
}

/* ---- files ---- */

/* A file that would be refused later is refused before anything is deleted for it. */
static void
test_wrong_files (Fixture *f, gconstpointer index)
{
  g_autofree char *other = g_strnfill (128, 'e');
  g_autofree char *own = g_strdup (f->device_id);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSecret) nonsense = lks_secret_new ("nonsense", 8);

  prepare (f);
  g_assert_false (run (f, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  assert_states (f, "done failed waiting waiting waiting waiting");
  g_assert_false (lks_development_is_half_done (f->development));
  g_assert_false (lks_development_may_go_back (f->development));
  g_clear_error (&error);

  set_file (f, 11);
  g_assert_false (run (f, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_clear_error (&error);

  lks_development_set_file (f->development, nonsense);
  g_assert_false (run (f, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_free (f->device_id);
  f->device_id = g_steal_pointer (&other);
  set_file (f, 0);
  g_assert_false (run (f, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE); /* for another board */
  g_assert_false (was_changed (f));
  g_free (f->device_id);
  f->device_id = g_steal_pointer (&own);
  g_assert_true (has_app (f));
}

/* ---- boards that this is not done to ---- */

static void
assert_refused (Fixture *f, GQuark domain, int code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run (f, &error));
  g_assert_error (error, domain, code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
  assert_states (f, "failed waiting waiting waiting waiting waiting");
  g_assert_cmpstr (lks_development_get_subject (f->development, LKS_DEVELOPMENT_STEP_CHECK), ==,
                   error->message);
  g_assert_false (was_changed (f));
}

static void
test_finished (Fixture *f, gconstpointer index)
{
  set_file (f, 11);
  assert_refused (f, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE, "servicing session");
}

/* A finished board on which a capability was forgotten is not told that all is well. */
static void
test_forgotten (Fixture *f, gconstpointer index)
{
  g_clear_pointer (&f->development, lks_development_free);
  f->development = lks_development_new (LKS_DEVELOPMENT_GOAL_DEVELOPMENT);
  set_file (f, 11);
  assert_refused (f, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE, "was left on it");
}

static void
test_ota (Fixture *f, gconstpointer index)
{
  assert_refused (f, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID, "over the air");
}

static void
test_faulty (Fixture *f, gconstpointer index)
{
  assert_refused (f, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE, "fault");
}

/* Another board in the same place is not what was begun with. */
static void
test_swapped (Fixture *f, gconstpointer index)
{
  g_autoptr (GError) error = NULL;

  set_file (f, 11);
  service_board_set_fault (&f->board, "\"kind\":\"other-board\",\"times\":1");
  g_assert_false (run (f, &error));
  g_assert_error (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY);
  g_clear_error (&error);
  g_string_truncate (f->board.seen, 0);
  g_assert_false (run (f, &error));
  g_assert_error (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY);
  g_clear_error (&error);
  g_assert_false (put_back (f, &error));
  g_assert_error (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY);
  g_assert_false (was_changed (f));
}

/* ---- the way back ---- */

/* Another program goes back: it knows nothing of before, and asks the board. */
static void
test_back_elsewhere (Fixture *f, gconstpointer index)
{
  g_autoptr (LksDevelopment) other = lks_development_new (LKS_DEVELOPMENT_GOAL_CLOUD_TEST);
  g_autoptr (GError) error = NULL;

  prepare (f);
  set_file (f, 0);
  assert_ok (run (f, &error), error);
  g_clear_pointer (&f->development, lks_development_free);
  f->development = g_steal_pointer (&other);

  g_assert_false (put_back (f, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "appDevelopment"));
  g_clear_error (&error);
  set_file (f, 0);
  g_assert_false (put_back (f, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_clear_error (&error);
  set_file (f, 11);
  assert_ok (put_back (f, &error), error);
  g_assert_true (has_stored (f, LKS_CAPABILITY_APP_DEVELOPMENT));
  g_assert_cmpint ((int) lks_development_get_state (f->development, LKS_DEVELOPMENT_STEP_DELETE),
                   ==, LKS_DEVELOPMENT_STATE_STAYS);
}

/* A stored fieldServicing goes, and comes back. */
static void
test_servicing (Fixture *f, gconstpointer index)
{
  g_autoptr (GError) error = NULL;

  set_file (f, 0);
  assert_ok (run (f, &error), error);
  g_assert_false (has_stored (f, LKS_CAPABILITY_FIELD_SERVICING));
  set_file (f, 11);
  g_assert_false (put_back (f, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_clear_error (&error);
  set_file (f, 13);
  assert_ok (put_back (f, &error), error);
  g_assert_true (has_stored (f, LKS_CAPABILITY_FIELD_SERVICING));
}

/* A finished board that was cured of a forgotten capability stays cured. */
static void
test_cured (Fixture *f, gconstpointer index)
{
  g_autoptr (GError) error = NULL;

  set_file (f, 0);
  assert_ok (run (f, &error), error);
  assert_states (f, "done done done done done by-hand");
  g_assert_nonnull (
      strstr (lks_development_get_note (f->development, LKS_DEVELOPMENT_STEP_VERIFY), "locked"));
  set_file (f, 11);
  assert_ok (put_back (f, &error), error);
  assert_states (f, "waiting waiting stays stays waiting by-hand");
  g_assert_cmpstr (lks_development_get_subject (f->development, LKS_DEVELOPMENT_STEP_DELETE), ==,
                   "gdbserver");
  g_assert_false (has_stored (f, LKS_CAPABILITY_APP_DEVELOPMENT));
}

/* ---- faults between any two sub-steps ---- */

static void
stepped_cb (const LksDevelopment *development, LksDevelopmentStep step, gpointer user_data)
{
  Fixture *f = user_data;

  if (!f->is_armed || step != f->at ||
      lks_development_get_state (development, step) != LKS_DEVELOPMENT_STATE_RUNNING)
    return;

  f->is_armed = FALSE;
  if (f->fault != NULL)
    service_board_set_fault (&f->board, f->fault);
  else
    service_board_unplug (&f->board);
}

static void
recover (Fixture *f)
{
  service_board_clear (&f->board);
  if (f->fault != NULL && strstr (f->fault, "no-restart") != NULL)
    service_board_reset (&f->board);
  if (f->fault == NULL)
    {
      guint index = f->board.index;

      service_board_close (&f->board);
      service_board_plug (&f->board);
      service_board_open (&f->board, index);
    }
  service_board_wait_alive (&f->board);
}

static void
assert_as_before (Fixture *f, gboolean was_deleted)
{
  gboolean wants = lks_development_get_goal (f->development) == LKS_DEVELOPMENT_GOAL_CLOUD_TEST;

  g_assert_cmpint (has_stored (f, LKS_CAPABILITY_APP_DEVELOPMENT), ==, wants);
  g_assert_cmpint (has_app (f), ==, !was_deleted);
}

static void
assert_reached (Fixture *f)
{
  gboolean wants = lks_development_get_goal (f->development) == LKS_DEVELOPMENT_GOAL_DEVELOPMENT;

  g_assert_true (lks_development_is_done (f->development));
  g_assert_cmpint (has_stored (f, LKS_CAPABILITY_APP_DEVELOPMENT), ==, wants);
  g_assert_cmpint (has_app (f), ==, wants);
}

typedef struct
{
  LksDevelopmentStep at;
  const char *fault; /* (nullable): NULL unplugs */
  const char *states;
  enum
  {
    AGAIN = 1,
    BACK = 2,
  } ways;
  gboolean is_changed; /* something must have a way back */
  gboolean is_deleted; /* the application is gone by then */
} Trouble;

static void
go_wrong (Fixture *f, const Trouble *trouble, gboolean goes_back)
{
  gboolean is_development =
      lks_development_get_goal (f->development) == LKS_DEVELOPMENT_GOAL_DEVELOPMENT;
  g_autoptr (GError) error = NULL;

  g_test_message ("%s at %s, then %s", trouble->fault != NULL ? trouble->fault : "unplugged",
                  lks_development_step_get_title (trouble->at), goes_back ? "back" : "on");
  prepare (f);
  f->at = trouble->at;
  f->fault = trouble->fault;
  f->is_armed = TRUE;
  lks_development_set_func (f->development, stepped_cb, f);
  if (trouble->fault != NULL && strstr (trouble->fault, "no-restart") != NULL)
    lks_development_set_limit (f->development, 2);
  set_file (f, is_development ? 11 : 0);
  g_assert_false (run (f, &error));
  g_assert_true (error->domain == LKS_DEVICE_ERROR || error->domain == LKS_SERVICE_ERROR);
  g_assert_false (f->is_armed);
  assert_states (f, trouble->states);
  g_assert_cmpint (lks_development_may_go_back (f->development), ==, trouble->is_changed);
  g_assert_cmpint (lks_development_is_half_done (f->development), ==, trouble->is_changed);
  recover (f);
  lks_development_set_limit (f->development, 0);
  g_clear_error (&error);

  if (!goes_back)
    {
      assert_ok (run (f, &error), error);
      assert_reached (f);
      return;
    }
  if (trouble->is_changed)
    {
      set_file (f, is_development ? 0 : 11);
      assert_ok (put_back (f, &error), error);
      g_assert_false (lks_development_may_go_back (f->development));
    }
  assert_as_before (f, trouble->is_deleted);
}

static void
go_wrong_everywhere (Fixture *f, const Trouble *troubles, gsize n)
{
  LksDevelopmentGoal goal = lks_development_get_goal (f->development);

  for (gsize i = 0; i < 2 * n; i++)
    {
      gboolean goes_back = i % 2 != 0;

      if ((troubles[i / 2].ways & (goes_back ? BACK : AGAIN)) == 0)
        continue;
      go_wrong (f, &troubles[i / 2], goes_back);
      lks_development_free (f->development);
      f->development = lks_development_new (goal);
    }
}

static void
test_development_troubles (Fixture *f, gconstpointer index)
{
  static const Trouble troubles[] = {
    { LKS_DEVELOPMENT_STEP_CHECK, NULL, "failed waiting waiting waiting waiting waiting", AGAIN,
      FALSE, FALSE },
    { LKS_DEVELOPMENT_STEP_FILE, NULL, "done failed waiting waiting waiting waiting", AGAIN, FALSE,
      FALSE },
    { LKS_DEVELOPMENT_STEP_APPLY, NULL, "done done nothing failed waiting waiting", AGAIN | BACK,
      TRUE, FALSE },
    { LKS_DEVELOPMENT_STEP_APPLY, FAIL_INSTALL, "done done nothing failed waiting waiting",
      AGAIN | BACK, TRUE, FALSE },
    { LKS_DEVELOPMENT_STEP_APPLY, NO_RESTART, "done done nothing failed waiting waiting", BACK,
      TRUE, FALSE },
    { LKS_DEVELOPMENT_STEP_VERIFY, NULL, "done done nothing done failed waiting", AGAIN | BACK,
      TRUE, FALSE },
  };

  go_wrong_everywhere (f, troubles, G_N_ELEMENTS (troubles));
}

static void
test_cloud_test_troubles (Fixture *f, gconstpointer index)
{
  static const Trouble troubles[] = {
    { LKS_DEVELOPMENT_STEP_DELETE, NULL, "done done failed waiting waiting waiting", AGAIN | BACK,
      TRUE, FALSE },
    { LKS_DEVELOPMENT_STEP_DELETE, FAIL_DELETE, "done done failed waiting waiting waiting", BACK,
      TRUE, FALSE },
    { LKS_DEVELOPMENT_STEP_DELETE, LOSE_DELETE, "done done failed waiting waiting waiting", AGAIN,
      TRUE, TRUE },
    { LKS_DEVELOPMENT_STEP_APPLY, NULL, "done done done failed waiting waiting", AGAIN, TRUE,
      TRUE },
    { LKS_DEVELOPMENT_STEP_APPLY, FAIL_INSTALL, "done done done failed waiting waiting", BACK, TRUE,
      TRUE },
    { LKS_DEVELOPMENT_STEP_VERIFY, NULL, "done done done done failed waiting", AGAIN | BACK, TRUE,
      TRUE },
  };

  go_wrong_everywhere (f, troubles, G_N_ELEMENTS (troubles));
}

static void
cancel_cb (const LksDevelopment *development, LksDevelopmentStep step, gpointer user_data)
{
  if (step == LKS_DEVELOPMENT_STEP_APPLY)
    g_cancellable_cancel (user_data);
}

/* Stopped before the file was sent, the sub-step was not begun. */
static void
test_cancel (Fixture *f, gconstpointer index)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  prepare (f);
  set_file (f, 11);
  lks_development_set_func (f->development, cancel_cb, cancellable);
  g_assert_false (lks_development_run (f->development, f->board.device, LKS_PERIPHERAL_LOCK_OPEN,
                                       cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_states (f, "done done nothing waiting waiting waiting");
  g_assert_false (was_changed (f));
}

static GCancellable *to_cancel; /* (unowned) */

static void
cancel_after_deletion (ServiceBoard *board)
{
  if (strstr (board->seen->str, "DELETE /app/image/") != NULL)
    g_cancellable_cancel (to_cancel);
  else
    service_board_do_after (board, 0, cancel_after_deletion);
}

/* Stopped after the board was told to delete, something is changed: that is said, and there is a
 * way back. */
static void
test_cancel_deletion (Fixture *f, gconstpointer index)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  prepare (f);
  set_file (f, 0);
  to_cancel = cancellable;
  service_board_do_after (&f->board, 0, cancel_after_deletion);
  g_assert_false (lks_development_run (f->development, f->board.device, LKS_PERIPHERAL_LOCK_OPEN,
                                       cancellable, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
  g_assert_nonnull (strstr (error->message, "Blink"));
  g_clear_error (&error);
  assert_states (f, "done done failed waiting waiting waiting");
  g_assert_true (lks_development_may_go_back (f->development));
  g_assert_true (lks_development_is_half_done (f->development));

  service_board_wait_alive (&f->board);
  assert_ok (run (f, &error), error);
  g_assert_false (has_app (f));
}

/* ---- the device group ---- */

typedef struct
{
  const char *group; /* where the device is */
  gboolean is_lost;  /* the answer to the next move is lost */
  guint n_moves;     /* that were asked for */
} Groups;

static gboolean
move_in_groups (gpointer data,
                const char *device_id,
                const char *group,
                const char *back_to,
                LksDevelopmentMoved *out_moved,
                GCancellable *cancellable,
                GError **error)
{
  Groups *groups = data;
  gboolean is_lost = groups->is_lost;

  groups->n_moves++;
  out_moved->before = g_strdup (groups->group);
  out_moved->from = g_strdup (groups->group);
  groups->group = back_to != NULL ? "Production" : "Development";
  out_moved->to = g_strdup (groups->group);
  out_moved->is_same = g_str_equal (groups->group, out_moved->before);
  groups->is_lost = FALSE;
  if (is_lost)
    g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED, "lost");
  return !is_lost;
}

/* On a board that needed nothing there is a way back all the same, when its device may have been
 * moved; and what was left to the user is not done any more once there is a cloud. */
static void
test_group (Fixture *f, gconstpointer index)
{
  Groups groups = { .group = "Production", .is_lost = TRUE };
  const LksDevelopmentCloud cloud = { NULL, move_in_groups, FALSE, &groups };
  g_autoptr (GError) error = NULL;

  install (f, packages_new (packages_build_key (f->device_id, 11)));
  assert_ok (run (f, &error), error);
  assert_states (f, "done nothing nothing nothing done by-hand");
  g_assert_true (lks_development_is_done (f->development));
  g_assert_false (lks_development_may_go_back (f->development));

  lks_development_set_cloud (f->development, &cloud);
  g_assert_false (lks_development_is_done (f->development));
  g_assert_false (run (f, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
  g_clear_error (&error);
  g_assert_true (lks_development_is_half_done (f->development));

  assert_ok (put_back (f, &error), error);
  assert_states (f, "waiting waiting nothing nothing waiting back");
  g_assert_cmpstr (groups.group, ==, "Production");
  g_assert_false (lks_development_may_go_back (f->development));
  g_assert_true (has_stored (f, LKS_CAPABILITY_APP_DEVELOPMENT));
}

static LksSecret *
refuse_file (gpointer data,
             const char *device_id,
             guint capability,
             GCancellable *cancellable,
             GError **error)
{
  g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED, "refused");
  return NULL;
}

/* The group that is named is where it shall go: the way back leads to where it was, and a second
 * try does not go there again. */
static void
test_named_group (Fixture *f, gconstpointer index)
{
  Groups groups = { .group = "Production" };
  const LksDevelopmentCloud cloud = { refuse_file, move_in_groups, TRUE, &groups };
  g_autoptr (GError) error = NULL;

  prepare (f);
  set_file (f, 11);
  lks_development_set_cloud (f->development, &cloud);
  assert_ok (run (f, &error), error);
  g_assert_cmpstr (groups.group, ==, "Development");

  lks_development_set_file (f->development, NULL);
  g_assert_false (put_back (f, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
  g_clear_error (&error);
  g_assert_cmpstr (groups.group, ==, "Production");
  g_assert_cmpuint (groups.n_moves, ==, 2);

  set_file (f, 0);
  assert_ok (put_back (f, &error), error);
  g_assert_cmpuint (groups.n_moves, ==, 2);
  g_assert_false (lks_development_may_go_back (f->development));
}

/* Moved back by a person is moved back. */
static void
test_group_by_hand (Fixture *f, gconstpointer index)
{
  Groups groups = { .group = "Production" };
  const LksDevelopmentCloud cloud = { NULL, move_in_groups, FALSE, &groups };
  g_autoptr (GError) error = NULL;

  install (f, packages_new (packages_build_key (f->device_id, 11)));
  lks_development_set_cloud (f->development, &cloud);
  assert_ok (run (f, &error), error);
  g_assert_true (lks_development_may_go_back (f->development));
  lks_development_set_cloud (f->development, NULL);
  assert_ok (put_back (f, &error), error);
  g_assert_false (lks_development_may_go_back (f->development));
}

static void
add (const char *path, guint board, void (*test) (Fixture *f, gconstpointer index))
{
  g_autofree char *full = g_strconcat ("/development/", path, NULL);

  g_test_add (full, Fixture, GUINT_TO_POINTER (board), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

  add ("there/look", BOARD_DEVELOPMENT, test_look);
  add ("there/development", BOARD_PLAIN, test_development);
  add ("there/cloud-test", BOARD_DEVELOPMENT, test_cloud_test);
  add ("there/already", BOARD_DEVELOPMENT, test_already);
  add ("there/wrong-files", BOARD_DEVELOPMENT, test_wrong_files);
  add ("there/finished", BOARD_FINISHED, test_finished);
  add ("there/forgotten", BOARD_FORGOTTEN, test_forgotten);
  add ("there/ota", BOARD_OTA, test_ota);
  add ("there/faulty", BOARD_FAULTY, test_faulty);
  add ("there/back-elsewhere", BOARD_DEVELOPMENT, test_back_elsewhere);
  add ("there/servicing", BOARD_SERVICING, test_servicing);
  add ("there/cured", BOARD_FORGOTTEN, test_cured);
  add ("there/group", BOARD_PLAIN, test_group);
  add ("there/named-group", BOARD_PLAIN, test_named_group);
  add ("there/group-by-hand", BOARD_PLAIN, test_group_by_hand);
  add ("there/cancel", BOARD_PLAIN, test_cancel);
  add ("there/cancel-deletion", BOARD_DEVELOPMENT, test_cancel_deletion);
  add ("troubles-development/all", BOARD_PLAIN, test_development_troubles);
  add ("troubles-cloud-test/all", BOARD_DEVELOPMENT, test_cloud_test_troubles);
  add ("there/swapped", BOARD_SWAPPED, test_swapped); /* it stays another one */

  status = g_test_run ();
  packages_clean_up ();
  return status;
}
