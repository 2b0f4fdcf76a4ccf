/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksSignLabel:
 *
 * A state as an icon and a word in one tone. There is no way to show the one without the other.
 */
#define LKS_TYPE_SIGN_LABEL (lks_sign_label_get_type ())
G_DECLARE_FINAL_TYPE (LksSignLabel, lks_sign_label, LKS, SIGN_LABEL, GtkWidget)

GtkWidget *lks_sign_label_new      (const LksSign *sign);

void       lks_sign_label_set_sign (LksSignLabel  *self,
                                    const LksSign *sign);

G_END_DECLS
