/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-keeper.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksSessionDialog:
 *
 * Starts a servicing session: asks what is to be done, why and for how long, chooses the weakest
 * capability of the vault that suffices and says what it opens.
 */
#define LKS_TYPE_SESSION_DIALOG (lks_session_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksSessionDialog, lks_session_dialog, LKS, SESSION_DIALOG, AdwWindow)

LksSessionDialog *lks_session_dialog_new (LksSessionKeeper *keeper,
                                          LksBoard         *board,
                                          GSettings        *settings);

G_END_DECLS
