/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-restart-forecast.h"

#include "lks-explanation.h"
#include "lks-image-metadata.h"
#include "lks-words-private.h"

G_DEFINE_ENUM_TYPE (LksRestartForecast,
                    lks_restart_forecast,
                    G_DEFINE_ENUM_VALUE (LKS_RESTART_FORECAST_NO, "no"),
                    G_DEFINE_ENUM_VALUE (LKS_RESTART_FORECAST_CANNOT_TELL, "cannot-tell"),
                    G_DEFINE_ENUM_VALUE (LKS_RESTART_FORECAST_YES, "yes"))

static LksRestartForecast
decide (LksRestartForecast forecast, const char *reason, const char **out_reason)
{
  if (out_reason != NULL)
    *out_reason = reason;
  return forecast;
}

static LksRestartForecast
no (const char *reason, const char **out_reason)
{
  return decide (LKS_RESTART_FORECAST_NO, reason, out_reason);
}

static LksRestartForecast
cannot_tell (const char *reason, const char **out_reason)
{
  return decide (LKS_RESTART_FORECAST_CANNOT_TELL, reason, out_reason);
}

static LksRestartForecast
yes (const char *reason, const char **out_reason)
{
  return decide (LKS_RESTART_FORECAST_YES, reason, out_reason);
}

/* Only a locked configuration makes a change restart the board, and what locks at the next start
 * is open now. */
static gboolean
is_open (LksPeripheralLock lock)
{
  return lock == LKS_PERIPHERAL_LOCK_OPEN || lock == LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART;
}

/* A change of the peripherals that is certain. */
static LksRestartForecast
judge_lock (LksPeripheralLock lock, const char *reason, const char **out_reason)
{
  if (lock == LKS_PERIPHERAL_LOCK_LOCKED)
    return yes (reason, out_reason);

  return cannot_tell (N_ ("It changes the peripherals, and whether the board has locked them is "
                          "not known."),
                      out_reason);
}

static LksRestartForecast
forecast_application (const LksSoftwareChange *change, const char **out_reason)
{
  if (is_open (change->lock))
    return no (N_ ("The peripheral configuration is not locked."), out_reason);
  if (change->manifest == NULL)
    return cannot_tell (N_ ("What the new application uses is not known."), out_reason);

  switch (change->is_installed)
    {
    case LKS_KNOWN_NO:
      if (!lks_manifest_uses_peripherals (change->manifest))
        return no (N_ ("The application is new and uses no peripherals."), out_reason);
      return judge_lock (change->lock,
                         N_ ("The peripheral configuration is locked, and the application is new "
                             "and uses peripherals."),
                         out_reason);
    case LKS_KNOWN_UNKNOWN:
      return cannot_tell (N_ ("Whether the application is installed already is not known."),
                          out_reason);
    case LKS_KNOWN_YES:
      break;
    }

  if (change->installed_manifest == NULL)
    return cannot_tell (N_ ("What the installed version uses is not known here: a copy of its "
                            "package would tell."),
                        out_reason);
  if (lks_manifest_has_same_peripherals (change->manifest, change->installed_manifest))
    return no (N_ ("The application uses the same peripherals as the installed version."),
               out_reason);
  return judge_lock (change->lock,
                     N_ ("The peripheral configuration is locked, and the application uses other "
                         "peripherals than the installed version."),
                     out_reason);
}

/* That a board restarts for these is what is seen, not what is documented. */
static LksRestartForecast
forecast_other_image (const LksSoftwareChange *change, const char **out_reason)
{
  if (change->image_type == LKS_IMAGE_TYPE_CAPABILITY)
    return yes (N_ ("A board restarts when its stored capability changes, as far as is known."),
                out_reason);

  switch (change->type_restarts)
    {
    case LKS_KNOWN_YES:
      return yes (N_ ("The board says that images of this kind need a restart."), out_reason);
    case LKS_KNOWN_NO:
      return no (N_ ("The board says that images of this kind need no restart."), out_reason);
    case LKS_KNOWN_UNKNOWN:
      break;
    }

  if (change->image_type == LKS_IMAGE_TYPE_BOARD_CONFIG)
    return yes (N_ ("A board restarts for a new board configuration, as far as is known."),
                out_reason);
  return cannot_tell (N_ ("Whether a board restarts for images of this kind is not known."),
                      out_reason);
}

static LksRestartForecast
forecast_install (const LksSoftwareChange *change, const char **out_reason)
{
  if (change->waits_for_restart)
    return yes (N_ ("Other images that need a restart wait on the board and are installed at the "
                    "same time."),
                out_reason);
  if (change->image_type != LKS_IMAGE_TYPE_APPLICATION)
    return forecast_other_image (change, out_reason);
  if (change->type_restarts == LKS_KNOWN_YES)
    return yes (N_ ("The board says that images of this kind need a restart."), out_reason);

  return forecast_application (change, out_reason);
}

/* The documentation names a restart for deletions by the cloud only; boards can announce one in
 * their answer to any deletion (REST 4.4.0, "restartingSystem"). */
static LksRestartForecast
forecast_delete (const LksSoftwareChange *change, const char **out_reason)
{
  if (change->is_installed == LKS_KNOWN_NO)
    return no (N_ ("It is not installed: nothing changes."), out_reason);
  if (is_open (change->lock))
    return no (N_ ("The peripheral configuration is not locked."), out_reason);
  if (change->installed_manifest == NULL)
    return cannot_tell (N_ ("What the installed version uses is not known here: a copy of its "
                            "package would tell."),
                        out_reason);
  if (!lks_manifest_uses_peripherals (change->installed_manifest))
    return no (N_ ("The application uses no peripherals."), out_reason);
  if (change->way == LKS_CHANGE_WAY_SIDELOAD)
    return cannot_tell (N_ ("The application uses peripherals. A board restarts when the cloud "
                            "deletes such an application; whether it does when the service port "
                            "deletes it is not documented."),
                        out_reason);

  return judge_lock (change->lock,
                     N_ ("The peripheral configuration is locked, and the application uses "
                         "peripherals."),
                     out_reason);
}

/**
 * lks_restart_forecast_derive:
 * @change: a change of the software, and what is known about the board
 * @out_reason: (out) (optional) (transfer none): why, an English sentence for translation
 *
 * Answers "will this restart the board?" before anything is sent. Pure. While the peripheral
 * configuration is locked, a change of what is used needs a restart, and nothing else does
 * (vendor's documentation, "Peripheral configuration locking").
 *
 * Returns: the forecast
 */
LksRestartForecast
lks_restart_forecast_derive (const LksSoftwareChange *change, const char **out_reason)
{
  switch (change->kind)
    {
    case LKS_CHANGE_KIND_INSTALL:
      return forecast_install (change, out_reason);
    case LKS_CHANGE_KIND_DELETE:
      return forecast_delete (change, out_reason);
    }

  return cannot_tell ("", out_reason);
}

/**
 * lks_restart_forecast_combine:
 * @one: a forecast
 * @other: that of another change which is made at the same time
 *
 * Returns: the forecast for both
 */
LksRestartForecast
lks_restart_forecast_combine (LksRestartForecast one, LksRestartForecast other)
{
  return MAX (one, other);
}
