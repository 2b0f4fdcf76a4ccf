/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-error.h"
#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-run-private.h"
#include "scripted-board.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONFIGURATION_COMPONENT "0d000000-0000-4000-8000-000000000021"
#define CONFIGURATION "0a000000-0000-4000-8000-000000000021"
#define CONFIGURED                                                                                 \
  ",\"boardConfiguration\":{\"componentId\":\"" CONFIGURATION_COMPONENT                            \
  "\",\"imageId\":\"" CONFIGURATION "\"}"
#define WIFI ",\"wifiNetworks\":[{\"ssid\":\"workshop\",\"security\":\"psk\"}]"
#define WIFI_OF_ANY_SECURITY ",\"wifiNetworks\":[{\"ssid\":\"workshop\"}]"
#define CERTS(more) ",\"certificates\":[{\"id\":\"cert\"" more "}]"

typedef struct
{
  char *folder;             /* (owned) */
  char *path;               /* (owned) */
  ScriptedBoard *board;     /* (owned): in memory that a forked child shares */
  LksRecipe *recipe;        /* (owned) */
  GString *needs;           /* (owned): what a person was asked for, in order */
  const LksRunOrder *order; /* (unowned) (nullable) */
  GPtrArray *waivers;       /* (unowned) (nullable) */
} Fixture;

static LksRecipe *
make_recipe (const char *target, const char *more)
{
  g_autofree char *text = g_strdup_printf ("{\"name\":\"test\",\"targetState\":\"%s\","
                                           "\"allowedOsVersions\":[\"24.06\",\"24.03\"],"
                                           "\"images\":[\"" SCRIPTED_APP "\"]%s}",
                                           target, more);
  g_autofree char *folder =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "finalize", "recipes", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  LksRecipe *recipe = lks_recipe_parse ("test.json", folder, bytes, &error);

  g_assert_no_error (error);
  return recipe;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  /* In memory where possible: the writes are real, their hundreds of fsync() need no disk. */
  f->folder = g_mkdtemp (g_strdup ("/dev/shm/lks-run-XXXXXX"));
  if (f->folder == NULL)
    f->folder = g_dir_make_tmp ("lks-run-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "ledger.sqlite", NULL);
  f->board =
      mmap (NULL, sizeof *f->board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (f->board != MAP_FAILED);
  scripted_board_init (f->board);
  f->recipe = make_recipe ("DeviceComplete", "");
  f->needs = g_string_new (NULL);
}

static void
remove_ledger (Fixture *f)
{
  static const char *const ends[] = { "", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (f->path, ends[i], NULL);

      g_remove (path);
    }
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  remove_ledger (f);
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
  munmap (f->board, sizeof *f->board);
  g_object_unref (f->recipe);
  g_string_free (f->needs, TRUE);
}

static void
use_recipe (Fixture *f, const char *target, const char *more)
{
  g_object_unref (f->recipe);
  f->recipe = make_recipe (target, more);
}

static LksLedger *
open_ledger (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (f->path, &error);

  g_assert_no_error (error);
  return ledger;
}

static void
needs_cb (const char *needs, gpointer user_data)
{
  Fixture *f = user_data;

  g_string_append_printf (f->needs, "%s;", needs != NULL ? needs : "-");
  /* The operator takes four seconds to find the button. */
  if (needs != NULL && f->board->power_cycle_at_us < 0)
    f->board->power_cycle_at_us = f->board->now_us + 4 * G_USEC_PER_SEC;
}

static LksRunResult *
finalize_with (Fixture *f, LksConsent *consent, GCancellable *cancellable)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  LksRunObserver observer = { .needs = needs_cb, .user_data = f };
  LksRunTarget target;

  scripted_board_target (f->board, &target);
  target.order = f->order;
  target.waivers = f->waivers;
  return lks_finalize_run (&target, f->recipe, consent, ledger, &observer, cancellable);
}

static LksConsent *
consent_to (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  LksConsent *consent = lks_consent_new (f->recipe, f->board->device_id, "typed", &error);

  g_assert_no_error (error);
  return consent;
}

static LksRunResult *
finalize (Fixture *f)
{
  g_autoptr (LksConsent) consent = consent_to (f);

  return finalize_with (f, consent, NULL);
}

static LksRunResult *
check (Fixture *f)
{
  LksRunTarget target;

  scripted_board_target (f->board, &target);
  target.order = f->order;
  return lks_check_run (&target, f->recipe, NULL, NULL, NULL);
}

/* "identify=pass state=pass …" */
static char *
tell_steps (LksRunResult *result)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < result->steps->len; i++)
    {
      LksRunStep *step = result->steps->pdata[i];

      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", lks_run_step_get_name (step),
                              lks_enum_to_nick (LKS_TYPE_STEP_RESULT,
                                                (int) lks_run_step_get_result (step)));
      g_assert_cmpint (lks_run_step_get_result (step), !=, LKS_STEP_RESULT_RUNNING);
      g_assert_cmpstr (lks_run_step_get_title (step), !=, lks_run_step_get_name (step));
      g_assert_cmpstr (lks_run_step_get_message (step), !=, "");
    }
  return g_string_free (text, FALSE);
}

static void
assert_verdict (LksRunResult *result, LksVerdict verdict, LksOutcome outcome)
{
  g_autofree char *steps = tell_steps (result);

  g_test_message ("%s: %s %s", steps, lks_enum_to_nick (LKS_TYPE_VERDICT, (int) result->verdict),
                  result->error != NULL ? result->error->message : "");
  g_assert_cmpint (result->verdict, ==, verdict);
  g_assert_cmpint (result->outcome, ==, outcome);
  g_assert_true (verdict != LKS_VERDICT_PASS || result->error == NULL);
  g_assert_true (verdict != LKS_VERDICT_STOPPED || result->error != NULL);
  g_assert_true ((lks_run_result_summarize (result) == NULL) == (verdict == LKS_VERDICT_PASS));
}

static guint64
count_records (Fixture *f, const char *verdict)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  LksLedgerQuery query = { .verdict = verdict };
  g_autoptr (GError) error = NULL;
  guint64 n_records;

  g_assert_true (lks_ledger_count (ledger, &query, &n_records, &error));
  return n_records;
}

static LksRunStep *
find_step (LksRunResult *result, const char *name)
{
  for (guint i = 0; i < result->steps->len; i++)
    if (g_str_equal (lks_run_step_get_name (result->steps->pdata[i]), name))
      return result->steps->pdata[i];

  return NULL;
}

#define CHECKS                                                                                     \
  "rest-version=pass state=pass capabilities=pass os-version=pass components=pass updates=pass "   \
  "absent-components=pass images=pass wifi-networks=pass certificates=pass"

#define WRITE_AND_PROVE                                                                            \
  "consent=pass set-state=pass read-back=pass restart=pass prove-restart=pass "                    \
  "verify-identity=pass verify-state=pass verify-capabilities=pass verify-os-version=pass"

static void
test_finalize (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = finalize (f);
  g_autofree char *steps = tell_steps (result);
  g_autoptr (LksLedger) ledger = NULL;
  g_autoptr (LksRecord) record = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (JsonNode) document = NULL;
  g_autoptr (GString) journal = g_string_new (NULL);
  const LksRecordFields *fields;

  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpstr (steps, ==, "identify=pass " CHECKS " " WRITE_AND_PROVE " service-lock=pass");
  g_assert_cmpuint (f->board->puts, ==, 1);
  g_assert_cmpuint (f->board->restarts, ==, 1);
  g_assert_true (f->board->is_locked);
  g_assert_cmpstr (f->needs->str, ==, "");
  g_assert_cmpstr (result->device_id, ==, f->board->device_id);

  ledger = open_ledger (f);
  record = lks_ledger_get (ledger, result->record_id, NULL);
  fields = lks_record_get_fields (record);
  g_assert_cmpstr (fields->verdict, ==, "PASS");
  g_assert_cmpstr (fields->outcome, ==, "finalized");
  g_assert_cmpstr (fields->device_id, ==, f->board->device_id);
  g_assert_cmpstr (fields->recipe_hash, ==, lks_recipe_get_hash (f->recipe));
  g_assert_cmpstr (fields->recipe_text, ==, lks_recipe_get_text (f->recipe));
  document = json_from_string (fields->document, NULL);
  g_assert_cmpuint (json_array_get_length (
                        json_object_get_array_member (json_node_get_object (document), "steps")),
                    ==, result->steps->len);

  entries = lks_ledger_journal_read (ledger, f->board->device_id, NULL);
  for (guint i = 0; i < entries->len; i++)
    {
      const LksJournalEntry *entry = entries->pdata[i];

      g_assert_cmpstr (entry->run_id, ==, fields->run_id);
      g_string_append_printf (journal, "%s/%s ", entry->step, entry->phase);
    }
  g_assert_cmpstr (journal->str, ==,
                   "check/intent check/evidence set-state/intent set-state/evidence "
                   "read-back/evidence restart/intent restart/evidence prove-restart/evidence "
                   "verify/intent verify/evidence end/evidence ");
}

static void
test_module1 (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) again = NULL;
  g_autofree char *steps = NULL;

  use_recipe (f, "Module1Complete", "");
  f->board->state = LKS_MANUFACTURING_STATE_BLANK;
  f->board->capabilities[0] = 12;
  f->board->n_capabilities = 1;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  steps = tell_steps (result);
  g_assert_cmpstr (steps, ==, "identify=pass " CHECKS " " WRITE_AND_PROVE);
  g_assert_cmpint (f->board->state, ==, LKS_MANUFACTURING_STATE_MODULE1_COMPLETE);

  again = finalize (f);
  assert_verdict (again, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  g_assert_cmpuint (f->board->puts, ==, 1);
  g_assert_cmpuint (f->board->restarts, ==, 1);
}

static void
test_skip_module1 (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) refused = NULL;
  g_autoptr (LksRunResult) allowed = NULL;

  f->board->state = LKS_MANUFACTURING_STATE_BLANK;
  refused = finalize (f);
  assert_verdict (refused, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);
  g_assert_cmpuint (f->board->puts, ==, 0);
  g_assert_nonnull (strstr (lks_run_result_summarize (refused), "allowSkipModule1"));

  use_recipe (f, "DeviceComplete", ",\"allowSkipModule1\":true");
  allowed = finalize (f);
  assert_verdict (allowed, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (f->board->puts, ==, 1);
}

