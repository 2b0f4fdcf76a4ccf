/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"

G_BEGIN_DECLS

LksSecret *lks_assertion_new (const LksSecret  *pem,
                              const char       *client_id,
                              const char       *audience,
                              gint64            now_unix_s,
                              GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
