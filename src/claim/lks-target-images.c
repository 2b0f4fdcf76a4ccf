/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-target-images.h"

#include "lks-image-metadata.h"

G_DEFINE_ENUM_TYPE (LksTargetMatch,
                    lks_target_match,
                    G_DEFINE_ENUM_VALUE (LKS_TARGET_MATCH_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_TARGET_MATCH_INSTALLED, "installed"),
                    G_DEFINE_ENUM_VALUE (LKS_TARGET_MATCH_MISSING, "missing"),
                    G_DEFINE_ENUM_VALUE (LKS_TARGET_MATCH_OTHER, "not-deployed"))

static void
image_free (gpointer data)
{
  LksTargetImage *self = data;

  g_free (self->name);
  g_free (self->image_id);
  g_free (self);
}

static void
add (GPtrArray *images, const char *name, const char *image_id, LksTargetMatch match)
{
  LksTargetImage *image = g_new0 (LksTargetImage, 1);

  image->name = g_strdup (name);
  image->image_id = g_strdup (image_id);
  image->match = match;
  g_ptr_array_add (images, image);
}

static gboolean
is_installed (const LksBoardStatus *status, const char *image_id)
{
  gsize n_images;
  const LksBoardImage *images = lks_board_status_get_images (status, &n_images);

  for (gsize i = 0; i < n_images; i++)
    if (images[i].image_id != NULL && g_ascii_strcasecmp (images[i].image_id, image_id) == 0)
      return TRUE;
  return FALSE;
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
static void
add_wanted (GPtrArray *images, const LksCloudDeployment *deployment, const LksBoardStatus *status)
{
  guint n_names = deployment->image_names != NULL ? g_strv_length (deployment->image_names) : 0;

  for (guint i = 0; deployment->image_ids != NULL && deployment->image_ids[i] != NULL; i++)
    {
      const char *id = deployment->image_ids[i];
      gboolean has_name = i < n_names && *deployment->image_names[i] != '\0';

      add (images, has_name ? deployment->image_names[i] : NULL, id,
           status == NULL              ? LKS_TARGET_MATCH_UNKNOWN
           : is_installed (status, id) ? LKS_TARGET_MATCH_INSTALLED
                                       : LKS_TARGET_MATCH_MISSING);
    }
}

/* The system's own images come from elsewhere: only applications can be too many. */
static void
add_others (GPtrArray *images, const LksCloudDeployment *deployment, const LksBoardStatus *status)
{
  gsize n_installed;
  const LksBoardImage *installed = lks_board_status_get_images (status, &n_installed);

  for (gsize i = 0; i < n_installed; i++)
    if (installed[i].image_type == LKS_IMAGE_TYPE_APPLICATION &&
        !is_wanted (deployment->image_ids, installed[i].image_id))
      add (images, installed[i].name != NULL ? installed[i].name : installed[i].component_id,
           installed[i].image_id, LKS_TARGET_MATCH_OTHER);
}

/**
 * lks_target_images_compare:
 * @deployment: what the devices of a group shall have
 * @status: (nullable): what one of them says of itself, when it is attached
 *
 * Compares the images that a device shall have with those that it has. Depends on nothing else.
 *
 * Returns: (transfer full) (element-type LksTargetImage): first what it shall have, then
 *   applications that it has besides
 */
GPtrArray *
lks_target_images_compare (const LksCloudDeployment *deployment, const LksBoardStatus *status)
{
  GPtrArray *images = g_ptr_array_new_with_free_func (image_free);
  gboolean is_known =
      status != NULL &&
      lks_board_status_get_fact (status, LKS_FACT_ID_IMAGES).state == LKS_FACT_STATE_KNOWN;

  add_wanted (images, deployment, is_known ? status : NULL);
  if (is_known)
    add_others (images, deployment, status);
  return images;
}