/* One thing is wrong with a board: which step says so, and how. Nothing is ever written. */
typedef struct
{
  const char *name;
  const char *more; /* of the recipe */
  const char *step; /* the one that says so … */
  LksStepResult result;
  LksVerdict verdict;
  void (*spoil) (ScriptedBoard *board);
} Fault;

static void
set_unknown (ScriptedBoard *board)
{
  board->state = LKS_MANUFACTURING_STATE_UNKNOWN;
}

static void
add_app_development (ScriptedBoard *board)
{
  board->capabilities[board->n_capabilities++] = 11;
}

static void
add_field_servicing (ScriptedBoard *board)
{
  board->capabilities[board->n_capabilities++] = 13;
}

static void
add_internal_capability (ScriptedBoard *board)
{
  board->capabilities[board->n_capabilities++] = 2;
}

static void
add_unknown_capability (ScriptedBoard *board)
{
  board->capabilities[board->n_capabilities++] = 77;
}

static void
add_negative_capability (ScriptedBoard *board)
{
  board->capabilities[board->n_capabilities++] = -1;
}

static void
set_old_os (ScriptedBoard *board)
{
  g_strlcpy (board->os_version, "23.05", sizeof board->os_version);
}

static void
remove_os_version (ScriptedBoard *board)
{
  board->os_version[0] = '\0';
}

static void
set_old_rest (ScriptedBoard *board)
{
  g_strlcpy (board->rest_version, "3.9.0", sizeof board->rest_version);
}

static void
remove_rest_version (ScriptedBoard *board)
{
  board->rest_version[0] = '\0';
}

static void
set_odd_rest (ScriptedBoard *board)
{
  g_strlcpy (board->rest_version, "4.6.0-x", sizeof board->rest_version);
}

static void
add_component (ScriptedBoard *board, const char *component_id, const char *image_id, int type)
{
  board->components[board->n_components++] = (ScriptedComponent){ component_id, image_id, type };
}

static void
add_rf_test_server (ScriptedBoard *board)
{
  add_component (board, "508eddf2-b8c3-4a99-93d9-a045d9a060eb",
                 "0a000000-0000-4000-8000-000000000001", 10);
}

static void
add_debug_server (ScriptedBoard *board)
{
  add_component (board, "8548b129-b16f-4f84-8dbe-d2c847862e78",
                 "0a000000-0000-4000-8000-000000000002", 10);
}

static void
add_application (ScriptedBoard *board)
{
  add_component (board, "0d000000-0000-4000-8000-000000000003",
                 "0a000000-0000-4000-8000-000000000003", 10);
}

static void
remove_application (ScriptedBoard *board)
{
  board->n_components--;
}

static void
replace_application (ScriptedBoard *board)
{
  board->components[2].image_id = "0a000000-0000-4000-8000-000000000004";
}

static void
add_component_twice (ScriptedBoard *board)
{
  add_component (board, board->components[0].component_id, "0a000000-0000-4000-8000-000000000005",
                 5);
}

static void
add_system_component (ScriptedBoard *board)
{
  add_component (board, "0d000000-0000-4000-8000-000000000006",
                 "0a000000-0000-4000-8000-000000000006", 21);
}

static void
replace_os_image (ScriptedBoard *board)
{
  board->components[0].image_id = "01000000-0000-4000-8000-000000009999";
}

static void
set_old_os_image (ScriptedBoard *board)
{
  board->components[0].image_id = "01000000-0000-4000-8000-000000002305";
}

static void
start_ota (ScriptedBoard *board)
{
  board->is_ota_in_progress = TRUE;
}

static void
stage_update (ScriptedBoard *board)
{
  board->has_staged_updates = TRUE;
}

static void
require_restart (ScriptedBoard *board)
{
  board->is_restart_required = TRUE;
}

static void
add_network (ScriptedBoard *board)
{
  board->n_networks = 1;
}

static void
add_certificate (ScriptedBoard *board)
{
  board->n_certificates = 2;
}

static void
refuse_all (ScriptedBoard *board)
{
  board->refuses_all = TRUE;
}

static void
remove_device_id (ScriptedBoard *board)
{
  board->device_id[0] = '\0';
}

static void
shorten_device_id (ScriptedBoard *board)
{
  board->device_id[100] = '\0';
}

static void
add_second_device_id (ScriptedBoard *board)
{
  memset (board->second_device_id, 'c', 128);
}

static void
break_line (ScriptedBoard *board)
{
  board->lost_reads = 1000;
}

static void
add_two_networks (ScriptedBoard *board)
{
  board->n_networks = 2;
}

static void
add_open_network (ScriptedBoard *board)
{
  board->n_networks = 1;
  board->has_open_networks = TRUE;
}

static void
add_open_twin (ScriptedBoard *board)
{
  board->n_networks = 1;
  board->has_open_twins = TRUE;
}

static void
add_open_twin_only (ScriptedBoard *board)
{
  add_open_twin (board);
  board->has_open_networks = TRUE;
}

static void
add_old_certificate (ScriptedBoard *board)
{
  board->n_certificates = 1;
  board->certificate_days = 29;
}

static void
add_one_certificate (ScriptedBoard *board)
{
  board->n_certificates = 1;
}

static void
add_ethernet_down (ScriptedBoard *board)
{
  board->has_ethernet = TRUE;
}

static void
add_other_configuration (ScriptedBoard *board)
{
  add_component (board, CONFIGURATION_COMPONENT, "0a000000-0000-4000-8000-000000000022", 21);
}

static void
add_two_configurations (ScriptedBoard *board)
{
  add_component (board, CONFIGURATION_COMPONENT, CONFIGURATION, 21);
  add_component (board, "0d000000-0000-4000-8000-000000000023",
                 "0a000000-0000-4000-8000-000000000023", 21);
}

static void
add_configuration_as_application (ScriptedBoard *board)
{
  add_component (board, CONFIGURATION_COMPONENT, CONFIGURATION, 20);
}

static void
be_slow (ScriptedBoard *board)
{
  board->call_us = 4 * G_USEC_PER_SEC;
}

#define OS_LIST ",\"osList\":\"os-versions.json\""
#define FAILS LKS_STEP_RESULT_FAIL, LKS_VERDICT_FAIL
#define STOPS LKS_STEP_RESULT_STOPPED, LKS_VERDICT_STOPPED

static const Fault faults[] = {
  { "unknown-state", "", "state", STOPS, set_unknown },
  { "app-development", "", "capabilities", FAILS, add_app_development },
  { "unknown-capability", "", "capabilities", FAILS, add_unknown_capability },
  { "internal-capability", ",\"noCapabilities\":false", "capabilities", FAILS,
    add_internal_capability },
  { "app-development-allowed", ",\"noCapabilities\":false", "capabilities", FAILS,
    add_app_development },
  { "field-servicing-allowed", ",\"noCapabilities\":false", "capabilities", FAILS,
    add_field_servicing },
  { "unknown-capability-allowed", ",\"noCapabilities\":false", "capabilities", STOPS,
    add_unknown_capability },
  { "negative-capability", ",\"noCapabilities\":false", "capabilities", STOPS,
    add_negative_capability },
  { "old-os", "", "os-version", FAILS, set_old_os },
  { "silent-os", "", "os-version", FAILS, remove_os_version },
  { "old-rest", "", "rest-version", FAILS, set_old_rest },
  { "older-rest-than-recipe", ",\"minimumRestApiVersion\":\"4.10.0\"", "rest-version", FAILS,
    NULL },
  { "no-rest", "", "rest-version", FAILS, remove_rest_version },
  { "odd-rest", "", "rest-version", FAILS, set_odd_rest },
  { "rf-test-server", "", "absent-components", FAILS, add_rf_test_server },
  { "rf-test-server-always", ",\"absentComponents\":[]", "absent-components", FAILS,
    add_rf_test_server },
  { "debug-server", "", "absent-components", FAILS, add_debug_server },
  { "debug-server-is-application", ",\"absentComponents\":[]", "images", FAILS, add_debug_server },
  { "extra-application", "", "images", FAILS, add_application },
  { "missing-application", "", "images", FAILS, remove_application },
  { "other-application", "", "images", FAILS, replace_application },
  { "component-twice", "", "components", STOPS, add_component_twice },
  { "unknown-system-component", OS_LIST, "os-images", STOPS, add_system_component },
  { "unknown-os-images", OS_LIST, "os-images", FAILS, replace_os_image },
  { "old-os-images", OS_LIST, "os-images", FAILS, set_old_os_image },
  { "ota", "", "updates", FAILS, start_ota },
  { "staged", "", "updates", FAILS, stage_update },
  { "restart-required", "", "updates", FAILS, require_restart },
  { "network", "", "wifi-networks", FAILS, add_network },
  { "certificates", "", "certificates", FAILS, add_certificate },
  { "no-network-allowed", ",\"wifiNetworks\":[]", "wifi-networks", FAILS, add_network },
  { "missing-network", WIFI, "wifi-networks", FAILS, NULL },
  { "second-network", WIFI, "wifi-networks", FAILS, add_two_networks },
  { "open-network", WIFI, "wifi-networks", FAILS, add_open_network },
  { "open-twin", WIFI, "wifi-networks", FAILS, add_open_twin },
  { "open-twin-of-any", WIFI_OF_ANY_SECURITY, "wifi-networks", FAILS, add_open_twin },
  { "two-open-twins", WIFI, "wifi-networks", FAILS, add_open_twin_only },
  { "missing-certificate", CERTS (""), "certificates", FAILS, NULL },
  { "second-certificate", CERTS (""), "certificates", FAILS, add_certificate },
  { "certificate-of-others", CERTS (",\"subject\":\"/CN=other\""), "certificates", FAILS,
    add_one_certificate },
  { "certificate-ends-soon", CERTS (",\"validDays\":30"), "certificates", FAILS,
    add_old_certificate },
  { "no-interface", ",\"interfaces\":[{\"name\":\"eth0\",\"up\":false}]", "interfaces", FAILS,
    NULL },
  { "interface-down", ",\"interfaces\":[{\"name\":\"eth0\",\"up\":true}]", "interfaces", FAILS,
    add_ethernet_down },
  { "no-configuration", CONFIGURED, "board-configuration", FAILS, NULL },
  { "other-configuration", CONFIGURED OS_LIST, "board-configuration", FAILS,
    add_other_configuration },
  { "two-configurations", CONFIGURED, "board-configuration", FAILS, add_two_configurations },
  { "configuration-of-other-type", CONFIGURED OS_LIST, "os-images", STOPS,
    add_configuration_as_application },
  { "slow-check", ",\"limits\":{\"checkSeconds\":30}", "time-limits", FAILS, be_slow },
  { "slow-step", ",\"limits\":{\"stepSeconds\":3}", "time-limits", FAILS, be_slow },
  { "refuses-though-open", "", "components", STOPS, refuse_all },
  { "no-device-id", "", "identify", STOPS, remove_device_id },
  { "short-device-id", "", "identify", STOPS, shorten_device_id },
  { "two-device-ids", "", "identify", STOPS, add_second_device_id },
  { "broken-line", "", "identify", STOPS, break_line },
};

