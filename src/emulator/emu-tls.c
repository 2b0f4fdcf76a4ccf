/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-tls.h"

#include "emu-keys.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define AUTHORITY_FILE "authority.pem"
#define SERVER_FILE "server.pem"
#define ORGANIZATION "Locksmith emulator"
#define AUTHORITY_NAME "Azure Sphere Device (emulated)"
#define SERVER_NAME "192.168.35.2"
#define SERVER_NAMES "DNS:*.devices.sphere.azure.local,DNS:192.168.35.2,IP:192.168.35.2"
#define OTHER_NAME "203.0.113.7"
#define OTHER_NAMES "DNS:board.example,IP:203.0.113.7"
#define CLOUD_NAME "Azure Sphere cloud (emulated)"
#define CLOUD_NAMES "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"
#define SERIAL_BITS 63
#define PEM_SIZE_MAX_BYTES 16384

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_EXTENSION, X509_EXTENSION_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)

/* A key and its certificate. */
typedef struct
{
  EVP_PKEY *key;     /* (owned) */
  X509 *certificate; /* (owned) */
} Pair;

typedef struct
{
  const char *common_name;
  const char *alternative_names; /* (nullable): NULL for an authority */
  const char *not_before;        /* UTC, YYYYMMDDhhmmssZ */
  const char *not_after;
} Template;

/* The dates are those of real boards. */
static const Template authority_template = { AUTHORITY_NAME, NULL, "20180522000403Z",
                                             "20380517000403Z" };
static const Template server_templates[EMU_TLS_N_KINDS] = {
  [EMU_TLS_GENUINE] = { SERVER_NAME, SERVER_NAMES, "20180822000000Z", "20380517000403Z" },
  [EMU_TLS_WRONG_CA] = { SERVER_NAME, SERVER_NAMES, "20180822000000Z", "20380517000403Z" },
  [EMU_TLS_WRONG_NAME] = { OTHER_NAME, OTHER_NAMES, "20180822000000Z", "20380517000403Z" },
  [EMU_TLS_EXPIRED] = { SERVER_NAME, SERVER_NAMES, "20180822000000Z", "20190822000000Z" },
  [EMU_TLS_CLOUD] = { CLOUD_NAME, CLOUD_NAMES, "20240301000000Z", "20380517000403Z" },
};

struct _EmuTls
{
  Pair authority;
  GTlsCertificate *certificates[EMU_TLS_N_KINDS]; /* (owned) (nullable): made when asked for */
};

static void
pair_clear (Pair *pair)
{
  g_clear_pointer (&pair->key, EVP_PKEY_free);
  g_clear_pointer (&pair->certificate, X509_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static gboolean
set_crypto_error (GError **error, const char *what)
{
  char reason[256];

  ERR_error_string_n (ERR_get_error (), reason, sizeof reason);
  ERR_clear_error ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", what, reason);
  return FALSE;
}

/* ---- making certificates; every function returns 1 or TRUE for success, as libcrypto does ---- */

static gboolean
add_extension (X509 *certificate, X509 *issuer, int nid, const char *value)
{
  g_autoptr (X509_EXTENSION) extension = NULL;
  X509V3_CTX context;

  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  return extension != NULL && X509_add_ext (certificate, extension, -1) == 1;
}

static gboolean
set_random_serial (X509 *certificate)
{
  g_autoptr (BIGNUM) number = BN_new ();

  return number != NULL &&
         BN_rand (number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate)) != NULL;
}

static gboolean
set_subject (X509 *certificate, const char *common_name)
{
  X509_NAME *name = X509_get_subject_name (certificate);

  return X509_NAME_add_entry_by_txt (name, "O", MBSTRING_UTF8, (const guchar *) ORGANIZATION, -1,
                                     -1, 0) == 1 &&
         X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8, (const guchar *) common_name, -1,
                                     -1, 0) == 1;
}

