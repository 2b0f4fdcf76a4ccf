/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksSignInDialog:
 *
 * Signs somebody in, in place of whoever is there; goes when it is done.
 */
#define LKS_TYPE_SIGN_IN_DIALOG (lks_sign_in_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksSignInDialog, lks_sign_in_dialog, LKS, SIGN_IN_DIALOG, AdwWindow)

GtkWindow *lks_sign_in_dialog_present (GtkWindow          *parent,
                                       LksOperatorSession *session,
                                       gboolean            as_engineer);

G_END_DECLS
