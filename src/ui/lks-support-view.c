/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-support-view.h"

#include "lks-log-entry.h"
#include "lks-log-reader.h"

/**
 * lks_support_view_new:
 * @messages: (nullable): what the numbers in a log mean
 *
 * Returns: (transfer full): an empty view for lks_support_view_job()
 */
LksSupportView *
lks_support_view_new (LksLogMessages *messages)
{
  LksSupportView *self = g_new0 (LksSupportView, 1);

  self->messages = messages != NULL ? lks_log_messages_ref (messages) : NULL;
  return self;
}

/**
 * lks_support_view_free:
 * @self: (transfer full): a view
 */
void
lks_support_view_free (gpointer self)
{
  LksSupportView *view = self;

  g_clear_pointer (&view->messages, lks_log_messages_unref);
  g_clear_pointer (&view->ring, lks_log_ring_unref);
  g_clear_pointer (&view->entries, g_ptr_array_unref);
  g_clear_pointer (&view->telemetry, lks_telemetry_free);
  g_clear_error (&view->log_error);
  g_clear_error (&view->telemetry_error);
  g_free (view);
}

static void
read_log (LksSupportView *self, LksDevice *device, GCancellable *cancellable)
{
  self->ring = lks_log_read (device, cancellable, &self->log_error);
  if (self->ring == NULL)
    return;

  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_log_entry_free);
  for (guint i = 0; i < lks_log_ring_get_length (self->ring); i++)
    g_ptr_array_add (self->entries,
                     lks_log_entry_new (lks_log_ring_get_record (self->ring, i), self->messages));
}

/* A locked board does not tell, which is an answer, too. */
static void
read_update (LksSupportView *self, LksDevice *device, GCancellable *cancellable)
{
  g_autoptr (LksComponents) components = lks_device_get_images (device, cancellable, NULL);

  if (components != NULL)
    self->update = lks_components_get_update (components);
}

/**
 * lks_support_view_job:
 * @device: a board
 * @self: an empty view
 * @cancellable: (nullable): a cancellable
 * @error: return location for `G_IO_ERROR_CANCELLED`
 *
 * Reads what the page shows. Worker thread.
 *
 * Returns: whether the board was asked for everything
 */
gboolean
lks_support_view_job (LksDevice *device, gpointer self, GCancellable *cancellable, GError **error)
{
  LksSupportView *view = self;

  read_update (view, device, cancellable);
  view->telemetry = lks_telemetry_read (device, cancellable, &view->telemetry_error);
  read_log (view, device, cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
