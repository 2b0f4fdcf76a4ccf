/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-arrival.h"
#include "lks-cli-cloud-rows.h"
#include "lks-cli-os-age.h"
#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-cloud-insight.h"
#include "lks-device-id.h"

#include <stdio.h>

typedef struct
{
  LksCliCloudWork work;
  gboolean unassign;
  char *id;                   /* (owned) (nullable) */
  LksCliRows *rows;           /* (owned) (nullable) */
  LksCloudScope *place;       /* (owned) (nullable) */
  LksCloudResource *resource; /* (owned) (nullable) */
  int n_taken;                /* of a product */
  gint64 n_devices;
} Devices;

static void
devices_clear (Devices *self)
{
  lks_cli_cloud_work_clear (&self->work);
  g_free (self->id);
  g_clear_pointer (&self->rows, lks_cli_rows_free);
  g_clear_pointer (&self->place, lks_cloud_scope_free);
  g_clear_pointer (&self->resource, lks_cloud_resource_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Devices, devices_clear)

#define PLACE_ENTRIES(self)                                                                        \
  { "product", 0, 0, G_OPTION_ARG_STRING, &(self).work.product, "Of this product", "NAME" },       \
  {                                                                                                \
    "group", 0, 0, G_OPTION_ARG_STRING, &(self).work.group, "Of this device group", "NAME"         \
  }

static gboolean
parse (Devices *self, const LksCliCloudUsage *usage, int *argc, char ***argv, GError **error)
{
  if (!lks_cli_cloud_work_parse (&self->work, usage, argc, argv, error))
    return FALSE;
  if (usage->n_arguments_min == 0)
    return TRUE;
  self->id = lks_device_id_normalize (self->work.arguments[0], error);
  return self->id != NULL;
}

static int
fail (Devices *self, const GError *error)
{
  return (int) lks_cli_report_error (error, self->work.json);
}

/* ---- list and count ---- */

/* What --product and --group name, or the whole catalog. */
static gboolean
find_place (Devices *self, LksCliCloud *cloud, GError **error)
{
  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  if (self->work.group != NULL)
    self->place =
        lks_cloud_scope_dup_group (self->work.scope, self->work.product, self->work.group);
  else if (self->work.product != NULL)
    self->place = lks_cloud_scope_dup_product (self->work.scope, self->work.product);
  else
    self->place = lks_cloud_scope_copy (self->work.scope);
  return TRUE;
}

/* There is no list of a product's devices: that of the catalog is sifted. */
static gboolean
take_if_of_product (LksCloudResource *resource, gpointer data, GError **error)
{
  Devices *self = data;

  if (g_ascii_strcasecmp (resource->scope->product, self->work.product) != 0)
    return TRUE;
  lks_cli_rows_take (resource, self->rows, error);
  if (self->work.limit == 0 || ++self->n_taken < self->work.limit)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "so many were wanted");
  return FALSE;
}

static gboolean
list_of_product (Devices *self, LksCliCloud *cloud, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (lks_cloud_device_list (self->work.client, self->work.scope, 0, take_if_of_product, self,
                             cloud->cancellable, &reason) ||
      g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
list_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Devices *self = data;
  gboolean is_sifted = self->work.product != NULL && self->work.group == NULL;

  if (!find_place (self, cloud, error))
    return FALSE;
  if (is_sifted)
    return list_of_product (self, cloud, error);
  return lks_cloud_device_list (self->work.client, self->place, (guint) self->work.limit,
                                lks_cli_rows_take, self->rows, cloud->cancellable, error);
}

static int
list (int argc, char **argv)
{
  g_auto (Devices) self = { 0 };
  const GOptionEntry entries[] = {
    PLACE_ENTRIES (self),
    { "limit", 0, 0, G_OPTION_ARG_INT, &self.work.limit, "Only the first so many", "NUMBER" },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &self.work.csv, "Print comma-separated values", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud device list", "Lists devices as they come.", 0, 0, LKS_CLOUD_ACTION_LOOK, entries
  };
  g_autoptr (GError) error = NULL;

  if (!parse (&self, &usage, &argc, &argv, &error))
    return fail (&self, error);
  self.rows = lks_cli_rows_new (&self.work, &lks_cloud_device_kind, "devices");
  lks_cli_cloud_run (list_in_thread, &self, &error);
  return lks_cli_rows_end (self.rows, error);
}

static gboolean
count_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Devices *self = data;

  return find_place (self, cloud, error) &&
         lks_cloud_resource_count_devices (self->work.client, self->place, &self->n_devices,
                                           cloud->cancellable, error);
}

