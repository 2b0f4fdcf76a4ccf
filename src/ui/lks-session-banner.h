/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-keeper.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksSessionBanner:
 *
 * Says above everything else that a servicing session goes on: of which board, with which
 * capability, for how long still; and ends it. It is there whenever there is a session of this
 * user, whichever program began it.
 */
#define LKS_TYPE_SESSION_BANNER (lks_session_banner_get_type ())
G_DECLARE_FINAL_TYPE (LksSessionBanner, lks_session_banner, LKS, SESSION_BANNER, AdwBin)

LksSessionBanner *lks_session_banner_new (LksSessionKeeper *keeper) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
