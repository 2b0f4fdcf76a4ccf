/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cli-cloud LOCKSMITHCTL EMULATOR: the real program, the real keyring, the emulated service.
 */
#include "canary.h"
#include "cloud-user.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *ctl;
static const char *emulator;

static void
set_up (CloudUser *f, gconstpointer unused)
{
  cloud_user_set_up (f, ctl, emulator, "");
}

static void
tear_down (CloudUser *f, gconstpointer unused)
{
  cloud_user_tear_down (f);
}

static CloudSaid
run (CloudUser *f, const char *line)
{
  g_autofree char *whole = g_strconcat ("cloud ", line, NULL);

  return cloud_user_run (f, whole);
}

static const char *
get_text (JsonObject *object, const char *member)
{
  return json_object_get_string_member (object, member);
}

static JsonObject *
get_error (const CloudSaid *said)
{
  return json_object_get_object_member (json_node_get_object (said->json), "error");
}

static guint
count_accounts (CloudUser *f)
{
  g_auto (CloudSaid) said = run (f, "accounts --json");

  g_assert_cmpint (said.status, ==, 0);
  return json_array_get_length (json_node_get_array (said.json));
}

static void
test_accounts (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) person = { 0 };
  g_auto (CloudSaid) again = { 0 };
  g_auto (CloudSaid) station = { 0 };
  g_auto (CloudSaid) table = { 0 };
  g_auto (CloudSaid) unclear = { 0 };
  g_auto (CloudSaid) stranger = { 0 };
  g_auto (CloudSaid) out = { 0 };
  g_auto (CloudSaid) last = { 0 };
  g_auto (CloudSaid) none = { 0 };
  JsonObject *account;

  g_assert_cmpuint (count_accounts (f), ==, 0);
  person = run (f, "sign-in PLACE --json");
  g_assert_cmpint (person.status, ==, 0);
  account = json_node_get_object (person.json);
  g_assert_cmpstr (get_text (account, "user"), ==, "operator@plant.example");
  g_assert_cmpstr (get_text (account, "kind"), ==, "person");
  g_assert_cmpstr (get_text (account, "tenant"), ==, CLOUD_USER_TENANT);
  g_assert_nonnull (strstr (person.errors, "/devicelogin"));
  again = run (f, "sign-in PLACE");
  g_assert_cmpint (again.status, ==, 0);
  g_assert_cmpuint (count_accounts (f), ==, 1);

  station = run (f, "sign-in PLACE --secret-file SECRET");
  g_assert_cmpint (station.status, ==, 0);
  g_assert_cmpuint (count_accounts (f), ==, 2);
  table = run (f, "accounts");
  g_assert_nonnull (strstr (table.output, "operator@plant.example"));

  unclear = run (f, "sign-out");
  g_assert_cmpint (unclear.status, ==, 2);
  stranger = run (f, "sign-out somebody");
  g_assert_cmpint (stranger.status, ==, 2);
  out = run (f, "sign-out Operator@plant.example");
  g_assert_cmpint (out.status, ==, 0);
  last = run (f, "sign-out");
  g_assert_cmpint (last.status, ==, 0);
  none = run (f, "sign-out");
  g_assert_cmpint (none.status, ==, 6);
  g_assert_cmpuint (count_accounts (f), ==, 0);
}

/* The two kinds of accounts stand side by side. What a Legacy one shows, it shows with a warning,
 * and nothing of that on standard output. */
