/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What is shown at most; of more the oldest lines go. */
#define LKS_CONSOLE_VIEW_MAX_CHARACTERS (1024 * 1024)

/**
 * LksConsoleView:
 *
 * Text that grows at its end. The end stays in sight until a person scrolls up, and again from when
 * they are back there.
 */
#define LKS_TYPE_CONSOLE_VIEW (lks_console_view_get_type ())
G_DECLARE_FINAL_TYPE (LksConsoleView, lks_console_view, LKS, CONSOLE_VIEW, AdwBin)

void  lks_console_view_append   (LksConsoleView  *self,
                                 const char      *text);
void  lks_console_view_clear    (LksConsoleView  *self);
char *lks_console_view_dup_text (LksConsoleView  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
