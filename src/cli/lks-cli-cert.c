/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cert-store.h"
#include "lks-cli-output.h"
#include "lks-cli-secret.h"
#include "lks-cli-work.h"
#include "lks-enums.h"

#include <stdio.h>

static gint64
get_now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* ---- list, space ---- */

static gboolean
store_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LksCertStore **store = user_data;

  *store = lks_cert_store_read (device, get_now_s (), cancellable, error);
  return *store != NULL;
}

static char *
dup_validity (const LksStoredCert *cert)
{
  if (!cert->has_dates)
    return g_strdup ("unknown");
  if (cert->notices & LKS_CERT_NOTICE_EXPIRED)
    return g_strdup_printf ("expired %d days ago", -cert->days_left);
  if (cert->notices & LKS_CERT_NOTICE_NOT_YET_VALID)
    return g_strdup ("not yet valid");

  return g_strdup_printf ("%d days left", cert->days_left);
}

static void
print_store (const LksCertStore *store)
{
  static const char *const headings[] = { "ID",     "VALIDITY", "UNTIL", "SUBJECT",
                                          "ISSUER", "USED BY",  NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < store->certs->len; i++)
    {
      const LksStoredCert *cert = g_ptr_array_index (store->certs, i);
      g_autofree char *validity = dup_validity (cert);
      g_autofree char *users = store->knows_users ? g_strjoinv (", ", cert->used_by) : NULL;
      const char *const cells[] = {
        cert->info->id,
        validity,
        cert->info->not_after,
        cert->info->subject,
        cert->looks_like_ca ? "(itself)" : cert->info->issuer,
        users,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }

  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

static void
print_notices (FILE *stream, guint notices)
{
  for (guint i = 0; i < LKS_N_CERT_NOTICES; i++)
    {
      LksExplanation why = lks_cert_notice_explain (1u << i);

      if (notices & (1u << i))
        fprintf (stream, "%s\n  %s\n", why.meaning, why.advice);
    }
}

static int
list (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (LksCertStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "cert list",
                           "Lists the certificates in the board's store, their validity by this "
                           "computer's clock, and who uses them.",
                           0, &argc, &argv, &error) ||
      !lks_cli_work_run (&work, store_in_thread, &store, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    {
      lks_cli_work_print_json (&work, "store", lks_cert_store_to_json (store));
      return LKS_CLI_EXIT_DONE;
    }

  if (store->certs->len > 0)
    print_store (store);
  else
    fputs ("The board's certificate store is empty.\n", stderr);
  printf ("%" G_GUINT64_FORMAT " bytes are left.\n", store->space_bytes);
  if (store->certs->len > 0 && store->knows_clock && !store->is_clock_set)
    print_notices (stderr, LKS_CERT_NOTICE_CLOCK_UNSET);
  return LKS_CLI_EXIT_DONE;
}

static gboolean
space_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  return lks_device_get_cert_space (device, user_data, cancellable, error);
}

static int
space (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  guint64 bytes = 0;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "cert space",
                           "Tells how many bytes are left in the board's certificate store.", 0,
                           &argc, &argv, &error) ||
      !lks_cli_work_run (&work, space_in_thread, &bytes, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "spaceBytes",
                             json_node_init_int (json_node_alloc (), (gint64) bytes));
  else
    printf ("%" G_GUINT64_FORMAT "\n", bytes);
  return LKS_CLI_EXIT_DONE;
}

/* ---- add ---- */

typedef struct
{
  char *type;
  char *cert_file;
  char *key_file;
  gboolean replace;
  LksCliSecretSource password_source;
  LksPemCert *cert;    /* (owned) (nullable) */
  LksSecret *key;      /* (owned) (nullable) */
  LksSecret *password; /* (owned) (nullable) */
  LksCertPlan plan;
} CertAdd;

static void
cert_add_clear (CertAdd *self)
{
  g_free (self->type);
  g_free (self->cert_file);
  g_free (self->key_file);
  lks_cli_secret_source_clear (&self->password_source);
  g_clear_pointer (&self->cert, lks_pem_cert_free);
  g_clear_pointer (&self->key, lks_secret_unref);
  g_clear_pointer (&self->password, lks_secret_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CertAdd, cert_add_clear)

static gboolean
usage (GError **error, const char *message)
{
  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, message);
  return FALSE;
}

static gboolean
read_key (CertAdd *self, GError **error)
{
  gboolean has_source = self->password_source.file != NULL || self->password_source.from_stdin;
  g_autoptr (LksSecret) file = NULL;
  gboolean is_encrypted = FALSE;

  if (self->key_file == NULL)
    return !has_source || usage (error, "A password belongs to --key FILE");

  file = lks_cli_secret_load (self->key_file, LKS_PEM_FILE_MAX_BYTES, error);
  self->key = file != NULL ? lks_pem_key_parse (file, &is_encrypted, error) : NULL;
  if (self->key == NULL)
    return FALSE;
  if (!is_encrypted && !has_source)
    return TRUE;

  self->password = lks_cli_secret_read (&self->password_source, "Password of the private key",
                                        "--password-file FILE or --password-stdin",
                                        LKS_CERT_PASSWORD_MAX, error);
  return self->password != NULL;
}

/* Everything that can be checked here is checked before a board is looked for. */
static gboolean
prepare (CertAdd *self, const char *id, GError **error)
{
  int type;

  if (self->type == NULL || !lks_enum_from_nick (LKS_TYPE_CERT_TYPE, self->type, &type))
    return usage (error, "--type client or --type rootca is missing");
  if (self->cert_file == NULL)
    return usage (error, "--cert FILE is missing");

  self->cert = lks_pem_cert_load (self->cert_file, error);
  if (self->cert == NULL || !read_key (self, error))
    return FALSE;

  self->plan = (LksCertPlan){ id, (LksCertType) type, self->cert, self->key, self->password };
  return lks_cert_plan_check (&self->plan, error);
}

static gboolean
add_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  const CertAdd *self = user_data;

  return lks_cert_store_add (device, &self->plan, self->replace, cancellable, error);
}