static void
test_legacy (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) both = { 0 };
  g_auto (CloudSaid) person = { 0 };
  g_auto (CloudSaid) table = { 0 };
  g_auto (CloudSaid) catalogs = { 0 };
  g_auto (CloudSaid) groups = { 0 };
  g_auto (CloudSaid) subscription = { 0 };
  g_auto (CloudSaid) refused = { 0 };
  g_auto (CloudSaid) stray = { 0 };
  g_auto (CloudSaid) out = { 0 };
  g_auto (CloudSaid) last = { 0 };
  JsonObject *tenant;
  g_autofree char *by_id = NULL;

  stray = run (f, "sign-in PLACE --permission x");
  g_assert_cmpint (stray.status, ==, 2);
  person = run (f, "sign-in PLACE --legacy --json");
  g_assert_cmpint (person.status, ==, 0);
  g_assert_cmpstr (get_text (json_node_get_object (person.json), "service"), ==, "legacy");
  g_assert_nonnull (strstr (person.errors, "Legacy service after 2027-09-27"));
  table = run (f, "accounts");
  g_assert_nonnull (strstr (table.output, " legacy "));

  catalogs = run (f, "catalog list --json");
  g_assert_cmpint (catalogs.status, ==, 0);
  g_assert_nonnull (strstr (catalogs.errors, "Legacy service after 2027-09-27"));
  g_assert_nonnull (strstr (catalogs.errors, "Contributor also claims"));
  tenant = json_array_get_object_element (
      json_object_get_array_member (json_node_get_object (catalogs.json), "catalogs"), 0);
  g_assert_cmpstr (get_text (tenant, "catalog"), ==, "plant7");
  by_id = g_strdup_printf ("group list --json --catalog %s", get_text (tenant, "tenantId"));
  groups = run (f, by_id);
  g_assert_cmpint (groups.status, ==, 0);
  g_assert_nonnull (strstr (groups.output, "Production"));

  subscription = run (f, "catalog list --subscription 11111111-2222-4333-8444-555555555555 --json");
  g_assert_cmpint (subscription.status, ==, 2);
  refused = run (f, "catalog delete plant7 --yes --json");
  g_assert_nonnull (strstr (refused.errors, "the tenant's role Contributor or Administrator"));
  g_assert_null (strstr (refused.errors, "Azure Sphere Contributor"));
  g_assert_cmpint (refused.status, ==, 6);
  g_assert_nonnull (strstr (refused.errors, "cannot be deleted"));

  both = run (f, "sign-in PLACE --secret-file SECRET");
  g_assert_cmpuint (count_accounts (f), ==, 2);
  out = run (f, "sign-out operator@plant.example");
  last = run (f, "sign-out");
  g_assert_cmpuint (count_accounts (f), ==, 0);
}

static void
test_refusals (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) no_application = run (f, "sign-in --json");
  g_auto (CloudSaid) vendor =
      run (f, "sign-in --application 04b07795-8ddb-461a-bbee-02f9e1bf7b46 --json");
  g_auto (CloudSaid) both = run (f, "sign-in PLACE --secret-file SECRET --certificate SECRET");
  g_auto (CloudSaid) on_line = run (f, "sign-in PLACE --secret x");
  g_auto (CloudSaid) wrong = { 0 };
  g_auto (CloudSaid) untrusted = { 0 };

  g_assert_cmpint (no_application.status, ==, 2);
  g_assert_cmpstr (get_text (get_error (&no_application), "domain"), ==, "cloud");
  g_assert_cmpint (vendor.status, ==, 2);
  g_assert_cmpint (both.status, ==, 2);
  g_assert_cmpint (on_line.status, ==, 2);

  g_assert_true (g_file_set_contents (f->secret_file, "wr0ng", -1, NULL));
  wrong = run (f, "sign-in PLACE --secret-file SECRET --json");
  g_assert_cmpint (wrong.status, ==, 6);
  g_assert_cmpstr (get_text (get_error (&wrong), "code"), ==, "setup");
  g_assert_cmpstr (get_text (get_error (&wrong), "serviceCode"), ==, "invalid_client");
  g_assert_cmpint (json_object_get_int_member (get_error (&wrong), "httpStatus"), ==, 401);
  g_assert_null (strstr (wrong.output, "wr0ng"));

  g_unlink (f->trust_file);
  untrusted = run (f, "sign-in PLACE --json");
  g_assert_cmpint (untrusted.status, ==, 6);
  g_assert_cmpstr (get_text (get_error (&untrusted), "code"), ==, "untrusted");
  g_assert_cmpuint (count_accounts (f), ==, 0);
}

