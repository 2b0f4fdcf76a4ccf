/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksServiceError:
 * @LKS_SERVICE_ERROR_INVALID: what was asked for cannot be right; nothing was sent to the board
 * @LKS_SERVICE_ERROR_EXISTS: the board has something of this name already; nothing was sent to it
 * @LKS_SERVICE_ERROR_FULL: the board has not enough room for it; nothing was sent to it
 * @LKS_SERVICE_ERROR_UNSAFE: refused, because it would leave the board less safe or less usable
 * @LKS_SERVICE_ERROR_NOT_APPLIED: the board agreed, and asked again it shows something else
 * @LKS_SERVICE_ERROR_OVERDUE: the board did not get there within the stated time
 *
 * What can be wrong with a piece of servicing work, beside what the board itself refuses
 * ([error@Lks.DeviceError]). Nicks: "invalid", "exists", "full", "unsafe", "not-applied", "overdue".
 */
typedef enum {
  LKS_SERVICE_ERROR_INVALID,
  LKS_SERVICE_ERROR_EXISTS,
  LKS_SERVICE_ERROR_FULL,
  LKS_SERVICE_ERROR_UNSAFE,
  LKS_SERVICE_ERROR_NOT_APPLIED,
  LKS_SERVICE_ERROR_OVERDUE,
} LksServiceError;

#define LKS_SERVICE_ERROR (lks_service_error_quark ())
GQuark      lks_service_error_quark      (void);

#define LKS_TYPE_SERVICE_ERROR (lks_service_error_get_type ())
GType       lks_service_error_get_type   (void);

const char *lks_service_error_get_advice (LksServiceError code);

G_END_DECLS
