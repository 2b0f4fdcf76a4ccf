/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-elsewhere.h"
#include "lks-finalizer.h"
#include "lks-jig-place.h"
#include "lks-tile-look.h"

G_BEGIN_DECLS

/**
 * LksLabelState:
 * @LKS_LABEL_STATE_NONE: there is no label
 * @LKS_LABEL_STATE_NEW: it was scanned
 * @LKS_LABEL_STATE_LOOKED_UP: the ledger is asked, or has spoken against it
 * @LKS_LABEL_STATE_BOUND: the ledger knows nothing that speaks against it
 *
 * What is known of the label of a unit.
 */
typedef enum
{
  LKS_LABEL_STATE_NONE,
  LKS_LABEL_STATE_NEW,
  LKS_LABEL_STATE_LOOKED_UP,
  LKS_LABEL_STATE_BOUND,
} LksLabelState;

/**
 * LksWallPlace:
 *
 * One place of the wall: what the map says about it, the board that is plugged in there, and its
 * run. The signal "changed" says that its look or its texts may be others now, "sound" (an
 * #LksSound) what people should hear, and "unit", before "changed", that another unit is there: a
 * board was plugged in, or exchanged behind its adapter. Main thread only.
 */
#define LKS_TYPE_WALL_PLACE (lks_wall_place_get_type ())
G_DECLARE_FINAL_TYPE (LksWallPlace, lks_wall_place, LKS, WALL_PLACE, GObject)

LksWallPlace *lks_wall_place_new            (LksJigPlace  *jig_place) G_GNUC_WARN_UNUSED_RESULT;

void          lks_wall_place_set_jig_place  (LksWallPlace *self,
                                             LksJigPlace  *jig_place);
void          lks_wall_place_set_board      (LksWallPlace *self,
                                             LksBoard     *board);
void          lks_wall_place_set_finalizer  (LksWallPlace *self,
                                             LksFinalizer *finalizer);
void          lks_wall_place_set_mode       (LksWallPlace *self,
                                             gboolean      has_recipe,
                                             gboolean      demands_label,
                                             gboolean      is_armed);
void          lks_wall_place_set_late       (LksWallPlace *self,
                                             gboolean      is_late);
gboolean      lks_wall_place_get_late       (LksWallPlace *self);
void          lks_wall_place_confirm        (LksWallPlace *self,
                                             const char   *given_by);
const char   *lks_wall_place_get_given_by   (LksWallPlace *self);
gboolean      lks_wall_place_is_confirmable (LksWallPlace *self);
void          lks_wall_place_set_label      (LksWallPlace *self,
                                             const char   *label,
                                             LksLabelState state);
void          lks_wall_place_set_label_ahead (LksWallPlace *self,
                                             const char   *label);
char         *lks_wall_place_take_label_ahead (LksWallPlace *self) G_GNUC_WARN_UNUSED_RESULT;
const char   *lks_wall_place_get_label      (LksWallPlace *self);
LksLabelState lks_wall_place_get_label_state (LksWallPlace *self);
gboolean      lks_wall_place_wants_label    (LksWallPlace *self);
void          lks_wall_place_stop           (LksWallPlace *self,
                                             const char   *reason);
gboolean      lks_wall_place_is_stopped     (LksWallPlace *self);

void          lks_wall_place_set_asking     (LksWallPlace *self);
void          lks_wall_place_set_elsewhere  (LksWallPlace *self,
                                             LksElsewhere *elsewhere);
gboolean      lks_wall_place_get_asking     (LksWallPlace *self);
LksElsewhere *lks_wall_place_get_elsewhere  (LksWallPlace *self);

LksJigPlace  *lks_wall_place_get_jig_place  (LksWallPlace *self);
LksBoard     *lks_wall_place_get_board      (LksWallPlace *self);
LksFinalizer *lks_wall_place_get_finalizer  (LksWallPlace *self);
const char   *lks_wall_place_get_device_id  (LksWallPlace *self);

LksTileLook   lks_wall_place_get_look       (LksWallPlace *self);
char         *lks_wall_place_dup_digits     (LksWallPlace *self) G_GNUC_WARN_UNUSED_RESULT;
char         *lks_wall_place_dup_step       (LksWallPlace *self) G_GNUC_WARN_UNUSED_RESULT;
char         *lks_wall_place_dup_time       (LksWallPlace *self) G_GNUC_WARN_UNUSED_RESULT;
char         *lks_wall_place_dup_detail     (LksWallPlace *self) G_GNUC_WARN_UNUSED_RESULT;
char         *lks_wall_place_dup_spoken     (LksWallPlace *self) G_GNUC_WARN_UNUSED_RESULT;
double        lks_wall_place_get_progress   (LksWallPlace *self);
gboolean      lks_wall_place_is_busy        (LksWallPlace *self);

G_END_DECLS
