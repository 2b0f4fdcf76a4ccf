/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-operator-error.h"

GQuark
lks_operator_error_quark (void)
{
  return g_quark_from_static_string ("lks-operator-error");
}

G_DEFINE_ENUM_TYPE (LksOperatorError,
                    lks_operator_error,
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ERROR_INVALID, "invalid"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ERROR_NOT_LISTED, "not-listed"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ERROR_WRONG, "wrong"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ERROR_WAIT, "wait"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ERROR_NO_PIN, "no-pin"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ERROR_DENIED, "denied"),
                    G_DEFINE_ENUM_VALUE (LKS_OPERATOR_ERROR_FAILED, "failed"))

/**
 * lks_operator_error_get_advice:
 * @code: an error code
 *
 * Returns: (transfer none): what to do next, as an English sentence
 */
const char *
lks_operator_error_get_advice (LksOperatorError code)
{
  switch (code)
    {
    case LKS_OPERATOR_ERROR_INVALID:
      return "Correct it and try again.";
    case LKS_OPERATOR_ERROR_NOT_LISTED:
      return "Check the spelling, or scan the badge again. Whoever administers this station adds "
             "people to its configuration.";
    case LKS_OPERATOR_ERROR_WRONG:
      return "Try again; after several wrong ones each try has to wait longer.";
    case LKS_OPERATOR_ERROR_WAIT:
      return "Wait that long. Starting Locksmith again does not shorten it.";
    case LKS_OPERATOR_ERROR_NO_PIN:
      return "Set one with “locksmithctl operator set-pin”, or sign in with a recipe-signing key.";
    case LKS_OPERATOR_ERROR_DENIED:
      return "Give the file to root and take the right to write it from all others.";
    case LKS_OPERATOR_ERROR_FAILED:
      break;
    }
  return "Look at the message, correct the cause and try again.";
}
