/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger-service.h"
#include "lks-session-store.h"

G_BEGIN_DECLS

/**
 * LksSessionGuard:
 *
 * Watches over the session of this user as long as a program runs: it enforces the limits, listens
 * to desktop, login and clock, and writes down how the session ended, exactly once among all
 * programs. It needs to be told what is plugged in: lks_session_guard_see_board() and
 * lks_session_guard_see_absence().
 *
 * A session that no guard watches over is over: see lks_session_store_keep().
 *
 * Lives on the thread that made it. The property "session" is the session that goes on, NULL when
 * there is none.
 */
#define LKS_TYPE_SESSION_GUARD (lks_session_guard_get_type ())
G_DECLARE_FINAL_TYPE (LksSessionGuard, lks_session_guard, LKS, SESSION_GUARD, GObject)

/**
 * LksSessionBeginning:
 * @fields: the session
 * @usb_serial: (nullable): the adapter's serial number
 * @operator_role: (nullable): of whoever has signed in at the station
 * @batch: (nullable): what is being worked on there
 * @signer: (nullable): who signed the capability file, 40 digits
 * @before: (nullable): what the board is like
 *
 * A session that is to begin.
 */
typedef struct {
  LksSessionFields fields;
  const char      *usb_serial;
  const char      *operator_role;
  const char      *batch;
  const char      *signer;
  JsonNode        *before;
} LksSessionBeginning;

/**
 * LksSessionDescribe:
 * @session: the session that ends
 * @user_data: as given
 *
 * Returns: (transfer full) (nullable): what its board is like now, as far as is known
 */
typedef JsonNode *(*LksSessionDescribe) (LksSession *session,
                                         gpointer    user_data);

LksSessionGuard *lks_session_guard_new          (LksSessionStore            *store,
                                                 LksLedger                  *ledger,
                                                 GError                    **error) G_GNUC_WARN_UNUSED_RESULT;
void             lks_session_guard_set_describe (LksSessionGuard            *self,
                                                 LksSessionDescribe          describe,
                                                 gpointer                    user_data);
void             lks_session_guard_leave        (LksSessionGuard            *self);

LksSession      *lks_session_guard_get_session  (LksSessionGuard            *self);
gboolean         lks_session_guard_is_ready     (LksSessionGuard            *self);
gboolean         lks_session_guard_watches_lock (LksSessionGuard            *self);

gboolean         lks_session_guard_begin        (LksSessionGuard            *self,
                                                 const LksSessionBeginning  *beginning,
                                                 GError                    **error);
gboolean         lks_session_guard_end          (LksSessionGuard            *self,
                                                 LksSessionEnd               end,
                                                 GError                    **error);
gboolean         lks_session_guard_set_survives (LksSessionGuard            *self,
                                                 gboolean                    survives_program,
                                                 GError                    **error);

void             lks_session_guard_see_board    (LksSessionGuard            *self,
                                                 const char                 *port,
                                                 guint                       attach_number,
                                                 const char                 *device_id);
void             lks_session_guard_see_absence  (LksSessionGuard            *self);

G_END_DECLS
