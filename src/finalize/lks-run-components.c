/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

#include "lks-device-error.h"
#include "lks-recipe-expect.h"

#define SOURCE "GET /images"

/* The image that counts: of a component with several entries they must all be the same one. */
static const char *
get_image_id (const LksComponent *component)
{
  const LksInstalledImage *first =
      component->images->len > 0 ? g_ptr_array_index (component->images, 0) : NULL;

  return first != NULL ? first->id : NULL;
}

static gboolean
has_other_image (const LksComponent *component)
{
  for (guint i = 1; i < component->images->len; i++)
    {
      const LksInstalledImage *image = g_ptr_array_index (component->images, i);

      if (g_ascii_strcasecmp (image->id, get_image_id (component)) != 0)
        return TRUE;
    }
  return FALSE;
}

static JsonObject *
evidence_new (void)
{
  JsonObject *evidence = json_object_new ();

  json_object_set_string_member (evidence, "source", SOURCE);
  return evidence;
}

static JsonObject *
component_to_json (const LksComponent *component)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "componentId", component->id);
  if (get_image_id (component) != NULL)
    json_object_set_string_member (object, "imageId", get_image_id (component));
  json_object_set_int_member (object, "imageType", component->image_type);
  if (component->name != NULL)
    json_object_set_string_member (object, "name", component->name);
  return object;
}

/* "two slots with one ID", no image, several different images: not understood. */
static gboolean
check_sane (LksRun *run, LksComponents *list)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *read = json_array_new ();
  JsonObject *evidence = evidence_new ();

  json_object_set_array_member (evidence, "read", read);
  for (guint i = 0; i < list->components->len; i++)
    {
      const LksComponent *component = g_ptr_array_index (list->components, i);

      json_array_add_object_element (read, component_to_json (component));
      if (!g_hash_table_add (seen, component->id))
        return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_UNDERSTOOD, evidence,
                                 "the board lists the component %s twice", component->id);
      if (component->images->len == 0 || has_other_image (component))
        return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_UNDERSTOOD, evidence,
                                 "the board lists %s images for the component %s (%s)",
                                 component->images->len == 0 ? "no" : "several different",
                                 component->id, component->name != NULL ? component->name : "-");
    }

  lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%u component(s)", list->components->len);
  return TRUE;
}

static void
check_updates (LksRun *run, LksComponents *list)
{
  JsonObject *evidence = evidence_new ();

  lks_run_begin (run, "updates");
  json_object_set_boolean_member (evidence, "otaUpdateInProgress", list->is_ota_in_progress);
  json_object_set_boolean_member (evidence, "hasStagedUpdates", list->has_staged_updates);
  json_object_set_boolean_member (evidence, "restartRequired", list->is_restart_required);
  if (list->is_ota_in_progress)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board is updating itself; this takes 15 to 20 minutes: wait, then check "
                 "again");
  else if (list->has_staged_updates)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "images are staged and not installed: install them or restart the board, then "
                 "check again");
  else if (list->is_restart_required)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board wants a restart to complete an installation: restart it, then check "
                 "again");
  else
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "none under way, staged or half done");
}

static gboolean
has_pair (LksComponents *list, const LksRecipeImage *pair)
{
  const LksComponent *component = lks_components_find (list, pair->component_id);

  return component != NULL && g_str_equal (get_image_id (component), pair->image_id);
}

static const LksRecipeOs *
find_os (LksComponents *list, GPtrArray *versions)
{
  for (guint i = 0; i < versions->len; i++)
    {
      const LksRecipeOs *os = g_ptr_array_index (versions, i);
      guint matches = 0;

      while (matches < os->images->len && has_pair (list, g_ptr_array_index (os->images, matches)))
        matches++;
      if (matches == os->images->len)
        return os;
    }
  return NULL;
}

