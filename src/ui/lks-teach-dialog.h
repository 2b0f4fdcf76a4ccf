/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-jig.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksTeachDialog:
 *
 * Teaches the map of a jig: first its size, then a board is plugged in at one place after the
 * other. Nothing is done to the boards. The map changes when the person keeps what was taught.
 */
#define LKS_TYPE_TEACH_DIALOG (lks_teach_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksTeachDialog, lks_teach_dialog, LKS, TEACH_DIALOG, AdwWindow)

LksTeachDialog *lks_teach_dialog_new (LksJig     *jig,
                                      GListModel *boards);

G_END_DECLS
