/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-jig-place.h"

#include <string.h>

#define PORT_MAX_BYTES 32
#define NAME_MAX_CHARS 8
#define LETTERS 26

struct _LksJigPlace
{
  GObject parent_instance;

  char *port;        /* (owned) (nullable): here and now */
  char *taught_port; /* (owned): as the map has it */
  char *name;        /* (owned) */
  guint row, column;
  gboolean is_allowed;
};

G_DEFINE_FINAL_TYPE (LksJigPlace, lks_jig_place, G_TYPE_OBJECT)

typedef enum
{
  PROP_PORT = 1,
  PROP_NAME,
  PROP_ROW,
  PROP_COLUMN,
  PROP_ALLOWED,
} LksJigPlaceProperty;

static GParamSpec *properties[PROP_ALLOWED + 1];

static void
lks_jig_place_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksJigPlace *self = LKS_JIG_PLACE (object);

  switch ((LksJigPlaceProperty) prop_id)
    {
    case PROP_PORT:
      g_value_set_string (value, self->port);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_ROW:
      g_value_set_uint (value, self->row);
      break;
    case PROP_COLUMN:
      g_value_set_uint (value, self->column);
      break;
    case PROP_ALLOWED:
      g_value_set_boolean (value, self->is_allowed);
      break;
    }
}

static void
lks_jig_place_finalize (GObject *object)
{
  LksJigPlace *self = LKS_JIG_PLACE (object);

  g_free (self->port);
  g_free (self->taught_port);
  g_free (self->name);
  G_OBJECT_CLASS (lks_jig_place_parent_class)->finalize (object);
}