static gboolean
is_in_os (const LksRecipeOs *os, const LksComponent *component)
{
  for (guint i = 0; i < os->images->len; i++)
    {
      const LksRecipeImage *pair = g_ptr_array_index (os->images, i);

      if (g_str_equal (pair->component_id, component->id))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_expected_image (LksRun *run, const char *image_id)
{
  GPtrArray *images = lks_recipe_get_images (run->recipe);

  for (guint i = 0; i < images->len; i++)
    if (g_str_equal (((LksRecipeImage *) g_ptr_array_index (images, i))->image_id, image_id))
      return TRUE;

  return FALSE;
}

static gboolean
is_board_configuration (LksRun *run, const LksComponent *component)
{
  const LksRecipeImage *wanted = lks_recipe_get_board_configuration (run->recipe);

  return wanted != NULL && component->image_type == LKS_IMAGE_TYPE_BOARD_CONFIGURATION;
}

/* A system component that is neither part of the OS nor named by the recipe. Board configurations
 * have a check of their own when the recipe names one. */
static const LksComponent *
find_unknown (LksRun *run, LksComponents *list, const LksRecipeOs *os)
{
  const char *const *absent = lks_recipe_get_absent_components (run->recipe);

  for (guint i = 0; i < list->components->len; i++)
    {
      const LksComponent *component = g_ptr_array_index (list->components, i);

      if (component->image_type != LKS_IMAGE_TYPE_APPLICATION && !is_in_os (os, component) &&
          !is_expected_image (run, get_image_id (component)) &&
          !is_board_configuration (run, component) && !g_strv_contains (absent, component->id))
        return component;
    }
  return NULL;
}

static gboolean
check_os_images (LksRun *run, LksComponents *list)
{
  GPtrArray *versions = lks_recipe_get_os_list (run->recipe);
  const char *const *allowed = lks_recipe_get_allowed_os_versions (run->recipe);
  const LksRecipeOs *os;
  const LksComponent *unknown;
  JsonObject *evidence;

  if (versions == NULL)
    return TRUE;

  lks_run_begin (run, "os-images");
  os = find_os (list, versions);
  evidence = evidence_new ();
  json_object_set_string_member (evidence, "osListHash", lks_recipe_get_os_list_hash (run->recipe));
  json_object_set_string_member (evidence, "read", os != NULL ? os->name : "");
  lks_json_set_texts (evidence, "expected", allowed);
  if (os == NULL)
    {
      lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                   "the system's images are those of no version in the list: update or recover "
                   "the board, or get a newer list");
      return TRUE;
    }
  unknown = find_unknown (run, list, os);
  if (unknown != NULL)
    return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_UNDERSTOOD, evidence,
                             "the board has a system component that OS %s does not know: %s (%s, "
                             "type %d)",
                             os->name, unknown->id, unknown->name != NULL ? unknown->name : "-",
                             unknown->image_type);

  if (g_strv_contains (allowed, os->name))
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s, by %u images", os->name,
                 os->images->len);
  else
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the images are those of OS %s, which the recipe does not allow", os->name);
  return TRUE;
}

static void
check_absent (LksRun *run, LksComponents *list)
{
  const char *const *absent = lks_recipe_get_absent_components (run->recipe);
  JsonObject *evidence = evidence_new ();
  JsonArray *found = json_array_new ();

  lks_run_begin (run, "absent-components");
  for (const char *const *id = absent; *id != NULL; id++)
    {
      const LksComponent *component = lks_components_find (list, *id);

      if (component != NULL)
        json_array_add_object_element (found, component_to_json (component));
    }
  json_object_set_array_member (evidence, "read", found);
  lks_json_set_texts (evidence, "mustBeAbsent", absent);
  if (json_array_get_length (found) > 0)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board has %u component(s) that must not leave the factory, such as a test "
                 "or debug server: delete them",
                 json_array_get_length (found));
  else
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "absent");
}

/* Whether it is on the board, and all of its component is this one image. */
gboolean
lks_run_has_image (LksComponents *list, const LksRecipeImage *image)
{
  for (guint i = 0; i < list->components->len; i++)
    {
      const LksComponent *component = g_ptr_array_index (list->components, i);
      const char *image_id = get_image_id (component);

      if (image_id != NULL && g_ascii_strcasecmp (image_id, image->image_id) == 0 &&
          !has_other_image (component) &&
          (image->component_id == NULL || g_str_equal (image->component_id, component->id)))
        return TRUE;
    }
  return FALSE;
}

/* A check changes nothing: it counts on the run to load what the recipe brings along. */
static gboolean
will_be_loaded (LksRun *run, const LksRecipeImage *image)
{
  return !run->keeps_journal && run->action == LKS_LOCK_ACTION_WRITE && image->package != NULL;
}

static guint
collect_missing (LksRun *run,
                 LksComponents *list,
                 JsonArray *expected,
                 JsonArray *missing,
                 JsonArray *loadable)
{
  GPtrArray *images = lks_recipe_get_images (run->recipe);

  for (guint i = 0; i < images->len; i++)
    {
      const LksRecipeImage *image = g_ptr_array_index (images, i);

      json_array_add_string_element (expected, image->image_id);
      if (!lks_run_has_image (list, image))
        json_array_add_string_element (will_be_loaded (run, image) ? loadable : missing,
                                       image->image_id);
    }
  return json_array_get_length (missing);
}

static gboolean
will_be_replaced (LksRun *run, const LksComponent *component)
{
  GPtrArray *images = lks_recipe_get_images (run->recipe);

  for (guint i = 0; i < images->len; i++)
    {
      const LksRecipeImage *image = g_ptr_array_index (images, i);

      if (will_be_loaded (run, image) && g_str_equal (image->component_id, component->id))
        return TRUE;
    }
  return FALSE;
}

static guint
collect_extra (LksRun *run, LksComponents *list, JsonArray *read, JsonArray *extra)
{
  for (guint i = 0; i < list->components->len; i++)
    {
      const LksComponent *component = g_ptr_array_index (list->components, i);

      if (component->image_type != LKS_IMAGE_TYPE_APPLICATION)
        continue;
      json_array_add_object_element (read, component_to_json (component));
      if (!is_expected_image (run, get_image_id (component)) && !will_be_replaced (run, component))
        json_array_add_object_element (extra, component_to_json (component));
    }
  return json_array_get_length (extra);
}

