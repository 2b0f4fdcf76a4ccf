/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "lks-guid.h"

G_BEGIN_DECLS

/* The signature at the very end of every image: r and s, 32 bytes each, big-endian. */
#define LKS_IMAGE_SIGNATURE_BYTES 64
#define LKS_IMAGE_THUMBPRINT_BYTES 20

#define LKS_IMAGE_TYPE_APPLICATION 10
#define LKS_IMAGE_TYPE_CAPABILITY 13
#define LKS_IMAGE_TYPE_TRUSTED_KEYSTORE 19
#define LKS_IMAGE_TYPE_BOARD_CONFIG 21

/* SHA-1 of the certificate with which the public SDK signs development images. */
#define LKS_IMAGE_SDK_THUMBPRINT "a8d5cc6958f48710140d7a26160fc1cfc31f5df0"

/**
 * LksAbiKind:
 *
 * Which runtime an image needs or provides, as numbered in its ND and NP sections.
 */
typedef enum {
  LKS_ABI_KIND_UNKNOWN,
  LKS_ABI_KIND_SECURE_WORLD = 1,
  LKS_ABI_KIND_OS = 2,
  LKS_ABI_KIND_APPLICATION = 3,
} LksAbiKind;

/**
 * LksAbiVersion:
 * @kind: the number as written; may be none of [enum@Lks.AbiKind]
 * @version: the runtime's version
 */
typedef struct {
  guint32 kind;
  guint32 version;
} LksAbiVersion;

/**
 * LksImageMetadata:
 * @image_type: the number as written, see lks_image_type_to_text()
 * @component_id: (owned): which component the image belongs to, lower case
 * @image_id: (owned): this very image, lower case
 * @signer_thumbprint: (owned) (nullable): SHA-1 of the signer's certificate, 40 digits, lower case
 * @name: (owned) (nullable): the name given at build time, at most 32 bytes
 * @built_unix_s: when it was built, Unix seconds; 0 when not said
 * @under_development: the TP section's flag 2
 * @remove_at_boot: the TP section's flag 1
 * @needs: (owned) (element-type LksAbiVersion): runtimes it needs
 * @provides: (owned) (element-type LksAbiVersion): runtimes it provides
 * @metadata_offset: where the metadata begins, which is where the content ends
 * @signature: r and s
 *
 * The trailer of every image: who it is, for what, and who signed it.
 */
typedef struct {
  guint16 image_type;
  char *component_id;
  char *image_id;
  char *signer_thumbprint;
  char *name;
  guint64 built_unix_s;
  gboolean under_development;
  gboolean remove_at_boot;
  GArray *needs;
  GArray *provides;
  gsize metadata_offset;
  guint8 signature[LKS_IMAGE_SIGNATURE_BYTES];
} LksImageMetadata;

LksImageMetadata *lks_image_metadata_parse   (GBytes            *image,
                                              GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void              lks_image_metadata_free    (LksImageMetadata  *self);

const char       *lks_image_type_to_text     (guint              image_type);
const char       *lks_abi_kind_to_text       (guint32            kind);

gboolean          lks_image_signature_verify (GBytes            *image,
                                              const guint8      *public_key_xy);
gboolean          lks_image_is_sdk_signed    (GBytes                 *image,
                                              const LksImageMetadata *metadata);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksImageMetadata, lks_image_metadata_free)

G_END_DECLS
