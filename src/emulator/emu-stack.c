/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-stack.h"

#include "emu-ip.h"
#include "emu-stack-private.h"

#include <lwip/init.h>
#include <lwip/ip.h>
#include <lwip/timeouts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every board has the same address, but the stack tells interfaces apart by address. Inside it
 * board i is therefore 10.200.i.2, and packets are rewritten where they enter and leave. */
#define INNER_NET 0x0AC80000
#define INNER_HOST(index) (INNER_NET | (index) << 8 | 1)
#define INNER_BOARD(index) (INNER_NET | (index) << 8 | 2)
#define INNER_MASK 0xFFFFFF00

#define LISTEN_BACKLOG 8
#define PACKET_MAX_BYTES 2000

typedef struct
{
  EmuInterface *interface; /* (unowned) */
  guint16 port;
  struct tcp_pcb *pcb; /* (owned) */
} Listener;

struct _EmuStack
{
  GMainContext *context; /* (owned) (nullable) */
  GSource *source;       /* (owned): lwIP's timers */
  EmuInterface *interfaces[EMU_STACK_INTERFACES_MAX];
};

/* ---- timers ---- */

static gboolean
timers_prepare (GSource *source, int *timeout_ms)
{
  u32_t wait_ms = sys_timeouts_sleeptime ();

  *timeout_ms = MIN (wait_ms, 1000);
  return wait_ms == 0;
}

static gboolean
timers_check (GSource *source)
{
  return sys_timeouts_sleeptime () == 0;
}

static gboolean
timers_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  sys_check_timeouts ();
  return G_SOURCE_CONTINUE;
}

/* Debian's library is built for a thread of its own and checks its lock once that thread runs.
 * It never runs here: everything happens on the thread of one main context. */
static void
init_lwip (void)
{
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;

  srand (g_random_int ()); /* lwIP draws sequence numbers and ports from rand() */
  lwip_init ();
  g_once_init_leave (&once, 1);
}

/**
 * emu_stack_new:
 * @context: (nullable): the main context whose thread turns the stack and uses it
 *
 * Returns: (transfer full): a stack without interfaces
 */
EmuStack *
emu_stack_new (GMainContext *context)
{
  static GSourceFuncs funcs = { .prepare = timers_prepare,
                                .check = timers_check,
                                .dispatch = timers_dispatch };
  EmuStack *self = g_new0 (EmuStack, 1);

  init_lwip ();
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->source = g_source_new (&funcs, sizeof (GSource));
  g_source_attach (self->source, context);
  return self;
}

/**
 * emu_stack_free:
 * @self: (transfer full) (nullable): a stack whose interfaces are gone
 */
