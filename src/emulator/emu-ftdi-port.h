/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-clock.h"
#include "emu-urb.h"

G_BEGIN_DECLS

/* wIndex high byte of the flow control request (FTDI, libftdi SIO_*_HS). */
typedef enum {
  EMU_FTDI_FLOW_NONE = 0,
  EMU_FTDI_FLOW_RTS_CTS = 1,
  EMU_FTDI_FLOW_DTR_DSR = 2,
  EMU_FTDI_FLOW_XON_XOFF = 4,
} EmuFtdiFlow;

/* Mode of the bit mode request that the FT4232H knows. */
typedef enum {
  EMU_FTDI_MODE_UART = 0x00,
  EMU_FTDI_MODE_ASYNC_BITBANG = 0x01,
  EMU_FTDI_MODE_MPSSE = 0x02,
  EMU_FTDI_MODE_SYNC_BITBANG = 0x04,
} EmuFtdiMode;

#define EMU_FTDI_PACKET_BYTES 512
#define EMU_FTDI_STATUS_BYTES 2
#define EMU_FTDI_PAYLOAD_BYTES (EMU_FTDI_PACKET_BYTES - EMU_FTDI_STATUS_BYTES)

/* Pins as the chip numbers them on every port in UART mode. */
#define EMU_FTDI_PIN_TXD 0x01
#define EMU_FTDI_PIN_RXD 0x02
#define EMU_FTDI_PIN_RTS 0x04
#define EMU_FTDI_PIN_CTS 0x08
#define EMU_FTDI_PIN_DTR 0x10
#define EMU_FTDI_PIN_DSR 0x20
#define EMU_FTDI_PIN_DCD 0x40
#define EMU_FTDI_PIN_RI 0x80

/* Error bits of the line status byte. */
#define EMU_FTDI_LINE_OVERRUN 0x02
#define EMU_FTDI_LINE_PARITY 0x04
#define EMU_FTDI_LINE_FRAMING 0x08
#define EMU_FTDI_LINE_BREAK 0x10

/**
 * EmuFtdiPort:
 *
 * One of the four ports of an FT4232H: two buffers, the serial engine's settings, its pins,
 * and the rules by which bytes become USB packets.
 */
typedef struct _EmuFtdiPort EmuFtdiPort;

/**
 * EmuFtdiPortFuncs:
 * @tx_ready: the transmit buffer got bytes; NULL: nothing is wired to it, they vanish
 * @rx_room: the receive buffer has room again, or the host let the other side send
 *
 * What a port tells those wired to it.
 */
typedef struct {
  void (*tx_ready) (gpointer user_data);
  void (*rx_room)  (gpointer user_data);
} EmuFtdiPortFuncs;

EmuFtdiPort *emu_ftdi_port_new            (EmuClock     *clock,
                                           guint8        pin_levels) G_GNUC_WARN_UNUSED_RESULT;
void         emu_ftdi_port_free           (EmuFtdiPort  *self);
void         emu_ftdi_port_power_on_reset (EmuFtdiPort  *self);
void         emu_ftdi_port_set_pins_func  (EmuFtdiPort  *self,
                                           void        (*func) (gpointer user_data),
                                           gpointer      user_data);

/* the host's side */
void         emu_ftdi_port_submit         (EmuFtdiPort  *self,
                                           EmuUrb       *urb);
void         emu_ftdi_port_withdraw       (EmuFtdiPort  *self,
                                           EmuUrb       *urb);
void         emu_ftdi_port_set_halted     (EmuFtdiPort  *self,
                                           gboolean      is_in,
                                           gboolean      halted);
gboolean     emu_ftdi_port_get_halted     (EmuFtdiPort  *self,
                                           gboolean      is_in);
gboolean     emu_ftdi_port_reset          (EmuFtdiPort  *self,
                                           guint16       what);
void         emu_ftdi_port_set_modem      (EmuFtdiPort  *self,
                                           guint16       value);
gboolean     emu_ftdi_port_set_flow       (EmuFtdiPort  *self,
                                           guint8        flow);
void         emu_ftdi_port_set_speed      (EmuFtdiPort  *self,
                                           guint16       value,
                                           guint16       index);
gboolean     emu_ftdi_port_set_format     (EmuFtdiPort  *self,
                                           guint16       value);
void         emu_ftdi_port_set_event_char (EmuFtdiPort  *self,
                                           guint16       value);
void         emu_ftdi_port_set_error_char (EmuFtdiPort  *self,
                                           guint16       value);
gboolean     emu_ftdi_port_set_latency    (EmuFtdiPort  *self,
                                           guint16       latency_ms);
guint8       emu_ftdi_port_get_latency    (EmuFtdiPort  *self);
gboolean     emu_ftdi_port_set_mode       (EmuFtdiPort  *self,
                                           guint16       value);
guint8       emu_ftdi_port_get_pins       (EmuFtdiPort  *self);
void         emu_ftdi_port_get_status     (EmuFtdiPort  *self,
                                           guint8       *out_status);
void         emu_ftdi_port_set_idle_floor (EmuFtdiPort  *self,
                                           guint         idle_ms);

/* the wire's side */
void         emu_ftdi_port_wire           (EmuFtdiPort  *self,
                                           const EmuFtdiPortFuncs *funcs,
                                           gpointer      user_data);
guint        emu_ftdi_port_get_baud       (EmuFtdiPort  *self);
gboolean     emu_ftdi_port_is_8n1         (EmuFtdiPort  *self);
gsize        emu_ftdi_port_get_tx_used    (EmuFtdiPort  *self);
gsize        emu_ftdi_port_take_tx        (EmuFtdiPort  *self,
                                           guint8       *data,
                                           gsize         size_bytes);
gsize        emu_ftdi_port_get_rx_room    (EmuFtdiPort  *self);
gsize        emu_ftdi_port_give_rx        (EmuFtdiPort  *self,
                                           const guint8 *data,
                                           gsize         size_bytes);
void         emu_ftdi_port_raise_line     (EmuFtdiPort  *self,
                                           guint8        line_status);
void         emu_ftdi_port_set_pin_level  (EmuFtdiPort  *self,
                                           guint8        pin,
                                           gboolean      is_high);
guint8       emu_ftdi_port_get_driven     (EmuFtdiPort  *self,
                                           guint8       *out_levels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuFtdiPort, emu_ftdi_port_free)

G_END_DECLS
