/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-body.h"

#include <string.h>

/* realloc() would leave copies behind. */
static void
reserve (LksDeviceBody *self, gsize more)
{
  gsize capacity;
  char *text;

  if (self->size + more <= self->capacity)
    return;

  capacity = MAX (2 * self->capacity, self->size + more + 256);
  text = g_malloc (capacity);
  if (self->text != NULL)
    {
      memcpy (text, self->text, self->size);
      explicit_bzero (self->text, self->capacity);
      g_free (self->text);
    }
  self->text = text;
  self->capacity = capacity;
}

static void
append (LksDeviceBody *self, const char *text, gsize size)
{
  reserve (self, size);
  memcpy (self->text + self->size, text, size);
  self->size += size;
}

static void
append_quoted (LksDeviceBody *self, const char *text)
{
  static const char digits[] = "0123456789abcdef";

  append (self, "\"", 1);
  for (; *text != '\0'; text++)
    {
      guchar c = (guchar) *text;
      char escape[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 0xf] };

      if (c == '"' || c == '\\')
        {
          append (self, "\\", 1);
          append (self, text, 1);
        }
      else if (c < 0x20)
        append (self, escape, sizeof escape);
      else
        append (self, text, 1);
    }
  append (self, "\"", 1);
}

static void
append_member (LksDeviceBody *self, const char *member)
{
  append (self, self->size == 0 ? "{" : ",", 1);
  append_quoted (self, member);
  append (self, ":", 1);
}

/* @text must be UTF-8. */
void
lks_device_body_add_text (LksDeviceBody *self, const char *member, const char *text)
{
  append_member (self, member);
  append_quoted (self, text);
}

void
lks_device_body_add_texts (LksDeviceBody *self, const char *member, const char *const *texts)
{
  append_member (self, member);
  append (self, "[", 1);
  for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      if (i > 0)
        append (self, ",", 1);
      append_quoted (self, texts[i]);
    }
  append (self, "]", 1);
}

void
lks_device_body_add_flag (LksDeviceBody *self, const char *member, gboolean flag)
{
  append_member (self, member);
  if (flag)
    append (self, "true", 4);
  else
    append (self, "false", 5);
}

void
lks_device_body_add_int (LksDeviceBody *self, const char *member, gint64 value)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  append_member (self, member);
  append (self, text, strlen (text));
}

/* Closes the object; nothing may be added afterwards. */
void
lks_device_body_end (LksDeviceBody *self)
{
  append (self, self->size == 0 ? "{}" : "}", self->size == 0 ? 2 : 1);
}

void
lks_device_body_clear (LksDeviceBody *self)
{
  if (self->text != NULL)
    {
      explicit_bzero (self->text, self->capacity);
      g_free (self->text);
    }
  *self = (LksDeviceBody){ 0 };
}
