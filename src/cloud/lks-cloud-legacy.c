/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Legacy interface: the Azure Sphere Public API, version 2, where catalogs are tenants. What is
 * asked above is asked in the terms of the Integrated interface; here is said which question of
 * this one it becomes. Source: the vendor's reference of the Public API. */
#include "lks-cloud-legacy.h"

#include "lks-cloud-back.h"
#include "lks-cloud-error.h"
#include "lks-cloud-legacy-private.h"

#include <string.h>

#define T "/v2/tenants"

typedef enum
{
  PLACE_ALL,
  PLACE_CATALOG,
  PLACE_PRODUCT,
  PLACE_GROUP,
  PLACE_DEVICE,
  PLACE_DEPLOYMENT,
  PLACE_IMAGE,
  PLACE_CERTIFICATE,
} Place;

static Place
find_place (const LksCloudScope *scope)
{
  if (scope == NULL || scope->catalog == NULL)
    return PLACE_ALL;
  if (scope->leaf_kind == NULL)
    return scope->group != NULL     ? PLACE_GROUP
           : scope->product != NULL ? PLACE_PRODUCT
                                    : PLACE_CATALOG;
  if (g_str_equal (scope->leaf_kind, "devices"))
    return PLACE_DEVICE;
  if (g_str_equal (scope->leaf_kind, "deployments"))
    return PLACE_DEPLOYMENT;
  return g_str_equal (scope->leaf_kind, "images") ? PLACE_IMAGE : PLACE_CERTIFICATE;
}

/* ---- names ---- */

static LksCloudScope *
find_thing (gpointer data, const char *product, const char *group)
{
  LksLegacyWork *work = data;

  return lks_legacy_index_dup_place (work->index, work->call->scope, product, group,
                                     work->cancellable);
}

static char *
find_image (gpointer data, const char *id)
{
  LksLegacyWork *work = data;

  return lks_legacy_index_dup_image (work->index, id, work->cancellable);
}

static LksLegacyIndex *
get_index (LksCloudClient *client, const char *tenant)
{
  GHashTable *indexes = lks_cloud_client_get_back_data (client);
  LksLegacyIndex *index = g_hash_table_lookup (indexes, tenant);

  if (index == NULL)
    {
      index = lks_legacy_index_new (client, tenant);
      g_hash_table_insert (indexes, g_strdup (tenant), index);
    }
  return index;
}

static gboolean
set_up (LksLegacyWork *work, GError **error)
{
  const LksCloudScope *scope = work->call->scope;

  work->names = (LksLegacyNames){ scope, find_thing, find_image, work };
  if (scope == NULL)
    return TRUE;
  if (scope->tenant == NULL)
    {
      g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                           "a Legacy account is signed in, whose tenants are in no subscription");
      return FALSE;
    }
  work->index = get_index (work->client, scope->tenant);
  return TRUE;
}

/* Finds the IDs that belong to the names in @scope. */
gboolean
lks_legacy_resolve (LksLegacyWork *work, const LksCloudScope *scope, GError **error)
{
  return lks_legacy_index_resolve (work->index, scope, &work->product, &work->group,
                                   work->cancellable, error);
}

/* ---- questions ---- */

/* Asks about something in the tenant; @tail follows its address, "" for the tenant itself. */
gboolean
lks_legacy_ask (LksLegacyWork *work,
                const LksCloudCall *call,
                const char *tail,
                LksCloudAnswer *answer,
                GError **error)
{
  g_autofree char *path =
      g_strdup_printf (T "/%s%s%s", work->call->scope->tenant, tail[0] != '\0' ? "/" : "", tail);
  LksCloudCall addressed = *call;

  addressed.path = path;
  return lks_cloud_client_call (work->client, &addressed, work->cancellable, answer, error);
}

static gboolean
set_unclear (GError **error, const GError *reason)
{
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
               "the service's answer is not understood: %s", reason->message);
  return FALSE;
}

LksJson *
lks_legacy_parse (const LksCloudAnswer *answer, GError **error)
{
  g_autoptr (GError) reason = NULL;
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (answer->body, &size_bytes);
  LksJson *json = lks_json_parse ("answer", data, size_bytes, LKS_CLOUD_BODY_MAX_BYTES, &reason);

  if (json == NULL)
    set_unclear (error, reason);
  return json;
}

