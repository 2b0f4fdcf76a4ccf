/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-error.h"

GQuark
lks_session_error_quark (void)
{
  return g_quark_from_static_string ("lks-session-error");
}

G_DEFINE_ENUM_TYPE (LksSessionError,
                    lks_session_error,
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_ERROR_NONE_ACTIVE, "none-active"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_ERROR_ACTIVE, "active"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_ERROR_NO_CAPABILITY, "no-capability"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_ERROR_NOT_NEEDED, "not-needed"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_ERROR_OTHER_BOARD, "other-board"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_ERROR_NOT_ACCEPTED, "not-accepted"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_ERROR_NO_PLACE, "no-place"),
                    G_DEFINE_ENUM_VALUE (LKS_SESSION_ERROR_NOT_KEPT, "not-kept"))

/**
 * lks_session_error_get_advice:
 * @code: an error code
 *
 * Returns: (transfer none): what to do next, as an English sentence
 */
const char *
lks_session_error_get_advice (LksSessionError code)
{
  switch (code)
    {
    case LKS_SESSION_ERROR_NONE_ACTIVE:
      return "Start one with the board and a capability for it.";
    case LKS_SESSION_ERROR_ACTIVE:
      return "End that session first.";
    case LKS_SESSION_ERROR_NO_CAPABILITY:
      return "Import the capability file of this board into the vault, or have it downloaded by "
             "whoever owns the board.";
    case LKS_SESSION_ERROR_NOT_NEEDED:
      return "Work on the board as it is; no capability has to be shown to it.";
    case LKS_SESSION_ERROR_OTHER_BOARD:
      return "Use the capability file that names this board's device ID.";
    case LKS_SESSION_ERROR_NOT_ACCEPTED:
      return "Look at the reason in the message; the capability was taken away again.";
    case LKS_SESSION_ERROR_NO_PLACE:
      return "Log in as usual, so that the system makes the runtime folder, and check that it "
             "belongs to you alone.";
    case LKS_SESSION_ERROR_NOT_KEPT:
      return "Check that locksmithctl is installed beside Locksmith and can be started.";
    }
  return "See the message.";
}
