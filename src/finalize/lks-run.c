/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run.h"

#include "lks-advice.h"
#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-json.h"
#include "lks-recipe-signature.h"
#include "lks-run-private.h"

GQuark
lks_run_error_quark (void)
{
  return g_quark_from_static_string ("lks-run-error");
}

G_DEFINE_ENUM_TYPE (LksRunError,
                    lks_run_error,
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_CONSENT, "consent"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_IDENTITY, "identity"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_NOT_UNDERSTOOD, "not-understood"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_POWER_CYCLE, "power-cycle"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_UNRESOLVED, "unresolved"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_NOT_PROVEN, "not-proven"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_CLAIM, "claim"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_OTHER_RECIPE, "other-recipe"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_ERROR_LABEL, "label"))

G_DEFINE_ENUM_TYPE (LksVerdict,
                    lks_verdict,
                    G_DEFINE_ENUM_VALUE (LKS_VERDICT_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_VERDICT_PASS, "PASS"),
                    G_DEFINE_ENUM_VALUE (LKS_VERDICT_FAIL, "FAIL"),
                    G_DEFINE_ENUM_VALUE (LKS_VERDICT_STOPPED, "STOPPED"))

G_DEFINE_ENUM_TYPE (LksOutcome,
                    lks_outcome,
                    G_DEFINE_ENUM_VALUE (LKS_OUTCOME_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_OUTCOME_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (LKS_OUTCOME_VERIFIED, "verified"),
                    G_DEFINE_ENUM_VALUE (LKS_OUTCOME_FINALIZED, "finalized"))

struct _LksConsent
{
  char *recipe_hash; /* (owned) */
  char *device_id;   /* (owned) */
  char *given_by;    /* (owned) */
  gint64 given_us;
};

G_DEFINE_BOXED_TYPE (LksConsent, lks_consent, lks_consent_ref, lks_consent_unref)

/**
 * lks_consent_new:
 * @recipe: what is to be done
 * @device_id: to which board: 128 digits, as the person saw them
 * @given_by: how the consent was given, for the record: "typed", "scanned", "command line"
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: (transfer full): a consent for exactly this pair, or NULL with @error set when
 *   @device_id is none
 */
LksConsent *
lks_consent_new (LksRecipe *recipe, const char *device_id, const char *given_by, GError **error)
{
  g_autofree char *normal = lks_device_id_normalize (device_id, error);
  LksConsent *self;

  if (normal == NULL)
    return NULL;

  self = g_atomic_rc_box_new0 (LksConsent);
  self->recipe_hash = g_strdup (lks_recipe_get_hash (recipe));
  self->device_id = g_steal_pointer (&normal);
  self->given_by = g_strdup (given_by);
  self->given_us = g_get_real_time ();
  return self;
}

/**
 * lks_consent_ref:
 * @self: a consent
 *
 * Returns: (transfer full): @self
 */
LksConsent *
lks_consent_ref (LksConsent *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
consent_clear (gpointer data)
{
  LksConsent *self = data;

  g_free (self->recipe_hash);
  g_free (self->device_id);
  g_free (self->given_by);
}

/**
 * lks_consent_unref:
 * @self: (transfer full) (nullable): a consent
 */
void
lks_consent_unref (LksConsent *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, consent_clear);
}

/* Whether it was given for exactly this recipe and this board. */
gboolean
lks_consent_covers (LksConsent *self, LksRecipe *recipe, const char *device_id)
{
  return g_str_equal (self->recipe_hash, lks_recipe_get_hash (recipe)) &&
         g_str_equal (self->device_id, device_id);
}

JsonObject *
lks_consent_to_json (LksConsent *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "recipeHash", self->recipe_hash);
  json_object_set_string_member (object, "deviceId", self->device_id);
  json_object_set_string_member (object, "givenBy", self->given_by);
  lks_json_set_time (object, "givenAt", self->given_us);
  return object;
}

G_DEFINE_BOXED_TYPE (LksRunResult, lks_run_result, lks_run_result_ref, lks_run_result_unref)

LksRunResult *
lks_run_result_new (const char *kind, LksRunTarget *target, LksRecipe *recipe)
{
  LksRunResult *self = g_atomic_rc_box_new0 (LksRunResult);

  self->kind = kind;
  self->port = g_strdup (target->port);
  self->usb_serial = g_strdup (target->usb_serial);
  self->steps = g_ptr_array_new_with_free_func (g_object_unref);
  self->recipe_name = g_strdup (lks_recipe_get_name (recipe));
  self->recipe_hash = g_strdup (lks_recipe_get_hash (recipe));
  self->recipe_signer = g_strdup (lks_recipe_get_signer (recipe));
  self->recipe_signer_key = g_strdup (lks_recipe_get_signer_key (recipe));
  self->started_at = g_date_time_new_now_utc ();
  return self;
}

/**
 * lks_run_result_ref:
 * @self: a result
 *
 * Returns: (transfer full): @self
 */
LksRunResult *
lks_run_result_ref (LksRunResult *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
result_clear (gpointer data)
{
  LksRunResult *self = data;

  g_free (self->port);
  g_free (self->usb_serial);
  g_free (self->device_id);
  g_ptr_array_unref (self->steps);
  g_free (self->needs);
  g_free (self->recipe_name);
  g_free (self->recipe_hash);
  g_free (self->recipe_signer);
  g_free (self->recipe_signer_key);
  g_free (self->record_id);
  g_clear_pointer (&self->started_at, g_date_time_unref);
  g_clear_pointer (&self->finished_at, g_date_time_unref);
  g_clear_error (&self->error);
}

/**
 * lks_run_result_unref:
 * @self: (transfer full) (nullable): a result
 */
void
lks_run_result_unref (LksRunResult *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, result_clear);
}

