/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-private.h"
#include "lks-guid.h"

#include <string.h>

/* A check of an argument before anything is sent. */
gboolean
lks_device_check (gboolean ok, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  if (ok)
    return TRUE;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_INVALID_ARGUMENT, message);
  return FALSE;
}

/* @what stands in the message; @text never does, it may be secret. */
gboolean
lks_device_check_text (const char *what,
                       const char *text,
                       gsize min_bytes,
                       gsize max_bytes,
                       GError **error)
{
  gsize size = text != NULL ? strlen (text) : 0;

  return lks_device_check (size >= min_bytes && size <= max_bytes, error,
                           "%s must have %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
                           " bytes, not %" G_GSIZE_FORMAT,
                           what, min_bytes, max_bytes, size) &&
         lks_device_check (text == NULL || g_utf8_validate (text, -1, NULL), error,
                           "%s must be UTF-8 text", what);
}

char *
lks_device_component_path (const char *prefix, const char *component_id, GError **error)
{
  if (!lks_device_check (lks_guid_is_valid (component_id), error,
                         "a component ID is written as 8-4-4-4-12 hexadecimal digits"))
    return NULL;

  return g_strconcat (prefix, component_id, NULL);
}
