/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-board-private.h"
#include "emu-http-fault.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>

#define CAPABILITY_HEADER "AZSPHERE-CAPABILITIES"

/* One request on its way through the HTTP library. */
typedef struct
{
  EmuBoard *board;        /* (owned) */
  SoupServerMessage *msg; /* (unowned): owns this */
  guint delay_id;
  gsize body_bytes; /* received so far */
  gboolean too_large;
} Exchange;

static void
exchange_free (Exchange *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  g_clear_object (&self->board);
  g_free (self);
}

static Exchange *
get_exchange (SoupServerMessage *msg)
{
  return g_object_get_data (G_OBJECT (msg), "emu-exchange");
}

static EmuTraceCapability
get_capability (EmuBoard *board, SoupServerMessage *msg)
{
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (msg),
                                                     CAPABILITY_HEADER);

  if (header == NULL)
    return EMU_TRACE_CAPABILITY_NONE;
  return emu_board_header_fits (board, header) ? EMU_TRACE_CAPABILITY_OWN
                                               : EMU_TRACE_CAPABILITY_FOREIGN;
}

static void
trace (EmuBoard *board, SoupServerMessage *msg, guint status)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (msg));

  g_debug ("board %u: %s %s: %u", board->config->index, soup_server_message_get_method (msg), path,
           status);
  if (board->trace != NULL)
    emu_trace_write (board->trace, board->config->index, soup_server_message_get_method (msg), path,
                     status, get_capability (board, msg));
}

static gsize
measure_headers (SoupServerMessage *msg)
{
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;
  gsize size_bytes = 0;

  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (msg));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    size_bytes += strlen (name) + strlen (value) + strlen (": \r\n");

  return size_bytes;
}

static void
fill_request (Exchange *exchange, EmuRequest *request, char **out_type)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (exchange->msg);
  SoupMessageBody *body = soup_server_message_get_request_body (exchange->msg);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  *out_type = type != NULL ? g_ascii_strdown (type, -1) : NULL;
  request->method = soup_server_message_get_method (exchange->msg);
  request->path = g_uri_get_path (soup_server_message_get_uri (exchange->msg));
  request->content_type = *out_type;
  request->capability = soup_message_headers_get_one (headers, CAPABILITY_HEADER);
  request->header_bytes = measure_headers (exchange->msg);
  request->chunked = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED;
  request->too_large = exchange->too_large;
  request->body = exchange->too_large ? NULL : soup_message_body_flatten (body);
}

static void
set_response (SoupServerMessage *msg, guint status, const char *type, GBytes *body)
{
  gsize size_bytes;
  const char *data = g_bytes_get_data (body, &size_bytes);

  soup_server_message_set_status (msg, status, NULL);
  soup_server_message_set_response (msg, type, SOUP_MEMORY_COPY, data, size_bytes);
}

/* The restart begins when the answer is out, or when nobody is there to take it. */
static void
restart_answered_cb (SoupServerMessage *msg, gpointer user_data)
{
  emu_board_restart (user_data);
}

static void
deliver (Exchange *self, const EmuAnswer *answer)
{
  set_response (self->msg, answer->status, answer->content_type, answer->body);
  trace (self->board, self->msg, answer->status);
  if (!answer->restart)
    return;

  self->board->restarting = TRUE;
  g_signal_connect_object (self->msg, "finished", G_CALLBACK (restart_answered_cb), self->board, 0);
}

typedef struct
{
  Exchange *exchange; /* (unowned): owns the timer that owns this */
  EmuAnswer answer;   /* (owned) */
} Delayed;

static void
delayed_free (gpointer data)
{
  Delayed *self = data;

  emu_answer_clear (&self->answer);
  g_free (self);
}

static gboolean
delayed_cb (gpointer data)
{
  Delayed *self = data;
  Exchange *exchange = self->exchange;

  exchange->delay_id = 0;
  deliver (exchange, &self->answer);
  soup_server_message_unpause (exchange->msg);
  return G_SOURCE_REMOVE;
}

static void
deliver_later (Exchange *self, EmuAnswer *answer, guint delay_ms)
{
  Delayed *delayed = g_new0 (Delayed, 1);

  delayed->exchange = self;
  delayed->answer = *answer;
  answer->body = NULL;
  soup_server_message_pause (self->msg);
  self->delay_id =
      g_timeout_add_full (G_PRIORITY_DEFAULT, delay_ms, delayed_cb, delayed, delayed_free);
}

/* A connection that is played by hand from here on. */
typedef struct
{
  EmuHttpRaw *raw; /* (owned) */
  Exchange *exchange;
} Taken;

static gboolean
take_over_cb (gpointer data)
{
  Taken *self = data;
  EmuHttpRaw *raw = g_steal_pointer (&self->raw);

  self->exchange->delay_id = 0;
  emu_http_raw_start (raw, soup_server_message_steal_connection (self->exchange->msg));
  return G_SOURCE_REMOVE;
}

static void
taken_free (gpointer data)
{
  Taken *self = data;

  g_clear_pointer (&self->raw, emu_http_raw_free);
  g_free (self);
}

/* The library must have left the handler before its connection can be taken away. */
static void
deliver_by_hand (Exchange *self, const EmuFault *fault, const EmuAnswer *answer)
{
  Taken *taken = g_new0 (Taken, 1);

  taken->raw = emu_http_raw_new (self->board, fault, answer);
  taken->exchange = self;
  trace (self->board, self->msg, answer->status);
  soup_server_message_pause (self->msg);
  self->delay_id = g_timeout_add_full (G_PRIORITY_DEFAULT, 0, take_over_cb, taken, taken_free);
}

