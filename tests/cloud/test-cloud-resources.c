/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resources as the live service writes them (recordings of April 2024), and what must not pass. */
#include "cloud-fixture.h"

#include "lks-claim-plan.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-claim.h"
#include "lks-cloud-device.h"
#include "lks-cloud-group.h"
#include "lks-cloud-name.h"
#include "lks-cloud-product.h"
#include "lks-cloud-role.h"
#include "lks-cloud-tags.h"
#include "lks-cursor.h"
#include "lks-device-csv.h"

#include <string.h>

#define CATALOG_ID                                                                                 \
  "/subscriptions/s/resourceGroups/r/providers/Microsoft.AzureSphere/catalogs/plant7"
#define GROUP_ID CATALOG_ID "/products/Pump/deviceGroups/Line 2"
#define ONE_ID                                                                                     \
  "abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd"                               \
  "abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd"

static LksCloudResource *
parse (const LksCloudKind *kind, const char *text, GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));

  return lks_cloud_resource_parse (kind, body, error);
}

static void
refuse (const LksCloudKind *kind, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (kind, text, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER);
}

/* ---- places ---- */

static void
test_scope (void)
{
  static const char *const wrong[] = {
    "",
    "/",
    "subscriptions/s/resourceGroups/r/providers/Microsoft.AzureSphere/catalogs/c",
    "/subscriptions/s/resourceGroups/r/providers/Microsoft.Other/catalogs/c",
    "/subscriptions/s/resourceGroups/r/providers/Microsoft.AzureSphere/catalogs/..",
    "/subscriptions//resourceGroups/r/providers/Microsoft.AzureSphere/catalogs/c",
    CATALOG_ID "/deviceGroups/g",
    CATALOG_ID "/products",
    CATALOG_ID "/products/p/images/i",
    CATALOG_ID "/products/p/products/q",
    CATALOG_ID "/images/i/devices/d",
    CATALOG_ID "/products/p\n",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudScope) scope =
      lks_cloud_scope_parse ("/SUBSCRIPTIONS/s/resourcegroups/r/providers/microsoft.azuresphere/"
                             "catalogs/plant7/products/Pump/devicegroups/Line 2/devices/d",
                             &error);
  g_autoptr (LksCloudScope) none = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  g_assert_no_error (error);
  id = lks_cloud_scope_dup_id (scope);
  path = lks_cloud_scope_dup_path (scope, "generateCapabilityImage");
  g_assert_cmpstr (id, ==, GROUP_ID "/devices/d");
  g_assert_cmpstr (path, ==,
                   CATALOG_ID "/products/Pump/deviceGroups/Line%202/devices/d/"
                              "generateCapabilityImage?api-version=2024-04-01");
  g_assert_true (lks_cloud_scope_is_assigned (scope));
  none = lks_cloud_scope_dup_group (scope, NULL, NULL);
  g_assert_false (lks_cloud_scope_is_assigned (none));

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) reason = NULL;

      g_assert_null (lks_cloud_scope_parse (wrong[i], &reason));
      g_assert_error (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_names (void)
{
  static const struct
  {
    LksCloudNameKind kind;
    const char *name;
    LksCloudNameFlaw flaw;
  } cases[] = {
    { LKS_CLOUD_NAME_CATALOG, "plant_7-b", LKS_CLOUD_NAME_GOOD },
    { LKS_CLOUD_NAME_CATALOG, "plant 7", LKS_CLOUD_NAME_CHARACTER },
    { LKS_CLOUD_NAME_CATALOG, "", LKS_CLOUD_NAME_SHORT },
    { LKS_CLOUD_NAME_PRODUCT, "abc", LKS_CLOUD_NAME_GOOD },
    { LKS_CLOUD_NAME_PRODUCT, "_a b_", LKS_CLOUD_NAME_GOOD },
    { LKS_CLOUD_NAME_PRODUCT, "ab", LKS_CLOUD_NAME_SHORT },
    { LKS_CLOUD_NAME_PRODUCT, " abc", LKS_CLOUD_NAME_EDGE },
    { LKS_CLOUD_NAME_PRODUCT, ".default", LKS_CLOUD_NAME_CHARACTER },
    { LKS_CLOUD_NAME_GROUP, "1", LKS_CLOUD_NAME_GOOD },
    { LKS_CLOUD_NAME_GROUP, "Line 2", LKS_CLOUD_NAME_GOOD },
    { LKS_CLOUD_NAME_GROUP, "Line ", LKS_CLOUD_NAME_EDGE },
    { LKS_CLOUD_NAME_GROUP, "Line_2", LKS_CLOUD_NAME_CHARACTER },
    { LKS_CLOUD_NAME_GROUP, "Lin\xc3\xa9", LKS_CLOUD_NAME_CHARACTER },
    { LKS_CLOUD_NAME_RESOURCE_GROUP, "a.b(c)", LKS_CLOUD_NAME_GOOD },
    { LKS_CLOUD_NAME_RESOURCE_GROUP, "a.", LKS_CLOUD_NAME_EDGE },
  };
  g_autofree char *longest = g_strnfill (50, 'a');
  g_autofree char *too_long = g_strnfill (51, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("“%s”", cases[i].name);
      g_assert_cmpint (lks_cloud_name_judge (cases[i].kind, cases[i].name), ==, cases[i].flaw);
      g_assert_cmpint (lks_cloud_name_check (cases[i].kind, cases[i].name, &error), ==,
                       cases[i].flaw == LKS_CLOUD_NAME_GOOD);
      g_assert_cmpint (error == NULL, ==, cases[i].flaw == LKS_CLOUD_NAME_GOOD);
    }
  for (int kind = LKS_CLOUD_NAME_CATALOG; kind <= LKS_CLOUD_NAME_GROUP; kind++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (lks_cloud_name_judge ((LksCloudNameKind) kind, too_long), ==,
                       LKS_CLOUD_NAME_LONG);
      g_assert_true (lks_cloud_name_check ((LksCloudNameKind) kind, longest, &error));
      g_assert_false (lks_cloud_name_check ((LksCloudNameKind) kind, too_long, &error));
    }
}

/* ---- values ---- */

static void
test_group (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudResource) resource =
      parse (&lks_cloud_group_kind,
             "{\"id\":\"" GROUP_ID
             "\",\"name\":\"Line 2\",\"type\":\"x\",\"systemData\":null,\"new\":[1],"
             "\"properties\":{\"description\":null,\"osFeedType\":\"Some\",\"hasDeployment\":null,"
             "\"updatePolicy\":\"Update\\u001b[2JAll\",\"provisioningState\":\"Succeeded\"}}",
             &error);
  LksCloudGroup *group = (LksCloudGroup *) resource;

  g_assert_no_error (error);
  g_assert_cmpstr (resource->name, ==, "Line 2");
  g_assert_cmpstr (resource->scope->product, ==, "Pump");
  g_assert_cmpstr (resource->state, ==, "Succeeded");
  g_assert_cmpstr (group->os_feed, ==, "Some"); /* values that nobody knew are kept */
  g_assert_null (group->description);
  g_assert_null (group->region);
  g_assert_cmpint (group->has_deployment, ==, LKS_CLOUD_FLAG_UNKNOWN);
  g_assert_null (strchr (group->update_policy, '\033'));

  refuse (&lks_cloud_group_kind, "null");
  refuse (&lks_cloud_group_kind, "{\"name\":\"x\"}");
  refuse (&lks_cloud_group_kind, "{\"id\":\"/elsewhere\",\"name\":\"x\"}");
  refuse (&lks_cloud_group_kind, "{\"id\":\"" GROUP_ID "\",\"properties\":[]}");
  refuse (&lks_cloud_group_kind,
          "{\"id\":\"" GROUP_ID "\",\"properties\":{\"hasDeployment\":\"yes\"}}");
}

