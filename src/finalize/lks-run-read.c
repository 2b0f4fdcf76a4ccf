/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

#include "lks-capability.h"
#include "lks-device-error.h"
#include "lks-device-id.h"
#include "lks-enums.h"

static LksDeviceSecurity *
read_security (LksRun *run, GError **error)
{
  const LksRunTarget *target = run->target;
  g_autoptr (GError) local = NULL;
  LksDeviceSecurity *security;
  guint tries = 0;

  do
    security = target->ops->get_security (target->data, lks_run_cancellable (run), &local);
  while (security == NULL && lks_run_try_again (run, &tries, &local));

  if (security == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return security;
}

static gboolean
end_identity (LksRun *run, const char *first, const char *second)
{
  JsonObject *evidence = json_object_new ();

  json_object_set_string_member (evidence, "source", "GET /device/security_state");
  json_object_set_string_member (evidence, "first", first != NULL ? first : "");
  json_object_set_string_member (evidence, "second", second != NULL ? second : "");
  if (run->result->device_id != NULL)
    json_object_set_string_member (evidence, "expected", run->result->device_id);

  if (first == NULL || second == NULL)
    return lks_run_stop_new (run, LKS_RUN_ERROR_IDENTITY, evidence,
                             "the board does not say its device ID: its OS is too old; update it "
                             "first");
  if (!lks_device_id_is_valid (first))
    return lks_run_stop_new (run, LKS_RUN_ERROR_IDENTITY, evidence,
                             "what the board says is no device ID");
  if (!g_str_equal (first, second))
    return lks_run_stop_new (run, LKS_RUN_ERROR_IDENTITY, evidence,
                             "two readings gave two device IDs, …%s and …%s: two boards on one "
                             "line, or a faulty one",
                             lks_device_id_get_short (first), lks_device_id_get_short (second));
  if (run->result->device_id != NULL && !g_str_equal (run->result->device_id, first))
    return lks_run_stop_new (run, LKS_RUN_ERROR_IDENTITY, evidence,
                             "this is another board now: …%s instead of …%s",
                             lks_device_id_get_short (first),
                             lks_device_id_get_short (run->result->device_id));

  if (run->result->device_id == NULL)
    run->result->device_id = g_strdup (first);
  lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "…%s, read twice",
               lks_device_id_get_short (first));
  return TRUE;
}

/* Reads the device ID twice. The certificate proves nothing about which board answers; this is
 * what a run is bound to. */
gboolean
lks_run_read_identity (LksRun *run, const char *step)
{
  g_autoptr (LksDeviceSecurity) first = NULL;
  g_autoptr (LksDeviceSecurity) second = NULL;
  g_autoptr (GError) error = NULL;

  lks_run_begin (run, step);
  first = read_security (run, &error);
  if (first != NULL)
    second = read_security (run, &error);
  if (second == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));

  return end_identity (run, first->device_id, second->device_id);
}

/* Reads the state into @run and leaves the step open for its judge. */
gboolean
lks_run_read_state (LksRun *run, const char *step)
{
  const LksRunTarget *target = run->target;
  g_autoptr (LksDeviceManufacturing) state = NULL;
  g_autoptr (GError) error = NULL;
  guint tries = 0;

  lks_run_begin (run, step);
  do
    state = target->ops->get_state (target->data, lks_run_cancellable (run), &error);
  while (state == NULL && lks_run_try_again (run, &tries, &error));
  if (state == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));

  run->state = state->state;
  g_free (run->state_text);
  run->state_text = g_strdup (state->state_text);
  return TRUE;
}

typedef struct
{
  JsonArray *numbers;
  JsonArray *names;
  GString *text;
  gboolean has_unexpected;
  gboolean has_unknown;
  gboolean keeps_open;
} CapabilityReport;

static void
report_capability (LksRun *run, CapabilityReport *report, gint32 number)
{
  const char *name = number >= 0 ? lks_capability_get_name ((guint) number) : NULL;
  LksCapabilityRisk risk =
      number >= 0 ? lks_capability_get_risk ((guint) number) : LKS_CAPABILITY_RISK_UNKNOWN;

  json_array_add_int_element (report->numbers, number);
  json_array_add_string_element (report->names, name != NULL ? name : "unknown");
  g_string_append_printf (report->text, "%s%d (%s)", report->text->len > 0 ? ", " : "", number,
                          name != NULL ? name : "unknown");

  report->has_unknown |= risk == LKS_CAPABILITY_RISK_UNKNOWN;
  report->keeps_open |=
      risk == LKS_CAPABILITY_RISK_OPENS &&
      lks_recipe_get_target_state (run->recipe) == LKS_TARGET_STATE_DEVICE_COMPLETE;
  if (number == LKS_CAPABILITY_RF_TEST_MODE && run->state == LKS_MANUFACTURING_STATE_BLANK)
    return;
  report->has_unexpected |=
      lks_recipe_get_no_capabilities (run->recipe) || risk == LKS_CAPABILITY_RISK_INTERNAL;
}

