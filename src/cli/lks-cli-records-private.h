/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-claim-note.h"
#include "lks-cli.h"
#include "lks-ledger-service.h"
#include "lks-share.h"

G_BEGIN_DECLS

/* The options of `locksmithctl records`. */
typedef struct {
  char *ledger;
  char *kind;
  char *device;
  char *verdict;
  char *serial;
  char *recipe;
  char *label;
  char *batch;
  char *since;
  char *until;
  char *format;
  char *output;
  char *head;
  char *key;
  int limit;
  gboolean json;
  gboolean csv;
  gboolean shared;
  LksCliExit status; /* of a command that did its work */
} LksCliRecordOptions;

void       lks_cli_record_options_clear
                                 (LksCliRecordOptions       *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCliRecordOptions, lks_cli_record_options_clear)

gboolean   lks_cli_wants_service (const LksCliRecordOptions *options);
gboolean   lks_cli_check_formats (const LksCliRecordOptions *options,
                                  GError                   **error);
LksLedger *lks_cli_open_ledger   (const LksCliRecordOptions *options,
                                  GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_cli_build_query   (const LksCliRecordOptions *options,
                                  LksLedgerQuery            *out_query,
                                  GError                   **error);
char      *lks_cli_format_time   (gint64                     unix_us) G_GNUC_WARN_UNUSED_RESULT;
void       lks_cli_print_field   (const char                *label,
                                  const char                *text);
void       lks_cli_print_records (GPtrArray                 *records,
                                  gboolean                   json);

gboolean   lks_cli_list_services (LksLedger                 *ledger,
                                  const LksLedgerQuery      *query,
                                  gboolean                   json,
                                  GError                   **error);
gboolean   lks_cli_show_service  (LksServiceRecord          *record,
                                  gboolean                   json,
                                  GError                   **error);
JsonNode  *lks_cli_claim_to_json (const LksClaimNote        *note) G_GNUC_WARN_UNUSED_RESULT;
void       lks_cli_print_claim   (const LksClaimNote        *note);
gboolean   lks_cli_verify_ledger (LksLedger                 *ledger,
                                  LksCliRecordOptions       *options,
                                  GError                   **error);
gboolean   lks_cli_sign_ledger   (LksLedger                 *ledger,
                                  const LksCliRecordOptions *options,
                                  GError                   **error);
gboolean   lks_cli_show_stats    (LksLedger                 *ledger,
                                  const LksLedgerQuery      *query,
                                  const LksCliRecordOptions *options,
                                  GError                   **error);
void       lks_cli_print_stats   (const LksStats            *stats,
                                  const LksCliRecordOptions *options);
gboolean   lks_cli_print_record  (LksRecord                 *record,
                                  const LksClaimNote        *claim,
                                  const LksCliRecordOptions *options,
                                  GError                   **error);
gboolean   lks_cli_list_units    (LksLedger                 *ledger,
                                  const LksLedgerQuery      *query,
                                  const LksCliRecordOptions *options,
                                  GError                   **error);
gboolean   lks_cli_export_records
                                 (const LksCliRecordOptions *options,
                                  GError                   **error);

/* A list of boards that is being told. */
typedef struct _LksCliUnits LksCliUnits;

LksCliUnits *
           lks_cli_units_new     (const LksCliRecordOptions *options,
                                  const char                *heading,
                                  const char                *column) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *
           lks_cli_units_add     (LksCliUnits               *self,
                                  const LksUnit             *unit,
                                  guint64                    count,
                                  const char                *cell);
void       lks_cli_units_end     (LksCliUnits               *self);
void       lks_cli_units_free    (LksCliUnits               *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCliUnits, lks_cli_units_free)

LksSharePlace *
           lks_cli_find_share    (GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
LksShare  *lks_cli_open_share    (GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_cli_list_shared   (const LksLedgerQuery      *query,
                                  const LksCliRecordOptions *options,
                                  GError                   **error);
gboolean   lks_cli_show_shared   (const char                *id,
                                  const LksCliRecordOptions *options,
                                  GError                   **error);
gboolean   lks_cli_show_shared_stats
                                 (const LksLedgerQuery      *query,
                                  const LksCliRecordOptions *options,
                                  GError                   **error);
gboolean   lks_cli_list_shared_units
                                 (const LksLedgerQuery      *query,
                                  const LksCliRecordOptions *options,
                                  GError                   **error);
gboolean   lks_cli_verify_shared (LksLedger                 *ledger,
                                  LksCliRecordOptions       *options,
                                  GError                   **error);
int        lks_cli_records_share (int                        argc,
                                  char                     **argv);
int        lks_cli_records_recipe(int                        argc,
                                  char                     **argv);
int        lks_cli_records_downgrade
                                 (int                        argc,
                                  char                     **argv);

G_END_DECLS
