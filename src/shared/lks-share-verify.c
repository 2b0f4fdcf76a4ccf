/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether what the server has now is what the stations sent. */
#include "lks-share-private.h"
#include "lks-station-key.h"

#include <string.h>

/* What is known of one ledger while its entries pass by. */
typedef struct
{
  gint64 last_sequence;
  gint64 last_signed;
  char *head; /* (owned) */
} Chain;

typedef struct
{
  LksShareReport *report; /* (owned) */
  GHashTable *chains;     /* (owned): ledger ID → Chain */
  GHashTable *recipes;    /* (owned): hash → text */
  LksStationKey *key;     /* (owned) (nullable): of the signature before */
} Check;

static void
chain_free (gpointer data)
{
  Chain *chain = data;

  g_free (chain->head);
  g_free (chain);
}

static void
check_clear (Check *self)
{
  g_clear_pointer (&self->report, lks_share_report_free);
  g_hash_table_unref (self->chains);
  g_hash_table_unref (self->recipes);
  g_clear_pointer (&self->key, lks_station_key_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Check, check_clear)

/**
 * lks_share_report_free:
 * @self: (transfer full): a report
 */
void
lks_share_report_free (LksShareReport *self)
{
  g_ptr_array_unref (self->problems);
  g_free (self);
}

static void
add_problem (Check *self, const char *ledger_id, gint64 sequence, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

static void
add_problem (Check *self, const char *ledger_id, gint64 sequence, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  self->report->n_problems++;
  if (self->report->problems->len >= LKS_VERIFY_PROBLEMS_MAX)
    return;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (self->report->problems,
                   g_strdup_printf ("ledger %s, entry %" G_GINT64_FORMAT ": %s", ledger_id,
                                    sequence, what));
}

static Chain *
get_chain (Check *self, const char *ledger_id)
{
  Chain *chain = g_hash_table_lookup (self->chains, ledger_id);

  if (chain != NULL)
    return chain;

  chain = g_new0 (Chain, 1);
  chain->head = g_strdup (ledger_id);
  g_hash_table_insert (self->chains, g_strdup (ledger_id), chain);
  self->report->n_ledgers++;
  return chain;
}

/* ---- entries ---- */

/* The columns that are compared, behind those before the text. */
static char *
entries_sql (void)
{
  GString *sql = g_string_new ("SELECT ledger_id, sequence, hash, text");

  for (guint i = LKS_SHARE_COLUMN_FIRST_OF_ENTRY; i < LKS_SHARE_N_COLUMNS; i++)
    g_string_append_printf (sql, ", %s", lks_share_columns[i].name);
  g_string_append (sql, " FROM lks_entries ORDER BY ledger_id, sequence");
  return g_string_free (sql, FALSE);
}

static char *
dup_bytes (const char *escaped, gsize *out_size_bytes)
{
  guchar *bytes = PQunescapeBytea ((const guchar *) escaped, out_size_bytes);
  char *copy = g_strndup ((const char *) bytes, bytes != NULL ? *out_size_bytes : 0);

  PQfreemem (bytes);
  return copy;
}

static void
check_columns (Check *self, PGresult *row, const LksShareEntry *entry)
{
  for (guint i = LKS_SHARE_COLUMN_FIRST_OF_ENTRY; i < LKS_SHARE_N_COLUMNS; i++)
    {
      const char *there = lks_pg_get (row, 0, (int) i);
      g_autofree char *bytes = NULL;
      gsize size_bytes;

      if (there != NULL && g_str_equal (lks_share_columns[i].cast, "::BYTEA"))
        there = bytes = dup_bytes (there, &size_bytes);
      if (g_strcmp0 (there, entry->texts[i]) != 0)
        add_problem (self, entry->texts[LKS_SHARE_COLUMN_LEDGER_ID], lks_pg_get_int (row, 0, 1),
                     "the column “%s” was changed: it is not what the record says",
                     lks_share_columns[i].name);
    }
}

static void
check_recipe (Check *self, gint64 sequence, const LksShareEntry *entry)
{
  if (entry->recipe_hash != NULL && entry->recipe_text != NULL &&
      g_strcmp0 (g_hash_table_lookup (self->recipes, entry->recipe_hash), entry->recipe_text) != 0)
    add_problem (self, entry->texts[LKS_SHARE_COLUMN_LEDGER_ID], sequence,
                 "the recipe %s was changed or removed", entry->recipe_hash);
}

static gint64
get_text_sequence (const LksShareEntry *entry)
{
  JsonObject *object = entry->root != NULL && JSON_NODE_HOLDS_OBJECT (entry->root)
                           ? json_node_get_object (entry->root)
                           : NULL;
  JsonNode *node = object != NULL ? json_object_get_member (object, "sequence") : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;
}

static void
check_place (Check *self, const Chain *chain, gint64 sequence, const LksShareEntry *entry)
{
  const char *ledger_id = entry->texts[LKS_SHARE_COLUMN_LEDGER_ID];
  JsonObject *object = entry->root != NULL && JSON_NODE_HOLDS_OBJECT (entry->root)
                           ? json_node_get_object (entry->root)
                           : NULL;

  if (sequence > chain->last_sequence + 1)
    add_problem (self, ledger_id, chain->last_sequence + 1,
                 "it is gone, and with it all up to entry %" G_GINT64_FORMAT, sequence - 1);
  if (object == NULL || get_text_sequence (entry) != sequence)
    add_problem (self, ledger_id, sequence, "it stands under another number than it was written");
  /* The fifth column is "previous", made from the text. */
  else if (sequence == chain->last_sequence + 1 &&
           g_strcmp0 (json_object_get_string_member_with_default (object, "previous", NULL),
                      chain->head) != 0)
    add_problem (self, ledger_id, sequence,
                 "it does not follow the entry before it: entries were exchanged or changed");
}

static gboolean
entry_cb (PGresult *row, gpointer data, GError **error)
{
  Check *self = data;
  const char *ledger_id = lks_pg_get (row, 0, LKS_SHARE_COLUMN_LEDGER_ID);
  const gint64 sequence = lks_pg_get_int (row, 0, LKS_SHARE_COLUMN_SEQUENCE);
  const char *hash = lks_pg_get (row, 0, LKS_SHARE_COLUMN_HASH);
  Chain *chain = get_chain (self, ledger_id);
  gsize text_bytes = 0;
  g_autofree char *text = dup_bytes (PQgetvalue (row, 0, LKS_SHARE_COLUMN_TEXT), &text_bytes);
  g_autofree char *computed =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, text_bytes);
  g_autoptr (LksShareEntry) entry =
      lks_share_entry_new (ledger_id, sequence, hash, text, text_bytes);

  self->report->n_entries++;
  if (g_strcmp0 (computed, hash) != 0)
    add_problem (self, ledger_id, sequence,
                 "it was changed after it was written: its hash is another one");
  check_place (self, chain, sequence, entry);
  check_columns (self, row, entry);
  check_recipe (self, sequence, entry);

  chain->last_sequence = sequence;
  g_free (chain->head);
  chain->head = g_strdup (hash);
  return TRUE;
}

static gboolean
recipe_cb (PGresult *row, gpointer data, GError **error)
{
  Check *self = data;

  g_hash_table_insert (self->recipes, g_strdup (lks_pg_get (row, 0, 0)),
                       g_strdup (lks_pg_get (row, 0, 1)));
  return TRUE;
}

/* ---- signatures ---- */

static const LksStationKey *
find_key (Check *self, const char *fingerprint, const char *pem)
{
  if (self->key != NULL &&
      g_strcmp0 (lks_station_key_get_fingerprint (self->key), fingerprint) == 0 &&
      g_strcmp0 (lks_station_key_get_pem (self->key), pem) == 0)
    return self->key;

  g_clear_pointer (&self->key, lks_station_key_free);
  self->key = pem != NULL ? lks_station_key_new_public (pem, NULL) : NULL;
  if (self->key == NULL ||
      g_strcmp0 (lks_station_key_get_fingerprint (self->key), fingerprint) != 0)
    return NULL;
  return self->key;
}

static gboolean
signature_cb (PGresult *row, gpointer data, GError **error)
{
  Check *self = data;
  const char *ledger_id = lks_pg_get (row, 0, 0);
  const gint64 sequence = lks_pg_get_int (row, 0, 1);
  const char *fingerprint = lks_pg_get (row, 0, 2);
  const char *hash = lks_pg_get (row, 0, 6);
  const LksStationKey *key = find_key (self, fingerprint, lks_pg_get (row, 0, 5));
  g_autofree char *message = g_strdup_printf ("%s %" G_GINT64_FORMAT, hash != NULL ? hash : "",
                                              lks_pg_get_int (row, 0, 3));

  self->report->n_signatures++;
  if (key == NULL || !lks_station_key_verify (key, message, lks_pg_get (row, 0, 4)))
    add_problem (self, ledger_id, sequence, "its signature is not of the key %s", fingerprint);
  else
    get_chain (self, ledger_id)->last_signed = sequence;
  return TRUE;
}

static gboolean
unsigned_cb (PGresult *row, gpointer data, GError **error)
{
  add_problem (data, lks_pg_get (row, 0, 0), lks_pg_get_int (row, 0, 1),
               "it was signed when it was written, and the signature is gone");
  return TRUE;
}

/* ---- against this station ---- */

/* With both chains whole, the same head is the same everything. */
static gboolean
check_own (Check *self, LksShare *share, LksLedger *ledger, GError **error)
{
  g_autofree char *ledger_id = lks_ledger_dup_id (ledger, error);
  g_autoptr (GPtrArray) entries = NULL;
  const Chain *chain = ledger_id != NULL ? g_hash_table_lookup (self->chains, ledger_id) : NULL;
  const gint64 last = chain != NULL ? chain->last_sequence : 0;
  LksOutboxCursor cursor;

  if (ledger_id == NULL ||
      !lks_ledger_outbox_get (ledger, lks_share_get_name (share), &cursor, error))
    return FALSE;
  if (last < cursor.sequence)
    add_problem (self, ledger_id, last + 1,
                 "this station's records from here to entry %" G_GINT64_FORMAT
                 " were on the server and are gone",
                 cursor.sequence);
  if (last == 0)
    return TRUE;

  if ((entries = lks_ledger_outbox_entries (ledger, last - 1, 1, 1, error)) == NULL)
    return FALSE;
  if (entries->len == 0 || ((LksOutboxEntry *) entries->pdata[0])->sequence != last ||
      g_strcmp0 (((LksOutboxEntry *) entries->pdata[0])->hash, chain->head) != 0)
    add_problem (self, ledger_id, last, "the ledger of this station has something else there");
  return TRUE;
}

static void
count_unsigned (Check *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->chains);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Chain *chain = value;

      self->report->n_unsigned += (guint64) MAX (0, chain->last_sequence - chain->last_signed);
    }
}

