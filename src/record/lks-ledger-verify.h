/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"
#include "lks-station-key.h"

G_BEGIN_DECLS

/**
 * LksVerifyFault:
 * @LKS_VERIFY_FAULT_CHANGED: "changed": a record does not say any more what was written
 * @LKS_VERIFY_FAULT_REMOVED: "removed": a record, or its entry of the chain, is gone
 * @LKS_VERIFY_FAULT_ADDED: "added": a record is in no chain
 * @LKS_VERIFY_FAULT_ORDER: "order": an entry does not follow the one before it
 * @LKS_VERIFY_FAULT_HEAD: "head": the entry with a hash that was noted is gone
 * @LKS_VERIFY_FAULT_SIGNATURE: "signature": a signature is not of the key it names, or the one that
 *   must be there is not
 */
typedef enum {
  LKS_VERIFY_FAULT_CHANGED = 1,
  LKS_VERIFY_FAULT_REMOVED,
  LKS_VERIFY_FAULT_ADDED,
  LKS_VERIFY_FAULT_ORDER,
  LKS_VERIFY_FAULT_HEAD,
  LKS_VERIFY_FAULT_SIGNATURE,
} LksVerifyFault;

#define LKS_TYPE_VERIFY_FAULT (lks_verify_fault_get_type ())
GType lks_verify_fault_get_type (void);

/**
 * LksVerifyProblem:
 * @fault: what kind of problem
 * @sequence: the entry of the chain, 0 when there is none
 * @kind: (nullable): "run", "journal", "session" or "event"
 * @id: (nullable): UUID of the record, the run or the session
 * @text: one English sentence: which record, and what is wrong
 *
 * Something that should not be. All texts are owned.
 */
typedef struct {
  LksVerifyFault fault;
  gint64         sequence;
  char          *kind;
  char          *id;
  char          *text;
} LksVerifyProblem;

#define LKS_VERIFY_PROBLEMS_MAX 1000

/**
 * LksVerifySigner:
 * @key: (owned): fingerprint of a station key
 * @n_signatures: how many good signatures it made
 * @last_sequence: the newest entry that one of them covers
 *
 * A key that signed entries. Whether it is trusted is not for the ledger to say.
 */
typedef struct {
  char   *key;
  guint64 n_signatures;
  gint64  last_sequence;
} LksVerifySigner;

/**
 * LksVerifyProof:
 * @LKS_VERIFY_PROOF_NONE: "none": nothing beside the ledger's file knows which entry is the last
 * @LKS_VERIFY_PROOF_NOTE: "note": the head that this station notes after each entry
 * @LKS_VERIFY_PROOF_SHARED: "shared": what the shared ledger has
 * @LKS_VERIFY_PROOF_HEAD: "head": the head that somebody noted elsewhere
 *
 * Who says that an entry was written. A chain cannot prove where it ends: who takes the newest
 * entries away leaves a shorter one that is as good.
 */
typedef enum {
  LKS_VERIFY_PROOF_NONE,
  LKS_VERIFY_PROOF_NOTE,
  LKS_VERIFY_PROOF_SHARED,
  LKS_VERIFY_PROOF_HEAD,
} LksVerifyProof;

#define LKS_TYPE_VERIFY_PROOF (lks_verify_proof_get_type ())
GType lks_verify_proof_get_type (void);

/**
 * LksVerifyReport:
 * @ledger_id: UUID of the ledger
 * @head: hash of the newest entry; @ledger_id when there is none
 * @n_entries: how many entries the chain has
 * @n_records: how many of them are records of checks, finalizations and servicing sessions
 * @n_migrated: how many entries are older than the chain
 * @n_unsigned: how many of the newest no good signature covers
 * @proven_sequence: up to this entry something beside the ledger's file knows what was written; 0
 *   when nothing does
 * @proof: what that is
 * @signer: (nullable): fingerprint of the key that made the newest good signature
 * @signers: (element-type LksVerifySigner): whose good signatures there are, the first one first
 * @n_problems: how many problems were found
 * @problems: (element-type LksVerifyProblem): the first %LKS_VERIFY_PROBLEMS_MAX of them
 *
 * What checking a ledger has found. All of it is owned.
 */
typedef struct {
  char      *ledger_id;
  char      *head;
  char      *signer;
  guint64    n_entries;
  guint64    n_records;
  guint64    n_migrated;
  guint64    n_unsigned;
  guint64    n_problems;
  gint64     proven_sequence;
  LksVerifyProof proof;
  GPtrArray *signers;
  GPtrArray *problems;
} LksVerifyReport;

/**
 * LksVerifyEnd:
 * @sequence: an entry of the chain, from 1
 * @hash: its hash
 *
 * The newest entry that somebody else has.
 */
typedef struct {
  gint64      sequence;
  const char *hash;
} LksVerifyEnd;

/**
 * LksVerifyOptions:
 * @head: (nullable): hash of an entry, as it was noted earlier; it must still be there
 * @shared: (nullable): the newest entry of this ledger that the shared one has
 * @key: (nullable): only signatures of this key count, and there must be one
 * @progress: (nullable) (scope call): called from time to time on the calling thread, with how
 *   many of how many entries were checked
 * @progress_data: for @progress
 *
 * How to check. A zeroed one means the chain alone.
 */
typedef struct {
  const char *head;
  const LksVerifyEnd *shared;
  const LksStationKey *key;
  void      (*progress) (guint64  n_done,
                         guint64  n_all,
                         gpointer progress_data);
  gpointer    progress_data;
} LksVerifyOptions;

LksVerifyReport *lks_ledger_verify       (LksLedger              *self,
                                          const LksVerifyOptions *options,
                                          GCancellable           *cancellable,
                                          GError                **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean         lks_ledger_export_chain (LksLedger              *self,
                                          GOutputStream          *stream,
                                          GCancellable           *cancellable,
                                          GError                **error);
gboolean         lks_ledger_sign         (LksLedger              *self,
                                          const LksVerifyReport  *report,
                                          const LksStationKey    *key,
                                          GError                **error);
void             lks_ledger_verify_async (LksLedger              *self,
                                          const LksVerifyOptions *options,
                                          GCancellable           *cancellable,
                                          GAsyncReadyCallback     callback,
                                          gpointer                user_data);
LksVerifyReport *lks_ledger_verify_finish
                                         (LksLedger              *self,
                                          GAsyncResult           *result,
                                          GError                **error) G_GNUC_WARN_UNUSED_RESULT;
void             lks_verify_report_believe
                                         (LksVerifyReport        *self,
                                          const char             *fingerprint);
void             lks_verify_report_free  (LksVerifyReport        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksVerifyReport, lks_verify_report_free)

G_END_DECLS
