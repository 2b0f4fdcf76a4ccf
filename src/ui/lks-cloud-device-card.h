/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudDeviceCard:
 *
 * What can be done about one device of the cloud: find out why an application does not arrive,
 * download its capabilities into the vault, put it into another device group. What it waits for
 * ends with it.
 */
#define LKS_TYPE_CLOUD_DEVICE_CARD (lks_cloud_device_card_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudDeviceCard, lks_cloud_device_card, LKS, CLOUD_DEVICE_CARD, AdwBin)

GtkWidget *lks_cloud_device_card_new (LksCloudDesk *desk,
                                      LksCloudItem *item) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
