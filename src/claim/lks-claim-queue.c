/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The claims that wait in the ledger, and the work on them. Nothing is taken out of the queue:
 * evidence is added behind what was intended, and what has it waits no longer. */
#include "lks-claim-queue.h"

#include "lks-cloud-claim.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-device-id.h"
#include "lks-json.h"

typedef struct
{
  LksLedger *ledger;
  LksCloudClaimer *claimer;
  LksCloudClient *client; /* (owned) (nullable) */
  LksClaimQueueFunc func;
  gpointer user_data;
  GCancellable *cancellable;
  GHashTable *waiting;   /* (owned) (element-type utf8 LksClaimNote): borrows both */
  gboolean is_unwritten; /* the ledger did not take what became of one */
} Work;

/* ---- what waits ---- */

static LksClaimNote *
read_note (LksLedger *ledger, const char *device_id, GError **error)
{
  LksClaimNote *note;

  if (lks_claim_note_read (ledger, device_id, &note, error) && (note == NULL || !note->is_waiting))
    {
      g_clear_pointer (&note, lks_claim_note_free);
      g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND,
                   "no claim of the board …%s waits", lks_device_id_get_short (device_id));
    }
  return note;
}

/**
 * lks_claim_queue_list:
 * @ledger: a ledger
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks.
 *
 * Returns: (transfer full) (element-type LksClaimNote): the claims that wait, the oldest first, or
 *   NULL with @error set
 */
GPtrArray *
lks_claim_queue_list (LksLedger *ledger, GError **error)
{
  g_auto (GStrv) ids = lks_ledger_claims_list (ledger, error);
  g_autoptr (GPtrArray) notes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_claim_note_free);

  if (ids == NULL)
    return NULL;

  for (char **id = ids; *id != NULL; id++)
    {
      g_autoptr (GError) reason = NULL;
      LksClaimNote *note = read_note (ledger, *id, &reason);

      if (note != NULL)
        g_ptr_array_add (notes, note);
      else if (!g_error_matches (reason, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
    }
  return g_steal_pointer (&notes);
}

/* ---- what became of one ---- */

static gboolean
write_down (LksLedger *ledger, const LksClaimNote *note, GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node,
                         lks_claim_outcome_to_json (note->outcome, note->claim.catalog_id,
                                                    note->place, note->account, note->message));
  text = json_to_string (node, FALSE);
  return lks_ledger_journal_append (ledger,
                                    &(LksJournalEntry){
                                        .run_id = note->run_id,
                                        .device_id = note->device_id,
                                        .target = note->target,
                                        .step = LKS_CLAIM_STEP,
                                        .phase = "evidence",
                                        .at_us = note->outcome_us,
                                        .data = text,
                                    },
                                    error);
}

static void
set_outcome (LksClaimNote *note,
             const char *outcome,
             char *place,
             const char *account,
             const char *message)
{
  g_free (note->outcome);
  g_free (note->place);
  g_free (note->account);
  g_free (note->message);
  note->outcome = g_strdup (outcome);
  note->place = place;
  note->account = g_strdup (account);
  note->message = g_strdup (message);
  note->outcome_us = g_get_real_time ();
  note->is_waiting = g_str_equal (outcome, LKS_CLAIM_FAILED);
}

/* What was done in the cloud and could not be written down is found there the next time; nothing
 * more is done before that can be written down. */
static gboolean
settle (Work *work,
        LksClaimNote *note,
        const LksCloudScope *place,
        gboolean was_there,
        const GError *reason,
        GError **error)
{
  const char *done = was_there ? LKS_CLAIM_FOUND : LKS_CLAIM_DONE;

  set_outcome (note, place != NULL ? done : LKS_CLAIM_FAILED,
               place != NULL ? lks_cloud_scope_dup_id (place) : NULL,
               lks_cloud_claimer_get_user (work->claimer), reason != NULL ? reason->message : NULL);
  work->is_unwritten = !write_down (work->ledger, note, error);
  work->func (note, reason, work->user_data);
  if (!work->is_unwritten)
    return TRUE;

  g_prefix_error (error,
                  "the board …%s is %s, which could not be written down; no further claim is "
                  "made: ",
                  lks_device_id_get_short (note->device_id),
                  place != NULL ? "in the catalog" : "not in the catalog");
  return FALSE;
}

/* What is unknown when everything ends keeps waiting, and the catalog is asked the next time. */
static gboolean
take_result (const LksCloudClaimResult *result, gpointer user_data, GError **error)
{
  Work *work = user_data;
  LksClaimNote *note = g_hash_table_lookup (work->waiting, result->device_id);

  return note == NULL || (result->is_unknown && lks_cloud_error_concerns_all (result->error)) ||
         settle (work, note, result->place, result->was_there, result->error, error);
}

/* ---- all ---- */

