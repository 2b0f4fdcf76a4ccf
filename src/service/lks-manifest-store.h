/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-image-inspection.h"

G_BEGIN_DECLS

/* More than one person services in years; the oldest go first. */
#define LKS_MANIFEST_STORE_MAX 2000

/**
 * LksManifestStore:
 *
 * The manifests of packages that were seen here, by image ID. A board tells which image is
 * installed, but not what it uses; whether an update restarts the board depends on both. Any
 * thread, one at a time.
 */
typedef struct _LksManifestStore LksManifestStore;

char             *lks_manifest_store_dup_default_path (void) G_GNUC_WARN_UNUSED_RESULT;

LksManifestStore *lks_manifest_store_new              (const char                *folder) G_GNUC_WARN_UNUSED_RESULT;
void              lks_manifest_store_free             (LksManifestStore          *self);

void              lks_manifest_store_add              (LksManifestStore          *self,
                                                       GBytes                    *package,
                                                       const LksImageInspection  *inspection);
LksManifest      *lks_manifest_store_find             (LksManifestStore          *self,
                                                       const char                *image_id) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksManifestStore, lks_manifest_store_free)

G_END_DECLS
