/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the bytes of a port become USB packets, and transfers of the host become bytes. */
#include "emu-ftdi-port-private.h"

#include <errno.h>

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
         self->told_modem != emu_ftdi_port_get_modem (self);
}

void
emu_ftdi_port_set_due (EmuFtdiPort *self, gboolean has_data)
{
  guint wait_ms = has_data ? self->latency_ms : MAX (self->latency_ms, self->idle_ms);

  self->due_us = self->last_packet_us + (gint64) wait_ms * 1000;
}

/* The latency timer of the chip runs on all the time, so the wait for the first byte's packet
 * is anything up to the period. */
void
emu_ftdi_port_set_due_for_first_byte (EmuFtdiPort *self, gint64 now_us)
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
  emu_ftdi_port_set_due (self, emu_fifo_get_used (&self->rx) > 0 ||
                                   (self->in_urbs.head != NULL &&
                                    ((EmuUrb *) self->in_urbs.head->data)->actual_bytes > 0));
  return TRUE;
}

void
emu_ftdi_port_serve_in (EmuFtdiPort *self, gint64 now_us)
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

void
emu_ftdi_port_timer_cb (gint64 now_us, gpointer user_data)
{
  emu_ftdi_port_serve_in (user_data, now_us);
}

/* ---- bytes from the host ---- */

static void
bang (EmuFtdiPort *self, const guint8 *data, gsize size_bytes)
{
  for (gsize i = 0; i < size_bytes; i++)
    {
      self->output_levels = data[i];
      emu_ftdi_port_pins_changed (self);
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
  else if (!emu_ftdi_port_may_transmit (self))
    return 0;

  return size_bytes;
}

void
emu_ftdi_port_serve_out (EmuFtdiPort *self)
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

void
emu_ftdi_port_serve_all (EmuFtdiPort *self)
{
  emu_ftdi_port_serve_out (self);
  kick_wire (self);
  emu_ftdi_port_serve_in (self, g_get_monotonic_time ());
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
      emu_ftdi_port_serve_in (self, g_get_monotonic_time ());
    }
  else
    {
      g_queue_push_tail_link (&self->out_urbs, &urb->link);
      emu_ftdi_port_serve_all (self);
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
