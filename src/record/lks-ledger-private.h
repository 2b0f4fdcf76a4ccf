/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"
#include "lks-sql.h"
#include "lks-worker.h"

G_BEGIN_DECLS

#define LKS_LEDGER_SCHEMA_VERSION 1

gboolean   lks_ledger_schema_migrate (LksSql                *sql,
                                      const char            *path,
                                      GError               **error);

LksWorker *lks_ledger_get_worker     (LksLedger             *self);
GPtrArray *lks_ledger_list_page      (LksLedger             *self,
                                      const LksLedgerQuery  *query,
                                      gint64                 before_sequence,
                                      guint                  limit,
                                      gboolean               with_documents,
                                      gint64                *out_last_sequence,
                                      GError               **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
