/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images and applications of emulated boards under the bench (software.json). */
#include "service-board.h"
#include "service-packages.h"

#include "lks-app-console.h"
#include "lks-app-control.h"
#include "lks-board.h"
#include "lks-capability-removal.h"
#include "lks-device-number.h"
#include "lks-device-state.h"
#include "lks-enums.h"
#include "lks-service-error.h"
#include "lks-sideload.h"
#include "lks-software-delete.h"

#include <string.h>

enum
{
  BOARD_OPEN,
  BOARD_PLAIN,
  BOARD_FINISHED,
  BOARD_FORGOTTEN,
  BOARD_OTA,
  BOARD_FULL,
  BOARD_SILENT,
  BOARD_OLD,
  BOARD_LOCKED,
};

#define BLINK "aaaaaaaa-0000-4000-8000-000000000001"
#define DEBUG_SERVER "8548b129-b16f-4f84-8dbe-d2c847862e78"
#define PUMP "aaaaaaaa-0000-4000-8000-000000000003"
#define PLAIN "aaaaaaaa-0000-4000-8000-000000000004"
#define BIG_BYTES (200 * 1024)
#define AUGUST_2024 1723000000
#define QUICK_US (10 * G_USEC_PER_SEC)

static void
set_up (ServiceBoard *board, gconstpointer index)
{
  service_board_open (board, GPOINTER_TO_UINT (index));
}

/* The next test of this board finds it as the scenario says. */
static void
tear_down (ServiceBoard *board, gconstpointer index)
{
  service_board_clear (board);
  service_board_wait_alive (board);
  lks_device_delete_image (board->device, PACKAGES_APP, NULL, NULL, NULL);
  lks_device_delete_image (board->device, PACKAGES_OTHER_APP, NULL, NULL, NULL);
  service_board_wait_alive (board);
  service_board_close (board);
}

/* ---- helpers ---- */

static LksSideloadPlan *
plan_with_lock (ServiceBoard *board, LksPeripheralLock lock, GPtrArray *packages)
{
  g_autoptr (GError) error = NULL;
  LksSideloadFacts *facts = lks_sideload_facts_read (board->device, NULL, lock, NULL, &error);

  g_assert_no_error (error);
  return lks_sideload_plan_new (facts, packages);
}

static LksSideloadPlan *
plan_one (ServiceBoard *board, LksPeripheralLock lock, LksSideloadPackage *package)
{
  GPtrArray *packages = lks_sideload_packages_new ();

  g_ptr_array_add (packages, package);
  return plan_with_lock (board, lock, packages);
}

static LksSideloadPlan *
plan_app (ServiceBoard *board, LksPeripheralLock lock, const PackageSpec *spec)
{
  return plan_one (board, lock, packages_new_app (spec));
}

static LksSideloadResult *
run (ServiceBoard *board, const LksSideloadPlan *plan, const LksSideloadOptions *options)
{
  g_autoptr (GError) error = NULL;
  LksSideloadResult *result = lks_sideload_run (board->device, plan, options, NULL, &error);

  g_assert_no_error (error);
  return result;
}

static void
run_and_fail (ServiceBoard *board,
              const LksSideloadPlan *plan,
              const LksSideloadOptions *options,
              GError **error)
{
  g_assert_null (lks_sideload_run (board->device, plan, options, NULL, error));
  g_assert_nonnull (*error);
  g_test_message ("%s", (*error)->message);
}

static void
assert_says (const GError *error, const char *text)
{
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” does not say “%s”", error->message, text);
}

static void
assert_number (const GError *error, guint32 expected)
{
  guint32 number = 0;

  g_assert_true (lks_device_error_get_number (error, &number));
  g_assert_cmpuint (number, ==, expected);
}

/* Whether the board was asked for anything that changes it. */
static gboolean
was_changed (ServiceBoard *board)
{
  return strstr (board->seen->str, "PUT ") != NULL || strstr (board->seen->str, "POST ") != NULL ||
         strstr (board->seen->str, "DELETE ") != NULL ||
         strstr (board->seen->str, "PATCH ") != NULL;
}

static LksSoftware *
read_software (ServiceBoard *board)
{
  g_autoptr (GError) error = NULL;
  LksSoftware *software = lks_software_read (board->device, NULL, NULL, &error);

  g_assert_no_error (error);
  return software;
}

static gboolean
has_component (ServiceBoard *board, const char *component_id)
{
  g_autoptr (LksSoftware) software = read_software (board);

  return lks_software_find (software, component_id) != NULL;
}

static char *
read_device_id (ServiceBoard *board)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksDeviceSecurity) security =
      lks_device_get_security_state (board->device, NULL, &error);

  g_assert_no_error (error);
  return g_strdup (security->device_id);
}

