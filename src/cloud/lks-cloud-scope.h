/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LKS_CLOUD_API_VERSION "2024-04-01"

/* Stands for "in no product" and "in no device group". */
#define LKS_CLOUD_UNASSIGNED ".default"

/**
 * LksCloudScope:
 * @tenant: (owned) (nullable): GUID of a tenant of the Legacy interface; NULL in the Integrated one
 * @subscription: (owned) (nullable): its ID; NULL in a tenant
 * @resource_group: (owned) (nullable): its name; NULL in a tenant
 * @catalog: (owned): name of the catalog, or of the tenant, which is the same in older words
 * @product: (owned) (nullable): its name
 * @group: (owned) (nullable): name of the device group
 * @leaf_kind: (owned) (nullable): "devices", "deployments", "images" or "certificates"
 * @leaf: (owned) (nullable): what it is called there
 *
 * A place in the cloud: a catalog, or something in it. Immutable.
 */
#define LKS_TYPE_CLOUD_SCOPE (lks_cloud_scope_get_type ())
typedef struct {
  char *tenant;
  char *subscription;
  char *resource_group;
  char *catalog;
  char *product;
  char *group;
  char *leaf_kind;
  char *leaf;
} LksCloudScope;

GType          lks_cloud_scope_get_type     (void);

LksCloudScope *lks_cloud_scope_new          (const char           *subscription,
                                             const char           *resource_group,
                                             const char           *catalog) G_GNUC_WARN_UNUSED_RESULT;
LksCloudScope *lks_cloud_scope_new_tenant   (const char           *tenant,
                                             const char           *name) G_GNUC_WARN_UNUSED_RESULT;
LksCloudScope *lks_cloud_scope_parse        (const char           *id,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudScope *lks_cloud_scope_copy         (const LksCloudScope  *self) G_GNUC_WARN_UNUSED_RESULT;
void           lks_cloud_scope_free         (LksCloudScope        *self);

LksCloudScope *lks_cloud_scope_dup_catalog  (const LksCloudScope  *self) G_GNUC_WARN_UNUSED_RESULT;
LksCloudScope *lks_cloud_scope_dup_product  (const LksCloudScope  *self,
                                             const char           *product) G_GNUC_WARN_UNUSED_RESULT;
LksCloudScope *lks_cloud_scope_dup_group    (const LksCloudScope  *self,
                                             const char           *product,
                                             const char           *group) G_GNUC_WARN_UNUSED_RESULT;
LksCloudScope *lks_cloud_scope_dup_leaf     (const LksCloudScope  *self,
                                             const char           *leaf_kind,
                                             const char           *leaf) G_GNUC_WARN_UNUSED_RESULT;

gboolean       lks_cloud_scope_can_hold     (const char           *name);
gboolean       lks_cloud_scope_equal        (const LksCloudScope  *self,
                                             const LksCloudScope  *other);
gboolean       lks_cloud_scope_is_assigned  (const LksCloudScope  *self);
gboolean       lks_cloud_name_is_unassigned
                                            (const char           *name);
char          *lks_cloud_scope_dup_id       (const LksCloudScope  *self) G_GNUC_WARN_UNUSED_RESULT;
char          *lks_cloud_scope_dup_path     (const LksCloudScope  *self,
                                             const char           *below) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCloudScope, lks_cloud_scope_free)

G_END_DECLS
