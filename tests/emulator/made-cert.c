/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates made on the spot. */
#include "made-cert.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

static char *
take_text (BIO *bio)
{
  char *data;
  long size_bytes = BIO_get_mem_data (bio, &data);
  char *text = g_strndup (data, size_bytes);

  BIO_free_all (bio);
  return text;
}

static char *
write_key (EVP_PKEY *key, const char *password)
{
  BIO *bio = BIO_new (BIO_s_mem ());

  g_assert_cmpint (PEM_write_bio_PKCS8PrivateKey (
                       bio, key, password != NULL ? EVP_aes_256_cbc () : NULL, password,
                       password != NULL ? (int) strlen (password) : 0, NULL, NULL),
                   ==, 1);
  return take_text (bio);
}

/* Dates as ASN.1 writes them: "20220617091246Z". */
MadeCert *
made_cert_new (const char *common_name, const char *not_before, const char *not_after)
{
  MadeCert *self = g_new0 (MadeCert, 1);
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *x509 = X509_new ();
  X509_NAME *name = X509_get_subject_name (x509);
  BIO *bio = BIO_new (BIO_s_mem ());

  g_assert_nonnull (key);
  X509_set_version (x509, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (x509), 7);
  ASN1_TIME_set_string (X509_getm_notBefore (x509), not_before);
  ASN1_TIME_set_string (X509_getm_notAfter (x509), not_after);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8, (const guchar *) common_name, -1, -1, 0);
  X509_set_issuer_name (x509, name);
  X509_set_pubkey (x509, key);
  g_assert_cmpint (X509_sign (x509, key, EVP_sha256 ()), >, 0);
  g_assert_cmpint (PEM_write_bio_X509 (bio, x509), ==, 1);
  self->cert = take_text (bio);
  self->key = write_key (key, NULL);
  self->encrypted = write_key (key, MADE_CERT_PASSWORD);
  X509_free (x509);
  EVP_PKEY_free (key);
  return self;
}

/* Days from now; before it when negative. */
MadeCert *
made_cert_new_days (const char *common_name, int from_day, int to_day)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) from = g_date_time_add_days (now, from_day);
  g_autoptr (GDateTime) to = g_date_time_add_days (now, to_day);
  g_autofree char *not_before = g_date_time_format (from, "%Y%m%d%H%M%SZ");
  g_autofree char *not_after = g_date_time_format (to, "%Y%m%d%H%M%SZ");

  return made_cert_new (common_name, not_before, not_after);
}

void
made_cert_free (MadeCert *self)
{
  g_free (self->cert);
  g_free (self->key);
  g_free (self->encrypted);
  g_free (self);
}
