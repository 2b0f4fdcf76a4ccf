/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"
#include "lks-station-config.h"

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean  lks_pin_store_set    (const LksStationConfig  *config,
                                const LksSecret         *pin,
                                GCancellable            *cancellable,
                                GError                 **error);
gboolean  lks_pin_store_check  (const LksStationConfig  *config,
                                const char              *tries_path,
                                const LksSecret         *pin,
                                gint64                   now_us,
                                GCancellable            *cancellable,
                                GError                 **error);
char     *lks_pin_store_fetch  (const LksStationConfig  *config,
                                GCancellable            *cancellable,
                                GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
char     *lks_pin_store_dup_default_tries_path (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
