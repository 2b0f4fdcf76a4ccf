/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-operation.h"

G_BEGIN_DECLS

gboolean lks_legacy_operation_begin (const char              *tenant,
                                     const LksCloudAnswer    *answer,
                                     LksCloudOperation      **out_operation,
                                     GError                 **error);
gboolean lks_legacy_operation_read  (LksCloudOperation       *self,
                                     const LksCloudAnswer    *answer,
                                     LksCloudOperationState  *out_state,
                                     GError                 **error);

G_END_DECLS
