/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-account EMULATOR: accounts in the real keyring, used against the emulated service. */
#include "emulator-process.h"
#include "keyring-daemon.h"

#include "lks-cloud-account.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-client.h"
#include "lks-cloud-error.h"
#include "lks-cloud-unsaved.h"

#include <glib/gstdio.h>
#include <string.h>

#define MARK "EMUTOKEN"
#define CLIENT "11111111-2222-4333-8444-555555555555"
#define TENANT "aaaaaaaa-2222-4333-8444-555555555555"
#define SUBSCRIPTION "bbbbbbbb-2222-4333-8444-555555555555"

static const char *emulator;

/* What was logged, on every level. */
static GString *log_text;
static GMutex log_mutex;

static GLogWriterOutput
keep_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer unused)
{
  g_autofree char *line = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  g_mutex_lock (&log_mutex);
  g_string_append (log_text, line);
  g_mutex_unlock (&log_mutex);
  return G_LOG_WRITER_HANDLED;
}

typedef struct
{
  EmulatorProcess process;
  char *ca;
  char *dir;
  KeyringDaemon *daemon;
  LksCloudTrust *trust;
  LksCloudPlace *place;
  LksSecretStore *store;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  emulator_process_start_with_cloud (&f->process, emulator,
                                     "{\"cloud\":{\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT
                                     "\",\"subscription\":"
                                     "\"" SUBSCRIPTION "\",\"pollSeconds\":0}}");
  f->ca = emulator_process_get_path (&f->process, "ca.pem");
  f->dir = g_dir_make_tmp ("test-account-XXXXXX", NULL);
  f->daemon = keyring_daemon_new (f->dir);
  keyring_daemon_start (f->daemon, KEYRING_PASSWORD);
  f->trust = lks_cloud_trust_new ();
  g_assert_true (lks_cloud_trust_add_file (f->trust, f->ca, &error));
  f->place = lks_cloud_place_new (f->process.cloud, f->process.cloud, TENANT, CLIENT, &error);
  g_assert_no_error (error);
  f->store = lks_secret_store_new ("sign-in");
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", f->dir);

  lks_secret_store_unref (f->store);
  lks_cloud_place_free (f->place);
  lks_cloud_trust_unref (f->trust);
  keyring_daemon_stop (f->daemon);
  keyring_daemon_free (f->daemon);
  emulator_process_stop (&f->process);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (f->dir);
  g_free (f->ca);
}

static void
command (Fixture *f, const char *request)
{
  g_autoptr (JsonObject) answer = emulator_process_command (&f->process, request);

  g_assert_true (json_object_get_boolean_member (answer, "ok"));
}

static LksCloudAccount *
add_person (Fixture *f)
{
  g_autoptr (LksSignIn) sign_in = lks_sign_in_new (f->place, f->trust, NULL);
  g_auto (LksDeviceCode) code = { 0 };
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;
  LksCloudAccount *account;

  g_assert_true (lks_sign_in_begin (sign_in, NULL, &code, &error));
  g_assert_true (lks_sign_in_await (sign_in, &code, NULL, &tokens, &error));
  g_assert_no_error (error);
  account = lks_cloud_account_add (f->store, f->place, f->trust, LKS_ACCOUNT_KIND_PERSON, NULL,
                                   &tokens, NULL, &error);
  g_assert_no_error (error);
  return account;
}

