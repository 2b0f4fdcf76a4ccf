/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud.h"

#include "lks-cli-output.h"
#include "lks-cli-secret.h"
#include "lks-cli-work.h"
#include "lks-cloud-legacy.h"
#include "lks-enums.h"

#include <stdio.h>

#define SECRET_MAX_BYTES 1024
#define CERTIFICATE_MAX_BYTES (64 * 1024)
#define ID_SHOWN 8
#define BROWSER_LIMIT_S (10 * 60)

/* ---- showing accounts ---- */

static JsonObject *
account_to_object (LksCloudAccount *account)
{
  const LksCloudPlace *place = lks_cloud_account_get_place (account);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", lks_cloud_account_get_id (account));
  json_object_set_string_member (object, "user", lks_cloud_account_get_user (account));
  json_object_set_string_member (object, "kind",
                                 lks_enum_to_nick (LKS_TYPE_ACCOUNT_KIND,
                                                   (int) lks_cloud_account_get_kind (account)));
  json_object_set_string_member (object, "service",
                                 lks_enum_to_nick (LKS_TYPE_CLOUD_SERVICE, (int) place->service));
  json_object_set_string_member (object, "tenant", place->tenant);
  json_object_set_string_member (object, "application", place->client_id);
  json_object_set_string_member (object, "signInAddress", place->sign_in);
  json_object_set_string_member (object, "resourceAddress", place->resources);
  return object;
}

static void
print_accounts_json (GPtrArray *accounts)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < accounts->len; i++)
    json_array_add_object_element (array, account_to_object (g_ptr_array_index (accounts, i)));
  json_node_take_array (node, array);
  lks_cli_print_json (node);
}

static void
print_accounts (GPtrArray *accounts)
{
  static const char *const headings[] = { "ID", "USER", "KIND", "SERVICE", "DIRECTORY", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < accounts->len; i++)
    {
      LksCloudAccount *account = g_ptr_array_index (accounts, i);
      g_autofree char *id = g_strndup (lks_cloud_account_get_id (account), ID_SHOWN);
      const char *const cells[] = {
        id,
        lks_cloud_account_get_user (account),
        lks_enum_to_nick (LKS_TYPE_ACCOUNT_KIND, (int) lks_cloud_account_get_kind (account)),
        lks_enum_to_nick (LKS_TYPE_CLOUD_SERVICE,
                          (int) lks_cloud_account_get_place (account)->service),
        lks_cloud_account_get_place (account)->tenant,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }
  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

/**
 * lks_cli_cloud_warn_of_end:
 *
 * Tells, on standard error, that the Legacy service ends, and who may do what in a tenant. Any
 * thread.
 */
void
lks_cli_cloud_warn_of_end (void)
{
  g_autofree char *notice = lks_cloud_legacy_dup_notice (g_get_real_time () / G_USEC_PER_SEC);

  fprintf (stderr, "%s\n%s\n", notice, lks_cloud_legacy_get_roles ());
}

/* ---- accounts ---- */

static gboolean
list_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  GPtrArray **accounts = data;

  *accounts = lks_cloud_account_list (cloud->store, cloud->trust, cloud->cancellable, error);
  return *accounts != NULL;
}

static int
accounts (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print a JSON document", NULL },
    { NULL },
  };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_parse (entries, "cloud accounts", "Lists who is signed in.", &argc, &argv, &error) ||
      !lks_cli_cloud_run (list_in_thread, &found, &error))
    return lks_cli_report_error (error, json);

  if (json)
    print_accounts_json (found);
  else if (found->len > 0)
    print_accounts (found);
  else
    fputs ("Nobody is signed in. “locksmithctl cloud sign-in” changes that.\n", stderr);
  return LKS_CLI_EXIT_DONE;
}

/* ---- sign-in ---- */

typedef struct
{
  char *application;
  char *tenant;
  char *sign_in_address;
  char *resource_address;
  char *certificate;
  LksCliSecretSource secret_source;
  char *permission;
  gboolean legacy;
  gboolean browser;
  gboolean json;

  LksCloudPlace *place;
  LksSecret *secret;        /* of a station */
  LksCloudAccount *account; /* what came of it */
} SignIn;

static void
sign_in_clear (SignIn *self)
{
  g_free (self->application);
  g_free (self->tenant);
  g_free (self->sign_in_address);
  g_free (self->resource_address);
  g_free (self->certificate);
  g_free (self->permission);
  lks_cli_secret_source_clear (&self->secret_source);
  g_clear_pointer (&self->place, lks_cloud_place_free);
  g_clear_pointer (&self->secret, lks_secret_unref);
  g_clear_object (&self->account);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SignIn, sign_in_clear)

static gboolean
is_secret_given (const SignIn *self)
{
  return self->secret_source.file != NULL || self->secret_source.from_stdin;
}

static LksAccountKind
get_kind (const SignIn *self)
{
  if (self->certificate != NULL)
    return LKS_ACCOUNT_KIND_CERTIFICATE;
  return is_secret_given (self) ? LKS_ACCOUNT_KIND_SECRET : LKS_ACCOUNT_KIND_PERSON;
}

