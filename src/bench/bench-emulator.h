/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _BenchEmulator BenchEmulator;

BenchEmulator *bench_emulator_start       (const char *const  *options,
                                           gboolean            has_cloud,
                                           GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void           bench_emulator_stop        (BenchEmulator      *self);
const char    *bench_emulator_get_address (BenchEmulator      *self);
const char    *bench_emulator_get_cloud   (BenchEmulator      *self);

char          *bench_find_file            (const char         *name,
                                           const char *const  *dirs,
                                           GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchEmulator, bench_emulator_stop)

G_END_DECLS
