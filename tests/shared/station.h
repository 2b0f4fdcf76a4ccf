/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A station of a test: a ledger with some of everything, and its way to the shared one. */
#pragma once

#include "lks-ledger-outbox.h"
#include "lks-share.h"

typedef struct {
  char      *folder; /* (owned) */
  char      *path;   /* (owned) */
  LksLedger *ledger; /* (owned) */
} Station;

Station *station_new          (gboolean             with_key);
void     station_free         (Station             *self);
void     station_reopen       (Station             *self);
void     station_add_run      (Station             *self,
                               guint                board,
                               guint                second,
                               const char          *verdict);
void     station_add_runs     (Station             *self,
                               guint                first,
                               guint                count);
void     station_add_session  (Station             *self);
char    *station_dup_head     (Station             *self,
                               gint64              *out_sequence);
gboolean station_push         (Station             *self,
                               const LksSharePlace *place,
                               LksSharePushed      *out_pushed,
                               GError             **error);
char    *make_device_id       (guint                board);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Station, station_free)
