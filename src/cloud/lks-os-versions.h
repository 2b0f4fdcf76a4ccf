/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-client.h"

G_BEGIN_DECLS

#define LKS_OS_VERSIONS_PUBLIC "https://prod.releases.sphere.azure.net"

GBytes *lks_os_versions_fetch (const char     *address,
                               LksCloudTrust  *trust,
                               GCancellable   *cancellable,
                               GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
