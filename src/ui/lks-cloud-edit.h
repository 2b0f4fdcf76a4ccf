/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-group.h"

G_BEGIN_DECLS

/**
 * LksCloudEdit:
 * @place: (owned): the product or the device group
 * @is_new: it is to be made
 * @is_made: it was made, even if something after that failed
 * @makes_groups: a new product gets its default device groups
 * @description: (owned) (nullable): what to say about it, NULL to leave it
 * @settings: of a device group; its description is not used, its texts are constants
 *
 * What is to be done with a product or a device group. Whoever holds it does not look into it while
 * it runs.
 */
typedef struct {
  LksCloudScope *place;
  gboolean is_new;
  gboolean is_made;
  gboolean makes_groups;
  char *description;
  LksCloudGroupSettings settings;
} LksCloudEdit;

LksCloudEdit *lks_cloud_edit_new           (void) G_GNUC_WARN_UNUSED_RESULT;
LksCloudEdit *lks_cloud_edit_ref           (LksCloudEdit    *self);
void          lks_cloud_edit_unref         (gpointer         data);

gboolean      lks_cloud_edit_run           (LksCloudClient  *client,
                                            gpointer         data,
                                            GCancellable    *cancellable,
                                            GError         **error);
gboolean      lks_cloud_delete_run         (LksCloudClient  *client,
                                            gpointer         data,
                                            GCancellable    *cancellable,
                                            GError         **error);
gboolean      lks_cloud_default_groups_run (LksCloudClient  *client,
                                            gpointer         data,
                                            GCancellable    *cancellable,
                                            GError         **error);

G_END_DECLS
