/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-line.h"

#include "emu-glitch.h"
#include "emu-pace.h"
#include "emu-session.h"
#include "lks-slip.h"

#define HTTPS_PORT 443
#define SERVICE_BAUD 921600
#define BAUD_TOLERANCE_PERCENT 3
#define BITS_PER_BYTE 10 /* start, eight data, stop */

/* How many bytes wait on the board's side. TCP keeps the rest and is told when half are gone. */
#define QUEUE_BYTES 4096
#define CHUNK_BYTES 1024

struct _EmuLine
{
  EmuFtdiPort *port; /* (unowned) */
  EmuTls *tls;       /* (unowned) */
  EmuLineFuncs funcs;
  gpointer user_data;
  EmuLinePower power;
  guint bytes_per_second;
  guint connections_max;

  EmuTimer timer;
  EmuPace to_board;
  EmuPace to_host;
  EmuGlitches *glitches; /* (owned) */
  LksSlipDecoder decoder;
  GByteArray *queue; /* (owned): framed packets on their way to the host */
  GRand *noise;      /* (owned) */

  EmuInterface *interface; /* (owned) */
  GPtrArray *sessions;     /* (owned) (element-type EmuSession) */
};

/* ---- the wire ---- */

static void
kick (EmuLine *self)
{
  if (self->timer.due_us == 0)
    emu_timer_arm (&self->timer, g_get_monotonic_time ());
}

static void
kick_cb (gpointer user_data)
{
  EmuLine *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  if (emu_ftdi_port_get_tx_used (self->port) > 0)
    emu_pace_begin (&self->to_board, now_us);
  if (self->queue->len > 0 && emu_ftdi_port_get_rx_room (self->port) > 0)
    emu_pace_begin (&self->to_host, now_us);
  kick (self);
}

/* What one side sends at another speed or format, the other side reads as noise. */
static gboolean
is_tuned (EmuLine *self)
{
  guint baud = emu_ftdi_port_get_baud (self->port);
  guint off = baud > SERVICE_BAUD ? baud - SERVICE_BAUD : SERVICE_BAUD - baud;

  return off * 100 <= SERVICE_BAUD * BAUD_TOLERANCE_PERCENT && emu_ftdi_port_is_8n1 (self->port);
}

static void
make_noise (EmuLine *self, guint8 *data, gsize size_bytes)
{
  for (gsize i = 0; i < size_bytes; i++)
    data[i] = g_rand_int_range (self->noise, 0, 256);
}

static void
set_rates (EmuLine *self)
{
  guint pace = emu_glitches_get_pace (self->glitches, self->bytes_per_second);
  guint chip = MAX (emu_ftdi_port_get_baud (self->port) / BITS_PER_BYTE, 1);

  emu_pace_set_rate (&self->to_board, pace == 0 ? 0 : MIN (pace, chip));
  emu_pace_set_rate (&self->to_host, pace);
}

static void
packet_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  EmuLine *self = user_data;

  emu_interface_input (self->interface, packet, size_bytes);
}

static void
pump_to_board (EmuLine *self, gint64 now_us)
{
  guint8 in[CHUNK_BYTES];
  guint8 out[EMU_GLITCH_OUT_MAX_BYTES (CHUNK_BYTES)];
  EmuGlitchEvents events = 0;
  gsize n;

  do
    {
      gsize room = emu_pace_get_room (&self->to_board, now_us);

      n = emu_ftdi_port_take_tx (self->port, in, MIN (room, sizeof in));
      emu_pace_spend (&self->to_board, n);
      if (!is_tuned (self))
        make_noise (self, in, n);
      n = emu_glitches_pass (self->glitches, FALSE, in, n, out, now_us, &events);
      if (self->power != EMU_LINE_POWER_OFF)
        lks_slip_decoder_feed (&self->decoder, out, n, packet_cb, self);
    }
  while (n > 0 && (events & EMU_GLITCH_STALL) == 0);

  if (emu_ftdi_port_get_tx_used (self->port) == 0)
    emu_pace_end (&self->to_board);
}

