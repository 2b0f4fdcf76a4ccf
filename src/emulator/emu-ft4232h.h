/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-ftdi-port.h"

G_BEGIN_DECLS

#define EMU_FT4232H_VENDOR 0x0403
#define EMU_FT4232H_PRODUCT 0x6011
#define EMU_FT4232H_RELEASE 0x0800
#define EMU_FT4232H_PORTS 4
#define EMU_FT4232H_SERIAL_MAX_CHARS 12

/* Ports by what a board wires to them. */
enum {
  EMU_FT4232H_PORT_DEBUG,
  EMU_FT4232H_PORT_SWD,
  EMU_FT4232H_PORT_SERVICE,
  EMU_FT4232H_PORT_RECOVERY,
};

/**
 * EmuFt4232h:
 *
 * The USB adapter of a board, as a device on the bus.
 */
typedef struct _EmuFt4232h EmuFt4232h;

/**
 * EmuFt4232hResetFunc:
 * @in_reset: whether a port pulls the MT3620's reset line low
 * @recovery: whether the recovery strap is high
 *
 * Called when either of the two lines changes.
 */
typedef void (*EmuFt4232hResetFunc) (gboolean in_reset,
                                     gboolean recovery,
                                     gpointer user_data);

EmuFt4232h  *emu_ft4232h_new            (EmuClock            *clock,
                                         const char          *serial) G_GNUC_WARN_UNUSED_RESULT;
void         emu_ft4232h_free           (EmuFt4232h          *self);
void         emu_ft4232h_power_on_reset (EmuFt4232h          *self);
void         emu_ft4232h_set_reset_func (EmuFt4232h          *self,
                                         EmuFt4232hResetFunc  func,
                                         gpointer             user_data);

EmuFtdiPort *emu_ft4232h_get_port       (EmuFt4232h          *self,
                                         guint                index);

void         emu_ft4232h_submit         (EmuFt4232h          *self,
                                         EmuUrb              *urb);
void         emu_ft4232h_withdraw       (EmuFt4232h          *self,
                                         EmuUrb              *urb);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuFt4232h, emu_ft4232h_free)

G_END_DECLS
