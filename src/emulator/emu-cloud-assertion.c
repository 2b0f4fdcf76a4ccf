/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-assertion.h"

#include "lks-json.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#define PART_MAX_BYTES 16384
#define AGE_MAX_S 3600
#define CLOCK_SKEW_S 300

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

/* base64url without padding. */
static guint8 *
decode (const char *text, gsize *out_bytes)
{
  g_autofree char *padded = g_strdup_printf ("%s%s", text, &"==="[3 - (4 - strlen (text) % 4) % 4]);

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  return g_base64_decode (padded, out_bytes);
}

static LksJson *
decode_json (const char *part)
{
  gsize n_bytes;
  g_autofree guint8 *bytes = decode (part, &n_bytes);

  return lks_json_parse ("assertion", bytes, n_bytes, PART_MAX_BYTES, NULL);
}

static gboolean
verify (const char *input, const char *signature, EVP_PKEY *key, gboolean is_pss)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  EVP_PKEY_CTX *parameters;
  gsize n_bytes;
  g_autofree guint8 *bytes = decode (signature, &n_bytes);
  gboolean good =
      EVP_DigestVerifyInit (context, &parameters, EVP_sha256 (), NULL, key) == 1 &&
      (!is_pss || (EVP_PKEY_CTX_set_rsa_padding (parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
                   EVP_PKEY_CTX_set_rsa_pss_saltlen (parameters, RSA_PSS_SALTLEN_DIGEST) == 1)) &&
      EVP_DigestVerify (context, bytes, n_bytes, (const guchar *) input, strlen (input)) == 1;

  ERR_clear_error ();
  return good;
}

static gboolean
has_thumbprint (JsonObject *header, const char *member, X509 *certificate, const EVP_MD *digest)
{
  const char *text = json_object_get_string_member_with_default (header, member, "");
  guchar expected[EVP_MAX_MD_SIZE];
  unsigned int expected_bytes = 0;
  gsize n_bytes;
  g_autofree guint8 *bytes = decode (text, &n_bytes);

  X509_digest (certificate, digest, expected, &expected_bytes);
  return n_bytes == expected_bytes && memcmp (bytes, expected, n_bytes) == 0;
}

static gboolean
is_now (JsonObject *claims)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  gint64 from_s = json_object_get_int_member_with_default (claims, "nbf", 0);
  gint64 until_s = json_object_get_int_member_with_default (claims, "exp", 0);

  return from_s <= now_s + CLOCK_SKEW_S && until_s >= now_s - CLOCK_SKEW_S &&
         until_s - from_s <= AGE_MAX_S;
}

static const char *
check_claims (JsonObject *claims, const char *client_id, const char *audience, char **out_jti)
{
  const char *jti = json_object_get_string_member_with_default (claims, "jti", "");

  if (g_strcmp0 (json_object_get_string_member_with_default (claims, "aud", ""), audience) != 0)
    return "the audience is not this token endpoint";
  if (g_strcmp0 (json_object_get_string_member_with_default (claims, "iss", ""), client_id) != 0 ||
      g_strcmp0 (json_object_get_string_member_with_default (claims, "sub", ""), client_id) != 0)
    return "issuer and subject are not the client";
  if (!is_now (claims))
    return "it is not within its valid time range";
  if (jti[0] == '\0')
    return "it has no jti";

  *out_jti = g_strdup (jti);
  return NULL;
}

/* Checks an assertion made with a certificate: PS256 with x5t#S256, or RS256 with x5t. Returns
 * what is wrong with it, NULL for nothing. */
const char *
emu_cloud_assertion_check (const char *assertion,
                           const char *certificate_pem,
                           const char *client_id,
                           const char *audience,
                           char **out_jti)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (certificate_pem, -1);
  g_autoptr (X509) certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
  g_auto (GStrv) parts = g_strsplit (assertion, ".", 4);
  g_autoptr (LksJson) header = NULL;
  g_autoptr (LksJson) claims = NULL;
  g_autofree char *input = NULL;
  JsonObject *head;
  gboolean is_pss;

  ERR_clear_error ();
  if (certificate == NULL || g_strv_length (parts) != 3)
    return "it is no assertion, or the client has no certificate";
  header = decode_json (parts[0]);
  claims = decode_json (parts[1]);
  if (header == NULL || claims == NULL || lks_json_get_root_object (header, NULL) == NULL ||
      lks_json_get_root_object (claims, NULL) == NULL)
    return "header or claims are not readable";

  head = lks_json_get_root_object (header, NULL);
  is_pss = g_str_equal (json_object_get_string_member_with_default (head, "alg", ""), "PS256");
  if (is_pss ? !has_thumbprint (head, "x5t#S256", certificate, EVP_sha256 ())
             : !has_thumbprint (head, "x5t", certificate, EVP_sha1 ()))
    return "the thumbprint is not that of the client's certificate";

  input = g_strdup_printf ("%s.%s", parts[0], parts[1]);
  if (!verify (input, parts[2], X509_get0_pubkey (certificate), is_pss))
    return "the signature is wrong";
  return check_claims (lks_json_get_root_object (claims, NULL), client_id, audience, out_jti);
}