/* ---- what is installed ---- */

static void
test_list (ServiceBoard *board, gconstpointer index)
{
  g_autoptr (LksSoftware) software = read_software (board);
  const LksSoftwareItem *blink = g_ptr_array_index (software->items, 0);
  const LksSoftwareItem *server = lks_software_find (software, DEBUG_SERVER);

  g_assert_cmpstr (blink->name, ==, "Blink");
  g_assert_cmpint (blink->state, ==, LKS_APP_STATE_RUNNING);
  g_assert_true (blink->has_quota);
  g_assert_cmpint (blink->storage_used_kib, ==, 3);
  g_assert_cmpint (blink->storage_limit_kib, ==, 8);
  g_assert_cmpint (server->state, ==, LKS_APP_STATE_STOPPED);
  g_assert_true (lks_software_item_is_debugger (server));
  g_assert_cmpuint (lks_software_count_apps (software), ==, 2);
  g_assert_cmpuint (lks_software_sum_app_bytes (software), ==, 2 * 20692);
  g_assert_false (software->is_ota_in_progress);
}

static void
test_list_locked (ServiceBoard *board, gconstpointer index)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_software_read (board->device, NULL, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_null (
      lks_sideload_facts_read (board->device, NULL, LKS_PERIPHERAL_LOCK_LOCKED, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
}

/* ---- installing ---- */

typedef struct
{
  GString *steps;
  guint64 sent_bytes;
  gboolean has_rate;
  ServiceBoard *board;
  GCancellable *cancellable; /* (nullable): cancelled in the middle of package @cancel_at */
  guint cancel_at;
  gboolean unplug;
} Watched;

static void
watch_cb (const LksSideloadProgress *progress, gpointer user_data)
{
  Watched *self = user_data;
  const char *nick = lks_enum_to_nick (LKS_TYPE_SIDELOAD_STEP, (int) progress->step);

  if (!g_str_has_suffix (self->steps->str, nick))
    g_string_append_printf (self->steps, " %s", nick);
  self->sent_bytes = MAX (self->sent_bytes, progress->sent_bytes);
  self->has_rate |= progress->bytes_per_second > 1000;
  if (progress->step != LKS_SIDELOAD_STEP_SEND || progress->package != self->cancel_at ||
      progress->sent_bytes == 0)
    return;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->unplug)
    service_board_unplug (self->board);
  self->unplug = FALSE;
}

static void
test_install (ServiceBoard *board, gconstpointer index)
{
  Watched watched = { .steps = g_string_new (NULL), .cancel_at = G_MAXUINT };
  const LksSideloadOptions options = { .progress = watch_cb, .progress_data = &watched };
  const LksSideloadOptions manual = { .control = LKS_APP_CONTROL_MANUAL };
  const PackageSpec spec = { .capabilities = "\"Gpio\":[9]", .program_bytes = BIG_BYTES };
  g_autoptr (LksSideloadPlan) plan = plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &spec);
  g_autoptr (LksSideloadResult) result = run (board, plan, &options);
  const LksSideloadOutcome *outcome = g_ptr_array_index (result->outcomes, 0);
  g_autoptr (LksSideloadPlan) again = NULL;
  g_autoptr (LksSideloadResult) stopped = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_cmpstr (watched.steps->str, ==, " check send install verify start");
  g_assert_cmpuint (watched.sent_bytes, >, BIG_BYTES);
  g_assert_true (watched.has_rate);
  g_assert_cmpstr (outcome->component_id, ==, PACKAGES_APP);
  g_assert_cmpint (outcome->state, ==, LKS_APP_STATE_RUNNING);
  g_assert_false (outcome->was_there);
  g_assert_false (result->has_restarted);
  g_assert_cmpuint (result->bytes, >, BIG_BYTES);
  node = lks_sideload_result_to_json (result);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));

  again = plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ 0 });
  stopped = run (board, again, &manual);
  outcome = g_ptr_array_index (stopped->outcomes, 0);
  g_assert_cmpint (outcome->state, ==, LKS_APP_STATE_STOPPED);
  g_string_free (watched.steps, TRUE);
}

static void
test_two_packages (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions options = { 0 };
  GPtrArray *packages = lks_sideload_packages_new ();
  g_autoptr (LksSideloadPlan) plan = NULL;
  g_autoptr (LksSideloadResult) result = NULL;

  g_ptr_array_add (packages, packages_new_app (&(PackageSpec){ .capabilities = "\"Gpio\":[9]" }));
  g_ptr_array_add (packages, packages_new_app (&(PackageSpec){ .component_id = PACKAGES_OTHER_APP,
                                                               .capabilities = "\"Gpio\":[10]" }));
  plan = plan_with_lock (board, LKS_PERIPHERAL_LOCK_OPEN, packages);
  result = run (board, plan, &options);
  g_assert_cmpuint (result->outcomes->len, ==, 2);
  g_assert_true (has_component (board, PACKAGES_APP));
  g_assert_true (has_component (board, PACKAGES_OTHER_APP));
}

