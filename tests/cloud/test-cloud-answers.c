/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What needs no network: addresses, headers, waits, errors. */
#include "lks-cloud-code.h"
#include "lks-cloud-error.h"
#include "lks-cloud-http.h"
#include "lks-cloud-problem.h"
#include "lks-cloud-retry.h"
#include "lks-cloud-url.h"

#include <string.h>

#define NOON G_GINT64_CONSTANT (1714651200) /* 2 May 2024 12:00 UTC */

static void
test_retry_after (void)
{
  guint wait_ms = 7;

  g_assert_true (lks_cloud_retry_parse_after ("17", NOON, &wait_ms));
  g_assert_cmpuint (wait_ms, ==, 17000);
  g_assert_true (lks_cloud_retry_parse_after ("0", NOON, &wait_ms));
  g_assert_cmpuint (wait_ms, ==, 0);
  g_assert_true (lks_cloud_retry_parse_after ("4000000000", NOON, &wait_ms));
  g_assert_cmpuint (wait_ms, ==, 24 * 60 * 60 * 1000);
  g_assert_true (lks_cloud_retry_parse_after ("Thu, 02 May 2024 12:00:30 GMT", NOON, &wait_ms));
  g_assert_cmpuint (wait_ms, ==, 30000);
  g_assert_true (lks_cloud_retry_parse_after ("Thu, 02 May 2024 11:00:00 GMT", NOON, &wait_ms));
  g_assert_cmpuint (wait_ms, ==, 0);

  wait_ms = 7;
  g_assert_false (lks_cloud_retry_parse_after (NULL, NOON, &wait_ms));
  g_assert_false (lks_cloud_retry_parse_after ("", NOON, &wait_ms));
  g_assert_false (lks_cloud_retry_parse_after ("-5", NOON, &wait_ms));
  g_assert_false (lks_cloud_retry_parse_after ("soon", NOON, &wait_ms));
  g_assert_cmpuint (wait_ms, ==, 7);
}

static void
test_backoff (void)
{
  const LksCloudPolicy *policy = &lks_cloud_policy_default;

  g_assert_cmpuint (lks_cloud_retry_get_wait_ms (policy, 1, 0.5), ==, 1000);
  g_assert_cmpuint (lks_cloud_retry_get_wait_ms (policy, 3, 0.5), ==, 4000);
  g_assert_cmpuint (lks_cloud_retry_get_wait_ms (policy, 60, 0.5), ==, 30000);
  g_assert_cmpuint (lks_cloud_retry_get_wait_ms (policy, 1, 0), ==, 750);
  g_assert_cmpuint (lks_cloud_retry_get_wait_ms (policy, 1, 1), ==, 1250);
  g_assert_cmpuint (lks_cloud_retry_get_poll_ms (policy, 0), ==, 2000);
  g_assert_cmpuint (lks_cloud_retry_get_poll_ms (policy, 100), ==, 20000);
}

static void
test_budget (void)
{
  LksCloudBudget budget = { 0 };

  g_assert_cmpuint (lks_cloud_budget_get_pause_ms (&budget, 10), ==, 0);
  lks_cloud_budget_note (&budget, 1200);
  g_assert_cmpuint (lks_cloud_budget_get_pause_ms (&budget, 10), ==, 0);
  lks_cloud_budget_note (&budget, 119);
  g_assert_cmpuint (lks_cloud_budget_get_pause_ms (&budget, 10), ==, 100);
  lks_cloud_budget_note (&budget, LKS_CLOUD_NOT_SAID);
  g_assert_cmpuint (lks_cloud_budget_get_pause_ms (&budget, 10), ==, 100);
  lks_cloud_budget_note (&budget, 600);
  g_assert_cmpuint (lks_cloud_budget_get_pause_ms (&budget, 10), ==, 0);
}

static void
test_origin (void)
{
  static const char base[] = "https://management.azure.com";
  static const char *const same[] = { "https://management.azure.com/x",
                                      "https://MANAGEMENT.azure.com:443/x?y=*" };
  static const char *const other[] = {
    "http://management.azure.com/x",
    "https://management.azure.com:8443/x",
    "https://management.azure.com.evil.example/x",
    "https://management.azure.com@evil.example/x",
    "https://evil.example/https://management.azure.com",
    "//management.azure.com/x",
    "management.azure.com",
    "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    g_assert_true (lks_cloud_url_is_same_origin (base, same[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (other); i++)
    g_assert_false (lks_cloud_url_is_same_origin (base, other[i]));
  g_assert_true (lks_cloud_url_is_loopback ("https://127.0.0.1:4/x"));
  g_assert_true (lks_cloud_url_is_loopback ("https://[::1]:4/x"));
  g_assert_true (lks_cloud_url_is_loopback ("https://localhost/"));
  g_assert_false (lks_cloud_url_is_loopback ("https://127.0.0.1.example/"));
}

static void
test_shown_url (void)
{
  g_autofree char *shown = lks_cloud_url_dup_shown ("https://host/path?sig=secret");
  g_autofree char *odd = lks_cloud_url_dup_shown ("%%%");

  g_assert_cmpstr (shown, ==, "host/path");
  g_assert_null (strstr (odd, "%"));
}

static gboolean
take (LksCloudAnswer *answer, const char *line)
{
  return lks_cloud_answer_take_header (answer, line, strlen (line));
}

static void
test_headers (void)
{
  g_auto (LksCloudAnswer) answer = { .left_writes = LKS_CLOUD_NOT_SAID };
  g_autofree char *long_url = g_strnfill (LKS_CLOUD_URL_BYTES_MAX + 1, 'a');
  g_autofree char *long_line = g_strdup_printf ("Location: %s\r\n", long_url);

  g_assert_true (take (&answer, "HTTP/1.1 200 OK\r\n"));
  g_assert_true (take (&answer, "\r\n"));
  g_assert_true (take (&answer, ":\r\n"));
  g_assert_true (take (&answer, "AZURE-ASYNCOPERATION:https://x/*\r\n"));
  g_assert_cmpstr (answer.async_url, ==, "https://x/*");
  g_assert_true (take (&answer, "x-ms-ratelimit-remaining-subscription-writes: 12\r\n"));
  g_assert_cmpint (answer.left_writes, ==, 12);
  g_assert_true (take (&answer, "x-ms-ratelimit-remaining-subscription-writes: many\r\n"));
  g_assert_cmpint (answer.left_writes, ==, 12);
  g_assert_true (take (&answer, "x-ms-request-id: a\tb\r\n"));
  g_assert_null (answer.trace.request_id);
  g_assert_false (take (&answer, "Location: a\x01"
                                 "b\r\n"));
  g_assert_false (take (&answer, long_line));
  g_assert_null (answer.location);
}

static void
check_problem (guint status, const char *body, const char *code, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, strlen (body));
  g_auto (LksCloudProblem) problem = { 0 };

  lks_cloud_problem_parse (&problem, status, bytes, NULL);
  g_assert_cmpuint (problem.http_status, ==, status);
  g_assert_cmpstr (problem.code, ==, code);
  g_assert_cmpstr (problem.text, ==, text);
}

