/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksConsoleWindow:
 *
 * What an application of a board writes, as it comes. The application runs under the board's debug
 * server meanwhile, and is put back as it was when the window is closed.
 */
#define LKS_TYPE_CONSOLE_WINDOW (lks_console_window_get_type ())
G_DECLARE_FINAL_TYPE (LksConsoleWindow, lks_console_window, LKS, CONSOLE_WINDOW, AdwWindow)

LksConsoleWindow *lks_console_window_new (GtkWindow   *parent,
                                          LksBoard    *board,
                                          const char  *component_id,
                                          const char  *name) G_GNUC_WARN_UNUSED_RESULT;
LksConsoleWindow *lks_console_window_find
                                         (LksBoard    *board,
                                          const char  *component_id);

G_END_DECLS
