/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-claim-plan.h"

#include "lks-cloud-scope.h"
#include "lks-cursor.h"
#include "lks-device-csv.h"
#include "lks-device-id.h"
#include "lks-worker.h"

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

/* What a thread is asked. */
typedef struct
{
  GPtrArray *rows; /* (owned) */
  char *product;   /* (owned) (nullable) */
  char *group;     /* (owned) (nullable) */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_ptr_array_unref (self->rows);
  g_free (self->product);
  g_free (self->group);
  g_free (self);
}

static void
plan_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *self = task_data;
  GError *error = NULL;
  GPtrArray *targets = lks_claim_plan (self->rows, self->product, self->group, &error);

  if (targets != NULL)
    g_task_return_pointer (task, targets, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_claim_plan_async:
 * @source: (nullable): on whose behalf; kept until the end
 * @rows: (element-type LksDeviceRow): devices, which nobody changes any more
 * @product: (nullable): see lks_claim_plan()
 * @group: (nullable): see lks_claim_plan()
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_claim_plan() on a thread of its own: for lists of which there may be 100,000 rows.
 */
void
lks_claim_plan_async (gpointer source,
                      GPtrArray *rows,
                      const char *product,
                      const char *group,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->rows = g_ptr_array_ref (rows);
  question->product = g_strdup (product);
  question->group = g_strdup (group);
  g_task_set_source_tag (task, lks_claim_plan_async);
  g_task_set_task_data (task, question, question_free);
  lks_worker_run_alone (task, plan_in_thread);
}

/**
 * lks_claim_plan_finish:
 * @result: what the callback was given
 * @error: return location for an error of lks_claim_plan(), or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full) (element-type LksClaimTarget): the places, or NULL with @error set
 */
GPtrArray *
lks_claim_plan_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
