/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-pem.h"

#include "lks-service-check-private.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define BEGIN_MARK "-----BEGIN "
#define END_MARK "-----END "
#define DASHES "-----"
#define LABEL_MAX_BYTES 64
#define BLOCKS_MAX 64

#define RSA_BITS_MIN 2048
#define EC_BITS_MIN 224

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)

/* One "-----BEGIN X-----" with its "-----END X-----". */
typedef struct
{
  char label[LABEL_MAX_BYTES + 1];
  const char *start;
  gsize size_bytes;
} Block;

/* What a text holds. */
typedef struct
{
  Block cert;
  Block key;
  guint n_certs;
  guint n_keys;
  guint n_requests;
} Blocks;

/**
 * lks_pem_cert_free:
 * @self: (transfer full): a certificate
 */
void
lks_pem_cert_free (LksPemCert *self)
{
  g_free (self->pem);
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->fingerprint);
  g_free (self);
}

/* Finds the next block at or after *@at; NULL in @out_block->start when there is none. @at is
 * NUL-terminated. */
static gboolean
find_block (const char **at, Block *out_block, GError **error)
{
  const char *begin = strstr (*at, BEGIN_MARK);
  g_autofree char *end_line = NULL;
  const char *label;
  const char *label_end;
  const char *end;

  out_block->start = NULL;
  if (begin == NULL)
    return TRUE;

  label = begin + strlen (BEGIN_MARK);
  label_end = strstr (label, DASHES);
  if (!lks_service_check (label_end != NULL && label_end - label <= LABEL_MAX_BYTES &&
                              memchr (label, '\n', (gsize) (label_end - label)) == NULL,
                          error, "the PEM text is broken: “-----BEGIN” without its end"))
    return FALSE;

  g_strlcpy (out_block->label, label, (gsize) (label_end - label) + 1);
  end_line = g_strconcat (END_MARK, out_block->label, DASHES, NULL);
  end = strstr (label_end, end_line);
  if (!lks_service_check (end != NULL, error, "the PEM text is cut off: “%s” is missing", end_line))
    return FALSE;

  out_block->start = begin;
  out_block->size_bytes = (gsize) (end - begin) + strlen (end_line);
  *at = begin + out_block->size_bytes;
  return TRUE;
}

static void
note_block (Blocks *blocks, const Block *block)
{
  if (g_str_has_suffix (block->label, "PRIVATE KEY"))
    {
      blocks->key = *block;
      blocks->n_keys++;
    }
  else if (g_str_has_suffix (block->label, "CERTIFICATE"))
    {
      blocks->cert = *block;
      blocks->n_certs++;
    }
  else if (g_str_has_suffix (block->label, "CERTIFICATE REQUEST"))
    blocks->n_requests++;
}

static gboolean
find_blocks (const char *text, gsize size_bytes, Blocks *out_blocks, GError **error)
{
  const char *at = text;

  if (!lks_service_check (size_bytes <= LKS_PEM_FILE_MAX_BYTES, error,
                          "the file is larger than %d bytes", LKS_PEM_FILE_MAX_BYTES) ||
      !lks_service_check (memchr (text, '\0', size_bytes) == NULL &&
                              strstr (text, BEGIN_MARK) != NULL,
                          error,
                          "this is no PEM text (“-----BEGIN …”); convert DER or PKCS#12 files with "
                          "“openssl x509” or “openssl pkcs12” first"))
    return FALSE;

  for (guint i = 0; i < BLOCKS_MAX; i++)
    {
      Block block;

      if (!find_block (&at, &block, error))
        return FALSE;
      if (block.start == NULL)
        return TRUE;
      note_block (out_blocks, &block);
    }

  return lks_service_check (FALSE, error, "the file holds more than %d PEM blocks", BLOCKS_MAX);
}

static X509 *
read_x509 (const char *pem, gsize size_bytes)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, (int) size_bytes);
  X509 *x509 = PEM_read_bio_X509 (bio, NULL, NULL, NULL);

  ERR_clear_error ();
  return x509;
}

static char *
write_pem (X509 *x509)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data;
  long size_bytes;

  if (PEM_write_bio_X509 (bio, x509) != 1)
    {
      ERR_clear_error ();
      return NULL;
    }
  size_bytes = BIO_get_mem_data (bio, &data);
  return g_strndup (data, (gsize) size_bytes);
}

