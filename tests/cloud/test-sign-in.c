/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-sign-in EMULATOR: signing in at the emulated service over HTTPS, and at a server that
 * follows a script. */
#include "cloud-server.h"
#include "emulator-process.h"
#include "long-token.h"

#include "lks-assertion.h"
#include "lks-cloud-error.h"
#include "lks-sign-in-hint.h"
#include "lks-sign-in.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#define MARK "EMUTOKEN"
#define CLIENT "11111111-2222-4333-8444-555555555555"
#define TENANT "aaaaaaaa-2222-4333-8444-555555555555"

static const char *emulator;

static const LksCloudPolicy impatient = {
  .tries_max = 3,
  .backoff_ms = 20,
  .backoff_max_ms = 40,
  .retry_after_max_ms = 2000,
  .poll_ms = { 1, 1, 1, 1, 1, 1 },
  .wait_max_ms = 1000,
};

/* ---- the emulated service ---- */

typedef struct
{
  EmulatorProcess process;
  char *ca;
  LksCloudTrust *trust;
  LksSignIn *sign_in;
} Fixture;

static void
start (Fixture *f, const char *cloud)
{
  g_autofree char *scenario =
      g_strdup_printf ("{\"cloud\":{\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT "\",%s}}",
                       cloud);
  g_autoptr (LksCloudPlace) place = NULL;
  g_autoptr (GError) error = NULL;

  emulator_process_start_with_cloud (&f->process, emulator, scenario);
  f->ca = emulator_process_get_path (&f->process, "ca.pem");
  f->trust = lks_cloud_trust_new ();
  g_assert_true (lks_cloud_trust_add_file (f->trust, f->ca, &error));
  place = lks_cloud_place_new (f->process.cloud, f->process.cloud, TENANT, CLIENT, &error);
  g_assert_no_error (error);
  f->sign_in = lks_sign_in_new (place, f->trust, &impatient);
}

static void
stop (Fixture *f)
{
  lks_sign_in_free (f->sign_in);
  lks_cloud_trust_unref (f->trust);
  emulator_process_stop (&f->process);
  g_free (f->ca);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, stop)

static gboolean
is_asked (Fixture *f, const char *what)
{
  g_autofree char *path = emulator_process_get_path (&f->process, "trace");
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return strstr (text, what) != NULL;
}

/* ---- a person ---- */

