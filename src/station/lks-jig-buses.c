/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bus number of a port is Linux's, which may give it to another controller after the next
 * start. So a map remembers whose it was when the map was taught, and its places follow.
 */
#include "lks-jig-buses-private.h"

#include "lks-number.h"

#include <string.h>

#define BUS_MAX 255
#define BUSES_MAX 64 /* as many as there are places, at most */
#define CONTROLLER_MAX_BYTES 256

/**
 * lks_jig_buses_new:
 *
 * Returns: (transfer full): nothing is known of any bus
 */
GHashTable *
lks_jig_buses_new (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

static const char *
get_controller (GHashTable *buses, guint bus)
{
  return g_hash_table_lookup (buses, GUINT_TO_POINTER (bus));
}

static void
set_controller (GHashTable *buses, guint bus, const char *controller)
{
  g_hash_table_insert (buses, GUINT_TO_POINTER (bus), g_strdup (controller));
}

/* 0 when there is none; there is never more than one */
static guint
find_bus (GHashTable *buses, const char *controller)
{
  GHashTableIter iter;
  gpointer bus, other;

  g_hash_table_iter_init (&iter, buses);
  while (g_hash_table_iter_next (&iter, &bus, &other))
    if (g_str_equal (other, controller))
      return GPOINTER_TO_UINT (bus);
  return 0;
}

/* Printable ASCII without what JSON escapes: sysfs has no other. */
static gboolean
is_controller (const char *text)
{
  gsize length = strlen (text);

  if (length < 1 || length > CONTROLLER_MAX_BYTES)
    return FALSE;
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isprint (*at) || *at == '"' || *at == '\\')
      return FALSE;
  return TRUE;
}

/* ---- the file ---- */

static gboolean
read_bus (GHashTable *taught, LksJson *json, JsonNode *node, GError **error)
{
  static const char *const members[] = { "bus", "controller", NULL };
  g_autofree char *controller = NULL;
  gint64 bus;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      lks_json_set_error (json, node, error, "“buses”: expected objects");
      return FALSE;
    }
  object = json_node_get_object (node);
  if (!lks_json_check_members (json, object, members, error) ||
      !lks_json_read_int (json, object, "bus", 1, BUS_MAX, &bus, error) ||
      !lks_json_read_string (json, object, "controller", &controller, error))
    return FALSE;

  if (!is_controller (controller))
    lks_json_set_error (json, node, error, "bus %d: “controller” names no controller", (int) bus);
  else if (get_controller (taught, (guint) bus) != NULL)
    lks_json_set_error (json, node, error, "bus %d has two controllers", (int) bus);
  else if (find_bus (taught, controller) != 0)
    lks_json_set_error (json, node, error, "the buses %u and %d have the same controller",
                        find_bus (taught, controller), (int) bus);
  else
    {
      set_controller (taught, (guint) bus, controller);
      return TRUE;
    }
  return FALSE;
}

/**
 * lks_jig_buses_read:
 * @taught: empty; on failure with a part of what was read
 * @json: the text of a map
 * @root: its object
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads what a map says about its buses, which may be nothing.
 *
 * Returns: whether it is well formed and does not contradict itself
 */
gboolean
lks_jig_buses_read (GHashTable *taught, LksJson *json, JsonObject *root, GError **error)
{
  JsonArray *array;

  if (!lks_json_has (root, "buses"))
    return TRUE;
  if (!lks_json_read_array (json, root, "buses", &array, error))
    return FALSE;
  if (json_array_get_length (array) > BUSES_MAX)
    {
      lks_json_set_error (json, json_object_get_member (root, "buses"), error,
                          "“buses”: at most %d", BUSES_MAX);
      return FALSE;
    }

  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_bus (taught, json, json_array_get_element (array, i), error))
      return FALSE;
  return TRUE;
}

/**
 * lks_jig_buses_write:
 * @taught: what a map knows about its buses
 * @root: the object of its file
 *
 * Adds the member "buses", unless nothing is known.
 */
void
lks_jig_buses_write (GHashTable *taught, JsonObject *root)
{
  JsonArray *array;

  if (g_hash_table_size (taught) == 0)
    return;

  array = json_array_new ();
  for (guint bus = 1; bus <= BUS_MAX; bus++)
    {
      JsonObject *object;

      if (get_controller (taught, bus) == NULL)
        continue;
      object = json_object_new ();
      json_object_set_int_member (object, "bus", bus);
      json_object_set_string_member (object, "controller", get_controller (taught, bus));
      json_array_add_object_element (array, object);
    }
  json_object_set_array_member (root, "buses", array);
}

/* ---- where a port is ---- */

/* 0 for a number that Linux gives to no bus, or does not write so: such a port is nobody's. */
static guint
split_port (const char *port, const char **out_rest)
{
  const char *dash = strchr (port, '-');
  g_autofree char *digits = dash != NULL ? g_strndup (port, (gsize) (dash - port)) : NULL;
  guint64 bus;

  if (dash == NULL || *port == '0' || !lks_number_read_unsigned (digits, 1, BUS_MAX, &bus))
    return 0;
  *out_rest = dash;
  return (guint) bus;
}

/* A number whose controller the map does not know is taken as it is, unless that number now
 * belongs to a controller that the map knows by another one. */
static guint
locate_bus (GHashTable *taught, GHashTable *here, guint bus)
{
  const char *controller = get_controller (taught, bus);
  const char *now = get_controller (here, bus);

  if (g_hash_table_size (here) == 0)
    return bus;
  if (controller != NULL)
    return find_bus (here, controller);
  return now != NULL && find_bus (taught, now) != 0 ? 0 : bus;
}

/**
 * lks_jig_buses_locate:
 * @taught: what the map knows about its buses
 * @here: the buses of this computer; empty when that cannot be told
 * @port: a port as the map has it
 *
 * Finds a port again. Different ports of one map are found at different places.
 *
 * Returns: (transfer full) (nullable): the port on this computer; NULL when its controller is not
 *   connected
 */
char *
lks_jig_buses_locate (GHashTable *taught, GHashTable *here, const char *port)
{
  const char *rest;
  guint bus = split_port (port, &rest);

  if (bus == 0)
    return g_strdup (port);
  bus = locate_bus (taught, here, bus);
  return bus != 0 ? g_strdup_printf ("%u%s", bus, rest) : NULL;
}

/**
 * lks_jig_buses_learn:
 * @taught: what the map knows about its buses
 * @here: the buses of this computer
 * @port: a port as the map has it
 *
 * Remembers whose the bus of a port is, if the map does not know yet and this computer can tell.
 */
void
lks_jig_buses_learn (GHashTable *taught, GHashTable *here, const char *port)
{
  const char *rest;
  guint bus = split_port (port, &rest);
  const char *controller = bus != 0 ? get_controller (here, bus) : NULL;

  if (controller != NULL && get_controller (taught, bus) == NULL &&
      find_bus (taught, controller) == 0 && is_controller (controller))
    set_controller (taught, bus, controller);
}

/**
 * lks_jig_buses_copy:
 * @taught: what a map knows about its buses
 * @from: buses
 * @port: a port as the map has it
 *
 * Takes over what @from knows about the bus of a port.
 */
void
lks_jig_buses_copy (GHashTable *taught, GHashTable *from, const char *port)
{
  const char *rest;
  guint bus = split_port (port, &rest);
  const char *controller = bus != 0 ? get_controller (from, bus) : NULL;

  if (controller != NULL && is_controller (controller))
    set_controller (taught, bus, controller);
}
