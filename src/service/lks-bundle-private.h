/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-bundle-parts-private.h"
#include "lks-bundle.h"

G_BEGIN_DECLS

struct _LksBundle {
  LksBundlePart parts[LKS_BUNDLE_N_PARTS];
  LksBoardStatus *status; /* (owned) (nullable) */
  LksLinkCounters counters;
  gboolean has_counters;
  gint64 made_s; /* since 1970 */
};

G_END_DECLS
