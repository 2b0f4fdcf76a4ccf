/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-ftdi-port.h"

#include "emu-fifo.h"
#include "emu-ftdi-speed.h"

#include <errno.h>
#include <string.h>

#define POWER_ON_BAUD 9600
#define POWER_ON_LATENCY_MS 16
#define FORMAT_8N1 0x0008
#define FORMAT_MASK 0x5fff

/* Modem status byte: CTS, DSR, RI, DCD, and bit 0, which real chips send as 1. */
#define MODEM_ALWAYS 0x01
#define MODEM_CTS 0x10
#define MODEM_DSR 0x20
#define MODEM_RI 0x40
#define MODEM_DCD 0x80

/* Line status byte: transmit hold register empty and transmitter empty. */
#define LINE_TX_EMPTY 0x60
#define LINE_ERRORS 0x9e

struct _EmuFtdiPort
{
  guint index;
  EmuTimer timer; /* runs when a short packet is due and the host waits for one */
  EmuFifo rx;     /* from the wire */
  EmuFifo tx;     /* to the wire */
  GQueue in_urbs;
  GQueue out_urbs;
  gboolean in_halted;
  gboolean out_halted;

  guint baud;
  guint16 format;
  EmuFtdiFlow flow;
  gboolean rts;
  gboolean dtr;
  gboolean has_event_char;
  guint8 event_char;
  gboolean has_error_char;
  guint8 error_char;
  guint8 latency_ms;
  guint idle_ms; /* idle status packets are at least so far apart */

  EmuFtdiMode mode;
  guint8 output_mask;
  guint8 output_levels;
  guint8 wire_levels; /* what the board drives or pulls */

  guint8 line_errors; /* told in the next packet */
  guint8 told_modem;
  gboolean flush; /* the event character is in the receive buffer */
  gint64 last_packet_us;
  gint64 due_us; /* when a packet goes out even if it is short */

  EmuFtdiPortFuncs funcs;
  gpointer user_data;
  void (*pins_func) (gpointer user_data);
  gpointer pins_user_data;
};

/* ---- pins ---- */

static guint8
get_outputs (EmuFtdiPort *self, guint8 *out_levels)
{
  if (self->mode != EMU_FTDI_MODE_UART)
    {
      *out_levels = self->output_levels;
      return self->output_mask;
    }

  *out_levels =
      EMU_FTDI_PIN_TXD | (self->rts ? 0 : EMU_FTDI_PIN_RTS) | (self->dtr ? 0 : EMU_FTDI_PIN_DTR);
  return EMU_FTDI_PIN_TXD | EMU_FTDI_PIN_RTS | EMU_FTDI_PIN_DTR;
}

/**
 * emu_ftdi_port_get_pins:
 * @self: a port
 *
 * Returns: the levels on the eight pins, driven by the chip or by the board
 */
guint8
emu_ftdi_port_get_pins (EmuFtdiPort *self)
{
  guint8 levels;
  guint8 driven = get_outputs (self, &levels);

  return (levels & driven) | (self->wire_levels & ~driven);
}

static guint8
get_modem (EmuFtdiPort *self)
{
  guint8 pins = emu_ftdi_port_get_pins (self);

  return MODEM_ALWAYS | ((pins & EMU_FTDI_PIN_CTS) != 0 ? 0 : MODEM_CTS) |
         ((pins & EMU_FTDI_PIN_DSR) != 0 ? 0 : MODEM_DSR) |
         ((pins & EMU_FTDI_PIN_RI) != 0 ? 0 : MODEM_RI) |
         ((pins & EMU_FTDI_PIN_DCD) != 0 ? 0 : MODEM_DCD);
}

/**
 * emu_ftdi_port_get_status:
 * @self: a port
 * @out_status: (array fixed-size=2): modem and line status, as a packet begins
 *
 * Public origin: FTDI AN_232B-04 and the Linux driver ftdi_sio.
 */
void
emu_ftdi_port_get_status (EmuFtdiPort *self, guint8 *out_status)
{
  out_status[0] = get_modem (self);
  out_status[1] = self->line_errors | (emu_fifo_get_used (&self->tx) == 0 ? LINE_TX_EMPTY : 0);
}

