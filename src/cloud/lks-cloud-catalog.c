/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-catalog.h"

#include "lks-cloud-error.h"
#include "lks-cloud-name.h"
#include "lks-guid.h"

#define SUBSCRIPTIONS_PATH "/subscriptions?api-version=2022-12-01"
#define CATALOGS_PATH                                                                              \
  "/subscriptions/%s/providers/Microsoft.AzureSphere/catalogs?api-version=" LKS_CLOUD_API_VERSION
#define SUBSCRIPTIONS_MAX 10000
#define LOCATION "global"

static const LksCloudField fields[] = {
  { "tenantId", "TENANT", LKS_CLOUD_FIELD_TEXT, G_STRUCT_OFFSET (LksCloudCatalog, tenant_id) },
};

const LksCloudKind lks_cloud_catalog_kind = {
  .name = "catalog",
  .size = sizeof (LksCloudCatalog),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
};

/* ---- all that there are ---- */

/* Those that are disabled answer nothing but errors. */
static gboolean
take_subscription (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  GPtrArray *subscriptions = user_data;
  g_autofree char *id = NULL;
  g_autofree char *state = NULL;
  g_autoptr (GError) reason = NULL;

  if (!lks_json_read_string (page, item, "subscriptionId", &id, &reason) ||
      (lks_json_has (item, "state") &&
       !lks_json_read_string (page, item, "state", &state, &reason)) ||
      !lks_guid_is_valid (id))
    {
      g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
                   "the list of subscriptions is not understood: %s",
                   reason != NULL ? reason->message : "an ID is no GUID");
      return FALSE;
    }
  if (g_strcmp0 (state, "Disabled") != 0 && g_strcmp0 (state, "Deleted") != 0)
    g_ptr_array_add (subscriptions, g_steal_pointer (&id));
  return TRUE;
}

static gboolean
list_subscription (LksCloudClient *client,
                   const char *subscription,
                   LksCloudResourceFunc func,
                   gpointer user_data,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (subscription, NULL, FALSE);
  g_autofree char *path = g_strdup_printf (CATALOGS_PATH, escaped);
  const LksCloudCall call = { .method = "GET", .path = path };

  return lks_cloud_resource_list (client, &lks_cloud_catalog_kind, &call, 0, func, user_data,
                                  cancellable, error);
}

/**
 * lks_cloud_catalog_list:
 * @client: a client
 * @subscription: (nullable): ID of a subscription, NULL for all that the account sees
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists catalogs. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_catalog_list (LksCloudClient *client,
                        const char *subscription,
                        LksCloudResourceFunc func,
                        gpointer user_data,
                        GCancellable *cancellable,
                        GError **error)
{
  const LksCloudCall call = { .method = "GET", .path = SUBSCRIPTIONS_PATH };
  g_autoptr (GPtrArray) subscriptions = g_ptr_array_new_with_free_func (g_free);

  if (subscription != NULL)
    g_ptr_array_add (subscriptions, g_strdup (subscription));
  else if (!lks_cloud_client_list (client, &call, LKS_CLOUD_PAGING_LINK, SUBSCRIPTIONS_MAX,
                                   take_subscription, subscriptions, cancellable, error))
    return FALSE;

  for (guint i = 0; i < subscriptions->len; i++)
    if (!list_subscription (client, g_ptr_array_index (subscriptions, i), func, user_data,
                            cancellable, error))
      return FALSE;
  return TRUE;
}

/* ---- the one that is meant ---- */

typedef struct
{
  const char *resource_group; /* (nullable) */
  const char *name;           /* (nullable) */
  LksCloudScope *found;       /* (owned) (nullable) */
  guint n_found;
} Search;

static gboolean
is_meant (const char *wanted, const char *name)
{
  return wanted == NULL || g_ascii_strcasecmp (wanted, name) == 0;
}

static gboolean
compare (LksCloudResource *resource, gpointer user_data, GError **error)
{
  Search *search = user_data;

  if (!is_meant (search->name, resource->scope->catalog) ||
      !is_meant (search->resource_group, resource->scope->resource_group))
    return TRUE;
  search->n_found++;
  if (search->found == NULL)
    search->found = lks_cloud_scope_copy (resource->scope);
  return TRUE;
}

/**
 * lks_cloud_catalog_find:
 * @client: a client
 * @subscription: (nullable): ID of its subscription
 * @resource_group: (nullable): name of its resource group
 * @name: (nullable): its name, or its whole ID, which is taken as it is
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list(), NOT_FOUND when there is none,
 *   INVALID_ARGUMENT when there are several
 *
 * Finds the only catalog that is meant; what is not named may be anything. Blocks; worker threads
 * only.
 *
 * Returns: (transfer full): where it is, or NULL with @error set
 */
LksCloudScope *
lks_cloud_catalog_find (LksCloudClient *client,
                        const char *subscription,
                        const char *resource_group,
                        const char *name,
                        GCancellable *cancellable,
                        GError **error)
{
  Search search = { resource_group, name, NULL, 0 };
  g_autoptr (LksCloudScope) found = NULL;
  gboolean is_listed;

  if (name != NULL && name[0] == '/')
    return lks_cloud_scope_parse (name, error);

  is_listed = lks_cloud_catalog_list (client, subscription, compare, &search, cancellable, error);
  found = search.found;
  if (!is_listed)
    return NULL;
  if (search.n_found == 1)
    return g_steal_pointer (&found);

  if (search.n_found > 1)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                 "%u catalogs could be meant; name one, with its resource group and subscription "
                 "if need be",
                 search.n_found);
  else if (name != NULL)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
                 "this account sees no catalog “%s”", name);
  else
    g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
                         "this account sees no catalog");
  return NULL;
}

/**
 * lks_cloud_catalog_create:
 * @client: a client
 * @scope: where it will be
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change(), INVALID_ARGUMENT for a bad
 *   name
 *
 * Makes a catalog, or leaves one of that name as it is. Blocks; worker threads only.
 *
 * Returns: (transfer full): the catalog, or NULL with @error set
 */
LksCloudResource *
lks_cloud_catalog_create (LksCloudClient *client,
                          const LksCloudScope *scope,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (JsonObject) body = json_object_new ();

  if (!lks_cloud_name_check (LKS_CLOUD_NAME_CATALOG, scope->catalog, error) ||
      !lks_cloud_name_check (LKS_CLOUD_NAME_RESOURCE_GROUP, scope->resource_group, error))
    return NULL;
  json_object_set_string_member (body, "location", LOCATION);
  return lks_cloud_resource_change (client, &lks_cloud_catalog_kind, "PUT", scope, body,
                                    cancellable, error);
}
