/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-io-watch.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* So many ready descriptors are served before the context's other sources get their turn. */
#define EVENTS_MAX 16

struct _LksIoWatches
{
  GSource source;

  int epoll_fd; /* (owned) */
};

struct _LksIoWatch
{
  LksIoWatches *watches; /* (unowned) */
  int fd;                /* (unowned) */
  GIOCondition wanted;
  LksIoWatchFunc func; /* (nullable): NULL once it is freed, while events may still name it */
  gpointer user_data;
};

/* On Linux the bits of GIOCondition, poll() and epoll are the same. */
G_STATIC_ASSERT ((int) G_IO_IN == EPOLLIN && (int) G_IO_OUT == EPOLLOUT);
G_STATIC_ASSERT ((int) G_IO_ERR == EPOLLERR && (int) G_IO_HUP == EPOLLHUP);

static gboolean
watches_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  LksIoWatches *self = (LksIoWatches *) source;
  struct epoll_event events[EVENTS_MAX];
  int n_events = epoll_wait (self->epoll_fd, events, EVENTS_MAX, 0);

  /* A function may free the watch of an event that is still to come. */
  for (int i = 0; i < n_events; i++)
    g_rc_box_acquire (events[i].data.ptr);
  for (int i = 0; i < n_events; i++)
    {
      LksIoWatch *watch = events[i].data.ptr;

      if (watch->func != NULL)
        watch->func ((GIOCondition) events[i].events, watch->user_data);
      g_rc_box_release (watch);
    }

  return G_SOURCE_CONTINUE;
}

static void
watches_finalize (GSource *source)
{
  close (((LksIoWatches *) source)->epoll_fd);
}

/* No check function: GLib dispatches when a descriptor of the epoll is ready. */
static GSourceFuncs watches_funcs = { .dispatch = watches_dispatch, .finalize = watches_finalize };

/**
 * lks_io_watches_new:
 * @context: where the functions of the watches are called
 *
 * Returns: (transfer full): watches without a watch
 */
LksIoWatches *
lks_io_watches_new (GMainContext *context)
{
  GSource *source = g_source_new (&watches_funcs, sizeof (LksIoWatches));
  LksIoWatches *self = (LksIoWatches *) source;

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    g_error ("no epoll: %s", g_strerror (errno)); /* as GLib does for a context's own descriptor */

  g_source_set_static_name (source, "lks-io-watches");
  g_source_add_unix_fd (source, self->epoll_fd, G_IO_IN);
  g_source_attach (source, context);
  return self;
}

/**
 * lks_io_watches_free:
 * @self: (transfer full): watches whose watches are all freed
 */
void
lks_io_watches_free (LksIoWatches *self)
{
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

static void
control (LksIoWatch *self, int operation)
{
  struct epoll_event event = { .events = self->wanted, .data.ptr = self };

  if (epoll_ctl (self->watches->epoll_fd, operation, self->fd, &event) < 0)
    g_warning ("descriptor %d is not watched: %s", self->fd, g_strerror (errno));
}

/**
 * lks_io_watch_new:
 * @watches: where it belongs; must outlive it
 * @fd: what to watch, not watched there yet; must stay open until lks_io_watch_free()
 * @wanted: for what, any of %G_IO_IN and %G_IO_OUT
 * @func: whom to tell, again and again while it stays ready
 * @user_data: for @func
 *
 * Returns: (transfer full): a watch
 */
LksIoWatch *
lks_io_watch_new (LksIoWatches *watches,
                  int fd,
                  GIOCondition wanted,
                  LksIoWatchFunc func,
                  gpointer user_data)
{
  LksIoWatch *self = g_rc_box_new (LksIoWatch);

  *self = (LksIoWatch){ watches, fd, wanted, func, user_data };
  control (self, EPOLL_CTL_ADD);
  return self;
}

/**
 * lks_io_watch_set:
 * @self: a watch
 * @wanted: what to watch for from now on
 */
void
lks_io_watch_set (LksIoWatch *self, GIOCondition wanted)
{
  if (self->wanted == wanted)
    return;

  self->wanted = wanted;
  control (self, EPOLL_CTL_MOD);
}

/**
 * lks_io_watch_free:
 * @self: (transfer full): a watch; its function is not called any more
 */
void
lks_io_watch_free (LksIoWatch *self)
{
  control (self, EPOLL_CTL_DEL);
  self->func = NULL;
  g_rc_box_release (self);
}