static void
pins_changed (EmuFtdiPort *self)
{
  if (self->pins_func != NULL)
    self->pins_func (self->pins_user_data);
}

/* ---- bytes to the host ---- */

static void
append_packet (EmuFtdiPort *self, EmuUrb *urb, gsize payload_bytes, gint64 now_us)
{
  guint8 *packet = urb->data + urb->actual_bytes;

  emu_ftdi_port_get_status (self, packet);
  self->line_errors = 0;
  self->told_modem = packet[0];
  urb->actual_bytes += EMU_FTDI_STATUS_BYTES;
  urb->actual_bytes += emu_fifo_take (&self->rx, packet + EMU_FTDI_STATUS_BYTES, payload_bytes);

  self->last_packet_us = now_us;
  if (emu_fifo_get_used (&self->rx) == 0)
    self->flush = FALSE;
}

/* In asynchronous bit-bang mode the chip samples its pins all the time. */
static void
sample_pins (EmuFtdiPort *self, gint64 now_us)
{
  guint8 pins = emu_ftdi_port_get_pins (self);
  gint64 n = (now_us - self->last_packet_us) * self->baud / G_USEC_PER_SEC;

  for (n = CLAMP (n, 1, EMU_FTDI_PAYLOAD_BYTES); n > 0; n--)
    emu_fifo_put (&self->rx, &pins, 1);
}

static void
complete_in (EmuFtdiPort *self, int status)
{
  EmuUrb *urb = self->in_urbs.head->data;

  g_queue_unlink (&self->in_urbs, &urb->link);
  emu_urb_complete (urb, status);
}

static gboolean
is_short_packet_due (EmuFtdiPort *self, gint64 now_us)
{
  return now_us >= self->due_us || self->flush || self->line_errors != 0 ||
         self->told_modem != get_modem (self);
}

static void
set_due (EmuFtdiPort *self, gboolean has_data)
{
  guint wait_ms = has_data ? self->latency_ms : MAX (self->latency_ms, self->idle_ms);

  self->due_us = self->last_packet_us + (gint64) wait_ms * 1000;
}

/* The latency timer of the chip runs on all the time, so the wait for the first byte's packet
 * is anything up to the period. */
static void
set_due_for_first_byte (EmuFtdiPort *self, gint64 now_us)
{
  gint64 period_us = (gint64) self->latency_ms * 1000;
  gint64 periods = MAX (now_us - self->last_packet_us, 0) / period_us + 1;

  self->due_us = MIN (self->due_us, self->last_packet_us + periods * period_us);
}

/* Puts the next packet into the first waiting transfer; FALSE when the chip would not send yet.
 * A transfer ends when it is full or with the first short packet (USB 2.0, 5.8.3). */
static gboolean
serve_one_packet (EmuFtdiPort *self, gint64 now_us)
{
  EmuUrb *urb = self->in_urbs.head->data;
  gsize room = urb->size_bytes - urb->actual_bytes;
  gsize payload;
  gboolean is_full;

  if (self->mode == EMU_FTDI_MODE_ASYNC_BITBANG && now_us >= self->due_us)
    sample_pins (self, now_us);
  payload = MIN (emu_fifo_get_used (&self->rx), EMU_FTDI_PAYLOAD_BYTES);
  is_full = payload == EMU_FTDI_PAYLOAD_BYTES;
  if (!is_full && !is_short_packet_due (self, now_us))
    return FALSE;

  if (payload + EMU_FTDI_STATUS_BYTES > room)
    {
      /* More came than the host had room for: USB calls it babble, and the packet is lost. */
      self->last_packet_us = now_us;
      emu_fifo_take (&self->rx, (guint8[EMU_FTDI_PAYLOAD_BYTES]){ 0 }, payload);
      complete_in (self, -EOVERFLOW);
    }
  else
    {
      append_packet (self, urb, payload, now_us);
      if (!is_full || urb->actual_bytes == urb->size_bytes)
        complete_in (self, 0);
    }
  set_due (self, emu_fifo_get_used (&self->rx) > 0 ||
                     (self->in_urbs.head != NULL &&
                      ((EmuUrb *) self->in_urbs.head->data)->actual_bytes > 0));
  return TRUE;
}

