/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksSocketDir:
 *
 * A directory only this user can enter, with one listening Unix socket in it.
 */
typedef struct _LksSocketDir LksSocketDir;

LksSocketDir *lks_socket_dir_new      (GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void          lks_socket_dir_free     (LksSocketDir  *self);

const char   *lks_socket_dir_get_path (LksSocketDir  *self);
int           lks_socket_dir_listen   (LksSocketDir  *self,
                                       GError       **error);
void          lks_socket_dir_remove   (LksSocketDir  *self);

G_END_DECLS
