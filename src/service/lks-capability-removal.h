/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-sideload.h"

G_BEGIN_DECLS

gboolean lks_capability_removal_check (const LksSideloadPackage  *package,
                                       GError                   **error);
gboolean lks_capability_removal_run   (LksDevice                 *device,
                                       GBytes                    *empty_file,
                                       LksPeripheralLock          lock,
                                       LksSideloadFunc            progress,
                                       gpointer                   user_data,
                                       GCancellable              *cancellable,
                                       GError                   **error);

G_END_DECLS
