/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry of a chain as a row of the shared table: its canonical text, and what is searched. */
#include "lks-share-private.h"

#include <string.h>

/* In the order of a row. Those with a member are made from the text, here and when it is checked.
 */
const LksShareColumn lks_share_columns[LKS_SHARE_N_COLUMNS] = {
  [LKS_SHARE_COLUMN_LEDGER_ID] = { "ledger_id", "", NULL, FALSE },
  [LKS_SHARE_COLUMN_SEQUENCE] = { "sequence", "::BIGINT", NULL, FALSE },
  [LKS_SHARE_COLUMN_HASH] = { "hash", "", NULL, FALSE },
  [LKS_SHARE_COLUMN_TEXT] = { "text", "::BYTEA", NULL, FALSE },
  { "kind", "", "kind", TRUE },
  { "id", "", "id", TRUE },
  { "state", "", "state", TRUE },
  { "previous", "", "previous", TRUE },
  { "signed_by", "", "key", TRUE },
  { "unsigned_reason", "", "unsigned", TRUE },
  { "run_id", "", "run_id", FALSE },
  { "run_kind", "", "kind", FALSE },
  { "device_id", "", "device_id", FALSE },
  { "device_key", "::BYTEA", "device_id_reversed", FALSE },
  { "port", "", "port", FALSE },
  { "usb_serial", "", "usb_serial", FALSE },
  { "operator", "", "operator", FALSE },
  { "station", "", "station", FALSE },
  { "started_us", "::BIGINT", "started_us", FALSE },
  { "finished_us", "::BIGINT", "finished_us", FALSE },
  { "recipe_name", "", "recipe_name", FALSE },
  { "recipe_hash", "", "recipe_hash", FALSE },
  { "verdict", "", "verdict", FALSE },
  { "outcome", "", "outcome", FALSE },
  { "summary", "", "summary", FALSE },
  { "role", "", "role", FALSE },
  { "batch", "", "batch", FALSE },
  { "label", "", "label", FALSE },
  { "waived", "::BIGINT", "waived", FALSE },
};

/**
 * lks_share_entry_free:
 * @self: (transfer full): an entry
 */
void
lks_share_entry_free (LksShareEntry *self)
{
  for (guint i = 0; i < LKS_SHARE_N_COLUMNS; i++)
    g_free (self->texts[i]);
  g_clear_pointer (&self->root, json_node_unref);
  g_free (self);
}

/* What the server would refuse in a text is left out of the columns; "text" has every byte. */
static char *
dup_member (JsonObject *object, const LksShareColumn *column)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, column->member) : NULL;
  const gboolean is_number = g_str_equal (column->cast, "::BIGINT");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (is_number)
    return json_node_get_value_type (node) == G_TYPE_INT64
               ? g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node))
               : NULL;
  return json_node_get_value_type (node) == G_TYPE_STRING ? g_strdup (json_node_get_string (node))
                                                          : NULL;
}

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static JsonObject *
get_object (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* A text that is no JSON, as a forged one may be, has no columns. */
static JsonNode *
parse (const char *text, gsize text_bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) text_bytes);

  if (!json_parser_load_from_data (parser, valid, -1, NULL))
    return NULL;
  return json_parser_steal_root (parser);
}

/**
 * lks_share_entry_new:
 * @ledger_id: UUID of the ledger
 * @sequence: the entry's number
 * @hash: the hash of @text
 * @text: a canonical text, whoever may have written it
 * @text_bytes: its size
 *
 * Returns: (transfer full): the row for it
 */
LksShareEntry *
lks_share_entry_new (const char *ledger_id,
                     gint64 sequence,
                     const char *hash,
                     const char *text,
                     gsize text_bytes)
{
  LksShareEntry *self = g_new0 (LksShareEntry, 1);
  JsonObject *entry = NULL;
  JsonObject *record;

  self->texts[LKS_SHARE_COLUMN_LEDGER_ID] = g_strdup (ledger_id);
  self->texts[LKS_SHARE_COLUMN_SEQUENCE] = g_strdup_printf ("%" G_GINT64_FORMAT, sequence);
  self->texts[LKS_SHARE_COLUMN_HASH] = g_strdup (hash);
  self->texts[LKS_SHARE_COLUMN_TEXT] = g_strndup (text, text_bytes);
  self->text_bytes = text_bytes;

  self->root = parse (text, text_bytes);
  if (self->root != NULL && JSON_NODE_HOLDS_OBJECT (self->root))
    entry = json_node_get_object (self->root);
  record = get_object (entry, "record");
  for (guint i = LKS_SHARE_COLUMN_FIRST_OF_ENTRY; i < LKS_SHARE_N_COLUMNS; i++)
    self->texts[i] =
        dup_member (lks_share_columns[i].of_entry ? entry : record, &lks_share_columns[i]);
  if (record != NULL)
    {
      self->recipe_hash = get_text (record, "recipe_hash");
      self->recipe_text = get_text (record, "recipe_text");
    }
  return self;
}

/**
 * lks_share_entry_get_value:
 * @self: an entry
 * @column: one of lks_share_columns
 *
 * Returns: what to send for it, valid as long as @self
 */
LksPgValue
lks_share_entry_get_value (const LksShareEntry *self, guint column)
{
  const char *text = self->texts[column];
  const gboolean is_bytes = g_str_equal (lks_share_columns[column].cast, "::BYTEA");

  if (text == NULL || !is_bytes)
    return (LksPgValue){ .data = text };
  return (LksPgValue){
    .data = text,
    .size_bytes = column == LKS_SHARE_COLUMN_TEXT ? self->text_bytes : strlen (text),
  };
}

/* What "device_key" has of a device ID, or of the end of one. */
char *
lks_share_dup_device_key (const char *device_id)
{
  return g_strreverse (g_ascii_strdown (device_id, -1));
}
