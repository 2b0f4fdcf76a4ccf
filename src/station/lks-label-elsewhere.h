/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-label-check.h"

G_BEGIN_DECLS

gboolean lks_label_check_elsewhere (LksLedger         *ledger,
                                    const char        *label,
                                    const char        *device_id,
                                    LksLabelConflict  *out_conflict,
                                    GError           **error);

G_END_DECLS
