/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksCloudError:
 * @LKS_CLOUD_ERROR_UNREACHABLE: no connection; the request was certainly not sent
 * @LKS_CLOUD_ERROR_UNTRUSTED: the service's certificate was refused; nothing was sent
 * @LKS_CLOUD_ERROR_LOST: the connection ended before the answer did: the effect is unknown
 * @LKS_CLOUD_ERROR_TIMED_OUT: no complete answer within the limit: the effect is unknown
 * @LKS_CLOUD_ERROR_BAD_ANSWER: malformed, oversized or of the wrong shape: the effect is unknown
 * @LKS_CLOUD_ERROR_FOREIGN_HOST: an address in an answer leads to another host; it was not asked
 * @LKS_CLOUD_ERROR_SIGN_IN: the sign-in is missing, expired or revoked
 * @LKS_CLOUD_ERROR_FORBIDDEN: the account lacks a right
 * @LKS_CLOUD_ERROR_NOT_FOUND: there is no such thing at that place
 * @LKS_CLOUD_ERROR_CONFLICT: something else is being done to it, or it is in the wrong state
 * @LKS_CLOUD_ERROR_THROTTLED: too many requests, and the wait it demands is too long
 * @LKS_CLOUD_ERROR_REJECTED: the service found the request wrong
 * @LKS_CLOUD_ERROR_SETUP: subscription, directory or policy must be put right by an administrator
 * @LKS_CLOUD_ERROR_UNAVAILABLE: the service failed, also when asked several times
 * @LKS_CLOUD_ERROR_FAILED: an operation that was accepted ended in failure
 * @LKS_CLOUD_ERROR_ABANDONED: the service gave an operation up
 * @LKS_CLOUD_ERROR_STILL_RUNNING: an operation goes on; only the waiting for it ended
 * @LKS_CLOUD_ERROR_UNFIT: what the service made is not what was asked for, and was not kept
 * @LKS_CLOUD_ERROR_INVALID_ARGUMENT: an argument can never be accepted; nothing was sent
 * @LKS_CLOUD_ERROR_NOT_SUPPORTED: the interface of this account has no way to do it; nothing was sent
 * @LKS_CLOUD_ERROR_INCOMPLETE: it was not found, but not everything could be looked into
 *
 * Why work with the cloud failed. Cancellation is `G_IO_ERROR_CANCELLED`.
 */
typedef enum {
  LKS_CLOUD_ERROR_UNREACHABLE,
  LKS_CLOUD_ERROR_UNTRUSTED,
  LKS_CLOUD_ERROR_LOST,
  LKS_CLOUD_ERROR_TIMED_OUT,
  LKS_CLOUD_ERROR_BAD_ANSWER,
  LKS_CLOUD_ERROR_FOREIGN_HOST,
  LKS_CLOUD_ERROR_SIGN_IN,
  LKS_CLOUD_ERROR_FORBIDDEN,
  LKS_CLOUD_ERROR_NOT_FOUND,
  LKS_CLOUD_ERROR_CONFLICT,
  LKS_CLOUD_ERROR_THROTTLED,
  LKS_CLOUD_ERROR_REJECTED,
  LKS_CLOUD_ERROR_SETUP,
  LKS_CLOUD_ERROR_UNAVAILABLE,
  LKS_CLOUD_ERROR_FAILED,
  LKS_CLOUD_ERROR_ABANDONED,
  LKS_CLOUD_ERROR_STILL_RUNNING,
  LKS_CLOUD_ERROR_UNFIT,
  LKS_CLOUD_ERROR_INVALID_ARGUMENT,
  LKS_CLOUD_ERROR_NOT_SUPPORTED,
  LKS_CLOUD_ERROR_INCOMPLETE,
} LksCloudError;

#define LKS_CLOUD_ERROR (lks_cloud_error_quark ())
#define LKS_TYPE_CLOUD_ERROR (lks_cloud_error_get_type ())

GQuark      lks_cloud_error_quark              (void);
GType       lks_cloud_error_get_type           (void);

guint       lks_cloud_error_get_http_status    (const GError *error);
const char *lks_cloud_error_get_code           (const GError *error);
const char *lks_cloud_error_get_text           (const GError *error);
const char *lks_cloud_error_get_request_id     (const GError *error);
const char *lks_cloud_error_get_correlation_id (const GError *error);
const char *lks_cloud_error_get_trace          (const GError *error);
const char *lks_cloud_error_get_advice         (const GError *error);
gboolean    lks_cloud_error_concerns_all       (const GError *error);

G_END_DECLS
