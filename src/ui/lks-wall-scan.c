/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wall-scan.h"

#include "lks-board-run.h"
#include "lks-error-text.h"

#include <glib/gi18n-lib.h>

static LksWallPlace *
get_place (LksWall *wall, guint index)
{
  g_autoptr (LksWallPlace) place = g_list_model_get_item (G_LIST_MODEL (wall), index);

  return place; /* the wall keeps it alive */
}

static guint
count_places (LksWall *wall)
{
  return g_list_model_get_n_items (G_LIST_MODEL (wall));
}

static const char *
name_of (LksWallPlace *place)
{
  return lks_jig_place_get_name (lks_wall_place_get_jig_place (place));
}

/* ---- the end of a device ID ---- */

static LksWallPlace *
find_board (LksWall *wall, const char *text, guint *out_count)
{
  LksWallPlace *found = NULL;

  *out_count = 0;
  for (guint i = 0; i < count_places (wall); i++)
    {
      LksWallPlace *place = get_place (wall, i);

      if (lks_confirmation_matches (lks_wall_place_get_device_id (place), text))
        {
          found = place;
          (*out_count)++;
        }
    }
  return found;
}

static LksScanResult
confirm_board (LksWall *wall, LksWallPlace *place, const char *how, char **out_message)
{
  if (!lks_wall_may_lock (wall))
    {
      *out_message = g_strdup (_ ("Sign in first: then boards can be locked."));
      return LKS_SCAN_RESULT_REFUSED;
    }
  if (!lks_wall_place_is_confirmable (place))
    {
      /* Translators: a place and the word on its tile */
      *out_message = g_strdup_printf (_ ("The board at %s does not wait for a confirmation: %s."),
                                      name_of (place),
                                      lks_tile_kind_to_word (lks_wall_place_get_look (place).kind));
      return LKS_SCAN_RESULT_REFUSED;
    }

  lks_wall_confirm (wall, place, how);
  /* Translators: a place */
  *out_message = g_strdup_printf (_ ("The board at %s is confirmed."), name_of (place));
  return LKS_SCAN_RESULT_CONFIRMED;
}

/* ---- labels ---- */

static LksWallPlace *
find_label (LksWall *wall, const char *label)
{
  for (guint i = 0; i < count_places (wall); i++)
    if (g_strcmp0 (lks_wall_place_get_label (get_place (wall, i)), label) == 0)
      return get_place (wall, i);
  return NULL;
}

/* Nothing was decided yet about the board, and its label is not known. */
static gboolean
can_take_label (LksWallPlace *place)
{
  LksTileKind kind = lks_wall_place_get_look (place).kind;

  return lks_wall_place_get_board (place) != NULL && lks_wall_place_get_label (place) == NULL &&
         lks_jig_place_get_allowed (lks_wall_place_get_jig_place (place)) &&
         (kind == LKS_TILE_KIND_READY ||
          (kind == LKS_TILE_KIND_WORKING && lks_wall_place_get_finalizer (place) == NULL));
}

/* With several boards without a label only the one that was selected is meant, or none is. */
static LksWallPlace *
find_taker (LksWall *wall, LksWallPlace *selected)
{
  LksWallPlace *taker = NULL;
  guint count = 0;

  if (selected != NULL && can_take_label (selected))
    return selected;
  for (guint i = 0; i < count_places (wall); i++)
    if (can_take_label (get_place (wall, i)))
      {
        taker = get_place (wall, i);
        count++;
      }
  return count == 1 ? taker : NULL;
}

static LksScanResult
keep_for_next (LksWall *wall, const char *label, char **out_message)
{
  lks_wall_set_next_label (wall, label);
  /* Translators: a label */
  *out_message = g_strdup_printf (_ ("Label %s: plug its board in now."), label);
  return LKS_SCAN_RESULT_NEXT_LABEL;
}

static LksScanResult
take_label (LksWall *wall, const char *label, LksWallPlace *selected, char **out_message)
{
  LksWallPlace *holder = find_label (wall, label);
  LksWallPlace *taker = find_taker (wall, selected);

  if (holder != NULL && holder == selected)
    {
      /* Translators: a label and a place */
      *out_message = g_strdup_printf (_ ("Label %s is at %s already."), label, name_of (holder));
      return LKS_SCAN_RESULT_LABEL;
    }
  if (holder != NULL)
    {
      *out_message = g_strdup_printf (_ ("Label %s is at %s already."), label, name_of (holder));
      return LKS_SCAN_RESULT_REFUSED;
    }
  if (selected != NULL && lks_wall_place_get_label (selected) != NULL &&
      lks_wall_place_get_look (selected).kind == LKS_TILE_KIND_READY)
    taker = selected; /* which then stops: it has another one */
  if (taker == NULL)
    return keep_for_next (wall, label, out_message);

  lks_wall_give_label (wall, taker, label);
  /* Translators: a label and a place */
  *out_message =
      g_strdup_printf (_ ("Label %s belongs to the board at %s."), label, name_of (taker));
  return lks_wall_place_is_stopped (taker) ? LKS_SCAN_RESULT_REFUSED : LKS_SCAN_RESULT_LABEL;
}

/**
 * lks_wall_scan:
 * @wall: a wall
 * @text: what was scanned or typed
 * @how: "scanned" or "typed", for the record
 * @selected: (nullable): the place that the person has selected
 * @out_message: (out) (transfer full): what became of it, a translated sentence
 *
 * The end of exactly one board's device ID confirms that board. What the recipe accepts as a label
 * is bound to the selected board, to the only one that has none, or to the one that is plugged in
 * next. What could be both is neither.
 *
 * Returns: what became of it
 */
LksScanResult
lks_wall_scan (LksWall *wall,
               const char *text,
               const char *how,
               LksWallPlace *selected,
               char **out_message)
{
  LksRecipe *recipe = lks_wall_get_recipe (wall);
  g_autofree char *word = g_strstrip (g_strdup (text));
  g_autoptr (GError) error = NULL;
  gboolean is_label = recipe != NULL && lks_recipe_uses_labels (recipe) &&
                      lks_recipe_match_label (recipe, word, &error);
  guint count;
  LksWallPlace *board = find_board (wall, word, &count);

  if (count > 0 && is_label)
    *out_message = g_strdup_printf (
        /* Translators: what was scanned */
        _ ("“%s” could be a label and the end of a device ID. Scan more of the ID."), word);
  else if (count > 1)
    *out_message = g_strdup_printf (_ ("“%s” fits %u boards. Scan more of the ID."), word, count);
  else if (count == 1)
    return confirm_board (wall, board, how, out_message);
  else if (is_label)
    return take_label (wall, word, selected, out_message);
  else if (error != NULL)
    *out_message = lks_error_to_sentence (error);
  else
    *out_message = g_strdup_printf (_ ("“%s” is the end of no board’s ID here."), word);
  return count > 0 ? LKS_SCAN_RESULT_REFUSED : LKS_SCAN_RESULT_NOTHING;
}
