/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-bell.h"
#include "lks-clock.h"
#include "lks-elsewhere.h"
#include "lks-wall-place.h"

G_BEGIN_DECLS

struct _LksWallPlace
{
  GObject parent_instance;

  LksJigPlace *jig_place;  /* (owned) */
  LksBoard *board;         /* (owned) (nullable) */
  LksFinalizer *finalizer; /* (owned) (nullable): the runs of @board */
  gboolean has_recipe, demands_label, is_armed;
  LksTileLook look; /* as last told */

  /* All of these are about the unit that is there, and go with it. */
  char *unit_id;    /* (owned) (nullable): the last device ID that @board told */
  guint new_id;     /* of the source that ends the time in which it may still be starting */
  gboolean is_late; /* it was there before the wall was armed */
  char *given_by;   /* (owned) (nullable): how a person named it */
  char *label;      /* (owned) (nullable): what stands on the unit */
  LksLabelState label_state;
  gboolean is_label_ahead; /* the label was scanned before the board was there */
  char *stop_reason; /* (owned) (nullable): why the wall does nothing to it */
  LksElsewhere *elsewhere; /* (owned) (nullable): what other stations say about it */
  gboolean is_asking;      /* other stations, right now */

  LksClock *clock;      /* (owned) (nullable): while a run is under way */
  gint64 started_us;    /* of the last run; 0 before there was one */
  gint64 finished_us;   /* of the last run; 0 while it runs */
  char *interrupted_id; /* (owned) (nullable): of the board that went in the middle of its run */
};

G_END_DECLS
