/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-guard.h"
#include "lks-vault.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The parts of `locksmithctl session`. */

int         lks_cli_servicing_keep    (int                argc,
                                       char             **argv);

JsonObject *lks_cli_servicing_to_json (LksSession        *session) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_cli_servicing_dup_capabilities
                                      (const guint       *numbers,
                                       gsize              n) G_GNUC_WARN_UNUSED_RESULT;
void        lks_cli_servicing_print   (LksSession        *session);
char       *lks_cli_servicing_dup_until
                                      (LksSession        *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
