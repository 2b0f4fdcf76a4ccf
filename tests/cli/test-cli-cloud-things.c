/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cli-cloud-things LOCKSMITHCTL EMULATOR: what a script sees of catalogs, products, device
 * groups and devices. */
#include "cloud-user.h"

#include <string.h>

#define SETTINGS                                                                                   \
  "\"pageSize\":40,\"catalogs\":["                                                                 \
  "{\"name\":\"plant7\",\"products\":[\"Pump\",\"Valve\"],\"devices\":110,\"boards\":true},"       \
  "{\"name\":\"lab\",\"resourceGroup\":\"research\"}],"
#define PLANT " --catalog plant7 --json"

static const char *ctl;
static const char *emulator;

static void
set_up (CloudUser *f, gconstpointer settings)
{
  cloud_user_set_up (f, ctl, emulator, settings);
  cloud_user_sign_in (f);
}

static void
tear_down (CloudUser *f, gconstpointer unused)
{
  cloud_user_tear_down (f);
}

static CloudSaid
succeed (CloudUser *f, const char *line)
{
  CloudSaid said = cloud_user_run (f, line);

  g_assert_cmpint (said.status, ==, 0);
  return said;
}

static void
refuse (CloudUser *f, const char *line, int status)
{
  g_auto (CloudSaid) said = cloud_user_run (f, line);

  g_assert_cmpint (said.status, ==, status);
}

static gint64
count_devices (CloudUser *f, const char *place)
{
  g_autofree char *line = g_strconcat ("cloud device count" PLANT, place, NULL);
  g_auto (CloudSaid) said = succeed (f, line);

  return json_object_get_int_member (cloud_said_object (&said), "devices");
}

static char *
dup_device_id (CloudUser *f)
{
  g_auto (CloudSaid) said = succeed (f, "cloud device list --limit 1" PLANT);
  JsonArray *devices = cloud_said_array (&said, "devices");

  g_assert_cmpuint (json_array_get_length (devices), ==, 1);
  return g_strdup (
      json_object_get_string_member (json_array_get_object_element (devices, 0), "deviceId"));
}

static void
test_catalogs (CloudUser *f)
{
  g_auto (CloudSaid) list = succeed (f, "cloud catalog list --json");
  g_auto (CloudSaid) table = succeed (f, "cloud catalog list");
  g_auto (CloudSaid) csv = succeed (f, "cloud catalog list --csv");
  g_auto (CloudSaid) show = succeed (f, "cloud catalog show PLANT7 --json");
  g_auto (CloudSaid) made = { 0 };
  g_auto (CloudSaid) gone = { 0 };
  JsonArray *catalogs = cloud_said_array (&list, "catalogs");

  g_assert_cmpuint (json_array_get_length (catalogs), ==, 2);
  g_assert_true (json_object_get_null_member (cloud_said_object (&list), "error"));
  g_assert_nonnull (strstr (table.output, "plant7"));
  g_assert_true (g_str_has_prefix (csv.output, "id,name,group,product,catalog,tenantId\r\n"));
  g_assert_cmpint (json_object_get_int_member (cloud_said_object (&show), "devices"), ==, 111);
  g_assert_nonnull (cloud_said_text (&show, "tenantId"));

  refuse (f, "cloud catalog show --json", 2); /* which of the two? */
  refuse (f, "cloud catalog show nowhere --json", 6);
  made = succeed (f, "cloud catalog create depot --subscription " CLOUD_USER_SUBSCRIPTION
                     " --resource-group factory --json");
  g_assert_nonnull (strstr (made.errors, "Contributor"));
  refuse (f,
          "cloud catalog create 'no blanks' --subscription " CLOUD_USER_SUBSCRIPTION
          " --resource-group factory --json",
          2);
  refuse (f, "cloud catalog delete depot --json", 5);
  gone = succeed (f, "cloud catalog delete depot --yes --json");
  refuse (f, "cloud catalog show depot --json", 6);
}

