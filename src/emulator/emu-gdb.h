/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMU_GDB_PACKET_MAX_BYTES 4096

/**
 * EmuGdbWish:
 * @EMU_GDB_RUN: let the program run
 * @EMU_GDB_HALT: stop it
 * @EMU_GDB_KILL: end it
 * @EMU_GDB_DETACH: let it run and leave it alone
 *
 * What a debugger wants of the program.
 */
typedef enum {
  EMU_GDB_RUN,
  EMU_GDB_HALT,
  EMU_GDB_KILL,
  EMU_GDB_DETACH,
} EmuGdbWish;

typedef void (*EmuGdbFunc) (EmuGdbWish wish,
                            gpointer   user_data);

/**
 * EmuGdb:
 *
 * The board's end of the GDB remote serial protocol, as far as a debugger needs it to attach, look
 * around, let the program run, stop, kill or leave it. Memory and registers read as zeros.
 */
typedef struct _EmuGdb EmuGdb;

EmuGdb *emu_gdb_new    (EmuGdbFunc    func,
                        gpointer      user_data) G_GNUC_WARN_UNUSED_RESULT;
void    emu_gdb_free   (EmuGdb       *self);

void    emu_gdb_feed   (EmuGdb       *self,
                        const guint8 *data,
                        gsize         size_bytes,
                        GByteArray   *reply);
void    emu_gdb_report (EmuGdb       *self,
                        const char   *stop,
                        GByteArray   *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuGdb, emu_gdb_free)

G_END_DECLS
