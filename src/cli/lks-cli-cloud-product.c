/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-rows.h"
#include "lks-cli-work.h"
#include "lks-cloud-group.h"
#include "lks-cloud-product.h"

typedef struct
{
  LksCliCloudWork work;
  char *description;          /* (owned) (nullable) */
  gboolean no_groups;         /* a new product gets no default groups */
  LksCliRows *rows;           /* (owned) (nullable) */
  LksCloudScope *product;     /* (owned) (nullable) */
  LksCloudResource *resource; /* (owned) (nullable) */
} Products;

static void
products_clear (Products *self)
{
  lks_cli_cloud_work_clear (&self->work);
  g_free (self->description);
  g_clear_pointer (&self->rows, lks_cli_rows_free);
  g_clear_pointer (&self->product, lks_cloud_scope_free);
  g_clear_pointer (&self->resource, lks_cloud_resource_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Products, products_clear)

static gboolean
find (Products *self, LksCliCloud *cloud, GError **error)
{
  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  self->product = lks_cloud_scope_dup_product (self->work.scope, self->work.arguments[0]);
  return TRUE;
}

/* Prints what came of it. */
static int
finish (Products *self, LksCliCloudFunc func, GError *error)
{
  return lks_cli_resource_finish (&self->work, func, self, &self->resource, error);
}

/* ---- list ---- */

static gboolean
list_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Products *self = data;

  return lks_cli_cloud_work_find (&self->work, cloud, error) &&
         lks_cloud_product_list (self->work.client, self->work.scope, lks_cli_rows_take, self->rows,
                                 cloud->cancellable, error);
}

static int
list (int argc, char **argv)
{
  g_auto (Products) self = { 0 };
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_NONE, &self.work.csv, "Print comma-separated values", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud product list", "Lists the products of a catalog.", 0, 0, LKS_CLOUD_ACTION_LOOK, entries
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    return (int) lks_cli_report_error (error, self.work.json);
  self.rows = lks_cli_rows_new (&self.work, &lks_cloud_product_kind, "products");
  lks_cli_cloud_run (list_in_thread, &self, &error);
  return lks_cli_rows_end (self.rows, error);
}

/* ---- one ---- */

static gboolean
show_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Products *self = data;

  if (!find (self, cloud, error))
    return FALSE;
  self->resource = lks_cloud_resource_get (self->work.client, &lks_cloud_product_kind,
                                           self->product, cloud->cancellable, error);
  return self->resource != NULL;
}

static int
show (int argc, char **argv)
{
  g_auto (Products) self = { 0 };
  const LksCliCloudUsage usage = {
    "cloud product show NAME", "Shows a product.", 1, 1, LKS_CLOUD_ACTION_LOOK, NULL
  };
  GError *error = NULL;

  lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error);
  return finish (&self, show_in_thread, error);
}

static gboolean
ignore (LksCloudResource *resource, gpointer unused, GError **error)
{
  return TRUE;
}

static gboolean
create_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Products *self = data;

  if (!find (self, cloud, error))
    return FALSE;
  self->resource = lks_cloud_product_create (self->work.client, self->product, self->description,
                                             cloud->cancellable, error);
  return self->resource != NULL &&
         (self->no_groups ||
          lks_cloud_product_make_groups (self->work.client, self->product, ignore, NULL,
                                         cloud->cancellable, error));
}

static int
create (int argc, char **argv)
{
  g_auto (Products) self = { 0 };
  const GOptionEntry entries[] = {
    { "description", 0, 0, G_OPTION_ARG_STRING, &self.description, "What to say about it", "TEXT" },
    { "no-default-groups", 0, 0, G_OPTION_ARG_NONE, &self.no_groups,
      "Without the five default device groups", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud product create NAME",
                                   "Makes a product and its five default device groups.",
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
  Products *self = data;

  if (!find (self, cloud, error))
    return FALSE;
  self->resource = lks_cloud_product_update (self->work.client, self->product, self->description,
                                             cloud->cancellable, error);
  return self->resource != NULL;
}

static int
update (int argc, char **argv)
{
  g_auto (Products) self = { 0 };
  const GOptionEntry entries[] = {
    { "description", 0, 0, G_OPTION_ARG_STRING, &self.description, "What to say about it", "TEXT" },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud product update NAME --description TEXT",
                                   "Changes the description of a product.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_CHANGE,
                                   entries };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error) &&
      self.description == NULL)
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "There is nothing to change but the --description");
  return finish (&self, update_in_thread, error);
}

static gboolean
delete_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Products *self = data;

  return find (self, cloud, error) &&
         lks_cloud_resource_delete (self->work.client, self->product, cloud->cancellable, error);
}

static int delete (int argc, char **argv)
{
  g_auto (Products) self = { 0 };
  const GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &self.work.yes, "Do it", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud product delete NAME --yes",
                                   "Deletes a product and its device groups.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_CHANGE,
                                   entries };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    lks_cli_cloud_work_confirm (&self.work, "A product is deleted for good", &error);
  return finish (&self, delete_in_thread, error);
}

static gboolean
default_groups_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Products *self = data;

  return find (self, cloud, error) &&
         lks_cloud_product_make_groups (self->work.client, self->product, lks_cli_rows_take,
                                        self->rows, cloud->cancellable, error);
}

static int
default_groups (int argc, char **argv)
{
  g_auto (Products) self = { 0 };
  const LksCliCloudUsage usage = { "cloud product default-groups NAME",
                                   "Makes the five default device groups of a product.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_CHANGE,
                                   NULL };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    return (int) lks_cli_report_error (error, self.work.json);
  self.rows = lks_cli_rows_new (&self.work, &lks_cloud_group_kind, "groups");
  lks_cli_cloud_run (default_groups_in_thread, &self, &error);
  return lks_cli_rows_end (self.rows, error);
}

static const LksCliCommand verbs[] = {
  { "list", NULL, "All of a catalog", list },
  { "show", "NAME", "One", show },
  { "create", "NAME", "Make one and its device groups", create },
  { "update", "NAME", "Change the description", update },
  { "delete", "NAME", "Delete one without devices", delete },
  { "default-groups", "NAME", "Make the default device groups", default_groups },
};

/**
 * lks_cli_cloud_product:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud product`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_product (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud product", verbs, G_N_ELEMENTS (verbs),
                           "Products have device groups.", argc, argv);
}
