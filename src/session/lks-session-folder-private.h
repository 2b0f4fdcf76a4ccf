/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The folder that the programs of one user share, and no other user can touch. */

gboolean lks_session_folder_make   (const char  *folder,
                                    GError     **error);
int      lks_session_folder_open   (const char  *folder,
                                    const char  *name,
                                    GError     **error);
GBytes  *lks_session_folder_read   (const char  *folder,
                                    const char  *name,
                                    gsize        size_max_bytes,
                                    GError     **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean lks_session_folder_write  (const char  *folder,
                                    const char  *name,
                                    GBytes      *text,
                                    GError     **error);
gboolean lks_session_folder_remove (const char  *folder,
                                    const char  *name,
                                    GError     **error);

G_END_DECLS
