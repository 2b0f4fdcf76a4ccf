/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *lks_recipe_beside_find_name     (const char           *path,
                                       const char           *folder,
                                       GError              **error) G_GNUC_WARN_UNUSED_RESULT;
char *lks_recipe_beside_image_to_json (const char           *path,
                                       const char           *folder,
                                       GError              **error) G_GNUC_WARN_UNUSED_RESULT;

void  lks_recipe_beside_read_image_async
                                      (const char           *path,
                                       const char           *folder,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
char *lks_recipe_beside_read_image_finish
                                      (GAsyncResult         *result,
                                       GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