static int
count (int argc, char **argv)
{
  g_auto (Devices) self = { 0 };
  const GOptionEntry entries[] = { PLACE_ENTRIES (self), { NULL } };
  const LksCliCloudUsage usage = {
    "cloud device count", "Counts devices.", 0, 0, LKS_CLOUD_ACTION_LOOK, entries
  };
  g_autoptr (GError) error = NULL;

  if (!parse (&self, &usage, &argc, &argv, &error) ||
      !lks_cli_cloud_run (count_in_thread, &self, &error))
    return fail (&self, error);
  if (self.work.json)
    {
      JsonObject *object = json_object_new ();

      json_object_set_int_member (object, "devices", self.n_devices);
      lks_cli_print_object (object);
    }
  else
    printf ("%" G_GINT64_FORMAT "\n", self.n_devices);
  return LKS_CLI_EXIT_DONE;
}

static gboolean
insights_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Devices *self = data;

  return lks_cli_cloud_work_find (&self->work, cloud, error) &&
         lks_cloud_insight_list (self->work.client, self->work.scope, lks_cli_rows_take, self->rows,
                                 cloud->cancellable, error);
}

static int
insights (int argc, char **argv)
{
  g_auto (Devices) self = { 0 };
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_NONE, &self.work.csv, "Print comma-separated values", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud device insights",
                                   "Lists what went wrong on the devices of a catalog.",
                                   0,
                                   0,
                                   LKS_CLOUD_ACTION_LOOK,
                                   entries };
  g_autoptr (GError) error = NULL;

  if (!parse (&self, &usage, &argc, &argv, &error))
    return fail (&self, error);
  self.rows = lks_cli_rows_new (&self.work, &lks_cloud_insight_kind, "insights");
  lks_cli_cloud_run (insights_in_thread, &self, &error);
  return lks_cli_rows_end (self.rows, error);
}

/* ---- one ---- */

/* Where the device is, or NULL without an error when the catalog does not own it. */
static LksCloudScope *
locate (Devices *self, const LksCloudScope *catalog, LksCliCloud *cloud, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GHashTable) found = NULL;
  LksCloudScope *scope;

  g_ptr_array_add (ids, self->id);
  found = lks_cloud_device_locate (self->work.client, catalog, ids, cloud->cancellable, error);
  scope = found != NULL ? g_hash_table_lookup (found, self->id) : NULL;
  return scope != NULL ? lks_cloud_scope_copy (scope) : NULL;
}

static gboolean
find_device (Devices *self, LksCliCloud *cloud, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  self->place = locate (self, self->work.scope, cloud, &reason);
  if (self->place != NULL)
    return TRUE;
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
                 "the catalog %s does not own this device", self->work.scope->catalog);
  return FALSE;
}

static gboolean
show_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Devices *self = data;

  if (!find_device (self, cloud, error))
    return FALSE;
  self->resource = lks_cloud_resource_get (self->work.client, &lks_cloud_device_kind, self->place,
                                           cloud->cancellable, error);
  return self->resource != NULL;
}

static int
show (int argc, char **argv)
{
  g_auto (Devices) self = { 0 };
  const LksCliCloudUsage usage = {
    "cloud device show DEVICE-ID", "Shows a device of a catalog.", 1, 1, LKS_CLOUD_ACTION_LOOK, NULL
  };
  g_autoptr (GError) error = NULL;

  if (!parse (&self, &usage, &argc, &argv, &error) ||
      !lks_cli_cloud_run (show_in_thread, &self, &error))
    return fail (&self, error);
  lks_cli_resource_print (self.resource, self.work.json);
  lks_cli_os_warn (lks_device_id_get_short (self.id),
                   ((const LksCloudDevice *) self.resource)->os_installed);
  return LKS_CLI_EXIT_DONE;
}

/* ---- which catalog owns it? ---- */

static gboolean
find_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Devices *self = data;

  if (!lks_cli_cloud_work_open (&self->work, cloud, error))
    return FALSE;
  self->place = lks_cloud_device_find_owner (self->work.client, self->work.subscription, self->id,
                                             cloud->cancellable, error);
  return self->place != NULL;
}

