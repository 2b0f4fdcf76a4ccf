/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksFocusPlace:
 *
 * Where the keyboard focus is in a list whose rows are made anew: which row, and which of its
 * buttons. Main thread.
 */
typedef struct LksFocusPlace LksFocusPlace;

LksFocusPlace *lks_focus_place_take    (GtkWidget     *below) G_GNUC_WARN_UNUSED_RESULT;
void           lks_focus_place_restore (LksFocusPlace *self);

G_END_DECLS
