/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-preparation.h"

#include "lks-cloud-capability.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-cloud-group.h"

/**
 * lks_cloud_placing_clear:
 * @self: what came of a move
 */
void
lks_cloud_placing_clear (LksCloudPlacing *self)
{
  g_clear_pointer (&self->before, g_free);
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->to, g_free);
}

/* ---- whose is it ---- */

/**
 * lks_cloud_device_find_place:
 * @client: a client
 * @catalog: (nullable): only in this one; NULL for all that the account sees
 * @device_id: a device ID, 128 digits, lower case
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list(), NOT_FOUND when none owns it
 *
 * Finds the catalog that owns a device, and where it is there. Blocks; worker threads only.
 *
 * Returns: (transfer full): where it is, or NULL with @error set
 */
LksCloudScope *
lks_cloud_device_find_place (LksCloudClient *client,
                             const LksCloudScope *catalog,
                             const char *device_id,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (GError) reason = NULL;
  LksCloudScope *place;

  if (catalog == NULL)
    return lks_cloud_device_find_owner (client, NULL, device_id, cancellable, error);

  place = lks_cloud_device_find_in (client, catalog, device_id, cancellable, &reason);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (place == NULL)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
                 "the catalog %s does not own the device: claim it first", catalog->catalog);
  return place;
}

/* ---- its capability file ---- */

/**
 * lks_cloud_preparation_fetch:
 * @client: a client
 * @device: where the device is
 * @capability: a capability number, 0 for the file that takes capabilities away
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_capability_fetch()
 *
 * Lets the service make a capability file that is stored on a board. Blocks; worker threads only.
 *
 * Returns: (transfer full): the file, checked, or NULL with @error set
 */
LksSecret *
lks_cloud_preparation_fetch (LksCloudClient *client,
                             const LksCloudScope *device,
                             guint capability,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (LksCapabilityKey) key = NULL;

  if (capability == 0)
    return lks_cloud_capability_fetch_empty (client, device, cancellable, error);
  key = lks_cloud_capability_fetch (client, device, capability, cancellable, error);
  return key != NULL ? lks_capability_key_dup_bytes (key) : NULL;
}

/* ---- its device group ---- */

/* In no device group it is in the catalog alone. */
static char *
dup_words (const LksCloudScope *scope)
{
  return lks_cloud_scope_is_assigned (scope)
             ? g_strdup_printf ("%s › %s", scope->product, scope->group)
             : g_strdup (scope->catalog);
}

static LksCloudFlag
has_deployment (LksCloudClient *client, const LksCloudScope *group, GCancellable *cancellable)
{
  g_autoptr (LksCloudResource) deployment = NULL;

  if (!lks_cloud_deployment_get_current (client, group, &deployment, cancellable, NULL))
    return LKS_CLOUD_FLAG_UNKNOWN;
  return deployment != NULL ? LKS_CLOUD_FLAG_YES : LKS_CLOUD_FLAG_NO;
}

static gboolean
read_group (LksCloudClient *client,
            const LksCloudScope *group,
            LksCloudPlacing *placing,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (LksCloudResource) resource =
      lks_cloud_resource_get (client, &lks_cloud_group_kind, group, cancellable, error);

  if (resource == NULL)
    return FALSE;
  placing->gets_apps = lks_cloud_group_gets_apps ((const LksCloudGroup *) resource);
  placing->has_deployment = has_deployment (client, group, cancellable);
  return TRUE;
}

/* The answer to a move is not believed: the device is asked for in the group where it shall be. */
static gboolean
move (LksCloudClient *client,
      const LksCloudScope *device,
      const LksCloudScope *group,
      LksCloudPlacing *placing,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (LksCloudScope) target =
      lks_cloud_scope_dup_leaf (group, device->leaf_kind, device->leaf);
  g_autoptr (LksCloudResource) moved = NULL;
  g_autoptr (LksCloudResource) seen = NULL;

  placing->to = dup_words (group);
  placing->is_same = lks_cloud_scope_equal (target, device);
  if (placing->is_same)
    return TRUE;
  moved = lks_cloud_device_move (client, device, group, cancellable, error);
  if (moved == NULL)
    return FALSE;
  seen = lks_cloud_resource_get (client, &lks_cloud_device_kind, target, cancellable, error);
  if (seen == NULL || lks_cloud_scope_equal (seen->scope, target))
    return seen != NULL;
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FAILED,
                       "the device was not seen in the device group afterwards");
  return FALSE;
}

static void
note_place (LksCloudPlacing *placing, const LksCloudScope *device)
{
  g_autoptr (LksCloudScope) group =
      lks_cloud_scope_dup_group (device, device->product, device->group);

  placing->before = lks_cloud_scope_dup_id (group);
  placing->from = dup_words (device);
}

/**
 * lks_cloud_preparation_place:
 * @client: a client
 * @device: where the device is
 * @product: (nullable): name of a product, NULL for that of the device
 * @group: name of a device group
 * @out_placing: what came of it; where the device was is told also when the move fails
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_device_move(), INVALID_ARGUMENT when the device
 *   is in no product and none is named
 *
 * Puts a device into a device group, and looks what devices get there. The group is asked for
 * before anything is changed. Blocks; worker threads only.
 *
 * Returns: whether the device was seen there
 */
gboolean
lks_cloud_preparation_place (LksCloudClient *client,
                             const LksCloudScope *device,
                             const char *product,
                             const char *group,
                             LksCloudPlacing *out_placing,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (LksCloudScope) target = NULL;

  if (product == NULL && !lks_cloud_scope_is_assigned (device))
    {
      g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                           "the device is in no product: name the product and the device group");
      return FALSE;
    }
  target = lks_cloud_scope_dup_group (device, product != NULL ? product : device->product, group);
  if (!read_group (client, target, out_placing, cancellable, error))
    return FALSE;
  note_place (out_placing, device);
  return move (client, device, target, out_placing, cancellable, error);
}

/**
 * lks_cloud_preparation_return:
 * @client: a client
 * @device: where the device is
 * @before: ID of the device group to which it goes back
 * @out_placing: what came of it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_device_move()
 *
 * Puts a device back into the device group where it was. Blocks; worker threads only.
 *
 * Returns: whether the device was seen there
 */
gboolean
lks_cloud_preparation_return (LksCloudClient *client,
                              const LksCloudScope *device,
                              const char *before,
                              LksCloudPlacing *out_placing,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (LksCloudScope) group = lks_cloud_scope_parse (before, error);

  if (group == NULL)
    return FALSE;
  note_place (out_placing, device);
  return move (client, device, group, out_placing, cancellable, error);
}