static void
test_person (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (LksDeviceCode) code = { 0 };
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  start (&f, "\"pollSeconds\":0");
  g_assert_true (lks_sign_in_begin (f.sign_in, NULL, &code, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (code.address, "/devicelogin"));
  g_assert_cmpuint (strlen (code.user_code), ==, 9);
  g_assert_true (lks_sign_in_await (f.sign_in, &code, NULL, &tokens, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (lks_secret_get_text (tokens.access), MARK));
  g_assert_nonnull (tokens.refresh);
  g_assert_cmpstr (tokens.user, ==, "operator@plant.example");
  g_assert_cmpstr (tokens.tenant, ==, TENANT);
  g_assert_cmpuint (tokens.expires_in_s, ==, 3599);
}

typedef struct
{
  Fixture *f;
  const LksDeviceCode *code;
  LksTokens tokens;
  gboolean is_done;
} Waiting;

static gpointer
await_in_thread (gpointer data)
{
  Waiting *self = data;
  g_autoptr (GError) error = NULL;

  self->is_done = lks_sign_in_await (self->f->sign_in, self->code, NULL, &self->tokens, &error);
  return NULL;
}

/* The person takes some time. */
static void
test_slow_person (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (LksDeviceCode) code = { 0 };
  Waiting waiting = { .f = &f, .code = &code };
  g_autofree char *request = NULL;
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  start (&f, "\"pollSeconds\":0,\"person\":\"waits\"");
  g_assert_true (lks_sign_in_begin (f.sign_in, NULL, &code, &error));
  g_assert_no_error (error);
  thread = g_thread_new ("await", await_in_thread, &waiting);
  while (!is_asked (&f, "/token\",\"status\":400"))
    g_thread_yield ();
  request = g_strdup_printf ("{\"command\":\"cloud-approve\",\"userCode\":\"%s\"}", code.user_code);
  answer = emulator_process_command (&f.process, request);
  g_assert_true (json_object_get_boolean_member (answer, "ok"));
  g_thread_join (thread);
  g_assert_true (waiting.is_done);
  lks_tokens_clear (&waiting.tokens);
}

/* A service that asks for patience is asked again five seconds later than before, and not sooner.
 */
static void
test_slow_down (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (LksDeviceCode) code = { 0 };
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 begun_us;

  start (&f, "\"pollSeconds\":0,\"faults\":[{\"kind\":\"status\",\"status\":400,"
             "\"code\":\"slow_down\",\"path\":\"/token\"}]");
  g_assert_true (lks_sign_in_begin (f.sign_in, NULL, &code, &error));
  g_assert_no_error (error);
  begun_us = g_get_monotonic_time ();
  g_assert_true (lks_sign_in_await (f.sign_in, &code, NULL, &tokens, &error));
  g_assert_no_error (error);
  g_assert_true (is_asked (&f, "/token\",\"status\":400"));
  g_assert_cmpint (g_get_monotonic_time () - begun_us, >=, 5 * G_TIME_SPAN_SECOND);
}

static void
check_end (const char *cloud, const char *words)
{
  g_auto (Fixture) f = { 0 };
  g_auto (LksDeviceCode) code = { 0 };
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  start (&f, cloud);
  g_assert_true (lks_sign_in_begin (f.sign_in, NULL, &code, &error));
  g_assert_no_error (error);
  g_assert_false (lks_sign_in_await (f.sign_in, &code, NULL, &tokens, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strstr (error->message, MARK));
}

static void
test_declined (void)
{
  check_end ("\"pollSeconds\":0,\"person\":\"declines\"", "declined");
}

static void
test_too_late (void)
{
  check_end ("\"pollSeconds\":0,\"person\":\"waits\",\"codeSeconds\":1", "");
}

static void
test_refresh (void)
{
  g_auto (Fixture) f = { 0 };
  g_auto (LksDeviceCode) code = { 0 };
  g_auto (LksTokens) first = { 0 };
  g_auto (LksTokens) second = { 0 };
  g_auto (LksTokens) third = { 0 };
  g_autoptr (GError) error = NULL;

  start (&f, "\"pollSeconds\":0");
  g_assert_true (lks_sign_in_begin (f.sign_in, NULL, &code, &error));
  g_assert_true (lks_sign_in_await (f.sign_in, &code, NULL, &first, &error));
  g_assert_true (lks_sign_in_refresh (f.sign_in, first.refresh, NULL, &second, &error));
  g_assert_no_error (error);
  g_assert_false (lks_secret_equal (first.access, second.access));
  g_assert_false (lks_sign_in_refresh (f.sign_in, first.refresh, NULL, &third, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
  g_assert_nonnull (strstr (error->message, "expired or was revoked"));
  g_assert_null (strstr (error->message, MARK));
}

/* ---- a station ---- */

static void
test_station_secret (void)
{
  g_auto (Fixture) f = { 0 };
  g_autoptr (LksSecret) good = lks_secret_new ("emulated-client-secret", 22);
  g_autoptr (LksSecret) bad = lks_secret_new ("wr%ng &secret", 13);
  g_auto (LksTokens) tokens = { 0 };
  g_auto (LksTokens) none = { 0 };
  g_autoptr (GError) error = NULL;

  start (&f, "\"pollSeconds\":0");
  g_assert_true (lks_sign_in_with_secret (f.sign_in, good, NULL, &tokens, &error));
  g_assert_no_error (error);
  g_assert_null (tokens.refresh);
  g_assert_false (lks_sign_in_with_secret (f.sign_in, bad, NULL, &none, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SETUP);
  g_assert_cmpstr (lks_cloud_error_get_code (error), ==, "invalid_client");
  g_assert_null (none.access);
}

/* A key and its certificate in PEM form; @out_certificate gets the latter alone. */
static LksSecret *
make_certificate (char **out_certificate)
{
  EVP_PKEY *key = EVP_RSA_gen (2048);
  X509 *certificate = X509_new ();
  BIO *pem = BIO_new (BIO_s_mem ());
  LksSecret *both;
  char *text;
  long n_bytes;

  X509_set_version (certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 3600);
  X509_set_pubkey (certificate, key);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_ASC,
                              (const guchar *) "station", -1, -1, 0);
  X509_set_issuer_name (certificate, X509_get_subject_name (certificate));
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);

  PEM_write_bio_X509 (pem, certificate);
  n_bytes = BIO_get_mem_data (pem, &text);
  *out_certificate = g_strndup (text, (gsize) n_bytes);
  PEM_write_bio_PrivateKey (pem, key, NULL, NULL, 0, NULL, NULL);
  n_bytes = BIO_get_mem_data (pem, &text);
  both = lks_secret_new (text, (gsize) n_bytes);
  BIO_free (pem);
  X509_free (certificate);
  EVP_PKEY_free (key);
  return both;
}

static void
test_station_certificate (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *certificate = NULL;
  g_autofree char *other_certificate = NULL;
  g_autoptr (LksSecret) pem = make_certificate (&certificate);
  g_autoptr (LksSecret) other = make_certificate (&other_certificate);
  g_auto (GStrv) lines = g_strsplit (certificate, "\n", -1);
  g_autofree char *escaped = g_strjoinv ("\\n", lines);
  g_autofree char *cloud = g_strdup_printf ("\"clientCertificate\":\"%s\"", escaped);
  g_auto (LksTokens) tokens = { 0 };
  g_auto (LksTokens) again = { 0 };
  g_auto (LksTokens) none = { 0 };
  g_autoptr (GError) error = NULL;

  start (&f, cloud);
  g_assert_true (lks_sign_in_with_certificate (f.sign_in, pem, NULL, &tokens, &error));
  g_assert_no_error (error);
  /* A fresh assertion each time: the service takes none twice. */
  g_assert_true (lks_sign_in_with_certificate (f.sign_in, pem, NULL, &again, &error));
  g_assert_no_error (error);
  g_assert_false (lks_sign_in_with_certificate (f.sign_in, other, NULL, &none, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SETUP);
}

/* ---- a service that repeats what it was sent ---- */

#define ECHOES                                                                                     \
  "\"pollSeconds\":0,\"faults\":[{\"kind\":\"echo\",\"path\":\"/token\",\"times\":0,"              \
  "\"status\":400,\"code\":\"invalid_grant\"%s}]"

static void
assert_withheld (const GError *error, const char *secret)
{
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
  g_assert_nonnull (strstr (error->message, "withheld"));
  g_assert_nonnull (
      strstr (error->message, "slow down")); /* the number is understood all the same */
  g_assert_null (strstr (error->message, secret));
  g_assert_null (strstr (lks_cloud_error_get_text (error), secret));
}

static void
test_repeated_secrets (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *cloud = g_strdup_printf (ECHOES, "");
  g_autofree char *certificate = NULL;
  g_autoptr (LksSecret) pem = make_certificate (&certificate);
  g_autoptr (LksSecret) secret = lks_secret_new ("emulated &client %secret", 24);
  g_auto (LksTokens) none = { 0 };
  g_autoptr (GError) by_secret = NULL;
  g_autoptr (GError) by_certificate = NULL;

  start (&f, cloud);
  g_assert_false (lks_sign_in_with_secret (f.sign_in, secret, NULL, &none, &by_secret));
  assert_withheld (by_secret, "&client");
  g_assert_false (lks_sign_in_with_certificate (f.sign_in, pem, NULL, &none, &by_certificate));
  assert_withheld (by_certificate, "eyJ");
}

/* The first answer of the endpoint gives the token, the second repeats it. */
static void
test_repeated_refresh_token (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *cloud = g_strdup_printf (ECHOES, ",\"skip\":1");
  g_auto (LksDeviceCode) code = { 0 };
  g_auto (LksTokens) tokens = { 0 };
  g_auto (LksTokens) none = { 0 };
  g_autoptr (GError) error = NULL;

  start (&f, cloud);
  g_assert_true (lks_sign_in_begin (f.sign_in, NULL, &code, &error));
  g_assert_true (lks_sign_in_await (f.sign_in, &code, NULL, &tokens, &error));
  g_assert_no_error (error);
  g_assert_false (lks_sign_in_refresh (f.sign_in, tokens.refresh, NULL, &none, &error));
  assert_withheld (error, MARK);
}

static void
test_bad_certificate_files (void)
{
  g_autofree char *certificate = NULL;
  g_autofree char *other_certificate = NULL;
  g_autoptr (LksSecret) good = make_certificate (&certificate);
  g_autoptr (LksSecret) other = make_certificate (&other_certificate);
  g_autofree char *mixed =
      g_strconcat (certificate, strstr (lks_secret_get_text (other), "-----BEGIN PRIVATE"), NULL);
  const char *const bad[] = { "", "nothing", certificate, mixed };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (LksSecret) pem = lks_secret_new (bad[i], strlen (bad[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (lks_assertion_new (pem, CLIENT, "https://x/token", 0, &error));
      g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
    }
}

/* ---- settings ---- */

static void
check_station_scope (const char *permission, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudPlace) place =
      lks_cloud_place_new_legacy (NULL, NULL, TENANT, CLIENT, permission, &error);
  g_autofree char *scope = NULL;

  g_assert_no_error (error);
  scope = lks_cloud_place_dup_scope (place, TRUE);
  g_assert_cmpstr (scope, ==, expected);
}

/* A station asks the API that was named, in the only way in which a station may ask. */
static void
test_station_scopes (void)
{
  check_station_scope (NULL, "https://firstparty.sphere.azure.net/api/.default");
  check_station_scope ("https://sphere.azure.net/api/user_impersonation",
                       "https://sphere.azure.net/api/.default");
  check_station_scope ("https://sphere.azure.net/api/.default",
                       "https://sphere.azure.net/api/.default");
}

static void
check_bad_place (const char *sign_in, const char *tenant, const char *client)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_cloud_place_new (sign_in, NULL, tenant, client, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
}

static void
test_places (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudPlace) place = lks_cloud_place_new (NULL, NULL, NULL, CLIENT, &error);
  g_autofree char *endpoint = NULL;

  g_assert_no_error (error);
  endpoint = lks_cloud_place_dup_endpoint (place, "token");
  g_assert_cmpstr (endpoint, ==,
                   "https://login.microsoftonline.com/organizations/oauth2/v2.0/token");
  g_assert_false (lks_cloud_place_names_tenant (place));

  check_bad_place (NULL, NULL, NULL);
  check_bad_place (NULL, NULL, "");
  check_bad_place (NULL, NULL, "locksmith");
  check_bad_place (NULL, "../x", CLIENT);
  check_bad_place ("http://login.example", NULL, CLIENT);
  /* The vendor's own, in any spelling. */
  check_bad_place (NULL, NULL, "04b07795-8ddb-461a-bbee-02f9e1bf7b46");
  check_bad_place (NULL, NULL, "0B1C8F7E-28D2-4378-97E2-7D7D63F7C87F");
}

static void
test_hints (void)
{
  g_assert_nonnull (
      strstr (lks_sign_in_get_hint ("AADSTS53003: Access has been blocked"), "Conditional Access"));
  g_assert_nonnull (lks_sign_in_get_hint ("x AADSTS7000218: The request body must contain"));
  g_assert_null (lks_sign_in_get_hint ("AADSTS1: x"));
  g_assert_null (lks_sign_in_get_hint ("AADSTS"));
  g_assert_null (lks_sign_in_get_hint (NULL));
}

/* ---- a service that follows a script ---- */

typedef struct
{
  CloudServer *server;
  LksSignIn *sign_in;
} Scripted;

static void
scripted_set_up (Scripted *f, gconstpointer unused)
{
  g_autoptr (LksCloudPlace) place = NULL;
  g_autoptr (GError) error = NULL;

  f->server = cloud_server_new ();
  place = lks_cloud_place_new (cloud_server_get_base (f->server), NULL, TENANT, CLIENT, &error);
  g_assert_no_error (error);
  f->sign_in = lks_sign_in_new (place, cloud_server_get_trust (f->server), &impatient);
}

static void
scripted_tear_down (Scripted *f, gconstpointer unused)
{
  lks_sign_in_free (f->sign_in);
  cloud_server_free (f->server);
}

/* A service that repeats a secret in its error does not get it into ours. */
static void
test_secret_in_error (Scripted *f, gconstpointer unused)
{
  g_autoptr (LksSecret) refresh = lks_secret_new ("0.AXtopsecret", 13);
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 400, NULL,
                      "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS700082: token "
                      "0.AXtopsecret is old\"}");
  g_assert_false (lks_sign_in_refresh (f->sign_in, refresh, NULL, &tokens, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
  g_assert_null (strstr (error->message, "topsecret"));
  g_assert_null (strstr (lks_cloud_error_get_text (error), "topsecret"));
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1); /* never in a loop */
}

/* Also one that is longer than what is kept of the text; or as it was sent, escaped. */
static void
test_cut_secret_in_error (Scripted *f, gconstpointer unused)
{
  static const char *const ends[] = { "", "+/ ==" };
  g_autofree char *token = test_make_token (2400);

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *text = g_strconcat ("0.AX", token, ends[i], NULL);
      g_autofree char *escaped = g_uri_escape_string (text, NULL, FALSE);
      g_autofree char *body = g_strdup_printf (
          "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS700082: %s\"}", escaped);
      g_autoptr (LksSecret) refresh = lks_secret_new (text, strlen (text));
      g_auto (LksTokens) tokens = { 0 };
      g_autoptr (GError) error = NULL;

      cloud_server_reply (f->server, 400, NULL, body);
      g_assert_false (lks_sign_in_refresh (f->sign_in, refresh, NULL, &tokens, &error));
      g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
      g_assert_nonnull (strstr (error->message, "expired or was revoked"));
      g_assert_nonnull (strstr (error->message, "withheld"));
      g_assert_false (test_shows_token (error->message, token));
      g_assert_false (test_shows_token (lks_cloud_error_get_text (error), token));
    }
}

static void
test_passing_trouble (Scripted *f, gconstpointer unused)
{
  g_autoptr (LksSecret) refresh = lks_secret_new ("a b&c", 5);
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 503, NULL, "<html>");
  cloud_server_reply (f->server, 429, "Retry-After: 0\r\n", "{}");
  cloud_server_reply (f->server, 200, NULL,
                      "{\"token_type\":\"Bearer\",\"expires_in\":10,\"access_token\":\"t\"}");
  g_assert_true (lks_sign_in_refresh (f->sign_in, refresh, NULL, &tokens, &error));
  g_assert_no_error (error);
  g_assert_nonnull (
      strstr (cloud_server_get_seen (f->server, 2)->body, "&refresh_token=a%20b%26c"));
}

static void
test_bad_answers (Scripted *f, gconstpointer unused)
{
  static const char *const bad[] = {
    "",
    "{}",
    "{\"expires_in\":3599}",
    "{\"expires_in\":3599,\"access_token\":\"\"}",
    "{\"expires_in\":3599,\"access_token\":\"a\\r\\nX-Header: b\"}",
    "{\"expires_in\":-1,\"access_token\":\"a\"}",
    "{\"expires_in\":\"soon\",\"access_token\":\"a\"}",
    "[\"access_token\"]",
  };
  g_autoptr (LksSecret) refresh = lks_secret_new ("r", 1);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (LksTokens) tokens = { 0 };
      g_autoptr (GError) error = NULL;

      cloud_server_reply (f->server, 200, NULL, bad[i]);
      g_assert_false (lks_sign_in_refresh (f->sign_in, refresh, NULL, &tokens, &error));
      g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER);
      g_assert_null (tokens.access);
    }
}

static void
test_no_tenant (void)
{
  g_autoptr (LksCloudTrust) trust = lks_cloud_trust_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudPlace) place =
      lks_cloud_place_new ("https://127.0.0.1:1", NULL, NULL, CLIENT, &error);
  g_autoptr (LksSignIn) sign_in = lks_sign_in_new (place, trust, &impatient);
  g_autoptr (LksSecret) secret = lks_secret_new ("s", 1);
  g_auto (LksTokens) tokens = { 0 };

  g_assert_false (lks_sign_in_with_secret (sign_in, secret, NULL, &tokens, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  emulator = argv[1];

  g_test_add_func ("/cloud/sign-in/person", test_person);
  g_test_add_func ("/cloud/sign-in/slow-person", test_slow_person);
  g_test_add_func ("/cloud/sign-in/slow-down", test_slow_down);
  g_test_add_func ("/cloud/sign-in/declined", test_declined);
  g_test_add_func ("/cloud/sign-in/too-late", test_too_late);
  g_test_add_func ("/cloud/sign-in/refresh", test_refresh);
  g_test_add_func ("/cloud/sign-in/station-secret", test_station_secret);
  g_test_add_func ("/cloud/sign-in/station-certificate", test_station_certificate);
  g_test_add_func ("/cloud/sign-in/repeated-secrets", test_repeated_secrets);
  g_test_add_func ("/cloud/sign-in/repeated-refresh-token", test_repeated_refresh_token);
  g_test_add_func ("/cloud/sign-in/bad-certificate-files", test_bad_certificate_files);
  g_test_add_func ("/cloud/sign-in/places", test_places);
  g_test_add_func ("/cloud/sign-in/station-scopes", test_station_scopes);
  g_test_add_func ("/cloud/sign-in/hints", test_hints);
  g_test_add_func ("/cloud/sign-in/no-tenant", test_no_tenant);
  g_test_add ("/cloud/sign-in/secret-in-error", Scripted, NULL, scripted_set_up,
              test_secret_in_error, scripted_tear_down);
  g_test_add ("/cloud/sign-in/cut-secret-in-error", Scripted, NULL, scripted_set_up,
              test_cut_secret_in_error, scripted_tear_down);
  g_test_add ("/cloud/sign-in/passing-trouble", Scripted, NULL, scripted_set_up,
              test_passing_trouble, scripted_tear_down);
  g_test_add ("/cloud/sign-in/bad-answers", Scripted, NULL, scripted_set_up, test_bad_answers,
              scripted_tear_down);

  return g_test_run ();
}
