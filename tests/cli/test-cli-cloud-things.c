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

/* Two more subscriptions: one with catalogs, of which one is closed to the account; the other is
 * not prepared for Azure Sphere. */
#define SECOND "cccccccc-2222-4333-8444-555555555555"
#define THIRD "dddddddd-2222-4333-8444-555555555555"
#define MORE_SUBSCRIPTIONS                                                                         \
  "\"moreSubscriptions\":[\"" THIRD "\",\"" SECOND "\"],\"catalogs\":["                            \
  "{\"name\":\"closed\",\"resourceGroup\":\"vault\"},"                                             \
  "{\"name\":\"plant7\"},"                                                                         \
  "{\"name\":\"branch\",\"resourceGroup\":\"research\",\"subscription\":\"" SECOND                 \
  "\",\"devices\":1}],\"faults\":["                                                                \
  "{\"kind\":\"status\",\"path\":\"" THIRD "\",\"times\":0,\"status\":409,"                        \
  "\"code\":\"MissingSubscriptionRegistration\",\"message\":\"not registered\"},"                  \
  "{\"kind\":\"status\",\"path\":\"catalogs/closed/\",\"times\":0,\"status\":403,"                 \
  "\"code\":\"AuthorizationFailed\",\"message\":\"no right\"}],"

static const char *ctl;
static const char *emulator;
static char *folder; /* (owned) */

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

static const char *
get_tag (CloudSaid *said, guint index)
{
  return json_array_get_string_element (cloud_said_array (said, "tags"), index);
}

/* Only what is named changes, whatever else the catalog has. */
static void
change_tags (CloudUser *f)
{
  g_auto (CloudSaid) set =
      succeed (f, "cloud catalog update depot --tag line=7 --tag 'cost centre = 4711' --json");
  g_auto (CloudSaid) changed =
      succeed (f, "cloud catalog update depot --tag LINE=8 --remove-tag 'Cost Centre' "
                  "--tag note=a=b --json");

  g_assert_cmpuint (json_array_get_length (cloud_said_array (&set, "tags")), ==, 2);
  g_assert_cmpstr (get_tag (&set, 0), ==, "cost centre=4711");
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&changed, "tags")), ==, 2);
  g_assert_cmpstr (get_tag (&changed, 0), ==, "LINE=8");
  g_assert_cmpstr (get_tag (&changed, 1), ==, "note=a=b");
  refuse (f, "cloud catalog update depot --json", 2);
  refuse (f, "cloud catalog update depot --tag line --json", 2);
  refuse (f, "cloud catalog update depot --tag 'a/b=1' --json", 2);
  refuse (f, "cloud catalog update depot --remove-tag colour --json", 2);
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
  g_assert_true (g_str_has_prefix (csv.output, "id,name,group,product,catalog,tenantId,tags\r\n"));
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
  change_tags (f);
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
  g_auto (CloudSaid) few = succeed (f, "cloud device list --product valve --limit 42" PLANT);
  g_auto (CloudSaid) none = succeed (f, "cloud device list --catalog lab");
  g_auto (GStrv) lines = g_strsplit (some.output, "\r\n", -1);
  guint n_all = json_array_get_length (cloud_said_array (&all, "devices"));

  g_assert_cmpuint (n_all, ==, 111);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&valve, "devices")), >, 42);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&few, "devices")), ==, 42);
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

static char *
dup_last_device (CloudUser *f)
{
  g_auto (CloudSaid) said = succeed (f, "cloud device list" PLANT);
  JsonArray *devices = cloud_said_array (&said, "devices");
  JsonObject *last = json_array_get_object_element (devices, json_array_get_length (devices) - 1);

  return g_strdup (json_object_get_string_member (last, "deviceId"));
}

/* A claim is said to be for ever: nobody does that by the way, and the catalog is asked what came
 * of it. The emulated service lets go of a device that was claimed, and not of those it was born
 * with. */
static void
test_device_delete (CloudUser *f)
{
  g_autofree char *id = dup_last_device (f);
  g_autofree char *born = dup_device_id (f);
  g_autofree char *unsure = g_strdup_printf ("cloud device delete %s" PLANT, id);
  g_autofree char *sure = g_strconcat (unsure, " --yes", NULL);
  g_autofree char *delete_born = g_strdup_printf ("cloud device delete %s --yes" PLANT, born);
  gint64 before = count_devices (f, "");
  g_auto (CloudSaid) refused = cloud_user_run (f, unsure);
  g_auto (CloudSaid) kept = cloud_user_run (f, delete_born);
  g_auto (CloudSaid) deleted = { 0 };

  g_assert_cmpint (refused.status, ==, 5);
  g_assert_nonnull (strstr (refused.errors, "can ever be claimed again"));
  g_assert_cmpint (kept.status, ==, 6);
  g_assert_cmpstr (cloud_said_error (&kept, "code"), ==, "failed");
  g_assert_cmpint (count_devices (f, ""), ==, before);
  deleted = succeed (f, sure);
  g_assert_cmpstr (cloud_said_text (&deleted, "deleted"), ==, id);
  g_assert_cmpint (count_devices (f, ""), ==, before - 1);
  refuse (f, sure, 6); /* the catalog does not own it */
}

