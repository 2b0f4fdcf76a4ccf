/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-station-key.h"

#include "lks-ledger.h"
#include "lks-whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX_BYTES 16384

struct _LksStationKey
{
  EVP_PKEY *key;     /* (owned) */
  char *pem;         /* (owned): the public half */
  char *fingerprint; /* (owned): SHA-256 of its SubjectPublicKeyInfo, 64 digits */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

static void
set_invalid (GError **error, const char *what)
{
  g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID,
               "%s: a PEM file with a P-256 or an Ed25519 key is needed, without a password", what);
}

static gboolean
is_p256 (EVP_PKEY *key)
{
  char group[32] = "";

  return EVP_PKEY_is_a (key, "EC") &&
         EVP_PKEY_get_utf8_string_param (key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                         NULL) == 1 &&
         g_str_equal (group, "prime256v1");
}

static gboolean
describe (LksStationKey *self)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  guint8 *der = NULL;
  int size_bytes = i2d_PUBKEY (self->key, &der);
  char *text;
  long text_bytes;

  if (size_bytes <= 0)
    return FALSE;

  self->fingerprint = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, (gsize) size_bytes);
  OPENSSL_free (der);
  if (PEM_write_bio_PUBKEY (bio, self->key) != 1)
    return FALSE;
  text_bytes = BIO_get_mem_data (bio, &text);
  self->pem = g_strndup (text, (gsize) text_bytes);
  return TRUE;
}

static LksStationKey *
take_key (EVP_PKEY *key, const char *what, GError **error)
{
  g_autoptr (LksStationKey) self = g_new0 (LksStationKey, 1);

  self->key = key;
  if (key != NULL && (is_p256 (key) || EVP_PKEY_is_a (key, "ED25519")) && describe (self))
    return g_steal_pointer (&self);

  set_invalid (error, what);
  return NULL;
}

/* Never asks anybody. */
static int
no_password_cb (char *buffer, int size, int writing, void *unused)
{
  return -1;
}

/**
 * lks_station_key_new_public:
 * @pem: the public half
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): a key that can check, or NULL with @error set
 */
LksStationKey *
lks_station_key_new_public (const char *pem, GError **error)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, -1);

  return take_key (PEM_read_bio_PUBKEY (bio, NULL, no_password_cb, NULL), "the public key", error);
}

/**
 * lks_station_key_load_public:
 * @path: a PEM file with the public half
 * @error: return location for a [error@Lks.LedgerError] or a #GFileError
 *
 * Returns: (transfer full): a key that can check, or NULL with @error set
 */
LksStationKey *
lks_station_key_load_public (const char *path, GError **error)
{
  g_autofree char *pem = NULL;

  return g_file_get_contents (path, &pem, NULL, error) ? lks_station_key_new_public (pem, error)
                                                       : NULL;
}

/**
 * lks_station_key_new:
 * @pem: the private half
 * @what: where it comes from, for messages
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): a key that can sign and check, or NULL with @error set
 */
LksStationKey *
lks_station_key_new (const LksSecret *pem, const char *what, GError **error)
{
  gsize size_bytes;
  gconstpointer data = lks_secret_get_data (pem, &size_bytes);
  g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) MIN (size_bytes, FILE_MAX_BYTES));

  return take_key (PEM_read_bio_PrivateKey (bio, NULL, no_password_cb, NULL), what, error);
}

/**
 * lks_station_key_read_file:
 * @path: a PEM file that only its owner can read
 * @error: return location for a [error@Lks.LedgerError], DENIED when others can read the file
 *
 * Returns: (transfer full): what is in it, for lks_station_key_unlock(), or NULL with @error set
 */
LksSecret *
lks_station_key_read_file (const char *path, GError **error)
{
  GStatBuf info;

  if (g_stat (path, &info) == 0 && (info.st_mode & 077) != 0)
    {
      g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_DENIED,
                   "%s: others than its owner may use this key: “chmod 600” it, and make a new one "
                   "if somebody may have read it",
                   path);
      return NULL;
    }
  return lks_secret_load (path, FILE_MAX_BYTES, error);
}

