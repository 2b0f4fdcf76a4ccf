/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-elsewhere-text.h"

#include "lks-enums.h"
#include "lks-record-text.h"

#include <glib/gi18n-lib.h>

static char *
describe_record (LksElsewhereKind kind, const LksRecordFields *fields)
{
  const char *station = fields->station != NULL ? fields->station : _ ("another station");
  const char *recipe = fields->recipe_name != NULL ? fields->recipe_name : "";
  g_autofree char *time = lks_record_format_time (fields->started_us);

  if (kind == LKS_ELSEWHERE_SAME_RECIPE)
    /* Translators: the name of a station, and a time */
    return g_strdup_printf (_ ("Finished elsewhere: %s, %s, by this very recipe."), station, time);
  if (kind == LKS_ELSEWHERE_OTHER_RECIPE)
    /* Translators: the name of a station, a time, and the name of a recipe */
    return g_strdup_printf (_ ("Finished elsewhere: %s, %s, by another recipe, “%s”."), station,
                            time, recipe);
  /* Translators: the name of a station, a time, and the name of a recipe */
  return g_strdup_printf (_ ("An earlier step was made elsewhere: %s, %s, by the recipe “%s”."),
                          station, time, recipe);
}

/**
 * lks_elsewhere_describe:
 * @elsewhere: (nullable): what other stations say; NULL: nobody was asked
 * @device_id: (nullable): a board
 * @recipe: the recipe by which it is to be finalized here
 * @out_text: (out) (nullable) (optional): it in one translated sentence, or NULL when nothing is to
 *   be told
 *
 * Puts what other stations say about a board into words.
 *
 * Returns: what they say
 */
LksElsewhereKind
lks_elsewhere_describe (const LksElsewhere *elsewhere,
                        const char *device_id,
                        LksRecipe *recipe,
                        char **out_text)
{
  const LksRecordFields *fields;
  LksElsewhereKind kind =
      lks_elsewhere_judge (elsewhere, device_id, lks_recipe_get_hash (recipe),
                           lks_enum_to_nick (LKS_TYPE_TARGET_STATE,
                                             (int) lks_recipe_get_target_state (recipe)),
                           &fields);

  if (out_text == NULL)
    return kind;
  if (kind == LKS_ELSEWHERE_UNKNOWN)
    *out_text = g_strdup (_ ("Whether another station has finished it is not known: the shared "
                             "ledger could not be asked."));
  else
    *out_text = fields != NULL ? describe_record (kind, fields) : NULL;
  return kind;
}
