/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-redaction-private.h"

#include <string.h>

#define HIDDEN_ADDRESS "xx:xx:xx:xx:xx:xx"

/* A shorter name may be part of any word; it counts only where it stands alone. */
#define SURE_NAME_BYTES 4

/* Members that hold a network's name, wherever they are. */
static const char *const name_members[] = { "ssid", "configName", NULL };
static const char *const address_members[] = { "hardwareAddress", NULL };

/**
 * lks_redaction_new:
 * @hide_names: whether names of networks are to be hidden
 * @hide_addresses: whether hardware addresses (MAC) are
 *
 * Returns: (transfer full): a redaction that has learned nothing yet
 */
LksRedaction *
lks_redaction_new (gboolean hide_names, gboolean hide_addresses)
{
  LksRedaction *self = g_new0 (LksRedaction, 1);

  self->hide_names = hide_names;
  self->hide_addresses = hide_addresses;
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->addresses = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * lks_redaction_free:
 * @self: (transfer full) (nullable): a redaction
 */
void
lks_redaction_free (LksRedaction *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->addresses);
  g_free (self);
}

/* ---- learning ---- */

static void
add_once (GPtrArray *texts, char *text)
{
  if (text[0] == '\0' || g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
    g_free (text);
  else
    g_ptr_array_add (texts, text);
}

static void
learn_member (JsonObject *object, const char *member, JsonNode *node, gpointer user_data)
{
  LksRedaction *self = user_data;
  const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  if (text == NULL)
    lks_redaction_learn (self, node);
  else if (g_strv_contains (name_members, member))
    add_once (self->names, g_strdup (text));
  else if (g_strv_contains (address_members, member) && strlen (text) == LKS_MAC_TEXT_BYTES)
    add_once (self->addresses, g_strdelimit (g_ascii_strdown (text, -1), "-", ':'));
}

static void
learn_element (JsonArray *array, guint index, JsonNode *node, gpointer user_data)
{
  lks_redaction_learn (user_data, node);
}

/**
 * lks_redaction_learn:
 * @self: a redaction
 * @node: what a board told
 *
 * Takes note of the names and addresses in it.
 */
void
lks_redaction_learn (LksRedaction *self, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_foreach_member (json_node_get_object (node), learn_member, self);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    json_array_foreach_element (json_node_get_array (node), learn_element, self);
}

/* ---- texts ---- */

gboolean
lks_redaction_is_address (const char *text, gsize left)
{
  if (left < LKS_MAC_TEXT_BYTES)
    return FALSE;

  for (gsize i = 0; i < LKS_MAC_TEXT_BYTES; i++)
    if (i % 3 == 2 ? text[i] != ':' && text[i] != '-' : !g_ascii_isxdigit (text[i]))
      return FALSE;
  return TRUE;
}

static gboolean
stands_alone (const char *text, const char *at, gsize length)
{
  gboolean is_begin = at == text || !g_ascii_isalnum (at[-1]);

  return is_begin && !g_ascii_isalnum (at[length]);
}

/* The longest name that stands there, so that “Plant-2” is not taken for “Plant”. */
static int
find_name (LksRedaction *self, const char *text, const char *at, gsize *out_length)
{
  int found = -1;

  for (guint i = 0; self->hide_names && i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);
      gsize length = strlen (name);

      if (strncmp (at, name, length) != 0 || (found >= 0 && length <= *out_length) ||
          (length < SURE_NAME_BYTES && !stands_alone (text, at, length)))
        continue;
      found = (int) i;
      *out_length = length;
    }
  return found;
}

/**
 * lks_redaction_clean_text:
 * @self: a redaction
 * @text: a text
 *
 * Returns: (transfer full): @text with every name that was learned as “network-1” and so on, the
 *   same one for the same name, and every hardware address as xx:xx:xx:xx:xx:xx
 */
char *
lks_redaction_clean_text (LksRedaction *self, const char *text)
{
  GString *clean = g_string_new (NULL);
  gsize length = 0;

  for (const char *at = text; *at != '\0'; at += length)
    {
      int name = find_name (self, text, at, &length);

      if (name >= 0)
        g_string_append_printf (clean, "network-%d", name + 1);
      else if (self->hide_addresses && lks_redaction_is_address (at, strlen (at)))
        {
          g_string_append (clean, HIDDEN_ADDRESS);
          length = LKS_MAC_TEXT_BYTES;
        }
      else
        {
          g_string_append_c (clean, *at);
          length = 1;
        }
    }
  return g_string_free (clean, FALSE);
}

static void
clean_member (JsonObject *object, const char *member, JsonNode *node, gpointer user_data)
{
  lks_redaction_clean_json (user_data, node);
}

static void
clean_element (JsonArray *array, guint index, JsonNode *node, gpointer user_data)
{
  lks_redaction_clean_json (user_data, node);
}

/**
 * lks_redaction_clean_json:
 * @self: a redaction
 * @node: what a board told; changed in place
 *
 * Cleans every text in it; the members' names stay.
 */
void
lks_redaction_clean_json (LksRedaction *self, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_foreach_member (json_node_get_object (node), clean_member, self);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    json_array_foreach_element (json_node_get_array (node), clean_element, self);
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_string (node) != NULL)
    {
      g_autofree char *clean = lks_redaction_clean_text (self, json_node_get_string (node));

      json_node_set_string (node, clean);
    }
}
