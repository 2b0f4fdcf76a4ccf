/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies the entries of a ledger to a shared one, exactly once each.
 *
 * The server is asked what it has before anything is sent: that answers for every commit of which
 * nobody heard, and nothing is guessed. Entries go in order and in transactions, so what is there
 * has no gaps. An entry that is there already is left as it is and compared: another hash under the
 * same number is an alarm. A commit that an old connection still carries out meanwhile does no
 * harm, since the same rows wait for it and then do nothing. */
#include "lks-share-private.h"

#define BATCH_ENTRIES 200
#define BATCH_BYTES (4 * 1024 * 1024)
#define BATCH_SIGNATURES 500

typedef struct
{
  LksShare *share;
  LksLedger *ledger;
  GCancellable *cancellable;
  char *place;            /* (owned) */
  char *ledger_id;        /* (owned) */
  LksOutboxCursor cursor; /* what is known */
  LksSharePushed *pushed;
} Push;

static void
push_clear (Push *self)
{
  g_free (self->place);
  g_free (self->ledger_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Push, push_clear)

static gboolean
save_cursor (Push *self, GError **error)
{
  self->cursor.confirmed_us = g_get_real_time ();
  return lks_ledger_outbox_set (self->ledger, self->place, &self->cursor, error);
}

/* ---- what the server has ---- */

static gboolean
compare_last (Push *self, gint64 sequence, const char *hash, GError **error)
{
  g_autoptr (GPtrArray) entries =
      lks_ledger_outbox_entries (self->ledger, sequence - 1, 1, 1, error);
  const LksOutboxEntry *entry;

  if (entries == NULL)
    return FALSE;
  entry = entries->len > 0 ? entries->pdata[0] : NULL;
  if (entry != NULL && entry->sequence == sequence && g_strcmp0 (entry->hash, hash) == 0)
    return TRUE;
  return lks_share_fail_differs (sequence, error);
}

/**
 * lks_share_end_free:
 * @self: (transfer full): an end
 */
void
lks_share_end_free (LksShareEnd *self)
{
  g_free (self->hash);
  g_free (self);
}

/**
 * lks_share_read_end:
 * @self: a connection
 * @ledger_id: a ledger
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Asks how much of a ledger the server has. Blocks.
 *
 * Returns: (transfer full): its newest entry there, or NULL with @error set
 */
LksShareEnd *
lks_share_read_end (LksShare *self,
                    const char *ledger_id,
                    GCancellable *cancellable,
                    GError **error)
{
  const LksPgValue id = { .data = ledger_id };
  g_autoptr (PGresult) result =
      lks_pg_query (lks_share_get_pg (self),
                    "SELECT sequence, hash FROM lks_entries WHERE ledger_id = $1"
                    " ORDER BY sequence DESC LIMIT 1",
                    &id, 1, cancellable, error);
  LksShareEnd *end;

  if (result == NULL)
    return NULL;

  end = g_new0 (LksShareEnd, 1);
  if (PQntuples (result) > 0)
    {
      end->sequence = lks_pg_get_int (result, 0, 0);
      end->hash = g_strdup (lks_pg_get (result, 0, 1));
    }
  return end;
}

static gboolean
ask (Push *self, GError **error)
{
  g_autoptr (LksShareEnd) end =
      lks_share_read_end (self->share, self->ledger_id, self->cancellable, error);

  if (end == NULL || (end->sequence > 0 && !compare_last (self, end->sequence, end->hash, error)))
    return FALSE;

  if (end->sequence < self->cursor.sequence) /* it was set back: its signatures, too */
    {
      self->pushed->n_lost_before = (guint64) (self->cursor.sequence - end->sequence);
      self->cursor.signature_row = 0;
    }
  self->cursor.sequence = end->sequence;
  return save_cursor (self, error);
}

/* ---- all of them ---- */

/* Entries together with their signatures, or signatures that came later. */
typedef struct
{
  GPtrArray *entries;    /* (owned) */
  GPtrArray *signatures; /* (owned) */
} Batch;

static void
batch_clear (Batch *self)
{
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->signatures, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Batch, batch_clear)

/* Signatures of entries that are there already, then entries with theirs: what is there never lacks
 * a signature that it names. */
static gboolean
read_batch (Push *self, Batch *out_batch, GError **error)
{
  gint64 last = self->cursor.sequence;

  out_batch->entries = g_ptr_array_new ();
  out_batch->signatures =
      lks_ledger_outbox_signatures (self->ledger, &self->cursor, last, BATCH_SIGNATURES, error);
  if (out_batch->signatures == NULL || out_batch->signatures->len > 0)
    return out_batch->signatures != NULL;

  batch_clear (out_batch);
  out_batch->entries =
      lks_ledger_outbox_entries (self->ledger, last, BATCH_ENTRIES, BATCH_BYTES, error);
  if (out_batch->entries == NULL)
    return FALSE;
  if (out_batch->entries->len > 0)
    last = ((LksOutboxEntry *) out_batch->entries->pdata[out_batch->entries->len - 1])->sequence;
  out_batch->signatures =
      lks_ledger_outbox_signatures (self->ledger, &self->cursor, last, G_MAXUINT, error);
  return out_batch->signatures != NULL;
}

/* Those of new entries may stand before a signature that went out already. */
static gboolean
note_batch (Push *self, const Batch *batch, GError **error)
{
  const guint n_entries = batch->entries->len;
  const guint n_signatures = batch->signatures->len;

  if (n_entries > 0)
    self->cursor.sequence = ((LksOutboxEntry *) batch->entries->pdata[n_entries - 1])->sequence;
  if (n_signatures > 0)
    self->cursor.signature_row =
        MAX (self->cursor.signature_row,
             ((LksOutboxSignature *) batch->signatures->pdata[n_signatures - 1])->row);
  self->pushed->n_entries += n_entries;
  self->pushed->n_signatures += n_signatures;
  return save_cursor (self, error);
}

static gboolean
push_all (Push *self, GError **error)
{
  for (;;)
    {
      g_auto (Batch) batch = { NULL };

      if (!read_batch (self, &batch, error))
        return FALSE;
      if (batch.entries->len == 0 && batch.signatures->len == 0)
        return TRUE;
      if (!lks_share_send (self->share, self->ledger_id, batch.entries, batch.signatures,
                           self->cancellable, error) ||
          !note_batch (self, &batch, error))
        return FALSE;
    }
}

/**
 * lks_share_push:
 * @self: a connection
 * @ledger: a ledger of this station
 * @out_pushed: (out): what was done, also when it was not all
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError], a [error@Lks.LedgerError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Copies what the shared ledger does not have yet. Nothing is lost or doubled by doing it again,
 * also after an error of which nobody knows whether it came before or after a commit, or from
 * several programs at once. Nothing there is ever changed. Blocks.
 *
 * Returns: whether the shared ledger has everything now
 */
gboolean
lks_share_push (LksShare *self,
                LksLedger *ledger,
                LksSharePushed *out_pushed,
                GCancellable *cancellable,
                GError **error)
{
  g_auto (Push) push = {
    .share = self,
    .ledger = ledger,
    .cancellable = cancellable,
    .place = g_strdup (lks_share_get_name (self)),
    .ledger_id = lks_ledger_dup_id (ledger, error),
    .pushed = out_pushed,
  };
  gboolean good;

  *out_pushed = (LksSharePushed){ 0 };
  good = push.ledger_id != NULL &&
         lks_ledger_outbox_get (ledger, push.place, &push.cursor, error) &&
         lks_share_check_version (self, cancellable, error) && ask (&push, error) &&
         push_all (&push, error);
  out_pushed->last_sequence = push.cursor.sequence;
  return good;
}
