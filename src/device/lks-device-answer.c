/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-private.h"

#include <string.h>

typedef struct
{
  gboolean is_restarting;
} Done;

/* Older releases answer {"error":0} where newer ones answer {} (Azure Sphere device REST API,
 * history 3.0.0); lks_answer_find_number() has looked at it before. */
static const LksDeviceShapeField done_fields[] = {
  LKS_FIELD (Done, FLAG, "restartingSystem", is_restarting, .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape done_record = { .size = sizeof (Done),
                                            .free_func = g_free,
                                            .fields = done_fields };

/* Parses a body as JSON; an error is LKS_DEVICE_ERROR_BAD_ANSWER. */
LksJson *
lks_answer_parse (const char *name, GBytes *body, GError **error)
{
  g_autoptr (GError) local = NULL;
  LksJson *json = lks_json_parse (name, g_bytes_get_data (body, NULL), g_bytes_get_size (body),
                                  G_MAXSIZE, &local);

  if (json == NULL)
    g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER,
                 "the board's answer is not usable: %s", local->message);
  return json;
}

/* The number of a body {"error":n}, where n is not 0. Whatever else it is: no number. */
gboolean
lks_answer_find_number (GBytes *body, guint32 *out_number)
{
  g_autoptr (LksJson) json = lks_json_parse ("error", g_bytes_get_data (body, NULL),
                                             g_bytes_get_size (body), LKS_DEVICE_JSON_MAX, NULL);
  JsonObject *object = json != NULL ? lks_json_get_root_object (json, NULL) : NULL;
  gint64 number;

  if (object == NULL ||
      !lks_json_read_int (json, object, "error", G_MININT32, G_MAXUINT32, &number, NULL) ||
      number == 0)
    return FALSE;

  *out_number = (guint32) number;
  return TRUE;
}

/* Fills a zeroed struct from a body; after a failure it is cleared. */
gboolean
lks_answer_read (const char *name,
                 GBytes *body,
                 const LksDeviceShape *record,
                 gpointer base,
                 GError **error)
{
  g_autoptr (LksJson) json = lks_answer_parse (name, body, error);
  g_autoptr (GError) local = NULL;
  JsonObject *object;

  if (json == NULL)
    return FALSE;

  object = lks_json_get_root_object (json, &local);
  if (object != NULL && lks_device_shape_read (record, json, object, base, &local))
    return TRUE;

  lks_device_shape_clear (record, base);
  g_set_error (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER,
               "the board's answer is not usable: %s", local->message);
  return FALSE;
}

/* A body that only says "done". An empty one says so too. */
gboolean
lks_answer_read_done (const char *name, GBytes *body, gboolean *out_restarting, GError **error)
{
  Done done = { 0 };

  if (g_bytes_get_size (body) > 0 && !lks_answer_read (name, body, &done_record, &done, error))
    return FALSE;

  if (out_restarting != NULL)
    *out_restarting = done.is_restarting;
  return TRUE;
}

/* "4.6.0" as LKS_REST_VERSION(), or 0 when it is not of this form. */
guint
lks_answer_parse_version (const char *text)
{
  guint packed = 0;

  for (guint part = 0; part < 3; part++)
    {
      gsize digits = strspn (text, "0123456789");

      if (digits == 0 || digits > 3 || atoi (text) > 255)
        return 0;
      packed = packed << 8 | (guint) atoi (text);
      text += digits;
      if (*text != (part < 2 ? '.' : '\0'))
        return 0;
      text++;
    }

  return packed;
}