/* Found before anything is sent; sent anyway, the board finds it, too. */
static void
test_clash (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions options = { 0 };
  const LksSideloadOptions forced = { .force = TRUE };
  GPtrArray *packages = lks_sideload_packages_new ();
  g_autoptr (LksSideloadPlan) plan = NULL;
  g_autoptr (LksSideloadPlan) taken = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (packages, packages_new_app (&(PackageSpec){ .capabilities = "\"Gpio\":[9]" }));
  g_ptr_array_add (packages, packages_new_app (&(PackageSpec){ .component_id = PACKAGES_OTHER_APP,
                                                               .capabilities = "\"Gpio\":[9]" }));
  plan = plan_with_lock (board, LKS_PERIPHERAL_LOCK_OPEN, packages);
  run_and_fail (board, plan, &options, &error);
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_assert_false (was_changed (board));
  g_clear_error (&error);

  /* What the installed application uses is not known here, but to the board. */
  taken =
      plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ .capabilities = "\"Gpio\":[8]" });
  run_and_fail (board, taken, &forced, &error);
  assert_number (error, 1048601);
  assert_says (error, "another application has the pins");
}

static void
test_cancel (ServiceBoard *board, gconstpointer index)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Watched watched = { .steps = g_string_new (NULL), .cancellable = cancellable };
  const LksSideloadOptions options = { .progress = watch_cb, .progress_data = &watched };
  const PackageSpec spec = { .program_bytes = BIG_BYTES };
  g_autoptr (LksSideloadPlan) plan = plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &spec);
  g_autoptr (LksSoftware) software = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_sideload_run (board->device, plan, &options, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  software = read_software (board);
  g_assert_false (software->has_staged_updates);
  g_assert_null (strstr (board->seen->str, "POST /update/install"));
  g_string_free (watched.steps, TRUE);
}

/* What is on the board already is told, for nothing takes it back. */
static void
test_cancel_later (ServiceBoard *board, gconstpointer index)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Watched watched = { .steps = g_string_new (NULL), .cancellable = cancellable, .cancel_at = 1 };
  const LksSideloadOptions options = { .progress = watch_cb, .progress_data = &watched };
  GPtrArray *packages = lks_sideload_packages_new ();
  g_autoptr (LksSideloadPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (packages, packages_new_app (&(PackageSpec){ 0 }));
  g_ptr_array_add (packages, packages_new_app (&(PackageSpec){ .component_id = PACKAGES_OTHER_APP,
                                                               .program_bytes = BIG_BYTES }));
  plan = plan_with_lock (board, LKS_PERIPHERAL_LOCK_OPEN, packages);
  g_assert_null (lks_sideload_run (board->device, plan, &options, cancellable, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
  assert_says (error, "1 of 2 images are on the board");
  service_board_reset (board); /* drops it */
  service_board_wait_alive (board);
  g_string_free (watched.steps, TRUE);
}

static void
test_unplug (ServiceBoard *board, gconstpointer index)
{
  Watched watched = { .steps = g_string_new (NULL), .board = board, .unplug = TRUE };
  const LksSideloadOptions options = { .progress = watch_cb, .progress_data = &watched };
  const PackageSpec spec = { .program_bytes = BIG_BYTES };
  g_autoptr (LksSideloadPlan) plan = plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &spec);
  g_autoptr (GError) error = NULL;
  gint64 begin_us = g_get_monotonic_time ();

  run_and_fail (board, plan, &options, &error);
  g_assert_true (error->domain == LKS_DEVICE_ERROR);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, QUICK_US);
  service_board_plug (board);
  service_board_close (board);
  service_board_open (board, GPOINTER_TO_UINT (index));
  service_board_wait_alive (board);
  g_assert_false (has_component (board, PACKAGES_APP));
  g_string_free (watched.steps, TRUE);
}

static void
test_busy (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions options = { 0 };
  g_autoptr (LksSideloadPlan) plan =
      plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ 0 });
  g_autoptr (LksSideloadResult) result = NULL;

  service_board_set_fault (board, "\"kind\":\"busy\",\"path\":\"/update/*\",\"times\":2");
  result = run (board, plan, &options);
  g_assert_true (has_component (board, PACKAGES_APP));
}

