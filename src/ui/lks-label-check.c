/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One label, one board: what the ledger knows that speaks against a pair of the two. */
#include "lks-label-check.h"

#include "lks-device-id.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char *label;     /* (owned) */
  char *device_id; /* (owned) */
} Pair;

static void
pair_free (gpointer data)
{
  Pair *pair = data;

  g_free (pair->label);
  g_free (pair->device_id);
  g_free (pair);
}

/* What one record says against the pair, translated; NULL for nothing. */
static char *
find_conflict (const Pair *pair, GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      const LksRecordFields *fields = lks_record_get_fields (records->pdata[i]);
      gboolean is_same_board = g_strcmp0 (fields->device_id, pair->device_id) == 0;
      gboolean is_same_label = g_strcmp0 (fields->label, pair->label) == 0;

      if (is_same_label && !is_same_board && fields->device_id != NULL)
        /* Translators: a label and the last six digits of a device ID */
        return g_strdup_printf (_ ("The label %s belongs to Board %s already."), pair->label,
                                lks_device_id_get_short (fields->device_id));
      if (is_same_board && !is_same_label && fields->label != NULL)
        /* Translators: two labels */
        return g_strdup_printf (_ ("This board has the label %s already, not %s."), fields->label,
                                pair->label);
    }
  return NULL;
}

static void
board_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = lks_ledger_list_finish (LKS_LEDGER (source), result, &error);

  if (records == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, find_conflict (g_task_get_task_data (task), records), g_free);
}

static void
label_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Pair *pair = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = lks_ledger_list_finish (LKS_LEDGER (source), result, &error);
  g_autofree char *conflict = records != NULL ? find_conflict (pair, records) : NULL;
  LksLedgerQuery query = { .device_id_end = pair->device_id };
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (records == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (conflict != NULL)
    g_task_return_pointer (task, g_steal_pointer (&conflict), g_free);
  else
    lks_ledger_list_async (LKS_LEDGER (source), &query, cancellable, board_listed_cb,
                           g_steal_pointer (&task));
}

/**
 * lks_label_check_async:
 * @ledger: what happened so far
 * @label: what stands on a unit
 * @device_id: the device ID of its board
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Asks the ledger whether the label belongs to another board, or the board to another label. Main
 * thread.
 */
void
lks_label_check_async (LksLedger *ledger,
                       const char *label,
                       const char *device_id,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (ledger, cancellable, callback, user_data);
  LksLedgerQuery query = { .label = label };
  Pair *pair = g_new0 (Pair, 1);

  g_task_set_source_tag (task, lks_label_check_async);
  pair->label = g_strdup (label);
  pair->device_id = g_strdup (device_id);
  g_task_set_task_data (task, pair, pair_free);
  lks_ledger_list_async (ledger, &query, cancellable, label_listed_cb, g_steal_pointer (&task));
}

/**
 * lks_label_check_finish:
 * @result: the result
 * @out_conflict: (out) (transfer full) (nullable): what speaks against the pair, a translated
 *   sentence
 * @error: return location for a [error@Lks.LedgerError]: nobody knows
 *
 * Returns: whether the ledger could be asked and nothing speaks against the pair
 */
gboolean
lks_label_check_finish (GAsyncResult *result, char **out_conflict, GError **error)
{
  g_autoptr (GError) local = NULL;

  *out_conflict = g_task_propagate_pointer (G_TASK (result), &local);
  if (local == NULL)
    return *out_conflict == NULL;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