static gboolean
check_all (Check *self, LksShare *share, GCancellable *cancellable, GError **error)
{
  g_autofree char *entries = entries_sql ();
  LksPg *pg = lks_share_get_pg (share);

  return lks_pg_for_each (pg, "SELECT hash, text FROM lks_recipes", NULL, 0, recipe_cb, self,
                          cancellable, error) &&
         lks_pg_for_each (pg, entries, NULL, 0, entry_cb, self, cancellable, error) &&
         lks_pg_for_each (
             pg,
             "SELECT s.ledger_id, s.sequence, s.signed_by, s.at_us, s.signature, k.pem,"
             " e.hash FROM lks_signatures AS s LEFT JOIN lks_station_keys AS k"
             " ON k.fingerprint = s.signed_by LEFT JOIN lks_entries AS e"
             " ON e.ledger_id = s.ledger_id AND e.sequence = s.sequence"
             " ORDER BY s.ledger_id, s.sequence",
             NULL, 0, signature_cb, self, cancellable, error) &&
         lks_pg_for_each (pg,
                          "SELECT e.ledger_id, e.sequence FROM lks_entries AS e"
                          " WHERE e.signed_by IS NOT NULL AND NOT EXISTS (SELECT 1"
                          " FROM lks_signatures AS s WHERE s.ledger_id = e.ledger_id"
                          " AND s.sequence = e.sequence AND s.signed_by = e.signed_by)"
                          " ORDER BY e.ledger_id, e.sequence",
                          NULL, 0, unsigned_cb, self, cancellable, error);
}

