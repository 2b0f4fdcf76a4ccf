/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image-builder.h"

#include "lks-capability-info.h"
#include "lks-cursor.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)

static X509 *
make_certificate (EVP_PKEY *key, const char *common_name, long serial)
{
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);

  ASN1_INTEGER_set (X509_get_serialNumber (certificate), serial);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -200);
  X509_gmtime_adj (X509_getm_notAfter (certificate), -100); /* expired, which is no matter */
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8, (const guchar *) common_name, -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_set_pubkey (certificate, key);
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  return certificate;
}

static GBytes *
take_pem (BIO *bio)
{
  char *text;
  long size = BIO_get_mem_data (bio, &text);

  return g_bytes_new (text, size);
}

static GBytes *
certificate_to_pem (X509 *certificate)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());

  g_assert_cmpint (PEM_write_bio_X509 (bio, certificate), ==, 1);
  return take_pem (bio);
}

static GBytes *
public_key_to_pem (EVP_PKEY *key)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());

  g_assert_cmpint (PEM_write_bio_PUBKEY (bio, key), ==, 1);
  return take_pem (bio);
}

static void
get_thumbprint (X509 *certificate, guint8 *out_thumbprint)
{
  g_assert_cmpint (X509_digest (certificate, EVP_sha1 (), out_thumbprint, NULL), ==, 1);
}

static LksCapabilityInfo *
inspect (LksSigners *signers, EVP_PKEY *key, const guint8 *thumbprint)
{
  g_autoptr (GByteArray) file = builder_capability_by (0xA5, 13, key, thumbprint);
  g_autoptr (LksSecret) bytes = lks_secret_new (file->data, file->len);
  g_autoptr (GError) error = NULL;
  LksCapabilityInfo *info = lks_capability_info_new (bytes, signers, &error);

  g_assert_no_error (error);
  return info;
}

static void
assert_signature (LksSigners *signers,
                  EVP_PKEY *key,
                  const guint8 *thumbprint,
                  LksSignature expected,
                  const char *name)
{
  g_autoptr (LksCapabilityInfo) info = inspect (signers, key, thumbprint);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (info->signature, ==, expected);
  g_assert_cmpstr (info->signer_name, ==, name);
  g_assert_true (lks_capability_info_check (info, &error) == (expected != LKS_SIGNATURE_WRONG));
  if (expected == LKS_SIGNATURE_WRONG)
    g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
}

