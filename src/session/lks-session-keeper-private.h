/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-keeper.h"

G_BEGIN_DECLS

gboolean lks_session_keeper_take_key (LksSessionKeeper  *self,
                                      LksCapabilityKey  *key);

G_END_DECLS
