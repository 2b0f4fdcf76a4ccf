/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-signers.h"

#include "lks-cursor.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define SIGNERS_MAX 256
#define HALF_BYTES (LKS_IMAGE_SIGNATURE_BYTES / 2)
#define SDK_NAME "Azure Sphere SDK"

typedef struct
{
  char *name;       /* (owned) */
  char *thumbprint; /* (owned) (nullable): of a certificate; a bare key has none */
  guint8 xy[LKS_IMAGE_SIGNATURE_BYTES]; /* its P-256 key */
} Signer;

struct _LksSigners
{
  gatomicrefcount refs;
  GPtrArray *added; /* (owned) (element-type Signer) */
};

G_DEFINE_BOXED_TYPE (LksSigners, lks_signers, lks_signers_ref, lks_signers_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

/* clang-format off */
G_DEFINE_ENUM_TYPE (LksSignature, lks_signature,
  G_DEFINE_ENUM_VALUE (LKS_SIGNATURE_UNKNOWN_SIGNER, "unknown-signer"),
  G_DEFINE_ENUM_VALUE (LKS_SIGNATURE_SDK, "sdk"),
  G_DEFINE_ENUM_VALUE (LKS_SIGNATURE_KNOWN, "known"),
  G_DEFINE_ENUM_VALUE (LKS_SIGNATURE_WRONG, "wrong"))
/* clang-format on */

static void
signer_free (gpointer data)
{
  Signer *signer = data;

  g_free (signer->name);
  g_free (signer->thumbprint);
  g_free (signer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Signer, signer_free)

/**
 * lks_signers_new:
 *
 * Returns: (transfer full): the SDK, and nobody else yet
 */
LksSigners *
lks_signers_new (void)
{
  LksSigners *self = g_new0 (LksSigners, 1);

  g_atomic_ref_count_init (&self->refs);
  self->added = g_ptr_array_new_with_free_func (signer_free);
  return self;
}

/**
 * lks_signers_ref:
 * @self: signers
 *
 * Returns: (transfer full): @self
 */
LksSigners *
lks_signers_ref (LksSigners *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_signers_unref:
 * @self: (transfer full) (nullable): signers
 */
void
lks_signers_unref (LksSigners *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_ptr_array_unref (self->added);
  g_free (self);
}

static gboolean
take_half (EVP_PKEY *key, const char *param, guint8 *out_half)
{
  BIGNUM *number = NULL;
  gboolean good = EVP_PKEY_get_bn_param (key, param, &number) == 1 &&
                  BN_bn2binpad (number, out_half, HALF_BYTES) == HALF_BYTES;

  BN_free (number);
  return good;
}

/* Images are signed with P-256 and nothing else. */
static gboolean
take_key (Signer *signer, EVP_PKEY *key, GError **error)
{
  char group[32];

  if (EVP_PKEY_is_a (key, "EC") &&
      EVP_PKEY_get_utf8_string_param (key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL) ==
          1 &&
      g_str_equal (group, "prime256v1") && take_half (key, OSSL_PKEY_PARAM_EC_PUB_X, signer->xy) &&
      take_half (key, OSSL_PKEY_PARAM_EC_PUB_Y, signer->xy + HALF_BYTES))
    return TRUE;

  ERR_clear_error ();
  g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_UNSUPPORTED,
                       "images are signed with keys on the curve P-256; this is another one");
  return FALSE;
}

static char *
dup_thumbprint (X509 *certificate)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  GString *text = g_string_new (NULL);

  if (X509_digest (certificate, EVP_sha1 (), digest, &size) != 1)
    size = 0;
  for (unsigned int i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", digest[i]);
  return g_string_free (text, FALSE);
}

/* The common name, without what a terminal or a label would obey. */
static char *
dup_common_name (X509 *certificate)
{
  X509_NAME *subject = X509_get_subject_name (certificate);
  int position = X509_NAME_get_index_by_NID (subject, NID_commonName, -1);
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *valid = NULL;
  unsigned char *text = NULL;
  int size = -1;

  if (position >= 0)
    size = ASN1_STRING_to_UTF8 (&text,
                                X509_NAME_ENTRY_get_data (X509_NAME_get_entry (subject, position)));
  if (size <= 0)
    {
      OPENSSL_free (text);
      return NULL;
    }

  valid = g_utf8_make_valid ((const char *) text, size);
  OPENSSL_free (text);
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isprint (g_utf8_get_char (at)))
      g_string_append_unichar (name, g_utf8_get_char (at));
  return g_strdup (name->str);
}

static gboolean
fail_to_read (GError **error)
{
  ERR_clear_error ();
  g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                       "a certificate or a key in it cannot be read");
  return FALSE;
}

