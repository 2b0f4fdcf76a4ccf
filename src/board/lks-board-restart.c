/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-status-private.h"

/* The image type of applications. */
static gboolean
is_application (const LksBoardImage *image)
{
  return image->image_type == LKS_IMAGE_TYPE_APPLICATION;
}

static gboolean
has_image (const GArray *images, const LksBoardImage *wanted)
{
  for (guint i = 0; i < images->len; i++)
    {
      const LksBoardImage *image = &g_array_index (images, LksBoardImage, i);

      if (g_strcmp0 (image->component_id, wanted->component_id) == 0 &&
          g_strcmp0 (image->image_id, wanted->image_id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Whether @before has an image that @after lacks, among applications or among the rest. */
static gboolean
lacks_image (const GArray *before, const GArray *after, gboolean of_applications)
{
  for (guint i = 0; i < before->len; i++)
    {
      const LksBoardImage *image = &g_array_index (before, LksBoardImage, i);

      if (is_application (image) == of_applications && !has_image (after, image))
        return TRUE;
    }
  return FALSE;
}

static gboolean
have_changed (const LksBoardStatus *before, const LksBoardStatus *after, gboolean of_applications)
{
  if (before->facts[LKS_FACT_ID_IMAGES].state != LKS_FACT_STATE_KNOWN ||
      after->facts[LKS_FACT_ID_IMAGES].state != LKS_FACT_STATE_KNOWN)
    return FALSE;

  return lacks_image (before->images, after->images, of_applications) ||
         lacks_image (after->images, before->images, of_applications);
}

static gboolean
has_other_version (const LksBoardStatus *before, const LksBoardStatus *after)
{
  const char *old_version = lks_board_status_get_os_version (before);
  const char *new_version = lks_board_status_get_os_version (after);

  return old_version != NULL && new_version != NULL && !g_str_equal (old_version, new_version);
}

/**
 * lks_board_status_compare:
 * @before: a status of a board
 * @after: a later one of the same board
 * @facts: (inout): where to enter what the two say about a restart: @was_updating,
 *   @system_changed and @applications_changed
 *
 * What one of the two does not know counts as unchanged.
 */
void
lks_board_status_compare (const LksBoardStatus *before,
                          const LksBoardStatus *after,
                          LksRestartFacts *facts)
{
  LksUpdateState update = lks_board_status_get_update (before);

  facts->was_updating = update == LKS_UPDATE_STATE_IN_PROGRESS ||
                        update == LKS_UPDATE_STATE_STAGED ||
                        update == LKS_UPDATE_STATE_RESTART_REQUIRED;
  facts->system_changed = has_other_version (before, after) || have_changed (before, after, FALSE);
  facts->applications_changed = have_changed (before, after, TRUE);
}
