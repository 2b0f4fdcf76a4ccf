/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

#include "lks-enums.h"
#include "lks-number.h"
#include "lks-recipe-expect.h"

/* "4.6.0" as one number that compares; 0 when it is none. */
static guint64
version_to_number (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ".", 4);
  guint64 number = 0;

  if (g_strv_length (parts) != 3)
    return 0;
  for (guint i = 0; i < 3; i++)
    {
      guint64 part;

      if (!lks_number_read_unsigned (parts[i], 0, 9999, &part))
        return 0;
      number = number * 10000 + part;
    }
  return number;
}

static void
check_rest_version (LksRun *run)
{
  const char *version = run->target->ops->get_rest_version (run->target->data);
  const char *minimum = lks_recipe_get_minimum_rest_version (run->recipe);
  JsonObject *evidence = json_object_new ();

  lks_run_begin (run, "rest-version");
  json_object_set_string_member (evidence, "source", "REST-API-Version header");
  json_object_set_string_member (evidence, "read", version != NULL ? version : "");
  json_object_set_string_member (evidence, "expected", minimum);
  if (version_to_number (version) == 0)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board does not say which version of the REST API it has");
  else if (version_to_number (version) < version_to_number (minimum))
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board has REST version %s, the recipe demands %s: update its OS", version,
                 minimum);
  else
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s", version);
}

static gboolean
check_state (LksRun *run)
{
  LksTargetState target = lks_recipe_get_target_state (run->recipe);
  const char *target_text = lks_enum_to_nick (LKS_TYPE_TARGET_STATE, (int) target);
  const char *reason;
  JsonObject *evidence;

  if (!lks_run_read_state (run, "state"))
    return FALSE;

  run->action =
      lks_lock_plan (run->state, target, lks_recipe_get_allow_skip_module1 (run->recipe), &reason);
  evidence = json_object_new ();
  json_object_set_string_member (evidence, "source", "GET /device/manufacturing_state");
  json_object_set_string_member (evidence, "read", run->state_text);
  json_object_set_string_member (evidence, "target", target_text);
  json_object_set_string_member (evidence, "action",
                                 lks_enum_to_nick (LKS_TYPE_LOCK_ACTION, (int) run->action));
  json_object_set_string_member (evidence, "reason", reason);
  switch (run->action)
    {
    case LKS_LOCK_ACTION_STOP:
      return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_UNDERSTOOD, evidence, "%s: %s",
                               run->state_text, reason);
    case LKS_LOCK_ACTION_REFUSE:
      lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence, "%s: %s", run->state_text, reason);
      break;
    case LKS_LOCK_ACTION_WRITE:
    case LKS_LOCK_ACTION_VERIFY:
      lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s: %s", run->state_text, reason);
      break;
    }
  return TRUE;
}

/* What a locked board refuses is said, step by step, with the refusal as evidence. */
static void
skip_refused (LksRun *run, const char *step, const char *source, const char *refusal)
{
  JsonObject *evidence = json_object_new ();

  lks_run_begin (run, step);
  json_object_set_string_member (evidence, "source", source);
  json_object_set_string_member (evidence, "reason", refusal);
  lks_run_end (run, LKS_STEP_RESULT_SKIP, evidence,
               "could not be read: the board is locked and tells this only with a capability");
}

static void
skip_unwanted (LksRun *run, const char *step)
{
  lks_run_begin (run, step);
  lks_run_end (run, LKS_STEP_RESULT_SKIP, NULL, "the recipe does not demand it");
}

/* A check that is made when the recipe wants it and the board still answers. */
static gboolean
check_if_open (LksRun *run,
               gboolean is_wanted,
               const char *step,
               const char *source,
               gboolean (*check) (LksRun *run))
{
  if (!is_wanted)
    skip_unwanted (run, step);
  else if (run->is_service_refused)
    skip_refused (run, step, source, "GET /images was refused");
  else
    return check (run);

  return TRUE;
}

static gboolean
check_what_is_open (LksRun *run)
{
  LksRecipe *recipe = run->recipe;

  return lks_run_check_components (run) &&
         check_if_open (run,
                        lks_recipe_get_no_networks (recipe) ||
                            lks_recipe_get_networks (recipe) != NULL,
                        "wifi-networks", "GET /wifi/config/networks", lks_run_check_networks) &&
         check_if_open (run,
                        lks_recipe_get_no_certificates (recipe) ||
                            lks_recipe_get_certificates (recipe) != NULL,
                        "certificates", "GET /certstore/certs", lks_run_check_certificates) &&
         (lks_recipe_get_interfaces (recipe) == NULL ||
          check_if_open (run, TRUE, "interfaces", "GET /net/interfaces", lks_run_check_interfaces));
}

/* All checks, in the order of the platform vendor's ready-to-ship script and beyond it. A check
 * that fails does not keep the others from being made; what cannot be found out ends the run. */
gboolean
lks_run_check_ready (LksRun *run)
{
  check_rest_version (run);
  lks_run_check_label (run);
  if (!check_state (run) || !lks_run_read_capabilities (run, "capabilities") ||
      !lks_run_read_os_version (run, "os-version") || !check_what_is_open (run))
    return FALSE;

  lks_run_check_limits (run);
  return TRUE;
}
