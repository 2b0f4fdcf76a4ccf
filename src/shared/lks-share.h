/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger-stats.h"
#include "lks-ledger-verify.h"
#include "lks-secret.h"
#include "lks-share-place.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksShareError:
 * @LKS_SHARE_ERROR_FAILED: anything else
 * @LKS_SHARE_ERROR_UNREACHABLE: no connection, or it broke: nobody knows what was done last; ask
 *   again later
 * @LKS_SHARE_ERROR_DENIED: the server does not know the user or the password, its certificate is
 *   not trusted, or it does not allow that
 * @LKS_SHARE_ERROR_NOT_SET_UP: there is no shared ledger in that database, or an older one
 * @LKS_SHARE_ERROR_NEWER: it was set up by a newer Locksmith
 * @LKS_SHARE_ERROR_BUSY: others were in the way: at once again
 * @LKS_SHARE_ERROR_DIFFERS: it has something else under the same number: somebody changed it there,
 *   or this ledger was copied and both copies went on
 * @LKS_SHARE_ERROR_LOSS: what was asked for would lose records
 * @LKS_SHARE_ERROR_INVALID: the place is not described as it must be
 */
typedef enum {
  LKS_SHARE_ERROR_FAILED = 1,
  LKS_SHARE_ERROR_UNREACHABLE,
  LKS_SHARE_ERROR_DENIED,
  LKS_SHARE_ERROR_NOT_SET_UP,
  LKS_SHARE_ERROR_NEWER,
  LKS_SHARE_ERROR_BUSY,
  LKS_SHARE_ERROR_DIFFERS,
  LKS_SHARE_ERROR_LOSS,
  LKS_SHARE_ERROR_INVALID,
} LksShareError;

#define LKS_SHARE_ERROR (lks_share_error_quark ())
GQuark      lks_share_error_quark      (void);

#define LKS_TYPE_SHARE_ERROR (lks_share_error_get_type ())
GType       lks_share_error_get_type   (void);
const char *lks_share_error_get_advice (LksShareError code);

#define LKS_SHARE_SCHEMA_VERSION 2

/**
 * LksShare:
 *
 * A connection to a ledger that many stations share, on a server that speaks PostgreSQL's
 * protocol. Blocking; one thread at a time, never the main thread of a window. After UNREACHABLE and
 * CANCELLED it is of no more use.
 */
typedef struct _LksShare LksShare;

LksShare  *lks_share_open     (const LksSharePlace  *place,
                               const LksSecret      *password,
                               GCancellable         *cancellable,
                               GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void       lks_share_close    (LksShare             *self);
const char *
           lks_share_get_name (LksShare             *self);

gboolean   lks_share_read_version
                              (LksShare             *self,
                               guint                *out_version,
                               GCancellable         *cancellable,
                               GError              **error);
gboolean   lks_share_migrate  (LksShare             *self,
                               guint                 version,
                               GCancellable         *cancellable,
                               GError              **error);

/**
 * LksSharePushed:
 * @n_entries: how many entries the server has now that it had not before this call
 * @n_signatures: how many signatures were sent
 * @last_sequence: the last entry that the server has
 * @n_lost_before: how many entries the server had confirmed once and did not have any more: they
 *   were sent again
 */
typedef struct {
  guint64 n_entries;
  guint64 n_signatures;
  gint64  last_sequence;
  guint64 n_lost_before;
} LksSharePushed;

gboolean   lks_share_push     (LksShare             *self,
                               LksLedger            *ledger,
                               LksSharePushed       *out_pushed,
                               GCancellable         *cancellable,
                               GError              **error);

gboolean   lks_share_repair   (LksShare             *self,
                               LksLedger            *ledger,
                               guint64              *out_n_sent,
                               GCancellable         *cancellable,
                               GError              **error);

/**
 * LksShareEnd:
 * @sequence: the newest entry of a ledger that the server has; 0: none
 * @hash: (nullable) (owned): its hash
 */
typedef struct {
  gint64 sequence;
  char  *hash;
} LksShareEnd;

LksShareEnd *
           lks_share_read_end (LksShare             *self,
                               const char           *ledger_id,
                               GCancellable         *cancellable,
                               GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void       lks_share_end_free (LksShareEnd          *self);

GPtrArray *lks_share_list     (LksShare             *self,
                               const LksLedgerQuery *query,
                               GCancellable         *cancellable,
                               GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksRecord *lks_share_get      (LksShare             *self,
                               const char           *id,
                               GCancellable         *cancellable,
                               GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksStats  *lks_share_stats    (LksShare             *self,
                               const LksLedgerQuery *query,
                               GCancellable         *cancellable,
                               GError              **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *lks_share_find_elsewhere
                              (LksShare             *self,
                               const char           *ledger_id,
                               const char           *device_id,
                               GCancellable         *cancellable,
                               GError              **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *lks_share_find_label_elsewhere
                              (LksShare             *self,
                               const char           *ledger_id,
                               const char           *label,
                               const char           *device_id,
                               GCancellable         *cancellable,
                               GError              **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * LksShareUnit:
 * @unit: what the newest proof of the board says; servicing sessions are not counted
 * @n_ledgers: how many ledgers say that they finalized the board: more than one is a conflict
 *
 * A board of which some ledger has a proof.
 */
typedef struct {
  LksUnit unit;
  guint64 n_ledgers;
} LksShareUnit;

typedef gboolean (*LksShareUnitFunc) (const LksShareUnit *unit,
                                      gpointer            func_data);

gboolean   lks_share_for_each_unit
                              (LksShare             *self,
                               const LksLedgerQuery *query,
                               LksShareUnitFunc      func,
                               gpointer              func_data,
                               GCancellable         *cancellable,
                               GError              **error);

/**
 * LksShareReport:
 * @n_ledgers: how many ledgers there are
 * @n_entries: how many entries were checked
 * @n_signatures: how many signatures were checked
 * @n_unsigned: how many entries no good signature covers
 * @n_problems: how many problems were found
 * @problems: (element-type utf8): the first %LKS_VERIFY_PROBLEMS_MAX of them, one sentence each
 */
typedef struct {
  guint64    n_ledgers;
  guint64    n_entries;
  guint64    n_signatures;
  guint64    n_unsigned;
  guint64    n_problems;
  GPtrArray *problems;
} LksShareReport;

LksShareReport *
           lks_share_verify   (LksShare             *self,
                               LksLedger            *ledger,
                               GCancellable         *cancellable,
                               GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void       lks_share_report_free (LksShareReport    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksShare, lks_share_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksShareEnd, lks_share_end_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksShareReport, lks_share_report_free)

G_END_DECLS
