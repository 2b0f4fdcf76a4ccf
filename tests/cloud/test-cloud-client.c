/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client against a real HTTPS server on loopback that follows a script. */
#include "cloud-fixture.h"
#include "long-token.h"

#include <string.h>

#define DENIED                                                                                     \
  "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"The client does not have "           \
  "authorization to perform action 'x'.\"}}"

static void
assert_body (const LksCloudAnswer *answer, const char *text)
{
  g_assert_cmpmem (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body), text,
                   strlen (text));
}

static void
test_good (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;
  const CloudSeen *seen;

  cloud_server_reply (f->server, 201,
                      "X-MS-Request-Id: r-1\r\nx-ms-correlation-request-id: c-1\r\n"
                      "x-ms-ratelimit-remaining-subscription-writes: 1199\r\n",
                      "{\"a\":1}");
  g_assert_true (fixture_call (f, "PUT", "/x%20y?api-version=1", "{}", &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (answer.status, ==, 201);
  g_assert_cmpstr (answer.trace.request_id, ==, "r-1");
  g_assert_cmpstr (answer.trace.correlation_id, ==, "c-1");
  g_assert_cmpint (answer.left_writes, ==, 1199);
  g_assert_cmpint (answer.left_reads, ==, LKS_CLOUD_NOT_SAID);
  assert_body (&answer, "{\"a\":1}");

  seen = cloud_server_get_seen (f->server, 0);
  g_assert_cmpstr (seen->line, ==, "PUT /x%20y?api-version=1 HTTP/1.1");
  g_assert_cmpstr (seen->body, ==, "{}");
  g_assert_nonnull (strstr (seen->head, "\r\nAuthorization: Bearer " FIRST_TOKEN "\r\n"));
  g_assert_nonnull (strstr (seen->head, "\r\nContent-Type: application/json\r\n"));
  g_assert_nonnull (strstr (seen->head, "\r\nx-ms-client-request-id: "));
  g_assert_null (strstr (seen->head, "Expect"));
}

static void
test_refusal (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 403,
                      "x-ms-request-id: r-2\r\nx-ms-correlation-request-id: c-2\r\n"
                      "x-ms-failure-cause: gateway\r\n",
                      DENIED);
  g_assert_false (fixture_call (f, "POST", "/x", NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FORBIDDEN);
  g_assert_cmpuint (lks_cloud_error_get_http_status (error), ==, 403);
  g_assert_cmpstr (lks_cloud_error_get_code (error), ==, "AuthorizationFailed");
  g_assert_nonnull (strstr (lks_cloud_error_get_text (error), "perform action 'x'"));
  g_assert_cmpstr (lks_cloud_error_get_request_id (error), ==, "r-2");
  g_assert_cmpstr (lks_cloud_error_get_correlation_id (error), ==, "c-2");
  g_assert_nonnull (strstr (lks_cloud_error_get_trace (error), "reported by gateway"));
  g_assert_nonnull (strstr (lks_cloud_error_get_advice (error), "Contributor"));
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

static void
test_renewal (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 401, NULL,
                      "{\"error\":{\"code\":\"ExpiredAuthenticationToken\"}}");
  cloud_server_reply (f->server, 200, NULL, "{}");
  g_assert_true (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_source_get_n_renewals (f->source), ==, 1);
  g_assert_nonnull (strstr (cloud_server_get_seen (f->server, 1)->head, SECOND_TOKEN));
}

/* Once, never in a loop. */
static void
test_renewal_in_vain (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 401, NULL, "{}");
  cloud_server_reply (f->server, 401, NULL, "{}");
  g_assert_false (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
  g_assert_cmpuint (test_source_get_n_renewals (f->source), ==, 1);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 2);
}

/* Never earlier than the service says, also when a request is not repeatable. */
static void
test_throttled (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 began_us = g_get_monotonic_time ();

  cloud_server_reply (f->server, 429, "Retry-After: 1\r\n", "{}");
  cloud_server_reply (f->server, 202, NULL, "null");
  g_assert_true (fixture_call (f, "POST", "/claimDevices", "{}", &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, G_USEC_PER_SEC);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 2);
}

static void
test_throttled_too_long (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 429, "Retry-After: 3600\r\n", "{}");
  g_assert_false (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_THROTTLED);
  g_assert_nonnull (strstr (error->message, "3600 seconds"));
  g_assert_cmpuint (lks_cloud_error_get_http_status (error), ==, 429);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

static void
test_unavailable (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < impatient.tries_max; i++)
    cloud_server_reply (f->server, 502, "Content-Type: text/html\r\n",
                        "<html>Bad gateway, says a proxy</html>");
  g_assert_false (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNAVAILABLE);
  g_assert_null (lks_cloud_error_get_text (error));
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, impatient.tries_max);
}

