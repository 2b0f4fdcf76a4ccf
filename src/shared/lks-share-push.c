/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies the entries of a ledger to a shared one, exactly once each.
 *
 * The server is asked what it has before anything is sent: that answers for every commit of which
 * nobody heard, and nothing is guessed. Entries go in order and in transactions, so what is there
 * has no gaps. An entry that is there already is left as it is and compared: another hash under the
 * same number is an alarm. A commit that an old connection still carries out meanwhile does no
 * harm, since the same rows wait for it and then do nothing. */
#include "lks-share-private.h"

#include <stdlib.h>
#include <string.h>

#define BATCH_ENTRIES 200
#define BATCH_BYTES (4 * 1024 * 1024)
#define BATCH_SIGNATURES 500
#define TRIES_MAX 5

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
run (Push *self, const char *sql, const LksPgValue *values, guint n_values, GError **error)
{
  return lks_pg_run (lks_share_get_pg (self->share), sql, values, n_values, self->cancellable,
                     error);
}

static gboolean
save_cursor (Push *self, GError **error)
{
  self->cursor.confirmed_us = g_get_real_time ();
  return lks_ledger_outbox_set (self->ledger, self->place, &self->cursor, error);
}

static gboolean
fail_differs (gint64 sequence, GError **error)
{
  g_set_error (
      error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_DIFFERS,
      "the shared ledger has something else for entry %" G_GINT64_FORMAT
      " of this station's ledger: it was changed there, or this ledger was copied and both "
      "copies went on",
      sequence);
  return FALSE;
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
  return fail_differs (sequence, error);
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

/* ---- one transaction ---- */

/* "($1,$2::BIGINT),($3,…" for @n_rows rows; @casts has one cast per column. */
static void
append_rows (GString *sql, guint n_rows, const char *const *casts, guint n_columns)
{
  for (guint row = 0; row < n_rows; row++)
    {
      g_string_append (sql, row == 0 ? " (" : ", (");
      for (guint i = 0; i < n_columns; i++)
        g_string_append_printf (sql, "%s$%u%s", i > 0 ? "," : "", row * n_columns + i + 1,
                                casts[i]);
      g_string_append_c (sql, ')');
    }
  g_string_append (sql, " ON CONFLICT DO NOTHING");
}

static gboolean
insert_entries (Push *self, GPtrArray *entries, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("INSERT INTO lks_entries (");
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (LksPgValue));
  const char *casts[LKS_SHARE_N_COLUMNS];

  for (guint i = 0; i < LKS_SHARE_N_COLUMNS; i++)
    {
      g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", lks_share_columns[i].name);
      casts[i] = lks_share_columns[i].cast;
    }
  g_string_append (sql, ") VALUES");
  append_rows (sql, entries->len, casts, LKS_SHARE_N_COLUMNS);
  for (guint row = 0; row < entries->len; row++)
    for (guint i = 0; i < LKS_SHARE_N_COLUMNS; i++)
      {
        const LksPgValue value = lks_share_entry_get_value (entries->pdata[row], i);

        g_array_append_val (values, value);
      }
  return run (self, sql->str, (LksPgValue *) (gpointer) values->data, values->len, error);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* In one order at all stations, or two of them wait for each other. */
static gboolean
insert_pairs (Push *self, const char *insert, GHashTable *pairs, GError **error)
{
  static const char *const casts[] = { "", "" };
  g_autoptr (GString) sql = g_string_new (insert);
  guint n_pairs = 0;
  g_autofree gpointer *names = g_hash_table_get_keys_as_array (pairs, &n_pairs);
  g_autofree LksPgValue *values = g_new0 (LksPgValue, n_pairs * 2 + 1);

  if (n_pairs == 0)
    return TRUE;

  qsort (names, n_pairs, sizeof *names, compare_texts);
  append_rows (sql, n_pairs, casts, 2);
  for (guint i = 0; i < n_pairs; i++)
    {
      values[i * 2].data = names[i];
      values[i * 2 + 1].data = g_hash_table_lookup (pairs, names[i]);
    }
  return run (self, sql->str, values, n_pairs * 2, error);
}

static gboolean
insert_recipes (Push *self, GPtrArray *entries, GError **error)
{
  g_autoptr (GHashTable) recipes = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < entries->len; i++)
    {
      const LksShareEntry *entry = entries->pdata[i];

      if (entry->recipe_hash != NULL && entry->recipe_text != NULL)
        g_hash_table_insert (recipes, (gpointer) entry->recipe_hash, (gpointer) entry->recipe_text);
    }
  return insert_pairs (self, "INSERT INTO lks_recipes (hash, text) VALUES", recipes, error);
}

/* All of them are there now, by whomsoever: are they ours? */
static gboolean
compare_entries (Push *self, GPtrArray *sent, GError **error)
{
  const LksOutboxEntry *first = sent->pdata[0];
  const LksOutboxEntry *last = sent->pdata[sent->len - 1];
  g_autofree char *from = g_strdup_printf ("%" G_GINT64_FORMAT, first->sequence);
  g_autofree char *to = g_strdup_printf ("%" G_GINT64_FORMAT, last->sequence);
  const LksPgValue values[] = { { self->ledger_id, 0 }, { from, 0 }, { to, 0 } };
  g_autoptr (PGresult) result =
      lks_pg_query (lks_share_get_pg (self->share),
                    "SELECT sequence, hash FROM lks_entries WHERE ledger_id = $1"
                    " AND sequence >= $2::BIGINT AND sequence <= $3::BIGINT ORDER BY sequence",
                    values, G_N_ELEMENTS (values), self->cancellable, error);

  if (result == NULL)
    return FALSE;
  for (guint i = 0; i < sent->len; i++)
    {
      const LksOutboxEntry *entry = sent->pdata[i];

      if ((int) i >= PQntuples (result) || lks_pg_get_int (result, (int) i, 0) != entry->sequence ||
          g_strcmp0 (lks_pg_get (result, (int) i, 1), entry->hash) != 0)
        return fail_differs (entry->sequence, error);
    }
  return TRUE;
}

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

