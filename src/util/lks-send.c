/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-send.h"

/**
 * lks_send:
 * @context: (nullable): the main context of the thread that is meant; NULL for the main thread
 * @func: what that thread is to do; returns G_SOURCE_REMOVE
 * @data: (transfer full): for @func
 * @free_data: (nullable): of @data, on the same thread
 *
 * Lets another thread do something when its context turns the next time, in order and before the
 * answer of a task that is returned later. Any thread. Unlike with g_main_context_invoke(), that is
 * never the calling one: a context which nobody turns at the moment, as when a program ends, is
 * still of the thread whose objects are touched.
 */
void
lks_send (GMainContext *context, GSourceFunc func, gpointer data, GDestroyNotify free_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, free_data);
  g_source_attach (source, context);
}
