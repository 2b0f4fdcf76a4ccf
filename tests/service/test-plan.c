/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is found out before anything is sent: pure, on facts that are made up. */
#include "service-packages.h"

#include "lks-enums.h"
#include "lks-service-error.h"
#include "lks-software-delete.h"

#include <glib/gstdio.h>
#include <string.h>

#define INSTALLED "dddddddd-0000-4000-8000-000000000001"
#define THIS_BOARD                                                                                 \
  "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"                               \
  "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"
#define OTHER_BOARD                                                                                \
  "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"                               \
  "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define AUGUST_2024 1723000000

static LksComponent *
new_component (const char *id, const char *name, int type, const char *image_id)
{
  LksComponent *component = g_new0 (LksComponent, 1);
  LksInstalledImage *image = g_new0 (LksInstalledImage, 1);

  component->id = g_strdup (id);
  component->name = g_strdup (name);
  component->image_type = type;
  component->images = g_ptr_array_new ();
  image->id = g_strdup (image_id);
  image->size_bytes = 20000;
  g_ptr_array_add (component->images, image);
  return component;
}

static void
component_free (LksComponent *component)
{
  LksInstalledImage *image = g_ptr_array_index (component->images, 0);

  g_free (image->id);
  g_free (image);
  g_ptr_array_unref (component->images);
  g_free (component->id);
  g_free (component->name);
  g_free (component);
}

/* A board with one application whose manifest is @installed, if that is known. */
static LksSideloadFacts *
new_facts (const char *installed)
{
  LksSideloadFacts *facts = g_new0 (LksSideloadFacts, 1);
  LksComponents components = { .components = g_ptr_array_new_with_free_func (
                                   (GDestroyNotify) component_free) };

  g_ptr_array_add (components.components,
                   new_component ("dddddddd-0000-4000-8000-00000000000f", "networkd", 9,
                                  "eeeeeeee-0000-4000-8000-00000000000f"));
  g_ptr_array_add (components.components, new_component (INSTALLED, "Installed", 10,
                                                         "eeeeeeee-0000-4000-8000-000000000001"));
  facts->device_id = g_strdup (THIS_BOARD);
  facts->state = LKS_MANUFACTURING_STATE_MODULE1_COMPLETE;
  facts->os_version = g_strdup ("24.09");
  facts->has_abi = TRUE;
  facts->abi = (LksAbiVersions){ 1, 4, 16 };
  facts->lock = LKS_PERIPHERAL_LOCK_OPEN;
  facts->software = lks_software_new (&components, NULL);
  if (installed != NULL)
    {
      g_autoptr (LksSideloadPackage) package =
          packages_new_app (&(PackageSpec){ .component_id = INSTALLED, .capabilities = installed });

      lks_software_find (facts->software, INSTALLED)->manifest =
          g_steal_pointer (&package->inspection->manifest);
    }
  g_ptr_array_unref (components.components);
  return facts;
}

static LksSideloadPlan *
plan_one (LksSideloadFacts *facts, LksSideloadPackage *package)
{
  GPtrArray *packages = lks_sideload_packages_new ();

  g_ptr_array_add (packages, package);
  return lks_sideload_plan_new (facts, packages);
}

static LksSideloadPlan *
plan_two (LksSideloadFacts *facts, LksSideloadPackage *one, LksSideloadPackage *other)
{
  GPtrArray *packages = lks_sideload_packages_new ();

  g_ptr_array_add (packages, one);
  g_ptr_array_add (packages, other);
  return lks_sideload_plan_new (facts, packages);
}

/* Exactly one finding, of this kind. */
static void
expect (const LksSideloadPlan *plan, LksFindingLevel level, LksFindingCode code)
{
  const LksFinding *finding;

  for (guint i = 0; i < plan->findings->len; i++)
    g_test_message ("%s", ((LksFinding *) g_ptr_array_index (plan->findings, i))->detail);
  g_assert_cmpuint (plan->findings->len, ==, 1);
  finding = g_ptr_array_index (plan->findings, 0);
  g_assert_cmpstr (lks_enum_to_nick (LKS_TYPE_FINDING_CODE, (int) finding->code), ==,
                   lks_enum_to_nick (LKS_TYPE_FINDING_CODE, (int) code));
  g_assert_cmpint ((int) finding->level, ==, (int) level);
  g_assert_cmpint ((int) lks_sideload_plan_get_level (plan), ==, (int) level);
  g_assert_cmpuint (strlen (lks_finding_code_get_title (code)), >, 0);
}

