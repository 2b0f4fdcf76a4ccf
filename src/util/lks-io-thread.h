/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-io-watch.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksIoThread:
 *
 * The one thread that turns the USB and IP wheels of all boards: a private main context and
 * the thread that iterates it. What runs here must never block.
 */
#define LKS_TYPE_IO_THREAD (lks_io_thread_get_type ())
G_DECLARE_FINAL_TYPE (LksIoThread, lks_io_thread, LKS, IO_THREAD, GObject)

typedef void (*LksIoFunc) (gpointer user_data);

LksIoThread  *lks_io_thread_new         (void) G_GNUC_WARN_UNUSED_RESULT;

GMainContext *lks_io_thread_get_context (LksIoThread *self);
LksIoWatches *lks_io_thread_get_watches (LksIoThread *self);
gboolean      lks_io_thread_is_current  (LksIoThread *self);

void          lks_io_thread_post        (LksIoThread *self,
                                         LksIoFunc    func,
                                         gpointer     user_data);
void          lks_io_thread_call        (LksIoThread *self,
                                         LksIoFunc    func,
                                         gpointer     user_data);

G_END_DECLS
