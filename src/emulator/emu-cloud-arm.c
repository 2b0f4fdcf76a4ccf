/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-private.h"

#include <string.h>

#define CAT "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.AzureSphere/catalogs"
#define ONE_CAT CAT "/{}"
#define PRD ONE_CAT "/products/{}"
#define GRP PRD "/deviceGroups/{}"
#define DEV GRP "/devices/{}"

/* Which of the path's parameters is what. */
enum
{
  PARAM_SUBSCRIPTION,
  PARAM_RESOURCE_GROUP,
  PARAM_CATALOG,
  PARAM_PRODUCT,
  PARAM_GROUP,
};

/* What must exist before a call is made. */
typedef enum
{
  NEED_NOTHING,
  NEED_CATALOG,
  NEED_PRODUCT,
  NEED_GROUP,
  NEED_GROUP_OR_NONE, /* .default and .unassigned are allowed */
} Need;

typedef struct
{
  const char *method;
  const char *pattern;
  EmuCallFunc func;
  EmuRight right;
  Need need;
} Route;

/* The 45 operations of the contract, then what is needed around them. */
static const Route routes[] = {
  { "GET", "/providers/Microsoft.AzureSphere/operations", emu_arm_operations, EMU_RIGHT_READ,
    NEED_NOTHING },
  { "GET", "/subscriptions/{}/providers/Microsoft.AzureSphere/catalogs", emu_catalogs_list,
    EMU_RIGHT_READ, NEED_NOTHING },
  { "GET", CAT, emu_catalogs_list, EMU_RIGHT_READ, NEED_NOTHING },
  { "GET", ONE_CAT, emu_catalog_get, EMU_RIGHT_READ, NEED_CATALOG },
  { "PUT", ONE_CAT, emu_catalog_put, EMU_RIGHT_ALL, NEED_NOTHING },
  { "PATCH", ONE_CAT, emu_catalog_patch, EMU_RIGHT_ALL, NEED_CATALOG },
  { "DELETE", ONE_CAT, emu_catalog_delete, EMU_RIGHT_ALL, NEED_NOTHING },
  { "POST", ONE_CAT "/countDevices", emu_catalog_count, EMU_RIGHT_READ, NEED_CATALOG },
  { "POST", ONE_CAT "/listDeployments", emu_catalog_deployments, EMU_RIGHT_DEPLOYMENTS,
    NEED_CATALOG },
  { "POST", ONE_CAT "/listDeviceGroups", emu_catalog_groups, EMU_RIGHT_READ, NEED_CATALOG },
  { "POST", ONE_CAT "/listDeviceInsights", emu_catalog_insights, EMU_RIGHT_READ, NEED_CATALOG },
  { "POST", ONE_CAT "/listDevices", emu_catalog_devices, EMU_RIGHT_READ, NEED_CATALOG },
  { "POST", ONE_CAT "/uploadImage", emu_catalog_upload, EMU_RIGHT_PUBLISH, NEED_CATALOG },
  { "GET", ONE_CAT "/certificates", emu_certs_list, EMU_RIGHT_READ, NEED_CATALOG },
  { "GET", ONE_CAT "/certificates/{}", emu_cert_get, EMU_RIGHT_READ, NEED_CATALOG },
  { "POST", ONE_CAT "/certificates/{}/retrieveCertChain", emu_cert_chain, EMU_RIGHT_READ,
    NEED_CATALOG },
  { "POST", ONE_CAT "/certificates/{}/retrieveProofOfPossessionNonce", emu_cert_proof,
    EMU_RIGHT_PROOF, NEED_CATALOG },
  { "GET", ONE_CAT "/images", emu_images_list, EMU_RIGHT_READ, NEED_CATALOG },
  { "GET", ONE_CAT "/images/{}", emu_image_get, EMU_RIGHT_READ, NEED_CATALOG },
  { "PUT", ONE_CAT "/images/{}", emu_image_put, EMU_RIGHT_PUBLISH, NEED_CATALOG },
  { "DELETE", ONE_CAT "/images/{}", emu_image_delete, EMU_RIGHT_ALL, NEED_CATALOG },
  { "GET", ONE_CAT "/products", emu_products_list, EMU_RIGHT_READ, NEED_CATALOG },
  { "GET", PRD, emu_product_get, EMU_RIGHT_READ, NEED_PRODUCT },
  { "PUT", PRD, emu_product_put, EMU_RIGHT_ALL, NEED_CATALOG },
  { "PATCH", PRD, emu_product_patch, EMU_RIGHT_ALL, NEED_PRODUCT },
  { "DELETE", PRD, emu_product_delete, EMU_RIGHT_ALL, NEED_CATALOG },
  { "POST", PRD "/countDevices", emu_product_count, EMU_RIGHT_READ, NEED_PRODUCT },
  { "POST", PRD "/generateDefaultDeviceGroups", emu_product_defaults, EMU_RIGHT_ALL, NEED_PRODUCT },
  { "GET", PRD "/deviceGroups", emu_groups_list, EMU_RIGHT_READ, NEED_PRODUCT },
  { "GET", GRP, emu_group_get, EMU_RIGHT_READ, NEED_GROUP },
  { "PUT", GRP, emu_group_put, EMU_RIGHT_ALL, NEED_PRODUCT },
  { "PATCH", GRP, emu_group_patch, EMU_RIGHT_ALL, NEED_GROUP },
  { "DELETE", GRP, emu_group_delete, EMU_RIGHT_ALL, NEED_PRODUCT },
  { "POST", GRP "/claimDevices", emu_group_claim, EMU_RIGHT_ALL, NEED_GROUP_OR_NONE },
  { "POST", GRP "/countDevices", emu_group_count, EMU_RIGHT_READ, NEED_GROUP },
  { "GET", GRP "/deployments", emu_deployments_list, EMU_RIGHT_READ, NEED_GROUP },
  { "GET", GRP "/deployments/{}", emu_deployment_get, EMU_RIGHT_READ, NEED_GROUP },
  { "PUT", GRP "/deployments/{}", emu_deployment_put, EMU_RIGHT_ALL, NEED_GROUP },
  { "DELETE", GRP "/deployments/{}", emu_deployment_delete, EMU_RIGHT_ALL, NEED_GROUP },
  { "GET", GRP "/devices", emu_devices_list, EMU_RIGHT_READ, NEED_GROUP_OR_NONE },
  { "GET", DEV, emu_device_get, EMU_RIGHT_READ, NEED_GROUP_OR_NONE },
  { "PUT", DEV, emu_device_put, EMU_RIGHT_ALL, NEED_GROUP_OR_NONE },
  { "PATCH", DEV, emu_device_patch, EMU_RIGHT_ALL, NEED_GROUP_OR_NONE },
  { "DELETE", DEV, emu_device_delete, EMU_RIGHT_ALL, NEED_GROUP_OR_NONE },
  { "POST", DEV "/generateCapabilityImage", emu_device_capability, EMU_RIGHT_ALL,
    NEED_GROUP_OR_NONE },

  { "GET", "/subscriptions/{}/providers/Microsoft.AzureSphere/locations/{}/operationStatuses/{}",
    emu_arm_status, EMU_RIGHT_READ, NEED_NOTHING },
  { "GET", "/tenants", emu_arm_tenants, EMU_RIGHT_READ, NEED_NOTHING },
  { "GET", "/subscriptions", emu_arm_subscriptions, EMU_RIGHT_READ, NEED_NOTHING },
  { "GET", "/subscriptions/{}/resourcegroups", emu_arm_resource_groups, EMU_RIGHT_READ,
    NEED_NOTHING },
  { "GET", "/subscriptions/{}/providers/Microsoft.AzureSphere", emu_arm_provider, EMU_RIGHT_READ,
    NEED_NOTHING },
  { "POST", "/subscriptions/{}/providers/Microsoft.AzureSphere/register", emu_arm_provider,
    EMU_RIGHT_ALL, NEED_NOTHING },
};

