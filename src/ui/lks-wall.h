/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-jig.h"
#include "lks-wall-place.h"

G_BEGIN_DECLS

typedef struct _LksOperatorSession LksOperatorSession;

/**
 * LksWall:
 *
 * The boards of a jig, each at its place: a #GListModel of [class@Lks.WallPlace] in the order of
 * the map. A board that is plugged in at an allowed place is checked by the recipe; a person names
 * it, and it is locked. While the wall is armed, a board that is plugged in is locked at once. Boards
 * at ports that are not in the map are strangers: nothing is ever done to them. Places follow their
 * USB controllers, whatever numbers Linux gives to the buses. The signal "changed" says that the
 * wall or a place changed, and "sound" (an #LksSound) what people should hear. Main thread only.
 */
#define LKS_TYPE_WALL (lks_wall_get_type ())
G_DECLARE_FINAL_TYPE (LksWall, lks_wall, LKS, WALL, GObject)

LksWall      *lks_wall_new           (LksJig       *jig) G_GNUC_WARN_UNUSED_RESULT;

LksJig       *lks_wall_get_jig       (LksWall      *self);
GListModel   *lks_wall_get_boards    (LksWall      *self);
void          lks_wall_set_boards    (LksWall      *self,
                                      GListModel   *boards);
void          lks_wall_set_sysfs     (LksWall      *self,
                                      const char   *sysfs);
void          lks_wall_look_at_buses (LksWall      *self);
void          lks_wall_set_ledger    (LksWall      *self,
                                      LksLedger    *ledger);
LksRecipe    *lks_wall_get_recipe    (LksWall      *self);
void          lks_wall_set_recipe    (LksWall      *self,
                                      LksRecipe    *recipe);

void          lks_wall_set_paused    (LksWall      *self,
                                      gboolean      is_paused);

void          lks_wall_set_operator  (LksWall            *self,
                                      LksOperatorSession *session);
void          lks_wall_set_name      (LksWall      *self,
                                      const char   *name);

const char   *lks_wall_get_arm_obstacle (LksWall   *self);
gboolean      lks_wall_needs_sign_in (LksWall      *self);
gboolean      lks_wall_arm           (LksWall      *self);
void          lks_wall_disarm        (LksWall      *self,
                                      const char   *reason);
gboolean      lks_wall_is_armed      (LksWall      *self);
const char   *lks_wall_get_disarm_reason (LksWall  *self);
void          lks_wall_set_idle_limit (LksWall     *self,
                                      guint         minutes);
void          lks_wall_touch         (LksWall      *self,
                                      gint64        now_us);

const char   *lks_wall_get_operator_name (LksWall  *self);
gboolean      lks_wall_may_lock      (LksWall      *self);
void          lks_wall_confirm       (LksWall      *self,
                                      LksWallPlace *place,
                                      const char   *how);
guint         lks_wall_count_confirmed (LksWall    *self);
void          lks_wall_lock_confirmed (LksWall     *self);
void          lks_wall_give_label    (LksWall      *self,
                                      LksWallPlace *place,
                                      const char   *label);
void          lks_wall_set_next_label (LksWall     *self,
                                      const char   *label);
const char   *lks_wall_get_next_label (LksWall     *self);

GListModel   *lks_wall_get_strangers (LksWall      *self);
gboolean      lks_wall_is_busy       (LksWall      *self);
guint         lks_wall_count         (LksWall      *self,
                                      LksTileKind   kind);
void          lks_wall_check_again   (LksWall      *self,
                                      LksWallPlace *place);

G_END_DECLS
