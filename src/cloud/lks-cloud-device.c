/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-device.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-error.h"
#include "lks-cloud-group.h"
#include "lks-device-id.h"

#define AT(member) G_STRUCT_OFFSET (LksCloudDevice, member)
static const LksCloudField fields[] = {
  { "deviceId", NULL, LKS_CLOUD_FIELD_TEXT, AT (device_id) },
  { "chipSku", NULL, LKS_CLOUD_FIELD_TEXT, AT (chip) },
  { "lastInstalledOsVersion", "OS", LKS_CLOUD_FIELD_TEXT, AT (os_installed) },
  { "lastAvailableOsVersion", "OS AVAILABLE", LKS_CLOUD_FIELD_TEXT, AT (os_available) },
  { "lastOsUpdateUtc", NULL, LKS_CLOUD_FIELD_TEXT, AT (os_updated) },
  { "lastUpdateRequestUtc", "LAST ASKED", LKS_CLOUD_FIELD_TEXT, AT (asked) },
};
#undef AT

/* The ID is missing in lists of one group, and stands in the name as it was typed when claimed:
 * what the service's address says counts (recordings). */
static gboolean
check (LksCloudResource *resource, GError **error)
{
  LksCloudDevice *self = (LksCloudDevice *) resource;
  g_autofree char *named = g_strcmp0 (resource->scope->leaf_kind, "devices") == 0
                               ? lks_device_id_normalize (resource->scope->leaf, NULL)
                               : NULL;

  if (named == NULL ||
      (self->device_id != NULL && g_ascii_strcasecmp (self->device_id, named) != 0))
    {
      g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
                           "its device ID is none, or differs from its address");
      return FALSE;
    }

  g_free (self->device_id);
  self->device_id = g_strdup (named);
  g_free (resource->name);
  resource->name = g_steal_pointer (&named);
  return TRUE;
}

const LksCloudKind lks_cloud_device_kind = {
  .name = "device",
  .size = sizeof (LksCloudDevice),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .check = check,
};

/**
 * lks_cloud_device_list:
 * @client: a client
 * @scope: a device group; or a catalog for all its devices, those in no group among them
 * @devices_max: after how many to stop, 0 for none
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists devices page by page, and keeps none. Blocks; worker threads only.
 *
 * Returns: whether the list was read to its end, or to @devices_max
 */
gboolean
lks_cloud_device_list (LksCloudClient *client,
                       const LksCloudScope *scope,
                       guint devices_max,
                       LksCloudResourceFunc func,
                       gpointer user_data,
                       GCancellable *cancellable,
                       GError **error)
{
  gboolean is_catalog = scope->group == NULL;
  const LksCloudCall call = { .method = is_catalog ? "POST" : "GET",
                              .scope = scope,
                              .below = is_catalog ? "listDevices" : "devices" };

  return lks_cloud_resource_list (client, &lks_cloud_device_kind, &call, devices_max, func,
                                  user_data, cancellable, error);
}

/* ---- where devices are ---- */

typedef struct
{
  GHashTable *wanted; /* (element-type utf8) */
  GHashTable *found;  /* (element-type utf8 LksCloudScope) */
} Search;

static gboolean
compare (LksCloudResource *resource, gpointer user_data, GError **error)
{
  Search *search = user_data;
  const char *id = ((LksCloudDevice *) resource)->device_id;

  if (g_hash_table_remove (search->wanted, id))
    g_hash_table_insert (search->found, g_strdup (id), lks_cloud_scope_copy (resource->scope));
  if (g_hash_table_size (search->wanted) > 0)
    return TRUE;

  /* Nobody is looked for any more: the rest of the list need not be fetched. */
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "all are found");
  return FALSE;
}

/**
 * lks_cloud_device_locate:
 * @client: a client
 * @catalog: a catalog
 * @device_ids: (element-type utf8): which devices, in lower case
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list()
 *
 * Finds out in which product and device group devices are. The service has no question for that:
 * the list of the catalog is read, once for all of them, until the last one is found. Blocks;
 * worker threads only.
 *
 * Returns: (transfer full) (element-type utf8 LksCloudScope): where each is that belongs to the
 *   catalog, or NULL with @error set
 */