static void
fail_for_now (Fixture *f, gboolean is_lasting)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;

  for (guint i = 0; i < impatient.tries_max; i++)
    cloud_server_reply (f->server, 503, NULL, "");
  g_assert_false (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNAVAILABLE);
  copy = g_error_copy (error);
  g_assert_cmpint (lks_cloud_error_concerns_all (copy), ==, is_lasting);
}

/* Work on a thousand devices does not wait for each of them in vain; nor does it end when the
 * service had trouble with a few. */
static void
test_unavailable_for_all (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_auto (LksCloudAnswer) missing = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    fail_for_now (f, FALSE);
  cloud_server_reply (f->server, 200, NULL, "{}");
  g_assert_true (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_no_error (error);

  for (guint i = 0; i < 4; i++)
    fail_for_now (f, FALSE);
  fail_for_now (f, TRUE);
  fail_for_now (f, TRUE);
  cloud_server_reply (f->server, 404, NULL, "{}"); /* which is an answer, too */
  g_assert_false (fixture_call (f, "GET", "/x", NULL, &missing, &error));
  fail_for_now (f, FALSE);
}

/* What may have had an effect is not sent again. */
static void
test_not_repeated (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_auto (LksCloudAnswer) cut_answer = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) cut_error = NULL;

  cloud_server_reply (f->server, 500, NULL, "{}");
  g_assert_false (fixture_call (f, "POST", "/claimDevices", "{}", &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNAVAILABLE);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);

  cloud_server_reply_raw (f->server, "", CLOUD_CLOSE);
  g_assert_false (fixture_call (f, "POST", "/claimDevices", "{}", &cut_answer, &cut_error));
  g_assert_error (cut_error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_LOST);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 2);
}

static void
test_cut_off (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply_raw (f->server, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\"",
                          CLOUD_CLOSE);
  cloud_server_reply (f->server, 200, NULL, "{\"a\":2}");
  g_assert_true (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_no_error (error);
  assert_body (&answer, "{\"a\":2}");
}

/* A redirection would carry the sign-in along. */
static void
test_redirection (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *location =
      g_strdup_printf ("Location: %s/elsewhere\r\n", cloud_server_get_base (f->server));

  cloud_server_reply (f->server, 302, location, "");
  g_assert_false (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

static void
test_foreign_host (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *url = g_strconcat (cloud_server_get_other (f->server), "/x?sig=abc", NULL);

  g_assert_false (fixture_call (f, "GET", url, NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FOREIGN_HOST);
  g_assert_null (strstr (error->message, "abc"));
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 0);
}

/* Downloads of images go elsewhere, without the sign-in. */
static void
test_open_call (Fixture *f, gconstpointer unused)
{
  g_autofree char *url = g_strconcat (cloud_server_get_base (f->server), "/blob?sig=abc", NULL);
  const LksCloudCall call = { .method = "GET", .path = url, .is_open = TRUE };
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL, "bytes");
  g_assert_true (lks_cloud_client_call (f->client, &call, NULL, &answer, &error));
  g_assert_no_error (error);
  g_assert_null (strstr (cloud_server_get_seen (f->server, 0)->head, "Authorization"));
}

static void
test_untrusted (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudTrust) system_only = lks_cloud_trust_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudClient) client =
      lks_cloud_client_new (cloud_server_get_base (f->server), LKS_TOKEN_SOURCE (f->source),
                            system_only, &impatient, &error);
  const LksCloudCall call = { .method = "GET", .path = "/x" };
  g_auto (LksCloudAnswer) answer = { 0 };

  g_assert_no_error (error);
  g_assert_false (lks_cloud_client_call (client, &call, NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNTRUSTED);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 0);
}

