/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksConnector:
 *
 * The seam between the link and the device client: makes TCP connections to one board and
 * hands them out as Unix sockets, which is what libcurl can use in every version.
 */
#define LKS_TYPE_CONNECTOR (lks_connector_get_type ())
G_DECLARE_INTERFACE (LksConnector, lks_connector, LKS, CONNECTOR, GObject)

struct _LksConnectorInterface {
  GTypeInterface g_iface;

  const char *(*get_socket_path) (LksConnector  *self);
  gboolean    (*prepare)         (LksConnector  *self,
                                  guint          timeout_ms,
                                  GCancellable  *cancellable,
                                  GError       **error);
  void        (*abort)           (LksConnector  *self);
};

const char *lks_connector_get_socket_path (LksConnector  *self);
gboolean    lks_connector_prepare         (LksConnector  *self,
                                           guint          timeout_ms,
                                           GCancellable  *cancellable,
                                           GError       **error);
void        lks_connector_abort           (LksConnector  *self);

G_END_DECLS
