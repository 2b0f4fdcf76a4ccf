/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-service-check-private.h"

#include "lks-service-error.h"

/**
 * lks_service_check:
 * @ok: whether what was asked for may be right
 * @error: return location for %LKS_SERVICE_ERROR_INVALID
 * @format: what is wrong; never with a secret in it
 * @...: for @format
 *
 * A check of what a person asked for, before anything is sent to a board.
 *
 * Returns: @ok
 */
gboolean
lks_service_check (gboolean ok, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  if (ok)
    return TRUE;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID, message);
  return FALSE;
}
