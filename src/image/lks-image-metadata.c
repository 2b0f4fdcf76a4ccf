/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-image-metadata.h"

#include "lks-cursor.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

/* Layout as written by the public image packer and read back by its metadata parser
 * (azuresphere_imagemetadata): magic "4X4M", a count, sections of u16 ID, u16 length and data,
 * the length of all that including itself, and the signature. */
#define METADATA_MAGIC 0x4D345834u
#define METADATA_BYTES_MIN 12
#define METADATA_BYTES_MAX 65536
#define SECTIONS_MAX 64
#define ABI_VERSIONS_MAX 64
#define NAME_BYTES 32

#define SECTION_IDENTITY 0x4449
#define SECTION_SIGNATURE 0x4753
#define SECTION_DEBUG 0x4244
#define SECTION_TEMPORARY 0x5054
#define SECTION_NEEDS 0x444E
#define SECTION_PROVIDES 0x504E

#define TEMPORARY_REMOVE_AT_BOOT (1u << 0)
#define TEMPORARY_UNDER_DEVELOPMENT (1u << 1)

/* The public key of the SDK's development certificate, x then y. */
static const guint8 sdk_key_xy[] = {
  0xed, 0xf2, 0x33, 0xc0, 0x0d, 0x31, 0x14, 0x1d, 0x8f, 0x3f, 0x56, 0x33, 0x43, 0x40, 0xcc, 0xd8,
  0xc1, 0x69, 0xfb, 0x67, 0xe2, 0xec, 0x56, 0x4b, 0xf8, 0xa5, 0xef, 0x58, 0x6b, 0x1c, 0x3f, 0x7b,
  0xc1, 0x88, 0xca, 0x20, 0x87, 0x01, 0xe6, 0xd7, 0xc7, 0x75, 0x6a, 0x13, 0x26, 0x38, 0xfe, 0x98,
  0xc9, 0xa0, 0x20, 0x07, 0x40, 0x3d, 0xe5, 0xc4, 0x22, 0xe6, 0xa7, 0xe8, 0x26, 0xa4, 0xbd, 0x24,
};

static gboolean
read_guid (LksCursor *cursor, char **out_guid, GError **error)
{
  const guint8 *bytes;

  if (!lks_cursor_read (cursor, LKS_GUID_BYTES, &bytes, error))
    return FALSE;

  g_free (*out_guid);
  *out_guid = lks_guid_from_bytes (bytes);
  return TRUE;
}

static gboolean
read_identity (LksImageMetadata *self, LksCursor *section, GError **error)
{
  return lks_cursor_read_u16le (section, &self->image_type, error) &&
         lks_cursor_skip (section, sizeof (guint16), error) &&
         read_guid (section, &self->component_id, error) &&
         read_guid (section, &self->image_id, error);
}

static gboolean
read_signature (LksImageMetadata *self, LksCursor *section, GError **error)
{
  const guint8 *thumbprint;
  GString *text;

  if (!lks_cursor_read (section, LKS_IMAGE_THUMBPRINT_BYTES, &thumbprint, error))
    return FALSE;

  text = g_string_new (NULL);
  for (gsize i = 0; i < LKS_IMAGE_THUMBPRINT_BYTES; i++)
    g_string_append_printf (text, "%02x", thumbprint[i]);
  g_free (self->signer_thumbprint);
  self->signer_thumbprint = g_string_free (text, FALSE);
  return TRUE;
}

static gboolean
read_debug (LksImageMetadata *self, LksCursor *section, GError **error)
{
  g_autofree char *name = NULL;

  if (!lks_cursor_read_u64le (section, &self->built_unix_s, error) ||
      !lks_cursor_read_text (section, NAME_BYTES, &name, error))
    return FALSE;

  g_free (self->name);
  self->name = g_steal_pointer (&name);
  return TRUE;
}

static gboolean
read_temporary (LksImageMetadata *self, LksCursor *section, GError **error)
{
  guint32 flags;

  if (!lks_cursor_read_u32le (section, &flags, error))
    return FALSE;

  self->remove_at_boot = (flags & TEMPORARY_REMOVE_AT_BOOT) != 0;
  self->under_development = (flags & TEMPORARY_UNDER_DEVELOPMENT) != 0;
  return TRUE;
}

static gboolean
read_abi_versions (GArray *versions, LksCursor *section, GError **error)
{
  guint32 count;

  if (!lks_cursor_read_u32le (section, &count, error))
    return FALSE;
  if (count > ABI_VERSIONS_MAX)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "%u runtime versions, at most %d are accepted", count, ABI_VERSIONS_MAX);
      return FALSE;
    }

  for (guint32 i = 0; i < count; i++)
    {
      LksAbiVersion abi = { 0 };

      if (!lks_cursor_read_u32le (section, &abi.version, error) ||
          !lks_cursor_read_u32le (section, &abi.kind, error))
        return FALSE;
      g_array_append_val (versions, abi);
    }

  return TRUE;
}

