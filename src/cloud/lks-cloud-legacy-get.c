/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single things and counts, as the Legacy interface tells them. */
#include "lks-cloud-legacy-private.h"

#include "lks-cloud-error.h"

static const LksCloudCall get = { .method = "GET" };

static gboolean
set_missing (LksLegacyWork *work, GError **error)
{
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
               "there is no such thing at that place: %s", work->call->scope->leaf);
  return FALSE;
}

static gboolean
answer_with (LksLegacyWork *work, JsonObject *object)
{
  if (object == NULL)
    return FALSE;
  lks_legacy_answer (work, object);
  return TRUE;
}

static gboolean
get_shaped (LksLegacyWork *work, const char *tail, LksLegacyShape shape, GError **error)
{
  g_auto (LksCloudAnswer) answer = { 0 };

  return lks_legacy_ask (work, &get, tail, &answer, error) &&
         answer_with (work, lks_legacy_read (work, &answer, shape, error));
}

gboolean
lks_legacy_get_tenant (LksLegacyWork *work, GError **error)
{
  return get_shaped (work, "", lks_legacy_shape_tenant, error);
}

gboolean
lks_legacy_get_product (LksLegacyWork *work, GError **error)
{
  g_autofree char *tail = NULL;

  if (!lks_legacy_resolve (work, work->call->scope, error))
    return FALSE;
  tail = g_strdup_printf ("products/%s", work->product);
  return get_shaped (work, tail, lks_legacy_shape_product, error);
}

gboolean
lks_legacy_get_group (LksLegacyWork *work, GError **error)
{
  g_autofree char *tail = NULL;

  if (!lks_legacy_resolve (work, work->call->scope, error))
    return FALSE;
  tail = g_strdup_printf ("devicegroups/%s", work->group);
  return get_shaped (work, tail, lks_legacy_shape_group, error);
}

/* ---- devices ---- */

/* The device is asked for where it is; here it is found wherever it is. */
static gboolean
check_place (LksLegacyWork *work, JsonObject *device, GError **error)
{
  const char *id = json_object_get_string_member (device, "id");
  g_autoptr (LksCloudScope) place = lks_cloud_scope_parse (id, NULL);

  return (place != NULL && lks_cloud_scope_equal (place, work->call->scope)) ||
         set_missing (work, error);
}

gboolean
lks_legacy_get_device (LksLegacyWork *work, GError **error)
{
  g_autofree char *tail = g_strdup_printf ("devices/%s", work->call->scope->leaf);
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (JsonObject) device = NULL;

  if (!lks_legacy_index_load (work->index, work->cancellable, error) ||
      !lks_legacy_ask (work, &get, tail, &answer, error))
    return FALSE;
  device = lks_legacy_read (work, &answer, lks_legacy_shape_device, error);
  if (device == NULL || !check_place (work, device, error))
    return FALSE;
  lks_legacy_answer (work, g_steal_pointer (&device));
  return TRUE;
}

/* ---- counts ---- */

static gboolean
count_item (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  (*(gint64 *) user_data)++;
  return TRUE;
}

/* The vendor documents the count of a device group; those of a tenant and a product are likely to
 * exist. Where they do not, the list is counted. */
static gboolean
count_list (LksLegacyWork *work, const char *tail, gint64 *out_count, GError **error)
{
  *out_count = 0;
  return lks_legacy_walk (work, tail, lks_legacy_shape_device, count_item, out_count, error);
}

static gboolean
read_count (const LksCloudAnswer *answer, gint64 *out_count, GError **error)
{
  g_autoptr (LksJson) json = lks_legacy_parse (answer, error);
  JsonNode *root = json != NULL ? lks_json_get_root (json) : NULL;

  if (root == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_VALUE (root) && json_node_get_value_type (root) == G_TYPE_INT64 &&
      json_node_get_int (root) >= 0)
    {
      *out_count = json_node_get_int (root);
      return TRUE;
    }
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
                       "the service's count is not understood: expected a number");
  return FALSE;
}

static char *
build_devices_tail (LksLegacyWork *work)
{
  if (work->group != NULL)
    return g_strdup_printf ("deviceGroups/%s/devices", work->group);
  return work->product != NULL ? g_strdup_printf ("products/%s/devices", work->product)
                               : g_strdup ("devices");
}

gboolean
lks_legacy_count (LksLegacyWork *work, GError **error)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) reason = NULL;
  g_autofree char *devices = NULL;
  g_autofree char *tail = NULL;
  JsonObject *object;
  gint64 count = 0;

  if (work->call->scope->product != NULL && !lks_legacy_resolve (work, work->call->scope, error))
    return FALSE;
  devices = build_devices_tail (work);
  tail = g_strdup_printf ("%s/count", devices);
  if (lks_legacy_ask (work, &get, tail, &answer, &reason))
    {
      if (!read_count (&answer, &count, error))
        return FALSE;
    }
  else if (!g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  else if (!count_list (work, devices, &count, error))
    return FALSE;

  object = json_object_new ();
  json_object_set_int_member (object, "value", count);
  lks_legacy_answer (work, object);
  return TRUE;
}

/* ---- one thing out of a list ---- */

typedef struct
{
  const char *name;
  JsonObject *found; /* (owned) (nullable) */
} Search;

static gboolean
compare (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  Search *search = user_data;

  if (g_ascii_strcasecmp (json_object_get_string_member (item, "name"), search->name) != 0)
    return TRUE;
  search->found = json_object_ref (item);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "it is found");
  return FALSE;
}