static void
serve_in (EmuFtdiPort *self, gint64 now_us)
{
  gsize used = emu_fifo_get_used (&self->rx);

  while (self->in_urbs.head != NULL && serve_one_packet (self, now_us))
    ;

  if (self->in_urbs.head != NULL)
    emu_timer_arm (&self->timer, self->due_us);
  else
    emu_timer_disarm (&self->timer);

  if (emu_fifo_get_used (&self->rx) < used && self->funcs.rx_room != NULL)
    self->funcs.rx_room (self->user_data);
}

static void
timer_cb (gint64 now_us, gpointer user_data)
{
  serve_in (user_data, now_us);
}

/* ---- bytes from the host ---- */

static gboolean
may_transmit (EmuFtdiPort *self)
{
  guint8 modem = get_modem (self);

  switch (self->flow)
    {
    case EMU_FTDI_FLOW_RTS_CTS:
      return (modem & MODEM_CTS) != 0;
    case EMU_FTDI_FLOW_DTR_DSR:
      return (modem & MODEM_DSR) != 0;
    case EMU_FTDI_FLOW_NONE:
    case EMU_FTDI_FLOW_XON_XOFF:
      break;
    }
  return TRUE;
}

static void
bang (EmuFtdiPort *self, const guint8 *data, gsize size_bytes)
{
  for (gsize i = 0; i < size_bytes; i++)
    {
      self->output_levels = data[i];
      pins_changed (self);
      if (self->mode == EMU_FTDI_MODE_SYNC_BITBANG)
        {
          guint8 pins = emu_ftdi_port_get_pins (self);

          emu_fifo_put (&self->rx, &pins, 1);
        }
    }
}

static gsize
take_out_bytes (EmuFtdiPort *self, const guint8 *data, gsize size_bytes)
{
  if (self->mode != EMU_FTDI_MODE_UART)
    bang (self, data, size_bytes);
  else if (self->funcs.tx_ready != NULL)
    return emu_fifo_put (&self->tx, data, size_bytes);
  else if (!may_transmit (self))
    return 0;

  return size_bytes;
}

static void
serve_out (EmuFtdiPort *self)
{
  while (self->out_urbs.head != NULL)
    {
      EmuUrb *urb = self->out_urbs.head->data;

      urb->actual_bytes +=
          take_out_bytes (self, urb->data + urb->actual_bytes, urb->size_bytes - urb->actual_bytes);
      if (urb->actual_bytes < urb->size_bytes)
        break;

      g_queue_unlink (&self->out_urbs, &urb->link);
      emu_urb_complete (urb, 0);
    }
}

static void
kick_wire (EmuFtdiPort *self)
{
  if (self->funcs.tx_ready != NULL && emu_fifo_get_used (&self->tx) > 0)
    self->funcs.tx_ready (self->user_data);
}

static void
serve_all (EmuFtdiPort *self)
{
  serve_out (self);
  kick_wire (self);
  serve_in (self, g_get_monotonic_time ());
}

static void
drop_urbs (GQueue *queue)
{
  GList *link;

  while ((link = g_queue_pop_head_link (queue)) != NULL)
    emu_urb_free (link->data);
}

/**
 * emu_ftdi_port_new:
 * @clock: the clock of the emulator, which must outlive the port
 * @index: 0 to 3 for A to D
 * @pin_levels: what the board pulls or drives, one bit per pin, 1 is high
 *
 * Returns: (transfer full): a port in its power-on state
 */
EmuFtdiPort *
emu_ftdi_port_new (EmuClock *clock, guint index, guint8 pin_levels)
{
  EmuFtdiPort *self = g_new0 (EmuFtdiPort, 1);

  self->index = index;
  self->wire_levels = pin_levels;
  emu_timer_init (&self->timer, clock, timer_cb, self);
  emu_ftdi_port_power_on_reset (self);
  return self;
}