static void
show_code (const LksDeviceCode *code)
{
  g_autofree char *address = lks_cli_clean (code->address);
  g_autofree char *user_code = lks_cli_clean (code->user_code);

  fprintf (stderr,
           "Open %s in a browser, on this computer or any other, and enter the code\n\n    %s\n\n"
           "Waiting; it must be done within %u minutes. Ctrl+C gives up.\n",
           address, user_code, code->expires_in_s / 60);
}

static void
launch_browser (gpointer url)
{
  g_app_info_launch_default_for_uri (url, NULL, NULL);
}

/* Whether a browser opens cannot be known: the address is told in any case. */
static void
open_browser (const char *url, gpointer unused)
{
  fprintf (stderr,
           "Sign in in the browser that opens on this computer. If none opens, go to\n\n%s\n\n"
           "Waiting for %d minutes. Ctrl+C gives up; without --browser another computer will do.\n",
           url, BROWSER_LIMIT_S / 60);
  lks_cli_cloud_on_main (launch_browser, (gpointer) url);
}

static gboolean
let_person_sign_in (LksSignIn *service, LksCliCloud *cloud, LksTokens *out_tokens, GError **error)
{
  g_auto (LksDeviceCode) code = { 0 };

  if (!lks_sign_in_begin (service, cloud->cancellable, &code, error))
    return FALSE;
  show_code (&code);
  return lks_sign_in_await (service, &code, cloud->cancellable, out_tokens, error);
}

static gboolean
get_tokens (SignIn *self,
            LksSignIn *service,
            LksCliCloud *cloud,
            LksTokens *out_tokens,
            GError **error)
{
  switch (get_kind (self))
    {
    case LKS_ACCOUNT_KIND_CERTIFICATE:
      return lks_sign_in_with_certificate (service, self->secret, cloud->cancellable, out_tokens,
                                           error);
    case LKS_ACCOUNT_KIND_SECRET:
      return lks_sign_in_with_secret (service, self->secret, cloud->cancellable, out_tokens, error);
    case LKS_ACCOUNT_KIND_PERSON:
    case LKS_ACCOUNT_KIND_UNKNOWN:
      break;
    }
  return self->browser ? lks_sign_in_with_browser (service, open_browser, NULL, BROWSER_LIMIT_S,
                                                   cloud->cancellable, out_tokens, error)
                       : let_person_sign_in (service, cloud, out_tokens, error);
}

static gboolean
sign_in_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  SignIn *self = data;
  g_autoptr (LksSignIn) service = lks_sign_in_new (self->place, cloud->trust, NULL);
  g_auto (LksTokens) tokens = { 0 };

  if (!get_tokens (self, service, cloud, &tokens, error))
    return FALSE;
  self->account = lks_cloud_account_add (cloud->store, self->place, cloud->trust, get_kind (self),
                                         self->secret, &tokens, cloud->cancellable, error);
  return self->account != NULL;
}

static gboolean
parse_sign_in (SignIn *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "application", 0, 0, G_OPTION_ARG_STRING, &self->application,
      "ID under which your organization registered Locksmith", "GUID" },
    { "tenant", 0, 0, G_OPTION_ARG_STRING, &self->tenant,
      "Directory: its GUID or a domain name (default: that of the person)", "DIRECTORY" },
    { "legacy", 0, 0, G_OPTION_ARG_NONE, &self->legacy,
      "To tenants that are not integrated into a catalog yet (until " LKS_CLOUD_LEGACY_END ")",
      NULL },
    { "permission", 0, 0, G_OPTION_ARG_STRING, &self->permission,
      "With --legacy: what to ask for, if the directory calls it otherwise", "PERMISSION" },
    { "browser", 0, 0, G_OPTION_ARG_NONE, &self->browser,
      "In a browser on this computer, instead of with a code on any", NULL },
    { "secret-file", 0, 0, G_OPTION_ARG_FILENAME, &self->secret_source.file,
      "Sign the application itself in, by the secret in this file", "FILE" },
    { "secret-stdin", 0, 0, G_OPTION_ARG_NONE, &self->secret_source.from_stdin,
      "The same, by the secret on standard input", NULL },
    { "secret", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_CALLBACK, lks_cli_secret_refuse_cb, NULL,
      NULL },
    { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &self->certificate,
      "The same, by an RSA key and its certificate in PEM form", "FILE" },
    { "sign-in-address", 0, 0, G_OPTION_ARG_STRING, &self->sign_in_address,
      "Sign-in service (default: " LKS_CLOUD_SIGN_IN_PUBLIC ")", "URL" },
    { "resource-address", 0, 0, G_OPTION_ARG_STRING, &self->resource_address,
      "Resource API (default: " LKS_CLOUD_RESOURCES_PUBLIC ")", "URL" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Print a JSON document", NULL },
    { NULL },
  };

  if (!lks_cli_parse (entries, "cloud sign-in", "Signs a person or a station in to the cloud.",
                      argc, argv, error))
    return FALSE;
  if (*argc > 1 || (self->certificate != NULL) + is_secret_given (self) + self->browser > 1 ||
      (self->secret_source.file != NULL && self->secret_source.from_stdin))
    {
      g_set_error_literal (
          error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
          "One of browser, secret and certificate is enough, and nothing follows the options");
      return FALSE;
    }
  if (self->permission != NULL && !self->legacy)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "--permission belongs to --legacy");
      return FALSE;
    }
  self->place = lks_cloud_place_new_for (self->legacy ? LKS_CLOUD_SERVICE_LEGACY
                                                      : LKS_CLOUD_SERVICE_INTEGRATED,
                                         self->sign_in_address, self->resource_address,
                                         self->tenant, self->application, self->permission, error);
  return self->place != NULL;
}

