/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-route.h"

#include "lks-capability.h"
#include "lks-cursor.h"
#include "lks-device-id.h"
#include "lks-guid.h"
#include "lks-json.h"
#include "lks-whole-file.h"

#include <string.h>

#define FILE_NAME "route.json"
#define FILE_VERSION 1
#define FILE_MAX_BYTES (4 * 1024 * 1024)
#define SHA256_DIGITS 64

/* ---- reading ---- */

static gboolean
read_text (LksJson *json, JsonObject *object, const char *member, char **out_text, GError **error)
{
  return !lks_json_has (object, member) ||
         lks_json_read_string (json, object, member, out_text, error);
}

static gboolean
read_hash (LksJson *json, JsonObject *object, const char *member, char **out_hash, GError **error)
{
  if (!read_text (json, object, member, out_hash, error))
    return FALSE;
  if (*out_hash == NULL || (strlen (*out_hash) == SHA256_DIGITS &&
                            strspn (*out_hash, "0123456789abcdef") == SHA256_DIGITS))
    return TRUE;
  lks_json_set_error (json, json_object_get_member (object, member), error,
                      "expected a SHA-256 in lower case");
  return FALSE;
}

/* It names a file: nothing but a GUID may be in it. */
static gboolean
check_guid (LksJson *json, JsonObject *object, const char *id, GError **error)
{
  if (lks_guid_is_valid (id))
    return TRUE;
  lks_json_set_error (json, json_object_get_member (object, "imageId"), error, "expected a GUID");
  return FALSE;
}

static gboolean
read_image (LksRoute *self, LksJson *json, JsonObject *object, GError **error)
{
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  g_autofree char *sha256 = NULL;
  LksRouteImage *image;

  if (!lks_json_read_string (json, object, "imageId", &id, error) ||
      !check_guid (json, object, id, error) || !read_text (json, object, "name", &name, error) ||
      !read_hash (json, object, "sha256", &sha256, error))
    return FALSE;

  image = lks_route_add_image (self, id);
  g_free (image->name);
  g_free (image->sha256);
  image->name = g_steal_pointer (&name);
  image->sha256 = g_steal_pointer (&sha256);
  return TRUE;
}

static gboolean
read_image_ids (LksRouteDevice *device, LksJson *json, JsonObject *object, GError **error)
{
  g_auto (GStrv) ids = NULL;

  if (!lks_json_read_string_list (json, object, "images", &ids, error))
    return FALSE;
  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (!lks_guid_is_valid (ids[i]) || i >= LKS_ROUTE_IMAGES_MAX)
        {
          lks_json_set_error (json, json_object_get_member (object, "images"), error,
                              "expected at most %d GUIDs", LKS_ROUTE_IMAGES_MAX);
          return FALSE;
        }
      g_ptr_array_add (device->image_ids, g_ascii_strdown (ids[i], -1));
    }
  return TRUE;
}

/* A file without them was written when an image was either known or not there. */
static gboolean
read_images_known (LksRouteDevice *device, LksJson *json, JsonObject *object, GError **error)
{
  device->are_images_known = TRUE;
  return (!lks_json_has (object, "areImagesKnown") ||
          lks_json_read_boolean (json, object, "areImagesKnown", &device->are_images_known,
                                 error)) &&
         read_text (json, object, "imagesProblem", &device->images_problem, error);
}

static gboolean
read_device (LksRoute *self, LksJson *json, JsonObject *object, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *id = NULL;
  LksRouteDevice *device;

  if (!lks_json_read_string (json, object, "deviceId", &text, error))
    return FALSE;
  id = lks_device_id_normalize (text, NULL);
  if (id == NULL)
    {
      lks_json_set_error (json, json_object_get_member (object, "deviceId"), error,
                          "expected a device ID of %d digits", LKS_DEVICE_ID_DIGITS);
      return FALSE;
    }

  device = lks_route_add_device (self, id);
  return lks_json_read_boolean (json, object, "isOwned", &device->is_owned, error) &&
         read_text (json, object, "product", &device->product, error) &&
         read_text (json, object, "group", &device->group, error) &&
         read_text (json, object, "osVersion", &device->os_version, error) &&
         read_image_ids (device, json, object, error) &&
         read_images_known (device, json, object, error);
}

typedef gboolean (*ReadFunc) (LksRoute *self, LksJson *json, JsonObject *object, GError **error);

