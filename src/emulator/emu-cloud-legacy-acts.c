/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Legacy interface of the emulated service does: the same as the other one does, asked for
 * in other words. */
#include "emu-cloud-legacy-private.h"

#include "lks-device-id.h"

#define CLAIMS_MAX 1000
#define NAME_PARAM 3
#define GROUP_PARAM 4
#define LEAF_PARAM 5

static void
fail_bad (EmuCall *call, const char *message)
{
  emu_arm_fail (call, 400, "BadRequest", "%s", message);
}

static void
set_param (EmuCall *call, guint index, const char *value)
{
  g_free (call->params[index]);
  call->params[index] = g_strdup (value);
}

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* The words of the other interface, {"properties": …}, for its functions. */
static JsonObject *
make_body (JsonObject **out_properties)
{
  JsonObject *body = json_object_new ();

  *out_properties = json_object_new ();
  json_object_set_object_member (body, "properties", *out_properties);
  return body;
}

/* ---- devices ---- */

/* One that the tenant owns already is left where it is, and that succeeds. */
void
emu_legacy_claim (EmuCall *call)
{
  g_autofree char *id = lks_device_id_normalize (call->params[1], NULL);
  EmuDeviceView view;

  if (id == NULL)
    {
      fail_bad (call, "The device ID is not valid.");
      return;
    }
  if (emu_catalog_find_device (call->catalog, id, &view))
    call->group = view.group;
  set_param (call, LEAF_PARAM, id);
  emu_device_put (call);
}

static gboolean
collect_ids (EmuCall *call, GPtrArray *ids, guint *out_n_listed)
{
  JsonArray *array = call->document != NULL && JSON_NODE_HOLDS_ARRAY (call->document)
                         ? json_node_get_array (call->document)
                         : NULL;
  guint n_ids = array != NULL ? json_array_get_length (array) : 0;

  *out_n_listed = n_ids;
  if (n_ids == 0 || n_ids > CLAIMS_MAX)
    return FALSE;
  for (guint i = 0; i < n_ids; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *id = json_node_get_value_type (element) == G_TYPE_STRING
                                ? lks_device_id_normalize (json_node_get_string (element), NULL)
                                : NULL;
      EmuDeviceView view;

      if (id == NULL)
        return FALSE;
      if (emu_catalog_find_device (call->catalog, id, &view))
        (*out_n_listed)--; /* stays where it is */
      else if (!emu_device_is_elsewhere (call, id))
        g_ptr_array_add (ids, g_steal_pointer (&id));
    }
  return TRUE;
}

/* Those that belong to others are left out, and the operation completes with errors. */
void
emu_legacy_claim_all (EmuCall *call)
{
  gboolean is_half = call->fault != NULL && call->fault->kind == EMU_CLOUD_FAULT_HALF;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint n_listed;
  guint n_done;

  if (!collect_ids (call, ids, &n_listed))
    {
      fail_bad (call, "Name 1 to 1000 devices.");
      return;
    }
  n_done = is_half ? ids->len / 2 : ids->len;
  call->is_partial = n_done < n_listed;
  emu_devices_begin (call, "BulkDeviceClaim", g_steal_pointer (&ids), n_done);
}

/* The body is a text: the ID of the group. */
void
emu_legacy_move (EmuCall *call)
{
  g_autofree char *id = lks_device_id_normalize (call->params[1], NULL);
  const char *target = call->document != NULL && JSON_NODE_HOLDS_VALUE (call->document) &&
                               json_node_get_value_type (call->document) == G_TYPE_STRING
                           ? json_node_get_string (call->document)
                           : NULL;
  EmuGroup *group = target != NULL ? emu_legacy_find_group (call->catalog, target) : NULL;
  EmuDeviceView view;
  JsonObject *properties;
  g_autoptr (JsonObject) body = make_body (&properties);
  g_autofree char *group_id = NULL;

  if (id == NULL || !emu_catalog_find_device (call->catalog, id, &view) || group == NULL)
    {
      emu_arm_fail (call, 404, "NotFound", "The device or the device group was not found.");
      return;
    }
  group_id = emu_arm_dup_group_id (call->catalog, group);
  json_object_set_string_member (properties, "deviceGroupId", group_id);
  call->group = view.group;
  call->body = body;
  set_param (call, LEAF_PARAM, id);
  emu_device_patch (call);
  call->body = NULL;
}

