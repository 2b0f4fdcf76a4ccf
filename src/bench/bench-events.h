/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _BenchEvents BenchEvents;

BenchEvents *bench_events_new  (const char   *socket_path,
                                GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void         bench_events_free (BenchEvents  *self);
void         bench_events_emit (BenchEvents  *self,
                                const char   *action,
                                const char   *place,
                                guint         bus,
                                guint         device);

int          bench_events_listen (const char *socket_path,
                                  int         type,
                                  GError    **error);

G_END_DECLS
