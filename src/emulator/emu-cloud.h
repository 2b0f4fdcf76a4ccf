/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-cloud-config.h"
#include "emu-trace.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * EmuCloud:
 *
 * The vendor's cloud as far as boards concern it: the sign-in service, the resource API of
 * provider Microsoft.AzureSphere (2024-04-01), the store of images, and the list of OS versions,
 * over HTTPS. Lives on the main context that was the thread's default when it was made.
 */
typedef struct _EmuCloud EmuCloud;

EmuCloud   *emu_cloud_new          (EmuCloudConfig  *config,
                                    GPtrArray       *board_ids,
                                    const char      *address,
                                    const char      *state_dir,
                                    EmuTrace        *trace,
                                    GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void        emu_cloud_free         (EmuCloud        *self);

const char *emu_cloud_get_base     (EmuCloud        *self);

gboolean    emu_cloud_has_command  (const char      *command);
gboolean    emu_cloud_run_command  (EmuCloud        *self,
                                    const char      *command,
                                    LksJson         *json,
                                    JsonObject      *request,
                                    JsonBuilder     *builder,
                                    GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuCloud, emu_cloud_free)

G_END_DECLS
