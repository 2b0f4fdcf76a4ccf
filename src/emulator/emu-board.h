/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-keys.h"
#include "emu-scenario.h"
#include "emu-trace.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * EmuBoard:
 *
 * One emulated board behind its TLS server: power, state and the device REST API.
 * Lives on the main context that was the thread's default when it was made.
 *
 * Property "running" (notifies): whether the system is up. When it goes FALSE the link dies:
 * whoever carries the bytes drops every connection without a farewell and answers nothing,
 * until it is TRUE again.
 *
 * Property "debugging" (notifies): whether an application runs under the debug server, so that
 * the ports %EMU_DEBUG_OUTPUT_PORT and %EMU_DEBUG_DEBUGGER_PORT are open.
 *
 * Signal "connection-reset" (GIOStream, nullable): the board wants this connection gone with a TCP
 * reset, not with a close. The stream is one given to emu_board_serve(); NULL means all of them.
 */
#define EMU_TYPE_BOARD (emu_board_get_type ())
G_DECLARE_FINAL_TYPE (EmuBoard, emu_board, EMU, BOARD, GObject)

EmuBoard             *emu_board_new          (EmuScenario     *scenario,
                                              guint            index,
                                              EmuKeys         *keys,
                                              EmuTrace        *trace) G_GNUC_WARN_UNUSED_RESULT;

const EmuBoardConfig *emu_board_get_config   (EmuBoard        *self);
gboolean              emu_board_get_running  (EmuBoard        *self);
void                  emu_board_set_device_id (EmuBoard       *self,
                                               const char     *device_id);
const char           *emu_board_get_device_id (EmuBoard       *self);
EmuManufacturingState emu_board_get_state    (EmuBoard        *self);
guint64               emu_board_get_uptime_s (EmuBoard        *self);
gboolean              emu_board_get_debugging (EmuBoard       *self);
gboolean              emu_board_get_locked   (EmuBoard        *self);

void                  emu_board_serve        (EmuBoard        *self,
                                              GIOStream       *stream);

void                  emu_board_serve_port   (EmuBoard        *self,
                                              guint16          port,
                                              GIOStream       *stream);

void                  emu_board_press_reset  (EmuBoard        *self);
void                  emu_board_power_off    (EmuBoard        *self);
void                  emu_board_power_on     (EmuBoard        *self);

void                  emu_board_add_fault    (EmuBoard        *self,
                                              const EmuFault  *fault);
void                  emu_board_clear_faults (EmuBoard        *self);

G_END_DECLS
