/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-key.h"
#include "lks-cloud-client.h"
#include "lks-cloud-scope.h"

G_BEGIN_DECLS

LksCapabilityKey *lks_cloud_capability_fetch (LksCloudClient       *client,
                                              const LksCloudScope  *device,
                                              guint                 capability,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksSecret        *lks_cloud_capability_fetch_empty
                                             (LksCloudClient       *client,
                                              const LksCloudScope  *device,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksSecret        *lks_cloud_capability_read_text
                                             (GBytes               *answer,
                                              const char           *member,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksCapabilityKey *lks_cloud_capability_parse (GBytes               *answer,
                                              const char           *device_id,
                                              guint                 capability,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
