/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksDeviceError:
 * @LKS_DEVICE_ERROR_UNREACHABLE: no connection; the request was certainly not sent
 * @LKS_DEVICE_ERROR_UNTRUSTED: the certificate was refused; the request was not sent
 * @LKS_DEVICE_ERROR_LOST: the connection ended before the answer did: whether the board acted
 *   on the request is unknown, ask it
 * @LKS_DEVICE_ERROR_TIMED_OUT: no complete answer within the limit: the effect is unknown
 * @LKS_DEVICE_ERROR_BAD_ANSWER: malformed, oversized, or of the wrong shape: the effect is
 *   unknown
 * @LKS_DEVICE_ERROR_REFUSED: the board is locked for this request, or lacks a capability
 * @LKS_DEVICE_ERROR_NOT_FOUND: the board knows no such thing, or its OS is too old to
 * @LKS_DEVICE_ERROR_BUSY: still busy after several attempts
 * @LKS_DEVICE_ERROR_REJECTED: the board found the request wrong or impossible now
 * @LKS_DEVICE_ERROR_INTERNAL: the board failed while serving the request
 * @LKS_DEVICE_ERROR_UNSUPPORTED: the operation needs a newer REST version than the board has;
 *   nothing was sent
 * @LKS_DEVICE_ERROR_INVALID_ARGUMENT: an argument can never be accepted; nothing was sent
 *
 * Why an operation of a board failed. Cancellation is `G_IO_ERROR_CANCELLED`.
 */
typedef enum {
  LKS_DEVICE_ERROR_UNREACHABLE,
  LKS_DEVICE_ERROR_UNTRUSTED,
  LKS_DEVICE_ERROR_LOST,
  LKS_DEVICE_ERROR_TIMED_OUT,
  LKS_DEVICE_ERROR_BAD_ANSWER,
  LKS_DEVICE_ERROR_REFUSED,
  LKS_DEVICE_ERROR_NOT_FOUND,
  LKS_DEVICE_ERROR_BUSY,
  LKS_DEVICE_ERROR_REJECTED,
  LKS_DEVICE_ERROR_INTERNAL,
  LKS_DEVICE_ERROR_UNSUPPORTED,
  LKS_DEVICE_ERROR_INVALID_ARGUMENT,
} LksDeviceError;

#define LKS_DEVICE_ERROR (lks_device_error_quark ())
#define LKS_TYPE_DEVICE_ERROR (lks_device_error_get_type ())

GQuark   lks_device_error_quark           (void);
GType    lks_device_error_get_type        (void);
guint    lks_device_error_get_http_status (const GError *error);
gboolean lks_device_error_is_effect_unknown (const GError *error);
gboolean lks_device_error_get_number      (const GError *error,
                                           guint32      *out_number);

G_END_DECLS