static void
test_device (void)
{
  g_autofree char *upper = g_ascii_strup (ONE_ID, -1);
  g_autofree char *text = g_strdup_printf (
      "{\"properties\":{\"deviceId\":null,\"lastInstalledOsVersion\":\"\"},\"id\":\"" GROUP_ID
      "/devices/%s\",\"name\":\"%s\"}",
      upper, upper);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudResource) resource = parse (&lks_cloud_device_kind, text, &error);
  LksCloudDevice *device = (LksCloudDevice *) resource;

  g_assert_no_error (error);
  g_assert_cmpstr (device->device_id, ==, ONE_ID);
  g_assert_cmpstr (resource->name, ==, ONE_ID);
  g_assert_null (device->os_installed);

  refuse (&lks_cloud_device_kind, "{\"id\":\"" GROUP_ID "\"}");
  refuse (&lks_cloud_device_kind, "{\"id\":\"" GROUP_ID "/devices/12\"}");
  refuse (&lks_cloud_device_kind,
          "{\"id\":\"" GROUP_ID "/devices/" ONE_ID "\",\"properties\":{\"deviceId\":\"12\"}}");
  refuse (
      &lks_cloud_device_kind,
      "{\"id\":\"" GROUP_ID "/devices/" ONE_ID
      "\",\"properties\":{\"deviceId\":\"0bcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd"
      "efabcdabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd\"}}");
}

