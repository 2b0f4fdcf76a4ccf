/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-images.h"
#include "lks-log-messages.h"
#include "lks-log-ring.h"
#include "lks-telemetry.h"

G_BEGIN_DECLS

/**
 * LksSupportView:
 * @messages: (owned) (nullable): what the numbers in a log mean; given
 * @ring: (owned) (nullable): the log
 * @entries: (owned) (nullable) (element-type LksLogEntry): the same in words
 * @log_error: (owned) (nullable): why there is none
 * @telemetry: (owned) (nullable): the error reports
 * @telemetry_error: (owned) (nullable): why there are none
 * @update: what the board says of updates over the air
 *
 * What the page Support shows. A part that the board refuses or cannot tell is a part of it.
 */
typedef struct {
  LksLogMessages *messages;
  LksLogRing *ring;
  GPtrArray *entries;
  GError *log_error;
  LksTelemetry *telemetry;
  GError *telemetry_error;
  LksUpdateState update;
} LksSupportView;

LksSupportView *lks_support_view_new  (LksLogMessages  *messages) G_GNUC_WARN_UNUSED_RESULT;
void            lks_support_view_free (gpointer         self);
gboolean        lks_support_view_job  (LksDevice       *device,
                                       gpointer         self,
                                       GCancellable    *cancellable,
                                       GError         **error);

G_END_DECLS