void
emu_stack_free (EmuStack *self)
{
  if (self == NULL)
    return;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

/**
 * emu_stack_get_context:
 * @self: a stack
 *
 * Returns: (transfer none) (nullable): its main context
 */
GMainContext *
emu_stack_get_context (EmuStack *self)
{
  return self->context;
}

/* ---- an interface ---- */

static err_t
output_cb (struct netif *netif, struct pbuf *pbuf, const ip4_addr_t *next_hop)
{
  EmuInterface *self = netif->state;
  guint8 packet[PACKET_MAX_BYTES];
  gsize size = pbuf->tot_len;

  if (self->muted)
    return ERR_OK;
  if (size > sizeof packet)
    return ERR_BUF;

  pbuf_copy_partial (pbuf, packet, size, 0);
  if (!emu_ip_is_packet (packet, size))
    return ERR_VAL;

  emu_ip_set_address (packet, size, EMU_IP_SOURCE_AT, EMU_STACK_BOARD_ADDRESS);
  emu_ip_set_address (packet, size, EMU_IP_DESTINATION_AT, EMU_STACK_HOST_ADDRESS);
  if (self->funcs.output (packet, size, self->user_data))
    return ERR_OK;

  self->output_refused = TRUE;
  return ERR_MEM; /* TCP keeps the segment */
}

static err_t
init_cb (struct netif *netif)
{
  netif->name[0] = 's';
  netif->name[1] = 'l';
  netif->output = output_cb;
  netif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

/* Connections that are being made forget their listener with it. */
static void
listener_free (gpointer data)
{
  Listener *self = data;

  tcp_accept (self->pcb, NULL);
  tcp_close (self->pcb);
  g_free (self);
}

static guint
find_free_index (EmuStack *stack)
{
  guint index = 0;

  while (index < EMU_STACK_INTERFACES_MAX && stack->interfaces[index] != NULL)
    index++;
  return index;
}

/**
 * emu_interface_new:
 * @stack: a stack
 * @mtu_bytes: the largest packet it sends
 * @funcs: whom to ask and tell
 * @user_data: for @funcs
 *
 * Makes a board's interface, 192.168.35.2 with the host at 192.168.35.1, without open ports.
 * There are at most %EMU_STACK_INTERFACES_MAX.
 *
 * Returns: (transfer full): an interface
 */
EmuInterface *
emu_interface_new (EmuStack *stack,
                   guint mtu_bytes,
                   const EmuInterfaceFuncs *funcs,
                   gpointer user_data)
{
  EmuInterface *self = g_new0 (EmuInterface, 1);
  ip4_addr_t address;
  ip4_addr_t mask;
  ip4_addr_t gateway;

  self->stack = stack;
  self->index = find_free_index (stack);
  g_assert (self->index < EMU_STACK_INTERFACES_MAX);
  stack->interfaces[self->index] = self;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->answers_ping = TRUE;
  self->listeners = g_ptr_array_new_with_free_func (listener_free);

  ip4_addr_set_u32 (&address, g_htonl (INNER_BOARD (self->index)));
  ip4_addr_set_u32 (&mask, g_htonl (INNER_MASK));
  ip4_addr_set_zero (&gateway);
  netif_add (&self->netif, &address, &mask, &gateway, self, init_cb, ip_input);
  self->netif.mtu = mtu_bytes;
  netif_set_up (&self->netif);
  return self;
}

/**
 * emu_interface_free:
 * @self: (transfer full) (nullable): an interface
 *
 * Its connections vanish without a word to the host.
 */
void
emu_interface_free (EmuInterface *self)
{
  if (self == NULL)
    return;

  self->muted = TRUE;
  g_ptr_array_unref (self->listeners);
  emu_interface_abort_all (self);
  netif_remove (&self->netif);
  self->stack->interfaces[self->index] = NULL;
  g_free (self);
}

static err_t
accept_cb (void *arg, struct tcp_pcb *pcb, err_t err)
{
  const Listener *listener = arg;
  EmuInterface *self = listener->interface;
  EmuTcp *tcp;
  int fd;

  if (err != ERR_OK || pcb == NULL)
    return ERR_VAL;
  tcp = emu_tcp_new (self, pcb, &fd);
  if (tcp == NULL)
    return ERR_MEM; /* lwIP resets the connection */

  g_queue_push_tail_link (&self->connections, emu_tcp_get_link (tcp));
  if (self->funcs.accepted (tcp, listener->port, fd, self->user_data))
    return ERR_OK;

  close (fd);
  emu_tcp_abort (tcp);
  return ERR_ABRT;
}

/**
 * emu_interface_open_port:
 * @self: an interface
 * @port: a TCP port that is closed
 *
 * Accepts connections to @port from now on.
 *
 * Returns: whether the port could be opened
 */
gboolean
emu_interface_open_port (EmuInterface *self, guint16 port)
{
  struct tcp_pcb *pcb = tcp_new ();
  struct tcp_pcb *listening = NULL;
  Listener *listener;
  ip_addr_t address;

  if (pcb == NULL)
    return FALSE;

  /* Inherited by its connections: those of before a restart that still wait for their last
   * acknowledgement, or out their time, must not keep the port closed for two minutes. */
  ip_set_option (pcb, SOF_REUSEADDR);
  ip_addr_copy_from_ip4 (address, *netif_ip4_addr (&self->netif));
  if (tcp_bind (pcb, &address, port) == ERR_OK)
    listening = tcp_listen_with_backlog (pcb, LISTEN_BACKLOG);
  if (listening == NULL)
    {
      tcp_abort (pcb);
      return FALSE;
    }

  listener = g_new0 (Listener, 1);
  listener->interface = self;
  listener->port = port;
  listener->pcb = listening;
  tcp_bind_netif (listening, &self->netif);
  tcp_arg (listening, listener);
  tcp_accept (listening, accept_cb);
  g_ptr_array_add (self->listeners, listener);
  return TRUE;
}

/**
 * emu_interface_close_port:
 * @self: an interface
 * @port: a TCP port
 *
 * Refuses connections to @port from now on, with a reset each. Those that are open stay so.
 */
void
emu_interface_close_port (EmuInterface *self, guint16 port)
{
  for (guint i = self->listeners->len; i > 0; i--)
    if (((const Listener *) g_ptr_array_index (self->listeners, i - 1))->port == port)
      g_ptr_array_remove_index_fast (self->listeners, i - 1);
}

/**
 * emu_interface_close_ports:
 * @self: an interface
 *
 * As emu_interface_close_port(), for all ports.
 */
void
emu_interface_close_ports (EmuInterface *self)
{
  g_ptr_array_set_size (self->listeners, 0);
}

/**
 * emu_interface_set_muted:
 * @self: an interface
 * @muted: whether every packet in either direction disappears
 */
void
emu_interface_set_muted (EmuInterface *self, gboolean muted)
{
  self->muted = muted;
}

/**
 * emu_interface_set_ping:
 * @self: an interface
 * @answer: whether it answers an ICMP echo
 */
void
emu_interface_set_ping (EmuInterface *self, gboolean answer)
{
  self->answers_ping = answer;
}

/* UDP would be answered with "port unreachable"; a board just lets it blink the adapter's LED. */
static gboolean
is_wanted (EmuInterface *self, const guint8 *packet)
{
  if (emu_ip_get_address (packet, EMU_IP_SOURCE_AT) != EMU_STACK_HOST_ADDRESS ||
      emu_ip_get_address (packet, EMU_IP_DESTINATION_AT) != EMU_STACK_BOARD_ADDRESS)
    return FALSE;

  switch (emu_ip_get_protocol (packet))
    {
    case EMU_IP_PROTOCOL_TCP:
      return TRUE;
    case EMU_IP_PROTOCOL_ICMP:
      return self->answers_ping;
    case EMU_IP_PROTOCOL_UDP:
      self->n_udp++;
      return FALSE;
    default:
      return FALSE;
    }
}

/**
 * emu_interface_input:
 * @self: an interface
 * @packet: a packet from the host, or what noise made of it
 * @size_bytes: its size
 *
 * Gives a packet to the stack. What is not TCP or ICMP from 192.168.35.1 to 192.168.35.2 is
 * dropped without an answer.
 */
void
emu_interface_input (EmuInterface *self, const guint8 *packet, gsize size_bytes)
{
  guint8 inner[PACKET_MAX_BYTES];
  struct pbuf *pbuf;

  if (self->muted || size_bytes > sizeof inner || !emu_ip_is_packet (packet, size_bytes) ||
      !is_wanted (self, packet))
    return;

  memcpy (inner, packet, size_bytes);
  emu_ip_set_address (inner, size_bytes, EMU_IP_SOURCE_AT, INNER_HOST (self->index));
  emu_ip_set_address (inner, size_bytes, EMU_IP_DESTINATION_AT, INNER_BOARD (self->index));
  pbuf = pbuf_alloc (PBUF_RAW, size_bytes, PBUF_RAM);
  if (pbuf == NULL)
    return;

  pbuf_take (pbuf, inner, size_bytes);
  if (self->netif.input (pbuf, &self->netif) != ERR_OK)
    pbuf_free (pbuf);
}

/**
 * emu_interface_output_drained:
 * @self: an interface
 *
 * Says that there is room for output again, so that TCP sends what it kept.
 */
void
emu_interface_output_drained (EmuInterface *self)
{
  if (!self->output_refused)
    return;

  self->output_refused = FALSE;
  for (GList *l = self->connections.head; l != NULL; l = l->next)
    {
      if (emu_tcp_get_pcb (l->data) != NULL)
        tcp_output (emu_tcp_get_pcb (l->data));
    }
}

/**
 * emu_interface_abort_all:
 * @self: an interface
 *
 * Ends every connection with a reset, which a muted interface does not send.
 */
void
emu_interface_abort_all (EmuInterface *self)
{
  while (self->connections.head != NULL)
    emu_tcp_abort (self->connections.head->data);
}

/**
 * emu_interface_get_n_tcp:
 * @self: an interface
 *
 * Returns: how many connections there are
 */
guint
emu_interface_get_n_tcp (EmuInterface *self)
{
  return self->connections.length;
}

/**
 * emu_interface_get_n_udp:
 * @self: an interface
 *
 * Returns: how many UDP datagrams came; each lets the adapter's LED blink
 */
guint64
emu_interface_get_n_udp (EmuInterface *self)
{
  return self->n_udp;
}

/**
 * emu_interface_get_idlest:
 * @self: an interface
 *
 * Returns: (transfer none) (nullable): the connection that was not used for the longest time
 */
EmuTcp *
emu_interface_get_idlest (EmuInterface *self)
{
  EmuTcp *idlest = NULL;

  for (GList *l = self->connections.head; l != NULL; l = l->next)
    {
      if (idlest == NULL || emu_tcp_get_last_use_us (l->data) < emu_tcp_get_last_use_us (idlest))
        idlest = l->data;
    }
  return idlest;
}
