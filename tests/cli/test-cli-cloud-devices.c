/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cli-cloud-devices LOCKSMITHCTL EMULATOR: capabilities and claims for the attached board and
 * for lists, with an open keyring. The emulated cloud knows the bench's board by its place. */
#include "cloud-user.h"
#include "keyring-daemon.h"

#include "lks-ledger.h"

#include <glib/gstdio.h>
#include <string.h>

/* How the base64 of every capability begins. */
#define CAPABILITY_MARK "/Vz9XAEA"
#define CATALOGS(boards)                                                                           \
  "\"pageSize\":5,\"catalogs\":[{\"name\":\"plant7\",\"products\":[\"Pump\"],\"devices\":12,"      \
  "\"boards\":" boards "},{\"name\":\"lab\",\"products\":[\"Rig\"],\"devices\":2}],"
#define FAULTY                                                                                     \
  CATALOGS ("true")                                                                                \
  "\"faults\":[{\"kind\":\"empty-capability\",\"path\":\"generateCapability\",\"skip\":2},"        \
  "{\"kind\":\"other-capability\",\"path\":\"generateCapability\",\"skip\":4},"                    \
  "{\"kind\":\"throttle\",\"path\":\"generateCapability\",\"skip\":5,\"seconds\":1}],"

static const char *ctl;
static const char *emulator;
static char *list_path; /* (owned) */

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

/* LIST stands for the file with the list. */
static CloudSaid
run (CloudUser *f, int status, const char *line)
{
  g_autoptr (GString) text = g_string_new (line);
  CloudSaid said;

  g_string_replace (text, "LIST", list_path, 0);
  said = cloud_user_run (f, text->str);
  g_assert_cmpint (said.status, ==, status);
  g_assert_null (strstr (said.output, CAPABILITY_MARK));
  g_assert_null (strstr (said.errors, CAPABILITY_MARK));
  return said;
}

static void
refuse (CloudUser *f, int status, const char *line)
{
  g_auto (CloudSaid) said = run (f, status, line);
}

static guint
count_results (CloudSaid *said, const char *list, const char *word)
{
  JsonArray *rows = cloud_said_array (said, list);
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (rows); i++)
    n += g_str_equal (json_object_get_string_member (json_array_get_object_element (rows, i),
                                                     "result"),
                      word);
  return n;
}

static JsonObject *
get_row (CloudSaid *said, const char *list, guint index)
{
  return json_array_get_object_element (cloud_said_array (said, list), index);
}

static char *
dup_attached_id (CloudUser *f)
{
  g_auto (CloudSaid) said = run (f, 0, "list --json");

  return g_strdup (json_object_get_string_member (
      json_array_get_object_element (json_node_get_array (said.json), 0), "deviceId"));
}

static guint
count_kept (CloudUser *f)
{
  g_auto (CloudSaid) said = run (f, 0, "capability list --json");

  return json_array_get_length (json_node_get_array (said.json));
}

/* ---- capabilities ---- */

#define DOWNLOAD "cloud capability download --catalog plant7 --kind fieldServicing --json "

static void
refuse_capabilities (CloudUser *f)
{
  g_autofree char *stranger = g_strnfill (128, 'e');
  g_autofree char *line = g_strconcat (DOWNLOAD "--device ", stranger, NULL);
  g_auto (CloudSaid) said = run (f, 6, line);

  g_assert_cmpuint (count_results (&said, "capabilities", "failed"), ==, 1);
  refuse (f, 2, "cloud capability download --catalog plant7 --json --attached");
  refuse (f, 2, "cloud capability download --kind rfTestMode --json --csv LIST");
  refuse (f, 2, DOWNLOAD);
  refuse (f, 2, DOWNLOAD "--device 1234");
  refuse (f, 2, DOWNLOAD "--csv /nonexistent");
  refuse (f, 2, DOWNLOAD "--attached --csv LIST");
}

static void
save_list (CloudUser *f, const char *line)
{
  g_auto (CloudSaid) said = run (f, 0, line);

  g_assert_true (g_file_set_contents (list_path, said.output, -1, NULL));
}

