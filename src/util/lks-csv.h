/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void lks_csv_append_cell       (GString     *line,
                                const char  *text);
void lks_csv_append_short_cell (GString     *line,
                                const char  *text);

G_END_DECLS
