/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cloud-refusals EMULATOR: what the emulated cloud does not take, because the contract or the
 * platform would not. */
#include "cloud-curl.h"

#include <string.h>

#define PUMP "/plant7/products/Pump"

/* ---- sign-in ---- */

static void
assert_sign_in_error (const Reply *reply, const char *error, const char *number)
{
  g_assert_cmpuint (reply->status, ==, 400);
  g_assert_cmpstr (get_text (get_object (reply), "error"), ==, error);
  g_assert_nonnull (strstr (get_text (get_object (reply), "error_description"), number));
}

/* Whatever is in it: only a form has parameters. */
static void
test_forms (void)
{
  static const char *const types[] = { "application/json", "text/plain", NULL };
  g_auto (Fixture) f = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *form = NULL;
  g_auto (Reply) typeless = { 0 };

  start (&f, "\"pollSeconds\":0");
  url = g_strdup_printf ("%s/%s/oauth2/v2.0/token", f.process.cloud, f.tenant);
  form = g_strdup_printf ("client_id=%s&grant_type=client_credentials&client_secret="
                          "emulated-client-secret&scope=x%%2F.default",
                          f.client_id);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_auto (Reply) reply = ask_url_as (&f, "POST", url, types[i], form);

      assert_sign_in_error (&reply, "invalid_request", "AADSTS900144");
    }
  typeless = post_form (&f, "token", "scope=x");
  assert_sign_in_error (&typeless, "invalid_request", "grant_type");
}

#define AUTHORIZE                                                                                  \
  "&redirect_uri=http://localhost:1&state=s&scope=x&code_challenge=abc&code_challenge_method=S256"

/* @query begins the query, AUTHORIZE ends it. */
static Reply
authorize (Fixture *f, const char *tenant, const char *query)
{
  g_autofree char *url =
      g_strdup_printf ("%s/%s/oauth2/v2.0/authorize?%s" AUTHORIZE, f->process.cloud, tenant, query);

  return ask_url (f, "GET", url, NULL);
}

static void
check_back (Fixture *f, const char *query, const char *where)
{
  g_auto (Reply) reply = authorize (f, f->tenant, query);
  g_autofree char *location = get_header (&reply, "Location");

  g_assert_cmpuint (reply.status, ==, 302);
  g_assert_cmpstr (location, ==, where);
}

/* Who comes from nowhere stays on the page. */
static void
check_page (Fixture *f, const char *tenant, const char *query, const char *number)
{
  g_auto (Reply) reply = authorize (f, tenant, query);

  g_assert_cmpuint (reply.status, ==, 400);
  g_assert_null (get_header (&reply, "Location"));
  g_assert_nonnull (strstr (reply.body, number));
}

static void
test_authorize (void)
{
  g_auto (Fixture) f = { 0 };
  g_autofree char *bare = NULL;
  g_autofree char *implicit = NULL;
  g_autofree char *good = NULL;

  start (&f, "\"pollSeconds\":0");
  bare = g_strdup_printf ("client_id=%s", f.client_id);
  implicit = g_strdup_printf ("client_id=%s&response_type=token", f.client_id);
  good = g_strdup_printf ("client_id=%s&response_type=code", f.client_id);
  check_back (&f, bare, "http://localhost:1/?error=invalid_request&state=s");
  check_back (&f, implicit, "http://localhost:1/?error=unsupported_response_type&state=s");
  check_page (&f, "99999999-9999-4999-8999-999999999999", good, "AADSTS90002");
  check_page (&f, f.tenant, "client_id=x&response_type=code", "AADSTS700016");
}

/* ---- requests ---- */

static void
test_body_types (void)
{
  static const char *const types[] = { "text/plain", "application/x-www-form-urlencoded", NULL };
  static const char *const methods[] = { "PUT", "PATCH" };
  g_auto (Fixture) f = { 0 };
  g_autofree char *url = NULL;
  g_auto (Reply) named = { 0 };

  start (&f, "\"pollSeconds\":0");
  url = g_strdup_printf ("%s%s" PUMP "?" VERSION, f.process.cloud, f.catalogs);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (methods); j++)
      {
        g_auto (Reply) reply = ask_url_as (&f, methods[j], url, types[i], "{}");

        assert_error (&reply, 415, "UnsupportedMediaType");
      }
  named = ask_url_as (&f, "PATCH", url, "application/json; charset=utf-8", "{}");
  g_assert_cmpuint (named.status, ==, 200);
}

