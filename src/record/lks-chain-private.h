/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-head-note.h"
#include "lks-ledger-verify.h"
#include "lks-sql.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define LKS_CHAIN_KIND_RUN     "run"
#define LKS_CHAIN_KIND_JOURNAL "journal"
#define LKS_CHAIN_KIND_SESSION "session"
#define LKS_CHAIN_KIND_EVENT   "event"

#define LKS_CHAIN_STATE_WRITTEN  "written"
#define LKS_CHAIN_STATE_MIGRATED "migrated"

#define LKS_CHAIN_NO_KEY "no station key was set up"
#define LKS_CHAIN_BEFORE "written before records were signed"
#define LKS_CHAIN_OLDER_PROGRAM "written by a Locksmith from before records were signed"
#define LKS_CHAIN_NOT_YET "the station key was still being fetched"

/* All columns of an entry, as lks_chain_entry_from_row() reads them, and its hash. */
#define LKS_CHAIN_COLUMNS "sequence, kind, row, id, state, previous, key, unsigned, hash"

/**
 * LksChainKind:
 * @name: what the chain calls it
 * @table: the table that holds it
 * @query: all of its columns; the row is the parameter ":row"; @later goes into its %s
 * @later: (nullable): columns that an older ledger does not have
 * @n_later: how many those are: in the text they are left out when they are NULL
 *
 * A kind of thing that the chain holds together.
 */
typedef struct {
  const char *name;
  const char *table;
  const char *query;
  const char *later;
  int         n_later;
} LksChainKind;

#define LKS_CHAIN_N_KINDS 4
extern const LksChainKind lks_chain_kinds[LKS_CHAIN_N_KINDS];

/**
 * LksChainEntry:
 * @sequence: its place in the chain, from 1
 * @kind: which kind of thing it is about
 * @row: the sequence of that thing in its table
 * @id: (nullable): UUID of the record, the run or the session
 * @state: "written", or "migrated": it is older than the chain
 * @previous: hash of the entry before, or the ledger's ID
 * @key: (nullable): fingerprint of the station key that signs it
 * @unsigned_reason: (nullable): why no key does
 *
 * One entry of the chain, without what it is about.
 */
typedef struct {
  gint64      sequence;
  const char *kind;
  gint64      row;
  const char *id;
  const char *state;
  const char *previous;
  const char *key;
  const char *unsigned_reason;
} LksChainEntry;

typedef struct _LksChainReader LksChainReader;

LksChainEntry   lks_chain_entry_from_row (sqlite3_stmt        *row,
                                         const char          **out_hash);
LksChainReader *lks_chain_reader_new    (LksSql               *sql,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void            lks_chain_reader_free   (LksChainReader       *self);
gboolean        lks_chain_reader_read   (LksChainReader       *self,
                                         const LksChainEntry  *entry,
                                         GString              *out_text,
                                         gboolean             *out_found,
                                         GError              **error);

void            lks_chain_append_string (GString              *text,
                                         const char           *data,
                                         gsize                 size_bytes);
char           *lks_chain_dup_ledger_id (LksSql               *sql,
                                         GError              **error) G_GNUC_WARN_UNUSED_RESULT;

typedef void (*LksChainSignatureFunc)   (gint64                sequence,
                                         const char           *key,
                                         gboolean              good,
                                         gpointer              func_data);

char           *lks_chain_dup_message   (const char           *hash,
                                         gint64                at_us) G_GNUC_WARN_UNUSED_RESULT;
gboolean        lks_chain_check_signatures
                                        (LksSql               *sql,
                                         LksChainSignatureFunc func,
                                         gpointer              func_data,
                                         GCancellable         *cancellable,
                                         GError              **error);

/**
 * LksChainEnds:
 *
 * The entries that somebody beside the chain knows of, while the chain passes by. Private to
 * lks-chain-ends.c; begins with lks_chain_ends_begin().
 */
typedef struct {
  const LksVerifyOptions *options;
  const char             *note_path; /* (nullable) */
  gboolean                has_note;
  LksHeadNote             note;
  gboolean                found[LKS_VERIFY_PROOF_HEAD + 1];
  gint64                  proven_sequence;
  LksVerifyProof          proof;
} LksChainEnds;

void            lks_chain_ends_begin    (LksChainEnds           *self,
                                         const LksVerifyOptions *options,
                                         const char             *note_path);
void            lks_chain_ends_see      (LksChainEnds           *self,
                                         gint64                  sequence,
                                         const char             *hash);
void            lks_chain_ends_report   (const LksChainEnds     *self,
                                         LksVerifyReport        *report);
gboolean        lks_chain_check_counts  (LksSql                 *sql,
                                         LksVerifyReport        *report,
                                         GError                **error);

/* lks-verify-report.c */
LksVerifyReport *
                lks_verify_report_new   (void) G_GNUC_WARN_UNUSED_RESULT;
LksVerifyProblem *
                lks_verify_report_add   (LksVerifyReport        *self,
                                         LksVerifyFault          fault,
                                         gint64                  sequence);
void            lks_verify_report_add_text
                                        (LksVerifyReport        *self,
                                         LksVerifyFault          fault,
                                         gint64                  sequence,
                                         char                   *text);
void            lks_verify_report_count (LksVerifyReport        *self,
                                         const char             *key,
                                         gint64                  sequence);

LksVerifyReport *
                lks_chain_verify        (LksSql                 *sql,
                                         const LksVerifyOptions *options,
                                         const char             *note_path,
                                         GCancellable           *cancellable,
                                         GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksChainReader, lks_chain_reader_free)

G_END_DECLS
