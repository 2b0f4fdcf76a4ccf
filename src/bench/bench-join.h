/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-options.h"

G_BEGIN_DECLS

int bench_join (const BenchOptions *options);

G_END_DECLS