static void
test_problems (void)
{
  check_problem (404, "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"Not\\nhere\"}}",
                 "ResourceNotFound", "Not here");
  check_problem (400,
                 "{\"error\":{\"code\":\"BadRequest\",\"message\":\"wrong\",\"target\":null,"
                 "\"details\":[{\"code\":\"x\",\"message\":\"name\"},{\"message\":\"wrong\"}]}}",
                 "BadRequest", "wrong; name");
  check_problem (400, "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50173: gone\"}",
                 "invalid_grant", "AADSTS50173: gone");
  check_problem (400, "[{\"Code\":1,\"code\":\"c\",\"message\":\"m\"}]", "c", "m");
  check_problem (400, "[{\"ErrorCode\":\"E\",\"Title\":\"T\",\"Detail\":\"D\"}]", "E", "D");
  check_problem (500, "{\"error\":{\"code\":5,\"message\":[]}}", NULL, NULL);
  check_problem (500, "{\"error\":null}", NULL, NULL);
  check_problem (502, "<html>", NULL, NULL);
  check_problem (500, "null", NULL, NULL);
  check_problem (500, "", NULL, NULL);
}

/* By the word first, by the number only where the word is not known. */
static void
test_codes (void)
{
  static const struct
  {
    const char *code;
    guint status;
    LksCloudError error;
  } cases[] = {
    { "InvalidParameters", 404, LKS_CLOUD_ERROR_NOT_FOUND },
    { "InvalidParameters", 400, LKS_CLOUD_ERROR_REJECTED },
    { "authorizationfailed", 403, LKS_CLOUD_ERROR_FORBIDDEN },
    { "ScopeLocked", 409, LKS_CLOUD_ERROR_SETUP },
    { "MissingSubscriptionRegistration", 409, LKS_CLOUD_ERROR_SETUP },
    { "SubscriptionNotFound", 404, LKS_CLOUD_ERROR_NOT_FOUND },
    { "NeverHeardOf", 403, LKS_CLOUD_ERROR_FORBIDDEN },
    { NULL, 401, LKS_CLOUD_ERROR_SIGN_IN },
    { NULL, 404, LKS_CLOUD_ERROR_NOT_FOUND },
    { NULL, 407, LKS_CLOUD_ERROR_UNREACHABLE },
    { NULL, 409, LKS_CLOUD_ERROR_CONFLICT },
    { NULL, 418, LKS_CLOUD_ERROR_REJECTED },
    { NULL, 429, LKS_CLOUD_ERROR_THROTTLED },
    { NULL, 503, LKS_CLOUD_ERROR_UNAVAILABLE },
    { NULL, 302, LKS_CLOUD_ERROR_BAD_ANSWER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const LksCloudCode *entry = lks_cloud_code_find (cases[i].code, cases[i].status);

      g_assert_cmpint (entry->error, ==, cases[i].error);
      g_assert_nonnull (entry->sentence);
    }
}

/* There is advice for every code, also for one that no service sent. */
static void
test_advice (void)
{
  for (int code = LKS_CLOUD_ERROR_UNREACHABLE; code <= LKS_CLOUD_ERROR_INCOMPLETE; code++)
    {
      g_autoptr (GError) error = g_error_new (LKS_CLOUD_ERROR, code, "x");
      g_autoptr (GError) other = g_error_new (G_IO_ERROR, code, "x");

      g_assert_nonnull (lks_cloud_error_get_advice (error));
      g_assert_null (lks_cloud_error_get_code (error));
      g_assert_null (lks_cloud_error_get_trace (other));
      g_assert_cmpuint (lks_cloud_error_get_http_status (other), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cloud/retry/after", test_retry_after);
  g_test_add_func ("/cloud/retry/backoff", test_backoff);
  g_test_add_func ("/cloud/retry/budget", test_budget);
  g_test_add_func ("/cloud/url/origin", test_origin);
  g_test_add_func ("/cloud/url/shown", test_shown_url);
  g_test_add_func ("/cloud/headers", test_headers);
  g_test_add_func ("/cloud/problem/parse", test_problems);
  g_test_add_func ("/cloud/problem/codes", test_codes);
  g_test_add_func ("/cloud/problem/advice", test_advice);

  return g_test_run ();
}
