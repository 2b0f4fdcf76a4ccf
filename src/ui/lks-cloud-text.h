/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-account.h"
#include "lks-cloud-gap.h"
#include "lks-cloud-name.h"
#include "lks-cloud-resource.h"
#include "lks-cloud-role.h"

G_BEGIN_DECLS

char       *lks_cloud_resource_to_title     (const LksCloudResource *self) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_cloud_resource_to_subtitle  (const LksCloudResource *self) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_cloud_field_to_text         (const LksCloudResource *self,
                                             const LksCloudField    *field) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_cloud_field_get_title       (const LksCloudField    *field);
char       *lks_cloud_legacy_to_note        (gint64                  now_unix_s) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_cloud_action_to_role        (LksCloudAction          action,
                                             LksCloudAccount        *account);
char       *lks_cloud_place_name_to_text    (const char             *name) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_cloud_scope_to_text         (const LksCloudScope    *self) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_cloud_gaps_to_note          (GPtrArray              *gaps) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_cloud_name_to_problem       (LksCloudNameKind        kind,
                                             const char             *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
