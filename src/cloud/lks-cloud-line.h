/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudPlaceName:
 * @member: what the place is called in a document
 * @value: (nullable): its name; NULL where a kind has no such place
 *
 * One step of where a resource is.
 */
typedef struct {
  const char *member;
  const char *value;
} LksCloudPlaceName;

#define LKS_CLOUD_N_PLACE_NAMES 4

void        lks_cloud_line_get_places         (const LksCloudResource  *resource,
                                              LksCloudPlaceName        places[LKS_CLOUD_N_PLACE_NAMES]);
char       *lks_cloud_line_dup_cell           (const LksCloudResource  *resource,
                                              const LksCloudField     *field) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *lks_cloud_line_to_json            (const LksCloudResource  *resource) G_GNUC_WARN_UNUSED_RESULT;
void        lks_cloud_line_append_csv_heading (const LksCloudKind      *kind,
                                              GString                 *text);
void        lks_cloud_line_append_csv         (const LksCloudResource  *resource,
                                              GString                 *text);

G_END_DECLS