/**
 * lks_station_key_is_encrypted:
 * @pem: the private half
 *
 * Returns: whether a passphrase is needed for it
 */
gboolean
lks_station_key_is_encrypted (const LksSecret *pem)
{
  gsize size_bytes;
  const char *data = lks_secret_get_data (pem, &size_bytes);

  return g_strstr_len (data, (gssize) size_bytes, "ENCRYPTED") != NULL;
}

static int
passphrase_cb (char *buffer, int size, int writing, void *data)
{
  const LksSecret *passphrase = data;
  gsize size_bytes;
  const char *bytes;

  if (passphrase == NULL)
    return -1;
  bytes = lks_secret_get_data (passphrase, &size_bytes);
  if (size_bytes == 0 || size_bytes > (gsize) size)
    return -1;
  for (gsize i = 0; i < size_bytes; i++)
    buffer[i] = bytes[i];
  return (int) size_bytes;
}

/**
 * lks_station_key_unlock:
 * @pem: the private half
 * @passphrase: (nullable): what it was encrypted with
 * @what: where it comes from, for messages
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): a key that can sign and check, or NULL with @error set
 */
LksStationKey *
lks_station_key_unlock (const LksSecret *pem,
                        const LksSecret *passphrase,
                        const char *what,
                        GError **error)
{
  gsize size_bytes;
  gconstpointer data = lks_secret_get_data (pem, &size_bytes);
  g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) MIN (size_bytes, FILE_MAX_BYTES));
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, passphrase_cb, (void *) passphrase);

  if (key != NULL || passphrase == NULL)
    return take_key (key, what, error);

  g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID,
               "%s: the passphrase is wrong, or the file is no PEM file with a key", what);
  return NULL;
}

/**
 * lks_station_key_load:
 * @path: a PEM file that only its owner can read
 * @error: return location for a [error@Lks.LedgerError], DENIED when others can read the file
 *
 * Returns: (transfer full): a key that can sign and check, or NULL with @error set
 */
LksStationKey *
lks_station_key_load (const char *path, GError **error)
{
  g_autoptr (LksSecret) pem = lks_station_key_read_file (path, error);

  return pem != NULL ? lks_station_key_new (pem, path, error) : NULL;
}

/**
 * lks_station_key_generate:
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): a new P-256 key, or NULL with @error set
 */
LksStationKey *
lks_station_key_generate (GError **error)
{
  return take_key (EVP_PKEY_Q_keygen (NULL, NULL, "EC", "P-256"), "a new key", error);
}

static LksSecret *
dup_private_pem (const LksStationKey *self, const LksSecret *passphrase, GError **error)
{
  const EVP_CIPHER *cipher = passphrase != NULL ? EVP_aes_256_cbc () : NULL;
  g_autoptr (BIO) bio = BIO_new (BIO_s_secmem ()); /* wiped when it goes */
  char *text;
  long text_bytes;

  if (PEM_write_bio_PKCS8PrivateKey (bio, self->key, cipher, NULL, 0, passphrase_cb,
                                     (void *) passphrase) == 1 &&
      (text_bytes = BIO_get_mem_data (bio, &text)) > 0)
    return lks_secret_new (text, (gsize) text_bytes);

  g_set_error_literal (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_FAILED,
                       "the private half of the key cannot be written down");
  return NULL;
}

/**
 * lks_station_key_dup_secret:
 * @self: a key with its private half
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): the private half in PEM (PKCS #8), or NULL with @error set
 */
LksSecret *
lks_station_key_dup_secret (const LksStationKey *self, GError **error)
{
  return dup_private_pem (self, NULL, error);
}