static void
test_fault (Fixture *f, gconstpointer data)
{
  const Fault *fault = data;
  g_autoptr (LksConsent) consent = consent_to (f);
  g_autoptr (LksRunResult) checked = NULL;
  g_autoptr (LksRunResult) result = NULL;

  use_recipe (f, "DeviceComplete", fault->more);
  if (fault->spoil != NULL)
    fault->spoil (f->board);

  checked = check (f);
  assert_verdict (checked, fault->verdict, LKS_OUTCOME_NONE);
  g_assert_nonnull (find_step (checked, fault->step));
  g_assert_cmpint (lks_run_step_get_result (find_step (checked, fault->step)), ==, fault->result);

  result = finalize_with (f, consent, NULL);
  assert_verdict (result, fault->verdict, LKS_OUTCOME_NONE);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, fault->step)), ==, fault->result);
  g_assert_cmpuint (f->board->puts, ==, 0);
  g_assert_cmpuint (f->board->restarts, ==, 0);
  g_assert_cmpuint (count_records (f, NULL), ==, 1);
  g_assert_cmpuint (count_records (f, "PASS"), ==, 0);
}

static void
fit_expectations (ScriptedBoard *board)
{
  board->n_networks = 2;
  board->n_certificates = 2;
  board->has_ethernet = TRUE;
  board->is_ethernet_up = TRUE;
  add_component (board, CONFIGURATION_COMPONENT, CONFIGURATION, 21);
}

#define EXPECTATIONS                                                                               \
  OS_LIST CONFIGURED                                                                               \
      ",\"wifiNetworks\":[{\"ssid\":\"guests\"},{\"ssid\":\"workshop\",\"security\":\"psk\"}]"     \
      ",\"certificates\":[{\"id\":\"cert-2\"},{\"id\":\"cert\",\"subject\":\"/CN=cert\","          \
      "\"validDays\":365}],\"interfaces\":[{\"name\":\"eth0\",\"up\":true}]"                       \
      ",\"limits\":{\"checkSeconds\":30,\"stepSeconds\":3},\"label\":{\"pattern\":\"TH-[0-9]+\"}"

/* A board that is configured as the recipe says is locked with its configuration. */
static void
test_expectations (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) again = NULL;
  g_autofree char *steps = NULL;
  g_autofree char *steps_again = NULL;

  use_recipe (f, "DeviceComplete", EXPECTATIONS);
  fit_expectations (f->board);
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  steps = tell_steps (result);
  g_assert_cmpstr (steps, ==,
                   "identify=pass rest-version=pass label=pass state=pass capabilities=pass "
                   "os-version=pass components=pass updates=pass os-images=pass "
                   "absent-components=pass images=pass board-configuration=pass "
                   "wifi-networks=pass certificates=pass interfaces=pass "
                   "time-limits=pass " WRITE_AND_PROVE " service-lock=pass");

  again = finalize (f);
  assert_verdict (again, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  steps_again = tell_steps (again);
  g_assert_nonnull (strstr (steps_again, "board-configuration=skip wifi-networks=skip "
                                         "certificates=skip interfaces=skip time-limits=pass"));
}

/* A recipe may allow capabilities, and never a board of which nobody knows that it is locked. */
static void
test_open_by_capability (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) checked = NULL;
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) module = NULL;

  use_recipe (f, "DeviceComplete", ",\"noCapabilities\":false");
  f->board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  f->board->capabilities[0] = 12;
  f->board->n_capabilities = 1;
  checked = check (f);
  assert_verdict (checked, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "service-lock")), ==,
                   LKS_STEP_RESULT_FAIL);
  g_assert_nonnull (strstr (lks_run_result_summarize (result), "empty capability"));

  /* What is not to be locked may be open. */
  use_recipe (f, "Module1Complete", ",\"noCapabilities\":false");
  f->board->state = LKS_MANUFACTURING_STATE_BLANK;
  f->board->capabilities[0] = 11;
  module = finalize (f);
  assert_verdict (module, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
}

/* Which label the unit has comes with the order; a check may be made before it is scanned. */
static void
test_label (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *label;
    LksStepResult checked;
    LksStepResult finalized;
  } cases[] = {
    { NULL, LKS_STEP_RESULT_SKIP, LKS_STEP_RESULT_FAIL },
    { "TH-12345", LKS_STEP_RESULT_FAIL, LKS_STEP_RESULT_FAIL },
    { "TH-123456", LKS_STEP_RESULT_PASS, LKS_STEP_RESULT_PASS },
  };

  use_recipe (f, "DeviceComplete", ",\"label\":{\"pattern\":\"TH-[0-9]{6}\",\"required\":true}");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LksRunOrder order = { .label = cases[i].label };
      g_autoptr (LksRunResult) checked = NULL;
      g_autoptr (LksRunResult) finalized = NULL;

      f->order = &order;
      checked = check (f);
      g_assert_cmpint (lks_run_step_get_result (find_step (checked, "label")), ==,
                       cases[i].checked);
      finalized = finalize (f);
      g_assert_cmpint (lks_run_step_get_result (find_step (finalized, "label")), ==,
                       cases[i].finalized);
      g_assert_cmpuint (f->board->puts, ==, cases[i].finalized == LKS_STEP_RESULT_PASS);
      f->order = NULL;
    }
}

static LksRunResult *
finalize_labelled (Fixture *f, const char *label)
{
  LksRunOrder order = { .label = label };
  LksRunResult *result;

  f->order = &order;
  result = finalize (f);
  f->order = NULL;
  return result;
}

static void
take_other_board (Fixture *f, char digit)
{
  scripted_board_init (f->board);
  memset (f->board->device_id, digit, 128);
}

static void
assert_label_refused (Fixture *f, LksRunResult *result, const char *said)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  g_autoptr (LksRecord) record = lks_ledger_get (ledger, result->record_id, NULL);

  assert_verdict (result, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_error (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_LABEL);
  g_assert_cmpstr (result->error->message, ==, said);
  g_assert_null (lks_record_get_fields (record)->label);
}