/* Reads an answer that is one thing. NULL without @error: there is nothing of that shape in it. */
JsonObject *
lks_legacy_read (LksLegacyWork *work,
                 const LksCloudAnswer *answer,
                 LksLegacyShape shape,
                 GError **error)
{
  g_autoptr (LksJson) json = lks_legacy_parse (answer, error);
  g_autoptr (GError) reason = NULL;
  JsonObject *root;
  JsonObject *shaped = NULL;

  if (json == NULL)
    return NULL;
  root = lks_json_get_root_object (json, &reason);
  if (root != NULL)
    shaped = shape (json, root, &work->names, &reason);
  if (reason != NULL)
    set_unclear (error, reason);
  return shaped;
}

/* The result, as the Integrated interface would have answered. Takes @object. */
void
lks_legacy_answer (LksLegacyWork *work, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  char *text;

  json_node_take_object (node, object);
  text = json_to_string (node, FALSE);
  g_clear_pointer (&work->answer->body, g_bytes_unref);
  work->answer->body = g_bytes_new_take (text, strlen (text));
  work->answer->status = 200;
}

/* ---- lists ---- */

typedef struct
{
  LksLegacyWork *work;
  LksLegacyShape shape;
  LksCloudItemFunc func;
  gpointer user_data;
  const char *group_name; /* (nullable): only those */
  gboolean is_ungrouped;  /* only devices in no group */
  guint items_max;
  guint n_items;
} Walk;

static gboolean
is_wanted (const Walk *walk, JsonObject *item, JsonObject *shaped)
{
  return (!walk->is_ungrouped || !lks_json_has (item, "DeviceGroupId")) &&
         (walk->group_name == NULL ||
          g_ascii_strcasecmp (json_object_get_string_member (shaped, "name"), walk->group_name) ==
              0);
}

/* Enough were taken: the rest of the list need not be fetched. */
static gboolean
is_full (Walk *walk, GError **error)
{
  if (walk->items_max == 0 || ++walk->n_items < walk->items_max)
    return FALSE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "enough");
  return TRUE;
}

static gboolean
take_item (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  Walk *walk = user_data;
  g_autoptr (GError) reason = NULL;
  g_autoptr (JsonObject) shaped = walk->shape (page, item, &walk->work->names, &reason);

  if (reason != NULL)
    return set_unclear (error, reason);
  if (shaped == NULL || !is_wanted (walk, item, shaped))
    return TRUE;
  return walk->func (page, shaped, walk->user_data, error) && !is_full (walk, error);
}