static gboolean
read_certificate (Signer *signer, const guint8 *der, long size, GError **error)
{
  const guint8 *end = der;
  g_autoptr (X509) certificate = d2i_X509 (NULL, &end, size);
  EVP_PKEY *key = certificate != NULL ? X509_get0_pubkey (certificate) : NULL;
  g_autofree char *common_name = NULL;

  if (key == NULL || end != der + size)
    return fail_to_read (error);

  signer->thumbprint = dup_thumbprint (certificate);
  common_name = dup_common_name (certificate);
  if (common_name != NULL && *common_name != '\0')
    {
      g_free (signer->name);
      signer->name = g_steal_pointer (&common_name);
    }
  return take_key (signer, key, error);
}

static gboolean
read_public_key (Signer *signer, const guint8 *der, long size, GError **error)
{
  const guint8 *end = der;
  g_autoptr (EVP_PKEY) key = d2i_PUBKEY (NULL, &end, size);

  if (key == NULL || end != der + size)
    return fail_to_read (error);
  return take_key (signer, key, error);
}

static gboolean
read_block (Signer *signer, const char *label, const guint8 *der, long size, GError **error)
{
  if (g_str_equal (label, PEM_STRING_X509))
    return read_certificate (signer, der, size, error);
  if (g_str_equal (label, PEM_STRING_PUBLIC))
    return read_public_key (signer, der, size, error);

  if (g_str_has_suffix (label, "PRIVATE KEY"))
    g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                         "it holds a private key; only certificates and public keys belong here");
  else
    g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                         "it holds something that is neither a certificate nor a public key");
  return FALSE;
}

/* One block of the text. TRUE without a signer: there is no further one. */
static gboolean
read_next (BIO *bio, const char *name, Signer **out_signer, GError **error)
{
  g_autoptr (Signer) signer = NULL;
  char *label = NULL, *header = NULL;
  guint8 *der = NULL;
  long size = 0;
  gboolean good;

  if (PEM_read_bio (bio, &label, &header, &der, &size) != 1)
    {
      gboolean is_end = ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE;

      ERR_clear_error ();
      return is_end || fail_to_read (error);
    }

  signer = g_new0 (Signer, 1);
  signer->name = g_strdup (name);
  good = read_block (signer, label, der, size, error);
  OPENSSL_free (label);
  OPENSSL_free (header);
  OPENSSL_clear_free (der, (gsize) size); /* it may have been a private key */
  ERR_clear_error ();
  if (good)
    *out_signer = g_steal_pointer (&signer);
  return good;
}

static gboolean
read_all (BIO *bio, const char *name, GPtrArray *signers, GError **error)
{
  Signer *signer;

  do
    {
      signer = NULL;
      if (!read_next (bio, name, &signer, error))
        return FALSE;
      if (signer != NULL)
        g_ptr_array_add (signers, signer);
    }
  while (signer != NULL && signers->len <= SIGNERS_MAX);

  if (signers->len > 0 && signers->len <= SIGNERS_MAX)
    return TRUE;
  g_set_error (error, LKS_PARSE_ERROR,
               signers->len == 0 ? LKS_PARSE_ERROR_INVALID : LKS_PARSE_ERROR_TOO_LARGE,
               "it holds %u certificates and public keys in PEM form, and must hold 1 to %d",
               signers->len, SIGNERS_MAX);
  return FALSE;
}

