/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is the same for all kinds of resources. */
#include "lks-cloud-resource.h"

#include "lks-cloud-error.h"

#include <string.h>

/* ---- bodies ---- */

/**
 * lks_cloud_body_to_text:
 * @body: what is to be sent
 *
 * Returns: (transfer full): it as JSON
 */
char *
lks_cloud_body_to_text (JsonObject *body)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, body);
  return json_to_string (node, FALSE);
}

/**
 * lks_cloud_body_new_properties:
 * @out_properties: (out) (transfer none): where the members go
 *
 * Returns: (transfer full): the body of a PUT or PATCH
 */
JsonObject *
lks_cloud_body_new_properties (JsonObject **out_properties)
{
  JsonObject *body = json_object_new ();

  *out_properties = json_object_new ();
  json_object_set_object_member (body, "properties", *out_properties);
  return body;
}

/* ---- lists ---- */

typedef struct
{
  const LksCloudKind *kind;
  LksCloudResourceFunc func;
  gpointer user_data;
} Listing;

static gboolean
take_item (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  Listing *listing = user_data;
  g_autoptr (LksCloudResource) resource =
      lks_cloud_resource_read (listing->kind, page, item, error);

  return resource != NULL && listing->func (resource, listing->user_data, error);
}

/**
 * lks_cloud_resource_list:
 * @client: a client
 * @kind: of what the list is
 * @call: the call that gives the first page
 * @items_max: after how many to stop, 0 for none
 * @func: (scope call): takes each, on this thread
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Goes through a list and keeps nothing of it. Blocks; worker threads only.
 *
 * Returns: whether the list was read to its end, or to @items_max
 */
gboolean
lks_cloud_resource_list (LksCloudClient *client,
                         const LksCloudKind *kind,
                         const LksCloudCall *call,
                         guint items_max,
                         LksCloudResourceFunc func,
                         gpointer user_data,
                         GCancellable *cancellable,
                         GError **error)
{
  Listing listing = { kind, func, user_data };

  return lks_cloud_client_list (client, call, items_max, take_item, &listing, cancellable, error);
}

/* ---- one resource ---- */

/**
 * lks_cloud_resource_get:
 * @client: a client
 * @kind: what it is
 * @scope: where it is
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_call()
 *
 * Blocks; worker threads only.
 *
 * Returns: (transfer full): the resource, or NULL with @error set
 */
LksCloudResource *
lks_cloud_resource_get (LksCloudClient *client,
                        const LksCloudKind *kind,
                        const LksCloudScope *scope,
                        GCancellable *cancellable,
                        GError **error)
{
  const LksCloudCall call = { .method = "GET", .scope = scope };
  g_auto (LksCloudAnswer) answer = { 0 };

  return lks_cloud_client_call (client, &call, cancellable, &answer, error)
             ? lks_cloud_resource_parse (kind, answer.body, error)
             : NULL;
}

/* Where the result of a change is: what was addressed, or where the service put it. */
static LksCloudScope *
find_result (const LksCloudScope *scope, const LksCloudOperation *operation)
{
  g_autoptr (LksCloudScope) target = operation != NULL && operation->target_id != NULL
                                         ? lks_cloud_scope_parse (operation->target_id, NULL)
                                         : NULL;
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_dup_catalog (scope);
  g_autoptr (LksCloudScope) target_catalog =
      target != NULL ? lks_cloud_scope_dup_catalog (target) : NULL;

  return target_catalog != NULL && lks_cloud_scope_equal (catalog, target_catalog)
             ? g_steal_pointer (&target)
             : lks_cloud_scope_copy (scope);
}

/**
 * lks_cloud_resource_change:
 * @client: a client
 * @kind: what it is
 * @method: PUT to make or replace it, PATCH to change it
 * @scope: where it is
 * @body: what is sent
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_change()
 *
 * Changes a resource, waits until that is done, and asks what came of it: answers to changes are
 * incomplete, and after a move the resource is elsewhere (recordings). Blocks; worker threads
 * only.
 *
 * Returns: (transfer full): the resource as it is now, or NULL with @error set
 */
LksCloudResource *
lks_cloud_resource_change (LksCloudClient *client,
                           const LksCloudKind *kind,
                           const char *method,
                           const LksCloudScope *scope,
                           JsonObject *body,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autofree char *text = lks_cloud_body_to_text (body);
  const LksCloudCall call = {
    .method = method, .scope = scope, .body = text, .body_bytes = strlen (text)
  };
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (LksCloudOperation) operation = NULL;
  g_autoptr (LksCloudScope) result = NULL;

  if (!lks_cloud_client_change (client, &call, cancellable, &answer, &operation, error))
    return NULL;
  result = find_result (scope, operation);
  return lks_cloud_resource_get (client, kind, result, cancellable, error);
}

/**
 * lks_cloud_resource_delete:
 * @client: a client
 * @scope: what to delete
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_change()
 *
 * Deletes a resource. One that is not there is gone, too, as far as the service itself says so
 * (204); or when the answer to an earlier try was lost, and it is not found any more. A name that
 * leads nowhere is an error otherwise. Blocks; worker threads only.
 *
 * Returns: whether it is gone
 */
gboolean
lks_cloud_resource_delete (LksCloudClient *client,
                           const LksCloudScope *scope,
                           GCancellable *cancellable,
                           GError **error)
{
  const LksCloudCall call = { .method = "DELETE", .scope = scope };
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) reason = NULL;

  if (lks_cloud_client_change (client, &call, cancellable, &answer, NULL, &reason) ||
      lks_cloud_answer_proves_gone (&answer, reason))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
read_count (GBytes *body, gint64 *out_count, GError **error)
{
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (body, &size_bytes);
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksJson) json =
      lks_json_parse ("answer", data, size_bytes, LKS_CLOUD_BODY_MAX_BYTES, &reason);
  JsonObject *object = json != NULL ? lks_json_get_root_object (json, &reason) : NULL;

  if (object != NULL &&
      lks_json_read_int (json, object, "value", 0, G_MAXINT32, out_count, &reason))
    return TRUE;
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
               "the service's count is not understood: %s", reason->message);
  return FALSE;
}

/**
 * lks_cloud_resource_count_devices:
 * @client: a client
 * @scope: a catalog, a product or a device group
 * @out_count: (out): how many devices are in it
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_call()
 *
 * Counts as a write in the service's limits, although it changes nothing. Blocks; worker threads
 * only.
 *
 * Returns: whether they were counted
 */
gboolean
lks_cloud_resource_count_devices (LksCloudClient *client,
                                  const LksCloudScope *scope,
                                  gint64 *out_count,
                                  GCancellable *cancellable,
                                  GError **error)
{
  const LksCloudCall call = {
    .method = "POST", .scope = scope, .below = "countDevices", .is_repeatable = TRUE
  };
  g_auto (LksCloudAnswer) answer = { 0 };

  return lks_cloud_client_call (client, &call, cancellable, &answer, error) &&
         read_count (answer.body, out_count, error);
}