/* ---- replies ---- */

void
emu_arm_reply (EmuCall *call, guint status, EmuWire *wire)
{
  call->status = status;
  g_clear_pointer (&call->answer, g_bytes_unref);
  call->answer = emu_wire_end (wire);
}

/* The live service sends the four bytes "null" where others send nothing. */
void
emu_arm_reply_null (EmuCall *call, guint status)
{
  call->status = status;
  g_clear_pointer (&call->answer, g_bytes_unref);
  call->answer = g_bytes_new_static ("null", 4);
}

void
emu_arm_fail (EmuCall *call, guint status, const char *code, const char *format, ...)
{
  EmuWire *wire = emu_wire_new_plain ();
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  if (call->is_legacy)
    {
      emu_legacy_write_error (wire, code, message);
      emu_arm_reply (call, status, wire);
      return;
    }
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "error", '{');
  emu_wire_text (wire, "code", code);
  emu_wire_text (wire, "message", message);
  emu_wire_close (wire, '}');
  emu_wire_close (wire, '}');
  emu_arm_reply (call, status, wire);
}

/* ---- operations that go on ---- */

void
emu_arm_shape_by_fault (EmuCall *call, EmuCloudOperation *operation)
{
  const EmuCloudFault *fault = call->fault;

  if (fault == NULL || fault->kind < EMU_CLOUD_FAULT_OPERATION_FAILS)
    return;
  operation->end = fault->kind;
  operation->code = g_strdup (fault->code);
  operation->message = g_strdup (fault->message);
  if (fault->kind == EMU_CLOUD_FAULT_OPERATION_SLOW)
    operation->due_us = operation->begun_us + (gint64) fault->seconds * G_USEC_PER_SEC;
}

