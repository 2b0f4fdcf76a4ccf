/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-claim.h"

#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-cloud-operation.h"
#include "lks-vault-error.h"

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
tell (Claim *claim, const LksCloudClaimResult *result, GError **error)
{
  return claim->func (result, claim->user_data, error);
}

/* ---- many at once ---- */

static gboolean
claim_batch (Claim *claim, GPtrArray *ids, LksCloudOperation **out_operation, GError **error)
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
  return lks_cloud_client_change (claim->client, &call, claim->cancellable, &answer, out_operation,
                                  error);
}

/* A batch is never sent twice: without an operation these say that the service has not begun it. */
static gboolean
is_surely_not_begun (const LksCloudOperation *operation, const GError *error)
{
  return operation == NULL &&
         (error->domain == LKS_VAULT_ERROR ||
          g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNREACHABLE) ||
          g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_THROTTLED));
}

/* ---- one ---- */

static LksCloudResource *
look (Claim *claim, const char *id, GError **error)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_dup_leaf (claim->group, "devices", id);

  return lks_cloud_resource_get (claim->client, &lks_cloud_device_kind, scope, claim->cancellable,
                                 error);
}

/* The service has judged the device, and has not lost an earlier request for it: then it may have
 * claimed it by that one. After any other failure it may have done so, too. */
static gboolean
is_refused (const LksCloudAnswer *answer, const GError *error)
{
  if (answer->is_after_loss)
    return FALSE;
  return g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_CONFLICT) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_REJECTED) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FORBIDDEN) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SETUP) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FAILED) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT) ||
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED);
}

/* Which error means that a device belongs to somebody else is not documented: the service's own
 * words stand behind. Waiting would not change it. */
static LksCloudResource *
claim_one (Claim *claim, const char *id, gboolean *out_is_unknown, GError **error)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_dup_leaf (claim->group, "devices", id);
  const LksCloudCall call = {
    .method = "PUT", .scope = scope, .body = "{}", .body_bytes = 2, .is_conflict_final = TRUE
  };
  g_auto (LksCloudAnswer) answer = { 0 };

  *out_is_unknown = TRUE;
  if (lks_cloud_client_change (claim->client, &call, claim->cancellable, &answer, NULL, error))
    return look (claim, id, error);
  *out_is_unknown = !is_refused (&answer, *error);
  if (g_error_matches (*error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_CONFLICT) ||
      g_error_matches (*error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_REJECTED))
    g_prefix_error (error, "not claimed, it may belong to another catalog, for ever; ");
  return NULL;
}

/* The service tells of a batch only whether all of it succeeded: each device is looked at. What is
 * not there is claimed alone, which gives its own reason; that does no harm when it was claimed
 * after all. @batch_error: why the batch failed, when it did. */
static LksCloudResource *
settle_one (Claim *claim,
            const char *id,
            gboolean was_batched,
            GError *batch_error,
            gboolean *out_is_unknown,
            GError **error)
{
  g_autoptr (GError) reason = NULL;
  LksCloudResource *device = was_batched ? look (claim, id, &reason) : NULL;

  *out_is_unknown = TRUE;
  if (device != NULL)
    return device;
  if (was_batched && !g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  if (g_error_matches (batch_error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING))
    {
      g_propagate_error (error, g_error_copy (batch_error));
      return NULL;
    }
  return claim_one (claim, id, out_is_unknown, error);
}

/* What ends the work leaves these behind, from @first on: the service may have claimed them. */
static gboolean
give_up (Claim *claim, GPtrArray *ids, guint first, GError *reason, GError **error)
{
  for (guint i = first; i < ids->len; i++)
    {
      const LksCloudClaimResult unknown = { .device_id = g_ptr_array_index (ids, i),
                                            .is_unknown = TRUE,
                                            .error = reason };

      if (!tell (claim, &unknown, error))
        {
          g_error_free (reason);
          return FALSE;
        }
    }
  g_propagate_error (error, reason);
  return FALSE;
}

static gboolean
settle_batch (Claim *claim, GPtrArray *ids, GError **error)
{
  g_autoptr (GError) batch_error = NULL;
  g_autoptr (LksCloudOperation) operation = NULL;
  gboolean is_batched = ids->len > 1;

  if (is_batched && !claim_batch (claim, ids, &operation, &batch_error) &&
      lks_cloud_error_concerns_all (batch_error))
    {
      guint first = is_surely_not_begun (operation, batch_error) ? ids->len : 0;

      return give_up (claim, ids, first, g_steal_pointer (&batch_error), error);
    }
  for (guint i = 0; i < ids->len; i++)
    {
      LksCloudClaimResult result = { .device_id = g_ptr_array_index (ids, i) };
      g_autoptr (GError) reason = NULL;
      g_autoptr (LksCloudResource) device = settle_one (claim, result.device_id, is_batched,
                                                        batch_error, &result.is_unknown, &reason);

      if (reason != NULL && lks_cloud_error_concerns_all (reason))
        return give_up (claim, ids, i, g_steal_pointer (&reason), error);
      result.place = device != NULL ? device->scope : NULL;
      result.is_unknown = device == NULL && result.is_unknown;
      result.error = reason;
      if (!tell (claim, &result, error))
        return FALSE;
    }
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
 * When it ends early, @func is told of those devices, too, of which nobody knows whether the
 * service has claimed them; of the others that it has not heard of, none was claimed. Blocks;
 * worker threads only.
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
      const LksCloudClaimResult there = { .device_id = id,
                                          .place = g_hash_table_lookup (places, id),
                                          .was_there = TRUE };

      if (there.place == NULL)
        g_ptr_array_add (batch, id);
      else if (!tell (&claim, &there, error))
        return FALSE;
      if (batch->len == BATCH_DEVICES && !settle_batch (&claim, batch, error))
        return FALSE;
    }
  return settle_batch (&claim, batch, error);
}
