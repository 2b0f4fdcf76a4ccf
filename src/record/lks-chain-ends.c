/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the chain must not end yet: what knows of entries beside the chain itself. */
#include "lks-chain-private.h"

#include <string.h>

/* Begins to look for the entries that are known. */
void
lks_chain_ends_begin (LksChainEnds *self, const LksVerifyOptions *options, const char *note_path)
{
  memset (self, 0, sizeof *self);
  self->note_path = note_path;
  self->options = options;
  self->has_note = note_path != NULL && lks_head_note_read (note_path, &self->note);
}

static void
prove (LksChainEnds *self, gint64 sequence, LksVerifyProof proof)
{
  self->found[proof] = TRUE;
  if (sequence < self->proven_sequence)
    return;

  self->proven_sequence = sequence;
  self->proof = proof;
}

/* Each entry of the chain passes by here once. */
void
lks_chain_ends_see (LksChainEnds *self, gint64 sequence, const char *hash)
{
  const LksVerifyEnd *shared = self->options->shared;

  if (self->has_note && sequence == self->note.sequence && g_str_equal (hash, self->note.hash))
    prove (self, sequence, LKS_VERIFY_PROOF_NOTE);
  if (shared != NULL && sequence == shared->sequence && g_strcmp0 (hash, shared->hash) == 0)
    prove (self, sequence, LKS_VERIFY_PROOF_SHARED);
  if (g_strcmp0 (self->options->head, hash) == 0)
    prove (self, sequence, LKS_VERIFY_PROOF_HEAD);
}

static void
add (LksVerifyReport *report, LksVerifyFault fault, char *text)
{
  lks_verify_report_add_text (report, fault, 0, text);
}

/* What was known and did not pass by is gone. */
void
lks_chain_ends_report (const LksChainEnds *self, LksVerifyReport *report)
{
  const char *head = self->options->head;
  const LksVerifyEnd *shared = self->options->shared;

  report->proven_sequence = self->proven_sequence;
  report->proof = self->proof;
  if (head != NULL && !self->found[LKS_VERIFY_PROOF_HEAD] &&
      g_strcmp0 (head, report->ledger_id) != 0)
    add (report, LKS_VERIFY_FAULT_HEAD,
         g_strdup_printf ("no entry has the hash %s: the newest records were removed, or this is "
                          "another ledger",
                          head));
  if (shared != NULL && !self->found[LKS_VERIFY_PROOF_SHARED])
    add (report, LKS_VERIFY_FAULT_HEAD,
         g_strdup_printf ("the shared ledger has an entry %" G_GINT64_FORMAT
                          " of this ledger that is not here any more, or is another one here: the "
                          "newest records were removed, or an older copy of the ledger was put "
                          "back",
                          shared->sequence));
  if (self->has_note && !self->found[LKS_VERIFY_PROOF_NOTE])
    add (report, LKS_VERIFY_FAULT_HEAD,
         g_strdup_printf ("entry %" G_GINT64_FORMAT
                          ", which this station noted as written, is not here any more, or is "
                          "another one: the newest records were removed, or an older copy of the "
                          "ledger was put back; once it is known why, remove %s, and the next "
                          "record is noted again",
                          self->note.sequence, self->note_path));
}

/* ---- what the file itself counts ---- */

static gboolean
read_count (LksSql *sql,
            const char *before,
            const char *name,
            const char *after,
            gint64 *out_count,
            GError **error)
{
  g_autofree char *text = g_strconcat (before, name, after, NULL);

  return lks_sql_read_int (sql, text, out_count, error);
}

/* SQLite counts the rows that were ever written, in the transaction that writes them. */
static gboolean
check_kind (LksSql *sql, const LksChainKind *kind, LksVerifyReport *report, GError **error)
{
  gint64 counted, in_table, in_chain, last;

  if (!read_count (sql, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '",
                   kind->table, "'", &counted, error) ||
      !read_count (sql, "SELECT coalesce(max(sequence), 0) FROM ", kind->table, "", &in_table,
                   error) ||
      !read_count (sql, "SELECT coalesce(max(row), 0) FROM chain WHERE kind = '", kind->name, "'",
                   &in_chain, error))
    return FALSE;

  last = MAX (in_table, in_chain);
  if (counted > last)
    add (report, LKS_VERIFY_FAULT_REMOVED,
         g_strdup_printf ("the newest rows of the table “%s” are gone, with their entries of the "
                          "chain: %" G_GINT64_FORMAT " were written, the last one here is number "
                          "%" G_GINT64_FORMAT,
                          kind->table, counted, last));
  else if (counted < last)
    add (report, LKS_VERIFY_FAULT_REMOVED,
         g_strdup_printf ("the count of what was written to the table “%s” was set back to "
                          "%" G_GINT64_FORMAT ", although row %" G_GINT64_FORMAT
                          " is here: whether newer ones were removed cannot be said",
                          kind->table, counted, last));
  return TRUE;
}

/* Older ledgers were copied nowhere. */
static gboolean
check_copied (LksSql *sql, LksVerifyReport *report, GError **error)
{
  gint64 has_outbox, copied, last;

  if (!lks_sql_read_int (sql, "SELECT count(*) FROM sqlite_schema WHERE name = 'outbox'",
                         &has_outbox, error))
    return FALSE;
  if (has_outbox == 0)
    return TRUE;
  if (!lks_sql_read_int (sql, "SELECT coalesce(max(sequence), 0) FROM outbox", &copied, error) ||
      !lks_sql_read_int (sql, "SELECT coalesce(max(sequence), 0) FROM chain", &last, error))
    return FALSE;

  if (copied > last)
    add (
        report, LKS_VERIFY_FAULT_REMOVED,
        g_strdup_printf ("the newest entries of the chain are gone: entry %" G_GINT64_FORMAT
                         " was copied to the shared ledger, the last one here is %" G_GINT64_FORMAT,
                         copied, last));
  return TRUE;
}

/* Whether the file's own counts know of more than the chain has. */
gboolean
lks_chain_check_counts (LksSql *sql, LksVerifyReport *report, GError **error)
{
  for (gsize i = 0; i < LKS_CHAIN_N_KINDS; i++)
    if (!check_kind (sql, &lks_chain_kinds[i], report, error))
      return FALSE;
  return check_copied (sql, report, error);
}
