/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-wall.h"

G_BEGIN_DECLS

/**
 * LksScanResult:
 * @LKS_SCAN_RESULT_NOTHING: it fits nothing here: nothing was done
 * @LKS_SCAN_RESULT_CONFIRMED: it named a board
 * @LKS_SCAN_RESULT_LABEL: it is the label of a board that is there
 * @LKS_SCAN_RESULT_NEXT_LABEL: it is the label of the board that is plugged in next
 * @LKS_SCAN_RESULT_REFUSED: it fits, and must not be
 */
typedef enum {
  LKS_SCAN_RESULT_NOTHING,
  LKS_SCAN_RESULT_CONFIRMED,
  LKS_SCAN_RESULT_LABEL,
  LKS_SCAN_RESULT_NEXT_LABEL,
  LKS_SCAN_RESULT_REFUSED,
} LksScanResult;

LksScanResult lks_wall_scan (LksWall       *wall,
                             const char    *text,
                             const char    *how,
                             LksWallPlace  *selected,
                             char         **out_message);

G_END_DECLS
