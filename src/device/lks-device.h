/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-key.h"
#include "lks-connector.h"
#include "lks-device-error.h"
#include "lks-trust.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksDevice:
 *
 * The REST API of one board, as blocking typed calls over one kept-alive TLS connection.
 *
 * Every call blocks and belongs on the board's worker thread; two calls at once are a mistake
 * of the program and end it. Every call ends within its limit, and within milliseconds of a
 * cancellation. Errors are [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`.
 *
 * The calls stand in lks-device-app.h, -cert.h, -diag.h, -images.h, -net.h, -state.h, -update.h
 * and -wifi.h: one for each of the 42 operations of the device REST API 4.6.
 */
#define LKS_TYPE_DEVICE (lks_device_get_type ())
G_DECLARE_FINAL_TYPE (LksDevice, lks_device, LKS, DEVICE, GObject)

/* The value of the Host header that all boards accept (Azure Sphere device REST API). */
#define LKS_DEVICE_HOST "*.devices.sphere.azure.local"

/* The most of an answer's body that an observer is given. */
#define LKS_DEVICE_EXCHANGE_BODY_MAX (16 * 1024)

/**
 * LksDeviceExchange:
 * @method: GET, PUT, POST, PATCH or DELETE
 * @path: the path with its arguments
 * @http_status: the status of the answer, 0 when there was none
 * @rest_version: (nullable): the version header of the answer
 * @body: (nullable): the JSON text of the answer as received, NUL-terminated, cut at
 *   %LKS_DEVICE_EXCHANGE_BODY_MAX; NULL for binary bodies, for bodies that are not UTF-8 text
 *   and for the one answer that repeats a password
 * @body_bytes: size of the whole body as far as it was received
 * @started_at_us: when the request began, microseconds since 1970 UTC
 * @duration_us: how long it took, in microseconds
 * @with_key: whether the request carried a capability
 * @error: (nullable): why there is no complete answer (a refusal by the board is an answer)
 *
 * One request and its answer, as evidence. Never holds a header's value or a request's body.
 */
typedef struct {
  const char *method;
  const char *path;
  guint http_status;
  const char *rest_version;
  const char *body;
  gsize body_bytes;
  gint64 started_at_us;
  gint64 duration_us;
  gboolean with_key;
  const GError *error;
} LksDeviceExchange;

typedef void (*LksDeviceObserver) (const LksDeviceExchange *exchange,
                                   gpointer                 user_data);

LksDevice  *lks_device_new              (LksConnector      *connector,
                                         LksTrust          *trust) G_GNUC_WARN_UNUSED_RESULT;

void        lks_device_set_host         (LksDevice         *self,
                                         const char        *host);
void        lks_device_set_observer     (LksDevice         *self,
                                         LksDeviceObserver  observer,
                                         gpointer           user_data);
void        lks_device_set_watcher      (LksDevice         *self,
                                         LksDeviceObserver  watcher,
                                         gpointer           user_data);
void        lks_device_set_key          (LksDevice         *self,
                                         LksCapabilityKey  *key);
LksCapabilityKey *
            lks_device_get_key          (LksDevice         *self);
const char *lks_device_get_rest_version (LksDevice         *self);
guint       lks_device_get_handshakes   (LksDevice         *self);
void        lks_device_disconnect       (LksDevice         *self);

G_END_DECLS
