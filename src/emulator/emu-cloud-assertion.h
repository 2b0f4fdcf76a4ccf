/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *emu_cloud_assertion_check (const char  *assertion,
                                       const char  *certificate_pem,
                                       const char  *client_id,
                                       const char  *audience,
                                       char       **out_jti);

G_END_DECLS
