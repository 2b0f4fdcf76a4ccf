/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"
#include "lks-operator-session.h"
#include "lks-session-keeper.h"
#include "lks-vault.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksWindow:
 *
 * The main window: the attached boards, the capabilities and the records.
 */
#define LKS_TYPE_WINDOW (lks_window_get_type ())
G_DECLARE_FINAL_TYPE (LksWindow, lks_window, LKS, WINDOW, AdwApplicationWindow)

LksWindow *lks_window_new        (GtkApplication   *application,
                                  GSettings        *settings) G_GNUC_WARN_UNUSED_RESULT;

void       lks_window_set_boards (LksWindow        *self,
                                  GListModel       *boards,
                                  const GError     *error);
void       lks_window_set_ledger (LksWindow        *self,
                                  LksLedger        *ledger,
                                  const GError     *error);
void       lks_window_set_keeper (LksWindow        *self,
                                  LksSessionKeeper *keeper,
                                  const GError     *error);
void       lks_window_set_operator_session
                                 (LksWindow          *self,
                                  LksOperatorSession *session,
                                  const GError       *problem);
void lks_window_build_ahead (LksWindow *self);
void       lks_window_set_boards (LksWindow      *self,
                                  GListModel     *boards,
                                  const GError   *error);
void       lks_window_set_ledger (LksWindow      *self,
                                  LksLedger      *ledger,
                                  const GError   *error);
void       lks_window_set_vault  (LksWindow      *self,
                                  LksVault       *vault);
void       lks_window_import     (LksWindow      *self,
                                  GPtrArray      *files);
void       lks_window_close_unasked
                                 (LksWindow      *self);

G_END_DECLS