static void
expect_check (const LksSideloadPlan *plan, gboolean force, int code)
{
  g_autoptr (GError) error = NULL;

  if (code < 0)
    {
      g_assert_true (lks_sideload_plan_check (plan, force, &error));
      g_assert_no_error (error);
      return;
    }
  g_assert_false (lks_sideload_plan_check (plan, force, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, code);
}

#define GOOD (-1)

static void
test_nothing_wrong (void)
{
  g_autoptr (LksSideloadPlan) plan =
      plan_one (new_facts ("\"Gpio\":[8]"),
                packages_new_app (&(PackageSpec){ .capabilities = "\"Gpio\":[12]" }));

  g_assert_cmpuint (plan->findings->len, ==, 0);
  g_assert_cmpint ((int) plan->forecast, ==, LKS_RESTART_FORECAST_NO);
  expect_check (plan, FALSE, GOOD);
}

static void
test_board (void)
{
  LksSideloadFacts *updating = new_facts (NULL);
  LksSideloadFacts *faulty = new_facts (NULL);
  LksSideloadFacts *staged = new_facts (NULL);
  g_autoptr (LksSideloadPlan) ota = NULL;
  g_autoptr (LksSideloadPlan) fault = NULL;
  g_autoptr (LksSideloadPlan) waiting = NULL;

  updating->software->is_ota_in_progress = TRUE;
  ota = plan_one (updating, packages_new_app (&(PackageSpec){ 0 }));
  expect (ota, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_OTA);
  expect_check (ota, FALSE, LKS_SERVICE_ERROR_INVALID);
  expect_check (ota, TRUE, GOOD);

  faulty->state = LKS_MANUFACTURING_STATE_UNKNOWN;
  fault = plan_one (faulty, packages_new_app (&(PackageSpec){ 0 }));
  expect (fault, LKS_FINDING_LEVEL_FORBIDDEN, LKS_FINDING_CODE_UNKNOWN_STATE);
  expect_check (fault, TRUE, LKS_SERVICE_ERROR_UNSAFE);

  staged->software->has_staged_updates = TRUE;
  staged->software->is_restart_required = TRUE;
  waiting = plan_one (staged, packages_new_app (&(PackageSpec){ 0 }));
  expect (waiting, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_STAGED_BEFORE);
  g_assert_cmpint ((int) waiting->forecast, ==, LKS_RESTART_FORECAST_YES);
}

static void
test_signers (void)
{
  LksSideloadFacts *developing = new_facts (NULL);
  LksSideloadFacts *in_session = new_facts (NULL);
  g_autoptr (LksSideloadPlan) closed =
      plan_one (new_facts (NULL), packages_new_app (&(PackageSpec){ .sdk = TRUE }));
  g_autoptr (LksSideloadPlan) stored = NULL;
  g_autoptr (LksSideloadPlan) session = NULL;
  LksSideloadPackage *sdk = packages_new_app (&(PackageSpec){ .sdk = TRUE });
  g_autoptr (LksSideloadPlan) certain = NULL;

  expect (closed, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_MAY_NEED_DEVELOPMENT);
  developing->stored_development = TRUE;
  stored = plan_one (developing, packages_new_app (&(PackageSpec){ .sdk = TRUE }));
  g_assert_cmpuint (stored->findings->len, ==, 0);
  in_session->session_development = TRUE;
  session = plan_one (in_session, packages_new_app (&(PackageSpec){ .sdk = TRUE }));
  g_assert_cmpuint (session->findings->len, ==, 0);

  /* Nobody here has the SDK's key: what the inspector would say of its images. */
  sdk->inspection->signer = LKS_IMAGE_SIGNER_SDK;
  certain = plan_one (new_facts (NULL), sdk);
  expect (certain, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_NEEDS_DEVELOPMENT);
  expect_check (certain, FALSE, LKS_SERVICE_ERROR_INVALID);
}

static void
test_runtime (void)
{
  LksSideloadFacts *silent = new_facts (NULL);
  g_autoptr (LksSideloadPlan) newer =
      plan_one (new_facts (NULL), packages_new_app (&(PackageSpec){ .runtime = 17 }));
  g_autoptr (LksSideloadPlan) same =
      plan_one (new_facts (NULL), packages_new_app (&(PackageSpec){ .runtime = 16 }));
  g_autoptr (LksSideloadPlan) unknown = NULL;

  silent->has_abi = FALSE;
  unknown = plan_one (silent, packages_new_app (&(PackageSpec){ .runtime = 17 }));
  expect (newer, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_NEEDS_NEWER_OS);
  g_assert_cmpuint (same->findings->len, ==, 0);
  g_assert_cmpuint (unknown->findings->len, ==, 0);
}

static void
test_keystore (void)
{
  LksSideloadFacts *old = new_facts (NULL);
  LksSideloadFacts *old_again = new_facts (NULL);
  g_autoptr (LksSideloadPlan) plan = NULL;
  g_autoptr (LksSideloadPlan) cure = NULL;

  g_free (old->os_version);
  old->os_version = g_strdup ("22.09");
  plan = plan_one (old, packages_new_app (&(PackageSpec){ .built_unix_s = AUGUST_2024 }));
  expect (plan, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_KEYSTORE);
  expect_check (plan, FALSE, GOOD);

  g_free (old_again->os_version);
  old_again->os_version = g_strdup ("22.09");
  cure =
      plan_one (old_again,
                packages_new (packages_build_other (LKS_IMAGE_TYPE_TRUSTED_KEYSTORE, AUGUST_2024)));
  g_assert_cmpuint (cure->findings->len, ==, 0);
}

static void
test_clashes (void)
{
  const PackageSpec pin = { .capabilities = "\"Gpio\":[8]", .name = "One" };
  const PackageSpec same_pin = { .component_id = PACKAGES_OTHER_APP,
                                 .name = "Two",
                                 .capabilities = "\"Gpio\":[8]" };
  const PackageSpec bus = { .capabilities = "\"Uart\":[\"ISU0\"]" };
  const PackageSpec bus_pin = { .component_id = PACKAGES_OTHER_APP,
                                .capabilities = "\"Gpio\":[26]" };
  g_autoptr (LksSideloadPlan) two =
      plan_two (new_facts (""), packages_new_app (&pin), packages_new_app (&same_pin));
  g_autoptr (LksSideloadPlan) possible =
      plan_two (new_facts (""), packages_new_app (&bus), packages_new_app (&bus_pin));
  g_autoptr (LksSideloadPlan) installed =
      plan_one (new_facts ("\"Gpio\":[8]"), packages_new_app (&pin));
  g_autoptr (LksSideloadPlan) unknown = plan_one (new_facts (NULL), packages_new_app (&pin));
  g_autoptr (LksSideloadPlan) update =
      plan_one (new_facts ("\"Gpio\":[8]"),
                packages_new_app (
                    &(PackageSpec){ .component_id = INSTALLED, .capabilities = "\"Gpio\":[8]" }));
  /* The installed application is replaced by one that lets go of the pin. */
  g_autoptr (LksSideloadPlan) swap =
      plan_two (new_facts ("\"Gpio\":[8]"), packages_new_app (&pin),
                packages_new_app (&(PackageSpec){ .component_id = INSTALLED }));
  g_autoptr (LksSideloadPlan) same =
      plan_two (new_facts (""), packages_new_app (&(PackageSpec){ 0 }),
                packages_new_app (&(PackageSpec){ 0 }));

  expect (two, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_CLASH);
  expect (possible, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_CLASH);
  expect (installed, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_CLASH);
  expect (unknown, LKS_FINDING_LEVEL_NOTE, LKS_FINDING_CODE_CLASH);
  g_assert_cmpuint (update->findings->len, ==, 0);
  g_assert_cmpuint (swap->findings->len, ==, 0);
  expect (same, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_SAME_COMPONENT);
}

static void
test_capabilities (void)
{
  LksSideloadFacts *finished = new_facts (NULL);
  LksSideloadFacts *forgotten = new_facts (NULL);
  g_autoptr (LksSideloadPlan) open =
      plan_one (new_facts (NULL), packages_new (packages_build_key (THIS_BOARD, 11)));
  g_autoptr (LksSideloadPlan) other =
      plan_one (new_facts (NULL), packages_new (packages_build_key (OTHER_BOARD, 0)));
  g_autoptr (LksSideloadPlan) nothing =
      plan_one (new_facts (NULL), packages_new (packages_build_key (THIS_BOARD, 0)));
  g_autoptr (LksSideloadPlan) guarded = NULL;
  g_autoptr (LksSideloadPlan) removal = NULL;

  expect (open, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_STAYS_OPEN);
  g_assert_cmpint ((int) open->forecast, ==, LKS_RESTART_FORECAST_YES);
  g_assert_cmpint ((int) lks_sideload_plan_get_level (other), ==, LKS_FINDING_LEVEL_FORBIDDEN);
  expect_check (other, TRUE, LKS_SERVICE_ERROR_UNSAFE);
  expect (nothing, LKS_FINDING_LEVEL_NOTE, LKS_FINDING_CODE_NOTHING_STORED);

  finished->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  guarded = plan_one (finished, packages_new (packages_build_key (THIS_BOARD, 13)));
  expect (guarded, LKS_FINDING_LEVEL_FORBIDDEN, LKS_FINDING_CODE_FINISHED_BOARD);
  expect_check (guarded, FALSE, LKS_SERVICE_ERROR_UNSAFE);
  expect_check (guarded, TRUE, LKS_SERVICE_ERROR_UNSAFE);

  forgotten->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  forgotten->stored_development = TRUE;
  removal = plan_one (forgotten, packages_new (packages_build_key (THIS_BOARD, 0)));
  g_assert_cmpuint (removal->findings->len, ==, 0);
  expect_check (removal, FALSE, GOOD);
}

static void
test_other_findings (void)
{
  g_autoptr (LksSideloadPlan) storage =
      plan_one (new_facts (""), packages_new_app (&(PackageSpec){
                                    .capabilities = "\"MutableStorage\":{\"SizeKB\":65}" }));
  g_autoptr (LksSideloadPlan) kernel =
      plan_one (new_facts (NULL), packages_new (packages_build_other (7, 0)));
  g_autoptr (LksSideloadPlan) twice =
      plan_one (new_facts (""),
                packages_new_app (&(PackageSpec){ .capabilities = "\"Gpio\":[8,8]" }));
  LksSideloadFacts *facts = new_facts (NULL);
  LksSideloadPackage *package = packages_new_app (&(PackageSpec){ .component_id = INSTALLED });
  g_autoptr (LksSideloadPlan) there = NULL;

  expect (storage, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_STORAGE);
  expect (kernel, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_UNKNOWN_KIND);
  expect (twice, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_FLAW);

  g_free (lks_software_find (facts->software, INSTALLED)->image_id);
  lks_software_find (facts->software, INSTALLED)->image_id =
      g_strdup (package->inspection->metadata->image_id);
  facts->lock = LKS_PERIPHERAL_LOCK_LOCKED;
  there = plan_one (facts, package);
  expect (there, LKS_FINDING_LEVEL_NOTE, LKS_FINDING_CODE_ALREADY_INSTALLED);
  g_assert_cmpint ((int) there->forecast, ==, LKS_RESTART_FORECAST_NO); /* it is its own manifest */
}

/* A forecast needs the manifest of the installed image, and remembers what it has seen. */
static void
test_store (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = g_dir_make_tmp ("locksmith-store-XXXXXX", &error);
  g_autofree char *deep = g_build_filename (parent, "deep", NULL);
  g_autofree char *folder = g_build_filename (deep, "manifests", NULL);
  g_autoptr (LksManifestStore) store = lks_manifest_store_new (folder);
  g_autoptr (LksManifestStore) later = NULL;
  g_autoptr (LksSideloadPackage) package =
      packages_new_app (&(PackageSpec){ .capabilities = "\"Gpio\":[8]" });
  g_autoptr (LksSideloadPackage) keystore =
      packages_new (packages_build_other (LKS_IMAGE_TYPE_TRUSTED_KEYSTORE, 0));
  const char *image_id = package->inspection->metadata->image_id;
  g_autofree char *name = g_strconcat (image_id, ".json", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (LksManifest) manifest = NULL;
  g_autoptr (LksManifest) again = NULL;
  GStatBuf status;

  g_assert_null (lks_manifest_store_find (store, image_id));
  lks_manifest_store_add (store, keystore->bytes, keystore->inspection);
  lks_manifest_store_add (store, package->bytes, package->inspection);
  manifest = lks_manifest_store_find (store, image_id);
  g_assert_cmpstr (manifest->peripherals[0], ==, "Gpio 8");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);

  later = lks_manifest_store_new (folder);
  again = lks_manifest_store_find (later, image_id);
  g_assert_true (lks_manifest_has_same_peripherals (manifest, again));
  g_assert_null (lks_manifest_store_find (later, "../../etc/passwd"));
  g_assert_true (g_file_set_contents (path, "not json", -1, NULL));
  g_clear_pointer (&later, lks_manifest_store_free);
  later = lks_manifest_store_new (folder);
  g_assert_null (lks_manifest_store_find (later, image_id));

  g_unlink (path);
  g_rmdir (folder);
  g_rmdir (deep);
  g_rmdir (parent);
}

static void
test_delete_plan (void)
{
  LksSideloadFacts *facts = new_facts ("\"Gpio\":[8]");
  g_autoptr (LksSoftware) software = g_steal_pointer (&facts->software);
  static const char *const ours[] = { INSTALLED, NULL };
  static const char *const twice[] = { INSTALLED, "DDDDDDDD-0000-4000-8000-000000000001", NULL };
  static const char *const wrong[] = { PACKAGES_APP, NULL };
  static const char *const system[] = { "dddddddd-0000-4000-8000-00000000000f", NULL };
  static const char *const nobody[] = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksDeletePlan) one =
      lks_delete_plan_new (software, LKS_PERIPHERAL_LOCK_LOCKED, twice, &error);
  g_autoptr (LksDeletePlan) open = NULL;
  g_autoptr (LksDeletePlan) keep = NULL;
  g_autoptr (LksDeletePlan) all = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (one->deletions->len, ==, 1);
  g_assert_cmpint ((int) one->forecast, ==, LKS_RESTART_FORECAST_CANNOT_TELL);
  open = lks_delete_plan_new (software, LKS_PERIPHERAL_LOCK_OPEN, ours, &error);
  g_assert_cmpint ((int) open->forecast, ==, LKS_RESTART_FORECAST_NO);
  keep = lks_delete_plan_new_keep_only (software, LKS_PERIPHERAL_LOCK_OPEN, ours, &error);
  g_assert_cmpuint (keep->deletions->len, ==, 0);
  all = lks_delete_plan_new_keep_only (software, LKS_PERIPHERAL_LOCK_OPEN, nobody, &error);
  g_assert_cmpuint (all->deletions->len, ==, 1);

  g_assert_null (lks_delete_plan_new (software, LKS_PERIPHERAL_LOCK_OPEN, wrong, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (lks_delete_plan_new (software, LKS_PERIPHERAL_LOCK_OPEN, system, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (lks_delete_plan_new_keep_only (software, LKS_PERIPHERAL_LOCK_OPEN, wrong, &error));
  g_assert_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID);
  lks_sideload_facts_free (facts);
}

static void
test_json (void)
{
  g_autoptr (LksSideloadPlan) plan =
      plan_one (new_facts (NULL),
                packages_new_app (&(PackageSpec){ .capabilities = "\"Gpio\":[8]" }));
  g_autoptr (JsonNode) node = lks_sideload_plan_to_json (plan);
  g_autoptr (JsonNode) software = lks_software_to_json (plan->facts->software);
  JsonObject *root = json_node_get_object (node);
  JsonObject *package =
      json_array_get_object_element (json_object_get_array_member (root, "packages"), 0);
  JsonObject *finding =
      json_array_get_object_element (json_object_get_array_member (root, "findings"), 0);
  JsonArray *components =
      json_object_get_array_member (json_node_get_object (software), "components");

  g_assert_cmpstr (json_object_get_string_member (root, "restarts"), ==, "no");
  g_assert_cmpstr (json_object_get_string_member (package, "keystore"), ==, "fits");
  g_assert_cmpstr (json_object_get_string_member (finding, "level"), ==, "note");
  g_assert_cmpuint (json_array_get_length (components), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (components, 0),
                                                  "name"),
                   ==, "Installed");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/nothing-wrong", test_nothing_wrong);
  g_test_add_func ("/plan/board", test_board);
  g_test_add_func ("/plan/signers", test_signers);
  g_test_add_func ("/plan/runtime", test_runtime);
  g_test_add_func ("/plan/keystore", test_keystore);
  g_test_add_func ("/plan/clashes", test_clashes);
  g_test_add_func ("/plan/capabilities", test_capabilities);
  g_test_add_func ("/plan/other-findings", test_other_findings);
  g_test_add_func ("/plan/store", test_store);
  g_test_add_func ("/plan/delete", test_delete_plan);
  g_test_add_func ("/plan/json", test_json);

  status = g_test_run ();
  packages_clean_up ();
  return status;
}
