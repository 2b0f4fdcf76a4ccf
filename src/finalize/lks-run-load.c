/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the recipe brings along and an unfinished board lacks is loaded, before the checks, which
 * know nothing of it: they look at the board as it is then. */
#include "lks-run-private.h"

#include "lks-device-error.h"
#include "lks-device-update.h"
#include "lks-image-metadata.h"

/* A board that restarts without a word does so within a second or two. */
#define QUIET_S 3

typedef struct
{
  LksRun *run;
  GPtrArray *missing;   /* (owned) (element-type LksRecipeImage): unowned elements */
  JsonObject *evidence; /* (owned) until the step ends */
  LksUptime before;
  gboolean is_restarting; /* the board says that it does */
  gboolean is_uncertain;  /* whether it does, or whether it took the order, is not known */
  gboolean has_restarted;
} Load;

static const char *
name_of (const LksRecipeImage *image)
{
  return image->name != NULL ? image->name : image->package_file;
}

static void
skip (Load *load, const char *reason)
{
  json_object_set_string_member (load->evidence, "reason", reason);
  lks_run_end (load->run, LKS_STEP_RESULT_SKIP, g_steal_pointer (&load->evidence),
               "nothing is loaded: %s", reason);
}

/* Software goes only to a board that somebody wants finalized by this recipe, and has the label
 * for. NULL: it may. */
static const char *
find_objection (LksRun *run)
{
  if (run->consent == NULL ||
      !lks_consent_covers (run->consent, run->recipe, run->result->device_id))
    return "nobody has agreed to finalize this board by this recipe";
  if (!lks_recipe_match_label (run->recipe, run->label, NULL))
    return "the label of the unit is not as the recipe demands";
  return NULL;
}

/* Whether the board may get images, by its state. Sets *@out_error when it cannot be asked. */
static gboolean
may_load (Load *load, GError **out_error)
{
  LksRun *run = load->run;
  const char *reason = find_objection (run);
  g_autoptr (LksDeviceManufacturing) state = NULL;
  guint tries = 0;

  if (reason != NULL)
    {
      skip (load, reason);
      return FALSE;
    }
  do
    state = run->target->ops->get_state (run->target->data, lks_run_cancellable (run), out_error);
  while (state == NULL && lks_run_try_again (run, &tries, out_error));
  if (state == NULL)
    return FALSE;

  json_object_set_string_member (load->evidence, "state", state->state_text);
  if (lks_lock_plan (state->state, lks_recipe_get_target_state (run->recipe),
                     lks_recipe_get_allow_skip_module1 (run->recipe),
                     &reason) == LKS_LOCK_ACTION_WRITE)
    return TRUE;

  skip (load, reason);
  return FALSE;
}

static LksComponents *
read_components (LksRun *run, GError **error)
{
  LksComponents *list;
  guint tries = 0;

  do
    list = run->target->ops->get_components (run->target->data, lks_run_cancellable (run), error);
  while (list == NULL && lks_run_try_again (run, &tries, error));
  return list;
}

static GPtrArray *
find_missing (LksRun *run, LksComponents *list)
{
  GPtrArray *images = lks_recipe_get_images (run->recipe);
  GPtrArray *missing = g_ptr_array_new ();

  for (guint i = 0; i < images->len; i++)
    {
      const LksRecipeImage *image = g_ptr_array_index (images, i);

      if (image->package != NULL && !lks_run_has_image (list, image))
        g_ptr_array_add (missing, (gpointer) image);
    }
  return missing;
}

/* Fills in what is missing. Returns FALSE when the step is ended, or with *@out_error set. What is
 * staged would be installed along: only an interrupted run of ours may have left that. */
static gboolean
find_work (Load *load, GError **out_error)
{
  LksRun *run = load->run;
  g_autoptr (LksComponents) list = read_components (run, out_error);

  if (list == NULL && g_error_matches (*out_error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    {
      g_clear_error (out_error);
      skip (load, "the board refuses to tell what is installed");
    }
  if (list == NULL)
    return FALSE;

  load->missing = find_missing (run, list);
  if (load->missing->len == 0)
    lks_run_end (run, LKS_STEP_RESULT_PASS, g_steal_pointer (&load->evidence), "none is missing");
  else if (list->is_ota_in_progress)
    skip (load, "the board is updating itself");
  else if (list->is_restart_required || (list->has_staged_updates && !run->history.is_loading))
    skip (load, "other images wait on the board to be installed");
  else
    return TRUE;
  return FALSE;
}

static JsonArray *
list_missing (Load *load)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < load->missing->len; i++)
    {
      const LksRecipeImage *image = g_ptr_array_index (load->missing, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "imageId", image->image_id);
      json_object_set_string_member (object, "componentId", image->component_id);
      json_object_set_string_member (object, "package", image->package_file);
      json_object_set_string_member (object, "packageSha256", image->package_sha256);
      json_object_set_int_member (object, "bytes", (gint64) g_bytes_get_size (image->package));
      json_array_add_object_element (array, object);
    }
  return array;
}

