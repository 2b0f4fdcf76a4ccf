/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-edit.h"

#include "lks-cloud-product.h"

/**
 * lks_cloud_edit_new:
 *
 * Returns: (transfer full): one that says nothing yet
 */
LksCloudEdit *
lks_cloud_edit_new (void)
{
  return g_atomic_rc_box_new0 (LksCloudEdit);
}

/**
 * lks_cloud_edit_ref:
 * @self: what is to be done
 *
 * Returns: (transfer full): @self
 */
LksCloudEdit *
lks_cloud_edit_ref (LksCloudEdit *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
edit_clear (gpointer data)
{
  LksCloudEdit *self = data;

  g_clear_pointer (&self->place, lks_cloud_scope_free);
  g_free (self->description);
}

/**
 * lks_cloud_edit_unref:
 * @data: (transfer full): a #LksCloudEdit
 *
 * Gives a reference away.
 */
void
lks_cloud_edit_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, edit_clear);
}

static LksCloudResource *
send_group (LksCloudEdit *self, LksCloudClient *client, GCancellable *cancellable, GError **error)
{
  LksCloudGroupSettings settings = self->settings;

  settings.description = self->description;
  return self->is_new ? lks_cloud_group_create (client, self->place, &settings, cancellable, error)
                      : lks_cloud_group_update (client, self->place, &settings, cancellable, error);
}

static LksCloudResource *
send_product (LksCloudEdit *self, LksCloudClient *client, GCancellable *cancellable, GError **error)
{
  return self->is_new
             ? lks_cloud_product_create (client, self->place, self->description, cancellable, error)
             : lks_cloud_product_update (client, self->place, self->description, cancellable,
                                         error);
}

/**
 * lks_cloud_edit_run:
 * @client: a client
 * @data: a #LksCloudEdit
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change()
 *
 * As a #LksCloudJobFunc: makes or changes it. After a failure it can be run again: what was made
 * before is not made twice.
 *
 * Returns: whether all was done
 */
gboolean
lks_cloud_edit_run (LksCloudClient *client,
                    gpointer data,
                    GCancellable *cancellable,
                    GError **error)
{
  LksCloudEdit *self = data;
  g_autoptr (LksCloudResource) resource = NULL;

  if (!self->is_made)
    {
      resource = self->place->group != NULL ? send_group (self, client, cancellable, error)
                                            : send_product (self, client, cancellable, error);
      if (resource == NULL)
        return FALSE;
      self->is_made = TRUE;
    }
  return !self->makes_groups ||
         lks_cloud_default_groups_run (client, self->place, cancellable, error);
}

/**
 * lks_cloud_delete_run:
 * @client: a client
 * @data: a #LksCloudScope
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_delete()
 *
 * As a #LksCloudJobFunc: deletes what is there.
 *
 * Returns: whether it is gone
 */
gboolean
lks_cloud_delete_run (LksCloudClient *client,
                      gpointer data,
                      GCancellable *cancellable,
                      GError **error)
{
  return lks_cloud_resource_delete (client, data, cancellable, error);
}

static gboolean
ignore (LksCloudResource *resource, gpointer unused, GError **error)
{
  return TRUE;
}

/**
 * lks_cloud_default_groups_run:
 * @client: a client
 * @data: a #LksCloudScope, of a product
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_product_make_groups()
 *
 * As a #LksCloudJobFunc: makes the default device groups.
 *
 * Returns: whether they are there
 */
gboolean
lks_cloud_default_groups_run (LksCloudClient *client,
                              gpointer data,
                              GCancellable *cancellable,
                              GError **error)
{
  return lks_cloud_product_make_groups (client, data, ignore, NULL, cancellable, error);
}
