/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cli-cloud.h"
#include "lks-cloud-claimer.h"

G_BEGIN_DECLS

/**
 * LksCliClaimer:
 * @cloud: (owned): what commands about the cloud need
 * @claimer: (owned) (nullable): who asks catalogs, once it is opened
 *
 * Who asks catalogs for boards while a command finalizes them. Initialise with { 0 }.
 */
typedef struct {
  LksCliCloud cloud;
  LksCloudClaimer *claimer;
} LksCliClaimer;

gboolean lks_cli_claimer_open    (LksCliClaimer         *self,
                                  const char            *account,
                                  GError               **error);
void     lks_cli_claimer_clear   (LksCliClaimer         *self);

gboolean lks_cli_claimer_confirm (const LksRecipeClaim  *claim,
                                  const char            *confirmed,
                                  GError               **error);

G_END_DECLS