static gboolean
announce (Load *load, GError **error)
{
  JsonObject *data = json_object_new ();

  json_object_set_array_member (data, "images", list_missing (load));
  return lks_run_announce_data (load->run, data, error);
}

static gboolean
stage_all (Load *load, GError **error)
{
  LksRun *run = load->run;

  for (guint i = 0; i < load->missing->len; i++)
    {
      const LksRecipeImage *image = g_ptr_array_index (load->missing, i);
      g_autoptr (GError) local = NULL;

      if (run->target->ops->stage (run->target->data, image->package, lks_run_cancellable (run),
                                   &local) ||
          lks_update_refusal_from_error (local) == LKS_UPDATE_REFUSAL_ALREADY_THERE)
        continue;

      g_propagate_prefixed_error (error, g_steal_pointer (&local),
                                  "“%s” could not be sent: ", name_of (image));
      return FALSE;
    }
  return TRUE;
}

/* An application restarts a board only when its peripherals are locked, and an unfinished board's
 * are open (vendor's documentation, "Peripheral configuration locking"). */
static gboolean
may_restart_silently (Load *load)
{
  for (guint i = 0; i < load->missing->len; i++)
    {
      const LksRecipeImage *image = g_ptr_array_index (load->missing, i);
      g_autoptr (LksImageMetadata) metadata = lks_image_metadata_parse (image->package, NULL);

      if (metadata == NULL || metadata->image_type != LKS_IMAGE_TYPE_APPLICATION)
        return TRUE;
    }
  return FALSE;
}

/* What became of an order whose answer is lost is asked, never assumed: the board is read back. */
static gboolean
install (Load *load, GError **error)
{
  LksRun *run = load->run;
  g_autoptr (GError) local = NULL;

  if (!lks_run_read_provable_uptime (run, &load->before.uptime_s, error) ||
      g_cancellable_set_error_if_cancelled (lks_run_cancellable (run), error))
    return FALSE;

  load->before.read_us = run->target->ops->now_us (run->target->data);
  load->is_uncertain = may_restart_silently (load);
  if (run->target->ops->install (run->target->data, &load->is_restarting, &local) ||
      lks_update_refusal_from_error (local) == LKS_UPDATE_REFUSAL_ALREADY_THERE)
    return TRUE;
  if (lks_device_error_is_effect_unknown (local))
    {
      load->is_uncertain = TRUE;
      return TRUE;
    }

  g_propagate_prefixed_error (error, g_steal_pointer (&local),
                              "the board did not install what was sent: ");
  return FALSE;
}

static gboolean
settle (Load *load, GError **error)
{
  guint limit_s = lks_recipe_get_restart_wait_s (load->run->recipe);
  LksRestartProof proof = LKS_RESTART_PROOF_NOT_YET;
  guint64 uptime_s;

  if ((load->is_restarting || load->is_uncertain) &&
      !lks_run_wait_for_restart (load->run, &load->before,
                                 load->is_restarting ? limit_s : MIN (QUIET_S, limit_s), &proof,
                                 &uptime_s, error))
    return FALSE;
  if (proof == LKS_RESTART_PROOF_SILENT && !load->is_restarting &&
      !lks_run_wait_for_restart (load->run, &load->before, limit_s, &proof, &uptime_s, error))
    return FALSE;

  load->has_restarted = proof == LKS_RESTART_PROOF_FOUND;
  if (proof != LKS_RESTART_PROOF_SILENT)
    return TRUE;

  g_set_error (error, LKS_RUN_ERROR, LKS_RUN_ERROR_NOT_PROVEN,
               "the board was told to install images and has not answered for %u s", limit_s);
  return FALSE;
}

/* Returns the first image that is not there although it was loaded, "" when all are, or NULL with
 * @error set. */
