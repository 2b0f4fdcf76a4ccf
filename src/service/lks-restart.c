/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-restart.h"

#include "lks-device-error.h"
#include "lks-device-state.h"
#include "lks-json-member-private.h"

/**
 * lks_restart_clear:
 * @restart: a restart
 *
 * Frees what it holds.
 */
void
lks_restart_clear (LksRestart *restart)
{
  lks_restart_watch_clear (&restart->before);
  *restart = (LksRestart){ 0 };
}

/* A refusal says that a locked board does as well without: the switch. */
static gboolean
judge_answer (LksRestart *restart, GError *answer, GError **error)
{
  restart->has_answered = answer == NULL;
  if (answer == NULL)
    return TRUE;
  if (lks_device_error_is_effect_unknown (answer))
    {
      g_error_free (answer);
      return TRUE;
    }

  if (g_error_matches (answer, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    g_prefix_error_literal (&answer,
                            "a locked board restarts only in a servicing session, or when it is "
                            "switched off and on: ");
  g_propagate_error (error, answer);
  return FALSE;
}

/**
 * lks_restart_order:
 * @device: a board
 * @restart: (inout): a cleared restart, to be filled
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Takes note of the board and its uptime, and tells it to restart. An answer that gets lost is
 * what a restart looks like, and no failure. Blocks; worker threads only.
 *
 * Returns: whether the board was told and did not refuse
 */
gboolean
lks_restart_order (LksDevice *device,
                   LksRestart *restart,
                   GCancellable *cancellable,
                   GError **error)
{
  GError *answer = NULL;

  if (!lks_restart_watch_begin (&restart->before, device, cancellable, error))
    return FALSE;

  lks_device_restart (device, NULL, cancellable, &answer);
  return judge_answer (restart, answer, error);
}

/**
 * lks_restart_prove:
 * @device: the board
 * @restart: (inout): the restart that was ordered
 * @limit_s: how long to wait at most, such as %LKS_RESTART_WATCH_LIMIT_S
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error, as of lks_restart_watch_wait()
 *
 * Waits until the board's uptime proves that it has restarted, and its device ID that it is the
 * same board. Blocks; worker threads only.
 *
 * Returns: whether it is proven; then @restart says so
 */
gboolean
lks_restart_prove (LksDevice *device,
                   LksRestart *restart,
                   guint limit_s,
                   GCancellable *cancellable,
                   GError **error)
{
  if (!lks_restart_watch_wait (&restart->before, device, limit_s, cancellable, error) ||
      !lks_device_get_status (device, &restart->after_s, cancellable, error))
    return FALSE;

  restart->is_proven = TRUE;
  restart->took_ms =
      (guint) ((g_get_monotonic_time () - restart->before.read_us) / G_TIME_SPAN_MILLISECOND);
  return TRUE;
}

/**
 * lks_restart_to_json:
 * @restart: a restart that was ordered
 *
 * Returns: (transfer full): an object with `deviceId`, `answered`, `proven`, `uptimeBefore`,
 *   `uptimeAfter` and `tookMs`, the last two null without a proof
 */
JsonNode *
lks_restart_to_json (const LksRestart *restart)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "deviceId", restart->before.device_id);
  lks_json_add_flag (builder, "answered", restart->has_answered);
  lks_json_add_flag (builder, "proven", restart->is_proven);
  lks_json_add_int (builder, "uptimeBefore", (gint64) restart->before.uptime_s);
  if (restart->is_proven)
    {
      lks_json_add_int (builder, "uptimeAfter", (gint64) restart->after_s);
      lks_json_add_int (builder, "tookMs", restart->took_ms);
    }
  else
    {
      lks_json_add_text (builder, "uptimeAfter", NULL);
      lks_json_add_text (builder, "tookMs", NULL);
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
