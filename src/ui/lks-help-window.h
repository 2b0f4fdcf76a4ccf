/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksHelpWindow:
 *
 * What an operator needs to know, without internet.
 */
#define LKS_TYPE_HELP_WINDOW (lks_help_window_get_type ())
G_DECLARE_FINAL_TYPE (LksHelpWindow, lks_help_window, LKS, HELP_WINDOW, AdwWindow)

LksHelpWindow *lks_help_window_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
