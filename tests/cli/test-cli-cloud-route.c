/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cli-cloud-route LOCKSMITHCTL EMULATOR: a day without a network is packed against the
 * emulated service, and checked when the service is gone. */
#include "cloud-user.h"

#include <glib/gstdio.h>
#include <string.h>

#define COMPONENT "0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b01"
#define IMAGE "0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b11"
#define OTHER "0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b12"
#define THIRD "0e2d6f2b-6f0f-4c40-9a0c-0d3c1f4a9b13"
#define CATALOG                                                                                    \
  "\"pageSize\":5,\"catalogs\":[{\"name\":\"plant7\",\"products\":[\"Pump\"],\"devices\":6}],"
#define FAULTY                                                                                     \
  CATALOG                                                                                          \
  "\"faults\":[{\"kind\":\"empty-capability\",\"path\":\"generateCapability\",\"skip\":1},"        \
  "{\"kind\":\"throttle\",\"path\":\"generateCapability\",\"skip\":3,\"seconds\":1}],"
/* The sign-in ends when the route was packed once. Before that the devices are listed twice, on two
 * pages; an image is asked for when it is uploaded, and when it is packed. */
#define ENDS_IN_LIST                                                                               \
  CATALOG                                                                                          \
  "\"faults\":[{\"kind\":\"expired-token\",\"path\":\"listDevices\",\"skip\":4,\"times\":0}],"
#define ENDS_IN_IMAGES                                                                             \
  CATALOG "\"faults\":[{\"kind\":\"expired-token\",\"method\":\"GET\",\"path\":\"images/" IMAGE    \
          "\",\"skip\":2,\"times\":0}],"
#define PACK "cloud route pack --catalog plant7 --folder FOLDER/route --os-address CLOUD --json "
#define CHECK "cloud route check --folder FOLDER/route --json "

static const char *ctl;
static const char *emulator;
static char *folder; /* (owned) */

/* FOLDER stands for a folder of the test's, CLOUD for the address of the service. */
static CloudSaid
run (CloudUser *f, int status, const char *line)
{
  g_autoptr (GString) text = g_string_new (line);
  CloudSaid said;

  g_string_replace (text, "FOLDER", folder, 0);
  g_string_replace (text, "CLOUD", f->process.cloud, 0);
  said = cloud_user_run (f, text->str);
  g_assert_cmpint (said.status, ==, status);
  return said;
}

static void
expect (CloudUser *f, int status, const char *line)
{
  g_auto (CloudSaid) said = run (f, status, line);
}

static void
make_image (const char *arguments)
{
  g_autofree char *line = g_strdup_printf ("%s image --component " COMPONENT " --state-dir %s %s",
                                           emulator, folder, arguments);
  int status = -1;

  g_test_message ("%s", line);
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
}

static void
put_image (CloudUser *f, const char *id, const char *name)
{
  g_autofree char *path = g_build_filename (folder, id, NULL);
  g_autofree char *make = g_strdup_printf ("--image %s --name %s --output %s", id, name, path);
  g_autofree char *upload =
      g_strdup_printf ("cloud image upload FOLDER/%s --catalog plant7 --json", id);

  make_image (make);
  expect (f, 0, upload);
}

static void
set_up (CloudUser *f, gconstpointer settings)
{
  g_autofree char *list = g_build_filename (folder, "day.csv", NULL);
  g_auto (CloudSaid) devices = { 0 };

  cloud_user_set_up (f, ctl, emulator, settings);
  cloud_user_sign_in (f);
  devices = run (f, 0, "cloud device list --catalog plant7 --csv");
  g_assert_true (g_file_set_contents (list, devices.output, -1, NULL));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (CloudUser *f, gconstpointer unused)
{
  cloud_user_tear_down (f);
  remove_tree (folder);
  g_mkdir (folder, 0700);
}

/* ---- what was found ---- */

static guint
count_in (JsonArray *array, const char *member, const char *value)
{
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (array); i++)
    n +=
        g_strcmp0 (json_object_get_string_member (json_array_get_object_element (array, i), member),
                   value) == 0;
  return n;
}

static guint
count (CloudSaid *said, const char *list, const char *member, const char *value)
{
  return count_in (cloud_said_array (said, list), member, value);
}

/* How often a thing was found in a state, over all devices. */
static guint
count_found (CloudSaid *said, const char *thing, const char *state)
{
  JsonArray *devices = cloud_said_array (said, "devices");
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (devices); i++)
    {
      JsonArray *findings =
          json_object_get_array_member (json_array_get_object_element (devices, i), "findings");

      for (guint j = 0; j < json_array_get_length (findings); j++)
        {
          JsonObject *finding = json_array_get_object_element (findings, j);

          n += g_str_equal (json_object_get_string_member (finding, "thing"), thing) &&
               g_str_equal (json_object_get_string_member (finding, "state"), state);
        }
    }
  return n;
}

