/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksStatusPanel:
 *
 * Everything known about the selected board, or what is wrong with it and what to do.
 */
#define LKS_TYPE_STATUS_PANEL (lks_status_panel_get_type ())
G_DECLARE_FINAL_TYPE (LksStatusPanel, lks_status_panel, LKS, STATUS_PANEL, AdwBin)

G_END_DECLS
