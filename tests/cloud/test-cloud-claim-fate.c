/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told of devices that are claimed, whatever the service answers, at a server with a
 * script: claimed, refused, or unknown. */
#include "cloud-fixture.h"

#include "lks-cloud-claim.h"

#include <string.h>

#define GROUP_ID                                                                                   \
  "/subscriptions/s/resourceGroups/r/providers/Microsoft.AzureSphere/catalogs/plant7"              \
  "/products/Pump/deviceGroups/Production"
#define CONFLICT "{\"error\":{\"code\":\"Conflict\",\"message\":\"belongs to somebody\"}}"
#define FORGOTTEN "{\"error\":{\"code\":\"ExpiredAuthenticationToken\",\"message\":\"is past\"}}"

/* One letter for each device that is told: claimed, refused, unknown. */
static gboolean
take_result (const LksCloudClaimResult *result, gpointer user_data, GError **error)
{
  g_assert_true ((result->place != NULL) == (result->error == NULL));
  g_assert_false (result->place != NULL && result->is_unknown);
  g_string_append_c (user_data, result->place != NULL ? 'c' : result->is_unknown ? 'u' : 'r');
  return TRUE;
}

static void
check (Fixture *f, guint n_devices, const char *expected, GError **error)
{
  g_autoptr (LksCloudScope) group = lks_cloud_scope_parse (GROUP_ID, NULL);
  g_autoptr (GHashTable) nowhere = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) reason = NULL;
  gboolean is_whole;

  for (guint i = 0; i < n_devices; i++)
    g_ptr_array_add (ids, g_strnfill (128, (char) ('1' + i)));
  is_whole = lks_cloud_claim (f->client, group, ids, nowhere, take_result, told, NULL, &reason);
  g_assert_cmpstr (told->str, ==, expected);
  g_assert_true (is_whole == (reason == NULL));
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
}

static void
reply_device (Fixture *f, char digit)
{
  g_autofree char *id = g_strnfill (128, digit);
  g_autofree char *body = g_strdup_printf ("{\"id\":\"" GROUP_ID "/devices/%s\"}", id);

  cloud_server_reply (f->server, 200, NULL, body);
}

static void
test_refused (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 409, NULL, CONFLICT);
  check (f, 1, "r", &error);
  g_assert_no_error (error);
}

/* The first request was lost, and may be why the second one is refused. */
static void
test_refused_after_loss (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 503, NULL, "{}");
  cloud_server_reply (f->server, 409, NULL, CONFLICT);
  check (f, 1, "u", &error);
  g_assert_no_error (error);
}

/* It is done, and could not be seen. */
static void
test_not_seen (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL, "{}");
  cloud_server_reply (f->server, 404, NULL, "{}");
  check (f, 1, "u", &error);
  g_assert_no_error (error);
}

/* A batch is accepted; then the sign-in ends while it is looked at. */
static void
test_batch_not_looked_at (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL, "{}");
  reply_device (f, '1');
  cloud_server_reply (f->server, 401, NULL, FORGOTTEN);
  cloud_server_reply (f->server, 401, NULL, FORGOTTEN);
  check (f, 3, "cuu", &error);
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
}

/* The sign-in ends while the service works on it. */
static void
test_batch_not_waited_for (Fixture *f, gconstpointer unused)
{
  g_autofree char *header =
      g_strdup_printf ("Azure-AsyncOperation: %s/poll\r\n", cloud_server_get_base (f->server));
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 202, header, "null");
  cloud_server_reply (f->server, 401, NULL, FORGOTTEN);
  cloud_server_reply (f->server, 401, NULL, FORGOTTEN);
  check (f, 2, "uu", &error);
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
}

/* The service does not begin it, and asks for more patience than there is. */
static void
test_batch_not_begun (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 429, "Retry-After: 3600\r\n", "{}");
  check (f, 2, "", &error);
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_THROTTLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  FIXTURE_TEST ("/cloud/claim-fate/refused", test_refused);
  FIXTURE_TEST ("/cloud/claim-fate/refused-after-loss", test_refused_after_loss);
  FIXTURE_TEST ("/cloud/claim-fate/not-seen", test_not_seen);
  FIXTURE_TEST ("/cloud/claim-fate/batch-not-looked-at", test_batch_not_looked_at);
  FIXTURE_TEST ("/cloud/claim-fate/batch-not-waited-for", test_batch_not_waited_for);
  FIXTURE_TEST ("/cloud/claim-fate/batch-not-begun", test_batch_not_begun);

  return g_test_run ();
}
