/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists and operations as the live service does them (recordings of April 2024), and as its
 * contract says it might. */
#include "cloud-fixture.h"
#include "long-token.h"

#include <string.h>

#define DEVICE_PATH "/catalogs/c/products/p/deviceGroups/g/devices/d"
#define ACCEPTED "{\"name\":\"d\",\"properties\":{\"provisioningState\":\"Accepted\"}}"
#define RUNNING "{\"status\":\"InProgress\",\"error\":{\"target\":\"DeviceClaim\",\"details\":[]}}"
/* An error object also on success. */
#define SUCCEEDED                                                                                  \
  "{\"status\":\"Succeeded\",\"error\":{\"target\":\"DeviceUpdateDeviceGroup\",\"details\":[]},"   \
  "\"properties\":{\"targetResourceId\":\"/catalogs/c/products/q/deviceGroups/h/devices/d\"}}"

/* As long as the real ones, with their asterisk. */
static char *
make_poll_path (void)
{
  g_autofree char *filler = g_strnfill (3300, 'Q');

  return g_strdup_printf (
      "/subscriptions/s/providers/Microsoft.AzureSphere/locations/WESTCENTRALUS/"
      "operationStatuses/7d2f*9A0C?api-version=2024-04-01&t=1&c=%s&s=a-_b&h=x",
      filler);
}

static char *
make_header (Fixture *f, const char *name, const char *path)
{
  return g_strdup_printf ("%s: %s%s\r\n", name, cloud_server_get_base (f->server), path);
}

static gboolean
change (Fixture *f,
        const char *method,
        LksCloudAnswer *answer,
        LksCloudOperation **out_operation,
        GError **error)
{
  const LksCloudCall call = {
    .method = method, .path = DEVICE_PATH, .body = "{}", .body_bytes = 2
  };

  return lks_cloud_client_change (f->client, &call, NULL, answer, out_operation, error);
}

/* PUT device: 201, Azure-AsyncOperation alone, no Retry-After. */
static void
test_claim (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = make_poll_path ();
  g_autofree char *header = make_header (f, "Azure-AsyncOperation", path);
  g_autofree char *line = g_strdup_printf ("GET %s HTTP/1.1", path);
  g_autoptr (LksCloudOperation) operation = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 201, header, ACCEPTED);
  cloud_server_reply (f->server, 200, NULL, RUNNING);
  cloud_server_reply (f->server, 200, NULL, SUCCEEDED);
  g_assert_true (change (f, "PUT", &answer, &operation, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (operation->questions, ==, 2);
  g_assert_cmpstr (operation->word, ==, "Succeeded");
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 3);
  g_assert_cmpstr (cloud_server_get_seen (f->server, 1)->line, ==, line);
  g_assert_nonnull (strstr (cloud_server_get_seen (f->server, 1)->head, FIRST_TOKEN));
}

/* PATCH device: 202, the body is "null", both headers with the same address. */
static void
test_move (Fixture *f, gconstpointer unused)
{
  g_autofree char *async = make_header (f, "Azure-AsyncOperation", "/poll");
  g_autofree char *location = make_header (f, "Location", "/poll");
  g_autofree char *headers = g_strconcat (async, location, NULL);
  g_autoptr (LksCloudOperation) operation = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 202, headers, "null");
  cloud_server_reply (f->server, 200, NULL, SUCCEEDED);
  g_assert_true (change (f, "PATCH", &answer, &operation, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (operation->target_id, ==, "/catalogs/c/products/q/deviceGroups/h/devices/d");
}

/* What failed in the end tells why, and may repeat the sign-in of who asks about it. */
static void
test_token_in_failure (Fixture *f, gconstpointer unused)
{
  static const char *const codes[] = { "\"code\":\"Odd\",", "" };
  g_autofree char *token = test_make_token (4096);
  g_autofree char *header = make_header (f, "Azure-AsyncOperation", "/poll");

  test_source_set_token (f->source, token);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *failed =
          g_strdup_printf ("{\"status\":\"Failed\",\"error\":{%s\"message\":\"Bearer %s\"}}",
                           codes[i], token);
      g_auto (LksCloudAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      cloud_server_reply (f->server, 201, header, ACCEPTED);
      cloud_server_reply (f->server, 200, NULL, failed);
      g_assert_false (change (f, "PUT", &answer, NULL, &error));
      g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, "withheld"));
      g_assert_false (test_shows_token (error->message, token));
      g_assert_false (test_shows_token (lks_cloud_error_get_text (error), token));
    }
}

/* PUT product: finished at once, whatever the contract says. */
static void
test_at_once (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudOperation) operation = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL,
                      "{\"properties\":{\"provisioningState\":\"Succeeded\"}}");
  g_assert_true (change (f, "PUT", &answer, &operation, &error));
  g_assert_no_error (error);
  g_assert_null (operation);

  cloud_server_reply (f->server, 200, NULL, "null");
  lks_cloud_answer_clear (&answer);
  g_assert_true (change (f, "DELETE", &answer, &operation, &error));
  g_assert_no_error (error);
  g_assert_null (operation);
}

