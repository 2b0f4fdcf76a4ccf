/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LKS_SHARE_PORT_DEFAULT 5432

/**
 * LksSharePlace:
 * @host: name or address of the server, or the folder of its Unix socket: from / on
 * @port: its TCP port, which is part of the socket's name, too
 * @database: the database
 * @user: whom the server knows
 * @ssl_mode: "verify-full", or what libpq knows beside it
 * @ssl_root_cert: (nullable): file with the authority that signed the server's certificate; NULL:
 *   libpq's `~/.postgresql/root.crt`
 *
 * Where a shared ledger is. It holds no password.
 */
typedef struct {
  char *host;
  guint port;
  char *database;
  char *user;
  char *ssl_mode;
  char *ssl_root_cert;
} LksSharePlace;

#define LKS_TYPE_SHARE_PLACE (lks_share_place_get_type ())
GType          lks_share_place_get_type (void);

LksSharePlace *lks_share_place_new      (const char          *host,
                                         guint                port,
                                         const char          *database,
                                         const char          *user) G_GNUC_WARN_UNUSED_RESULT;
LksSharePlace *lks_share_place_copy     (const LksSharePlace *self) G_GNUC_WARN_UNUSED_RESULT;
void           lks_share_place_free     (LksSharePlace       *self);
char          *lks_share_place_dup_name (const LksSharePlace *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSharePlace, lks_share_place_free)

G_END_DECLS