static void
test_roles (void)
{
  for (int i = LKS_CLOUD_ACTION_LOOK; i <= LKS_CLOUD_ACTION_DEPLOY; i++)
    {
      const char *role =
          lks_cloud_action_get_role ((LksCloudAction) i, LKS_CLOUD_SERVICE_INTEGRATED);
      const char *tenant = lks_cloud_action_get_role ((LksCloudAction) i, LKS_CLOUD_SERVICE_LEGACY);

      g_assert_nonnull (strstr (role, "Azure Sphere"));
      g_assert_nonnull (strstr (tenant, "tenant's role"));
    }
}

/* ---- lists of devices ---- */

static GPtrArray *
parse_csv (const char *text, GError **error)
{
  return lks_device_csv_parse (text, strlen (text), error);
}

static void
test_device_csv (void)
{
  static const char *const wrong[] = {
    "",
    "\n\n",
    "DeviceId\n",
    "DeviceId\n12\n",
    ONE_ID "\nDeviceId\n",
    "\"" ONE_ID "\n",
    "\"" ONE_ID "\"x\n",
    "DeviceId,DeviceGroupName\n" ONE_ID ",Line 2\n",
    "DeviceId,ProductName\n" ONE_ID ",\xff\n",
    "DeviceId,ProductName,DeviceGroupName\n" ONE_ID ",Pump,Test\n" ONE_ID ",Valve,Test\n",
    "DeviceId,ProductName,DeviceGroupName\n" ONE_ID ",Pump,Test\n" ONE_ID ",Pump,\n",
    "DeviceId,ProductName,DeviceGroupName\n" ONE_ID ",,\n" ONE_ID ",Pump,Test\n",
  };
  g_autofree char *upper = g_ascii_strup (ONE_ID, -1);
  g_autofree char *other = g_strnfill (128, '1');
  g_autofree char *text = g_strdup_printf ("\xef\xbb\xbf"
                                           "productname,DEVICEID,DeviceGroupName\r\n"
                                           "\"Pump, \"\"big\"\"\", %s ,Line 2\r\n\r\n,%s,\n,%s,",
                                           upper, other, ONE_ID);
  g_autofree char *bare = g_strdup_printf ("%s\n%s\n%s", ONE_ID, other, upper);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = parse_csv (text, &error);
  g_autoptr (GPtrArray) bare_rows = parse_csv (bare, &error);
  const LksDeviceRow *row;

  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2); /* the third names a device again */
  row = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (row->device_id, ==, ONE_ID);
  g_assert_cmpstr (row->product, ==, "Pump, \"big\"");
  g_assert_cmpstr (row->group, ==, "Line 2");
  row = g_ptr_array_index (rows, 1);
  g_assert_null (row->product);
  g_assert_cmpuint (bare_rows->len, ==, 2);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *shown = g_strescape (wrong[i], NULL);
      g_autoptr (GError) reason = NULL;

      g_test_message ("%s", shown);
      g_assert_null (parse_csv (wrong[i], &reason));
      g_assert_error (reason, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
    }
}

