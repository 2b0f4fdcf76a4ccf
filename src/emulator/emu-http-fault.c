/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-http-fault.h"

#include "emu-board-private.h"
#include "emu-error.h"

#include <string.h>

#define HTML_BODY                                                                                  \
  "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>"

struct _EmuHttpRaw
{
  EmuBoard *board; /* (owned) */
  EmuFaultKind kind;
  GIOStream *stream;   /* (owned) (nullable) */
  GByteArray *pending; /* (owned): what is being written */
  guint n_lines;       /* of the header without end */
};

/**
 * emu_http_prevents:
 * @fault: a fault that strikes
 * @answer: (out): the answer that comes instead
 *
 * Returns: whether the request is not carried out at all, and @answer set
 */
gboolean
emu_http_prevents (const EmuFault *fault, EmuAnswer *answer)
{
  if (fault->kind == EMU_FAULT_STATUS)
    emu_answer_set_error (answer, fault->status, fault->number);
  else if (fault->kind == EMU_FAULT_BUSY)
    emu_answer_set_error (answer, 500, EMU_ERROR_BUSY);
  else
    return FALSE;

  return TRUE;
}

/* Texts become numbers, everything else becomes text; the shape stays. */
static void
write_swapped (EmuWire *wire, const char *name, JsonNode *node)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *child;

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      emu_wire_open (wire, name, '{');
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &member, &child))
        write_swapped (wire, member, child);
      emu_wire_close (wire, '}');
      break;
    case JSON_NODE_ARRAY:
      emu_wire_text (wire, name, "list");
      break;
    case JSON_NODE_VALUE:
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        emu_wire_number (wire, name, 7);
      else
        emu_wire_text (wire, name, "seven");
      break;
    case JSON_NODE_NULL:
      emu_wire_bool (wire, name, FALSE);
      break;
    }
}

static void
swap_types (EmuAnswer *answer)
{
  gsize size_bytes;
  const char *data = g_bytes_get_data (answer->body, &size_bytes);
  g_autoptr (JsonParser) parser = json_parser_new ();
  guint status = answer->status;
  EmuWire *wire;

  if (!json_parser_load_from_data (parser, data, (gssize) size_bytes, NULL) ||
      json_parser_get_root (parser) == NULL)
    return;

  wire = emu_wire_new ();
  write_swapped (wire, NULL, json_parser_get_root (parser));
  emu_answer_set_wire (answer, wire);
  answer->status = status;
}

static void
replace_body (EmuAnswer *answer, const char *type, GBytes *body)
{
  emu_answer_clear (answer);
  answer->status = 200;
  answer->content_type = type;
  answer->body = body;
}

static GBytes *
build_large_body (gsize size_bytes)
{
  static const char head[] = "{\"filler\":\"";
  static const char tail[] = "\"}";
  gsize whole = MAX (size_bytes, sizeof head + sizeof tail);
  char *text = g_malloc (whole);

  memset (text, 'a', whole);
  memcpy (text, head, strlen (head));
  memcpy (text + whole - strlen (tail), tail, strlen (tail));
  return g_bytes_new_take (text, whole);
}

/**
 * emu_http_spoil:
 * @fault: a fault that strikes
 * @answer: (inout): the answer it strikes
 *
 * Returns: how @answer is to be sent
 */
EmuHttpSpoil
emu_http_spoil (const EmuFault *fault, EmuAnswer *answer)
{
  gsize size_bytes = g_bytes_get_size (answer->body);

  if (fault->kind == EMU_FAULT_SLOW_ANSWER)
    return EMU_HTTP_SPOIL_LATE;
  if (fault->kind == EMU_FAULT_NO_ANSWER)
    return EMU_HTTP_SPOIL_NEVER;
  if (fault->kind == EMU_FAULT_RESET_IN_BODY || fault->kind == EMU_FAULT_TRUNCATED_BODY ||
      fault->kind == EMU_FAULT_ENDLESS_HEADER || fault->kind == EMU_FAULT_LOWER_CASE_HEADER)
    return EMU_HTTP_SPOIL_RAW;

  if (fault->kind == EMU_FAULT_OVERSIZED_BODY)
    replace_body (answer, answer->content_type, build_large_body (fault->size_bytes));
  else if (fault->kind == EMU_FAULT_HTML_BODY)
    replace_body (answer, "text/html", g_bytes_new_static (HTML_BODY, strlen (HTML_BODY)));
  else if (fault->kind == EMU_FAULT_EMPTY_BODY)
    replace_body (answer, answer->content_type, g_bytes_new_static ("", 0));
  else if (fault->kind == EMU_FAULT_MALFORMED_JSON && size_bytes > 0)
    replace_body (answer, answer->content_type,
                  g_bytes_new (g_bytes_get_data (answer->body, NULL), size_bytes - 1));
  else if (fault->kind == EMU_FAULT_WRONG_TYPES)
    swap_types (answer);

  return EMU_HTTP_SPOIL_NORMAL;
}

