/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksCliCloudFile:
 * @path: (owned) (nullable): what --output said
 * @replace: whether --replace was given
 *
 * Where a command puts what it fetched.
 */
typedef struct {
  char *path;
  gboolean replace;
} LksCliCloudFile;

#define LKS_CLI_CLOUD_FILE_ENTRIES(file)                                                           \
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &(file).path, "Where to put it", "FILE" },            \
  { "replace", 0, 0, G_OPTION_ARG_NONE, &(file).replace, "Also in place of a file", NULL }

gboolean lks_cli_cloud_file_check (const LksCliCloudFile  *self,
                                   GError                **error);
gboolean lks_cli_cloud_file_save  (const LksCliCloudFile  *self,
                                   GBytes                 *bytes,
                                   gboolean                json,
                                   GError                **error);

G_END_DECLS