static void
test_versions (void)
{
  static const struct
  {
    const char *path;
    const char *version;
  } cases[] = {
    { "/tenants", "2022-12-01" },
    { "/subscriptions", "2022-12-01" },
    { "/subscriptions/%s/resourcegroups", "2021-04-01" },
    { "/subscriptions/%s/providers/Microsoft.AzureSphere", "2021-04-01" },
    { "/subscriptions/%s/providers/Microsoft.AzureSphere/catalogs", "2024-04-01" },
  };
  g_auto (Fixture) f = { 0 };

  start (&f, "\"pollSeconds\":0");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) halves = g_strsplit (cases[i].path, "%s", 2);
      g_autofree char *path = g_strjoinv (f.subscription, halves);
      g_autofree char *base = g_strconcat (f.process.cloud, path, NULL);
      g_autofree char *good = g_strconcat (base, "?api-version=", cases[i].version, NULL);
      g_autofree char *old = g_strconcat (base, "?api-version=1999-01-01", NULL);
      g_auto (Reply) taken = ask_url (&f, "GET", good, NULL);
      g_auto (Reply) refused = ask_url (&f, "GET", old, NULL);
      g_auto (Reply) unnamed = ask_url (&f, "GET", base, NULL);

      g_assert_cmpuint (taken.status, ==, 200);
      assert_error (&refused, 400,
                    g_str_has_suffix (path, "/catalogs") ? "InvalidResourceType"
                                                         : "InvalidApiVersionParameter");
      assert_error (&unnamed, 400, "MissingApiVersionParameter");
    }
}

static void
test_resource_groups (void)
{
  static const char *const methods[] = { "GET", "PUT", "DELETE" };
  g_auto (Fixture) f = { 0 };
  g_autofree char *url = NULL;

  start (&f, "\"pollSeconds\":0");
  url = g_strdup_printf ("%s/subscriptions/%s/resourceGroups/nowhere/providers/"
                         "Microsoft.AzureSphere/catalogs/plant7?" VERSION,
                         f.process.cloud, f.subscription);
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_auto (Reply) reply =
          ask_url (&f, methods[i], url,
                   g_str_equal (methods[i], "PUT") ? "{\"location\":\"global\"}" : NULL);

      assert_error (&reply, 404, "ResourceGroupNotFound");
    }
}

/* ---- things ---- */

/* Requests that are answered with 400, or with 200 when there is no code. */
typedef struct
{
  const char *method;
  const char *path;
  const char *body;
  const char *code; /* (nullable) */
} Case;

#define A48 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const Case names[] = {
  { "PUT", "/plant7/products/ab", "{}", "InvalidParameters" },
  { "PUT", "/plant7/products/abc", "{}", NULL },
  { "PUT", "/plant7/products/a_c", "{}", NULL },
  { "PUT", "/plant7/products/a%20c", "{}", NULL },
  { "PUT", "/plant7/products/ab%20", "{}", "InvalidParameters" },
  { "PUT", "/plant7/products/a-c", "{}", "InvalidParameters" },
  { "PUT", "/plant7/products/abc%0A", "{}", "InvalidParameters" },
  { "PUT", "/plant7/products/ab" A48, "{}", NULL },
  { "PUT", "/plant7/products/abc" A48, "{}", "InvalidParameters" },
  { "PUT", "/plant7/products/.default", "{}", "InvalidParameters" },
  { "PUT", PUMP "/deviceGroups/a", "{}", NULL },
  { "PUT", PUMP "/deviceGroups/ab", "{}", NULL },
  { "PUT", PUMP "/deviceGroups/a%20c", "{}", NULL },
  { "PUT", PUMP "/deviceGroups/a_c", "{}", "InvalidParameters" },
  { "PUT", PUMP "/deviceGroups/%20c", "{}", "InvalidParameters" },
  { "PUT", PUMP "/deviceGroups/abc" A48, "{}", "InvalidParameters" },
};