/* One label, one board; one board, one label: whatever the recipe says about labels. */
static void
test_label_taken (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) first = NULL;
  g_autoptr (LksRunResult) second = NULL;
  g_autoptr (LksRunResult) again = NULL;
  g_autoptr (LksRunResult) relabelled = NULL;
  g_autoptr (LksRunResult) unlabelled = NULL;
  ScriptedBoard first_board;

  memset (f->board->device_id, 'a', 128);
  first = finalize_labelled (f, "SN1");
  assert_verdict (first, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  first_board = *f->board;

  take_other_board (f, 'b');
  second = finalize_labelled (f, "SN1");
  assert_label_refused (f, second, "the label SN1 belongs to the board …aaaaaa already");
  g_assert_cmpuint (f->board->puts, ==, 0);
  again = finalize_labelled (f, "SN2");
  assert_verdict (again, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);

  *f->board = first_board;
  relabelled = finalize_labelled (f, "SN3");
  assert_label_refused (f, relabelled, "this board has the label SN1 already, not SN3");
  unlabelled = finalize (f);
  assert_verdict (unlabelled, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
}

/* Two runs at once: no record tells the second one. */
static void
test_label_at_once (Fixture *f, gconstpointer unused)
{
  g_autofree char *other_id = g_strnfill (128, 'd');
  g_autofree char *none = NULL;
  g_autoptr (LksRunResult) second = NULL;
  g_autoptr (LksRunResult) after = NULL;

  g_assert_true (lks_run_claim_label ("SN1", other_id, &none));
  second = finalize_labelled (f, "SN1");
  assert_label_refused (f, second, "the label SN1 belongs to the board …dddddd already");
  g_assert_cmpuint (f->board->puts, ==, 0);

  lks_run_release_label ("SN1");
  after = finalize_labelled (f, "SN1");
  assert_verdict (after, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_true (lks_run_claim_label ("SN1", other_id, &none));
  lks_run_release_label ("SN1");
}

/* A board to which nothing was done goes away, and another one gets its housing. */
static void
test_label_of_refused (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) refused = NULL;
  g_autoptr (LksRunResult) other = NULL;

  add_network (f->board);
  refused = finalize_labelled (f, "SN1");
  assert_verdict (refused, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);

  take_other_board (f, 'b');
  other = finalize_labelled (f, "SN1");
  assert_verdict (other, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
}

/* A board that is changed has its label, and whoever goes on need not give it again. */
static void
test_label_of_unfinished (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) stopped = NULL;
  g_autoptr (LksRunResult) other = NULL;
  g_autoptr (LksRunResult) relabelled = NULL;
  g_autoptr (LksRunResult) finished = NULL;
  g_autoptr (LksLedger) ledger = NULL;
  g_autoptr (LksRecord) record = NULL;
  ScriptedBoard first_board;

  memset (f->board->device_id, 'a', 128);
  f->board->locks_at_once = TRUE;
  stopped = finalize_labelled (f, "SN1");
  g_assert_error (stopped->error, LKS_RUN_ERROR, LKS_RUN_ERROR_POWER_CYCLE);
  first_board = *f->board;

  take_other_board (f, 'b');
  other = finalize_labelled (f, "SN1");
  assert_label_refused (f, other, "the label SN1 belongs to the board …aaaaaa already");

  *f->board = first_board;
  f->board->power_cycle_at_us = -1;
  relabelled = finalize_labelled (f, "SN2");
  assert_label_refused (f, relabelled, "this board has the label SN1 already, not SN2");
  finished = finalize (f);
  assert_verdict (finished, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  ledger = open_ledger (f);
  record = lks_ledger_get (ledger, finished->record_id, NULL);
  g_assert_cmpstr (lks_record_get_fields (record)->label, ==, "SN1");
}

static gboolean
label_is_elsewhere (LksLedger *ledger,
                    const char *label,
                    const char *device_id,
                    LksLabelConflict *out_conflict,
                    GError **error)
{
  *out_conflict = (LksLabelConflict){ .device_id = g_strnfill (128, 'e') };
  return TRUE;
}

static gboolean
nobody_answers (LksLedger *ledger,
                const char *label,
                const char *device_id,
                LksLabelConflict *out_conflict,
                GError **error)
{
  *out_conflict = (LksLabelConflict){ 0 };
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer");
  return FALSE;
}

static LksRunResult *
finalize_asking (Fixture *f, LksLabelCheckFunc label_check)
{
  LksRunOrder order = { .label = "SN1" };
  g_autoptr (LksConsent) consent = consent_to (f);
  g_autoptr (LksLedger) ledger = open_ledger (f);
  LksRunTarget target;

  scripted_board_target (f->board, &target);
  target.order = &order;
  target.label_check = label_check;
  return lks_finalize_run (&target, f->recipe, consent, ledger, NULL, NULL);
}

/* Other stations are asked, too; that they cannot be asked is told, and stops nobody. */
static void
test_label_elsewhere (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) taken = finalize_asking (f, label_is_elsewhere);
  g_autoptr (LksRunResult) unknown = NULL;

  assert_label_refused (f, taken, "the label SN1 belongs to the board …eeeeee already");
  g_assert_cmpuint (f->board->puts, ==, 0);

  unknown = finalize_asking (f, nobody_answers);
  assert_verdict (unknown, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpint (lks_run_step_get_result (find_step (unknown, "label")), ==,
                   LKS_STEP_RESULT_WARNING);
  g_assert_nonnull (strstr (lks_run_step_get_message (find_step (unknown, "label")), "no answer"));
}

/* A limit on the whole run keeps a board from being changed, and breaks nothing off. */
static void
test_run_limit_before (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) late = NULL;
  g_autoptr (LksRunResult) in_time = NULL;

  use_recipe (f, "DeviceComplete", ",\"limits\":{\"runSeconds\":9}");
  f->board->call_us = 2 * G_USEC_PER_SEC;
  late = finalize (f);
  assert_verdict (late, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);
  g_assert_error (late->error, LKS_RUN_ERROR, LKS_RUN_ERROR_REFUSED);
  g_assert_nonnull (strstr (late->error->message, "9 s that the recipe allows"));
  g_assert_null (find_step (late, "set-state"));
  g_assert_cmpuint (f->board->puts, ==, 0);

  f->board->call_us = 0;
  in_time = finalize (f);
  assert_verdict (in_time, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
}

static void
test_run_limit_after (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) late = NULL;
  g_autoptr (LksRunResult) again = NULL;
  gint64 begun_us = f->board->now_us;

  use_recipe (f, "DeviceComplete", ",\"limits\":{\"runSeconds\":10}");
  f->board->restart = RESTART_NEVER_RETURNS;
  late = finalize (f);
  assert_verdict (late, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_error (late->error, LKS_RUN_ERROR, LKS_RUN_ERROR_NOT_PROVEN);
  g_assert_cmpuint (f->board->puts, ==, 1);
  g_assert_cmpint (f->board->now_us - begun_us, <, 15 * G_USEC_PER_SEC);

  /* The proof is gone on with, however long it takes: nothing is to be changed any more. */
  f->board->restart = RESTART_WORKS;
  f->board->silent_until_us = 0;
  scripted_board_boot (f->board);
  f->board->call_us = G_USEC_PER_SEC;
  again = finalize (f);
  assert_verdict (again, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (f->board->puts, ==, 1);
}

#define MAY_WAIVE                                                                                  \
  ",\"mayWaive\":[{\"check\":\"wifi-networks\"},{\"check\":\"os-version\",\"by\":\"operator\"}]"

static LksWaiverFields
make_waiver (Fixture *f, const char *check)
{
  return (LksWaiverFields){
    .check = check,
    .device_id = f->board->device_id,
    .reason = "trade fair",
    .given_by = "Ada",
    .role = LKS_WAIVER_ROLE_ENGINEER,
    .until_us = g_get_real_time () + (gint64) 3600 * G_USEC_PER_SEC,
  };
}

static LksRunResult *
finalize_waived (Fixture *f, const LksWaiverFields *fields)
{
  g_autoptr (GPtrArray) waivers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_waiver_unref);
  g_autoptr (GError) error = NULL;
  LksRunResult *result;

  g_ptr_array_add (waivers, lks_waiver_new (f->recipe, fields, &error));
  g_assert_no_error (error);
  f->waivers = waivers;
  result = finalize (f);
  f->waivers = NULL;
  return result;
}

static guint
get_waived (Fixture *f, LksRunResult *result)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  g_autoptr (LksRecord) record = lks_ledger_get (ledger, result->record_id, NULL);

  return lks_record_get_fields (record)->waived;
}

/* The board passes, and the record says what was wrong with it and who answers for that. */
static void
test_waiver (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  const char *evidence;
  LksWaiverFields fields;

  use_recipe (f, "DeviceComplete", MAY_WAIVE);
  add_network (f->board);
  fields = make_waiver (f, "wifi-networks");
  result = finalize_waived (f, &fields);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "wifi-networks")), ==,
                   LKS_STEP_RESULT_WAIVED);
  evidence = lks_run_step_get_evidence (find_step (result, "wifi-networks"));
  g_assert_nonnull (strstr (evidence, "workshop"));
  g_assert_nonnull (strstr (evidence, "trade fair"));
  g_assert_nonnull (strstr (evidence, "\"engineer\""));
  g_assert_cmpuint (get_waived (f, result), ==, 1);
}

/* The OS version is looked at again after the board was locked. */
static void
test_waiver_to_the_end (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  LksWaiverFields fields;

  use_recipe (f, "DeviceComplete", MAY_WAIVE);
  set_old_os (f->board);
  fields = make_waiver (f, "os-version");
  fields.role = LKS_WAIVER_ROLE_OPERATOR;
  result = finalize_waived (f, &fields);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "verify-os-version")), ==,
                   LKS_STEP_RESULT_WAIVED);
  g_assert_cmpuint (get_waived (f, result), ==, 1);
}

/* The program dies when the board has just been told: whoever goes on need not be told once more
 * what was waived, as long as that still holds. */
static void
test_waiver_resumed (void)
{
  static const struct
  {
    const char *name;
    const char *batch; /* that the second run is for */
    LksVerdict verdict;
  } cases[] = {
    { "holds", "B-7", LKS_VERDICT_PASS },
    { "another-batch", "B-8", LKS_VERDICT_FAIL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f = { 0 };
      LksRunOrder order = { .batch = "B-7" };
      g_autoptr (LksRunResult) first = NULL;
      g_autoptr (LksRunResult) second = NULL;
      LksWaiverFields fields;
      LksRunStep *step;

      g_test_message ("%s", cases[i].name);
      set_up (&f, NULL);
      use_recipe (&f, "DeviceComplete", MAY_WAIVE);
      set_old_os (f.board);
      fields = make_waiver (&f, "os-version");
      fields.batch = order.batch;
      f.order = &order;
      f.board->restart = RESTART_NEVER_RETURNS;
      first = finalize_waived (&f, &fields);
      assert_verdict (first, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
      g_assert_cmpuint (f.board->puts, ==, 1);

      order.batch = cases[i].batch;
      f.board->restart = RESTART_WORKS;
      f.board->silent_until_us = 0;
      scripted_board_boot (f.board);
      second = finalize (&f);
      assert_verdict (second, cases[i].verdict,
                      cases[i].verdict == LKS_VERDICT_PASS ? LKS_OUTCOME_FINALIZED
                                                           : LKS_OUTCOME_NONE);
      step = find_step (second, "os-version");
      g_assert_cmpint (lks_run_step_get_result (step), ==,
                       cases[i].verdict == LKS_VERDICT_PASS ? LKS_STEP_RESULT_WAIVED
                                                            : LKS_STEP_RESULT_FAIL);
      g_assert_nonnull (strstr (lks_run_step_get_evidence (step), "trade fair"));
      g_assert_true ((strstr (lks_run_step_get_evidence (step), "waiverDoesNotHold") == NULL) ==
                     (cases[i].verdict == LKS_VERDICT_PASS));
      g_assert_cmpuint (f.board->puts, ==, 1);
      tear_down (&f, NULL);
    }
}

/* A run that is not gone on with takes nothing from those before. */
static void
test_waiver_not_resumed (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) first = NULL;
  g_autoptr (LksRunResult) second = NULL;
  LksWaiverFields fields;

  use_recipe (f, "DeviceComplete", MAY_WAIVE);
  set_old_os (f->board);
  fields = make_waiver (f, "os-version");
  f->board->put = PUT_UNREACHABLE;
  first = finalize_waived (f, &fields);
  assert_verdict (first, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  f->board->put = PUT_WORKS;
  second = finalize (f);
  assert_verdict (second, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);
  g_assert_cmpuint (f->board->puts, ==, 0);
}

/* A waiver for something else waives nothing, and the evidence says why. */
static void
test_waiver_does_not_hold (Fixture *f, gconstpointer unused)
{
  g_autofree char *other_id = g_strnfill (128, 'c');
  LksRunOrder order = { .batch = "B-7" };

  use_recipe (f, "DeviceComplete", MAY_WAIVE);
  add_network (f->board);
  f->order = &order;
  for (guint i = 0; i < 3; i++)
    {
      LksWaiverFields fields = make_waiver (f, i == 2 ? "os-version" : "wifi-networks");
      g_autoptr (LksRunResult) result = NULL;
      const char *evidence;

      if (i == 0)
        fields.device_id = other_id;
      else if (i == 1)
        fields.batch = "B-8";
      result = finalize_waived (f, &fields);
      assert_verdict (result, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);
      evidence = lks_run_step_get_evidence (find_step (result, "wifi-networks"));
      g_assert_true ((strstr (evidence, "waiverDoesNotHold") != NULL) == (i < 2));
      g_assert_cmpuint (get_waived (f, result), ==, 0);
    }
  g_assert_cmpuint (f->board->puts, ==, 0);
  f->order = NULL;
}

static void
test_waiver_ends (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksWaiver) waiver = NULL;
  g_autoptr (LksRecipe) other = make_recipe ("DeviceComplete", "");
  LksWaiverFields fields;

  use_recipe (f, "DeviceComplete", MAY_WAIVE);
  fields = make_waiver (f, "wifi-networks");
  waiver = lks_waiver_new (f->recipe, &fields, NULL);
  g_assert_null (lks_waiver_find_objection (waiver, f->recipe, f->board->device_id, NULL,
                                            fields.until_us - 1));
  g_assert_nonnull (
      lks_waiver_find_objection (waiver, f->recipe, f->board->device_id, NULL, fields.until_us));
  g_assert_nonnull (lks_waiver_find_objection (waiver, f->recipe, f->board->device_id, NULL, 0));
  g_assert_nonnull (lks_waiver_find_objection (waiver, f->recipe, NULL, NULL, fields.until_us - 1));
  g_assert_nonnull (
      lks_waiver_find_objection (waiver, other, f->board->device_id, NULL, fields.until_us - 1));
}

static void
test_waiver_illegal (Fixture *f, gconstpointer unused)
{
  gint64 now_us = g_get_real_time ();
  LksWaiverFields good;
  LksWaiverFields cases[9];

  use_recipe (f, "DeviceComplete", MAY_WAIVE);
  good = make_waiver (f, "wifi-networks");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    cases[i] = good;
  cases[0].check = "state";
  cases[1].check = "certificates";
  cases[2].role = LKS_WAIVER_ROLE_OPERATOR;
  cases[3].reason = " ";
  cases[4].reason = NULL;
  cases[5].given_by = "";
  cases[6].device_id = NULL;
  cases[7].until_us = now_us - 1;
  cases[8].until_us = now_us + (gint64) 31 * 24 * 3600 * G_USEC_PER_SEC;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LksWaiver) waiver = lks_waiver_new (f->recipe, &cases[i], &error);

      g_assert_null (waiver);
      g_assert_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_WAIVER);
    }
}

