/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cli-cloud-work.h"
#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCliRows:
 *
 * A list that is printed while it is read, as a table, as JSON or as CSV: however long it is, a
 * few rows are held.
 */
typedef struct _LksCliRows LksCliRows;

LksCliRows *lks_cli_rows_new    (const LksCliCloudWork  *work,
                                 const LksCloudKind     *kind,
                                 const char             *member) G_GNUC_WARN_UNUSED_RESULT;
void        lks_cli_rows_free   (LksCliRows             *self);
gboolean    lks_cli_rows_take   (LksCloudResource       *resource,
                                 gpointer                self,
                                 GError                **error);
void        lks_cli_rows_leave_out (LksCliRows          *self,
                                 GPtrArray              *gaps);
int         lks_cli_rows_end    (LksCliRows             *self,
                                 const GError           *error);

void        lks_cli_resource_print   (const LksCloudResource *resource,
                                      gboolean                json);
int         lks_cli_resource_finish  (LksCliCloudWork        *work,
                                      LksCliCloudFunc         func,
                                      gpointer                func_data,
                                      LksCloudResource      **resource,
                                      GError                 *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCliRows, lks_cli_rows_free)

G_END_DECLS
