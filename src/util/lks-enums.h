/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

const char *lks_enum_to_nick   (GType        enum_type,
                                int          value);
gboolean    lks_enum_from_nick (GType        enum_type,
                                const char  *nick,
                                int         *out_value);

G_END_DECLS
