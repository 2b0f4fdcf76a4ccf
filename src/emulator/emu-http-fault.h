/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-rest.h"

G_BEGIN_DECLS

/* How a spoilt answer is to be sent. */
typedef enum {
  EMU_HTTP_SPOIL_NORMAL, /* as any other */
  EMU_HTTP_SPOIL_LATE,   /* after the fault's duration */
  EMU_HTTP_SPOIL_NEVER,
  EMU_HTTP_SPOIL_RAW,    /* byte by byte, see EmuHttpRaw */
} EmuHttpSpoil;

gboolean     emu_http_prevents (const EmuFault *fault,
                                EmuAnswer      *answer);
EmuHttpSpoil emu_http_spoil    (const EmuFault *fault,
                                EmuAnswer      *answer);

/**
 * EmuHttpRaw:
 *
 * An answer that no HTTP library would send: cut, reset or without end.
 */
typedef struct _EmuHttpRaw EmuHttpRaw;

EmuHttpRaw  *emu_http_raw_new   (EmuBoard        *board,
                                 const EmuFault  *fault,
                                 const EmuAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;
void         emu_http_raw_free  (EmuHttpRaw      *self);
void         emu_http_raw_start (EmuHttpRaw      *self,
                                 GIOStream       *stream);

G_END_DECLS
