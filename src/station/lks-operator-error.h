/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksOperatorError:
 * @LKS_OPERATOR_ERROR_INVALID: a name, a batch, a PIN or a file is not of the right form
 * @LKS_OPERATOR_ERROR_NOT_LISTED: this station lists who may sign in, and this person is not there
 * @LKS_OPERATOR_ERROR_WRONG: the PIN is wrong, or the key is not one that this station trusts
 * @LKS_OPERATOR_ERROR_WAIT: too many wrong PINs: nothing is compared before some time has passed
 * @LKS_OPERATOR_ERROR_NO_PIN: no engineer PIN was ever set
 * @LKS_OPERATOR_ERROR_DENIED: others could have changed the file of the PIN
 * @LKS_OPERATOR_ERROR_FAILED: something on this computer does not work
 *
 * Why nobody is signed in. Nicks: "invalid", "not-listed", "wrong", "wait", "no-pin", "denied",
 * "failed".
 */
typedef enum {
  LKS_OPERATOR_ERROR_INVALID,
  LKS_OPERATOR_ERROR_NOT_LISTED,
  LKS_OPERATOR_ERROR_WRONG,
  LKS_OPERATOR_ERROR_WAIT,
  LKS_OPERATOR_ERROR_NO_PIN,
  LKS_OPERATOR_ERROR_DENIED,
  LKS_OPERATOR_ERROR_FAILED,
} LksOperatorError;

#define LKS_OPERATOR_ERROR (lks_operator_error_quark ())
GQuark      lks_operator_error_quark      (void);

#define LKS_TYPE_OPERATOR_ERROR (lks_operator_error_get_type ())
GType       lks_operator_error_get_type   (void);

const char *lks_operator_error_get_advice (LksOperatorError code);

G_END_DECLS