static char *
write_name (X509_NAME *name)
{
  char *line = X509_NAME_oneline (name, NULL, 0);
  char *text = g_utf8_make_valid (line != NULL ? line : "", -1);

  OPENSSL_free (line);
  return text;
}

static gboolean
read_time (const ASN1_TIME *time, gint64 *out_unix_s)
{
  struct tm parts = { 0 };

  if (ASN1_TIME_to_tm (time, &parts) != 1)
    return FALSE;

  *out_unix_s = timegm (&parts);
  return TRUE;
}

static char *
write_fingerprint (X509 *x509)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  GString *text = g_string_new (NULL);

  if (X509_digest (x509, EVP_sha256 (), digest, &size) != 1)
    size = 0;
  for (unsigned int i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", digest[i]);
  return g_string_free (text, FALSE);
}

/* A certificate without the extension may be used for everything. */
static gboolean
is_for_clients (X509 *x509)
{
  return (X509_get_extension_flags (x509) & EXFLAG_XKUSAGE) == 0 ||
         (X509_get_extended_key_usage (x509) & XKU_SSL_CLIENT) != 0;
}

static void
describe_key (LksPemCert *self, X509 *x509)
{
  EVP_PKEY *key = X509_get0_pubkey (x509);
  gboolean is_rsa = key != NULL && EVP_PKEY_is_a (key, "RSA");

  self->key_bits = key != NULL ? (guint) MAX (EVP_PKEY_get_bits (key), 0) : 0;
  self->is_key_short = self->key_bits < (is_rsa ? RSA_BITS_MIN : EC_BITS_MIN);
}

static LksPemCert *
describe (X509 *x509)
{
  g_autoptr (LksPemCert) self = g_new0 (LksPemCert, 1);

  self->pem = write_pem (x509);
  if (self->pem == NULL || !read_time (X509_get0_notBefore (x509), &self->not_before_s) ||
      !read_time (X509_get0_notAfter (x509), &self->not_after_s))
    return NULL;

  self->subject = write_name (X509_get_subject_name (x509));
  self->issuer = write_name (X509_get_issuer_name (x509));
  self->fingerprint = write_fingerprint (x509);
  self->is_ca = X509_check_ca (x509) != 0;
  self->is_self_signed =
      X509_NAME_cmp (X509_get_subject_name (x509), X509_get_issuer_name (x509)) == 0;
  self->is_for_clients = is_for_clients (x509);
  describe_key (self, x509);
  ERR_clear_error ();
  return g_steal_pointer (&self);
}

static LksPemCert *
parse_text (const char *text, gsize size_bytes, GError **error)
{
  Blocks blocks = { 0 };
  g_autoptr (X509) x509 = NULL;
  LksPemCert *self;

  if (!find_blocks (text, size_bytes, &blocks, error) ||
      !lks_service_check (blocks.n_keys == 0, error,
                          "the file holds a private key; give a file with the certificate alone") ||
      !lks_service_check (blocks.n_certs > 0 || blocks.n_requests == 0, error,
                          "this is a request for a certificate, not the certificate") ||
      !lks_service_check (blocks.n_certs == 1, error,
                          "the file holds %u certificates, but the board’s store takes one at a "
                          "time; give a file with one",
                          blocks.n_certs))
    return NULL;

  x509 = read_x509 (blocks.cert.start, blocks.cert.size_bytes);
  self = x509 != NULL ? describe (x509) : NULL;
  lks_service_check (self != NULL, error, "the PEM text holds no readable certificate");
  return self;
}

/**
 * lks_pem_cert_parse:
 * @data: (array length=size_bytes): the bytes of a file
 * @size_bytes: how many
 * @error: return location for %LKS_SERVICE_ERROR_INVALID
 *
 * Reads a file that must hold exactly one certificate and no key. Text around it is left out.
 * Pure; any thread.
 *
 * Returns: (transfer full): the certificate, or NULL with @error set
 */
LksPemCert *
lks_pem_cert_parse (const char *data, gsize size_bytes, GError **error)
{
  g_autofree char *text = g_malloc (size_bytes + 1);

  if (size_bytes > 0)
    memcpy (text, data, size_bytes);
  text[size_bytes] = '\0';
  return parse_text (text, size_bytes, error);
}

/**
 * lks_pem_cert_load:
 * @path: (type filename): a file
 * @error: return location for %LKS_SERVICE_ERROR_INVALID or a `G_IO_ERROR`
 *
 * Blocks.
 *
 * Returns: (transfer full): the one certificate in the file, or NULL with @error set
 */
