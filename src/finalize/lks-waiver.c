/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-waiver.h"

#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-recipe-private.h"
#include "lks-run-private.h"

#include <string.h>

#define DAY_US ((gint64) 24 * 60 * 60 * G_USEC_PER_SEC)

G_DEFINE_ENUM_TYPE (LksWaiverRole,
                    lks_waiver_role,
                    G_DEFINE_ENUM_VALUE (LKS_WAIVER_ROLE_OPERATOR, "operator"),
                    G_DEFINE_ENUM_VALUE (LKS_WAIVER_ROLE_ENGINEER, "engineer"))

struct _LksWaiver
{
  LksWaiverFields fields; /* its texts (owned) */
  char *recipe_hash;      /* (owned) */
  gint64 given_us;
};

G_DEFINE_BOXED_TYPE (LksWaiver, lks_waiver, lks_waiver_ref, lks_waiver_unref)

/* What a product may differ in. Who the board is, whether it is understood, in which state it is,
 * what opens it again and what must never leave a factory is not among them, and nor is an update
 * that is under way. */
static const char *const possible[] = {
  "rest-version",  "label",        "os-version", "images",      "board-configuration",
  "wifi-networks", "certificates", "interfaces", "time-limits", NULL,
};

/**
 * lks_waiver_is_possible:
 * @check: the name of a check
 *
 * Returns: whether a recipe may let it be waived at all
 */
gboolean
lks_waiver_is_possible (const char *check)
{
  return g_strv_contains (possible, check);
}

/* ---- what the recipe permits ---- */

static gboolean
read_permission (LksRecipe *self, LksJson *json, JsonNode *node, GError **error)
{
  static const char *const known[] = { "check", "by", NULL };
  g_autofree char *check = NULL;
  JsonObject *object;
  int role = LKS_WAIVER_ROLE_ENGINEER;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      lks_json_set_error (json, node, error, "“mayWaive”: expected a list of objects");
      return FALSE;
    }
  object = json_node_get_object (node);
  if (!lks_json_check_members (json, object, known, error) ||
      !lks_json_read_string (json, object, "check", &check, error) ||
      (json_object_has_member (object, "by") &&
       !lks_json_read_enum (json, object, "by", LKS_TYPE_WAIVER_ROLE, &role, error)))
    return FALSE;
  if (!lks_waiver_is_possible (check))
    {
      g_autofree char *list = g_strjoinv (", ", (char **) possible);

      lks_json_set_error (json, json_object_get_member (object, "check"), error,
                          "“%s” can never be waived, only %s", check, list);
      return FALSE;
    }
  if (!g_hash_table_insert (self->may_waive, g_steal_pointer (&check), GINT_TO_POINTER (role)))
    {
      lks_json_set_error (json, node, error, "a check is listed twice in “mayWaive”");
      return FALSE;
    }
  return TRUE;
}

/* "mayWaive", when there is one. */
gboolean
lks_recipe_read_permissions (LksRecipe *self, LksJson *json, JsonObject *root, GError **error)
{
  JsonArray *list;

  if (!json_object_has_member (root, "mayWaive"))
    return TRUE;
  if (!lks_recipe_read_list (json, root, "mayWaive", &list, error))
    return FALSE;

  self->may_waive = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < json_array_get_length (list); i++)
    if (!read_permission (self, json, json_array_get_element (list, i), error))
      return FALSE;

  return TRUE;
}

/**
 * lks_recipe_may_waive:
 * @self: a recipe
 * @check: the name of a check
 * @out_role: (out) (optional): what somebody must be to waive it
 *
 * Returns: whether it may be waived
 */
gboolean
lks_recipe_may_waive (LksRecipe *self, const char *check, LksWaiverRole *out_role)
{
  gpointer role;

  if (self->may_waive == NULL ||
      !g_hash_table_lookup_extended (self->may_waive, check, NULL, &role))
    return FALSE;

  if (out_role != NULL)
    *out_role = (LksWaiverRole) GPOINTER_TO_INT (role);
  return TRUE;
}

/**
 * lks_recipe_has_waivers:
 * @self: a recipe
 *
 * Returns: whether any check may be waived
 */
gboolean
lks_recipe_has_waivers (LksRecipe *self)
{
  return self->may_waive != NULL && g_hash_table_size (self->may_waive) > 0;
}

/* ---- a waiver ---- */

static gboolean
is_text (const char *text, glong max)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text != NULL ? text : ""));

  return *stripped != '\0' && g_utf8_validate (text, -1, NULL) && g_utf8_strlen (text, -1) <= max;
}

