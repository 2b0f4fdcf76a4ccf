/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-image-metadata.h"
#include "lks-manifest.h"

G_BEGIN_DECLS

/* Flash of the chip is 16 MiB in all; a package is far smaller. */
#define LKS_IMAGE_PACKAGE_BYTES_MAX (16 * 1024 * 1024)

/**
 * LksImagePackage:
 * @metadata: (owned): the trailer
 * @manifest: (owned) (nullable): of an application; NULL for other image types
 * @size_bytes: size of the whole package
 *
 * An image package as it is sideloaded: a read-only file system followed by metadata.
 */
typedef struct {
  LksImageMetadata *metadata;
  LksManifest *manifest;
  gsize size_bytes;
} LksImagePackage;

LksImagePackage *lks_image_package_parse         (GBytes                  *package,
                                                  GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
void             lks_image_package_free          (LksImagePackage         *self);

GBytes          *lks_image_package_read_file     (GBytes                  *package,
                                                  gsize                    content_bytes,
                                                  const char              *name,
                                                  GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
LksManifest     *lks_image_package_read_manifest (GBytes                  *package,
                                                  const LksImageMetadata  *metadata,
                                                  GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean         lks_image_package_check_content (GBytes                  *package,
                                                  gsize                    content_bytes,
                                                  GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksImagePackage, lks_image_package_free)

G_END_DECLS
