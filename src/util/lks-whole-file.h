/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksWholeFileFunc:
 * @stream: where to; not closed
 * @user_data: as given
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Writes a file's content. Blocks.
 *
 * Returns: whether all was written
 */
typedef gboolean (*LksWholeFileFunc) (GOutputStream  *stream,
                                      gpointer        user_data,
                                      GCancellable   *cancellable,
                                      GError        **error);

gboolean lks_whole_file_write (GFile             *file,
                               GFileCreateFlags   flags,
                               LksWholeFileFunc   func,
                               gpointer           user_data,
                               GCancellable      *cancellable,
                               GError           **error);
gboolean lks_whole_file_write_bytes
                              (GFile             *file,
                               GFileCreateFlags   flags,
                               GBytes            *bytes,
                               GCancellable      *cancellable,
                               GError           **error);
void     lks_whole_file_sync_folder
                              (const char        *path);
GBytes  *lks_whole_file_read  (const char        *path,
                               gsize              size_max_bytes,
                               GCancellable      *cancellable,
                               GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