static void
test_attached (CloudUser *f, gconstpointer unused)
{
  g_autofree char *id = dup_attached_id (f);
  guint before = count_kept (f);
  g_auto (CloudSaid) first = run (f, 0, DOWNLOAD "--attached");
  g_auto (CloudSaid) second = run (f, 0, DOWNLOAD "--attached");
  g_auto (CloudSaid) other =
      run (f, 0,
           "cloud capability download --catalog plant7 --kind appDevelopment --json --attached");
  g_auto (CloudSaid) kept = run (f, 0, "capability list --json");
  const char *fingerprint =
      json_object_get_string_member (get_row (&first, "capabilities", 0), "fingerprint");

  g_assert_cmpuint (count_results (&first, "capabilities", "downloaded"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (get_row (&first, "capabilities", 0), "deviceId"),
                   ==, id);
  g_assert_cmpuint (count_results (&second, "capabilities", "kept"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (get_row (&second, "capabilities", 0),
                                                  "fingerprint"),
                   ==, fingerprint);
  g_assert_cmpuint (count_results (&other, "capabilities", "downloaded"), ==, 1);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (kept.json)), ==, before + 2);
  g_assert_nonnull (strstr (kept.output, fingerprint));
  refuse_capabilities (f);
}

/* What is wrong is refused loudly and not kept; the same command again gets what is missing. */
static void
test_list (CloudUser *f, gconstpointer unused)
{
  guint before = count_kept (f);
  g_auto (CloudSaid) first = { 0 };
  g_auto (CloudSaid) second = { 0 };

  save_list (f, "cloud device list --catalog plant7 --product Pump --csv");
  first = run (f, 6, DOWNLOAD "--csv LIST");
  g_assert_cmpuint (count_results (&first, "capabilities", "failed"), ==, 2);
  g_assert_nonnull (strstr (first.errors, "EMPTY"));
  g_assert_nonnull (strstr (first.errors, "another device"));
  g_assert_nonnull (strstr (first.output, "\"unfit\""));
  g_assert_cmpuint (count_kept (f), ==,
                    before + count_results (&first, "capabilities", "downloaded"));

  second = run (f, 0, DOWNLOAD "--csv LIST");
  g_assert_cmpuint (count_results (&second, "capabilities", "downloaded"), ==, 2);
  g_assert_cmpuint (count_results (&second, "capabilities", "kept"), ==,
                    json_array_get_length (cloud_said_array (&first, "capabilities")) - 2);
}

static guint
count_made (CloudUser *f)
{
  g_autofree char *path = emulator_process_get_path (&f->process, "trace");
  g_autofree char *text = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (const char *at = text; (at = strstr (at, "generateCapabilityImage")) != NULL; at++)
    n++;
  return n;
}

/* The keyring is locked while the first capability is made: no other is made to be thrown away. */
static void
test_locked (CloudUser *f, gconstpointer unused)
{
  KeyringDaemon *keyring = keyring_daemon_new (g_get_home_dir ());
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (JsonObject) answer = NULL;
  g_autofree char *line = g_strconcat (DOWNLOAD "--again --csv ", list_path, NULL);
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;

  save_list (f, "cloud device list --catalog plant7 --product Pump --csv");
  answer = emulator_process_command (
      &f->process, "{\"command\":\"cloud-fault\",\"fault\":{\"kind\":\"slow\",\"path\":"
                   "\"generateCapability\",\"times\":1,\"seconds\":2}}");
  g_assert_false (json_object_has_member (answer, "error"));
  program = cloud_user_start (f, line);
  while (count_made (f) == 0)
    g_thread_yield ();
  keyring_daemon_lock (keyring);
  keyring_daemon_free (keyring);
  g_subprocess_communicate_utf8 (program, NULL, NULL, &output, &errors, &error);
  g_assert_no_error (error);
  g_test_message ("%s%s", output, errors);
  g_assert_cmpint (g_subprocess_get_exit_status (program), !=, 0);
  g_assert_nonnull (strstr (output, "dismissed"));
  g_assert_cmpuint (count_made (f), ==, 1);
}

/* Publishers may not make capabilities: said before, and clear afterwards. */
static void
test_publisher (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) said =
      run (f, 6,
           "cloud capability download --catalog plant7 --kind appDevelopment --again --json "
           "--attached");

  g_assert_nonnull (strstr (said.errors, "Publisher cannot make capabilities"));
  g_assert_nonnull (strstr (said.output, "\"forbidden\""));
}

