/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-list.h"
#include "lks-session-guard.h"
#include "lks-vault.h"

G_BEGIN_DECLS

/**
 * LksSessionKeeper:
 *
 * Brings the session of this user together with its board: follows the attached boards, the vault
 * and the session of all programs, hands the key to exactly the board that the session names, and
 * takes it away and wipes it when the session ends. Every change made in the session is written
 * down.
 *
 * Properties: "session" (NULL without one), "board" (the session's board while it has the key),
 * "problem" (why the key is not at hand although there is a session, as a #GError).
 */
#define LKS_TYPE_SESSION_KEEPER (lks_session_keeper_get_type ())
G_DECLARE_FINAL_TYPE (LksSessionKeeper, lks_session_keeper, LKS, SESSION_KEEPER, GObject)

/**
 * LksSessionRequest:
 * @board: the board
 * @item: a capability of the vault
 * @task: what is to be done
 * @note: (nullable): why
 * @operator_name: who
 * @operator_role: (nullable): "operator" or "engineer", when somebody has signed in at the station
 * @batch: (nullable): the batch that is being worked on there
 * @minutes: how long the session may last, 1 to %LKS_SESSION_MINUTES_MAX
 * @grace_s: how long the board may be unplugged, 0 to %LKS_SESSION_GRACE_MAX_S
 * @survives_program: whether it goes on when the program is closed
 * @ends_on_lock: whether it ends when the screen is locked
 *
 * What the user wants.
 */
typedef struct {
  LksBoard      *board;
  LksVaultItem  *item;
  LksServiceTask task;
  const char    *note;
  const char    *operator_name;
  const char    *operator_role;
  const char    *batch;
  guint          minutes;
  guint          grace_s;
  gboolean       survives_program;
  gboolean       ends_on_lock;
} LksSessionRequest;

/* What is still to be written down at the end of a program is on the disk by then. */
#define LKS_SESSION_SETTLE_LIMIT_MS (15 * 1000)

LksSessionKeeper *lks_session_keeper_new          (LksSessionStore         *store,
                                                   LksBoardList            *boards,
                                                   LksVault                *vault,
                                                   LksLedger               *ledger,
                                                   GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
LksSessionGuard  *lks_session_keeper_get_guard    (LksSessionKeeper        *self);
LksVault         *lks_session_keeper_get_vault    (LksSessionKeeper        *self);
LksSession       *lks_session_keeper_get_session  (LksSessionKeeper        *self);
LksBoard         *lks_session_keeper_get_board    (LksSessionKeeper        *self);
const GError     *lks_session_keeper_get_problem  (LksSessionKeeper        *self);
gboolean          lks_session_keeper_is_settled   (LksSessionKeeper        *self);
gboolean          lks_session_keeper_settle       (LksSessionKeeper        *self,
                                                   guint                    limit_ms);

void              lks_session_keeper_start_async  (LksSessionKeeper        *self,
                                                   const LksSessionRequest *request,
                                                   GCancellable            *cancellable,
                                                   GAsyncReadyCallback      callback,
                                                   gpointer                 user_data);
gboolean          lks_session_keeper_start_finish (LksSessionKeeper        *self,
                                                   GAsyncResult            *result,
                                                   GError                 **error);
gboolean          lks_session_keeper_end          (LksSessionKeeper        *self,
                                                   LksSessionEnd            end,
                                                   GError                 **error);
void              lks_session_keeper_close        (LksSessionKeeper        *self);

G_END_DECLS
