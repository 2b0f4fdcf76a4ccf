/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-rows.h"
#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-cloud-line.h"
#include "lks-cloud-tags.h"

#include <stdio.h>

typedef struct
{
  LksCliCloudWork work;
  LksCliRows *rows;           /* (owned) (nullable) */
  LksCloudResource *resource; /* (owned) (nullable) */
  gint64 n_devices;
  char **set;    /* (owned) (nullable): NAME=VALUE of tags */
  char **remove; /* (owned) (nullable): names of tags */
} Catalogs;

static void
catalogs_clear (Catalogs *self)
{
  lks_cli_cloud_work_clear (&self->work);
  g_clear_pointer (&self->rows, lks_cli_rows_free);
  g_clear_pointer (&self->resource, lks_cloud_resource_unref);
  g_strfreev (self->set);
  g_strfreev (self->remove);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Catalogs, catalogs_clear)

/* The catalog that is named as the first argument. */
static void
take_name (Catalogs *self)
{
  g_free (self->work.catalog);
  self->work.catalog = g_strdup (self->work.arguments[0]);
}

/* ---- list ---- */

static gboolean
list_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Catalogs *self = data;

  return lks_cli_cloud_work_open (&self->work, cloud, error) &&
         lks_cloud_catalog_list (self->work.client, self->work.subscription,
                                 self->work.resource_group, lks_cli_rows_take, self->rows,
                                 cloud->cancellable, error);
}

static int
list (int argc, char **argv)
{
  g_auto (Catalogs) self = { 0 };
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_NONE, &self.work.csv, "Print comma-separated values", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud catalog list",
                                   "Lists the catalogs that the account sees.",
                                   0,
                                   0,
                                   LKS_CLOUD_ACTION_LOOK,
                                   entries };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    return (int) lks_cli_report_error (error, self.work.json);
  self.rows = lks_cli_rows_new (&self.work, &lks_cloud_catalog_kind, "catalogs");
  if (lks_cli_cloud_run (list_in_thread, &self, &error))
    lks_cli_rows_leave_out (self.rows, lks_cloud_client_get_gaps (self.work.client));
  return lks_cli_rows_end (self.rows, error);
}

/* ---- one ---- */

static gboolean
show_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Catalogs *self = data;

  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  self->resource = lks_cloud_resource_get (self->work.client, &lks_cloud_catalog_kind,
                                           self->work.scope, cloud->cancellable, error);
  return self->resource != NULL &&
         lks_cloud_resource_count_devices (self->work.client, self->work.scope, &self->n_devices,
                                           cloud->cancellable, error);
}

static int
show (int argc, char **argv)
{
  g_auto (Catalogs) self = { 0 };
  const LksCliCloudUsage usage = { "cloud catalog show [NAME]",
                                   "Shows a catalog and counts its devices.",
                                   0,
                                   1,
                                   LKS_CLOUD_ACTION_LOOK,
                                   NULL };
  g_autoptr (GError) error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error) &&
      self.work.arguments[0] != NULL)
    take_name (&self);
  if (error != NULL || !lks_cli_cloud_run (show_in_thread, &self, &error))
    return (int) lks_cli_report_error (error, self.work.json);

  if (self.work.json)
    {
      JsonObject *object = lks_cloud_line_to_json (self.resource);

      json_object_set_int_member (object, "devices", self.n_devices);
      lks_cli_print_object (object);
      return LKS_CLI_EXIT_DONE;
    }
  lks_cli_resource_print (self.resource, FALSE);
  printf ("%-26s %" G_GINT64_FORMAT "\n", "devices", self.n_devices);
  return LKS_CLI_EXIT_DONE;
}

static gboolean
create_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Catalogs *self = data;

  self->work.scope = lks_cloud_scope_new (self->work.subscription, self->work.resource_group,
                                          self->work.arguments[0]);
  if (!lks_cli_cloud_work_open (&self->work, cloud, error))
    return FALSE;
  self->resource = lks_cloud_catalog_create (self->work.client, self->work.scope, NULL,
                                             cloud->cancellable, error);
  return self->resource != NULL;
}

