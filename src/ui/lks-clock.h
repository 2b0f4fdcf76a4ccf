/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksClock:
 *
 * The one timer behind every age on the screen. Its property "now" moves once a second while
 * somebody holds the clock; everything that shows an age binds to it.
 */
#define LKS_TYPE_CLOCK (lks_clock_get_type ())
G_DECLARE_FINAL_TYPE (LksClock, lks_clock, LKS, CLOCK, GObject)

LksClock *lks_clock_ref_default (void) G_GNUC_WARN_UNUSED_RESULT;

gint64    lks_clock_get_now     (LksClock *self);
void      lks_clock_tick        (LksClock *self);

G_END_DECLS
