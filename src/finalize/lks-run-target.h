/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-claimer.h"
#include "lks-device-cert.h"
#include "lks-device-images.h"
#include "lks-device-state.h"
#include "lks-label-check.h"
#include "lks-run-order.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksRunTargetOps:
 * @get_security: GET /device/security_state
 * @get_state: GET /device/manufacturing_state
 * @set_state: PUT /device/manufacturing_state; nothing can call it back, hence no cancellable
 * @get_capabilities: GET /device/capabilities, elements are gint32
 * @get_os_version: GET /osversion
 * @get_uptime: GET /status, in seconds
 * @get_components: GET /images
 * @get_networks: GET /wifi/config/networks
 * @get_certificates: GET /certstore/certs
 * @get_certificate: GET /certstore/certs/{id}
 * @get_interfaces: GET /net/interfaces, elements are LksNetInterface
 * @stage: PUT /update/stage
 * @install: POST /update/install; once it is sent nothing can call it back
 * @restart: POST /restart
 * @get_rest_version: the version the board named last; NULL before its first answer
 * @take_exchanges: (transfer full): the requests and answers since the last call, as evidence
 * @is_present: whether the board's adapter is still plugged in
 * @get_clock: the name of the clock of @now_us: times compare only under the same name
 * @now_us: a clock that never jumps, in microseconds
 * @wait: waits for a time, or until cancelled
 *
 * Everything that a run does to the world, but for the ledger. All of it blocks, on the thread
 * of the run.
 */
typedef struct {
  LksDeviceSecurity      *(*get_security)     (gpointer                data,
                                               GCancellable           *cancellable,
                                               GError                **error);
  LksDeviceManufacturing *(*get_state)        (gpointer                data,
                                               GCancellable           *cancellable,
                                               GError                **error);
  gboolean                (*set_state)        (gpointer                data,
                                               LksManufacturingState   state,
                                               GError                **error);
  GArray                 *(*get_capabilities) (gpointer                data,
                                               GCancellable           *cancellable,
                                               GError                **error);
  char                   *(*get_os_version)   (gpointer                data,
                                               GCancellable           *cancellable,
                                               GError                **error);
  gboolean                (*get_uptime)       (gpointer                data,
                                               guint64                *out_uptime_s,
                                               GCancellable           *cancellable,
                                               GError                **error);
  LksComponents          *(*get_components)   (gpointer                data,
                                               GCancellable           *cancellable,
                                               GError                **error);
  GPtrArray              *(*get_networks)     (gpointer                data,
                                               GCancellable           *cancellable,
                                               GError                **error);
  char                  **(*get_certificates) (gpointer                data,
                                               GCancellable           *cancellable,
                                               GError                **error);
  LksCertInfo            *(*get_certificate)  (gpointer                data,
                                               const char             *id,
                                               GCancellable           *cancellable,
                                               GError                **error);
  GPtrArray              *(*get_interfaces)   (gpointer                data,
                                               GCancellable           *cancellable,
                                               GError                **error);
  gboolean                (*stage)            (gpointer                data,
                                               GBytes                 *package,
                                               GCancellable           *cancellable,
                                               GError                **error);
  gboolean                (*install)          (gpointer                data,
                                               gboolean               *out_restarting,
                                               GError                **error);
  gboolean                (*restart)          (gpointer                data,
                                               GCancellable           *cancellable,
                                               GError                **error);
  const char             *(*get_rest_version) (gpointer                data);
  JsonArray              *(*take_exchanges)   (gpointer                data);
  gboolean                (*is_present)       (gpointer                data);
  const char             *(*get_clock)        (gpointer                data);
  gint64                  (*now_us)           (gpointer                data);
  gboolean                (*wait)             (gpointer                data,
                                               guint                   time_ms,
                                               GCancellable           *cancellable,
                                               GError                **error);
} LksRunTargetOps;

/**
 * LksRunTarget:
 * @ops: what it can do
 * @data: for @ops
 * @port: the place of the board
 * @usb_serial: (nullable): the adapter's serial number
 * @order: (nullable): on whose behalf, for the record
 * @waivers: (nullable) (element-type LksWaiver): which checks may fail
 * @claimer: (nullable): who can ask the cloud, for a recipe that demands a claim
 * @is_contested: (nullable): set to other than 0, atomically and by any thread, once another place
 *   reports the device ID of this board
 * @label_check: (nullable): who else is asked whether a label is free, before a board is changed
 *
 * One board, as a run sees it. Borrowed for the time of a run.
 */
typedef struct _LksRunTarget LksRunTarget;
struct _LksRunTarget {
  const LksRunTargetOps *ops;
  gpointer               data;
  const char            *port;
  const char            *usb_serial;
  const LksRunOrder     *order;
  GPtrArray             *waivers;
  LksClaimer            *claimer;
  const gint            *is_contested;
  LksLabelCheckFunc      label_check;
};

/**
 * LksPresentFunc:
 * @user_data: as given
 *
 * Returns: whether the board's adapter is still plugged in; any thread
 */
typedef gboolean (*LksPresentFunc) (gpointer user_data);

LksRunTarget *lks_run_target_new  (LksDevice       *device,
                                   const char      *port,
                                   const char      *usb_serial,
                                   LksPresentFunc   is_present,
                                   gpointer         user_data) G_GNUC_WARN_UNUSED_RESULT;
void          lks_run_target_free (LksRunTarget    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksRunTarget, lks_run_target_free)

G_END_DECLS
