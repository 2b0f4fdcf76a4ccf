/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksShareBar:
 *
 * A share of a whole as a bar, in the colour of the text around it. It only draws: the numbers stand
 * beside it as text.
 */
#define LKS_TYPE_SHARE_BAR (lks_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (LksShareBar, lks_share_bar, LKS, SHARE_BAR, GtkWidget)

GtkWidget *lks_share_bar_new (double share);

G_END_DECLS
