/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksPinLimit:
 *
 * How often a PIN may be tried. A few tries are free; each wrong one after them doubles the time
 * before the next. It is kept in a file, so that it outlives the program, and a try counts as wrong
 * until it was right, so that killing the program gains nothing. Any thread, one at a time.
 */
typedef struct _LksPinLimit LksPinLimit;

LksPinLimit *lks_pin_limit_new     (const char   *path) G_GNUC_WARN_UNUSED_RESULT;
void         lks_pin_limit_free    (LksPinLimit  *self);

gboolean     lks_pin_limit_begin   (LksPinLimit  *self,
                                    gint64        now_us,
                                    GError      **error);
gboolean     lks_pin_limit_forgive (LksPinLimit  *self,
                                    GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksPinLimit, lks_pin_limit_free)

G_END_DECLS
