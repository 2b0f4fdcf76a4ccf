/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-board.h"

G_BEGIN_DECLS

/**
 * EmuOta:
 *
 * An update over the air, as far as it is seen from outside: it blocks sideloading, and when it is
 * over the board has another system and starts again. All zero: none.
 */
typedef struct {
  gboolean in_progress;
  char    *os_version; /* (owned): of the system that is installed now */
  guint    timer_id;
} EmuOta;

void emu_ota_begin  (EmuBoard *board);
void emu_ota_resume (EmuBoard *board);
void emu_ota_pause  (EmuBoard *board);
void emu_ota_clear  (EmuBoard *board);

G_END_DECLS