static LksCloudAccount *
add_station (Fixture *f)
{
  g_autoptr (LksSignIn) sign_in = lks_sign_in_new (f->place, f->trust, NULL);
  g_autoptr (LksSecret) secret = lks_secret_new ("emulated-client-secret", 22);
  g_auto (LksTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;
  LksCloudAccount *account;

  g_assert_true (lks_sign_in_with_secret (sign_in, secret, NULL, &tokens, &error));
  account = lks_cloud_account_add (f->store, f->place, f->trust, LKS_ACCOUNT_KIND_SECRET, secret,
                                   &tokens, NULL, &error);
  g_assert_no_error (error);
  return account;
}

static gboolean
count (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  (*(guint *) user_data)++;
  return TRUE;
}

/* Lists the catalogs; how many there are. */
static guint
list_catalogs (Fixture *f, LksCloudAccount *account, GError **error)
{
  g_autoptr (LksCloudClient) client =
      lks_cloud_client_new (f->process.cloud, LKS_TOKEN_SOURCE (account), f->trust, NULL, error);
  const LksCloudCall call = {
    .method = "GET",
    .path = "/subscriptions/" SUBSCRIPTION
            "/providers/Microsoft.AzureSphere/catalogs?api-version=2024-04-01",
  };
  guint n = 0;

  g_assert_nonnull (client);
  lks_cloud_client_list (client, &call, 0, count, &n, NULL, error);
  return n;
}

static GPtrArray *
list_accounts (Fixture *f, LksSecretStore *store)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *accounts = lks_cloud_account_list (store, f->trust, NULL, &error);

  g_assert_no_error (error);
  return accounts;
}

/* Signed in once, the account works in another program, too, and after its token has ended. */
static void
test_person (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudAccount) account = add_person (f);
  g_autoptr (LksSecretStore) other_store = lks_secret_store_new ("sign-in");
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (GError) error = NULL;
  LksCloudAccount *other;

  g_assert_cmpuint (list_catalogs (f, account, &error), ==, 1);
  g_assert_no_error (error);
  accounts = list_accounts (f, other_store);
  g_assert_cmpuint (accounts->len, ==, 1);
  other = g_ptr_array_index (accounts, 0);
  g_assert_cmpstr (lks_cloud_account_get_user (other), ==, "operator@plant.example");
  g_assert_cmpint (lks_cloud_account_get_kind (other), ==, LKS_ACCOUNT_KIND_PERSON);
  g_assert_cmpstr (lks_cloud_account_get_place (other)->tenant, ==, TENANT);
  g_assert_cmpuint (list_catalogs (f, other, &error), ==, 1);
  g_assert_no_error (error);

  /* The other program has used the refresh token up and stored the next one. */
  command (f, "{\"command\":\"cloud-expire\"}");
  g_assert_cmpuint (list_catalogs (f, account, &error), ==, 1);
  g_assert_no_error (error);
}

static void
test_revoked (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudAccount) account = add_person (f);
  g_autoptr (GError) error = NULL;

  command (f, "{\"command\":\"cloud-revoke\"}");
  g_assert_cmpuint (list_catalogs (f, account, &error), ==, 0);
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
}

/* By which interface an account works, and what it asks for, is kept with it. */
static void
test_legacy (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCloudAccount) account = NULL;
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (LksCloudClient) client = NULL;
  g_autoptr (LksCloudScope) tenant = NULL;
  LksCloudAccount *other;

  lks_cloud_place_free (f->place);
  f->place = lks_cloud_place_new_legacy (f->process.cloud, f->process.cloud, TENANT, CLIENT,
                                         "https://sphere.azure.net/api/user_impersonation", &error);
  g_assert_no_error (error);
  account = add_person (f);
  accounts = list_accounts (f, f->store);
  g_assert_cmpuint (accounts->len, ==, 1);
  other = g_ptr_array_index (accounts, 0);
  g_assert_true (lks_cloud_account_is_legacy (other));
  g_assert_cmpstr (lks_cloud_account_get_place (other)->scope, ==,
                   "https://sphere.azure.net/api/user_impersonation");
  g_assert_cmpstr (lks_cloud_account_get_id (other), ==, lks_cloud_account_get_id (account));

  client = lks_cloud_client_new_for (lks_cloud_account_get_place (other), LKS_TOKEN_SOURCE (other),
                                     f->trust, NULL, &error);
  tenant = lks_cloud_catalog_find (client, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (tenant->tenant);
}