static gboolean
send_entries (Push *self, GPtrArray *entries, GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_share_entry_free);

  if (entries->len == 0)
    return TRUE;

  for (guint i = 0; i < entries->len; i++)
    {
      const LksOutboxEntry *entry = entries->pdata[i];

      g_ptr_array_add (rows, lks_share_entry_new (self->ledger_id, entry->sequence, entry->hash,
                                                  entry->text, strlen (entry->text)));
    }
  return insert_recipes (self, rows, error) && insert_entries (self, rows, error) &&
         compare_entries (self, entries, error);
}

static gboolean
send_keys (Push *self, GPtrArray *signatures, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < signatures->len; i++)
    {
      const LksOutboxSignature *signature = signatures->pdata[i];

      g_hash_table_insert (keys, signature->key, signature->pem);
    }
  return insert_pairs (self, "INSERT INTO lks_station_keys (fingerprint, pem) VALUES", keys, error);
}

static gboolean
send_signatures (Push *self, GPtrArray *signatures, GError **error)
{
  static const char *const casts[] = { "", "::BIGINT", "", "::BIGINT", "" };
  g_autoptr (GString) sql = g_string_new ("INSERT INTO lks_signatures (ledger_id, sequence, "
                                          "signed_by, at_us, signature) VALUES");
  g_autoptr (GPtrArray) numbers = g_ptr_array_new_with_free_func (g_free);
  g_autofree LksPgValue *values = g_new0 (LksPgValue, signatures->len * 5 + 1);

  if (signatures->len == 0)
    return TRUE;

  append_rows (sql, signatures->len, casts, 5);
  for (guint i = 0; i < signatures->len; i++)
    {
      const LksOutboxSignature *signature = signatures->pdata[i];
      char *sequence = g_strdup_printf ("%" G_GINT64_FORMAT, signature->sequence);
      char *at_us = g_strdup_printf ("%" G_GINT64_FORMAT, signature->at_us);

      g_ptr_array_add (numbers, sequence);
      g_ptr_array_add (numbers, at_us);
      values[i * 5].data = self->ledger_id;
      values[i * 5 + 1].data = sequence;
      values[i * 5 + 2].data = signature->key;
      values[i * 5 + 3].data = at_us;
      values[i * 5 + 4].data = signature->signature;
    }
  return send_keys (self, signatures, error) &&
         run (self, sql->str, values, signatures->len * 5, error);
}

/* Everything up to the commit, whose answer alone counts. */
static gboolean
send_batch (Push *self, const Batch *batch, GError **error)
{
  if (!run (self, "BEGIN", NULL, 0, error))
    return FALSE;
  if (send_entries (self, batch->entries, error) &&
      send_signatures (self, batch->signatures, error))
    return run (self, "COMMIT", NULL, 0, error);

  run (self, "ROLLBACK", NULL, 0, NULL);
  return FALSE;
}

/* ---- all of them ---- */

/* Others may be in the way; the server has then undone the transaction. */
static gboolean
try_to_send (Push *self, const Batch *batch, GError **error)
{
  for (guint i = 0;; i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (send_batch (self, batch, &local_error))
        return TRUE;
      if (i + 1 < TRIES_MAX && g_error_matches (local_error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_BUSY))
        continue;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
}

/* Signatures of entries that are there already, then entries with theirs: what is there never lacks
 * a signature that it names. */
static gboolean
read_batch (Push *self, Batch *out_batch, GError **error)
{
  gint64 last = self->cursor.sequence;

  out_batch->entries = g_ptr_array_new ();
  out_batch->signatures = lks_ledger_outbox_signatures (self->ledger, self->cursor.signature_row,
                                                        last, BATCH_SIGNATURES, error);
  if (out_batch->signatures == NULL || out_batch->signatures->len > 0)
    return out_batch->signatures != NULL;

  batch_clear (out_batch);
  out_batch->entries =
      lks_ledger_outbox_entries (self->ledger, last, BATCH_ENTRIES, BATCH_BYTES, error);
  if (out_batch->entries == NULL)
    return FALSE;
  if (out_batch->entries->len > 0)
    last = ((LksOutboxEntry *) out_batch->entries->pdata[out_batch->entries->len - 1])->sequence;
  out_batch->signatures = lks_ledger_outbox_signatures (self->ledger, self->cursor.signature_row,
                                                        last, G_MAXUINT, error);
  return out_batch->signatures != NULL;
}

static gboolean
note_batch (Push *self, const Batch *batch, GError **error)
{
  const guint n_entries = batch->entries->len;
  const guint n_signatures = batch->signatures->len;

  if (n_entries > 0)
    self->cursor.sequence = ((LksOutboxEntry *) batch->entries->pdata[n_entries - 1])->sequence;
  if (n_signatures > 0)
    self->cursor.signature_row =
        ((LksOutboxSignature *) batch->signatures->pdata[n_signatures - 1])->row;
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
      if (!try_to_send (self, &batch, error) || !note_batch (self, &batch, error))
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
