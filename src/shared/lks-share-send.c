/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One transaction of entries and signatures on their way to a shared ledger. What is there already
 * is left as it is; an entry is compared then. */
#include "lks-share-private.h"

#include <stdlib.h>
#include <string.h>

#define TRIES_MAX 5

typedef struct
{
  LksShare *share;
  const char *ledger_id;
  GPtrArray *entries;
  GPtrArray *signatures;
  GCancellable *cancellable;
} Send;

/**
 * lks_share_fail_differs:
 * @sequence: an entry
 * @error: return location for a [error@Lks.ShareError]
 *
 * Returns: FALSE, with DIFFERS set
 */
gboolean
lks_share_fail_differs (gint64 sequence, GError **error)
{
  g_set_error (
      error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_DIFFERS,
      "the shared ledger has something else for entry %" G_GINT64_FORMAT
      " of this station's ledger: it was changed there, or this ledger was copied and both "
      "copies went on",
      sequence);
  return FALSE;
}

static gboolean
run (Send *self, const char *sql, const LksPgValue *values, guint n_values, GError **error)
{
  return lks_pg_run (lks_share_get_pg (self->share), sql, values, n_values, self->cancellable,
                     error);
}

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
insert_entries (Send *self, GPtrArray *entries, GError **error)
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
insert_pairs (Send *self, const char *insert, GHashTable *pairs, GError **error)
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
insert_recipes (Send *self, GPtrArray *entries, GError **error)
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
compare_entries (Send *self, GPtrArray *sent, GError **error)
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
        return lks_share_fail_differs (entry->sequence, error);
    }
  return TRUE;
}

static gboolean
send_entries (Send *self, GPtrArray *entries, GError **error)
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
send_keys (Send *self, GPtrArray *signatures, GError **error)
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
send_signatures (Send *self, GPtrArray *signatures, GError **error)
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
send_batch (Send *self, GError **error)
{
  if (!run (self, "BEGIN", NULL, 0, error))
    return FALSE;
  if (send_entries (self, self->entries, error) && send_signatures (self, self->signatures, error))
    return run (self, "COMMIT", NULL, 0, error);

  run (self, "ROLLBACK", NULL, 0, NULL);
  return FALSE;
}

/**
 * lks_share_send:
 * @self: a connection
 * @ledger_id: a ledger
 * @entries: (element-type LksOutboxEntry): entries that follow each other, or none
 * @signatures: (element-type LksOutboxSignature): signatures of them or of entries before, some
 *   thousands at most
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Sends all of them in one transaction, and once more when others are in the way. Blocks.
 *
 * Returns: whether the server has them
 */
gboolean
lks_share_send (LksShare *self,
                const char *ledger_id,
                GPtrArray *entries,
                GPtrArray *signatures,
                GCancellable *cancellable,
                GError **error)
{
  Send send = { self, ledger_id, entries, signatures, cancellable };

  for (guint i = 0;; i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (send_batch (&send, &local_error))
        return TRUE;
      /* The server has undone the transaction. */
      if (i + 1 < TRIES_MAX && g_error_matches (local_error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_BUSY))
        continue;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
}
