/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-deployment.h"

#include "lks-cloud-error.h"
#include "lks-cloud-problem.h"
#include "lks-guid.h"

#define IMAGES_MAX 1000
#define NAME_MAX_BYTES 256

#define AT(member) G_STRUCT_OFFSET (LksCloudDeployment, member)
static const LksCloudField fields[] = {
  { "deploymentId", "DEPLOYMENT", LKS_CLOUD_FIELD_TEXT, AT (deployment_id) },
  { "deploymentDateUtc", "DATE", LKS_CLOUD_FIELD_TEXT, AT (date) },
  { "imageIds", "IMAGES", LKS_CLOUD_FIELD_LIST, AT (image_ids) },
  { "imageNames", "IMAGE NAMES", LKS_CLOUD_FIELD_LIST, AT (image_names) },
};
#undef AT

/* ---- its images ---- */

/* They are whole resources, of which the ID is certain. */
static gboolean
read_image (LksJson *json,
            JsonObject *image,
            GStrvBuilder *ids,
            GStrvBuilder *names,
            GError **error)
{
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  g_autofree char *clean = NULL;
  JsonObject *properties;

  if (!lks_json_read_object (json, image, "properties", &properties, error) ||
      !lks_json_read_string (json, properties, "imageId", &id, error) ||
      (lks_json_has (properties, "image") &&
       !lks_json_read_string (json, properties, "image", &name, error)))
    return FALSE;
  if (!lks_guid_is_valid (id))
    {
      lks_json_set_error (json, json_object_get_member (properties, "imageId"), error,
                          "expected a GUID");
      return FALSE;
    }
  clean = name != NULL ? lks_cloud_clean_text (name, NAME_MAX_BYTES) : NULL;
  g_strv_builder_add (ids, id);
  g_strv_builder_add (names, clean != NULL ? clean : "");
  return TRUE;
}

static gboolean
read_images (LksCloudResource *resource, LksJson *json, JsonObject *properties, GError **error)
{
  LksCloudDeployment *self = (LksCloudDeployment *) resource;
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  JsonArray *images;

  g_clear_pointer (&self->image_ids, g_strfreev);
  g_clear_pointer (&self->image_names, g_strfreev);
  if (!lks_json_has (properties, "deployedImages"))
    return TRUE;
  if (!lks_json_read_array (json, properties, "deployedImages", &images, error))
    return FALSE;
  for (guint i = 0; i < MIN (json_array_get_length (images), IMAGES_MAX); i++)
    {
      JsonNode *node = json_array_get_element (images, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          lks_json_set_error (json, node, error, "expected an image");
          return FALSE;
        }
      if (!read_image (json, json_node_get_object (node), ids, names, error))
        return FALSE;
    }
  self->image_ids = g_strv_builder_end (ids);
  self->image_names = g_strv_builder_end (names);
  return TRUE;
}

const LksCloudKind lks_cloud_deployment_kind = {
  .name = "deployment",
  .size = sizeof (LksCloudDeployment),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .read = read_images,
};

/**
 * lks_cloud_deployment_dup_images:
 * @self: a deployment
 *
 * Returns: (transfer full) (nullable): its images as people know them, separated by commas: names,
 *   and IDs of those that have none; empty when it has none, NULL when the service does not tell
 */
