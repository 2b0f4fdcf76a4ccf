/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-json.h"

G_BEGIN_DECLS

/* Which controller a bus number stands for: bus number (GUINT_TO_POINTER()) → a text that tells the
 * bus of that controller from all others. "here" is this computer now, "taught" the map. */

GHashTable *lks_jig_buses_new     (void) G_GNUC_WARN_UNUSED_RESULT;

gboolean    lks_jig_buses_read    (GHashTable  *taught,
                                   LksJson     *json,
                                   JsonObject  *root,
                                   GError     **error);
void        lks_jig_buses_write   (GHashTable  *taught,
                                   JsonObject  *root);

char       *lks_jig_buses_locate  (GHashTable  *taught,
                                   GHashTable  *here,
                                   const char  *port) G_GNUC_WARN_UNUSED_RESULT;
void        lks_jig_buses_learn   (GHashTable  *taught,
                                   GHashTable  *here,
                                   const char  *port);
void        lks_jig_buses_copy    (GHashTable  *taught,
                                   GHashTable  *from,
                                   const char  *port);

G_END_DECLS
