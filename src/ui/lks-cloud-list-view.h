/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudListView:
 *
 * What there is at one place of the cloud: a list that grows while one scrolls, a search as one
 * types, and the choice of what to list. The signal "opened" tells which item was activated, and
 * whether further lists are behind it.
 */
#define LKS_TYPE_CLOUD_LIST_VIEW (lks_cloud_list_view_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudListView, lks_cloud_list_view, LKS, CLOUD_LIST_VIEW, AdwBin)

GtkWidget           *lks_cloud_list_view_new         (LksCloudDesk         *desk,
                                                      const LksCloudScope  *scope) G_GNUC_WARN_UNUSED_RESULT;

const LksCloudScope *lks_cloud_list_view_get_scope   (LksCloudListView     *self);
void                 lks_cloud_list_view_refresh     (LksCloudListView     *self);
void                 lks_cloud_list_view_show_search (LksCloudListView     *self);

G_END_DECLS
