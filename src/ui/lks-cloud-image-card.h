/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudImageCard:
 *
 * What can be done with an image of a catalog: fetch it as the service signed it, or delete it.
 * Emits "gone" after that.
 */
#define LKS_TYPE_CLOUD_IMAGE_CARD (lks_cloud_image_card_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudImageCard, lks_cloud_image_card, LKS, CLOUD_IMAGE_CARD, AdwBin)

GtkWidget *lks_cloud_image_card_new (LksCloudDesk *desk,
                                     LksCloudItem *item);

G_END_DECLS
