/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-images.h"

#include "lks-device-private.h"

#define IMAGES_MAX_BYTES (1024 * 1024)

G_DEFINE_ENUM_TYPE (LksUpdateState,
                    lks_update_state,
                    G_DEFINE_ENUM_VALUE (LKS_UPDATE_STATE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_UPDATE_STATE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_UPDATE_STATE_IN_PROGRESS, "in-progress"),
                    G_DEFINE_ENUM_VALUE (LKS_UPDATE_STATE_STAGED, "staged"),
                    G_DEFINE_ENUM_VALUE (LKS_UPDATE_STATE_RESTART_REQUIRED, "restart-required"))

static const LksDeviceShapeField abi_fields[] = {
  LKS_FIELD (LksAbiVersions, INT, "SecureWorldRuntime", secure_world_runtime),
  LKS_FIELD (LksAbiVersions, INT, "OSRuntime", os_runtime),
  LKS_FIELD (LksAbiVersions, INT, "ApplicationRuntime", application_runtime),
  LKS_FIELD_END,
};
static const LksDeviceShape abi_record = {
  .size = sizeof (LksAbiVersions),
  .free_func = g_free,
  .fields = abi_fields,
};

static void installed_image_free (gpointer image);

static const LksDeviceShapeField image_fields[] = {
  LKS_FIELD (LksInstalledImage, GUID, "uid", id),
  LKS_FIELD (LksInstalledImage, UINT64, "length_in_bytes", size_bytes, .is_optional = TRUE),
  LKS_FIELD (LksInstalledImage,
             UINT64,
             "uncompressed_length_in_bytes",
             uncompressed_size_bytes,
             .is_optional = TRUE),
  LKS_FIELD (LksInstalledImage, INT, "replica_type", replica_type, .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape image_record = {
  .size = sizeof (LksInstalledImage),
  .free_func = installed_image_free,
  .fields = image_fields,
};

static void
installed_image_free (gpointer image)
{
  lks_device_shape_free (&image_record, image);
}

static void component_free (gpointer component);

static const LksDeviceShapeField component_fields[] = {
  LKS_FIELD (LksComponent, GUID, "uid", id),
  LKS_FIELD (LksComponent, INT, "image_type", image_type),
  LKS_FIELD (LksComponent, FLAG, "is_update_staged", is_update_staged, .is_optional = TRUE),
  LKS_FIELD (LksComponent,
             FLAG,
             "does_image_type_require_restart",
             needs_restart,
             .is_optional = TRUE),
  LKS_FIELD (LksComponent, LIST, "images", images, .record = &image_record),
  LKS_FIELD (LksComponent, TEXT, "name", name, .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape component_record = {
  .size = sizeof (LksComponent),
  .free_func = component_free,
  .fields = component_fields,
};

static void
component_free (gpointer component)
{
  lks_device_shape_free (&component_record, component);
}

/* The three flags are demanded: a check must not take silence for "no". */
static const LksDeviceShapeField components_fields[] = {
  LKS_FIELD (LksComponents, FLAG, "is_ota_update_in_progress", is_ota_in_progress),
  LKS_FIELD (LksComponents, FLAG, "has_staged_updates", has_staged_updates),
  LKS_FIELD (LksComponents, FLAG, "restart_required", is_restart_required),
  LKS_FIELD (LksComponents, LIST, "components", components, .record = &component_record),
  LKS_FIELD_END,
};
static const LksDeviceShape components_record = {
  .size = sizeof (LksComponents),
  .free_func = (GDestroyNotify) lks_components_free,
  .fields = components_fields,
};

const LksAnswerType lks_answer_types_images[] = {
  { "GET /abi_versions", &abi_record },
  { "GET /images", &components_record },
  { NULL, NULL },
};

/**
 * lks_components_free:
 * @self: (transfer full) (nullable): a list of components
 */
void
lks_components_free (LksComponents *self)
{
  lks_device_shape_free (&components_record, self);
}

/**
 * lks_components_get_update:
 * @self: a list of components
 *
 * Returns: whether the board is updating itself, or what it waits for; an update under way hides
 *   the rest, since the flags change while it lasts
 */
LksUpdateState
lks_components_get_update (const LksComponents *self)
{
  if (self->is_ota_in_progress)
    return LKS_UPDATE_STATE_IN_PROGRESS;
  if (self->is_restart_required)
    return LKS_UPDATE_STATE_RESTART_REQUIRED;
  return self->has_staged_updates ? LKS_UPDATE_STATE_STAGED : LKS_UPDATE_STATE_NONE;
}

/**
 * lks_components_find:
 * @self: a list of components
 * @component_id: an ID, in either case
 *
 * Returns: (transfer none) (nullable): the component, or NULL when it is not installed
 */
LksComponent *
lks_components_find (LksComponents *self, const char *component_id)
{
  for (guint i = 0; i < self->components->len; i++)
    {
      LksComponent *component = g_ptr_array_index (self->components, i);

      if (g_ascii_strcasecmp (component->id, component_id) == 0)
        return component;
    }

  return NULL;
}

/**
 * lks_device_get_images:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /images`: all components of system and applications. Blocks; worker threads only.
 *
 * Returns: (transfer full): the components, or NULL with @error set
 */
LksComponents *
lks_device_get_images (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/images",
    .answer_max_bytes = IMAGES_MAX_BYTES,
  };

  return lks_device_call_new (self, &call, &components_record, cancellable, error);
}

/**
 * lks_device_get_abi_versions:
 * @self: a device
 * @out_versions: (out caller-allocates): the versions
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /abi_versions`, REST 3.1.0. Open also on a locked board. Blocks; worker threads only.
 *
 * Returns: whether the board answered
 */
gboolean
lks_device_get_abi_versions (LksDevice *self,
                             LksAbiVersions *out_versions,
                             GCancellable *cancellable,
                             GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/abi_versions",
    .since = LKS_REST_VERSION (3, 1, 0),
  };
  LksAbiVersions versions = { 0 };

  if (!lks_device_call_read (self, &call, &abi_record, &versions, cancellable, error))
    return FALSE;

  *out_versions = versions;
  return TRUE;
}