static const Case values[] = {
  { "PUT", "/mars", "{}", "LocationRequired" },
  { "PUT", "/mars", "{\"location\":7}", "LocationRequired" },
  { "PUT", "/mars", "{\"location\":\"mars\"}", "LocationNotAvailableForResourceType" },
  { "PUT", "/mars", "{\"location\":\"global\"}", NULL },
  { "PUT", PUMP "/deviceGroups/Line", "{\"properties\":{\"osFeedType\":\"Daily\"}}",
    "InvalidParameters" },
  { "PUT", PUMP "/deviceGroups/Line", "{\"properties\":{\"osFeedType\":\"RetailEval\"}}", NULL },
  { "PATCH", PUMP "/deviceGroups/Line", "{\"properties\":{\"updatePolicy\":\"Never\"}}",
    "InvalidParameters" },
  { "PATCH", PUMP "/deviceGroups/Line", "{\"properties\":{\"updatePolicy\":\"UpdateAll\"}}", NULL },
  { "PATCH", PUMP "/deviceGroups/Line", "{\"properties\":{\"allowCrashDumpsCollection\":\"true\"}}",
    "InvalidParameters" },
  { "PATCH", PUMP "/deviceGroups/Line", "{\"properties\":{\"regionalDataBoundary\":\"Mars\"}}",
    "InvalidParameters" },
};

static void
check_cases (const Case *cases, gsize n_cases)
{
  g_auto (Fixture) f = { 0 };

  start (&f, "\"pollSeconds\":0");
  for (gsize i = 0; i < n_cases; i++)
    {
      g_auto (Reply) reply = ask (&f, cases[i].method, cases[i].path, cases[i].body);

      if (cases[i].code != NULL)
        assert_error (&reply, 400, cases[i].code);
      else
        g_assert_cmpuint (reply.status, ==, 200);
    }
}

static void
test_names (void)
{
  check_cases (names, G_N_ELEMENTS (names));
}

static void
test_values (void)
{
  check_cases (values, G_N_ELEMENTS (values));
}

/* A device stays in its catalog, however alike the other one's name is. */
static void
test_moves (void)
{
  static const char *const targets[] = {
    "/plant77/products/Pump/deviceGroups/Production",
    "/plant7x/products/Pump/deviceGroups/Production",
    "/plant7/products/.default/deviceGroups/Production",
    "/plant7/products/Pump/deviceGroups/.default",
    "/plant7/things/Pump/deviceGroups/Production",
    "/plant7/products/Pump/groups/Production",
  };
  g_auto (Fixture) f = { 0 };
  g_autofree char *id = make_id ("ab12");
  g_autofree char *path = g_strconcat (PUMP "/deviceGroups/Development/devices/", id, NULL);
  g_auto (Reply) claim = { 0 };
  g_autofree char *state = NULL;

  start (&f, "\"catalogs\":[{\"name\":\"plant7\",\"products\":[\"Pump\"]},"
             "{\"name\":\"plant77\",\"products\":[\"Pump\"]}]");
  claim = ask (&f, "PUT", path, "{}");
  state = follow (&f, &claim, NULL);
  g_assert_cmpstr (state, ==, "Succeeded");
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *body =
          g_strdup_printf ("{\"properties\":{\"deviceGroupId\":\"%s%s\"}}", f.catalogs, targets[i]);
      g_auto (Reply) reply = ask (&f, "PATCH", path, body);

      assert_error (&reply, 400, "InvalidParameters");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  cloud_emulator = argv[1];

  g_test_add_func ("/emulator/cloud/refuses/forms", test_forms);
  g_test_add_func ("/emulator/cloud/refuses/authorize", test_authorize);
  g_test_add_func ("/emulator/cloud/refuses/body-types", test_body_types);
  g_test_add_func ("/emulator/cloud/refuses/versions", test_versions);
  g_test_add_func ("/emulator/cloud/refuses/resource-groups", test_resource_groups);
  g_test_add_func ("/emulator/cloud/refuses/names", test_names);
  g_test_add_func ("/emulator/cloud/refuses/values", test_values);
  g_test_add_func ("/emulator/cloud/refuses/moves", test_moves);

  return g_test_run ();
}
