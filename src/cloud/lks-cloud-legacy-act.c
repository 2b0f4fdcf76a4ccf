/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of products and device groups, as the Legacy interface makes them. */
#include "lks-cloud-legacy-private.h"

#include "lks-cloud-error.h"
#include "lks-cloud-legacy-member.h"
#include "lks-cloud-resource.h"

/* ---- products ---- */

/* Only a description can be changed. */
static gboolean
change_product (LksLegacyWork *work, JsonObject *properties, GError **error)
{
  const char *description = lks_legacy_get_text (properties, "description");
  g_autofree char *tail = g_strdup_printf ("products/%s", work->product);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };

  if (description == NULL)
    return TRUE;
  json_object_set_string_member (body, "Description", description);
  text = lks_cloud_body_to_text (body);
  return lks_legacy_send (work, "PATCH", tail, text, &answer, error);
}

static gboolean
create_product (LksLegacyWork *work, JsonObject *properties, GError **error)
{
  const char *description = lks_legacy_get_text (properties, "description");
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (body, "Name", work->call->scope->product);
  json_object_set_string_member (body, "Description", description != NULL ? description : "");
  json_object_set_boolean_member (body, "CreateDefaultGroups", FALSE);
  text = lks_cloud_body_to_text (body);
  lks_legacy_index_forget (work->index);
  return lks_legacy_run (work, "POST", "products", text, error);
}

gboolean
lks_legacy_patch_product (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = lks_legacy_parse_body (work, &root, &properties);

  return lks_legacy_resolve (work, work->call->scope, error) &&
         change_product (work, properties, error);
}

/* Makes it, or changes one that is there. */
gboolean
lks_legacy_put_product (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = lks_legacy_parse_body (work, &root, &properties);
  gboolean is_there;

  if (!lks_legacy_resolve_if_there (work, &is_there, error))
    return FALSE;
  return is_there ? change_product (work, properties, error)
                  : create_product (work, properties, error);
}

static gboolean
delete_thing (LksLegacyWork *work, const char *list, const char *id, GError **error)
{
  g_autofree char *tail = g_strdup_printf ("%s/%s", list, id);
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) reason = NULL;

  lks_legacy_index_forget (work->index);
  if (lks_legacy_send (work, "DELETE", tail, NULL, &answer, &reason))
    return lks_legacy_wait_for (work, &answer, error);
  if (lks_cloud_answer_proves_gone (&answer, reason))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

gboolean
lks_legacy_delete_product (LksLegacyWork *work, GError **error)
{
  gboolean is_there;

  if (!lks_legacy_resolve_if_there (work, &is_there, error))
    return FALSE;
  return !is_there || delete_thing (work, "products", work->product, error);
}

/* ---- device groups ---- */

static gboolean
add_number (JsonObject *body,
            const char *member,
            const char *name,
            JsonObject *properties,
            GError **error)
{
  const char *word = lks_legacy_get_text (properties, name);
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
  const char *crash_dumps = lks_legacy_get_text (properties, "allowCrashDumpsCollection");

  if (crash_dumps != NULL)
    json_object_set_boolean_member (body, "AllowCrashDumpsCollection",
                                    g_str_equal (crash_dumps, "Enabled"));
}

static gboolean
change_group (LksLegacyWork *work, JsonObject *properties, GError **error)
{
  const char *description = lks_legacy_get_text (properties, "description");
  g_autofree char *tail = g_strdup_printf ("devicegroups/%s", work->group);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };

  if (description != NULL)
    json_object_set_string_member (body, "Description", description);
  if (!lks_legacy_check_region (properties, error) ||
      !add_number (body, "OSFeedType", "osFeedType", properties, error) ||
      !add_number (body, "UpdatePolicy", "updatePolicy", properties, error))
    return FALSE;
  add_crash_dumps (body, properties);
  if (json_object_get_size (body) == 0)
    return TRUE;
  text = lks_cloud_body_to_text (body);
  return lks_legacy_send (work, "PATCH", tail, text, &answer, error);
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
  const char *description = lks_legacy_get_text (properties, "description");
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };

  if (!lks_legacy_check_region (properties, error) || !resolve_product (work, error))
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
  if (!lks_legacy_send (work, "POST", "devicegroups", text, &answer, error))
    return FALSE;
  return lks_legacy_get_text (properties, "allowCrashDumpsCollection") == NULL ||
         (lks_legacy_resolve (work, work->call->scope, error) &&
          change_group (work, properties, error));
}

gboolean
lks_legacy_patch_group (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = lks_legacy_parse_body (work, &root, &properties);

  return lks_legacy_resolve (work, work->call->scope, error) &&
         change_group (work, properties, error);
}

gboolean
lks_legacy_put_group (LksLegacyWork *work, GError **error)
{
  JsonObject *root;
  JsonObject *properties;
  g_autoptr (LksJson) json = lks_legacy_parse_body (work, &root, &properties);
  gboolean is_there;

  if (!lks_legacy_resolve_if_there (work, &is_there, error))
    return FALSE;
  return is_there ? change_group (work, properties, error) : create_group (work, properties, error);
}

gboolean
lks_legacy_delete_group (LksLegacyWork *work, GError **error)
{
  gboolean is_there;

  if (!lks_legacy_resolve_if_there (work, &is_there, error))
    return FALSE;
  return !is_there || delete_thing (work, "devicegroups", work->group, error);
}
