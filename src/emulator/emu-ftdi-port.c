/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-ftdi-port.h"

#include "emu-ftdi-port-private.h"
#include "emu-ftdi-speed.h"

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

guint8
emu_ftdi_port_get_modem (EmuFtdiPort *self)
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
  out_status[0] = emu_ftdi_port_get_modem (self);
  out_status[1] = self->line_errors | (emu_fifo_get_used (&self->tx) == 0 ? LINE_TX_EMPTY : 0);
}

void
emu_ftdi_port_pins_changed (EmuFtdiPort *self)
{
  if (self->pins_func != NULL)
    self->pins_func (self->pins_user_data);
}

gboolean
emu_ftdi_port_may_transmit (EmuFtdiPort *self)
{
  guint8 modem = emu_ftdi_port_get_modem (self);

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
drop_urbs (GQueue *queue)
{
  GList *link;

  while ((link = g_queue_pop_head_link (queue)) != NULL)
    emu_urb_free (link->data);
}

/**
 * emu_ftdi_port_new:
 * @clock: the clock of the emulator, which must outlive the port
 * @pin_levels: what the board pulls or drives, one bit per pin, 1 is high
 *
 * Returns: (transfer full): a port in its power-on state
 */
EmuFtdiPort *
emu_ftdi_port_new (EmuClock *clock, guint8 pin_levels)
{
  EmuFtdiPort *self = g_new0 (EmuFtdiPort, 1);

  self->wire_levels = pin_levels;
  emu_timer_init (&self->timer, clock, emu_ftdi_port_timer_cb, self);
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
  self->told_modem = emu_ftdi_port_get_modem (self);
  emu_ftdi_port_set_due (self, FALSE);
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
  emu_ftdi_port_set_due (self, emu_fifo_get_used (&self->rx) > 0);
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

  emu_ftdi_port_serve_all (self);
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
      emu_ftdi_port_serve_all (self);
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
  emu_ftdi_port_set_due (self, emu_fifo_get_used (&self->rx) > 0);
  emu_ftdi_port_serve_in (self, g_get_monotonic_time ());
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
  emu_ftdi_port_pins_changed (self);
  emu_ftdi_port_serve_all (self);
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
  return emu_ftdi_port_may_transmit (self) ? emu_fifo_get_used (&self->tx) : 0;
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

  if (!emu_ftdi_port_may_transmit (self))
    return 0;

  n = emu_fifo_take (&self->tx, data, size_bytes);
  if (n > 0)
    emu_ftdi_port_serve_out (self);
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
    emu_ftdi_port_set_due_for_first_byte (self, now_us);

  if (n < size_bytes && self->flow != EMU_FTDI_FLOW_RTS_CTS)
    {
      emu_ftdi_port_raise_line (self, EMU_FTDI_LINE_OVERRUN);
      return size_bytes;
    }
  emu_ftdi_port_serve_in (self, now_us);
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
  emu_ftdi_port_serve_in (self, g_get_monotonic_time ());
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
  emu_ftdi_port_serve_all (self);
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
