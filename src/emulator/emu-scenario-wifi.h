/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-scenario.h"

#include "lks-json.h"

G_BEGIN_DECLS

gboolean emu_scenario_read_wifi (LksJson         *json,
                                 JsonObject      *object,
                                 EmuBoardConfig  *config,
                                 GError         **error);

G_END_DECLS