static void
check_zero (const char *text, gsize size_bytes, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_device_csv_parse (text, size_bytes, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, words));
}

/* What a power cut leaves at the end of a file, and what a spreadsheet saves as “Unicode text”. */
static void
test_zero_bytes (void)
{
  static const char padded[] = ONE_ID "\n" ONE_ID "\n\0\0\0\0";
  static const char quoted[] = "\"" ONE_ID "\",\"Pu\0mp\",Line\n";
  static const char marked[] = "\xff\xfe"
                               "1\0"
                               "2\0";
  static const char unmarked[] = "\0"
                                 "1\0"
                                 "2";

  check_zero (padded, sizeof padded - 1, "line 3: there is a zero byte");
  check_zero (quoted, sizeof quoted - 1, "line 1: there is a zero byte");
  check_zero ("\0", 1, "line 1: there is a zero byte");
  check_zero ("\0\0\0", 3, "line 1: there is a zero byte");
  check_zero (marked, sizeof marked - 1, "line 1: this looks like UTF-16 text; save it as CSV");
  check_zero (unmarked, sizeof unmarked - 1, "line 1: this looks like UTF-16 text");
}

/* ---- where claimed devices go ---- */

static const LksClaimTarget *
get_target (GPtrArray *targets, guint index, guint n_devices)
{
  const LksClaimTarget *target = g_ptr_array_index (targets, index);

  g_assert_cmpuint (target->ids->len, ==, n_devices);
  return target;
}