/* A failed operation that tells whoever asks about it by what sign-in. */
void
emu_arm_echo (EmuCall *call, EmuCloudOperation *operation)
{
  if (operation->end != EMU_CLOUD_FAULT_OPERATION_ECHOES)
    return;
  g_free (operation->message);
  operation->message =
      g_strdup_printf ("The request was not accepted. Authorization: %s", call->authorization);
}

/* Begins an operation that makes its change when it is done. The caller has written the answer
 * already, or leaves it to the body "null" of a 202. PUT: 201 and Azure-AsyncOperation alone;
 * everything else: 202 and both headers (recordings). @data belongs to the operation. */
void
emu_arm_begin (EmuCall *call,
               const char *kind,
               const char *target_id,
               EmuApplyFunc apply,
               gpointer data,
               GDestroyNotify free_data)
{
  EmuCloud *cloud = call->cloud;
  EmuCloudOperation *operation;
  gboolean is_put = g_str_equal (call->method, "PUT");
  gboolean is_foreign = call->fault != NULL && call->fault->kind == EMU_CLOUD_FAULT_FOREIGN_POLL;

  if (call->is_legacy)
    {
      emu_legacy_begin (call, kind, apply, data, free_data);
      return;
    }
  operation =
      emu_cloud_operations_add (cloud->operations, cloud->config->subscription, call->request_id);
  operation->kind = g_strdup (kind);
  operation->resource_id = g_uri_unescape_string (call->path, NULL);
  operation->target_id = g_strdup (target_id);
  operation->due_us = operation->begun_us + (gint64) cloud->config->operation_ms * 1000;
  operation->apply = apply;
  operation->data = data;
  operation->free_data = free_data;
  operation->by_location = cloud->config->async == EMU_CLOUD_ASYNC_LOCATION;
  emu_arm_shape_by_fault (call, operation);

  call->async_url =
      g_strconcat (is_foreign ? "https://127.0.0.2:9" : cloud->base, operation->key, NULL);
  call->has_async = cloud->config->async != EMU_CLOUD_ASYNC_LOCATION;
  call->has_location = !call->has_async || !is_put;
  if (!is_put)
    emu_arm_reply_null (call, 202);
  else
    call->status = 201;
}

/* ---- what is in a request ---- */

