/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMU_LOG_BANK_BYTES 4096
#define EMU_LOG_BANKS 8

typedef enum {
  EMU_LOG_FATAL = 1,
  EMU_LOG_ERROR,
  EMU_LOG_WARNING,
  EMU_LOG_INFO,
  EMU_LOG_DEBUG,
} EmuLogPriority;

/* Categories of the board's services. */
enum {
  EMU_LOG_NETWORKD = 2,
  EMU_LOG_APPMAN_INIT = 3,
  EMU_LOG_GATEWAYD = 6,
  EMU_LOG_APPMAN = 7,
};

/**
 * EmuLog:
 *
 * The board's diagnostic log: a ring of banks of binary records, as GET /log returns it.
 */
typedef struct _EmuLog EmuLog;

EmuLog *emu_log_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void    emu_log_free    (EmuLog         *self);

void    emu_log_add     (EmuLog         *self,
                         guint64         time_ms,
                         EmuLogPriority  priority,
                         guint           category,
                         guint           message,
                         const char     *format,
                         ...);
GBytes *emu_log_read    (EmuLog         *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
