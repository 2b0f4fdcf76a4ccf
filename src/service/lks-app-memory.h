/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-diag.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gint64    lks_app_memory_sum_heap (const LksAppMemory    *self);
JsonNode *lks_app_memory_to_json  (const LksMemoryStats  *stats) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