static const char *
find_flaw (LksRecipe *recipe, const LksWaiverFields *fields, gint64 now_us)
{
  LksWaiverRole role;

  if (fields->check == NULL || !lks_waiver_is_possible (fields->check))
    return "this check can never be waived";
  if (!lks_recipe_may_waive (recipe, fields->check, &role))
    return "the recipe does not let anybody waive this check";
  if (fields->role < role)
    return "the recipe lets only an engineer waive this check";
  if (!is_text (fields->reason, LKS_WAIVER_REASON_CHARACTERS_MAX))
    return "a reason of at most 500 characters is needed";
  if (!is_text (fields->given_by, LKS_WAIVER_REASON_CHARACTERS_MAX))
    return "somebody must answer for it by name";
  if (fields->device_id == NULL && !is_text (fields->batch, LKS_WAIVER_REASON_CHARACTERS_MAX))
    return "it must be for one board, or for the boards of one batch";
  if (fields->until_us <= now_us || fields->until_us > now_us + LKS_WAIVER_DAYS_MAX * DAY_US)
    return "it must end within 30 days";
  return NULL;
}

static LksWaiver *
waiver_copy (const LksWaiverFields *fields)
{
  LksWaiver *self = g_atomic_rc_box_new0 (LksWaiver);

  self->fields = (LksWaiverFields){
    .check = g_strdup (fields->check),
    .device_id = g_strdup (fields->device_id),
    .batch = g_strdup (fields->batch),
    .reason = g_strdup (fields->reason),
    .given_by = g_strdup (fields->given_by),
    .role = fields->role,
    .until_us = fields->until_us,
  };
  return self;
}

/**
 * lks_waiver_new:
 * @recipe: the recipe
 * @fields: what it says; copied
 * @error: return location for %LKS_RECIPE_ERROR_WAIVER
 *
 * Returns: (transfer full): a waiver, or NULL with @error set when the recipe does not permit it,
 *   or when it says too little
 */
LksWaiver *
lks_waiver_new (LksRecipe *recipe, const LksWaiverFields *fields, GError **error)
{
  gint64 now_us = g_get_real_time ();
  const char *flaw = find_flaw (recipe, fields, now_us);
  LksWaiver *self;

  if (flaw != NULL)
    {
      g_set_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_WAIVER, "the check “%s”: %s",
                   fields->check != NULL ? fields->check : "", flaw);
      return NULL;
    }

  self = waiver_copy (fields);
  self->recipe_hash = g_strdup (lks_recipe_get_hash (recipe));
  self->given_us = now_us;
  return self;
}

/**
 * lks_waiver_ref:
 * @self: a waiver
 *
 * Returns: (transfer full): @self
 */
LksWaiver *
lks_waiver_ref (LksWaiver *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
waiver_clear (gpointer data)
{
  LksWaiver *self = data;

  g_free ((char *) self->fields.check);
  g_free ((char *) self->fields.device_id);
  g_free ((char *) self->fields.batch);
  g_free ((char *) self->fields.reason);
  g_free ((char *) self->fields.given_by);
  g_free (self->recipe_hash);
}

/**
 * lks_waiver_unref:
 * @self: (transfer full) (nullable): a waiver
 */
void
lks_waiver_unref (LksWaiver *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, waiver_clear);
}

/**
 * lks_waiver_get_fields:
 * @self: a waiver
 *
 * Returns: (transfer none): what it says
 */
const LksWaiverFields *
lks_waiver_get_fields (const LksWaiver *self)
{
  return &self->fields;
}

/**
 * lks_waiver_find_objection:
 * @self: a waiver
 * @recipe: the recipe of a run
 * @device_id: (nullable): the board, as it told its ID
 * @batch: (nullable): the batch that is worked on
 * @now_us: the time
 *
 * Pure.
 *
 * Returns: (transfer none) (nullable): why it does not hold here and now; NULL when it holds
 */
const char *
lks_waiver_find_objection (const LksWaiver *self,
                           LksRecipe *recipe,
                           const char *device_id,
                           const char *batch,
                           gint64 now_us)
{
  const LksWaiverFields *fields = &self->fields;

  if (!g_str_equal (self->recipe_hash, lks_recipe_get_hash (recipe)))
    return "it was given for another recipe";
  if (now_us >= fields->until_us)
    return "it has expired";
  if (now_us < self->given_us)
    return "the clock was set back since it was given";
  if (fields->device_id != NULL && g_strcmp0 (fields->device_id, device_id) != 0)
    return "it was given for another board";
  if (fields->batch != NULL && g_strcmp0 (fields->batch, batch) != 0)
    return "it was given for another batch";
  return NULL;
}

/**
 * lks_waiver_to_json:
 * @self: a waiver
 *
 * Returns: (transfer full): an object for the evidence
 */
