/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-operator-session.h"
#include "lks-run-order.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksOperatorGate:
 *
 * The one place where windows ask whether whoever is at the station may do something. Property:
 * "session" ([class@Lks.OperatorSession], nullable); without one everybody may do everything.
 */
#define LKS_TYPE_OPERATOR_GATE (lks_operator_gate_get_type ())
G_DECLARE_FINAL_TYPE (LksOperatorGate, lks_operator_gate, LKS, OPERATOR_GATE, GObject)

LksOperatorGate    *lks_operator_gate_ref_default (void) G_GNUC_WARN_UNUSED_RESULT;

LksOperatorSession *lks_operator_gate_get_session (LksOperatorGate    *self);
void                lks_operator_gate_set_session (LksOperatorGate    *self,
                                                   LksOperatorSession *session);

gboolean            lks_operator_may              (LksOperatorAct      act);
gboolean            lks_operator_permit           (GtkWidget          *widget,
                                                   LksOperatorAct      act);
LksRunOrder         lks_operator_make_order       (LksOperatorSession *session,
                                                   const char         *preferred);
LksRunOrder        *lks_operator_dup_order        (GSettings          *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
