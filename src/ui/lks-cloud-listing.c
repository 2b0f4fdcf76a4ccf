/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-listing.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-certificate.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-group.h"
#include "lks-cloud-image.h"
#include "lks-cloud-insight.h"
#include "lks-cloud-product.h"

#include <glib/gi18n-lib.h>

static gboolean
list_catalogs (LksCloudClient *client,
               const LksCloudScope *scope,
               LksCloudResourceFunc func,
               gpointer user_data,
               GCancellable *cancellable,
               GError **error)
{
  return lks_cloud_catalog_list (client, NULL, NULL, func, user_data, cancellable, error);
}

/* As a #LksCloudListFunc: the groups of a product, or of all products of a catalog. */
gboolean
lks_cloud_listing_groups (LksCloudClient *client,
                          const LksCloudScope *scope,
                          LksCloudResourceFunc func,
                          gpointer user_data,
                          GCancellable *cancellable,
                          GError **error)
{
  return lks_cloud_group_list (client, scope, NULL, func, user_data, cancellable, error);
}

static gboolean
list_devices (LksCloudClient *client,
              const LksCloudScope *scope,
              LksCloudResourceFunc func,
              gpointer user_data,
              GCancellable *cancellable,
              GError **error)
{
  return lks_cloud_device_list (client, scope, 0, func, user_data, cancellable, error);
}

#define DEVICES                                                                                    \
  {                                                                                                \
    "devices", N_ ("Devices"), N_ ("There are no devices here."), list_devices,                    \
        &lks_cloud_device_kind, FALSE, NULL                                                        \
  }
static const LksCloudListing top[] = {
  { "catalogs", N_ ("Catalogs"),
    N_ ("This account sees no catalog. It needs the role Azure Sphere Reader, or more, on one."),
    list_catalogs, &lks_cloud_catalog_kind, TRUE, N_ ("New Catalog…") },
};
static const LksCloudListing of_catalog[] = {
  { "products", N_ ("Products"), N_ ("This catalog has no product yet."), lks_cloud_product_list,
    &lks_cloud_product_kind, TRUE, N_ ("New Product…") },
  DEVICES,
  { "images", N_ ("Images"), N_ ("No image was uploaded into this catalog."), lks_cloud_image_list,
    &lks_cloud_image_kind, FALSE, N_ ("Upload…") },
  { "deployments", N_ ("Deployments"), N_ ("Nothing is deployed to a group of this catalog."),
    lks_cloud_deployment_list, &lks_cloud_deployment_kind, FALSE, NULL },
  { "certificates", N_ ("Certificates"), N_ ("This catalog has no certificate."),
    lks_cloud_certificate_list, &lks_cloud_certificate_kind, FALSE, NULL },
  { "insights", N_ ("Reports of Trouble"), N_ ("No device reported trouble."),
    lks_cloud_insight_list, &lks_cloud_insight_kind, FALSE, NULL },
};
static const LksCloudListing of_product[] = {
  { "groups", N_ ("Device Groups"), N_ ("This product has no device group yet."),
    lks_cloud_listing_groups, &lks_cloud_group_kind, TRUE, N_ ("New Device Group…") },
};
static const LksCloudListing of_group[] = {
  DEVICES,
  { "deployments", N_ ("Deployments"), N_ ("Nothing was ever deployed here."),
    lks_cloud_deployment_list_history, &lks_cloud_deployment_kind, FALSE, N_ ("Deploy…") },
};

/**
 * lks_cloud_listings_get:
 * @scope: (nullable): a place, NULL for the whole cloud
 * @out_n_listings: (out): how many
 *
 * Returns: (transfer none) (array length=out_n_listings): what can be listed there, the most usual
 *   one first
 */
const LksCloudListing *
lks_cloud_listings_get (const LksCloudScope *scope, guint *out_n_listings)
{
  if (scope == NULL)
    {
      *out_n_listings = G_N_ELEMENTS (top);
      return top;
    }
  if (scope->group != NULL)
    {
      *out_n_listings = G_N_ELEMENTS (of_group);
      return of_group;
    }
  *out_n_listings = scope->product != NULL ? G_N_ELEMENTS (of_product) : G_N_ELEMENTS (of_catalog);
  return scope->product != NULL ? of_product : of_catalog;
}
