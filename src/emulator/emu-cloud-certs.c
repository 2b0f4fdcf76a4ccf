/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-certs.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#define MINUTE_S 60
#define YEAR_S (365 * 24 * 60 * MINUTE_S)
#define CURVE "P-384"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS7, PKCS7_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_EXTENSION, X509_EXTENSION_free)

/* A key and its certificate. */
typedef struct
{
  EVP_PKEY *key;
  X509 *certificate;
} Authority;

struct _EmuCloudCerts
{
  Authority root;
  Authority policy;
  GHashTable *catalogs; /* (owned): tenant ID to Authority */
};

static void
authority_clear (Authority *self)
{
  EVP_PKEY_free (self->key);
  X509_free (self->certificate);
}

static void
authority_free (gpointer data)
{
  authority_clear (data);
  g_free (data);
}

static void
add_name (X509 *certificate, const char *common_name)
{
  static const char *const fields[][2] = {
    { "O", "Microsoft Corporation" },
    { "L", "Redmond" },
    { "ST", "Washington" },
    { "C", "US" },
  };
  X509_NAME *name = X509_get_subject_name (certificate);

  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8, (const guchar *) common_name, -1, -1, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    X509_NAME_add_entry_by_txt (name, fields[i][0], MBSTRING_UTF8, (const guchar *) fields[i][1],
                                -1, -1, 0);
}

static void
set_serial (X509 *certificate)
{
  g_autoptr (BIGNUM) number = BN_new ();

  BN_rand (number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate));
}

static void
add_constraints (X509 *certificate, X509 *issuer, gboolean is_authority)
{
  g_autoptr (X509_EXTENSION) extension = NULL;
  X509V3_CTX context;

  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, NID_basic_constraints,
                                   is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  X509_add_ext (certificate, extension, -1);
}

/* @signer NULL: signs itself. The new certificate, for @key. */
static X509 *
make_certificate (const Authority *signer,
                  EVP_PKEY *key,
                  const char *common_name,
                  long from_s,
                  long until_s,
                  gboolean is_authority)
{
  X509 *certificate = X509_new ();
  X509 *issuer = signer != NULL ? signer->certificate : certificate;

  X509_set_version (certificate, X509_VERSION_3);
  set_serial (certificate);
  X509_gmtime_adj (X509_getm_notBefore (certificate), from_s);
  X509_gmtime_adj (X509_getm_notAfter (certificate), until_s);
  X509_set_pubkey (certificate, key);
  add_name (certificate, common_name);
  X509_set_issuer_name (certificate, X509_get_subject_name (issuer));
  add_constraints (certificate, issuer, is_authority);
  if (X509_sign (certificate, signer != NULL ? signer->key : key, EVP_sha384 ()) <= 0)
    g_error ("libcrypto cannot sign");
  return certificate;
}

static void
make_authority (Authority *self, const Authority *signer, const char *common_name)
{
  self->key = EVP_EC_gen (CURVE);
  if (self->key == NULL)
    g_error ("libcrypto does not know the curve " CURVE);
  self->certificate =
      make_certificate (signer, self->key, common_name, -5 * MINUTE_S, 2 * YEAR_S, TRUE);
}

EmuCloudCerts *
emu_cloud_certs_new (void)
{
  EmuCloudCerts *self = g_new0 (EmuCloudCerts, 1);

  self->catalogs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, authority_free);
  return self;
}

void
emu_cloud_certs_free (EmuCloudCerts *self)
{
  authority_clear (&self->root);
  authority_clear (&self->policy);
  g_hash_table_unref (self->catalogs);
  g_free (self);
}

static Authority *
ensure_authority (EmuCloudCerts *self, EmuCatalog *catalog)
{
  Authority *authority = g_hash_table_lookup (self->catalogs, catalog->tenant_id);
  g_autofree char *name = g_strdup_printf ("Microsoft Azure Sphere %s", catalog->tenant_id);

  if (authority != NULL)
    return authority;
  if (self->root.key == NULL)
    {
      make_authority (&self->root, NULL, "Azure Sphere Root CA (emulated)");
      make_authority (&self->policy, &self->root, "Azure Sphere Policy CA (emulated)");
    }

  authority = g_new0 (Authority, 1);
  make_authority (authority, &self->policy, name);
  g_hash_table_insert (self->catalogs, g_strdup (catalog->tenant_id), authority);
  return authority;
}

