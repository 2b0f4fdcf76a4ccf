/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksClaimTarget:
 * @product: (owned) (nullable): name of a product; NULL for the catalog alone
 * @group: (owned) (nullable): name of a device group in it; NULL for the catalog alone
 * @ids: (owned) (element-type utf8): the devices that shall go there
 *
 * What goes to one place.
 */
typedef struct {
  char *product;
  char *group;
  GPtrArray *ids;
} LksClaimTarget;

void       lks_claim_target_free    (LksClaimTarget  *self);

GPtrArray *lks_claim_plan           (GPtrArray       *rows,
                                     const char      *product,
                                     const char      *group,
                                     GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void       lks_claim_plan_async     (gpointer         source,
                                     GPtrArray       *rows,
                                     const char      *product,
                                     const char      *group,
                                     GCancellable    *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer         user_data);
GPtrArray *lks_claim_plan_finish    (GAsyncResult    *result,
                                     GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksClaimTarget, lks_claim_target_free)

G_END_DECLS
