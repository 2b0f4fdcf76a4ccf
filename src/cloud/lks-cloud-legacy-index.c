/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-legacy-index.h"

#include "lks-cloud-error.h"
#include "lks-cloud-legacy-private.h"
#include "lks-guid.h"

/* Far more than one tenant has. */
#define THINGS_MAX 100000

/* A product, or a device group in one. */
typedef struct
{
  char *id;      /* (owned) */
  char *label;   /* (owned): its name; its ID when the name is taken or cannot stand in a place */
  char *product; /* (owned) (nullable): ID of its product */
} Thing;

struct _LksLegacyIndex
{
  LksCloudClient *client; /* (unowned) */
  char *tenant;           /* (owned) */
  GHashTable *products;   /* (owned) (element-type utf8 Thing): by ID */
  GHashTable *groups;     /* (owned) (element-type utf8 Thing) */
  GHashTable *unknown;    /* (owned) (element-type utf8): IDs that were looked for in vain */
  GHashTable *images;     /* (owned) (element-type utf8 utf8): names by ID, "" for none */
  gboolean is_loaded;
};

static void
thing_free (gpointer data)
{
  Thing *self = data;

  g_free (self->id);
  g_free (self->label);
  g_free (self->product);
  g_free (self);
}

static GHashTable *
create_things (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, thing_free);
}

LksLegacyIndex *
lks_legacy_index_new (LksCloudClient *client, const char *tenant)
{
  LksLegacyIndex *self = g_new0 (LksLegacyIndex, 1);

  self->client = client;
  self->tenant = g_strdup (tenant);
  self->products = create_things ();
  self->groups = create_things ();
  self->unknown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->images = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
lks_legacy_index_free (LksLegacyIndex *self)
{
  g_free (self->tenant);
  g_hash_table_unref (self->products);
  g_hash_table_unref (self->groups);
  g_hash_table_unref (self->unknown);
  g_hash_table_unref (self->images);
  g_free (self);
}

/* After products or device groups were made, renamed or deleted. */
void
lks_legacy_index_forget (LksLegacyIndex *self)
{
  self->is_loaded = FALSE;
  g_hash_table_remove_all (self->unknown);
}

/* ---- reading ---- */

static gboolean
read_thing (LksJson *page, JsonObject *item, Thing *thing, GError **error)
{
  g_autofree char *id = NULL;
  g_autofree char *product = NULL;

  if (!lks_json_read_string (page, item, "Id", &id, error) ||
      (lks_json_has (item, "Name") &&
       !lks_json_read_string (page, item, "Name", &thing->label, error)) ||
      (lks_json_has (item, "ProductId") &&
       !lks_json_read_string (page, item, "ProductId", &product, error)))
    return FALSE;
  thing->id = lks_guid_normalize (id, NULL);
  thing->product = product != NULL ? lks_guid_normalize (product, NULL) : NULL;
  if (thing->id != NULL && (product == NULL || thing->product != NULL))
    return TRUE;
  lks_json_set_error (page, json_object_get_member (item, "Id"), error, "expected GUIDs");
  return FALSE;
}

static gboolean
take_thing (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  GHashTable *things = user_data;
  Thing *thing = g_new0 (Thing, 1);
  g_autoptr (GError) reason = NULL;

  if (!read_thing (page, item, thing, &reason))
    {
      thing_free (thing);
      g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
                   "the list of products or device groups is not understood: %s", reason->message);
      return FALSE;
    }
  if (thing->label == NULL || !lks_cloud_scope_can_hold (thing->label))
    {
      g_free (thing->label);
      thing->label = g_strdup (thing->id);
    }
  g_hash_table_replace (things, thing->id, thing);
  return TRUE;
}

/* Names are compared without case; two things of one name in one product are told apart by ID. */
static void
part_namesakes (GHashTable *things)
{
  g_autoptr (GHashTable) first = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, things);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Thing *thing = value;
      g_autofree char *folded = g_ascii_strdown (thing->label, -1);
      g_autofree char *key =
          g_strdup_printf ("%s/%s", thing->product != NULL ? thing->product : "", folded);
      Thing *other = g_hash_table_lookup (first, key);

      if (other == NULL)
        {
          g_hash_table_insert (first, g_steal_pointer (&key), thing);
          continue;
        }
      g_free (thing->label);
      thing->label = g_strdup (thing->id);
      g_free (other->label);
      other->label = g_strdup (other->id);
    }
}

/* What was known before stays when the list cannot be read. */
static gboolean
load_things (LksLegacyIndex *self,
             const char *list,
             GHashTable **things,
             GCancellable *cancellable,
             GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v2/tenants/%s/%s", self->tenant, list);
  const LksCloudCall call = { .method = "GET",
                              .path = path,
                              .paging = LKS_CLOUD_PAGING_CONTINUATION };

  g_autoptr (GHashTable) fresh = create_things ();

  if (!lks_cloud_client_list (self->client, &call, THINGS_MAX, take_thing, fresh, cancellable,
                              error))
    return FALSE;
  part_namesakes (fresh);
  g_hash_table_unref (*things);
  *things = g_steal_pointer (&fresh);
  return TRUE;
}

/* Reads the names, if that was not done yet. */
gboolean
lks_legacy_index_load (LksLegacyIndex *self, GCancellable *cancellable, GError **error)
{
  if (!self->is_loaded)
    self->is_loaded = load_things (self, "products", &self->products, cancellable, error) &&
                      load_things (self, "devicegroups", &self->groups, cancellable, error);
  return self->is_loaded;
}

