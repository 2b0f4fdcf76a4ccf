/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-tile-look.h"

#include <glib/gi18n-lib.h>

static LksTileLook
look_without_board (const LksTileFacts *facts)
{
  if (!facts->is_allowed)
    return (LksTileLook){ LKS_TILE_KIND_NOT_ALLOWED, LKS_TILE_NEXT_NOTHING };
  if (facts->is_unreachable)
    return (LksTileLook){ LKS_TILE_KIND_EMPTY, LKS_TILE_NEXT_CONNECT };
  if (facts->was_interrupted)
    return (LksTileLook){ LKS_TILE_KIND_EMPTY, LKS_TILE_NEXT_PLUG_IN_AGAIN };
  return (LksTileLook){ LKS_TILE_KIND_EMPTY, LKS_TILE_NEXT_PLUG_IN };
}

/* A board that is there, may be worked on, and has nothing to wait for but a person. */
static LksTileLook
look_ready (const LksTileFacts *facts)
{
  LksTileNext next = LKS_TILE_NEXT_SCAN_ID;

  if (!facts->has_recipe)
    next = LKS_TILE_NEXT_CHOOSE_RECIPE;
  else if (facts->wants_label)
    next = LKS_TILE_NEXT_SCAN_LABEL;
  else if (facts->is_asking)
    return (LksTileLook){ LKS_TILE_KIND_WORKING, LKS_TILE_NEXT_WAIT };
  else if (facts->is_confirmed)
    next = LKS_TILE_NEXT_LOCK;
  else if (facts->is_armed && facts->is_late)
    next = LKS_TILE_NEXT_UNPLUG_AND_PLUG_IN;
  return (LksTileLook){ LKS_TILE_KIND_READY, next };
}

static LksTileLook
look_before_run (const LksTileFacts *facts)
{
  switch (facts->board_state)
    {
    case LKS_BOARD_STATE_READY:
      return look_ready (facts);
    case LKS_BOARD_STATE_UNKNOWN:
    case LKS_BOARD_STATE_CONNECTING:
    case LKS_BOARD_STATE_RESTARTING:
      return (LksTileLook){ LKS_TILE_KIND_WORKING, LKS_TILE_NEXT_WAIT };
    case LKS_BOARD_STATE_NO_ANSWER:
      if (facts->is_new)
        return (LksTileLook){ LKS_TILE_KIND_WORKING, LKS_TILE_NEXT_WAIT };
      break;
    case LKS_BOARD_STATE_NOT_PROGRAMMED:
    case LKS_BOARD_STATE_NO_PERMISSION:
    case LKS_BOARD_STATE_ERROR:
    case LKS_BOARD_STATE_GONE:
      break;
    }
  return (LksTileLook){ LKS_TILE_KIND_STOPPED, LKS_TILE_NEXT_UNPLUG };
}

static LksTileLook
look_after_run (const LksTileFacts *facts)
{
  switch (facts->verdict)
    {
    case LKS_VERDICT_PASS:
      if (facts->outcome == LKS_OUTCOME_READY)
        return look_ready (facts);
      return (LksTileLook){ LKS_TILE_KIND_PASS, LKS_TILE_NEXT_UNPLUG };
    case LKS_VERDICT_FAIL:
      return (LksTileLook){ LKS_TILE_KIND_FAIL, LKS_TILE_NEXT_UNPLUG };
    case LKS_VERDICT_STOPPED:
      return (LksTileLook){ LKS_TILE_KIND_STOPPED, LKS_TILE_NEXT_UNPLUG };
    case LKS_VERDICT_NONE:
      break;
    }
  return look_before_run (facts);
}

/**
 * lks_tile_look:
 * @facts: a place, its board and its run
 *
 * Decides what a tile shows. Depends on nothing else. PASS comes from a verdict that proves it, and
 * from nothing else.
 *
 * Returns: the look
 */
LksTileLook
lks_tile_look (const LksTileFacts *facts)
{
  if (facts->board_state == LKS_BOARD_STATE_GONE)
    return look_without_board (facts);
  if (facts->needs_power_cycle)
    return (LksTileLook){ LKS_TILE_KIND_UNPLUG, LKS_TILE_NEXT_UNPLUG_AND_PLUG_IN };
  if (facts->is_busy)
    return (LksTileLook){ LKS_TILE_KIND_WORKING, LKS_TILE_NEXT_WAIT };
  if (!facts->is_allowed)
    return (LksTileLook){ LKS_TILE_KIND_NOT_ALLOWED, LKS_TILE_NEXT_UNPLUG };
  if (facts->is_stopped)
    return (LksTileLook){ LKS_TILE_KIND_STOPPED, LKS_TILE_NEXT_UNPLUG };
  return look_after_run (facts);
}