/* Only Location: 202 while it runs, with another address now and then, 200 at the end. */
static void
test_location (Fixture *f, gconstpointer unused)
{
  g_autofree char *first = make_header (f, "Location", "/one");
  g_autofree char *second = make_header (f, "Location", "/two");
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 202, first, "");
  cloud_server_reply (f->server, 202, second, "");
  cloud_server_reply (f->server, 202, NULL, "");
  cloud_server_reply (f->server, 200, NULL, "{\"image\":\"AAAA\"}");
  g_assert_true (change (f, "POST", &answer, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (cloud_server_get_seen (f->server, 1)->line, ==, "GET /one HTTP/1.1");
  g_assert_cmpstr (cloud_server_get_seen (f->server, 3)->line, ==, "GET /two HTTP/1.1");
  g_assert_cmpmem (g_bytes_get_data (answer.body, NULL), g_bytes_get_size (answer.body),
                   "{\"image\":\"AAAA\"}", 16);
}

/* Neither header: the resource itself is watched. */
static void
test_resource (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 201, NULL, ACCEPTED);
  cloud_server_reply (f->server, 200, NULL, ACCEPTED);
  cloud_server_reply (f->server, 200, NULL,
                      "{\"properties\":{\"provisioningState\":\"Succeeded\"}}");
  g_assert_true (change (f, "PUT", &answer, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (cloud_server_get_seen (f->server, 2)->line, ==, "GET " DEVICE_PATH " HTTP/1.1");
}

static void
test_unfollowable (Fixture *f, gconstpointer unused)
{
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 202, NULL, "");
  g_assert_false (change (f, "POST", &answer, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING);
}

static void
check_end (Fixture *f, const char *status, LksCloudError code, const char *words)
{
  g_autofree char *header = make_header (f, "Azure-AsyncOperation", "/poll");
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 201, header, ACCEPTED);
  cloud_server_reply (f->server, 200, NULL, status);
  g_assert_false (change (f, "PUT", &answer, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_failures (Fixture *f, gconstpointer unused)
{
  check_end (
      f,
      "{\"status\":\"FAILED\",\"error\":{\"code\":\"DeviceAlreadyClaimed\",\"message\":\"is in "
      "another catalog\"}}",
      LKS_CLOUD_ERROR_FAILED, "is in another catalog");
  check_end (f, "{\"status\":\"failed\",\"error\":{\"target\":\"DeviceClaim\",\"details\":[]}}",
             LKS_CLOUD_ERROR_FAILED, "does not say why");
  check_end (f, "{\"status\":\"Canceled\"}", LKS_CLOUD_ERROR_ABANDONED, "gave the operation up");
}

/* Trouble while asking is not the operation's. */
static void
test_trouble_while_asking (Fixture *f, gconstpointer unused)
{
  g_autofree char *header = make_header (f, "Azure-AsyncOperation", "/poll");
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 201, header, ACCEPTED);
  for (guint i = 0; i < 2 * impatient.tries_max; i++)
    cloud_server_reply (f->server, 503, NULL, "{}");
  cloud_server_reply (f->server, 401, NULL, "{}");
  cloud_server_reply (f->server, 200, NULL, SUCCEEDED);
  g_assert_true (change (f, "PUT", &answer, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_source_get_n_renewals (f->source), ==, 1);
}

static void
test_forgotten (Fixture *f, gconstpointer unused)
{
  g_autofree char *header = make_header (f, "Azure-AsyncOperation", "/poll");
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 201, header, ACCEPTED);
  cloud_server_reply (f->server, 404, NULL, "{}");
  g_assert_false (change (f, "PUT", &answer, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING);
}

/* The waiting ends, the operation can be asked about again. */
static void
test_stuck (Fixture *f, gconstpointer unused)
{
  LksCloudPolicy policy = impatient;
  g_autofree char *header = make_header (f, "Azure-AsyncOperation", "/poll");
  const LksCloudCall call = { .method = "PUT", .path = "/x" };
  g_autoptr (LksCloudOperation) operation = NULL;
  g_autoptr (LksCloudClient) client = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  policy.wait_max_ms = 0;
  client = lks_cloud_client_new (cloud_server_get_base (f->server), LKS_TOKEN_SOURCE (f->source),
                                 cloud_server_get_trust (f->server), &policy, &error);
  g_assert_no_error (error);
  cloud_server_reply (f->server, 201, header, ACCEPTED);
  g_assert_false (lks_cloud_client_change (client, &call, NULL, &answer, &operation, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING);
  g_assert_nonnull (operation);
  g_clear_pointer (&client, lks_cloud_client_free);

  cloud_server_reply (f->server, 200, NULL, SUCCEEDED);
  g_assert_true (lks_cloud_client_wait (f->client, operation, NULL, &answer, &again));
  g_assert_no_error (again);
}

static void
test_foreign_operation (Fixture *f, gconstpointer unused)
{
  g_autofree char *header =
      g_strdup_printf ("Azure-AsyncOperation: %s/poll\r\n", cloud_server_get_other (f->server));
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 201, header, ACCEPTED);
  g_assert_false (change (f, "PUT", &answer, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FOREIGN_HOST);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

/* ---- lists ---- */

static gboolean
take_name (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  char *name = NULL;

  if (!lks_json_read_string (page, item, "name", &name, error))
    return FALSE;
  g_ptr_array_add (user_data, name);
  return TRUE;
}

static gboolean
list (Fixture *f,
      const char *method,
      LksCloudPaging paging,
      guint items_max,
      GPtrArray *names,
      GError **error)
{
  const LksCloudCall call = { .method = method, .path = "/list?api-version=1", .paging = paging };

  return lks_cloud_client_list (f->client, &call, items_max, take_name, names, NULL, error);
}

static char *
make_page (Fixture *f, const char *names, const char *next)
{
  return g_strdup_printf ("{\"value\":[%s],\"nextLink\":\"%s%s\"}", names,
                          cloud_server_get_base (f->server), next);
}

static void
test_pages (Fixture *f, gconstpointer unused)
{
  g_autofree char *one = make_page (f, "{\"name\":\"a\"},{\"name\":\"b\"}", "/list?p=2");
  g_autofree char *two = make_page (f, "", "/list?p=3");
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL, one);
  cloud_server_reply (f->server, 200, NULL, two);
  cloud_server_reply (f->server, 200, NULL, "{\"value\":[{\"name\":\"c\"}],\"nextLink\":null}");
  g_assert_true (list (f, "POST", LKS_CLOUD_PAGING_LINK, 0, names, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (names->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (names, 2), ==, "c");
  g_assert_cmpstr (cloud_server_get_seen (f->server, 0)->line, ==,
                   "POST /list?api-version=1 HTTP/1.1");
  g_assert_cmpstr (cloud_server_get_seen (f->server, 1)->line, ==, "GET /list?p=2 HTTP/1.1");
}

static void
test_enough (Fixture *f, gconstpointer unused)
{
  g_autofree char *one = make_page (f, "{\"name\":\"a\"},{\"name\":\"b\"}", "/list?p=2");
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL, one);
  g_assert_true (list (f, "GET", LKS_CLOUD_PAGING_LINK, 2, names, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

static void
test_foreign_page (Fixture *f, gconstpointer unused)
{
  g_autofree char *page = g_strdup_printf ("{\"value\":[],\"nextLink\":\"%s/list\"}",
                                           cloud_server_get_other (f->server));
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL, page);
  g_assert_false (list (f, "GET", LKS_CLOUD_PAGING_LINK, 0, names, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FOREIGN_HOST);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

static void
test_endless_pages (Fixture *f, gconstpointer unused)
{
  g_autofree char *page = make_page (f, "", "/list?p=2");
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL, page);
  cloud_server_reply (f->server, 200, NULL, page);
  g_assert_false (list (f, "GET", LKS_CLOUD_PAGING_LINK, 0, names, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER);
}

/* The legacy API: the token goes back in a header. */
static void
test_continuation (Fixture *f, gconstpointer unused)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL,
                      "{\"Items\":[{\"name\":\"a\"}],\"ContinuationToken\":\"tok+/=en\"}");
  cloud_server_reply (f->server, 200, NULL,
                      "{\"Items\":[{\"name\":\"b\"}],\"ContinuationToken\":null}");
  g_assert_true (list (f, "GET", LKS_CLOUD_PAGING_CONTINUATION, 0, names, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_null (strstr (cloud_server_get_seen (f->server, 0)->head, "Sphere-Continuation"));
  g_assert_nonnull (
      strstr (cloud_server_get_seen (f->server, 1)->head, "\r\nSphere-Continuation: tok+/=en\r\n"));
  g_assert_cmpstr (cloud_server_get_seen (f->server, 1)->line, ==,
                   "GET /list?api-version=1 HTTP/1.1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  FIXTURE_TEST ("/cloud/operation/claim", test_claim);
  FIXTURE_TEST ("/cloud/operation/move", test_move);
  FIXTURE_TEST ("/cloud/operation/token-in-failure", test_token_in_failure);
  FIXTURE_TEST ("/cloud/operation/at-once", test_at_once);
  FIXTURE_TEST ("/cloud/operation/location", test_location);
  FIXTURE_TEST ("/cloud/operation/resource", test_resource);
  FIXTURE_TEST ("/cloud/operation/unfollowable", test_unfollowable);
  FIXTURE_TEST ("/cloud/operation/failures", test_failures);
  FIXTURE_TEST ("/cloud/operation/trouble-while-asking", test_trouble_while_asking);
  FIXTURE_TEST ("/cloud/operation/forgotten", test_forgotten);
  FIXTURE_TEST ("/cloud/operation/stuck", test_stuck);
  FIXTURE_TEST ("/cloud/operation/foreign", test_foreign_operation);
  FIXTURE_TEST ("/cloud/list/pages", test_pages);
  FIXTURE_TEST ("/cloud/list/enough", test_enough);
  FIXTURE_TEST ("/cloud/list/foreign", test_foreign_page);
  FIXTURE_TEST ("/cloud/list/endless", test_endless_pages);
  FIXTURE_TEST ("/cloud/list/continuation", test_continuation);

  return g_test_run ();
}