static const char *
get_capability_word (gint64 number)
{
  return number == 11 ? "ApplicationDevelopment" : number == 13 ? "FieldServicing" : "";
}

static JsonObject *
translate_capabilities (EmuCall *call)
{
  JsonNode *node = call->body != NULL ? json_object_get_member (call->body, "Capabilities") : NULL;
  JsonArray *numbers =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonObject *body = json_object_new ();
  JsonArray *words = json_array_new ();

  for (guint i = 0; numbers != NULL && i < json_array_get_length (numbers); i++)
    json_array_add_string_element (words,
                                   get_capability_word (json_array_get_int_element (numbers, i)));
  json_object_set_array_member (body, "capabilities", words);
  return body;
}

void
emu_legacy_capability (EmuCall *call)
{
  const char *named = get_text (call->body, "DeviceId");
  g_autofree char *id = named != NULL ? lks_device_id_normalize (named, NULL) : NULL;
  g_autoptr (JsonObject) body = translate_capabilities (call);
  g_autofree char *file = NULL;
  EmuDeviceView view;
  EmuWire *wire;

  if (id == NULL || !emu_catalog_find_device (call->catalog, id, &view))
    {
      emu_arm_fail (call, 404, "NotFound", "The device was not found.");
      return;
    }
  call->body = body;
  file = emu_device_make_capability (call, id);
  call->body = NULL;
  if (file == NULL)
    return;
  wire = emu_wire_new_plain ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "SignedDeviceCapabilityImageBytes", file);
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
}

/* ---- products ---- */

void
emu_legacy_product_post (EmuCall *call)
{
  const char *name = get_text (call->body, "Name");
  const char *description = get_text (call->body, "Description");
  JsonNode *defaults =
      call->body != NULL ? json_object_get_member (call->body, "CreateDefaultGroups") : NULL;
  gboolean with_groups = defaults != NULL &&
                         json_node_get_value_type (defaults) == G_TYPE_BOOLEAN &&
                         json_node_get_boolean (defaults);
  JsonObject *properties;
  g_autoptr (JsonObject) body = make_body (&properties);

  if (name == NULL)
    {
      fail_bad (call, "The name is missing.");
      return;
    }
  if (emu_catalog_find_product (call->catalog, name) != NULL)
    {
      emu_arm_fail (call, 409, "Conflict", "A product of that name exists.");
      return;
    }
  if (description != NULL)
    json_object_set_string_member (properties, "description", description);
  set_param (call, NAME_PARAM, name);
  call->body = body;
  emu_product_put (call);
  call->body = NULL;
  if (call->status != 200)
    return;
  if (with_groups)
    emu_product_add_default_groups (call->product);
  emu_arm_begin (call, "CreateProduct", NULL, NULL, NULL, NULL);
}

void
emu_legacy_product_patch (EmuCall *call)
{
  const char *description = get_text (call->body, "Description");
  JsonObject *properties;
  g_autoptr (JsonObject) body = make_body (&properties);

  if (description != NULL)
    json_object_set_string_member (properties, "description", description);
  call->body = body;
  emu_product_patch (call);
  call->body = NULL;
  emu_legacy_product (call);
}

void
emu_legacy_product_delete (EmuCall *call)
{
  set_param (call, NAME_PARAM, call->product->name);
  emu_product_delete (call);
  call->product = NULL;
  if (call->status == 200)
    emu_arm_begin (call, "DeleteProduct", NULL, NULL, NULL, NULL);
}

void
emu_legacy_product_groups (EmuCall *call)
{
  emu_product_add_default_groups (call->product);
  emu_legacy_groups (call);
}

/* ---- device groups ---- */

static void
set_word (JsonObject *properties,
          const char *member,
          JsonObject *body,
          const char *name,
          const char *zero,
          const char *one)
{
  if (lks_json_has (body, name) &&
      json_node_get_value_type (json_object_get_member (body, name)) == G_TYPE_INT64)
    json_object_set_string_member (properties, member,
                                   json_object_get_int_member (body, name) == 1 ? one : zero);
}

