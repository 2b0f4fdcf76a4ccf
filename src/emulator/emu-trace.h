/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * EmuTrace:
 *
 * A file with one JSON line per request a board answered: time, board, method, path, status,
 * whether it brought a capability, and if so whether one for this very board; and per request the
 * cloud answered, with the service in place of the board. Headers and bodies never get there.
 */
typedef struct _EmuTrace EmuTrace;

/**
 * EmuTraceCapability:
 * @EMU_TRACE_CAPABILITY_NONE: the request brought none
 * @EMU_TRACE_CAPABILITY_OWN: one whose file names this board
 * @EMU_TRACE_CAPABILITY_FOREIGN: one for another board, or no file at all
 */
typedef enum {
  EMU_TRACE_CAPABILITY_NONE,
  EMU_TRACE_CAPABILITY_OWN,
  EMU_TRACE_CAPABILITY_FOREIGN,
} EmuTraceCapability;

EmuTrace *emu_trace_open  (const char  *path,
                           GError     **error) G_GNUC_WARN_UNUSED_RESULT;
EmuTrace *emu_trace_ref   (EmuTrace    *self);
void      emu_trace_unref (EmuTrace    *self);

void      emu_trace_write (EmuTrace    *self,
                           guint        board,
                           const char  *method,
                           const char  *path,
                           guint        status,
                           EmuTraceCapability capability);

void      emu_trace_write_cloud (EmuTrace    *self,
                                 const char  *service,
                                 const char  *method,
                                 const char  *path,
                                 guint        status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuTrace, emu_trace_unref)

G_END_DECLS