static int
create (int argc, char **argv)
{
  g_auto (Catalogs) self = { 0 };
  const LksCliCloudUsage usage = {
    "cloud catalog create NAME --subscription GUID --resource-group NAME",
    "Makes a catalog. Devices that are claimed into it stay in it for ever.",
    1,
    1,
    LKS_CLOUD_ACTION_CHANGE,
    NULL
  };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error) &&
      (self.work.subscription == NULL || self.work.resource_group == NULL))
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "A new catalog needs --subscription and --resource-group");
  return lks_cli_resource_finish (&self.work, create_in_thread, &self, &self.resource, error);
}

/* ---- change ---- */

/* Tags that are not named stay as they are. */
static gboolean
change_tags (Catalogs *self, GHashTable *tags, GError **error)
{
  for (gsize i = 0; self->remove != NULL && self->remove[i] != NULL; i++)
    if (!lks_cloud_tags_remove (tags, self->remove[i]))
      {
        g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "The catalog has no tag “%s”",
                     self->remove[i]);
        return FALSE;
      }
  for (gsize i = 0; self->set != NULL && self->set[i] != NULL; i++)
    if (!lks_cloud_tags_set (tags, self->set[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
update_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Catalogs *self = data;
  g_autoptr (LksCloudResource) before = NULL;
  g_autoptr (GHashTable) tags = NULL;

  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  before = lks_cloud_resource_get (self->work.client, &lks_cloud_catalog_kind, self->work.scope,
                                   cloud->cancellable, error);
  if (before == NULL)
    return FALSE;
  tags = lks_cloud_tags_copy (((LksCloudCatalog *) before)->tags);
  if (!change_tags (self, tags, error))
    return FALSE;
  self->resource = lks_cloud_catalog_update (self->work.client, self->work.scope, tags,
                                             cloud->cancellable, error);
  return self->resource != NULL;
}

static int
update (int argc, char **argv)
{
  g_auto (Catalogs) self = { 0 };
  const GOptionEntry entries[] = {
    { "tag", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.set, "Set this tag; may be given several times",
      "NAME=VALUE" },
    { "remove-tag", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.remove,
      "Take this tag away; may be given several times", "NAME" },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud catalog update NAME [--tag NAME=VALUE] [--remove-tag NAME]",
    "Changes the tags of a catalog; those that are not named stay.",
    1,
    1,
    LKS_CLOUD_ACTION_CHANGE,
    entries
  };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    take_name (&self);
  if (error == NULL && self.set == NULL && self.remove == NULL)
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "There is nothing to change but tags: --tag and --remove-tag");
  return lks_cli_resource_finish (&self.work, update_in_thread, &self, &self.resource, error);
}

static gboolean
delete_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Catalogs *self = data;

  return lks_cli_cloud_work_find (&self->work, cloud, error) &&
         lks_cloud_resource_delete (self->work.client, self->work.scope, cloud->cancellable, error);
}

static int delete (int argc, char **argv)
{
  g_auto (Catalogs) self = { 0 };
  const GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &self.work.yes, "Do it", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud catalog delete NAME --yes", "Deletes a catalog.", 1, 1, LKS_CLOUD_ACTION_CHANGE, entries
  };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error) &&
      lks_cli_cloud_work_confirm (&self.work, "A catalog is deleted for good", &error))
    take_name (&self);
  return lks_cli_resource_finish (&self.work, delete_in_thread, &self, &self.resource, error);
}

static const LksCliCommand verbs[] = {
  { "list", NULL, "All that the account sees", list },
  { "show", "[NAME]", "One, with the number of its devices", show },
  { "create", "NAME", "Make one", create },
  { "update", "NAME", "Change the tags", update },
  { "delete", "NAME", "Delete one without devices", delete },
};

/**
 * lks_cli_cloud_catalog:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud catalog`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_catalog (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud catalog", verbs, G_N_ELEMENTS (verbs),
                           "Catalogs own devices, for ever.", argc, argv);
}
