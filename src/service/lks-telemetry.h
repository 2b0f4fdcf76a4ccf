/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

/**
 * LksTelemetry:
 * @bytes: (owned): as the board gave it
 * @data_bytes: how much data it says it holds
 * @missing_bytes: how much of that is not there, because the answer was cut short
 *
 * A board's error reports in their binary form. Only where the length of the data stands is known
 * outside the vendor.
 */
typedef struct {
  GBytes *bytes;
  guint data_bytes;
  guint missing_bytes;
} LksTelemetry;

LksTelemetry *lks_telemetry_parse (GBytes          *bytes,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void          lks_telemetry_free  (LksTelemetry    *self);

LksTelemetry *lks_telemetry_read  (LksDevice       *device,
                                   GCancellable    *cancellable,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean      lks_telemetry_clear (LksDevice       *device,
                                   guint           *out_cleared_bytes,
                                   GCancellable    *cancellable,
                                   GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksTelemetry, lks_telemetry_free)

G_END_DECLS