/* It is spelled in one way when a group is made, in another when it is changed. */
static void
translate_group (JsonObject *body, gboolean is_new, JsonObject *properties)
{
  const char *description = get_text (body, "Description");

  if (description != NULL)
    json_object_set_string_member (properties, "description", description);
  set_word (properties, "osFeedType", body, is_new ? "OsFeedType" : "OSFeedType", "Retail",
            "RetailEval");
  set_word (properties, "updatePolicy", body, "UpdatePolicy", "UpdateAll", "No3rdPartyAppUpdates");
  if (!is_new && lks_json_has (body, "AllowCrashDumpsCollection"))
    json_object_set_string_member (properties, "allowCrashDumpsCollection",
                                   json_object_get_boolean_member (body,
                                                                   "AllowCrashDumpsCollection")
                                       ? "Enabled"
                                       : "Disabled");
}

void
emu_legacy_group_post (EmuCall *call)
{
  const char *name = get_text (call->body, "Name");
  const char *product_id = get_text (call->body, "ProductId");
  JsonObject *properties;
  g_autoptr (JsonObject) body = make_body (&properties);

  call->product = product_id != NULL ? emu_legacy_find_product (call->catalog, product_id) : NULL;
  if (name == NULL || call->product == NULL)
    {
      fail_bad (call, "Name and product must be given.");
      return;
    }
  if (emu_product_find_group (call->product, name) != NULL)
    {
      emu_arm_fail (call, 409, "Conflict", "A device group of that name exists.");
      return;
    }
  translate_group (call->body, TRUE, properties);
  set_param (call, GROUP_PARAM, name);
  call->body = body;
  emu_group_put (call);
  call->body = NULL;
  if (call->status == 200)
    emu_legacy_group (call);
}

void
emu_legacy_group_patch (EmuCall *call)
{
  JsonObject *properties;
  g_autoptr (JsonObject) body = make_body (&properties);

  if (call->body == NULL)
    {
      fail_bad (call, "There is nothing to change.");
      return;
    }
  translate_group (call->body, FALSE, properties);
  call->body = body;
  emu_group_patch (call);
  call->body = NULL;
  emu_legacy_group (call);
}

void
emu_legacy_group_delete (EmuCall *call)
{
  set_param (call, GROUP_PARAM, call->group->name);
  emu_group_delete (call);
  call->group = NULL;
  if (call->status == 200)
    emu_arm_begin (call, "DeleteDeviceGroup", NULL, NULL, NULL, NULL);
}

/* ---- images and deployments ---- */

/* A list of IDs. */
void
emu_legacy_deploy (EmuCall *call)
{
  JsonArray *ids = call->document != NULL && JSON_NODE_HOLDS_ARRAY (call->document)
                       ? json_node_get_array (call->document)
                       : NULL;
  JsonArray *images = json_array_new ();
  JsonObject *properties;
  g_autoptr (JsonObject) body = make_body (&properties);

  json_object_set_array_member (properties, "deployedImages", images);
  for (guint i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    {
      JsonObject *image = json_object_new ();
      JsonObject *inner = json_object_new ();
      JsonNode *id = json_array_get_element (ids, i);

      json_object_set_string_member (inner, "imageId",
                                     json_node_get_value_type (id) == G_TYPE_STRING
                                         ? json_node_get_string (id)
                                         : "");
      json_object_set_object_member (image, "properties", inner);
      json_array_add_object_element (images, image);
    }
  set_param (call, LEAF_PARAM, ".default");
  call->body = body;
  emu_deployment_put (call);
  call->body = NULL;
}

/* The image itself, and no JSON. */
void
emu_legacy_image_post (EmuCall *call)
{
  EmuImage *image;

  if (call->bytes == NULL || g_bytes_get_size (call->bytes) == 0)
    {
      fail_bad (call, "The image is missing.");
      return;
    }
  call->body = NULL;
  image = emu_image_read (call, call->bytes);
  if (image != NULL)
    emu_image_begin (call, image);
}
