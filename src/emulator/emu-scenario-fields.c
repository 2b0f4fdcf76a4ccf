/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every object of a scenario is read with. */
#include "emu-scenario-fields.h"

#include <string.h>

#define LIST_MAX 256u

static gboolean
read_text (LksJson *json, JsonObject *object, const EmuField *field, char **text, GError **error)
{
  g_autofree char *value = NULL;

  if (!lks_json_read_string (json, object, field->name, &value, error))
    return FALSE;
  if ((gint64) strlen (value) < field->min || (gint64) strlen (value) > field->max)
    {
      lks_json_set_error (json, json_object_get_member (object, field->name), error,
                          "“%s”: expected %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                          " bytes of text",
                          field->name, field->min, field->max);
      return FALSE;
    }

  g_free (*text);
  *text = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
read_field (LksJson *json, JsonObject *object, const EmuField *field, guint8 *base, GError **error)
{
  void *place = base + field->offset;
  gint64 number;

  switch (field->kind)
    {
    case EMU_FIELD_TEXT:
      return read_text (json, object, field, place, error);
    case EMU_FIELD_COUNT:
      if (!lks_json_read_int (json, object, field->name, field->min, field->max, &number, error))
        return FALSE;
      *(guint *) place = (guint) number;
      return TRUE;
    case EMU_FIELD_LONG:
      return lks_json_read_int (json, object, field->name, field->min, field->max, place, error);
    case EMU_FIELD_SIGNED:
      if (!lks_json_read_int (json, object, field->name, field->min, field->max, &number, error))
        return FALSE;
      *(int *) place = (int) number;
      return TRUE;
    case EMU_FIELD_BOOL:
      return lks_json_read_boolean (json, object, field->name, place, error);
    case EMU_FIELD_ENUM:
      return lks_json_read_enum (json, object, field->name, field->get_type (), place, error);
    case EMU_FIELD_TEXTS:
      g_clear_pointer ((char ***) place, g_strfreev);
      return lks_json_read_string_list (json, object, field->name, place, error);
    case EMU_FIELD_OTHER:
      break;
    }

  return TRUE;
}

/* Reads every member that is there; refuses one that no field names. */
gboolean
emu_scenario_read_fields (LksJson *json,
                          JsonObject *object,
                          const EmuField *fields,
                          gsize n_fields,
                          gpointer base,
                          GError **error)
{
  g_autofree const char **names = g_new0 (const char *, n_fields + 1);

  for (gsize i = 0; i < n_fields; i++)
    names[i] = fields[i].name;
  if (!lks_json_check_members (json, object, names, error))
    return FALSE;

  for (gsize i = 0; i < n_fields; i++)
    if (lks_json_has (object, fields[i].name) &&
        !read_field (json, object, &fields[i], base, error))
      return FALSE;

  return TRUE;
}

gboolean
emu_scenario_require (LksJson *json,
                      JsonNode *node,
                      gconstpointer value,
                      const char *member,
                      GError **error)
{
  if (value != NULL)
    return TRUE;

  lks_json_set_error (json, node, error, "“%s” is missing", member);
  return FALSE;
}

/* Calls @read for each object of the list @member, if there is one. */
gboolean
emu_scenario_read_list (LksJson *json,
                        JsonObject *object,
                        const char *member,
                        GPtrArray *list,
                        EmuReadFunc read,
                        EmuBoardConfig *config,
                        GError **error)
{
  JsonArray *array;

  if (!lks_json_has (object, member))
    return TRUE;
  if (!lks_json_read_array (json, object, member, &array, error))
    return FALSE;
  if (json_array_get_length (array) > LIST_MAX)
    {
      lks_json_set_error (json, json_object_get_member (object, member), error,
                          "“%s”: at most %u are possible", member, LIST_MAX);
      return FALSE;
    }

  g_ptr_array_set_size (list, 0);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          lks_json_set_error (json, node, error, "“%s”: expected a list of objects", member);
          return FALSE;
        }
      if (!read (json, node, config, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
emu_scenario_check_word (LksJson *json,
                         JsonNode *node,
                         const char *member,
                         const char *value,
                         const char *const *words,
                         GError **error)
{
  g_autofree char *list = NULL;

  if (g_strv_contains (words, value))
    return TRUE;

  list = g_strjoinv (", ", (char **) words);
  lks_json_set_error (json, json_object_get_member (json_node_get_object (node), member), error,
                      "“%s”: “%s” is none of %s", member, value, list);
  return FALSE;
}
