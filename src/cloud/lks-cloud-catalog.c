/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-catalog.h"

#include "lks-cloud-error.h"
#include "lks-cloud-name.h"
#include "lks-cloud-problem.h"
#include "lks-cloud-tags.h"

#define LOCATION "global"
#define TAG_MAX_BYTES 4096

#define AT(member) G_STRUCT_OFFSET (LksCloudCatalog, member)
static const LksCloudField fields[] = {
  { "tenantId", "TENANT", LKS_CLOUD_FIELD_TEXT, AT (tenant_id) },
  { "tags", NULL, LKS_CLOUD_FIELD_LIST, AT (tag_list) },
};
#undef AT

static gboolean
read_head (LksCloudResource *resource, LksJson *json, JsonObject *object, GError **error)
{
  LksCloudCatalog *self = (LksCloudCatalog *) resource;

  self->tags = lks_cloud_tags_read (json, object, error);
  if (self->tags == NULL)
    return FALSE;
  self->tag_list = lks_cloud_tags_to_list (self->tags);
  for (gsize i = 0; self->tag_list[i] != NULL; i++)
    {
      char *clean = lks_cloud_clean_text (self->tag_list[i], TAG_MAX_BYTES);

      g_free (self->tag_list[i]);
      self->tag_list[i] = clean != NULL ? clean : g_strdup ("=");
    }
  return TRUE;
}

static void
clear (LksCloudResource *resource)
{
  g_clear_pointer (&((LksCloudCatalog *) resource)->tags, g_hash_table_unref);
}

const LksCloudKind lks_cloud_catalog_kind = {
  .name = "catalog",
  .size = sizeof (LksCloudCatalog),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .read_head = read_head,
  .clear = clear,
};

/* ---- all that there are ---- */

/**
 * lks_cloud_catalog_list:
 * @client: a client
 * @subscription: (nullable): ID of a subscription, NULL for all that the account sees
 * @resource_group: (nullable): name of a resource group, NULL for all
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists catalogs. A subscription that cannot be looked into is left out, which
 * lks_cloud_client_get_gaps() tells then; only when that is so of all, the list fails. Who has a
 * role on a resource group only must name it. Blocks; worker threads only.
 *
 * Returns: whether the list is complete but for the gaps
 */
gboolean
lks_cloud_catalog_list (LksCloudClient *client,
                        const char *subscription,
                        const char *resource_group,
                        LksCloudResourceFunc func,
                        gpointer user_data,
                        GCancellable *cancellable,
                        GError **error)
{
  const LksCloudScope within = { .subscription = (char *) subscription,
                                 .resource_group = (char *) resource_group };
  const LksCloudCall call = { .method = "GET",
                              .scope =
                                  subscription != NULL || resource_group != NULL ? &within : NULL,
                              .below = "catalogs" };

  return lks_cloud_resource_list (client, &lks_cloud_catalog_kind, &call, 0, func, user_data,
                                  cancellable, error);
}

/* ---- the one that is meant ---- */

typedef struct
{
  const char *resource_group; /* (nullable) */
  const char *name;           /* (nullable) */
  LksCloudScope *found;       /* (owned) (nullable) */
  guint n_found;
} Search;

/* A tenant is in no resource group. */
static gboolean
is_meant (const char *wanted, const char *name)
{
  return wanted == NULL || (name != NULL && g_ascii_strcasecmp (wanted, name) == 0);
}

static gboolean
compare (LksCloudResource *resource, gpointer user_data, GError **error)
{
  Search *search = user_data;

  if ((!is_meant (search->name, resource->scope->catalog) &&
       !is_meant (search->name, resource->scope->tenant)) ||
      !is_meant (search->resource_group, resource->scope->resource_group))
    return TRUE;
  search->n_found++;
  if (search->found == NULL)
    search->found = lks_cloud_scope_copy (resource->scope);
  return TRUE;
}