static gboolean
read_section (LksImageMetadata *self, LksCursor *cursor, GError **error)
{
  LksCursor section;
  guint16 id;
  guint16 length;

  if (!lks_cursor_read_u16le (cursor, &id, error) ||
      !lks_cursor_read_u16le (cursor, &length, error) ||
      !lks_cursor_read_sub (cursor, length, &section, error))
    return FALSE;

  switch (id)
    {
    case SECTION_IDENTITY:
      return read_identity (self, &section, error);
    case SECTION_SIGNATURE:
      return read_signature (self, &section, error);
    case SECTION_DEBUG:
      return read_debug (self, &section, error);
    case SECTION_TEMPORARY:
      return read_temporary (self, &section, error);
    case SECTION_NEEDS:
      return read_abi_versions (self->needs, &section, error);
    case SECTION_PROVIDES:
      return read_abi_versions (self->provides, &section, error);
    default:
      return TRUE; /* other sections exist; their order and number may change */
    }
}

static gboolean
read_sections (LksImageMetadata *self, LksCursor *cursor, GError **error)
{
  guint32 magic;
  guint32 count;

  if (!lks_cursor_read_u32le (cursor, &magic, error) ||
      !lks_cursor_read_u32le (cursor, &count, error))
    return FALSE;
  if (magic != METADATA_MAGIC)
    {
      g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                           "the file does not end with image metadata");
      return FALSE;
    }
  if (count > SECTIONS_MAX)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "%u metadata sections, at most %d are accepted", count, SECTIONS_MAX);
      return FALSE;
    }

  for (guint32 i = 0; i < count; i++)
    if (!read_section (self, cursor, error))
      return FALSE;

  return TRUE;
}

/* Finds the metadata from the end of the image: signature, then the length word before it. */
static gboolean
locate (LksCursor *cursor, LksImageMetadata *self, LksCursor *out_metadata, GError **error)
{
  gsize trailer = LKS_IMAGE_SIGNATURE_BYTES + sizeof (guint32);
  const guint8 *signature;
  guint32 length;

  if (cursor->size < trailer + METADATA_BYTES_MIN)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TRUNCATED,
                   "%" G_GSIZE_FORMAT " bytes are too few for an image", cursor->size);
      return FALSE;
    }
  if (!lks_cursor_seek (cursor, cursor->size - trailer, error) ||
      !lks_cursor_read_u32le (cursor, &length, error) ||
      !lks_cursor_read (cursor, LKS_IMAGE_SIGNATURE_BYTES, &signature, error))
    return FALSE;
  if (length < METADATA_BYTES_MIN || length > METADATA_BYTES_MAX ||
      length > cursor->size - LKS_IMAGE_SIGNATURE_BYTES)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                   "the image claims %u bytes of metadata", length);
      return FALSE;
    }

  for (gsize i = 0; i < LKS_IMAGE_SIGNATURE_BYTES; i++)
    self->signature[i] = signature[i];
  self->metadata_offset = cursor->size - LKS_IMAGE_SIGNATURE_BYTES - length;
  return lks_cursor_seek (cursor, self->metadata_offset, error) &&
         lks_cursor_read_sub (cursor, length - sizeof (guint32), out_metadata, error);
}

/**
 * lks_image_metadata_parse:
 * @image: the whole image, signature included
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads the trailer that every image carries: application packages, capability files, board
 * configurations. Unknown sections are skipped, their order is free.
 *
 * Returns: (transfer full): the metadata, or NULL with @error set
 */
