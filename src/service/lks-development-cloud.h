/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksDevelopmentMoved:
 * @before: (owned) (nullable): where the device was, in the cloud's words; also set when the
 *   move failed after it was read
 * @from: (owned) (nullable): the same for people
 * @to: (owned) (nullable): where it is now, for people
 * @is_same: it was there already
 * @gets_apps: whether the device group gets updates of applications: 1 yes, 0 no, -1 unknown
 * @has_deployment: whether images are deployed to it: 1 yes, 0 no, -1 unknown
 *
 * What came of a move. Initialise @gets_apps and @has_deployment with -1.
 */
typedef struct {
  char *before;
  char *from;
  char *to;
  gboolean is_same;
  int gets_apps;
  int has_deployment;
} LksDevelopmentMoved;

/**
 * LksDevelopmentCloud:
 * @fetch_file: makes the capability file of a device for @capability, 0 for the empty one
 * @move: moves a device to the group named @group in the product where it is, unless the user
 *   named another; or, with @back_to, to where it was
 * @names_group: whether the user named the device group
 * @data: for the functions
 *
 * What the cloud does in a development sequence, given by whoever can reach it. The functions block
 * and are called on the thread of the work.
 */
typedef struct {
  LksSecret *(*fetch_file) (gpointer              data,
                            const char           *device_id,
                            guint                 capability,
                            GCancellable         *cancellable,
                            GError              **error);
  gboolean   (*move)       (gpointer              data,
                            const char           *device_id,
                            const char           *group,
                            const char           *back_to,
                            LksDevelopmentMoved  *out_moved,
                            GCancellable         *cancellable,
                            GError              **error);
  gboolean names_group;
  gpointer data;
} LksDevelopmentCloud;

void lks_development_moved_clear (LksDevelopmentMoved *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksDevelopmentMoved, lks_development_moved_clear)

G_END_DECLS
