/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes, as the Legacy interface makes them. */
#include "lks-cloud-legacy-private.h"

#include "lks-capability.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-error.h"
#include "lks-cloud-legacy-operation.h"
#include "lks-cloud-resource.h"

#include <string.h>

/* ---- bodies ---- */

/* What the call sends, which this program wrote itself; NULL when it sends nothing. */
static LksJson *
parse_body (LksLegacyWork *work, JsonObject **out_root, JsonObject **out_properties)
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

static const char *
get_text (JsonObject *object, const char *member)
{
  return object != NULL && lks_json_has (object, member)
             ? json_object_get_string_member (object, member)
             : NULL;
}

static char *
array_to_text (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_set_array (node, array);
  return json_to_string (node, FALSE);
}

/* ---- requests ---- */

/* @body (nullable): JSON */
static gboolean
send (LksLegacyWork *work,
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
static gboolean
wait_for (LksLegacyWork *work, const LksCloudAnswer *answer, GError **error)
{
  g_autoptr (LksCloudOperation) operation = NULL;
  g_auto (LksCloudAnswer) last = { 0 };

  return lks_legacy_operation_begin (work->call->scope->tenant, answer, &operation, error) &&
         lks_cloud_client_wait (work->client, operation, work->cancellable, &last, error);
}

static gboolean
run (LksLegacyWork *work, const char *method, const char *tail, const char *body, GError **error)
{
  g_auto (LksCloudAnswer) answer = { 0 };

  return send (work, method, tail, body, &answer, error) && wait_for (work, &answer, error);
}

static gboolean
is_missing (const GError *error)
{
  return g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
}

/* Whether it is there; FALSE with @error set when that cannot be said. */
static gboolean
resolve_if_there (LksLegacyWork *work, gboolean *out_is_there, GError **error)
{
  g_autoptr (GError) reason = NULL;

  *out_is_there = lks_legacy_resolve (work, work->call->scope, &reason);
  if (*out_is_there || is_missing (reason))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* ---- products ---- */

/* Only a description can be changed. */
static gboolean
change_product (LksLegacyWork *work, JsonObject *properties, GError **error)
{
  const char *description = get_text (properties, "description");
  g_autofree char *tail = g_strdup_printf ("products/%s", work->product);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };

  if (description == NULL)
    return TRUE;
  json_object_set_string_member (body, "Description", description);
  text = lks_cloud_body_to_text (body);
  return send (work, "PATCH", tail, text, &answer, error);
}

static gboolean
create_product (LksLegacyWork *work, JsonObject *properties, GError **error)
{
  const char *description = get_text (properties, "description");
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (body, "Name", work->call->scope->product);
  json_object_set_string_member (body, "Description", description != NULL ? description : "");
  json_object_set_boolean_member (body, "CreateDefaultGroups", FALSE);
  text = lks_cloud_body_to_text (body);
  lks_legacy_index_forget (work->index);
  return run (work, "POST", "products", text, error);
}

gboolean
lks_legacy_patch_product (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = parse_body (work, &root, &properties);

  return lks_legacy_resolve (work, work->call->scope, error) &&
         change_product (work, properties, error);
}

/* Makes it, or changes one that is there. */
gboolean
lks_legacy_put_product (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = parse_body (work, &root, &properties);
  gboolean is_there;

  if (!resolve_if_there (work, &is_there, error))
    return FALSE;
  return is_there ? change_product (work, properties, error)
                  : create_product (work, properties, error);
}

static gboolean
delete_thing (LksLegacyWork *work, const char *list, const char *id, GError **error)
{
  g_autofree char *tail = g_strdup_printf ("%s/%s", list, id);

  lks_legacy_index_forget (work->index);
  return run (work, "DELETE", tail, NULL, error);
}

gboolean
lks_legacy_delete_product (LksLegacyWork *work, GError **error)
{
  gboolean is_there;

  if (!resolve_if_there (work, &is_there, error))
    return FALSE;
  return !is_there || delete_thing (work, "products", work->product, error);
}

/* ---- device groups ---- */

static gboolean
check_region (JsonObject *properties, GError **error)
{
  const char *region = get_text (properties, "regionalDataBoundary");

  if (region == NULL || g_str_equal (region, "None"))
    return TRUE;
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED,
                       "a tenant cannot say in which region its data lie");
  return FALSE;
}

/* The vendor spells it in one way when a group is made and in another when it is changed. */
static gboolean
add_number (JsonObject *body,
            const char *member,
            const char *name,
            JsonObject *properties,
            GError **error)
{
  const char *word = get_text (properties, name);
  gint64 number;

  if (word == NULL)
    return TRUE;
  if (lks_legacy_find_number (name, word, &number))
    {
      json_object_set_int_member (body, member, number);
      return TRUE;
    }
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED, "a tenant has no “%s” as %s",
               word, name);
  return FALSE;
}

static void
add_crash_dumps (JsonObject *body, JsonObject *properties)
{
  const char *crash_dumps = get_text (properties, "allowCrashDumpsCollection");

  if (crash_dumps != NULL)
    json_object_set_boolean_member (body, "AllowCrashDumpsCollection",
                                    g_str_equal (crash_dumps, "Enabled"));
}

static gboolean
change_group (LksLegacyWork *work, JsonObject *properties, GError **error)
{
  const char *description = get_text (properties, "description");
  g_autofree char *tail = g_strdup_printf ("devicegroups/%s", work->group);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };

  if (description != NULL)
    json_object_set_string_member (body, "Description", description);
  if (!check_region (properties, error) ||
      !add_number (body, "OSFeedType", "osFeedType", properties, error) ||
      !add_number (body, "UpdatePolicy", "updatePolicy", properties, error))
    return FALSE;
  add_crash_dumps (body, properties);
  if (json_object_get_size (body) == 0)
    return TRUE;
  text = lks_cloud_body_to_text (body);
  return send (work, "PATCH", tail, text, &answer, error);
}