static const char *
read_back (Load *load, GError **error)
{
  g_autoptr (LksComponents) list =
      lks_run_check_still_the_board (load->run, error) ? read_components (load->run, error) : NULL;

  for (guint i = 0; list != NULL && i < load->missing->len; i++)
    {
      const LksRecipeImage *image = g_ptr_array_index (load->missing, i);

      if (!lks_run_has_image (list, image))
        return name_of (image);
    }
  return list != NULL ? "" : NULL;
}

static const char *
explain (LksUpdateRefusal refusal)
{
  switch (refusal)
    {
    case LKS_UPDATE_REFUSAL_NOT_TRUSTED:
      return "the board does not trust the image: use the production-signed one";
    case LKS_UPDATE_REFUSAL_NOT_PERMITTED:
      return "the board does not permit it without a capability for app development";
    case LKS_UPDATE_REFUSAL_BAD_PACKAGE:
      return "the board takes the file for no usable image";
    case LKS_UPDATE_REFUSAL_NO_SPACE:
      return "the board has no room for it";
    case LKS_UPDATE_REFUSAL_CLASH:
      return "another application has the pins, blocks or ports it asks for";
    case LKS_UPDATE_REFUSAL_OTA:
      return "the board is updating itself";
    case LKS_UPDATE_REFUSAL_RUNTIME:
      return "the image needs a newer OS than the board has";
    case LKS_UPDATE_REFUSAL_ALREADY_THERE:
    case LKS_UPDATE_REFUSAL_UNKNOWN:
      break;
    }
  return "the board refuses it";
}

/* A board that says no is not as the recipe demands; one that says nothing could not be asked. */
static gboolean
end_badly (Load *load, GError *error)
{
  LksRun *run = load->run;
  LksUpdateRefusal refusal = lks_update_refusal_from_error (error);

  if (refusal == LKS_UPDATE_REFUSAL_UNKNOWN &&
      !g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    return lks_run_stop (run, error);

  lks_run_end (run, LKS_STEP_RESULT_FAIL, g_steal_pointer (&load->evidence), "%s: %s",
               explain (refusal), error->message);
  g_error_free (error);
  return lks_run_stop (run, g_error_new_literal (LKS_RUN_ERROR, LKS_RUN_ERROR_REFUSED,
                                                 "the images of the recipe could not be loaded: "
                                                 "the manufacturing state was not changed"));
}

/* Intent, act, evidence: as with everything that a run does to a board. */
static gboolean
load_missing (Load *load)
{
  LksRun *run = load->run;
  GError *error = NULL;
  const char *lacking;

  json_object_set_string_member (load->evidence, "source",
                                 "PUT /update/stage, POST /update/install");
  json_object_set_array_member (load->evidence, "loaded", list_missing (load));
  if (!lks_run_check_still_the_board (run, &error) || !announce (load, &error) ||
      !stage_all (load, &error) || !install (load, &error) || !settle (load, &error) ||
      (lacking = read_back (load, &error)) == NULL)
    return end_badly (load, error);

  json_object_set_boolean_member (load->evidence, "hasRestarted", load->has_restarted);
  if (*lacking != '\0')
    return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_UNDERSTOOD, g_steal_pointer (&load->evidence),
                             "the board took “%s” and does not list it", lacking);

  run->has_loaded = TRUE;
  lks_run_end (run, LKS_STEP_RESULT_PASS, g_steal_pointer (&load->evidence),
               "%u image(s) loaded and read back%s", load->missing->len,
               load->has_restarted ? "; the board restarted for it" : "");
  return TRUE;
}

static gboolean
load_images (Load *load)
{
  GError *error = NULL;

  if (may_load (load, &error) && find_work (load, &error))
    return load_missing (load);

  return error == NULL || lks_run_stop (load->run, error);
}

/* Loads what is missing of the images that the recipe has packages for. A board whose state was
 * ordered to change already is asked first what became of that: it gets nothing. */
gboolean
lks_run_load_images (LksRun *run)
{
  Load load = { .run = run };
  gboolean is_good;

  if (lks_recipe_count_packages (run->recipe) == 0 || run->history.run_id != NULL)
    return TRUE;
  if (!lks_run_enter (run, LKS_RUN_PHASE_LOAD))
    return FALSE;

  lks_run_begin (run, "load-images");
  load.evidence = json_object_new ();
  is_good = load_images (&load);
  lks_run_keep_results (run);
  run->started_us += run->target->ops->now_us (run->target->data) - run->step_started_us;
  g_clear_pointer (&load.missing, g_ptr_array_unref);
  g_clear_pointer (&load.evidence, json_object_unref);
  return is_good;
}
