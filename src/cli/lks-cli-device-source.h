/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-csv.h"

G_BEGIN_DECLS

/**
 * LksCliDeviceSource:
 * @attached: whether --attached was given
 * @ids: (owned) (nullable): what --device said
 * @csv_file: (owned) (nullable): what --csv said
 * @n_silent: how many attached boards did not tell their device ID
 *
 * Which devices a command about the cloud is for.
 */
typedef struct {
  gboolean attached;
  char **ids;
  char *csv_file;
  guint n_silent;
} LksCliDeviceSource;

#define LKS_CLI_DEVICE_SOURCE_USAGE "(--attached | --device ID… | --csv FILE)"

#define LKS_CLI_DEVICE_SOURCE_ENTRIES(source)                                                      \
  { "attached", 0, 0, G_OPTION_ARG_NONE, &(source).attached, "The attached boards", NULL },        \
  { "device", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(source).ids,                                      \
    "A device by its ID; may be given several times", "ID" },                                      \
  { "csv", 0, 0, G_OPTION_ARG_FILENAME, &(source).csv_file,                                        \
    "The devices of a list; its column is DeviceId, or the first", "FILE" }

GPtrArray *lks_cli_device_source_read  (LksCliDeviceSource  *self,
                                        GError             **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *lks_cli_device_source_list_ids
                                       (GPtrArray           *rows) G_GNUC_WARN_UNUSED_RESULT;
void       lks_cli_device_source_clear (LksCliDeviceSource  *self);

G_END_DECLS