static void
test_certificate (void)
{
  g_autoptr (LksSigners) signers = lks_signers_new ();
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (EVP_PKEY) other = EVP_EC_gen ("P-256");
  g_autoptr (X509) certificate = make_certificate (key, "Pump\nworks", 1);
  g_autoptr (X509) renewed = make_certificate (key, "Renewed", 2);
  g_autoptr (GBytes) pem = certificate_to_pem (certificate);
  g_autoptr (GError) error = NULL;
  guint8 thumbprint[20], other_thumbprint[20];

  get_thumbprint (certificate, thumbprint);
  get_thumbprint (renewed, other_thumbprint);
  assert_signature (signers, key, thumbprint, LKS_SIGNATURE_UNKNOWN_SIGNER, NULL);

  g_assert_true (lks_signers_add_pem (signers, "pump.pem", pem, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (lks_signers_get_added (signers), ==, 1);
  assert_signature (signers, key, thumbprint, LKS_SIGNATURE_KNOWN, "Pumpworks");
  assert_signature (signers, key, other_thumbprint, LKS_SIGNATURE_KNOWN, "Pumpworks");
  assert_signature (signers, other, thumbprint, LKS_SIGNATURE_WRONG, "Pumpworks");
  assert_signature (signers, other, other_thumbprint, LKS_SIGNATURE_UNKNOWN_SIGNER, NULL);
}

static void
test_bare_key (void)
{
  g_autoptr (LksSigners) signers = lks_signers_new ();
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (EVP_PKEY) other = EVP_EC_gen ("P-256");
  g_autoptr (GBytes) pem = public_key_to_pem (key);
  g_autoptr (GError) error = NULL;
  const guint8 thumbprint[20] = { 1, 2, 3 };

  g_assert_true (lks_signers_add_pem (signers, "pump.pem", pem, &error));
  g_assert_no_error (error);
  assert_signature (signers, key, thumbprint, LKS_SIGNATURE_KNOWN, "pump.pem");
  assert_signature (signers, other, thumbprint, LKS_SIGNATURE_UNKNOWN_SIGNER, NULL);
}

/* Everybody can write the SDK's thumbprint into a file; only who has its key can sign so. */
static void
test_sdk_thumbprint (void)
{
  g_autoptr (LksSigners) signers = lks_signers_new ();
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  guint8 thumbprint[20];

  for (guint i = 0; i < sizeof thumbprint; i++)
    thumbprint[i] = (guint8) (g_ascii_xdigit_value (LKS_IMAGE_SDK_THUMBPRINT[2 * i]) << 4 |
                              g_ascii_xdigit_value (LKS_IMAGE_SDK_THUMBPRINT[2 * i + 1]));
  assert_signature (signers, key, thumbprint, LKS_SIGNATURE_WRONG, "Azure Sphere SDK");
}

static void
test_many_in_a_file (void)
{
  g_autoptr (LksSigners) signers = lks_signers_new ();
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (EVP_PKEY) other = EVP_EC_gen ("P-256");
  g_autoptr (X509) certificate = make_certificate (key, "One", 1);
  g_autoptr (GBytes) first = certificate_to_pem (certificate);
  g_autoptr (GBytes) second = public_key_to_pem (other);
  g_autoptr (GString) file = g_string_new ("Our signers:\n\n");
  g_autoptr (GBytes) pem = NULL;
  g_autoptr (GError) error = NULL;

  g_string_append_len (file, g_bytes_get_data (first, NULL), (gssize) g_bytes_get_size (first));
  g_string_append (file, "\nand\n");
  g_string_append_len (file, g_bytes_get_data (second, NULL), (gssize) g_bytes_get_size (second));
  g_string_append (file, "That is all.\n");
  pem = g_bytes_new (file->str, file->len);
  g_assert_true (lks_signers_add_pem (signers, "many.pem", pem, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (lks_signers_get_added (signers), ==, 2);
}

static void
assert_refused (GBytes *pem, LksParseError code, const char *words)
{
  g_autoptr (LksSigners) signers = lks_signers_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (lks_signers_add_pem (signers, "x.pem", pem, &error));
  g_assert_error (error, LKS_PARSE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpuint (lks_signers_get_added (signers), ==, 0);
}

static GBytes *
append (GBytes *one, const char *text)
{
  g_autoptr (GByteArray) both = g_byte_array_new ();

  g_byte_array_append (both, g_bytes_get_data (one, NULL), (guint) g_bytes_get_size (one));
  g_byte_array_append (both, (const guint8 *) text, (guint) strlen (text));
  return g_byte_array_free_to_bytes (g_steal_pointer (&both));
}

static void
test_what_is_refused (void)
{
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (EVP_PKEY) wide = EVP_EC_gen ("P-384");
  g_autoptr (EVP_PKEY) rsa = EVP_RSA_gen (2048);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  g_autoptr (GBytes) good = public_key_to_pem (key);
  g_autoptr (GBytes) wide_pem = public_key_to_pem (wide);
  g_autoptr (GBytes) rsa_pem = public_key_to_pem (rsa);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("nothing", 7);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (good, 0, g_bytes_get_size (good) / 2);
  g_autoptr (GBytes) then_rubbish =
      append (good, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  g_autoptr (GBytes) then_other =
      append (good, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n");
  g_autofree char *spaces = g_strnfill (LKS_SIGNERS_FILE_BYTES_MAX, ' ');
  g_autoptr (GBytes) large = append (good, spaces);
  g_autoptr (GBytes) private = NULL;

  g_assert_cmpint (PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL), ==, 1);
  private = take_pem (bio);

  assert_refused (empty, LKS_PARSE_ERROR_INVALID, "holds 0 certificates");
  assert_refused (nothing, LKS_PARSE_ERROR_INVALID, "holds 0 certificates");
  assert_refused (cut, LKS_PARSE_ERROR_INVALID, "cannot be read");
  assert_refused (then_rubbish, LKS_PARSE_ERROR_INVALID, "cannot be read");
  assert_refused (then_other, LKS_PARSE_ERROR_INVALID, "neither a certificate");
  assert_refused (private, LKS_PARSE_ERROR_INVALID, "private key");
  assert_refused (wide_pem, LKS_PARSE_ERROR_UNSUPPORTED, "P-256");
  assert_refused (rsa_pem, LKS_PARSE_ERROR_UNSUPPORTED, "P-256");
  assert_refused (large, LKS_PARSE_ERROR_TOO_LARGE, "larger");
}

static void
test_info (void)
{
  g_autoptr (LksSigners) signers = lks_signers_new ();
  g_autoptr (GByteArray) file = builder_capability (0xA5, 11);
  g_autoptr (GByteArray) none = builder_capability (0xA5, 0);
  g_autoptr (LksSecret) bytes = lks_secret_new (file->data, file->len);
  g_autoptr (LksSecret) none_bytes = lks_secret_new (none->data, none->len);
  g_autoptr (LksSecret) cut = lks_secret_new (file->data, file->len - 1);
  g_autofree char *fingerprint = lks_secret_dup_fingerprint (bytes);
  g_autofree char *id = g_ascii_strup ("a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"
                                       "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
                                       "a5a5a5a5a5a5a5a5a5a5a5a5a5a5",
                                       -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCapabilityInfo) info = lks_capability_info_new (bytes, signers, &error);
  g_autoptr (LksCapabilityInfo) empty = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (info->fingerprint, ==, fingerprint);
  g_assert_true (lks_capability_info_is_for (info, id));
  id[5] = '0';
  g_assert_false (lks_capability_info_is_for (info, id));
  g_assert_false (lks_capability_info_is_for (info, NULL));
  g_assert_true (lks_capability_info_is_key (info));

  /* The empty capability is understood, and is no key. */
  empty = lks_capability_info_new (none_bytes, signers, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (empty->file->capabilities->len, ==, 0);
  g_assert_false (lks_capability_info_check (empty, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_UNSUPPORTED);
  g_clear_error (&error);

  g_assert_null (lks_capability_info_new (cut, signers, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signers/certificate", test_certificate);
  g_test_add_func ("/signers/bare-key", test_bare_key);
  g_test_add_func ("/signers/sdk-thumbprint", test_sdk_thumbprint);
  g_test_add_func ("/signers/many-in-a-file", test_many_in_a_file);
  g_test_add_func ("/signers/what-is-refused", test_what_is_refused);
  g_test_add_func ("/signers/info", test_info);
  return g_test_run ();
}
