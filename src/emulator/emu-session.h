/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-stack.h"
#include "emu-tls.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * EmuSession:
 *
 * What stands on one TCP connection of a board: the socket, and on port 443 TLS on it.
 */
typedef struct _EmuSession EmuSession;

/**
 * EmuSessionFunc:
 * @plain: (transfer none): the decrypted stream
 *
 * Called when the client has finished its TLS handshake.
 */
typedef void (*EmuSessionFunc) (EmuSession *session,
                                GIOStream  *plain,
                                gpointer    user_data);

EmuSession *emu_session_new       (EmuTcp          *tcp,
                                   int              fd) G_GNUC_WARN_UNUSED_RESULT;
void        emu_session_end       (EmuSession      *self);
void        emu_session_handshake (EmuSession      *self,
                                   GTlsCertificate *certificate,
                                   EmuSessionFunc   func,
                                   gpointer         user_data);
GIOStream  *emu_session_open      (EmuSession      *self);
EmuTcp     *emu_session_get_tcp   (EmuSession      *self);
GIOStream  *emu_session_get_plain (EmuSession      *self);

G_END_DECLS
