/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/* Names the active one of a catalog. */
#define LKS_CLOUD_CERTIFICATE_ACTIVE ".default"

/**
 * LksCloudCertificate:
 * @resource: what all have; its name is the serial number
 * @status: (owned) (nullable): "Active", "Inactive", "Expired" or "Revoked"
 * @subject: (owned) (nullable): whose it is
 * @thumbprint: (owned) (nullable): its SHA-1
 * @not_before: (owned) (nullable): since when it counts, ISO 8601
 * @expiry: (owned) (nullable): until when, ISO 8601
 * @certificate: (owned) (nullable): the certificate itself, DER in base64
 *
 * A certificate with which the catalog vouches for its devices.
 */
typedef struct {
  LksCloudResource resource;
  char *status;
  char *subject;
  char *thumbprint;
  char *not_before;
  char *expiry;
  char *certificate;
} LksCloudCertificate;

extern const LksCloudKind lks_cloud_certificate_kind;

gboolean  lks_cloud_certificate_list        (LksCloudClient         *client,
                                             const LksCloudScope    *catalog,
                                             LksCloudResourceFunc    func,
                                             gpointer                user_data,
                                             GCancellable           *cancellable,
                                             GError                **error);
GBytes   *lks_cloud_certificate_download    (LksCloudClient         *client,
                                             const LksCloudScope    *certificate,
                                             GCancellable           *cancellable,
                                             GError                **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes   *lks_cloud_certificate_fetch_chain (LksCloudClient         *client,
                                             const LksCloudScope    *certificate,
                                             GCancellable           *cancellable,
                                             GError                **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes   *lks_cloud_certificate_prove       (LksCloudClient         *client,
                                             const LksCloudScope    *certificate,
                                             const char             *nonce,
                                             GCancellable           *cancellable,
                                             GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