static void
test_several (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudAccount) person = add_person (f);
  g_autoptr (LksCloudAccount) station = add_station (f);
  g_autoptr (LksCloudAccount) again = add_person (f);
  g_autoptr (GPtrArray) both = list_accounts (f, f->store);
  g_autoptr (GPtrArray) one = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (both->len, ==, 2); /* the same account twice is one */
  g_assert_cmpstr (lks_cloud_account_get_id (person), ==, lks_cloud_account_get_id (again));
  command (f, "{\"command\":\"cloud-expire\"}");
  g_assert_cmpuint (list_catalogs (f, station, &error), ==, 1);
  g_assert_no_error (error);

  g_assert_true (lks_cloud_account_forget (again, NULL, &error));
  one = list_accounts (f, f->store);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_true (lks_cloud_account_forget (station, NULL, &error));
  none = list_accounts (f, f->store);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (list_catalogs (f, again, &error), ==, 0);
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
}

/* ---- several threads ---- */

#define SLOW_TOKEN(seconds)                                                                        \
  "{\"command\":\"cloud-fault\",\"fault\":{\"kind\":\"slow\",\"path\":\"/"                         \
  "token\",\"seconds\":" seconds "}}"

/* Somebody who needs another token. */
typedef struct
{
  LksTokenSource *source;
  GCancellable *cancellable;
  LksSecret *authorization;
  GError *error;
  GThread *thread;
} Caller;

static gpointer
renew_in_thread (gpointer data)
{
  Caller *self = data;

  self->authorization =
      lks_token_source_get_authorization (self->source, TRUE, self->cancellable, &self->error);
  return NULL;
}

static void
caller_start (Caller *self, LksCloudAccount *account)
{
  self->source = LKS_TOKEN_SOURCE (account);
  self->cancellable = g_cancellable_new ();
  self->thread = g_thread_new ("caller", renew_in_thread, self);
}

static void
caller_clear (Caller *self)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->authorization, lks_secret_unref);
  g_object_unref (self->cancellable);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Caller, caller_clear)

static void
caller_cancel (Caller *self)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_assert_null (self->authorization);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
wait_until_waiting (Caller *self)
{
  guint signal = g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE);

  while (!g_signal_has_handler_pending (self->cancellable, signal, 0, TRUE))
    g_thread_yield ();
}

static guint
count_token_requests (Fixture *f)
{
  g_autofree char *path = emulator_process_get_path (&f->process, "trace");
  g_autofree char *text = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (const char *at = text; (at = strstr (at, "/token\"")) != NULL; at++)
    n++;
  return n;
}

static void
wait_for_token_request (Fixture *f, guint n_before)
{
  while (count_token_requests (f) == n_before)
    g_thread_yield ();
}

/* While one waits for the sign-in service, whoever waits for the same can give up, also with
 * another object for the account; and nobody else waits at all. */
static void
test_hanging (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudAccount) person = add_person (f);
  g_autoptr (LksCloudAccount) station = add_station (f);
  g_autoptr (LksCloudAccount) again = NULL;
  g_autoptr (GPtrArray) accounts = list_accounts (f, f->store);
  g_auto (Caller) hanging = { 0 };
  g_auto (Caller) waiting = { 0 };
  g_autoptr (LksSecret) other = NULL;
  g_autoptr (GError) error = NULL;
  guint n_before = count_token_requests (f);

  for (guint i = 0; i < accounts->len; i++)
    if (g_str_equal (lks_cloud_account_get_id (accounts->pdata[i]),
                     lks_cloud_account_get_id (person)))
      again = g_object_ref (accounts->pdata[i]);
  command (f, SLOW_TOKEN ("3600"));
  caller_start (&hanging, person);
  wait_for_token_request (f, n_before);

  caller_start (&waiting, again);
  wait_until_waiting (&waiting);
  other = lks_token_source_get_authorization (LKS_TOKEN_SOURCE (station), TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (other);
  caller_cancel (&waiting);
  g_assert_cmpuint (count_token_requests (f), ==, n_before + 2);
  caller_cancel (&hanging);
}

