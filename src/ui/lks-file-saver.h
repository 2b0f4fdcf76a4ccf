/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksSaveFunc:
 * @file: the file that was chosen
 * @data: as given
 * @error: return location for an error
 *
 * Writes a file. Blocks; any thread.
 *
 * Returns: whether it is whole
 */
typedef gboolean (*LksSaveFunc)  (GFile         *file,
                                  gpointer       data,
                                  GError       **error);

/**
 * LksSavedFunc:
 * @owner: the widget that had asked
 * @file: the file that was chosen
 * @error: (nullable): why it was not written
 */
typedef void     (*LksSavedFunc) (GtkWidget     *owner,
                                  GFile         *file,
                                  const GError  *error);

GtkFileChooserNative *
     lks_file_saver_open (GtkWidget      *owner,
                          const char     *title,
                          const char     *name) G_GNUC_WARN_UNUSED_RESULT;
void lks_file_saver_ask (GtkWidget       *owner,
                         const char      *title,
                         const char      *name,
                         LksSaveFunc      save,
                         gpointer         data,
                         GDestroyNotify   data_free,
                         LksSavedFunc     saved);

G_END_DECLS
