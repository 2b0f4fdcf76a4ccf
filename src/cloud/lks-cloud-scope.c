/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-scope.h"

#include "lks-cloud-error.h"
#include "lks-guid.h"

#include <string.h>

#define PROVIDER "Microsoft.AzureSphere"
#define ID_MAX_BYTES 2048
#define NAME_MAX_BYTES 260
#define UNASSIGNED_OLD ".unassigned"

G_DEFINE_BOXED_TYPE (LksCloudScope, lks_cloud_scope, lks_cloud_scope_copy, lks_cloud_scope_free)

/* ---- reading an ID ---- */

static gboolean
is_name (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || length > NAME_MAX_BYTES || g_str_equal (text, ".") || g_str_equal (text, ".."))
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isprint (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

static gboolean
is_word (const char *text, const char *word)
{
  return g_ascii_strcasecmp (text, word) == 0;
}

/* One pair behind the catalog, "products/Pump". */
static gboolean
take_pair (LksCloudScope *self, const char *kind, const char *name)
{
  static const struct
  {
    const char *kind;
    gboolean is_in_group;
  } leaves[] = {
    { "devices", TRUE }, { "deployments", TRUE }, { "images", FALSE }, { "certificates", FALSE }
  };

  if (self->leaf != NULL)
    return FALSE;
  if (is_word (kind, "products") && self->product == NULL)
    {
      self->product = g_strdup (name);
      return TRUE;
    }
  if (is_word (kind, "deviceGroups") && self->product != NULL && self->group == NULL)
    {
      self->group = g_strdup (name);
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (leaves); i++)
    if (is_word (kind, leaves[i].kind) && leaves[i].is_in_group == (self->group != NULL) &&
        (self->group != NULL || self->product == NULL))
      {
        self->leaf_kind = g_strdup (leaves[i].kind);
        self->leaf = g_strdup (name);
        return TRUE;
      }
  return FALSE;
}

/* "", "subscriptions", S, "resourceGroups", R, "providers", PROVIDER, "catalogs", C, … Returns how
 * many parts the catalog takes, 0 when there is none. */
static guint
take_catalog (LksCloudScope *self, char **parts, guint n_parts)
{
  if (n_parts < 9 || !is_word (parts[1], "subscriptions") ||
      !is_word (parts[3], "resourceGroups") || !is_word (parts[5], "providers") ||
      !is_word (parts[6], PROVIDER) || !is_word (parts[7], "catalogs"))
    return 0;
  self->subscription = g_strdup (parts[2]);
  self->resource_group = g_strdup (parts[4]);
  self->catalog = g_strdup (parts[8]);
  return 9;
}

/* "", "tenants", T, "catalogs", C, …: our own way to write a place of the Legacy interface. */
static guint
take_tenant (LksCloudScope *self, char **parts, guint n_parts)
{
  if (n_parts < 5 || !is_word (parts[1], "tenants") || !lks_guid_is_valid (parts[2]) ||
      !is_word (parts[3], "catalogs"))
    return 0;
  self->tenant = g_strdup (parts[2]);
  self->catalog = g_strdup (parts[4]);
  return 5;
}

static gboolean
take_parts (LksCloudScope *self, char **parts)
{
  guint n_parts = g_strv_length (parts);
  guint n_taken;

  if (n_parts % 2 == 0 || parts[0][0] != '\0')
    return FALSE;
  for (guint i = 1; i < n_parts; i++)
    if (!is_name (parts[i]))
      return FALSE;

  n_taken = take_catalog (self, parts, n_parts);
  if (n_taken == 0)
    n_taken = take_tenant (self, parts, n_parts);
  for (guint i = n_taken; n_taken > 0 && i < n_parts; i += 2)
    if (!take_pair (self, parts[i], parts[i + 1]))
      return FALSE;
  return n_taken > 0;
}

/**
 * lks_cloud_scope_parse:
 * @id: an ID as the service writes it, not percent-encoded; its words in any case
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Returns: (transfer full): the place it names, or NULL with @error set
 */
LksCloudScope *
lks_cloud_scope_parse (const char *id, GError **error)
{
  g_autoptr (LksCloudScope) self = g_new0 (LksCloudScope, 1);
  g_auto (GStrv) parts = NULL;

  if (strlen (id) <= ID_MAX_BYTES && g_utf8_validate (id, -1, NULL))
    parts = g_strsplit (id, "/", -1);
  if (parts != NULL && take_parts (self, parts))
    return g_steal_pointer (&self);

  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                       "this is not the ID of a catalog or of something in one");
  return NULL;
}

