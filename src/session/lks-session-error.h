/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksSessionError:
 * @LKS_SESSION_ERROR_NONE_ACTIVE: there is no session
 * @LKS_SESSION_ERROR_ACTIVE: there is one already; a user has one at a time
 * @LKS_SESSION_ERROR_NO_CAPABILITY: the vault has none for this board, or none for this task
 * @LKS_SESSION_ERROR_NOT_NEEDED: the board is open, or too new to have been finished
 * @LKS_SESSION_ERROR_OTHER_BOARD: the capability is for another board
 * @LKS_SESSION_ERROR_NOT_ACCEPTED: the board refuses the capability
 * @LKS_SESSION_ERROR_NO_PLACE: the session cannot be kept: the user's runtime folder cannot be
 *   used
 * @LKS_SESSION_ERROR_NOT_KEPT: nothing else would watch over the session
 *
 * Why a servicing session does not begin or end. Nicks: "none-active", "active", "no-capability",
 * "not-needed", "other-board", "not-accepted", "no-place", "not-kept".
 */
typedef enum {
  LKS_SESSION_ERROR_NONE_ACTIVE,
  LKS_SESSION_ERROR_ACTIVE,
  LKS_SESSION_ERROR_NO_CAPABILITY,
  LKS_SESSION_ERROR_NOT_NEEDED,
  LKS_SESSION_ERROR_OTHER_BOARD,
  LKS_SESSION_ERROR_NOT_ACCEPTED,
  LKS_SESSION_ERROR_NO_PLACE,
  LKS_SESSION_ERROR_NOT_KEPT,
} LksSessionError;

#define LKS_SESSION_ERROR (lks_session_error_quark ())
GQuark      lks_session_error_quark      (void);

#define LKS_TYPE_SESSION_ERROR (lks_session_error_get_type ())
GType       lks_session_error_get_type   (void);

const char *lks_session_error_get_advice (LksSessionError code);

G_END_DECLS
