/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

G_BEGIN_DECLS

/* The name of the line for runs of which no step tells why they failed. */
#define LKS_STATS_OTHER "other"

/* No table has more lines. */
#define LKS_STATS_LINES_MAX 200

/**
 * LksStatsLine:
 * @name: (owned) (nullable): a step, a place, a batch or a recipe; NULL: no batch
 * @n_boards: how many boards; of a step: how many runs failed at it first
 * @n_first_passes: how many of them passed in their first run; 0 for a step
 *
 * One line of a table of statistics.
 */
typedef struct {
  char   *name;
  guint64 n_boards;
  guint64 n_first_passes;
} LksStatsLine;

/**
 * LksStats:
 * @n_records: how many finalizations were recorded
 * @n_boards: how many boards had their first finalization in that time
 * @n_first_passes: how many of those boards passed in it
 * @n_passes: how many of those boards passed at last
 * @cycle_median_ms: how long half of the passed runs took at most; 0 when there are none
 * @cycle_p95_ms: how long 95 of 100 passed runs took at most
 * @failures: (element-type LksStatsLine): by the step at which a run failed first, the most
 *   frequent first; LKS_STATS_OTHER when no step tells
 * @places: (element-type LksStatsLine): by USB place, the most boards first
 * @batches: (element-type LksStatsLine): by batch of their first run, the newest first
 * @recipes: (element-type LksStatsLine): by name of the recipe, the most boards first
 *
 * What the records say about the work of some time. Records without a device ID count as records
 * only.
 */
typedef struct {
  guint64    n_records;
  guint64    n_boards;
  guint64    n_first_passes;
  guint64    n_passes;
  gint64     cycle_median_ms;
  gint64     cycle_p95_ms;
  GPtrArray *failures;
  GPtrArray *places;
  GPtrArray *batches;
  GPtrArray *recipes;
} LksStats;

LksStats *lks_ledger_stats        (LksLedger             *self,
                                   const LksLedgerQuery  *query,
                                   GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void      lks_ledger_stats_async  (LksLedger             *self,
                                   const LksLedgerQuery  *query,
                                   GCancellable          *cancellable,
                                   GAsyncReadyCallback    callback,
                                   gpointer               user_data);
LksStats *lks_ledger_stats_finish (LksLedger             *self,
                                   GAsyncResult          *result,
                                   GError               **error) G_GNUC_WARN_UNUSED_RESULT;
LksStats *lks_stats_new           (void) G_GNUC_WARN_UNUSED_RESULT;
void      lks_stats_add_line      (GPtrArray             *lines,
                                   const char            *name,
                                   guint64                n_boards,
                                   guint64                n_first_passes);
void      lks_stats_set_cycles    (LksStats              *self,
                                   GArray                *sorted_ms);
void      lks_stats_free          (LksStats              *self);

/**
 * LksUnit:
 * @device_id: 128 digits
 * @state: the manufacturing state that was proven
 * @os_version: (nullable): what the board said its system was, then
 * @outcome: "finalized" or "verified"
 * @proven_us: when, Unix microseconds
 * @recipe_name: by which recipe
 * @recipe_hash: its hash
 * @station: where
 * @operator_name: by whom
 * @record_id: the record that proves it
 * @n_services: how many servicing sessions have changed the board since
 *
 * What was proven of one board last. All texts are owned.
 */
typedef struct {
  char   *device_id;
  char   *state;
  char   *os_version;
  char   *outcome;
  gint64  proven_us;
  char   *recipe_name;
  char   *recipe_hash;
  char   *station;
  char   *operator_name;
  char   *record_id;
  guint64 n_services;
} LksUnit;

/**
 * LksUnitFunc:
 * @unit: a board; borrowed
 * @func_data: what was given with the function
 *
 * Returns: whether to go on
 */
typedef gboolean (*LksUnitFunc) (const LksUnit *unit,
                                 gpointer       func_data);

gboolean  lks_ledger_for_each_unit (LksLedger            *self,
                                    const LksLedgerQuery *query,
                                    LksUnitFunc           func,
                                    gpointer              func_data,
                                    GError              **error);

void       lks_unit_free           (LksUnit               *self);
GPtrArray *lks_ledger_list_units   (LksLedger             *self,
                                    const LksLedgerQuery  *query,
                                    GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void       lks_ledger_list_units_async
                                   (LksLedger             *self,
                                    const LksLedgerQuery  *query,
                                    GCancellable          *cancellable,
                                    GAsyncReadyCallback    callback,
                                    gpointer               user_data);
GPtrArray *lks_ledger_list_units_finish
                                   (LksLedger             *self,
                                    GAsyncResult          *result,
                                    GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_ledger_save_units   (LksLedger             *self,
                                    LksExportFormat        format,
                                    GFile                 *file,
                                    GError               **error);

/* The last column of a ledger's boards: how often they were serviced since. */
#define LKS_UNIT_SERVICED "serviced_since"

void        lks_unit_append_csv_header (GString           *text,
                                        const char        *last);
void        lks_unit_append_csv        (GString           *text,
                                        const LksUnit     *unit,
                                        guint64            last);
JsonObject *lks_unit_to_json           (const LksUnit     *unit) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_unit_dup_json          (const LksUnit     *unit) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksUnit, lks_unit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksStats, lks_stats_free)

G_END_DECLS
