/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-session.h"

#include <unistd.h>

struct _EmuSession
{
  grefcount refs;                /* the line's, and one for a handshake under way */
  EmuTcp *tcp;                   /* (unowned) (nullable): NULL when it has ended */
  GSocketConnection *connection; /* (owned) (nullable): NULL when it cannot be had */
  GIOStream *plain;              /* (owned) (nullable): with TLS */
  GCancellable *cancellable;     /* (owned) */
  EmuSessionFunc func;
  gpointer user_data;
};

static void
session_unref (EmuSession *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;

  g_clear_object (&self->plain);
  g_clear_object (&self->connection);
  g_object_unref (self->cancellable);
  g_free (self);
}

/**
 * emu_session_new:
 * @tcp: the connection
 * @fd: (transfer full): the other end of its bridge
 *
 * Returns: (transfer full): a session; end it with emu_session_end()
 */
EmuSession *
emu_session_new (EmuTcp *tcp, int fd)
{
  EmuSession *self = g_new0 (EmuSession, 1);
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);

  g_ref_count_init (&self->refs);
  self->tcp = tcp;
  self->cancellable = g_cancellable_new ();
  if (socket != NULL)
    self->connection = g_socket_connection_factory_create_connection (socket);
  else
    close (fd);
  return self;
}

/**
 * emu_session_end:
 * @self: (transfer full): a session whose connection is gone
 *
 * Nothing is called any more. Whoever holds the plain stream reads its end.
 */
void
emu_session_end (EmuSession *self)
{
  self->tcp = NULL;
  g_cancellable_cancel (self->cancellable);
  session_unref (self);
}

static void
handshake_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  EmuSession *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    {
      g_debug ("no TLS: %s", error->message);
      if (self->tcp != NULL)
        g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
    }
  else if (self->tcp != NULL)
    self->func (self, self->plain, self->user_data);
  session_unref (self);
}

/**
 * emu_session_handshake:
 * @self: a session
 * @certificate: (nullable): what to show; %NULL to stay silent, with the connection open
 * @func: called when the client is content
 * @user_data: for @func
 *
 * Waits for the client's TLS handshake; one that fails closes the connection.
 */
void
emu_session_handshake (EmuSession *self,
                       GTlsCertificate *certificate,
                       EmuSessionFunc func,
                       gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (self->connection == NULL || certificate == NULL)
    return;

  self->plain = g_tls_server_connection_new (G_IO_STREAM (self->connection), certificate, &error);
  if (self->plain == NULL)
    {
      g_info ("no TLS: %s", error->message);
      return;
    }

  /* Clients show no certificate, so nothing is needed to judge one; the system's list of
   * authorities would cost megabytes per connection. */
  g_tls_connection_set_database (G_TLS_CONNECTION (self->plain), NULL);
  /* A client that just hangs up is no attack here, it is a cable pulled out. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (self->plain), FALSE);
  self->func = func;
  self->user_data = user_data;
  g_ref_count_inc (&self->refs);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->plain), G_PRIORITY_DEFAULT,
                                    self->cancellable, handshake_cb, self);
}

/**
 * emu_session_open:
 * @self: a session
 *
 * For ports without TLS.
 *
 * Returns: (transfer none) (nullable): the bytes of the connection, %NULL when it cannot be had
 */
GIOStream *
emu_session_open (EmuSession *self)
{
  if (self->connection != NULL && self->plain == NULL)
    self->plain = g_object_ref (G_IO_STREAM (self->connection));

  return self->plain;
}

/**
 * emu_session_get_tcp:
 * @self: a session
 *
 * Returns: (transfer none): its connection
 */
EmuTcp *
emu_session_get_tcp (EmuSession *self)
{
  return self->tcp;
}

/**
 * emu_session_get_plain:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the stream with TLS taken off
 */
GIOStream *
emu_session_get_plain (EmuSession *self)
{
  return self->plain;
}
