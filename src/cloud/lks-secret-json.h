/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-json.h"
#include "lks-secret.h"

G_BEGIN_DECLS

LksJson *lks_secret_json_parse (const char         *name,
                                GBytes             *text,
                                gsize               size_max_bytes,
                                const char *const  *members,
                                LksSecret         **out_secrets,
                                GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