static gboolean
run_walk (Walk *walk, const char *method, const char *path, GError **error)
{
  const LksCloudCall call = { .method = method,
                              .path = path,
                              .paging = LKS_CLOUD_PAGING_CONTINUATION };
  g_autoptr (GError) reason = NULL;

  if (lks_cloud_client_list (walk->work->client, &call, 0, take_item, walk, walk->work->cancellable,
                             &reason))
    return TRUE;
  if (walk->items_max != 0 && walk->n_items >= walk->items_max &&
      g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* Goes through a list of the tenant. */
gboolean
lks_legacy_walk (LksLegacyWork *work,
                 const char *tail,
                 LksLegacyShape shape,
                 LksCloudItemFunc func,
                 gpointer user_data,
                 GError **error)
{
  Walk walk = { .work = work, .shape = shape, .func = func, .user_data = user_data };
  g_autofree char *path = g_strdup_printf (T "/%s/%s", work->call->scope->tenant, tail);

  return run_walk (&walk, "GET", path, error);
}

typedef struct
{
  Place place;
  const char *below;
  const char *method;
  const char *tail; /* {P}, {G}: IDs of product and device group */
  LksLegacyShape shape;
  gboolean has_places; /* its items tell IDs of products or device groups */
} List;

static const List lists[] = {
  { PLACE_ALL, "catalogs", "GET", "", lks_legacy_shape_tenant },
  { PLACE_CATALOG, "products", "GET", "products", lks_legacy_shape_product, TRUE },
  { PLACE_CATALOG, "listDeviceGroups", "GET", "devicegroups", lks_legacy_shape_group, TRUE },
  { PLACE_CATALOG, "listDevices", "GET", "devices", lks_legacy_shape_device, TRUE },
  { PLACE_CATALOG, "listDeployments", "GET", "devicegroups", lks_legacy_shape_current, TRUE },
  { PLACE_CATALOG, "listDeviceInsights", "GET", "getDeviceInsights", lks_legacy_shape_insight },
  { PLACE_CATALOG, "images", "GET", "images", lks_legacy_shape_image },
  { PLACE_CATALOG, "certificates", "GET", "certificates", lks_legacy_shape_certificate },
  { PLACE_PRODUCT, "deviceGroups", "GET", "products/{P}/deviceGroups", lks_legacy_shape_group,
    TRUE },
  { PLACE_PRODUCT, "generateDefaultDeviceGroups", "POST", "products/{P}/devicegroups",
    lks_legacy_shape_group, TRUE },
  { PLACE_GROUP, "devices", "GET", "devicegroups/{G}/devices", lks_legacy_shape_device, TRUE },
  { PLACE_GROUP, "deployments", "GET", "devicegroups/{G}/deployments",
    lks_legacy_shape_deployment },
};

static gboolean
set_unsupported (GError **error, const char *message)
{
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED, "%s",
               message != NULL ? message : "the Legacy interface has no way to do this");
  return FALSE;
}

static const List *
find_list (const LksCloudCall *call)
{
  Place place = find_place (call->scope);

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    if (lists[i].place == place && g_strcmp0 (lists[i].below, call->below) == 0)
      return &lists[i];
  return NULL;
}

static char *
build_path (LksLegacyWork *work, const List *list)
{
  g_autoptr (GString) path = g_string_new (T);

  if (list->place == PLACE_ALL)
    return g_strdup (T);
  g_string_append_printf (path, "/%s/%s", work->call->scope->tenant, list->tail);
  g_string_replace (path, "{P}", work->product != NULL ? work->product : "", 0);
  g_string_replace (path, "{G}", work->group != NULL ? work->group : "", 0);
  return g_string_free (g_steal_pointer (&path), FALSE);
}

/* The only list that is asked for by a name. */
static char *
read_group_name (const LksCloudCall *call)
{
  g_autoptr (LksJson) json =
      call->body != NULL
          ? lks_json_parse ("request", call->body, call->body_bytes, LKS_CLOUD_BODY_MAX_BYTES, NULL)
          : NULL;
  JsonObject *root = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  char *name = NULL;

  if (root != NULL && lks_json_has (root, "deviceGroupName"))
    lks_json_read_string (json, root, "deviceGroupName", &name, NULL);
  return name;
}

/* Devices in no group have no list of their own: they stand in that of the tenant. */
static gboolean
list_ungrouped (LksLegacyWork *work, Walk *walk, GError **error)
{
  g_autofree char *path = g_strdup_printf (T "/%s/devices", work->call->scope->tenant);

  walk->is_ungrouped = TRUE;
  return run_walk (walk, "GET", path, error);
}

static gboolean
list_all (LksLegacyWork *work, const List *list, Walk *walk, GError **error)
{
  g_autofree char *group_name = read_group_name (work->call);
  g_autofree char *path = NULL;

  if (list->has_places && !lks_legacy_index_load (work->index, work->cancellable, error))
    return FALSE;
  if (list->place == PLACE_PRODUCT || list->place == PLACE_GROUP)
    if (!lks_legacy_resolve (work, work->call->scope, error))
      return FALSE;
  walk->group_name = group_name;
  if (list->place == PLACE_GROUP && work->group == NULL)
    return g_str_equal (list->below, "devices") ? list_ungrouped (work, walk, error) : TRUE;
  path = build_path (work, list);
  return run_walk (walk, list->method, path, error);
}

static gboolean
list_in (LksLegacyWork *work,
         guint items_max,
         LksCloudItemFunc func,
         gpointer user_data,
         GError **error)
{
  const List *list = find_list (work->call);
  Walk walk = { .work = work, .func = func, .user_data = user_data, .items_max = items_max };

  if (list == NULL)
    return set_unsupported (error, NULL);
  walk.shape = list->shape;
  return set_up (work, error) && list_all (work, list, &walk, error);
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
legacy_list (LksCloudClient *client,
             const LksCloudCall *first,
             guint items_max,
             LksCloudItemFunc func,
             gpointer user_data,
             GCancellable *cancellable,
             GError **error)
{
  LksLegacyWork work = { .client = client, .call = first, .cancellable = cancellable };
  g_autoptr (GError) reason = NULL;

  if (list_in (&work, items_max, func, user_data, &reason))
    return TRUE;
  lks_cloud_legacy_explain (&reason, get_now ());
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* ---- everything else ---- */

typedef struct
{
  Place place;
  const char *method;
  const char *below; /* (nullable) */
  LksLegacyAct act;  /* (nullable) */
  const char *refusal;
} Route;

static const Route routes[] = {
  { PLACE_CATALOG, "GET", NULL, lks_legacy_get_tenant, NULL },
  { PLACE_CATALOG, "POST", "countDevices", lks_legacy_count, NULL },
  { PLACE_CATALOG, "PUT", NULL, NULL,
    "a tenant is made with a device that nobody owns, by the vendor's azsphere command" },
  { PLACE_CATALOG, "PATCH", NULL, NULL, "a tenant has no tags, and nothing else to change" },
  { PLACE_CATALOG, "DELETE", NULL, NULL, "a tenant cannot be deleted" },
  { PLACE_PRODUCT, "GET", NULL, lks_legacy_get_product, NULL },
  { PLACE_PRODUCT, "PUT", NULL, lks_legacy_put_product, NULL },
  { PLACE_PRODUCT, "PATCH", NULL, lks_legacy_patch_product, NULL },
  { PLACE_PRODUCT, "DELETE", NULL, lks_legacy_delete_product, NULL },
  { PLACE_PRODUCT, "POST", "countDevices", lks_legacy_count, NULL },
  { PLACE_GROUP, "GET", NULL, lks_legacy_get_group, NULL },
  { PLACE_GROUP, "PUT", NULL, lks_legacy_put_group, NULL },
  { PLACE_GROUP, "PATCH", NULL, lks_legacy_patch_group, NULL },
  { PLACE_GROUP, "DELETE", NULL, lks_legacy_delete_group, NULL },
  { PLACE_GROUP, "POST", "countDevices", lks_legacy_count, NULL },
  { PLACE_GROUP, "POST", "claimDevices", lks_legacy_claim_all, NULL },
  { PLACE_DEVICE, "GET", NULL, lks_legacy_get_device, NULL },
  { PLACE_DEVICE, "PUT", NULL, lks_legacy_claim, NULL },
  { PLACE_DEVICE, "PATCH", NULL, lks_legacy_move, NULL },
  { PLACE_DEVICE, "DELETE", NULL, NULL, "a device cannot be taken out of a tenant" },
  { PLACE_DEVICE, "POST", "generateCapabilityImage", lks_legacy_make_capability, NULL },
  { PLACE_DEPLOYMENT, "GET", NULL, lks_legacy_get_deployment, NULL },
  { PLACE_DEPLOYMENT, "PUT", NULL, lks_legacy_put_deployment, NULL },
  { PLACE_DEPLOYMENT, "DELETE", NULL, NULL,
    "a deployment cannot be deleted, but another one takes its place" },
  { PLACE_IMAGE, "GET", NULL, lks_legacy_get_image, NULL },
  { PLACE_IMAGE, "PUT", NULL, lks_legacy_put_image, NULL },
  { PLACE_IMAGE, "DELETE", NULL, NULL, "an image cannot be deleted from a tenant" },
  { PLACE_CERTIFICATE, "GET", NULL, lks_legacy_get_certificate, NULL },
  { PLACE_CERTIFICATE, "POST", "retrieveCertChain", lks_legacy_get_chain, NULL },
  { PLACE_CERTIFICATE, "POST", "retrieveProofOfPossessionNonce", NULL,
    "the vendor does not document how a proof of possession is asked for" },
};

static const Route *
find_route (const LksCloudCall *call)
{
  Place place = find_place (call->scope);

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    if (routes[i].place == place && g_str_equal (routes[i].method, call->method) &&
        g_strcmp0 (routes[i].below, call->below) == 0)
      return &routes[i];
  return NULL;
}

static gboolean
legacy_change (LksCloudClient *client,
               const LksCloudCall *call,
               GCancellable *cancellable,
               LksCloudAnswer *answer,
               LksCloudOperation **out_operation,
               GError **error)
{
  LksLegacyWork work = { .client = client,
                         .call = call,
                         .cancellable = cancellable,
                         .answer = answer,
                         .out_operation = out_operation };
  const Route *route = find_route (call);
  g_autoptr (GError) reason = NULL;

  if (route == NULL || route->act == NULL)
    return set_unsupported (error, route != NULL ? route->refusal : NULL);
  if (set_up (&work, &reason) && route->act (&work, &reason))
    return TRUE;
  lks_cloud_legacy_explain (&reason, get_now ());
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
legacy_call (LksCloudClient *client,
             const LksCloudCall *call,
             GCancellable *cancellable,
             LksCloudAnswer *answer,
             GError **error)
{
  return legacy_change (client, call, cancellable, answer, NULL, error);
}

static void
free_index (gpointer data)
{
  lks_legacy_index_free (data);
}

static gpointer
legacy_open (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_index);
}

static void
legacy_close (gpointer data)
{
  g_hash_table_unref (data);
}

const LksCloudBack lks_cloud_back_legacy = {
  .call = legacy_call,
  .change = legacy_change,
  .list = legacy_list,
  .open = legacy_open,
  .close = legacy_close,
};
