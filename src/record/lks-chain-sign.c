/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-writer.h"
#include "lks-ledger-private.h"
#include "lks-ledger-verify.h"

/* What is signed for an entry: a later change of the time shows, too. */
char *
lks_chain_dup_message (const char *hash, gint64 at_us)
{
  return g_strdup_printf ("%s %" G_GINT64_FORMAT, hash, at_us);
}

static gboolean
add_signature (LksSql *sql,
               gint64 sequence,
               const LksStationKey *key,
               gint64 at_us,
               const char *signature,
               GError **error)
{
  g_autoptr (LksChainWriter) writer = lks_chain_writer_new (sql, error);

  return writer != NULL &&
         lks_chain_writer_add_signature (writer, sequence, key, at_us, signature, error);
}

/**
 * lks_ledger_sign:
 * @self: a ledger
 * @report: what lks_ledger_verify() has just found: no problems, at least one entry
 * @key: with its private half
 * @error: return location for a [error@Lks.LedgerError], INVALID when there were problems
 *
 * Signs the newest entry that was checked, and with it all before. Signing the same entry again
 * with the same key does nothing. Any thread; blocks for a disk write.
 *
 * Returns: whether the signature is on the disk
 */
gboolean
lks_ledger_sign (LksLedger *self,
                 const LksVerifyReport *report,
                 const LksStationKey *key,
                 GError **error)
{
  LksSql *sql = lks_ledger_get_writer (self);
  const gint64 at_us = g_get_real_time ();
  g_autofree char *message = lks_chain_dup_message (report->head, at_us);
  g_autofree char *signature = NULL;
  gboolean good;

  if (report->n_problems > 0 || report->n_entries == 0)
    {
      g_set_error_literal (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID,
                           report->n_problems > 0
                               ? "the records are not as they were written: nothing was signed"
                               : "there is nothing to sign: the ledger is empty");
      return FALSE;
    }
  if ((signature = lks_station_key_sign (key, message, error)) == NULL)
    return FALSE;

  lks_sql_lock (sql);
  good = lks_sql_run (sql, "BEGIN IMMEDIATE", error);
  if (good)
    good = lks_ledger_commit (
        sql, add_signature (sql, (gint64) report->n_entries, key, at_us, signature, error), error);
  lks_sql_unlock (sql);
  return good;
}