static gboolean
judge_capabilities (LksRun *run, CapabilityReport *report, JsonObject *evidence)
{
  gboolean is_blank = run->state == LKS_MANUFACTURING_STATE_BLANK;

  json_object_set_string_member (evidence, "source", "GET /device/capabilities");
  json_object_set_string_member (evidence, "expected",
                                 !lks_recipe_get_no_capabilities (run->recipe)
                                     ? "no internal and no unknown capability, and none that keeps "
                                       "a board open that is to be locked"
                                 : is_blank ? "none but 12, which every Blank board has"
                                            : "none");
  if (report->has_unexpected)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board has capabilities that it must not have: %s; remove them by loading an "
                 "empty capability",
                 report->text->str);
  else if (report->keeps_open)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board has a capability that would keep it open, so that it cannot be "
                 "locked: %s; remove it by loading an empty capability",
                 report->text->str);
  else if (report->has_unknown)
    return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_UNDERSTOOD, evidence,
                             "the board has capabilities that are not known here: %s",
                             report->text->str);
  else if (report->text->len > 0)
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s", report->text->str);
  else
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "none");
  return TRUE;
}

gboolean
lks_run_read_capabilities (LksRun *run, const char *step)
{
  const LksRunTarget *target = run->target;
  g_autoptr (GArray) numbers = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  CapabilityReport report = { .text = text };
  JsonObject *evidence;
  guint tries = 0;

  lks_run_begin (run, step);
  do
    numbers = target->ops->get_capabilities (target->data, lks_run_cancellable (run), &error);
  while (numbers == NULL && lks_run_try_again (run, &tries, &error));
  if (numbers == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));

  evidence = json_object_new ();
  report.numbers = json_array_new ();
  report.names = json_array_new ();
  for (guint i = 0; i < numbers->len; i++)
    report_capability (run, &report, g_array_index (numbers, gint32, i));
  json_object_set_array_member (evidence, "read", report.numbers);
  json_object_set_array_member (evidence, "names", report.names);
  run->has_capabilities = numbers->len > 0;
  return judge_capabilities (run, &report, evidence);
}

static void
judge_os_version (LksRun *run, const char *version)
{
  const char *const *allowed = lks_recipe_get_allowed_os_versions (run->recipe);
  JsonObject *evidence = json_object_new ();

  json_object_set_string_member (evidence, "source", "GET /osversion");
  json_object_set_string_member (evidence, "read", version);
  lks_json_set_texts (evidence, "expected", allowed);
  if (g_strv_contains (allowed, version))
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s", version);
  else
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board has OS %s, which the recipe does not allow: update or recover it",
                 version);
}

/* Boards before REST 4.5.0 have no such endpoint: then the images alone must tell, which takes
 * a list of versions and an open board. */
static gboolean
judge_os_without_version (LksRun *run, const GError *error)
{
  JsonObject *evidence = json_object_new ();

  json_object_set_string_member (evidence, "source", "GET /osversion");
  json_object_set_string_member (evidence, "reason", error->message);
  if (lks_recipe_get_os_list (run->recipe) != NULL &&
      run->state != LKS_MANUFACTURING_STATE_DEVICE_COMPLETE)
    lks_run_end (run, LKS_STEP_RESULT_SKIP, evidence,
                 "this OS does not say its version; its images will tell");
  else
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "this OS does not say its version, so it cannot be proven to be an allowed one: "
                 "update the board, or add “osList” to the recipe and check before locking");
  return TRUE;
}

gboolean
lks_run_read_os_version (LksRun *run, const char *step)
{
  const LksRunTarget *target = run->target;
  g_autofree char *version = NULL;
  g_autoptr (GError) error = NULL;
  guint tries = 0;

  lks_run_begin (run, step);
  do
    version = target->ops->get_os_version (target->data, lks_run_cancellable (run), &error);
  while (version == NULL && lks_run_try_again (run, &tries, &error));

  if (g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED) ||
      g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND))
    return judge_os_without_version (run, error);
  if (version == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));

  judge_os_version (run, version);
  return TRUE;
}

static void
judge_service_lock (LksRun *run, const GError *refusal)
{
  JsonObject *evidence = json_object_new ();

  json_object_set_string_member (evidence, "source", "GET /wifi/config/networks");
  json_object_set_string_member (evidence, "expected", "refused");
  json_object_set_string_member (evidence, "read", refusal != NULL ? "refused" : "answered");
  if (refusal != NULL)
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence,
                 "the board refuses service without a capability");
  else if (run->has_capabilities)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board says DeviceComplete and still lets everybody service it: its "
                 "capabilities may keep it open; remove them by loading an empty capability, and "
                 "finalize it again to prove the lock");
  else
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board says DeviceComplete and still lets everybody service it: it is not "
                 "locked; finalize it again to restart it and prove the lock");
}

/* DeviceComplete without a capability must close the service port. Nobody's word for it: ask
 * for something that only an open board gives. */
gboolean
lks_run_read_service_lock (LksRun *run)
{
  const LksRunTarget *target = run->target;
  g_autoptr (GPtrArray) networks = NULL;
  g_autoptr (GError) error = NULL;
  guint tries = 0;

  lks_run_begin (run, "service-lock");
  do
    networks = target->ops->get_networks (target->data, lks_run_cancellable (run), &error);
  while (networks == NULL && lks_run_try_again (run, &tries, &error));

  if (networks == NULL && !g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    return lks_run_stop (run, g_steal_pointer (&error));

  judge_service_lock (run, error);
  return TRUE;
}