static gboolean
read_secret (SignIn *self, GError **error)
{
  if (get_kind (self) == LKS_ACCOUNT_KIND_PERSON)
    return TRUE;
  self->secret =
      self->certificate != NULL
          ? lks_cli_secret_load (self->certificate, CERTIFICATE_MAX_BYTES, error)
          : lks_cli_secret_read (&self->secret_source,
                                 "Secret of the application: ", "--secret-file or --secret-stdin",
                                 SECRET_MAX_BYTES, error);
  return self->secret != NULL;
}

static int
sign_in (int argc, char **argv)
{
  g_auto (SignIn) self = { 0 };
  g_autoptr (GError) error = NULL;

  if (!parse_sign_in (&self, &argc, &argv, &error) || !read_secret (&self, &error) ||
      !lks_cli_cloud_run (sign_in_in_thread, &self, &error))
    return lks_cli_report_error (error, self.json);

  if (self.json)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

      json_node_take_object (node, account_to_object (self.account));
      lks_cli_print_json (node);
    }
  fprintf (stderr, "Signed in: %s\n", lks_cloud_account_get_user (self.account));
  if (self.legacy)
    lks_cli_cloud_warn_of_end ();
  return LKS_CLI_EXIT_DONE;
}

/* ---- sign-out ---- */

typedef struct
{
  const char *name; /* (nullable) */
  char *user;       /* (owned) */
} SignOut;

static gboolean
sign_out_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  SignOut *self = data;
  g_autoptr (LksCloudAccount) account = lks_cli_cloud_find_account (cloud, self->name, error);

  if (account == NULL)
    return FALSE;
  self->user = g_strdup (lks_cloud_account_get_user (account));
  return lks_cloud_account_forget (account, cloud->cancellable, error);
}

static int
sign_out (int argc, char **argv)
{
  const GOptionEntry entries[] = { { NULL } };
  SignOut self = { 0 };
  g_autoptr (GError) error = NULL;
  int status = LKS_CLI_EXIT_DONE;

  if (!lks_cli_parse (entries, "cloud sign-out [ACCOUNT]",
                      "Forgets a sign-in. ACCOUNT is an ID, the beginning of one, or a user.",
                      &argc, &argv, &error))
    return lks_cli_report_error (error, FALSE);
  self.name = argc > 1 ? argv[1] : NULL;
  if (lks_cli_cloud_run (sign_out_in_thread, &self, &error))
    fprintf (stderr, "Signed out: %s\n", self.user);
  else
    status = lks_cli_report_error (error, FALSE);
  g_free (self.user);
  return status;
}

static const LksCliCommand verbs[] = {
  { "sign-in", "[OPTION…]", "Sign a person or a station in", sign_in },
  { "sign-out", "[ACCOUNT]", "Forget a sign-in", sign_out },
  { "accounts", NULL, "Who is signed in", accounts },
  { "test", "[OPTION…]", "Test whether the network lets online work through", lks_cli_cloud_test },
  { "catalog", "VERB", "Catalogs: list, show, create, update, delete", lks_cli_cloud_catalog },
  { "product", "VERB", "Products and their default device groups", lks_cli_cloud_product },
  { "group", "VERB", "Device groups: list, show, create, change", lks_cli_cloud_group },
  { "claim", "…", "Claim devices into a catalog, for ever", lks_cli_cloud_claim },
  { "claim-queue", "VERB", "Claims that wait: list, work, give-up", lks_cli_claim_queue },
  { "capability", "VERB", "Capabilities: download into the vault", lks_cli_cloud_capability },
  { "device", "VERB", "Devices: list, count, insights, show, find, move, delete",
    lks_cli_cloud_device },
  { "image", "VERB", "Images: list, upload, download, delete", lks_cli_cloud_image },
  { "deployment", "VERB", "Which images a device group gets", lks_cli_cloud_deployment },
  { "route", "VERB", "All that a day without a network needs: pack, check", lks_cli_cloud_route },
  { "os-versions", "VERB", "The vendor's list of OS versions", lks_cli_cloud_os },
  { "certificate", "VERB", "Certificates of a catalog", lks_cli_cloud_certificate },
};

/**
 * lks_cli_cloud:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud`: the vendor's cloud.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud", verbs, G_N_ELEMENTS (verbs), "The vendor's cloud.", argc, argv);
}
