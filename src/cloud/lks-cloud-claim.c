/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-claim.h"

#include "lks-cloud-device.h"
#include "lks-cloud-error.h"

#include <string.h>

/* The contract names no limit, the older interface took 1000. A batch takes as long as one
 * device, and this many are quickly looked at afterwards. */
#define BATCH_DEVICES 100

typedef struct
{
  LksCloudClient *client;
  const LksCloudScope *group;
  LksCloudClaimFunc func;
  gpointer user_data;
  GCancellable *cancellable;
} Claim;

static gboolean
tell (Claim *claim,
      const char *id,
      const LksCloudScope *place,
      gboolean was_there,
      const GError *reason,
      GError **error)
{
  const LksCloudClaimResult result = { id, place, was_there, reason };

  return claim->func (&result, claim->user_data, error);
}

/* ---- many at once ---- */

static gboolean
claim_batch (Claim *claim, GPtrArray *ids, GError **error)
{
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *text = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };
  JsonArray *array = json_array_new ();
  LksCloudCall call = {
    .method = "POST", .scope = claim->group, .below = "claimDevices", .is_conflict_final = TRUE
  };

  for (guint i = 0; i < ids->len; i++)
    json_array_add_string_element (array, g_ptr_array_index (ids, i));
  json_object_set_array_member (body, "deviceIdentifiers", array);
  text = lks_cloud_body_to_text (body);
  call.body = text;
  call.body_bytes = strlen (text);
  return lks_cloud_client_change (claim->client, &call, claim->cancellable, &answer, NULL, error);
}

/* ---- one ---- */

static LksCloudResource *
look (Claim *claim, const char *id, GError **error)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_dup_leaf (claim->group, "devices", id);

  return lks_cloud_resource_get (claim->client, &lks_cloud_device_kind, scope, claim->cancellable,
                                 error);
}

/* Which error means that a device belongs to somebody else is not documented: the service's own
 * words stand behind. Waiting would not change it. */
static LksCloudResource *
claim_one (Claim *claim, const char *id, GError **error)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_dup_leaf (claim->group, "devices", id);
  const LksCloudCall call = {
    .method = "PUT", .scope = scope, .body = "{}", .body_bytes = 2, .is_conflict_final = TRUE
  };
  g_auto (LksCloudAnswer) answer = { 0 };

  if (lks_cloud_client_change (claim->client, &call, claim->cancellable, &answer, NULL, error))
    return look (claim, id, error);
  if (g_error_matches (*error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_CONFLICT) ||
      g_error_matches (*error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_REJECTED))
    g_prefix_error (error, "not claimed, it may belong to another catalog, for ever; ");
  return NULL;
}

/* The service tells of a batch only whether all of it succeeded: each device is looked at. What is
 * not there is claimed alone, which gives its own reason; that does no harm when it was claimed
 * after all. @batch_error: why the batch failed, when it did. */
static gboolean
settle_one (Claim *claim, const char *id, gboolean was_batched, GError *batch_error, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksCloudResource) device = was_batched ? look (claim, id, &reason) : NULL;
  gboolean is_missing =
      !was_batched || g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);

  if (is_missing && g_error_matches (batch_error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING))
    return tell (claim, id, NULL, FALSE, batch_error, error);
  if (is_missing)
    {
      g_clear_error (&reason);
      device = claim_one (claim, id, &reason);
    }
  if (reason != NULL && lks_cloud_error_concerns_all (reason))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  return tell (claim, id, device != NULL ? device->scope : NULL, FALSE, reason, error);
}

static gboolean
settle_batch (Claim *claim, GPtrArray *ids, GError **error)
{
  g_autoptr (GError) batch_error = NULL;
  gboolean is_batched = ids->len > 1;

  if (is_batched && !claim_batch (claim, ids, &batch_error) &&
      lks_cloud_error_concerns_all (batch_error))
    {
      g_propagate_error (error, g_steal_pointer (&batch_error));
      return FALSE;
    }
  for (guint i = 0; i < ids->len; i++)
    if (!settle_one (claim, g_ptr_array_index (ids, i), is_batched, batch_error, error))
      return FALSE;
  g_ptr_array_set_size (ids, 0);
  return TRUE;
}

/**
 * lks_cloud_claim:
 * @client: a client
 * @group: the device group they shall be in; that of no product for the catalog alone
 * @device_ids: (element-type utf8): which devices
 * @places: (element-type utf8 LksCloudScope): where those are that the catalog owns already, see
 *   lks_cloud_device_locate(); they are left there
 * @func: (scope call): takes the result of each, on this thread
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error that would meet all devices, or of @func
 *
 * Claims devices, for ever. Whatever the service answers, a device is told as claimed only when it
 * was seen in the catalog. May be repeated after an interruption: what was done before is found.
 * Blocks; worker threads only.
 *
 * Returns: whether every device was dealt with
 */
gboolean
lks_cloud_claim (LksCloudClient *client,
                 const LksCloudScope *group,
                 GPtrArray *device_ids,
                 GHashTable *places,
                 LksCloudClaimFunc func,
                 gpointer user_data,
                 GCancellable *cancellable,
                 GError **error)
{
  Claim claim = { client, group, func, user_data, cancellable };
  g_autoptr (GPtrArray) batch = g_ptr_array_new ();

  for (guint i = 0; i < device_ids->len; i++)
    {
      char *id = g_ptr_array_index (device_ids, i);
      const LksCloudScope *place = g_hash_table_lookup (places, id);

      if (place == NULL)
        g_ptr_array_add (batch, id);
      else if (!tell (&claim, id, place, TRUE, NULL, error))
        return FALSE;
      if (batch->len == BATCH_DEVICES && !settle_batch (&claim, batch, error))
        return FALSE;
    }
  return settle_batch (&claim, batch, error);
}
