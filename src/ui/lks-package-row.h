/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-sideload.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* One image package: who it is in a row that unfolds to everything it says. */

GtkWidget *lks_package_row_new (const LksSideloadPackage *package,
                                gboolean                  is_planned,
                                const LksSideloadOutcome *outcome);

G_END_DECLS
