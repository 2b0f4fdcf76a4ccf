/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-item.h"

#include <string.h>

struct _LksCloudItem
{
  GObject parent_instance;

  LksCloudResource *resource; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksCloudItem, lks_cloud_item, G_TYPE_OBJECT)

static void
lks_cloud_item_finalize (GObject *object)
{
  lks_cloud_resource_unref (LKS_CLOUD_ITEM (object)->resource);
  G_OBJECT_CLASS (lks_cloud_item_parent_class)->finalize (object);
}

static void
lks_cloud_item_class_init (LksCloudItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_cloud_item_finalize;
}

static void
lks_cloud_item_init (LksCloudItem *self)
{
}

/**
 * lks_cloud_item_new:
 * @resource: something that the service lists
 *
 * Returns: (transfer full): it as an object
 */
LksCloudItem *
lks_cloud_item_new (LksCloudResource *resource)
{
  LksCloudItem *self = g_object_new (LKS_TYPE_CLOUD_ITEM, NULL);

  self->resource = lks_cloud_resource_ref (resource);
  return self;
}

/**
 * lks_cloud_item_get_resource:
 * @self: an item
 *
 * Returns: (transfer none): what it is
 */
const LksCloudResource *
lks_cloud_item_get_resource (LksCloudItem *self)
{
  return self->resource;
}

/* ---- searching ---- */

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *own = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return own != NULL && strstr (own, folded) != NULL;
}

static gboolean
list_contains (char **list, const char *folded)
{
  for (gsize i = 0; list != NULL && list[i] != NULL; i++)
    if (contains (list[i], folded))
      return TRUE;
  return FALSE;
}

static gboolean
field_contains (const LksCloudResource *self, const LksCloudField *field, const char *folded)
{
  switch (field->type)
    {
    case LKS_CLOUD_FIELD_TEXT:
      return contains (lks_cloud_resource_get_text (self, field), folded);
    case LKS_CLOUD_FIELD_LIST:
      return list_contains (lks_cloud_resource_get_list (self, field), folded);
    case LKS_CLOUD_FIELD_FLAG:
    case LKS_CLOUD_FIELD_COUNT:
      break;
    }
  return FALSE;
}

/**
 * lks_cloud_resource_matches:
 * @self: something that the service lists
 * @folded: what is looked for, after g_utf8_casefold()
 *
 * Looks into its name, the names of its product and device group, and what it tells about itself.
 * Any thread.
 *
 * Returns: whether one of them contains @folded
 */
gboolean
lks_cloud_resource_matches (const LksCloudResource *self, const char *folded)
{
  if (contains (self->name, folded))
    return TRUE;
  if (self->scope != NULL &&
      (contains (self->scope->product, folded) || contains (self->scope->group, folded)))
    return TRUE;
  for (gsize i = 0; i < self->kind->n_fields; i++)
    if (field_contains (self, &self->kind->fields[i], folded))
      return TRUE;
  return FALSE;
}
