/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which records the stations have: the questions of LksLedgerQuery to the shared ledger. */
#include "lks-share-query.h"

#include "lks-share-private.h"

#include <string.h>

static void
add_text (LksShareQuery *self, const char *condition, const char *value)
{
  LksPgValue bound = { NULL, 0 };

  if (value == NULL)
    return;

  bound.data = g_strdup (value);
  g_ptr_array_add (self->texts, (gpointer) bound.data);
  g_array_append_val (self->values, bound);
  g_string_append_printf (self->where, " AND %s$%u", condition, self->values->len);
}

static void
add_number (LksShareQuery *self, const char *condition, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  if (value == 0)
    return;
  add_text (self, condition, text);
  g_string_append (self->where, "::BIGINT");
}

static void
add_bytes (LksShareQuery *self, const char *condition, const char *value)
{
  add_text (self, condition, value);
  g_array_index (self->values, LksPgValue, self->values->len - 1).size_bytes = strlen (value);
  g_string_append (self->where, "::BYTEA");
}

static void
add_device (LksShareQuery *self, const char *end)
{
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  if (end == NULL)
    return;

  first = lks_share_dup_device_key (end);
  last = g_strconcat (first, "g", NULL); /* behind every hexadecimal digit */
  add_bytes (self, "device_key >= ", first);
  add_bytes (self, "device_key < ", last);
}

static gboolean
is_hash (const char *recipe)
{
  return recipe != NULL && strlen (recipe) == 64 && strspn (recipe, "0123456789abcdef") == 64;
}

/**
 * lks_share_query_new:
 * @query: which records
 * @error: return location for a [error@Lks.LedgerError] when it makes no sense
 *
 * Returns: (transfer full): the same for the shared ledger, or NULL with @error set
 */
LksShareQuery *
lks_share_query_new (const LksLedgerQuery *query, GError **error)
{
  LksShareQuery *self;

  if (!lks_ledger_query_check (query, error))
    return NULL;

  self = g_new0 (LksShareQuery, 1);
  self->where = g_string_new (" WHERE kind = 'run'");
  self->values = g_array_new (FALSE, FALSE, sizeof (LksPgValue));
  self->texts = g_ptr_array_new_with_free_func (g_free);
  add_device (self, query->device_id_end);
  add_text (self, "verdict = ", query->verdict);
  add_text (self, "usb_serial = ", query->usb_serial);
  add_text (self, is_hash (query->recipe) ? "recipe_hash = " : "recipe_name = ", query->recipe);
  add_text (self, "label = ", query->label);
  add_text (self, "batch = ", query->batch);
  add_number (self, "started_us >= ", query->since_us);
  add_number (self, "started_us < ", query->until_us);
  return self;
}

/**
 * lks_share_query_free:
 * @self: (transfer full): a query
 */
void
lks_share_query_free (LksShareQuery *self)
{
  g_string_free (self->where, TRUE);
  g_array_unref (self->values);
  g_ptr_array_unref (self->texts);
  g_free (self);
}

#define RECORD_COLUMNS                                                                             \
  "id, run_id, run_kind, device_id, port, usb_serial, operator, station, started_us, finished_us," \
  " recipe_name, recipe_hash, verdict, outcome, summary, signed_by, unsigned_reason, role, batch," \
  " label, waived"

/* Text of a recipe is long, and most lists do without. */
#define TEXT_COLUMN 22
#define WITHOUT_RECIPE ", NULL"
#define WITH_RECIPE                                                                                \
  ", (SELECT recipes.text FROM lks_recipes AS recipes WHERE recipes.hash = recipe_hash)"

/* What a forged row may lack is not missing for those who show it. */
static const char *
get_or_empty (PGresult *row, int column)
{
  const char *text = lks_pg_get (row, 0, column);

  return text != NULL ? text : "";
}

static LksRecordFields
read_fields (PGresult *row)
{
  return (LksRecordFields){
    .id = get_or_empty (row, 0),
    .run_id = get_or_empty (row, 1),
    .kind = get_or_empty (row, 2),
    .device_id = lks_pg_get (row, 0, 3),
    .port = get_or_empty (row, 4),
    .usb_serial = lks_pg_get (row, 0, 5),
    .operator_name = get_or_empty (row, 6),
    .station = get_or_empty (row, 7),
    .started_us = lks_pg_get_int (row, 0, 8),
    .finished_us = lks_pg_get_int (row, 0, 9),
    .recipe_name = get_or_empty (row, 10),
    .recipe_hash = get_or_empty (row, 11),
    .recipe_text = lks_pg_get (row, 0, 21),
    .verdict = get_or_empty (row, 12),
    .outcome = get_or_empty (row, 13),
    .summary = lks_pg_get (row, 0, 14),
    .signer = lks_pg_get (row, 0, 15),
    .unsigned_reason = lks_pg_get (row, 0, 16),
    .operator_role = lks_pg_get (row, 0, 17),
    .batch = lks_pg_get (row, 0, 18),
    .label = lks_pg_get (row, 0, 19),
    .waived = (guint) lks_pg_get_int (row, 0, 20),
  };
}

static gboolean
add_record_cb (PGresult *row, gpointer data, GError **error)
{
  const LksRecordFields fields = read_fields (row);

  g_ptr_array_add (data, lks_record_new (&fields));
  return TRUE;
}

static GPtrArray *
list (LksShare *self,
      const char *sql,
      const LksPgValue *values,
      guint n_values,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);

  if (!lks_share_check_version (self, cancellable, error) ||
      !lks_pg_for_each (lks_share_get_pg (self), sql, values, n_values, add_record_cb, records,
                        cancellable, error))
    return NULL;
  return g_steal_pointer (&records);
}

