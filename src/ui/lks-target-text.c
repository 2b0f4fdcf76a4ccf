/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-target-text.h"

#include "lks-image-metadata.h"

#include <glib/gi18n-lib.h>

static void
row_free (gpointer data)
{
  LksTargetRow *self = data;

  g_free (self->title);
  g_free (self->detail);
  g_free (self);
}

static void
add_row (GPtrArray *rows, const char *title, const char *detail, const LksSign *sign)
{
  LksTargetRow *row = g_new0 (LksTargetRow, 1);

  row->title = g_strdup (title);
  row->detail = g_strdup (detail);
  row->sign = *sign;
  g_ptr_array_add (rows, row);
}

static const LksBoardImage *
find_installed (const LksBoardStatus *status, const char *image_id)
{
  gsize n_images;
  const LksBoardImage *images = lks_board_status_get_images (status, &n_images);

  for (gsize i = 0; i < n_images; i++)
    if (images[i].image_id != NULL && g_ascii_strcasecmp (images[i].image_id, image_id) == 0)
      return &images[i];
  return NULL;
}

static gboolean
is_wanted (char *const *image_ids, const char *image_id)
{
  for (guint i = 0; image_ids != NULL && image_ids[i] != NULL; i++)
    if (image_id != NULL && g_ascii_strcasecmp (image_ids[i], image_id) == 0)
      return TRUE;
  return FALSE;
}

/* @status: (nullable): NULL: the board's images are not known */
static LksSign
judge_wanted (const LksBoardStatus *status, const char *image_id)
{
  const LksBoardImage *image = status != NULL ? find_installed (status, image_id) : NULL;

  if (status == NULL)
    return (LksSign){ "lks-unknown-symbolic", _ ("Not known"), "", LKS_TONE_PLAIN };
  if (image == NULL)
    return (LksSign){ "lks-pending-symbolic", _ ("Not there yet"), "", LKS_TONE_WARNING };
  return (LksSign){ "lks-pass-symbolic", _ ("Installed"), "", LKS_TONE_GOOD };
}

static void
add_wanted (GPtrArray *rows, const LksCloudDeployment *deployment, const LksBoardStatus *status)
{
  guint n_names = deployment->image_names != NULL ? g_strv_length (deployment->image_names) : 0;

  for (guint i = 0; deployment->image_ids != NULL && deployment->image_ids[i] != NULL; i++)
    {
      const char *id = deployment->image_ids[i];
      const char *name =
          i < n_names && *deployment->image_names[i] != '\0' ? deployment->image_names[i] : id;
      LksSign sign = judge_wanted (status, id);

      add_row (rows, name, g_str_equal (name, id) ? "" : id, &sign);
    }
}

/* The system's own images come from elsewhere: only applications can be too many. */
static void
add_others (GPtrArray *rows, const LksCloudDeployment *deployment, const LksBoardStatus *status)
{
  const LksSign sign = { "lks-warning-symbolic", _ ("Not deployed"), "", LKS_TONE_WARNING };
  gsize n_images;
  const LksBoardImage *images = lks_board_status_get_images (status, &n_images);

  for (gsize i = 0; i < n_images; i++)
    if (images[i].image_type == LKS_IMAGE_TYPE_APPLICATION &&
        !is_wanted (deployment->image_ids, images[i].image_id))
      add_row (rows, images[i].name != NULL ? images[i].name : images[i].component_id,
               images[i].image_id != NULL ? images[i].image_id : "", &sign);
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
  gboolean is_known =
      status != NULL &&
      lks_board_status_get_fact (status, LKS_FACT_ID_IMAGES).state == LKS_FACT_STATE_KNOWN;

  add_wanted (rows, deployment, is_known ? status : NULL);
  if (is_known)
    add_others (rows, deployment, status);
  return rows;
}
