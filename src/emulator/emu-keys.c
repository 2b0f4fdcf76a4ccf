/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-keys.h"

#include "lks-cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEM_SIZE_MAX_BYTES 16384
#define HALF_BYTES (EMU_SIGNATURE_BYTES / 2)
#define VALID_DAYS (20 * 365)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ECDSA_SIG, ECDSA_SIG_free)

/* clang-format off */
G_DEFINE_ENUM_TYPE (EmuSigner, emu_signer,
  G_DEFINE_ENUM_VALUE (EMU_SIGNER_UNKNOWN, "unknown"),
  G_DEFINE_ENUM_VALUE (EMU_SIGNER_PRODUCTION, "production"),
  G_DEFINE_ENUM_VALUE (EMU_SIGNER_DEVELOPMENT, "sdk"))
/* clang-format on */

typedef struct
{
  EVP_PKEY *key;     /* (owned) */
  X509 *certificate; /* (owned) */
  guint8 thumbprint[EMU_THUMBPRINT_BYTES];
} Signer;

struct _EmuKeys
{
  grefcount refs;
  Signer production;
  Signer development;
  EVP_PKEY *sdk; /* (owned): public key of the vendor's SDK */
};

/* The vendor's SDK signs development images with a key that every copy of the SDK contains;
 * its certificate is "Azure Sphere SDK Test". With this public half the emulator accepts the
 * very packages that the SDK makes. */
static const guint8 sdk_thumbprint[EMU_THUMBPRINT_BYTES] = { 0xa8, 0xd5, 0xcc, 0x69, 0x58,
                                                             0xf4, 0x87, 0x10, 0x14, 0x0d,
                                                             0x7a, 0x26, 0x16, 0x0f, 0xc1,
                                                             0xcf, 0xc3, 0x1f, 0x5d, 0xf0 };
static const guint8 sdk_point[1 + 2 * HALF_BYTES] = {
  0x04, 0xed, 0xf2, 0x33, 0xc0, 0x0d, 0x31, 0x14, 0x1d, 0x8f, 0x3f, 0x56, 0x33,
  0x43, 0x40, 0xcc, 0xd8, 0xc1, 0x69, 0xfb, 0x67, 0xe2, 0xec, 0x56, 0x4b, 0xf8,
  0xa5, 0xef, 0x58, 0x6b, 0x1c, 0x3f, 0x7b, 0xc1, 0x88, 0xca, 0x20, 0x87, 0x01,
  0xe6, 0xd7, 0xc7, 0x75, 0x6a, 0x13, 0x26, 0x38, 0xfe, 0x98, 0xc9, 0xa0, 0x20,
  0x07, 0x40, 0x3d, 0xe5, 0xc4, 0x22, 0xe6, 0xa7, 0xe8, 0x26, 0xa4, 0xbd, 0x24,
};

static EVP_PKEY *
import_point (const guint8 *point, gsize size_bytes)
{
  char group[] = "prime256v1";
  OSSL_PARAM params[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
    OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, (void *) point, size_bytes),
    OSSL_PARAM_construct_end (),
  };
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  EVP_PKEY *key = NULL;

  if (context != NULL && EVP_PKEY_fromdata_init (context) == 1)
    EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, params);
  EVP_PKEY_CTX_free (context);
  return key;
}

static gboolean
set_crypto_error (GError **error, const char *what)
{
  char reason[256];

  ERR_error_string_n (ERR_get_error (), reason, sizeof reason);
  ERR_clear_error ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", what, reason);
  return FALSE;
}

/**
 * emu_keys_get_default_dir:
 *
 * Returns: (transfer full) (type filename): where the emulator keeps its keys when nobody says
 *   otherwise: `locksmith-emulator` in the user's data directory
 */
char *
emu_keys_get_default_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "locksmith-emulator", NULL);
}

/**
 * emu_keys_ensure_dir:
 * @state_dir: (type filename): the emulator's state directory
 * @error: return location for a `G_IO_ERROR`
 *
 * Makes @state_dir, for its owner only, when it does not exist.
 *
 * Returns: whether the directory is there
 */
