/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-private.h"

#include "emu-capability.h"
#include "emu-identity.h"

#include "lks-device-id.h"

#include <string.h>

#define CLAIMS_MAX 1000
#define CAPABILITIES_MAX 8

static const struct
{
  const char *name;
  guint16 number;
} capabilities[] = {
  { "ApplicationDevelopment", EMU_CAPABILITY_APP_DEVELOPMENT },
  { "FieldServicing", EMU_CAPABILITY_FIELD_SERVICING },
};

/* ---- one device ---- */

static void
write_versions (EmuWire *wire, const EmuDeviceView *view, gboolean is_single)
{
  gboolean is_seen = view->index >= 0 && view->index % 7 != 6;
  const char *unknown = is_single ? "" : NULL;

  emu_wire_text_or_null (wire, "lastAvailableOsVersion", is_seen ? "24.03" : unknown);
  emu_wire_text_or_null (wire, "lastInstalledOsVersion",
                         !is_seen               ? unknown
                         : view->index % 5 == 0 ? "23.05"
                                                : "24.03");
  emu_wire_text_or_null (wire, "lastOsUpdateUtc", is_seen ? "2024-04-11T06:20:11Z" : NULL);
  emu_wire_text_or_null (wire, "lastUpdateRequestUtc",
                         is_seen ? "2024-05-02T09:14:15.0442123Z" : NULL);
}

static void
write_device (EmuCall *call,
              EmuWire *wire,
              const EmuDeviceView *view,
              const char *name,
              const char *state,
              gboolean in_group_list)
{
  gboolean is_single = !in_group_list && g_str_equal (call->method, "GET");
  g_autofree char *group_id = emu_arm_dup_group_id (call->catalog, view->group);
  g_autofree char *id = g_strdup_printf ("%s/devices/%s", group_id, name);

  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "properties", '{');
  emu_wire_text_or_null (wire, "deviceId", in_group_list ? NULL : view->id);
  emu_wire_text (wire, "chipSku", "MT3620AN");
  write_versions (wire, view, is_single);
  emu_arm_write_state (wire, state);
  emu_wire_close (wire, '}');
  emu_arm_write_head (wire, id, name,
                      g_str_equal (call->method, "PUT")
                          ? "microsoft.azuresphere/catalogs/products/devicegroups/devices"
                          : "Microsoft.AzureSphere/catalogs/products/deviceGroups/devices");
  emu_wire_null (wire, "systemData");
  emu_wire_close (wire, '}');
}

/* deviceId is null in the list of a group (recording). */
void
emu_device_write (EmuCall *call, EmuWire *wire, const EmuDeviceView *view, gboolean in_group_list)
{
  write_device (call, wire, view, view->id, "Succeeded", in_group_list);
}

void
emu_devices_list (EmuCall *call)
{
  emu_page_reply_devices (call, TRUE);
}

/* The device of the path, in the group of the path. */
static gboolean
find_device (EmuCall *call, EmuDeviceView *out_view)
{
  g_autofree char *id = lks_device_id_normalize (call->params[5], NULL);

  if (id != NULL && emu_catalog_find_device (call->catalog, id, out_view) &&
      out_view->group == call->group)
    return TRUE;
  emu_arm_fail (call, 404, "ResourceNotFound", "The requested device was not found.");
  return FALSE;
}

void
emu_device_get (EmuCall *call)
{
  EmuDeviceView view;
  EmuWire *wire;

  if (!find_device (call, &view))
    return;
  wire = emu_wire_new_plain ();
  write_device (call, wire, &view, view.id, "Succeeded", FALSE);
  emu_arm_reply (call, 200, wire);
}

/* ---- claims and moves: what an operation does when it is done ---- */

typedef struct
{
  EmuCloudStore *store;  /* (unowned) */
  EmuCatalogKey catalog; /* (owned) */
  char *product;         /* (owned) (nullable): NULL: in no group */
  char *group;           /* (owned) (nullable) */
  GPtrArray *ids;        /* (owned) (element-type utf8) */
  guint n_done;          /* how many of them become true */
  gboolean is_removal;
} Placement;

static void
placement_free (gpointer data)
{
  Placement *self = data;

  emu_catalog_key_clear (&self->catalog);
  g_free (self->product);
  g_free (self->group);
  g_ptr_array_unref (self->ids);
  g_free (self);
}

