/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _BenchHub BenchHub;

/* Every board that was there at the start is plugged in; or error says why none will be. */
typedef void (*BenchHubReadyFunc) (const GError        *error,
                                   gpointer             user_data);

BenchHub *bench_hub_new    (const char          *runtime_dir,
                            const char          *server,
                            BenchHubReadyFunc    ready,
                            gpointer             user_data,
                            GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void      bench_hub_free   (BenchHub            *self);
void      bench_hub_permit (BenchHub            *self,
                            const char          *place,
                            gboolean             is_allowed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchHub, bench_hub_free)

G_END_DECLS