static gboolean
search_list (LksLegacyWork *work, const char *tail, LksLegacyShape shape, GError **error)
{
  Search search = { work->call->scope->leaf, NULL };
  g_autoptr (GError) reason = NULL;

  if (!lks_legacy_walk (work, tail, shape, compare, &search, &reason) && search.found == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (search.found == NULL)
    return set_missing (work, error);
  lks_legacy_answer (work, search.found);
  return TRUE;
}

/* ---- deployments ---- */

gboolean
lks_legacy_get_deployment (LksLegacyWork *work, GError **error)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) reason = NULL;
  g_autofree char *tail = NULL;
  JsonObject *deployment;

  if (!lks_legacy_resolve (work, work->call->scope, error))
    return FALSE;
  if (!g_str_equal (work->call->scope->leaf, ".default"))
    {
      tail = g_strdup_printf ("devicegroups/%s/deployments", work->group);
      return search_list (work, tail, lks_legacy_shape_deployment, error);
    }
  tail = g_strdup_printf ("devicegroups/%s", work->group);
  if (!lks_legacy_ask (work, &get, tail, &answer, error))
    return FALSE;
  deployment = lks_legacy_read (work, &answer, lks_legacy_shape_current, &reason);
  if (deployment == NULL && reason == NULL)
    return set_missing (work, error);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  return answer_with (work, deployment);
}

/* ---- images ---- */

/* {"IsSuccess": true, "Uri": "https://…", "UriMessage": null} */
static gboolean
read_address (const LksCloudAnswer *answer, JsonObject *properties, GError **error)
{
  g_autoptr (LksJson) json = lks_legacy_parse (answer, error);
  JsonObject *root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  g_autofree char *address = NULL;

  if (json == NULL)
    return FALSE;
  if (root != NULL && lks_json_has (root, "Uri") &&
      lks_json_read_string (json, root, "Uri", &address, NULL))
    json_object_set_string_member (properties, "uri", address);
  return TRUE;
}

/* Where it can be fetched is another question than what it is. */
gboolean
lks_legacy_get_image (LksLegacyWork *work, GError **error)
{
  g_autofree char *tail = g_strdup_printf ("images/%s", work->call->scope->leaf);
  g_autofree char *metadata_tail = g_strdup_printf ("%s/metadata", tail);
  g_auto (LksCloudAnswer) metadata = { 0 };
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (JsonObject) image = NULL;

  if (!lks_legacy_ask (work, &get, metadata_tail, &metadata, error))
    return FALSE;
  image = lks_legacy_read (work, &metadata, lks_legacy_shape_image, error);
  if (image == NULL || !lks_legacy_ask (work, &get, tail, &answer, error) ||
      !read_address (&answer, json_object_get_object_member (image, "properties"), error))
    return FALSE;
  lks_legacy_answer (work, g_steal_pointer (&image));
  return TRUE;
}

/* ---- certificates: JSON texts of base64 ---- */

static gboolean
is_active (const LksCloudScope *scope)
{
  return g_str_equal (scope->leaf, ".default") || g_ascii_strcasecmp (scope->leaf, "active") == 0;
}

static char *
build_certificate_tail (LksLegacyWork *work, const char *what)
{
  const LksCloudScope *scope = work->call->scope;
  g_autofree char *escaped = g_uri_escape_string (scope->leaf, NULL, FALSE);

  return is_active (scope) ? g_strdup (what) : g_strdup_printf ("%s?thumbprint=%s", what, escaped);
}

static char *
ask_text (LksLegacyWork *work, const char *tail, GError **error)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (LksJson) json = NULL;
  JsonNode *root;

  if (!lks_legacy_ask (work, &get, tail, &answer, error))
    return NULL;
  json = lks_legacy_parse (&answer, error);
  root = json != NULL ? lks_json_get_root (json) : NULL;
  if (root == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (root) && json_node_get_value_type (root) == G_TYPE_STRING)
    return json_node_dup_string (root);
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
                       "the service's answer has no certificate in it");
  return NULL;
}

/* What is told of the active one beside its bytes stands in the list, under its thumbprint. */
gboolean
lks_legacy_get_certificate (LksLegacyWork *work, GError **error)
{
  g_autofree char *text = NULL;
  JsonObject *certificate;
  JsonObject *properties;
  g_autofree char *id = NULL;

  if (!is_active (work->call->scope))
    return search_list (work, "certificates", lks_legacy_shape_certificate, error);
  text = ask_text (work, "cert", error);
  if (text == NULL)
    return FALSE;
  id = lks_cloud_scope_dup_id (work->call->scope);
  certificate = json_object_new ();
  properties = json_object_new ();
  json_object_set_string_member (certificate, "id", id);
  json_object_set_string_member (certificate, "name", work->call->scope->leaf);
  json_object_set_string_member (properties, "certificate", text);
  json_object_set_string_member (properties, "status", "Active");
  json_object_set_object_member (certificate, "properties", properties);
  lks_legacy_answer (work, certificate);
  return TRUE;
}

gboolean
lks_legacy_get_chain (LksLegacyWork *work, GError **error)
{
  g_autofree char *tail = build_certificate_tail (work, "certchain");
  g_autofree char *text = ask_text (work, tail, error);
  JsonObject *object;

  if (text == NULL)
    return FALSE;
  object = json_object_new ();
  json_object_set_string_member (object, "certificateChain", text);
  lks_legacy_answer (work, object);
  return TRUE;
}
