/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-work.h"

#include "lks-capability.h"
#include "lks-cli-device-source.h"
#include "lks-cli-json-list.h"
#include "lks-cli-output.h"
#include "lks-cli-vault.h"
#include "lks-cli-work.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-device-id.h"
#include "lks-route.h"

#include <stdio.h>

typedef struct
{
  LksCliCloudWork work;
  LksCliDeviceSource source;
  char *kind; /* (owned) (nullable) */
  gboolean again;
  guint capability;
  GPtrArray *rows;    /* (owned) (element-type LksDeviceRow) */
  LksCliVault *vault; /* (owned) (nullable) */
  LksCliJsonList list;
  int status; /* of the first that failed */
} Download;

static void
download_clear (Download *self)
{
  lks_cli_cloud_work_clear (&self->work);
  lks_cli_device_source_clear (&self->source);
  g_free (self->kind);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->vault, lks_cli_vault_close);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Download, download_clear)

/* ---- one row of result ---- */

static void
tell (Download *self, const char *device_id, const char *word, LksVaultItem *item, GError *error)
{
  JsonObject *object;

  if (error != NULL && self->status == LKS_CLI_EXIT_DONE)
    self->status = (int) lks_cli_exit_for_error (error);
  if (!self->work.json)
    printf ("…%s  %s\n", lks_cli_get_device_end (device_id), word);
  if (error != NULL)
    lks_cli_print_error (lks_device_id_get_short (device_id), error);
  if (!self->work.json)
    return;

  object = json_object_new ();
  json_object_set_string_member (object, "deviceId", device_id);
  json_object_set_string_member (object, "result", word);
  if (item != NULL)
    json_object_set_string_member (object, "fingerprint", lks_vault_item_get_fingerprint (item));
  else
    json_object_set_null_member (object, "fingerprint");
  json_object_set_member (object, "error", lks_cli_error_to_json (error));
  lks_cli_json_list_add (&self->list, object);
}

/* ---- the vault, on the main thread ---- */

typedef struct
{
  Download *download;
  const char *device_id;
  LksCapabilityKey *key; /* (nullable) */
  GError *error;         /* (owned) (nullable): why there is none, or what ends all */
  gboolean ends_all;
} Delivery;

static void
put_into_vault (Delivery *delivery)
{
  Download *self = delivery->download;
  LksVault *vault = lks_cli_vault_get (self->vault);
  g_autoptr (LksSecret) bytes = lks_capability_key_dup_bytes (delivery->key);
  g_autoptr (GError) error = NULL;
  LksVaultItem *item;

  lks_vault_add_async (vault, bytes, LKS_VAULT_SOURCE_CLOUD,
                       lks_cli_vault_get_cancellable (self->vault), lks_cli_vault_answered_cb,
                       self->vault);
  item = lks_vault_add_finish (vault, lks_cli_vault_wait (self->vault), &error);
  if (error != NULL && lks_cloud_error_concerns_all (error))
    {
      delivery->ends_all = TRUE;
      delivery->error = g_steal_pointer (&error);
      return;
    }
  tell (self, delivery->device_id, item != NULL ? "downloaded" : "failed", item, error);
}

static void
deliver (gpointer data)
{
  Delivery *delivery = data;

  if (delivery->key != NULL)
    put_into_vault (delivery);
  else
    tell (delivery->download, delivery->device_id, "failed", NULL, delivery->error);
}

/* ---- the service, on its thread ---- */

static gboolean
download_one (Download *self,
              LksCliCloud *cloud,
              const char *device_id,
              const LksCloudScope *place,
              GError **error)
{
  g_autoptr (LksCapabilityKey) key = NULL;
  g_autoptr (GError) reason = NULL;
  Delivery delivery = { .download = self, .device_id = device_id };

  if (place == NULL)
    g_set_error (&reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
                 "the catalog %s does not own this device", self->work.scope->catalog);
  else
    key = lks_cloud_capability_fetch (self->work.client, place, self->capability,
                                      cloud->cancellable, &reason);
  if (reason != NULL && lks_cloud_error_concerns_all (reason))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  delivery.key = key;
  delivery.error = g_steal_pointer (&reason);
  lks_cli_cloud_on_main (deliver, &delivery);
  if (delivery.ends_all)
    g_propagate_error (error, delivery.error);
  else
    g_clear_error (&delivery.error);
  return !delivery.ends_all;
}

