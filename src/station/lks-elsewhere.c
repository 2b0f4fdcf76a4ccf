/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether another station has finished a board, asked before somebody agrees to lock it. No server
 * holds up the line: what is not known soon is not known. */
#include "lks-elsewhere.h"

#include "lks-bounded.h"
#include "lks-json.h"
#include "lks-station-share.h"

#include <string.h>

#define RECIPE_MAX_BYTES (1024 * 1024)
#define LAST_TARGET "DeviceComplete"

struct _LksElsewhere
{
  gatomicrefcount refs;
  GHashTable *records; /* (owned) device ID → GPtrArray of LksRecord, the last begun first */
  gboolean is_alone;   /* this station shares nothing */
  GError *error;       /* (owned) (nullable): why nothing is known */
};

typedef struct
{
  LksLedger *ledger;     /* (owned) */
  GPtrArray *device_ids; /* (owned) */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->ledger);
  g_ptr_array_unref (self->device_ids);
  g_free (self);
}

static LksElsewhere *
elsewhere_new (void)
{
  LksElsewhere *self = g_new0 (LksElsewhere, 1);

  g_atomic_ref_count_init (&self->refs);
  self->records =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  return self;
}

static gboolean
find_records (const Question *question,
              const LksSharePlace *place,
              GHashTable *found,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree char *ledger_id = lks_ledger_dup_id (question->ledger, error);
  g_autoptr (LksShare) share =
      ledger_id != NULL ? lks_station_open_share (place, cancellable, error) : NULL;

  if (share == NULL)
    return FALSE;

  for (guint i = 0; i < question->device_ids->len; i++)
    {
      const char *device_id = g_ptr_array_index (question->device_ids, i);
      GPtrArray *records =
          lks_share_find_elsewhere (share, ledger_id, device_id, cancellable, error);

      if (records == NULL)
        return FALSE;
      g_hash_table_insert (found, g_strdup (device_id), records);
    }
  return TRUE;
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (LksElsewhere) self = elsewhere_new ();
  g_autoptr (LksSharePlace) place = NULL;
  GError *error = NULL;
  gboolean is_found = lks_station_find_share (&place, &error);

  self->is_alone = place == NULL;
  if (is_found && (place == NULL || find_records (data, place, self->records, cancellable, &error)))
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) lks_elsewhere_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_elsewhere_ask_async:
 * @ledger: the ledger of this station, which is not "elsewhere"
 * @device_ids: (element-type utf8): boards that are about to be finalized
 * @callback: called within %LKS_ELSEWHERE_LIMIT_S seconds
 * @user_data: for @callback
 *
 * Asks the shared ledger, if this station has one, which of them other stations say to have
 * finalized. Main thread.
 */
void
lks_elsewhere_ask_async (LksLedger *ledger,
                         GPtrArray *device_ids,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->ledger = g_object_ref (ledger);
  question->device_ids = g_ptr_array_copy (device_ids, (GCopyFunc) (GCallback) g_strdup, NULL);
  g_ptr_array_set_free_func (question->device_ids, g_free);
  lks_bounded_run_async (LKS_ELSEWHERE_LIMIT_S, ask_in_thread, question, question_free, callback,
                         user_data);
}

/**
 * lks_elsewhere_ask_finish:
 * @result: the result
 *
 * Returns: (transfer full): the answer, which may be that nothing is known
 */
LksElsewhere *
lks_elsewhere_ask_finish (GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  LksElsewhere *self = lks_bounded_run_finish (result, &error);

  if (self != NULL)
    return self;

  self = elsewhere_new ();
  self->error = g_steal_pointer (&error);
  return self;
}

/**
 * lks_elsewhere_ref:
 * @self: an answer
 *
 * Returns: (transfer full): @self
 */
LksElsewhere *
lks_elsewhere_ref (LksElsewhere *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_elsewhere_unref:
 * @self: (transfer full): an answer
 *
 * Lets go of it.
 */
void
lks_elsewhere_unref (LksElsewhere *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_hash_table_unref (self->records);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * lks_elsewhere_get_error:
 * @self: an answer
 *
 * Returns: (transfer none) (nullable): why nothing is known: a [error@Lks.ShareError], a
 *   [error@Lks.LedgerError], what the station's files have, or `G_IO_ERROR_TIMED_OUT`
 */
const GError *
lks_elsewhere_get_error (const LksElsewhere *self)
{
  return self->error;
}

/* The target is the recipe's, and the server may have any text there. */
static char *
read_target (const char *recipe_text)
{
  g_autoptr (LksJson) json = NULL;
  JsonObject *root;
  char *target = NULL;

  if (recipe_text == NULL)
    return NULL;
  json = lks_json_parse ("recipe", recipe_text, strlen (recipe_text), RECIPE_MAX_BYTES, NULL);
  root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  if (root == NULL || !lks_json_has (root, "targetState") ||
      !lks_json_read_string (json, root, "targetState", &target, NULL))
    return NULL;
  return target;
}

/* A recipe whose target nobody can read may have been the last one. */
static LksElsewhereKind
judge_record (const LksRecordFields *fields, const char *recipe_hash, const char *target)
{
  g_autofree char *reached = NULL;

  if (g_strcmp0 (fields->recipe_hash, recipe_hash) == 0)
    return LKS_ELSEWHERE_SAME_RECIPE;

  reached = read_target (fields->recipe_text);
  if (reached == NULL || g_str_equal (reached, target) || g_str_equal (reached, LAST_TARGET))
    return LKS_ELSEWHERE_OTHER_RECIPE;
  return LKS_ELSEWHERE_EARLIER;
}

/**
 * lks_elsewhere_judge:
 * @self: (nullable): an answer; NULL: nobody was asked
 * @device_id: (nullable): the board
 * @recipe_hash: the recipe by which it is to be finalized here
 * @target: the nick of that recipe's target state
 * @out_fields: (out) (nullable) (optional): the record that says it; it belongs to @self
 *
 * Decides what the other stations' records mean for one board and one recipe. They are information
 * and no proof: what a board is, only the board tells.
 *
 * Returns: the gravest of what they say, the newest record of that kind
 */
LksElsewhereKind
lks_elsewhere_judge (const LksElsewhere *self,
                     const char *device_id,
                     const char *recipe_hash,
                     const char *target,
                     const LksRecordFields **out_fields)
{
  LksElsewhereKind kind = LKS_ELSEWHERE_NOTHING;
  GPtrArray *records =
      self != NULL && device_id != NULL ? g_hash_table_lookup (self->records, device_id) : NULL;

  if (out_fields != NULL)
    *out_fields = NULL;
  if (self != NULL && !self->is_alone && records == NULL)
    return LKS_ELSEWHERE_UNKNOWN;

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const LksRecordFields *fields = lks_record_get_fields (records->pdata[i]);
      LksElsewhereKind said = judge_record (fields, recipe_hash, target);

      if (said <= kind)
        continue;
      kind = said;
      if (out_fields != NULL)
        *out_fields = fields;
    }
  return kind;
}

/**
 * lks_elsewhere_is_finished:
 * @kind: what other stations say
 *
 * Asks whether the board is only to be verified here, unless a person who was told so says
 * otherwise: a consent from before does not count.
 *
 * Returns: whether another station says that it has finished the board
 */
gboolean
lks_elsewhere_is_finished (LksElsewhereKind kind)
{
  return kind == LKS_ELSEWHERE_OTHER_RECIPE || kind == LKS_ELSEWHERE_SAME_RECIPE;
}
