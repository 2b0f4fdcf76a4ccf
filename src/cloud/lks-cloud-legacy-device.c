/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims, moves and capabilities, as the Legacy interface makes them. */
#include "lks-cloud-legacy-private.h"

#include "lks-capability.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-error.h"
#include "lks-cloud-legacy-operation.h"

#include <string.h>

/* ---- devices ---- */

/* @group: ID of a device group */
static gboolean
put_into_group (LksLegacyWork *work, const char *group, GError **error)
{
  g_autofree char *tail = g_strdup_printf ("devices/%s/devicegroup", work->call->scope->leaf);
  g_autofree char *body = g_strdup_printf ("\"%s\"", group);

  return lks_legacy_run (work, "PUT", tail, body, error);
}

/* Where a device is that the tenant owns: @out_group is NULL when it is in none. */
static gboolean
find_device (LksLegacyWork *work, gboolean *out_is_owned, char **out_group, GError **error)
{
  static const LksCloudCall get = { .method = "GET" };
  g_autofree char *tail = g_strdup_printf ("devices/%s", work->call->scope->leaf);
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksJson) json = NULL;
  JsonObject *root;

  *out_is_owned = lks_legacy_ask (work, &get, tail, &answer, &reason);
  if (!*out_is_owned && !lks_legacy_is_missing (reason))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (!*out_is_owned)
    return TRUE;
  json = lks_legacy_parse (&answer, error);
  root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  if (root != NULL && lks_json_has (root, "DeviceGroupId"))
    lks_json_read_string (json, root, "DeviceGroupId", out_group, NULL);
  return json != NULL;
}

/* Two steps, of which the first one is for ever: claimed into the tenant, then put into the group.
 * Who repeats it goes on where it ended. */
gboolean
lks_legacy_claim (LksLegacyWork *work, GError **error)
{
  g_autofree char *tail = g_strdup_printf ("devices/%s/claim", work->call->scope->leaf);
  g_autofree char *group = NULL;
  gboolean is_owned;

  if (!lks_legacy_resolve (work, work->call->scope, error) ||
      !find_device (work, &is_owned, &group, error) ||
      (!is_owned && !lks_legacy_run (work, "PUT", tail, NULL, error)))
    return FALSE;
  if (work->group == NULL || g_strcmp0 (group, work->group) == 0 ||
      put_into_group (work, work->group, error))
    return TRUE;
  /* A conflict about the group is none about who owns the device. */
  if (g_error_matches (*error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_CONFLICT) ||
      g_error_matches (*error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_REJECTED))
    (*error)->code = LKS_CLOUD_ERROR_FAILED;
  g_prefix_error (error, "claimed into the tenant, but not put into the device group; ");
  return FALSE;
}

/* All into the tenant at once. Into the group each goes by itself, when it is looked at. */
gboolean
lks_legacy_claim_all (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  g_autoptr (LksJson) json = lks_legacy_parse_body (work, &root, NULL);
  g_autofree char *text =
      lks_legacy_array_to_text (json_object_get_array_member (root, "deviceIdentifiers"));

  return lks_legacy_run (work, "PUT", "devices", text, error);
}

gboolean
lks_legacy_move (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = lks_legacy_parse_body (work, &root, &properties);
  const char *id = lks_legacy_get_text (properties, "deviceGroupId");
  g_autoptr (LksCloudScope) target = lks_cloud_scope_parse (id, error);

  if (target == NULL || !lks_legacy_resolve (work, target, error))
    return FALSE;
  if (work->group == NULL)
    {
      g_set_error_literal (
          error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED,
          "a device of a tenant cannot be taken out of its group, only be put into "
          "another one");
      return FALSE;
    }
  if (!put_into_group (work, work->group, error))
    return FALSE;
  if (work->out_operation != NULL)
    {
      *work->out_operation = lks_cloud_operation_new ("/", lks_legacy_operation_read);
      (*work->out_operation)->target_id =
          g_strdup_printf ("%s/devices/%s", id, work->call->scope->leaf);
    }
  return TRUE;
}

/* ---- capabilities ---- */

/* Numbers that the device itself knows; none makes the file that takes capabilities away. */
static const char *
find_capability (JsonArray *words)
{
  if (json_array_get_length (words) == 0)
    return "";
  return g_strcmp0 (json_array_get_string_element (words, 0), "FieldServicing") == 0
             ? G_STRINGIFY (LKS_CAPABILITY_FIELD_SERVICING)
             : G_STRINGIFY (LKS_CAPABILITY_APP_DEVELOPMENT);
}

/* {"image": "…"} in memory that is wiped. What is no base64 could end the text early. */
static GBytes *
wrap_capability (const LksSecret *text, GError **error)
{
  static const char head[] = "{\"image\":\"";
  static const char tail[] = "\"}";
  const char *base64 = lks_secret_get_text (text);
  gsize n_base64 = strlen (base64);
  gsize n_bytes = strlen (head) + n_base64 + strlen (tail);
  char *bytes;

  if (strspn (base64, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") !=
      n_base64)
    {
      g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNFIT,
                           "what the service made is no capability: it is not base64");
      return NULL;
    }
  bytes = lks_secret_heap_alloc (n_bytes + 1);
  g_strlcpy (bytes, head, n_bytes + 1);
  g_strlcat (bytes, base64, n_bytes + 1);
  g_strlcat (bytes, tail, n_bytes + 1);
  return g_bytes_new_with_free_func (bytes, n_bytes, lks_secret_heap_free, bytes);
}

static gboolean
answer_capability (LksLegacyWork *work, const LksCloudAnswer *answer, GError **error)
{
  g_autoptr (LksSecret) text =
      lks_cloud_capability_read_text (answer->body, "SignedDeviceCapabilityImageBytes", error);

  if (text == NULL)
    return FALSE;
  g_clear_pointer (&work->answer->body, g_bytes_unref);
  work->answer->body = wrap_capability (text, error);
  work->answer->status = 200;
  return work->answer->body != NULL;
}

gboolean
lks_legacy_make_capability (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  g_autoptr (LksJson) json = lks_legacy_parse_body (work, &root, NULL);
  JsonArray *words = json_object_get_array_member (root, "capabilities");
  g_autofree char *body = g_strdup_printf ("{\"DeviceId\":\"%s\",\"Capabilities\":[%s]}",
                                           work->call->scope->leaf, find_capability (words));
  const LksCloudCall call = { .method = "POST",
                              .body = body,
                              .body_bytes = strlen (body),
                              .is_repeatable = TRUE,
                              .is_secret = TRUE };
  g_auto (LksCloudAnswer) answer = { 0 };

  return lks_legacy_ask (work, &call, "deviceCapabilityImage", &answer, error) &&
         answer_capability (work, &answer, error);
}
