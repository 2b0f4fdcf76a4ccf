/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the shared ledger of this station has of a ledger: whoever shortens the file does not reach
 * that. No server holds up a check: what is not known soon is not known. */
#include "lks-station-end.h"

#include "lks-bounded.h"
#include "lks-ledger-outbox.h"
#include "lks-station-share.h"

static LksShareEnd *
read_end (LksLedger *ledger, const LksSharePlace *place, GCancellable *cancellable, GError **error)
{
  g_autofree char *ledger_id = lks_ledger_dup_id (ledger, error);
  g_autoptr (LksShare) share =
      ledger_id != NULL ? lks_station_open_share (place, cancellable, error) : NULL;

  return share != NULL ? lks_share_read_end (share, ledger_id, cancellable, error) : NULL;
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (LksSharePlace) place = NULL;
  LksShareEnd *end = NULL;
  GError *error = NULL;

  if (lks_station_find_share (&place, &error))
    end = place != NULL ? read_end (data, place, cancellable, &error) : g_new0 (LksShareEnd, 1);
  if (end != NULL)
    g_task_return_pointer (task, end, (GDestroyNotify) lks_share_end_free);
  else
    g_task_return_error (task, error);
}

/**
 * lks_station_ask_end_async:
 * @ledger: a ledger
 * @callback: called within %LKS_STATION_END_LIMIT_S seconds
 * @user_data: for @callback
 *
 * Asks the shared ledger, if this station has one, for the newest entry of @ledger. Main thread.
 */
void
lks_station_ask_end_async (LksLedger *ledger, GAsyncReadyCallback callback, gpointer user_data)
{
  lks_bounded_run_async (LKS_STATION_END_LIMIT_S, ask_in_thread, g_object_ref (ledger),
                         g_object_unref, callback, user_data);
}

/**
 * lks_station_ask_end_finish:
 * @result: the result
 * @error: return location for a [error@Lks.ShareError], a [error@Lks.LedgerError], what is wrong
 *   with the configuration, or `G_IO_ERROR_TIMED_OUT`
 *
 * Returns: (transfer full): the newest entry there, 0 when there is none or this station shares
 *   nothing; or NULL with @error set
 */
LksShareEnd *
lks_station_ask_end_finish (GAsyncResult *result, GError **error)
{
  return lks_bounded_run_finish (result, error);
}
