/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"
#include "lks-development.h"
#include "lks-vault.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksDevelopmentDialog:
 *
 * Prepares a board for development or for tests with the cloud: shows every sub-step, what it
 * will do, how it came out, and the way on and the way back after a failure.
 *
 * Signal "changed": the board may be another one now.
 */
#define LKS_TYPE_DEVELOPMENT_DIALOG (lks_development_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksDevelopmentDialog, lks_development_dialog, LKS, DEVELOPMENT_DIALOG, AdwWindow)

LksDevelopmentDialog *lks_development_dialog_new (GtkWindow          *parent,
                                                  LksBoard           *board,
                                                  LksDevelopmentGoal  goal,
                                                  LksVault           *vault);

G_END_DECLS
