/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-os-shelf.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksOsBook:
 *
 * The list of OS versions that is kept on this computer, one for all windows. It is read on a
 * thread of its own when it is first asked for. The signal "changed" says that there is another
 * one. Main thread only.
 */
#define LKS_TYPE_OS_BOOK (lks_os_book_get_type ())
G_DECLARE_FINAL_TYPE (LksOsBook, lks_os_book, LKS, OS_BOOK, GObject)

LksOsBook        *lks_os_book_ref_default   (void) G_GNUC_WARN_UNUSED_RESULT;

const LksOsShelf *lks_os_book_get_shelf     (LksOsBook           *self);
gboolean          lks_os_book_is_older      (LksOsBook           *self,
                                             const char          *version);
void              lks_os_book_reload        (LksOsBook           *self);

void              lks_os_book_fetch_async   (LksOsBook           *self,
                                             const char          *address,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
void              lks_os_book_import_async  (LksOsBook           *self,
                                             const char          *path,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
gboolean          lks_os_book_finish        (LksOsBook           *self,
                                             GAsyncResult        *result,
                                             GError             **error);

G_END_DECLS
