/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-software-view.h"

#include "lks-device-state.h"

/**
 * lks_software_view_new:
 *
 * Returns: (transfer full): an empty view for lks_software_view_job()
 */
LksSoftwareView *
lks_software_view_new (void)
{
  return g_rc_box_new0 (LksSoftwareView);
}

/**
 * lks_software_view_ref:
 * @self: a view
 *
 * Returns: (transfer full): the same
 */
LksSoftwareView *
lks_software_view_ref (LksSoftwareView *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer self)
{
  LksSoftwareView *view = self;

  g_clear_pointer (&view->software, lks_software_free);
  g_clear_pointer (&view->stored, g_array_unref);
  g_clear_pointer (&view->memory, lks_memory_stats_free);
}

/**
 * lks_software_view_unref:
 * @self: (transfer full): a view
 */
void
lks_software_view_unref (gpointer self)
{
  g_rc_box_release_full (self, clear);
}

/* A system that does not know the question, or keeps the answer to itself, leaves a gap. */
static gboolean
is_gap (const GError *error)
{
  return g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
}

static gboolean
forgive (gconstpointer value, GError *local, GError **error)
{
  if (value != NULL)
    return TRUE;
  if (is_gap (local))
    {
      g_error_free (local);
      return TRUE;
    }

  g_propagate_error (error, local);
  return FALSE;
}

/**
 * lks_software_view_job:
 * @device: a board
 * @self: an empty view
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads what the page shows. Worker thread.
 *
 * Returns: whether the board told what is installed
 */
gboolean
lks_software_view_job (LksDevice *device, gpointer self, GCancellable *cancellable, GError **error)
{
  LksSoftwareView *view = self;
  g_autofree char *folder = lks_manifest_store_dup_default_path ();
  g_autoptr (LksManifestStore) store = lks_manifest_store_new (folder);
  GError *local = NULL;

  view->software = lks_software_read (device, store, cancellable, error);
  if (view->software == NULL)
    return FALSE;

  view->stored = lks_device_get_capabilities (device, cancellable, &local);
  if (!forgive (view->stored, local, error))
    return FALSE;

  local = NULL;
  view->memory = lks_device_get_memory_stats (device, cancellable, &local);
  return forgive (view->memory, local, error);
}
