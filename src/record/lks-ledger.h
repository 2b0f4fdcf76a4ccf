/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-journal.h"
#include "lks-record.h"
#include "lks-station-key.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* How much of a hash names a recipe. */
#define LKS_LEDGER_RECIPE_DIGITS_MIN 12

/**
 * LksLedgerError:
 * @LKS_LEDGER_ERROR_FAILED: anything else
 * @LKS_LEDGER_ERROR_NOT_FOUND: no such record
 * @LKS_LEDGER_ERROR_DENIED: the file or its folder cannot be written by this user
 * @LKS_LEDGER_ERROR_FULL: the disk is full
 * @LKS_LEDGER_ERROR_CORRUPT: the file is not a ledger, or is damaged
 * @LKS_LEDGER_ERROR_BUSY: another program kept it locked too long
 * @LKS_LEDGER_ERROR_NEWER: written by a newer Locksmith
 * @LKS_LEDGER_ERROR_INVALID: the record or the query makes no sense
 */
typedef enum {
  LKS_LEDGER_ERROR_FAILED = 1,
  LKS_LEDGER_ERROR_NOT_FOUND,
  LKS_LEDGER_ERROR_DENIED,
  LKS_LEDGER_ERROR_FULL,
  LKS_LEDGER_ERROR_CORRUPT,
  LKS_LEDGER_ERROR_BUSY,
  LKS_LEDGER_ERROR_NEWER,
  LKS_LEDGER_ERROR_INVALID,
} LksLedgerError;

#define LKS_LEDGER_ERROR (lks_ledger_error_quark ())
GQuark lks_ledger_error_quark (void);

#define LKS_TYPE_LEDGER_ERROR (lks_ledger_error_get_type ())
GType  lks_ledger_error_get_type (void);

/**
 * LksExportFormat:
 * @LKS_EXPORT_FORMAT_CSV: "csv": RFC 4180, UTF-8, one line per record, without the evidence
 * @LKS_EXPORT_FORMAT_JSON: "json": one array with the whole documents
 */
typedef enum {
  LKS_EXPORT_FORMAT_CSV = 1,
  LKS_EXPORT_FORMAT_JSON,
} LksExportFormat;

#define LKS_TYPE_EXPORT_FORMAT (lks_export_format_get_type ())
GType lks_export_format_get_type (void);

/**
 * LksLedgerQuery:
 * @device_id_end: (nullable): the end of a device ID, 4 to 128 hexadecimal digits
 * @verdict: (nullable): "PASS", "FAIL" or "STOPPED"
 * @usb_serial: (nullable): serial number of the adapter
 * @recipe: (nullable): name of a recipe, or its hash: 64 digits
 * @label: (nullable): the label of a unit, all of it
 * @batch: (nullable): the name of a batch
 * @since_us: first start time, Unix microseconds; 0: no limit
 * @until_us: start times before this, Unix microseconds; 0: no limit
 * @offset: how many to leave out
 * @limit: how many at most; 0: all
 *
 * Which records, newest first. A zeroed query means all.
 */
typedef struct {
  const char *device_id_end;
  const char *verdict;
  const char *usb_serial;
  const char *recipe;
  const char *label;
  const char *batch;
  gint64      since_us;
  gint64      until_us;
  guint       offset;
  guint       limit;
} LksLedgerQuery;

gboolean lks_ledger_query_check (const LksLedgerQuery  *query,
                                 GError               **error);
gboolean lks_ledger_query_wants (const LksLedgerQuery  *query,
                                 const LksRecordFields *fields);

/**
 * LksLedger:
 *
 * The append-only file of records and of the journal of runs. Any thread; several programs may
 * have the same ledger open. The signal "added" is emitted with the [class@Lks.Record], without its
 * document and recipe, on the main context of the thread that opened it.
 */
