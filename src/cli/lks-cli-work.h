/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"
#include "lks-cli.h"

G_BEGIN_DECLS

/**
 * LksCliWork:
 * @boards: (nullable): what --board said
 * @json: whether --json was given
 * @port: (nullable): place of the board on which the work was done
 * @device_id: (nullable): its device ID
 * @status: (owned) (nullable): what was known of it at the end
 * @counters: what its line had done at the end, when @has_counters
 * @board: (nullable): the board while the work is done, for other connections to it
 * @servicing_over: (owned) (nullable): cancelled when the servicing session ends that opens the
 *   board; set before the work is run by whoever wants to know
 * @lock: whether its peripheral configuration was locked when the work began
 *
 * One piece of servicing work on one board, as a command does it. Initialise with { 0 }.
 */
typedef struct {
  char **boards;
  gboolean json;
  char *port;
  char *device_id;
  LksBoardStatus *status;
  LksLinkCounters counters;
  gboolean has_counters;
  LksBoard *board;
  GCancellable *servicing_over;
  LksPeripheralLock lock;
} LksCliWork;

/* For lks_cli_work_parse(): one argument beside the options, or more. */
#define LKS_CLI_WORK_SOME (-1)
/* None or one. */
#define LKS_CLI_WORK_MAYBE_ONE (-2)
/* As many as there are, or none. */
#define LKS_CLI_WORK_ANY (-3)

void      lks_cli_work_clear      (LksCliWork          *self);
gboolean  lks_cli_work_parse      (LksCliWork          *self,
                                   const GOptionEntry  *entries,
                                   const char          *usage,
                                   const char          *summary,
                                   int                  n_arguments,
                                   int                 *argc,
                                   char              ***argv,
                                   GError             **error);
gboolean  lks_cli_work_run        (LksCliWork          *self,
                                   LksBoardFunc         func,
                                   gpointer             job_data,
                                   GError             **error);
void      lks_cli_work_print_json (LksCliWork          *self,
                                   const char          *member,
                                   JsonNode            *result);
int       lks_cli_work_fail_partly (LksCliWork         *self,
                                   const char          *member,
                                   JsonNode            *result,
                                   const GError        *error);
int       lks_cli_work_fail       (LksCliWork          *self,
                                   const GError        *error);

int       lks_cli_run_verb        (const char          *command,
                                   const LksCliCommand *verbs,
                                   gsize                n_verbs,
                                   const char          *summary,
                                   int                  argc,
                                   char               **argv);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCliWork, lks_cli_work_clear)

G_END_DECLS