JsonObject *
lks_waiver_to_json (const LksWaiver *self)
{
  const LksWaiverFields *fields = &self->fields;
  JsonObject *object = json_object_new ();

  lks_json_set_text (object, "check", fields->check);
  lks_json_set_text (object, "recipeHash", self->recipe_hash);
  lks_json_set_text (object, "deviceId", fields->device_id);
  lks_json_set_text (object, "batch", fields->batch);
  lks_json_set_text (object, "reason", fields->reason);
  lks_json_set_text (object, "givenBy", fields->given_by);
  lks_json_set_text (object, "role", lks_enum_to_nick (LKS_TYPE_WAIVER_ROLE, (int) fields->role));
  lks_json_set_time (object, "givenAt", self->given_us);
  lks_json_set_time (object, "until", fields->until_us);
  return object;
}

/* ---- in a run ---- */

/* Some checks are made once more after the restart. */
static const char *
get_check (const char *step)
{
  return g_str_equal (step, "verify-os-version") ? "os-version" : step;
}

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static gint64
get_time (JsonObject *object, const char *member)
{
  const char *text = get_text (object, member);
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? lks_run_time_to_us (time) : 0;
}

/* One that the journal has kept. What was not permitted then is not permitted now; whether it
 * holds is for lks_waiver_find_objection(). Returns (nullable). */
static LksWaiver *
waiver_from_json (LksRecipe *recipe, JsonObject *object)
{
  const char *role = get_text (object, "role");
  const char *recipe_hash = get_text (object, "recipeHash");
  gint64 given_us = get_time (object, "givenAt");
  LksWaiverFields fields = {
    .check = get_text (object, "check"),
    .device_id = get_text (object, "deviceId"),
    .batch = get_text (object, "batch"),
    .reason = get_text (object, "reason"),
    .given_by = get_text (object, "givenBy"),
    .until_us = get_time (object, "until"),
  };
  int role_value;
  LksWaiver *self;

  if (role == NULL || recipe_hash == NULL || given_us == 0 ||
      !lks_enum_from_nick (LKS_TYPE_WAIVER_ROLE, role, &role_value))
    return NULL;

  fields.role = (LksWaiverRole) role_value;
  if (find_flaw (recipe, &fields, given_us) != NULL)
    return NULL;

  self = waiver_copy (&fields);
  self->recipe_hash = g_strdup (recipe_hash);
  self->given_us = given_us;
  return self;
}

/* What was waived in the run that is gone on with. Kept with the run: the history is forgotten as
 * soon as it is known that nothing was written. */
void
lks_run_resume_waivers (LksRun *run)
{
  GPtrArray *kept = run->history.run_id != NULL ? run->history.waivers : NULL;

  for (guint i = 0; kept != NULL && i < kept->len; i++)
    {
      LksWaiver *waiver = waiver_from_json (run->recipe, g_ptr_array_index (kept, i));

      if (waiver == NULL)
        continue;
      if (run->waivers == NULL)
        run->waivers = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_waiver_unref);
      g_ptr_array_add (run->waivers, waiver);
    }
}

/* @waivers: (nullable) */
static const LksWaiver *
find_in (LksRun *run, GPtrArray *waivers, const char *check, JsonObject *evidence)
{
  const LksRunOrder *order = run->target->order;
  gint64 started_us = lks_run_time_to_us (run->result->started_at);

  for (guint i = 0; waivers != NULL && i < waivers->len; i++)
    {
      const LksWaiver *waiver = waivers->pdata[i];
      const char *objection;

      if (!g_str_equal (waiver->fields.check, check))
        continue;

      json_object_set_object_member (evidence, "waiver", lks_waiver_to_json (waiver));
      objection = lks_waiver_find_objection (waiver, run->recipe, run->result->device_id,
                                             order != NULL ? order->batch : NULL, started_us);
      if (objection == NULL)
        {
          json_object_remove_member (evidence, "waiverDoesNotHold");
          return waiver;
        }
      json_object_set_string_member (evidence, "waiverDoesNotHold", objection);
    }
  return NULL;
}

/* A check has failed: whether somebody has waived it, for this run or for the one that it goes on
 * with. The evidence tells either way. What held when the run began holds to its end: the board may
 * be locked by then. */
const LksWaiver *
lks_run_find_waiver (LksRun *run, JsonObject *evidence)
{
  const char *check = get_check (run->step);
  const LksWaiver *waiver;

  if ((run->phase != LKS_RUN_PHASE_CHECK && run->phase != LKS_RUN_PHASE_VERIFY) ||
      !lks_waiver_is_possible (check))
    return NULL;

  waiver = find_in (run, run->target->waivers, check, evidence);
  return waiver != NULL ? waiver : find_in (run, run->waivers, check, evidence);
}