/* All questions see the state of one moment. */
static gboolean
check_in_transaction (Check *self, LksShare *share, GCancellable *cancellable, GError **error)
{
  LksPg *pg = lks_share_get_pg (share);
  gboolean good;

  if (!lks_pg_run (pg, "BEGIN", NULL, 0, cancellable, error))
    return FALSE;
  good = lks_pg_run (pg, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", NULL, 0, cancellable,
                     error) &&
         check_all (self, share, cancellable, error);
  return lks_pg_run (pg, "ROLLBACK", NULL, 0, cancellable, good ? error : NULL) && good;
}

/**
 * lks_share_verify:
 * @self: a connection
 * @ledger: (nullable): the ledger of this station, which is compared
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError], a [error@Lks.LedgerError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Checks the chains of all ledgers from the server's own data: every text against its hash and the
 * one before, every column against the text, signatures, and this station's entries. That the
 * newest entries of another station were removed only that station finds. An entry that is signed
 * in the same moment may be told as unsigned while a station pushes. Blocks, some 10 s for a
 * million.
 *
 * Returns: (transfer full): what was found, or NULL with @error set
 */
LksShareReport *
lks_share_verify (LksShare *self, LksLedger *ledger, GCancellable *cancellable, GError **error)
{
  g_auto (Check) check = {
    .report = g_new0 (LksShareReport, 1),
    .chains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, chain_free),
    .recipes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
  };

  check.report->problems = g_ptr_array_new_with_free_func (g_free);
  if (!lks_share_check_version (self, cancellable, error) ||
      !check_in_transaction (&check, self, cancellable, error) ||
      (ledger != NULL && !check_own (&check, self, ledger, error)))
    return NULL;

  count_unsigned (&check);
  return g_steal_pointer (&check.report);
}
