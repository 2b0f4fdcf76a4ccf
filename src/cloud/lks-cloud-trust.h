/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksCloudTrust:
 *
 * Whose certificates are believed beside the system's store. Immutable once a client uses it, any
 * thread.
 */
#define LKS_TYPE_CLOUD_TRUST (lks_cloud_trust_get_type ())
typedef struct _LksCloudTrust LksCloudTrust;

GType          lks_cloud_trust_get_type     (void);

LksCloudTrust *lks_cloud_trust_new          (void) G_GNUC_WARN_UNUSED_RESULT;
LksCloudTrust *lks_cloud_trust_load_default (GError         **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudTrust *lks_cloud_trust_ref          (LksCloudTrust   *self);
void           lks_cloud_trust_unref        (LksCloudTrust   *self);

gboolean       lks_cloud_trust_add_file     (LksCloudTrust   *self,
                                             const char      *path,
                                             GError         **error);
guint          lks_cloud_trust_get_anchors  (LksCloudTrust   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCloudTrust, lks_cloud_trust_unref)

G_END_DECLS
