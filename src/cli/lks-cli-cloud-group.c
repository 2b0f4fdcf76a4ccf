/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-rows.h"
#include "lks-cli-work.h"
#include "lks-cloud-group.h"

typedef struct
{
  LksCliCloudWork work;
  char *description; /* (owned) (nullable), like all settings */
  char *os_feed;
  char *update_policy;
  char *crash_dumps;
  char *region;
  LksCliRows *rows;           /* (owned) (nullable) */
  LksCloudScope *place;       /* (owned) (nullable) */
  LksCloudResource *resource; /* (owned) (nullable) */
} Groups;

static void
groups_clear (Groups *self)
{
  lks_cli_cloud_work_clear (&self->work);
  g_free (self->description);
  g_free (self->os_feed);
  g_free (self->update_policy);
  g_free (self->crash_dumps);
  g_free (self->region);
  g_clear_pointer (&self->rows, lks_cli_rows_free);
  g_clear_pointer (&self->place, lks_cloud_scope_free);
  g_clear_pointer (&self->resource, lks_cloud_resource_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Groups, groups_clear)

#define PRODUCT_ENTRY(self)                                                                        \
  {                                                                                                \
    "product", 0, 0, G_OPTION_ARG_STRING, &(self).work.product, "Of this product", "NAME"          \
  }

#define SETTING_ENTRIES(self)                                                                      \
  {                                                                                                \
    "description", 0, 0, G_OPTION_ARG_STRING, &(self).description, "What to say about it", "TEXT"  \
  },                                                                                               \
      { "os-feed",                                                                                 \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_STRING,                                                                       \
        &(self).os_feed,                                                                           \
        "Which OS versions: Retail, or RetailEval for those of the evaluation",                    \
        "FEED" },                                                                                  \
      { "update-policy",                                                                           \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_STRING,                                                                       \
        &(self).update_policy,                                                                     \
        "UpdateAll, or No3rdPartyAppUpdates for the OS alone",                                     \
        "POLICY" },                                                                                \
      { "crash-dumps",         0,       0, G_OPTION_ARG_STRING, &(self).crash_dumps,               \
        "Enabled or Disabled", "SWITCH" },                                                         \
  {                                                                                                \
    "region", 0, 0, G_OPTION_ARG_STRING, &(self).region, "Where its data may lie: None or EU",     \
        "REGION"                                                                                   \
  }

static gboolean
find (Groups *self, LksCliCloud *cloud, GError **error)
{
  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  self->place =
      lks_cloud_scope_dup_group (self->work.scope, self->work.product, self->work.arguments[0]);
  return TRUE;
}

static int
finish (Groups *self, LksCliCloudFunc func, GError *error)
{
  if (error == NULL)
    lks_cli_cloud_work_need_product (&self->work, &error);
  return lks_cli_resource_finish (&self->work, func, self, &self->resource, error);
}

/* ---- list ---- */

static gboolean
list_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Groups *self = data;

  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  self->place = self->work.product != NULL
                    ? lks_cloud_scope_dup_product (self->work.scope, self->work.product)
                    : lks_cloud_scope_copy (self->work.scope);
  return lks_cloud_group_list (self->work.client, self->place, NULL, lks_cli_rows_take, self->rows,
                               cloud->cancellable, error);
}

static int
list (int argc, char **argv)
{
  g_auto (Groups) self = { 0 };
  const GOptionEntry entries[] = {
    PRODUCT_ENTRY (self),
    { "csv", 0, 0, G_OPTION_ARG_NONE, &self.work.csv, "Print comma-separated values", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud group list",
                                   "Lists the device groups of a catalog or of a product.",
                                   0,
                                   0,
                                   LKS_CLOUD_ACTION_LOOK,
                                   entries };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    return (int) lks_cli_report_error (error, self.work.json);
  self.rows = lks_cli_rows_new (&self.work, &lks_cloud_group_kind, "groups");
  lks_cli_cloud_run (list_in_thread, &self, &error);
  return lks_cli_rows_end (self.rows, error);
}

/* ---- one ---- */

static gboolean
show_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Groups *self = data;

  if (!find (self, cloud, error))
    return FALSE;
  self->resource = lks_cloud_resource_get (self->work.client, &lks_cloud_group_kind, self->place,
                                           cloud->cancellable, error);
  return self->resource != NULL;
}

