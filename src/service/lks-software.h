/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-app.h"
#include "lks-device-images.h"
#include "lks-manifest-store.h"

G_BEGIN_DECLS

/* The component of the debug server, which counts as an application. */
#define LKS_DEBUG_SERVER_NAME "gdbserver"

/**
 * LksSoftwareItem:
 * @component_id: (owned): lower case
 * @image_id: (owned) (nullable): its first image, lower case
 * @name: (owned): as the board names it; empty when it does not
 * @image_type: the type number
 * @size_bytes: as stored
 * @uncompressed_size_bytes: when unpacked
 * @images: how many images the board lists for it
 * @is_staged: an update of it waits for installation
 * @needs_restart: the board says that images of its type need a restart
 * @state: of an application
 * @has_quota: whether the board told the next two
 * @storage_used_kib: mutable storage an application uses
 * @storage_limit_kib: mutable storage it may use
 * @manifest: (owned) (nullable): what the application asks for, when a package of this very image
 *   was seen here
 *
 * One installed component.
 */
typedef struct {
  char *component_id;
  char *image_id;
  char *name;
  guint image_type;
  guint64 size_bytes;
  guint64 uncompressed_size_bytes;
  guint images;
  gboolean is_staged;
  gboolean needs_restart;
  LksAppState state;
  gboolean has_quota;
  gint64 storage_used_kib;
  gint64 storage_limit_kib;
  LksManifest *manifest;
} LksSoftwareItem;

/**
 * LksSoftware:
 * @items: (owned) (element-type LksSoftwareItem): applications first, each kind by name
 * @is_ota_in_progress: an update over the air runs and blocks the service port
 * @has_staged_updates: images wait for installation
 * @is_restart_required: the board wants a restart for them
 *
 * What is installed on a board.
 */
typedef struct {
  GPtrArray *items;
  gboolean is_ota_in_progress;
  gboolean has_staged_updates;
  gboolean is_restart_required;
} LksSoftware;

LksSoftware     *lks_software_read             (LksDevice              *device,
                                                LksManifestStore       *store,
                                                GCancellable           *cancellable,
                                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksSoftware     *lks_software_new              (LksComponents          *components,
                                                LksManifestStore       *store) G_GNUC_WARN_UNUSED_RESULT;
void             lks_software_free             (LksSoftware            *self);

LksSoftwareItem *lks_software_find             (const LksSoftware      *self,
                                                const char             *component_id);
guint            lks_software_count_apps       (const LksSoftware      *self);
guint64          lks_software_sum_app_bytes    (const LksSoftware      *self);
gboolean         lks_software_item_is_app      (const LksSoftwareItem  *self);
gboolean         lks_software_item_is_debugger (const LksSoftwareItem  *self);

JsonNode        *lks_software_to_json          (const LksSoftware      *self) G_GNUC_WARN_UNUSED_RESULT;
void             lks_software_item_add_json    (const LksSoftwareItem  *self,
                                                JsonBuilder            *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSoftware, lks_software_free)

G_END_DECLS
