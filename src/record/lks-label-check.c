/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One label, one board: what the ledger knows that speaks against a pair of the two. */
#include "lks-label-check.h"

#include "lks-worker.h"

#include <json-glib/json-glib.h>

/**
 * lks_label_conflict_clear:
 * @self: a conflict
 *
 * Frees what is in it, so that it says: nothing.
 */
void
lks_label_conflict_clear (LksLabelConflict *self)
{
  g_clear_pointer (&self->device_id, g_free);
  g_clear_pointer (&self->label, g_free);
}

/**
 * lks_label_conflict_is_set:
 * @self: a conflict
 *
 * Returns: whether something speaks against the pair
 */
gboolean
lks_label_conflict_is_set (const LksLabelConflict *self)
{
  return self->device_id != NULL || self->label != NULL;
}

static gboolean
has_written (JsonObject *document)
{
  JsonNode *node = json_object_get_member (document, "steps");
  JsonArray *steps =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonNode *step = json_array_get_element (steps, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (step) ? json_node_get_object (step) : NULL;
      const char *name =
          object != NULL ? json_object_get_string_member_with_default (object, "name", "") : "";

      if (g_str_equal (name, "restart") ||
          (g_str_equal (name, "read-back") &&
           g_str_equal (json_object_get_string_member_with_default (object, "result", ""), "pass")))
        return TRUE;
    }
  return FALSE;
}

/* A board that was refused before anything was done to it has taken no label: it goes away, and the
 * next one is put into the same housing. Lists come without the documents. */
static gboolean
is_binding (LksLedger *ledger, LksRecord *listed, gboolean *out_is_binding, GError **error)
{
  g_autoptr (LksRecord) record = NULL;
  g_autoptr (JsonNode) document = NULL;

  *out_is_binding = g_strcmp0 (lks_record_get_fields (listed)->verdict, "PASS") == 0;
  if (*out_is_binding)
    return TRUE;

  record = lks_ledger_get (ledger, lks_record_get_fields (listed)->id, error);
  if (record == NULL)
    return FALSE;

  document = json_from_string (lks_record_get_fields (record)->document, NULL);
  *out_is_binding = document != NULL && JSON_NODE_HOLDS_OBJECT (document) &&
                    has_written (json_node_get_object (document));
  return TRUE;
}

static gboolean
find_conflict (LksLedger *ledger,
               const LksLedgerQuery *query,
               const char *label,
               const char *device_id,
               LksLabelConflict *out_conflict,
               GError **error)
{
  g_autoptr (GPtrArray) records = lks_ledger_list (ledger, query, error);

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const LksRecordFields *fields = lks_record_get_fields (records->pdata[i]);
      gboolean is_same_board = g_strcmp0 (fields->device_id, device_id) == 0;
      gboolean is_same_label = g_strcmp0 (fields->label, label) == 0;
      gboolean binds;

      if (is_same_board == is_same_label || fields->device_id == NULL || fields->label == NULL)
        continue;
      if (!is_binding (ledger, records->pdata[i], &binds, error))
        return FALSE;
      if (!binds)
        continue;

      if (is_same_label)
        out_conflict->device_id = g_strdup (fields->device_id);
      else
        out_conflict->label = g_strdup (fields->label);
      return TRUE;
    }
  return records != NULL;
}

/**
 * lks_label_check:
 * @ledger: what happened so far
 * @label: what stands on a unit
 * @device_id: the device ID of its board: 128 digits
 * @out_conflict: (out): what speaks against the pair; clear it with lks_label_conflict_clear()
 * @error: return location for a [error@Lks.LedgerError]: nobody knows
 *
 * Asks the ledger whether the label belongs to another board, or the board has another label. A
 * label belongs to the board that passed with it, or was changed. Any thread; blocks.
 *
 * Returns: whether the ledger could be asked
 */
gboolean
lks_label_check (LksLedger *ledger,
                 const char *label,
                 const char *device_id,
                 LksLabelConflict *out_conflict,
                 GError **error)
{
  const LksLedgerQuery of_label = { .label = label };
  const LksLedgerQuery of_board = { .device_id_end = device_id };

  *out_conflict = (LksLabelConflict){ 0 };
  return find_conflict (ledger, &of_label, label, device_id, out_conflict, error) &&
         (lks_label_conflict_is_set (out_conflict) ||
          find_conflict (ledger, &of_board, label, device_id, out_conflict, error));
}

typedef struct
{
  char *label;     /* (owned) */
  char *device_id; /* (owned) */
  LksLabelConflict conflict;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->label);
  g_free (question->device_id);
  lks_label_conflict_clear (&question->conflict);
  g_free (question);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  GError *error = NULL;

  if (lks_label_check (source, question->label, question->device_id, &question->conflict, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * lks_label_check_async:
 * @ledger: what happened so far
 * @label: what stands on a unit
 * @device_id: the device ID of its board
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_label_check() on a thread of its own. Main thread.
 */
void
lks_label_check_async (LksLedger *ledger,
                       const char *label,
                       const char *device_id,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (ledger, NULL, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->label = g_strdup (label);
  question->device_id = g_strdup (device_id);
  g_task_set_source_tag (task, lks_label_check_async);
  g_task_set_task_data (task, question, question_free);
  lks_worker_run_alone (task, check_in_thread);
}

/**
 * lks_label_check_finish:
 * @result: the result
 * @out_conflict: (out): what speaks against the pair; clear it with lks_label_conflict_clear()
 * @error: return location for a [error@Lks.LedgerError]: nobody knows
 *
 * Returns: whether the ledger could be asked
 */
gboolean
lks_label_check_finish (GAsyncResult *result, LksLabelConflict *out_conflict, GError **error)
{
  Question *question = g_task_get_task_data (G_TASK (result));

  *out_conflict = question->conflict;
  question->conflict = (LksLabelConflict){ 0 };
  return g_task_propagate_boolean (G_TASK (result), error);
}
