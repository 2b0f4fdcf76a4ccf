/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-account.h"
#include "lks-development-cloud.h"

G_BEGIN_DECLS

/**
 * LksCloudPreparer:
 *
 * What the cloud does when a board is prepared for development or for cloud tests, on behalf of
 * somebody who is signed in.
 */
typedef struct _LksCloudPreparer LksCloudPreparer;

/**
 * LksCloudPreparerWish:
 * @catalog: (nullable): the catalog that owns the board, its name or its whole ID; NULL to look
 *   through all that the account sees
 * @product: (nullable): name of the product of @group; NULL for that of the board
 * @group: (nullable): name of the device group, NULL for the one that the service makes for it
 *
 * Where the board is, and where it shall be.
 */
typedef struct {
  const char *catalog;
  const char *product;
  const char *group;
} LksCloudPreparerWish;

LksCloudPreparer          *lks_cloud_preparer_new           (LksCloudAccount             *account,
                                                             LksCloudTrust               *trust,
                                                             const LksCloudPreparerWish  *wish) G_GNUC_WARN_UNUSED_RESULT;
void                       lks_cloud_preparer_free          (LksCloudPreparer            *self);
const LksDevelopmentCloud *lks_cloud_preparer_get_functions (LksCloudPreparer            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCloudPreparer, lks_cloud_preparer_free)

G_END_DECLS
