/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-deploy-look.h"

#include "lks-cloud-deployment.h"

/* Nobody looks through more rows; who has more finds the others by the command line. */
#define IMAGES_MAX 1000

/**
 * lks_cloud_deploy_look_new:
 * @group: a device group
 *
 * Returns: (transfer full): one that knows nothing yet
 */
LksCloudDeployLook *
lks_cloud_deploy_look_new (const LksCloudScope *group)
{
  LksCloudDeployLook *self = g_atomic_rc_box_new0 (LksCloudDeployLook);

  self->group = lks_cloud_scope_copy (group);
  self->images = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_cloud_resource_unref);
  return self;
}

/**
 * lks_cloud_deploy_look_ref:
 * @self: a look
 *
 * Returns: (transfer full): @self
 */
LksCloudDeployLook *
lks_cloud_deploy_look_ref (LksCloudDeployLook *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
look_clear (gpointer data)
{
  LksCloudDeployLook *self = data;

  lks_cloud_scope_free (self->group);
  g_ptr_array_unref (self->images);
  g_clear_pointer (&self->current, lks_cloud_resource_unref);
}

/**
 * lks_cloud_deploy_look_unref:
 * @data: (transfer full): a #LksCloudDeployLook
 *
 * Gives a reference away.
 */
void
lks_cloud_deploy_look_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, look_clear);
}

static gboolean
collect (LksCloudResource *resource, gpointer user_data, GError **error)
{
  GPtrArray *images = user_data;

  if (images->len < IMAGES_MAX && ((LksCloudImage *) resource)->image_id != NULL)
    g_ptr_array_add (images, lks_cloud_resource_ref (resource));
  return TRUE;
}

/**
 * lks_cloud_deploy_look_run:
 * @client: a client
 * @data: a #LksCloudDeployLook that knows nothing yet
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list()
 *
 * As a #LksCloudJobFunc: asks what is deployed, and what could be.
 *
 * Returns: whether it is known
 */
gboolean
lks_cloud_deploy_look_run (LksCloudClient *client,
                           gpointer data,
                           GCancellable *cancellable,
                           GError **error)
{
  LksCloudDeployLook *self = data;
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_dup_catalog (self->group);

  return lks_cloud_deployment_get_current (client, self->group, &self->current, cancellable,
                                           error) &&
         lks_cloud_image_list (client, catalog, collect, self->images, cancellable, error);
}

static char **
get_current_ids (const LksCloudDeployLook *self)
{
  static char *none[] = { NULL };
  const LksCloudDeployment *current = (const LksCloudDeployment *) self->current;

  return current != NULL && current->image_ids != NULL ? current->image_ids : none;
}

/**
 * lks_cloud_deploy_look_is_deployed:
 * @self: a look
 * @image_id: an image
 *
 * Returns: whether it is deployed to the group
 */
gboolean
lks_cloud_deploy_look_is_deployed (const LksCloudDeployLook *self, const char *image_id)
{
  for (char **id = get_current_ids (self); *id != NULL; id++)
    if (g_ascii_strcasecmp (*id, image_id) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_listed (const LksCloudDeployLook *self, const char *image_id)
{
  for (guint i = 0; i < self->images->len; i++)
    if (g_ascii_strcasecmp (((LksCloudImage *) g_ptr_array_index (self->images, i))->image_id,
                            image_id) == 0)
      return TRUE;
  return FALSE;
}

/**
 * lks_cloud_deploy_look_add_lost:
 * @self: a look
 * @names: gets the names of what is deployed and cannot be chosen again, because the catalog does
 *   not list it
 */
void
lks_cloud_deploy_look_add_lost (const LksCloudDeployLook *self, GStrvBuilder *names)
{
  char **ids = get_current_ids (self);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      const char *name = ((const LksCloudDeployment *) self->current)->image_names[i];

      if (!is_listed (self, ids[i]))
        g_strv_builder_add (names, name[0] != '\0' ? name : ids[i]);
    }
}