static gboolean
write_all (int fd, const char *data, gsize size_bytes)
{
  while (size_bytes > 0)
    {
      const gssize n = write (fd, data, size_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data += n;
      size_bytes -= (gsize) n;
    }
  return fsync (fd) == 0;
}

/**
 * lks_station_key_save_new:
 * @self: a key with its private half
 * @path: a file that does not exist; its folder does
 * @error: return location for a [error@Lks.LedgerError] or a #GFileError, EXIST among them
 *
 * Writes the private half for its owner only, and waits until it is on the disk.
 *
 * Returns: whether @path now holds it
 */
gboolean
lks_station_key_save_new (const LksStationKey *self, const char *path, GError **error)
{
  return lks_station_key_save_protected (self, path, NULL, error);
}

/**
 * lks_station_key_save_protected:
 * @self: a key with its private half
 * @path: a file that does not exist; its folder does
 * @passphrase: (nullable): what to encrypt it with
 * @error: return location for a [error@Lks.LedgerError] or a #GFileError, EXIST among them
 *
 * Like lks_station_key_save_new(), for a key that a person keeps.
 *
 * Returns: whether @path now holds it
 */
gboolean
lks_station_key_save_protected (const LksStationKey *self,
                                const char *path,
                                const LksSecret *passphrase,
                                GError **error)
{
  g_autoptr (LksSecret) pem = dup_private_pem (self, passphrase, error);
  gsize size_bytes;
  const char *data;
  gboolean good;
  int fd, code;

  if (pem == NULL)
    return FALSE;

  fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  data = lks_secret_get_data (pem, &size_bytes);
  good = fd >= 0 && write_all (fd, data, size_bytes);
  code = errno;
  if (fd >= 0)
    close (fd);
  if (good)
    {
      lks_whole_file_sync_folder (path);
      return TRUE;
    }

  if (fd >= 0)
    g_unlink (path);
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code),
               "%s: the key cannot be written: %s", path, g_strerror (code));
  return FALSE;
}

/**
 * lks_station_key_free:
 * @self: (transfer full): a key
 */
void
lks_station_key_free (LksStationKey *self)
{
  EVP_PKEY_free (self->key);
  g_free (self->pem);
  g_free (self->fingerprint);
  g_free (self);
}

/**
 * lks_station_key_get_pem:
 * @self: a key
 *
 * Returns: (transfer none): its public half
 */
const char *
lks_station_key_get_pem (const LksStationKey *self)
{
  return self->pem;
}

/**
 * lks_station_key_get_fingerprint:
 * @self: a key
 *
 * Returns: (transfer none): SHA-256 of its SubjectPublicKeyInfo in DER, 64 small digits
 */
const char *
lks_station_key_get_fingerprint (const LksStationKey *self)
{
  return self->fingerprint;
}

/* Ed25519 has its own digest. */
static const EVP_MD *
get_digest (const LksStationKey *self)
{
  return EVP_PKEY_is_a (self->key, "ED25519") ? NULL : EVP_sha256 ();
}

/**
 * lks_station_key_sign:
 * @self: a key with its private half
 * @message: a text
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): the signature in base64, or NULL with @error set
 */
char *
lks_station_key_sign (const LksStationKey *self, const char *message, GError **error)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  guint8 signature[256];
  size_t size_bytes = sizeof signature;

  if (EVP_DigestSignInit (context, NULL, get_digest (self), NULL, self->key) == 1 &&
      EVP_DigestSign (context, signature, &size_bytes, (const guint8 *) message,
                      strlen (message)) == 1)
    return g_base64_encode (signature, size_bytes);

  g_set_error_literal (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_FAILED,
                       "this key cannot sign: the private half is needed");
  return NULL;
}

/**
 * lks_station_key_verify:
 * @self: a key
 * @message: a text
 * @signature: in base64, exactly as it was made
 *
 * Returns: whether @self made @signature for @message
 */
gboolean
lks_station_key_verify (const LksStationKey *self, const char *message, const char *signature)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  gsize size_bytes;
  g_autofree guchar *bytes = g_base64_decode (signature, &size_bytes);
  g_autofree char *again = g_base64_encode (bytes, size_bytes);

  return g_str_equal (again, signature) &&
         EVP_DigestVerifyInit (context, NULL, get_digest (self), NULL, self->key) == 1 &&
         EVP_DigestVerify (context, bytes, size_bytes, (const guint8 *) message,
                           strlen (message)) == 1;
}