/* ---- from names to IDs ---- */

static gboolean
is_meant (const Thing *thing, const char *product, const char *name)
{
  return g_strcmp0 (thing->product, product) == 0 &&
         (g_ascii_strcasecmp (thing->label, name) == 0 ||
          g_ascii_strcasecmp (thing->id, name) == 0);
}

static const char *
find (GHashTable *things, const char *product, const char *name)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, things);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (is_meant (value, product, name))
      return ((Thing *) value)->id;
  return NULL;
}

static gboolean
look_up (LksLegacyIndex *self,
         const LksCloudScope *scope,
         const char **out_product,
         const char **out)
{
  gboolean in_product = scope->product != NULL && !lks_cloud_name_is_unassigned (scope->product);

  *out_product = in_product ? find (self->products, NULL, scope->product) : NULL;
  *out = NULL;
  if (in_product && *out_product == NULL)
    return FALSE;
  if (scope->group != NULL && !lks_cloud_name_is_unassigned (scope->group))
    *out = find (self->groups, *out_product, scope->group);
  return *out != NULL || scope->group == NULL || lks_cloud_name_is_unassigned (scope->group);
}

/* Finds the IDs of a place's product and device group, NULL where it is in none; they are valid
 * until names are read again. What is not known may be new: the names are read once more. */
gboolean
lks_legacy_index_resolve (LksLegacyIndex *self,
                          const LksCloudScope *scope,
                          const char **out_product,
                          const char **out_group,
                          GCancellable *cancellable,
                          GError **error)
{
  gboolean was_loaded = self->is_loaded;

  if (!lks_legacy_index_load (self, cancellable, error))
    return FALSE;
  if (look_up (self, scope, out_product, out_group))
    return TRUE;
  if (was_loaded)
    {
      lks_legacy_index_forget (self);
      if (!lks_legacy_index_load (self, cancellable, error))
        return FALSE;
      if (look_up (self, scope, out_product, out_group))
        return TRUE;
    }
  if (*out_product == NULL && scope->product != NULL &&
      !lks_cloud_name_is_unassigned (scope->product))
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
                 "the tenant has no product “%s”", scope->product);
  else
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND, "%s has no device group “%s”",
                 scope->product != NULL ? scope->product : "the tenant", scope->group);
  return FALSE;
}

/* ---- from IDs to names ---- */

static const char *
get_label (GHashTable *things, const char *id)
{
  Thing *thing = g_hash_table_lookup (things, id);

  return thing != NULL ? thing->label : id;
}

static gboolean
is_known (LksLegacyIndex *self, GHashTable *things, const char *id)
{
  return id == NULL || g_hash_table_contains (things, id) ||
         g_hash_table_contains (self->unknown, id);
}

/* What is not known may be new: the names are read once more, once for each ID. What is unknown
 * then is shown by its ID. */
static void
refresh_for (LksLegacyIndex *self,
             const char *product,
             const char *group,
             GCancellable *cancellable)
{
  self->is_loaded = FALSE;
  lks_legacy_index_load (self, cancellable, NULL);
  self->is_loaded = TRUE;
  if (!is_known (self, self->products, product))
    g_hash_table_add (self->unknown, g_strdup (product));
  if (!is_known (self, self->groups, group))
    g_hash_table_add (self->unknown, g_strdup (group));
}

/* The place of a product (@group NULL), of a device group, or of what is in none (both NULL). */
LksCloudScope *
lks_legacy_index_dup_place (LksLegacyIndex *self,
                            const LksCloudScope *tenant,
                            const char *product,
                            const char *group,
                            GCancellable *cancellable)
{
  Thing *thing;

  if (self->is_loaded &&
      (!is_known (self, self->products, product) || !is_known (self, self->groups, group)))
    refresh_for (self, product, group, cancellable);
  thing = group != NULL ? g_hash_table_lookup (self->groups, group) : NULL;
  if (thing != NULL)
    product = thing->product;
  if (group == NULL && product != NULL)
    return lks_cloud_scope_dup_product (tenant, get_label (self->products, product));
  return lks_cloud_scope_dup_group (tenant,
                                    product != NULL ? get_label (self->products, product) : NULL,
                                    group != NULL ? get_label (self->groups, group) : NULL);
}

/* ---- images ---- */

static char *
fetch_image_name (LksLegacyIndex *self, const char *id, GCancellable *cancellable)
{
  g_autofree char *path = g_strdup_printf ("/v2/tenants/%s/images/%s/metadata", self->tenant, id);
  const LksCloudCall call = { .method = "GET", .path = path };
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (LksJson) json = NULL;
  JsonObject *root;
  char *name = NULL;

  if (!lks_cloud_client_call (self->client, &call, cancellable, &answer, NULL))
    return NULL;
  json = lks_legacy_parse (&answer, NULL);
  root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  if (root != NULL)
    lks_json_read_string (json, root, "Name", &name, NULL);
  return name;
}

/* The name of an image, NULL when it cannot be told: a deployment is worth showing without. */
char *
lks_legacy_index_dup_image (LksLegacyIndex *self, const char *id, GCancellable *cancellable)
{
  const char *known = g_hash_table_lookup (self->images, id);
  g_autofree char *name = NULL;

  if (known == NULL)
    {
      name = fetch_image_name (self, id, cancellable);
      known = name != NULL ? name : "";
      g_hash_table_insert (self->images, g_strdup (id), g_strdup (known));
      known = g_hash_table_lookup (self->images, id);
    }
  return known[0] != '\0' ? g_strdup (known) : NULL;
}