LksPemCert *
lks_pem_cert_load (const char *path, GError **error)
{
  /* A person may choose the file with the private key by mistake. */
  g_autoptr (LksSecret) file = lks_secret_load (path, LKS_PEM_FILE_MAX_BYTES, error);
  gsize size_bytes;
  const char *text;

  if (file == NULL)
    return NULL;

  text = lks_secret_get_data (file, &size_bytes);
  return parse_text (text, size_bytes, error);
}

/**
 * lks_pem_key_parse:
 * @file: a file with a private key
 * @out_is_encrypted: (out): whether a password is needed to use it, written only on success
 * @error: return location for %LKS_SERVICE_ERROR_INVALID
 *
 * Finds the one private key in a file. Pure; any thread.
 *
 * Returns: (transfer full): the key alone, as PEM text, or NULL with @error set
 */
LksSecret *
lks_pem_key_parse (const LksSecret *file, gboolean *out_is_encrypted, GError **error)
{
  gsize size_bytes;
  const char *text = lks_secret_get_data (file, &size_bytes);
  Blocks blocks = { 0 };

  if (!find_blocks (text, size_bytes, &blocks, error) ||
      !lks_service_check (blocks.n_keys != 0 || blocks.n_certs == 0, error,
                          "the file holds a certificate, but no private key") ||
      !lks_service_check (blocks.n_keys == 1, error, "the file holds %u private keys, not one",
                          blocks.n_keys))
    return NULL;

  *out_is_encrypted = strcmp (blocks.key.label, "ENCRYPTED PRIVATE KEY") == 0 ||
                      g_strstr_len (blocks.key.start, (gssize) blocks.key.size_bytes,
                                    "Proc-Type: 4,ENCRYPTED") != NULL;
  return lks_secret_new (blocks.key.start, blocks.key.size_bytes);
}

/* OpenSSL asks only when the key is encrypted; it must never ask at the terminal. */
typedef struct
{
  const LksSecret *password; /* (nullable) */
  gboolean was_asked;
} Question;

static int
password_cb (char *buffer, int size, int writing, void *user_data)
{
  Question *self = user_data;
  gsize length = 0;
  const char *text = self->password != NULL ? lks_secret_get_data (self->password, &length) : NULL;

  self->was_asked = TRUE;
  if (length == 0 || length > (gsize) size)
    return -1;

  memcpy (buffer, text, length);
  return (int) length;
}

static gboolean
matches (const LksPemCert *cert, EVP_PKEY *key)
{
  g_autoptr (X509) x509 = read_x509 (cert->pem, strlen (cert->pem));
  gboolean is_pair = x509 != NULL && X509_check_private_key (x509, key) == 1;

  ERR_clear_error ();
  return is_pair;
}

/**
 * lks_pem_key_check:
 * @key: a private key, PEM
 * @password: (nullable): what decrypts it
 * @cert: the certificate that it shall belong to
 * @error: return location for %LKS_SERVICE_ERROR_INVALID; it never repeats key or password
 *
 * Checks that the key can be used, that there is a password exactly when one is needed, and that
 * key and certificate are a pair. Any thread.
 *
 * Returns: whether it is so
 */
gboolean
lks_pem_key_check (const LksSecret *key,
                   const LksSecret *password,
                   const LksPemCert *cert,
                   GError **error)
{
  gsize size_bytes;
  const char *text = lks_secret_get_data (key, &size_bytes);
  g_autoptr (BIO) bio = BIO_new_mem_buf (text, (int) size_bytes);
  Question question = { .password = password };
  g_autoptr (EVP_PKEY) pkey = PEM_read_bio_PrivateKey (bio, NULL, password_cb, &question);

  ERR_clear_error ();
  return lks_service_check (pkey != NULL || !question.was_asked || password != NULL, error,
                            "the private key is encrypted; give its password") &&
         lks_service_check (pkey != NULL || !question.was_asked, error,
                            "the password does not open the private key") &&
         lks_service_check (pkey != NULL, error, "the private key is not readable") &&
         lks_service_check (question.was_asked || password == NULL, error,
                            "the private key is not encrypted, so no password may be given") &&
         lks_service_check (matches (cert, pkey), error,
                            "certificate and private key do not belong together");
}
