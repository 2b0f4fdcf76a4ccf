/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-diag.h"
#include "lks-software.h"

G_BEGIN_DECLS

/**
 * LksSoftwareView:
 * @software: (owned) (nullable): what is installed
 * @stored: (owned) (nullable) (element-type gint32): the stored capabilities, when the board tells
 *   them
 * @memory: (owned) (nullable): memory in use, when the board tells it
 *
 * What the page Software shows. Counted, main thread; filled by one job and not changed after it.
 */
typedef struct {
  LksSoftware *software;
  GArray *stored;
  LksMemoryStats *memory;
} LksSoftwareView;

LksSoftwareView *lks_software_view_new   (void) G_GNUC_WARN_UNUSED_RESULT;
LksSoftwareView *lks_software_view_ref   (LksSoftwareView  *self);
void             lks_software_view_unref (gpointer          self);
gboolean         lks_software_view_job   (LksDevice        *device,
                                          gpointer          self,
                                          GCancellable     *cancellable,
                                          GError          **error);

G_END_DECLS
