/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksCloudRow:
 *
 * Something of the cloud's in a list. Property: "item".
 */
#define LKS_TYPE_CLOUD_ROW (lks_cloud_row_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudRow, lks_cloud_row, LKS, CLOUD_ROW, GtkWidget)

G_END_DECLS