static const char *
advice_for_run_error (LksRunError code)
{
  switch (code)
    {
    case LKS_RUN_ERROR_REFUSED:
      return "Put right what the steps name, then start again.";
    case LKS_RUN_ERROR_CONSENT:
      return "Check the board first, then confirm for exactly this device ID and this recipe.";
    case LKS_RUN_ERROR_IDENTITY:
      return "Plug one board at a time into this place and start again.";
    case LKS_RUN_ERROR_NOT_UNDERSTOOD:
      return "Put the board aside for an engineer; the evidence of the step shows what it said.";
    case LKS_RUN_ERROR_POWER_CYCLE:
      return "Switch the board off and on (or unplug it), then finalize it again: Locksmith goes "
             "on where it stopped and changes nothing twice.";
    case LKS_RUN_ERROR_UNRESOLVED:
      return "Plug the board in again and finalize it again: Locksmith asks the board what is true "
             "before anything is repeated.";
    case LKS_RUN_ERROR_NOT_PROVEN:
      return "Finalize the board again: Locksmith goes on with the proof and changes nothing "
             "twice.";
    case LKS_RUN_ERROR_CLAIM:
      return "Sign in to the cloud and work off the queue of claims; then finalize the board "
             "again.";
    case LKS_RUN_ERROR_OTHER_RECIPE:
      return "Finalize the board by the recipe that the message names, unchanged: Locksmith goes "
             "on where it stopped and changes nothing twice.";
    case LKS_RUN_ERROR_LABEL:
      return "Scan the label of this unit again; the records tell which board has which label.";
    }
  return "";
}

/* {domain, code, message, advice}, as everywhere on the command line. */
JsonNode *
lks_run_error_to_json (const GError *error)
{
  g_autoptr (JsonObject) object = NULL;
  JsonNode *node;

  if (error == NULL)
    return json_node_new (JSON_NODE_NULL);
  if (error->domain != LKS_RUN_ERROR && error->domain != LKS_LEDGER_ERROR)
    return lks_advice_to_json (error);

  object = json_object_new ();
  if (error->domain == LKS_RUN_ERROR)
    {
      json_object_set_string_member (object, "domain", "run");
      json_object_set_string_member (object, "code",
                                     lks_enum_to_nick (LKS_TYPE_RUN_ERROR, error->code));
    }
  else
    {
      json_object_set_string_member (object, "domain", "ledger");
      json_object_set_string_member (object, "code",
                                     lks_enum_to_nick (LKS_TYPE_LEDGER_ERROR, error->code));
    }
  json_object_set_string_member (object, "message", error->message);
  json_object_set_string_member (object, "advice",
                                 error->domain == LKS_RUN_ERROR
                                     ? advice_for_run_error ((LksRunError) error->code)
                                     : "Put right what the message names, then finalize the board "
                                       "again: it is verified and recorded.");
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);
  return node;
}

/**
 * lks_run_result_to_json:
 * @self: a result
 *
 * Returns: (transfer full): the object that `locksmithctl check` and `finalize` print
 */
JsonNode *
lks_run_result_to_json (LksRunResult *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *steps = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  lks_json_set_text (object, "kind", self->kind);
  lks_json_set_text (object, "deviceId", self->device_id);
  lks_json_set_text (object, "port", self->port);
  lks_json_set_text (object, "usbSerial", self->usb_serial);
  lks_json_set_text (object, "verdict", lks_enum_to_nick (LKS_TYPE_VERDICT, (int) self->verdict));
  lks_json_set_text (object, "outcome", lks_enum_to_nick (LKS_TYPE_OUTCOME, (int) self->outcome));
  for (guint i = 0; i < self->steps->len; i++)
    json_array_add_element (steps, lks_run_step_to_json (g_ptr_array_index (self->steps, i)));
  json_object_set_array_member (object, "steps", steps);
  lks_json_set_text (object, "needs", self->needs);
  lks_json_set_text (object, "recipeName", self->recipe_name);
  lks_json_set_text (object, "recipeHash", self->recipe_hash);
  lks_json_set_text (object, "recipeSigner", self->recipe_signer);
  lks_json_set_text (object, "recipeSignerKey", self->recipe_signer_key);
  json_object_set_int_member (object, "waived", self->n_waived);
  lks_json_set_text (object, "recordId", self->record_id);
  json_object_set_member (object, "error", lks_run_error_to_json (self->error));
  json_node_set_object (node, object);
  return node;
}

/**
 * lks_run_result_summarize:
 * @self: a result
 *
 * Returns: (transfer none) (nullable): why it is no PASS, one English sentence: of the first step
 *   that failed, or else of the error
 */
const char *
lks_run_result_summarize (LksRunResult *self)
{
  if (self->verdict == LKS_VERDICT_PASS)
    return NULL;

  for (guint i = 0; i < self->steps->len; i++)
    {
      LksRunStep *step = g_ptr_array_index (self->steps, i);

      if (lks_run_step_get_result (step) == LKS_STEP_RESULT_FAIL)
        return lks_run_step_get_message (step);
    }
  return self->error != NULL ? self->error->message : NULL;
}
