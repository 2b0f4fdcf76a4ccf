/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-claim-plan.h"

#include "lks-cloud-scope.h"
#include "lks-cursor.h"
#include "lks-device-csv.h"
#include "lks-device-id.h"

static LksClaimTarget *
target_new (const char *product, const char *group)
{
  LksClaimTarget *self = g_new0 (LksClaimTarget, 1);

  self->product = g_strdup (product);
  self->group = g_strdup (group);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * lks_claim_target_free:
 * @self: (transfer full): a target
 */
void
lks_claim_target_free (LksClaimTarget *self)
{
  g_free (self->product);
  g_free (self->group);
  g_ptr_array_unref (self->ids);
  g_free (self);
}

static gboolean
check_place (const LksDeviceRow *row, const char *product, const char *group, GError **error)
{
  const char *problem = NULL;

  if ((product != NULL) != (group != NULL))
    problem = "a product is named together with its device group, or neither";
  else if (product != NULL &&
           (!lks_cloud_scope_can_hold (product) || !lks_cloud_scope_can_hold (group)))
    problem = "nothing in the cloud can have this name of a product or device group";
  if (problem == NULL)
    return TRUE;
  g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "device …%s: %s",
               lks_device_id_get_short (row->device_id), problem);
  return FALSE;
}

/**
 * lks_claim_plan:
 * @rows: (element-type LksDeviceRow): devices, and where they shall go as far as a list says so
 * @product: (nullable): where the others shall go; NULL for the catalog alone
 * @group: (nullable): a device group in it
 * @error: return location for a [error@Lks.ParseError]: a row that names half a place, or one that
 *   there cannot be
 *
 * Says which devices go where, before anybody is asked and anything is sent.
 *
 * Returns: (transfer full) (element-type LksClaimTarget): the places in the order in which they are
 *   met, or NULL with @error set
 */
GPtrArray *
lks_claim_plan (GPtrArray *rows, const char *product, const char *group, GError **error)
{
  g_autoptr (GPtrArray) targets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_claim_target_free);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const LksDeviceRow *row = g_ptr_array_index (rows, i);
      const char *its_product = row->product != NULL ? row->product : product;
      const char *its_group = row->product != NULL ? row->group : group;
      g_autofree char *key = NULL;
      LksClaimTarget *target;

      if (!check_place (row, its_product, its_group, error))
        return NULL;
      /* No name has a slash in it. */
      key = its_product != NULL ? g_strconcat (its_product, "/", its_group, NULL) : g_strdup ("");
      target = g_hash_table_lookup (known, key);
      if (target == NULL)
        {
          target = target_new (its_product, its_group);
          g_ptr_array_add (targets, target);
          g_hash_table_insert (known, g_steal_pointer (&key), target);
        }
      g_ptr_array_add (target->ids, g_strdup (row->device_id));
    }
  return g_steal_pointer (&targets);
}