static const char *
get_state (CloudSaid *said, const char *thing)
{
  JsonArray *findings = cloud_said_array (said, "findings");

  for (guint i = 0; i < json_array_get_length (findings); i++)
    {
      JsonObject *finding = json_array_get_object_element (findings, i);

      if (g_str_equal (json_object_get_string_member (finding, "thing"), thing))
        return json_object_get_string_member (finding, "state");
    }
  return NULL;
}

static gboolean
is_ready (CloudSaid *said)
{
  return json_object_get_boolean_member (cloud_said_object (said), "ready");
}

/* ---- packing ---- */

/* One answer is empty: loudly refused, and nothing else suffers. The same command again, without
 * naming the devices, gets what is missing and nothing twice. */
static void
test_goes_on (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) first = run (f, 6, PACK "--csv FOLDER/day.csv");
  g_auto (CloudSaid) early = run (f, 1, CHECK);
  g_auto (CloudSaid) second = run (f, 0, PACK);
  g_auto (CloudSaid) ready = run (f, 0, CHECK);

  g_assert_nonnull (strstr (first.errors, "EMPTY"));
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&first, "devices")), ==, 6);
  g_assert_cmpuint (count (&first, "results", "result", "failed"), ==, 1);
  g_assert_cmpuint (count_found (&first, "capability", "there"), ==, 5);
  g_assert_cmpuint (count_found (&first, "capability", "missing"), ==, 1);
  g_assert_cmpuint (count (&first, "devices", "state", "missing"), ==, 1);
  g_assert_false (is_ready (&first));
  g_assert_false (is_ready (&early));

  g_assert_cmpuint (count (&second, "results", "result", "kept"), ==, 5);
  g_assert_cmpuint (count (&second, "results", "result", "failed"), ==, 0);
  g_assert_true (is_ready (&second));
  g_assert_true (is_ready (&ready));
  g_assert_cmpstr (get_state (&ready, "vault"), ==, "there");
  g_assert_cmpstr (get_state (&ready, "os-versions"), ==, "there");
  g_assert_cmpstr (get_state (&ready, "keystore"), ==, "mind");
}

/* A device that the catalog does not own is told, and the others are packed all the same. */
static void
test_stranger (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) own = run (f, 0, "cloud device list --catalog plant7 --limit 1 --json");
  const char *id = json_object_get_string_member (
      json_array_get_object_element (cloud_said_array (&own, "devices"), 0), "deviceId");
  g_autofree char *stranger = g_strnfill (128, 'e');
  g_autofree char *line =
      g_strdup_printf (PACK "--device %s --device %s --kind fieldServicing --kind appDevelopment",
                       stranger, id);
  g_auto (CloudSaid) said = run (f, 6, line);

  g_assert_cmpuint (count_found (&said, "device", "missing"), ==, 1);
  g_assert_cmpuint (count_found (&said, "capability", "missing"), ==, 2);
  g_assert_cmpuint (count_found (&said, "capability", "there"), ==, 2);
  g_assert_cmpuint (count (&said, "devices", "state", "missing"), ==, 1);
}

/* What is about no device says what it is about. */
static void
test_no_os_list (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) said = run (
      f, 6,
      "cloud route pack --catalog plant7 --folder FOLDER/route --os-address https://127.0.0.1:1 "
      "--json --csv FOLDER/day.csv");

  g_assert_nonnull (strstr (said.errors, "os-versions: "));
  g_assert_null (strstr (said.errors, "(null)"));
}

static void
test_usage (CloudUser *f, gconstpointer unused)
{
  expect (f, 2, CHECK); /* nothing was ever packed */
  expect (f, 2, PACK);
  expect (f, 2, PACK "--csv FOLDER/day.csv --attached");
  expect (f, 2, PACK "--csv FOLDER/day.csv --kind rfTestMode");
  expect (f, 2, PACK "--csv FOLDER/day.csv --until 2020-01-31");
  expect (f, 2, PACK "--csv FOLDER/day.csv --until someday");
  expect (f, 2, PACK "--csv /nonexistent");
}

/* ---- images and the keystore ---- */

#define DEPLOY                                                                                     \
  "cloud deployment create " IMAGE " --product Pump --group Production --catalog plant7 --json "   \
  "--yes"

static char *
dup_path (const char *name)
{
  return g_build_filename (folder, "route", name, NULL);
}

