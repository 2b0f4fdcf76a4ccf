/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-diag.h"
#include "lks-log-ring.h"
#include "lks-telemetry.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksBundlePart:
 * @json: (owned) (nullable): what the board told
 * @ring: (owned) (nullable): of the log
 * @telemetry: (owned) (nullable): of the error reports
 * @error: (owned) (nullable): why there is none of them
 *
 * One thing a board is asked for. Empty when it was not asked.
 */
typedef struct {
  JsonNode *json;
  LksLogRing *ring;
  LksTelemetry *telemetry;
  GError *error;
} LksBundlePart;

/**
 * LksBundlePartKind:
 * @name: the file's name, without its suffix
 * @title: what it is, a text for gettext
 * @holds: flags of [flags@Lks.BundleHolds]
 * @read: reads it; worker thread
 */
typedef struct {
  const char *name;
  const char *title;
  guint holds;
  gboolean (*read) (LksDevice      *device,
                    LksBundlePart  *part,
                    GCancellable   *cancellable,
                    GError        **error);
} LksBundlePartKind;

/* In the order in which they stand in the archive. */
extern const LksBundlePartKind lks_bundle_parts[];
#define LKS_BUNDLE_N_PARTS 8

void lks_bundle_part_clear (LksBundlePart *part);

G_END_DECLS
