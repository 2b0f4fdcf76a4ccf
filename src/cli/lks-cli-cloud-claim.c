/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-work.h"

#include "lks-claim-plan.h"
#include "lks-cli-device-source.h"
#include "lks-cli-json-list.h"
#include "lks-cli-output.h"
#include "lks-cloud-claim.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-device-id.h"
#include "lks-json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MAX 128
#define IDS_SHOWN 5

typedef struct
{
  LksCliCloudWork work;
  LksCliDeviceSource source;
  char *confirmed;    /* (owned) (nullable): name of the catalog, as it was confirmed */
  char *id;           /* (owned) (nullable): ID of the catalog */
  GPtrArray *rows;    /* (owned) (element-type LksDeviceRow) */
  GPtrArray *targets; /* (owned) (element-type LksClaimTarget): where they go */
  gint64 n_devices;   /* of the catalog now */
  LksCliJsonList list;
  guint n_unknown; /* may be claimed, or not */
  int status;      /* of the first that failed */
} Claim;

static void
claim_clear (Claim *self)
{
  lks_cli_cloud_work_clear (&self->work);
  lks_cli_device_source_clear (&self->source);
  g_free (self->confirmed);
  g_free (self->id);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Claim, claim_clear)

/* ---- is it the right catalog? ---- */

static gboolean
find_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Claim *self = data;

  if (!lks_cli_cloud_work_find (&self->work, cloud, error) ||
      !lks_cloud_resource_count_devices (self->work.client, self->work.scope, &self->n_devices,
                                         cloud->cancellable, error))
    return FALSE;
  self->id = lks_cloud_scope_dup_id (self->work.scope);
  return TRUE;
}

static void
explain_target (const LksClaimTarget *target)
{
  g_autofree char *product = lks_cli_clean (target->product);
  g_autofree char *group = lks_cli_clean (target->group);

  if (target->product != NULL)
    fprintf (stderr, "  %u into %s › %s:\n", target->ids->len, product, group);
  else
    fprintf (stderr, "  %u into the catalog alone, in no device group:\n", target->ids->len);
  for (guint i = 0; i < MIN (target->ids->len, IDS_SHOWN); i++)
    fprintf (stderr, "    %s\n", (const char *) g_ptr_array_index (target->ids, i));
  if (target->ids->len > IDS_SHOWN)
    fprintf (stderr, "    … and %u more\n", target->ids->len - IDS_SHOWN);
}

static void
explain (Claim *self)
{
  g_autofree char *id = lks_cli_clean (self->id);

  fprintf (stderr,
           "%u device(s) will be claimed into the catalog %s, which has %" G_GINT64_FORMAT
           " now:\n  %s\n",
           self->rows->len, self->work.scope->catalog, self->n_devices, id);
  for (guint i = 0; i < self->targets->len; i++)
    explain_target (g_ptr_array_index (self->targets, i));
  fputs ("A claim is for ever: a device can never leave the catalog again.\n", stderr);
}

static void
ask (Claim *self)
{
  char answer[ANSWER_MAX];

  fputs ("Type the name of the catalog to go on: ", stderr);
  if (fgets (answer, sizeof answer, stdin) != NULL)
    self->confirmed = g_strdup (g_strstrip (answer));
}

/* The name in full, as it is written: a habit of typing “y” must not be enough. */
static gboolean
confirm (Claim *self, GError **error)
{
  const char *name = self->work.scope->catalog;

  explain (self);
  if (self->confirmed == NULL && isatty (STDIN_FILENO))
    ask (self);
  if (g_strcmp0 (self->confirmed, name) == 0)
    return TRUE;
  if (self->confirmed == NULL)
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED,
                 "Nothing was claimed; if it is the right catalog, confirm it with "
                 "--yes-claim-forever-into %s",
                 name);
  else
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED,
                 "Nothing was claimed: the catalog is “%s”, not “%s”; --yes-claim-forever-into "
                 "takes its name",
                 name, self->confirmed);
  return FALSE;
}

/* ---- claim ---- */

static void
print_json_row (Claim *self, const LksCloudClaimResult *result, const char *word)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "deviceId", result->device_id);
  json_object_set_string_member (object, "result", word);
  lks_json_set_text (object, "catalog", result->place != NULL ? result->place->catalog : NULL);
  lks_json_set_text (object, "product", result->place != NULL ? result->place->product : NULL);
  lks_json_set_text (object, "group", result->place != NULL ? result->place->group : NULL);
  json_object_set_member (object, "error", lks_cli_error_to_json (result->error));
  lks_cli_json_list_add (&self->list, object);
}

