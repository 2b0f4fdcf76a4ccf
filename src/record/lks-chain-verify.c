/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-private.h"
#include "lks-ledger-private.h"
#include "lks-ledger-verify.h"

#define ENTRIES_PER_REPORT 256

typedef struct
{
  LksSql *sql;
  const LksVerifyOptions *options;
  LksVerifyReport *report; /* (owned) */
  LksChainReader *reader;  /* (owned) */
  GString *text;           /* (owned): of the entry being checked */
  gint64 last_sequence;
  guint64 n_all;
  LksChainEnds ends;
} Check;

static void
check_clear (Check *self)
{
  g_clear_pointer (&self->reader, lks_chain_reader_free);
  g_clear_pointer (&self->report, lks_verify_report_free);
  g_string_free (self->text, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Check, check_clear)

/* ---- what is wrong with what ---- */

static const char *
id_query (const char *kind)
{
  if (g_strcmp0 (kind, LKS_CHAIN_KIND_RUN) == 0)
    return "SELECT id FROM records WHERE sequence = :row";
  if (g_strcmp0 (kind, LKS_CHAIN_KIND_JOURNAL) == 0)
    return "SELECT run_id FROM journal WHERE sequence = :row";
  if (g_strcmp0 (kind, LKS_CHAIN_KIND_SESSION) == 0)
    return "SELECT id FROM service_sessions WHERE sequence = :row";
  return "SELECT session_id FROM service_events WHERE sequence = :row";
}

/* Of a damaged row the ID may be nonsense, or gone. */
static char *
dup_record_id (LksSql *sql, const char *kind, gint64 row)
{
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (sql, id_query (kind), NULL);

  if (statement == NULL)
    return NULL;

  lks_sql_bind_int (statement, ":row", row);
  if (sqlite3_step (statement) != SQLITE_ROW || lks_sql_column (statement, 0) == NULL)
    return NULL;
  return g_utf8_make_valid (lks_sql_column (statement, 0), -1);
}

static const char *
kind_in_words (const char *kind)
{
  if (g_strcmp0 (kind, LKS_CHAIN_KIND_RUN) == 0)
    return "the record of a run";
  if (g_strcmp0 (kind, LKS_CHAIN_KIND_JOURNAL) == 0)
    return "a line of the journal of run";
  if (g_strcmp0 (kind, LKS_CHAIN_KIND_SESSION) == 0)
    return "the beginning of servicing session";
  if (g_strcmp0 (kind, LKS_CHAIN_KIND_EVENT) == 0)
    return "an event of servicing session";
  return "something unknown";
}

/* @entry has no sequence when it is not one of the chain. */
static void
add_problem (Check *self, LksVerifyFault fault, const LksChainEntry *entry, const char *what)
{
  g_autofree char *id = entry->id != NULL ? g_utf8_make_valid (entry->id, -1) : NULL;
  g_autofree char *place = NULL;
  LksVerifyProblem *problem = lks_verify_report_add (self->report, fault, entry->sequence);

  if (problem == NULL)
    return;

  if (entry->sequence > 0)
    place = g_strdup_printf ("entry %" G_GINT64_FORMAT " of the chain, ", entry->sequence);
  problem->kind = entry->kind != NULL ? g_utf8_make_valid (entry->kind, -1) : NULL;
  problem->text = g_strdup_printf ("%s%s %s (row %" G_GINT64_FORMAT "): %s",
                                   place != NULL ? place : "", kind_in_words (entry->kind),
                                   id != NULL ? id : "without an ID", entry->row, what);
  problem->id = g_steal_pointer (&id);
}

/* ---- one entry ---- */

static void
check_place (Check *self, const LksChainEntry *entry)
{
  const gint64 expected = self->last_sequence + 1;

  if (entry->sequence > expected)
    lks_verify_report_add_text (
        self->report, LKS_VERIFY_FAULT_REMOVED, expected,
        entry->sequence - expected == 1
            ? g_strdup_printf ("entry %" G_GINT64_FORMAT " of the chain is gone", expected)
            : g_strdup_printf ("entries %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                               " of the chain are gone",
                               expected, entry->sequence - 1));
  if (entry->sequence < expected || g_strcmp0 (entry->previous, self->report->head) != 0)
    add_problem (self, LKS_VERIFY_FAULT_ORDER, entry,
                 "it does not follow the entry before it: entries were removed, exchanged, or "
                 "changed");
}

static gboolean
check_content (Check *self, const LksChainEntry *entry, const char *hash, GError **error)
{
  g_autofree char *computed = NULL;
  gboolean found;

  if (!lks_chain_reader_read (self->reader, entry, self->text, &found, error))
    return FALSE;

  if (!found)
    {
      add_problem (self, LKS_VERIFY_FAULT_REMOVED, entry, "it is gone");
      return TRUE;
    }
  computed =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->text->str, (gssize) self->text->len);
  if (g_strcmp0 (computed, hash) != 0)
    add_problem (self, LKS_VERIFY_FAULT_CHANGED, entry,
                 "it was changed after it was written: its hash is another one");
  return TRUE;
}

