/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-clock.h"

#include "emu-fd-watch.h"

#include <errno.h>
#include <gio/gio.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct _EmuClock
{
  int fd;
  EmuFdWatch *watch; /* (owned) */
  GQueue armed;      /* (element-type EmuTimer): intrusive */
  gint64 set_us;     /* what the kernel timer is set to, 0: off */
  gboolean running;  /* timers are being called */
};

static void
set_kernel_timer (EmuClock *self, gint64 due_us)
{
  struct itimerspec spec = { 0 };

  if (self->set_us == due_us)
    return;

  spec.it_value.tv_sec = due_us / G_USEC_PER_SEC;
  spec.it_value.tv_nsec = due_us % G_USEC_PER_SEC * 1000;
  timerfd_settime (self->fd, TFD_TIMER_ABSTIME, &spec, NULL);
  self->set_us = due_us;
}

static void
set_earliest (EmuClock *self)
{
  gint64 earliest_us = 0;

  for (GList *l = self->armed.head; l != NULL; l = l->next)
    {
      const EmuTimer *timer = l->data;

      if (earliest_us == 0 || timer->due_us < earliest_us)
        earliest_us = timer->due_us;
    }
  set_kernel_timer (self, earliest_us);
}

static EmuTimer *
find_due (EmuClock *self, gint64 now_us)
{
  for (GList *l = self->armed.head; l != NULL; l = l->next)
    {
      EmuTimer *timer = l->data;

      if (timer->due_us <= now_us)
        return timer;
    }
  return NULL;
}

static void
ticked_cb (GIOCondition condition, gpointer user_data)
{
  EmuClock *self = user_data;
  EmuTimer *timer;
  guint64 expirations;
  gint64 now_us;

  if (read (self->fd, &expirations, sizeof expirations) < 0)
    return;

  self->set_us = 0;
  self->running = TRUE;
  now_us = g_get_monotonic_time ();
  /* A timer re-armed by its function is due at a later tick, so this ends. */
  while ((timer = find_due (self, now_us)) != NULL)
    {
      emu_timer_disarm (timer);
      timer->func (now_us, timer->user_data);
    }
  self->running = FALSE;
  set_earliest (self);
}

/**
 * emu_clock_new:
 * @context: (nullable): the main context whose thread calls all timers
 * @error: return location for an error
 *
 * Returns: (transfer full): a clock, or %NULL
 */
EmuClock *
emu_clock_new (GMainContext *context, GError **error)
{
  int fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  EmuClock *self;

  if (fd < 0)
    {
      int saved_errno = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                   "cannot make a timer: %s", g_strerror (saved_errno));
      return NULL;
    }

  self = g_new0 (EmuClock, 1);
  self->fd = fd;
  self->watch = emu_fd_watch_new (context, fd, G_IO_IN, ticked_cb, self);
  return self;
}

/**
 * emu_clock_free:
 * @self: (transfer full) (nullable): a clock with no timer armed
 */
void
emu_clock_free (EmuClock *self)
{
  if (self == NULL)
    return;

  g_warn_if_fail (self->armed.length == 0);
  emu_fd_watch_free (self->watch);
  close (self->fd);
  g_free (self);
}

/**
 * emu_timer_init:
 * @timer: a timer
 * @clock: the clock it runs on, which must outlive it
 * @func: called once each time it was armed
 * @user_data: for @func
 */
void
emu_timer_init (EmuTimer *timer, EmuClock *clock, EmuTimerFunc func, gpointer user_data)
{
  *timer = (EmuTimer){ .clock = clock, .func = func, .user_data = user_data };
  timer->link.data = timer;
}

/**
 * emu_timer_arm:
 * @timer: a timer
 * @due_us: monotonic time; times that passed mean the next tick
 *
 * Arms the timer, or moves it if it was armed. It runs at the first tick at or after @due_us.
 */
void
emu_timer_arm (EmuTimer *timer, gint64 due_us)
{
  EmuClock *clock = timer->clock;
  gint64 now_us = g_get_monotonic_time ();

  due_us = MAX (due_us, now_us + 1);
  due_us = (due_us + EMU_CLOCK_TICK_US - 1) / EMU_CLOCK_TICK_US * EMU_CLOCK_TICK_US;

  if (timer->due_us == 0)
    g_queue_push_tail_link (&clock->armed, &timer->link);
  timer->due_us = due_us;
  if (!clock->running && (clock->set_us == 0 || due_us < clock->set_us))
    set_kernel_timer (clock, due_us);
}

/**
 * emu_timer_disarm:
 * @timer: a timer
 *
 * Makes sure that the timer does not run. The kernel timer may still wake once for it.
 */
void
emu_timer_disarm (EmuTimer *timer)
{
  if (timer->due_us == 0)
    return;

  g_queue_unlink (&timer->clock->armed, &timer->link);
  timer->due_us = 0;
}
