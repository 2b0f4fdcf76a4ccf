/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-key.h"
#include "lks-device-images.h"
#include "lks-peripheral-lock.h"
#include "lks-restart-kind.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksBoardState:
 * @LKS_BOARD_STATE_UNKNOWN: nothing was tried yet
 * @LKS_BOARD_STATE_CONNECTING: the line is being opened or the first facts are being read
 * @LKS_BOARD_STATE_READY: the board answers
 * @LKS_BOARD_STATE_RESTARTING: a restart was asked for and the board is not back yet
 * @LKS_BOARD_STATE_NO_ANSWER: the adapter is there, the board does not answer; retried
 * @LKS_BOARD_STATE_NOT_PROGRAMMED: a 0403:6011 adapter with other strings than a board's
 * @LKS_BOARD_STATE_NO_PERMISSION: the operating system refuses the adapter to this user
 * @LKS_BOARD_STATE_ERROR: something a person must look at; see the status's error
 * @LKS_BOARD_STATE_GONE: unplugged; the object is not in the list any more
 *
 * Where a board stands. Nicks: "unknown", "connecting", "ready", "restarting", "no-answer",
 * "not-programmed", "no-permission", "error", "gone".
 */
typedef enum {
  LKS_BOARD_STATE_UNKNOWN,
  LKS_BOARD_STATE_CONNECTING,
  LKS_BOARD_STATE_READY,
  LKS_BOARD_STATE_RESTARTING,
  LKS_BOARD_STATE_NO_ANSWER,
  LKS_BOARD_STATE_NOT_PROGRAMMED,
  LKS_BOARD_STATE_NO_PERMISSION,
  LKS_BOARD_STATE_ERROR,
  LKS_BOARD_STATE_GONE,
} LksBoardState;

#define LKS_TYPE_BOARD_STATE (lks_board_state_get_type ())
GType lks_board_state_get_type (void);

/**
 * LksFactId:
 *
 * The facts of a board. Nicks: "uptime", "rest-version", "device-id", "security-state",
 * "manufacturing-state", "capabilities", "os-version", "net-status", "abi-versions", "images",
 * "wifi-networks".
 */
typedef enum {
  LKS_FACT_ID_UPTIME,
  LKS_FACT_ID_REST_VERSION,
  LKS_FACT_ID_DEVICE_ID,
  LKS_FACT_ID_SECURITY_STATE,
  LKS_FACT_ID_MANUFACTURING_STATE,
  LKS_FACT_ID_CAPABILITIES,
  LKS_FACT_ID_OS_VERSION,
  LKS_FACT_ID_NET_STATUS,
  LKS_FACT_ID_ABI_VERSIONS,
  LKS_FACT_ID_IMAGES,
  LKS_FACT_ID_WIFI_NETWORKS,
} LksFactId;

#define LKS_FACT_IDS (LKS_FACT_ID_WIFI_NETWORKS + 1)

#define LKS_TYPE_FACT_ID (lks_fact_id_get_type ())
GType lks_fact_id_get_type (void);

/**
 * LksFactState:
 * @LKS_FACT_STATE_UNREAD: not asked for yet
 * @LKS_FACT_STATE_KNOWN: there is a value
 * @LKS_FACT_STATE_REFUSED: the board refuses to tell without a capability (HTTP 403)
 * @LKS_FACT_STATE_UNSUPPORTED: the board's system is too old to know it
 * @LKS_FACT_STATE_FAILED: it could not be read and there is no older value
 *
 * What is known about one fact. Nicks: "unread", "known", "refused", "unsupported", "failed".
 */
typedef enum {
  LKS_FACT_STATE_UNREAD,
  LKS_FACT_STATE_KNOWN,
  LKS_FACT_STATE_REFUSED,
  LKS_FACT_STATE_UNSUPPORTED,
  LKS_FACT_STATE_FAILED,
} LksFactState;

#define LKS_TYPE_FACT_STATE (lks_fact_state_get_type ())
GType lks_fact_state_get_type (void);

/**
 * LksFact:
 * @state: what is known
 * @source: where it comes from, such as "GET /status"
 * @read_us: when the board said so, monotonic microseconds; 0 when unread
 * @read_wall_us: the same moment as microseconds since 1970 (UTC)
 * @error: (nullable): why the last attempt failed or was refused; beside a value it says
 *   that the value could not be read again
 *
 * The provenance of one fact.
 */
