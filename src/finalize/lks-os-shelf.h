/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksOsShelf:
 * @versions: (owned) (element-type LksRecipeOs): in the order of the list
 * @kept_unix_s: since when the file is there, Unix seconds
 *
 * The list of OS versions that is kept on this computer. Its age counts: an old list does not know
 * the newest versions.
 */
typedef struct {
  GPtrArray *versions;
  gint64 kept_unix_s;
} LksOsShelf;

char       *lks_os_shelf_dup_path   (void) G_GNUC_WARN_UNUSED_RESULT;
LksOsShelf *lks_os_shelf_load       (const char        *path,
                                     GError           **error) G_GNUC_WARN_UNUSED_RESULT;
LksOsShelf *lks_os_shelf_keep       (const char        *path,
                                     GBytes            *text,
                                     GError           **error) G_GNUC_WARN_UNUSED_RESULT;
void        lks_os_shelf_free       (LksOsShelf        *self);

gint64      lks_os_shelf_get_age    (const LksOsShelf  *self,
                                     gint64             now_unix_s);
const char *lks_os_shelf_get_newest (const LksOsShelf  *self);
const char *lks_os_shelf_get_newer  (const LksOsShelf  *self,
                                     const char        *version);
gboolean    lks_os_version_is_older (const char        *version,
                                     const char        *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksOsShelf, lks_os_shelf_free)

G_END_DECLS
