/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LKS_CLOUD_SIGN_IN_PUBLIC "https://login.microsoftonline.com"
#define LKS_CLOUD_RESOURCES_PUBLIC "https://management.azure.com"
#define LKS_CLOUD_LEGACY_PUBLIC "https://prod.core.sphere.azure.net"
#define LKS_CLOUD_TENANT_ANY "organizations"

/**
 * LksCloudService:
 * @LKS_CLOUD_SERVICE_INTEGRATED: Azure Resource Manager
 * @LKS_CLOUD_SERVICE_LEGACY: the Azure Sphere Public API, which ends: see %LKS_CLOUD_LEGACY_END
 *
 * By which of its interfaces the service is asked.
 */
typedef enum {
  LKS_CLOUD_SERVICE_INTEGRATED,
  LKS_CLOUD_SERVICE_LEGACY,
} LksCloudService;

#define LKS_TYPE_CLOUD_SERVICE (lks_cloud_service_get_type ())
GType lks_cloud_service_get_type (void);

/**
 * LksCloudPlace:
 * @service: by which interface the service is asked
 * @scope: (owned) (nullable): what is asked for at the sign-in; NULL for what @service usually needs
 * @sign_in: (owned): address of the sign-in service
 * @resources: (owned): address of the resource API
 * @tenant: (owned): the directory: GUID, domain name, or "organizations" for any
 * @client_id: (owned): GUID of the application as which we sign in, lower case
 *
 * Which cloud, which directory, and as which application. Immutable.
 */
typedef struct {
  LksCloudService service;
  char *scope;
  char *sign_in;
  char *resources;
  char *tenant;
  char *client_id;
} LksCloudPlace;

LksCloudPlace *lks_cloud_place_new           (const char           *sign_in,
                                              const char           *resources,
                                              const char           *tenant,
                                              const char           *client_id,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudPlace *lks_cloud_place_new_for       (LksCloudService       service,
                                              const char           *sign_in,
                                              const char           *resources,
                                              const char           *tenant,
                                              const char           *client_id,
                                              const char           *scope,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudPlace *lks_cloud_place_new_legacy    (const char           *sign_in,
                                              const char           *resources,
                                              const char           *tenant,
                                              const char           *client_id,
                                              const char           *scope,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudPlace *lks_cloud_place_copy          (const LksCloudPlace  *self) G_GNUC_WARN_UNUSED_RESULT;
void           lks_cloud_place_free          (LksCloudPlace        *self);

char          *lks_cloud_place_dup_endpoint  (const LksCloudPlace  *self,
                                              const char           *name) G_GNUC_WARN_UNUSED_RESULT;
char          *lks_cloud_place_dup_scope     (const LksCloudPlace  *self,
                                              gboolean              is_station) G_GNUC_WARN_UNUSED_RESULT;
gboolean       lks_cloud_place_names_tenant  (const LksCloudPlace  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCloudPlace, lks_cloud_place_free)

G_END_DECLS
