/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-shape.h"

#include "lks-enums.h"
#include "lks-guid.h"

#define AT(base, offset, Type) (*(Type *) (gpointer) ((guint8 *) (base) + (offset)))

static gboolean
read_guid (LksJson *json,
           JsonObject *object,
           const LksDeviceShapeField *field,
           char **out,
           GError **error)
{
  g_autofree char *text = NULL;

  if (!lks_json_read_string (json, object, field->member, &text, error))
    return FALSE;
  if (!lks_guid_is_valid (text))
    {
      lks_json_set_error (json, json_object_get_member (object, field->member), error,
                          "“%s”: expected an ID of 8-4-4-4-12 hexadecimal digits", field->member);
      return FALSE;
    }

  *out = lks_guid_normalize (text, NULL);
  return TRUE;
}

static gboolean
read_number (LksJson *json,
             JsonObject *object,
             const LksDeviceShapeField *field,
             gpointer base,
             GError **error)
{
  gint64 min = 0;
  gint64 max = G_MAXINT64;
  gint64 value;

  if (field->kind == LKS_FIELD_INT)
    {
      min = G_MININT32;
      max = G_MAXINT32;
    }
  else if (field->kind == LKS_FIELD_UINT)
    max = field->max != 0 ? field->max : G_MAXUINT32;
  else if (field->kind == LKS_FIELD_UINT64)
    return lks_json_read_uint64 (json, object, field->member, &AT (base, field->offset, guint64),
                                 error);

  if (!lks_json_read_int (json, object, field->member, min, max, &value, error))
    return FALSE;

  if (field->kind == LKS_FIELD_INT)
    AT (base, field->offset, int) = (int) value;
  else if (field->kind == LKS_FIELD_UINT)
    AT (base, field->offset, guint) = (guint) value;
  else
    AT (base, field->offset, gint64) = value;
  return TRUE;
}

/* A word that is not known becomes member 0; its text is kept. */
static gboolean
read_word (LksJson *json,
           JsonObject *object,
           const LksDeviceShapeField *field,
           gpointer base,
           GError **error)
{
  char **out_text = &AT (base, field->text_offset, char *);
  int value = 0;

  if (!lks_json_read_string (json, object, field->member, out_text, error))
    return FALSE;

  lks_enum_from_nick (field->enum_type (), *out_text, &value);
  AT (base, field->offset, int) = value;
  return TRUE;
}

static gboolean
read_list (LksJson *json,
           JsonObject *object,
           const LksDeviceShapeField *field,
           GPtrArray **out_list,
           GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (field->record->free_func);
  JsonArray *array;

  if (!lks_json_read_array (json, object, field->member, &array, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gpointer item;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          lks_json_set_error (json, node, error, "“%s”: expected a list of objects", field->member);
          return FALSE;
        }
      item = lks_device_shape_new (field->record, json, json_node_get_object (node), error);
      if (item == NULL)
        return FALSE;
      g_ptr_array_add (list, item);
    }

  *out_list = g_steal_pointer (&list);
  return TRUE;
}

static gboolean
read_field (LksJson *json,
            JsonObject *object,
            const LksDeviceShapeField *field,
            gpointer base,
            GError **error)
{
  JsonObject *inner;

  switch (field->kind)
    {
    case LKS_FIELD_TEXT:
      return lks_json_read_string (json, object, field->member, &AT (base, field->offset, char *),
                                   error);
    case LKS_FIELD_GUID:
      return read_guid (json, object, field, &AT (base, field->offset, char *), error);
    case LKS_FIELD_TEXTS:
      return lks_json_read_string_list (json, object, field->member,
                                        &AT (base, field->offset, char **), error);
    case LKS_FIELD_FLAG:
      return lks_json_read_boolean (json, object, field->member,
                                    &AT (base, field->offset, gboolean), error);
    case LKS_FIELD_INT:
    case LKS_FIELD_UINT:
    case LKS_FIELD_INT64:
    case LKS_FIELD_UINT64:
      return read_number (json, object, field, base, error);
    case LKS_FIELD_WORD:
      return read_word (json, object, field, base, error);
    case LKS_FIELD_RECORD:
      return lks_json_read_object (json, object, field->member, &inner, error) &&
             lks_device_shape_read (field->record, json, inner, &AT (base, field->offset, guint8),
                                    error);
    case LKS_FIELD_LIST:
      return read_list (json, object, field, &AT (base, field->offset, GPtrArray *), error);
    }

  g_assert_not_reached ();
}

/* Fills the zeroed struct at @base. After a failure lks_device_shape_clear() is still due. */
gboolean
lks_device_shape_read (const LksDeviceShape *record,
                       LksJson *json,
                       JsonObject *object,
                       gpointer base,
                       GError **error)
{
  for (const LksDeviceShapeField *field = record->fields; field->member != NULL; field++)
    {
      gboolean is_there = lks_json_has (object, field->member);

      if (field->has_offset != 0)
        AT (base, field->has_offset, gboolean) = is_there;
      if (!is_there && field->is_optional)
        {
          if (field->kind == LKS_FIELD_LIST)
            AT (base, field->offset, GPtrArray *) =
                g_ptr_array_new_with_free_func (field->record->free_func);
          continue;
        }
      if (!read_field (json, object, field, base, error))
        return FALSE;
    }

  return TRUE;
}

/* A new struct from a JSON object, to be freed with the record's own function. */
gpointer
lks_device_shape_new (const LksDeviceShape *record,
                      LksJson *json,
                      JsonObject *object,
                      GError **error)
{
  gpointer base = g_malloc0 (record->size);

  if (lks_device_shape_read (record, json, object, base, error))
    return base;

  lks_device_shape_free (record, base);
  return NULL;
}

/* Frees what the fields own, and zeroes them. */
void
lks_device_shape_clear (const LksDeviceShape *record, gpointer base)
{
  for (const LksDeviceShapeField *field = record->fields; field->member != NULL; field++)
    switch (field->kind)
      {
      case LKS_FIELD_TEXT:
      case LKS_FIELD_GUID:
        g_clear_pointer (&AT (base, field->offset, char *), g_free);
        break;
      case LKS_FIELD_TEXTS:
        g_clear_pointer (&AT (base, field->offset, char **), g_strfreev);
        break;
      case LKS_FIELD_WORD:
        g_clear_pointer (&AT (base, field->text_offset, char *), g_free);
        break;
      case LKS_FIELD_RECORD:
        lks_device_shape_clear (field->record, &AT (base, field->offset, guint8));
        break;
      case LKS_FIELD_LIST:
        g_clear_pointer (&AT (base, field->offset, GPtrArray *), g_ptr_array_unref);
        break;
      case LKS_FIELD_FLAG:
      case LKS_FIELD_INT:
      case LKS_FIELD_UINT:
      case LKS_FIELD_INT64:
      case LKS_FIELD_UINT64:
        break;
      }
}

void
lks_device_shape_free (const LksDeviceShape *record, gpointer base)
{
  if (base == NULL)
    return;

  lks_device_shape_clear (record, base);
  g_free (base);
}
