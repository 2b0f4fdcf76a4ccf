/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud-file.h"

#include "lks-cli-output.h"
#include "lks-cli.h"

#include <stdio.h>

/**
 * lks_cli_cloud_file_check:
 * @self: what the command line says
 * @error: return location for an error
 *
 * Returns: whether something may be put there; asked before anything is fetched
 */
gboolean
lks_cli_cloud_file_check (const LksCliCloudFile *self, GError **error)
{
  g_autofree char *shown = self->path != NULL ? g_filename_display_name (self->path) : NULL;

  if (self->path == NULL)
    g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "Say where to put it: --output FILE");
  else if (!self->replace && g_file_test (self->path, G_FILE_TEST_EXISTS))
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                 "%s is there already; --replace permits to replace it", shown);
  else
    return TRUE;
  return FALSE;
}

/**
 * lks_cli_cloud_file_save:
 * @self: what the command line says
 * @bytes: what was fetched
 * @json: whether to tell it as a JSON document
 * @error: return location for an error
 *
 * Writes the file whole or not at all, and says so.
 *
 * Returns: whether it is there
 */
gboolean
lks_cli_cloud_file_save (const LksCliCloudFile *self, GBytes *bytes, gboolean json, GError **error)
{
  g_autofree char *shown = g_filename_display_name (self->path);
  gsize size_bytes;
  const char *data = g_bytes_get_data (bytes, &size_bytes);
  JsonObject *object;

  if (!g_file_set_contents_full (self->path, data, (gssize) size_bytes,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666,
                                 error))
    return FALSE;
  fprintf (stderr, "%s: %" G_GSIZE_FORMAT " bytes\n", shown, size_bytes);
  if (!json)
    return TRUE;

  object = json_object_new ();
  json_object_set_string_member (object, "file", shown);
  json_object_set_int_member (object, "sizeBytes", (gint64) size_bytes);
  json_object_set_null_member (object, "error");
  lks_cli_print_object (object);
  return TRUE;
}