static gboolean
resolve_product (LksLegacyWork *work, GError **error)
{
  g_autoptr (LksCloudScope) product =
      lks_cloud_scope_dup_product (work->call->scope, work->call->scope->product);

  return lks_legacy_resolve (work, product, error);
}

/* Whether crash dumps are collected can only be said of a group that is there. */
static gboolean
create_group (LksLegacyWork *work, JsonObject *properties, GError **error)
{
  const char *description = get_text (properties, "description");
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };

  if (!check_region (properties, error) || !resolve_product (work, error))
    return FALSE;
  json_object_set_string_member (body, "Name", work->call->scope->group);
  json_object_set_string_member (body, "Description", description != NULL ? description : "");
  if (work->product != NULL)
    json_object_set_string_member (body, "ProductId", work->product);
  json_object_set_int_member (body, "OsFeedType", 0);
  json_object_set_int_member (body, "UpdatePolicy", 0);
  if (!add_number (body, "OsFeedType", "osFeedType", properties, error) ||
      !add_number (body, "UpdatePolicy", "updatePolicy", properties, error))
    return FALSE;
  text = lks_cloud_body_to_text (body);
  lks_legacy_index_forget (work->index);
  if (!send (work, "POST", "devicegroups", text, &answer, error))
    return FALSE;
  return get_text (properties, "allowCrashDumpsCollection") == NULL ||
         (lks_legacy_resolve (work, work->call->scope, error) &&
          change_group (work, properties, error));
}

gboolean
lks_legacy_patch_group (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = parse_body (work, &root, &properties);

  return lks_legacy_resolve (work, work->call->scope, error) &&
         change_group (work, properties, error);
}

gboolean
lks_legacy_put_group (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = parse_body (work, &root, &properties);
  gboolean is_there;

  if (!resolve_if_there (work, &is_there, error))
    return FALSE;
  return is_there ? change_group (work, properties, error) : create_group (work, properties, error);
}

gboolean
lks_legacy_delete_group (LksLegacyWork *work, GError **error)
{
  gboolean is_there;

  if (!resolve_if_there (work, &is_there, error))
    return FALSE;
  return !is_there || delete_thing (work, "devicegroups", work->group, error);
}

/* ---- images and deployments ---- */

static gboolean
is_image_there (LksLegacyWork *work, gboolean *out_is_there, GError **error)
{
  static const LksCloudCall get = { .method = "GET" };
  g_autofree char *tail = g_strdup_printf ("images/%s/metadata", work->call->scope->leaf);
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) reason = NULL;

  *out_is_there = lks_legacy_ask (work, &get, tail, &answer, &reason);
  if (*out_is_there || is_missing (reason))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* The bytes themselves are sent. That must not happen twice: what is there already stays. */
gboolean
lks_legacy_put_image (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = parse_body (work, &root, &properties);
  const char *base64 = get_text (properties, "image");
  gsize n_bytes = 0;
  g_autofree guchar *bytes = g_base64_decode (base64 != NULL ? base64 : "", &n_bytes);
  const LksCloudCall call = { .method = "POST",
                              .content_type = "application/octet-stream",
                              .body = (const char *) bytes,
                              .body_bytes = n_bytes,
                              .limit_ms = work->call->limit_ms };
  g_auto (LksCloudAnswer) answer = { 0 };
  gboolean is_there;

  if (!check_region (properties, error) || !is_image_there (work, &is_there, error))
    return FALSE;
  return is_there || (lks_legacy_ask (work, &call, "images", &answer, error) &&
                      wait_for (work, &answer, error));
}

gboolean
lks_legacy_put_deployment (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = parse_body (work, &root, &properties);
  JsonArray *images = json_object_get_array_member (properties, "deployedImages");
  g_autoptr (JsonArray) ids = json_array_new ();
  g_autofree char *text = NULL;
  g_autofree char *tail = NULL;

  if (!lks_legacy_resolve (work, work->call->scope, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (images); i++)
    json_array_add_string_element (
        ids, get_text (json_object_get_object_member (json_array_get_object_element (images, i),
                                                      "properties"),
                       "imageId"));
  text = array_to_text (ids);
  tail = g_strdup_printf ("devicegroups/%s/deployments", work->group);
  return run (work, "POST", tail, text, error);
}

/* ---- devices ---- */

/* @group: ID of a device group */
static gboolean
put_into_group (LksLegacyWork *work, const char *group, GError **error)
{
  g_autofree char *tail = g_strdup_printf ("devices/%s/devicegroup", work->call->scope->leaf);
  g_autofree char *body = g_strdup_printf ("\"%s\"", group);

  return run (work, "PUT", tail, body, error);
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
  if (!*out_is_owned && !is_missing (reason))
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
      (!is_owned && !run (work, "PUT", tail, NULL, error)))
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
  g_autoptr (LksJson) json = parse_body (work, &root, NULL);
  g_autofree char *text = array_to_text (json_object_get_array_member (root, "deviceIdentifiers"));

  return run (work, "PUT", "devices", text, error);
}

gboolean
lks_legacy_move (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = parse_body (work, &root, &properties);
  const char *id = get_text (properties, "deviceGroupId");
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
  g_autoptr (LksJson) json = parse_body (work, &root, NULL);
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