static void
count_entry (LksVerifyReport *report, const LksChainEntry *entry)
{
  report->n_entries++;
  if (g_strcmp0 (entry->kind, LKS_CHAIN_KIND_RUN) == 0 ||
      g_strcmp0 (entry->kind, LKS_CHAIN_KIND_SESSION) == 0)
    report->n_records++;
  if (g_strcmp0 (entry->state, LKS_CHAIN_STATE_MIGRATED) == 0)
    report->n_migrated++;
}

/* What was compared with the stored hash is what the next entry must follow: each record that
 * is wrong is named, and those behind it are not. */
static gboolean
check_entry (Check *self, sqlite3_stmt *row, GError **error)
{
  const char *hash;
  const LksChainEntry entry = lks_chain_entry_from_row (row, &hash);

  check_place (self, &entry);
  if (!check_content (self, &entry, hash, error))
    return FALSE;

  count_entry (self->report, &entry);
  self->last_sequence = entry.sequence;
  g_free (self->report->head);
  self->report->head = g_utf8_make_valid (hash, -1);
  lks_chain_ends_see (&self->ends, entry.sequence, hash);
  return TRUE;
}

static gboolean
check_chain (Check *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (sqlite3_stmt) rows =
      lks_sql_prepare (self->sql, "SELECT " LKS_CHAIN_COLUMNS " FROM chain ORDER BY sequence",
                       error);
  int rc;

  if (rows == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      if (!check_entry (self, rows, error))
        return FALSE;
      if (self->report->n_entries % ENTRIES_PER_REPORT != 0)
        continue;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (self->options->progress != NULL)
        self->options->progress (self->report->n_entries, self->n_all,
                                 self->options->progress_data);
    }
  return lks_sql_check (self->sql, rc, "reading the chain", error);
}

/* ---- what the chain does not hold ---- */

static void
add_unchained (Check *self, const char *kind, gint64 row)
{
  g_autofree char *id = dup_record_id (self->sql, kind, row);

  add_problem (self, LKS_VERIFY_FAULT_ADDED, &(LksChainEntry){ .kind = kind, .row = row, .id = id },
               "it is not in the chain: Locksmith did not write it there, or its entry was "
               "removed");
}

static gboolean
check_unchained (Check *self, const LksChainKind *kind, GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "SELECT sequence FROM %s WHERE NOT EXISTS (SELECT 1 FROM chain WHERE chain.kind = '%s'"
      " AND chain.row = %s.sequence) ORDER BY sequence",
      kind->table, kind->name, kind->table);
  g_autoptr (sqlite3_stmt) rows = lks_sql_prepare (self->sql, text, error);
  int rc;

  if (rows == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    add_unchained (self, kind->name, sqlite3_column_int64 (rows, 0));
  return lks_sql_check (self->sql, rc, "reading the ledger", error);
}

static void
signature_cb (gint64 sequence, const char *key, gboolean good, gpointer user_data)
{
  Check *self = user_data;

  if (!good)
    {
      g_autofree char *clean = g_utf8_make_valid (key != NULL ? key : "", -1);

      lks_verify_report_add_text (
          self->report, LKS_VERIFY_FAULT_SIGNATURE, sequence,
          g_strdup_printf ("entry %" G_GINT64_FORMAT
                           " of the chain: its signature is not of the key %s",
                           sequence, clean));
      return;
    }
  lks_verify_report_count (self->report, key, sequence);
}

