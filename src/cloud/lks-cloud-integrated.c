/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Integrated interface: Azure Resource Manager, provider Microsoft.AzureSphere 2024-04-01. What
 * is asked above is asked in its terms; here places become addresses. */
#include "lks-cloud-back.h"

#include "lks-cloud-error.h"
#include "lks-cloud-subscription.h"

#define CATALOGS_PATH                                                                              \
  "/subscriptions/%s/providers/Microsoft.AzureSphere/catalogs?api-version=" LKS_CLOUD_API_VERSION
#define GROUP_CATALOGS_PATH                                                                        \
  "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.AzureSphere/"                           \
  "catalogs?api-version=" LKS_CLOUD_API_VERSION

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

typedef struct
{
  char *id;   /* (owned) */
  char *name; /* (owned): for people */
} Subscription;

static void
subscription_free (gpointer data)
{
  Subscription *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static void
add_subscription (GPtrArray *all, const char *id, const char *title)
{
  Subscription *self = g_new0 (Subscription, 1);

  self->id = g_strdup (id);
  self->name = title != NULL ? g_strdup_printf ("“%s”, %s", title, id) : g_strdup (id);
  g_ptr_array_add (all, self);
}

static gboolean
take_subscription (LksCloudResource *resource, gpointer user_data, GError **error)
{
  const LksCloudSubscription *subscription = (const LksCloudSubscription *) resource;

  add_subscription (user_data, subscription->id, subscription->title);
  return TRUE;
}

/* What is asked for while catalogs are listed. */
typedef struct
{
  LksCloudClient *client;
  const char *resource_group; /* (nullable): only in those of this name */
  LksCloudItemFunc func;
  gpointer user_data;
  GCancellable *cancellable;
} Listing;

static gboolean
list_subscription (const Listing *listing, const char *subscription, GError **error)
{
  g_autofree char *id = g_uri_escape_string (subscription, NULL, FALSE);
  g_autofree char *group = listing->resource_group != NULL
                               ? g_uri_escape_string (listing->resource_group, NULL, FALSE)
                               : NULL;
  g_autofree char *path = group != NULL ? g_strdup_printf (GROUP_CATALOGS_PATH, id, group)
                                        : g_strdup_printf (CATALOGS_PATH, id);
  const LksCloudCall call = { .method = "GET", .path = path };

  return lks_cloud_client_list (listing->client, &call, 0, listing->func, listing->user_data,
                                listing->cancellable, error);
}

/* A resource group of that name is not in every subscription: that is no gap. */
static gboolean
is_elsewhere (const Listing *listing, const GError *error)
{
  return listing->resource_group != NULL &&
         g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
}

/* One that cannot be looked into does not hide the others, unless there is no other. */
static gboolean
list_subscriptions (const Listing *listing, GPtrArray *subscriptions, GError **error)
{
  g_autoptr (GPtrArray) gaps = lks_cloud_gaps_new ();
  g_autoptr (GError) missing = NULL;
  guint n_listed = 0;

  for (guint i = 0; i < subscriptions->len; i++)
    {
      const Subscription *each = g_ptr_array_index (subscriptions, i);
      g_autoptr (GError) reason = NULL;

      if (list_subscription (listing, each->id, &reason))
        n_listed++;
      else if (is_elsewhere (listing, reason))
        {
          g_clear_error (&missing);
          missing = g_steal_pointer (&reason);
        }
      else if (!lks_cloud_gaps_add (gaps, LKS_CLOUD_GAP_SUBSCRIPTION, each->name, reason))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
    }

  if (n_listed == 0 && gaps->len > 0)
    g_propagate_error (error, g_error_copy (((LksCloudGap *) g_ptr_array_index (gaps, 0))->error));
  else if (n_listed == 0 && missing != NULL)
    g_propagate_error (error, g_steal_pointer (&missing));
  else
    {
      lks_cloud_gaps_add_all (lks_cloud_client_get_gaps (listing->client), gaps);
      return TRUE;
    }
  return FALSE;
}

static gboolean
list_catalogs (const Listing *listing, const char *subscription, GError **error)
{
  g_autoptr (GPtrArray) subscriptions = g_ptr_array_new_with_free_func (subscription_free);

  if (subscription != NULL)
    add_subscription (subscriptions, subscription, NULL);
  else if (!lks_cloud_subscription_list (listing->client, take_subscription, subscriptions,
                                         listing->cancellable, error))
    return FALSE;
  return list_subscriptions (listing, subscriptions, error);
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
  const LksCloudScope *scope = first->scope;
  const Listing listing = { client, scope != NULL ? scope->resource_group : NULL, func, user_data,
                            cancellable };
  g_autofree char *path = NULL;
  LksCloudCall addressed;

  if (scope == NULL || scope->catalog == NULL)
    return list_catalogs (&listing, scope != NULL ? scope->subscription : NULL, error);
  return address (first, &addressed, &path, error) &&
         lks_cloud_client_list (client, &addressed, items_max, func, user_data, cancellable, error);
}

const LksCloudBack lks_cloud_back_integrated = {
  .call = integrated_call,
  .change = integrated_change,
  .list = integrated_list,
};
