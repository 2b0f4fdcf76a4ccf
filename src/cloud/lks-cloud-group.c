/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-group.h"

#include "lks-cloud-error.h"
#include "lks-cloud-name.h"

#include <string.h>

#define POLICY_ALL "UpdateAll"
#define POLICY_OS "No3rdPartyAppUpdates"

#define AT(member) G_STRUCT_OFFSET (LksCloudGroup, member)
static const LksCloudField fields[] = {
  { "description", NULL, LKS_CLOUD_FIELD_TEXT, AT (description) },
  { "osFeedType", "OS FEED", LKS_CLOUD_FIELD_TEXT, AT (os_feed) },
  { "updatePolicy", "UPDATES", LKS_CLOUD_FIELD_TEXT, AT (update_policy) },
  { "allowCrashDumpsCollection", "CRASH DUMPS", LKS_CLOUD_FIELD_TEXT, AT (crash_dumps) },
  { "regionalDataBoundary", "REGION", LKS_CLOUD_FIELD_TEXT, AT (region) },
  { "hasDeployment", "DEPLOYED", LKS_CLOUD_FIELD_FLAG, AT (has_deployment) },
};
#undef AT

const LksCloudKind lks_cloud_group_kind = {
  .name = "device group",
  .size = sizeof (LksCloudGroup),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
};

/**
 * lks_cloud_group_gets_apps:
 * @self: a device group
 *
 * Returns: whether its devices get updates of applications; unknown for a word that the service did
 *   not have when this was written
 */
LksCloudFlag
lks_cloud_group_gets_apps (const LksCloudGroup *self)
{
  if (g_strcmp0 (self->update_policy, POLICY_ALL) == 0)
    return LKS_CLOUD_FLAG_YES;
  return g_strcmp0 (self->update_policy, POLICY_OS) == 0 ? LKS_CLOUD_FLAG_NO
                                                         : LKS_CLOUD_FLAG_UNKNOWN;
}

/**
 * lks_cloud_group_list:
 * @client: a client
 * @scope: a product, or a catalog for the groups of all its products
 * @name: (nullable): only groups of this name, in a catalog
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists device groups. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_group_list (LksCloudClient *client,
                      const LksCloudScope *scope,
                      const char *name,
                      LksCloudResourceFunc func,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error)
{
  gboolean is_catalog = scope->product == NULL;
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;
  LksCloudCall call = { .method = "GET",
                        .scope = scope,
                        .below = is_catalog ? "listDeviceGroups" : "deviceGroups" };

  if (is_catalog)
    {
      if (name != NULL)
        json_object_set_string_member (body, "deviceGroupName", name);
      text = lks_cloud_body_to_text (body);
      call.method = "POST";
      call.body = text;
      call.body_bytes = strlen (text);
    }
  return lks_cloud_resource_list (client, &lks_cloud_group_kind, &call, 0, func, user_data,
                                  cancellable, error);
}

/* ---- settings ---- */

typedef struct
{
  const char *member;
  const char *value;
  const char *const *known; /* (nullable) */
} Setting;

static gboolean
add_setting (JsonObject *properties, const Setting *setting, GError **error)
{
  g_autofree char *list = NULL;

  if (setting->value == NULL)
    return TRUE;
  if (setting->known == NULL || g_strv_contains (setting->known, setting->value))
    {
      json_object_set_string_member (properties, setting->member, setting->value);
      return TRUE;
    }

  list = g_strjoinv ("” or “", (char **) setting->known);
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
               "“%s” is no value for %s: expected “%s”", setting->value, setting->member, list);
  return FALSE;
}

static LksCloudResource *
send_settings (LksCloudClient *client,
               const char *method,
               const LksCloudScope *scope,
               const LksCloudGroupSettings *settings,
               GCancellable *cancellable,
               GError **error)
{
  static const char *const feeds[] = { "Retail", "RetailEval", NULL };
  static const char *const policies[] = { POLICY_ALL, POLICY_OS, NULL };
  static const char *const switches[] = { "Enabled", "Disabled", NULL };
  static const char *const regions[] = { "None", "EU", NULL };
  const Setting all[] = {
    { "description", settings->description, NULL },
    { "osFeedType", settings->os_feed, feeds },
    { "updatePolicy", settings->update_policy, policies },
    { "allowCrashDumpsCollection", settings->crash_dumps, switches },
    { "regionalDataBoundary", settings->region, regions },
  };
  JsonObject *properties;
  g_autoptr (JsonObject) body = lks_cloud_body_new_properties (&properties);

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (!add_setting (properties, &all[i], error))
      return NULL;
  return lks_cloud_resource_change (client, &lks_cloud_group_kind, method, scope, body, cancellable,
                                    error);
}

/**
 * lks_cloud_group_create:
 * @client: a client
 * @scope: where it will be
 * @settings: how it will be
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change(), INVALID_ARGUMENT for a bad
 *   name or setting
 *
 * Makes a device group. Blocks; worker threads only.
 *
 * Returns: (transfer full): the group, or NULL with @error set
 */
LksCloudResource *
lks_cloud_group_create (LksCloudClient *client,
                        const LksCloudScope *scope,
                        const LksCloudGroupSettings *settings,
                        GCancellable *cancellable,
                        GError **error)
{
  return lks_cloud_name_check (LKS_CLOUD_NAME_GROUP, scope->group, error)
             ? send_settings (client, "PUT", scope, settings, cancellable, error)
             : NULL;
}

/**
 * lks_cloud_group_update:
 * @client: a client
 * @scope: where it is
 * @settings: what to change
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change(), INVALID_ARGUMENT for a bad
 *   setting
 *
 * Changes a device group. Blocks; worker threads only.
 *
 * Returns: (transfer full): the group as it is now, or NULL with @error set
 */
LksCloudResource *
lks_cloud_group_update (LksCloudClient *client,
                        const LksCloudScope *scope,
                        const LksCloudGroupSettings *settings,
                        GCancellable *cancellable,
                        GError **error)
{
  return send_settings (client, "PATCH", scope, settings, cancellable, error);
}