/* What the device group shall have, and one more by its name. */
static void
test_images (CloudUser *f, gconstpointer unused)
{
  g_autofree char *signed_path = dup_path (IMAGE ".imagepackage");
  g_autofree char *bytes = NULL;
  g_auto (CloudSaid) packed = { 0 };
  g_auto (CloudSaid) kept = { 0 };
  g_auto (CloudSaid) damaged = { 0 };
  g_auto (CloudSaid) twice = { 0 };
  g_auto (CloudSaid) mended = { 0 };
  gsize size;
  guint n_there;

  put_image (f, IMAGE, "PumpApp");
  put_image (f, OTHER, "Tool");
  expect (f, 0, DEPLOY);
  packed = run (f, 0, PACK "--csv FOLDER/day.csv --image Tool");
  n_there = count_found (&packed, "images", "there");
  g_assert_cmpuint (n_there, >, 0);
  g_assert_cmpuint (count (&packed, "results", "thing", "image"), ==, 2);
  g_assert_true (g_file_get_contents (signed_path, &bytes, &size, NULL));

  kept = run (f, 0, PACK);
  g_assert_cmpuint (count (&kept, "results", "result", "kept"), ==, 6 + 2);

  bytes[size / 2] ^= 1;
  g_assert_true (g_file_set_contents (signed_path, bytes, (gssize) size, NULL));
  damaged = run (f, 1, CHECK);
  g_assert_cmpstr (get_state (&damaged, "image"), ==, "missing");
  g_assert_cmpuint (count_found (&damaged, "images", "missing"), ==, n_there);
  mended = run (f, 0, PACK);
  g_assert_cmpuint (count_found (&mended, "images", "there"), ==, n_there);

  /* Which of two is meant is not guessed. */
  put_image (f, THIRD, "Tool");
  twice = run (f, 6, PACK "--image Tool --image Nothing");
  g_assert_nonnull (strstr (twice.errors, "by its ID"));
  g_assert_cmpuint (count (&twice, "findings", "state", "missing"), ==, 2);
  expect (f, 0, PACK "--image " THIRD);
}

/* A route that was packed stays what it is when it is packed again, and that is interrupted: before
 * it is known where the devices are, */
static void
test_ends_in_list (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) packed = run (f, 0, PACK "--csv FOLDER/day.csv");
  guint n_placed = count (&packed, "devices", "product", "Pump");
  g_auto (CloudSaid) ready = { 0 };

  g_assert_cmpuint (n_placed, >, 0);
  expect (f, 6, PACK);
  ready = run (f, 0, CHECK);
  g_assert_true (is_ready (&ready));
  g_assert_cmpuint (count (&ready, "devices", "product", "Pump"), ==, n_placed);
}

/* and in the middle of the images: what is on the disk and was not looked at is still known. */
static void
test_ends_in_images (CloudUser *f, gconstpointer unused)
{
  g_autofree char *first = dup_path (IMAGE ".imagepackage");
  g_auto (CloudSaid) after = { 0 };

  put_image (f, IMAGE, "PumpApp");
  put_image (f, OTHER, "Tool");
  expect (f, 0, DEPLOY);
  expect (f, 0, PACK "--csv FOLDER/day.csv --image Tool");
  g_assert_cmpint (g_unlink (first), ==, 0);
  expect (f, 6, PACK);
  after = run (f, 1, CHECK);
  g_assert_cmpuint (count (&after, "findings", "thing", "image"), ==, 2);
  g_assert_cmpuint (count (&after, "findings", "state", "missing"), ==, 1);
}

static void
refuse_deployments (CloudUser *f)
{
  g_autoptr (JsonObject) answer = emulator_process_command (
      &f->process, "{\"command\":\"cloud-fault\",\"fault\":{\"kind\":\"status\",\"method\":"
                   "\"GET\",\"path\":\"/deployments/\",\"times\":0,\"status\":403,"
                   "\"code\":\"AuthorizationFailed\",\"message\":\"no right\"}}");

  g_assert_false (json_object_has_member (answer, "error"));
}

/* Which images a group shall have is asked in vain: what was known stays with it, and nobody is
 * told to leave. */
