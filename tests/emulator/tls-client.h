/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* TLS on a connected socket, blocking, by another library than the emulator's. */
typedef struct _TlsClient TlsClient;

TlsClient *tls_client_new  (int            fd,
                            const char    *ca_path,
                            const char    *host,
                            GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void       tls_client_free (TlsClient     *self);
gboolean   tls_client_send (TlsClient     *self,
                            gconstpointer  data,
                            gsize          size_bytes);
gboolean   tls_client_read (TlsClient     *self,
                            gpointer       data,
                            gsize          size_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsClient, tls_client_free)

G_END_DECLS
