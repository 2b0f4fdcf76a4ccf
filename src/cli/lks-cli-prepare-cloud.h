/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-development.h"

G_BEGIN_DECLS

/**
 * LksCliPrepareCloud:
 *
 * What the cloud does when a board is prepared, for whoever is signed in.
 */
typedef struct _LksCliPrepareCloud LksCliPrepareCloud;

/**
 * LksCliPrepareWish:
 * @account: (nullable): what --account said
 * @catalog: (nullable): what --catalog said
 * @product: (nullable): what --product said
 * @group: (nullable): what --group said
 */
typedef struct {
  const char *account;
  const char *catalog;
  const char *product;
  const char *group;
} LksCliPrepareWish;

LksCliPrepareCloud        *lks_cli_prepare_cloud_new   (const LksCliPrepareWish   *wish,
                                                        GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
void                       lks_cli_prepare_cloud_free  (LksCliPrepareCloud        *self);
const LksDevelopmentCloud *lks_cli_prepare_cloud_get   (LksCliPrepareCloud        *self);

G_END_DECLS
