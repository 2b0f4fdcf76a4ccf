/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-info.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksCapabilityPreview:
 *
 * A file that somebody wants to import, and what it says, or why it cannot be imported. Immutable.
 */
#define LKS_TYPE_CAPABILITY_PREVIEW (lks_capability_preview_get_type ())
G_DECLARE_FINAL_TYPE (LksCapabilityPreview, lks_capability_preview, LKS, CAPABILITY_PREVIEW, GObject)

GFile                   *lks_capability_preview_get_file    (LksCapabilityPreview  *self);
const LksCapabilityInfo *lks_capability_preview_get_info    (LksCapabilityPreview  *self);
const GError            *lks_capability_preview_get_error   (LksCapabilityPreview  *self);

void                     lks_capability_preview_load_async  (GPtrArray             *files,
                                                             GCancellable          *cancellable,
                                                             GAsyncReadyCallback    callback,
                                                             gpointer               user_data);
GPtrArray               *lks_capability_preview_load_finish (GAsyncResult          *result,
                                                             GError               **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
