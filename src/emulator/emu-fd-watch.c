/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-fd-watch.h"

struct _EmuFdWatch
{
  GSource source;

  int fd;
  gpointer tag; /* NULL: not watched now */
  GIOCondition condition;
  EmuFdWatchFunc func;
  gpointer user_data;
};

static gboolean
watch_check (GSource *source)
{
  EmuFdWatch *self = (EmuFdWatch *) source;

  return self->tag != NULL && g_source_query_unix_fd (source, self->tag) != 0;
}

static gboolean
watch_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  EmuFdWatch *self = (EmuFdWatch *) source;

  /* Another source of the same round may have lost interest since the check. */
  if (self->tag != NULL)
    self->func (g_source_query_unix_fd (source, self->tag), self->user_data);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs watch_funcs = { .check = watch_check, .dispatch = watch_dispatch };

/**
 * emu_fd_watch_new:
 * @context: (nullable): where to watch
 * @fd: a file descriptor; it stays the caller's and must outlive the watch
 * @condition: what to wait for; hang-up and errors are reported with any condition
 * @func: called with what happened; may free the watch
 * @user_data: for @func
 *
 * Returns: (transfer full): a watch
 */
EmuFdWatch *
emu_fd_watch_new (GMainContext *context,
                  int fd,
                  GIOCondition condition,
                  EmuFdWatchFunc func,
                  gpointer user_data)
{
  EmuFdWatch *self = (EmuFdWatch *) g_source_new (&watch_funcs, sizeof (EmuFdWatch));

  self->fd = fd;
  self->func = func;
  self->user_data = user_data;
  emu_fd_watch_set_condition (self, condition);
  /* Nobody iterates the context from within. Otherwise GLib takes the descriptor out of the poll
   * and puts it back at every dispatch, waking itself up each time. */
  g_source_set_can_recurse (&self->source, TRUE);
  g_source_attach (&self->source, context);
  return self;
}

/**
 * emu_fd_watch_free:
 * @self: (transfer full) (nullable): a watch
 *
 * Stops watching; the function is not called any more.
 */
void
emu_fd_watch_free (EmuFdWatch *self)
{
  if (self == NULL)
    return;

  emu_fd_watch_set_condition (self, 0);
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

/**
 * emu_fd_watch_set_condition:
 * @self: a watch
 * @condition: what to wait for from now on; 0 to look away
 */
void
emu_fd_watch_set_condition (EmuFdWatch *self, GIOCondition condition)
{
  if (condition == self->condition)
    return;

  if (self->tag == NULL)
    self->tag = g_source_add_unix_fd (&self->source, self->fd, condition);
  else if (condition == 0)
    g_source_remove_unix_fd (&self->source, g_steal_pointer (&self->tag));
  else
    g_source_modify_unix_fd (&self->source, self->tag, condition);
  self->condition = condition;
}
