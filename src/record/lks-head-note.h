/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-sql.h"

G_BEGIN_DECLS

#define LKS_HEAD_NOTE_HASH_DIGITS 64

/**
 * LksHeadNote:
 * @sequence: an entry of the chain, from 1
 * @hash: its hash: 64 small hexadecimal digits
 *
 * What stands in the file that says, beside the ledger, which entry was written last.
 */
typedef struct {
  gint64 sequence;
  char   hash[LKS_HEAD_NOTE_HASH_DIGITS + 1];
} LksHeadNote;

gboolean lks_head_note_parse  (const char        *data,
                               gsize              size_bytes,
                               LksHeadNote       *out_note);
gboolean lks_head_note_read   (const char        *path,
                               LksHeadNote       *out_note);
gboolean lks_head_note_write  (const char        *path,
                               const LksHeadNote *note,
                               GError           **error);
gboolean lks_head_note_follow (const char        *path,
                               LksSql            *sql,
                               GError           **error);

G_END_DECLS