/* All failures of a board are found in one go. */
static void
test_all_failures (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  g_autofree char *steps = NULL;

  set_old_rest (f->board);
  add_app_development (f->board);
  set_old_os (f->board);
  add_rf_test_server (f->board);
  start_ota (f->board);
  add_network (f->board);
  add_certificate (f->board);
  result = check (f);
  steps = tell_steps (result);
  g_assert_cmpstr (steps, ==,
                   "identify=pass rest-version=fail state=pass capabilities=fail os-version=fail "
                   "components=pass updates=fail absent-components=fail images=fail "
                   "wifi-networks=fail certificates=fail");
}

static void
test_check (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) locked = NULL;
  g_autoptr (LksRunResult) unlocked = NULL;
  g_autofree char *steps = NULL;

  use_recipe (f, "DeviceComplete", OS_LIST ",\"noCertificates\":false");
  result = check (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_READY);
  steps = tell_steps (result);
  g_assert_cmpstr (steps, ==,
                   "identify=pass rest-version=pass state=pass capabilities=pass os-version=pass "
                   "components=pass updates=pass os-images=pass absent-components=pass "
                   "images=pass wifi-networks=pass certificates=skip");
  g_assert_null (result->record_id);

  f->board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  f->board->is_locked = TRUE;
  locked = check (f);
  assert_verdict (locked, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  g_clear_pointer (&steps, g_free);
  steps = tell_steps (locked);
  g_assert_cmpstr (steps, ==,
                   "identify=pass rest-version=pass state=pass capabilities=pass os-version=pass "
                   "components=skip updates=skip os-images=skip absent-components=skip "
                   "images=skip wifi-networks=skip certificates=skip service-lock=pass");

  /* Set by somebody who forgot the restart: a check must not call that locked. */
  f->board->is_locked = FALSE;
  unlocked = check (f);
  assert_verdict (unlocked, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);
  g_assert_cmpuint (f->board->puts + f->board->restarts, ==, 0);
}

/* Written and never proven: looking at it does not make it verified. */
static void
test_check_unfinished (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) stopped = NULL;
  g_autoptr (LksRunResult) checked = NULL;
  g_autoptr (LksRunResult) finished = NULL;
  g_autoptr (LksRunResult) again = NULL;
  LksRunTarget target;

  f->board->locks_at_once = TRUE;
  stopped = finalize (f);
  g_assert_error (stopped->error, LKS_RUN_ERROR, LKS_RUN_ERROR_POWER_CYCLE);

  scripted_board_target (f->board, &target);
  {
    g_autoptr (LksLedger) ledger = open_ledger (f);

    checked = lks_check_run (&target, f->recipe, ledger, NULL, NULL);
    assert_verdict (checked, LKS_VERDICT_PASS, LKS_OUTCOME_READY);
    g_assert_cmpint (lks_run_step_get_result (find_step (checked, "journal")), ==,
                     LKS_STEP_RESULT_WARNING);
  }

  f->board->power_cycle_at_us = -1;
  finished = finalize (f);
  assert_verdict (finished, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  {
    g_autoptr (LksLedger) ledger = open_ledger (f);

    again = lks_check_run (&target, f->recipe, ledger, NULL, NULL);
    assert_verdict (again, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  }
}

/* What an old OS does not say, its images may tell, while they can be read. */
static void
test_os_by_images (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;

  use_recipe (f, "DeviceComplete", OS_LIST);
  remove_os_version (f->board);
  result = check (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_READY);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "os-version")), ==,
                   LKS_STEP_RESULT_SKIP);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "os-images")), ==,
                   LKS_STEP_RESULT_PASS);
}

static void
test_line_that_breaks_now_and_then (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;

  f->board->lost_reads = 2;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
}

static void
test_consent (Fixture *f, gconstpointer unused)
{
  g_autofree char *other_id = g_strnfill (128, 'd');
  g_autoptr (LksRecipe) other_recipe = make_recipe ("DeviceComplete", ",\"product\":\"x\"");
  g_autoptr (LksConsent) for_other_board = lks_consent_new (f->recipe, other_id, "typed", NULL);
  g_autoptr (LksConsent) for_other_recipe =
      lks_consent_new (other_recipe, f->board->device_id, "typed", NULL);
  g_autoptr (LksConsent) none = NULL;
  LksConsent *consents[] = { NULL, for_other_board, for_other_recipe };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (consents); i++)
    {
      g_autoptr (LksRunResult) result = finalize_with (f, consents[i], NULL);

      assert_verdict (result, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
      g_assert_error (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_CONSENT);
      g_assert_cmpuint (f->board->puts, ==, 0);
    }

  none = lks_consent_new (f->recipe, "aaaa", "typed", &error);
  g_assert_null (none);
  g_assert_nonnull (error);
}

/* However the order goes wrong: at most one order, the truth in the verdict, and a second run
 * that ends well when the board lets it. */
static const struct
{
  const char *name;
  PutBehaviour put;
  LksVerdict verdict;
  guint puts;
  LksVerdict second_verdict; /* after the board behaves */
  guint second_puts;
} puts_table[] = {
  { "ignored", PUT_IS_IGNORED, LKS_VERDICT_FAIL, 1, LKS_VERDICT_PASS, 2 },
  { "refused", PUT_IS_REFUSED, LKS_VERDICT_STOPPED, 1, LKS_VERDICT_PASS, 2 },
  { "never-arrives", PUT_NEVER_ARRIVES, LKS_VERDICT_STOPPED, 0, LKS_VERDICT_PASS, 1 },
  { "loses-answer", PUT_LOSES_ANSWER, LKS_VERDICT_PASS, 1, LKS_VERDICT_PASS, 1 },
  { "loses-answer-late", PUT_LOSES_ANSWER_LATE, LKS_VERDICT_PASS, 1, LKS_VERDICT_PASS, 1 },
  { "times-out", PUT_TIMES_OUT_UNSENT, LKS_VERDICT_STOPPED, 0, LKS_VERDICT_PASS, 1 },
  { "unreachable", PUT_UNREACHABLE, LKS_VERDICT_STOPPED, 0, LKS_VERDICT_PASS, 1 },
  { "third-state", PUT_MAKES_UNKNOWN, LKS_VERDICT_STOPPED, 1, LKS_VERDICT_STOPPED, 1 },
};

static void
test_puts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (puts_table); i++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) first = NULL;
      g_autoptr (LksRunResult) second = NULL;

      set_up (&f, NULL);
      g_test_message ("%s", puts_table[i].name);
      f.board->put = puts_table[i].put;
      first = finalize (&f);
      assert_verdict (first, puts_table[i].verdict,
                      puts_table[i].verdict == LKS_VERDICT_PASS ? LKS_OUTCOME_FINALIZED
                                                                : LKS_OUTCOME_NONE);
      g_assert_cmpuint (f.board->puts, ==, puts_table[i].puts);

      f.board->put = PUT_WORKS;
      second = finalize (&f);
      g_assert_cmpint (second->verdict, ==, puts_table[i].second_verdict);
      g_assert_cmpuint (f.board->puts, ==, puts_table[i].second_puts);
      g_assert_cmpuint (f.board->writes, ==, 1);
      g_assert_cmpuint (count_records (&f, NULL), ==, 2);
      tear_down (&f, NULL);
    }
}

static void
test_restart_refused (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;

  f->board->locks_at_once = TRUE;
  f->board->power_cycle_at_us = -1; /* when asked */
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpstr (f->needs->str, ==, "power-cycle;-;");
  g_assert_null (result->needs);
  g_assert_cmpint (lks_run_step_get_result (find_step (result, "restart")), ==,
                   LKS_STEP_RESULT_WARNING);
}

