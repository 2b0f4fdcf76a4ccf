/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * EmuTrace:
 *
 * A file with one JSON line per request a board answered: time, board, method, path, status.
 * Headers and bodies never get there.
 */
typedef struct _EmuTrace EmuTrace;

EmuTrace *emu_trace_open  (const char  *path,
                           GError     **error) G_GNUC_WARN_UNUSED_RESULT;
EmuTrace *emu_trace_ref   (EmuTrace    *self);
void      emu_trace_unref (EmuTrace    *self);

void      emu_trace_write (EmuTrace    *self,
                           guint        board,
                           const char  *method,
                           const char  *path,
                           guint        status,
                           gboolean     with_capability);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuTrace, emu_trace_unref)

G_END_DECLS
