/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-log-writer.h"

#include <string.h>

G_DEFINE_ENUM_TYPE (LksLogFormat,
                    lks_log_format,
                    G_DEFINE_ENUM_VALUE (LKS_LOG_FORMAT_RAW, "raw"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_FORMAT_TEXT, "text"),
                    G_DEFINE_ENUM_VALUE (LKS_LOG_FORMAT_JSONL, "jsonl"))

/* One walk through a log. */
typedef struct
{
  LksLogRing *ring;       /* (unowned) */
  const LksLogWish *wish; /* (unowned) */
  LksLogFormat format;
  GString *text; /* (owned): what is not written yet */
  guint problem; /* the next one to tell */
  guint start;   /* of the record before */
} Walk;

/* Text is handed on in pieces of this size, not line by line. */
#define PIECE_BYTES (32 * 1024)

static JsonNode *
problem_to_json (const LksLogProblem *problem)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "problem", problem->message);
  json_object_set_int_member (object, "offsetBytes", problem->offset_bytes);
  json_object_set_int_member (object, "lostBytes", problem->lost_bytes);
  json_node_take_object (node, object);
  return node;
}

static void
append_json (GString *text, JsonNode *node)
{
  g_autofree char *line = json_to_string (node, FALSE);

  g_string_append_printf (text, "%s\n", line);
  json_node_unref (node);
}

static void
tell_problem (Walk *walk, const LksLogProblem *problem)
{
  if (walk->format == LKS_LOG_FORMAT_JSONL)
    append_json (walk->text, problem_to_json (problem));
  else if (problem->lost_bytes > 0)
    g_string_append_printf (walk->text, "# at byte %u: %s; %u bytes could not be read\n",
                            problem->offset_bytes, problem->message, problem->lost_bytes);
  else
    g_string_append_printf (walk->text, "# at byte %u: %s\n", problem->offset_bytes,
                            problem->message);
}

static void
tell_problems (Walk *walk, guint n_records)
{
  for (; walk->problem < lks_log_ring_get_problems (walk->ring); walk->problem++)
    {
      const LksLogProblem *problem = lks_log_ring_get_problem (walk->ring, walk->problem);

      if (problem->n_before > n_records)
        return;
      tell_problem (walk, problem);
    }
}

static LksLogEntry *
make_entry (const LksLogWish *wish, const LksLogRecord *record)
{
  LksLogEntry *entry = lks_log_entry_new (record, wish->messages);

  if (wish->edit != NULL)
    wish->edit (entry, wish->edit_data);
  return entry;
}

static void
tell_record (Walk *walk, const LksLogRecord *record)
{
  g_autoptr (LksLogEntry) entry = make_entry (walk->wish, record);

  if (walk->format == LKS_LOG_FORMAT_JSONL)
    append_json (walk->text, lks_log_entry_to_json (entry));
  else
    {
      g_autofree char *line = lks_log_entry_to_line (entry);

      if (record->start != walk->start)
        g_string_append (walk->text, "# the system started again\n");
      g_string_append_printf (walk->text, "%s\n", line);
    }
  walk->start = record->start;
}

static gboolean
flush (Walk *walk,
       gsize least_bytes,
       GOutputStream *stream,
       GCancellable *cancellable,
       GError **error)
{
  if (walk->text->len < least_bytes)
    return TRUE;
  if (!g_output_stream_write_all (stream, walk->text->str, walk->text->len, NULL, cancellable,
                                  error))
    return FALSE;

  g_string_truncate (walk->text, 0);
  return TRUE;
}

static gboolean
write_words (Walk *walk, GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  guint n_records = lks_log_ring_get_length (walk->ring);

  for (guint i = 0; i < n_records; i++)
    {
      const LksLogRecord *record = lks_log_ring_get_record (walk->ring, i);

      tell_problems (walk, i);
      if (!lks_log_wants (walk->wish, record))
        continue;
      tell_record (walk, record);
      if (!flush (walk, PIECE_BYTES, stream, cancellable, error))
        return FALSE;
    }
  tell_problems (walk, n_records);
  return flush (walk, 0, stream, cancellable, error);
}

/**
 * lks_log_wants:
 * @wish: what is wanted
 * @record: a record
 *
 * Returns: whether the record is grave enough; one whose priority is no known one always is
 */
gboolean
lks_log_wants (const LksLogWish *wish, const LksLogRecord *record)
{
  return wish->least == LKS_LOG_PRIORITY_NONE || record->priority > LKS_LOG_PRIORITY_TRACE ||
         record->priority <= wish->least;
}

/**
 * lks_log_write:
 * @ring: a log
 * @wish: what of it is wanted; does not count for %LKS_LOG_FORMAT_RAW
 * @format: how to write it
 * @stream: where to; stays open
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of @stream
 *
 * Writes a log. In text, lines that begin with "#" are remarks: where the system started again,
 * and what could not be read. Blocks.
 *
 * Returns: whether all was written
 */
gboolean
lks_log_write (LksLogRing *ring,
               const LksLogWish *wish,
               LksLogFormat format,
               GOutputStream *stream,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Walk walk = { .ring = ring, .wish = wish, .format = format, .text = text };
  gconstpointer data;
  gsize size;

  if (format != LKS_LOG_FORMAT_RAW)
    return write_words (&walk, stream, cancellable, error);

  data = g_bytes_get_data (lks_log_ring_get_bytes (ring), &size);
  return g_output_stream_write_all (stream, data, size, NULL, cancellable, error);
}

/**
 * lks_log_to_json:
 * @ring: a log
 * @wish: what of it is wanted
 *
 * Returns: (transfer full): an object with `records` (see lks_log_entry_to_json()) and `problems`,
 *   a list of `problem`, `offsetBytes` and `lostBytes`
 */
JsonNode *
lks_log_to_json (LksLogRing *ring, const LksLogWish *wish)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *records = json_array_new ();
  JsonArray *problems = json_array_new ();

  for (guint i = 0; i < lks_log_ring_get_length (ring); i++)
    {
      const LksLogRecord *record = lks_log_ring_get_record (ring, i);
      g_autoptr (LksLogEntry) entry = NULL;

      if (!lks_log_wants (wish, record))
        continue;
      entry = make_entry (wish, record);
      json_array_add_element (records, lks_log_entry_to_json (entry));
    }
  for (guint i = 0; i < lks_log_ring_get_problems (ring); i++)
    json_array_add_element (problems, problem_to_json (lks_log_ring_get_problem (ring, i)));

  json_object_set_array_member (object, "records", records);
  json_object_set_array_member (object, "problems", problems);
  json_node_take_object (node, object);
  return node;
}
