/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-share-private.h"
#include "lks-share-query.h"

#include <string.h>

/* The newest proof of each board by the clocks of the stations, and how many ledgers say that they
 * locked it: a board is locked once. */
#define UNITS_BEGIN                                                                                \
  "SELECT text, device_id, outcome, finished_us, recipe_name, recipe_hash, station, operator, id," \
  " (SELECT count(DISTINCT other.ledger_id) FROM lks_entries AS other WHERE other.kind = 'run'"    \
  "  AND other.device_key = newest.device_key AND other.outcome = 'finalized') AS n_ledgers"       \
  " FROM (SELECT lks_entries.*, row_number () OVER (PARTITION BY device_key ORDER BY finished_us " \
  "DESC,"                                                                                          \
  " ledger_id, sequence DESC) AS place FROM lks_entries WHERE kind = 'run'"                        \
  " AND run_kind = 'finalize' AND verdict = 'PASS' AND device_key IS NOT NULL) AS newest"

typedef struct
{
  LksShareUnitFunc func;
  gpointer func_data;
  gboolean ended;
} Walk;

static JsonArray *
find_steps (JsonNode *root)
{
  JsonObject *object;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  if (!json_object_has_member (object, "steps") ||
      !JSON_NODE_HOLDS_ARRAY (json_object_get_member (object, "steps")))
    return NULL;
  return json_object_get_array_member (object, "steps");
}

static JsonObject *
get_object (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* What the last step of one of two names has read, as the local ledger tells it. */
static const char *
find_read (JsonArray *steps, const char *first, const char *second)
{
  for (guint i = steps != NULL ? json_array_get_length (steps) : 0; i > 0; i--)
    {
      JsonNode *node = json_array_get_element (steps, i - 1);
      JsonObject *step = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = step != NULL ? get_text (step, "name") : NULL;

      if (g_strcmp0 (name, first) == 0 || g_strcmp0 (name, second) == 0)
        return get_text (get_object (step, "evidence"), "read");
    }
  return NULL;
}

/* The record's document, which is JSON in a text of the canonical text. */
static JsonNode *
read_document (PGresult *row)
{
  gsize size_bytes = 0;
  guchar *bytes = PQunescapeBytea ((const guchar *) PQgetvalue (row, 0, 0), &size_bytes);
  g_autoptr (LksShareEntry) entry = NULL;
  const char *document = NULL;

  if (bytes == NULL)
    return NULL;

  entry = lks_share_entry_new ("", 0, "", (const char *) bytes, size_bytes);
  PQfreemem (bytes);
  if (entry->root != NULL && JSON_NODE_HOLDS_OBJECT (entry->root))
    document = get_text (get_object (json_node_get_object (entry->root), "record"), "document");
  return document != NULL ? json_from_string (document, NULL) : NULL;
}

static gboolean
unit_cb (PGresult *row, gpointer data, GError **error)
{
  Walk *self = data;
  g_autoptr (JsonNode) document = read_document (row);
  JsonArray *steps = find_steps (document);
  const LksShareUnit unit = {
    .unit = {
      .device_id = (char *) lks_pg_get (row, 0, 1),
      .state = (char *) find_read (steps, "state", "verify-state"),
      .os_version = (char *) find_read (steps, "os-version", "verify-os-version"),
      .outcome = (char *) lks_pg_get (row, 0, 2),
      .proven_us = lks_pg_get_int (row, 0, 3),
      .recipe_name = (char *) lks_pg_get (row, 0, 4),
      .recipe_hash = (char *) lks_pg_get (row, 0, 5),
      .station = (char *) lks_pg_get (row, 0, 6),
      .operator_name = (char *) lks_pg_get (row, 0, 7),
      .record_id = (char *) lks_pg_get (row, 0, 8),
    },
    .n_ledgers = (guint64) lks_pg_get_int (row, 0, 9),
  };

  if (!self->ended)
    self->ended = !self->func (&unit, self->func_data);
  return TRUE;
}

/**
 * lks_share_for_each_unit:
 * @self: a connection
 * @query: which boards: their newest proof must match; its offset and limit do not matter
 * @func: (scope call): called with each board; FALSE ends it
 * @func_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError], a [error@Lks.LedgerError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Tells which boards all stations have finished, as lks_ledger_for_each_unit() does for one, and of
 * which boards more than one station says so. Blocks, with flat memory.
 *
 * Returns: whether all could be read; TRUE also when @func ended it
 */
gboolean
lks_share_for_each_unit (LksShare *self,
                         const LksLedgerQuery *query,
                         LksShareUnitFunc func,
                         gpointer func_data,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (LksShareQuery) asked = lks_share_query_new (query, error);
  g_autoptr (GString) sql = g_string_new (UNITS_BEGIN);
  Walk walk = { .func = func, .func_data = func_data };

  if (asked == NULL || !lks_share_check_version (self, cancellable, error))
    return FALSE;

  g_string_append (sql, asked->where->str);
  g_string_append (sql, " AND place = 1 ORDER BY finished_us, ledger_id, sequence");
  return lks_pg_for_each (lks_share_get_pg (self), sql->str,
                          (LksPgValue *) (gpointer) asked->values->data, asked->values->len,
                          unit_cb, &walk, cancellable, error);
}
