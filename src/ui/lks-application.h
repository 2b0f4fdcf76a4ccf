/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"
#include "lks-operator-session.h"
#include "lks-session-keeper.h"
#include "lks-share-pusher.h"
#include "lks-vault.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksApplication:
 *
 * The program: its settings, its actions and its window. Whoever creates it hands the boards,
 * the ledger and the vault in, best in "shown", which is emitted when the first frame has been
 * drawn.
 */
#define LKS_TYPE_APPLICATION (lks_application_get_type ())
G_DECLARE_FINAL_TYPE (LksApplication, lks_application, LKS, APPLICATION, AdwApplication)

LksApplication *lks_application_new          (const char     *application_id) G_GNUC_WARN_UNUSED_RESULT;

GSettings      *lks_application_get_settings (LksApplication *self);
void            lks_application_set_operator_session
                                             (LksApplication     *self,
                                              LksOperatorSession *session,
                                              const GError       *problem);
void            lks_application_set_boards   (LksApplication *self,
                                              GListModel     *boards,
                                              const GError   *error);
void            lks_application_set_ledger   (LksApplication *self,
                                              LksLedger      *ledger,
                                              const GError   *error);
void            lks_application_set_keeper   (LksApplication   *self,
                                              LksSessionKeeper *keeper,
                                              const GError     *error);
void            lks_application_set_share    (LksApplication *self,
                                              LksSharePusher *pusher,
                                              const GError   *error);
void            lks_application_set_vault    (LksApplication *self,
                                              LksVault       *vault);

G_END_DECLS
