/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger-outbox.h"
#include "lks-share.h"

G_BEGIN_DECLS

/**
 * LksShareOpenFunc:
 * @place: where
 * @cancellable: a cancellable
 * @error: return location for an error
 *
 * Opens the shared ledger with the password that belongs to it. Blocks; on a thread of its own, which
 * may live on when the pusher is gone.
 *
 * Returns: (transfer full): a connection, or NULL with @error set
 */
typedef LksShare *(*LksShareOpenFunc) (const LksSharePlace *place,
                                       GCancellable        *cancellable,
                                       GError             **error);

/**
 * LksSharePusher:
 *
 * Copies a ledger to a shared one as long as it lives, on threads of its own: soon after something
 * was written, from time to time for what other programs write, and again and again while the
 * server is away. Main thread. The properties "waiting" (how many entries are not there yet),
 * "oldest-us" (when the oldest of them was written), "confirmed-us" (when the server was last heard
 * of; both Unix microseconds, 0: never) and "error" (a boxed #GError, why it did not work the last
 * time, or NULL) change together.
 */
#define LKS_TYPE_SHARE_PUSHER (lks_share_pusher_get_type ())
G_DECLARE_FINAL_TYPE (LksSharePusher, lks_share_pusher, LKS, SHARE_PUSHER, GObject)

LksSharePusher *lks_share_pusher_new             (LksLedger           *ledger,
                                                  const LksSharePlace *place,
                                                  LksShareOpenFunc     open) G_GNUC_WARN_UNUSED_RESULT;
void            lks_share_pusher_set_backoff_ms  (LksSharePusher      *self,
                                                  guint                first_ms,
                                                  guint                max_ms);

const LksSharePlace *
                lks_share_pusher_get_place       (LksSharePusher      *self);
guint64         lks_share_pusher_get_waiting     (LksSharePusher      *self);
gint64          lks_share_pusher_get_oldest_us   (LksSharePusher      *self);
gint64          lks_share_pusher_get_confirmed_us
                                                 (LksSharePusher      *self);
const GError   *lks_share_pusher_get_error       (LksSharePusher      *self);

G_END_DECLS