/* Returns what happened on the way. */
static EmuGlitchEvents
send_to_host (EmuLine *self, gsize size_bytes, gint64 now_us)
{
  guint8 out[EMU_GLITCH_OUT_MAX_BYTES (CHUNK_BYTES)];
  EmuGlitchEvents events;
  gsize n =
      emu_glitches_pass (self->glitches, TRUE, self->queue->data, size_bytes, out, now_us, &events);
  gsize taken;

  g_byte_array_remove_range (self->queue, 0, size_bytes);
  if (!is_tuned (self))
    {
      make_noise (self, out, n);
      emu_ftdi_port_raise_line (self->port, EMU_FTDI_LINE_FRAMING);
    }
  taken = emu_ftdi_port_give_rx (self->port, out, n);
  if (taken < n) /* doubled bytes did not fit */
    g_byte_array_prepend (self->queue, out + taken, n - taken);
  if ((events & EMU_GLITCH_OVERRUN) != 0)
    emu_ftdi_port_raise_line (self->port, EMU_FTDI_LINE_OVERRUN);
  return events;
}

static EmuGlitchEvents
pump_to_host (EmuLine *self, gint64 now_us)
{
  EmuGlitchEvents events = 0;
  gsize n;

  do
    {
      n = MIN (emu_pace_get_room (&self->to_host, now_us), self->queue->len);
      n = MIN (n, emu_ftdi_port_get_rx_room (self->port));
      n = MIN (n, CHUNK_BYTES);
      if (n == 0)
        break;

      emu_pace_spend (&self->to_host, n);
      events = send_to_host (self, n, now_us);
      if (self->queue->len <= QUEUE_BYTES / 2)
        emu_interface_output_drained (self->interface);
    }
  while ((events & (EMU_GLITCH_UNPLUG | EMU_GLITCH_STALL)) == 0);

  if (self->queue->len == 0 || emu_ftdi_port_get_rx_room (self->port) == 0)
    emu_pace_end (&self->to_host);
  return events;
}

/* A board that takes nothing lets go of its RTS, which the chip knows as CTS. */
static void
set_clear_to_send (EmuLine *self, gboolean clear)
{
  emu_ftdi_port_set_pin_level (self->port, EMU_FTDI_PIN_CTS, !clear);
}

static void
tick_cb (gint64 now_us, gpointer user_data)
{
  EmuLine *self = user_data;
  gint64 stalled_until = emu_glitches_get_stall (self->glitches, now_us);
  EmuGlitchEvents events;

  set_clear_to_send (self, stalled_until == 0);
  if (stalled_until > 0)
    {
      emu_pace_end (&self->to_board);
      emu_pace_end (&self->to_host);
      if (stalled_until < G_MAXINT64)
        emu_timer_arm (&self->timer, stalled_until);
      return;
    }

  /* After a stall nobody else says that bytes wait. */
  if (emu_ftdi_port_get_tx_used (self->port) > 0)
    emu_pace_begin (&self->to_board, now_us);
  if (self->queue->len > 0 && emu_ftdi_port_get_rx_room (self->port) > 0)
    emu_pace_begin (&self->to_host, now_us);
  set_rates (self);
  pump_to_board (self, now_us);
  events = pump_to_host (self, now_us);
  if (self->to_board.busy || self->to_host.busy)
    kick (self);
  if ((events & EMU_GLITCH_UNPLUG) != 0)
    self->funcs.unplug (self, self->user_data);
}

static gboolean
output_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  EmuLine *self = user_data;
  gsize before = self->queue->len;
  gsize n;

  if (before > 0 && before + size_bytes > QUEUE_BYTES)
    return FALSE;

  g_byte_array_set_size (self->queue, before + LKS_SLIP_ENCODED_MAX (size_bytes));
  n = lks_slip_encode (packet, size_bytes, self->queue->data + before);
  g_byte_array_set_size (self->queue, before + n);
  kick_cb (self);
  return TRUE;
}

/* ---- connections ---- */

static void
content_cb (EmuSession *session, GIOStream *plain, gpointer user_data)
{
  EmuLine *self = user_data;

  self->funcs.accepted (self, plain, self->user_data);
}