/**
 * emu_ftdi_port_free:
 * @self: (transfer full) (nullable): a port
 *
 * Transfers still waiting are dropped without a word.
 */
void
emu_ftdi_port_free (EmuFtdiPort *self)
{
  if (self == NULL)
    return;

  emu_timer_disarm (&self->timer);
  drop_urbs (&self->in_urbs);
  drop_urbs (&self->out_urbs);
  g_free (self);
}

/**
 * emu_ftdi_port_power_on_reset:
 * @self: a port with no transfers waiting
 *
 * Back to the state after power-on: every setting, both buffers and the pins. What is wired to
 * the port stays.
 */
void
emu_ftdi_port_power_on_reset (EmuFtdiPort *self)
{
  self->baud = POWER_ON_BAUD;
  self->format = FORMAT_8N1;
  self->latency_ms = POWER_ON_LATENCY_MS;
  self->mode = EMU_FTDI_MODE_UART;
  self->output_mask = 0;
  self->output_levels = 0xff;
  self->in_halted = self->out_halted = FALSE;
  self->last_packet_us = g_get_monotonic_time ();
  emu_ftdi_port_reset (self, 0);
  self->told_modem = get_modem (self);
  set_due (self, FALSE);
}

/**
 * emu_ftdi_port_set_pins_func:
 * @self: a port
 * @func: (nullable): called when the levels the port drives may have changed
 * @user_data: for @func
 */
void
emu_ftdi_port_set_pins_func (EmuFtdiPort *self,
                             void (*func) (gpointer user_data),
                             gpointer user_data)
{
  self->pins_func = func;
  self->pins_user_data = user_data;
}

/**
 * emu_ftdi_port_set_idle_floor:
 * @self: a port
 * @idle_ms: 0 for what a real chip does
 *
 * A real chip sends a packet of two status bytes every latency period for ever. With a latency
 * of 1 ms and many boards that is thousands of packets per second that say nothing; packets
 * without news are therefore at least @idle_ms apart. Packets with data are not affected.
 */
void
emu_ftdi_port_set_idle_floor (EmuFtdiPort *self, guint idle_ms)
{
  self->idle_ms = idle_ms;
  set_due (self, emu_fifo_get_used (&self->rx) > 0);
}

/**
 * emu_ftdi_port_submit:
 * @self: a port
 * @urb: (transfer full): a bulk transfer
 *
 * Queues a transfer; it may complete before this returns.
 */
void
emu_ftdi_port_submit (EmuFtdiPort *self, EmuUrb *urb)
{
  if (urb->is_in ? self->in_halted : self->out_halted)
    {
      emu_urb_complete (urb, -EPIPE);
      return;
    }

  if (urb->is_in)
    {
      g_queue_push_tail_link (&self->in_urbs, &urb->link);
      serve_in (self, g_get_monotonic_time ());
    }
  else
    {
      g_queue_push_tail_link (&self->out_urbs, &urb->link);
      serve_all (self);
    }
}

/**
 * emu_ftdi_port_withdraw:
 * @self: a port
 * @urb: (transfer none): a transfer that waits here
 *
 * Takes a transfer out of its queue without completing it; it is the caller's again. Bytes of
 * it that already went stay gone.
 */
void
emu_ftdi_port_withdraw (EmuFtdiPort *self, EmuUrb *urb)
{
  g_queue_unlink (urb->is_in ? &self->in_urbs : &self->out_urbs, &urb->link);
}

/**
 * emu_ftdi_port_set_halted:
 * @self: a port
 * @is_in: which endpoint
 * @halted: whether it answers with a stall
 *
 * The halt feature of USB 2.0, 9.4.5. Transfers that wait end with a stall.
 */
void
emu_ftdi_port_set_halted (EmuFtdiPort *self, gboolean is_in, gboolean halted)
{
  GQueue *queue = is_in ? &self->in_urbs : &self->out_urbs;
  GList *link;

  if (is_in)
    self->in_halted = halted;
  else
    self->out_halted = halted;

  while (halted && (link = g_queue_pop_head_link (queue)) != NULL)
    emu_urb_complete (link->data, -EPIPE);
}

