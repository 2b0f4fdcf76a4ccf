/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-deployment.h"

#include "lks-cli-cloud-rows.h"
#include "lks-cli-work.h"

#define IMAGES_MAX 50

typedef struct
{
  LksCliCloudWork work;
  LksCliRows *rows;           /* (owned) (nullable) */
  LksCloudScope *place;       /* (owned) (nullable) */
  LksCloudResource *resource; /* (owned) (nullable) */
} Deployments;

static void
deployments_clear (Deployments *self)
{
  lks_cli_cloud_work_clear (&self->work);
  g_clear_pointer (&self->rows, lks_cli_rows_free);
  g_clear_pointer (&self->place, lks_cloud_scope_free);
  g_clear_pointer (&self->resource, lks_cloud_resource_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deployments, deployments_clear)

#define PLACE_ENTRIES(self)                                                                        \
  { "product", 0, 0, G_OPTION_ARG_STRING, &(self).work.product, "Of this product", "NAME" },       \
  {                                                                                                \
    "group", 0, 0, G_OPTION_ARG_STRING, &(self).work.group, "Of this device group", "NAME"         \
  }

static gboolean
need_group (Deployments *self, GError **error)
{
  if (self->work.group != NULL)
    return TRUE;
  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "Name the device group with --product and --group");
  return FALSE;
}

/* A device group, or the catalog when none is named. */
static gboolean
find (Deployments *self, LksCliCloud *cloud, GError **error)
{
  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  self->place =
      self->work.group != NULL
          ? lks_cloud_scope_dup_group (self->work.scope, self->work.product, self->work.group)
          : lks_cloud_scope_copy (self->work.scope);
  return TRUE;
}

static gboolean
list_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Deployments *self = data;

  return find (self, cloud, error) &&
         lks_cloud_deployment_list (self->work.client, self->place, lks_cli_rows_take, self->rows,
                                    cloud->cancellable, error);
}

static int
list (int argc, char **argv)
{
  g_auto (Deployments) self = { 0 };
  const GOptionEntry entries[] = {
    PLACE_ENTRIES (self),
    { "csv", 0, 0, G_OPTION_ARG_NONE, &self.work.csv, "Print comma-separated values", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud deployment list",
                                   "Lists the current deployment of each device group, or all that "
                                   "a device group ever had.",
                                   0,
                                   0,
                                   LKS_CLOUD_ACTION_LIST_DEPLOYMENTS,
                                   entries };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    return (int) lks_cli_report_error (error, self.work.json);
  self.rows = lks_cli_rows_new (&self.work, &lks_cloud_deployment_kind, "deployments");
  lks_cli_cloud_run (list_in_thread, &self, &error);
  return lks_cli_rows_end (self.rows, error);
}

static gboolean
show_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Deployments *self = data;
  const char *id = self->work.arguments[0];
  g_autoptr (LksCloudScope) scope = NULL;

  if (!find (self, cloud, error))
    return FALSE;
  scope = lks_cloud_scope_dup_leaf (self->place, "deployments",
                                    id != NULL ? id : LKS_CLOUD_DEPLOYMENT_CURRENT);
  self->resource = lks_cloud_resource_get (self->work.client, &lks_cloud_deployment_kind, scope,
                                           cloud->cancellable, error);
  return self->resource != NULL;
}

static int
finish (Deployments *self, LksCliCloudFunc func, GError *error)
{
  if (error == NULL)
    need_group (self, &error);
  return lks_cli_resource_finish (&self->work, func, self, &self->resource, error);
}

static int
show (int argc, char **argv)
{
  g_auto (Deployments) self = { 0 };
  const GOptionEntry entries[] = { PLACE_ENTRIES (self), { NULL } };
  const LksCliCloudUsage usage = {
    "cloud deployment show [DEPLOYMENT-ID] --product NAME --group NAME",
    "Shows the current deployment of a device group, or an older one.",
    0,
    1,
    LKS_CLOUD_ACTION_LOOK,
    entries
  };
  GError *error = NULL;

  lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error);
  return finish (&self, show_in_thread, error);
}

static gboolean
create_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Deployments *self = data;

  if (!find (self, cloud, error))
    return FALSE;
  self->resource = lks_cloud_deployment_create (self->work.client, self->place,
                                                (const char *const *) self->work.arguments,
                                                cloud->cancellable, error);
  return self->resource != NULL;
}

static int
create (int argc, char **argv)
{
  g_auto (Deployments) self = { 0 };
  const GOptionEntry entries[] = {
    PLACE_ENTRIES (self),
    { "yes", 0, 0, G_OPTION_ARG_NONE, &self.work.yes, "Do it", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud deployment create IMAGE-ID… --product NAME --group NAME --yes",
    "Deploys exactly these images to a device group.",
    1,
    IMAGES_MAX,
    LKS_CLOUD_ACTION_DEPLOY,
    entries
  };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    lks_cli_cloud_work_confirm (
        &self.work,
        "Every device of the group gets exactly these images, and loses the others, when it asks "
        "next",
        &error);
  return finish (&self, create_in_thread, error);
}

/* One that is not there would be told as deleted, too: it is asked for first. */
static gboolean
delete_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Deployments *self = data;
  g_autoptr (LksCloudScope) scope = NULL;
  g_autoptr (LksCloudResource) deployment = NULL;

  if (!find (self, cloud, error))
    return FALSE;
  scope = lks_cloud_scope_dup_leaf (self->place, "deployments", self->work.arguments[0]);
  deployment = lks_cloud_resource_get (self->work.client, &lks_cloud_deployment_kind, scope,
                                       cloud->cancellable, error);
  return deployment != NULL &&
         lks_cloud_resource_delete (self->work.client, scope, cloud->cancellable, error);
}

static int delete (int argc, char **argv)
{
  g_auto (Deployments) self = { 0 };
  const GOptionEntry entries[] = {
    PLACE_ENTRIES (self),
    { "yes", 0, 0, G_OPTION_ARG_NONE, &self.work.yes, "Do it", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud deployment delete DEPLOYMENT-ID --product NAME --group NAME --yes",
    "Deletes a deployment of a device group. Of the one in force the vendor does not say what its "
    "devices get then.",
    1,
    1,
    LKS_CLOUD_ACTION_DEPLOY,
    entries
  };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    lks_cli_cloud_work_confirm (
        &self.work,
        "A deployment is deleted for good, and the vendor does not say what "
        "devices get when it is the one in force: deploy another one first",
        &error);
  return finish (&self, delete_in_thread, error);
}

static const LksCliCommand verbs[] = {
  { "list", NULL, "The current ones, or those of a device group", list },
  { "show", "[DEPLOYMENT-ID]", "One", show },
  { "create", "IMAGE-ID…", "Deploy images to a device group", create },
  { "delete", "DEPLOYMENT-ID", "Delete one of a device group", delete },
};

/**
 * lks_cli_cloud_deployment:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud deployment`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_deployment (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud deployment", verbs, G_N_ELEMENTS (verbs),
                           "Deployments say which images a device group gets.", argc, argv);
}