char *
lks_cloud_deployment_dup_images (const LksCloudDeployment *self)
{
  g_autoptr (GString) text = NULL;

  if (self->image_ids == NULL)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; self->image_ids[i] != NULL; i++)
    {
      const char *name = self->image_names != NULL ? self->image_names[i] : "";

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                              name[0] != '\0' ? name : self->image_ids[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ---- calls ---- */

/**
 * lks_cloud_deployment_list:
 * @client: a client
 * @scope: a device group, for its history; or a catalog, for the current one of each group
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists deployments. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_deployment_list (LksCloudClient *client,
                           const LksCloudScope *scope,
                           LksCloudResourceFunc func,
                           gpointer user_data,
                           GCancellable *cancellable,
                           GError **error)
{
  gboolean is_catalog = scope->group == NULL;
  const LksCloudCall call = { .method = is_catalog ? "POST" : "GET",
                              .scope = scope,
                              .below = is_catalog ? "listDeployments" : "deployments" };

  return lks_cloud_resource_list (client, &lks_cloud_deployment_kind, &call, 0, func, user_data,
                                  cancellable, error);
}

/**
 * lks_cloud_deployment_get_current:
 * @client: a client
 * @group: a device group
 * @out_deployment: (out) (transfer full) (nullable): what is in force; NULL when nothing was ever
 *   deployed to the group
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_get()
 *
 * Blocks; worker threads only.
 *
 * Returns: whether it is known
 */
gboolean
lks_cloud_deployment_get_current (LksCloudClient *client,
                                  const LksCloudScope *group,
                                  LksCloudResource **out_deployment,
                                  GCancellable *cancellable,
                                  GError **error)
{
  g_autoptr (LksCloudScope) scope =
      lks_cloud_scope_dup_leaf (group, "deployments", LKS_CLOUD_DEPLOYMENT_CURRENT);
  g_autoptr (GError) reason = NULL;

  *out_deployment =
      lks_cloud_resource_get (client, &lks_cloud_deployment_kind, scope, cancellable, &reason);
  if (*out_deployment != NULL ||
      g_error_matches (reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

typedef struct
{
  const char *current; /* (nullable): its ID */
  LksCloudResourceFunc func;
  gpointer user_data;
} History;

static gboolean
mark (LksCloudResource *resource, gpointer user_data, GError **error)
{
  LksCloudDeployment *deployment = (LksCloudDeployment *) resource;
  const History *history = user_data;

  deployment->is_current = history->current != NULL && deployment->deployment_id != NULL &&
                           g_ascii_strcasecmp (history->current, deployment->deployment_id) == 0;
  return history->func (resource, history->user_data, error);
}

/**
 * lks_cloud_deployment_list_history:
 * @client: a client
 * @group: a device group
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists all that was ever deployed to a group, and marks what is in force: the order of the list is
 * not documented, so the service is asked for that one first. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_deployment_list_history (LksCloudClient *client,
                                   const LksCloudScope *group,
                                   LksCloudResourceFunc func,
                                   gpointer user_data,
                                   GCancellable *cancellable,
                                   GError **error)
{
  g_autoptr (LksCloudResource) current = NULL;
  History history = { .func = func, .user_data = user_data };

  if (!lks_cloud_deployment_get_current (client, group, &current, cancellable, error))
    return FALSE;
  if (current != NULL)
    history.current = ((LksCloudDeployment *) current)->deployment_id;
  return lks_cloud_deployment_list (client, group, mark, &history, cancellable, error);
}

static void
add_image (JsonArray *images, const char *id)
{
  JsonObject *image = json_object_new ();
  JsonObject *properties = json_object_new ();

  json_object_set_string_member (properties, "imageId", id);
  json_object_set_string_member (properties, "regionalDataBoundary", "None");
  json_object_set_object_member (image, "properties", properties);
  json_array_add_object_element (images, image);
}

/**
 * lks_cloud_deployment_create:
 * @client: a client
 * @group: a device group
 * @image_ids: (array zero-terminated=1): GUIDs of images of the catalog, at least one
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_resource_change(), INVALID_ARGUMENT for what is
 *   no GUID
 *
 * Deploys images to a device group, in place of those before: its devices get exactly these when
 * they ask next. Blocks; worker threads only.
 *
 * Returns: (transfer full): the deployment, or NULL with @error set
 */
LksCloudResource *
lks_cloud_deployment_create (LksCloudClient *client,
                             const LksCloudScope *group,
                             const char *const *image_ids,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (LksCloudScope) scope =
      lks_cloud_scope_dup_leaf (group, "deployments", LKS_CLOUD_DEPLOYMENT_CURRENT);
  JsonArray *images = json_array_new ();
  JsonObject *properties;
  g_autoptr (JsonObject) body = lks_cloud_body_new_properties (&properties);

  json_object_set_array_member (properties, "deployedImages", images);
  for (gsize i = 0; image_ids[i] != NULL; i++)
    {
      g_autofree char *id = lks_guid_normalize (image_ids[i], NULL);

      if (id == NULL)
        {
          g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                       "“%s” is no image ID: expected a GUID", image_ids[i]);
          return NULL;
        }
      add_image (images, id);
    }
  return lks_cloud_resource_change (client, &lks_cloud_deployment_kind, "PUT", scope, body,
                                    cancellable, error);
}