static GTlsCertificate *
choose_certificate (EmuLine *self)
{
  EmuTlsKind kind = EMU_TLS_GENUINE;

  if (emu_glitches_strike (self->glitches, EMU_FAULT_NO_HANDSHAKE))
    return NULL;
  if (emu_glitches_strike (self->glitches, EMU_FAULT_WRONG_CERTIFICATE))
    kind = EMU_TLS_WRONG_CA;
  else if (emu_glitches_strike (self->glitches, EMU_FAULT_WRONG_NAME))
    kind = EMU_TLS_WRONG_NAME;
  else if (emu_glitches_strike (self->glitches, EMU_FAULT_EXPIRED_CERTIFICATE))
    kind = EMU_TLS_EXPIRED;
  return emu_tls_get_certificate (self->tls, kind);
}

static gboolean
accepted_cb (EmuTcp *tcp, guint16 port, int fd, gpointer user_data)
{
  EmuLine *self = user_data;
  EmuSession *session;
  GIOStream *plain;

  if (port == HTTPS_PORT && emu_glitches_strike (self->glitches, EMU_FAULT_REFUSE_CONNECTION))
    return FALSE;
  /* Clients that were killed leave connections behind whose end no board ever sees. */
  if (emu_interface_get_n_tcp (self->interface) > self->connections_max)
    emu_tcp_abort (emu_interface_get_idlest (self->interface));

  session = emu_session_new (tcp, fd);
  g_ptr_array_add (self->sessions, session);
  if (port == HTTPS_PORT)
    emu_session_handshake (session, choose_certificate (self), content_cb, self);
  else if ((plain = emu_session_open (session)) != NULL)
    self->funcs.opened (self, port, plain, self->user_data);
  return TRUE;
}

static void
ended_cb (EmuTcp *tcp, gpointer user_data)
{
  EmuLine *self = user_data;

  for (guint i = 0; i < self->sessions->len; i++)
    {
      EmuSession *session = g_ptr_array_index (self->sessions, i);

      if (emu_session_get_tcp (session) != tcp)
        continue;

      g_ptr_array_remove_index_fast (self->sessions, i);
      emu_session_end (session);
      return;
    }
}

/**
 * emu_line_new:
 * @config: what it is made of
 * @funcs: whom to tell
 * @user_data: for @funcs
 *
 * Wires a board to its chip's service UART: 921600 baud, 8N1, RTS/CTS. The board is off.
 *
 * Returns: (transfer full): a line
 */
EmuLine *
emu_line_new (const EmuLineConfig *config, const EmuLineFuncs *funcs, gpointer user_data)
{
  static const EmuInterfaceFuncs interface_funcs = { .output = output_cb,
                                                     .accepted = accepted_cb,
                                                     .ended = ended_cb };
  static const EmuFtdiPortFuncs port_funcs = { .tx_ready = kick_cb, .rx_room = kick_cb };
  EmuLine *self = g_new0 (EmuLine, 1);

  self->port = config->port;
  self->tls = config->tls;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->bytes_per_second = config->bytes_per_second;
  self->connections_max = config->connections_max;
  self->glitches = emu_glitches_new (config->seed);
  self->noise = g_rand_new_with_seed (config->seed);
  self->queue = g_byte_array_new ();
  self->sessions = g_ptr_array_new ();
  lks_slip_decoder_init (&self->decoder);
  emu_timer_init (&self->timer, config->clock, tick_cb, self);
  self->interface = emu_interface_new (config->stack, config->mtu_bytes, &interface_funcs, self);
  emu_interface_set_ping (self->interface, config->answers_ping);
  emu_interface_set_muted (self->interface, TRUE);
  emu_ftdi_port_wire (self->port, &port_funcs, self);
  return self;
}

/**
 * emu_line_free:
 * @self: (transfer full) (nullable): a line
 *
 * Ends every connection and cuts the wire.
 */
