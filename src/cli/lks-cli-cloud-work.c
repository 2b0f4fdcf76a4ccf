/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-work.h"

#include "lks-cloud-error.h"

#include <stdio.h>

/* ---- who is signed in ---- */

static gboolean
is_meant (LksCloudAccount *account, const char *name)
{
  return name == NULL || g_str_has_prefix (lks_cloud_account_get_id (account), name) ||
         g_ascii_strcasecmp (lks_cloud_account_get_user (account), name) == 0;
}

/**
 * lks_cli_cloud_find_account:
 * @self: what commands about the cloud need
 * @name: (nullable): an ID, the beginning of one, or a user; NULL when there is only one
 * @error: return location for an error
 *
 * Returns: (transfer full): the only account that is meant, or NULL with @error set
 */
LksCloudAccount *
lks_cli_cloud_find_account (LksCliCloud *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) all =
      lks_cloud_account_list (self->store, self->trust, self->cancellable, error);
  LksCloudAccount *found = NULL;

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      LksCloudAccount *account = g_ptr_array_index (all, i);

      if (!is_meant (account, name))
        continue;
      if (found != NULL)
        {
          g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                               "Several accounts could be meant; “locksmithctl cloud accounts” "
                               "shows the ID of each");
          return NULL;
        }
      found = account;
    }
  if (found != NULL)
    return g_object_ref (found);
  if (all != NULL && name == NULL)
    g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN, "nobody is signed in");
  else if (all != NULL)
    g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "There is no such account");
  return NULL;
}

/* ---- what stands on the command line ---- */

static void
append_entries (GArray *all, const GOptionEntry *entries)
{
  for (; entries != NULL && entries->long_name != NULL; entries++)
    g_array_append_val (all, *entries);
}

static GArray *
join_entries (LksCliCloudWork *self, const GOptionEntry *own)
{
  const GOptionEntry common[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &self->account,
      "Who is signed in, when there are several", "ACCOUNT" },
    { "subscription", 0, 0, G_OPTION_ARG_STRING, &self->subscription, "Only in this subscription",
      "GUID" },
    { "resource-group", 0, 0, G_OPTION_ARG_STRING, &self->resource_group,
      "Only in this resource group", "NAME" },
    { "catalog", 0, 0, G_OPTION_ARG_STRING, &self->catalog,
      "Which catalog or tenant, when there are several: its name or whole ID", "CATALOG" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Print a JSON document", NULL },
  };
  const GOptionEntry end = { NULL };
  GArray *all = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));

  append_entries (all, own);
  g_array_append_vals (all, common, G_N_ELEMENTS (common));
  g_array_append_val (all, end);
  return all;
}

static gboolean
check_arguments (LksCliCloudWork *self, const LksCliCloudUsage *usage, guint n, GError **error)
{
  if (n < usage->n_arguments_min || n > usage->n_arguments_max)
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                 n < usage->n_arguments_min ? "Something is missing: locksmithctl %s"
                                            : "That is too much: locksmithctl %s",
                 usage->usage);
  else if (self->json && self->csv)
    g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "One of --json and --csv is enough");
  else if (self->limit < 0)
    g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "--limit is a number of rows");
  else if (self->group != NULL && self->product == NULL)
    g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "A device group is named together with its --product");
  else
    return TRUE;
  return FALSE;
}

/**
 * lks_cli_cloud_work_parse:
 * @self: zeroed
 * @usage: how the command is called
 * @argc: (inout): how many arguments
 * @argv: (inout) (array length=argc): the arguments
 * @error: return location for an error
 *
 * Parses the options; the help text says which role is needed, by either interface.
 *
 * Returns: whether they make sense
 */
