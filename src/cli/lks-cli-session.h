/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-keeper.h"

G_BEGIN_DECLS

/**
 * LksCliSession:
 *
 * The boards of one command, the servicing session of this user if there is one, and the wish of
 * the person at the terminal to stop.
 */
typedef struct _LksCliSession LksCliSession;

LksCliSession *lks_cli_session_open            (GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void           lks_cli_session_close           (LksCliSession        *self);

GCancellable  *lks_cli_session_get_cancellable (LksCliSession        *self);
LksBoardList  *lks_cli_session_get_boards      (LksCliSession        *self);
LksSessionKeeper *
               lks_cli_session_ensure_keeper   (LksCliSession        *self,
                                                GError              **error);
LksSession    *lks_cli_session_get_servicing   (LksCliSession        *self);
void           lks_cli_session_cancel_at_end   (LksCliSession        *self,
                                                LksBoard             *board,
                                                GCancellable         *cancellable);
gboolean       lks_cli_session_settle          (LksCliSession        *self,
                                                GError              **error);
GPtrArray     *lks_cli_session_select          (LksCliSession        *self,
                                                const char *const    *places_or_ids,
                                                gboolean              one_only,
                                                GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCliSession, lks_cli_session_close)

G_END_DECLS