/* Nothing that opens anything is in what the program logs, whoever signs in. */
static void
test_logs (CloudUser *f, gconstpointer unused)
{
  g_auto (CloudSaid) person = { 0 };
  g_auto (CloudSaid) list = { 0 };
  g_auto (CloudSaid) out = { 0 };

  f->debugs = TRUE;
  person = run (f, "sign-in PLACE");
  g_assert_cmpint (person.status, ==, 0);
  list = run (f, "device list --limit 1");
  g_assert_cmpint (list.status, ==, 0);
  g_assert_nonnull (strstr (list.errors, "DEBUG"));
  out = run (f, "sign-out");
  g_assert_cmpint (out.status, ==, 0);
}

/* ---- what a core image would hold ---- */

#define TOKEN_MARK "EMUTOKEN-keep-this-secret"
#define SECRET_TEXT "emulated-client-secret"

static void
save_list (CloudUser *f, const char *path)
{
  g_auto (CloudSaid) said = run (f, "device list --limit 2 --csv");

  g_assert_cmpint (said.status, ==, 0);
  g_assert_true (g_file_set_contents (path, said.output, -1, NULL));
}

/* The program is at work on the second one then. (transfer full) (nullable): the end of the ID of
 * the device whose capability is in the vault */
static char *
dup_first_kept (CloudUser *f)
{
  g_auto (CloudSaid) said = cloud_user_run (f, "capability list --json");
  JsonArray *items = json_node_get_array (said.json);
  const char *id;

  if (json_array_get_length (items) == 0)
    return NULL;
  id = get_text (json_array_get_object_element (items, 0), "deviceId");
  return g_strdup (id + strlen (id) - 8);
}

static Canary *
learn_key (CloudUser *f, const char *item)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), "out.cap", NULL);
  g_autofree char *line = g_strdup_printf ("capability export %s '%s'", item, path);
  g_auto (CloudSaid) said = cloud_user_run (f, line);
  g_autoptr (GBytes) bytes = NULL;
  char *content;
  gsize size;

  g_assert_cmpint (said.status, ==, 0);
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_unlink (path);
  bytes = g_bytes_new_take (content, size);
  return canary_new (bytes);
}

static void
check_program (Canary *canary, GSubprocess *program, gboolean is_in_use)
{
  GPid pid = (GPid) g_ascii_strtoll (g_subprocess_get_identifier (program), NULL, 10);
  g_autofree char *command_line = g_strdup_printf ("/proc/%d/cmdline", pid);
  g_autofree char *environment = g_strdup_printf ("/proc/%d/environ", pid);
  CanaryMemory memory = canary_count_memory (canary, pid);

  g_assert_cmpuint (memory.core, ==, 0);
  if (is_in_use)
    g_assert_cmpuint (memory.excluded, >, 0); /* the search finds it where it may be */
  g_assert_cmpuint (canary_count_file (canary, command_line), ==, 0);
  g_assert_cmpuint (canary_count_file (canary, environment), ==, 0);
}

static void
delay_second_capability (CloudUser *f)
{
  g_autoptr (JsonObject) cleared =
      emulator_process_command (&f->process, "{\"command\":\"cloud-clear\"}");
  g_autoptr (JsonObject) answer = emulator_process_command (
      &f->process, "{\"command\":\"cloud-fault\",\"fault\":{\"kind\":\"slow\",\"path\":"
                   "\"generateCapability\",\"skip\":1,\"seconds\":600}}");

  g_assert_false (json_object_has_member (answer, "error"));
}

/* In the middle of its work, which the service delays: one capability is in the vault, another is
 * waited for. */
