/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-image.h"

#include "lks-cloud-error.h"
#include "lks-image-inspection.h"

#include <string.h>

/* A slow line needs minutes for an image in base64. */
#define TRANSFER_LIMIT_MS (10 * 60 * 1000)
#define IMAGE_MAX_BYTES (16 * 1024 * 1024)

#define AT(member) G_STRUCT_OFFSET (LksCloudImage, member)
static const LksCloudField fields[] = {
  { "imageId", "IMAGE", LKS_CLOUD_FIELD_TEXT, AT (image_id) },
  { "image", "IMAGE NAME", LKS_CLOUD_FIELD_TEXT, AT (image_name) },
  { "componentId", "COMPONENT", LKS_CLOUD_FIELD_TEXT, AT (component_id) },
  { "imageType", "TYPE", LKS_CLOUD_FIELD_TEXT, AT (image_type) },
  { "regionalDataBoundary", NULL, LKS_CLOUD_FIELD_TEXT, AT (region) },
  { "description", NULL, LKS_CLOUD_FIELD_TEXT, AT (description) },
};
#undef AT

/* No field: it is signed, and must not be printed or exported. */
static gboolean
read_address (LksCloudResource *resource, LksJson *json, JsonObject *properties, GError **error)
{
  return !lks_json_has (properties, "uri") ||
         lks_json_read_string (json, properties, "uri", &((LksCloudImage *) resource)->address,
                               error);
}

static void
clear_address (LksCloudResource *resource)
{
  g_free (((LksCloudImage *) resource)->address);
}

const LksCloudKind lks_cloud_image_kind = {
  .name = "image",
  .size = sizeof (LksCloudImage),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .read = read_address,
  .clear = clear_address,
};

/**
 * lks_cloud_image_list:
 * @client: a client
 * @catalog: a catalog
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists the images of a catalog. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_image_list (LksCloudClient *client,
                      const LksCloudScope *catalog,
                      LksCloudResourceFunc func,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error)
{
  const LksCloudCall call = { .method = "GET", .scope = catalog, .below = "images" };

  return lks_cloud_resource_list (client, &lks_cloud_image_kind, &call, 0, func, user_data,
                                  cancellable, error);
}

/* ---- upload ---- */

/* A capability is an image, too, and a key: it must not get into a catalog. */
static LksImageMetadata *
check_image (GBytes *image, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (LksImageMetadata) metadata = lks_image_metadata_parse (image, &reason);

  if (metadata == NULL)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                 "this is no image package: %s", reason->message);
  else if (metadata->image_type == LKS_IMAGE_TYPE_CAPABILITY)
    g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                         "this is a capability, which is a key and no image for a catalog");
  else if (g_bytes_get_size (image) > IMAGE_MAX_BYTES)
    g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
                         "the image is larger than any board could take");
  else
    return g_steal_pointer (&metadata);
  return NULL;
}

static char *
build_body (GBytes *image, const char *region)
{
  gsize size_bytes;
  const guchar *data = g_bytes_get_data (image, &size_bytes);
  g_autofree char *base64 = g_base64_encode (data, size_bytes);
  JsonObject *properties;
  g_autoptr (JsonObject) body = lks_cloud_body_new_properties (&properties);

  json_object_set_string_member (properties, "image", base64);
  json_object_set_string_member (properties, "regionalDataBoundary",
                                 region != NULL ? region : "None");
  return lks_cloud_body_to_text (body);
}

/**
 * lks_cloud_image_check:
 * @image: the bytes of a file
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Returns: whether it is an image for a catalog, as lks_cloud_image_upload() requires it
 */
gboolean
lks_cloud_image_check (GBytes *image, GError **error)
{
  g_autoptr (LksImageMetadata) metadata = check_image (image, error);

  return metadata != NULL;
}

/**
 * lks_cloud_image_upload:
 * @client: a client
 * @catalog: where it shall be
 * @image: an image package
 * @region: (nullable): where its data may lie: "None" or "EU"
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_change(), INVALID_ARGUMENT when it is
 *   no image for a catalog
 *
 * Uploads an image under its own ID, which stands in it; one that is there already stays. Blocks;
 * worker threads only.
 *
 * Returns: (transfer full): the image as the service has it, or NULL with @error set
 */
LksCloudResource *
lks_cloud_image_upload (LksCloudClient *client,
                        const LksCloudScope *catalog,
                        GBytes *image,
                        const char *region,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (LksImageMetadata) metadata = check_image (image, error);
  g_autoptr (LksCloudScope) scope = NULL;
  g_autofree char *body = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };
  LksCloudCall call = { .method = "PUT", .limit_ms = TRANSFER_LIMIT_MS };

  if (metadata == NULL)
    return NULL;
  scope = lks_cloud_scope_dup_leaf (catalog, "images", metadata->image_id);
  body = build_body (image, region);
  call.scope = scope;
  call.body = body;
  call.body_bytes = strlen (body);
  return lks_cloud_client_change (client, &call, cancellable, &answer, NULL, error)
             ? lks_cloud_resource_get (client, &lks_cloud_image_kind, scope, cancellable, error)
             : NULL;
}

/* ---- download ---- */

static GBytes *
fetch (LksCloudClient *client, const char *address, GCancellable *cancellable, GError **error)
{
  const LksCloudCall call = { .method = "GET",
                              .path = address,
                              .is_open = TRUE,
                              .limit_ms = TRANSFER_LIMIT_MS,
                              .answer_max_bytes = IMAGE_MAX_BYTES };
  g_auto (LksCloudAnswer) answer = { 0 };

  return lks_cloud_client_call (client, &call, cancellable, &answer, error)
             ? g_bytes_ref (answer.body)
             : NULL;
}

static gboolean
check_download (GBytes *bytes, const char *image_id, GError **error)
{
  g_autoptr (LksImageMetadata) metadata = lks_image_metadata_parse (bytes, NULL);

  if (metadata != NULL && g_ascii_strcasecmp (metadata->image_id, image_id) == 0)
    return TRUE;
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNFIT, "what came is not the image %s",
               image_id);
  return FALSE;
}

/**
 * lks_cloud_image_download:
 * @client: a client
 * @image: where it is
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_call(), UNFIT when it is another image
 *
 * Fetches an image as the service signed it. It comes from another host, which is not told the
 * sign-in. Blocks; worker threads only.
 *
 * Returns: (transfer full): the image, or NULL with @error set
 */
GBytes *
lks_cloud_image_download (LksCloudClient *client,
                          const LksCloudScope *image,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (LksCloudResource) resource =
      lks_cloud_resource_get (client, &lks_cloud_image_kind, image, cancellable, error);
  const char *address = resource != NULL ? ((LksCloudImage *) resource)->address : NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (resource == NULL)
    return NULL;
  if (address == NULL || !g_str_has_prefix (address, "https://"))
    {
      g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_BAD_ANSWER,
                           "the service does not tell where the image can be fetched");
      return NULL;
    }
  bytes = fetch (client, address, cancellable, error);
  return bytes != NULL && check_download (bytes, image->leaf, error) ? g_steal_pointer (&bytes)
                                                                     : NULL;
}
