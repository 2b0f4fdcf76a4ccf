/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The last day of the Legacy interface (vendor's page "Migrate from Azure Sphere (Legacy)"). */
#define LKS_CLOUD_LEGACY_END "2027-09-27"

gint     lks_cloud_legacy_get_days_left (gint64    now_unix_s);
char    *lks_cloud_legacy_dup_notice    (gint64    now_unix_s) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_cloud_legacy_get_roles  (void);
void     lks_cloud_legacy_explain       (GError  **error,
                                         gint64    now_unix_s);

G_END_DECLS