/**
 * lks_share_list:
 * @self: a connection
 * @query: which records
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError], a [error@Lks.LedgerError] when @query makes
 *   no sense, or `G_IO_ERROR_CANCELLED`
 *
 * Lists records of all stations without their documents, the last begun first. Blocks.
 *
 * Returns: (transfer full) (element-type LksRecord): the records, or NULL with @error set
 */
GPtrArray *
lks_share_list (LksShare *self,
                const LksLedgerQuery *query,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (LksShareQuery) asked = lks_share_query_new (query, error);
  g_autoptr (GString) sql =
      g_string_new ("SELECT " RECORD_COLUMNS WITHOUT_RECIPE " FROM lks_entries");

  if (asked == NULL)
    return NULL;

  g_string_append (sql, asked->where->str);
  g_string_append (sql, " ORDER BY started_us DESC, ledger_id, sequence DESC");
  if (query->limit > 0)
    g_string_append_printf (sql, " LIMIT %u", query->limit);
  if (query->offset > 0)
    g_string_append_printf (sql, " OFFSET %u", query->offset);
  return list (self, sql->str, (LksPgValue *) (gpointer) asked->values->data, asked->values->len,
               cancellable, error);
}

/**
 * lks_share_find_elsewhere:
 * @self: a connection
 * @ledger_id: the ledger of this station
 * @device_id: 128 digits
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Finds out whether other stations say that they have finalized a board. This is information and no
 * proof: what a board is, only the board tells. Blocks.
 *
 * Returns: (transfer full) (element-type LksRecord): the records that say so, the last begun first,
 *   each with the text of its recipe, where the server has it; or NULL with @error set
 */
GPtrArray *
lks_share_find_elsewhere (LksShare *self,
                          const char *ledger_id,
                          const char *device_id,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autofree char *key = lks_share_dup_device_key (device_id);
  const LksPgValue values[] = { { key, strlen (key) }, { ledger_id, 0 } };

  return list (self,
               "SELECT " RECORD_COLUMNS WITH_RECIPE " FROM lks_entries WHERE kind = 'run'"
               " AND device_key = $1::BYTEA AND ledger_id <> $2 AND verdict = 'PASS'"
               " AND run_kind = 'finalize' ORDER BY started_us DESC, ledger_id, sequence DESC",
               values, G_N_ELEMENTS (values), cancellable, error);
}

/**
 * lks_share_find_label_elsewhere:
 * @self: a connection
 * @ledger_id: the ledger of this station
 * @label: what stands on a unit
 * @device_id: the device ID of its board: 128 digits
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Finds out whether other stations say that they have finalized another board with this label, or
 * this board with another label. Blocks.
 *
 * Returns: (transfer full) (element-type LksRecord): the last record that says so, if there is one;
 *   or NULL with @error set
 */
GPtrArray *
lks_share_find_label_elsewhere (LksShare *self,
                                const char *ledger_id,
                                const char *label,
                                const char *device_id,
                                GCancellable *cancellable,
                                GError **error)
{
  g_autofree char *key = lks_share_dup_device_key (device_id);
  const LksPgValue values[] = { { key, strlen (key) }, { ledger_id, 0 }, { label, 0 } };

  return list (self,
               "SELECT " RECORD_COLUMNS WITHOUT_RECIPE " FROM lks_entries WHERE kind = 'run'"
               " AND ledger_id <> $2 AND verdict = 'PASS' AND run_kind = 'finalize'"
               " AND ((label = $3 AND device_key <> $1::BYTEA)"
               " OR (label <> $3 AND device_key = $1::BYTEA))"
               " ORDER BY started_us DESC, ledger_id, sequence DESC LIMIT 1",
               values, G_N_ELEMENTS (values), cancellable, error);
}

/* With the text behind the columns of a list. */
static gboolean
full_record_cb (PGresult *row, gpointer data, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) document = lks_share_read_document (row, TEXT_COLUMN, &text);
  LksRecordFields fields = read_fields (row);
  LksRecord **record = data;

  fields.document = document != NULL ? text : NULL;
  if (*record == NULL)
    *record = lks_record_new (&fields);
  return TRUE;
}

/**
 * lks_share_get:
 * @self: a connection
 * @id: of a record
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError], a [error@Lks.LedgerError], NOT_FOUND or
 *   CORRUPT, or `G_IO_ERROR_CANCELLED`
 *
 * Reads a record of a check or a finalization of any station, with its document and the text of its
 * recipe. Blocks.
 *
 * Returns: (transfer full): the record, or NULL with @error set
 */
LksRecord *
lks_share_get (LksShare *self, const char *id, GCancellable *cancellable, GError **error)
{
  const LksPgValue values[] = { { id, 0 } };
  g_autoptr (LksRecord) record = NULL;

  if (!lks_share_check_version (self, cancellable, error) ||
      !lks_pg_for_each (lks_share_get_pg (self),
                        "SELECT " RECORD_COLUMNS WITH_RECIPE ", text FROM lks_entries"
                        " WHERE kind = 'run' AND id = $1 ORDER BY ledger_id, sequence LIMIT 1",
                        values, G_N_ELEMENTS (values), full_record_cb, &record, cancellable, error))
    return NULL;

  if (record == NULL)
    g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND,
                 "the shared ledger has no record %s of a check or a finalization", id);
  else if (lks_record_get_fields (record)->document == NULL)
    g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_CORRUPT,
                 "the shared ledger has no evidence that can be read for record %s", id);
  else
    return g_steal_pointer (&record);
  return NULL;
}
