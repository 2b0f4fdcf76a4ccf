/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-image-inspection.h"

#include "lks-cursor.h"
#include "lks-peripheral.h"

G_DEFINE_ENUM_TYPE (LksImageSigner,
                    lks_image_signer,
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_SIGNER_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_SIGNER_SDK, "sdk"),
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_SIGNER_FORGED, "forged"),
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_SIGNER_OTHER, "other"))

G_DEFINE_ENUM_TYPE (LksImageDefect,
                    lks_image_defect,
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_DEFECT_FORGED, "forged"),
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_DEFECT_CHECKSUM, "checksum"),
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_DEFECT_MANIFEST, "manifest"),
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_DEFECT_CAPABILITY, "capability"),
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_DEFECT_ASKED_TWICE, "asked-twice"),
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_DEFECT_SELF_CLASH, "self-clash"),
                    G_DEFINE_ENUM_VALUE (LKS_IMAGE_DEFECT_NO_ENTRY_POINT, "no-entry-point"))

static void
flaw_free (gpointer data)
{
  LksImageFlaw *self = data;

  g_free (self->detail);
  g_free (self);
}

static void add_flaw (LksImageInspection *self, LksImageDefect defect, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static void
add_flaw (LksImageInspection *self, LksImageDefect defect, const char *format, ...)
{
  LksImageFlaw *flaw = g_new0 (LksImageFlaw, 1);
  va_list args;

  va_start (args, format);
  flaw->detail = g_strdup_vprintf (format, args);
  va_end (args);
  flaw->defect = defect;
  g_ptr_array_add (self->flaws, flaw);
}

/**
 * lks_image_identify_signer:
 * @image: the whole image
 * @metadata: its metadata
 *
 * Says who signed an image, as far as that can be said without the vendor's keys: only the
 * SDK's public key is known.
 *
 * Returns: the signer
 */
LksImageSigner
lks_image_identify_signer (GBytes *image, const LksImageMetadata *metadata)
{
  if (metadata->signer_thumbprint == NULL)
    return LKS_IMAGE_SIGNER_UNKNOWN;
  if (!g_str_equal (metadata->signer_thumbprint, LKS_IMAGE_SDK_THUMBPRINT))
    return LKS_IMAGE_SIGNER_OTHER;

  return lks_image_is_sdk_signed (image, metadata) ? LKS_IMAGE_SIGNER_SDK : LKS_IMAGE_SIGNER_FORGED;
}

static void
inspect_manifest (LksImageInspection *self)
{
  const LksManifest *manifest = self->manifest;
  g_autoptr (GPtrArray) clashes = lks_manifest_find_clashes (manifest, manifest);

  if (manifest->entry_point == NULL)
    add_flaw (self, LKS_IMAGE_DEFECT_NO_ENTRY_POINT, "The manifest names no program to start.");
  if (manifest->is_asked_twice)
    add_flaw (self, LKS_IMAGE_DEFECT_ASKED_TWICE, "The manifest names a peripheral twice.");
  for (guint i = 0; i < clashes->len; i++)
    {
      const LksClash *clash = g_ptr_array_index (clashes, i);

      add_flaw (self, LKS_IMAGE_DEFECT_SELF_CLASH,
                clash->kind == LKS_CLASH_KIND_CERTAIN
                    ? "The manifest asks for %s and %s, which exclude each other."
                    : "The manifest asks for %s and %s, which may need the same pin.",
                clash->one, clash->other);
    }
}

static void
inspect_application (LksImageInspection *self, GBytes *image)
{
  g_autoptr (GError) manifest_error = NULL;
  g_autoptr (GError) content_error = NULL;

  if (!lks_image_package_check_content (image, self->metadata->metadata_offset, &content_error))
    add_flaw (self, LKS_IMAGE_DEFECT_CHECKSUM, "The package is damaged: %s.",
              content_error->message);

  self->manifest = lks_image_package_read_manifest (image, self->metadata, &manifest_error);
  if (self->manifest == NULL)
    add_flaw (self, LKS_IMAGE_DEFECT_MANIFEST, "The manifest cannot be read: %s.",
              manifest_error->message);
  else
    inspect_manifest (self);
}

static void
inspect_capability (LksImageInspection *self, GBytes *image)
{
  g_autoptr (GError) error = NULL;

  self->capability = lks_capability_file_parse (image, &error);
  if (self->capability == NULL)
    add_flaw (self, LKS_IMAGE_DEFECT_CAPABILITY, "The capability file cannot be read: %s.",
              error->message);
}

/**
 * lks_image_inspect:
 * @image: the whole image: an application package, a capability file, a board configuration, a
 *   trusted keystore or another
 * @error: return location for a [error@Lks.ParseError]: these bytes are no image
 *
 * Tells everything an image says about itself, and what is wrong with it. An image with flaws
 * is told as far as it can be read.
 *
 * Returns: (transfer full): what was found, or NULL with @error set
 */
LksImageInspection *
lks_image_inspect (GBytes *image, GError **error)
{
  g_autoptr (LksImageInspection) self = g_new0 (LksImageInspection, 1);

  self->size_bytes = g_bytes_get_size (image);
  self->flaws = g_ptr_array_new_with_free_func (flaw_free);
  if (self->size_bytes > LKS_IMAGE_PACKAGE_BYTES_MAX)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "an image has at most %d bytes", LKS_IMAGE_PACKAGE_BYTES_MAX);
      return NULL;
    }

  self->metadata = lks_image_metadata_parse (image, error);
  if (self->metadata == NULL)
    return NULL;

  self->signer = lks_image_identify_signer (image, self->metadata);
  if (self->signer == LKS_IMAGE_SIGNER_FORGED)
    add_flaw (self, LKS_IMAGE_DEFECT_FORGED,
              "The image names the SDK's key, but its signature was not made with it: it was "
              "changed after it had been signed.");
  if (self->metadata->image_type == LKS_IMAGE_TYPE_APPLICATION)
    inspect_application (self, image);
  else if (self->metadata->image_type == LKS_IMAGE_TYPE_CAPABILITY)
    inspect_capability (self, image);
  return g_steal_pointer (&self);
}

/**
 * lks_image_inspection_free:
 * @self: (transfer full) (nullable): an inspection
 */
void
lks_image_inspection_free (LksImageInspection *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->metadata, lks_image_metadata_free);
  g_clear_pointer (&self->manifest, lks_manifest_free);
  g_clear_pointer (&self->capability, lks_capability_file_free);
  g_ptr_array_unref (self->flaws);
  g_free (self);
}

/**
 * lks_image_inspection_get_name:
 * @self: an inspection
 *
 * Returns: (transfer none): the image's name: of its metadata, or of its manifest; what kind of
 *   image it is when it has none
 */
const char *
lks_image_inspection_get_name (const LksImageInspection *self)
{
  const char *name = self->metadata->name;

  if (name != NULL && name[0] != '\0')
    return name;
  if (self->manifest != NULL && self->manifest->name[0] != '\0')
    return self->manifest->name;
  return lks_image_type_to_text (self->metadata->image_type);
}