/* What a request does to the board is done, also when its answer does not arrive. */
static void
deliver_with_fault (Exchange *self, const EmuFault *fault, EmuAnswer *answer)
{
  EmuHttpSpoil spoil = emu_http_spoil (fault, answer);

  if (answer->restart && (spoil == EMU_HTTP_SPOIL_NEVER || spoil == EMU_HTTP_SPOIL_RAW))
    emu_board_restart (self->board);

  switch (spoil)
    {
    case EMU_HTTP_SPOIL_NORMAL:
      deliver (self, answer);
      break;
    case EMU_HTTP_SPOIL_LATE:
      deliver_later (self, answer, answer->delay_ms + fault->duration_ms);
      break;
    case EMU_HTTP_SPOIL_NEVER:
      trace (self->board, self->msg, 0);
      soup_server_message_pause (self->msg);
      break;
    case EMU_HTTP_SPOIL_RAW:
      deliver_by_hand (self, fault, answer);
      break;
    }
}

static void
handle_cb (SoupServer *server,
           SoupServerMessage *msg,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  Exchange *self = get_exchange (msg);
  EmuBoard *board = user_data;
  EmuRequest request = { 0 };
  EmuAnswer answer = { 0 };
  g_autofree char *type = NULL;
  EmuFault *fault;

  if (self == NULL || board->restarting)
    {
      soup_server_message_pause (msg);
      return;
    }

  fill_request (self, &request, &type);
  fault = emu_board_next_http_fault (board, request.method, request.path);
  if (fault == NULL || !emu_http_prevents (fault, &answer))
    emu_rest_answer (board, &request, &answer);

  if (fault != NULL)
    deliver_with_fault (self, fault, &answer);
  else if (answer.delay_ms > 0)
    deliver_later (self, &answer, answer.delay_ms);
  else
    deliver (self, &answer);

  emu_answer_clear (&answer);
  g_clear_pointer (&request.body, g_bytes_unref);
  g_free (request.argument);
}

static void
got_chunk_cb (SoupServerMessage *msg, GBytes *chunk, gpointer user_data)
{
  Exchange *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (msg);

  self->body_bytes += g_bytes_get_size (chunk);
  if (self->body_bytes <= EMU_REST_IMAGE_SIZE_MAX_BYTES)
    return;

  self->too_large = TRUE;
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_truncate (body);
}

static void
request_started_cb (SoupServer *server, SoupServerMessage *msg, gpointer user_data)
{
  EmuBoard *board = user_data;
  Exchange *self = g_new0 (Exchange, 1);

  self->board = g_object_ref (board);
  self->msg = msg;
  g_object_set_data_full (G_OBJECT (msg), "emu-exchange", self, (GDestroyNotify) exchange_free);
  g_signal_connect (msg, "got-chunk", G_CALLBACK (got_chunk_cb), self);
  soup_message_headers_replace (soup_server_message_get_response_headers (msg), "REST-API-Version",
                                board->config->rest_version);
}

/* A client that left takes its timers along. */
static void
request_gone_cb (SoupServer *server, SoupServerMessage *msg, gpointer user_data)
{
  Exchange *self = get_exchange (msg);

  if (self != NULL)
    g_clear_handle_id (&self->delay_id, g_source_remove);
}

/* The library ends every connection after one answer unless it listens somewhere. It is given
 * a socket on which nothing ever arrives. */
static void
listen_nowhere (EmuBoard *self)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
    g_error ("no socket pair: %s", g_strerror (errno));

  self->silent_fd = fds[1];
  socket = g_socket_new_from_fd (fds[0], &error);
  if (socket == NULL || !soup_server_listen_socket (self->server, socket, 0, &error))
    g_error ("no HTTP server: %s", error->message);
}

/**
 * emu_http_start:
 * @self: a board whose system has just started
 */
void
emu_http_start (EmuBoard *self)
{
  self->server = soup_server_new (NULL, NULL);
  listen_nowhere (self);
  g_signal_connect (self->server, "request-started", G_CALLBACK (request_started_cb), self);
  g_signal_connect (self->server, "request-aborted", G_CALLBACK (request_gone_cb), self);
  soup_server_add_handler (self->server, NULL, handle_cb, self, NULL);
}

/**
 * emu_http_stop:
 * @self: a board whose system goes down
 *
 * Ends every connection.
 */
void
emu_http_stop (EmuBoard *self)
{
  if (self->server == NULL)
    return;

  soup_server_disconnect (self->server);
  g_signal_handlers_disconnect_by_data (self->server, self);
  soup_server_remove_handler (self->server, NULL);
  g_clear_object (&self->server);
  g_close (self->silent_fd, NULL);
}

/**
 * emu_http_serve:
 * @self: a board
 * @stream: a connection
 *
 * Answers requests on @stream until it ends.
 */
void
emu_http_serve (EmuBoard *self, GIOStream *stream)
{
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string ("192.168.35.2", 443);
  g_autoptr (GSocketAddress) remote = g_inet_socket_address_new_from_string ("192.168.35.1", 0);
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (self->server, stream, local, remote, &error))
    g_info ("board %u: connection not served: %s", self->config->index, error->message);
}
