/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

void bench_control_tell (const char *format,
                         ...) G_GNUC_PRINTF (1, 2);
