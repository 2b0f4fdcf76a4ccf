/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-fifo.h"
#include "emu-ftdi-port.h"

G_BEGIN_DECLS

struct _EmuFtdiPort {
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

/* pins and levels */
guint8   emu_ftdi_port_get_modem              (EmuFtdiPort *self);
gboolean emu_ftdi_port_may_transmit           (EmuFtdiPort *self);
void     emu_ftdi_port_pins_changed           (EmuFtdiPort *self);

/* transfers */
void     emu_ftdi_port_set_due                (EmuFtdiPort *self,
                                               gboolean     has_data);
void     emu_ftdi_port_set_due_for_first_byte (EmuFtdiPort *self,
                                               gint64       now_us);
void     emu_ftdi_port_serve_in               (EmuFtdiPort *self,
                                               gint64       now_us);
void     emu_ftdi_port_serve_out              (EmuFtdiPort *self);
void     emu_ftdi_port_serve_all              (EmuFtdiPort *self);
void     emu_ftdi_port_timer_cb               (gint64       now_us,
                                               gpointer     user_data);

G_END_DECLS