static const char *
get_word (const LksCloudClaimResult *result)
{
  if (result->place != NULL)
    return result->was_there ? "already" : "claimed";
  if (g_error_matches (result->error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING))
    return "pending";
  return result->is_unknown ? "unknown" : "failed";
}

static gboolean
take_result (const LksCloudClaimResult *result, gpointer data, GError **error)
{
  Claim *self = data;
  const char *word = get_word (result);

  self->n_unknown += g_str_equal (word, "unknown");
  if (result->error != NULL && self->status == LKS_CLI_EXIT_DONE)
    self->status = (int) lks_cli_exit_for_error (result->error);
  if (self->work.json)
    print_json_row (self, result, word);
  else
    printf ("…%s  %-8s %s%s%s\n", lks_cli_get_device_end (result->device_id), word,
            result->place != NULL ? result->place->product : "", result->place != NULL ? "/" : "",
            result->place != NULL ? result->place->group : "");
  /* What ends everything is told once, in the end. */
  if (result->error != NULL &&
      !(result->is_unknown && lks_cloud_error_concerns_all (result->error)))
    lks_cli_print_error (lks_device_id_get_short (result->device_id), result->error);
  return TRUE;
}

static gboolean
claim_targets (Claim *self, LksCliCloud *cloud, GHashTable *places, GError **error)
{
  for (guint i = 0; i < self->targets->len; i++)
    {
      const LksClaimTarget *target = g_ptr_array_index (self->targets, i);
      g_autoptr (LksCloudScope) group =
          lks_cloud_scope_dup_group (self->work.scope, target->product, target->group);

      if (!lks_cloud_claim (self->work.client, group, target->ids, places, take_result, self,
                            cloud->cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
claim_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Claim *self = data;
  g_autoptr (GPtrArray) ids = lks_cli_device_source_list_ids (self->rows);
  g_autoptr (GHashTable) places = NULL;

  places =
      lks_cloud_device_locate (self->work.client, self->work.scope, ids, cloud->cancellable, error);
  return places != NULL && claim_targets (self, cloud, places, error);
}

static gboolean
prepare (Claim *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    LKS_CLI_DEVICE_SOURCE_ENTRIES (self->source),
    { "product", 0, 0, G_OPTION_ARG_STRING, &self->work.product, "Into this product", "NAME" },
    { "group", 0, 0, G_OPTION_ARG_STRING, &self->work.group, "Into this device group", "NAME" },
    { "yes-claim-forever-into", 0, 0, G_OPTION_ARG_STRING, &self->confirmed,
      "Confirms the claim: the name of the catalog, in full", "CATALOG" },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud claim " LKS_CLI_DEVICE_SOURCE_USAGE,
    "Claims devices into a catalog, for ever. A list may name a product and a device group for "
    "each.",
    0,
    0,
    LKS_CLOUD_ACTION_CLAIM,
    entries
  };

  if (!lks_cli_cloud_work_parse (&self->work, &usage, argc, argv, error))
    return FALSE;
  self->rows = lks_cli_device_source_read (&self->source, error);
  if (self->rows != NULL)
    self->targets = lks_claim_plan (self->rows, self->work.product, self->work.group, error);
  return self->targets != NULL && lks_cli_cloud_run (find_in_thread, self, error) &&
         confirm (self, error);
}

/**
 * lks_cli_cloud_claim:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud claim`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_claim (int argc, char **argv)
{
  g_auto (Claim) self = { .list = { .member = "devices" } };
  g_autoptr (GError) error = NULL;

  if (!prepare (&self, &argc, &argv, &error))
    return (int) lks_cli_report_error (error, self.work.json);

  lks_cli_cloud_run (claim_in_thread, &self, &error);
  if (self.work.json)
    lks_cli_json_list_end (&self.list, error);
  if (self.n_unknown > 0)
    fprintf (stderr,
             "Of %u device(s) nobody knows whether they were claimed. Give the same command again: "
             "it finds their state first and claims only what is missing.\n",
             self.n_unknown);
  if (error != NULL)
    return (int) lks_cli_report_error (error, FALSE);
  return self.status == LKS_CLI_EXIT_DONE && self.source.n_silent > 0 ? LKS_CLI_EXIT_DEVICE
                                                                      : self.status;
}