static void
set_not_found (const Search *search, GPtrArray *gaps, GError **error)
{
  g_autofree char *what =
      search->name != NULL ? g_strdup_printf ("catalog “%s”", search->name) : g_strdup ("catalog");
  g_autofree char *unseen = gaps->len > 0 ? lks_cloud_gaps_to_words (gaps) : NULL;

  if (search->n_found > 1)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                 "%u catalogs could be meant; name one, with its resource group and subscription "
                 "if need be",
                 search->n_found);
  else if (unseen != NULL)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INCOMPLETE,
                 "this account sees no %s, but could not look into %s", what, unseen);
  else
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND, "this account sees no %s",
                 what);
}

/**
 * lks_cloud_catalog_find:
 * @client: a client
 * @subscription: (nullable): ID of its subscription
 * @resource_group: (nullable): name of its resource group
 * @name: (nullable): its name, the GUID of a tenant, or its whole ID, which is taken as it is
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list(), NOT_FOUND when there is none,
 *   INCOMPLETE when there is none where the account may look, INVALID_ARGUMENT when there are
 *   several
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

  is_listed = lks_cloud_catalog_list (client, subscription, resource_group, compare, &search,
                                      cancellable, error);
  found = search.found;
  if (!is_listed)
    return NULL;
  if (search.n_found == 1)
    return g_steal_pointer (&found);
  set_not_found (&search, lks_cloud_client_get_gaps (client), error);
  return NULL;
}

static gboolean
check_is_free (LksCloudClient *client,
               const LksCloudScope *scope,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksCloudResource) there =
      lks_cloud_resource_get (client, &lks_cloud_catalog_kind, scope, cancellable, &reason);

  if (there == NULL && g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND))
    return TRUE;
  if (there == NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                 "there is a catalog “%s” in the resource group already", there->scope->catalog);
  return FALSE;
}

/**
 * lks_cloud_catalog_create:
 * @client: a client
 * @scope: where it will be
 * @tags: (nullable) (element-type utf8 utf8): the tags that it gets
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change(), INVALID_ARGUMENT for a bad
 *   name, or one that is taken
 *
 * Makes a catalog. One of that name in the resource group stays as it is: it would lose its tags.
 * Blocks; worker threads only.
 *
 * Returns: (transfer full): the catalog, or NULL with @error set
 */
LksCloudResource *
lks_cloud_catalog_create (LksCloudClient *client,
                          const LksCloudScope *scope,
                          GHashTable *tags,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (JsonObject) body = json_object_new ();

  if (!lks_cloud_name_check (LKS_CLOUD_NAME_CATALOG, scope->catalog, error) ||
      !lks_cloud_name_check (LKS_CLOUD_NAME_RESOURCE_GROUP, scope->resource_group, error))
    return NULL;
  if (!check_is_free (client, scope, cancellable, error))
    return NULL;
  json_object_set_string_member (body, "location", LOCATION);
  if (tags != NULL && g_hash_table_size (tags) > 0)
    json_object_set_object_member (body, "tags", lks_cloud_tags_to_json (tags));
  return lks_cloud_resource_change (client, &lks_cloud_catalog_kind, "PUT", scope, body,
                                    cancellable, error);
}

/**
 * lks_cloud_catalog_update:
 * @client: a client
 * @scope: a catalog
 * @tags: (element-type utf8 utf8): all the tags that it shall have
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change(), FAILED when the catalog has
 *   other tags afterwards
 *
 * Gives a catalog tags in place of those that it has; nothing else of it can be changed. Blocks;
 * worker threads only.
 *
 * Returns: (transfer full): the catalog, or NULL with @error set
 */
LksCloudResource *
lks_cloud_catalog_update (LksCloudClient *client,
                          const LksCloudScope *scope,
                          GHashTable *tags,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (LksCloudResource) catalog = NULL;

  json_object_set_object_member (body, "tags", lks_cloud_tags_to_json (tags));
  catalog = lks_cloud_resource_change (client, &lks_cloud_catalog_kind, "PATCH", scope, body,
                                       cancellable, error);
  if (catalog == NULL || lks_cloud_tags_equal (((LksCloudCatalog *) catalog)->tags, tags))
    return g_steal_pointer (&catalog);
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FAILED,
                       "the service took the tags, but the catalog has others");
  return NULL;
}