GHashTable *
lks_cloud_device_locate (LksCloudClient *client,
                         const LksCloudScope *catalog,
                         GPtrArray *device_ids,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                        (GDestroyNotify) lks_cloud_scope_free);
  g_autoptr (GError) reason = NULL;
  Search search = { wanted, found };

  for (guint i = 0; i < device_ids->len; i++)
    g_hash_table_add (wanted, g_ptr_array_index (device_ids, i));
  if (g_hash_table_size (wanted) > 0 &&
      !lks_cloud_device_list (client, catalog, 0, compare, &search, cancellable, &reason) &&
      !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CLOSED))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&found);
}

/* ---- which catalog owns it? ---- */

/* Most catalogs are read in one go. In a larger one it is quicker to ask each of its groups, unless
 * they are too many. */
#define LISTED_FIRST 500
#define GROUPS_ASKED_MAX 100

typedef struct
{
  const char *device_id;
  LksCloudScope *place; /* (owned) (nullable) */
  guint n_seen;
} Hunt;

static gboolean
compare_one (LksCloudResource *resource, gpointer user_data, GError **error)
{
  Hunt *hunt = user_data;

  hunt->n_seen++;
  if (!g_str_equal (((LksCloudDevice *) resource)->device_id, hunt->device_id))
    return TRUE;
  hunt->place = lks_cloud_scope_copy (resource->scope);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "it is found");
  return FALSE;
}

static gboolean
collect_scope (LksCloudResource *resource, gpointer user_data, GError **error)
{
  g_ptr_array_add (user_data, lks_cloud_scope_copy (resource->scope));
  return TRUE;
}

/* Catalogs of the same name are told apart. */
static gboolean
note_gap (LksCloudClient *client, const LksCloudScope *catalog, const GError *error)
{
  g_autofree char *name =
      catalog->resource_group != NULL
          ? g_strdup_printf ("%s (%s)", catalog->catalog, catalog->resource_group)
          : g_strdup (catalog->catalog);

  return lks_cloud_gaps_add (lks_cloud_client_get_gaps (client), LKS_CLOUD_GAP_CATALOG, name,
                             error);
}

/* Only an answer counts: the contract does not tell how a group answers about a device that it
 * does not have, and a group may be closed to this account. (transfer full) (nullable) */
static LksCloudScope *
ask_groups (LksCloudClient *client,
            const LksCloudScope *catalog,
            const char *device_id,
            GCancellable *cancellable)
{
  g_autoptr (GPtrArray) groups =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_cloud_scope_free);
  LksCloudScope *found = NULL;

  g_ptr_array_add (groups,
                   lks_cloud_scope_dup_group (catalog, LKS_CLOUD_UNASSIGNED, LKS_CLOUD_UNASSIGNED));
  if (!lks_cloud_group_list (client, catalog, NULL, collect_scope, groups, cancellable, NULL) ||
      groups->len > GROUPS_ASKED_MAX)
    return NULL;
  for (guint i = 0; found == NULL && i < groups->len; i++)
    {
      g_autoptr (LksCloudScope) place =
          lks_cloud_scope_dup_leaf (g_ptr_array_index (groups, i), "devices", device_id);
      g_autoptr (GError) error = NULL;
      g_autoptr (LksCloudResource) device =
          lks_cloud_resource_get (client, &lks_cloud_device_kind, place, cancellable, &error);

      if (device == NULL && !g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND))
        return NULL;
      if (device != NULL)
        found = lks_cloud_scope_copy (device->scope);
    }
  return found;
}

