/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define LKS_SQL_BUSY_TIMEOUT_MS 10000

/**
 * LksSql:
 *
 * One connection to the ledger's file. Hold its lock around everything: lks_sql_lock().
 */
typedef struct _LksSql LksSql;

LksSql       *lks_sql_open     (const char    *path,
                                GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void          lks_sql_close    (LksSql        *self);
void          lks_sql_lock     (LksSql        *self);
void          lks_sql_unlock   (LksSql        *self);
void          lks_sql_push_cancellable
                               (GCancellable  *cancellable);
void          lks_sql_pop_cancellable
                               (GCancellable  *cancellable);

gboolean      lks_sql_check    (LksSql        *self,
                                int            rc,
                                const char    *doing,
                                GError       **error);
gboolean      lks_sql_run      (LksSql        *self,
                                const char    *sql,
                                GError       **error);
sqlite3_stmt *lks_sql_prepare  (LksSql        *self,
                                const char    *sql,
                                GError       **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean      lks_sql_read_int (LksSql        *self,
                                const char    *sql,
                                gint64        *out_value,
                                GError       **error);
gint64        lks_sql_get_last_row (LksSql    *self);
void          lks_sql_bind     (sqlite3_stmt  *statement,
                                const char    *parameter,
                                const char    *text);
void          lks_sql_bind_int (sqlite3_stmt  *statement,
                                const char    *parameter,
                                gint64         value);
const char   *lks_sql_column   (sqlite3_stmt  *statement,
                                int            column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSql, lks_sql_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

G_END_DECLS