/* ---- images, deployments, certificates ---- */

#define COMPONENT "0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b01"
#define NO_IMAGE "0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b02"

/* FOLDER stands for a folder of the test's. */
static CloudSaid
run (CloudUser *f, int status, const char *line)
{
  g_autoptr (GString) text = g_string_new (line);
  CloudSaid said;

  g_string_replace (text, "FOLDER", folder, 0);
  said = cloud_user_run (f, text->str);
  g_assert_cmpint (said.status, ==, status);
  return said;
}

static void
check_file (const char *name, const char *beginning, gsize n_bytes)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  g_assert_cmpuint (size, >, 100);
  g_assert_cmpmem (text, n_bytes, beginning, n_bytes);
}

static void
make_file (const char *arguments)
{
  g_autoptr (GString) line = g_string_new (arguments);
  int status = -1;

  g_string_replace (line, "FOLDER", folder, 0);
  g_string_prepend_c (line, ' ');
  g_string_prepend (line, emulator);
  g_assert_true (g_spawn_command_line_sync (line->str, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
}

static void
make_files (void)
{
  g_autofree char *id = g_strnfill (128, '7');
  g_autofree char *key = g_strdup_printf (
      "capability --device %s --kind fieldServicing --output FOLDER/key.cap --state-dir FOLDER",
      id);

  make_file ("image --component " COMPONENT
             " --name PumpApp --output FOLDER/app.imagepackage --state-dir FOLDER");
  make_file (key);
}

static char *
upload (CloudUser *f)
{
  g_auto (CloudSaid) said = run (f, 0, "cloud image upload FOLDER/app.imagepackage" PLANT);
  g_auto (CloudSaid) list = run (f, 0, "cloud image list" PLANT);

  g_assert_cmpstr (cloud_said_text (&said, "image"), ==, "PumpApp");
  g_assert_cmpstr (cloud_said_text (&said, "componentId"), ==, COMPONENT);
  g_assert_cmpstr (cloud_said_text (&said, "imageType"), ==, "Applications");
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&list, "images")), ==, 1);
  /* The address of the bytes opens them for everybody. */
  g_assert_null (strstr (list.output, "sig="));
  return g_strdup (cloud_said_text (&said, "imageId"));
}

static void
delete_deployment (CloudUser *f, const char *id)
{
  g_autofree char *unsure =
      g_strdup_printf ("cloud deployment delete %s --product Pump --group 'Field Test'" PLANT, id);
  g_autofree char *sure = g_strconcat (unsure, " --yes", NULL);
  g_auto (CloudSaid) deleted = { 0 };

  refuse (f, unsure, 5);
  deleted = succeed (f, sure);
  g_assert_cmpstr (cloud_said_text (&deleted, "deleted"), ==, id);
  refuse (f, sure, 6);
  refuse (f, "cloud deployment show --product Pump --group 'Field Test'" PLANT, 6);
  refuse (f, "cloud deployment delete --product Pump --group 'Field Test' --yes" PLANT, 2);
}

static void
test_images (CloudUser *f)
{
  g_autofree char *id = NULL;
  g_autofree char *download = NULL;
  g_autofree char *deploy = NULL;
  g_autofree char *sure = NULL;
  g_autofree char *gone = NULL;
  g_auto (CloudSaid) deployed = { 0 };
  g_auto (CloudSaid) shown = { 0 };
  g_auto (CloudSaid) history = { 0 };
  g_auto (CloudSaid) saved = { 0 };
  g_auto (CloudSaid) again = { 0 };
  g_auto (CloudSaid) key = { 0 };
  g_auto (CloudSaid) unsure = { 0 };
  g_auto (CloudSaid) deleted = { 0 };
  g_auto (CloudSaid) group = { 0 };

  make_files ();
  key = run (f, 2, "cloud image upload FOLDER/key.cap" PLANT);
  id = upload (f);
  download = g_strdup_printf ("cloud image download %s --output FOLDER/signed" PLANT, id);
  saved = run (f, 0, download);
  again = run (f, 2, download); /* it is there already */
  g_assert_cmpint (json_object_get_int_member (cloud_said_object (&saved), "sizeBytes"), >, 100);

  deploy =
      g_strdup_printf ("cloud deployment create %s --product Pump --group 'Field Test'" PLANT, id);
  sure = g_strconcat (deploy, " --yes", NULL);
  unsure = run (f, 5, deploy);
  deployed = run (f, 0, sure);
  g_assert_cmpstr (json_array_get_string_element (cloud_said_array (&deployed, "imageIds"), 0), ==,
                   id);
  shown = run (f, 0, "cloud deployment show --product Pump --group 'Field Test'" PLANT);
  g_assert_cmpstr (cloud_said_text (&shown, "deploymentId"), ==,
                   cloud_said_text (&deployed, "deploymentId"));
  history = run (f, 0, "cloud deployment list" PLANT);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&history, "deployments")), ==, 1);
  refuse (f, "cloud deployment create " NO_IMAGE " --product Pump --group Production --yes" PLANT,
          6);
  refuse (f, "cloud deployment create x --product Pump --group Production --yes" PLANT, 2);
  refuse (f, "cloud deployment show --product Pump" PLANT, 2);

  gone = g_strdup_printf ("cloud image delete %s" PLANT, id);
  deleted = run (f, 5, gone);
  delete_deployment (f, cloud_said_text (&deployed, "deploymentId"));
}