static LksCloudScope *
find_in_list (LksCloudClient *client,
              const LksCloudScope *catalog,
              guint devices_max,
              Hunt *hunt,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (!lks_cloud_device_list (client, catalog, devices_max, compare_one, hunt, cancellable,
                              &reason) &&
      hunt->place == NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  return g_steal_pointer (&hunt->place);
}

/**
 * lks_cloud_device_find_in:
 * @client: a client
 * @catalog: a catalog
 * @device_id: a device ID, in lower case
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list()
 *
 * Finds out where one device is. The service has no question for that: the beginning of the
 * catalog's list is read; then every device group is asked for the device; then the whole list is
 * read, which alone can tell that a device is not there. Blocks; worker threads only.
 *
 * Returns: (transfer full) (nullable): where it is; NULL with @error set, or, without, when it does
 *   not belong to the catalog
 */
LksCloudScope *
lks_cloud_device_find_in (LksCloudClient *client,
                          const LksCloudScope *catalog,
                          const char *device_id,
                          GCancellable *cancellable,
                          GError **error)
{
  Hunt hunt = { .device_id = device_id };
  g_autoptr (GError) reason = NULL;
  LksCloudScope *place = find_in_list (client, catalog, LISTED_FIRST, &hunt, cancellable, &reason);

  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  if (place != NULL || hunt.n_seen < LISTED_FIRST)
    return place;
  place = ask_groups (client, catalog, device_id, cancellable);
  return place != NULL ? place : find_in_list (client, catalog, 0, &hunt, cancellable, error);
}

static void
set_no_owner (guint n_catalogs, GPtrArray *gaps, GError **error)
{
  g_autofree char *unseen = gaps->len > 0 ? lks_cloud_gaps_to_words (gaps) : NULL;

  if (unseen != NULL)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INCOMPLETE,
                 "no catalog that could be looked into owns the device, but there are others: %s",
                 unseen);
  else
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
                 "none of the %u catalogs that this account sees owns the device: it is not "
                 "claimed, or belongs to somebody else",
                 n_catalogs);
}

/**
 * lks_cloud_device_find_owner:
 * @client: a client
 * @subscription: (nullable): only catalogs of this subscription
 * @device_id: a device ID, in lower case
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list(), NOT_FOUND when no catalog owns
 *   it that this account sees, INCOMPLETE when some of them could not be looked into
 *
 * Finds out which catalog owns a device, and where in it the device is. A device belongs to one
 * catalog at most, so the lists are read until one has it. A catalog that cannot be looked into
 * does not end the search. Blocks; worker threads only.
 *
 * Returns: (transfer full): where it is, or NULL with @error set
 */
LksCloudScope *
lks_cloud_device_find_owner (LksCloudClient *client,
                             const char *subscription,
                             const char *device_id,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (GPtrArray) catalogs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_cloud_scope_free);

  if (!lks_cloud_catalog_list (client, subscription, NULL, collect_scope, catalogs, cancellable,
                               error))
    return NULL;
  for (guint i = 0; i < catalogs->len; i++)
    {
      const LksCloudScope *catalog = g_ptr_array_index (catalogs, i);
      g_autoptr (GError) reason = NULL;
      LksCloudScope *place =
          lks_cloud_device_find_in (client, catalog, device_id, cancellable, &reason);

      if (reason != NULL && !note_gap (client, catalog, reason))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (place != NULL)
        return place;
    }
  set_no_owner (catalogs->len, lks_cloud_client_get_gaps (client), error);
  return NULL;
}

/**
 * lks_cloud_device_move:
 * @client: a client
 * @device: where it is now
 * @group: the device group it shall be in; that of no product to take it out of its group
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change()
 *
 * Puts a device into another device group; what it gets from the cloud changes with that. A device
 * that is not where it should be, but in @group, has been moved: the answer to it was lost on the
 * way, and the question was put again. Blocks; worker threads only.
 *
 * Returns: (transfer full): the device where it is now, or NULL with @error set
 */
LksCloudResource *
lks_cloud_device_move (LksCloudClient *client,
                       const LksCloudScope *device,
                       const LksCloudScope *group,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (LksCloudScope) target =
      lks_cloud_scope_dup_leaf (group, device->leaf_kind, device->leaf);
  g_autofree char *id = lks_cloud_scope_dup_id (group);
  JsonObject *properties;
  g_autoptr (JsonObject) body = lks_cloud_body_new_properties (&properties);
  g_autoptr (GError) reason = NULL;
  LksCloudResource *moved;

  if (lks_cloud_scope_equal (target, device))
    return lks_cloud_resource_get (client, &lks_cloud_device_kind, device, cancellable, error);
  json_object_set_string_member (properties, "deviceGroupId", id);
  moved = lks_cloud_resource_change (client, &lks_cloud_device_kind, "PATCH", device, body,
                                     cancellable, &reason);
  if (g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND))
    moved = lks_cloud_resource_get (client, &lks_cloud_device_kind, target, cancellable, NULL);
  if (moved == NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  return moved;
}
