/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-io-watch.h"
#include "lks-line-private.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksConnectionState:
 * @LKS_CONNECTION_STATE_CONNECTING: the handshake is under way
 * @LKS_CONNECTION_STATE_OPEN: bytes can go both ways
 * @LKS_CONNECTION_STATE_OVER: the stack has forgotten it; bytes received may still be passed on
 */
typedef enum {
  LKS_CONNECTION_STATE_CONNECTING,
  LKS_CONNECTION_STATE_OPEN,
  LKS_CONNECTION_STATE_OVER,
} LksConnectionState;

/**
 * LksConnection:
 *
 * One TCP connection to the board and the Unix socket it is passed on to. Made, used and
 * freed with the stack's core lock held.
 */
typedef struct _LksConnection LksConnection;

LksConnection      *lks_connection_new          (LksLine       *line,
                                                 guint16        port,
                                                 LksIoWatches  *watches,
                                                 GSourceFunc    ready_cb,
                                                 gpointer       user_data,
                                                 GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void                lks_connection_free         (LksConnection *self);

guint16             lks_connection_get_port     (LksConnection *self);
guint16             lks_connection_get_local_port (LksConnection *self);
LksConnectionState  lks_connection_get_state    (LksConnection *self);
GError             *lks_connection_dup_error    (LksConnection *self);
gboolean            lks_connection_has_client   (LksConnection *self);
guint               lks_connection_steal_round_trip (LksConnection *self);

void                lks_connection_take_client  (LksConnection *self,
                                                 int            fd);
gboolean            lks_connection_service      (LksConnection *self);
gint64              lks_connection_retry        (LksConnection *self,
                                                 gint64         now_us);
void                lks_connection_resume       (LksConnection *self);
void                lks_connection_abort        (LksConnection *self,
                                                 GIOErrorEnum   code);
gboolean            lks_connection_note_segment (LksConnection *self,
                                                 guint32        sequence,
                                                 guint32        length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksConnection, lks_connection_free)

G_END_DECLS