static void
append_text (EmuHttpRaw *self, const char *text)
{
  g_byte_array_append (self->pending, (const guint8 *) text, strlen (text));
}

/**
 * emu_http_raw_new:
 * @board: the board that answers
 * @fault: what goes wrong
 * @answer: what would have been answered
 *
 * Returns: (transfer full): the answer, ready to be sent by emu_http_raw_start()
 */
EmuHttpRaw *
emu_http_raw_new (EmuBoard *board, const EmuFault *fault, const EmuAnswer *answer)
{
  gboolean whole = fault->kind == EMU_FAULT_LOWER_CASE_HEADER;
  EmuHttpRaw *self = g_new0 (EmuHttpRaw, 1);
  gsize size_bytes;
  const guint8 *body = g_bytes_get_data (answer->body, &size_bytes);
  g_autofree char *first = g_strdup_printf ("HTTP/1.1 %u %s\r\n", answer->status,
                                            soup_status_get_phrase (answer->status));
  g_autofree char *head =
      g_strdup_printf ("%s: %s\r\n", whole ? "rest-api-version" : "REST-API-Version",
                       board->config->rest_version);
  g_autofree char *rest =
      g_strdup_printf ("%s: %s\r\n%s: %" G_GSIZE_FORMAT "\r\n%s\r\n",
                       whole ? "content-type" : "Content-Type", answer->content_type,
                       whole ? "content-length" : "Content-Length", size_bytes,
                       whole ? "connection: close\r\n" : "");

  self->board = g_object_ref (board);
  self->kind = fault->kind;
  self->pending = g_byte_array_new ();
  append_text (self, first);
  append_text (self, head);
  if (self->kind == EMU_FAULT_ENDLESS_HEADER)
    return self;

  append_text (self, rest);
  if (whole)
    g_byte_array_append (self->pending, body, size_bytes);
  else if (size_bytes > 0)
    g_byte_array_append (self->pending, body, MIN (fault->after_bytes, size_bytes - 1));
  return self;
}

/**
 * emu_http_raw_free:
 * @self: (transfer full): an answer
 */
void
emu_http_raw_free (EmuHttpRaw *self)
{
  g_clear_object (&self->stream);
  g_object_unref (self->board);
  g_byte_array_unref (self->pending);
  g_free (self);
}

/* The stream that was given to emu_board_serve(), under the library's wrapper. */
static GIOStream *
get_plain_stream (GIOStream *stream)
{
  GIOStream *base = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (stream), "base-iostream") != NULL)
    g_object_get (stream, "base-iostream", &base, NULL);

  return base != NULL ? base : g_object_ref (stream);
}

static void write_next (EmuHttpRaw *self);

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_io_stream_close_finish (G_IO_STREAM (source), result, NULL);
  emu_http_raw_free (user_data);
}

/* Never waits: a client that does not read must not hold up the other boards. */
static void
finish (EmuHttpRaw *self)
{
  g_autoptr (GIOStream) plain = get_plain_stream (self->stream);

  if (self->kind == EMU_FAULT_RESET_IN_BODY)
    g_signal_emit_by_name (self->board, "connection-reset", plain);
  g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, closed_cb, self);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  EmuHttpRaw *self = user_data;
  g_autofree char *line = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL) ||
      self->kind != EMU_FAULT_ENDLESS_HEADER || !self->board->running)
    {
      finish (self);
      return;
    }

  g_byte_array_set_size (self->pending, 0);
  line = g_strdup_printf ("X-Filler-%u: %0512u\r\n", self->n_lines++, 0u);
  g_byte_array_append (self->pending, (guint8 *) line, strlen (line));
  write_next (self);
}

static void
write_next (EmuHttpRaw *self)
{
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
                                   self->pending->data, self->pending->len, G_PRIORITY_DEFAULT_IDLE,
                                   NULL, written_cb, self);
}

/**
 * emu_http_raw_start:
 * @self: (transfer full): an answer
 * @stream: (transfer full): the connection; it ends with the answer
 */
void
emu_http_raw_start (EmuHttpRaw *self, GIOStream *stream)
{
  self->stream = stream;
  write_next (self);
}
