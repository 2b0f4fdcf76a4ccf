/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-status.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksFactRow:
 *
 * One fact about a board: what it is, its value or why there is none, where it comes from and
 * how old it is.
 */
#define LKS_TYPE_FACT_ROW (lks_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (LksFactRow, lks_fact_row, LKS, FACT_ROW, AdwPreferencesRow)

G_END_DECLS
