/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-stack.h"

#include <lwip/netif.h>
#include <lwip/tcp.h>

G_BEGIN_DECLS

struct _EmuInterface {
  EmuStack *stack; /* (unowned) */
  struct netif netif;
  guint index;
  EmuInterfaceFuncs funcs;
  gpointer user_data;
  GPtrArray *listeners; /* (owned) (element-type Listener) */
  gboolean answers_ping;
  gboolean muted;
  gboolean output_refused; /* the stack holds packets for which there was no room */
  guint64 n_udp;           /* datagrams that were swallowed */
  GQueue connections;      /* (element-type EmuTcp): intrusive */
};

EmuTcp         *emu_tcp_new     (EmuInterface   *interface,
                                 struct tcp_pcb *pcb,
                                 int            *out_fd);
GList          *emu_tcp_get_link (EmuTcp        *self);
struct tcp_pcb *emu_tcp_get_pcb (EmuTcp         *self);
gint64          emu_tcp_get_last_use_us (EmuTcp *self);

G_END_DECLS