static gboolean
read_list (LksRoute *self,
           LksJson *json,
           JsonObject *root,
           const char *member,
           guint n_max,
           ReadFunc func,
           GError **error)
{
  JsonArray *array;

  if (!lks_json_read_array (json, root, member, &array, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (i >= n_max || !JSON_NODE_HOLDS_OBJECT (node))
        {
          lks_json_set_error (json, node, error, "expected at most %u objects", n_max);
          return FALSE;
        }
      if (!func (self, json, json_node_get_object (node), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_capabilities (LksRoute *self, LksJson *json, JsonObject *root, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (!lks_json_read_string_list (json, root, "capabilities", &names, error))
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++)
    {
      guint capability;

      if (!lks_route_capability_from_name (names[i], &capability))
        {
          lks_json_set_error (json, json_object_get_member (root, "capabilities"), error,
                              "expected fieldServicing or appDevelopment");
          return FALSE;
        }
      g_array_append_val (self->capabilities, capability);
    }
  return TRUE;
}

static gboolean
read_wanted (LksRoute *self, LksJson *json, JsonObject *root, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (!lks_json_read_string_list (json, root, "wanted", &names, error))
    return FALSE;
  for (guint i = 0; names[i] != NULL && i < LKS_ROUTE_IMAGES_MAX; i++)
    g_ptr_array_add (self->wanted, g_strdup (names[i]));
  return TRUE;
}

static gboolean
read_version (LksJson *json, JsonObject *root, GError **error)
{
  gint64 version;

  if (!lks_json_read_int (json, root, "version", 1, G_MAXINT, &version, error))
    return FALSE;
  if (version == FILE_VERSION)
    return TRUE;
  g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_UNSUPPORTED,
                       "the route was packed by a newer program");
  return FALSE;
}

/**
 * lks_route_parse:
 * @name: what the text is, for messages
 * @text: JSON, as lks_route_save() writes it
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads a route.
 *
 * Returns: (transfer full): the route, or NULL with @error set
 */
LksRoute *
lks_route_parse (const char *name, GBytes *text, GError **error)
{
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (text, &size_bytes);
  g_autoptr (LksJson) json = lks_json_parse (name, data, size_bytes, FILE_MAX_BYTES, error);
  JsonObject *root = json != NULL ? lks_json_get_root_object (json, error) : NULL;
  g_autoptr (LksRoute) self = lks_route_new ();

  return root != NULL && read_version (json, root, error) &&
                 lks_json_read_int (json, root, "made", 0, G_MAXINT64 / G_USEC_PER_SEC,
                                    &self->made_unix_s, error) &&
                 read_text (json, root, "catalog", &self->catalog, error) &&
                 read_hash (json, root, "keystoreSha256", &self->keystore_sha256, error) &&
                 read_capabilities (self, json, root, error) &&
                 read_wanted (self, json, root, error) &&
                 read_list (self, json, root, "devices", LKS_ROUTE_DEVICES_MAX, read_device,
                            error) &&
                 read_list (self, json, root, "images", LKS_ROUTE_IMAGES_MAX, read_image, error)
             ? g_steal_pointer (&self)
             : NULL;
}

/**
 * lks_route_load:
 * @folder: where the route is
 * @error: return location for a [error@Lks.ParseError] or a `G_IO_ERROR`, NOT_FOUND when there is
 *   none
 *
 * Reads the route of a folder. Blocks; any thread.
 *
 * Returns: (transfer full): the route, or NULL with @error set
 */
LksRoute *
lks_route_load (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autoptr (GBytes) text = lks_whole_file_read (path, FILE_MAX_BYTES, NULL, error);

  return text != NULL ? lks_route_parse (FILE_NAME, text, error) : NULL;
}

/* ---- writing ---- */

static JsonArray *
strings_to_array (GPtrArray *strings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < strings->len; i++)
    json_array_add_string_element (array, g_ptr_array_index (strings, i));
  return array;
}

static JsonArray *
capabilities_to_array (const LksRoute *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->capabilities->len; i++)
    json_array_add_string_element (array, lks_capability_get_name (
                                              g_array_index (self->capabilities, guint, i)));
  return array;
}

static JsonArray *
devices_to_array (const LksRoute *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->devices->len; i++)
    {
      const LksRouteDevice *device = g_ptr_array_index (self->devices, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "deviceId", device->device_id);
      json_object_set_boolean_member (object, "isOwned", device->is_owned);
      lks_json_set_text (object, "product", device->product);
      lks_json_set_text (object, "group", device->group);
      lks_json_set_text (object, "osVersion", device->os_version);
      json_object_set_array_member (object, "images", strings_to_array (device->image_ids));
      json_object_set_boolean_member (object, "areImagesKnown", device->are_images_known);
      lks_json_set_text (object, "imagesProblem", device->images_problem);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
images_to_array (const LksRoute *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->images->len; i++)
    {
      const LksRouteImage *image = g_ptr_array_index (self->images, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "imageId", image->image_id);
      lks_json_set_text (object, "name", image->name);
      lks_json_set_text (object, "sha256", image->sha256);
      json_array_add_object_element (array, object);
    }
  return array;
}

static char *
to_text (const LksRoute *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "version", FILE_VERSION);
  json_object_set_int_member (object, "made", self->made_unix_s);
  lks_json_set_text (object, "catalog", self->catalog);
  lks_json_set_text (object, "keystoreSha256", self->keystore_sha256);
  json_object_set_array_member (object, "capabilities", capabilities_to_array (self));
  json_object_set_array_member (object, "wanted", strings_to_array (self->wanted));
  json_object_set_array_member (object, "devices", devices_to_array (self));
  json_object_set_array_member (object, "images", images_to_array (self));
  json_node_take_object (node, object);
  return json_to_string (node, TRUE);
}

/**
 * lks_route_save:
 * @self: a route
 * @folder: where to; it is made, readable for its owner alone
 * @error: return location for a `G_FILE_ERROR`
 *
 * Writes the route whole or not at all. Blocks; any thread.
 *
 * Returns: whether it is there, on the disk
 */
gboolean
lks_route_save (const LksRoute *self, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *text = to_text (self);

  g_mkdir_with_parents (folder, 0700);
  return g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}