static void
test_ota (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions options = { 0 };
  const LksSideloadOptions forced = { .force = TRUE };
  g_autoptr (LksSideloadPlan) plan =
      plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ 0 });
  g_autoptr (GError) error = NULL;

  run_and_fail (board, plan, &options, &error);
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_assert_false (was_changed (board));
  g_clear_error (&error);
  run_and_fail (board, plan, &forced, &error);
  assert_number (error, 7340071);
  assert_says (error, "15 to 20 minutes");
}

static void
test_no_space (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions options = { 0 };
  g_autoptr (LksSideloadPlan) plan =
      plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ .program_bytes = BIG_BYTES });
  g_autoptr (GError) error = NULL;

  run_and_fail (board, plan, &options, &error);
  assert_number (error, 14680082);
  assert_says (error, "“Big” takes 20 KiB");
}

static void
test_untrusted (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions options = { 0 };
  g_autoptr (LksSideloadPlan) plan =
      plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ .sdk = TRUE });
  g_autoptr (GError) error = NULL;

  run_and_fail (board, plan, &options, &error);
  assert_number (error, 14680081);
  assert_says (error, "under development");
  g_assert_false (has_component (board, PACKAGES_APP));
}

/* The documented order: the keystore, then the image that is signed with the newer key. */
static void
test_old_keystore (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions options = { .allow_restart = TRUE };
  const PackageSpec spec = { .built_unix_s = AUGUST_2024 };
  g_autoptr (LksSideloadPlan) plan = plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &spec);
  g_autoptr (LksSideloadPlan) keystore = NULL;
  g_autoptr (LksSideloadResult) cured = NULL;
  g_autoptr (LksSideloadResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint ((int) lks_sideload_plan_get_level (plan), ==, LKS_FINDING_LEVEL_WARNING);
  run_and_fail (board, plan, &options, &error);
  assert_number (error, 7340047);
  assert_says (error, "its keystore may be too old");

  keystore =
      plan_one (board, LKS_PERIPHERAL_LOCK_OPEN,
                packages_new (packages_build_other (LKS_IMAGE_TYPE_TRUSTED_KEYSTORE, AUGUST_2024)));
  cured = run (board, keystore, &options);
  g_assert_false (cured->has_restarted);
  result = run (board, plan, &options);
  g_assert_true (has_component (board, PACKAGES_APP));
}

/* A number that says "already there" is a success when it is true, and only then. */
static void
test_already_there (ServiceBoard *board, gconstpointer index)
{
  static const char fault[] =
      "\"kind\":\"status\",\"method\":\"POST\",\"path\":\"/update/install\","
      "\"status\":400,\"number\":3145729,\"times\":1";
  const LksSideloadOptions options = { 0 };
  g_autoptr (LksSideloadPlan) plan =
      plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ 0 });
  g_autoptr (LksSideloadPlan) other = NULL;
  g_autoptr (LksSideloadResult) result = NULL;
  g_autoptr (LksSideloadResult) again = NULL;
  g_autoptr (GError) error = NULL;

  result = run (board, plan, &options);
  service_board_set_fault (board, fault);
  again = run (board, plan, &options);
  g_assert_true (((LksSideloadOutcome *) g_ptr_array_index (again->outcomes, 0))->was_there);

  other = plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ 0 });
  service_board_set_fault (board, fault);
  run_and_fail (board, other, &options, &error);
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED);
  assert_says (error, "not the one that was sent");
  service_board_reset (board);
  service_board_wait_alive (board);
}

/* The board did it, and the answer got lost: it is asked what is true. */
static void
test_answer_lost (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions options = { 0 };
  g_autoptr (LksSideloadPlan) plan =
      plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ 0 });
  g_autoptr (LksSideloadPlan) other = NULL;
  g_autoptr (LksSideloadResult) result = NULL;
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"reset-in-body\",\"method\":\"POST\",\"path\":"
                                  "\"/update/install\",\"afterBytes\":1,\"times\":1");
  result = run (board, plan, &options);
  g_assert_true (has_component (board, PACKAGES_APP));

  other = plan_app (board, LKS_PERIPHERAL_LOCK_OPEN, &(PackageSpec){ 0 });
  service_board_set_fault (board, "\"kind\":\"html-body\",\"method\":\"POST\",\"path\":"
                                  "\"/update/install\",\"times\":1");
  g_clear_pointer (&result, lks_sideload_result_free);
  result = lks_sideload_run (board->device, other, &options, NULL, &error);
  g_assert_no_error (error); /* this one, too, was done behind the page of HTML */
}

/* ---- restarts ---- */

