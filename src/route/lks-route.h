/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A day has not more cellars, and all of it is in memory. */
#define LKS_ROUTE_DEVICES_MAX 1000
#define LKS_ROUTE_IMAGES_MAX 256

/**
 * LksRouteDevice:
 * @device_id: (owned): 128 digits, lower case
 * @is_owned: whether the catalog owned it when it was looked for
 * @product: (owned) (nullable): its product there; NULL when it is in none, or not looked for yet
 * @group: (owned) (nullable): its device group
 * @os_version: (owned) (nullable): the OS version that it told the cloud last
 * @image_ids: (owned) (element-type utf8): the images that its device group shall have, or had
 *   when that was asked with success last
 * @are_images_known: whether the service said so for the device group where it is now
 * @images_problem: (owned) (nullable): why not, when it was asked
 *
 * A device that is visited.
 */
typedef struct {
  char *device_id;
  gboolean is_owned;
  char *product;
  char *group;
  char *os_version;
  GPtrArray *image_ids;
  gboolean are_images_known;
  char *images_problem;
} LksRouteDevice;

/**
 * LksRouteImage:
 * @image_id: (owned): GUID, lower case; its file is named after it
 * @name: (owned) (nullable): what it is called
 * @sha256: (owned) (nullable): of its file, 64 digits; NULL when it was not fetched yet
 *
 * An image that is taken along.
 */
typedef struct {
  char *image_id;
  char *name;
  char *sha256;
} LksRouteImage;

/**
 * LksRoute:
 * @made_unix_s: when it was packed last, Unix seconds; 0 for never
 * @catalog: (owned) (nullable): name of the catalog
 * @capabilities: (owned) (element-type guint): which capabilities for every device
 * @devices: (owned) (element-type LksRouteDevice): in the order of the visits
 * @images: (owned) (element-type LksRouteImage): all that are taken along
 * @wanted: (owned) (element-type utf8): images that were asked for beside those of the groups, by
 *   name or ID
 * @keystore_sha256: (owned) (nullable): of the trusted keystore that is taken along
 *
 * What a day without a network needs. It lies as "route.json" in a folder, beside the images and
 * the trusted keystore; the capabilities are in the vault and nowhere else.
 */
typedef struct {
  gint64 made_unix_s;
  char *catalog;
  GArray *capabilities;
  GPtrArray *devices;
  GPtrArray *images;
  GPtrArray *wanted;
  char *keystore_sha256;
} LksRoute;

LksRoute       *lks_route_new              (void) G_GNUC_WARN_UNUSED_RESULT;
void            lks_route_free             (LksRoute        *self);

LksRouteDevice *lks_route_add_device       (LksRoute        *self,
                                            const char      *device_id);
void            lks_route_set_devices      (LksRoute        *self,
                                            GPtrArray       *ids);
LksRouteImage  *lks_route_add_image        (LksRoute        *self,
                                            const char      *image_id);
LksRouteImage  *lks_route_find_image       (const LksRoute  *self,
                                            const char      *image_id);

LksRoute       *lks_route_parse            (const char      *name,
                                            GBytes          *text,
                                            GError         **error) G_GNUC_WARN_UNUSED_RESULT;
LksRoute       *lks_route_load             (const char      *folder,
                                            GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        lks_route_save             (const LksRoute  *self,
                                            const char      *folder,
                                            GError         **error);

char           *lks_route_dup_folder       (void) G_GNUC_WARN_UNUSED_RESULT;
char           *lks_route_dup_image_path   (const char      *folder,
                                            const char      *image_id) G_GNUC_WARN_UNUSED_RESULT;
char           *lks_route_dup_keystore_path (const char     *folder) G_GNUC_WARN_UNUSED_RESULT;

gboolean        lks_route_capability_from_name (const char  *name,
                                            guint           *out_capability);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksRoute, lks_route_free)

G_END_DECLS
