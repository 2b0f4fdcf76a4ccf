/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-claimer.h"
#include "lks-cloud-account.h"
#include "lks-cloud-client.h"

G_BEGIN_DECLS

/**
 * LksCloudClaimer:
 *
 * Asks and claims on behalf of somebody who is signed in. Any thread, several at once.
 */
#define LKS_TYPE_CLOUD_CLAIMER (lks_cloud_claimer_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudClaimer, lks_cloud_claimer, LKS, CLOUD_CLAIMER, GObject)

LksCloudClaimer *lks_cloud_claimer_new           (LksCloudAccount       *account,
                                                  LksCloudTrust         *trust) G_GNUC_WARN_UNUSED_RESULT;

LksCloudClaimer *lks_cloud_claimer_new_from_keyring (LksCloudTrust      *trust) G_GNUC_WARN_UNUSED_RESULT;

LksCloudClient  *lks_cloud_claimer_create_client (LksCloudClaimer       *self,
                                                  GCancellable          *cancellable,
                                                  GError               **error) G_GNUC_WARN_UNUSED_RESULT;
const char      *lks_cloud_claimer_get_user      (LksCloudClaimer       *self);

G_END_DECLS
