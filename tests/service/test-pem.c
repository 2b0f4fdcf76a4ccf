/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates and keys in files: what is taken, what is refused and why, what is never told. */
#include "lks-cert-plan.h"
#include "lks-service-error.h"

#include "made-cert.h"

#include <string.h>

#define DAY (24 * 60 * 60)

static struct
{
  MadeCert *pump;
  MadeCert *other;
} made;

static LksSecret *
new_secret (const char *text)
{
  return text != NULL ? lks_secret_new (text, strlen (text)) : NULL;
}

static LksPemCert *
parse_cert (const char *text)
{
  g_autoptr (GError) error = NULL;
  LksPemCert *cert = lks_pem_cert_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return cert;
}

static void
test_cert (void)
{
  g_autofree char *wrapped =
      g_strconcat ("Bag Attributes\n  friendlyName: pump\n", made.pump->cert, "and a note\n", NULL);
  g_autoptr (LksPemCert) cert = parse_cert (made.pump->cert);
  g_autoptr (LksPemCert) bare = parse_cert (wrapped);

  g_assert_cmpstr (cert->subject, ==, "/CN=pump");
  g_assert_cmpstr (cert->issuer, ==, "/CN=pump");
  g_assert_true (cert->is_self_signed);
  g_assert_true (cert->is_for_clients);
  g_assert_cmpuint (cert->key_bits, ==, 256);
  g_assert_false (cert->is_key_short);
  g_assert_cmpuint (strlen (cert->fingerprint), ==, 64);
  g_assert_cmpint (cert->not_after_s - cert->not_before_s, ==, 110 * DAY);

  /* What is sent is the certificate alone. */
  g_assert_cmpstr (bare->pem, ==, cert->pem);
  g_assert_cmpstr (bare->fingerprint, ==, cert->fingerprint);
}

static void
test_bad_certs (void)
{
  g_autofree char *two = g_strconcat (made.pump->cert, made.other->cert, NULL);
  g_autofree char *with_key = g_strconcat (made.pump->cert, made.pump->key, NULL);
  g_autofree char *cut = g_strndup (made.pump->cert, strlen (made.pump->cert) - 20);
  g_autofree char *broken = g_strdup (made.pump->cert);
  g_autofree char *large = g_strnfill (LKS_PEM_FILE_MAX_BYTES + 1, ' ');
  const struct
  {
    const char *text;
    const char *wrong;
  } cases[] = {
    { "", "no PEM text" },
    { "\x30\x82\x01\x0a rest of a DER file", "convert DER or PKCS#12" },
    { two, "holds 2 certificates" },
    { with_key, "holds a private key" },
    { made.pump->key, "holds a private key" },
    { cut, "cut off" },
    { broken, "no readable certificate" },
    { large, "larger than" },
    { "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n",
      "request for a certificate" },
    { "-----BEGIN CERTIFICATE", "“-----BEGIN” without its end" },
    { "-----BEGIN CERT\nIFICATE-----", "“-----BEGIN” without its end" },
    { "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n", "holds 0 certificates" },
  };

  memset (broken + 60, '*', 40);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LksPemCert) cert =
          lks_pem_cert_parse (cases[i].text, strlen (cases[i].text), &error);

      g_assert_null (cert);
      g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].wrong));
      g_assert_null (strstr (error->message, "PRIVATE"));
    }
}

static void
test_zero_byte (void)
{
  static const char text[] = "-----BEGIN CERTIFICATE-----\0-----END CERTIFICATE-----";
  g_autoptr (GError) error = NULL;
  g_autoptr (LksPemCert) cert = lks_pem_cert_parse (text, sizeof text - 1, &error);

  g_assert_null (cert);
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
}

static void
test_keys (void)
{
  g_autofree char *both = g_strconcat (made.pump->cert, made.pump->key, NULL);
  g_autofree char *two = g_strconcat (made.pump->key, made.other->key, NULL);
  const struct
  {
    const char *file;
    const char *password;
    const char *wrong; /* NULL: it fits the pump's certificate */
  } cases[] = {
    { made.pump->key, NULL, NULL },
    { both, NULL, NULL },
    { made.pump->encrypted, MADE_CERT_PASSWORD, NULL },
    { made.pump->encrypted, NULL, "is encrypted; give its password" },
    { made.pump->encrypted, "not this one", "does not open the private key" },
    { made.pump->key, MADE_CERT_PASSWORD, "not encrypted, so no password" },
    { made.other->key, NULL, "do not belong together" },
    { made.other->encrypted, MADE_CERT_PASSWORD, "do not belong together" },
    { two, NULL, "holds 2 private keys" },
    { made.pump->cert, NULL, "no private key" },
    { "nonsense", NULL, "no PEM text" },
    { "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", NULL, "not readable" },
  };
  g_autoptr (LksPemCert) cert = parse_cert (made.pump->cert);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LksSecret) file = new_secret (cases[i].file);
      g_autoptr (LksSecret) password = new_secret (cases[i].password);
      g_autoptr (GError) error = NULL;
      gboolean is_encrypted = FALSE;
      g_autoptr (LksSecret) key = lks_pem_key_parse (file, &is_encrypted, &error);
      gboolean is_good = key != NULL && lks_pem_key_check (key, password, cert, &error);

      g_test_message ("%s", is_good ? "good" : error->message);
      g_assert_true (is_good == (cases[i].wrong == NULL));
      if (is_good)
        {
          g_assert_true (is_encrypted == (cases[i].password != NULL));
          continue;
        }
      g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].wrong));
      g_assert_null (strstr (error->message, MADE_CERT_PASSWORD));
      g_assert_null (strstr (error->message, "MI")); /* as base64 of a key begins */
    }
}