static gboolean
add_extensions (X509 *certificate, X509 *issuer, const Template *template)
{
  if (template->alternative_names == NULL)
    return add_extension (certificate, issuer, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension (certificate, issuer, NID_subject_key_identifier, "hash") &&
           add_extension (certificate, issuer, NID_authority_key_identifier, "keyid:always");

  return add_extension (certificate, issuer, NID_key_usage,
                        "digitalSignature,keyEncipherment,dataEncipherment") &&
         add_extension (certificate, issuer, NID_ext_key_usage, "serverAuth") &&
         add_extension (certificate, issuer, NID_subject_alt_name, template->alternative_names) &&
         add_extension (certificate, issuer, NID_subject_key_identifier, "hash") &&
         add_extension (certificate, issuer, NID_authority_key_identifier, "keyid:always");
}

/* @signer NULL: the certificate signs itself. */
static gboolean
make_pair (const Pair *signer, const Template *template, Pair *out_pair, GError **error)
{
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (X509) certificate = X509_new ();
  X509 *issuer = signer != NULL ? signer->certificate : certificate;
  EVP_PKEY *signer_key = signer != NULL ? signer->key : key;

  if (key == NULL || certificate == NULL || X509_set_version (certificate, X509_VERSION_3) != 1 ||
      !set_random_serial (certificate) || !set_subject (certificate, template->common_name) ||
      X509_set_issuer_name (certificate, X509_get_subject_name (issuer)) != 1 ||
      ASN1_TIME_set_string (X509_getm_notBefore (certificate), template->not_before) != 1 ||
      ASN1_TIME_set_string (X509_getm_notAfter (certificate), template->not_after) != 1 ||
      X509_set_pubkey (certificate, key) != 1 || !add_extensions (certificate, issuer, template) ||
      X509_sign (certificate, signer_key, EVP_sha256 ()) <= 0)
    return set_crypto_error (error, "The emulator's certificate cannot be made");

  out_pair->key = g_steal_pointer (&key);
  out_pair->certificate = g_steal_pointer (&certificate);
  return TRUE;
}

/* ---- files ---- */

/* Returns a BIO that wipes its memory; the key comes first. */
static BIO *
format_pair (const Pair *pair)
{
  g_autoptr (BIO) pem = BIO_new (BIO_s_secmem ());

  if (pem == NULL || PEM_write_bio_PrivateKey (pem, pair->key, NULL, NULL, 0, NULL, NULL) != 1 ||
      PEM_write_bio_X509 (pem, pair->certificate) != 1)
    return NULL;
  return g_steal_pointer (&pem);
}

/* Another emulator may have been faster; then its file counts. */
static gboolean
write_new_file (const char *state_dir, const char *name, BIO *pem, int mode, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  char *text;
  long size_bytes;

  if (pem == NULL)
    return set_crypto_error (error, "The emulator's key cannot be written");

  size_bytes = BIO_get_mem_data (pem, &text);
  if (emu_keys_write_file (state_dir, name, text, size_bytes, mode, &local_error) ||
      g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
make_pair_file (const char *state_dir,
                const char *name,
                const Pair *signer,
                const Template *template,
                GError **error)
{
  g_auto (Pair) pair = { 0 };
  g_autoptr (BIO) pem = NULL;

  if (!make_pair (signer, template, &pair, error))
    return FALSE;

  pem = format_pair (&pair);
  return write_new_file (state_dir, name, pem, 0600, error);
}

static gboolean
parse_pair (const char *path, BIO *pem, Pair *out_pair, GError **error)
{
  g_autoptr (EVP_PKEY) key = PEM_read_bio_PrivateKey (pem, NULL, NULL, NULL);
  g_autoptr (X509) certificate = PEM_read_bio_X509 (pem, NULL, NULL, NULL);

  ERR_clear_error ();
  if (key == NULL || certificate == NULL || X509_check_private_key (certificate, key) != 1)
    {
      ERR_clear_error ();
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s does not hold a key and its certificate. Delete it: the next start makes "
                   "a new one.",
                   path);
      return FALSE;
    }

  out_pair->key = g_steal_pointer (&key);
  out_pair->certificate = g_steal_pointer (&certificate);
  return TRUE;
}

static gboolean
load_pair (const char *state_dir,
           const char *name,
           const Pair *signer,
           const Template *template,
           Pair *out_pair,
           GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (BIO) pem = NULL;
  gsize size_bytes;
  gboolean done;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) &&
      !make_pair_file (state_dir, name, signer, template, error))
    return FALSE;
  if (!g_file_get_contents (path, &text, &size_bytes, error))
    return FALSE;

  pem = BIO_new_mem_buf (text, (int) MIN (size_bytes, PEM_SIZE_MAX_BYTES));
  done = pem != NULL && parse_pair (path, pem, out_pair, error);
  explicit_bzero (text, size_bytes);
  return done;
}