gboolean
emu_keys_ensure_dir (const char *state_dir, GError **error)
{
  if (g_mkdir_with_parents (state_dir, 0700) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               "The directory %s cannot be made: %s. Name another with --state-dir.", state_dir,
               g_strerror (errno));
  return FALSE;
}

static gboolean
write_all (int fd, const char *text, gsize size_bytes)
{
  while (size_bytes > 0)
    {
      gssize written = write (fd, text, size_bytes);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      text += written;
      size_bytes -= written;
    }

  return fsync (fd) == 0;
}

/**
 * emu_keys_write_file:
 * @state_dir: (type filename): the emulator's state directory
 * @name: name of the file in it
 * @text: what the file holds
 * @size_bytes: size of @text
 * @mode: permission bits
 * @error: return location for a `G_IO_ERROR`
 *
 * Writes a file that does not exist yet, at once: a reader sees it whole or not at all, and of
 * two writers one fails with `G_IO_ERROR_EXISTS` and must read what the other wrote.
 *
 * Returns: whether this call made the file
 */
gboolean
emu_keys_write_file (const char *state_dir,
                     const char *name,
                     const char *text,
                     gsize size_bytes,
                     int mode,
                     GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, name, NULL);
  g_autofree char *draft = g_strdup_printf ("%s.XXXXXX", path);
  int fd = g_mkstemp_full (draft, O_WRONLY | O_CLOEXEC, mode);
  int saved_errno = 0;

  if (fd < 0 || !write_all (fd, text, size_bytes) || fchmod (fd, mode) < 0)
    saved_errno = errno;
  else if (link (draft, path) < 0)
    saved_errno = errno;
  if (fd >= 0)
    {
      g_close (fd, NULL);
      g_unlink (draft);
    }
  if (saved_errno == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s cannot be written: %s",
               path, g_strerror (saved_errno));
  return FALSE;
}

/**
 * emu_keys_publish:
 * @state_dir: (type filename): the emulator's state directory
 * @name: name of the file in it
 * @text: what the file must hold
 * @size_bytes: size of @text
 * @error: return location for a `G_FILE_ERROR`
 *
 * Makes a public file say what is true, whatever happened to the files between two starts: it is
 * what people copy.
 *
 * Returns: whether the file says it
 */
gboolean
emu_keys_publish (const char *state_dir,
                  const char *name,
                  const char *text,
                  gsize size_bytes,
                  GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, name, NULL);
  g_autofree char *present = NULL;
  gsize present_bytes;

  if (g_file_get_contents (path, &present, &present_bytes, NULL) && present_bytes == size_bytes &&
      memcmp (present, text, size_bytes) == 0)
    return TRUE;
  return g_file_set_contents_full (path, text, (gssize) size_bytes, G_FILE_SET_CONTENTS_CONSISTENT,
                                   0644, error);
}

static X509 *
make_certificate (EVP_PKEY *key, const char *common_name)
{
  g_autoptr (X509) certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);

  X509_set_version (certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
  X509_time_adj_ex (X509_getm_notAfter (certificate), VALID_DAYS, 0, NULL);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8, (const guchar *) common_name, -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_set_pubkey (certificate, key);

  return X509_sign (certificate, key, EVP_sha256 ()) > 0 ? g_steal_pointer (&certificate) : NULL;
}

