/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations of the Legacy interface: each has an ID, is asked about at an address of its own, and
 * tells how far it is as a number. Source: the vendor's page "Asynchronous operations". */
#include "lks-cloud-legacy-operation.h"

#include "lks-cloud-error-private.h"
#include "lks-guid.h"
#include "lks-json.h"

enum
{
  STATE_NOT_STARTED,
  STATE_IN_PROGRESS,
  STATE_COMPLETE,
  STATE_FAILED,
  STATE_COMPLETE_WITH_ERRORS, /* some of a bulk claim */
};

static const char *const state_words[] = { "NotStarted", "InProgress", "Complete", "Failed",
                                           "CompleteWithErrors" };

/* By the number that Error.Code is. */
static const char *const code_words[] = { "OperationFailed",
                                          "TenantInMigration",
                                          "TenantMigrationRequired",
                                          "ClientUpdateRequired",
                                          "InternalServerError",
                                          "BadRequest",
                                          "Forbidden",
                                          "Conflict",
                                          "NotFound" };

static gboolean
set_unclear (GError **error, const GError *reason)
{
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
               "what the service says about an operation is not understood: %s", reason->message);
  return FALSE;
}

static LksJson *
parse (const LksCloudAnswer *answer, JsonObject **out_root, GError **error)
{
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (answer->body, &size_bytes);
  g_autoptr (LksJson) json =
      lks_json_parse ("operation", data, size_bytes, LKS_CLOUD_BODY_MAX_BYTES, error);

  *out_root = json != NULL ? lks_json_get_root_object (json, error) : NULL;
  return *out_root != NULL ? g_steal_pointer (&json) : NULL;
}

/**
 * lks_legacy_operation_begin:
 * @tenant: GUID of the tenant
 * @answer: a good answer to what begins an operation
 * @out_operation: (out) (transfer full): what goes on
 * @error: return location for a [error@Lks.CloudError], BAD_ANSWER when the service does not say
 * how to follow it
 *
 * Returns: whether @out_operation was set
 */
gboolean
lks_legacy_operation_begin (const char *tenant,
                            const LksCloudAnswer *answer,
                            LksCloudOperation **out_operation,
                            GError **error)
{
  g_autoptr (GError) reason = NULL;
  JsonObject *root;
  g_autoptr (LksJson) json = parse (answer, &root, &reason);
  g_autofree char *text = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  if (json != NULL && lks_json_read_string (json, root, "OperationId", &text, &reason))
    {
      id = lks_guid_normalize (text, NULL);
      if (id == NULL)
        lks_json_set_error (json, json_object_get_member (root, "OperationId"), &reason,
                            "expected a GUID");
    }
  if (id == NULL)
    return set_unclear (error, reason);
  path = g_strdup_printf ("/v2/tenants/%s/operations/%s", tenant, id);
  *out_operation = lks_cloud_operation_new (path, lks_legacy_operation_read);
  return TRUE;
}

static void
read_problem (LksJson *json,
              JsonObject *root,
              const LksSecret *const *secrets,
              LksCloudProblem *problem)
{
  JsonObject *object;
  gint64 code;
  const char *word = NULL;
  g_autofree char *text = NULL;

  if (!lks_json_has (root, "Error") || !lks_json_read_object (json, root, "Error", &object, NULL))
    return;
  if (lks_json_read_int (json, object, "Code", 0, G_N_ELEMENTS (code_words) - 1, &code, NULL))
    word = code_words[code];
  if (lks_json_has (object, "Message"))
    lks_json_read_string (json, object, "Message", &text, NULL);
  lks_cloud_problem_take (problem, word, text, secrets);
}

/* A conflict may mean that somebody else has the device; everything else is a failure whatever its
 * word, with the word behind. */
static void
set_failure (LksJson *json,
             JsonObject *root,
             const LksCloudAnswer *answer,
             gboolean is_partly,
             GError **error)
{
  const LksSecret *const secrets[] = { answer->authorization, NULL };
  g_auto (LksCloudProblem) problem = { 0 };
  GError *made = NULL;

  read_problem (json, root, secrets, &problem);
  if (problem.code == NULL)
    {
      g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FAILED, "the operation %s%s%s",
                   is_partly ? "succeeded only in part" : "failed",
                   problem.text != NULL ? ": " : "",
                   problem.text != NULL ? problem.text : ", the service does not say why");
      return;
    }
  lks_cloud_error_set_problem (&made, &problem);
  if (made->code != LKS_CLOUD_ERROR_CONFLICT)
    made->code = LKS_CLOUD_ERROR_FAILED;
  g_propagate_error (error, made);
}

/* Judges by the number alone; see LksCloudOperationRead. */
gboolean
lks_legacy_operation_read (LksCloudOperation *self,
                           const LksCloudAnswer *answer,
                           LksCloudOperationState *out_state,
                           GError **error)
{
  g_autoptr (GError) reason = NULL;
  JsonObject *root;
  g_autoptr (LksJson) json = parse (answer, &root, &reason);
  gint64 state;

  self->questions++;
  *out_state = LKS_CLOUD_OPERATION_FAILED;
  if (json == NULL || !lks_json_read_int (json, root, "State", 0, G_MAXINT32, &state, &reason))
    return set_unclear (error, reason);

  g_free (self->word);
  self->word = state < (gint64) G_N_ELEMENTS (state_words)
                   ? g_strdup (state_words[state])
                   : g_strdup_printf ("%" G_GINT64_FORMAT, state);
  if (state == STATE_FAILED || state == STATE_COMPLETE_WITH_ERRORS)
    {
      set_failure (json, root, answer, state == STATE_COMPLETE_WITH_ERRORS, error);
      return FALSE;
    }
  *out_state =
      state == STATE_COMPLETE ? LKS_CLOUD_OPERATION_SUCCEEDED : LKS_CLOUD_OPERATION_RUNNING;
  return TRUE;
}