gboolean
lks_cli_cloud_work_parse (LksCliCloudWork *self,
                          const LksCliCloudUsage *usage,
                          int *argc,
                          char ***argv,
                          GError **error)
{
  g_autoptr (GArray) entries = join_entries (self, usage->entries);
  g_autofree char *summary =
      g_strdup_printf ("%s\n%s\nLegacy: %s", usage->summary,
                       lks_cloud_action_get_role (usage->action, LKS_CLOUD_SERVICE_INTEGRATED),
                       lks_cloud_action_get_role (usage->action, LKS_CLOUD_SERVICE_LEGACY));

  if (!lks_cli_parse ((const GOptionEntry *) entries->data, usage->usage, summary, argc, argv,
                      error) ||
      !check_arguments (self, usage, (guint) *argc - 1, error))
    return FALSE;

  self->arguments = *argv + 1;
  self->action = usage->action;
  return TRUE;
}

/**
 * lks_cli_cloud_work_confirm:
 * @self: parsed
 * @what: what is about to happen, as a sentence without its end
 * @error: return location for an error, NOT_CONFIRMED
 *
 * Returns: whether --yes was given
 */
gboolean
lks_cli_cloud_work_confirm (LksCliCloudWork *self, const char *what, GError **error)
{
  if (self->yes)
    return TRUE;
  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED, "%s; confirm it with --yes",
               what);
  return FALSE;
}

/**
 * lks_cli_cloud_work_need_product:
 * @self: parsed
 * @error: return location for an error, USAGE
 *
 * Returns: whether --product was given
 */
gboolean
lks_cli_cloud_work_need_product (LksCliCloudWork *self, GError **error)
{
  if (self->product != NULL)
    return TRUE;
  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "Name the product with --product");
  return FALSE;
}

/* ---- the service ---- */

/**
 * lks_cli_cloud_work_open:
 * @self: parsed
 * @cloud: what commands about the cloud need
 * @error: return location for an error
 *
 * Makes @client for who is signed in, and tells which role that account needs, as far as something
 * is to be changed. Worker thread only.
 *
 * Returns: whether somebody is
 */
gboolean
lks_cli_cloud_work_open (LksCliCloudWork *self, LksCliCloud *cloud, GError **error)
{
  g_autoptr (LksCloudAccount) account = lks_cli_cloud_find_account (cloud, self->account, error);
  const LksCloudPlace *place;

  if (account == NULL)
    return FALSE;
  place = lks_cloud_account_get_place (account);
  if (lks_cloud_account_is_legacy (account))
    lks_cli_cloud_warn_of_end ();
  if (self->action != LKS_CLOUD_ACTION_LOOK)
    fprintf (stderr, "%s\n", lks_cloud_action_get_role (self->action, place->service));
  self->client =
      lks_cloud_client_new_for (place, LKS_TOKEN_SOURCE (account), cloud->trust, NULL, error);
  return self->client != NULL;
}

/**
 * lks_cli_cloud_work_find:
 * @self: parsed
 * @cloud: what commands about the cloud need
 * @error: return location for an error
 *
 * Opens the service and finds the catalog that is meant. Worker thread only.
 *
 * Returns: whether there is one
 */
gboolean
lks_cli_cloud_work_find (LksCliCloudWork *self, LksCliCloud *cloud, GError **error)
{
  if (!lks_cli_cloud_work_open (self, cloud, error))
    return FALSE;
  self->scope = lks_cloud_catalog_find (self->client, self->subscription, self->resource_group,
                                        self->catalog, cloud->cancellable, error);
  return self->scope != NULL;
}

/**
 * lks_cli_cloud_work_clear:
 * @self: used
 */
void
lks_cli_cloud_work_clear (LksCliCloudWork *self)
{
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->subscription, g_free);
  g_clear_pointer (&self->resource_group, g_free);
  g_clear_pointer (&self->catalog, g_free);
  g_clear_pointer (&self->product, g_free);
  g_clear_pointer (&self->group, g_free);
  g_clear_pointer (&self->client, lks_cloud_client_free);
  g_clear_pointer (&self->scope, lks_cloud_scope_free);
}
