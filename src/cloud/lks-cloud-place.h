/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LKS_CLOUD_SIGN_IN_PUBLIC "https://login.microsoftonline.com"
#define LKS_CLOUD_RESOURCES_PUBLIC "https://management.azure.com"
#define LKS_CLOUD_TENANT_ANY "organizations"

/**
 * LksCloudPlace:
 * @sign_in: (owned): address of the sign-in service
 * @resources: (owned): address of the resource API
 * @tenant: (owned): the directory: GUID, domain name, or "organizations" for any
 * @client_id: (owned): GUID of the application as which we sign in, lower case
 *
 * Which cloud, which directory, and as which application. Immutable.
 */
typedef struct {
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
LksCloudPlace *lks_cloud_place_copy          (const LksCloudPlace  *self) G_GNUC_WARN_UNUSED_RESULT;
void           lks_cloud_place_free          (LksCloudPlace        *self);

char          *lks_cloud_place_dup_endpoint  (const LksCloudPlace  *self,
                                              const char           *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean       lks_cloud_place_names_tenant  (const LksCloudPlace  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCloudPlace, lks_cloud_place_free)

G_END_DECLS
