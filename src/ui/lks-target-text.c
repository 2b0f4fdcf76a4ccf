/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-target-text.h"

#include "lks-target-images.h"

#include <glib/gi18n-lib.h>

static void
row_free (gpointer data)
{
  LksTargetRow *self = data;

  g_free (self->title);
  g_free (self->detail);
  g_free (self);
}

static LksSign
get_sign (LksTargetMatch match)
{
  switch (match)
    {
    case LKS_TARGET_MATCH_UNKNOWN:
      break;
    case LKS_TARGET_MATCH_INSTALLED:
      return (LksSign){ "lks-pass-symbolic", _ ("Installed"), "", LKS_TONE_GOOD };
    case LKS_TARGET_MATCH_MISSING:
      return (LksSign){ "lks-pending-symbolic", _ ("Not there yet"), "", LKS_TONE_WARNING };
    case LKS_TARGET_MATCH_OTHER:
      return (LksSign){ "lks-warning-symbolic", _ ("Not deployed"), "", LKS_TONE_WARNING };
    }
  return (LksSign){ "lks-unknown-symbolic", _ ("Not known"), "", LKS_TONE_PLAIN };
}

/* Without a name the ID is the title, and is not said again. */
static void
add_row (GPtrArray *rows, const LksTargetImage *image)
{
  LksTargetRow *row = g_new0 (LksTargetRow, 1);

  row->title = g_strdup (image->name != NULL ? image->name : image->image_id);
  row->detail = g_strdup (image->name != NULL && image->image_id != NULL ? image->image_id : "");
  row->sign = get_sign (image->match);
  g_ptr_array_add (rows, row);
}

/**
 * lks_target_compare:
 * @deployment: what the devices of a group shall have
 * @status: (nullable): what one of them says of itself, when it is attached
 *
 * Compares the images that a device shall have with those that it has. Depends on nothing else.
 *
 * Returns: (transfer full) (element-type LksTargetRow): first what it shall have, then applications
 *   that it has besides
 */
GPtrArray *
lks_target_compare (const LksCloudDeployment *deployment, const LksBoardStatus *status)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);
  g_autoptr (GPtrArray) images = lks_target_images_compare (deployment, status);

  for (guint i = 0; i < images->len; i++)
    add_row (rows, g_ptr_array_index (images, i));
  return rows;
}
