/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-client.h"
#include "lks-cloud-scope.h"
#include "lks-route.h"
#include "lks-vault-door.h"

G_BEGIN_DECLS

/**
 * LksRouteThing:
 * @LKS_ROUTE_THING_VAULT: the vault
 * @LKS_ROUTE_THING_DEVICE: a device in the catalog
 * @LKS_ROUTE_THING_CAPABILITY: a capability for a device
 * @LKS_ROUTE_THING_IMAGES: the images that the device group of a device shall have
 * @LKS_ROUTE_THING_IMAGE: an image
 * @LKS_ROUTE_THING_OS_VERSIONS: the list of OS versions
 * @LKS_ROUTE_THING_KEYSTORE: the trusted keystore
 *
 * What a route consists of. Nicks: "vault", "device", "capability", "images", "image",
 * "os-versions", "keystore".
 */
typedef enum {
  LKS_ROUTE_THING_VAULT,
  LKS_ROUTE_THING_DEVICE,
  LKS_ROUTE_THING_CAPABILITY,
  LKS_ROUTE_THING_IMAGES,
  LKS_ROUTE_THING_IMAGE,
  LKS_ROUTE_THING_OS_VERSIONS,
  LKS_ROUTE_THING_KEYSTORE,
} LksRouteThing;

#define LKS_TYPE_ROUTE_THING (lks_route_thing_get_type ())
GType lks_route_thing_get_type (void);

/**
 * LksRouteResult:
 * @LKS_ROUTE_RESULT_FETCHED: it was fetched
 * @LKS_ROUTE_RESULT_KEPT: it was there
 * @LKS_ROUTE_RESULT_FAILED: it could not be had
 *
 * What became of one thing. Nicks: "fetched", "kept", "failed".
 */
typedef enum {
  LKS_ROUTE_RESULT_FETCHED,
  LKS_ROUTE_RESULT_KEPT,
  LKS_ROUTE_RESULT_FAILED,
} LksRouteResult;

#define LKS_TYPE_ROUTE_RESULT (lks_route_result_get_type ())
GType lks_route_result_get_type (void);

/**
 * LksRouteEvent:
 * @thing: what
 * @device_id: (nullable): for which device, NULL for what is for all
 * @subject: (nullable): which one: a capability, an image
 * @result: what became of it
 * @error: (nullable): why it could not be had
 *
 * How packing goes on.
 */
typedef struct {
  LksRouteThing thing;
  const char *device_id;
  const char *subject;
  LksRouteResult result;
  const GError *error;
} LksRouteEvent;

/**
 * LksRouteFunc:
 * @event: what became of one thing
 * @user_data: as given
 *
 * Takes the results as they come, on the thread of the work.
 */
typedef void (*LksRouteFunc) (const LksRouteEvent  *event,
                              gpointer              user_data);

/**
 * LksRoutePacking:
 * @client: a client
 * @catalog: the catalog that owns the devices
 * @trust: whose certificates count beside the system's
 * @door: where capabilities go
 * @folder: where everything else goes
 * @os_address: (nullable): who publishes the list of OS versions, NULL for the vendor
 * @os_path: where that list is kept
 * @func: (nullable): takes the results
 * @user_data: for @func
 *
 * With what a route is packed.
 */
typedef struct {
  LksCloudClient *client;
  const LksCloudScope *catalog;
  LksCloudTrust *trust;
  LksVaultDoor *door;
  const char *folder;
  const char *os_address;
  const char *os_path;
  LksRouteFunc func;
  gpointer user_data;
} LksRoutePacking;

gboolean lks_route_pack          (LksRoute               *self,
                                  const LksRoutePacking  *packing,
                                  GCancellable           *cancellable,
                                  GError                **error);
gboolean lks_route_take_keystore (LksRoute               *self,
                                  const char             *folder,
                                  const char             *path,
                                  gboolean               *out_taken,
                                  GError                **error);

G_END_DECLS
