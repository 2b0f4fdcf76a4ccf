/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksSignInForm:
 *
 * Where somebody signs in: by name or badge, as engineer with a PIN or a key file. The signal
 * "done" tells that somebody is signed in. What is typed as PIN is wiped when it was tried.
 */
#define LKS_TYPE_SIGN_IN_FORM (lks_sign_in_form_get_type ())
G_DECLARE_FINAL_TYPE (LksSignInForm, lks_sign_in_form, LKS, SIGN_IN_FORM, AdwBin)

void lks_sign_in_form_set_session (LksSignInForm      *self,
                                   LksOperatorSession *session);
void lks_sign_in_form_begin       (LksSignInForm      *self,
                                   gboolean            as_engineer);

G_END_DECLS
