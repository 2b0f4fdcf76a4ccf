/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network that fails: copies bytes between a loopback port of its own and a server, and cuts. */
#pragma once

#include <glib.h>

typedef struct _Proxy Proxy;

/**
 * ProxyFunc:
 * @func_data: as it was given
 *
 * What happens besides the cut, on the proxy's thread, before the connection is closed.
 */
typedef void (*ProxyFunc) (gpointer func_data);

Proxy  *proxy_new         (guint      port);
void    proxy_free        (Proxy     *self);
guint   proxy_get_port    (Proxy     *self);

void    proxy_cut_after   (Proxy     *self,
                           gint64     up_bytes,
                           gint64     down_bytes,
                           ProxyFunc  func,
                           gpointer   func_data);
void    proxy_hold        (Proxy     *self);
void    proxy_count       (Proxy     *self,
                           gint64    *out_up_bytes,
                           gint64    *out_down_bytes);