static void
test_certificates (CloudUser *f)
{
  g_auto (CloudSaid) list = run (f, 0, "cloud certificate list" PLANT);
  g_auto (CloudSaid) one = run (f, 0, "cloud certificate download --output FOLDER/ca.cer" PLANT);
  g_auto (CloudSaid) chain =
      run (f, 0, "cloud certificate download --chain --output FOLDER/ca.p7b" PLANT);
  g_auto (CloudSaid) proof =
      run (f, 0, "cloud certificate prove --nonce A1B2C3 --output FOLDER/proof.cer" PLANT);
  g_auto (CloudSaid) no_nonce =
      run (f, 2, "cloud certificate prove --output FOLDER/none.cer" PLANT);
  g_auto (CloudSaid) insights = run (f, 0, "cloud device insights" PLANT);
  g_auto (CloudSaid) csv = run (f, 0, "cloud device insights --csv --catalog plant7");

  g_assert_cmpuint (json_array_get_length (cloud_said_array (&list, "certificates")), ==, 1);
  check_file ("ca.cer", "\x30\x82", 2);
  check_file ("ca.p7b", "\x30\x82", 2);
  check_file ("proof.cer", "\x30\x82", 2);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&insights, "insights")), >, 0);
  g_assert_true (g_str_has_prefix (csv.output, "deviceId,eventCategory,"));
}

#define LIST(name)                                                                                 \
  "{\"versions\":[{\"name\":\"" name "\",\"images\":[{\"cid\":\"" COMPONENT                        \
  "\",\"iid\":\"" NO_IMAGE "\"}]}]}"

/* From another computer. What is no list does not take the place of the last good one. */
static void
test_os_import (CloudUser *f)
{
  g_autofree char *path = g_build_filename (folder, "versions.json", NULL);
  g_autofree char *import = g_strdup_printf ("cloud os-versions import %s --json", path);
  g_autofree char *twice = g_strconcat (import, " /dev/null", NULL);
  g_auto (CloudSaid) imported = { 0 };
  g_auto (CloudSaid) kept = { 0 };

  refuse (f, "cloud os-versions import --json", 2);
  refuse (f, "cloud os-versions import /nonexistent --json", 2);
  refuse (f, "cloud os-versions import /dev/zero --json", 2); /* never read to its end */
  g_assert_true (g_file_set_contents (path, LIST ("99.01"), -1, NULL));
  imported = succeed (f, import);
  g_assert_cmpstr (cloud_said_text (&imported, "newest"), ==, "99.01");
  g_assert_true (g_file_set_contents (path, "{\"versions\":[{\"name\":\"99.02\"}]}", -1, NULL));
  refuse (f, import, 2);
  refuse (f, twice, 2);
  kept = run (f, 0, "cloud os-versions show --json");
  g_assert_cmpstr (cloud_said_text (&kept, "newest"), ==, "99.01");
}

/* What the list says of a device's own version. */
static void
test_old_os (CloudUser *f)
{
  g_autofree char *id = dup_device_id (f);
  g_autofree char *show = g_strdup_printf ("cloud device show %s" PLANT, id);
  g_auto (CloudSaid) said = run (f, 0, show);

  g_assert_nonnull (strstr (said.errors, "is older than 99.01, the newest one known here."));
}

