/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-wire.h"

struct _EmuWire
{
  GString *text; /* (owned) */
  gboolean plain_slash;
};

static void
append_quoted (GString *text, const char *value, gboolean plain_slash)
{
  g_string_append_c (text, '"');
  for (const char *at = value; *at != '\0'; at++)
    switch (*at)
      {
      case '/':
        g_string_append (text, plain_slash ? "/" : "\\/");
        break;
      case '"':
      case '\\':
        g_string_append_c (text, '\\');
        g_string_append_c (text, *at);
        break;
      case '\n':
        g_string_append (text, "\\n");
        break;
      case '\r':
        g_string_append (text, "\\r");
        break;
      case '\t':
        g_string_append (text, "\\t");
        break;
      default:
        if ((guchar) *at < 0x20)
          g_string_append_printf (text, "\\u%04x", (guchar) *at);
        else
          g_string_append_c (text, *at);
      }
  g_string_append_c (text, '"');
}

/* The comma and the name that come before every value. */
static void
begin_value (EmuWire *self, const char *name)
{
  char last = self->text->len > 0 ? self->text->str[self->text->len - 1] : '[';

  if (last != '{' && last != '[')
    g_string_append_c (self->text, ',');
  if (name != NULL)
    {
      append_quoted (self->text, name, self->plain_slash);
      g_string_append_c (self->text, ':');
    }
}

/**
 * emu_wire_new:
 *
 * Returns: (transfer full): a writer; emu_wire_end() frees it
 */
EmuWire *
emu_wire_new (void)
{
  EmuWire *self = g_new0 (EmuWire, 1);

  self->text = g_string_new (NULL);
  return self;
}

/**
 * emu_wire_new_plain:
 *
 * Returns: (transfer full): a writer that leaves slashes alone, for what people read;
 *   emu_wire_end() frees it
 */
EmuWire *
emu_wire_new_plain (void)
{
  EmuWire *self = emu_wire_new ();

  self->plain_slash = TRUE;
  return self;
}

/**
 * emu_wire_end:
 * @self: (transfer full): a writer
 *
 * Returns: (transfer full): the text, without a NUL
 */
GBytes *
emu_wire_end (EmuWire *self)
{
  GBytes *bytes = g_string_free_to_bytes (self->text);

  g_free (self);
  return bytes;
}

/**
 * emu_wire_open:
 * @self: a writer
 * @name: (nullable): the member's name
 * @bracket: '{' or '['
 */
void
emu_wire_open (EmuWire *self, const char *name, char bracket)
{
  begin_value (self, name);
  g_string_append_c (self->text, bracket);
}

/**
 * emu_wire_close:
 * @self: a writer
 * @bracket: '}' or ']', matching the last emu_wire_open()
 */
void
emu_wire_close (EmuWire *self, char bracket)
{
  g_string_append_c (self->text, bracket);
}

/**
 * emu_wire_text:
 * @self: a writer
 * @name: (nullable): the member's name
 * @value: UTF-8 text
 */
void
emu_wire_text (EmuWire *self, const char *name, const char *value)
{
  begin_value (self, name);
  append_quoted (self->text, value, self->plain_slash);
}

/**
 * emu_wire_null:
 * @self: a writer
 * @name: (nullable): the member's name
 */
void
emu_wire_null (EmuWire *self, const char *name)
{
  begin_value (self, name);
  g_string_append (self->text, "null");
}

/**
 * emu_wire_text_or_null:
 * @self: a writer
 * @name: (nullable): the member's name
 * @value: (nullable): UTF-8 text, NULL for null
 */
void
emu_wire_text_or_null (EmuWire *self, const char *name, const char *value)
{
  if (value != NULL)
    emu_wire_text (self, name, value);
  else
    emu_wire_null (self, name);
}

/**
 * emu_wire_number:
 * @self: a writer
 * @name: (nullable): the member's name
 * @value: a whole number
 */
void
emu_wire_number (EmuWire *self, const char *name, gint64 value)
{
  begin_value (self, name);
  g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

/**
 * emu_wire_bool:
 * @self: a writer
 * @name: (nullable): the member's name
 * @value: true or false
 */
void
emu_wire_bool (EmuWire *self, const char *name, gboolean value)
{
  begin_value (self, name);
  g_string_append (self->text, value ? "true" : "false");
}

/**
 * emu_wire_texts:
 * @self: a writer
 * @name: (nullable): the member's name
 * @values: (nullable): texts, NULL-terminated; NULL is the empty list
 */
void
emu_wire_texts (EmuWire *self, const char *name, const char *const *values)
{
  emu_wire_open (self, name, '[');
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    emu_wire_text (self, NULL, values[i]);
  emu_wire_close (self, ']');
}