static void
test_restart (ServiceBoard *board, gconstpointer index)
{
  Watched watched = { .steps = g_string_new (NULL), .cancel_at = G_MAXUINT };
  const LksSideloadOptions options = { 0 };
  const LksSideloadOptions allowed = { .allow_restart = TRUE,
                                       .progress = watch_cb,
                                       .progress_data = &watched };
  const PackageSpec spec = { .capabilities = "\"Gpio\":[9]" };
  g_autoptr (LksSideloadPlan) plan = plan_app (board, LKS_PERIPHERAL_LOCK_LOCKED, &spec);
  g_autoptr (LksSideloadPlan) plain = NULL;
  g_autoptr (LksSideloadResult) quiet = NULL;
  g_autoptr (LksSideloadResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint ((int) plan->forecast, ==, LKS_RESTART_FORECAST_YES);
  run_and_fail (board, plan, &options, &error);
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE);
  assert_says (error, "restarts the board, which was not allowed");
  g_assert_false (was_changed (board));

  plain = plan_app (board, LKS_PERIPHERAL_LOCK_LOCKED,
                    &(PackageSpec){ .component_id = PACKAGES_OTHER_APP });
  g_assert_cmpint ((int) plain->forecast, ==, LKS_RESTART_FORECAST_NO);
  quiet = run (board, plain, &options);
  g_assert_false (quiet->has_restarted);

  result = run (board, plan, &allowed);
  g_assert_true (result->has_restarted);
  g_assert_cmpstr (watched.steps->str, ==, " check send install restart verify start");
  g_string_free (watched.steps, TRUE);
}

/* Some boards may restart without announcing it. */
static void
test_silent_restart (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions allowed = { .allow_restart = TRUE };
  const PackageSpec spec = { .capabilities = "\"Gpio\":[9]" };
  g_autoptr (LksSideloadPlan) plan = plan_app (board, LKS_PERIPHERAL_LOCK_LOCKED, &spec);
  g_autoptr (LksSideloadResult) result = run (board, plan, &allowed);

  g_assert_true (result->has_restarted);
  g_assert_true (has_component (board, PACKAGES_APP));
}

static void
test_no_return (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions allowed = { .allow_restart = TRUE, .restart_limit_s = 1 };
  const PackageSpec spec = { .capabilities = "\"Gpio\":[9]" };
  g_autoptr (LksSideloadPlan) plan = plan_app (board, LKS_PERIPHERAL_LOCK_LOCKED, &spec);
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"no-restart\",\"times\":1");
  run_and_fail (board, plan, &allowed, &error);
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE);
  service_board_clear (board);
  service_board_reset (board);
  service_board_wait_alive (board);
}

static void
test_other_board (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions allowed = { .allow_restart = TRUE };
  const PackageSpec spec = { .capabilities = "\"Gpio\":[9]" };
  g_autoptr (LksSideloadPlan) plan = plan_app (board, LKS_PERIPHERAL_LOCK_LOCKED, &spec);
  g_autoptr (GError) error = NULL;

  service_board_set_fault (board, "\"kind\":\"other-board\",\"times\":1");
  run_and_fail (board, plan, &allowed, &error);
  g_assert_error (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY);

  /* And nothing is sent to it by a plan for the one before. */
  g_clear_error (&error);
  g_string_truncate (board->seen, 0);
  run_and_fail (board, plan, &allowed, &error);
  g_assert_error (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY);
  g_assert_false (was_changed (board));
}

/* ---- capabilities ---- */

/* Never by any path: not planned, not forced, not when the state was another before. */
static void
test_guard (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions all = { .allow_restart = TRUE, .force = TRUE };
  g_autofree char *device_id = read_device_id (board);
  g_autoptr (LksSideloadPlan) plan = plan_one (board, LKS_PERIPHERAL_LOCK_LOCKED,
                                               packages_new (packages_build_key (device_id, 13)));
  g_autoptr (LksSideloadPlan) lied = NULL;
  GPtrArray *packages = lks_sideload_packages_new ();
  LksSideloadFacts *facts;
  g_autoptr (GError) error = NULL;

  run_and_fail (board, plan, &all, &error);
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE);
  assert_says (error, "servicing session");
  g_clear_error (&error);

  facts = lks_sideload_facts_read (board->device, NULL, LKS_PERIPHERAL_LOCK_OPEN, NULL, &error);
  g_assert_no_error (error);
  facts->state = LKS_MANUFACTURING_STATE_MODULE1_COMPLETE;
  g_ptr_array_add (packages, packages_new (packages_build_key (device_id, 13)));
  lied = lks_sideload_plan_new (facts, packages);
  g_assert_true (lks_sideload_plan_check (lied, FALSE, NULL));
  run_and_fail (board, lied, &all, &error);
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE);
  g_assert_false (was_changed (board));
}

