/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-image.h"

#include "lks-cli-cloud-file.h"
#include "lks-cli-cloud-rows.h"
#include "lks-cli-work.h"
#include "lks-image-inspection.h"

#include <stdio.h>

typedef struct
{
  LksCliCloudWork work;
  LksCliCloudFile file;
  char *region;               /* (owned) (nullable) */
  gboolean force;             /* upload what has flaws */
  GBytes *bytes;              /* (owned) (nullable): what is uploaded, or was downloaded */
  LksCliRows *rows;           /* (owned) (nullable) */
  LksCloudScope *place;       /* (owned) (nullable) */
  LksCloudResource *resource; /* (owned) (nullable) */
} Images;

static void
images_clear (Images *self)
{
  lks_cli_cloud_work_clear (&self->work);
  g_free (self->file.path);
  g_free (self->region);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->rows, lks_cli_rows_free);
  g_clear_pointer (&self->place, lks_cloud_scope_free);
  g_clear_pointer (&self->resource, lks_cloud_resource_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Images, images_clear)

static gboolean
find (Images *self, LksCliCloud *cloud, GError **error)
{
  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  self->place = lks_cloud_scope_dup_leaf (self->work.scope, "images", self->work.arguments[0]);
  return TRUE;
}

static int
fail (Images *self, const GError *error)
{
  return (int) lks_cli_report_error (error, self->work.json);
}

/* ---- list and show ---- */

static gboolean
list_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Images *self = data;

  return lks_cli_cloud_work_find (&self->work, cloud, error) &&
         lks_cloud_image_list (self->work.client, self->work.scope, lks_cli_rows_take, self->rows,
                               cloud->cancellable, error);
}

static int
list (int argc, char **argv)
{
  g_auto (Images) self = { 0 };
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_NONE, &self.work.csv, "Print comma-separated values", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud image list", "Lists the images of a catalog.", 0, 0, LKS_CLOUD_ACTION_LOOK, entries
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    return fail (&self, error);
  self.rows = lks_cli_rows_new (&self.work, &lks_cloud_image_kind, "images");
  lks_cli_cloud_run (list_in_thread, &self, &error);
  return lks_cli_rows_end (self.rows, error);
}

static gboolean
show_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Images *self = data;

  if (!find (self, cloud, error))
    return FALSE;
  self->resource = lks_cloud_resource_get (self->work.client, &lks_cloud_image_kind, self->place,
                                           cloud->cancellable, error);
  return self->resource != NULL;
}

static int
show (int argc, char **argv)
{
  g_auto (Images) self = { 0 };
  const LksCliCloudUsage usage = {
    "cloud image show IMAGE-ID", "Shows an image.", 1, 1, LKS_CLOUD_ACTION_LOOK, NULL
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error) ||
      !lks_cli_cloud_run (show_in_thread, &self, &error))
    return fail (&self, error);
  lks_cli_resource_print (self.resource, self.work.json);
  return LKS_CLI_EXIT_DONE;
}

/* ---- upload ---- */

/* What no board would take must not get into a catalog by accident. */
static gboolean
inspect (Images *self, GError **error)
{
  g_autoptr (LksImageInspection) inspection = NULL;

  self->bytes = lks_image_load (self->work.arguments[0], error);
  inspection = self->bytes != NULL ? lks_image_inspect (self->bytes, error) : NULL;
  if (inspection == NULL)
    return FALSE;
  for (guint i = 0; i < inspection->flaws->len; i++)
    fprintf (stderr, "%s: %s\n", lks_image_inspection_get_name (inspection),
             ((LksImageFlaw *) g_ptr_array_index (inspection->flaws, i))->detail);
  if (inspection->flaws->len == 0 || self->force)
    return TRUE;
  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED,
                       "The image has flaws; --force uploads it all the same");
  return FALSE;
}

static gboolean
upload_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Images *self = data;

  if (!lks_cli_cloud_work_find (&self->work, cloud, error))
    return FALSE;
  self->resource = lks_cloud_image_upload (self->work.client, self->work.scope, self->bytes,
                                           self->region, cloud->cancellable, error);
  return self->resource != NULL;
}

static int
upload (int argc, char **argv)
{
  g_auto (Images) self = { 0 };
  const GOptionEntry entries[] = {
    { "region", 0, 0, G_OPTION_ARG_STRING, &self.region, "Where its data may lie: None or EU",
      "REGION" },
    { "force", 0, 0, G_OPTION_ARG_NONE, &self.force, "Also an image with flaws", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = { "cloud image upload FILE",
                                   "Uploads an image, which the service signs for its devices.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_PUBLISH,
                                   entries };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error) ||
      !inspect (&self, &error) || !lks_cli_cloud_run (upload_in_thread, &self, &error))
    return fail (&self, error);
  lks_cli_resource_print (self.resource, self.work.json);
  return LKS_CLI_EXIT_DONE;
}

/* ---- download and delete ---- */

static gboolean
download_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Images *self = data;

  if (!find (self, cloud, error))
    return FALSE;
  self->bytes =
      lks_cloud_image_download (self->work.client, self->place, cloud->cancellable, error);
  return self->bytes != NULL;
}

static int
download (int argc, char **argv)
{
  g_auto (Images) self = { 0 };
  const GOptionEntry entries[] = { LKS_CLI_CLOUD_FILE_ENTRIES (self.file), { NULL } };
  const LksCliCloudUsage usage = { "cloud image download IMAGE-ID --output FILE",
                                   "Fetches an image as the service signed it.",
                                   1,
                                   1,
                                   LKS_CLOUD_ACTION_LOOK,
                                   entries };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error) ||
      !lks_cli_cloud_file_check (&self.file, &error) ||
      !lks_cli_cloud_run (download_in_thread, &self, &error) ||
      !lks_cli_cloud_file_save (&self.file, self.bytes, self.work.json, &error))
    return fail (&self, error);
  return LKS_CLI_EXIT_DONE;
}

static gboolean
delete_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Images *self = data;

  return find (self, cloud, error) &&
         lks_cloud_resource_delete (self->work.client, self->place, cloud->cancellable, error);
}

static int delete (int argc, char **argv)
{
  g_auto (Images) self = { 0 };
  const GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &self.work.yes, "Do it", NULL },
    { NULL },
  };
  const LksCliCloudUsage usage = {
    "cloud image delete IMAGE-ID --yes", "Deletes an image.", 1, 1, LKS_CLOUD_ACTION_CHANGE, entries
  };
  GError *error = NULL;

  if (lks_cli_cloud_work_parse (&self.work, &usage, &argc, &argv, &error))
    lks_cli_cloud_work_confirm (&self.work, "An image is deleted for good", &error);
  return lks_cli_resource_finish (&self.work, delete_in_thread, &self, &self.resource, error);
}

static const LksCliCommand verbs[] = {
  { "list", NULL, "All of a catalog", list },
  { "show", "IMAGE-ID", "One", show },
  { "upload", "FILE", "Upload one", upload },
  { "download", "IMAGE-ID", "Fetch one as it was signed", download },
  { "delete", "IMAGE-ID", "Delete one", delete },
};

/**
 * lks_cli_cloud_image:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud image`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_image (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud image", verbs, G_N_ELEMENTS (verbs), "Images of a catalog.", argc,
                           argv);
}
