/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BenchBuses BenchBuses;

#define BENCH_BUSES_MAX 250

BenchBuses *bench_buses_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void        bench_buses_free        (BenchBuses *self);

guint       bench_buses_take_device (BenchBuses *self,
                                     guint       bus);
void        bench_buses_give_device (BenchBuses *self,
                                     guint       bus,
                                     guint       device);
gboolean    bench_buses_has_device  (BenchBuses *self,
                                     guint       bus,
                                     guint       device);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchBuses, bench_buses_free)

G_END_DECLS