static void
test_unknown_images (CloudUser *f, gconstpointer unused)
{
  g_autofree char *path = dup_path (IMAGE ".imagepackage");
  g_auto (CloudSaid) packed = { 0 };
  g_auto (CloudSaid) refused = { 0 };
  g_auto (CloudSaid) checked = { 0 };
  g_auto (CloudSaid) mended = { 0 };
  g_autoptr (JsonObject) cleared = NULL;
  guint n_there;

  put_image (f, IMAGE, "PumpApp");
  expect (f, 0, DEPLOY);
  packed = run (f, 0, PACK "--csv FOLDER/day.csv");
  n_there = count_found (&packed, "images", "there");
  g_assert_cmpuint (n_there, >, 0);

  refuse_deployments (f);
  refused = run (f, 6, PACK);
  g_assert_false (is_ready (&refused));
  checked = run (f, 1, CHECK);
  g_assert_false (is_ready (&checked));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_found (&checked, "images", "there"), ==, n_there);
  g_assert_cmpuint (count_found (&checked, "images", "missing"), ==,
                    count (&checked, "devices", "product", "Pump"));
  g_assert_cmpuint (count (&checked, "findings", "thing", "image"), ==, 1);
  g_assert_nonnull (strstr (checked.output, "no right"));

  cleared = emulator_process_command (&f->process, "{\"command\":\"cloud-clear\"}");
  mended = run (f, 0, PACK);
  g_assert_true (is_ready (&mended));
  g_assert_cmpuint (count_found (&mended, "images", "there"), ==, n_there);
}

static void
test_keystore (CloudUser *f, gconstpointer unused)
{
  g_autofree char *path = dup_path ("trusted-keystore.bin");
  g_autofree char *newer =
      g_strdup_printf ("--type trusted-keystore --name keys --time 1720000000 --output %s/newer",
                       folder);
  g_autofree char *older =
      g_strdup_printf ("--type trusted-keystore --name keys --time 1660000000 --output %s/older",
                       folder);
  g_autofree char *app = g_strdup_printf ("--name App --output %s/app", folder);
  g_auto (CloudSaid) with = { 0 };
  g_auto (CloudSaid) still = { 0 };

  make_image (newer);
  make_image (older);
  make_image (app);
  expect (f, 2, PACK "--csv FOLDER/day.csv --keystore FOLDER/app");
  expect (f, 2, PACK "--csv FOLDER/day.csv --keystore FOLDER/none");
  with = run (f, 0, PACK "--csv FOLDER/day.csv --keystore FOLDER/newer");
  g_assert_cmpstr (get_state (&with, "keystore"), ==, "there");
  still = run (f, 0, PACK "--keystore FOLDER/older");
  g_assert_nonnull (strstr (still.errors, "newer trusted keystore"));
  g_assert_cmpstr (get_state (&still, "keystore"), ==, "there");

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  expect (f, 1, CHECK);
}

/* ---- ready to leave? ---- */

/* Nothing of the check needs the service, and it tells what will be too old by then. */
static void
test_offline (CloudUser *f, gconstpointer unused)
{
  g_autofree char *list =
      g_build_filename (g_get_user_data_dir (), "locksmith", "mt3620an.json", NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) later = g_date_time_add_days (now, 100);
  g_autofree char *day = g_date_time_format (later, "%Y-%m-%d");
  g_autofree char *until = g_strdup_printf (CHECK "--until %s", day);
  g_auto (CloudSaid) ready = { 0 };
  g_auto (CloudSaid) old = { 0 };
  g_auto (CloudSaid) none = { 0 };
  g_auto (CloudSaid) text = { 0 };

  expect (f, 0, PACK "--csv FOLDER/day.csv");
  expect (f, 0, "cloud sign-out");
  ready = run (f, 0, CHECK);
  g_assert_true (is_ready (&ready));
  old = run (f, 0, until);
  g_assert_cmpstr (get_state (&old, "os-versions"), ==, "mind");

  text = run (f, 0, "cloud route check --folder FOLDER/route");
  g_assert_nonnull (strstr (text.output, "Ready to leave: yes"));
  g_assert_cmpint (g_unlink (list), ==, 0);
  none = run (f, 1, CHECK);
  g_assert_cmpstr (get_state (&none, "os-versions"), ==, "missing");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  ctl = argv[1];
  emulator = argv[2];
  folder = g_build_filename (g_get_home_dir (), "day", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);

#define ADD(path, settings, func)                                                                  \
  g_test_add ("/cli/cloud-route/" path, CloudUser, settings, set_up, func, tear_down)
  ADD ("usage", CATALOG, test_usage);
  ADD ("goes-on", FAULTY, test_goes_on);
  ADD ("no-os-list", CATALOG, test_no_os_list);
  ADD ("stranger", CATALOG, test_stranger);
  ADD ("images", CATALOG, test_images);
  ADD ("ends-in-list", ENDS_IN_LIST, test_ends_in_list);
  ADD ("ends-in-images", ENDS_IN_IMAGES, test_ends_in_images);
  ADD ("unknown-images", CATALOG, test_unknown_images);
  ADD ("keystore", CATALOG, test_keystore);
  ADD ("offline", CATALOG, test_offline);
#undef ADD

  status = g_test_run ();
  remove_tree (folder);
  g_free (folder);
  return status;
}
