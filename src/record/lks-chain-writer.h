/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-chain-private.h"
#include "lks-station-key.h"

G_BEGIN_DECLS

typedef struct _LksChainWriter LksChainWriter;

LksChainWriter *lks_chain_writer_new           (LksSql              *sql,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void            lks_chain_writer_free          (LksChainWriter      *self);
gboolean        lks_chain_writer_append        (LksChainWriter      *self,
                                                const char          *kind,
                                                const char          *id,
                                                const LksStationKey *key,
                                                const char          *unsigned_reason,
                                                GError             **error);
gboolean        lks_chain_writer_add_signature (LksChainWriter      *self,
                                                gint64               sequence,
                                                const LksStationKey *key,
                                                gint64               at_us,
                                                const char          *signature,
                                                GError             **error);

gboolean        lks_chain_migrate              (LksSql              *sql,
                                                GError             **error);
gboolean        lks_chain_find_unchained       (LksSql              *sql,
                                                gboolean            *out_found,
                                                GError             **error);
gboolean        lks_chain_adopt                (LksSql              *sql,
                                                GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksChainWriter, lks_chain_writer_free)

G_END_DECLS
