/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"
#include "lks-run.h"
#include "lks-waiver.h"

G_BEGIN_DECLS

/**
 * LksFinalizer:
 *
 * The runs of one board, for the window and the command line: main thread only. Properties:
 * "board", "recipe", "busy", "step" (the title of the step that runs), "progress" (0 to 1),
 * "needs" (NULL or "power-cycle"), "device-id", "verdict", "outcome", "message" (why it is not
 * a PASS), "result" ([struct@Lks.RunResult] of the last run), "steps" (a list model of
 * [class@Lks.RunStep]).
 */
#define LKS_TYPE_FINALIZER (lks_finalizer_get_type ())
G_DECLARE_FINAL_TYPE (LksFinalizer, lks_finalizer, LKS, FINALIZER, GObject)

LksFinalizer *lks_finalizer_new             (LksBoard             *board,
                                             LksRecipe            *recipe,
                                             LksLedger            *ledger) G_GNUC_WARN_UNUSED_RESULT;

void          lks_finalizer_set_order       (LksFinalizer         *self,
                                             const LksRunOrder    *order);

void          lks_finalizer_set_waivers     (LksFinalizer         *self,
                                             GPtrArray            *waivers);
void          lks_finalizer_set_claimer     (LksFinalizer         *self,
                                             LksClaimer           *claimer);
void          lks_finalizer_set_label_check (LksFinalizer         *self,
                                             LksLabelCheckFunc     label_check);
guint         lks_finalizer_count_busy      (void);

LksBoard     *lks_finalizer_get_board       (LksFinalizer         *self);
LksRecipe    *lks_finalizer_get_recipe      (LksFinalizer         *self);
gboolean      lks_finalizer_get_busy        (LksFinalizer         *self);
const char   *lks_finalizer_get_step        (LksFinalizer         *self);
double        lks_finalizer_get_progress    (LksFinalizer         *self);
const char   *lks_finalizer_get_needs       (LksFinalizer         *self);
const char   *lks_finalizer_get_device_id   (LksFinalizer         *self);
LksVerdict    lks_finalizer_get_verdict     (LksFinalizer         *self);
LksOutcome    lks_finalizer_get_outcome     (LksFinalizer         *self);
const char   *lks_finalizer_get_message     (LksFinalizer         *self);
LksRunResult *lks_finalizer_get_result      (LksFinalizer         *self);
GListModel   *lks_finalizer_get_steps       (LksFinalizer         *self);

void          lks_finalizer_check_async     (LksFinalizer         *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
LksRunResult *lks_finalizer_check_finish    (LksFinalizer         *self,
                                             GAsyncResult         *result,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void          lks_finalizer_finalize_async  (LksFinalizer         *self,
                                             LksConsent           *consent,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
LksRunResult *lks_finalizer_finalize_finish (LksFinalizer         *self,
                                             GAsyncResult         *result,
                                             GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
