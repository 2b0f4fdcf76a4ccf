/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-status.h"
#include "lks-cloud-deployment.h"
#include "lks-labels.h"

G_BEGIN_DECLS

/**
 * LksTargetRow:
 * @title: (owned): the name of an image, or its ID
 * @detail: (owned): IDs
 * @sign: what is known of it
 *
 * An image that a device shall have, or has.
 */
typedef struct {
  char *title;
  char *detail;
  LksSign sign;
} LksTargetRow;

GPtrArray *lks_target_compare (const LksCloudDeployment *deployment,
                               const LksBoardStatus     *status) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
