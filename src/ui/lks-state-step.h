/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksStateStep:
 *
 * One of the three steps from a blank to a finished board, seen from where the board stands.
 */
#define LKS_TYPE_STATE_STEP (lks_state_step_get_type ())
G_DECLARE_FINAL_TYPE (LksStateStep, lks_state_step, LKS, STATE_STEP, GtkWidget)

G_END_DECLS