/**
 * lks_signers_add_pem:
 * @self: signers that nobody else uses yet
 * @name: what to call a bare key, such as the name of the file; a certificate has its own name
 * @pem: certificates and public keys in PEM form, with any text between them
 * @error: return location for a [error@Lks.ParseError]
 *
 * Also knows these signers from now on: all of them, or none when one cannot be read. Keys must
 * be on the curve P-256. What a certificate says beside its key and its name counts for nothing,
 * also not its dates: an image does not become bad.
 *
 * Returns: whether they were added
 */
gboolean
lks_signers_add_pem (LksSigners *self, const char *name, GBytes *pem, GError **error)
{
  g_autoptr (GPtrArray) signers = g_ptr_array_new_with_free_func (signer_free);
  g_autoptr (BIO) bio = NULL;

  if (g_bytes_get_size (pem) > LKS_SIGNERS_FILE_BYTES_MAX)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "it is larger than the %d bytes that such a file may have",
                   LKS_SIGNERS_FILE_BYTES_MAX);
      return FALSE;
    }
  bio = BIO_new_mem_buf (g_bytes_get_size (pem) > 0 ? g_bytes_get_data (pem, NULL) : "",
                         (int) g_bytes_get_size (pem));
  if (!read_all (bio, name, signers, error))
    return FALSE;

  g_ptr_array_extend_and_steal (self->added, g_steal_pointer (&signers));
  return TRUE;
}

/**
 * lks_signers_get_added:
 * @self: signers
 *
 * Returns: how many are known beside the SDK
 */
guint
lks_signers_get_added (LksSigners *self)
{
  return self->added->len;
}

/**
 * lks_signers_get_name:
 * @self: signers
 * @thumbprint: (nullable): SHA-1 of a certificate, 40 digits, lower case
 *
 * Returns: (transfer none) (nullable): whose certificate that is
 */
const char *
lks_signers_get_name (LksSigners *self, const char *thumbprint)
{
  for (guint i = 0; thumbprint != NULL && i < self->added->len; i++)
    {
      const Signer *signer = g_ptr_array_index (self->added, i);

      if (g_strcmp0 (signer->thumbprint, thumbprint) == 0)
        return signer->name;
    }
  return g_strcmp0 (thumbprint, LKS_IMAGE_SDK_THUMBPRINT) == 0 ? SDK_NAME : NULL;
}

static gboolean
is_named (const Signer *signer, const LksImageMetadata *metadata)
{
  return signer->thumbprint != NULL &&
         g_strcmp0 (signer->thumbprint, metadata->signer_thumbprint) == 0;
}

/**
 * lks_signers_check:
 * @self: signers
 * @image: a whole image, such as a capability file
 * @metadata: its metadata
 * @out_name: (out) (optional) (nullable) (transfer none): who signed it, or who it says did
 *
 * A certificate is found by the thumbprint in the image; a bare key by trying it. A signature
 * that is good for any known key is good, whatever the thumbprint says: it proves who made it.
 *
 * Returns: what can be said of the signature
 */
LksSignature
lks_signers_check (LksSigners *self,
                   GBytes *image,
                   const LksImageMetadata *metadata,
                   const char **out_name)
{
  const char *claimed = NULL;
  const char *name = NULL;

  for (guint i = 0; i < self->added->len && name == NULL; i++)
    {
      const Signer *signer = g_ptr_array_index (self->added, i);

      if (lks_image_signature_verify (image, signer->xy))
        name = signer->name;
      else if (is_named (signer, metadata))
        claimed = signer->name;
    }
  if (name == NULL && claimed == NULL &&
      g_strcmp0 (metadata->signer_thumbprint, LKS_IMAGE_SDK_THUMBPRINT) == 0)
    claimed = SDK_NAME;
  if (out_name != NULL)
    *out_name = name != NULL ? name : claimed;

  if (name != NULL)
    return LKS_SIGNATURE_KNOWN;
  if (lks_image_is_sdk_signed (image, metadata))
    return LKS_SIGNATURE_SDK;
  return claimed != NULL ? LKS_SIGNATURE_WRONG : LKS_SIGNATURE_UNKNOWN_SIGNER;
}
