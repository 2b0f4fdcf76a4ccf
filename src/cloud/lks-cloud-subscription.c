/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-subscription.h"

#include "lks-cloud-error.h"
#include "lks-guid.h"

#define SUBSCRIPTIONS_PATH "/subscriptions?api-version=2022-12-01"
#define GROUPS_PATH "/subscriptions/%s/resourcegroups?api-version=2021-04-01"
#define LIST_MAX 10000

static gboolean
set_unclear (GError **error, const char *reason)
{
  g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER, reason);
  return FALSE;
}

static gboolean
check_subscription (LksCloudResource *resource, GError **error)
{
  const char *id = ((LksCloudSubscription *) resource)->id;

  return (id != NULL && lks_guid_is_valid (id)) || set_unclear (error, "its ID is no GUID");
}

static gboolean
check_group (LksCloudResource *resource, GError **error)
{
  const char *title = ((LksCloudResourceGroup *) resource)->title;

  return (title != NULL && lks_cloud_scope_can_hold (title)) ||
         set_unclear (error, "its name cannot be one");
}

static const LksCloudField subscription_fields[] = {
  { "subscriptionId", "ID", LKS_CLOUD_FIELD_TEXT, G_STRUCT_OFFSET (LksCloudSubscription, id) },
  { "displayName", "NAME", LKS_CLOUD_FIELD_TEXT, G_STRUCT_OFFSET (LksCloudSubscription, title) },
  { "state", "STATE", LKS_CLOUD_FIELD_TEXT, G_STRUCT_OFFSET (LksCloudSubscription, status) },
};

const LksCloudKind lks_cloud_subscription_kind = {
  .name = "subscription",
  .size = sizeof (LksCloudSubscription),
  .fields = subscription_fields,
  .n_fields = G_N_ELEMENTS (subscription_fields),
  .is_flat = TRUE,
  .check = check_subscription,
};

static const LksCloudField group_fields[] = {
  { "name", "NAME", LKS_CLOUD_FIELD_TEXT, G_STRUCT_OFFSET (LksCloudResourceGroup, title) },
};

const LksCloudKind lks_cloud_resource_group_kind = {
  .name = "resource group",
  .size = sizeof (LksCloudResourceGroup),
  .fields = group_fields,
  .n_fields = G_N_ELEMENTS (group_fields),
  .is_flat = TRUE,
  .check = check_group,
};

/* Those that are disabled answer nothing but errors. */
typedef struct
{
  LksCloudResourceFunc func;
  gpointer user_data;
} Listing;

static gboolean
take_usable (LksCloudResource *resource, gpointer user_data, GError **error)
{
  const char *status = ((LksCloudSubscription *) resource)->status;
  Listing *listing = user_data;

  return g_strcmp0 (status, "Disabled") == 0 || g_strcmp0 (status, "Deleted") == 0 ||
         listing->func (resource, listing->user_data, error);
}

/**
 * lks_cloud_subscription_list:
 * @client: a client of the Integrated interface
 * @func: (scope call): takes each #LksCloudSubscription
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists the subscriptions that the account sees and that can be used. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_subscription_list (LksCloudClient *client,
                             LksCloudResourceFunc func,
                             gpointer user_data,
                             GCancellable *cancellable,
                             GError **error)
{
  const LksCloudCall call = { .method = "GET", .path = SUBSCRIPTIONS_PATH };
  Listing listing = { func, user_data };

  return lks_cloud_resource_list (client, &lks_cloud_subscription_kind, &call, LIST_MAX,
                                  take_usable, &listing, cancellable, error);
}

/**
 * lks_cloud_resource_group_list:
 * @client: a client of the Integrated interface
 * @subscription: ID of a subscription
 * @func: (scope call): takes each #LksCloudResourceGroup
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists the resource groups that the account sees. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_resource_group_list (LksCloudClient *client,
                               const char *subscription,
                               LksCloudResourceFunc func,
                               gpointer user_data,
                               GCancellable *cancellable,
                               GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (subscription, NULL, FALSE);
  g_autofree char *path = g_strdup_printf (GROUPS_PATH, escaped);
  const LksCloudCall call = { .method = "GET", .path = path };

  return lks_cloud_resource_list (client, &lks_cloud_resource_group_kind, &call, LIST_MAX, func,
                                  user_data, cancellable, error);
}
