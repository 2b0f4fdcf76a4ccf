/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One label, one board, at all stations that share a ledger: asked before a board is changed. */
#include "lks-label-elsewhere.h"

#include "lks-bounded.h"
#include "lks-elsewhere.h"
#include "lks-station-share.h"

typedef struct
{
  LksLedger *ledger; /* (owned) */
  char *label;       /* (owned) */
  char *device_id;   /* (owned) */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->ledger);
  g_free (self->label);
  g_free (self->device_id);
  g_free (self);
}

static void
conflict_free (gpointer data)
{
  lks_label_conflict_clear (data);
  g_free (data);
}

static GPtrArray *
find_records (const Question *question,
              const LksSharePlace *place,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree char *ledger_id = lks_ledger_dup_id (question->ledger, error);
  g_autoptr (LksShare) share =
      ledger_id != NULL ? lks_station_open_share (place, cancellable, error) : NULL;

  return share != NULL ? lks_share_find_label_elsewhere (share, ledger_id, question->label,
                                                         question->device_id, cancellable, error)
                       : NULL;
}

static LksLabelConflict *
conflict_new (const Question *question, GPtrArray *records)
{
  LksLabelConflict *self = g_new0 (LksLabelConflict, 1);
  const LksRecordFields *fields =
      records != NULL && records->len > 0 ? lks_record_get_fields (records->pdata[0]) : NULL;

  if (fields == NULL)
    return self;
  if (g_strcmp0 (fields->label, question->label) == 0)
    self->device_id = g_strdup (fields->device_id);
  else
    self->label = g_strdup (fields->label);
  return self;
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (LksSharePlace) place = NULL;
  g_autoptr (GPtrArray) records = NULL;
  GError *error = NULL;

  if (lks_station_find_share (&place, &error) && place != NULL)
    records = find_records (data, place, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, conflict_new (data, records), conflict_free);
}

/**
 * lks_label_check_elsewhere:
 * @ledger: the ledger of this station, which is not "elsewhere"
 * @label: what stands on a unit
 * @device_id: the device ID of its board: 128 digits
 * @out_conflict: (out): what speaks against the pair; clear it with lks_label_conflict_clear()
 * @error: return location for why nobody knows: see lks_elsewhere_get_error()
 *
 * lks_label_check() at the other stations, if this one shares a ledger with others. Any thread;
 * blocks for %LKS_ELSEWHERE_LIMIT_S seconds at most.
 *
 * Returns: whether they could be asked
 */
gboolean
lks_label_check_elsewhere (LksLedger *ledger,
                           const char *label,
                           const char *device_id,
                           LksLabelConflict *out_conflict,
                           GError **error)
{
  Question *question = g_new0 (Question, 1);
  LksLabelConflict *found;

  question->ledger = g_object_ref (ledger);
  question->label = g_strdup (label);
  question->device_id = g_strdup (device_id);
  found = lks_bounded_run (LKS_ELSEWHERE_LIMIT_S, ask_in_thread, question, question_free, error);
  *out_conflict = found != NULL ? *found : (LksLabelConflict){ 0 };
  g_free (found);
  return found != NULL;
}