LksImageMetadata *
lks_image_metadata_parse (GBytes *image, GError **error)
{
  g_autoptr (LksImageMetadata) self = g_new0 (LksImageMetadata, 1);
  LksCursor cursor;
  LksCursor metadata;

  self->needs = g_array_new (FALSE, FALSE, sizeof (LksAbiVersion));
  self->provides = g_array_new (FALSE, FALSE, sizeof (LksAbiVersion));

  lks_cursor_init_bytes (&cursor, image);
  if (!locate (&cursor, self, &metadata, error) || !read_sections (self, &metadata, error) ||
      !lks_cursor_finish (&metadata, error))
    return NULL;
  if (self->component_id == NULL)
    {
      g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                           "the image metadata does not say what the image is");
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * lks_image_metadata_free:
 * @self: (transfer full) (nullable): metadata
 */
void
lks_image_metadata_free (LksImageMetadata *self)
{
  if (self == NULL)
    return;

  g_free (self->component_id);
  g_free (self->image_id);
  g_free (self->signer_thumbprint);
  g_free (self->name);
  g_array_unref (self->needs);
  g_array_unref (self->provides);
  g_free (self);
}

/**
 * lks_image_type_to_text:
 * @image_type: an image type number
 *
 * Returns: (transfer none): what such an image is, in English; "unknown kind" for other numbers
 */
const char *
lks_image_type_to_text (guint image_type)
{
  static const char *const texts[] = {
    [1] = "one-stage boot loader",
    [2] = "Pluton runtime",
    [3] = "Wi-Fi firmware",
    [4] = "security monitor",
    [5] = "normal-world loader",
    [6] = "device tree",
    [7] = "kernel",
    [8] = "root file system",
    [9] = "services",
    [LKS_IMAGE_TYPE_APPLICATION] = "application",
    [LKS_IMAGE_TYPE_CAPABILITY] = "capability",
    [16] = "boot manifest",
    [17] = "normal-world file system",
    [LKS_IMAGE_TYPE_TRUSTED_KEYSTORE] = "trusted keystore",
    [20] = "policy",
    [LKS_IMAGE_TYPE_BOARD_CONFIG] = "board configuration",
    [22] = "update certificate store",
    [23] = "base system update manifest",
    [24] = "firmware update manifest",
    [25] = "customer update manifest",
    [26] = "recovery manifest",
    [27] = "manifest set",
    [28] = "other",
  };

  if (image_type < G_N_ELEMENTS (texts) && texts[image_type] != NULL)
    return texts[image_type];

  return "unknown kind";
}

/**
 * lks_abi_kind_to_text:
 * @kind: a runtime number, see [enum@Lks.AbiKind]
 *
 * Returns: (transfer none): which runtime that is, in English; "unknown runtime" for other numbers
 */
const char *
lks_abi_kind_to_text (guint32 kind)
{
  switch (kind)
    {
    case LKS_ABI_KIND_SECURE_WORLD:
      return "secure-world runtime";
    case LKS_ABI_KIND_OS:
      return "OS runtime";
    case LKS_ABI_KIND_APPLICATION:
      return "application runtime";
    default:
      return "unknown runtime";
    }
}

static EVP_PKEY *
key_from_xy (const guint8 *public_key_xy)
{
  guint8 point[65] = { POINT_CONVERSION_UNCOMPRESSED };
  OSSL_PARAM params[3];
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  EVP_PKEY *key = NULL;

  for (gsize i = 0; i < LKS_IMAGE_SIGNATURE_BYTES; i++)
    point[1 + i] = public_key_xy[i];
  params[0] =
      OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) "prime256v1", 0);
  params[1] = OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
  params[2] = OSSL_PARAM_construct_end ();

  if (EVP_PKEY_fromdata_init (context) != 1 ||
      EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
    key = NULL;
  EVP_PKEY_CTX_free (context);
  return key;
}

/* r and s stand in the image as fixed-size numbers; OpenSSL wants them in DER. */
static int
signature_to_der (const guint8 *signature, guint8 **out_der)
{
  ECDSA_SIG *sig = ECDSA_SIG_new ();
  int length;

  ECDSA_SIG_set0 (sig, BN_bin2bn (signature, 32, NULL), BN_bin2bn (signature + 32, 32, NULL));
  *out_der = NULL;
  length = i2d_ECDSA_SIG (sig, out_der);
  ECDSA_SIG_free (sig);
  return length;
}

/**
 * lks_image_signature_verify:
 * @image: the whole image
 * @public_key_xy: (array fixed-size=64): a P-256 public key, x then y, big-endian
 *
 * Checks ECDSA P-256 with SHA-256 over every byte before the signature.
 *
 * Returns: whether the signature was made with that key
 */
gboolean
lks_image_signature_verify (GBytes *image, const guint8 *public_key_xy)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);
  EVP_MD_CTX *context;
  EVP_PKEY *key;
  guint8 *der;
  int der_length;
  gboolean good = FALSE;

  if (size <= LKS_IMAGE_SIGNATURE_BYTES)
    return FALSE;
  key = key_from_xy (public_key_xy);
  if (key == NULL)
    return FALSE;

  der_length = signature_to_der (data + size - LKS_IMAGE_SIGNATURE_BYTES, &der);
  context = EVP_MD_CTX_new ();
  if (der_length > 0 && EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key) == 1)
    good = EVP_DigestVerify (context, der, der_length, data, size - LKS_IMAGE_SIGNATURE_BYTES) == 1;

  EVP_MD_CTX_free (context);
  OPENSSL_clear_free (der, der_length > 0 ? (gsize) der_length : 0);
  EVP_PKEY_free (key);
  return good;
}

/**
 * lks_image_is_sdk_signed:
 * @image: the whole image
 * @metadata: its metadata
 *
 * Says for certain that an image is signed for development only: the thumbprint of the SDK's
 * certificate and a signature that verifies with its key. Any other image was signed with
 * another key, probably for production; that cannot be proven here.
 *
 * Returns: whether @image carries the SDK's signature
 */
gboolean
lks_image_is_sdk_signed (GBytes *image, const LksImageMetadata *metadata)
{
  return g_strcmp0 (metadata->signer_thumbprint, LKS_IMAGE_SDK_THUMBPRINT) == 0 &&
         lks_image_signature_verify (image, sdk_key_xy);
}
