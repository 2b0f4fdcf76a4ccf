/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void lks_status_closures_bind (GtkWidgetClass *widget_class);

G_END_DECLS
