/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-jig-place.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define LKS_JIG_PLACES_MAX 64
#define LKS_JIG_SIZE_MAX_BYTES (64 * 1024)

/**
 * LksJig:
 *
 * The map of a jig: which USB port is which place. A #GListModel of [class@Lks.JigPlace], by rows
 * and columns; empty while nobody has taught it. It remembers which controllers the buses belonged
 * to, and its places follow these when the buses have got other numbers. Main thread only.
 */
#define LKS_TYPE_JIG (lks_jig_get_type ())
G_DECLARE_FINAL_TYPE (LksJig, lks_jig, LKS, JIG, GObject)

LksJig      *lks_jig_new         (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean     lks_jig_parse       (LksJig      *self,
                                  const char  *name,
                                  GBytes      *text,
                                  GError     **error);
gboolean     lks_jig_load        (LksJig      *self,
                                  GError     **error);
gboolean     lks_jig_save        (LksJig      *self,
                                  GError     **error);
char        *lks_jig_to_json     (LksJig      *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean     lks_jig_set_places  (LksJig      *self,
                                  GPtrArray   *places,
                                  GError     **error);
gboolean     lks_jig_set_allowed (LksJig      *self,
                                  const char  *taught_port,
                                  gboolean     is_allowed);
void         lks_jig_set_buses   (LksJig      *self,
                                  GHashTable  *buses);

LksJigPlace *lks_jig_find        (LksJig      *self,
                                  const char  *port);
guint        lks_jig_get_rows    (LksJig      *self);
guint        lks_jig_get_columns (LksJig      *self);

G_END_DECLS
