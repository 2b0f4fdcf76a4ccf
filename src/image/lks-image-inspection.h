/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-file.h"
#include "lks-image-package.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksImageSigner:
 * @LKS_IMAGE_SIGNER_UNKNOWN: the image does not name its signer
 * @LKS_IMAGE_SIGNER_SDK: signed for development by the public SDK, proven by the signature
 * @LKS_IMAGE_SIGNER_FORGED: names the SDK's key, but the signature was not made with it: the
 *   image is damaged or forged
 * @LKS_IMAGE_SIGNER_OTHER: signed with another key, probably for production; that cannot be
 *   proven here
 *
 * Who signed an image. Nicks: "unknown", "sdk", "forged", "other".
 */
typedef enum {
  LKS_IMAGE_SIGNER_UNKNOWN,
  LKS_IMAGE_SIGNER_SDK,
  LKS_IMAGE_SIGNER_FORGED,
  LKS_IMAGE_SIGNER_OTHER,
} LksImageSigner;

#define LKS_TYPE_IMAGE_SIGNER (lks_image_signer_get_type ())
GType lks_image_signer_get_type (void);

/**
 * LksImageDefect:
 * @LKS_IMAGE_DEFECT_FORGED: see %LKS_IMAGE_SIGNER_FORGED
 * @LKS_IMAGE_DEFECT_CHECKSUM: the file system's checksum or size is wrong: the file is damaged
 * @LKS_IMAGE_DEFECT_MANIFEST: the manifest of an application cannot be read
 * @LKS_IMAGE_DEFECT_CAPABILITY: the content of a capability file cannot be read
 * @LKS_IMAGE_DEFECT_ASKED_TWICE: the manifest names a peripheral twice
 * @LKS_IMAGE_DEFECT_SELF_CLASH: the manifest asks for things that exclude each other
 * @LKS_IMAGE_DEFECT_NO_ENTRY_POINT: the manifest names no program
 *
 * What is wrong with an image in itself, whatever board it is for. Nicks: "forged", "checksum",
 * "manifest", "capability", "asked-twice", "self-clash", "no-entry-point".
 */
typedef enum {
  LKS_IMAGE_DEFECT_FORGED,
  LKS_IMAGE_DEFECT_CHECKSUM,
  LKS_IMAGE_DEFECT_MANIFEST,
  LKS_IMAGE_DEFECT_CAPABILITY,
  LKS_IMAGE_DEFECT_ASKED_TWICE,
  LKS_IMAGE_DEFECT_SELF_CLASH,
  LKS_IMAGE_DEFECT_NO_ENTRY_POINT,
} LksImageDefect;

#define LKS_TYPE_IMAGE_DEFECT (lks_image_defect_get_type ())
GType lks_image_defect_get_type (void);

/**
 * LksImageFlaw:
 * @defect: what kind
 * @detail: (owned): what exactly, an English sentence
 */
typedef struct {
  LksImageDefect defect;
  char *detail;
} LksImageFlaw;

/**
 * LksImageInspection:
 * @metadata: (owned): who it is, for what, and who signed it
 * @manifest: (owned) (nullable): of an application
 * @capability: (owned) (nullable): what a capability file says, never the file itself
 * @signer: who signed it
 * @size_bytes: size of the whole image
 * @flaws: (owned) (element-type LksImageFlaw): what is wrong with it
 *
 * Everything an image tells about itself.
 */
typedef struct {
  LksImageMetadata *metadata;
  LksManifest *manifest;
  LksCapabilityFile *capability;
  LksImageSigner signer;
  gsize size_bytes;
  GPtrArray *flaws;
} LksImageInspection;

GBytes             *lks_image_load                (const char                *path,
                                                   GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
LksImageSigner      lks_image_identify_signer     (GBytes                    *image,
                                                   const LksImageMetadata    *metadata);

LksImageInspection *lks_image_inspect             (GBytes                    *image,
                                                   GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
void                lks_image_inspection_free     (LksImageInspection        *self);
const char         *lks_image_inspection_get_name (const LksImageInspection  *self);
JsonNode           *lks_image_inspection_to_json  (const LksImageInspection  *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksImageInspection, lks_image_inspection_free)

G_END_DECLS
