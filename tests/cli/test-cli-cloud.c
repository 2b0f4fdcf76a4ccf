/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-cli-cloud LOCKSMITHCTL EMULATOR: the real program, the real keyring, the emulated service.
 */
#include "emulator-process.h"

#include <glib/gstdio.h>
#include <string.h>

#define MARK "EMUTOKEN"
#define CLIENT "11111111-2222-4333-8444-555555555555"
#define TENANT "aaaaaaaa-2222-4333-8444-555555555555"

static const char *ctl;
static const char *emulator;

typedef struct
{
  EmulatorProcess process;
  char *trust_file;
  char *secret_file;
} Fixture;

/* What the program said. */
typedef struct
{
  int status;
  char *output;
  char *errors;
  JsonNode *json; /* (nullable) */
} Said;

static void
said_clear (Said *self)
{
  g_free (self->output);
  g_free (self->errors);
  g_clear_pointer (&self->json, json_node_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)

/* PLACE stands for the options that lead to the emulated service, SECRET for the file with the
 * secret.
 */
static Said
run (Fixture *f, const char *line)
{
  g_autoptr (GString) text = g_string_new (line);
  g_autofree char *place = g_strdup_printf ("--application " CLIENT " --tenant " TENANT
                                            " --sign-in-address %s --resource-address %s",
                                            f->process.cloud, f->process.cloud);
  g_autofree char *whole = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (GError) error = NULL;
  Said said = { 0 };

  g_string_replace (text, "PLACE", place, 0);
  g_string_replace (text, "SECRET", f->secret_file, 0);
  whole = g_strdup_printf ("%s cloud %s", ctl, text->str);
  g_assert_true (g_shell_parse_argv (whole, NULL, &words, &error));
  program =
      g_subprocess_newv ((const char *const *) words,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (program, NULL, NULL, &said.output, &said.errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (program));
  said.status = g_subprocess_get_exit_status (program);
  g_test_message ("%s: %d\n%s%s", line, said.status, said.output, said.errors);
  g_assert_null (strstr (said.output, MARK));
  g_assert_null (strstr (said.errors, MARK));
  if (strstr (line, "--json") != NULL)
    {
      said.json = json_from_string (said.output, &error);
      g_assert_no_error (error);
      g_assert_nonnull (said.json);
    }
  return said;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_config_dir (), "locksmith", "cloud-trust.d", NULL);
  g_autofree char *ca = NULL;
  g_autofree char *pem = NULL;

  emulator_process_start_with_cloud (&f->process, emulator,
                                     "{\"cloud\":{\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT
                                     "\",\"pollSeconds\":0}}");
  ca = emulator_process_get_path (&f->process, "ca.pem");
  g_assert_true (g_file_get_contents (ca, &pem, NULL, NULL));
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  f->trust_file = g_build_filename (folder, "emulated.pem", NULL);
  g_assert_true (g_file_set_contents (f->trust_file, pem, -1, NULL));
  f->secret_file = g_build_filename (g_get_home_dir (), "secret", NULL);
  g_assert_true (g_file_set_contents (f->secret_file, "emulated-client-secret\n", -1, NULL));
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_unlink (f->trust_file);
  g_unlink (f->secret_file);
  g_free (f->trust_file);
  g_free (f->secret_file);
  emulator_process_stop (&f->process);
}

static const char *
get_text (JsonObject *object, const char *member)
{
  return json_object_get_string_member (object, member);
}

static JsonObject *
get_error (const Said *said)
{
  return json_object_get_object_member (json_node_get_object (said->json), "error");
}

static guint
count_accounts (Fixture *f)
{
  g_auto (Said) said = run (f, "accounts --json");

  g_assert_cmpint (said.status, ==, 0);
  return json_array_get_length (json_node_get_array (said.json));
}

static void
test_accounts (Fixture *f, gconstpointer unused)
{
  g_auto (Said) person = { 0 };
  g_auto (Said) again = { 0 };
  g_auto (Said) station = { 0 };
  g_auto (Said) table = { 0 };
  g_auto (Said) unclear = { 0 };
  g_auto (Said) stranger = { 0 };
  g_auto (Said) out = { 0 };
  g_auto (Said) last = { 0 };
  g_auto (Said) none = { 0 };
  JsonObject *account;

  g_assert_cmpuint (count_accounts (f), ==, 0);
  person = run (f, "sign-in PLACE --json");
  g_assert_cmpint (person.status, ==, 0);
  account = json_node_get_object (person.json);
  g_assert_cmpstr (get_text (account, "user"), ==, "operator@plant.example");
  g_assert_cmpstr (get_text (account, "kind"), ==, "person");
  g_assert_cmpstr (get_text (account, "tenant"), ==, TENANT);
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
  g_assert_cmpint (none.status, ==, 2);
  g_assert_cmpuint (count_accounts (f), ==, 0);
}

static void
test_refusals (Fixture *f, gconstpointer unused)
{
  g_auto (Said) no_application = run (f, "sign-in --json");
  g_auto (Said) vendor =
      run (f, "sign-in --application 04b07795-8ddb-461a-bbee-02f9e1bf7b46 --json");
  g_auto (Said) both = run (f, "sign-in PLACE --secret-file SECRET --certificate SECRET");
  g_auto (Said) on_line = run (f, "sign-in PLACE --secret x");
  g_auto (Said) wrong = { 0 };
  g_auto (Said) untrusted = { 0 };

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  ctl = argv[1];
  emulator = argv[2];

  g_test_add ("/cli/cloud/accounts", Fixture, NULL, set_up, test_accounts, tear_down);
  g_test_add ("/cli/cloud/refusals", Fixture, NULL, set_up, test_refusals, tear_down);

  return g_test_run ();
}