void
emu_line_free (EmuLine *self)
{
  if (self == NULL)
    return;

  emu_ftdi_port_wire (self->port, NULL, NULL);
  emu_interface_free (self->interface);
  emu_timer_disarm (&self->timer);
  g_assert (self->sessions->len == 0);
  g_ptr_array_unref (self->sessions);
  emu_glitches_free (self->glitches);
  g_rand_free (self->noise);
  g_byte_array_unref (self->queue);
  g_free (self);
}

/* Nothing is heard of the connections again, not even their end. */
static void
drop_everything (EmuLine *self)
{
  emu_interface_set_muted (self->interface, TRUE);
  emu_interface_close_ports (self->interface);
  emu_interface_abort_all (self->interface);
  g_byte_array_set_size (self->queue, 0);
  lks_slip_decoder_init (&self->decoder);
}

/**
 * emu_line_set_power:
 * @self: a line
 * @power: how much of the board is alive from now on
 *
 * Going to OFF, existing connections vanish: the host gets neither a FIN nor a reset.
 */
void
emu_line_set_power (EmuLine *self, EmuLinePower power)
{
  if (self->power == power)
    return;

  self->power = power;
  switch (power)
    {
    case EMU_LINE_POWER_OFF:
      drop_everything (self);
      break;
    case EMU_LINE_POWER_BOOTING:
      emu_interface_close_ports (self->interface);
      emu_interface_set_muted (self->interface, FALSE);
      break;
    case EMU_LINE_POWER_UP:
      emu_interface_set_muted (self->interface, FALSE);
      if (!emu_interface_open_port (self->interface, HTTPS_PORT))
        g_info ("port %d cannot be opened", HTTPS_PORT);
      break;
    }
}

/**
 * emu_line_open_port:
 * @self: a line whose board is up
 * @port: a TCP port without TLS that is closed
 *
 * Accepts connections to @port from now on, until it is closed or the board goes down.
 */
void
emu_line_open_port (EmuLine *self, guint16 port)
{
  if (self->power == EMU_LINE_POWER_UP && !emu_interface_open_port (self->interface, port))
    g_info ("port %d cannot be opened", port);
}

/**
 * emu_line_close_port:
 * @self: a line
 * @port: a TCP port
 *
 * Refuses connections to @port. Those that are open stay so.
 */
void
emu_line_close_port (EmuLine *self, guint16 port)
{
  emu_interface_close_port (self->interface, port);
}

/**
 * emu_line_reset_connection:
 * @self: a line
 * @plain: (nullable): a stream the line has handed out, or all of them
 *
 * Ends the stream's connection with a TCP reset. A stream that has ended already is ignored.
 */
void
emu_line_reset_connection (EmuLine *self, GIOStream *plain)
{
  if (plain == NULL)
    {
      emu_interface_abort_all (self->interface);
      return;
    }

  for (guint i = 0; i < self->sessions->len; i++)
    {
      EmuSession *session = g_ptr_array_index (self->sessions, i);

      if (emu_session_get_plain (session) == plain)
        {
          emu_tcp_abort (emu_session_get_tcp (session));
          return;
        }
    }
}

/**
 * emu_line_get_blinks:
 * @self: a line
 *
 * Returns: how often the host made the adapter's LED blink to find the board: the UDP datagrams it
 *   sent, which no board answers
 */
guint64
emu_line_get_blinks (EmuLine *self)
{
  return emu_interface_get_n_udp (self->interface);
}

/**
 * emu_line_set_pace:
 * @self: a line
 * @bytes_per_second: pace of each direction, 0 for no limit
 */
void
emu_line_set_pace (EmuLine *self, guint bytes_per_second)
{
  self->bytes_per_second = bytes_per_second;
}

/**
 * emu_line_add_fault:
 * @self: a line
 * @fault: what goes wrong from now on; faults that are not the line's are ignored
 */
void
emu_line_add_fault (EmuLine *self, const EmuFault *fault)
{
  emu_glitches_add (self->glitches, fault);
}

/**
 * emu_line_clear_faults:
 * @self: a line
 *
 * Nothing goes wrong from now on. A stalled line moves again.
 */
void
emu_line_clear_faults (EmuLine *self)
{
  emu_glitches_clear (self->glitches);
  kick_cb (self);
}