/* A good certificate for another name proves nothing. */
static void
test_wrong_name (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *port = g_strdup (strrchr (cloud_server_get_base (f->server), ':'));
  g_autofree char *base = g_strconcat ("https://127.0.0.3", port, NULL);
  g_autoptr (LksCloudClient) client =
      lks_cloud_client_new (base, LKS_TOKEN_SOURCE (f->source), cloud_server_get_trust (f->server),
                            &impatient, &error);
  const LksCloudCall call = { .method = "GET", .path = "/x" };
  g_auto (LksCloudAnswer) answer = { 0 };

  g_assert_no_error (error);
  g_assert_false (lks_cloud_client_call (client, &call, NULL, &answer, &error));
  g_assert_true (g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNTRUSTED) ||
                 g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNREACHABLE));
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 0);
}

static void
test_unreachable (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudClient) client =
      lks_cloud_client_new ("https://127.0.0.1:1", NULL, cloud_server_get_trust (f->server),
                            &impatient, &error);
  const LksCloudCall call = { .method = "POST", .path = "/x" };
  g_auto (LksCloudAnswer) answer = { 0 };

  g_assert_no_error (error);
  g_assert_false (lks_cloud_client_call (client, &call, NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNREACHABLE);
}

static void
test_too_large (Fixture *f, gconstpointer unused)
{
  const LksCloudCall call = { .method = "GET", .path = "/x", .answer_max_bytes = 10 };
  g_auto (LksCloudAnswer) said = { 0 };
  g_auto (LksCloudAnswer) unsaid = { 0 };
  g_autoptr (GError) said_error = NULL;
  g_autoptr (GError) unsaid_error = NULL;

  cloud_server_reply (f->server, 200, NULL, "12345678901");
  g_assert_false (lks_cloud_client_call (f->client, &call, NULL, &said, &said_error));
  g_assert_error (said_error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER);

  cloud_server_reply_raw (f->server, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n12345678901",
                          CLOUD_CLOSE);
  g_assert_false (lks_cloud_client_call (f->client, &call, NULL, &unsaid, &unsaid_error));
  g_assert_error (unsaid_error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER);
}

static void
test_endless_header (Fixture *f, gconstpointer unused)
{
  g_autoptr (GString) reply = g_string_new ("HTTP/1.1 200 OK\r\n");
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3000; i++)
    g_string_append (reply, "X-Filler: 0123456789012345678901234567890123456789\r\n");
  cloud_server_reply_raw (f->server, reply->str, CLOUD_CLOSE);
  g_assert_false (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER);
}

