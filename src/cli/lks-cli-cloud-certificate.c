/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-certificate.h"

#include "lks-cli-cloud-file.h"
#include "lks-cli-cloud-rows.h"
#include "lks-cli-work.h"

typedef struct
{
  LksCliCloudWork work;
  LksCliCloudFile file;
  gboolean chain;
  char *nonce;          /* (owned) (nullable) */
  LksCliRows *rows;     /* (owned) (nullable) */
  LksCloudScope *place; /* (owned) (nullable) */
  GBytes *bytes;        /* (owned) (nullable) */
} Certificates;

static void
certificates_clear (Certificates *self)
{
  lks_cli_cloud_work_clear (&self->work);
  g_free (self->file.path);
  g_free (self->nonce);
  g_clear_pointer (&self->rows, lks_cli_rows_free);
  g_clear_pointer (&self->place, lks_cloud_scope_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Certificates, certificates_clear)

static gboolean
list_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Certificates *self = data;

  return lks_cli_cloud_work_find (&self->work, cloud, error) &&
         lks_cloud_certificate_list (self->work.client, self->work.scope, lks_cli_rows_take,
                                     self->rows, cloud->cancellable, error);
}

static int
list (int argc, char **argv)
{
  g_auto (Certificates) self = { 0 };
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_NONE, &self.work.csv, "Print comma-separated values", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud certificate list",
                                   "Lists the certificates of a catalog.",
                                   0,
                                   0,
                                   LKS_CLOUD_ACTION_LOOK,
                                   entries };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    return (int) lks_cli_report_error (error, self.work.json);
  self.rows = lks_cli_rows_new (&self.work, &lks_cloud_certificate_kind, "certificates");
  lks_cli_cloud_run (list_in_thread, &self, &error);
  return lks_cli_rows_end (self.rows, error);
}

static gboolean
fetch_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Certificates *self = data;
  const char *serial = self->work.arguments[0];

  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  self->place = lks_cloud_scope_dup_leaf (self->work.scope, "certificates",
                                          serial != NULL ? serial : LKS_CLOUD_CERTIFICATE_ACTIVE);
  if (self->nonce != NULL)
    self->bytes = lks_cloud_certificate_prove (self->work.client, self->place, self->nonce,
                                               cloud->cancellable, error);
  else if (self->chain)
    self->bytes = lks_cloud_certificate_fetch_chain (self->work.client, self->place,
                                                     cloud->cancellable, error);
  else
    self->bytes =
        lks_cloud_certificate_download (self->work.client, self->place, cloud->cancellable, error);
  return self->bytes != NULL;
}

static int
fetch (Certificates *self, const LksCliCloudUsage *usage, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (lks_cli_cloud_work_parse (&self->work, usage, &argc, &argv, &error) &&
      usage->action == LKS_CLOUD_ACTION_PROVE && self->nonce == NULL)
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "Say with --nonce what the other side wants to see");
  if (error != NULL || !lks_cli_cloud_file_check (&self->file, &error) ||
      !lks_cli_cloud_run (fetch_in_thread, self, &error) ||
      !lks_cli_cloud_file_save (&self->file, self->bytes, self->work.json, &error))
    return (int) lks_cli_report_error (error, self->work.json);
  return LKS_CLI_EXIT_DONE;
}

static int
download (int argc, char **argv)
{
  g_auto (Certificates) self = { 0 };
  const GOptionEntry entries[] = {
    LKS_CLI_CLOUD_FILE_ENTRIES (self.file),
    { "chain", 0, 0, G_OPTION_ARG_NONE, &self.chain,
      "With those above it up to the root, as PKCS #7 (.p7b)", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud certificate download [SERIAL] --output FILE",
    "Fetches a certificate (.cer, DER); the active one when none is named.",
    0,
    1,
    LKS_CLOUD_ACTION_LOOK,
    entries
  };

  return fetch (&self, &usage, argc, argv);
}

static int
prove (int argc, char **argv)
{
  g_auto (Certificates) self = { 0 };
  const GOptionEntry entries[] = {
    LKS_CLI_CLOUD_FILE_ENTRIES (self.file),
    { "nonce", 0, 0, G_OPTION_ARG_STRING, &self.nonce, "What the other side wants to see", "CODE" },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud certificate prove [SERIAL] --nonce CODE --output FILE",
    "Proves that the catalog is yours: fetches a certificate for a code, good for an hour.",
    0,
    1,
    LKS_CLOUD_ACTION_PROVE,
    entries
  };

  return fetch (&self, &usage, argc, argv);
}

static const LksCliCommand verbs[] = {
  { "list", NULL, "All of a catalog", list },
  { "download", "[SERIAL]", "Fetch one, or its chain", download },
  { "prove", "[SERIAL]", "Proof of possession", prove },
};

/**
 * lks_cli_cloud_certificate:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud certificate`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_certificate (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud certificate", verbs, G_N_ELEMENTS (verbs),
                           "Certificates with which a catalog vouches for its devices.", argc,
                           argv);
}
