/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

G_BEGIN_DECLS

/**
 * LksOutboxEntry:
 * @sequence: its place in the chain, from 1
 * @kind: "run", "journal", "session" or "event"
 * @row: number of what it is about in its table
 * @id: UUID of the record, the run or the session
 * @state: "written" or "migrated"
 * @previous: hash of the entry before, or the ledger's ID
 * @key: (nullable): fingerprint of the key that signed it
 * @unsigned_reason: (nullable): why none did
 * @hash: SHA-256 of @text, 64 digits
 * @text: the canonical text, with all that the record says
 *
 * An entry of the chain as it goes out. Its texts are owned.
 */
typedef struct {
  gint64 sequence;
  char  *kind;
  gint64 row;
  char  *id;
  char  *state;
  char  *previous;
  char  *key;
  char  *unsigned_reason;
  char  *hash;
  char  *text;
} LksOutboxEntry;

/**
 * LksOutboxSignature:
 * @row: signatures are numbered in the order in which they were written
 * @sequence: the entry
 * @key: fingerprint of the key
 * @pem: its public half
 * @at_us: when it was signed, Unix microseconds
 * @signature: base64
 *
 * A signature as it goes out. Its texts are owned.
 */
typedef struct {
  gint64 row;
  gint64 sequence;
  char  *key;
  char  *pem;
  gint64 at_us;
  char  *signature;
} LksOutboxSignature;

/**
 * LksOutboxCursor:
 * @sequence: the last entry that is known to be there; 0: none
 * @signature_row: all signatures up to this one are there, of entries up to @sequence
 * @confirmed_us: when that was known, Unix microseconds; 0: never
 *
 * How far a ledger was copied to one shared ledger.
 */
typedef struct {
  gint64 sequence;
  gint64 signature_row;
  gint64 confirmed_us;
} LksOutboxCursor;

char      *lks_ledger_dup_id             (LksLedger             *self,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_ledger_outbox_get         (LksLedger             *self,
                                          const char            *place,
                                          LksOutboxCursor       *out_cursor,
                                          GError               **error);
gboolean   lks_ledger_outbox_set         (LksLedger             *self,
                                          const char            *place,
                                          const LksOutboxCursor *cursor,
                                          GError               **error);
gboolean   lks_ledger_outbox_count       (LksLedger             *self,
                                          const LksOutboxCursor *cursor,
                                          guint64               *out_n_waiting,
                                          gint64                *out_oldest_us,
                                          GError               **error);
GPtrArray *lks_ledger_outbox_entries     (LksLedger             *self,
                                          gint64                 after,
                                          guint                  limit,
                                          gsize                  limit_bytes,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *lks_ledger_outbox_signatures  (LksLedger             *self,
                                          const LksOutboxCursor *after,
                                          gint64                 last_sequence,
                                          guint                  limit,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void       lks_outbox_entry_free         (LksOutboxEntry        *self);
void       lks_outbox_signature_free     (LksOutboxSignature    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksOutboxEntry, lks_outbox_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksOutboxSignature, lks_outbox_signature_free)

G_END_DECLS
