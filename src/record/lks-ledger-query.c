/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-private.h"

#include <string.h>

/* For another thread. */
void
lks_ledger_query_copy (const LksLedgerQuery *query, LksLedgerQuery *out_copy)
{
  *out_copy = *query;
  out_copy->device_id_end = g_strdup (query->device_id_end);
  out_copy->verdict = g_strdup (query->verdict);
  out_copy->usb_serial = g_strdup (query->usb_serial);
  out_copy->recipe = g_strdup (query->recipe);
  out_copy->label = g_strdup (query->label);
  out_copy->batch = g_strdup (query->batch);
}

void
lks_ledger_query_clear (LksLedgerQuery *copy)
{
  g_free ((char *) copy->device_id_end);
  g_free ((char *) copy->verdict);
  g_free ((char *) copy->usb_serial);
  g_free ((char *) copy->recipe);
  g_free ((char *) copy->label);
  g_free ((char *) copy->batch);
}

static void
query_free (gpointer data)
{
  lks_ledger_query_clear (data);
  g_free (data);
}

/* Lets @func answer a copy of @query, which is its task data, on the ledger's own thread. */
void
lks_ledger_push_query (LksLedger *self,
                       const LksLedgerQuery *query,
                       gpointer tag,
                       GTaskThreadFunc func,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  LksLedgerQuery *copy = g_new0 (LksLedgerQuery, 1);

  lks_ledger_query_copy (query, copy);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, copy, query_free);
  lks_worker_push (lks_ledger_get_worker (self), task, func);
}

/**
 * lks_ledger_query_check:
 * @query: a query
 * @error: return location for a [error@Lks.LedgerError], code INVALID
 *
 * Returns: whether it makes sense
 */
gboolean
lks_ledger_query_check (const LksLedgerQuery *query, GError **error)
{
  const char *end = query->device_id_end;

  if (end == NULL || (strlen (end) >= 4 && strlen (end) <= 128 &&
                      strspn (end, "0123456789abcdefABCDEF") == strlen (end)))
    return TRUE;

  g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID,
               "“%s” is no end of a device ID: give 4 to 128 hexadecimal digits", end);
  return FALSE;
}

/* A name may be 64 digits long, but is then hardly one. */
static gboolean
is_hash (const char *recipe)
{
  return strlen (recipe) == 64 && strspn (recipe, "0123456789abcdef") == 64;
}

static gboolean
is_same (const char *wanted, const char *value)
{
  return wanted == NULL || g_strcmp0 (wanted, value) == 0;
}

static gboolean
has_end (const char *device_id, const char *end)
{
  g_autofree char *lower = end != NULL ? g_ascii_strdown (end, -1) : NULL;

  return end == NULL || (device_id != NULL && g_str_has_suffix (device_id, lower));
}

/**
 * lks_ledger_query_wants:
 * @query: a query
 * @fields: a record, with or without its document
 *
 * Returns: whether the record is one of those that are asked for; offset and limit do not matter
 */
gboolean
lks_ledger_query_wants (const LksLedgerQuery *query, const LksRecordFields *fields)
{
  const gboolean by_hash = query->recipe != NULL && is_hash (query->recipe);

  return has_end (fields->device_id, query->device_id_end) &&
         is_same (query->usb_serial, fields->usb_serial) &&
         is_same (query->verdict, fields->verdict) &&
         is_same (query->recipe, by_hash ? fields->recipe_hash : fields->recipe_name) &&
         is_same (query->label, fields->label) && is_same (query->batch, fields->batch) &&
         (query->since_us == 0 || fields->started_us >= query->since_us) &&
         (query->until_us == 0 || fields->started_us < query->until_us);
}

/* The WHERE part for @query. Its names are bound by lks_ledger_query_bind(), never pasted. */
char *
lks_ledger_query_to_sql (const LksLedgerQuery *query)
{
  const char *recipe = "";

  if (query->recipe != NULL)
    recipe = is_hash (query->recipe) ? " AND recipe_hash = :recipe" : " AND recipe_name = :recipe";
  return g_strconcat (" WHERE TRUE",
                      query->device_id_end != NULL
                          ? " AND device_id_reversed >= :first AND device_id_reversed < :last"
                          : "",
                      query->usb_serial != NULL ? " AND usb_serial = :usb_serial" : "",
                      query->verdict != NULL ? " AND verdict = :verdict" : "", recipe,
                      query->label != NULL ? " AND label = :label" : "",
                      query->batch != NULL ? " AND batch = :batch" : "",
                      query->since_us != 0 ? " AND started_us >= :since_us" : "",
                      query->until_us != 0 ? " AND started_us < :until_us" : "", NULL);
}

/* Whether it asks for the few records of one board or unit. */
gboolean
lks_ledger_query_is_narrow (const LksLedgerQuery *query)
{
  return query->device_id_end != NULL || query->usb_serial != NULL || query->label != NULL;
}

/* Without statistics SQLite likes an order that an index has so much that it would rather look at
 * a million rows in that order than sort the few of one board: the plus signs keep it from that. */
char *
lks_ledger_query_to_order (const LksLedgerQuery *query, const char *table)
{
  const char *plus = lks_ledger_query_is_narrow (query) ? "+" : "";

  return g_strdup_printf (" ORDER BY %s%s.started_us DESC, %s%s.sequence DESC", plus, table, plus,
                          table);
}

void
lks_ledger_query_bind (const LksLedgerQuery *query, sqlite3_stmt *statement)
{
  if (query->device_id_end != NULL)
    {
      g_autofree char *first = g_ascii_strdown (query->device_id_end, -1);
      g_autofree char *last = g_strconcat (g_strreverse (first), "g", NULL);

      sqlite3_bind_text (statement, sqlite3_bind_parameter_index (statement, ":first"), first, -1,
                         SQLITE_TRANSIENT);
      sqlite3_bind_text (statement, sqlite3_bind_parameter_index (statement, ":last"), last, -1,
                         SQLITE_TRANSIENT);
    }
  if (query->verdict != NULL)
    lks_sql_bind (statement, ":verdict", query->verdict);
  if (query->usb_serial != NULL)
    lks_sql_bind (statement, ":usb_serial", query->usb_serial);
  if (query->recipe != NULL)
    lks_sql_bind (statement, ":recipe", query->recipe);
  if (query->label != NULL)
    lks_sql_bind (statement, ":label", query->label);
  if (query->batch != NULL)
    lks_sql_bind (statement, ":batch", query->batch);
  if (query->since_us != 0)
    lks_sql_bind_int (statement, ":since_us", query->since_us);
  if (query->until_us != 0)
    lks_sql_bind_int (statement, ":until_us", query->until_us);
}
