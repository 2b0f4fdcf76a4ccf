/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Integrated interface: Azure Resource Manager, provider Microsoft.AzureSphere 2024-04-01. What
 * is asked above is asked in its terms; here places become addresses. */
#include "lks-cloud-back.h"

#include "lks-cloud-error.h"
#include "lks-guid.h"

#define SUBSCRIPTIONS_PATH "/subscriptions?api-version=2022-12-01"
#define CATALOGS_PATH                                                                              \
  "/subscriptions/%s/providers/Microsoft.AzureSphere/catalogs?api-version=" LKS_CLOUD_API_VERSION
#define SUBSCRIPTIONS_MAX 10000

/* @path must live as long as @addressed. */
static gboolean
address (const LksCloudCall *call, LksCloudCall *addressed, char **path, GError **error)
{
  if (call->scope->tenant != NULL)
    {
      g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                           "this place belongs to a Legacy account, not to the one signed in");
      return FALSE;
    }

  *path = lks_cloud_scope_dup_path (call->scope, call->below);
  *addressed = *call;
  addressed->scope = NULL;
  addressed->below = NULL;
  addressed->path = *path;
  addressed->paging = LKS_CLOUD_PAGING_LINK;
  return TRUE;
}

static gboolean
integrated_call (LksCloudClient *client,
                 const LksCloudCall *call,
                 GCancellable *cancellable,
                 LksCloudAnswer *answer,
                 GError **error)
{
  g_autofree char *path = NULL;
  LksCloudCall addressed;

  return address (call, &addressed, &path, error) &&
         lks_cloud_client_call (client, &addressed, cancellable, answer, error);
}

static gboolean
integrated_change (LksCloudClient *client,
                   const LksCloudCall *call,
                   GCancellable *cancellable,
                   LksCloudAnswer *answer,
                   LksCloudOperation **out_operation,
                   GError **error)
{
  g_autofree char *path = NULL;
  LksCloudCall addressed;

  return address (call, &addressed, &path, error) &&
         lks_cloud_client_change (client, &addressed, cancellable, answer, out_operation, error);
}

/* ---- all catalogs: those of each subscription ---- */

/* Those that are disabled answer nothing but errors. */
static gboolean
take_subscription (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  GPtrArray *subscriptions = user_data;
  g_autofree char *id = NULL;
  g_autofree char *state = NULL;
  g_autoptr (GError) reason = NULL;

  if (!lks_json_read_string (page, item, "subscriptionId", &id, &reason) ||
      (lks_json_has (item, "state") &&
       !lks_json_read_string (page, item, "state", &state, &reason)) ||
      !lks_guid_is_valid (id))
    {
      g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
                   "the list of subscriptions is not understood: %s",
                   reason != NULL ? reason->message : "an ID is no GUID");
      return FALSE;
    }
  if (g_strcmp0 (state, "Disabled") != 0 && g_strcmp0 (state, "Deleted") != 0)
    g_ptr_array_add (subscriptions, g_steal_pointer (&id));
  return TRUE;
}

static gboolean
list_subscription (LksCloudClient *client,
                   const char *subscription,
                   LksCloudItemFunc func,
                   gpointer user_data,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (subscription, NULL, FALSE);
  g_autofree char *path = g_strdup_printf (CATALOGS_PATH, escaped);
  const LksCloudCall call = { .method = "GET", .path = path };

  return lks_cloud_client_list (client, &call, 0, func, user_data, cancellable, error);
}

static gboolean
list_catalogs (LksCloudClient *client,
               const LksCloudScope *scope,
               LksCloudItemFunc func,
               gpointer user_data,
               GCancellable *cancellable,
               GError **error)
{
  const LksCloudCall call = { .method = "GET", .path = SUBSCRIPTIONS_PATH };
  g_autoptr (GPtrArray) subscriptions = g_ptr_array_new_with_free_func (g_free);

  if (scope != NULL)
    g_ptr_array_add (subscriptions, g_strdup (scope->subscription));
  else if (!lks_cloud_client_list (client, &call, SUBSCRIPTIONS_MAX, take_subscription,
                                   subscriptions, cancellable, error))
    return FALSE;

  for (guint i = 0; i < subscriptions->len; i++)
    if (!list_subscription (client, g_ptr_array_index (subscriptions, i), func, user_data,
                            cancellable, error))
      return FALSE;
  return TRUE;
}

static gboolean
integrated_list (LksCloudClient *client,
                 const LksCloudCall *first,
                 guint items_max,
                 LksCloudItemFunc func,
                 gpointer user_data,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autofree char *path = NULL;
  LksCloudCall addressed;

  if (first->scope == NULL || first->scope->catalog == NULL)
    return list_catalogs (client, first->scope, func, user_data, cancellable, error);
  return address (first, &addressed, &path, error) &&
         lks_cloud_client_list (client, &addressed, items_max, func, user_data, cancellable, error);
}

const LksCloudBack lks_cloud_back_integrated = {
  .call = integrated_call,
  .change = integrated_change,
  .list = integrated_list,
};
