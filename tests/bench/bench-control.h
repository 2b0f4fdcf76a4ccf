/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

void  bench_control_tell (const char *format,
                          ...) G_GNUC_PRINTF (1, 2);
char *bench_control_ask  (const char *format,
                          ...) G_GNUC_PRINTF (1, 2) G_GNUC_WARN_UNUSED_RESULT;
