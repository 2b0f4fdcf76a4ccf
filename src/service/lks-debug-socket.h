/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksDebugSocket:
 *
 * A place for a Unix socket at which a debugger of this user connects, in a folder that no other
 * user can enter.
 */
typedef struct _LksDebugSocket LksDebugSocket;

LksDebugSocket *lks_debug_socket_new      (GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void            lks_debug_socket_free     (LksDebugSocket        *self);

const char     *lks_debug_socket_get_path (const LksDebugSocket  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksDebugSocket, lks_debug_socket_free)

G_END_DECLS
