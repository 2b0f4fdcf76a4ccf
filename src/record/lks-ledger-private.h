/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"
#include "lks-sql.h"
#include "lks-worker.h"

G_BEGIN_DECLS

#define LKS_LEDGER_SCHEMA_VERSION 7

/* The version that brought the chain. */
#define LKS_LEDGER_CHAIN_VERSION 3

gboolean   lks_ledger_schema_migrate (LksSql                *sql,
                                      const char            *path,
                                      GError               **error);

gboolean   lks_ledger_schema_read_version
                                     (LksSql                *sql,
                                      const char            *path,
                                      gint64                *out_version,
                                      GError               **error);
gboolean   lks_ledger_schema_wants_adoption
                                     (LksSql                *sql,
                                      gboolean              *out_wants,
                                      GError               **error);
gboolean   lks_ledger_schema_adopt   (LksSql                *sql,
                                      GError               **error);

LksWorker *lks_ledger_get_worker     (LksLedger             *self);
LksWorker *lks_ledger_get_append_worker
                                     (LksLedger             *self);
LksSql    *lks_ledger_get_writer     (LksLedger             *self);
LksSql    *lks_ledger_get_reader     (LksLedger             *self);
gboolean   lks_ledger_commit         (LksSql                *sql,
                                      gboolean               good,
                                      GError               **error);
gboolean   lks_ledger_commit_entry   (LksLedger             *self,
                                      gboolean               good,
                                      GError               **error);
const char *
           lks_ledger_get_note_path  (LksLedger             *self);
gboolean   lks_ledger_insert_recipe  (LksSql                *sql,
                                      const char            *hash,
                                      const char            *text,
                                      GError               **error);
gboolean   lks_ledger_append_to_chain
                                     (LksLedger             *self,
                                      const char            *kind,
                                      const char            *id,
                                      GError               **error);
void       lks_ledger_announce_service
                                     (LksLedger             *self,
                                      const char            *session_id);

void       lks_ledger_push_query     (LksLedger             *self,
                                      const LksLedgerQuery  *query,
                                      gpointer               tag,
                                      GTaskThreadFunc        func,
                                      GCancellable          *cancellable,
                                      GAsyncReadyCallback    callback,
                                      gpointer               user_data);
void       lks_ledger_query_copy     (const LksLedgerQuery  *query,
                                      LksLedgerQuery        *out_copy);
void       lks_ledger_query_clear    (LksLedgerQuery        *copy);
gboolean   lks_ledger_query_is_narrow
                                     (const LksLedgerQuery  *query);
char      *lks_ledger_query_to_sql   (const LksLedgerQuery  *query) G_GNUC_WARN_UNUSED_RESULT;
char      *lks_ledger_query_to_order (const LksLedgerQuery  *query,
                                      const char            *table) G_GNUC_WARN_UNUSED_RESULT;
void       lks_ledger_query_bind     (const LksLedgerQuery  *query,
                                      sqlite3_stmt          *statement);

typedef gboolean (*LksExportFunc) (GOutputStream  *stream,
                                   LksLedger      *ledger,
                                   gconstpointer   func_data,
                                   GCancellable   *cancellable,
                                   GError        **error);

gboolean   lks_ledger_export_to_file (LksLedger             *self,
                                      GFile                 *file,
                                      LksExportFunc          func,
                                      gconstpointer          func_data,
                                      GCancellable          *cancellable,
                                      GError               **error);

G_END_DECLS
