/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-list.h"

G_BEGIN_DECLS

/**
 * LksCloudExportFormat:
 * @LKS_CLOUD_EXPORT_CSV: a table, RFC 4180, UTF-8
 * @LKS_CLOUD_EXPORT_JSON: one object, whose only list has an object for each
 */
typedef enum {
  LKS_CLOUD_EXPORT_CSV,
  LKS_CLOUD_EXPORT_JSON,
} LksCloudExportFormat;

/**
 * LksCloudExport:
 * @func: what to list
 * @kind: of what the list is
 * @member: what the list is called in JSON
 * @scope: (nullable): where
 * @search: (nullable): what the rows must contain; NULL or empty for all
 * @format: CSV or JSON
 * @n_rows: (out): how many were written so far; read it with g_atomic_int_get()
 *
 * A list that is to be written into a file.
 */
typedef struct {
  LksCloudListFunc func;
  const LksCloudKind *kind;
  const char *member;
  const LksCloudScope *scope;
  const char *search;
  LksCloudExportFormat format;
  int n_rows;
} LksCloudExport;

gboolean lks_cloud_export_to_file (LksCloudExport  *self,
                                   LksCloudClient  *client,
                                   GFile           *file,
                                   GCancellable    *cancellable,
                                   GError         **error);

G_END_DECLS