static Placement *
placement_new (EmuCall *call, EmuGroup *group)
{
  Placement *self = g_new0 (Placement, 1);

  self->store = call->cloud->store;
  emu_catalog_get_key (call->catalog, &self->catalog);
  self->product = group != NULL ? g_strdup (group->product->name) : NULL;
  self->group = group != NULL ? g_strdup (group->name) : NULL;
  self->ids = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* By name: what was there at the beginning may be gone. */
static void
place (gpointer data)
{
  Placement *self = data;
  EmuCatalog *catalog = emu_cloud_store_find_again (self->store, &self->catalog);
  EmuProduct *product = catalog != NULL && self->product != NULL
                            ? emu_catalog_find_product (catalog, self->product)
                            : NULL;
  EmuGroup *group = product != NULL ? emu_product_find_group (product, self->group) : NULL;

  for (guint i = 0; catalog != NULL && i < self->n_done; i++)
    if (self->is_removal)
      emu_catalog_remove_device (catalog, g_ptr_array_index (self->ids, i));
    else
      emu_catalog_put_device (catalog, g_ptr_array_index (self->ids, i), group);
}

gboolean
emu_device_is_elsewhere (EmuCall *call, const char *id)
{
  EmuCatalog *owner = emu_cloud_store_find_owner (call->cloud->store, id);

  return owner != NULL && owner != call->catalog;
}

/* What the live service says about a device of another catalog is not known. */
static void
fail_claimed_elsewhere (EmuCall *call, const char *id)
{
  emu_arm_fail (call, 409, "Conflict", "Device %s is already claimed to another catalog.", id);
}

/* The name comes back as it was sent, in whatever case (recording). */
void
emu_device_put (EmuCall *call)
{
  g_autofree char *id = lks_device_id_normalize (call->params[5], NULL);
  EmuDeviceView view = { .group = call->group, .index = -1 };
  Placement *placement;
  EmuWire *wire;

  if (id == NULL)
    {
      emu_arm_fail (call, 400, "InvalidParameters", "The device ID is not valid.");
      return;
    }
  if (emu_device_is_elsewhere (call, id))
    {
      fail_claimed_elsewhere (call, id);
      return;
    }

  g_strlcpy (view.id, id, sizeof view.id);
  wire = emu_wire_new_plain ();
  write_device (call, wire, &view, call->params[5], "Accepted", FALSE);
  emu_arm_reply (call, 201, wire);
  placement = placement_new (call, call->group);
  placement->n_done = 1;
  g_ptr_array_add (placement->ids, g_steal_pointer (&id));
  emu_arm_begin (call, "DeviceClaim", NULL, place, placement, placement_free);
}

/* What follows the catalog in the ID of a group: "", "products", P, "deviceGroups", G; or NULL. */
static char **
split_target (EmuCall *call, const char *target)
{
  g_autofree char *catalog_id = emu_arm_dup_catalog_id (call->catalog);
  g_auto (GStrv) parts = NULL;

  if (target == NULL || g_ascii_strncasecmp (target, catalog_id, strlen (catalog_id)) != 0)
    return NULL;
  parts = g_strsplit (target + strlen (catalog_id), "/", -1);
  if (g_strv_length (parts) != 5 || parts[0][0] != '\0' ||
      g_ascii_strcasecmp (parts[1], "products") != 0 ||
      g_ascii_strcasecmp (parts[3], "deviceGroups") != 0 ||
      emu_arm_is_reserved (parts[2]) != emu_arm_is_reserved (parts[4]))
    return NULL;
  return g_steal_pointer (&parts);
}

/* ".../products/P/deviceGroups/G", reserved names for none. */
static gboolean
find_target (EmuCall *call, EmuGroup **out_group)
{
  g_auto (GStrv) parts = split_target (call, emu_arm_get_text (call, "deviceGroupId"));
  EmuProduct *product;

  if (parts == NULL)
    {
      emu_arm_fail (call, 400, "InvalidParameters", "The device group ID is not valid.");
      return FALSE;
    }

  *out_group = NULL;
  if (emu_arm_is_reserved (parts[2]))
    return TRUE;
  product = emu_catalog_find_product (call->catalog, parts[2]);
  *out_group = product != NULL ? emu_product_find_group (product, parts[4]) : NULL;
  if (*out_group != NULL)
    return TRUE;
  emu_arm_fail (call, 404, "ResourceNotFound", "The device group was not found.");
  return FALSE;
}

void
emu_device_patch (EmuCall *call)
{
  EmuDeviceView view;
  EmuGroup *group;
  Placement *placement;
  g_autofree char *group_id = NULL;
  g_autofree char *target_id = NULL;

  if (!find_device (call, &view) || !find_target (call, &group))
    return;

  group_id = emu_arm_dup_group_id (call->catalog, group);
  target_id = g_strdup_printf ("%s/devices/%s", group_id, view.id);
  placement = placement_new (call, group);
  placement->n_done = 1;
  g_ptr_array_add (placement->ids, g_strdup (view.id));
  emu_arm_begin (call, "DeviceUpdateDeviceGroup", target_id, place, placement, placement_free);
}

void
emu_device_delete (EmuCall *call)
{
  g_autofree char *id = lks_device_id_normalize (call->params[5], NULL);
  EmuDeviceView view;
  Placement *placement;

  if (id == NULL || !emu_catalog_find_device (call->catalog, id, &view) ||
      view.group != call->group)
    {
      call->status = 204;
      return;
    }
  placement = placement_new (call, NULL);
  placement->is_removal = TRUE;
  placement->n_done = 1;
  g_ptr_array_add (placement->ids, g_steal_pointer (&id));
  emu_arm_begin (call, "DeviceUnclaim", NULL, place, placement, placement_free);
}

/* ---- many at once ---- */

static gboolean
collect_ids (EmuCall *call, Placement *placement)
{
  JsonNode *node =
      call->body != NULL ? json_object_get_member (call->body, "deviceIdentifiers") : NULL;
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n_ids = array != NULL ? json_array_get_length (array) : 0;

  if (n_ids == 0 || n_ids > CLAIMS_MAX)
    {
      emu_arm_fail (call, 400, "InvalidParameters", "Name 1 to %d devices.", CLAIMS_MAX);
      return FALSE;
    }
  for (guint i = 0; i < n_ids; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      char *id = json_node_get_value_type (element) == G_TYPE_STRING
                     ? lks_device_id_normalize (json_node_get_string (element), NULL)
                     : NULL;

      if (id == NULL)
        {
          emu_arm_fail (call, 400, "InvalidParameters", "Device ID number %u is not valid.", i + 1);
          return FALSE;
        }
      g_ptr_array_add (placement->ids, id);
      if (emu_device_is_elsewhere (call, id))
        {
          fail_claimed_elsewhere (call, id);
          return FALSE;
        }
    }
  return TRUE;
}

void
emu_group_claim (EmuCall *call)
{
  Placement *placement = placement_new (call, call->group);

  if (!collect_ids (call, placement))
    {
      placement_free (placement);
      return;
    }
  placement->n_done = call->fault != NULL && call->fault->kind == EMU_CLOUD_FAULT_HALF
                          ? placement->ids->len / 2
                          : placement->ids->len;
  emu_arm_begin (call, "BulkDeviceClaim", NULL, place, placement, placement_free);
}

/* Claims the first @n_done of @ids into no group; @ids is consumed. */
void
emu_devices_begin (EmuCall *call, const char *kind, GPtrArray *ids, guint n_done)
{
  Placement *placement = placement_new (call, NULL);

  g_ptr_array_unref (placement->ids);
  placement->ids = ids;
  placement->n_done = n_done;
  emu_arm_begin (call, kind, NULL, place, placement, placement_free);
}

/* ---- capabilities ---- */

static gboolean
collect_capabilities (EmuCall *call, guint16 *out_numbers, guint *out_n)
{
  JsonNode *node = call->body != NULL ? json_object_get_member (call->body, "capabilities") : NULL;
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  *out_n = 0;
  for (guint i = 0; i < MIN (n, CAPABILITIES_MAX); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (capabilities); j++)
      if (g_strcmp0 (json_node_get_value_type (json_array_get_element (array, i)) == G_TYPE_STRING
                         ? json_array_get_string_element (array, i)
                         : NULL,
                     capabilities[j].name) == 0)
        out_numbers[(*out_n)++] = capabilities[j].number;
  if (array != NULL && *out_n == n) /* none: the file that takes capabilities away */
    return TRUE;
  emu_arm_fail (call, 400, "InvalidParameters", "The capabilities are not valid.");
  return FALSE;
}

/* The file in base64, or NULL when the call was answered with why there is none. */
char *
emu_device_make_capability (EmuCall *call, const char *id)
{
  EmuCloudFaultKind fault = call->fault != NULL ? call->fault->kind : EMU_CLOUD_FAULT_NONE;
  g_autofree char *other = emu_identity_device_id ("another", 0);
  guint16 numbers[CAPABILITIES_MAX];
  guint n_numbers;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GError) error = NULL;

  if (!collect_capabilities (call, numbers, &n_numbers))
    return NULL;
  if (fault == EMU_CLOUD_FAULT_EMPTY_CAPABILITY)
    return g_strdup ("");
  if (fault == EMU_CLOUD_FAULT_BARE_CAPABILITY)
    n_numbers = 0;

  file = emu_capability_build (call->cloud->keys,
                               fault == EMU_CLOUD_FAULT_OTHER_CAPABILITY ? other : id, numbers,
                               n_numbers, &error);
  if (file == NULL)
    {
      emu_arm_fail (call, 500, "InternalServerError", "%s", error->message);
      return NULL;
    }
  return g_base64_encode (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
}

/* At once with 200, as the live service was seen to do; or, as the contract allows, with 202 and
 * the file at the end of Location. */
void
emu_device_capability (EmuCall *call)
{
  EmuDeviceView view;
  g_autofree char *file = NULL;
  g_autofree char *key = NULL;
  EmuWire *wire;
  g_autoptr (GBytes) body = NULL;

  if (!find_device (call, &view))
    return;
  file = emu_device_make_capability (call, view.id);
  if (file == NULL)
    return;

  wire = emu_wire_new_plain ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "image", file);
  emu_wire_close (wire, '}');
  emu_arm_reply (call, 200, wire);
  if (!call->cloud->config->capabilities_slowly)
    return;

  body = g_bytes_ref (call->answer);
  emu_arm_begin (call, "GenerateCapability", NULL, NULL, NULL, NULL);
  key = g_strdup (call->async_url + strlen (call->cloud->base));
  if (g_str_has_prefix (call->async_url, call->cloud->base))
    {
      EmuCloudOperation *operation = emu_cloud_operations_find (call->cloud->operations, key);

      operation->by_location = TRUE;
      operation->result = g_steal_pointer (&body);
    }
  call->has_async = FALSE;
  call->has_location = TRUE;
}