static void
test_restart_refused_in_vain (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) again = NULL;
  g_autoptr (LksRunResult) after = NULL;

  f->board->locks_at_once = TRUE;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_error (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_POWER_CYCLE);
  g_assert_cmpstr (result->needs, ==, "power-cycle");

  /* Nothing has happened since: it is asked for again, not assumed. */
  again = finalize_with (f, NULL, NULL);
  assert_verdict (again, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);

  /* This time somebody does it. No consent is needed: nothing is written any more. */
  f->board->power_cycle_at_us = -1;
  after = finalize_with (f, NULL, NULL);
  assert_verdict (after, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (f->board->puts, ==, 1);
}

/* Unplugging is a restart: what happened while no run was looking counts, when it shows. */
static void
test_restart_meanwhile (void)
{
  static const struct
  {
    guint uptime_s; /* of the second run */
    gboolean same_clock;
    gboolean is_found;
  } cases[] = {
    { 30, TRUE, TRUE },   /* smaller than before */
    { 30, FALSE, TRUE },  /* on another computer, too */
    { 500, TRUE, TRUE },  /* longer than before, but not as long as it would have to be */
    { 500, FALSE, FALSE } /* nobody knows */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) first = NULL;
      g_autoptr (LksRunResult) second = NULL;

      set_up (&f, NULL);
      f.board->locks_at_once = TRUE;
      first = finalize (&f);
      g_assert_error (first->error, LKS_RUN_ERROR, LKS_RUN_ERROR_POWER_CYCLE);

      g_string_truncate (f.needs, 0);
      f.board->now_us += 600 * G_USEC_PER_SEC;
      scripted_board_boot (f.board);
      f.board->now_us += cases[i].uptime_s * G_USEC_PER_SEC;
      if (!cases[i].same_clock)
        g_strlcpy (f.board->clock, "another", sizeof f.board->clock);
      f.board->power_cycle_at_us = -1;
      second = finalize_with (&f, NULL, NULL);
      assert_verdict (second, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
      g_assert_cmpstr (f.needs->str, ==, cases[i].is_found ? "" : "power-cycle;-;");
      tear_down (&f, NULL);
    }
}

static void
test_restart_ignored (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;

  f->board->restart = RESTART_IS_IGNORED;
  f->board->power_cycle_at_us = -1;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpstr (f->needs->str, ==, "power-cycle;-;");
}

static void
test_restart_loses_answer (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;

  f->board->restart = RESTART_LOSES_ANSWER;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpstr (f->needs->str, ==, "");
}

static void
test_restart_never_returns (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) after = NULL;
  gint64 begun_us = f->board->now_us;

  f->board->restart = RESTART_NEVER_RETURNS;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_error (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_NOT_PROVEN);
  g_assert_cmpint (f->board->now_us - begun_us, <, 65 * G_USEC_PER_SEC);

  f->board->silent_until_us = 0;
  f->board->restart = RESTART_WORKS;
  scripted_board_boot (f->board);
  after = finalize (f);
  assert_verdict (after, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (f->board->puts, ==, 1);
}

/* A board that has just been plugged in has an uptime that a restart hardly undercuts. */
static void
test_restart_of_young_board (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;

  f->board->booted_us = f->board->now_us - 3 * G_USEC_PER_SEC;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
}

/* It is waited until a restart can show; nobody is asked to switch the board off and on. */
static void
test_quick_restart_of_young_board (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;

  f->board->restart = RESTART_IS_QUICK;
  f->board->booted_us = f->board->now_us;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpstr (f->needs->str, ==, "");
  g_assert_cmpuint (f->board->restarts, ==, 1);
}

static void
test_lies_after_restart (void)
{
  for (guint i = 0; i < 3; i++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) result = NULL;

      set_up (&f, NULL);
      f.board->capability_after_restart = i == 0 ? 11 : 0;
      f.board->blank_after_restart = i == 1;
      f.board->never_locks = i == 2;
      result = finalize (&f);
      assert_verdict (result, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);
      tear_down (&f, NULL);
    }
}

static void
test_verify (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) locked = NULL;
  g_autoptr (LksRunResult) open = NULL;

  f->board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  f->board->is_locked = TRUE;
  locked = finalize (f);
  assert_verdict (locked, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  g_assert_cmpuint (f->board->restarts, ==, 0);

  /* Set by somebody who forgot the restart: restarted and proven now. */
  f->board->is_locked = FALSE;
  open = finalize (f);
  assert_verdict (open, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  g_assert_cmpuint (f->board->restarts, ==, 1);
  g_assert_cmpuint (f->board->puts, ==, 0);
  g_assert_cmpuint (count_records (f, "PASS"), ==, 2);
}

static void
test_verify_not_waved_through (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) old_os = NULL;
  g_autoptr (LksRunResult) capability = NULL;

  f->board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  f->board->is_locked = TRUE;
  set_old_os (f->board);
  old_os = finalize (f);
  assert_verdict (old_os, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);

  scripted_board_init (f->board);
  f->board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  add_app_development (f->board);
  capability = finalize (f);
  assert_verdict (capability, LKS_VERDICT_FAIL, LKS_OUTCOME_NONE);
  g_assert_cmpuint (f->board->puts + f->board->restarts, ==, 0);
}

static void
test_always_prove (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;

  use_recipe (f, "DeviceComplete", ",\"restart\":{\"alwaysProve\":true}");
  f->board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  f->board->is_locked = TRUE;
  f->board->power_cycle_at_us = -1;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
  g_assert_cmpstr (f->needs->str, ==, "power-cycle;-;");
  g_assert_cmpuint (f->board->restarts, ==, 1);
}

static guint
count_calls (void)
{
  Fixture f = { 0 };
  guint calls;

  set_up (&f, NULL);
  lks_run_result_unref (finalize (&f));
  calls = f.board->calls;
  tear_down (&f, NULL);
  g_assert_cmpuint (calls, >, 20);
  return calls;
}

/* Cancelled at any moment: no half truths, and the next run ends well with one order in all. */
static void
test_cancel_everywhere (void)
{
  guint calls = count_calls ();

  for (guint at = 1; at <= calls; at++)
    {
      Fixture f = { 0 };
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (LksRunResult) first = NULL;
      g_autoptr (LksRunResult) second = NULL;
      g_autoptr (LksConsent) consent = NULL;

      set_up (&f, NULL);
      f.board->cancel = cancellable;
      f.board->cancel_at_call = at;
      consent = consent_to (&f);
      first = finalize_with (&f, consent, cancellable);
      assert_verdict (first, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
      g_assert_error (first->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      /* Between the intent and the answer nothing stops the run from finding out. */
      g_assert_true (f.board->puts == 0 ||
                     lks_run_step_get_result (find_step (first, "read-back")) ==
                         LKS_STEP_RESULT_PASS);

      f.board->power_cycle_at_us = -1;
      f.board->now_us += 20 * G_USEC_PER_SEC; /* it may be restarting */
      second = finalize (&f);
      assert_verdict (second, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
      g_assert_cmpuint (f.board->puts, ==, 1);
      tear_down (&f, NULL);
    }
}

/* Unplugged at any moment, plugged in again: the same. */
static void
test_unplug_everywhere (void)
{
  guint calls = count_calls ();

  for (guint at = 1; at <= calls; at++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) first = NULL;
      g_autoptr (LksRunResult) second = NULL;

      set_up (&f, NULL);
      f.board->unplug_at_call = at;
      first = finalize (&f);
      assert_verdict (first, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);

      f.board->is_unplugged = FALSE;
      f.board->silent_until_us = 0;
      scripted_board_boot (f.board);
      f.board->power_cycle_at_us = -1;
      second = finalize (&f);
      assert_verdict (second, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
      g_assert_cmpuint (f.board->puts, ==, 1);
      g_assert_cmpuint (count_records (&f, "PASS"), ==, 1);
      tear_down (&f, NULL);
    }
}

/* Another board in the same place, at any moment: never a PASS for either, and the order never
 * goes to a board whose ID was not read right before. */
static void
test_swap_everywhere (void)
{
  guint calls = count_calls ();

  for (guint at = 3; at <= calls; at++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) result = NULL;

      set_up (&f, NULL);
      f.board->swap_at_call = at;
      result = finalize (&f);
      g_assert_true (result->verdict != LKS_VERDICT_PASS || at > calls - 4);
      tear_down (&f, NULL);
    }
}

/* A child process runs and is killed. Returns whether it came to its end instead. */
static gboolean
finalize_in_child (Fixture *f)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      g_autoptr (LksRunResult) result = finalize (f);

      _exit (result->verdict == LKS_VERDICT_PASS ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) || WEXITSTATUS (status) == 0);
  return !WIFSIGNALED (status);
}

typedef enum
{
  THEN_NOTHING,
  THEN_RESTARTED,
  THEN_UNPLUGGED, /* without current, then plugged in elsewhere: a restart, too */
  THEN_CHANGED_BY_OTHERS,
  THEN_OTHER_BOARD,
  N_AFTERMATHS,
} Aftermath;

static void
come_to_pass (ScriptedBoard *board, Aftermath aftermath)
{
  board->die_at_call = 0;
  board->power_cycle_at_us = -1;
  switch (aftermath)
    {
    case THEN_NOTHING:
      board->now_us += 20 * G_USEC_PER_SEC; /* it may be restarting */
      break;
    case THEN_UNPLUGGED:
      board->now_us += 3600 * (gint64) G_USEC_PER_SEC;
      board->silent_until_us = 0;
      scripted_board_boot (board);
      break;
    case THEN_RESTARTED:
      board->now_us += 10 * G_USEC_PER_SEC;
      board->silent_until_us = 0;
      scripted_board_boot (board);
      break;
    case THEN_CHANGED_BY_OTHERS:
      board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
      board->silent_until_us = 0;
      scripted_board_boot (board);
      break;
    case THEN_OTHER_BOARD:
      scripted_board_init (board);
      memset (board->device_id, 'e', 128);
      board->power_cycle_at_us = -1;
      break;
    case N_AFTERMATHS:
      g_assert_not_reached ();
    }
}

