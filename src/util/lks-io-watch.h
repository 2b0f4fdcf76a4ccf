/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksIoWatches:
 *
 * Any number of file descriptors as one source of a main context, which itself looks at each of its
 * sources and descriptors at every turn. Belongs to an I/O thread, see
 * lks_io_thread_get_watches().
 */
typedef struct _LksIoWatches LksIoWatches;

/**
 * LksIoWatch:
 *
 * One watched file descriptor. Made, changed and freed on the I/O thread.
 */
typedef struct _LksIoWatch LksIoWatch;

/**
 * LksIoWatchFunc:
 * @conditions: what the descriptor is ready for; %G_IO_HUP and %G_IO_ERR come unasked
 * @user_data: as given to lks_io_watch_new()
 *
 * May free any watch, its own too.
 */
typedef void (*LksIoWatchFunc) (GIOCondition conditions,
                                gpointer     user_data);

LksIoWatches *lks_io_watches_new  (GMainContext   *context) G_GNUC_WARN_UNUSED_RESULT;
void          lks_io_watches_free (LksIoWatches   *self);

LksIoWatch   *lks_io_watch_new    (LksIoWatches   *watches,
                                   int             fd,
                                   GIOCondition    wanted,
                                   LksIoWatchFunc  func,
                                   gpointer        user_data) G_GNUC_WARN_UNUSED_RESULT;
void          lks_io_watch_set    (LksIoWatch     *self,
                                   GIOCondition    wanted);
void          lks_io_watch_free   (LksIoWatch     *self);

G_END_DECLS