#define LKS_TYPE_LEDGER (lks_ledger_get_type ())
G_DECLARE_FINAL_TYPE (LksLedger, lks_ledger, LKS, LEDGER, GObject)

char       *lks_ledger_dup_default_path (void) G_GNUC_WARN_UNUSED_RESULT;
LksLedger  *lks_ledger_open             (const char            *path,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_ledger_get_path         (LksLedger             *self);
gboolean    lks_ledger_downgrade        (const char            *path,
                                         guint                  version,
                                         gboolean               accept_loss,
                                         char                 **out_copy,
                                         GError               **error);

gboolean    lks_ledger_set_head_folder  (LksLedger             *self,
                                         const char            *folder,
                                         GError               **error);

/**
 * LksStationKeyFunc:
 * @func_data: what was given with the function
 * @cancellable: cancelled when nobody waits any more: return soon
 * @error: return location for an error, whose message becomes the reason in the chain
 *
 * Fetches the key of this station, or makes it. Blocks.
 *
 * Returns: (transfer full): a key with its private half, or NULL with @error set
 */
typedef LksStationKey *(*LksStationKeyFunc) (gpointer      func_data,
                                             GCancellable *cancellable,
                                             GError      **error);

void        lks_ledger_set_key_source   (LksLedger             *self,
                                         LksStationKeyFunc      func,
                                         gpointer               func_data,
                                         GDestroyNotify         free_data);
void        lks_ledger_want_key         (LksLedger             *self);
const LksStationKey *
            lks_ledger_get_station_key  (LksLedger             *self,
                                         char                 **out_reason);

gboolean    lks_ledger_add              (LksLedger             *self,
                                         LksRecord             *record,
                                         GError               **error);
LksRecord  *lks_ledger_get              (LksLedger             *self,
                                         const char            *id,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_ledger_find_recipe      (LksLedger             *self,
                                         const char            *beginning,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray  *lks_ledger_list             (LksLedger             *self,
                                         const LksLedgerQuery  *query,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    lks_ledger_count            (LksLedger             *self,
                                         const LksLedgerQuery  *query,
                                         guint64               *out_count,
                                         GError               **error);
gboolean    lks_ledger_export           (LksLedger             *self,
                                         const LksLedgerQuery  *query,
                                         LksExportFormat        format,
                                         GOutputStream         *stream,
                                         GCancellable          *cancellable,
                                         GError               **error);

gboolean    lks_ledger_journal_append   (LksLedger             *self,
                                         const LksJournalEntry *entry,
                                         GError               **error);
GPtrArray  *lks_ledger_journal_read     (LksLedger             *self,
                                         const char            *device_id,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;

char      **lks_ledger_claims_list      (LksLedger             *self,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    lks_ledger_claims_count     (LksLedger             *self,
                                         guint                 *out_count,
                                         GError               **error);

void        lks_ledger_list_async       (LksLedger             *self,
                                         const LksLedgerQuery  *query,
                                         GCancellable          *cancellable,
                                         GAsyncReadyCallback    callback,
                                         gpointer               user_data);
GPtrArray  *lks_ledger_list_finish      (LksLedger             *self,
                                         GAsyncResult          *result,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void        lks_ledger_get_async        (LksLedger             *self,
                                         const char            *id,
                                         GCancellable          *cancellable,
                                         GAsyncReadyCallback    callback,
                                         gpointer               user_data);
LksRecord  *lks_ledger_get_finish       (LksLedger             *self,
                                         GAsyncResult          *result,
                                         GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void        lks_ledger_export_async     (LksLedger             *self,
                                         const LksLedgerQuery  *query,
                                         LksExportFormat        format,
                                         GFile                 *file,
                                         GCancellable          *cancellable,
                                         GAsyncReadyCallback    callback,
                                         gpointer               user_data);
gboolean    lks_ledger_export_finish    (LksLedger             *self,
                                         GAsyncResult          *result,
                                         GError               **error);

G_END_DECLS