static int
show (int argc, char **argv)
{
  g_auto (Groups) self = { 0 };
  const GOptionEntry entries[] = { PRODUCT_ENTRY (self), { NULL } };
  const LksCliCloudUsage usage = { "cloud group show NAME --product NAME",
                                   "Shows a device group.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_LOOK,
                                   entries };
  GError *error = NULL;

  lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error);
  return finish (&self, show_in_thread, error);
}

static LksCloudGroupSettings
get_settings (const Groups *self)
{
  return (LksCloudGroupSettings){ self->description, self->os_feed, self->update_policy,
                                  self->crash_dumps, self->region };
}

static gboolean
create_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Groups *self = data;
  const LksCloudGroupSettings settings = get_settings (self);

  if (!find (self, cloud, error))
    return FALSE;
  self->resource =
      lks_cloud_group_create (self->work.client, self->place, &settings, cloud->cancellable, error);
  return self->resource != NULL;
}

static int
create (int argc, char **argv)
{
  g_auto (Groups) self = { 0 };
  const GOptionEntry entries[] = { PRODUCT_ENTRY (self), SETTING_ENTRIES (self), { NULL } };
  const LksCliCloudUsage usage = { "cloud group create NAME --product NAME",
                                   "Makes a device group.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_CHANGE,
                                   entries };
  GError *error = NULL;

  lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error);
  return finish (&self, create_in_thread, error);
}

static gboolean
update_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Groups *self = data;
  const LksCloudGroupSettings settings = get_settings (self);

  if (!find (self, cloud, error))
    return FALSE;
  self->resource =
      lks_cloud_group_update (self->work.client, self->place, &settings, cloud->cancellable, error);
  return self->resource != NULL;
}

static gboolean
has_settings (const Groups *self)
{
  return self->description != NULL || self->os_feed != NULL || self->update_policy != NULL ||
         self->crash_dumps != NULL || self->region != NULL;
}

static int
update (int argc, char **argv)
{
  g_auto (Groups) self = { 0 };
  const GOptionEntry entries[] = { PRODUCT_ENTRY (self), SETTING_ENTRIES (self), { NULL } };
  const LksCliCloudUsage usage = { "cloud group update NAME --product NAME",
                                   "Changes what the devices of a group get from the cloud.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_CHANGE,
                                   entries };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error) && !has_settings (&self))
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "Say what to change");
  return finish (&self, update_in_thread, error);
}

static gboolean
delete_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Groups *self = data;

  return find (self, cloud, error) &&
         lks_cloud_resource_delete (self->work.client, self->place, cloud->cancellable, error);
}

static int delete (int argc, char **argv)
{
  g_auto (Groups) self = { 0 };
  const GOptionEntry entries[] = {
    PRODUCT_ENTRY (self),
    { "yes", 0, 0, G_OPTION_ARG_NONE, &self.work.yes, "Do it", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud group delete NAME --product NAME --yes",
                                   "Deletes a device group.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_CHANGE,
                                   entries };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    lks_cli_cloud_work_confirm (&self.work, "A device group is deleted for good", &error);
  return finish (&self, delete_in_thread, error);
}

static const LksCliCommand verbs[] = {
  { "list", NULL, "All of a catalog or of a product", list },
  { "show", "NAME", "One", show },
  { "create", "NAME", "Make one", create },
  { "update", "NAME", "Change one", update },
  { "delete", "NAME", "Delete one without devices", delete },
};

/**
 * lks_cli_cloud_group:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud group`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_group (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud group", verbs, G_N_ELEMENTS (verbs),
                           "Device groups say what their devices get from the cloud.", argc, argv);
}
