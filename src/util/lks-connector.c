/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-connector.h"

G_DEFINE_INTERFACE (LksConnector, lks_connector, G_TYPE_OBJECT)

static void
lks_connector_default_init (LksConnectorInterface *iface)
{
}

/**
 * lks_connector_get_socket_path:
 * @self: a connector
 *
 * Returns: (transfer none): the listening Unix socket that leads to the board's HTTPS port;
 *   shorter than 108 bytes, constant for the life of @self
 */
const char *
lks_connector_get_socket_path (LksConnector *self)
{
  return LKS_CONNECTOR_GET_IFACE (self)->get_socket_path (self);
}

/**
 * lks_connector_prepare:
 * @self: a connector
 * @timeout_ms: time allowed for the TCP handshake, in milliseconds
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes a TCP connection to the board and keeps it for the next client of the socket path.
 * Blocks; worker threads only. Fails with `G_IO_ERROR_NOT_CONNECTED` when the board is
 * unplugged, `G_IO_ERROR_CONNECTION_REFUSED`, `G_IO_ERROR_TIMED_OUT` or
 * `G_IO_ERROR_CANCELLED`.
 *
 * Returns: whether a connection is ready
 */
gboolean
lks_connector_prepare (LksConnector *self,
                       guint timeout_ms,
                       GCancellable *cancellable,
                       GError **error)
{
  return LKS_CONNECTOR_GET_IFACE (self)->prepare (self, timeout_ms, cancellable, error);
}

/**
 * lks_connector_abort:
 * @self: a connector
 *
 * Resets every connection to the board's HTTPS port at once, so that whoever waits for one
 * returns within a few milliseconds. Any thread. New connections may be made afterwards.
 */
void
lks_connector_abort (LksConnector *self)
{
  LKS_CONNECTOR_GET_IFACE (self)->abort (self);
}
