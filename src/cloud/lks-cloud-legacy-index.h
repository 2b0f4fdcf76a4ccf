/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-client.h"

G_BEGIN_DECLS

/**
 * LksLegacyIndex:
 *
 * What the products, device groups and images of one tenant are called. The Legacy interface
 * addresses them by ID, everything above by name. Read from the service when it is first needed;
 * belongs to a client.
 */
typedef struct _LksLegacyIndex LksLegacyIndex;

LksLegacyIndex *lks_legacy_index_new           (LksCloudClient      *client,
                                                const char          *tenant) G_GNUC_WARN_UNUSED_RESULT;
void            lks_legacy_index_free          (LksLegacyIndex      *self);
void            lks_legacy_index_forget        (LksLegacyIndex      *self);

gboolean        lks_legacy_index_load          (LksLegacyIndex      *self,
                                                GCancellable        *cancellable,
                                                GError             **error);
gboolean        lks_legacy_index_resolve       (LksLegacyIndex      *self,
                                                const LksCloudScope *scope,
                                                const char         **out_product,
                                                const char         **out_group,
                                                GCancellable        *cancellable,
                                                GError             **error);
LksCloudScope  *lks_legacy_index_dup_place     (LksLegacyIndex      *self,
                                                const LksCloudScope *tenant,
                                                const char          *product,
                                                const char          *group,
                                                GCancellable        *cancellable) G_GNUC_WARN_UNUSED_RESULT;
char           *lks_legacy_index_dup_image     (LksLegacyIndex      *self,
                                                const char          *id,
                                                GCancellable        *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksLegacyIndex, lks_legacy_index_free)

G_END_DECLS