static gboolean
is_same_place (const LksRecipeClaim *one, const LksRecipeClaim *other)
{
  return g_ascii_strcasecmp (one->catalog_id, other->catalog_id) == 0 &&
         g_strcmp0 (one->product, other->product) == 0 &&
         g_strcmp0 (one->device_group, other->device_group) == 0;
}

static gboolean
claim_batch (Work *work, const LksCloudScope *group, GPtrArray *ids, GError **error)
{
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_dup_catalog (group);
  g_autoptr (GHashTable) places =
      lks_cloud_device_locate (work->client, catalog, ids, work->cancellable, error);

  return places != NULL && lks_cloud_claim (work->client, group, ids, places, take_result, work,
                                            work->cancellable, error);
}

/* A catalog that is not there, or closed to this account, does not hold up the others: then that is
 * what became of its boards. */
static gboolean
claim_group (Work *work, GPtrArray *notes, GError **error)
{
  LksClaimNote *first = g_ptr_array_index (notes, 0);
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_parse (first->claim.catalog_id, &reason);
  g_autoptr (LksCloudScope) group =
      catalog != NULL
          ? lks_cloud_scope_dup_group (catalog, first->claim.product, first->claim.device_group)
          : NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < notes->len; i++)
    g_ptr_array_add (ids, ((LksClaimNote *) g_ptr_array_index (notes, i))->device_id);
  if (group != NULL && claim_batch (work, group, ids, &reason))
    return TRUE;
  if (work->is_unwritten || lks_cloud_error_concerns_all (reason))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  for (guint i = 0; i < notes->len; i++)
    {
      LksClaimNote *note = g_ptr_array_index (notes, i);

      if (note->is_waiting && !settle (work, note, NULL, FALSE, reason, error))
        return FALSE;
    }
  return TRUE;
}

/* The next ones of one place. They leave @left. */
static GPtrArray *
take_same (GPtrArray *left)
{
  const LksClaimNote *first = g_ptr_array_index (left, 0);
  GPtrArray *same = g_ptr_array_new ();

  for (guint i = 0; i < left->len;)
    {
      LksClaimNote *note = g_ptr_array_index (left, i);

      if (is_same_place (&note->claim, &first->claim))
        g_ptr_array_add (same, g_ptr_array_remove_index (left, i));
      else
        i++;
    }
  return same;
}

static gboolean
work_off (Work *work, GPtrArray *notes, GError **error)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new ();

  for (guint i = 0; i < notes->len; i++)
    {
      LksClaimNote *note = g_ptr_array_index (notes, i);

      g_ptr_array_add (left, note);
      g_hash_table_insert (work->waiting, note->device_id, note);
    }
  while (left->len > 0)
    {
      g_autoptr (GPtrArray) same = take_same (left);

      if (!claim_group (work, same, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * lks_claim_queue_work:
 * @ledger: a ledger
 * @claimer: on whose behalf
 * @func: (scope call): takes what became of each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error that would meet all, or of the ledger
 *
 * Makes the claims that wait, for ever: each catalog is asked for its boards first, what it has is
 * not claimed again, and what became of each stands in the ledger before the next is looked at. One
 * that fails keeps waiting. When the ledger does not take what became of one, no further claim is
 * made. May be interrupted at any point and called again. Blocks; worker
 * threads only.
 *
 * Returns: whether every claim was tried; each may have failed
 */
gboolean
lks_claim_queue_work (LksLedger *ledger,
                      LksCloudClaimer *claimer,
                      LksClaimQueueFunc func,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GPtrArray) notes = lks_claim_queue_list (ledger, error);
  Work work = { ledger, claimer, NULL, func, user_data, cancellable, NULL, FALSE };
  gboolean good;

  if (notes == NULL)
    return FALSE;
  work.client = lks_cloud_claimer_create_client (claimer, cancellable, error);
  if (work.client == NULL)
    return FALSE;

  work.waiting = g_hash_table_new (g_str_hash, g_str_equal);
  good = work_off (&work, notes, error);
  g_hash_table_unref (work.waiting);
  lks_cloud_client_free (work.client);
  return good;
}

/**
 * lks_claim_queue_give_up:
 * @ledger: a ledger
 * @device_id: whose claim, 128 digits in lower case
 * @reason: why, for the journal
 * @error: return location for a [error@Lks.LedgerError], NOT_FOUND when none of it waits
 *
 * Says that a claim will not be made, such as of a board that belongs to another catalog. The
 * journal keeps it, and why. Any thread; blocks.
 *
 * Returns: whether it waits no longer
 */
gboolean
lks_claim_queue_give_up (LksLedger *ledger,
                         const char *device_id,
                         const char *reason,
                         GError **error)
{
  g_autoptr (LksClaimNote) note = read_note (ledger, device_id, error);

  if (note == NULL)
    return FALSE;

  set_outcome (note, LKS_CLAIM_GIVEN_UP, NULL, NULL, reason);
  return write_down (ledger, note, error);
}