static gboolean
publish_authority (const char *state_dir, const Pair *authority, GError **error)
{
  g_autoptr (BIO) pem = BIO_new (BIO_s_mem ());
  char *text;
  long size_bytes;

  if (pem == NULL || PEM_write_bio_X509 (pem, authority->certificate) != 1)
    return set_crypto_error (error, "The emulator's certificate cannot be written");

  size_bytes = BIO_get_mem_data (pem, &text);
  return emu_keys_publish (state_dir, EMU_TLS_CA_FILE, text, (gsize) size_bytes, error);
}

/* ---- what TLS gets ---- */

static GTlsCertificate *
convert_pair (const Pair *pair, GError **error)
{
  g_autoptr (BIO) pem = format_pair (pair);
  char *text;
  long size_bytes;

  if (pem == NULL)
    {
      set_crypto_error (error, "The emulator's key cannot be used");
      return NULL;
    }

  size_bytes = BIO_get_mem_data (pem, &text);
  return g_tls_certificate_new_from_pem (text, size_bytes, error);
}

static gboolean
load_server (EmuTls *self, const char *state_dir, GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, SERVER_FILE, NULL);
  g_auto (Pair) server = { 0 };

  if (!load_pair (state_dir, SERVER_FILE, &self->authority, &server_templates[EMU_TLS_GENUINE],
                  &server, error))
    return FALSE;
  if (X509_verify (server.certificate, self->authority.key) != 1)
    {
      ERR_clear_error ();
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s was not signed by %s. Delete it: the next start makes a new one.", path,
                   AUTHORITY_FILE);
      return FALSE;
    }

  self->certificates[EMU_TLS_GENUINE] = convert_pair (&server, error);
  return self->certificates[EMU_TLS_GENUINE] != NULL;
}

/**
 * emu_tls_open:
 * @state_dir: (type filename): the emulator's state directory; made when it does not exist
 * @error: return location for a `G_IO_ERROR`, `G_FILE_ERROR` or `G_TLS_ERROR`
 *
 * Loads the authority and the server certificate of the emulated boards, and makes them the first
 * time: EC P-256, with the names a real board's certificate has, but an authority of their own
 * that says what it is. Whoever trusts `ca.pem` trusts every emulated board of this directory.
 *
 * Returns: (transfer full): the certificates, or %NULL
 */
EmuTls *
emu_tls_open (const char *state_dir, GError **error)
{
  g_autoptr (EmuTls) self = g_new0 (EmuTls, 1);

  if (!emu_keys_ensure_dir (state_dir, error) ||
      !load_pair (state_dir, AUTHORITY_FILE, NULL, &authority_template, &self->authority, error) ||
      !publish_authority (state_dir, &self->authority, error) ||
      !load_server (self, state_dir, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * emu_tls_free:
 * @self: (transfer full) (nullable): certificates
 */
void
emu_tls_free (EmuTls *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < EMU_TLS_N_KINDS; i++)
    g_clear_object (&self->certificates[i]);
  pair_clear (&self->authority);
  g_free (self);
}

static GTlsCertificate *
make_other_certificate (EmuTls *self, EmuTlsKind kind, GError **error)
{
  g_auto (Pair) stranger = { 0 };
  g_auto (Pair) server = { 0 };
  const Pair *signer = &self->authority;

  if (kind == EMU_TLS_WRONG_CA)
    {
      if (!make_pair (NULL, &authority_template, &stranger, error))
        return NULL;
      signer = &stranger;
    }
  if (!make_pair (signer, &server_templates[kind], &server, error))
    return NULL;
  return convert_pair (&server, error);
}

/**
 * emu_tls_get_certificate:
 * @self: certificates
 * @kind: which one
 *
 * All but the genuine one are made when they are first asked for, and never stored.
 *
 * Returns: (transfer none) (nullable): a certificate with its key; %NULL if it cannot be made
 */
GTlsCertificate *
emu_tls_get_certificate (EmuTls *self, EmuTlsKind kind)
{
  g_autoptr (GError) error = NULL;

  if (self->certificates[kind] == NULL)
    self->certificates[kind] = make_other_certificate (self, kind, &error);
  if (error != NULL)
    g_info ("no certificate: %s", error->message);
  return self->certificates[kind];
}
