/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real PostgreSQL server of a test's own: a new cluster in a temporary folder, on a loopback port
 * and a Unix socket. */
#pragma once

#include "lks-share.h"

#include <libpq-fe.h>

typedef struct _Postgres Postgres;

#define POSTGRES_DATABASE "shop"

gboolean       postgres_is_installed (void);
Postgres      *postgres_new          (void);
void           postgres_free         (Postgres   *self);

void           postgres_start        (Postgres   *self);
void           postgres_kill         (Postgres   *self);
guint          postgres_get_port     (Postgres   *self);
void           postgres_clear        (Postgres   *self);

LksSharePlace *postgres_make_place   (Postgres   *self,
                                      guint       port);
void           postgres_run          (Postgres   *self,
                                      const char *sql);
char          *postgres_ask          (Postgres   *self,
                                      const char *sql);