/* ---- making one from another ---- */

/**
 * lks_cloud_scope_new:
 * @subscription: its ID
 * @resource_group: its name
 * @catalog: its name
 *
 * Returns: (transfer full): a catalog
 */
LksCloudScope *
lks_cloud_scope_new (const char *subscription, const char *resource_group, const char *catalog)
{
  LksCloudScope *self = g_new0 (LksCloudScope, 1);

  self->subscription = g_strdup (subscription);
  self->resource_group = g_strdup (resource_group);
  self->catalog = g_strdup (catalog);
  return self;
}

/**
 * lks_cloud_scope_new_tenant:
 * @tenant: its GUID
 * @name: its name
 *
 * Returns: (transfer full): a tenant of the Legacy interface
 */
LksCloudScope *
lks_cloud_scope_new_tenant (const char *tenant, const char *name)
{
  LksCloudScope *self = lks_cloud_scope_new (NULL, NULL, name);

  self->tenant = g_strdup (tenant);
  return self;
}

/**
 * lks_cloud_scope_dup_catalog:
 * @self: a place
 *
 * Returns: (transfer full): the catalog it is in
 */
LksCloudScope *
lks_cloud_scope_dup_catalog (const LksCloudScope *self)
{
  LksCloudScope *copy =
      lks_cloud_scope_new (self->subscription, self->resource_group, self->catalog);

  copy->tenant = g_strdup (self->tenant);
  return copy;
}

/**
 * lks_cloud_scope_dup_product:
 * @self: a place
 * @product: name of a product
 *
 * Returns: (transfer full): that product in the catalog of @self
 */
LksCloudScope *
lks_cloud_scope_dup_product (const LksCloudScope *self, const char *product)
{
  LksCloudScope *copy = lks_cloud_scope_dup_catalog (self);

  copy->product = g_strdup (product);
  return copy;
}

/**
 * lks_cloud_scope_dup_group:
 * @self: a place
 * @product: (nullable): name of a product, NULL for none
 * @group: (nullable): name of a device group in it, NULL for none
 *
 * Returns: (transfer full): that device group in the catalog of @self
 */
LksCloudScope *
lks_cloud_scope_dup_group (const LksCloudScope *self, const char *product, const char *group)
{
  LksCloudScope *copy =
      lks_cloud_scope_dup_product (self, product != NULL ? product : LKS_CLOUD_UNASSIGNED);

  copy->group = g_strdup (group != NULL ? group : LKS_CLOUD_UNASSIGNED);
  return copy;
}

/**
 * lks_cloud_scope_dup_leaf:
 * @self: a catalog or a device group
 * @leaf_kind: what kind of thing
 * @leaf: its name
 *
 * Returns: (transfer full): that thing in @self
 */
LksCloudScope *
lks_cloud_scope_dup_leaf (const LksCloudScope *self, const char *leaf_kind, const char *leaf)
{
  LksCloudScope *copy = lks_cloud_scope_copy (self);

  g_free (copy->leaf_kind);
  copy->leaf_kind = g_strdup (leaf_kind);
  g_free (copy->leaf);
  copy->leaf = g_strdup (leaf);
  return copy;
}

/**
 * lks_cloud_scope_copy:
 * @self: a place
 *
 * Returns: (transfer full): a copy
 */
