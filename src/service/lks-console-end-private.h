/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What one end may owe the other; more is not read meanwhile. */
#define LKS_CONSOLE_OWED_MAX_BYTES 65536

/* One end of a connection of a console: a socket, and what it is still to be sent. */
typedef struct {
  int fd; /* (owned): -1 when there is none */
  GByteArray *owed; /* (owned) */
} LksConsoleEnd;

void     lks_console_end_init       (LksConsoleEnd  *self);
void     lks_console_end_take       (LksConsoleEnd  *self,
                                     int             fd);
void     lks_console_end_close      (LksConsoleEnd  *self);
void     lks_console_end_clear      (LksConsoleEnd  *self);
gboolean lks_console_end_is_open    (const LksConsoleEnd *self);
gboolean lks_console_end_can_owe    (const LksConsoleEnd *self);
gboolean lks_console_end_flush      (LksConsoleEnd  *self);
gssize   lks_console_end_read       (LksConsoleEnd  *self,
                                     guint8         *buffer,
                                     gsize           size_bytes);

G_END_DECLS