/* An entry that names a key was signed in the transaction that wrote it. */
static gboolean
check_promises (Check *self, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = lks_sql_prepare (
      self->sql,
      "SELECT " LKS_CHAIN_COLUMNS " FROM chain WHERE key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
      " signatures WHERE signatures.sequence = chain.sequence AND signatures.key = chain.key)"
      " ORDER BY sequence",
      error);
  const char *hash;
  int rc;

  if (rows == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const LksChainEntry entry = lks_chain_entry_from_row (rows, &hash);

      add_problem (self, LKS_VERIFY_FAULT_SIGNATURE, &entry,
                   "it was signed when it was written, and the signature is gone");
    }
  return lks_sql_check (self->sql, rc, "reading the chain", error);
}

static gboolean
check_signatures (Check *self, GCancellable *cancellable, GError **error)
{
  if (!check_promises (self, error) ||
      !lks_chain_check_signatures (self->sql, signature_cb, self, cancellable, error))
    return FALSE;

  lks_verify_report_believe (self->report,
                             self->options->key != NULL
                                 ? lks_station_key_get_fingerprint (self->options->key)
                                 : NULL);
  return TRUE;
}

static gboolean
check_all (Check *self, GCancellable *cancellable, GError **error)
{
  gint64 n_all;

  self->report->ledger_id = lks_chain_dup_ledger_id (self->sql, error);
  if (self->report->ledger_id == NULL ||
      !lks_sql_read_int (self->sql, "SELECT count(*) FROM chain", &n_all, error) ||
      (self->reader = lks_chain_reader_new (self->sql, error)) == NULL)
    return FALSE;

  self->n_all = (guint64) n_all;
  self->report->head = g_strdup (self->report->ledger_id);
  if (!check_chain (self, cancellable, error))
    return FALSE;
  for (gsize i = 0; i < LKS_CHAIN_N_KINDS; i++)
    if (!check_unchained (self, &lks_chain_kinds[i], error))
      return FALSE;

  lks_chain_ends_report (&self->ends, self->report);
  return lks_chain_check_counts (self->sql, self->report, error) &&
         check_signatures (self, cancellable, error);
}

/* The writer is taken only when there is something to write: @sql looks for it. */
static gboolean
adopt (LksLedger *ledger, LksSql *sql, GError **error)
{
  LksSql *writer = lks_ledger_get_writer (ledger);
  gboolean wants;
  gboolean good;

  if (!lks_ledger_schema_wants_adoption (sql, &wants, error))
    return FALSE;
  if (!wants)
    return TRUE;

  lks_sql_lock (writer);
  good = lks_ledger_schema_adopt (writer, error);
  lks_sql_unlock (writer);
  return good;
}

/* Checks what @sql sees in its transaction, of this schema or an older one that has a chain. The
 * note at @note_path (nullable) is read before the transaction sees anything: what it names was on
 * the disk already. */
LksVerifyReport *
lks_chain_verify (LksSql *sql,
                  const LksVerifyOptions *options,
                  const char *note_path,
                  GCancellable *cancellable,
                  GError **error)
{
  g_auto (Check) check = { .sql = sql, .options = options, .text = g_string_new (NULL) };

  check.report = lks_verify_report_new ();
  lks_chain_ends_begin (&check.ends, options, note_path);
  return check_all (&check, cancellable, error) ? g_steal_pointer (&check.report) : NULL;
}

static LksVerifyReport *
verify (LksLedger *self, const LksVerifyOptions *options, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSql) sql = lks_sql_open (lks_ledger_get_path (self), error);

  if (sql == NULL || !adopt (self, sql, error) ||
      !lks_sql_run (sql, "PRAGMA query_only=ON; BEGIN", error))
    return NULL;
  return lks_chain_verify (sql, options, lks_ledger_get_note_path (self), cancellable, error);
}

/**
 * lks_ledger_verify:
 * @self: a ledger
 * @options: how
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.LedgerError] when the file cannot be read
 *
 * Checks that nothing in the ledger was changed, removed, exchanged or added by anybody but
 * Locksmith, by the state of one moment and over a connection of its own: the ledger can be used
 * meanwhile. That the newest were removed shows by what else knows them: the file's own counts, how
 * far it was copied, the head that was noted (lks_ledger_set_head_folder()), and @options. Any
 * thread; blocks, some seconds for 100,000 records.
 *
 * Returns: (transfer full): what was found; or NULL with @error set
 */
LksVerifyReport *
lks_ledger_verify (LksLedger *self,
                   const LksVerifyOptions *options,
                   GCancellable *cancellable,
                   GError **error)
{
  LksVerifyReport *report;

  lks_sql_push_cancellable (cancellable);
  report = verify (self, options, cancellable, error);
  lks_sql_pop_cancellable (cancellable);
  return report;
}