static void
test_products (CloudUser *f)
{
  g_auto (CloudSaid) made = succeed (f, "cloud product create Fan --description 'a, \"b\"'" PLANT);
  g_auto (CloudSaid) groups = succeed (f, "cloud group list --product Fan" PLANT);
  g_auto (CloudSaid) all = succeed (f, "cloud group list" PLANT);
  g_auto (CloudSaid) csv = succeed (f, "cloud product list --catalog plant7 --csv");
  g_auto (CloudSaid) changed = succeed (f, "cloud product update Fan --description '=cmd()'" PLANT);
  g_auto (CloudSaid) formula = succeed (f, "cloud product list --catalog plant7 --csv");
  g_auto (CloudSaid) gone = { 0 };

  g_assert_cmpstr (cloud_said_text (&made, "description"), ==, "a, \"b\"");
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&groups, "groups")), ==, 5);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&all, "groups")), ==, 15);
  g_assert_nonnull (strstr (csv.output, ",\"a, \"\"b\"\"\"\r\n"));
  g_assert_cmpstr (cloud_said_text (&changed, "description"), ==, "=cmd()");
  g_assert_nonnull (strstr (formula.output, ",\"'=cmd()\"\r\n"));

  refuse (f, "cloud product create ab" PLANT, 2);
  refuse (f, "cloud product delete Pump --yes" PLANT, 6); /* it has devices */
  gone = succeed (f, "cloud product delete Fan --yes" PLANT);
  g_assert_cmpstr (cloud_said_text (&gone, "deleted"), ==, "Fan");
  refuse (f, "cloud product show Fan" PLANT, 6);
}

static void
test_groups (CloudUser *f)
{
  g_auto (CloudSaid) made =
      succeed (f, "cloud group create 'Line 2' --product Pump --os-feed RetailEval" PLANT);
  g_auto (CloudSaid) changed = succeed (
      f, "cloud group update 'Line 2' --product Pump --update-policy No3rdPartyAppUpdates" PLANT);
  g_auto (CloudSaid) shown = succeed (f, "cloud group show 'line 2' --product pump" PLANT);
  g_auto (CloudSaid) gone = { 0 };

  g_assert_cmpstr (cloud_said_text (&made, "osFeedType"), ==, "RetailEval");
  g_assert_cmpstr (cloud_said_text (&changed, "osFeedType"), ==, "RetailEval");
  g_assert_cmpstr (cloud_said_text (&shown, "updatePolicy"), ==, "No3rdPartyAppUpdates");
  g_assert_cmpstr (cloud_said_text (&shown, "name"), ==, "Line 2");

  refuse (f, "cloud group show 'Line 2'" PLANT, 2); /* of which product? */
  refuse (f, "cloud group update 'Line 2' --product Pump --os-feed Beta" PLANT, 2);
  refuse (f, "cloud group update 'Line 2' --product Pump" PLANT, 2);
  refuse (f, "cloud group create 'a.b' --product Pump" PLANT, 2);
  gone = succeed (f, "cloud group delete 'Line 2' --product Pump --yes" PLANT);
}

/* Several pages; the devices of a product are sifted from those of the catalog. */
static void
test_devices (CloudUser *f)
{
  g_auto (CloudSaid) all = succeed (f, "cloud device list" PLANT);
  g_auto (CloudSaid) pump = succeed (f, "cloud device list --product Pump" PLANT);
  g_auto (CloudSaid) valve = succeed (f, "cloud device list --product valve" PLANT);
  g_auto (CloudSaid) some = succeed (f, "cloud device list --limit 45 --csv --catalog plant7");
  g_auto (CloudSaid) none = succeed (f, "cloud device list --catalog lab");
  g_auto (GStrv) lines = g_strsplit (some.output, "\r\n", -1);
  guint n_all = json_array_get_length (cloud_said_array (&all, "devices"));

  g_assert_cmpuint (n_all, ==, 111);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&pump, "devices")), >, 0);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&pump, "devices")) +
                        json_array_get_length (cloud_said_array (&valve, "devices")),
                    <=, n_all);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + 45 + 1);
  g_assert_cmpstr (none.output, ==, "");
  g_assert_cmpint (count_devices (f, ""), ==, 111);
}

