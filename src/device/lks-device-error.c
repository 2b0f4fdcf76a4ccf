/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-error.h"

#include "lks-device-error-private.h"

typedef struct
{
  guint http_status;
  gboolean has_number;
  guint32 number;
} LksDeviceErrorPrivate;

static void
lks_device_error_private_init (LksDeviceErrorPrivate *self)
{
}

static void
lks_device_error_private_copy (const LksDeviceErrorPrivate *source, LksDeviceErrorPrivate *copy)
{
  *copy = *source;
}

static void
lks_device_error_private_clear (LksDeviceErrorPrivate *self)
{
}

/* GLib allocates the private part itself, aligned; clang cannot see it through the macro. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (LksDeviceError, lks_device_error)
#pragma GCC diagnostic pop

G_DEFINE_ENUM_TYPE (LksDeviceError,
                    lks_device_error,
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_UNREACHABLE, "unreachable"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_UNTRUSTED, "untrusted"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_LOST, "lost"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_TIMED_OUT, "timed-out"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_BAD_ANSWER, "bad-answer"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_BUSY, "busy"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_REJECTED, "rejected"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_INTERNAL, "internal"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_UNSUPPORTED, "unsupported"),
                    G_DEFINE_ENUM_VALUE (LKS_DEVICE_ERROR_INVALID_ARGUMENT, "invalid-argument"))

/* Attaches what the board answered to an error of our domain. */
void
lks_device_error_set_answer (GError *error, guint http_status, gboolean has_number, guint32 number)
{
  LksDeviceErrorPrivate *answer = lks_device_error_get_private (error);

  answer->http_status = http_status;
  answer->has_number = has_number;
  answer->number = number;
}

/**
 * lks_device_error_get_http_status:
 * @error: any error
 *
 * Returns: the HTTP status with which the board answered, 0 when there was no answer or @error
 *   is not a [error@Lks.DeviceError]
 */
guint
lks_device_error_get_http_status (const GError *error)
{
  return error->domain == LKS_DEVICE_ERROR ? lks_device_error_get_private (error)->http_status : 0;
}

/**
 * lks_device_error_is_effect_unknown:
 * @error: (nullable): why an operation failed
 *
 * Returns: whether the request may have reached the board, which may have acted on it: ask the
 *   board what is true
 */
gboolean
lks_device_error_is_effect_unknown (const GError *error)
{
  return g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_TIMED_OUT) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
}

/**
 * lks_device_error_get_number:
 * @error: any error
 * @out_number: (out) (optional): the board's own error number, written only on success
 *
 * Returns: whether the board gave a number
 */
gboolean
lks_device_error_get_number (const GError *error, guint32 *out_number)
{
  const LksDeviceErrorPrivate *answer;

  if (error->domain != LKS_DEVICE_ERROR)
    return FALSE;

  answer = lks_device_error_get_private (error);
  if (answer->has_number && out_number != NULL)
    *out_number = answer->number;
  return answer->has_number;
}