static void
lks_jig_place_class_init (LksJigPlaceClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_jig_place_get_property;
  object_class->finalize = lks_jig_place_finalize;

  properties[PROP_PORT] = g_param_spec_string ("port", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ROW] = g_param_spec_uint ("row", NULL, NULL, 1, LKS_JIG_LINES_MAX, 1, flags);
  properties[PROP_COLUMN] =
      g_param_spec_uint ("column", NULL, NULL, 1, LKS_JIG_LINES_MAX, 1, flags);
  properties[PROP_ALLOWED] = g_param_spec_boolean ("allowed", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_jig_place_init (LksJigPlace *self)
{
}

/**
 * lks_jig_place_new:
 * @port: the place on the USB tree, as `locksmithctl list` names it: "1-2.3"
 * @name: what is written beside the socket: "A3"
 * @row: from 1, at the top
 * @column: from 1, at the left
 * @is_allowed: whether boards may be finalized there
 *
 * Whether all of it is right is asked by lks_jig_set_places().
 *
 * Returns: (transfer full): a place
 */
LksJigPlace *
lks_jig_place_new (const char *port, const char *name, guint row, guint column, gboolean is_allowed)
{
  LksJigPlace *self = g_object_new (LKS_TYPE_JIG_PLACE, NULL);

  self->port = g_strdup (port);
  self->taught_port = g_strdup (port);
  self->name = g_strdup (name);
  self->row = row;
  self->column = column;
  self->is_allowed = is_allowed;
  return self;
}

/**
 * lks_jig_place_copy_to:
 * @self: a place
 * @port: (nullable): where its port is now; NULL when its controller is not connected
 *
 * Returns: (transfer full): the same place, there
 */
LksJigPlace *
lks_jig_place_copy_to (LksJigPlace *self, const char *port)
{
  LksJigPlace *copy;

  g_return_val_if_fail (LKS_IS_JIG_PLACE (self), NULL);

  copy =
      lks_jig_place_new (self->taught_port, self->name, self->row, self->column, self->is_allowed);
  g_free (copy->port);
  copy->port = g_strdup (port);
  return copy;
}

/**
 * lks_jig_place_copy_allowed:
 * @self: a place
 * @is_allowed: whether boards may be finalized there
 *
 * Returns: (transfer full): the same place, allowed or forbidden
 */
LksJigPlace *
lks_jig_place_copy_allowed (LksJigPlace *self, gboolean is_allowed)
{
  LksJigPlace *copy;

  g_return_val_if_fail (LKS_IS_JIG_PLACE (self), NULL);

  copy = lks_jig_place_copy_to (self, self->port);
  copy->is_allowed = is_allowed;
  return copy;
}

/**
 * lks_jig_place_get_port:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): its place on the USB tree, as boards that are plugged in
 *   there name it now; NULL when its USB controller is not connected
 */
const char *
lks_jig_place_get_port (LksJigPlace *self)
{
  g_return_val_if_fail (LKS_IS_JIG_PLACE (self), NULL);

  return self->port;
}

/**
 * lks_jig_place_get_taught_port:
 * @self: a place
 *
 * Returns: (transfer none): its place on the USB tree when it was taught, by which the map knows it
 */
const char *
lks_jig_place_get_taught_port (LksJigPlace *self)
{
  g_return_val_if_fail (LKS_IS_JIG_PLACE (self), NULL);

  return self->taught_port;
}

/**
 * lks_jig_place_get_name:
 * @self: a place
 *
 * Returns: (transfer none): what is written beside the socket
 */
const char *
lks_jig_place_get_name (LksJigPlace *self)
{
  g_return_val_if_fail (LKS_IS_JIG_PLACE (self), NULL);

  return self->name;
}

/**
 * lks_jig_place_get_row:
 * @self: a place
 *
 * Returns: its row, from 1 at the top
 */
guint
lks_jig_place_get_row (LksJigPlace *self)
{
  g_return_val_if_fail (LKS_IS_JIG_PLACE (self), 0);

  return self->row;
}

/**
 * lks_jig_place_get_column:
 * @self: a place
 *
 * Returns: its column, from 1 at the left
 */
guint
lks_jig_place_get_column (LksJigPlace *self)
{
  g_return_val_if_fail (LKS_IS_JIG_PLACE (self), 0);

  return self->column;
}

/**
 * lks_jig_place_get_allowed:
 * @self: a place
 *
 * Returns: whether boards may be finalized there
 */
gboolean
lks_jig_place_get_allowed (LksJigPlace *self)
{
  g_return_val_if_fail (LKS_IS_JIG_PLACE (self), FALSE);

  return self->is_allowed;
}

static gboolean
skip_number (const char **at)
{
  const char *start = *at;

  while (g_ascii_isdigit (**at))
    (*at)++;
  return *at > start;
}

/**
 * lks_jig_port_is_valid:
 * @port: a text
 *
 * Asks whether a text is a place on the USB tree: the bus, "-", and the ports of the hubs on the
 * way, with dots between.
 *
 * Returns: whether it is
 */
gboolean
lks_jig_port_is_valid (const char *port)
{
  const char *at = port;

  if (strlen (port) > PORT_MAX_BYTES || !skip_number (&at) || *at++ != '-' || !skip_number (&at))
    return FALSE;
  while (*at == '.')
    {
      at++;
      if (!skip_number (&at))
        return FALSE;
    }
  return *at == '\0';
}

/**
 * lks_jig_name_is_valid:
 * @name: a text
 *
 * Asks whether a text can be the name of a place: 1 to 8 printable characters, which can be read
 * from afar, without spaces at its ends.
 *
 * Returns: whether it can
 */
gboolean
lks_jig_name_is_valid (const char *name)
{
  glong length = g_utf8_strlen (name, -1);

  if (length < 1 || length > NAME_MAX_CHARS || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isprint (g_utf8_get_char (at)))
      return FALSE;
  return name[0] != ' ' && name[strlen (name) - 1] != ' ';
}

/**
 * lks_jig_name_for:
 * @row: from 1
 * @column: from 1
 *
 * Names a place as one names the squares of a chess board: "A1", "A2" … in the first row, "B1" in
 * the second; the rows after "Z" are "AA", "AB" ….
 *
 * Returns: (transfer full): a name
 */
char *
lks_jig_name_for (guint row, guint column)
{
  if (row <= LETTERS)
    return g_strdup_printf ("%c%u", 'A' + row - 1, column);
  return g_strdup_printf ("%c%c%u", 'A' + (row - 1) / LETTERS - 1, 'A' + (row - 1) % LETTERS,
                          column);
}
