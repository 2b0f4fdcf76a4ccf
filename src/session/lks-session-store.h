/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-error.h"
#include "lks-session-limits.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksSessionStore:
 *
 * The one servicing session of this operating-system user, as a small file that all of the user's
 * windows and commands share and follow. It never holds a capability. The property "session"
 * notifies within a moment of any change, whoever made it.
 *
 * Lives on the thread that made it. Changes block for the time of some file operations.
 */
#define LKS_TYPE_SESSION_STORE (lks_session_store_get_type ())
G_DECLARE_FINAL_TYPE (LksSessionStore, lks_session_store, LKS, SESSION_STORE, GObject)

/**
 * LksSessionChange:
 * @session: (nullable): the session now
 * @out_session: (inout): the session from now on: @session unless it is replaced
 * @user_data: as given
 * @error: return location for an error
 *
 * Decides on a change while no other program can make one.
 *
 * Returns: whether to make it; with @error set otherwise
 */
typedef gboolean (*LksSessionChange) (LksSession  *session,
                                      LksSession **out_session,
                                      gpointer     user_data,
                                      GError     **error);

char            *lks_session_store_dup_default_folder (void) G_GNUC_WARN_UNUSED_RESULT;
LksSessionStore *lks_session_store_new                (const char        *folder,
                                                       GError           **error) G_GNUC_WARN_UNUSED_RESULT;

LksSession      *lks_session_store_get_session        (LksSessionStore   *self);
gboolean         lks_session_store_is_damaged         (LksSessionStore   *self);
void             lks_session_store_reload             (LksSessionStore   *self);
gboolean         lks_session_store_change             (LksSessionStore   *self,
                                                       LksSessionChange   change,
                                                       gpointer           user_data,
                                                       GError           **error);
gboolean         lks_session_store_end                (LksSessionStore   *self,
                                                       const char        *session_id,
                                                       LksSessionEnd      end,
                                                       GError           **error);
LksSessionEnd    lks_session_store_get_end            (LksSessionStore   *self,
                                                       const char        *session_id);

gboolean         lks_session_store_keep               (LksSessionStore   *self,
                                                       GError           **error);
void             lks_session_store_release            (LksSessionStore   *self);
gboolean         lks_session_store_is_kept            (LksSessionStore   *self);

G_END_DECLS
