/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-peripheral-lock.h"
#include "lks-software-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksDeleteDialog:
 *
 * Asks which applications leave a board, and says before whether that restarts it. Emits "apply"
 * when the person has decided.
 */
#define LKS_TYPE_DELETE_DIALOG (lks_delete_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksDeleteDialog, lks_delete_dialog, LKS, DELETE_DIALOG, AdwWindow)

LksDeleteDialog *lks_delete_dialog_new     (GtkWindow         *parent,
                                            LksSoftwareView   *view,
                                            LksPeripheralLock  lock,
                                            const char        *component_id);
char           **lks_delete_dialog_dup_ids (LksDeleteDialog   *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