static void
test_os_versions (CloudUser *f)
{
  g_autofree char *fetch =
      g_strdup_printf ("cloud os-versions fetch --address %s --json", f->process.cloud);
  g_auto (CloudSaid) none = run (f, 2, "cloud os-versions show --json");
  g_auto (CloudSaid) fetched = run (f, 0, fetch);
  g_auto (CloudSaid) kept = run (f, 0, "cloud os-versions show --json");

  g_assert_cmpuint (json_array_get_length (cloud_said_array (&fetched, "versions")), ==, 3);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&kept, "versions")), ==, 3);
  g_assert_cmpstr (cloud_said_text (&kept, "fetched"), ==, cloud_said_text (&fetched, "fetched"));
  test_os_import (f);
  test_old_os (f);
}

/* ---- what cannot be looked into ---- */

static void
check_code (CloudUser *f, const char *line, const char *code)
{
  g_auto (CloudSaid) said = cloud_user_run (f, line);

  g_assert_cmpint (said.status, ==, 6);
  g_assert_cmpstr (cloud_said_error (&said, "code"), ==, code);
}

static char *
dup_name (CloudSaid *said, const char *list, guint index)
{
  JsonObject *object = json_array_get_object_element (cloud_said_array (said, list), index);

  return g_strdup (json_object_get_string_member (object, "name"));
}

/* One subscription and one catalog that cannot be looked into do not hide the others. */
static void
test_gaps (CloudUser *f, gconstpointer unused)
{
  g_autofree char *stranger = g_strnfill (128, 'e');
  g_autofree char *find_stranger = g_strdup_printf ("cloud device find %s --json", stranger);
  g_auto (CloudSaid) list = succeed (f, "cloud catalog list --json");
  g_auto (CloudSaid) devices = succeed (f, "cloud device list --catalog branch --json");
  g_autofree char *left_out = dup_name (&list, "leftOut", 0);
  g_autofree char *id = dup_name (&devices, "devices", 0);
  g_autofree char *find = g_strdup_printf ("cloud device find %s --json", id);
  g_auto (CloudSaid) found = succeed (f, find);
  g_auto (CloudSaid) lost = cloud_user_run (f, find_stranger);

  g_assert_cmpuint (json_array_get_length (cloud_said_array (&list, "catalogs")), ==, 3);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&list, "leftOut")), ==, 1);
  g_assert_cmpstr (left_out, ==, "“Subscription 2”, " THIRD);
  g_assert_nonnull (strstr (list.errors, "not prepared for Azure Sphere"));
  g_assert_cmpstr (cloud_said_text (&found, "catalog"), ==, "branch");

  g_assert_cmpint (lost.status, ==, 6);
  g_assert_cmpstr (cloud_said_error (&lost, "code"), ==, "incomplete");
  g_assert_nonnull (strstr (cloud_said_error (&lost, "message"), "the catalog closed (vault)"));
  g_assert_nonnull (strstr (cloud_said_error (&lost, "message"), "the subscription"));
  check_code (f, "cloud catalog show nowhere --json", "incomplete");
  check_code (f, "cloud catalog show nowhere --json --subscription " SECOND, "not-found");
  check_code (f, "cloud catalog list --json --subscription " THIRD, "setup");
}

/* A resource group is asked for itself: a role on it is enough then. */
static void
test_resource_groups (CloudUser *f)
{
  g_auto (CloudSaid) list = succeed (f, "cloud catalog list --resource-group Research --json");
  g_autofree char *name = dup_name (&list, "catalogs", 0);

  g_assert_cmpuint (json_array_get_length (cloud_said_array (&list, "catalogs")), ==, 1);
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&list, "leftOut")), ==, 0);
  g_assert_cmpstr (name, ==, "lab");
  check_code (f, "cloud catalog list --resource-group nowhere --json", "not-found");
}

/* Signing in takes longer than most of what is tested. */
static void
test_things (CloudUser *f, gconstpointer unused)
{
  test_catalogs (f);
  test_resource_groups (f);
  test_products (f);
  test_groups (f);
  test_devices (f);
  test_move (f);
  test_device_delete (f);
  test_images (f);
  test_certificates (f);
  test_os_versions (f);
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
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  ctl = argv[1];
  emulator = argv[2];
  /* Not where files are searched for secrets: a capability of the test is in it. */
  folder = g_build_filename (g_get_user_runtime_dir (), "things", NULL);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);

#define ADD(path, settings, func)                                                                  \
  g_test_add ("/cli/cloud-things/" path, CloudUser, settings, set_up, func, tear_down)
  ADD ("things", SETTINGS, test_things);
  ADD ("broken-list", SETTINGS "\"faults\":[{\"kind\":\"foreign-link\",\"path\":\"listDevices\"}],",
       test_broken_list);
  ADD ("gaps", MORE_SUBSCRIPTIONS, test_gaps);
  ADD ("roles", SETTINGS "\"role\":\"reader\",", test_roles);
#undef ADD

  status = g_test_run ();
  g_free (folder);
  return status;
}