/* Key and certificate go into one file, so that they can never be of two different births. */
static gboolean
make_signer (const char *state_dir, const char *name, const char *common_name, GError **error)
{
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (X509) certificate = key != NULL ? make_certificate (key, common_name) : NULL;
  g_autoptr (BIO) pem = BIO_new (BIO_s_secmem ());
  g_autoptr (GError) local = NULL;
  char *text;
  long size_bytes;

  if (certificate == NULL || pem == NULL ||
      PEM_write_bio_PrivateKey (pem, key, NULL, NULL, 0, NULL, NULL) != 1 ||
      PEM_write_bio_X509 (pem, certificate) != 1)
    return set_crypto_error (error, "The emulator's signing key cannot be made");

  size_bytes = BIO_get_mem_data (pem, &text);
  if (emu_keys_write_file (state_dir, name, text, size_bytes, 0600, &local) ||
      g_error_matches (local, G_IO_ERROR, G_IO_ERROR_EXISTS))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
parse_signer (const char *path, BIO *pem, Signer *out_signer, GError **error)
{
  g_autoptr (EVP_PKEY) key = PEM_read_bio_PrivateKey (pem, NULL, NULL, NULL);
  g_autoptr (X509) certificate = PEM_read_bio_X509 (pem, NULL, NULL, NULL);
  guint length = 0;

  ERR_clear_error ();
  if (key == NULL || certificate == NULL || !EVP_PKEY_is_a (key, "EC") ||
      X509_check_private_key (certificate, key) != 1 ||
      X509_digest (certificate, EVP_sha1 (), out_signer->thumbprint, &length) != 1 ||
      length != EMU_THUMBPRINT_BYTES)
    {
      ERR_clear_error ();
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s does not hold a signing key and its certificate. Delete it: the next "
                   "start makes a new one.",
                   path);
      return FALSE;
    }

  out_signer->key = g_steal_pointer (&key);
  out_signer->certificate = g_steal_pointer (&certificate);
  return TRUE;
}

static gboolean
load_signer (const char *state_dir,
             const char *name,
             const char *common_name,
             Signer *out_signer,
             GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, name, NULL);
  g_autoptr (BIO) pem = NULL;
  g_autofree char *text = NULL;
  gsize size_bytes;
  gboolean done;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !make_signer (state_dir, name, common_name, error))
    return FALSE;
  if (!g_file_get_contents (path, &text, &size_bytes, error))
    return FALSE;

  pem = BIO_new_mem_buf (text, (int) MIN (size_bytes, PEM_SIZE_MAX_BYTES));
  done = parse_signer (path, pem, out_signer, error);
  explicit_bzero (text, size_bytes);
  return done;
}

static gboolean
publish_signer (const char *state_dir, const Signer *signer, GError **error)
{
  g_autoptr (BIO) pem = BIO_new (BIO_s_mem ());
  char *text;
  long size_bytes;

  if (pem == NULL || PEM_write_bio_X509 (pem, signer->certificate) != 1)
    return set_crypto_error (error, "The certificate of the emulator's signer cannot be written");

  size_bytes = BIO_get_mem_data (pem, &text);
  return emu_keys_publish (state_dir, EMU_KEYS_SIGNER_FILE, text, (gsize) size_bytes, error);
}

/**
 * emu_keys_open:
 * @state_dir: (type filename): the emulator's state directory; made when it does not exist
 * @error: return location for a `G_IO_ERROR` or a `G_FILE_ERROR`
 *
 * Loads the signing keys, and makes them the first time. The certificate of who signs capability
 * files is published beside them.
 *
 * Returns: (transfer full): the keys, or NULL with @error set
 */