/* Another program signs out while the service gives the next refresh token: that is not undone. */
static void
test_signed_out (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudAccount) account = add_person (f);
  g_autoptr (LksSecretStore) other_store = lks_secret_store_new ("sign-in");
  g_autoptr (GPtrArray) accounts = NULL;
  g_auto (Caller) caller = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_before = count_token_requests (f);

  command (f, SLOW_TOKEN ("5"));
  caller_start (&caller, account);
  wait_for_token_request (f, n_before);
  g_assert_true (
      lks_secret_store_remove (other_store, lks_cloud_account_get_id (account), NULL, &error));
  g_thread_join (caller.thread);
  g_assert_null (caller.authorization);
  g_assert_error (caller.error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
  accounts = list_accounts (f, other_store);
  g_assert_cmpuint (accounts->len, ==, 0);

  /* The tokens are forgotten: what is valid still is not used. */
  g_assert_cmpuint (list_catalogs (f, account, &error), ==, 0);
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
}

/* ---- a keyring that takes nothing ---- */

/* The keyring is locked while the service gives the next refresh token, and the old one is dead. */
static void
test_unsaved (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudAccount) account = add_person (f);
  g_autoptr (LksSecretStore) other_store = lks_secret_store_new ("sign-in");
  g_autoptr (GPtrArray) accounts = NULL;
  g_auto (Caller) caller = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_before = count_token_requests (f);

  command (f, SLOW_TOKEN ("5"));
  caller_start (&caller, account);
  wait_for_token_request (f, n_before);
  keyring_daemon_lock (f->daemon);
  g_thread_join (caller.thread);
  g_assert_null (caller.authorization);
  g_assert_error (caller.error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DISMISSED);
  g_assert_true (lks_cloud_error_concerns_all (caller.error));
  g_assert_nonnull (strstr (caller.error->message, "renewed"));
  g_assert_null (strstr (caller.error->message, MARK));

  /* It is said until it is mended, also when nothing has to be renewed. */
  list_catalogs (f, account, &error);
  g_assert_error (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DISMISSED);
  g_clear_error (&error);

  keyring_daemon_restart (f->daemon);
  g_assert_cmpuint (list_catalogs (f, account, &error), ==, 1);
  g_assert_no_error (error);
  accounts = list_accounts (f, other_store);
  command (f, "{\"command\":\"cloud-expire\"}");
  g_assert_cmpuint (list_catalogs (f, accounts->pdata[0], &error), ==, 1);
  g_assert_no_error (error);
}

/* The emulated service kills a refresh token when it gives the next: the list that asked is closed
 * meanwhile, and the keyring has the new one all the same. */
static void
test_given_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudAccount) account = add_person (f);
  const char *id = lks_cloud_account_get_id (account);
  g_autoptr (LksSecretStore) other_store = lks_secret_store_new ("sign-in");
  g_autoptr (LksSecret) before = NULL;
  g_autoptr (LksSecret) unsaved = NULL;
  g_autoptr (LksSecret) after = NULL;
  g_auto (Caller) caller = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_before = count_token_requests (f);

  before = lks_secret_store_look_up (other_store, id, NULL, &error);
  g_assert_no_error (error);
  command (f, SLOW_TOKEN ("1"));
  caller_start (&caller, account);
  wait_for_token_request (f, n_before);
  keyring_daemon_freeze (f->daemon);
  while ((unsaved = lks_cloud_unsaved_dup (id)) == NULL)
    g_thread_yield ();
  g_cancellable_cancel (caller.cancellable);
  keyring_daemon_thaw (f->daemon);
  g_thread_join (caller.thread);
  g_assert_no_error (caller.error);

  after = lks_secret_store_look_up (other_store, id, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (lks_secret_equal (after, before));
  g_assert_true (lks_secret_equal (after, unsaved));
  g_assert_null (lks_cloud_unsaved_dup (id));
}

