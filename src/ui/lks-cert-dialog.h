/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cert-plan.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCertDialog:
 *
 * Asks for a certificate to store, reads its files and checks them before anything is sent.
 *
 * Signal "apply": the person wants it; take it with lks_cert_dialog_take() at once.
 */
#define LKS_TYPE_CERT_DIALOG (lks_cert_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksCertDialog, lks_cert_dialog, LKS, CERT_DIALOG, AdwWindow)

/**
 * LksCertChoice:
 *
 * What was chosen, checked; owned.
 */
typedef struct {
  char *id;
  LksCertType type;
  LksPemCert *cert;
  LksSecret *key;
  LksSecret *password;
  gboolean replace;
} LksCertChoice;

LksCertDialog *lks_cert_dialog_new      (GtkWindow      *parent);
void           lks_cert_dialog_set_file (LksCertDialog  *self,
                                         gboolean        is_key,
                                         GFile          *file);
LksCertChoice *lks_cert_dialog_take     (LksCertDialog  *self);
void           lks_cert_choice_free     (gpointer        self);
LksCertPlan    lks_cert_choice_get_plan (const LksCertChoice *self);

G_END_DECLS