static void
test_store_and_remove (ServiceBoard *board, gconstpointer index)
{
  const LksSideloadOptions allowed = { .allow_restart = TRUE };
  g_autofree char *device_id = read_device_id (board);
  g_autoptr (LksSideloadPlan) plan =
      plan_one (board, LKS_PERIPHERAL_LOCK_OPEN, packages_new (packages_build_key (device_id, 11)));
  g_autoptr (LksSideloadResult) stored = run (board, plan, &allowed);
  g_autoptr (GBytes) empty = packages_build_key (device_id, 0);
  g_autoptr (GError) error = NULL;
  gboolean development;
  gboolean servicing;

  g_assert_true (stored->has_restarted);
  assert_ok (lks_capabilities_read (board->device, &development, &servicing, NULL, &error), error);
  g_assert_true (development);
  assert_ok (lks_capability_removal_run (board->device, empty, LKS_PERIPHERAL_LOCK_OPEN, NULL, NULL,
                                         NULL, &error),
             error);
  assert_ok (lks_capabilities_read (board->device, &development, &servicing, NULL, &error), error);
  g_assert_false (development);
}

/* The way out for a finished board on which a capability was forgotten: afterwards it is locked,
 * and the proof needs nothing that a locked board refuses. */
static void
test_forgotten (ServiceBoard *board, gconstpointer index)
{
  g_autofree char *device_id = read_device_id (board);
  g_autoptr (GBytes) empty = packages_build_key (device_id, 0);
  g_autoptr (GBytes) full = packages_build_key (device_id, 11);
  g_autoptr (GBytes) app = packages_build_app (&(PackageSpec){ 0 });
  g_autoptr (GError) error = NULL;
  gboolean development;
  gboolean servicing;

  g_assert_false (lks_capability_removal_run (board->device, full, LKS_PERIPHERAL_LOCK_OPEN, NULL,
                                              NULL, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (lks_capability_removal_run (board->device, app, LKS_PERIPHERAL_LOCK_OPEN, NULL,
                                              NULL, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (was_changed (board));

  assert_ok (lks_capability_removal_run (board->device, empty, LKS_PERIPHERAL_LOCK_OPEN, NULL, NULL,
                                         NULL, &error),
             error);
  assert_ok (lks_capabilities_read (board->device, &development, &servicing, NULL, &error), error);
  g_assert_false (development);
  g_assert_false (servicing);
  g_assert_null (lks_software_read (board->device, NULL, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
}

/* ---- applications ---- */

static void
trigger (ServiceBoard *board, LksAppTrigger what, guint out_port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksAppStatus) status = lks_app_trigger (board->device, BLINK, what, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (status->out_port, ==, out_port);
}

static void
test_control (ServiceBoard *board, gconstpointer index)
{
  g_autoptr (LksSoftware) software = read_software (board);
  g_autoptr (GError) error = NULL;
  g_autofree char *only = lks_app_find (software, NULL, &error);
  g_autofree char *named = lks_app_find (software, "Blink", &error);
  g_autofree char *by_id = lks_app_find (software, "AAAAAAAA-0000-4000-8000-000000000001", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (only, ==, BLINK); /* the debug server does not count */
  g_assert_cmpstr (named, ==, BLINK);
  g_assert_cmpstr (by_id, ==, BLINK);
  g_assert_null (lks_app_find (software, "networkd", &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);

  trigger (board, LKS_APP_TRIGGER_STOP, 0);
  trigger (board, LKS_APP_TRIGGER_START_DEBUG, LKS_LINK_PORT_APP_OUTPUT);
  trigger (board, LKS_APP_TRIGGER_START, 0);
}

static void
test_control_refused (ServiceBoard *board, gconstpointer index)
{
  g_autoptr (LksSoftware) software = read_software (board);
  g_autoptr (GError) error = NULL;
  g_autofree char *app = lks_app_find (software, NULL, &error);

  g_assert_no_error (error);
  g_assert_null (lks_app_trigger (board->device, app, LKS_APP_TRIGGER_STOP, NULL, &error));
  g_assert_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  assert_number (error, LKS_DEVICE_NUMBER_NOT_DEV_UNLOCKED);
}

/* The output reaches us over the same line, while the REST API goes on. */
static void
test_output_port (ServiceBoard *board, gconstpointer index)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) output = NULL;
  g_autoptr (GSocket) debugger = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (LksSoftware) software = NULL;
  int fd;

  fd = lks_link_connect (board->link, LKS_LINK_PORT_APP_OUTPUT, 3000, NULL, &error);
  g_assert_cmpint (fd, ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_clear_error (&error);

  trigger (board, LKS_APP_TRIGGER_START_DEBUG, LKS_LINK_PORT_APP_OUTPUT);
  fd = lks_link_connect (board->link, LKS_LINK_PORT_APP_OUTPUT, 3000, NULL, &error);
  g_assert_no_error (error);
  output = g_socket_new_from_fd (fd, NULL);
  fd = lks_link_connect (board->link, LKS_LINK_PORT_DEBUGGER, 3000, NULL, &error);
  g_assert_no_error (error);
  debugger = g_socket_new_from_fd (fd, NULL);
  g_assert_cmpint (g_socket_send (debugger, "$c#63", 5, NULL, &error), ==, 5);
  while (strstr (text->str, "line 20\n") == NULL)
    {
      char buffer[512];
      gssize n = g_socket_receive (output, buffer, sizeof buffer, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (n, >, 0);
      g_string_append_len (text, buffer, n);
      if (software == NULL)
        software = read_software (board);
    }
  g_assert_true (g_str_has_prefix (text->str, "Remote debugging from host 192.168.35.1, port "));
  trigger (board, LKS_APP_TRIGGER_START, 0);
}

typedef struct
{
  ServiceBoard *board;
  LksAppConsole console;
  GCancellable *done; /* (owned) */
  GString *text;      /* (owned) */
  GString *news;      /* (owned): what was told beside output */
  gboolean is_reset;  /* whether the board is reset at the first output */
  GError *error;      /* (owned) (nullable) */
} ConsoleRun;

static int
console_connect_cb (guint16 port, gpointer user_data, GCancellable *cancellable, GError **error)
{
  ConsoleRun *self = user_data;

  return lks_link_connect (self->board->link, port, 3000, cancellable, error);
}

static void
console_news_cb (LksConsoleNews news,
                 guint number,
                 const guint8 *data,
                 gsize size_bytes,
                 gpointer user_data)
{
  ConsoleRun *self = user_data;

  if (news != LKS_CONSOLE_NEWS_OUTPUT)
    g_string_append_printf (self->news, "%s ",
                            lks_enum_to_nick (LKS_TYPE_CONSOLE_NEWS, (int) news));
  else
    g_string_append_len (self->text, (const char *) data, (gssize) size_bytes);
  if (self->is_reset && news == LKS_CONSOLE_NEWS_OUTPUT)
    {
      self->is_reset = FALSE;
      service_board_reset (self->board);
      g_string_append (self->news, "reset ");
    }
  if (strstr (self->text->str, "line 20\n") != NULL && strstr (self->news->str, "reset") == NULL)
    g_cancellable_cancel (self->done);
}

static void
console_run (ConsoleRun *self)
{
  lks_app_console_run (&self->console, self->done, &self->error);
}

static void
console_run_begin (ConsoleRun *self, ServiceBoard *board)
{
  g_autoptr (GError) error = NULL;

  self->board = board;
  self->console.connect = console_connect_cb;
  self->console.connect_data = self;
  self->console.func = console_news_cb;
  self->console.user_data = self;
  self->done = g_cancellable_new ();
  self->text = g_string_new (NULL);
  self->news = g_string_new (NULL);
  assert_ok (lks_app_console_begin (&self->console, board->device, BLINK, NULL, &error), error);
}

static void
console_run_clear (ConsoleRun *self)
{
  lks_app_console_clear (&self->console);
  g_object_unref (self->done);
  g_string_free (self->text, TRUE);
  g_string_free (self->news, TRUE);
}

/* The application writes because the console lets it run; afterwards it is as before. */
static void
test_console (ServiceBoard *board, gconstpointer index)
{
  ConsoleRun run = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksAppStatus) status = NULL;

  console_run_begin (&run, board);
  g_assert_true (run.console.was_running);
  console_run (&run);
  g_assert_no_error (run.error);
  g_assert_cmpstr (run.news->str, ==, "runs ");
  g_assert_nonnull (strstr (run.text->str, "\nline 1\nline 2\n"));

  assert_ok (lks_app_console_end (&run.console, board->device, NULL, &error), error);
  status = lks_device_get_app_status (board->device, BLINK, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint ((int) status->state, ==, LKS_APP_STATE_RUNNING);
  console_run_clear (&run);
}

/* What a board without the API's leave does for its debug server: the application goes on, and
 * nobody can debug it any more. */
static void
test_console_release (ServiceBoard *board, gconstpointer index)
{
  ConsoleRun run = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksAppStatus) status = NULL;
  int fd;

  console_run_begin (&run, board);
  console_run (&run);
  g_assert_no_error (run.error);
  assert_ok (lks_app_console_release (&run.console, NULL, &error), error);
  status = lks_device_get_app_status (board->device, BLINK, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint ((int) status->state, ==, LKS_APP_STATE_RUNNING);
  fd = lks_link_connect (board->link, LKS_LINK_PORT_DEBUGGER, 3000, NULL, &error);
  g_assert_cmpint (fd, ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  console_run_clear (&run);
}

/* A board that starts anew ends the console, although nobody on it says so. */
static void
test_console_lost (ServiceBoard *board, gconstpointer index)
{
  ConsoleRun run = { .is_reset = TRUE };

  console_run_begin (&run, board);
  console_run (&run);
  g_assert_no_error (run.error);
  g_assert_nonnull (strstr (run.news->str, "reset "));
  g_assert_nonnull (strstr (run.news->str, "closed "));
  service_board_wait_alive (board);
  console_run_clear (&run);
}

/* ---- deleting ---- */

static void
test_delete (ServiceBoard *board, gconstpointer index)
{
  static const char *const pump[] = { PUMP, NULL };
  static const char *const nothing[] = { NULL };
  g_autoptr (LksSoftware) software = read_software (board);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksDeletePlan) plan =
      lks_delete_plan_new (software, LKS_PERIPHERAL_LOCK_LOCKED, pump, &error);
  g_autoptr (LksDeletePlan) rest = NULL;
  g_autoptr (LksSoftware) left = NULL;

  g_assert_no_error (error);
  g_assert_cmpint ((int) plan->forecast, ==, LKS_RESTART_FORECAST_CANNOT_TELL);
  g_assert_false (lks_delete_plan_run (plan, board->device, FALSE, NULL, NULL, NULL, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE);
  g_assert_false (was_changed (board));
  g_clear_error (&error);

  assert_ok (lks_delete_plan_run (plan, board->device, TRUE, NULL, NULL, NULL, &error), error);
  g_assert_true (plan->has_restarted);
  g_assert_true (((LksDeletion *) g_ptr_array_index (plan->deletions, 0))->is_done);
  g_assert_false (has_component (board, PUMP));

  left = read_software (board);
  rest = lks_delete_plan_new_keep_only (left, LKS_PERIPHERAL_LOCK_LOCKED, nothing, &error);
  g_assert_cmpuint (rest->deletions->len, ==, 1);
  assert_ok (lks_delete_plan_run (rest, board->device, TRUE, NULL, NULL, NULL, &error), error);
  g_assert_false (rest->has_restarted);
  g_assert_false (has_component (board, PLAIN));
}

static void
add (const char *path, guint board, void (*test) (ServiceBoard *board, gconstpointer index))
{
  g_autofree char *full = g_strconcat ("/software/", path, NULL);

  g_test_add (full, ServiceBoard, GUINT_TO_POINTER (board), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

  add ("list", BOARD_OPEN, test_list);
  add ("list-locked", BOARD_LOCKED, test_list_locked);
  add ("install", BOARD_OPEN, test_install);
  add ("two-packages", BOARD_OPEN, test_two_packages);
  add ("clash", BOARD_PLAIN, test_clash);
  add ("cancel", BOARD_OPEN, test_cancel);
  add ("cancel-later", BOARD_OPEN, test_cancel_later);
  add ("unplug", BOARD_OPEN, test_unplug);
  add ("busy", BOARD_OPEN, test_busy);
  add ("ota", BOARD_OTA, test_ota);
  add ("no-space", BOARD_FULL, test_no_space);
  add ("untrusted", BOARD_PLAIN, test_untrusted);
  add ("old-keystore", BOARD_OLD, test_old_keystore);
  add ("already-there", BOARD_OPEN, test_already_there);
  add ("answer-lost", BOARD_OPEN, test_answer_lost);
  add ("restart", BOARD_FINISHED, test_restart);
  add ("silent-restart", BOARD_SILENT, test_silent_restart);
  add ("no-return", BOARD_FINISHED, test_no_return);
  add ("guard", BOARD_FINISHED, test_guard);
  add ("store-and-remove", BOARD_PLAIN, test_store_and_remove);
  add ("forgotten", BOARD_FORGOTTEN, test_forgotten);
  add ("control", BOARD_OPEN, test_control);
  add ("control-refused", BOARD_PLAIN, test_control_refused);
  add ("output-port", BOARD_OPEN, test_output_port);
  add ("console", BOARD_OPEN, test_console);
  add ("console/release", BOARD_OPEN, test_console_release);
  add ("console/lost", BOARD_OPEN, test_console_lost);
  add ("delete", BOARD_FINISHED, test_delete);
  add ("other-board", BOARD_FINISHED, test_other_board); /* it stays another one */

  status = g_test_run ();
  packages_clean_up ();
  return status;
}
