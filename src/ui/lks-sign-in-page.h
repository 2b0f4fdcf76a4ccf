/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksSignInPage:
 *
 * What the window shows in place of everything else while nobody is signed in at a station that
 * asks for it. Runs that were begun go on; it says how many.
 */
#define LKS_TYPE_SIGN_IN_PAGE (lks_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (LksSignInPage, lks_sign_in_page, LKS, SIGN_IN_PAGE, AdwBin)

LksSignInPage *lks_sign_in_page_new     (LksOperatorSession *session) G_GNUC_WARN_UNUSED_RESULT;
void           lks_sign_in_page_begin   (LksSignInPage      *self);
void           lks_sign_in_page_set_problem
                                        (LksSignInPage      *self,
                                         const GError       *error);

G_END_DECLS
