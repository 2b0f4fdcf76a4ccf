/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-product.h"

#include "lks-cloud-group.h"
#include "lks-cloud-name.h"

static const LksCloudField fields[] = {
  { "description", "DESCRIPTION", LKS_CLOUD_FIELD_TEXT,
    G_STRUCT_OFFSET (LksCloudProduct, description) },
};

const LksCloudKind lks_cloud_product_kind = {
  .name = "product",
  .size = sizeof (LksCloudProduct),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
};

/**
 * lks_cloud_product_list:
 * @client: a client
 * @catalog: a catalog
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists the products of a catalog. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_product_list (LksCloudClient *client,
                        const LksCloudScope *catalog,
                        LksCloudResourceFunc func,
                        gpointer user_data,
                        GCancellable *cancellable,
                        GError **error)
{
  const LksCloudCall call = { .method = "GET", .scope = catalog, .below = "products" };

  return lks_cloud_resource_list (client, &lks_cloud_product_kind, &call, 0, func, user_data,
                                  cancellable, error);
}

static LksCloudResource *
send_description (LksCloudClient *client,
                  const char *method,
                  const LksCloudScope *scope,
                  const char *description,
                  GCancellable *cancellable,
                  GError **error)
{
  JsonObject *properties;
  g_autoptr (JsonObject) body = lks_cloud_body_new_properties (&properties);

  if (description != NULL)
    json_object_set_string_member (properties, "description", description);
  return lks_cloud_resource_change (client, &lks_cloud_product_kind, method, scope, body,
                                    cancellable, error);
}

/**
 * lks_cloud_product_create:
 * @client: a client
 * @scope: where it will be
 * @description: (nullable): what to say about it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change(), INVALID_ARGUMENT for a bad
 *   name
 *
 * Makes a product, without device groups. Blocks; worker threads only.
 *
 * Returns: (transfer full): the product, or NULL with @error set
 */
LksCloudResource *
lks_cloud_product_create (LksCloudClient *client,
                          const LksCloudScope *scope,
                          const char *description,
                          GCancellable *cancellable,
                          GError **error)
{
  return lks_cloud_name_check (LKS_CLOUD_NAME_PRODUCT, scope->product, error)
             ? send_description (client, "PUT", scope, description, cancellable, error)
             : NULL;
}

/**
 * lks_cloud_product_update:
 * @client: a client
 * @scope: where it is
 * @description: what to say about it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change()
 *
 * Changes the description, which is all that can be changed. Blocks; worker threads only.
 *
 * Returns: (transfer full): the product as it is now, or NULL with @error set
 */
LksCloudResource *
lks_cloud_product_update (LksCloudClient *client,
                          const LksCloudScope *scope,
                          const char *description,
                          GCancellable *cancellable,
                          GError **error)
{
  return send_description (client, "PATCH", scope, description, cancellable, error);
}

/**
 * lks_cloud_product_make_groups:
 * @client: a client
 * @scope: a product
 * @func: (scope call): takes each device group of it
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Makes the five default device groups: Development, Field Test, Production and two for
 * evaluating the OS. Blocks; worker threads only.
 *
 * Returns: whether they are there
 */
gboolean
lks_cloud_product_make_groups (LksCloudClient *client,
                               const LksCloudScope *scope,
                               LksCloudResourceFunc func,
                               gpointer user_data,
                               GCancellable *cancellable,
                               GError **error)
{
  const LksCloudCall call = { .method = "POST",
                              .scope = scope,
                              .below = "generateDefaultDeviceGroups" };

  return lks_cloud_resource_list (client, &lks_cloud_group_kind, &call, 0, func, user_data,
                                  cancellable, error);
}