/* A member of the body's properties that is text, or NULL. */
const char *
emu_arm_get_text (EmuCall *call, const char *member)
{
  JsonObject *properties = emu_arm_get_properties (call);
  JsonNode *node = properties != NULL ? json_object_get_member (properties, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

JsonObject *
emu_arm_get_properties (EmuCall *call)
{
  JsonNode *node = call->body != NULL ? json_object_get_member (call->body, "properties") : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

char *
emu_arm_dup_catalog_id (EmuCatalog *catalog)
{
  return g_strdup_printf ("/subscriptions/%s/resourceGroups/%s/providers/Microsoft.AzureSphere/"
                          "catalogs/%s",
                          catalog->subscription, catalog->resource_group, catalog->name);
}

/* @group NULL: the reserved names. */
char *
emu_arm_dup_group_id (EmuCatalog *catalog, EmuGroup *group)
{
  g_autofree char *catalog_id = emu_arm_dup_catalog_id (catalog);

  return g_strdup_printf ("%s/products/%s/deviceGroups/%s", catalog_id,
                          group != NULL ? group->product->name : ".default",
                          group != NULL ? group->name : ".default");
}

void
emu_arm_write_head (EmuWire *wire, const char *id, const char *name, const char *type)
{
  emu_wire_text (wire, "id", id);
  emu_wire_text (wire, "name", name);
  emu_wire_text (wire, "type", type);
}

void
emu_arm_write_state (EmuWire *wire, const char *state)
{
  emu_wire_text (wire, "provisioningState", state);
}

/* The state of what is there at once, unless it is made by an operation. */
void
emu_arm_write_made_state (EmuCall *call, EmuWire *wire)
{
  gboolean is_begun = call->cloud->config->creates_slowly && g_str_equal (call->method, "PUT");

  emu_arm_write_state (wire, is_begun ? "Accepted" : "Succeeded");
}

/* ---- finding the route ---- */

gboolean
emu_arm_match (const char *pattern, char **parts, EmuCall *call)
{
  g_auto (GStrv) wanted = g_strsplit (pattern, "/", -1);
  guint n_params = 0;

  if (g_strv_length (wanted) != g_strv_length (parts))
    return FALSE;
  for (guint i = 0; wanted[i] != NULL; i++)
    if (!g_str_equal (wanted[i], "{}") && g_ascii_strcasecmp (wanted[i], parts[i]) != 0)
      return FALSE;

  for (guint i = 0; wanted[i] != NULL; i++)
    if (g_str_equal (wanted[i], "{}") && n_params < EMU_CLOUD_PARAMS_MAX)
      call->params[n_params++] = g_uri_unescape_string (parts[i], NULL);
  return TRUE;
}

static const Route *
find_route (EmuCall *call, gboolean *out_has_path)
{
  g_auto (GStrv) parts = g_strsplit (call->path, "/", -1);

  *out_has_path = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (!emu_arm_match (routes[i].pattern, parts, call))
        continue;
      *out_has_path = TRUE;
      if (g_str_equal (routes[i].method, call->method))
        return &routes[i];
      for (guint j = 0; j < EMU_CLOUD_PARAMS_MAX; j++)
        g_clear_pointer (&call->params[j], g_free);
    }
  return NULL;
}

/* ---- rights ---- */

static gboolean
has_right (EmuCloudRole role, EmuRight right)
{
  switch (role)
    {
    case EMU_CLOUD_ROLE_OWNER:
    case EMU_CLOUD_ROLE_CONTRIBUTOR:
      return TRUE;
    case EMU_CLOUD_ROLE_PUBLISHER:
      return right == EMU_RIGHT_READ || right == EMU_RIGHT_PROOF || right == EMU_RIGHT_PUBLISH;
    case EMU_CLOUD_ROLE_READER:
      return right == EMU_RIGHT_READ || right == EMU_RIGHT_DEPLOYMENTS;
    case EMU_CLOUD_ROLE_NONE:
      break;
    }
  return FALSE;
}

static gboolean
check_right (EmuCall *call, const Route *route)
{
  const char *action = strrchr (route->pattern, '/') + 1;

  if (has_right (call->cloud->config->role, route->right))
    return TRUE;
  call->from_gateway = TRUE;
  emu_arm_fail (call, 403, "AuthorizationFailed",
                "The client '%s' does not have authorization to perform action '%s %s' over scope "
                "'%s' or the scope is invalid. If access was recently granted, please refresh your "
                "credentials.",
                call->cloud->config->user, route->method, action, call->path);
  return FALSE;
}

/* ---- what the path names ---- */

gboolean
emu_arm_is_reserved (const char *name)
{
  return g_str_equal (name, ".default") || g_str_equal (name, ".unassigned");
}

static gboolean
check_subscription (EmuCall *call)
{
  const char *subscription = call->params[PARAM_SUBSCRIPTION];

  if (subscription == NULL || emu_cloud_config_has_subscription (call->cloud->config, subscription))
    return TRUE;
  call->from_gateway = TRUE;
  emu_arm_fail (call, 404, "SubscriptionNotFound", "The subscription '%s' could not be found.",
                subscription);
  return FALSE;
}

static gboolean
check_resource_group (EmuCall *call, const Route *route)
{
  const char *name = call->params[PARAM_RESOURCE_GROUP];
  g_autoptr (GPtrArray) names = NULL;

  if (!g_str_has_prefix (route->pattern, CAT))
    return TRUE;
  names = emu_arm_collect_resource_groups (call);
  for (guint i = 0; i < names->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (names, i), name) == 0)
      return TRUE;
  call->from_gateway = TRUE;
  emu_arm_fail (call, 404, "ResourceGroupNotFound", "Resource group '%s' could not be found.",
                name);
  return FALSE;
}

static gboolean
fail_to_find (EmuCall *call, const char *kind, const char *name)
{
  emu_arm_fail (call, 404, "ResourceNotFound",
                "The Resource 'Microsoft.AzureSphere/%s/%s' was not found.", kind, name);
  return FALSE;
}

static gboolean
find_group (EmuCall *call, Need need)
{
  const char *product = call->params[PARAM_PRODUCT];
  const char *group = call->params[PARAM_GROUP];

  if (need == NEED_GROUP_OR_NONE && emu_arm_is_reserved (product) && emu_arm_is_reserved (group))
    {
      call->is_ungrouped = TRUE;
      return TRUE;
    }
  if (emu_arm_is_reserved (product) || (need != NEED_PRODUCT && emu_arm_is_reserved (group)))
    {
      emu_arm_fail (call, 400, "InvalidParameters", "The name is reserved.");
      return FALSE;
    }
  call->product = emu_catalog_find_product (call->catalog, product);
  if (call->product == NULL)
    return fail_to_find (call, "catalogs/products", product);
  if (need == NEED_PRODUCT)
    return TRUE;

  call->group = emu_product_find_group (call->product, group);
  return call->group != NULL || fail_to_find (call, "catalogs/products/deviceGroups", group);
}

static gboolean
find_things (EmuCall *call, Need need)
{
  if (need == NEED_NOTHING)
    return TRUE;

  call->catalog =
      emu_cloud_store_find (call->cloud->store, call->params[PARAM_SUBSCRIPTION],
                            call->params[PARAM_RESOURCE_GROUP], call->params[PARAM_CATALOG]);
  if (call->catalog == NULL)
    return fail_to_find (call, "catalogs", call->params[PARAM_CATALOG]);
  return need == NEED_CATALOG || find_group (call, need);
}

/* A count on a group that does not exist is answered with another code (recording). */
static void
mend_count (EmuCall *call, const Route *route)
{
  if (route->func == emu_group_count && call->status == 404 && call->product != NULL)
    emu_arm_fail (call, 404, "InvalidParameters", "Device group not found.");
}

/* The calls around the provider are Resource Manager's, with versions of their own. */
static const char *
get_version (const Route *route)
{
  if (route->func == emu_arm_tenants || route->func == emu_arm_subscriptions)
    return "2022-12-01";
  if (route->func == emu_arm_resource_groups || route->func == emu_arm_provider)
    return "2021-04-01";
  return EMU_CLOUD_API_VERSION;
}

static gboolean
check_version (EmuCall *call, const Route *route)
{
  const char *version =
      call->query != NULL ? g_hash_table_lookup (call->query, "api-version") : NULL;

  const char *wanted = get_version (route);
  gboolean is_providers = g_str_equal (wanted, EMU_CLOUD_API_VERSION);

  if (g_strcmp0 (version, wanted) == 0)
    return TRUE;
  call->from_gateway = TRUE;
  emu_arm_fail (call, 400,
                version == NULL ? "MissingApiVersionParameter"
                : is_providers  ? "InvalidResourceType"
                                : "InvalidApiVersionParameter",
                "The api-version '%s' is not supported.", version != NULL ? version : "");
  return FALSE;
}

/* Answers a request whose token is good. */
void
emu_arm_answer (EmuCall *call)
{
  gboolean has_path;
  const Route *route = find_route (call, &has_path);

  /* Pages of lists that began with a POST are fetched with GET. */
  if (route == NULL && g_str_equal (call->method, "GET") && call->query != NULL &&
      g_hash_table_contains (call->query, "skiptoken"))
    {
      call->method = "POST";
      route = find_route (call, &has_path);
    }
  if (route == NULL)
    {
      call->from_gateway = TRUE;
      emu_arm_fail (call, has_path ? 405 : 404, has_path ? "MethodNotAllowed" : "NotFound",
                    "There is no %s %s.", call->method, call->path);
      return;
    }
  if (check_version (call, route) && check_subscription (call) && check_right (call, route) &&
      check_resource_group (call, route) && find_things (call, route->need))
    route->func (call);
  mend_count (call, route);
}