/**
 * emu_ftdi_port_get_halted:
 * @self: a port
 * @is_in: which endpoint
 *
 * Returns: whether it is halted
 */
gboolean
emu_ftdi_port_get_halted (EmuFtdiPort *self, gboolean is_in)
{
  return is_in ? self->in_halted : self->out_halted;
}

/**
 * emu_ftdi_port_reset:
 * @self: a port
 * @what: 0 the port, 1 the transmit buffer, 2 the receive buffer
 *
 * The vendor request "reset". A reset of the port keeps speed, format and latency. Public
 * origin: libftdi (ftdi_tcoflush is 1, ftdi_tciflush is 2).
 *
 * Returns: whether @what is known
 */
gboolean
emu_ftdi_port_reset (EmuFtdiPort *self, guint16 what)
{
  if (what > 2)
    return FALSE;

  if (what != 2)
    emu_fifo_clear (&self->tx);
  if (what != 1)
    {
      emu_fifo_clear (&self->rx);
      self->flush = FALSE;
      self->line_errors = 0;
    }
  if (what == 0)
    {
      self->flow = EMU_FTDI_FLOW_NONE;
      self->rts = self->dtr = FALSE;
      self->has_event_char = self->has_error_char = FALSE;
    }

  serve_all (self);
  if (self->funcs.rx_room != NULL)
    self->funcs.rx_room (self->user_data);
  return TRUE;
}

/**
 * emu_ftdi_port_set_modem:
 * @self: a port
 * @value: wValue: DTR and RTS in bits 0 and 1, which of them to set in bits 8 and 9
 *
 * The vendor request "modem control".
 */
void
emu_ftdi_port_set_modem (EmuFtdiPort *self, guint16 value)
{
  if ((value & 0x0100) != 0)
    self->dtr = (value & 0x0001) != 0;
  if ((value & 0x0200) != 0)
    self->rts = (value & 0x0002) != 0;

  if (self->funcs.rx_room != NULL)
    self->funcs.rx_room (self->user_data);
}

/**
 * emu_ftdi_port_set_flow:
 * @self: a port
 * @flow: high byte of wIndex
 *
 * The vendor request "flow control".
 *
 * Returns: whether @flow is known
 */
gboolean
emu_ftdi_port_set_flow (EmuFtdiPort *self, guint8 flow)
{
  switch ((EmuFtdiFlow) flow)
    {
    case EMU_FTDI_FLOW_NONE:
    case EMU_FTDI_FLOW_RTS_CTS:
    case EMU_FTDI_FLOW_DTR_DSR:
    case EMU_FTDI_FLOW_XON_XOFF:
      self->flow = flow;
      serve_all (self);
      if (self->funcs.rx_room != NULL)
        self->funcs.rx_room (self->user_data);
      return TRUE;
    }
  return FALSE;
}

/**
 * emu_ftdi_port_set_speed:
 * @self: a port
 * @value: wValue
 * @index: wIndex
 *
 * The vendor request "speed", see emu_ftdi_speed_decode().
 */
void
emu_ftdi_port_set_speed (EmuFtdiPort *self, guint16 value, guint16 index)
{
  self->baud = emu_ftdi_speed_decode (value, index);
}

/**
 * emu_ftdi_port_set_format:
 * @self: a port
 * @value: wValue: data bits, parity, stop bits, break
 *
 * The vendor request "line format".
 *
 * Returns: whether the chip knows the format
 */
gboolean
emu_ftdi_port_set_format (EmuFtdiPort *self, guint16 value)
{
  guint data_bits = value & 0xff;
  guint parity = (value >> 8) & 7;
  guint stop = (value >> 11) & 3;

  if ((value & ~FORMAT_MASK) != 0 || data_bits < 7 || data_bits > 8 || parity > 4 || stop > 2)
    return FALSE;

  self->format = value;
  return TRUE;
}

