/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

/* The image type of applications; all others belong to the system. */
#define LKS_IMAGE_TYPE_APPLICATION 10

/* The image type of a customer's board configuration, such as one that adds Ethernet. */
#define LKS_IMAGE_TYPE_BOARD_CONFIGURATION 21

/**
 * LksAbiVersions:
 *
 * Versions of the interfaces that images are built against.
 */
typedef struct {
  int secure_world_runtime;
  int os_runtime;
  int application_runtime;
} LksAbiVersions;

/**
 * LksInstalledImage:
 * @id: image ID, lower case
 * @size_bytes: size as stored
 * @uncompressed_size_bytes: size when unpacked
 * @replica_type: which copy this is
 */
typedef struct {
  char *id;
  guint64 size_bytes;
  guint64 uncompressed_size_bytes;
  int replica_type;
} LksInstalledImage;

/**
 * LksComponent:
 * @id: component ID, lower case
 * @name: (nullable): its name
 * @image_type: %LKS_IMAGE_TYPE_APPLICATION or a type of the system
 * @is_update_staged: an update waits for installation
 * @needs_restart: images of this type need a restart
 * @images: (element-type LksInstalledImage): its images
 */
typedef struct {
  char *id;
  char *name;
  int image_type;
  gboolean is_update_staged;
  gboolean needs_restart;
  GPtrArray *images;
} LksComponent;

/**
 * LksComponents:
 * @is_ota_in_progress: an update over the air runs and blocks sideloading
 * @has_staged_updates: images wait for installation
 * @is_restart_required: the board wants a restart
 * @components: (element-type LksComponent): what is installed
 */
typedef struct {
  gboolean is_ota_in_progress;
  gboolean has_staged_updates;
  gboolean is_restart_required;
  GPtrArray *components;
} LksComponents;

/**
 * LksUpdateState:
 * @LKS_UPDATE_STATE_UNKNOWN: the board did not tell
 * @LKS_UPDATE_STATE_NONE: no update
 * @LKS_UPDATE_STATE_IN_PROGRESS: the board updates itself over the air
 * @LKS_UPDATE_STATE_STAGED: images were transferred and wait to be installed
 * @LKS_UPDATE_STATE_RESTART_REQUIRED: installed images wait for a restart
 *
 * What the three flags of `GET /images` say together. Nicks: "unknown", "none", "in-progress",
 * "staged", "restart-required".
 */
typedef enum {
  LKS_UPDATE_STATE_UNKNOWN,
  LKS_UPDATE_STATE_NONE,
  LKS_UPDATE_STATE_IN_PROGRESS,
  LKS_UPDATE_STATE_STAGED,
  LKS_UPDATE_STATE_RESTART_REQUIRED,
} LksUpdateState;

#define LKS_TYPE_UPDATE_STATE (lks_update_state_get_type ())
GType          lks_update_state_get_type   (void);

void           lks_components_free         (LksComponents   *self);
LksUpdateState lks_components_get_update   (const LksComponents *self);
LksComponent  *lks_components_find         (LksComponents   *self,
                                            const char      *component_id);

LksComponents *lks_device_get_images       (LksDevice       *self,
                                            GCancellable    *cancellable,
                                            GError         **error);
gboolean       lks_device_get_abi_versions (LksDevice       *self,
                                            LksAbiVersions  *out_versions,
                                            GCancellable    *cancellable,
                                            GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksComponents, lks_components_free)

G_END_DECLS