static void
search_memory (CloudUser *f, Canary *tokens, Canary *secret, const char *line)
{
  g_autoptr (GSubprocess) program = NULL;
  g_autofree char *item = NULL;
  g_autofree char *remove = NULL;
  g_auto (CloudSaid) removed = { 0 };
  Canary *key;

  delay_second_capability (f);
  program = cloud_user_start (f, line);
  while ((item = dup_first_kept (f)) == NULL)
    g_assert_nonnull (g_subprocess_get_identifier (program)); /* it has not ended */
  key = learn_key (f, item);
  check_program (tokens, program, TRUE);
  check_program (secret, program, FALSE);
  check_program (key, program, FALSE);
  canary_free (key);
  g_subprocess_force_exit (program);
  g_assert_true (g_subprocess_wait (program, NULL, NULL));
  remove = g_strdup_printf ("capability remove %s --yes", item);
  removed = cloud_user_run (f, remove);
  g_assert_cmpint (removed.status, ==, 0);
}

static void
test_memory (CloudUser *f, gconstpointer unused)
{
  g_autofree char *list = g_build_filename (g_get_home_dir (), "day.csv", NULL);
  g_autofree char *download = g_strdup_printf (
      "cloud capability download --kind fieldServicing --catalog plant7 --csv '%s'", list);
  g_autofree char *pack =
      g_strdup_printf ("cloud route pack --catalog plant7 --folder '%s/day' --csv '%s' "
                       "--os-address %s",
                       g_get_home_dir (), list, f->process.cloud);
  Canary *tokens;
  Canary *secret;
  g_auto (CloudSaid) out = { 0 };

#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("AddressSanitizer's shadow is larger than any disk");
  return;
#endif
  tokens = canary_new_for_text (TOKEN_MARK);
  secret = canary_new_for_text (SECRET_TEXT);
  g_assert_cmpuint (canary_count_file (secret, f->secret_file), ==, 1); /* it can be found */
  cloud_user_sign_in (f);
  save_list (f, list);
  search_memory (f, tokens, secret, download);
  search_memory (f, tokens, secret, pack);
  out = run (f, "sign-out");
  g_unlink (list);
  canary_free (tokens);
  canary_free (secret);
}

/* No sign-in is needed, and the exit status says whether online work can begin. */
static void
test_network (CloudUser *f, gconstpointer unused)
{
  const char *host = f->process.cloud + strlen ("https://");
  g_autofree char *good = g_strdup_printf ("test --json --host %s", host);
  g_autofree char *bad = g_strdup_printf ("test --json --host %s --host 127.0.0.1:1", host);
  g_auto (CloudSaid) reached = run (f, good);
  g_auto (CloudSaid) refused = run (f, bad);
  g_auto (CloudSaid) table = run (f, "test --host 127.0.0.1:1");
  g_auto (CloudSaid) usage = run (f, "test --host one:no-such-port --json");
  JsonArray *places = json_object_get_array_member (json_node_get_object (refused.json), "places");

  g_assert_cmpint (reached.status, ==, 0);
  g_assert_true (json_object_get_boolean_member (json_node_get_object (reached.json), "ready"));
  g_assert_cmpint (refused.status, ==, 6);
  g_assert_cmpstr (get_text (json_array_get_object_element (places, 0), "verdict"), ==, "reached");
  g_assert_cmpstr (get_text (json_array_get_object_element (places, 1), "verdict"), ==, "refused");
  g_assert_true (json_object_has_member (json_array_get_object_element (places, 1), "advice"));
  g_assert_cmpint (table.status, ==, 6);
  g_assert_nonnull (strstr (table.errors, "firewall"));
  g_assert_cmpint (usage.status, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  ctl = argv[1];
  emulator = argv[2];

  g_test_add ("/cli/cloud/accounts", CloudUser, NULL, set_up, test_accounts, tear_down);
  g_test_add ("/cli/cloud/logs", CloudUser, NULL, set_up, test_logs, tear_down);
  g_test_add ("/cli/cloud/memory", CloudUser, NULL, set_up, test_memory, tear_down);
  g_test_add ("/cli/cloud/legacy", CloudUser, NULL, set_up, test_legacy, tear_down);
  g_test_add ("/cli/cloud/refusals", CloudUser, NULL, set_up, test_refusals, tear_down);

  g_test_add ("/cli/cloud/network", CloudUser, NULL, set_up, test_network, tear_down);
  return g_test_run ();
}
