/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-capability.h"
#include "lks-enums.h"
#include "lks-image-inspection.h"

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder, const char *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

static void
add_flag (JsonBuilder *builder, const char *name, gboolean flag)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, flag);
}

static void
add_texts (JsonBuilder *builder, const char *name, char **texts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; texts[i] != NULL; i++)
    json_builder_add_string_value (builder, texts[i]);
  json_builder_end_array (builder);
}

static void
add_numbers (JsonBuilder *builder, const char *name, const GArray *numbers)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < numbers->len; i++)
    json_builder_add_int_value (builder, g_array_index (numbers, guint, i));
  json_builder_end_array (builder);
}

static void
add_abi_versions (JsonBuilder *builder, const char *name, const GArray *versions)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < versions->len; i++)
    {
      const LksAbiVersion *abi = &g_array_index (versions, LksAbiVersion, i);

      json_builder_begin_object (builder);
      add_text (builder, "runtime", lks_abi_kind_to_text (abi->kind));
      add_number (builder, "kind", abi->kind);
      add_number (builder, "version", abi->version);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_metadata (JsonBuilder *builder, const LksImageInspection *self)
{
  const LksImageMetadata *metadata = self->metadata;
  g_autoptr (GDateTime) built =
      metadata->built_unix_s > 0 && metadata->built_unix_s <= G_MAXINT64
          ? g_date_time_new_from_unix_utc ((gint64) metadata->built_unix_s)
          : NULL;
  g_autofree char *built_text = built != NULL ? g_date_time_format_iso8601 (built) : NULL;

  add_text (builder, "name", lks_image_inspection_get_name (self));
  add_text (builder, "componentId", metadata->component_id);
  add_text (builder, "imageId", metadata->image_id);
  add_number (builder, "imageType", metadata->image_type);
  add_text (builder, "kind", lks_image_type_to_text (metadata->image_type));
  add_number (builder, "sizeBytes", (gint64) self->size_bytes);
  add_text (builder, "built", built_text);
  add_text (builder, "signer", lks_enum_to_nick (LKS_TYPE_IMAGE_SIGNER, (int) self->signer));
  add_text (builder, "signerThumbprint", metadata->signer_thumbprint);
  add_flag (builder, "underDevelopment", metadata->under_development);
  add_flag (builder, "removeAtBoot", metadata->remove_at_boot);
  add_abi_versions (builder, "needs", metadata->needs);
  add_abi_versions (builder, "provides", metadata->provides);
}

static void
add_manifest (JsonBuilder *builder, const LksManifest *manifest)
{
  json_builder_set_member_name (builder, "manifest");
  if (manifest == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  add_text (builder, "name", manifest->name);
  add_text (builder, "applicationType",
            lks_enum_to_nick (LKS_TYPE_APPLICATION_TYPE, (int) manifest->type));
  add_text (builder, "entryPoint", manifest->entry_point);
  add_texts (builder, "arguments", manifest->arguments);
  add_number (builder, "runtimeVersion", manifest->runtime_version);
  add_texts (builder, "peripherals", manifest->peripherals);
  add_texts (builder, "connections", manifest->connections);
  add_numbers (builder, "tcpServerPorts", manifest->tcp_ports);
  add_numbers (builder, "udpServerPorts", manifest->udp_ports);
  add_texts (builder, "applicationConnections", manifest->partners);
  add_number (builder, "storageKib", manifest->storage_kib);
  add_text (builder, "deviceAuthentication", manifest->authentication);
  add_texts (builder, "powerControls", manifest->power_controls);
  add_texts (builder, "permissions", manifest->permissions);
  json_builder_end_object (builder);
}

/* What it says, never the file: that is a key to the board. */
static void
add_capability (JsonBuilder *builder, const LksCapabilityFile *file)
{
  json_builder_set_member_name (builder, "capability");
  if (file == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  add_text (builder, "deviceId", file->device_id);
  add_numbers (builder, "capabilities", file->capabilities);
  json_builder_set_member_name (builder, "capabilityNames");
  json_builder_begin_array (builder);
  for (guint i = 0; i < file->capabilities->len; i++)
    {
      const char *name = lks_capability_get_name (g_array_index (file->capabilities, guint, i));

      json_builder_add_string_value (builder, name != NULL ? name : "unknown");
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/**
 * lks_image_inspection_to_json:
 * @self: an inspection
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_image_inspection_to_json (const LksImageInspection *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_metadata (builder, self);
  add_manifest (builder, self->manifest);
  add_capability (builder, self->capability);
  json_builder_set_member_name (builder, "flaws");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->flaws->len; i++)
    {
      const LksImageFlaw *flaw = g_ptr_array_index (self->flaws, i);

      json_builder_begin_object (builder);
      add_text (builder, "defect", lks_enum_to_nick (LKS_TYPE_IMAGE_DEFECT, (int) flaw->defect));
      add_text (builder, "detail", flaw->detail);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
