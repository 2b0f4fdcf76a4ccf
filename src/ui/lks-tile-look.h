/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-status.h"
#include "lks-run.h"

G_BEGIN_DECLS

/**
 * LksTileKind:
 * @LKS_TILE_KIND_EMPTY: no board
 * @LKS_TILE_KIND_NOT_ALLOWED: no board may be finalized at this place
 * @LKS_TILE_KIND_WORKING: something runs, or the board is being found
 * @LKS_TILE_KIND_READY: nothing runs, and nothing was decided yet
 * @LKS_TILE_KIND_PASS: proven
 * @LKS_TILE_KIND_FAIL: the board is not as the recipe demands
 * @LKS_TILE_KIND_STOPPED: it could not be found out, or the board must not be touched
 * @LKS_TILE_KIND_UNPLUG: the run goes on when the board has been unplugged and plugged in again
 *
 * What a tile of the wall shows from two metres: colour, shape and word.
 */
typedef enum {
  LKS_TILE_KIND_EMPTY,
  LKS_TILE_KIND_NOT_ALLOWED,
  LKS_TILE_KIND_WORKING,
  LKS_TILE_KIND_READY,
  LKS_TILE_KIND_PASS,
  LKS_TILE_KIND_FAIL,
  LKS_TILE_KIND_STOPPED,
  LKS_TILE_KIND_UNPLUG,
} LksTileKind;

#define LKS_TILE_KINDS (LKS_TILE_KIND_UNPLUG + 1)

/**
 * LksTileNext:
 *
 * What a person does next at this place.
 */
typedef enum {
  LKS_TILE_NEXT_NOTHING,
  LKS_TILE_NEXT_CONNECT,
  LKS_TILE_NEXT_PLUG_IN,
  LKS_TILE_NEXT_PLUG_IN_AGAIN,
  LKS_TILE_NEXT_UNPLUG,
  LKS_TILE_NEXT_UNPLUG_AND_PLUG_IN,
  LKS_TILE_NEXT_WAIT,
  LKS_TILE_NEXT_CHOOSE_RECIPE,
  LKS_TILE_NEXT_SCAN_LABEL,
  LKS_TILE_NEXT_SCAN_ID,
  LKS_TILE_NEXT_LOCK,
} LksTileNext;

/**
 * LksTileFacts:
 * @is_allowed: the map allows this place
 * @is_unreachable: the USB controller of this place is not connected
 * @has_recipe: a recipe is chosen
 * @is_armed: boards start when they are plugged in
 * @is_late: the board was there before the wall was armed: it does not start by itself
 * @board_state: the board's state; GONE where there is none
 * @is_new: the board was plugged in just now, and may still be starting
 * @is_busy: a run waits or runs
 * @needs_power_cycle: the run waits for the board to be switched off and on
 * @verdict: of the last run
 * @outcome: of the last run
 * @wants_label: the recipe demands a label, and none was scanned yet
 * @is_confirmed: a person has named exactly this board
 * @is_stopped: the wall itself stopped this board
 * @is_asking: other stations are asked about the board
 * @was_interrupted: the last board here went in the middle of its run
 *
 * All that the look of a tile depends on.
 */
typedef struct {
  gboolean      is_allowed;
  gboolean      is_unreachable;
  gboolean      has_recipe;
  gboolean      is_armed;
  gboolean      is_late;
  LksBoardState board_state;
  gboolean      is_new;
  gboolean      is_busy;
  gboolean      needs_power_cycle;
  LksVerdict    verdict;
  LksOutcome    outcome;
  gboolean      wants_label;
  gboolean      is_confirmed;
  gboolean      is_stopped;
  gboolean      is_asking;
  gboolean      was_interrupted;
} LksTileFacts;

/**
 * LksTileLook:
 * @kind: colour, shape and word
 * @next: what a person does next
 */
typedef struct {
  LksTileKind kind;
  LksTileNext next;
} LksTileLook;

LksTileLook lks_tile_look              (const LksTileFacts *facts);

const char *lks_tile_kind_to_icon_name (LksTileKind         kind);
const char *lks_tile_kind_to_word      (LksTileKind         kind);
const char *lks_tile_kind_to_css_class (LksTileKind         kind);
const char *lks_tile_next_to_text      (LksTileNext         next);

G_END_DECLS