static int
find (int argc, char **argv)
{
  g_auto (Devices) self = { 0 };
  const LksCliCloudUsage usage = { "cloud device find DEVICE-ID",
                                   "Says which of your catalogs owns a device.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_LOOK,
                                   NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  if (!parse (&self, &usage, &argc, &argv, &error) ||
      !lks_cli_cloud_run (find_in_thread, &self, &error))
    return fail (&self, error);

  id = lks_cloud_scope_dup_id (self.place);
  if (self.work.json)
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "deviceId", self.id);
      json_object_set_string_member (object, "id", id);
      json_object_set_string_member (object, "catalog", self.place->catalog);
      json_object_set_string_member (object, "product", self.place->product);
      json_object_set_string_member (object, "group", self.place->group);
      lks_cli_print_object (object);
      return LKS_CLI_EXIT_DONE;
    }
  printf ("catalog  %s\nproduct  %s\ngroup    %s\n", self.place->catalog, self.place->product,
          self.place->group);
  return LKS_CLI_EXIT_DONE;
}

/* ---- move ---- */

static gboolean
move_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Devices *self = data;
  g_autoptr (LksCloudScope) group = NULL;

  if (!find_device (self, cloud, error))
    return FALSE;
  group = lks_cloud_scope_dup_group (self->work.scope, self->work.product, self->work.group);
  self->resource =
      lks_cloud_device_move (self->work.client, self->place, group, cloud->cancellable, error);
  return self->resource != NULL;
}

static int
move (int argc, char **argv)
{
  g_auto (Devices) self = { 0 };
  const GOptionEntry entries[] = {
    { "product", 0, 0, G_OPTION_ARG_STRING, &self.work.product, "Into this product", "NAME" },
    { "group", 0, 0, G_OPTION_ARG_STRING, &self.work.group, "Into this device group", "NAME" },
    { "unassign", 0, 0, G_OPTION_ARG_NONE, &self.unassign, "Out of product and device group",
      NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud device move DEVICE-ID (--product NAME --group NAME | --unassign)",
    "Puts a device into another device group.",
    1,
    1,
    LKS_CLOUD_ACTION_MOVE,
    entries
  };
  g_autoptr (GError) error = NULL;

  if (parse (&self, &usage, &argc, &argv, &error) && self.unassign == (self.work.group != NULL))
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "Say where to: --product and --group, or --unassign");
  if (error != NULL || !lks_cli_cloud_run (move_in_thread, &self, &error))
    return fail (&self, error);
  lks_cli_resource_print (self.resource, self.work.json);
  return LKS_CLI_EXIT_DONE;
}

/* ---- delete ---- */

static gboolean
delete_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Devices *self = data;
  g_autoptr (LksCloudScope) left = NULL;
  g_autoptr (GError) reason = NULL;

  if (!find_device (self, cloud, error) ||
      !lks_cloud_resource_delete (self->work.client, self->place, cloud->cancellable, error))
    return FALSE;
  left = locate (self, self->work.scope, cloud, &reason);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (left != NULL)
    g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FAILED,
                         "the service accepted it, but the device is in the catalog still");
  else
    return TRUE;
  return FALSE;
}

static int delete (int argc, char **argv)
{
  g_auto (Devices) self = { 0 };
  const GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &self.work.yes, "Do it", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud device delete DEVICE-ID --yes",
    "Asks the cloud to take a device out of its catalog. The vendor calls a claim permanent and "
    "does "
    "not say what becomes of it then: perhaps nobody can claim the device again, and it gets no "
    "update and no capability any more. To take it out of its device group, use “device move "
    "--unassign”.",
    1,
    1,
    LKS_CLOUD_ACTION_CHANGE,
    entries
  };
  GError *error = NULL;

  if (parse (&self, &usage, &argc, &argv, &error))
    lks_cli_cloud_work_confirm (&self.work,
                                "The vendor does not say whether a device that is taken out of its "
                                "catalog can ever be claimed again: it may be lost for every cloud",
                                &error);
  return lks_cli_resource_finish (&self.work, delete_in_thread, &self, &self.resource, error);
}

static const LksCliCommand verbs[] = {
  { "list", NULL, "All of a catalog, product or device group", list },
  { "count", NULL, "How many there are", count },
  { "insights", NULL, "What went wrong on them", insights },
  { "show", "DEVICE-ID", "One", show },
  { "find", "DEVICE-ID", "Which of your catalogs owns it", find },
  { "why", "DEVICE-ID", "Why an application does not arrive on it", lks_cli_cloud_why },
  { "move", "DEVICE-ID", "Put one into another device group", move },
  { "delete", "DEVICE-ID", "Take one out of its catalog, perhaps for ever", delete },
};

/**
 * lks_cli_cloud_device:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud device`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_device (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud device", verbs, G_N_ELEMENTS (verbs), "Devices of a catalog.",
                           argc, argv);
}
