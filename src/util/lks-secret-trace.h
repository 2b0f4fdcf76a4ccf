/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void lks_secret_burn_traces  (void);
void lks_secret_wipe_openssl (void);

G_END_DECLS