static JsonNode *
build_added (const CertAdd *self, guint notices)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, self->plan.id);
  json_builder_set_member_name (builder, "subject");
  json_builder_add_string_value (builder, self->cert->subject);
  json_builder_set_member_name (builder, "fingerprint");
  json_builder_add_string_value (builder, self->cert->fingerprint);
  json_builder_set_member_name (builder, "notices");
  json_builder_add_value (builder, lks_cert_notices_to_json (notices));
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static int
add (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (CertAdd) wish = { NULL };
  const GOptionEntry entries[] = {
    { "type", 't', 0, G_OPTION_ARG_STRING, &wish.type, "What it is for", "client|rootca" },
    { "cert", 'c', 0, G_OPTION_ARG_FILENAME, &wish.cert_file, "The certificate, PEM", "FILE" },
    { "key", 'k', 0, G_OPTION_ARG_FILENAME, &wish.key_file,
      "Its private key, PEM; for a client certificate", "FILE" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &wish.password_source.file,
      "Read the key's password from a file, instead of asking for it", "FILE" },
    { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &wish.password_source.from_stdin,
      "Read the key's password from standard input", NULL },
    { "password", 0, G_OPTION_FLAG_HIDDEN | G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK,
      lks_cli_secret_refuse_cb, NULL, NULL },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &wish.replace, "Replace one of the same identifier",
      NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  guint notices;

  if (!lks_cli_work_parse (&work, entries, "cert add ID --type client|rootca --cert FILE",
                           "Checks a certificate, stores it on the board as ID and lets Wi-Fi load "
                           "it. Asks for the password of an encrypted key.",
                           1, &argc, &argv, &error) ||
      !prepare (&wish, argv[1], &error))
    return lks_cli_work_fail (&work, error);

  notices = lks_cert_plan_get_notices (&wish.plan, get_now_s ());
  print_notices (stderr, notices);
  if (!lks_cli_work_run (&work, add_in_thread, &wish, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "certificate", build_added (&wish, notices));
  else
    printf ("The certificate is stored as %s.\n", wish.plan.id);
  return LKS_CLI_EXIT_DONE;
}

/* ---- remove ---- */

typedef struct
{
  const char *id;
  gboolean also_if_used;
} CertRemove;

static gboolean
remove_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  const CertRemove *self = user_data;

  return lks_cert_store_remove (device, self->id, self->also_if_used, cancellable, error);
}

static int
remove_cert (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  CertRemove wish = { NULL };
  const GOptionEntry entries[] = {
    { "also-if-used", 0, 0, G_OPTION_ARG_NONE, &wish.also_if_used,
      "Remove it although a stored network uses it", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, entries, "cert remove ID",
                           "Removes a certificate from the board's store and lets Wi-Fi know.", 1,
                           &argc, &argv, &error))
    return lks_cli_work_fail (&work, error);

  wish.id = argv[1];
  if (!lks_cli_work_run (&work, remove_in_thread, &wish, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, NULL, NULL);
  else
    puts ("The certificate is removed.");
  return LKS_CLI_EXIT_DONE;
}

/**
 * lks_cli_cert:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do
 *
 * Certificates of a board.
 *
 * Returns: the exit status
 */
int
lks_cli_cert (int argc, char **argv)
{
  static const LksCliCommand verbs[] = {
    { "list", NULL, "Certificates, their validity and who uses them", list },
    { "space", NULL, "Bytes that are left in the store", space },
    { "add", "ID --type client|rootca --cert FILE", "Check and store a certificate", add },
    { "remove", "ID", "Remove a certificate", remove_cert },
  };

  return lks_cli_run_verb ("cert", verbs, G_N_ELEMENTS (verbs),
                           "Certificate store of a board, for EAP-TLS networks. ID is an "
                           "identifier in the store.",
                           argc, argv);
}
