/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-service-error.h"

GQuark
lks_service_error_quark (void)
{
  return g_quark_from_static_string ("lks-service-error");
}

G_DEFINE_ENUM_TYPE (LksServiceError,
                    lks_service_error,
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ERROR_INVALID, "invalid"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ERROR_EXISTS, "exists"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ERROR_FULL, "full"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ERROR_UNSAFE, "unsafe"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ERROR_NOT_APPLIED, "not-applied"),
                    G_DEFINE_ENUM_VALUE (LKS_SERVICE_ERROR_OVERDUE, "overdue"))

/**
 * lks_service_error_get_advice:
 * @code: an error code of this room
 *
 * Returns: (transfer none): what to do next, as an English sentence
 */
const char *
lks_service_error_get_advice (LksServiceError code)
{
  switch (code)
    {
    case LKS_SERVICE_ERROR_INVALID:
      return "Correct what the message names and try again; nothing was sent to the board.";
    case LKS_SERVICE_ERROR_EXISTS:
      return "Choose another name, or say that it shall be replaced; nothing was sent to the "
             "board.";
    case LKS_SERVICE_ERROR_FULL:
      return "Remove what the board does not need any more, then try again; nothing was sent to "
             "it.";
    case LKS_SERVICE_ERROR_UNSAFE:
      return "Choose the way that the message names; nothing was sent to the board.";
    case LKS_SERVICE_ERROR_NOT_APPLIED:
      return "Read the board's state again, then repeat the change. If it is lost once more, "
             "restart "
             "the board and fetch its log.";
    case LKS_SERVICE_ERROR_OVERDUE:
      return "Wait a moment and read the board's state again before repeating anything.";
    }
  return "See the message.";
}
