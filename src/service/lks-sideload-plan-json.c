/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-enums.h"
#include "lks-json-member-private.h"
#include "lks-sideload-plan.h"

static void
add_package (const LksSideloadPackage *package, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  lks_json_add_text (builder, "file", package->name);
  json_builder_set_member_name (builder, "image");
  json_builder_add_value (builder, lks_image_inspection_to_json (package->inspection));
  lks_json_add_text (builder, "restarts",
                     lks_enum_to_nick (LKS_TYPE_RESTART_FORECAST, (int) package->forecast));
  lks_json_add_text (builder, "restartReason", package->forecast_reason);
  lks_json_add_text (builder, "keystore",
                     package->keystore_reason != NULL
                         ? lks_enum_to_nick (LKS_TYPE_KEYSTORE_FIT, (int) package->keystore_fit)
                         : NULL);
  lks_json_add_text (builder, "keystoreReason", package->keystore_reason);
  json_builder_end_object (builder);
}

static void
add_finding (const LksFinding *finding, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  lks_json_add_text (builder, "level",
                     lks_enum_to_nick (LKS_TYPE_FINDING_LEVEL, (int) finding->level));
  lks_json_add_text (builder, "code",
                     lks_enum_to_nick (LKS_TYPE_FINDING_CODE, (int) finding->code));
  json_builder_set_member_name (builder, "package");
  if (finding->package == LKS_FINDING_ALL_PACKAGES)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, finding->package);
  lks_json_add_text (builder, "title", lks_finding_code_get_title (finding->code));
  lks_json_add_text (builder, "detail", finding->detail);
  json_builder_end_object (builder);
}

/**
 * lks_sideload_plan_to_json:
 * @self: a plan
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_sideload_plan_to_json (const LksSideloadPlan *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "deviceId", self->facts->device_id);
  lks_json_add_text (builder, "restarts",
                     lks_enum_to_nick (LKS_TYPE_RESTART_FORECAST, (int) self->forecast));
  json_builder_set_member_name (builder, "packages");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->packages->len; i++)
    add_package (g_ptr_array_index (self->packages, i), builder);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->findings->len; i++)
    add_finding (g_ptr_array_index (self->findings, i), builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
