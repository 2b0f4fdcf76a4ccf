/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* As many as can be told apart on one screen; a jig of 64 is 8 by 8, or 1 by 64. */
#define LKS_JIG_LINES_MAX 64

/**
 * LksJigPlace:
 *
 * One place of a jig: a USB port with a name that is written beside the socket. Immutable.
 * Properties: "port" (NULL while its controller is not connected), "name", "row", "column" (both
 * from 1), "allowed".
 */
#define LKS_TYPE_JIG_PLACE (lks_jig_place_get_type ())
G_DECLARE_FINAL_TYPE (LksJigPlace, lks_jig_place, LKS, JIG_PLACE, GObject)

LksJigPlace *lks_jig_place_new         (const char  *port,
                                        const char  *name,
                                        guint        row,
                                        guint        column,
                                        gboolean     is_allowed) G_GNUC_WARN_UNUSED_RESULT;

LksJigPlace *lks_jig_place_copy_to     (LksJigPlace *self,
                                        const char  *port) G_GNUC_WARN_UNUSED_RESULT;
LksJigPlace *lks_jig_place_copy_allowed (LksJigPlace *self,
                                        gboolean     is_allowed) G_GNUC_WARN_UNUSED_RESULT;

const char  *lks_jig_place_get_port    (LksJigPlace *self);
const char  *lks_jig_place_get_taught_port (LksJigPlace *self);
const char  *lks_jig_place_get_name    (LksJigPlace *self);
guint        lks_jig_place_get_row     (LksJigPlace *self);
guint        lks_jig_place_get_column  (LksJigPlace *self);
gboolean     lks_jig_place_get_allowed (LksJigPlace *self);

gboolean     lks_jig_port_is_valid     (const char  *port);
gboolean     lks_jig_name_is_valid     (const char  *name);
char        *lks_jig_name_for          (guint        row,
                                        guint        column) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
