/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures that the server should have and does not. Entries are asked for before every push, by
 * the newest one; signatures stand beside them, and only all of them tell which is missing. */
#include "lks-share-private.h"

#define RANGE_ENTRIES 2000
#define BATCH_SIGNATURES 500

typedef struct
{
  LksShare *share;
  LksLedger *ledger;
  const char *ledger_id;
  guint64 *n_sent;
  GCancellable *cancellable;
} Repair;

static char *
make_name (gint64 sequence, const char *key)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", sequence, key);
}

static gboolean
read_there (Repair *self, gint64 after, gint64 last, GHashTable *names, GError **error)
{
  g_autofree char *from = g_strdup_printf ("%" G_GINT64_FORMAT, after);
  g_autofree char *to = g_strdup_printf ("%" G_GINT64_FORMAT, last);
  const LksPgValue values[] = { { self->ledger_id, 0 }, { from, 0 }, { to, 0 } };
  g_autoptr (PGresult) result =
      lks_pg_query (lks_share_get_pg (self->share),
                    "SELECT sequence, signed_by FROM lks_signatures WHERE ledger_id = $1"
                    " AND sequence > $2::BIGINT AND sequence <= $3::BIGINT",
                    values, G_N_ELEMENTS (values), self->cancellable, error);

  for (int i = 0; result != NULL && i < PQntuples (result); i++)
    g_hash_table_add (names, make_name (lks_pg_get_int (result, i, 0), lks_pg_get (result, i, 1)));
  return result != NULL;
}

static gboolean
send_missing (Repair *self, GPtrArray *signatures, GError **error)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  if (signatures->len == 0)
    return TRUE;
  if (!lks_share_send (self->share, self->ledger_id, none, signatures, self->cancellable, error))
    return FALSE;

  *self->n_sent += signatures->len;
  g_ptr_array_set_size (signatures, 0);
  return TRUE;
}

static gboolean
repair_range (Repair *self, gint64 after, gint64 last, GError **error)
{
  const LksOutboxCursor cursor = { .sequence = after, .signature_row = G_MAXINT64 };
  g_autoptr (GPtrArray) here =
      lks_ledger_outbox_signatures (self->ledger, &cursor, last, G_MAXUINT, error);
  g_autoptr (GHashTable) there = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();

  if (here == NULL || (here->len > 0 && !read_there (self, after, last, there, error)))
    return FALSE;

  for (guint i = 0; i < here->len; i++)
    {
      const LksOutboxSignature *signature = here->pdata[i];
      g_autofree char *name = make_name (signature->sequence, signature->key);

      if (!g_hash_table_contains (there, name))
        g_ptr_array_add (missing, here->pdata[i]);
      if (missing->len == BATCH_SIGNATURES && !send_missing (self, missing, error))
        return FALSE;
    }
  return send_missing (self, missing, error);
}

/**
 * lks_share_repair:
 * @self: a connection
 * @ledger: a ledger of this station, just pushed
 * @out_n_sent: (out): how many signatures were missing and are there now, also when that is not all
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError], a [error@Lks.LedgerError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Compares the signatures of all entries that the shared ledger has with those here, and sends what
 * is missing there. Nothing there is changed. Blocks, about 10 s for a million.
 *
 * Returns: whether no signature is missing
 */
gboolean
lks_share_repair (LksShare *self,
                  LksLedger *ledger,
                  guint64 *out_n_sent,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autofree char *ledger_id = lks_ledger_dup_id (ledger, error);
  Repair repair = { self, ledger, ledger_id, out_n_sent, cancellable };
  LksOutboxCursor cursor;

  *out_n_sent = 0;
  if (ledger_id == NULL ||
      !lks_ledger_outbox_get (ledger, lks_share_get_name (self), &cursor, error))
    return FALSE;

  for (gint64 after = 0; after < cursor.sequence; after += RANGE_ENTRIES)
    if (!repair_range (&repair, after, MIN (after + RANGE_ENTRIES, cursor.sequence), error))
      return FALSE;
  return TRUE;
}