/**
 * emu_ftdi_port_set_event_char:
 * @self: a port
 * @value: wValue: the character, and bit 8 to use it
 *
 * The vendor request "event character": its arrival sends what is waiting at once.
 */
void
emu_ftdi_port_set_event_char (EmuFtdiPort *self, guint16 value)
{
  self->event_char = value & 0xff;
  self->has_event_char = (value & 0x0100) != 0;
}

/**
 * emu_ftdi_port_set_error_char:
 * @self: a port
 * @value: wValue: the character, and bit 8 to use it
 *
 * The vendor request "error character": it stands where bytes were lost or damaged.
 */
void
emu_ftdi_port_set_error_char (EmuFtdiPort *self, guint16 value)
{
  self->error_char = value & 0xff;
  self->has_error_char = (value & 0x0100) != 0;
}

/**
 * emu_ftdi_port_set_latency:
 * @self: a port
 * @latency_ms: 1 to 255
 *
 * The vendor request "set latency timer".
 *
 * Returns: whether the time is in range
 */
gboolean
emu_ftdi_port_set_latency (EmuFtdiPort *self, guint16 latency_ms)
{
  if (latency_ms < 1 || latency_ms > 255)
    return FALSE;

  self->latency_ms = latency_ms;
  set_due (self, emu_fifo_get_used (&self->rx) > 0);
  serve_in (self, g_get_monotonic_time ());
  return TRUE;
}

/**
 * emu_ftdi_port_get_latency:
 * @self: a port
 *
 * Returns: the latency timer's period in milliseconds
 */
guint8
emu_ftdi_port_get_latency (EmuFtdiPort *self)
{
  return self->latency_ms;
}

/**
 * emu_ftdi_port_set_mode:
 * @self: a port
 * @value: wValue: output mask, mode in the high byte
 *
 * The vendor request "bit mode". Leaving the UART empties its buffers: bytes and pin levels do
 * not mix.
 *
 * Returns: whether this port has the mode
 */
gboolean
emu_ftdi_port_set_mode (EmuFtdiPort *self, guint16 value)
{
  guint mode = value >> 8;

  if (mode != EMU_FTDI_MODE_UART && mode != EMU_FTDI_MODE_ASYNC_BITBANG &&
      mode != EMU_FTDI_MODE_SYNC_BITBANG)
    return FALSE;

  if (mode != self->mode)
    {
      emu_fifo_clear (&self->rx);
      emu_fifo_clear (&self->tx);
      self->flush = FALSE;
    }
  self->mode = mode;
  self->output_mask = value & 0xff;
  pins_changed (self);
  serve_all (self);
  return TRUE;
}

/**
 * emu_ftdi_port_wire:
 * @self: a port
 * @funcs: (nullable): whom to tell, or %NULL to cut the wire
 * @user_data: for @funcs
 *
 * Wires something to the port's serial pins.
 */
void
emu_ftdi_port_wire (EmuFtdiPort *self, const EmuFtdiPortFuncs *funcs, gpointer user_data)
{
  self->funcs = funcs != NULL ? *funcs : (EmuFtdiPortFuncs){ 0 };
  self->user_data = user_data;
}

/**
 * emu_ftdi_port_get_baud:
 * @self: a port
 *
 * Returns: the speed the host has set
 */
guint
emu_ftdi_port_get_baud (EmuFtdiPort *self)
{
  return self->baud;
}

/**
 * emu_ftdi_port_is_8n1:
 * @self: a port
 *
 * Returns: whether eight data bits, no parity and one stop bit are set, and no break
 */
gboolean
emu_ftdi_port_is_8n1 (EmuFtdiPort *self)
{
  return self->format == FORMAT_8N1;
}

/**
 * emu_ftdi_port_get_tx_used:
 * @self: a port
 *
 * Returns: how many bytes could leave the transmit buffer now; 0 while flow control holds them
 */
gsize
emu_ftdi_port_get_tx_used (EmuFtdiPort *self)
{
  return may_transmit (self) ? emu_fifo_get_used (&self->tx) : 0;
}

