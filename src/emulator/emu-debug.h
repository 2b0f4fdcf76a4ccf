/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-scenario.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define EMU_DEBUG_OUTPUT_PORT 2342
#define EMU_DEBUG_DEBUGGER_PORT 2345

/**
 * EmuDebugEnd:
 * @EMU_DEBUG_EXITED: the program has ended by itself
 * @EMU_DEBUG_KILLED: the debugger has ended it
 * @EMU_DEBUG_DETACHED: the debugger has left it running
 *
 * How a debugging session came to its end.
 */
typedef enum {
  EMU_DEBUG_EXITED,
  EMU_DEBUG_KILLED,
  EMU_DEBUG_DETACHED,
} EmuDebugEnd;

typedef void (*EmuDebugFunc) (EmuDebugEnd end,
                              gpointer    user_data);

/**
 * EmuDebug:
 *
 * One application under the board's debug server: its output on one port, the debugger on another.
 */
typedef struct _EmuDebug EmuDebug;

EmuDebug *emu_debug_new    (const EmuOutputConfig *output,
                            gboolean               waits,
                            EmuDebugFunc           func,
                            gpointer               user_data) G_GNUC_WARN_UNUSED_RESULT;
void      emu_debug_free   (EmuDebug              *self);

void      emu_debug_accept (EmuDebug              *self,
                            guint16                port,
                            GIOStream             *stream);

G_END_DECLS
