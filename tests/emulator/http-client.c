/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http-client.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/socket.h>

static void
reset_cb (EmuBoard *board, GIOStream *stream, gpointer user_data)
{
  HttpClient *self = user_data;

  /* NULL: all of them, before a restart. */
  if (stream == NULL)
    self->n_farewells++;
  else
    {
      g_assert_true (G_IS_SOCKET_CONNECTION (stream));
      self->n_resets++;
    }
}

HttpClient *
http_client_new (EmuBoard *board)
{
  HttpClient *self = g_new0 (HttpClient, 1);

  self->board = board;
  self->input = g_string_new (NULL);
  g_signal_connect (board, "connection-reset", G_CALLBACK (reset_cb), self);
  return self;
}

void
http_client_free (HttpClient *self)
{
  g_signal_handlers_disconnect_by_data (self->board, self);
  g_clear_object (&self->socket);
  g_string_free (self->input, TRUE);
  g_free (self);
}

/* A new connection; the old one ends. */
void
http_client_connect (HttpClient *self)
{
  g_autoptr (GSocket) served = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_clear_object (&self->socket);
  g_string_truncate (self->input, 0);
  self->ended = FALSE;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->socket = g_socket_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  g_socket_set_blocking (self->socket, FALSE);
  served = g_socket_new_from_fd (fds[1], &error);
  g_assert_no_error (error);
  connection = g_socket_connection_factory_create_connection (served);
  emu_board_serve (self->board, G_IO_STREAM (connection));
}

static void
take_input (HttpClient *self)
{
  char buffer[65536];
  gssize received = g_socket_receive (self->socket, buffer, sizeof buffer, NULL, NULL);

  if (received > 0)
    g_string_append_len (self->input, buffer, received);
  else if (received == 0 || !(g_socket_condition_check (self->socket, G_IO_OUT) & G_IO_OUT))
    self->ended = TRUE;
}

/* One turn of the world: the board works, then whatever arrived is taken. */
static void
turn (HttpClient *self, gint64 deadline_us)
{
  g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
  if (!g_main_context_iteration (NULL, FALSE))
    g_socket_condition_timed_wait (self->socket, G_IO_IN, G_TIME_SPAN_MILLISECOND, NULL, NULL);
  take_input (self);
}

void
http_client_wait_input (HttpClient *self, gsize size_bytes)
{
  gint64 deadline_us = g_get_monotonic_time () + HTTP_CLIENT_WAIT_US;

  while (self->input->len < size_bytes && !self->ended)
    turn (self, deadline_us);
}

void
http_client_send (HttpClient *self, const char *text, gsize size_bytes)
{
  gint64 deadline_us = g_get_monotonic_time () + HTTP_CLIENT_WAIT_US;

  while (size_bytes > 0 && !self->ended)
    {
      gssize sent = g_socket_send (self->socket, text, size_bytes, NULL, NULL);

      if (sent > 0)
        {
          text += sent;
          size_bytes -= sent;
        }
      else
        turn (self, deadline_us);
    }
}

char *
http_reply_get_header (HttpReply *self, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (self->headers, "\r\n", -1);

  for (guint i = 1; lines[i] != NULL; i++)
    {
      const char *colon = strchr (lines[i], ':');

      if (colon != NULL && (gsize) (colon - lines[i]) == strlen (name) &&
          g_ascii_strncasecmp (lines[i], name, strlen (name)) == 0)
        return g_strstrip (g_strdup (colon + 1));
    }

  return NULL;
}

static HttpReply *
take_reply (HttpClient *self, gsize head_bytes)
{
  HttpReply *reply = g_new0 (HttpReply, 1);
  g_autofree char *length = NULL;
  gint64 deadline_us = g_get_monotonic_time () + HTTP_CLIENT_WAIT_US;

  reply->headers = g_strndup (self->input->str, head_bytes);
  g_string_erase (self->input, 0, (gssize) head_bytes + 4);
  g_assert_true (g_str_has_prefix (reply->headers, "HTTP/1.1 "));
  length = http_reply_get_header (reply, "Content-Length");
  g_assert_nonnull (length);
  reply->body_bytes = g_ascii_strtoull (length, NULL, 10);
  while (self->input->len < reply->body_bytes && !self->ended)
    turn (self, deadline_us);

  if (self->input->len >= reply->body_bytes)
    reply->status = (guint) g_ascii_strtoull (reply->headers + strlen ("HTTP/1.1 "), NULL, 10);
  reply->body_bytes = MIN (reply->body_bytes, self->input->len);
  reply->body = g_memdup2 (self->input->str, reply->body_bytes + 1);
  reply->body[reply->body_bytes] = '\0';
  g_string_erase (self->input, 0, (gssize) reply->body_bytes);
  return reply;
}

HttpReply *
http_client_receive (HttpClient *self)
{
  gint64 deadline_us = g_get_monotonic_time () + HTTP_CLIENT_WAIT_US;

  while (TRUE)
    {
      char *end = strstr (self->input->str, "\r\n\r\n");

      if (end != NULL)
        return take_reply (self, end - self->input->str);
      if (self->ended)
        return g_new0 (HttpReply, 1);
      turn (self, deadline_us);
    }
}

/* @request: "GET /status"; @type NULL: no body. Keeps the connection for the next exchange. */
HttpReply *
http_client_exchange (HttpClient *self,
                      const char *request,
                      const char *header_lines,
                      const char *type,
                      const void *body,
                      gsize size_bytes)
{
  g_autoptr (GString) text = g_string_new (request);

  if (self->socket != NULL)
    take_input (self);
  if (self->socket == NULL || self->ended)
    http_client_connect (self);

  g_string_append (text, " HTTP/1.1\r\nHost: *.devices.sphere.azure.local\r\n");
  if (header_lines != NULL)
    g_string_append (text, header_lines);
  if (type != NULL)
    g_string_append_printf (text, "Content-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n",
                            type, size_bytes);
  g_string_append (text, "\r\n");
  g_string_append_len (text, body, (gssize) size_bytes);
  http_client_send (self, text->str, text->len);
  return http_client_receive (self);
}

void
http_reply_free (HttpReply *self)
{
  g_free (self->headers);
  g_free (self->body);
  g_free (self);
}
