/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-token-source.h"

G_BEGIN_DECLS

/**
 * LksSharedSource:
 *
 * Lets clients on several threads work for one account, which takes one thread at a time.
 */
#define LKS_TYPE_SHARED_SOURCE (lks_shared_source_get_type ())
G_DECLARE_FINAL_TYPE (LksSharedSource, lks_shared_source, LKS, SHARED_SOURCE, GObject)

LksTokenSource *lks_shared_source_new    (LksTokenSource *source) G_GNUC_WARN_UNUSED_RESULT;

void            lks_shared_source_lock   (void);
void            lks_shared_source_unlock (void);

G_END_DECLS