/* Nobody is asked for the keyring's password on behalf of somebody who has given up. */
static void
test_given_up_locked (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudAccount) account = add_person (f);
  const char *id = lks_cloud_account_get_id (account);
  g_autoptr (LksSecret) unsaved = NULL;
  g_auto (Caller) caller = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_before = count_token_requests (f);

  command (f, SLOW_TOKEN ("1"));
  caller_start (&caller, account);
  wait_for_token_request (f, n_before);
  keyring_daemon_lock (f->daemon);
  keyring_daemon_freeze (f->daemon);
  while ((unsaved = lks_cloud_unsaved_dup (id)) == NULL)
    g_thread_yield ();
  g_cancellable_cancel (caller.cancellable);
  keyring_daemon_thaw (f->daemon);
  g_thread_join (caller.thread);
  g_assert_null (caller.authorization);
  g_assert_error (caller.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* It is kept as soon as that can be. */
  keyring_daemon_restart (f->daemon);
  g_assert_cmpuint (list_catalogs (f, account, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_null (lks_cloud_unsaved_dup (id));
}

/* ---- where a token must not be ---- */

static gboolean
holds_mark (const char *path)
{
  g_autofree char *text = NULL;
  gsize n_bytes;

  return g_file_get_contents (path, &text, &n_bytes, NULL) &&
         memmem (text, n_bytes, MARK, strlen (MARK)) != NULL;
}

static void
check_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  if (dir == NULL)
    {
      g_test_message ("%s", path);
      g_assert_false (holds_mark (path));
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (!g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        check_folder (child);
    }
}

static void
test_no_trace_of_tokens (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudAccount) account = add_person (f);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) repeated = NULL;
  const LksSecretEntry *entry;

  g_assert_cmpuint (list_catalogs (f, account, &error), ==, 1);
  command (f, "{\"command\":\"cloud-fault\",\"fault\":{\"kind\":\"echo\",\"status\":400,"
              "\"code\":\"BadRequest\"}}");
  list_catalogs (f, account, &repeated);
  g_assert_error (repeated, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_REJECTED);
  g_assert_nonnull (strstr (repeated->message, "withheld"));
  g_assert_null (strstr (repeated->message, MARK));
  command (f, "{\"command\":\"cloud-revoke\"}");
  list_catalogs (f, account, &refused);
  g_assert_error (refused, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
  g_assert_null (strstr (refused->message, MARK));

  entries = lks_secret_store_list (f->store, NULL, &error);
  g_assert_no_error (error);
  entry = g_ptr_array_index (entries, 0);
  g_assert_null (strstr (entry->label, MARK));
  g_assert_null (strstr (entry->details, MARK));

  check_folder (f->dir); /* the keyring's files among them */
  check_folder (g_get_home_dir ());
  g_assert_false (holds_mark ("/proc/self/cmdline"));
  g_assert_false (holds_mark ("/proc/self/environ"));
  g_mutex_lock (&log_mutex);
  g_assert_nonnull (strstr (log_text->str, "/token: 200")); /* the log is the right one */
  g_assert_null (strstr (log_text->str, MARK));
  g_mutex_unlock (&log_mutex);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  emulator = argv[1];
  log_text = g_string_new (NULL);
  g_log_set_writer_func (keep_log, NULL, NULL);

  g_test_add ("/cloud/account/person", Fixture, NULL, set_up, test_person, tear_down);
  g_test_add ("/cloud/account/revoked", Fixture, NULL, set_up, test_revoked, tear_down);
  g_test_add ("/cloud/account/legacy", Fixture, NULL, set_up, test_legacy, tear_down);
  g_test_add ("/cloud/account/several", Fixture, NULL, set_up, test_several, tear_down);
  g_test_add ("/cloud/account/hanging", Fixture, NULL, set_up, test_hanging, tear_down);
  g_test_add ("/cloud/account/signed-out", Fixture, NULL, set_up, test_signed_out, tear_down);
  g_test_add ("/cloud/account/unsaved", Fixture, NULL, set_up, test_unsaved, tear_down);
  g_test_add ("/cloud/account/given-up", Fixture, NULL, set_up, test_given_up, tear_down);
  g_test_add ("/cloud/account/given-up-locked", Fixture, NULL, set_up, test_given_up_locked,
              tear_down);
  g_test_add ("/cloud/account/no-trace-of-tokens", Fixture, NULL, set_up, test_no_trace_of_tokens,
              tear_down);

  status = g_test_run ();
  g_string_free (log_text, TRUE);
  return status;
}
