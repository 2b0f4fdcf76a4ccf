/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run has to do with the other stations of a shared ledger: it asks them before, and tells
 * them afterwards. No server holds up the line, and none changes a verdict. */
#include "lks-cli-elsewhere.h"

#include "lks-cli-output.h"
#include "lks-cli-records-private.h"
#include "lks-station-share.h"

#include <stdio.h>

#define ASK_LIMIT_S 3
#define PUSH_LIMIT_S 10

typedef struct
{
  LksSharePlace *place;  /* (owned) */
  LksLedger *ledger;     /* (owned) */
  GPtrArray *device_ids; /* (owned) (nullable) */
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  lks_share_place_free (self->place);
  g_object_unref (self->ledger);
  g_clear_pointer (&self->device_ids, g_ptr_array_unref);
  g_free (self);
}

/* Returns NULL when this station has no shared ledger, or with @error set. */
static Work *
work_new (LksLedger *ledger, GPtrArray *device_ids, GError **error)
{
  LksSharePlace *place;
  Work *self;

  if (!lks_station_find_share (&place, error) || place == NULL)
    return NULL;

  self = g_new0 (Work, 1);
  self->place = place;
  self->ledger = g_object_ref (ledger);
  if (device_ids == NULL)
    return self;

  self->device_ids = g_ptr_array_copy (device_ids, (GCopyFunc) (GCallback) g_strdup, NULL);
  g_ptr_array_set_free_func (self->device_ids, g_free);
  return self;
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

/* Does @work on a thread of its own, and waits no longer than @limit_s: whoever hangs then, in a
 * name server for example, is left behind with what belongs to him. @work: (transfer full) */
static gpointer
do_within (Work *work, GTaskThreadFunc func, guint limit_s, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, finished_cb, &result);
  guint too_late = g_timeout_add_seconds (limit_s, cancel_cb, cancellable);
  g_autoptr (GError) local = NULL;
  gpointer found;

  g_task_set_task_data (task, work, work_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, func);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (too_late);
  found = g_task_propagate_pointer (G_TASK (result), &local);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "it has not answered within %u s",
                 limit_s);
  else if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return found;
}

static GHashTable *
ask (const Work *work, GCancellable *cancellable, GError **error)
{
  g_autofree char *ledger_id = lks_ledger_dup_id (work->ledger, error);
  g_autoptr (LksShare) share =
      ledger_id != NULL ? lks_station_open_share (work->place, cancellable, error) : NULL;
  g_autoptr (GHashTable) found =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  if (share == NULL)
    return NULL;

  for (guint i = 0; i < work->device_ids->len; i++)
    {
      const char *device_id = g_ptr_array_index (work->device_ids, i);
      GPtrArray *records =
          lks_share_find_elsewhere (share, ledger_id, device_id, cancellable, error);

      if (records == NULL)
        return NULL;
      g_hash_table_insert (found, g_strdup (device_id), records);
    }
  return g_steal_pointer (&found);
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GHashTable *found = ask (data, cancellable, &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) g_hash_table_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_cli_ask_elsewhere:
 * @ledger: the ledger of this station
 * @device_ids: (element-type utf8): boards that are about to be finalized
 *
 * Asks the shared ledger, if this station has one, which of them other stations say to have
 * finalized. Waits some seconds at most; what is not known is told on stderr and stops nobody.
 *
 * Returns: (transfer full) (nullable) (element-type utf8 GPtrArray): the records of each board, or
 *   NULL when nothing is known
 */
GHashTable *
lks_cli_ask_elsewhere (LksLedger *ledger, GPtrArray *device_ids)
{
  g_autoptr (GError) error = NULL;
  Work *work = device_ids->len > 0 ? work_new (ledger, device_ids, &error) : NULL;
  GHashTable *found = work != NULL ? do_within (work, ask_in_thread, ASK_LIMIT_S, &error) : NULL;

  if (error != NULL)
    {
      g_autofree char *reason = lks_cli_clean (error->message);

      fprintf (stderr,
               "Whether another station has finished these boards is not known, the shared ledger "
               "could not be asked: %s. The runs go on.\n",
               reason);
    }
  return found;
}

static const LksRecordFields *
find_newest (GPtrArray *records, const char *recipe_hash, gboolean *out_is_same)
{
  *out_is_same = TRUE;
  for (guint i = 0; i < records->len; i++)
    {
      const LksRecordFields *fields = lks_record_get_fields (records->pdata[i]);

      if (g_strcmp0 (fields->recipe_hash, recipe_hash) == 0)
        return fields;
    }

  *out_is_same = FALSE;
  return records->len > 0 ? lks_record_get_fields (records->pdata[0]) : NULL;
}

/**
 * lks_cli_tell_elsewhere:
 * @records: (nullable) (element-type LksRecord): what other stations say about a board
 * @recipe_hash: the recipe by which it is to be finalized here
 * @out_is_same: (out): whether it was finalized by that recipe; another one may be an earlier step
 * of the same board
 *
 * Returns: (transfer full) (nullable): one line, or NULL when nobody says anything
 */
char *
lks_cli_tell_elsewhere (GPtrArray *records, const char *recipe_hash, gboolean *out_is_same)
{
  const LksRecordFields *fields =
      records != NULL ? find_newest (records, recipe_hash, out_is_same) : NULL;
  g_autofree char *station = NULL;
  g_autofree char *recipe = NULL;
  g_autofree char *time = NULL;

  if (fields == NULL)
    {
      *out_is_same = FALSE;
      return NULL;
    }

  station = lks_cli_clean (fields->station != NULL ? fields->station : "another station");
  recipe = lks_cli_clean (fields->recipe_name != NULL ? fields->recipe_name : "");
  time = lks_cli_format_time (fields->started_us);
  if (*out_is_same)
    return g_strdup_printf ("finished elsewhere: %s, %s, by this very recipe. It is only verified "
                            "here; it will not be locked a second time",
                            station, time);
  return g_strdup_printf ("finished elsewhere: %s, %s, by the recipe “%s”", station, time, recipe);
}

static void
push_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  g_autoptr (LksShare) share = lks_station_open_share (work->place, cancellable, &error);
  LksSharePushed pushed;

  if (share != NULL && lks_share_push (share, work->ledger, &pushed, cancellable, &error))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, error);
}

/**
 * lks_cli_push_records:
 * @ledger: the ledger of this station
 *
 * Copies what the shared ledger does not have yet, if this station has one. Waits some seconds at
 * most; a failure is told on stderr and is no failure of the command: nothing is lost.
 */
void
lks_cli_push_records (LksLedger *ledger)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL;
  Work *work = work_new (ledger, NULL, &error);

  if (work != NULL)
    do_within (work, push_in_thread, PUSH_LIMIT_S, &error);
  if (error == NULL)
    return;

  reason = lks_cli_clean (error->message);
  fprintf (stderr,
           "The records were not copied to the shared ledger: %s. They wait in this station's "
           "ledger and are copied next time.\n",
           reason);
}
