/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMU_IP_HEADER_BYTES 20
#define EMU_IP_SOURCE_AT 12
#define EMU_IP_DESTINATION_AT 16

/* IANA protocol numbers */
#define EMU_IP_PROTOCOL_ICMP 1
#define EMU_IP_PROTOCOL_TCP 6
#define EMU_IP_PROTOCOL_UDP 17

gboolean emu_ip_is_packet   (const guint8 *packet,
                             gsize         size_bytes);
guint8   emu_ip_get_protocol (const guint8 *packet);
guint32  emu_ip_get_address (const guint8 *packet,
                             gsize         at);
void     emu_ip_set_address (guint8       *packet,
                             gsize         size_bytes,
                             gsize         at,
                             guint32       address);

G_END_DECLS
