/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudCertificateCard:
 *
 * What can be done with a certificate of a catalog: fetch it, alone or with those above it, and
 * prove to somebody that the catalog is in these hands.
 */
#define LKS_TYPE_CLOUD_CERTIFICATE_CARD (lks_cloud_certificate_card_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudCertificateCard, lks_cloud_certificate_card, LKS,
                      CLOUD_CERTIFICATE_CARD, AdwBin)

GtkWidget *lks_cloud_certificate_card_new (LksCloudDesk *desk,
                                           LksCloudItem *item);

G_END_DECLS