EmuKeys *
emu_keys_open (const char *state_dir, GError **error)
{
  g_autoptr (EmuKeys) self = g_new0 (EmuKeys, 1);

  g_ref_count_init (&self->refs);
  self->sdk = import_point (sdk_point, sizeof sdk_point);
  g_assert (self->sdk != NULL);
  if (!emu_keys_ensure_dir (state_dir, error) ||
      !load_signer (state_dir, "signer-production.pem", "Locksmith Emulator Image Signing",
                    &self->production, error) ||
      !load_signer (state_dir, "signer-sdk.pem", "Locksmith Emulator SDK Signing",
                    &self->development, error) ||
      !publish_signer (state_dir, &self->production, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * emu_keys_ref:
 * @self: keys
 *
 * Returns: (transfer full): @self
 */
EmuKeys *
emu_keys_ref (EmuKeys *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

/**
 * emu_keys_unref:
 * @self: (transfer full): keys
 */
void
emu_keys_unref (EmuKeys *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;

  EVP_PKEY_free (self->production.key);
  X509_free (self->production.certificate);
  EVP_PKEY_free (self->development.key);
  X509_free (self->development.certificate);
  EVP_PKEY_free (self->sdk);
  g_free (self);
}

static const Signer *
get_signer (EmuKeys *self, EmuSigner signer)
{
  return signer == EMU_SIGNER_DEVELOPMENT ? &self->development : &self->production;
}

/**
 * emu_keys_get_thumbprint:
 * @self: keys
 * @signer: which key
 *
 * Returns: (array fixed-size=20): SHA-1 of the signer's DER certificate
 */
const guint8 *
emu_keys_get_thumbprint (EmuKeys *self, EmuSigner signer)
{
  return get_signer (self, signer)->thumbprint;
}

/* DER on OpenSSL's side, two halves of 32 big-endian bytes on the image's. */
static gboolean
split_signature (const guint8 *der, gsize der_bytes, guint8 *out_signature)
{
  g_autoptr (ECDSA_SIG) parts = d2i_ECDSA_SIG (NULL, &der, (long) der_bytes);

  return parts != NULL &&
         BN_bn2binpad (ECDSA_SIG_get0_r (parts), out_signature, HALF_BYTES) == HALF_BYTES &&
         BN_bn2binpad (ECDSA_SIG_get0_s (parts), out_signature + HALF_BYTES, HALF_BYTES) ==
             HALF_BYTES;
}

/**
 * emu_keys_sign:
 * @self: keys
 * @signer: which key signs
 * @data: what is signed
 * @size_bytes: size of @data
 * @out_signature: (out caller-allocates) (array fixed-size=64): r and s
 * @error: return location for a `G_IO_ERROR`
 *
 * ECDSA over P-256 with SHA-256, written as images carry it: r then s, 32 big-endian bytes each.
 *
 * Returns: whether @out_signature was written
 */
gboolean
emu_keys_sign (EmuKeys *self,
               EmuSigner signer,
               gconstpointer data,
               gsize size_bytes,
               guint8 *out_signature,
               GError **error)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  guint8 der[128];
  gsize der_bytes = sizeof der;

  if (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, get_signer (self, signer)->key) !=
          1 ||
      EVP_DigestSign (context, der, &der_bytes, data, size_bytes) != 1 ||
      !split_signature (der, der_bytes, out_signature))
    return set_crypto_error (error, "The image cannot be signed");

  return TRUE;
}

static gboolean
verify (EVP_PKEY *key, gconstpointer data, gsize size_bytes, const guint8 *signature)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autoptr (ECDSA_SIG) parts = ECDSA_SIG_new ();
  guint8 *der = NULL;
  int der_bytes;
  gboolean good;

  ECDSA_SIG_set0 (parts, BN_bin2bn (signature, HALF_BYTES, NULL),
                  BN_bin2bn (signature + HALF_BYTES, HALF_BYTES, NULL));
  der_bytes = i2d_ECDSA_SIG (parts, &der);
  good = der_bytes > 0 && EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key) == 1 &&
         EVP_DigestVerify (context, der, der_bytes, data, size_bytes) == 1;
  OPENSSL_free (der);
  ERR_clear_error ();
  return good;
}

/**
 * emu_keys_identify:
 * @self: keys
 * @data: everything before the signature
 * @size_bytes: size of @data
 * @thumbprint: (array fixed-size=20): who the image says signed it
 * @signature: (array fixed-size=64): r and s
 *
 * Returns: who really signed, %EMU_SIGNER_UNKNOWN when the thumbprint is a stranger's or the
 *   signature is wrong
 */
EmuSigner
emu_keys_identify (EmuKeys *self,
                   gconstpointer data,
                   gsize size_bytes,
                   const guint8 *thumbprint,
                   const guint8 *signature)
{
  const struct
  {
    const guint8 *thumbprint;
    EVP_PKEY *key;
    EmuSigner signer;
  } known[] = {
    { self->production.thumbprint, self->production.key, EMU_SIGNER_PRODUCTION },
    { self->development.thumbprint, self->development.key, EMU_SIGNER_DEVELOPMENT },
    { sdk_thumbprint, self->sdk, EMU_SIGNER_DEVELOPMENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (memcmp (thumbprint, known[i].thumbprint, EMU_THUMBPRINT_BYTES) == 0)
      return verify (known[i].key, data, size_bytes, signature) ? known[i].signer
                                                                : EMU_SIGNER_UNKNOWN;

  return EMU_SIGNER_UNKNOWN;
}
