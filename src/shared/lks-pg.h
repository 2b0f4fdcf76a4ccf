/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"
#include "lks-share-place.h"

#include <gio/gio.h>
#include <libpq-fe.h>

G_BEGIN_DECLS

/**
 * LksPgValue:
 * @data: (nullable): a text, or bytes; NULL is SQL's NULL
 * @size_bytes: of bytes; 0 for a text
 *
 * A parameter of a statement.
 */
typedef struct {
  const char *data;
  gsize       size_bytes;
} LksPgValue;

typedef struct _LksPg LksPg;

typedef gboolean (*LksPgRowFunc)  (PGresult             *row,
                                   gpointer              func_data,
                                   GError              **error);

LksPg     *lks_pg_open            (const LksSharePlace  *place,
                                   const LksSecret      *password,
                                   GCancellable         *cancellable,
                                   GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void       lks_pg_close           (LksPg                *self);
void       lks_pg_set_silence_max_ms
                                  (LksPg                *self,
                                   guint                 silence_max_ms,
                                   guint                 long_silence_max_ms);
PGresult  *lks_pg_query           (LksPg                *self,
                                   const char           *sql,
                                   const LksPgValue     *values,
                                   guint                 n_values,
                                   GCancellable         *cancellable,
                                   GError              **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_pg_run             (LksPg                *self,
                                   const char           *sql,
                                   const LksPgValue     *values,
                                   guint                 n_values,
                                   GCancellable         *cancellable,
                                   GError              **error);
gboolean   lks_pg_run_long        (LksPg                *self,
                                   const char           *sql,
                                   GCancellable         *cancellable,
                                   GError              **error);
gboolean   lks_pg_for_each        (LksPg                *self,
                                   const char           *sql,
                                   const LksPgValue     *values,
                                   guint                 n_values,
                                   LksPgRowFunc          func,
                                   gpointer              func_data,
                                   GCancellable         *cancellable,
                                   GError              **error);
const char *lks_pg_get            (PGresult             *result,
                                   int                   row,
                                   int                   column);
gint64     lks_pg_get_int         (PGresult             *result,
                                   int                   row,
                                   int                   column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksPg, lks_pg_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

G_END_DECLS
