/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksCloudGapKind:
 * @LKS_CLOUD_GAP_SUBSCRIPTION: a subscription, whose catalogs are not known
 * @LKS_CLOUD_GAP_CATALOG: a catalog, whose devices are not known
 *
 * What could not be looked into.
 */
typedef enum {
  LKS_CLOUD_GAP_SUBSCRIPTION,
  LKS_CLOUD_GAP_CATALOG,
} LksCloudGapKind;

/**
 * LksCloudGap:
 * @kind: what it is
 * @name: (owned): what it is called
 * @error: (owned): why it could not be looked into, a [error@Lks.CloudError]
 *
 * A part of the cloud that was left out of a list or a search.
 */
typedef struct {
  LksCloudGapKind kind;
  char *name;
  GError *error;
} LksCloudGap;

GPtrArray  *lks_cloud_gaps_new          (void) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray  *lks_cloud_gaps_copy         (GPtrArray       *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean    lks_cloud_gaps_add          (GPtrArray       *self,
                                         LksCloudGapKind  kind,
                                         const char      *name,
                                         const GError    *error);
void        lks_cloud_gaps_add_all      (GPtrArray       *self,
                                         GPtrArray       *others);

const char *lks_cloud_gap_kind_get_word (LksCloudGapKind  kind);
char       *lks_cloud_gaps_to_words     (GPtrArray       *self) G_GNUC_WARN_UNUSED_RESULT;
JsonArray  *lks_cloud_gaps_to_json      (GPtrArray       *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
