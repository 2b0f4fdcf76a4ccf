/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-manifest.h"
#include "lks-peripheral-lock.h"

G_BEGIN_DECLS

/**
 * LksRestartForecast:
 * @LKS_RESTART_FORECAST_NO: the board goes on running
 * @LKS_RESTART_FORECAST_CANNOT_TELL: what is known does not decide it
 * @LKS_RESTART_FORECAST_YES: the board restarts
 *
 * Whether a change of the software restarts the board. Nicks: "no", "cannot-tell", "yes".
 */
typedef enum {
  LKS_RESTART_FORECAST_NO,
  LKS_RESTART_FORECAST_CANNOT_TELL,
  LKS_RESTART_FORECAST_YES,
} LksRestartForecast;

#define LKS_TYPE_RESTART_FORECAST (lks_restart_forecast_get_type ())
GType lks_restart_forecast_get_type (void);

/**
 * LksChangeKind:
 * @LKS_CHANGE_KIND_INSTALL: a new image is installed, or replaces another of its component
 * @LKS_CHANGE_KIND_DELETE: a component is deleted
 */
typedef enum {
  LKS_CHANGE_KIND_INSTALL,
  LKS_CHANGE_KIND_DELETE,
} LksChangeKind;

/**
 * LksChangeWay:
 * @LKS_CHANGE_WAY_SIDELOAD: over the service port
 * @LKS_CHANGE_WAY_CLOUD: by an update over the air
 */
typedef enum {
  LKS_CHANGE_WAY_SIDELOAD,
  LKS_CHANGE_WAY_CLOUD,
} LksChangeWay;

/**
 * LksKnown:
 *
 * An answer that may be missing.
 */
typedef enum {
  LKS_KNOWN_UNKNOWN,
  LKS_KNOWN_NO,
  LKS_KNOWN_YES,
} LksKnown;

/**
 * LksSoftwareChange:
 * @kind: what is done
 * @way: by whom
 * @image_type: the type of the image
 * @lock: whether the board's peripheral configuration is locked
 * @is_installed: whether the board has the component already
 * @manifest: (nullable): of the new image; of an application only
 * @installed_manifest: (nullable): of the image that is installed, NULL when that is not known
 * @type_restarts: whether the board says that images of this type need a restart
 * @waits_for_restart: whether images that need a restart are staged on the board: whatever is
 *   installed next installs them, too
 *
 * One change of the software, and everything that decides whether it restarts the board.
 */
typedef struct {
  LksChangeKind kind;
  LksChangeWay way;
  guint image_type;
  LksPeripheralLock lock;
  LksKnown is_installed;
  const LksManifest *manifest;
  const LksManifest *installed_manifest;
  LksKnown type_restarts;
  gboolean waits_for_restart;
} LksSoftwareChange;

LksRestartForecast lks_restart_forecast_derive  (const LksSoftwareChange  *change,
                                                 const char              **out_reason);
LksRestartForecast lks_restart_forecast_combine (LksRestartForecast        one,
                                                 LksRestartForecast        other);

G_END_DECLS
