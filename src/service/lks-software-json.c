/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-enums.h"
#include "lks-json-member-private.h"
#include "lks-software.h"

static void
add_storage (const LksSoftwareItem *self, JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "storage");
  if (!self->has_quota)
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  lks_json_add_int (builder, "usedKib", self->storage_used_kib);
  lks_json_add_int (builder, "limitKib", self->storage_limit_kib);
  json_builder_end_object (builder);
}

/**
 * lks_software_item_add_json:
 * @self: a component
 * @builder: gets an object
 *
 * Tells one component.
 */
void
lks_software_item_add_json (const LksSoftwareItem *self, JsonBuilder *builder)
{
  gboolean is_app = lks_software_item_is_app (self);

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "componentId", self->component_id);
  lks_json_add_text (builder, "imageId", self->image_id);
  lks_json_add_text (builder, "name", self->name);
  lks_json_add_int (builder, "imageType", self->image_type);
  lks_json_add_text (builder, "kind", lks_image_type_to_text (self->image_type));
  lks_json_add_int (builder, "sizeBytes", (gint64) self->size_bytes);
  lks_json_add_int (builder, "uncompressedSizeBytes", (gint64) self->uncompressed_size_bytes);
  lks_json_add_flag (builder, "isStaged", self->is_staged);
  lks_json_add_flag (builder, "needsRestart", self->needs_restart);
  lks_json_add_text (builder, "state",
                     is_app ? lks_enum_to_nick (LKS_TYPE_APP_STATE, (int) self->state) : NULL);
  add_storage (self, builder);
  json_builder_set_member_name (builder, "peripherals");
  if (self->manifest == NULL)
    json_builder_add_null_value (builder);
  else
    {
      json_builder_begin_array (builder);
      for (gsize i = 0; self->manifest->peripherals[i] != NULL; i++)
        json_builder_add_string_value (builder, self->manifest->peripherals[i]);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
}

/**
 * lks_software_to_json:
 * @self: what is installed
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_software_to_json (const LksSoftware *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_flag (builder, "isOtaInProgress", self->is_ota_in_progress);
  lks_json_add_flag (builder, "hasStagedUpdates", self->has_staged_updates);
  lks_json_add_flag (builder, "isRestartRequired", self->is_restart_required);
  lks_json_add_int (builder, "applicationBytes", (gint64) lks_software_sum_app_bytes (self));
  json_builder_set_member_name (builder, "components");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->items->len; i++)
    lks_software_item_add_json (g_ptr_array_index (self->items, i), builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