LksCloudScope *
lks_cloud_scope_copy (const LksCloudScope *self)
{
  LksCloudScope *copy = lks_cloud_scope_dup_catalog (self);

  copy->product = g_strdup (self->product);
  copy->group = g_strdup (self->group);
  copy->leaf_kind = g_strdup (self->leaf_kind);
  copy->leaf = g_strdup (self->leaf);
  return copy;
}

/**
 * lks_cloud_scope_free:
 * @self: (transfer full): a place
 */
void
lks_cloud_scope_free (LksCloudScope *self)
{
  g_free (self->tenant);
  g_free (self->subscription);
  g_free (self->resource_group);
  g_free (self->catalog);
  g_free (self->product);
  g_free (self->group);
  g_free (self->leaf_kind);
  g_free (self->leaf);
  g_free (self);
}

/* ---- what it says ---- */

/**
 * lks_cloud_scope_can_hold:
 * @name: what something is called
 *
 * Returns: whether it can stand in an ID
 */
gboolean
lks_cloud_scope_can_hold (const char *name)
{
  return is_name (name) && strchr (name, '/') == NULL;
}

/**
 * lks_cloud_scope_equal:
 * @self: a place
 * @other: a place
 *
 * Names of the cloud are compared without case.
 *
 * Returns: whether both are the same place
 */
gboolean
lks_cloud_scope_equal (const LksCloudScope *self, const LksCloudScope *other)
{
  g_autofree char *id = lks_cloud_scope_dup_id (self);
  g_autofree char *other_id = lks_cloud_scope_dup_id (other);

  return g_ascii_strcasecmp (id, other_id) == 0;
}

/**
 * lks_cloud_name_is_unassigned:
 * @name: the name of a product or device group
 *
 * Returns: whether it stands for none
 */
gboolean
lks_cloud_name_is_unassigned (const char *name)
{
  return is_word (name, LKS_CLOUD_UNASSIGNED) || is_word (name, UNASSIGNED_OLD);
}

/**
 * lks_cloud_scope_is_assigned:
 * @self: a place
 *
 * Returns: whether it is in a device group of a product
 */
gboolean
lks_cloud_scope_is_assigned (const LksCloudScope *self)
{
  return self->group != NULL && !lks_cloud_name_is_unassigned (self->group);
}

/* @escape makes a name fit for its place. */
static char *
join (const LksCloudScope *self, char *(*escape) (const char *) )
{
  const struct
  {
    const char *kind;
    const char *name;
  } pairs[] = {
    { "tenants", self->tenant },
    { "subscriptions", self->subscription },
    { "resourceGroups", self->resource_group },
    { self->tenant != NULL ? "catalogs" : "providers/" PROVIDER "/catalogs", self->catalog },
    { "products", self->product },
    { "deviceGroups", self->group },
    { self->leaf_kind, self->leaf },
  };
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (pairs[i].name != NULL)
      {
        g_autofree char *name = escape (pairs[i].name);

        g_string_append_printf (text, "/%s/%s", pairs[i].kind, name);
      }
  return g_string_free (text, FALSE);
}

static char *
keep (const char *name)
{
  return g_strdup (name);
}

static char *
escape (const char *name)
{
  return g_uri_escape_string (name, NULL, FALSE);
}

/**
 * lks_cloud_scope_dup_id:
 * @self: a place
 *
 * Returns: (transfer full): its ID as it stands in documents: nothing is percent-encoded
 */
char *
lks_cloud_scope_dup_id (const LksCloudScope *self)
{
  return join (self, keep);
}

/**
 * lks_cloud_scope_dup_path:
 * @self: a place
 * @below: (nullable): a list or an action of it, such as "devices" or "countDevices"
 *
 * Returns: (transfer full): path and query of a call, percent-encoded
 */
char *
lks_cloud_scope_dup_path (const LksCloudScope *self, const char *below)
{
  g_autofree char *path = join (self, escape);

  return g_strdup_printf ("%s%s%s?api-version=" LKS_CLOUD_API_VERSION, path,
                          below != NULL ? "/" : "", below != NULL ? below : "");
}
