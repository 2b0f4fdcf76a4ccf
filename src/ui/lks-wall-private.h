/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-bell.h"
#include "lks-claim-book.h"
#include "lks-clock.h"
#include "lks-operator-session.h"
#include "lks-verdict-book.h"
#include "lks-waiver-book.h"
#include "lks-wall.h"

G_BEGIN_DECLS

struct _LksWall
{
  GObject parent_instance;

  LksJig *jig;        /* (owned) */
  GListModel *boards; /* (owned) (nullable) of LksBoard */
  LksLedger *ledger;  /* (owned) (nullable) */
  LksRecipe *recipe;  /* (owned) (nullable) */
  gboolean is_paused; /* nothing begins */
  char *sysfs;        /* (owned) (nullable): the folder that tells whose the USB buses are */
  gboolean is_looking_at_buses; /* what changes the map now is the computer */

  LksOperatorSession *session; /* (owned) (nullable): who is at the station */
  char *signed_in;             /* (owned) (nullable): the name of whoever has signed in */
  char *name;                  /* (owned) (nullable): who it is when nobody signs in */
  char *next_label;            /* (owned) (nullable): of the board that is plugged in next */
  GHashTable *begun;           /* (owned): device ID → Begun: to be gone on with */

  LksClock *clock;     /* (owned) (nullable): while the wall is armed */
  char *disarm_reason; /* (owned) (nullable): why it is not armed any more */
  guint idle_minutes;
  gint64 touched_us; /* when somebody did something */

  GPtrArray *places;        /* (owned) (element-type LksWallPlace): in the order of the map */
  GListStore *strangers;    /* (owned) of LksBoard: not in the map */
  LksVerdictBook *verdicts; /* (owned) */
  LksClaimBook *claims;     /* (owned) */
  LksWaiverBook *waivers;   /* (owned) */
};

/* What a person said yes to, and what the board did not stay for. */
typedef struct
{
  LksConsent *consent; /* (owned) */
  char *label;         /* (owned) (nullable) */
} Begun;

/* lks-wall.c */
void lks_wall_changed       (LksWall      *self);
void lks_wall_sound         (LksWall      *self,
                             LksSound      sound);
void lks_wall_tell_mode     (LksWall      *self,
                             LksWallPlace *place);

/* lks-wall-run.c */
void lks_wall_begun_free    (gpointer      data);
void lks_wall_consider      (LksWall      *self,
                             LksWallPlace *place);
void lks_wall_consider_all  (LksWall      *self);
void lks_wall_consider_label (LksWall     *self,
                             LksWallPlace *place);

G_END_DECLS
