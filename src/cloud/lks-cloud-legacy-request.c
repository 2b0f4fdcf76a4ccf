/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all changes by the Legacy interface have in common. */
#include "lks-cloud-legacy-private.h"

#include "lks-cloud-error.h"
#include "lks-cloud-legacy-operation.h"

#include <string.h>

/* ---- bodies ---- */

/* What the call sends, which this program wrote itself; NULL when it sends nothing. */
LksJson *
lks_legacy_parse_body (LksLegacyWork *work, JsonObject **out_root, JsonObject **out_properties)
{
  const LksCloudCall *call = work->call;
  LksJson *json = call->body != NULL
                      ? lks_json_parse ("request", call->body, call->body_bytes, G_MAXSIZE, NULL)
                      : NULL;

  *out_root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  if (out_properties != NULL)
    *out_properties = *out_root != NULL && lks_json_has (*out_root, "properties")
                          ? json_object_get_object_member (*out_root, "properties")
                          : NULL;
  return json;
}

const char *
lks_legacy_get_text (JsonObject *object, const char *member)
{
  return object != NULL && lks_json_has (object, member)
             ? json_object_get_string_member (object, member)
             : NULL;
}

char *
lks_legacy_array_to_text (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_set_array (node, array);
  return json_to_string (node, FALSE);
}

/* ---- requests ---- */

/* @body (nullable): JSON */
gboolean
lks_legacy_send (LksLegacyWork *work,
                 const char *method,
                 const char *tail,
                 const char *body,
                 LksCloudAnswer *answer,
                 GError **error)
{
  const LksCloudCall call = { .method = method,
                              .body = body,
                              .body_bytes = body != NULL ? strlen (body) : 0,
                              .is_repeatable = work->call->is_repeatable,
                              .is_conflict_final = work->call->is_conflict_final };

  return lks_legacy_ask (work, &call, tail, answer, error);
}

/* Waits for what @answer says has begun. */
gboolean
lks_legacy_wait_for (LksLegacyWork *work, const LksCloudAnswer *answer, GError **error)
{
  g_autoptr (LksCloudOperation) operation = NULL;
  g_auto (LksCloudAnswer) last = { 0 };

  return lks_legacy_operation_begin (work->call->scope->tenant, answer, &operation, error) &&
         lks_cloud_client_wait (work->client, operation, work->cancellable, &last, error);
}

gboolean
lks_legacy_run (LksLegacyWork *work,
                const char *method,
                const char *tail,
                const char *body,
                GError **error)
{
  g_auto (LksCloudAnswer) answer = { 0 };

  return lks_legacy_send (work, method, tail, body, &answer, error) &&
         lks_legacy_wait_for (work, &answer, error);
}

gboolean
lks_legacy_is_missing (const GError *error)
{
  return g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
}

/* Whether it is there; FALSE with @error set when that cannot be said. */
gboolean
lks_legacy_resolve_if_there (LksLegacyWork *work, gboolean *out_is_there, GError **error)
{
  g_autoptr (GError) reason = NULL;

  *out_is_there = lks_legacy_resolve (work, work->call->scope, &reason);
  if (*out_is_there || lks_legacy_is_missing (reason))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* ---- what there is none of ---- */

gboolean
lks_legacy_check_region (JsonObject *properties, GError **error)
{
  const char *region = lks_legacy_get_text (properties, "regionalDataBoundary");

  if (region == NULL || g_str_equal (region, "None"))
    return TRUE;
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED,
                       "a tenant cannot say in which region its data lie");
  return FALSE;
}

/* The vendor spells it in one way when a group is made and in another when it is changed. */