static void
test_plans (void)
{
  g_autoptr (LksPemCert) cert = parse_cert (made.pump->cert);
  g_autoptr (LksSecret) key = new_secret (made.pump->key);
  g_autoptr (LksSecret) encrypted = new_secret (made.pump->encrypted);
  g_autoptr (LksSecret) password = new_secret (MADE_CERT_PASSWORD);
  g_autofree char *long_text = g_strnfill (LKS_CERT_PEM_MAX + 1, 'x');
  g_autoptr (LksSecret) long_secret = new_secret (long_text);
  const struct
  {
    LksCertPlan plan;
    const char *wrong;
  } cases[] = {
    { { "me", LKS_CERT_TYPE_CLIENT, cert, key, NULL }, NULL },
    { { "me", LKS_CERT_TYPE_CLIENT, cert, encrypted, password }, NULL },
    { { "root.1-2_3", LKS_CERT_TYPE_ROOT_CA, cert, NULL, NULL }, NULL },
    { { "", LKS_CERT_TYPE_ROOT_CA, cert, NULL, NULL }, "1 to 16 letters" },
    { { "a b", LKS_CERT_TYPE_ROOT_CA, cert, NULL, NULL }, "1 to 16 letters" },
    { { "12345678901234567", LKS_CERT_TYPE_ROOT_CA, cert, NULL, NULL }, "1 to 16 letters" },
    { { "..", LKS_CERT_TYPE_ROOT_CA, cert, NULL, NULL }, "1 to 16 letters" },
    { { "me", LKS_CERT_TYPE_ROOT_CA, cert, key, NULL }, "without a private key" },
    { { "me", LKS_CERT_TYPE_ROOT_CA, cert, NULL, password }, "needs no password" },
    { { "me", LKS_CERT_TYPE_CLIENT, cert, NULL, NULL }, "needs its private key" },
    { { "me", LKS_CERT_TYPE_CLIENT, cert, long_secret, NULL }, "more than 8192" },
    { { "me", LKS_CERT_TYPE_CLIENT, cert, key, long_secret }, "password has more than 256" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean is_good = lks_cert_plan_check (&cases[i].plan, &error);

      g_test_message ("%s", is_good ? "good" : error->message);
      g_assert_true (is_good == (cases[i].wrong == NULL));
      g_assert_true (is_good || strstr (error->message, cases[i].wrong) != NULL);
    }
}

static void
test_dates (void)
{
  static const struct
  {
    gint64 now_s;
    guint notices;
  } cases[] = {
    { 999, LKS_CERT_NOTICE_NOT_YET_VALID },
    { 1000, 0 },
    { 100 * DAY - 30 * DAY - 1, 0 },
    { 100 * DAY - 30 * DAY, LKS_CERT_NOTICE_EXPIRES_SOON },
    { 100 * DAY, LKS_CERT_NOTICE_EXPIRES_SOON },
    { 100 * DAY + 1, LKS_CERT_NOTICE_EXPIRED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (lks_cert_judge_dates (1000, 100 * DAY, cases[i].now_s), ==, cases[i].notices);
}

static void
test_notices (void)
{
  LksPemCert cert = { .not_before_s = 0, .not_after_s = 100 * DAY, .is_key_short = TRUE };
  LksCertPlan plan = { .type = LKS_CERT_TYPE_ROOT_CA, .cert = &cert };

  g_assert_cmpuint (lks_cert_plan_get_notices (&plan, DAY), ==,
                    LKS_CERT_NOTICE_NO_CA | LKS_CERT_NOTICE_SHORT_KEY);
  plan.type = LKS_CERT_TYPE_CLIENT;
  g_assert_cmpuint (lks_cert_plan_get_notices (&plan, DAY), ==,
                    LKS_CERT_NOTICE_NOT_FOR_CLIENTS | LKS_CERT_NOTICE_SHORT_KEY);
  cert.is_key_short = FALSE;
  cert.is_for_clients = TRUE;
  g_assert_cmpuint (lks_cert_plan_get_notices (&plan, DAY), ==, 0);

  for (guint i = 0; i < LKS_N_CERT_NOTICES; i++)
    {
      LksExplanation why = lks_cert_notice_explain (1u << i);

      g_assert_true (g_str_has_suffix (why.meaning, "."));
      g_assert_true (g_str_has_suffix (why.advice, "."));
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  made.pump = made_cert_new_days ("pump", -10, 100);
  made.other = made_cert_new_days ("other", -10, 100);

  g_test_add_func ("/service/pem/cert", test_cert);
  g_test_add_func ("/service/pem/bad-certs", test_bad_certs);
  g_test_add_func ("/service/pem/zero-byte", test_zero_byte);
  g_test_add_func ("/service/pem/keys", test_keys);
  g_test_add_func ("/service/pem/plans", test_plans);
  g_test_add_func ("/service/pem/dates", test_dates);
  g_test_add_func ("/service/pem/notices", test_notices);
  status = g_test_run ();
  made_cert_free (made.pump);
  made_cert_free (made.other);
  return status;
}