static gboolean
download_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Download *self = data;
  g_autoptr (GPtrArray) ids = lks_cli_device_source_list_ids (self->rows);
  g_autoptr (GHashTable) places = NULL;

  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  places =
      lks_cloud_device_locate (self->work.client, self->work.scope, ids, cloud->cancellable, error);
  for (guint i = 0; places != NULL && i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);

      if (!download_one (self, cloud, id, g_hash_table_lookup (places, id), error))
        return FALSE;
    }
  return places != NULL;
}

/* ---- the command ---- */

/* One that grants just that: a stronger one would do, but is not what was asked for. */
static LksVaultItem *
find_kept (Download *self, const char *device_id)
{
  g_autoptr (GPtrArray) items = lks_vault_find (lks_cli_vault_get (self->vault), device_id);

  for (guint i = 0; i < items->len; i++)
    {
      LksVaultItem *item = g_ptr_array_index (items, i);

      if (lks_vault_item_has (item, self->capability) &&
          lks_vault_item_get_capabilities (item)->len == 1)
        return item;
    }
  return NULL;
}

/* A command that was interrupted goes on where it ended. */
static void
skip_kept (Download *self)
{
  for (guint i = 0; !self->again && i < self->rows->len;)
    {
      const LksDeviceRow *row = g_ptr_array_index (self->rows, i);
      LksVaultItem *item = find_kept (self, row->device_id);

      if (item == NULL)
        {
          i++;
          continue;
        }
      tell (self, row->device_id, "kept", item, NULL);
      g_ptr_array_remove_index (self->rows, i);
    }
}

static gboolean
read_kind (Download *self, GError **error)
{
  if (self->kind != NULL && lks_route_capability_from_name (self->kind, &self->capability))
    return TRUE;
  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "Say which capability: --kind fieldServicing, which ends with the session, "
                       "or --kind appDevelopment, which stays on the board");
  return FALSE;
}

static gboolean
prepare (Download *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &self->kind, "fieldServicing or appDevelopment", "KIND" },
    LKS_CLI_DEVICE_SOURCE_ENTRIES (self->source),
    { "again", 0, 0, G_OPTION_ARG_NONE, &self->again,
      "Also for devices whose capability is in the vault", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud capability download --kind KIND " LKS_CLI_DEVICE_SOURCE_USAGE,
    "Fetches capabilities into the vault, and checks each before.",
    0,
    0,
    LKS_CLOUD_ACTION_CAPABILITY,
    entries
  };

  if (!lks_cli_cloud_work_parse (&self->work, &usage, argc, argv, error) ||
      !read_kind (self, error))
    return FALSE;
  self->rows = lks_cli_device_source_read (&self->source, error);
  if (self->rows == NULL)
    return FALSE;
  self->vault = lks_cli_vault_open (error);
  return self->vault != NULL;
}

static int
download (int argc, char **argv)
{
  g_auto (Download) self = { .list = { .member = "capabilities" } };
  g_autoptr (GError) error = NULL;

  if (!prepare (&self, &argc, &argv, &error))
    return (int) lks_cli_report_error (error, self.work.json);

  skip_kept (&self);
  if (self.rows->len > 0)
    lks_cli_cloud_run (download_in_thread, &self, &error);
  if (self.work.json)
    lks_cli_json_list_end (&self.list, error);
  if (error != NULL)
    return (int) lks_cli_report_error (error, FALSE);
  return self.status == LKS_CLI_EXIT_DONE && self.source.n_silent > 0 ? LKS_CLI_EXIT_DEVICE
                                                                      : self.status;
}

static const LksCliCommand verbs[] = {
  { "download", "--kind KIND …", "Fetch capabilities into the vault", download },
};

/**
 * lks_cli_cloud_capability:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud capability`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_capability (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud capability", verbs, G_N_ELEMENTS (verbs),
                           "Capabilities that the cloud makes.", argc, argv);
}