/* ---- why an application does not arrive ---- */

static void
check_answers (CloudUser *f, int status, const char *line, const char *expected)
{
  g_auto (CloudSaid) said = run (f, status, line);
  JsonArray *tests = cloud_said_array (&said, "tests");
  g_autoptr (GString) answers = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (tests); i++)
    g_string_append_printf (answers, "%s%s", i > 0 ? " " : "",
                            json_object_get_string_member (json_array_get_object_element (tests, i),
                                                           "answer"));
  g_assert_cmpstr (answers->str, ==, expected);
}

#define WHY "cloud device why --catalog plant7 --json "
#define COMPONENT "cccccccc-2222-4333-8444-555555555555"
#define IMAGE "dddddddd-2222-4333-8444-555555555555"
#define OS_LIST                                                                                    \
  "{\"versions\":[{\"name\":\"99.01\",\"images\":[{\"cid\":\"" COMPONENT "\",\"iid\":\"" IMAGE     \
  "\"}]}"                                                                                          \
  "]}"

/* An application that is deployed where the attached board is. */
static void
deploy (CloudUser *f)
{
  g_autofree char *make = g_strdup_printf ("%s image --component " COMPONENT " --image " IMAGE
                                           " --name PumpApp --output %s "
                                           "--state-dir %s",
                                           emulator, list_path, f->process.dir);
  int status = -1;

  g_assert_true (g_spawn_command_line_sync (make, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  refuse (f, 0, "cloud image upload LIST --catalog plant7 --json");
  refuse (f, 0,
          "cloud deployment create " IMAGE " --product Pump --group Production --yes --catalog "
          "plant7 --json");
}

static void
check_image (CloudUser *f, const char *line, const char *state)
{
  g_auto (CloudSaid) said = cloud_user_run (f, line);
  JsonObject *image = get_row (&said, "images", 0);

  g_assert_cmpstr (json_object_get_string_member (image, "name"), ==, "PumpApp");
  g_assert_cmpstr (json_object_get_string_member (image, "imageId"), ==, IMAGE);
  g_assert_cmpstr (json_object_get_string_member (image, "state"), ==, state);
}

/* What the board shall have; what it has only the board itself knows. */
static void
test_why_images (CloudUser *f, gconstpointer unused)
{
  g_autofree char *id = dup_attached_id (f);
  g_autofree char *why = g_strconcat (WHY, id, NULL);
  g_auto (CloudSaid) before = run (f, 1, why);
  g_auto (CloudSaid) text = { 0 };

  g_assert_true (json_object_get_null_member (cloud_said_object (&before), "images"));
  deploy (f);
  check_image (f, why, "unknown");
  check_image (f, WHY "--attached", "missing");
  text = run (f, 0, "cloud device why --catalog plant7 --attached");
  g_assert_nonnull (strstr (text.output, "missing      PumpApp  " IMAGE));
}

/* A list that knows a newer version than the board has. */
static void
test_old_os (CloudUser *f, gconstpointer unused)
{
  g_autofree char *kept =
      g_build_filename (g_get_user_data_dir (), "locksmith", "mt3620an.json", NULL);
  g_auto (CloudSaid) unknown = run (f, 0, "list --json");
  g_auto (CloudSaid) status = { 0 };
  g_auto (CloudSaid) panel = { 0 };
  g_auto (CloudSaid) why = { 0 };
  g_auto (CloudSaid) support = { 0 };

  g_assert_true (json_object_get_null_member (
      json_array_get_object_element (json_node_get_array (unknown.json), 0), "newerOsVersion"));
  g_assert_true (g_file_set_contents (list_path, OS_LIST, -1, NULL));
  refuse (f, 0, "cloud os-versions import LIST --json");
  status = run (f, 0, "status --json");
  g_assert_cmpstr (cloud_said_text (&status, "newerOsVersion"), ==, "99.01");
  panel = run (f, 0, "status");
  g_assert_nonnull (strstr (panel.output, "24.06, which is old: 99.01 is known"));
  why = run (f, 1, WHY "--attached");
  g_assert_nonnull (strstr (why.errors, "24.06 is older than 99.01"));
  support = run (f, 0, "support preview --json");
  g_assert_nonnull (strstr (support.errors, "24.06 is older than 99.01"));
  g_assert_cmpint (g_unlink (kept), ==, 0);
}

/* The attached board is in Production, to which nothing is deployed. */
static void
test_why (CloudUser *f, gconstpointer unused)
{
  g_autofree char *id = dup_attached_id (f);
  g_autofree char *why = g_strconcat (WHY, id, NULL);
  g_autofree char *unassign =
      g_strdup_printf ("cloud device move %s --unassign --catalog plant7", id);
  g_autofree char *elsewhere = g_strdup_printf ("cloud device why --catalog lab --json %s", id);

  check_answers (f, 1, WHY "--attached", "yes yes yes no yes");
  check_answers (f, 1, why, "yes yes yes no unknown");
  check_answers (f, 1, elsewhere, "no unknown unknown unknown unknown");
  refuse (f, 0, unassign);
  check_answers (f, 1, why, "yes no unknown unknown unknown");
  refuse (f, 2, WHY);
}

/* ---- claims ---- */

#define CLAIM "cloud claim --catalog plant7 --json "
#define SURE "--yes-claim-forever-into plant7 "

static void
test_claim (CloudUser *f, gconstpointer unused)
{
  g_autofree char *id = dup_attached_id (f);
  g_autofree char *find = g_strdup_printf ("cloud device find %s --json", id);
  g_autofree char *other = g_strdup_printf (CLAIM "--device %s --yes-claim-forever-into lab", id);
  g_autofree char *habit = g_strdup_printf (CLAIM "--device %s --yes-claim-forever-into y", id);
  g_autofree char *no_group = g_strdup_printf (CLAIM "--device %s --product Pump " SURE, id);
  g_autofree char *repeat = g_strdup_printf (CLAIM "--device %s " SURE, id);
  g_auto (CloudSaid) unsure = { 0 };
  g_auto (CloudSaid) claimed = { 0 };
  g_auto (CloudSaid) again = { 0 };
  g_auto (CloudSaid) found = { 0 };

  refuse (f, 6, find);
  unsure = run (f, 5, CLAIM "--attached");
  g_assert_nonnull (strstr (unsure.errors, "for ever"));
  g_assert_nonnull (strstr (unsure.errors, "providers/Microsoft.AzureSphere/catalogs/plant7"));
  refuse (f, 5, other);
  refuse (f, 5, habit);
  refuse (f, 2, no_group);
  refuse (f, 6, find); /* still nobody's */

  claimed = run (f, 0, CLAIM "--attached --product Pump --group 'Field Test' " SURE);
  g_assert_cmpuint (count_results (&claimed, "devices", "claimed"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (get_row (&claimed, "devices", 0), "group"), ==,
                   "Field Test");
  again = run (f, 0, repeat);
  g_assert_cmpuint (count_results (&again, "devices", "already"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (get_row (&again, "devices", 0), "group"), ==,
                   "Field Test");
  found = run (f, 0, find);
  g_assert_cmpstr (cloud_said_text (&found, "catalog"), ==, "plant7");
}

/* Some are new, one is the catalog's, one is somebody else's: the batch fails, the others are
 * claimed all the same. */
static void
test_claim_list (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) own = run (f, 0, "cloud device list --catalog plant7 --limit 1 --json");
  g_auto (CloudSaid) foreign = run (f, 0, "cloud device list --catalog lab --limit 1 --json");
  g_autofree char *a = g_strnfill (128, 'a');
  g_autofree char *b = g_strnfill (128, 'B');
  g_autofree char *c = g_strnfill (128, 'c');
  g_autofree char *text = g_strdup_printf (
      "DeviceId,ProductName,DeviceGroupName\r\n%s,Pump,Field Test\r\n%s,Pump,Field Test\r\n%s,Pump,"
      "Field Test\r\n%s,,\r\n%s,,\r\n",
      a, json_object_get_string_member (get_row (&foreign, "devices", 0), "deviceId"), b, c,
      json_object_get_string_member (get_row (&own, "devices", 0), "deviceId"));
  g_auto (CloudSaid) said = { 0 };

  g_assert_true (g_file_set_contents (list_path, text, -1, NULL));
  said = run (f, 6, CLAIM "--csv LIST " SURE);
  g_assert_cmpuint (count_results (&said, "devices", "claimed"), ==, 3);
  g_assert_cmpuint (count_results (&said, "devices", "already"), ==, 1);
  g_assert_cmpuint (count_results (&said, "devices", "failed"), ==, 1);
  g_assert_nonnull (strstr (said.errors, "may belong to another catalog"));
  g_assert_cmpstr (json_object_get_string_member (get_row (&said, "devices", 0), "group"), ==,
                   "Field Test");
}

/* The service does half of a batch and reports failure. */
static void
test_claim_half (CloudUser *f, gconstpointer unused)
{
  g_autofree char *a = g_strnfill (128, '1');
  g_autofree char *b = g_strnfill (128, '2');
  g_autofree char *line =
      g_strdup_printf (CLAIM SURE "--device %s --device %s --device %s", a, b, a);
  g_auto (CloudSaid) said = run (f, 0, line);

  g_assert_cmpuint (count_results (&said, "devices", "claimed"), ==, 2);
}

/* The service takes the batch, and the sign-in ends while it is looked at: what was not seen is
 * unknown, and the same command finds it. */
static void
test_claim_unknown (CloudUser *f, gconstpointer unused)
{
  g_autofree char *a = g_strnfill (128, '1');
  g_autofree char *b = g_strnfill (128, '9');
  g_autofree char *c = g_strnfill (128, '2');
  g_autofree char *line =
      g_strdup_printf (CLAIM SURE "--device %s --device %s --device %s", a, b, c);
  g_auto (CloudSaid) said = run (f, 6, line);
  g_auto (CloudSaid) again = run (f, 0, line);
  const char *role;

  g_assert_cmpuint (count_results (&said, "devices", "claimed"), ==, 1);
  g_assert_cmpuint (count_results (&said, "devices", "unknown"), ==, 2);
  g_assert_nonnull (strstr (said.errors, "Of 2 device(s) nobody knows whether they were claimed."));
  g_assert_nonnull (strstr (said.errors, "3 into the catalog alone, in no device group"));
  role = strstr (said.errors, "needs the role"); /* told before, and once */
  g_assert_nonnull (role);
  g_assert_null (strstr (role + 1, "needs the role"));
  g_assert_cmpuint (count_results (&again, "devices", "already"), ==, 3);
}

/* What is padded with zeros is refused, and at once. */
static void
test_claim_zeros (CloudUser *f, gconstpointer unused)
{
  g_autofree char *id = g_strnfill (128, 'a');
  g_autofree char *text = g_strdup_printf ("%s\n....", id);
  g_auto (CloudSaid) said = { 0 };
  g_auto (CloudSaid) half = { 0 };
  g_autofree char *product = g_strdup_printf ("DeviceId,ProductName\n%s,Pump\n", id);

  memset (text + strlen (id) + 1, 0, 4);
  g_assert_true (g_file_set_contents (list_path, text, (gssize) strlen (id) + 5, NULL));
  said = run (f, 2, CLAIM SURE "--csv LIST");
  g_assert_nonnull (strstr (said.errors, "line 2: there is a zero byte"));
  g_assert_true (g_file_set_contents (list_path, product, -1, NULL));
  half = run (f, 2, CLAIM SURE "--csv LIST");
  g_assert_nonnull (strstr (half.errors, "a product is named together with its device group"));
}

/* ---- claims that a recipe demands ---- */

#define RECIPE(target, policy, catalog)                                                            \
  "{\"name\":\"claims\",\"targetState\":\"" target "\",\"allowedOsVersions\":[\"24.06\"],"         \
  "\"images\":[],\"restart\":{\"powerCycleSeconds\":5},\"claim\":{\"policy\":\"" policy            \
  "\",\"catalog\":\"/subscriptions/" CLOUD_USER_SUBSCRIPTION                                       \
  "/resourceGroups/factory/providers/Microsoft.AzureSphere/catalogs/" catalog "\"}}"
#define FINALIZE "finalize --recipe LIST --json --yes-lock-forever "

static void
write_recipe (const char *text)
{
  g_assert_true (g_file_set_contents (list_path, text, -1, NULL));
}

static const char *
get_step (CloudSaid *said, const char *name)
{
  JsonArray *steps = cloud_said_array (said, "steps");

  for (guint i = 0; i < json_array_get_length (steps); i++)
    {
      JsonObject *step = json_array_get_object_element (steps, i);

      if (g_str_equal (json_object_get_string_member (step, "name"), name))
        return json_object_get_string_member (step, "message");
    }
  return NULL;
}

static void
assert_state (CloudUser *f, const char *state)
{
  g_auto (CloudSaid) said = run (f, 0, "list --json");

  g_assert_cmpstr (json_object_get_string_member (
                       json_array_get_object_element (json_node_get_array (said.json), 0),
                       "manufacturingState"),
                   ==, state);
}

/* Whatever is in the way of the claim, the board stays as it is. */
static void
refuse_to_lock (CloudUser *f)
{
  refuse (f, 5, FINALIZE);
  refuse (f, 5, FINALIZE "--yes-claim-forever-into lab");
  refuse (f, 0, "cloud sign-out");
  refuse (f, 6, FINALIZE SURE);
  cloud_user_sign_in (f);
  write_recipe (RECIPE ("DeviceComplete", "before-lock", "nowhere"));
  {
    g_auto (CloudSaid) said = run (f, 6, FINALIZE "--yes-claim-forever-into nowhere");

    g_assert_cmpstr (cloud_said_text (&said, "verdict"), ==, "STOPPED");
    g_assert_nonnull (strstr (get_step (&said, "claim"), "not locked"));
    g_assert_null (get_step (&said, "set-state"));
  }
  assert_state (f, "Module1Complete");
}

static void
test_before_lock (CloudUser *f, gconstpointer unused)
{
  g_autofree char *id = dup_attached_id (f);
  g_autofree char *find = g_strdup_printf ("cloud device find %s --json", id);
  g_auto (CloudSaid) checked = { 0 };
  g_auto (CloudSaid) locked = { 0 };
  g_auto (CloudSaid) found = { 0 };
  g_auto (CloudSaid) again = { 0 };

  write_recipe (RECIPE ("DeviceComplete", "before-lock", "plant7"));
  refuse_to_lock (f);
  write_recipe (RECIPE ("DeviceComplete", "before-lock", "plant7"));
  checked = run (f, 0, "check --recipe LIST --json");
  g_assert_nonnull (strstr (get_step (&checked, "claim"), "not in the catalog plant7 yet"));
  refuse (f, 6, find);

  locked = run (f, 0, FINALIZE SURE);
  g_assert_cmpstr (get_step (&locked, "claim"), ==, "claimed into the catalog plant7, for ever");
  g_assert_cmpstr (cloud_said_text (&locked, "outcome"), ==, "finalized");
  found = run (f, 0, find);
  g_assert_cmpstr (cloud_said_text (&found, "catalog"), ==, "plant7");
  again = run (f, 0, FINALIZE SURE);
  g_assert_cmpstr (get_step (&again, "claim"), ==, "in the catalog plant7 already");
}

#define QUEUE "cloud claim-queue "

/* The record stays as it is; what became of the claim is told beside it. */
static void
assert_claim (CloudUser *f, const char *show, const char *state)
{
  g_auto (CloudSaid) said = run (f, 0, show);
  JsonObject *claim = json_object_get_object_member (cloud_said_object (&said), "claim");

  g_assert_cmpstr (json_object_get_string_member (claim, "state"), ==, state);
}

/* Locked without a network, claimed when there is one. */
static void
test_queue (CloudUser *f, gconstpointer unused)
{
  g_autofree char *id = dup_attached_id (f);
  g_autofree char *find = g_strdup_printf ("cloud device find %s --json", id);
  g_autofree char *show = NULL;
  g_autofree char *give_up = g_strdup_printf (QUEUE "give-up %s --reason scrapped", id);
  g_auto (CloudSaid) locked = { 0 };
  g_auto (CloudSaid) waiting = { 0 };
  g_auto (CloudSaid) worked = { 0 };
  g_auto (CloudSaid) left = { 0 };
  g_auto (CloudSaid) found = { 0 };

  refuse (f, 0, "cloud sign-out");
  refuse (f, 0, QUEUE "work --json");
  write_recipe (RECIPE ("Module1Complete", "queue", "lab"));
  locked = run (f, 0, FINALIZE "--yes-claim-forever-into lab");
  g_assert_nonnull (strstr (get_step (&locked, "claim"), "queued"));
  show = g_strdup_printf ("records show %s --json", cloud_said_text (&locked, "recordId"));
  assert_claim (f, show, "waiting");
  waiting = run (f, 0, QUEUE "list --json");
  g_assert_cmpstr (json_object_get_string_member (get_row (&waiting, "claims", 0), "deviceId"), ==,
                   id);
  g_assert_cmpstr (json_object_get_string_member (get_row (&waiting, "claims", 0), "state"), ==,
                   "waiting");
  refuse (f, 6, QUEUE "work --json");

  cloud_user_sign_in (f);
  refuse (f, 6, find);
  worked = run (f, 0, QUEUE "work --json");
  g_assert_cmpstr (json_object_get_string_member (get_row (&worked, "claims", 0), "state"), ==,
                   "claimed");
  assert_claim (f, show, "claimed");
  left = run (f, 0, QUEUE "list --json");
  g_assert_cmpuint (json_array_get_length (cloud_said_array (&left, "claims")), ==, 0);
  found = run (f, 0, find);
  g_assert_cmpstr (cloud_said_text (&found, "catalog"), ==, "lab");
  refuse (f, 2, give_up);
  refuse (f, 2, QUEUE "give-up");
}

/* A claim that waits, in a ledger of its own. */
static char *
make_queue (const char *catalog)
{
  g_autofree char *folder = g_dir_make_tmp ("lks-queue-XXXXXX", NULL);
  char *path = g_build_filename (folder, "ledger.sqlite", NULL);
  g_autofree char *id = g_strnfill (128, 'e');
  g_autofree char *data =
      g_strdup_printf ("{\"policy\":\"queue\",\"catalog\":\"/subscriptions/" CLOUD_USER_SUBSCRIPTION
                       "/resourceGroups/factory/providers/Microsoft.AzureSphere/catalogs/%s\"}",
                       catalog);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLedger) ledger = lks_ledger_open (path, &error);

  g_assert_no_error (error);
  lks_ledger_journal_append (ledger,
                             &(LksJournalEntry){
                                 .run_id = "cccccccc-2222-4333-8444-555555555555",
                                 .device_id = id,
                                 .target = "DeviceComplete",
                                 .step = "claim",
                                 .phase = "intent",
                                 .at_us = 1,
                                 .data = data,
                             },
                             &error);
  g_assert_no_error (error);
  return path;
}

/* A person reads which claims wait, where they belong, and why the last try failed. */
static void
test_queue_text (CloudUser *f, gconstpointer unused)
{
  g_autofree char *path = make_queue ("nowhere");
  g_autofree char *list = g_strdup_printf (QUEUE "list --ledger %s", path);
  g_autofree char *work = g_strdup_printf (QUEUE "work --ledger %s", path);
  g_autofree char *folder = g_path_get_dirname (path);
  const char *argv[] = { "rm", "-r", folder, NULL };
  g_auto (CloudSaid) waiting = run (f, 0, list);
  g_auto (CloudSaid) worked = { 0 };
  g_auto (CloudSaid) failed = { 0 };
  g_auto (GStrv) lines = NULL;

  g_assert_true (
      g_pattern_match_simple ("…eeeeeeeeeeeeeeeeeeee  waiting  nowhere*\n", waiting.output));
  worked = run (f, 6, work);
  g_assert_true (
      g_pattern_match_simple ("…eeeeeeeeeeeeeeeeeeee  failed   nowhere*\n", worked.output));
  failed = run (f, 0, list);
  lines = g_strsplit (failed.output, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_true (g_str_has_prefix (lines[0], "…eeeeeeeeeeeeeeeeeeee  failed   nowhere"));
  g_assert_true (g_str_has_prefix (lines[1], "  "));
  g_assert_cmpuint (strlen (lines[1]), >, strlen ("  the catalog"));
  g_assert_cmpstr (lines[2], ==, "");
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

/* ---- boards that are prepared ---- */

static char *
dup_states (CloudSaid *said)
{
  JsonArray *steps = json_object_get_array_member (
      json_object_get_object_member (cloud_said_object (said), "preparation"), "steps");
  g_autoptr (GString) states = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (steps); i++)
    g_string_append_printf (states, "%s%s", i > 0 ? " " : "",
                            json_object_get_string_member (json_array_get_object_element (steps, i),
                                                           "state"));
  return g_string_free (g_steal_pointer (&states), FALSE);
}

/* The sub-steps stand as @states afterwards, and the device is in @group. */
static void
prepare (CloudUser *f, int status, const char *line, const char *states, const char *group)
{
  g_autofree char *id = dup_attached_id (f);
  g_autofree char *find = g_strdup_printf ("cloud device find %s --json", id);
  g_auto (CloudSaid) said = run (f, status, line);
  g_autofree char *seen = dup_states (&said);
  g_auto (CloudSaid) found = run (f, 0, find);

  g_assert_cmpstr (seen, ==, states);
  g_assert_cmpstr (cloud_said_text (&found, "group"), ==, group);
}

static void
count_stored (CloudUser *f, guint n)
{
  g_auto (CloudSaid) said = run (f, 0, "list --json");
  JsonArray *names = json_object_get_array_member (
      json_array_get_object_element (json_node_get_array (said.json), 0), "capabilities");
  guint n_stored = 0;

  for (guint i = 0; i < json_array_get_length (names); i++)
    n_stored += json_array_get_int_element (names, i) == 11;
  g_assert_cmpuint (n_stored, ==, n);
}

/* Everything that is done by hand without the cloud, there and back. */
static void
test_prepare (CloudUser *f, gconstpointer unused)
{
  refuse (f, 2, "prepare development --group Development --json");
  refuse (f, 2, "prepare development --cloud --product Pump --json");
  prepare (f, 0, "prepare development --cloud --json", "done done nothing done done done",
           "Development");
  count_stored (f, 1);
  prepare (f, 0, "prepare cloud-test --cloud --json", "done done nothing done done done",
           "Field Test");
  prepare (f, 0, "prepare cloud-test --cloud --put-back --group Development --json",
           "waiting waiting stays back waiting back", "Development");
  prepare (f, 0, "prepare development --cloud --put-back --group Production --json",
           "waiting waiting waiting back waiting back", "Production");
  count_stored (f, 0);
}

/* What the cloud refuses is found before the board is changed. */
static void
test_prepare_refused (CloudUser *f, gconstpointer unused)
{
  prepare (f, 6, "prepare development --cloud --json",
           "done failed waiting waiting waiting waiting", "Production");
  count_stored (f, 0);
  refuse (f, 0, "cloud sign-out");
  refuse (f, 6, "prepare development --cloud --json");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  ctl = argv[1];
  emulator = argv[2];
  list_path = g_build_filename (g_get_home_dir (), "devices.csv", NULL);

#define ADD(path, settings, func)                                                                  \
  g_test_add ("/cli/cloud-devices/" path, CloudUser, settings, set_up, func, tear_down)
  ADD ("attached", CATALOGS ("true"), test_attached);
  ADD ("list", FAULTY, test_list);
  ADD ("publisher", CATALOGS ("true") "\"role\":\"publisher\",", test_publisher);
  ADD ("why", CATALOGS ("true"), test_why);
  ADD ("why-images", CATALOGS ("true"), test_why_images);
  ADD ("old-os", CATALOGS ("true"), test_old_os);
  ADD ("prepare", CATALOGS ("true"), test_prepare);
  ADD ("prepare-refused", CATALOGS ("true") "\"role\":\"publisher\",", test_prepare_refused);
  ADD ("claim", CATALOGS ("false"), test_claim);
  ADD ("claim-list", CATALOGS ("false"), test_claim_list);
  ADD ("claim-half", CATALOGS ("false") "\"faults\":[{\"kind\":\"half\"}],", test_claim_half);
  ADD ("claim-unknown",
       CATALOGS ("false") "\"faults\":[{\"kind\":\"expired-token\",\"method\":\"GET\","
                          "\"path\":\"devices/9999\",\"times\":2}],",
       test_claim_unknown);
  ADD ("claim-zeros", CATALOGS ("false"), test_claim_zeros);
  ADD ("queue", CATALOGS ("false"), test_queue);
  ADD ("queue-text", CATALOGS ("false"), test_queue_text);
  ADD ("before-lock", CATALOGS ("false"), test_before_lock);
  ADD ("locked", CATALOGS ("true"), test_locked); /* nothing here unlocks it again */
#undef ADD

  status = g_test_run ();
  g_unlink (list_path);
  g_free (list_path);
  return status;
}