/**
 * lks_tile_kind_to_icon_name:
 * @kind: a kind
 *
 * Returns: (transfer none): its shape: a symbolic icon that no other kind has
 */
const char *
lks_tile_kind_to_icon_name (LksTileKind kind)
{
  static const char *const names[LKS_TILE_KINDS] = {
    [LKS_TILE_KIND_EMPTY] = "lks-empty-symbolic",
    [LKS_TILE_KIND_NOT_ALLOWED] = "lks-forbidden-symbolic",
    [LKS_TILE_KIND_WORKING] = "lks-working-symbolic",
    [LKS_TILE_KIND_READY] = "lks-ready-symbolic",
    [LKS_TILE_KIND_PASS] = "lks-pass-symbolic",
    [LKS_TILE_KIND_FAIL] = "lks-fail-symbolic",
    [LKS_TILE_KIND_STOPPED] = "lks-stopped-symbolic",
    [LKS_TILE_KIND_UNPLUG] = "lks-unplug-symbolic",
  };

  return names[kind];
}

/**
 * lks_tile_kind_to_word:
 * @kind: a kind
 *
 * Returns: (transfer none): its word, translated; verdicts are those of the records
 */
const char *
lks_tile_kind_to_word (LksTileKind kind)
{
  switch (kind)
    {
    case LKS_TILE_KIND_EMPTY:
      return _ ("EMPTY");
    case LKS_TILE_KIND_NOT_ALLOWED:
      return _ ("NOT ALLOWED");
    case LKS_TILE_KIND_WORKING:
      return _ ("WORKING");
    case LKS_TILE_KIND_READY:
      return _ ("READY");
    case LKS_TILE_KIND_PASS:
      return "PASS";
    case LKS_TILE_KIND_FAIL:
      return "FAIL";
    case LKS_TILE_KIND_STOPPED:
      return "STOPPED";
    case LKS_TILE_KIND_UNPLUG:
      break;
    }
  return _ ("UNPLUG");
}

/**
 * lks_tile_kind_to_css_class:
 * @kind: a kind
 *
 * Returns: (transfer none): the class that colours a tile
 */
const char *
lks_tile_kind_to_css_class (LksTileKind kind)
{
  static const char *const classes[LKS_TILE_KINDS] = {
    [LKS_TILE_KIND_EMPTY] = "tile-empty",     [LKS_TILE_KIND_NOT_ALLOWED] = "tile-not-allowed",
    [LKS_TILE_KIND_WORKING] = "tile-working", [LKS_TILE_KIND_READY] = "tile-ready",
    [LKS_TILE_KIND_PASS] = "tile-pass",       [LKS_TILE_KIND_FAIL] = "tile-fail",
    [LKS_TILE_KIND_STOPPED] = "tile-stopped", [LKS_TILE_KIND_UNPLUG] = "tile-unplug",
  };

  return classes[kind];
}

/**
 * lks_tile_next_to_text:
 * @next: what a person does next
 *
 * Returns: (transfer none): it in a few words, translated; empty for nothing
 */
const char *
lks_tile_next_to_text (LksTileNext next)
{
  switch (next)
    {
    case LKS_TILE_NEXT_NOTHING:
      break;
    case LKS_TILE_NEXT_CONNECT:
      return _ ("Not connected");
    case LKS_TILE_NEXT_PLUG_IN:
      return _ ("Plug in");
    case LKS_TILE_NEXT_PLUG_IN_AGAIN:
      return _ ("Plug in again");
    case LKS_TILE_NEXT_UNPLUG:
      return _ ("Unplug");
    case LKS_TILE_NEXT_UNPLUG_AND_PLUG_IN:
      return _ ("Unplug, then plug in");
    case LKS_TILE_NEXT_WAIT:
      return _ ("Wait");
    case LKS_TILE_NEXT_CHOOSE_RECIPE:
      return _ ("Choose a recipe");
    case LKS_TILE_NEXT_SCAN_LABEL:
      return _ ("Scan label");
    case LKS_TILE_NEXT_SCAN_ID:
      return _ ("Scan ID");
    case LKS_TILE_NEXT_LOCK:
      return _ ("Lock");
    }
  return "";
}
