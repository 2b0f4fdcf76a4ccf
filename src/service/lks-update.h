/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-images.h"
#include "lks-explanation.h"

G_BEGIN_DECLS

/* The vendor names 15 to 20 minutes for an update. */
#define LKS_UPDATE_LIMIT_S (30 * 60)

LksExplanation lks_update_state_explain (LksUpdateState    state);

gboolean       lks_update_wait          (LksDevice        *device,
                                         guint             limit_s,
                                         LksUpdateState   *out_state,
                                         GCancellable     *cancellable,
                                         GError          **error);

G_END_DECLS
