/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"
#include "lks-service-record.h"

G_BEGIN_DECLS

gboolean          lks_ledger_service_begin         (LksLedger              *self,
                                                    const LksServiceFields *fields,
                                                    GError                **error);
gboolean          lks_ledger_service_append        (LksLedger              *self,
                                                    const LksServiceEvent  *event,
                                                    GError                **error);
GPtrArray        *lks_ledger_service_list          (LksLedger              *self,
                                                    const LksLedgerQuery   *query,
                                                    GError                **error) G_GNUC_WARN_UNUSED_RESULT;
char            **lks_ledger_service_list_open     (LksLedger              *self,
                                                    const char             *station,
                                                    GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksServiceRecord *lks_ledger_service_get           (LksLedger              *self,
                                                    const char             *id,
                                                    GError                **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          lks_ledger_service_export        (LksLedger              *self,
                                                    const LksLedgerQuery   *query,
                                                    LksExportFormat         format,
                                                    GOutputStream          *stream,
                                                    GCancellable           *cancellable,
                                                    GError                **error);

void              lks_ledger_service_append_async  (LksLedger              *self,
                                                    const LksServiceEvent  *event,
                                                    GCancellable           *cancellable,
                                                    GAsyncReadyCallback     callback,
                                                    gpointer                user_data);
gboolean          lks_ledger_service_append_finish (LksLedger              *self,
                                                    GAsyncResult           *result,
                                                    GError                **error);
void              lks_ledger_service_list_async    (LksLedger              *self,
                                                    const LksLedgerQuery   *query,
                                                    GCancellable           *cancellable,
                                                    GAsyncReadyCallback     callback,
                                                    gpointer                user_data);
GPtrArray        *lks_ledger_service_list_finish   (LksLedger              *self,
                                                    GAsyncResult           *result,
                                                    GError                **error) G_GNUC_WARN_UNUSED_RESULT;
void              lks_ledger_service_get_async     (LksLedger              *self,
                                                    const char             *id,
                                                    GCancellable           *cancellable,
                                                    GAsyncReadyCallback     callback,
                                                    gpointer                user_data);
LksServiceRecord *lks_ledger_service_get_finish    (LksLedger              *self,
                                                    GAsyncResult           *result,
                                                    GError                **error) G_GNUC_WARN_UNUSED_RESULT;
void              lks_ledger_service_export_async  (LksLedger              *self,
                                                    const LksLedgerQuery   *query,
                                                    LksExportFormat         format,
                                                    GFile                  *file,
                                                    GCancellable           *cancellable,
                                                    GAsyncReadyCallback     callback,
                                                    gpointer                user_data);
gboolean          lks_ledger_service_export_finish (LksLedger              *self,
                                                    GAsyncResult           *result,
                                                    GError                **error);

G_END_DECLS