/* Returns FALSE when the child was not killed, because the call had no effect to die after. */
static gboolean
kill_and_resume (guint at, gboolean after_effect, Aftermath aftermath)
{
  Fixture f = { 0 };
  g_autoptr (LksRunResult) second = NULL;
  guint writes_before;

  set_up (&f, NULL);
  f.board->die_at_call = at;
  f.board->die_after_effect = after_effect;
  if (finalize_in_child (&f))
    {
      tear_down (&f, NULL);
      return FALSE;
    }

  writes_before = f.board->writes;
  come_to_pass (f.board, aftermath);
  second = finalize (&f);
  g_assert_cmpint (second->verdict, ==, LKS_VERDICT_PASS);
  g_assert_cmpuint (f.board->writes, ==, aftermath == THEN_CHANGED_BY_OTHERS ? writes_before : 1);
  g_assert_cmpuint (f.board->puts, ==, f.board->writes);
  g_assert_cmpuint (count_records (&f, NULL), ==, 1);
  g_assert_cmpstr (second->device_id, ==, f.board->device_id);
  /* What this station wrote is proven by a restart that this station saw. */
  g_assert_true (second->outcome != LKS_OUTCOME_FINALIZED ||
                 find_step (second, "prove-restart") != NULL ||
                 find_step (second, "journal") != NULL);
  tear_down (&f, NULL);
  return TRUE;
}

/* kill -9 before and after the effect of every single call, times what may happen to the board
 * meanwhile: never a second order, always the right verdict, no record lost or doubled. */
static void
test_kill_everywhere (void)
{
  guint calls = count_calls ();
  guint kills = 0;

  for (guint at = 1; at <= calls; at++)
    {
      /* While the board restarts, one question in vain is like the other. */
      if (at == 17)
        at = calls - 8;
      for (int after_effect = 0; after_effect <= 1; after_effect++)
        for (int aftermath = 0; aftermath < N_AFTERMATHS; aftermath++)
          {
            g_test_message ("call %u, %s, aftermath %d", at, after_effect ? "after" : "before",
                            aftermath);
            kills += kill_and_resume (at, after_effect, (Aftermath) aftermath);
          }
    }
  g_assert_cmpuint (kills, >, 200);
}

#define OTHER_RECIPE ",\"product\":\"other\""

/* Whoever has lost its file gets it back. */
static void
assert_recipe_kept (Fixture *f, const char *hash, const char *text)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = lks_ledger_find_recipe (ledger, hash, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (kept, ==, text);
}

