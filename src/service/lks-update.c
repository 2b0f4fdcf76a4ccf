/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-update.h"

#include "lks-device-error.h"
#include "lks-service-error.h"
#include "lks-wait.h"
#include "lks-words-private.h"

#define POLL_MS 1000

/* An update has phases, and between two of them a board may look as if it were done. */
#define CALM_READINGS 3

/**
 * lks_update_state_explain:
 * @state: what the flags of `GET /images` say
 *
 * Returns: what it means, and what to do
 */
LksExplanation
lks_update_state_explain (LksUpdateState state)
{
  switch (state)
    {
    case LKS_UPDATE_STATE_UNKNOWN:
      break;
    case LKS_UPDATE_STATE_NONE:
      return (LksExplanation){ N_ ("No update is under way."), "" };
    case LKS_UPDATE_STATE_IN_PROGRESS:
      return (LksExplanation){
        N_ ("The board updates itself over the air."),
        N_ ("Wait until it is over, which usually takes 15 to 20 minutes; the board may be silent "
            "and restart meanwhile. Do not switch it off.")
      };
    case LKS_UPDATE_STATE_STAGED:
      return (LksExplanation){ N_ ("Images were transferred and are not installed yet."),
                               N_ ("A restart installs them.") };
    case LKS_UPDATE_STATE_RESTART_REQUIRED:
      return (LksExplanation){ N_ ("Installed images become effective with the next restart."),
                               N_ ("Restart the board.") };
    }
  return (LksExplanation){ N_ ("The board does not tell whether it updates itself."),
                           N_ ("A locked board tells it in a servicing session.") };
}

/* A board that updates itself restarts and is silent for minutes: that is no failure. */
static gboolean
is_silence (const GError *error)
{
  return g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNREACHABLE) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_TIMED_OUT) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BUSY);
}

/* FALSE: a failure; %LKS_UPDATE_STATE_UNKNOWN: silence. */
static gboolean
look (LksDevice *device, LksUpdateState *out_state, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) answer = NULL;
  g_autoptr (LksComponents) components = lks_device_get_images (device, cancellable, &answer);

  if (components != NULL)
    {
      *out_state = lks_components_get_update (components);
      return TRUE;
    }
  if (is_silence (answer))
    {
      *out_state = LKS_UPDATE_STATE_UNKNOWN;
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&answer));
  return FALSE;
}

static gboolean
is_calm (LksUpdateState state)
{
  return state != LKS_UPDATE_STATE_UNKNOWN && state != LKS_UPDATE_STATE_IN_PROGRESS;
}

/**
 * lks_update_wait:
 * @device: a board
 * @limit_s: how long to wait at most, such as %LKS_UPDATE_LIMIT_S
 * @out_state: (out): what the flags say in the end
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError], %LKS_SERVICE_ERROR_OVERDUE or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Waits until the board does not update itself any more; one that does not is asked only once.
 * Silence and restarts in between belong to an update. Blocks; worker threads only.
 *
 * Returns: whether no update is under way
 */
gboolean
lks_update_wait (LksDevice *device,
                 guint limit_s,
                 LksUpdateState *out_state,
                 GCancellable *cancellable,
                 GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + (gint64) limit_s * G_USEC_PER_SEC;
  guint n_calm = 0;
  guint n_needed = 1;
  LksUpdateState state;

  while (look (device, &state, cancellable, error))
    {
      n_calm = is_calm (state) ? n_calm + 1 : 0;
      n_needed = is_calm (state) ? n_needed : CALM_READINGS;
      if (n_calm == n_needed)
        {
          *out_state = state;
          return TRUE;
        }
      if (g_get_monotonic_time () >= deadline_us)
        {
          g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE,
                       state == LKS_UPDATE_STATE_IN_PROGRESS
                           ? "the board still updates itself after %u minutes"
                           : "the board updated itself and does not answer after %u minutes",
                       limit_s / 60);
          return FALSE;
        }
      if (!lks_wait_ms (POLL_MS, cancellable, error))
        return FALSE;
    }
  return FALSE;
}
