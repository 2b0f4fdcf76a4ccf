/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-elsewhere.h"
#include "lks-finalizer.h"
#include "lks-labels.h"

G_BEGIN_DECLS

/**
 * LksBoardRun:
 *
 * One board on its way through the wizard: its runs, and what was typed to confirm it.
 * Properties: "finalizer", "title", "place", "detail" (what happens or why it is not a PASS),
 * "progress", "busy", "verdict", "outcome", "confirmable" (its check passed and there is
 * something to lock), "typed", "label" (of the unit) and "confirmed" (what was typed is the end of
 * its device ID, and the label is as the recipe demands).
 */
#define LKS_TYPE_BOARD_RUN (lks_board_run_get_type ())
G_DECLARE_FINAL_TYPE (LksBoardRun, lks_board_run, LKS, BOARD_RUN, GObject)

LksBoardRun  *lks_board_run_new           (LksFinalizer *finalizer) G_GNUC_WARN_UNUSED_RESULT;

LksFinalizer *lks_board_run_get_finalizer (LksBoardRun  *self);
void          lks_board_run_set_elsewhere (LksBoardRun  *self,
                                           LksElsewhere *elsewhere);
LksElsewhereKind
              lks_board_run_get_elsewhere (LksBoardRun  *self,
                                           char        **out_text);
gboolean      lks_board_run_is_confirmable (LksBoardRun *self);
const char   *lks_board_run_get_label     (LksBoardRun  *self);
gboolean      lks_board_run_check_label   (LksBoardRun  *self,
                                           GError      **error);
gboolean      lks_board_run_is_confirmed  (LksBoardRun  *self);
gboolean      lks_board_run_may_waive     (LksBoardRun  *self,
                                           const char   *check);
LksSign       lks_board_run_get_sign      (LksBoardRun  *self);

gboolean      lks_confirmation_matches    (const char   *device_id,
                                           const char   *typed);

G_END_DECLS