/* What was written by one recipe is finished by that one, and by no other: its checks were made. */
static void
test_other_recipe (Fixture *f, gconstpointer unused)
{
  g_autofree char *begun_hash = g_strndup (lks_recipe_get_hash (f->recipe), 12);
  g_autofree char *begun_text = g_strdup (lks_recipe_get_text (f->recipe));
  g_autoptr (LksRunResult) first = NULL;
  g_autoptr (LksRunResult) other = NULL;
  g_autoptr (LksRunResult) checked = NULL;
  g_autoptr (LksRunResult) second = NULL;
  g_autoptr (LksRunResult) after = NULL;

  f->board->locks_at_once = TRUE;
  first = finalize (f);
  g_assert_error (first->error, LKS_RUN_ERROR, LKS_RUN_ERROR_POWER_CYCLE);

  use_recipe (f, "DeviceComplete", OTHER_RECIPE);
  f->board->power_cycle_at_us = -1;
  other = finalize (f);
  assert_verdict (other, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_error (other->error, LKS_RUN_ERROR, LKS_RUN_ERROR_OTHER_RECIPE);
  g_assert_nonnull (strstr (other->error->message, "“test”"));
  g_assert_nonnull (strstr (other->error->message, begun_hash));
  g_assert_null (other->record_id);
  g_assert_cmpuint (count_records (f, NULL), ==, 1);
  {
    g_autoptr (LksLedger) ledger = open_ledger (f);
    LksRunTarget target;

    scripted_board_target (f->board, &target);
    checked = lks_check_run (&target, f->recipe, ledger, NULL, NULL);
  }
  assert_verdict (checked, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_cmpstr (checked->error->message, ==, other->error->message);
  assert_recipe_kept (f, begun_hash, begun_text);

  use_recipe (f, "DeviceComplete", "");
  second = finalize (f);
  assert_verdict (second, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (f->board->puts, ==, 1);

  use_recipe (f, "DeviceComplete", OTHER_RECIPE);
  after = finalize (f);
  assert_verdict (after, LKS_VERDICT_PASS, LKS_OUTCOME_VERIFIED);
}

/* Returns FALSE when the child was not killed. */
static gboolean
kill_and_take_other_recipe (guint at, gboolean after_effect)
{
  Fixture f = { 0 };
  g_autoptr (LksRunResult) other = NULL;
  g_autoptr (LksRunResult) last = NULL;
  g_autofree char *begun_hash = NULL;
  g_autofree char *begun_text = NULL;
  gboolean was_written;

  set_up (&f, NULL);
  begun_hash = g_strdup (lks_recipe_get_hash (f.recipe));
  begun_text = g_strdup (lks_recipe_get_text (f.recipe));
  f.board->die_at_call = at;
  f.board->die_after_effect = after_effect;
  if (finalize_in_child (&f))
    {
      tear_down (&f, NULL);
      return FALSE;
    }

  was_written = f.board->writes > 0;
  come_to_pass (f.board, THEN_RESTARTED);
  use_recipe (&f, "DeviceComplete", OTHER_RECIPE);
  other = finalize (&f);
  if (was_written)
    {
      g_assert_error (other->error, LKS_RUN_ERROR, LKS_RUN_ERROR_OTHER_RECIPE);
      g_assert_cmpuint (count_records (&f, NULL), ==, 0);
      assert_recipe_kept (&f, begun_hash, begun_text);
      use_recipe (&f, "DeviceComplete", "");
    }
  else
    assert_verdict (other, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);

  last = finalize (&f);
  assert_verdict (last, LKS_VERDICT_PASS,
                  was_written ? LKS_OUTCOME_FINALIZED : LKS_OUTCOME_VERIFIED);
  g_assert_cmpuint (f.board->puts, ==, 1);
  g_assert_cmpuint (count_records (&f, NULL), ==, was_written ? 1 : 2);
  tear_down (&f, NULL);
  return TRUE;
}

/* kill -9 anywhere, and somebody goes on with another recipe: that one never passes a board which
 * it did not check, and keeps none from being finished. */
static void
test_other_recipe_everywhere (void)
{
  guint calls = count_calls ();
  guint kills = 0;

  for (guint at = 1; at <= calls; at++)
    {
      if (at == 17)
        at = calls - 8;
      for (int after_effect = 0; after_effect <= 1; after_effect++)
        {
          g_test_message ("call %u, %s", at, after_effect ? "after" : "before");
          kills += kill_and_take_other_recipe (at, after_effect);
        }
    }
  g_assert_cmpuint (kills, >, 40);
}

static void
test_same_id_elsewhere (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  g_autofree char *other = NULL;
  LksRunTarget target;
  LksRun first = { .target = &target };

  scripted_board_target (f->board, &target);
  g_assert_true (lks_run_claim (f->board->device_id, "7-7", &other));
  result = finalize (f);
  first.result = result;
  assert_verdict (result, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_error (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY);
  g_assert_nonnull (strstr (result->error->message, "7-7"));
  g_assert_true (lks_run_is_contested (&first));
  g_assert_cmpuint (f->board->puts, ==, 0);
  lks_run_release (f->board->device_id);
}

typedef struct
{
  Fixture *fixture;
  gint is_contested; /* as the run is told by whoever watches all places */
} Contest;

static gboolean
is_passed (LksRunStep *step, const char *name)
{
  return g_str_equal (lks_run_step_get_name (step), name) &&
         lks_run_step_get_result (step) == LKS_STEP_RESULT_PASS;
}

static void
contest_cb (LksRunStep *step, guint index, gpointer user_data)
{
  if (is_passed (step, "images"))
    g_atomic_int_set (&((Contest *) user_data)->is_contested, 1);
}

static void
contest_late_cb (LksRunStep *step, guint index, gpointer user_data)
{
  Contest *contest = user_data;
  g_autofree char *other = NULL;

  if (is_passed (step, "verify-state"))
    g_assert_false (lks_run_claim (contest->fixture->board->device_id, "8-8", &other));
}

/* A second board with the same ID appears while the first is being checked. */
static void
test_same_id_later (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  g_autoptr (LksConsent) consent = consent_to (f);
  Contest contest = { .fixture = f };
  LksRunObserver observer = { .step = contest_cb, .user_data = &contest };
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) checked = NULL;
  LksRunTarget target;

  scripted_board_target (f->board, &target);
  target.is_contested = &contest.is_contested;
  result = lks_finalize_run (&target, f->recipe, consent, ledger, &observer, NULL);
  assert_verdict (result, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_error (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY);
  g_assert_cmpuint (f->board->puts, ==, 0);

  contest.is_contested = 0;
  checked = lks_check_run (&target, f->recipe, NULL, &observer, NULL);
  assert_verdict (checked, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
}

/* It appears when the first has been changed: no PASS, and nothing is ordered twice afterwards. */
static void
test_same_id_last (Fixture *f, gconstpointer unused)
{
  Contest contest = { .fixture = f };
  LksRunObserver observer = { .step = contest_late_cb, .user_data = &contest };
  g_autoptr (LksConsent) consent = consent_to (f);
  g_autoptr (LksRunResult) first = NULL;
  g_autoptr (LksRunResult) second = NULL;
  LksLedger *ledger = open_ledger (f);
  LksRunTarget target;

  scripted_board_target (f->board, &target);
  first = lks_finalize_run (&target, f->recipe, consent, ledger, &observer, NULL);
  g_object_unref (ledger);
  assert_verdict (first, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
  g_assert_error (first->error, LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY);

  second = finalize (f);
  assert_verdict (second, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (f->board->puts, ==, 1);
}

static void
run_sql (Fixture *f, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* A ledger that cannot be written to: before the order it stops the run, afterwards it costs the
 * PASS until everything is kept. */
static void
test_ledger_fails (void)
{
  static const struct
  {
    const char *trigger;
    guint puts;
    gboolean has_record;
  } cases[] = {
    { "INSERT ON journal WHEN NEW.step = 'check'", 0, TRUE },
    { "INSERT ON journal WHEN NEW.step = 'check' AND NEW.phase = 'evidence'", 1, TRUE },
    { "INSERT ON journal WHEN NEW.step = 'set-state'", 0, TRUE },
    { "INSERT ON journal WHEN NEW.step = 'set-state' AND NEW.phase = 'evidence'", 1, TRUE },
    { "INSERT ON journal WHEN NEW.step = 'read-back'", 1, TRUE },
    { "INSERT ON journal WHEN NEW.step = 'restart'", 1, TRUE },
    { "INSERT ON journal WHEN NEW.step = 'restart' AND NEW.phase = 'evidence'", 1, TRUE },
    { "INSERT ON journal WHEN NEW.step = 'prove-restart'", 1, TRUE },
    { "INSERT ON journal WHEN NEW.step = 'verify'", 1, TRUE },
    { "INSERT ON records", 1, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f = { 0 };
      g_autofree char *sql =
          g_strdup_printf ("CREATE TRIGGER fails BEFORE %s BEGIN SELECT RAISE(ABORT, 'no'); END",
                           cases[i].trigger);
      g_autoptr (LksRunResult) first = NULL;
      g_autoptr (LksRunResult) second = NULL;

      set_up (&f, NULL);
      g_test_message ("%s", cases[i].trigger);
      g_assert_cmpuint (count_records (&f, NULL), ==, 0);
      run_sql (&f, sql);
      first = finalize (&f);
      assert_verdict (first, LKS_VERDICT_STOPPED, LKS_OUTCOME_NONE);
      g_assert_cmpint ((int) first->error->domain, ==, (int) LKS_LEDGER_ERROR);
      g_assert_cmpuint (f.board->puts, ==, cases[i].puts);
      g_assert_true ((first->record_id != NULL) == cases[i].has_record);

      run_sql (&f, "DROP TRIGGER fails");
      f.board->power_cycle_at_us = -1;
      second = finalize (&f);
      assert_verdict (second, LKS_VERDICT_PASS, LKS_OUTCOME_FINALIZED);
      g_assert_cmpuint (f.board->puts, ==, 1);
      tear_down (&f, NULL);
    }
}

static const char *
read_text (JsonObject *object, const char *member)
{
  g_assert_true (json_object_has_member (object, member));
  return json_object_get_string_member_with_default (object, member, NULL);
}

/* What scripts rely on. */
static void
test_json (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) pass = finalize (f);
  g_autoptr (LksRunResult) stopped = NULL;
  g_autoptr (JsonNode) node = lks_run_result_to_json (pass);
  g_autoptr (JsonNode) stopped_node = NULL;
  JsonObject *object = json_node_get_object (node);
  JsonObject *step;
  JsonObject *error;

  g_assert_cmpstr (read_text (object, "deviceId"), ==, f->board->device_id);
  g_assert_cmpstr (read_text (object, "port"), ==, "1-2.3");
  g_assert_cmpstr (read_text (object, "verdict"), ==, "PASS");
  g_assert_cmpstr (read_text (object, "outcome"), ==, "finalized");
  g_assert_cmpstr (read_text (object, "recipeHash"), ==, lks_recipe_get_hash (f->recipe));
  g_assert_cmpstr (read_text (object, "recordId"), ==, pass->record_id);
  g_assert_true (json_object_get_null_member (object, "error"));
  step = json_array_get_object_element (json_object_get_array_member (object, "steps"), 2);
  g_assert_cmpstr (read_text (step, "name"), ==, "state");
  g_assert_cmpstr (read_text (step, "result"), ==, "pass");
  g_assert_cmpstr (read_text (json_object_get_object_member (step, "evidence"), "source"), ==,
                   "GET /device/manufacturing_state");
  g_assert_cmpstr (read_text (json_object_get_object_member (step, "evidence"), "read"), ==,
                   "Module1Complete");

  f->board->lost_reads = 1000;
  stopped = check (f);
  stopped_node = lks_run_result_to_json (stopped);
  object = json_node_get_object (stopped_node);
  g_assert_cmpstr (read_text (object, "verdict"), ==, "STOPPED");
  g_assert_true (json_object_get_null_member (object, "deviceId"));
  error = json_object_get_object_member (object, "error");
  g_assert_nonnull (read_text (error, "domain"));
  g_assert_nonnull (read_text (error, "message"));
  g_assert_nonnull (read_text (error, "advice"));
}

/* Every phase after every other, with a run that stands there: the legal ones are entered, any
 * other stops the board, and the program goes on. */
static void
test_transitions (Fixture *f, gconstpointer unused)
{
  LksRunTarget target;

  scripted_board_target (f->board, &target);
  for (int from = 0; from < LKS_RUN_PHASES; from++)
    for (int to = 0; to < LKS_RUN_PHASES; to++)
      {
        g_autoptr (LksRunResult) result = lks_run_result_new ("finalize", &target, f->recipe);
        LksRun run = {
          .target = &target, .recipe = f->recipe, .result = result, .phase = (LksRunPhase) from
        };
        gboolean is_legal = lks_run_phase_may_follow ((LksRunPhase) from, (LksRunPhase) to);

        g_assert_true (lks_run_enter (&run, (LksRunPhase) to) == is_legal);
        g_assert_cmpint (run.phase, ==, is_legal ? to : from);
        if (is_legal)
          g_assert_no_error (result->error);
        else
          g_assert_error (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_NOT_UNDERSTOOD);
      }
}

/* A step in a phase to which it does not belong costs the PASS. */
static void
test_steps_out_of_order (Fixture *f, gconstpointer unused)
{
  static const char *const acts[] = { "set-state", "read-back", "restart", "prove-restart" };
  LksRunTarget target;

  scripted_board_target (f->board, &target);
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    for (int phase = 0; phase < LKS_RUN_PHASES; phase++)
      {
        g_autoptr (LksRunResult) result = lks_run_result_new ("finalize", &target, f->recipe);
        LksRun run = {
          .target = &target, .recipe = f->recipe, .result = result, .phase = (LksRunPhase) phase
        };
        gboolean is_own = g_str_equal (lks_enum_to_nick (LKS_TYPE_RUN_PHASE, phase), acts[i]);

        lks_run_begin (&run, acts[i]);
        lks_run_end (&run, LKS_STEP_RESULT_PASS, NULL, "done");
        g_assert_true ((result->error == NULL) == is_own);
      }
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  TEST ("/run/finalize", test_finalize);
  TEST ("/run/module1", test_module1);
  TEST ("/run/skip-module1", test_skip_module1);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/run/fault/", faults[i].name, NULL);

      g_test_add (path, Fixture, &faults[i], set_up, test_fault, tear_down);
    }
  TEST ("/run/expectations", test_expectations);
  TEST ("/run/label", test_label);
  TEST ("/run/label/taken", test_label_taken);
  TEST ("/run/label/at-once", test_label_at_once);
  TEST ("/run/label/elsewhere", test_label_elsewhere);
  TEST ("/run/label/of-refused", test_label_of_refused);
  TEST ("/run/label/of-unfinished", test_label_of_unfinished);
  TEST ("/run/limit/before", test_run_limit_before);
  TEST ("/run/limit/after", test_run_limit_after);
  TEST ("/run/waiver/holds", test_waiver);
  TEST ("/run/waiver/to-the-end", test_waiver_to_the_end);
  g_test_add_func ("/run/waiver/resumed", test_waiver_resumed);
  TEST ("/run/waiver/not-resumed", test_waiver_not_resumed);
  TEST ("/run/waiver/does-not-hold", test_waiver_does_not_hold);
  TEST ("/run/waiver/ends", test_waiver_ends);
  TEST ("/run/waiver/illegal", test_waiver_illegal);
  TEST ("/run/all-failures", test_all_failures);
  TEST ("/run/check", test_check);
  TEST ("/run/check-unfinished", test_check_unfinished);
  TEST ("/run/os-by-images", test_os_by_images);
  TEST ("/run/line-breaks-now-and-then", test_line_that_breaks_now_and_then);
  TEST ("/run/consent", test_consent);
  g_test_add_func ("/run/put", test_puts);
  TEST ("/run/restart/refused", test_restart_refused);
  TEST ("/run/restart/refused-in-vain", test_restart_refused_in_vain);
  g_test_add_func ("/run/restart/meanwhile", test_restart_meanwhile);
  TEST ("/run/restart/ignored", test_restart_ignored);
  TEST ("/run/restart/loses-answer", test_restart_loses_answer);
  TEST ("/run/restart/never-returns", test_restart_never_returns);
  TEST ("/run/restart/young-board", test_restart_of_young_board);
  TEST ("/run/restart/quick-and-young-board", test_quick_restart_of_young_board);
  g_test_add_func ("/run/lies-after-restart", test_lies_after_restart);
  TEST ("/run/verify", test_verify);
  TEST ("/run/verify/not-waved-through", test_verify_not_waved_through);
  TEST ("/run/verify/always-prove", test_always_prove);
  g_test_add_func ("/run/cancel-everywhere", test_cancel_everywhere);
  g_test_add_func ("/run/unplug-everywhere", test_unplug_everywhere);
  g_test_add_func ("/run/swap-everywhere", test_swap_everywhere);
  g_test_add_func ("/run/kill-everywhere", test_kill_everywhere);
  TEST ("/run/other-recipe", test_other_recipe);
  g_test_add_func ("/run/other-recipe-everywhere", test_other_recipe_everywhere);
  TEST ("/run/open-by-capability", test_open_by_capability);
  TEST ("/run/same-id-elsewhere", test_same_id_elsewhere);
  TEST ("/run/same-id-later", test_same_id_later);
  TEST ("/run/same-id-last", test_same_id_last);
  g_test_add_func ("/run/ledger-fails", test_ledger_fails);
  TEST ("/run/json", test_json);
  TEST ("/run/transitions", test_transitions);
  TEST ("/run/steps-out-of-order", test_steps_out_of_order);

  return g_test_run ();
}