/**
 * emu_ftdi_port_take_tx:
 * @self: a port
 * @data: where the bytes go
 * @size_bytes: how many the wire can carry now
 *
 * Moves bytes out of the transmit buffer and refills it from the transfers that wait.
 *
 * Returns: how many bytes were moved
 */
gsize
emu_ftdi_port_take_tx (EmuFtdiPort *self, guint8 *data, gsize size_bytes)
{
  gsize n;

  if (!may_transmit (self))
    return 0;

  n = emu_fifo_take (&self->tx, data, size_bytes);
  if (n > 0)
    serve_out (self);
  return n;
}

/**
 * emu_ftdi_port_get_rx_room:
 * @self: a port
 *
 * What the level on RTS says to the other side: by hand without flow control, by the room in the
 * receive buffer with it.
 *
 * Returns: how many bytes the other side may send now
 */
gsize
emu_ftdi_port_get_rx_room (EmuFtdiPort *self)
{
  if (self->mode != EMU_FTDI_MODE_UART)
    return G_MAXSIZE; /* nobody listens */
  if (self->flow == EMU_FTDI_FLOW_RTS_CTS)
    return emu_fifo_get_room (&self->rx);
  return self->rts ? G_MAXSIZE : 0;
}

/**
 * emu_ftdi_port_give_rx:
 * @self: a port
 * @data: bytes from the wire
 * @size_bytes: how many
 *
 * Puts bytes into the receive buffer. With RTS/CTS flow control only what fits is taken; without
 * it the rest is lost and the overrun flag tells.
 *
 * Returns: how many bytes left the wire
 */
gsize
emu_ftdi_port_give_rx (EmuFtdiPort *self, const guint8 *data, gsize size_bytes)
{
  gint64 now_us = g_get_monotonic_time ();
  gboolean was_empty = emu_fifo_get_used (&self->rx) == 0;
  gsize n;

  if (self->mode != EMU_FTDI_MODE_UART || size_bytes == 0)
    return size_bytes;

  n = emu_fifo_put (&self->rx, data, size_bytes);
  if (self->has_event_char && memchr (data, self->event_char, n) != NULL)
    self->flush = TRUE;
  if (was_empty && n > 0)
    set_due_for_first_byte (self, now_us);

  if (n < size_bytes && self->flow != EMU_FTDI_FLOW_RTS_CTS)
    {
      emu_ftdi_port_raise_line (self, EMU_FTDI_LINE_OVERRUN);
      return size_bytes;
    }
  serve_in (self, now_us);
  return n;
}

/**
 * emu_ftdi_port_raise_line:
 * @self: a port
 * @line_status: error bits of the line status byte
 *
 * Reports an error of the line with the next packet, which goes at once.
 */
void
emu_ftdi_port_raise_line (EmuFtdiPort *self, guint8 line_status)
{
  self->line_errors |= line_status & LINE_ERRORS;
  if (self->has_error_char && self->mode == EMU_FTDI_MODE_UART)
    emu_fifo_put (&self->rx, &self->error_char, 1);
  serve_in (self, g_get_monotonic_time ());
}

/**
 * emu_ftdi_port_set_pin_level:
 * @self: a port
 * @pin: one of the pins
 * @is_high: the level the board drives
 *
 * A change of a modem pin reaches the host with a packet at once.
 */
void
emu_ftdi_port_set_pin_level (EmuFtdiPort *self, guint8 pin, gboolean is_high)
{
  guint8 levels = is_high ? self->wire_levels | pin : self->wire_levels & ~pin;

  if (levels == self->wire_levels)
    return;

  self->wire_levels = levels;
  serve_all (self);
}

/**
 * emu_ftdi_port_get_driven:
 * @self: a port
 * @out_levels: the levels of the pins that are driven
 *
 * Returns: the pins driven in a bit-bang mode; none in UART mode, where pins 5 and 6 are inputs
 */
guint8
emu_ftdi_port_get_driven (EmuFtdiPort *self, guint8 *out_levels)
{
  *out_levels = self->output_levels;
  return self->mode == EMU_FTDI_MODE_UART ? 0 : self->output_mask;
}