static void
test_claim_plan (void)
{
  g_autofree char *a = g_strnfill (128, 'a');
  g_autofree char *b = g_strnfill (128, 'b');
  g_autofree char *text = g_strdup_printf ("DeviceId,ProductName,DeviceGroupName\n" ONE_ID
                                           ",Pump,Test\n%s,,\n%s,Pump,Test\n",
                                           a, b);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = parse_csv (text, &error);
  g_autoptr (GPtrArray) alone = lks_claim_plan (rows, NULL, NULL, &error);
  g_autoptr (GPtrArray) same = lks_claim_plan (rows, "Pump", "Test", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (alone->len, ==, 2);
  g_assert_cmpstr (get_target (alone, 0, 2)->group, ==, "Test");
  g_assert_cmpstr (g_ptr_array_index (get_target (alone, 0, 2)->ids, 1), ==, b);
  g_assert_null (get_target (alone, 1, 1)->product);
  g_assert_cmpuint (same->len, ==, 1);
  g_assert_cmpuint (get_target (same, 0, 3)->ids->len, ==, 3);
  g_assert_null (lks_claim_plan (rows, "Pump", NULL, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (lks_claim_plan (rows, "Pump", "a/b", &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
}

/* ---- calls ---- */

#define MOVED                                                                                      \
  "{\"status\":\"Succeeded\",\"error\":{\"target\":\"x\",\"details\":[]},\"properties\":{"         \
  "\"targetResourceId\":\"" CATALOG_ID "/products/Fan/deviceGroups/Test/devices/" ONE_ID "\"}}"
#define ELSEWHERE                                                                                  \
  "{\"status\":\"Succeeded\",\"properties\":{\"targetResourceId\":"                                \
  "\"/subscriptions/s/resourceGroups/r/providers/Microsoft.AzureSphere/catalogs/other/products/p/" \
  "deviceGroups/g/devices/" ONE_ID "\"}}"
#define DEVICE "{\"id\":\"" CATALOG_ID "/products/Fan/deviceGroups/Test/devices/" ONE_ID "\"}"

static LksCloudResource *
move (Fixture *f, const char *status, GError **error)
{
  g_autofree char *header =
      g_strdup_printf ("Azure-AsyncOperation: %s/poll\r\n", cloud_server_get_base (f->server));
  g_autoptr (LksCloudScope) device = lks_cloud_scope_parse (GROUP_ID "/devices/" ONE_ID, NULL);
  g_autoptr (LksCloudScope) group = lks_cloud_scope_dup_group (device, "Fan", "Test");

  cloud_server_reply (f->server, 202, header, "null");
  cloud_server_reply (f->server, 200, NULL, status);
  cloud_server_reply (f->server, 200, NULL, DEVICE);
  return lks_cloud_device_move (f->client, device, group, NULL, error);
}

/* The group's ID goes into the document as it is, into the address percent-encoded; the result is
 * asked for where the service put it. */
static void
test_move (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudResource) moved = move (f, MOVED, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (moved->scope->group, ==, "Test");
  g_assert_true (g_str_has_prefix (cloud_server_get_seen (f->server, 0)->line,
                                   "PATCH " CATALOG_ID "/products/Pump/deviceGroups/Line%202/"));
  g_assert_cmpstr (cloud_server_get_seen (f->server, 0)->body, ==,
                   "{\"properties\":{\"deviceGroupId\":\"" CATALOG_ID
                   "/products/Fan/deviceGroups/Test\"}}");
  g_assert_true (g_str_has_prefix (cloud_server_get_seen (f->server, 2)->line,
                                   "GET " CATALOG_ID "/products/Fan/deviceGroups/Test/devices/"));
}

/* A result that is in a catalog of somebody else's is not looked at. */
static void
test_moved_elsewhere (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudResource) moved = move (f, ELSEWHERE, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (cloud_server_get_seen (f->server, 2)->line,
                                   "GET " CATALOG_ID "/products/Pump/"));
}

/* ---- a move whose answer is lost ---- */

#define NO_DEVICE "{\"error\":{\"code\":\"ResourceNotFound\"}}"

/* The connection ends before the answer; the move asked for again finds no device. */
static LksCloudResource *
move_unheard (Fixture *f, guint status, const char *answer, GError **error)
{
  g_autoptr (LksCloudScope) device = lks_cloud_scope_parse (GROUP_ID "/devices/" ONE_ID, NULL);
  g_autoptr (LksCloudScope) group = lks_cloud_scope_dup_group (device, "Fan", "Test");

  cloud_server_reply_raw (f->server, "", CLOUD_CLOSE);
  cloud_server_reply (f->server, 404, NULL, NO_DEVICE);
  cloud_server_reply (f->server, status, NULL, answer);
  return lks_cloud_device_move (f->client, device, group, NULL, error);
}

static void
test_moved_unheard (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudResource) moved = move_unheard (f, 200, DEVICE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (moved->scope->group, ==, "Test");
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 3);
  g_assert_true (g_str_has_prefix (cloud_server_get_seen (f->server, 2)->line,
                                   "GET " CATALOG_ID "/products/Fan/deviceGroups/Test/devices/"));
}

/* One that is not there either was not moved: that is told as the service told it. */
static void
test_not_moved (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (move_unheard (f, 403, "{\"error\":{\"code\":\"AuthorizationFailed\"}}", &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
}

/* Gone is gone: whether the first deletion was heard of or not. A name that leads nowhere is not.
 */
static void
test_deleted_unheard (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudScope) group = lks_cloud_scope_parse (GROUP_ID, NULL);
  g_autoptr (GError) error = NULL;

  cloud_server_reply_raw (f->server, "", CLOUD_CLOSE);
  cloud_server_reply (f->server, 404, NULL, NO_DEVICE);
  g_assert_true (lks_cloud_resource_delete (f->client, group, NULL, &error));
  g_assert_no_error (error);
  cloud_server_reply (f->server, 504, NULL, "");
  cloud_server_reply (f->server, 404, NULL, NO_DEVICE);
  g_assert_true (lks_cloud_resource_delete (f->client, group, NULL, &error));
  g_assert_no_error (error);

  cloud_server_reply (f->server, 429, "Retry-After: 0\r\n", "");
  cloud_server_reply (f->server, 404, NULL, NO_DEVICE);
  g_assert_false (lks_cloud_resource_delete (f->client, group, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
}

/* The search ends with the page on which the last one is. */
static void
test_locate (Fixture *f, gconstpointer unused)
{
  g_autofree char *page = g_strdup_printf ("{\"value\":[" DEVICE "],\"nextLink\":\"%s/two\"}",
                                           cloud_server_get_base (f->server));
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_parse (CATALOG_ID, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GHashTable) found = NULL;
  g_autoptr (GError) error = NULL;
  LksCloudScope *scope;

  g_ptr_array_add (ids, (gpointer) ONE_ID);
  cloud_server_reply (f->server, 200, NULL, page);
  found = lks_cloud_device_locate (f->client, catalog, ids, NULL, &error);
  g_assert_no_error (error);
  scope = g_hash_table_lookup (found, ONE_ID);
  g_assert_nonnull (scope);
  g_assert_cmpstr (scope->product, ==, "Fan");
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

/* ---- many, and no service ---- */

#define N_CLAIMED 20

static gboolean
count_unknown (const LksCloudClaimResult *result, gpointer user_data, GError **error)
{
  g_assert_true (result->is_unknown);
  g_assert_error (result->error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNAVAILABLE);
  (*(guint *) user_data)++;
  return TRUE;
}

/* After five questions in vain nobody waits for the answers about the others. */
static void
test_claim_without_service (Fixture *f, gconstpointer unused)
{
  const guint n_requests = 1 + 4 * impatient.tries_max;
  g_autoptr (LksCloudScope) group = lks_cloud_scope_parse (GROUP_ID, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) nowhere = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  guint n_unknown = 0;

  for (guint i = 0; i < N_CLAIMED; i++)
    g_ptr_array_add (ids, g_strdup_printf ("%0128x", i));
  for (guint i = 0; i < n_requests; i++)
    cloud_server_reply (f->server, 503, NULL, "");
  g_assert_false (
      lks_cloud_claim (f->client, group, ids, nowhere, count_unknown, &n_unknown, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "5 calls in a row"));
  g_assert_cmpuint (n_unknown, ==, N_CLAIMED);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, n_requests);
}

/* ---- one device among many ---- */

#define MANY 500

/* A page as long as the beginning that is read of a list; there is another one. */
static void
reply_many (Fixture *f)
{
  g_autoptr (GString) page = g_string_new ("{\"value\":[");

  for (guint i = 0; i < MANY; i++)
    g_string_append_printf (
        page,
        "%s{\"id\":\"" CATALOG_ID
        "/products/Pump/deviceGroups/Test/devices/%0128x\",\"name\":\"%0128x\"}",
        i > 0 ? "," : "", i, i);
  g_string_append_printf (page, "],\"nextLink\":\"%s/two\"}", cloud_server_get_base (f->server));
  cloud_server_reply (f->server, 200, NULL, page->str);
}

static LksCloudScope *
find_one (Fixture *f)
{
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_parse (CATALOG_ID, NULL);
  g_autoptr (GError) error = NULL;
  LksCloudScope *place = lks_cloud_device_find_in (f->client, catalog, ONE_ID, NULL, &error);

  g_assert_no_error (error);
  return place;
}

/* A large catalog is not read to its end when one of its groups has the device. */
static void
test_find_in_group (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudScope) place = NULL;

  reply_many (f);
  cloud_server_reply (f->server, 200, NULL,
                      "{\"value\":[{\"id\":\"" CATALOG_ID
                      "/products/Fan/deviceGroups/Test\",\"name\":\"Test\"}]}");
  cloud_server_reply (f->server, 404, NULL, "{\"error\":{\"code\":\"ResourceNotFound\"}}");
  cloud_server_reply (f->server, 200, NULL, DEVICE);
  place = find_one (f);
  g_assert_cmpstr (place->product, ==, "Fan");
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 4);
  g_assert_true (g_str_has_prefix (cloud_server_get_seen (f->server, 2)->line,
                                   "GET " CATALOG_ID
                                   "/products/.default/deviceGroups/.default/devices/" ONE_ID));
}

/* That no group knows it proves nothing: the list has the last word, and may have it. */
static void
test_find_in_list (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudScope) place = NULL;

  reply_many (f);
  cloud_server_reply (f->server, 200, NULL, "{\"value\":[]}");
  cloud_server_reply (f->server, 404, NULL, "{\"error\":{\"code\":\"ResourceNotFound\"}}");
  reply_many (f);
  cloud_server_reply (f->server, 200, NULL, "{\"value\":[" DEVICE "]}");
  place = find_one (f);
  g_assert_cmpstr (place->product, ==, "Fan");
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 5);
}

/* A short list tells all: nobody else is asked. */
static void
test_find_nothing (Fixture *f, gconstpointer unused)
{
  cloud_server_reply (f->server, 200, NULL, "{\"value\":[]}");
  g_assert_null (find_one (f));
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

/* Whether tags are replaced, the answer to the change does not prove: the catalog is asked. */
static void
test_tags_looked_at (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_parse (CATALOG_ID, NULL);
  g_autoptr (GHashTable) tags = lks_cloud_tags_parse ("line=7", NULL);
  g_autoptr (LksCloudResource) changed = NULL;
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL, "{}");
  cloud_server_reply (f->server, 200, NULL,
                      "{\"id\":\"" CATALOG_ID "\",\"name\":\"plant7\",\"tags\":{\"LINE\":\"7\"}}");
  changed = lks_cloud_catalog_update (f->client, catalog, tags, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (cloud_server_get_seen (f->server, 0)->body, "{\"line\":\"7\"}"));
  g_assert_true (g_str_has_prefix (cloud_server_get_seen (f->server, 0)->line, "PATCH "));

  cloud_server_reply (f->server, 200, NULL, "{}");
  cloud_server_reply (f->server, 200, NULL,
                      "{\"id\":\"" CATALOG_ID
                      "\",\"name\":\"plant7\",\"tags\":{\"line\":\"7\",\"old\":null}}");
  g_assert_null (lks_cloud_catalog_update (f->client, catalog, tags, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FAILED);
}

/* A catalog that is there is not made again: its tags would be lost. */
static void
test_name_taken (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_parse (CATALOG_ID, NULL);
  g_autoptr (GError) error = NULL;

  cloud_server_reply (f->server, 200, NULL, "{\"id\":\"" CATALOG_ID "\",\"name\":\"plant7\"}");
  g_assert_null (lks_cloud_catalog_create (f->client, catalog, NULL, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 1);
}

static void
test_bad_names (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_parse (CATALOG_ID, NULL);
  g_autoptr (LksCloudScope) product = lks_cloud_scope_dup_product (catalog, "x");
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_cloud_product_create (f->client, product, NULL, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (cloud_server_get_n_seen (f->server), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cloud/resources/scope", test_scope);
  g_test_add_func ("/cloud/resources/names", test_names);
  g_test_add_func ("/cloud/resources/group", test_group);
  g_test_add_func ("/cloud/resources/device", test_device);
  g_test_add_func ("/cloud/resources/roles", test_roles);
  g_test_add_func ("/cloud/resources/device-csv", test_device_csv);
  g_test_add_func ("/cloud/resources/device-csv-zero-bytes", test_zero_bytes);
  g_test_add_func ("/cloud/resources/claim-plan", test_claim_plan);
  FIXTURE_TEST ("/cloud/resources/move", test_move);
  FIXTURE_TEST ("/cloud/resources/moved-elsewhere", test_moved_elsewhere);
  FIXTURE_TEST ("/cloud/resources/moved-unheard", test_moved_unheard);
  FIXTURE_TEST ("/cloud/resources/not-moved", test_not_moved);
  FIXTURE_TEST ("/cloud/resources/deleted-unheard", test_deleted_unheard);
  FIXTURE_TEST ("/cloud/resources/claim-without-service", test_claim_without_service);
  FIXTURE_TEST ("/cloud/resources/locate", test_locate);
  FIXTURE_TEST ("/cloud/resources/find-in-group", test_find_in_group);
  FIXTURE_TEST ("/cloud/resources/find-in-list", test_find_in_list);
  FIXTURE_TEST ("/cloud/resources/find-nothing", test_find_nothing);
  FIXTURE_TEST ("/cloud/resources/tags-looked-at", test_tags_looked_at);
  FIXTURE_TEST ("/cloud/resources/name-taken", test_name_taken);
  FIXTURE_TEST ("/cloud/resources/bad-names", test_bad_names);

  return g_test_run ();
}
