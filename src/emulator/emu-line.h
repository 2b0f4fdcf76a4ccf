/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-clock.h"
#include "emu-fault.h"
#include "emu-ftdi-port.h"
#include "emu-stack.h"
#include "emu-tls.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * EmuLine:
 *
 * Everything between the chip's service UART and the plain bytes of HTTP, for one board:
 * the wire with its pace and faults, SLIP, IP, TCP and TLS. It knows nothing of REST.
 * All calls and callbacks happen on the thread of the main context.
 */
typedef struct _EmuLine EmuLine;

/**
 * EmuLinePower:
 * @EMU_LINE_POWER_OFF: the MT3620 is silent: no power, held in reset, or early in its boot
 * @EMU_LINE_POWER_BOOTING: its IP stack answers, but no port is open yet
 * @EMU_LINE_POWER_UP: its HTTPS port is open
 *
 * How much of the board's network is alive.
 */
typedef enum {
  EMU_LINE_POWER_OFF,
  EMU_LINE_POWER_BOOTING,
  EMU_LINE_POWER_UP,
} EmuLinePower;

/**
 * EmuLineFuncs:
 * @accepted: a client finished its TLS handshake; @plain (borrowed) carries HTTP
 * @opened: a client connected to @port, opened with emu_line_open_port(); @plain (borrowed) carries
 *   its bytes
 * @unplug: a fault asks for the adapter to leave the bus now
 *
 * What a line tells the world above it.
 */
typedef struct {
  void (*accepted) (EmuLine   *line,
                    GIOStream *plain,
                    gpointer   user_data);
  void (*opened)   (EmuLine   *line,
                    guint16    port,
                    GIOStream *plain,
                    gpointer   user_data);
  void (*unplug)   (EmuLine   *line,
                    gpointer   user_data);
} EmuLineFuncs;

/**
 * EmuLineConfig:
 * @clock: the clock of all lines
 * @stack: the stack of all boards
 * @tls: the certificates of all boards
 * @port: the chip's service UART
 * @bytes_per_second: pace of each direction, 0 for no limit
 * @mtu_bytes: the largest packet the board sends
 * @connections_max: how many clients there may be; one more ends the longest unused
 * @answers_ping: whether it answers an ICMP echo
 * @seed: for the random numbers of its faults
 *
 * What a line is made of. The objects must outlive it.
 */
typedef struct {
  EmuClock *clock;
  EmuStack *stack;
  EmuTls *tls;
  EmuFtdiPort *port;
  guint bytes_per_second;
  guint mtu_bytes;
  guint connections_max;
  gboolean answers_ping;
  guint32 seed;
} EmuLineConfig;

EmuLine     *emu_line_new              (const EmuLineConfig *config,
                                        const EmuLineFuncs  *funcs,
                                        gpointer             user_data) G_GNUC_WARN_UNUSED_RESULT;
void         emu_line_free             (EmuLine        *self);

void         emu_line_set_power        (EmuLine        *self,
                                        EmuLinePower    power);
void         emu_line_open_port        (EmuLine        *self,
                                        guint16         port);
void         emu_line_close_port       (EmuLine        *self,
                                        guint16         port);
void         emu_line_reset_connection (EmuLine        *self,
                                        GIOStream      *plain);

guint64      emu_line_get_blinks       (EmuLine        *self);

void         emu_line_set_pace         (EmuLine        *self,
                                        guint           bytes_per_second);
void         emu_line_add_fault        (EmuLine        *self,
                                        const EmuFault *fault);
void         emu_line_clear_faults     (EmuLine        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuLine, emu_line_free)

G_END_DECLS