static void
check_images (LksRun *run, LksComponents *list)
{
  JsonObject *evidence = evidence_new ();
  JsonArray *expected = json_array_new ();
  JsonArray *missing = json_array_new ();
  JsonArray *loadable = json_array_new ();
  JsonArray *read = json_array_new ();
  JsonArray *extra = json_array_new ();
  guint n_missing;
  guint n_extra;

  lks_run_begin (run, "images");
  n_missing = collect_missing (run, list, expected, missing, loadable);
  n_extra = collect_extra (run, list, read, extra);
  json_object_set_array_member (evidence, "read", read);
  json_object_set_array_member (evidence, "expected", expected);
  json_object_set_array_member (evidence, "missing", missing);
  json_object_set_array_member (evidence, "willBeLoaded", loadable);
  json_object_set_array_member (evidence, "unexpected", extra);
  if (n_missing + n_extra > 0)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "%u image(s) of the recipe missing, %u application(s) that the recipe does not "
                 "name: load and delete them, then check again",
                 n_missing, n_extra);
  else if (json_array_get_length (loadable) > 0)
    lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence,
                 "%u image(s) missing, which the finalization loads from the files of the recipe",
                 json_array_get_length (loadable));
  else
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "exactly the %u image(s) of the recipe",
                 json_array_get_length (expected));
}

static gboolean
is_wanted (const LksRecipeImage *wanted, const LksComponent *component)
{
  return g_str_equal (wanted->component_id, component->id) &&
         (wanted->image_id == NULL ||
          g_ascii_strcasecmp (wanted->image_id, get_image_id (component)) == 0);
}

/* Exactly the one that the recipe names. */
static void
check_board_configuration (LksRun *run, LksComponents *list)
{
  const LksRecipeImage *wanted = lks_recipe_get_board_configuration (run->recipe);
  JsonObject *evidence = evidence_new ();
  JsonArray *read = json_array_new ();
  gboolean is_there = FALSE;

  lks_run_begin (run, "board-configuration");
  for (guint i = 0; i < list->components->len; i++)
    {
      const LksComponent *component = g_ptr_array_index (list->components, i);

      if (component->image_type != LKS_IMAGE_TYPE_BOARD_CONFIGURATION)
        continue;
      json_array_add_object_element (read, component_to_json (component));
      is_there = is_there || is_wanted (wanted, component);
    }
  json_object_set_array_member (evidence, "read", read);
  json_object_set_string_member (evidence, "expected", wanted->component_id);
  if (wanted->image_id != NULL)
    json_object_set_string_member (evidence, "expectedImageId", wanted->image_id);
  if (is_there && json_array_get_length (read) == 1)
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s",
                 wanted->name != NULL ? wanted->name : wanted->component_id);
  else if (is_there)
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board has %u board configurations; the recipe names one",
                 json_array_get_length (read));
  else
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "the board configuration of the recipe is missing: load it, restart the board and "
                 "check again");
}

static void
skip (LksRun *run, const char *step, const char *reason)
{
  JsonObject *evidence = evidence_new ();

  lks_run_begin (run, step);
  json_object_set_string_member (evidence, "reason", reason);
  lks_run_end (run, LKS_STEP_RESULT_SKIP, evidence,
               "could not be read: the board is locked and tells this only with a capability");
}

/* A finished board must refuse; an open one that refuses is not understood. */
static gboolean
judge_refusal (LksRun *run, const GError *error)
{
  JsonObject *evidence = evidence_new ();

  json_object_set_string_member (evidence, "reason", error->message);
  if (run->state != LKS_MANUFACTURING_STATE_DEVICE_COMPLETE)
    return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_UNDERSTOOD, evidence,
                             "the board is %s and refuses service all the same: %s",
                             run->state_text, error->message);

  run->is_service_refused = TRUE;
  lks_run_end (run, LKS_STEP_RESULT_SKIP, evidence,
               "could not be read: the board is locked and tells this only with a capability");
  skip (run, "updates", error->message);
  if (lks_recipe_get_os_list (run->recipe) != NULL)
    skip (run, "os-images", error->message);
  skip (run, "absent-components", error->message);
  skip (run, "images", error->message);
  if (lks_recipe_get_board_configuration (run->recipe) != NULL)
    skip (run, "board-configuration", error->message);
  return TRUE;
}

gboolean
lks_run_check_components (LksRun *run)
{
  const LksRunTarget *target = run->target;
  g_autoptr (LksComponents) list = NULL;
  g_autoptr (GError) error = NULL;
  guint tries = 0;

  lks_run_begin (run, "components");
  do
    list = target->ops->get_components (target->data, lks_run_cancellable (run), &error);
  while (list == NULL && lks_run_try_again (run, &tries, &error));

  if (g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    return judge_refusal (run, error);
  if (list == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));
  if (!check_sane (run, list))
    return FALSE;

  check_updates (run, list);
  if (!check_os_images (run, list))
    return FALSE;

  check_absent (run, list);
  check_images (run, list);
  if (lks_recipe_get_board_configuration (run->recipe) != NULL)
    check_board_configuration (run, list);
  return TRUE;
}
