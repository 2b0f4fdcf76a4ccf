/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why an application does not arrive, when the service answers other than usual. */
#include "cloud-fixture.h"

#include "lks-cloud-arrival.h"
#include "lks-cloud-deployment.h"

#include <string.h>

#define CATALOG_ID                                                                                 \
  "/subscriptions/s/resourceGroups/r/providers/Microsoft.AzureSphere/catalogs/plant7"
#define GROUP_ID CATALOG_ID "/products/Pump/deviceGroups/Line"
#define DEVICE_ID                                                                                  \
  "abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd"                               \
  "abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd"
#define IMAGE "0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b11"
#define OTHER "0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b12"

#define LIST                                                                                       \
  "{\"value\":[{\"id\":\"" GROUP_ID "/devices/" DEVICE_ID                                          \
  "\",\"properties\":{\"deviceId\":\"" DEVICE_ID "\"}}]}"
#define GROUP(policy)                                                                              \
  "{\"id\":\"" GROUP_ID "\",\"name\":\"Line\",\"properties\":{\"updatePolicy\":\"" policy "\"}}"
#define DEPLOYMENT(images)                                                                         \
  "{\"id\":\"" GROUP_ID "/deployments/d\",\"name\":\"d\",\"properties\":{" images "}}"
#define FORBIDDEN "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no right to read\"}}"

/* The five answers in a row. */
static char *
check (Fixture *f, LksArrival *arrival)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_parse (CATALOG_ID, &error);
  GString *answers = g_string_new (NULL);
  gboolean is_checked =
      lks_arrival_check (arrival, f->client, catalog, DEVICE_ID, LKS_CLOUD_FLAG_NO, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (is_checked);
  for (guint i = 0; i < LKS_ARRIVAL_N_TESTS; i++)
    g_string_append (answers, arrival->answers[i] == LKS_CLOUD_FLAG_YES  ? "y"
                              : arrival->answers[i] == LKS_CLOUD_FLAG_NO ? "n"
                                                                         : "?");
  return g_string_free (answers, FALSE);
}

static void
assert_detail (const LksArrival *arrival, LksArrivalTest test, const char *words)
{
  g_autofree char *detail = lks_arrival_dup_detail (arrival, test);

  g_test_message ("%s", detail);
  g_assert_nonnull (strstr (detail, words));
}

static void
test_images (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *deployment;
    const char *answers;
    const char *words;
  } cases[] = {
    { DEPLOYMENT ("\"deployedImages\":[]"), "yyyny", "has no images: Line" },
    { DEPLOYMENT (""), "yyy?y", "does not tell which images" },
    { DEPLOYMENT ("\"deployedImages\":[{\"properties\":{\"imageId\":\"" IMAGE
                  "\"}},{\"properties\":{\"imageId\":\"" OTHER "\",\"image\":\"PumpApp\"}}]"),
      "yyyyy", IMAGE ", PumpApp" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (LksArrival) arrival = { 0 };
      g_autofree char *answers = NULL;

      cloud_server_reply (f->server, 200, "", LIST);
      cloud_server_reply (f->server, 200, "", GROUP ("UpdateAll"));
      cloud_server_reply (f->server, 200, "", cases[i].deployment);
      answers = check (f, &arrival);
      g_assert_cmpstr (answers, ==, cases[i].answers);
      assert_detail (&arrival, LKS_ARRIVAL_TEST_DEPLOYMENT, cases[i].words);
      g_assert_no_error (arrival.error);
    }
}

static void
test_policies (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *group;
    const char *answers;
  } cases[] = {
    { GROUP ("UpdateAll"), "yyyny" },
    { GROUP ("No3rdPartyAppUpdates"), "yynny" },
    { GROUP ("UpdateOnSundays"), "yy?ny" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (LksArrival) arrival = { 0 };
      g_autofree char *answers = NULL;

      cloud_server_reply (f->server, 200, "", LIST);
      cloud_server_reply (f->server, 200, "", cases[i].group);
      cloud_server_reply (f->server, 404, "", "");
      answers = check (f, &arrival);
      g_assert_cmpstr (answers, ==, cases[i].answers);
      assert_detail (&arrival, LKS_ARRIVAL_TEST_POLICY, "Line, ");
    }
}

/* One question that is refused takes no other answer away. */
static void
test_refused (Fixture *f, gconstpointer unused)
{
  g_auto (LksArrival) policy = { 0 };
  g_auto (LksArrival) deployment = { 0 };
  g_auto (LksArrival) list = { 0 };
  g_autofree char *without_policy = NULL;
  g_autofree char *without_deployment = NULL;
  g_autofree char *without_list = NULL;

  cloud_server_reply (f->server, 200, "", LIST);
  cloud_server_reply (f->server, 403, "", FORBIDDEN);
  cloud_server_reply (f->server, 404, "", "");
  without_policy = check (f, &policy);
  g_assert_cmpstr (without_policy, ==, "yy?ny");
  assert_detail (&policy, LKS_ARRIVAL_TEST_POLICY, "no right to read");

  cloud_server_reply (f->server, 200, "", LIST);
  cloud_server_reply (f->server, 200, "", GROUP ("UpdateAll"));
  cloud_server_reply (f->server, 403, "", FORBIDDEN);
  without_deployment = check (f, &deployment);
  g_assert_cmpstr (without_deployment, ==, "yyy?y");
  g_assert_error (deployment.error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FORBIDDEN);

  cloud_server_reply (f->server, 403, "", FORBIDDEN);
  without_list = check (f, &list);
  g_assert_cmpstr (without_list, ==, "????y");
  g_assert_error (list.error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FORBIDDEN);
}

/* What meets every question ends the asking. */
static void
test_signed_out (Fixture *f, gconstpointer unused)
{
  g_auto (LksArrival) arrival = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_parse (CATALOG_ID, &error);

  cloud_server_reply (f->server, 200, "", LIST);
  cloud_server_reply (f->server, 401, "", "");
  cloud_server_reply (f->server, 401, "", "");
  g_assert_false (
      lks_arrival_check (&arrival, f->client, catalog, DEVICE_ID, LKS_CLOUD_FLAG_NO, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  FIXTURE_TEST ("/cloud-arrival/images", test_images);
  FIXTURE_TEST ("/cloud-arrival/policies", test_policies);
  FIXTURE_TEST ("/cloud-arrival/refused", test_refused);
  FIXTURE_TEST ("/cloud-arrival/signed-out", test_signed_out);
  return g_test_run ();
}