/* A service that repeats the sign-in in its error does not get it into ours. */
static void
test_token_in_error (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (
      f->server, 400, NULL,
      "{\"error\":{\"code\":\"BadRequest\",\"message\":\"header: Bearer " FIRST_TOKEN
      " is odd\"}}");
  g_assert_false (fixture_call (f, "GET", "/x", NULL, &answer, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_REJECTED);
  g_assert_null (strstr (error->message, FIRST_TOKEN));
  g_assert_null (strstr (lks_cloud_error_get_text (error), FIRST_TOKEN));
}

/* Tokens are longer than what is kept of an error text: the cut must not hide that it is one. */
static void
test_long_token_in_error (Fixture *f, gconstpointer unused)
{
  g_autofree char *token = test_make_token (4096);
  g_autofree char *half = g_strndup (token + 10, 2000);
  const char *const repeated[] = { token, half };

  test_source_set_token (f->source, token);
  for (gsize i = 0; i < G_N_ELEMENTS (repeated); i++)
    {
      g_auto (LksCloudAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;
      g_autofree char *body =
          g_strdup_printf ("{\"error\":{\"code\":\"%s\",\"message\":\"odd\",\"details\":"
                           "[{\"message\":\"Bearer %s\"}]}}",
                           repeated[i], repeated[i]);

      cloud_server_reply (f->server, 400, NULL, body);
      g_assert_false (fixture_call (f, "GET", "/x", NULL, &answer, &error));
      g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_REJECTED);
      g_assert_nonnull (strstr (error->message, "withheld"));
      g_assert_false (test_shows_token (error->message, token));
      g_assert_false (test_shows_token (lks_cloud_error_get_text (error), token));
      g_assert_false (test_shows_token (lks_cloud_error_get_code (error), token));
    }
}

static void
test_cancelled_before (Fixture *f, gconstpointer unused)
{
  const LksCloudCall call = { .method = "GET", .path = "/x" };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (lks_cloud_client_call (f->client, &call, cancellable, &answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

typedef struct
{
  CloudServer *server;
  GCancellable *cancellable;
} Canceller;

static gpointer
cancel_when_asked (gpointer data)
{
  Canceller *self = data;

  cloud_server_wait_seen (self->server, 1);
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

static void
check_cancelled (Fixture *f, const LksCloudCall *call)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { f->server, cancellable };
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("canceller", cancel_when_asked, &canceller);

  g_assert_false (lks_cloud_client_call (f->client, call, cancellable, &answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

static void
test_cancelled_in_answer (Fixture *f, gconstpointer unused)
{
  const LksCloudCall call = { .method = "GET", .path = "/x" };

  cloud_server_reply_raw (f->server, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12", CLOUD_HANG);
  check_cancelled (f, &call);
}

static void
test_cancelled_in_wait (Fixture *f, gconstpointer unused)
{
  const LksCloudCall call = { .method = "GET", .path = "/x" };

  cloud_server_reply (f->server, 503, "Retry-After: 2\r\n", "{}");
  check_cancelled (f, &call);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

static void
test_time_limit (Fixture *f, gconstpointer unused)
{
  const LksCloudCall call = { .method = "POST", .path = "/x", .limit_ms = 300 };
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply_raw (f->server, "", CLOUD_HANG);
  g_assert_false (lks_cloud_client_call (f->client, &call, NULL, &answer, &error));
  g_assert_true (g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_TIMED_OUT) ||
                 g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNREACHABLE));
}

static void
test_bad_base (void)
{
  static const char *const bad[] = { "http://management.example", "https://", "https://user@host",
                                     "https://host/path",         "host",     "" };
  g_autoptr (LksCloudTrust) trust = lks_cloud_trust_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (lks_cloud_client_new (bad[i], NULL, trust, NULL, &error));
      g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  FIXTURE_TEST ("/cloud/client/good", test_good);
  FIXTURE_TEST ("/cloud/client/refusal", test_refusal);
  FIXTURE_TEST ("/cloud/client/renewal", test_renewal);
  FIXTURE_TEST ("/cloud/client/renewal-in-vain", test_renewal_in_vain);
  FIXTURE_TEST ("/cloud/client/throttled", test_throttled);
  FIXTURE_TEST ("/cloud/client/throttled-too-long", test_throttled_too_long);
  FIXTURE_TEST ("/cloud/client/unavailable", test_unavailable);
  FIXTURE_TEST ("/cloud/client/unavailable-for-all", test_unavailable_for_all);
  FIXTURE_TEST ("/cloud/client/not-repeated", test_not_repeated);
  FIXTURE_TEST ("/cloud/client/cut-off", test_cut_off);
  FIXTURE_TEST ("/cloud/client/redirection", test_redirection);
  FIXTURE_TEST ("/cloud/client/foreign-host", test_foreign_host);
  FIXTURE_TEST ("/cloud/client/open-call", test_open_call);
  FIXTURE_TEST ("/cloud/client/untrusted", test_untrusted);
  FIXTURE_TEST ("/cloud/client/wrong-name", test_wrong_name);
  FIXTURE_TEST ("/cloud/client/unreachable", test_unreachable);
  FIXTURE_TEST ("/cloud/client/too-large", test_too_large);
  FIXTURE_TEST ("/cloud/client/endless-header", test_endless_header);
  FIXTURE_TEST ("/cloud/client/token-in-error", test_token_in_error);
  FIXTURE_TEST ("/cloud/client/long-token-in-error", test_long_token_in_error);
  FIXTURE_TEST ("/cloud/client/cancelled-before", test_cancelled_before);
  FIXTURE_TEST ("/cloud/client/cancelled-in-answer", test_cancelled_in_answer);
  FIXTURE_TEST ("/cloud/client/cancelled-in-wait", test_cancelled_in_wait);
  FIXTURE_TEST ("/cloud/client/time-limit", test_time_limit);
  g_test_add_func ("/cloud/client/bad-base", test_bad_base);

  return g_test_run ();
}
