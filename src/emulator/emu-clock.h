/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All boards share their wake-ups: a timer runs at the first whole tick after its time. */
#define EMU_CLOCK_TICK_US 1000

/**
 * EmuClock:
 *
 * The timers of all chips and lines, on one kernel timer. It wakes only while one is armed.
 */
typedef struct _EmuClock EmuClock;

typedef void (*EmuTimerFunc) (gint64   now_us,
                              gpointer user_data);

/**
 * EmuTimer:
 *
 * One timer, a member of what it serves. Private but for emu_timer_init().
 */
typedef struct {
  EmuClock *clock; /* (unowned) */
  EmuTimerFunc func;
  gpointer user_data;
  gint64 due_us; /* 0: not armed */
  GList link;
} EmuTimer;

EmuClock *emu_clock_new    (GMainContext *context,
                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void      emu_clock_free   (EmuClock     *self);

void      emu_timer_init   (EmuTimer     *timer,
                            EmuClock     *clock,
                            EmuTimerFunc  func,
                            gpointer      user_data);
void      emu_timer_arm    (EmuTimer     *timer,
                            gint64        due_us);
void      emu_timer_disarm (EmuTimer     *timer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuClock, emu_clock_free)

G_END_DECLS
