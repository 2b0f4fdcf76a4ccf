/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *lks_sign_in_get_hint (const char *text);

G_END_DECLS