typedef struct {
  LksFactState state;
  const char *source;
  gint64 read_us;
  gint64 read_wall_us;
  const GError *error;
} LksFact;

/**
 * LksBoardNetStatus:
 * @device_authentication_is_ready: whether the board can prove itself to the cloud
 * @network_time_sync: "complete", "incomplete", "disabled" or a word not known here
 * @proxy: "disabled", "enabled", "resolvingProxyName", "ready" or a word not known here
 */
typedef struct {
  gboolean device_authentication_is_ready;
  const char *network_time_sync;
  const char *proxy;
} LksBoardNetStatus;

/**
 * LksBoardImage:
 * @component_id: GUID, lower case
 * @image_id: (nullable): GUID of the component's first image
 * @image_type: type number, 10 = application
 * @name: (nullable): the component's name
 * @size_bytes: length of the first image
 * @is_staged: whether an update of it waits to be installed
 *
 * One installed component as `GET /images` lists it.
 */
typedef struct {
  const char *component_id;
  const char *image_id;
  guint image_type;
  const char *name;
  guint64 size_bytes;
  gboolean is_staged;
} LksBoardImage;

/**
 * LksBoardStatus:
 *
 * Everything known about one board at one moment: immutable, counted, safe to pass between
 * threads.
 */
#define LKS_TYPE_BOARD_STATUS (lks_board_status_get_type ())
typedef struct _LksBoardStatus LksBoardStatus;

GType                    lks_board_status_get_type                (void);
LksBoardStatus          *lks_board_status_ref                     (LksBoardStatus       *self);
void                     lks_board_status_unref                   (LksBoardStatus       *self);

const char              *lks_board_status_get_port                (const LksBoardStatus *self);
const char              *lks_board_status_get_usb_serial          (const LksBoardStatus *self);
const char              *lks_board_status_get_adapter             (const LksBoardStatus *self);
const char              *lks_board_status_get_moved_from          (const LksBoardStatus *self);
LksBoardState            lks_board_status_get_state               (const LksBoardStatus *self);
const GError            *lks_board_status_get_error               (const LksBoardStatus *self);

LksFact                  lks_board_status_get_fact                (const LksBoardStatus *self,
                                                                   LksFactId             id);
gboolean                 lks_board_status_is_stale                (const LksBoardStatus *self,
                                                                   LksFactId             id,
                                                                   gint64                now_us);

gboolean                 lks_board_status_get_uptime              (const LksBoardStatus *self,
                                                                   guint64              *out_seconds);
const char              *lks_board_status_get_rest_version        (const LksBoardStatus *self);
const char              *lks_board_status_get_device_id           (const LksBoardStatus *self);
const char              *lks_board_status_get_security_state      (const LksBoardStatus *self);
const char              *lks_board_status_get_manufacturing_state (const LksBoardStatus *self);
const guint32           *lks_board_status_get_capabilities        (const LksBoardStatus *self,
                                                                   gsize                *out_n);
gboolean                 lks_board_status_has_capability          (const LksBoardStatus *self,
                                                                   guint32               number);
const char              *lks_board_status_get_os_version          (const LksBoardStatus *self);
const LksBoardNetStatus *lks_board_status_get_net_status          (const LksBoardStatus *self);
gboolean                 lks_board_status_get_abi_versions        (const LksBoardStatus *self,
                                                                   gint64               *out_secure_world,
                                                                   gint64               *out_os,
                                                                   gint64               *out_application);
const LksBoardImage     *lks_board_status_get_images              (const LksBoardStatus *self,
                                                                   gsize                *out_n);
LksUpdateState           lks_board_status_get_update              (const LksBoardStatus *self);
gboolean                 lks_board_status_get_wifi_networks       (const LksBoardStatus *self,
                                                                   guint                *out_networks);
LksCapabilityKey        *lks_board_status_get_key                 (const LksBoardStatus *self);
LksRestartNote           lks_board_status_get_last_restart        (const LksBoardStatus *self);
LksPeripheralLock        lks_board_status_get_peripheral_lock     (const LksBoardStatus *self,
                                                                   const char          **out_reason);

JsonNode                *lks_board_status_to_json                 (const LksBoardStatus *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksBoardStatus, lks_board_status_unref)

G_END_DECLS
