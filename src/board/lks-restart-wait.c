/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-restart-wait.h"

#define POLL_MS 250

/* The board counts whole seconds. */
#define UPTIME_SLACK_S 2

/**
 * lks_uptime_proves_restart:
 * @before: an earlier reading
 * @uptime_s: what the board says now
 * @asked_us: when it was asked, on the clock of @before
 *
 * A board that has not restarted counts on: its uptime is at least what it was, plus the time that
 * surely has passed. Pure.
 *
 * Returns: whether the board has restarted in between
 */
gboolean
lks_uptime_proves_restart (const LksUptime *before, guint64 uptime_s, gint64 asked_us)
{
  guint64 passed_s = (guint64) MAX (asked_us - before->read_us, 0) / G_USEC_PER_SEC;

  return uptime_s < before->uptime_s || uptime_s - before->uptime_s + UPTIME_SLACK_S < passed_s;
}

/**
 * lks_uptime_can_prove_restart:
 * @uptime_s: what the board says
 *
 * A board that has only just started and is started again looks as if it had never been away: the
 * whole seconds it counts say nothing yet. Pure.
 *
 * Returns: whether a restart from now on would show in the board's uptime, however quick it is
 */
gboolean
lks_uptime_can_prove_restart (guint64 uptime_s)
{
  return uptime_s > UPTIME_SLACK_S;
}

/* Anything but a cancellation is what a board that restarts looks like. */
static gboolean
look (const LksRestartOps *ops,
      gpointer data,
      const LksUptime *before,
      LksRestartProof *out_proof,
      guint64 *out_uptime_s,
      GCancellable *cancellable,
      GError **error)
{
  gint64 asked_us = ops->now_us (data);
  g_autoptr (GError) answer = NULL;
  guint64 uptime_s;

  if (ops->get_uptime (data, &uptime_s, cancellable, &answer))
    {
      gboolean is_proof = lks_uptime_proves_restart (before, uptime_s, asked_us);

      *out_proof = is_proof ? LKS_RESTART_PROOF_FOUND : LKS_RESTART_PROOF_NOT_YET;
      *out_uptime_s = uptime_s;
      return TRUE;
    }
  if (g_error_matches (answer, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&answer));
      return FALSE;
    }

  *out_proof = LKS_RESTART_PROOF_SILENT;
  return TRUE;
}

/**
 * lks_restart_wait:
 * @ops: the world
 * @data: for @ops
 * @before: the uptime before the restart
 * @limit_s: how long to wait at most, in seconds
 * @out_proof: (out): what was found in the end
 * @out_uptime_s: (out): the uptime that proves it; written when @out_proof is
 *   %LKS_RESTART_PROOF_FOUND
 * @cancellable: (nullable): a cancellable
 * @error: return location for `G_IO_ERROR_CANCELLED`
 *
 * Asks for the uptime four times a second until it shows that the board has restarted, until the
 * board is unplugged, or until the limit is over. Blocks; worker threads only.
 *
 * Returns: FALSE when cancelled
 */
gboolean
lks_restart_wait (const LksRestartOps *ops,
                  gpointer data,
                  const LksUptime *before,
                  guint limit_s,
                  LksRestartProof *out_proof,
                  guint64 *out_uptime_s,
                  GCancellable *cancellable,
                  GError **error)
{
  gint64 deadline_us = ops->now_us (data) + (gint64) limit_s * G_USEC_PER_SEC;

  while (look (ops, data, before, out_proof, out_uptime_s, cancellable, error))
    {
      if (*out_proof == LKS_RESTART_PROOF_FOUND || !ops->is_present (data) ||
          ops->now_us (data) >= deadline_us)
        return TRUE;
      if (!ops->wait (data, POLL_MS, cancellable, error))
        return FALSE;
    }
  return FALSE;
}