static void
test_move (CloudUser *f)
{
  g_autofree char *id = dup_device_id (f);
  g_autofree char *upper = g_ascii_strup (id, -1);
  g_autofree char *move =
      g_strdup_printf ("cloud device move %s --product Valve --group 'Field Test'" PLANT, upper);
  g_autofree char *unassign = g_strdup_printf ("cloud device move %s --unassign" PLANT, id);
  g_autofree char *show = g_strdup_printf ("cloud device show %s" PLANT, id);
  g_autofree char *find = g_strdup_printf ("cloud device find %s --json", id);
  g_autofree char *nowhere = g_strdup_printf ("cloud device move %s" PLANT, id);
  g_autofree char *stranger = g_strnfill (128, 'e');
  g_autofree char *find_stranger = g_strdup_printf ("cloud device find %s --json", stranger);
  gint64 before = count_devices (f, " --product Valve --group 'Field Test'");
  g_auto (CloudSaid) moved = succeed (f, move);
  g_auto (CloudSaid) again = succeed (f, move);
  g_auto (CloudSaid) shown = succeed (f, show);
  g_auto (CloudSaid) found = succeed (f, find);
  g_auto (CloudSaid) unassigned = { 0 };

  g_assert_cmpstr (cloud_said_text (&moved, "group"), ==, "Field Test");
  g_assert_cmpstr (cloud_said_text (&again, "product"), ==, "Valve");
  g_assert_cmpstr (cloud_said_text (&shown, "deviceId"), ==, id);
  g_assert_cmpstr (cloud_said_text (&found, "catalog"), ==, "plant7");
  g_assert_cmpint (count_devices (f, " --product Valve --group 'Field Test'"), ==, before + 1);
  unassigned = succeed (f, unassign);
  g_assert_cmpstr (cloud_said_text (&unassigned, "group"), ==, ".default");
  refuse (f, nowhere, 2);
  refuse (f, find_stranger, 6);
  refuse (f, "cloud device show 1234" PLANT, 2);
}

/* Signing in takes longer than most of what is tested. */
static void
test_things (CloudUser *f, gconstpointer unused)
{
  test_catalogs (f);
  test_products (f);
  test_groups (f);
  test_devices (f);
  test_move (f);
}

/* A list that ends in the middle is still one document, and says why. */
static void
test_broken_list (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) said = cloud_user_run (f, "cloud device list" PLANT);

  g_assert_cmpint (said.status, ==, 6);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&said, "devices")), ==, 40);
  g_assert_cmpstr (cloud_said_error (&said, "code"), ==, "foreign-host");
}

/* Who may only look is told so, with the role that would be needed. */
static void
test_roles (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) list = succeed (f, "cloud device list" PLANT);
  g_auto (CloudSaid) made = cloud_user_run (f, "cloud product create Fan" PLANT);

  g_assert_cmpint (made.status, ==, 6);
  g_assert_cmpstr (cloud_said_error (&made, "code"), ==, "forbidden");
  g_assert_nonnull (strstr (made.errors, "Azure Sphere Contributor or Owner"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  ctl = argv[1];
  emulator = argv[2];

#define ADD(path, settings, func)                                                                  \
  g_test_add ("/cli/cloud-things/" path, CloudUser, settings, set_up, func, tear_down)
  ADD ("things", SETTINGS, test_things);
  ADD ("broken-list", SETTINGS "\"faults\":[{\"kind\":\"foreign-link\",\"path\":\"listDevices\"}],",
       test_broken_list);
  ADD ("roles", SETTINGS "\"role\":\"reader\",", test_roles);
#undef ADD

  return g_test_run ();
}
