/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *lks_recipe_image_file_to_json (const char           *path,
                                     const char           *folder,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;

void  lks_recipe_image_file_read_async
                                    (const char           *path,
                                     const char           *folder,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
char *lks_recipe_image_file_read_finish
                                    (GAsyncResult         *result,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