/* ---- what is told ---- */

static char *
encode_der (X509 *certificate)
{
  guchar *der = NULL;
  int n_bytes = i2d_X509 (certificate, &der);
  char *text = g_base64_encode (der, (gsize) n_bytes);

  OPENSSL_free (der);
  return text;
}

static char *
format_time (const ASN1_TIME *time)
{
  struct tm tm = { 0 };

  ASN1_TIME_to_tm (time, &tm);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                          tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static char *
format_serial (X509 *certificate)
{
  g_autoptr (BIGNUM) number = ASN1_INTEGER_to_BN (X509_get0_serialNumber (certificate), NULL);
  char *hex = BN_bn2hex (number);
  char *text = g_ascii_strup (hex, -1);

  OPENSSL_free (hex);
  return text;
}

static char *
format_thumbprint (X509 *certificate)
{
  guchar digest[EVP_MAX_MD_SIZE];
  unsigned int n_bytes = 0;
  GString *text = g_string_new (NULL);

  X509_digest (certificate, EVP_sha1 (), digest, &n_bytes);
  for (unsigned int i = 0; i < n_bytes; i++)
    g_string_append_printf (text, "%02X", digest[i]);
  return g_string_free (text, FALSE);
}

/* The certificate of a catalog. */
gboolean
emu_cloud_certs_get (EmuCloudCerts *self, EmuCatalog *catalog, EmuCertInfo *out_info)
{
  X509 *certificate = ensure_authority (self, catalog)->certificate;

  out_info->serial = format_serial (certificate);
  out_info->der_base64 = encode_der (certificate);
  out_info->subject = g_strdup_printf (
      "CN=Microsoft Azure Sphere %s, O=Microsoft Corporation, L=Redmond, S=Washington, C=US",
      catalog->tenant_id);
  out_info->thumbprint = format_thumbprint (certificate);
  out_info->not_before = format_time (X509_get0_notBefore (certificate));
  out_info->not_after = format_time (X509_get0_notAfter (certificate));
  return TRUE;
}

void
emu_cert_info_clear (EmuCertInfo *info)
{
  g_free (info->serial);
  g_free (info->der_base64);
  g_free (info->subject);
  g_free (info->thumbprint);
  g_free (info->not_before);
  g_free (info->not_after);
}

/* Root, policy CA and catalog CA as PKCS#7 without a signature, in base64. */
char *
emu_cloud_certs_chain (EmuCloudCerts *self, EmuCatalog *catalog)
{
  Authority *authority = ensure_authority (self, catalog);
  g_autoptr (PKCS7) chain = PKCS7_new ();
  guchar *der = NULL;
  int n_bytes;
  char *text;

  PKCS7_set_type (chain, NID_pkcs7_signed);
  PKCS7_content_new (chain, NID_pkcs7_data);
  PKCS7_add_certificate (chain, self->root.certificate);
  PKCS7_add_certificate (chain, self->policy.certificate);
  PKCS7_add_certificate (chain, authority->certificate);
  n_bytes = i2d_PKCS7 (chain, &der);
  text = g_base64_encode (der, (gsize) MAX (n_bytes, 0));
  OPENSSL_free (der);
  return text;
}

/* A leaf named by the nonce, for about an hour. */
char *
emu_cloud_certs_prove (EmuCloudCerts *self, EmuCatalog *catalog, const char *nonce)
{
  Authority *authority = ensure_authority (self, catalog);
  g_autoptr (EVP_PKEY) key = EVP_EC_gen (CURVE);
  g_autoptr (X509) leaf = X509_new ();

  X509_set_version (leaf, X509_VERSION_3);
  set_serial (leaf);
  X509_gmtime_adj (X509_getm_notBefore (leaf), -5 * MINUTE_S);
  X509_gmtime_adj (X509_getm_notAfter (leaf), 60 * MINUTE_S);
  X509_set_pubkey (leaf, key);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (leaf), "CN", MBSTRING_UTF8,
                              (const guchar *) nonce, -1, -1, 0);
  X509_set_issuer_name (leaf, X509_get_subject_name (authority->certificate));
  X509_sign (leaf, authority->key, EVP_sha384 ());
  ERR_clear_error ();
  return encode_der (leaf);
}
