/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

const char *lks_advice_for_error  (const GError *error);
JsonNode   *lks_advice_to_json    (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
