/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-assertion.h"

#include "lks-cloud-error.h"
#include "lks-secret-form.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#define LIFETIME_S (8 * 60)
#define SIGNATURE_MAX_BYTES 1024

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

static LksSecret *
fail (GError **error, const char *message)
{
  ERR_clear_error ();
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT, message);
  return NULL;
}

/* base64url without padding, as JWS wants it. */
static char *
encode (gconstpointer bytes, gsize n_bytes)
{
  char *text = g_base64_encode (bytes, n_bytes);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  for (char *at = text; *at != '\0'; at++)
    if (*at == '=')
      *at = '\0';
  return text;
}

static char *
encode_text (const char *text)
{
  return encode (text, strlen (text));
}

static char *
build_header (X509 *certificate)
{
  guchar digest[EVP_MAX_MD_SIZE];
  unsigned int n_bytes = 0;
  g_autofree char *thumbprint = NULL;
  g_autofree char *header = NULL;

  X509_digest (certificate, EVP_sha256 (), digest, &n_bytes);
  thumbprint = encode (digest, n_bytes);
  header = g_strdup_printf ("{\"alg\":\"PS256\",\"typ\":\"JWT\",\"x5t#S256\":\"%s\"}", thumbprint);
  return encode_text (header);
}

/* None of the values needs escapes: GUIDs and an address that we made. */
static char *
build_claims (const char *client_id, const char *audience, gint64 now_unix_s)
{
  g_autofree char *jti = g_uuid_string_random ();
  g_autofree char *claims = g_strdup_printf (
      "{\"aud\":\"%s\",\"iss\":\"%s\",\"sub\":\"%s\",\"jti\":\"%s\",\"nbf\":%" G_GINT64_FORMAT
      ",\"iat\":%" G_GINT64_FORMAT ",\"exp\":%" G_GINT64_FORMAT "}",
      audience, client_id, client_id, jti, now_unix_s, now_unix_s, now_unix_s + LIFETIME_S);

  return encode_text (claims);
}

static char *
sign (EVP_PKEY *key, const char *input)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  EVP_PKEY_CTX *parameters;
  guchar signature[SIGNATURE_MAX_BYTES];
  gsize n_bytes = sizeof signature;

  if (EVP_DigestSignInit (context, &parameters, EVP_sha256 (), NULL, key) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding (parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_pss_saltlen (parameters, RSA_PSS_SALTLEN_DIGEST) != 1 ||
      EVP_DigestSign (context, signature, &n_bytes, (const guchar *) input, strlen (input)) != 1)
    return NULL;
  return encode (signature, n_bytes);
}

static int
no_password_cb (char *buffer, int size, int is_writing, void *user_data)
{
  return -1;
}

/**
 * lks_assertion_new:
 * @pem: a private RSA key and its certificate in PEM form, in any order, without a password
 * @client_id: GUID of the application
 * @audience: the address of the token endpoint
 * @now_unix_s: the time
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Makes a client assertion: JWS with PS256 and x5t#S256, good for some minutes. Source: the
 * vendor's page on certificate credentials.
 *
 * Returns: (transfer full): the assertion, or NULL with @error set
 */
LksSecret *
lks_assertion_new (const LksSecret *pem,
                   const char *client_id,
                   const char *audience,
                   gint64 now_unix_s,
                   GError **error)
{
  gsize n_bytes;
  gconstpointer bytes = lks_secret_get_data (pem, &n_bytes);
  g_autoptr (BIO) key_bio = BIO_new_mem_buf (bytes, (int) n_bytes);
  g_autoptr (BIO) certificate_bio = BIO_new_mem_buf (bytes, (int) n_bytes);
  g_autoptr (EVP_PKEY) key = PEM_read_bio_PrivateKey (key_bio, NULL, no_password_cb, NULL);
  g_autoptr (X509) certificate = PEM_read_bio_X509 (certificate_bio, NULL, NULL, NULL);
  g_autofree char *header = NULL;
  g_autofree char *claims = NULL;
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;
  g_autofree char *head = NULL;
  g_autoptr (LksSecret) tail = NULL;

  if (key == NULL || certificate == NULL)
    return fail (error, "the file does not hold a private key without a password and its "
                        "certificate, both in PEM form");
  if (!EVP_PKEY_is_a (key, "RSA") || X509_check_private_key (certificate, key) != 1)
    return fail (error, "the private key is not an RSA key, or does not belong to the certificate");

  header = build_header (certificate);
  claims = build_claims (client_id, audience, now_unix_s);
  input = g_strdup_printf ("%s.%s", header, claims);
  signature = sign (key, input);
  if (signature == NULL)
    return fail (error, "the private key cannot sign with RSA-PSS");

  /* What is signed is public; with the signature it opens something for some minutes. */
  tail = lks_secret_new (signature, strlen (signature));
  explicit_bzero (signature, strlen (signature));
  head = g_strconcat (input, ".", NULL);
  return lks_secret_new_joined (head, tail);
}
