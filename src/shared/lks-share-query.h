/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"
#include "lks-pg.h"

G_BEGIN_DECLS

/**
 * LksShareQuery:
 * @where: a WHERE part, with parameters from $1 on
 * @values: (element-type LksPgValue): their values
 * @texts: what @values point to
 *
 * A LksLedgerQuery in the words of the shared ledger.
 */
typedef struct {
  GString   *where;
  GArray    *values;
  GPtrArray *texts;
} LksShareQuery;

LksShareQuery *lks_share_query_new  (const LksLedgerQuery *query,
                                     GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void           lks_share_query_free (LksShareQuery        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksShareQuery, lks_share_query_free)

G_END_DECLS
