/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksCliExit:
 *
 * The exit status of the program. Scripts rely on the numbers. 130 is what a shell reports for a
 * program that was interrupted.
 */
typedef enum {
  LKS_CLI_EXIT_DONE        = 0,
  LKS_CLI_EXIT_FAIL        = 1,
  LKS_CLI_EXIT_USAGE       = 2,
  LKS_CLI_EXIT_NO_BOARD    = 3,
  LKS_CLI_EXIT_DEVICE      = 4,
  LKS_CLI_EXIT_REFUSED     = 5,
  LKS_CLI_EXIT_CLOUD       = 6,
  LKS_CLI_EXIT_VAULT       = 7,
  LKS_CLI_EXIT_INTERRUPTED = 130,
} LksCliExit;

/**
 * LksCliError:
 * @LKS_CLI_ERROR_USAGE: the command line makes no sense
 * @LKS_CLI_ERROR_AMBIGUOUS: several boards could be meant
 * @LKS_CLI_ERROR_NO_BOARD: no such board is attached
 * @LKS_CLI_ERROR_NOT_CONFIRMED: something that cannot be undone was not confirmed
 * @LKS_CLI_ERROR_NO_IDENTITY: a board did not tell its device ID
 * @LKS_CLI_ERROR_AMBIGUOUS_ITEM: several capabilities of the vault could be meant
 */
typedef enum {
  LKS_CLI_ERROR_USAGE,
  LKS_CLI_ERROR_AMBIGUOUS,
  LKS_CLI_ERROR_NO_BOARD,
  LKS_CLI_ERROR_NOT_CONFIRMED,
  LKS_CLI_ERROR_NO_IDENTITY,
  LKS_CLI_ERROR_AMBIGUOUS_ITEM,
} LksCliError;

#define LKS_TYPE_CLI_ERROR (lks_cli_error_get_type ())
GType  lks_cli_error_get_type (void);

#define LKS_CLI_ERROR (lks_cli_error_quark ())
GQuark lks_cli_error_quark    (void);

/**
 * LksCliCommand:
 * @name: what is typed
 * @arguments: (nullable): what follows the options, for the help text
 * @summary: one line for the help text
 * @run: does it: @argc and @argv begin with the command's name; returns the exit status
 */
typedef struct {
  const char *name;
  const char *arguments;
  const char *summary;
  int       (*run) (int    argc,
                    char **argv);
} LksCliCommand;

int        lks_cli_capability       (int                  argc,
                                     char               **argv);
int        lks_cli_cloud            (int                  argc,
                                     char               **argv);
int        lks_cli_list             (int                  argc,
                                     char               **argv);
int        lks_cli_status           (int                  argc,
                                     char               **argv);
int        lks_cli_check            (int                  argc,
                                     char               **argv);
int        lks_cli_finalize         (int                  argc,
                                     char               **argv);
int        lks_cli_recipe           (int                  argc,
                                     char               **argv);
int        lks_cli_records          (int                  argc,
                                     char               **argv);
int        lks_cli_log              (int                  argc,
                                     char               **argv);
int        lks_cli_operator         (int                  argc,
                                     char               **argv);
int        lks_cli_ota              (int                  argc,
                                     char               **argv);
int        lks_cli_prepare          (int                  argc,
                                     char               **argv);
int        lks_cli_restart          (int                  argc,
                                     char               **argv);
int        lks_cli_support          (int                  argc,
                                     char               **argv);
int        lks_cli_telemetry        (int                  argc,
                                     char               **argv);
int        lks_cli_image            (int                  argc,
                                     char               **argv);
int        lks_cli_app              (int                  argc,
                                     char               **argv);
int        lks_cli_wifi             (int                  argc,
                                     char               **argv);
int        lks_cli_network          (int                  argc,
                                     char               **argv);
int        lks_cli_cert             (int                  argc,
                                     char               **argv);

int        lks_cli_servicing        (int                  argc,
                                     char               **argv);

gboolean   lks_cli_refuse_arguments (int                  argc,
                                     char               **argv,
                                     GError             **error);
gboolean   lks_cli_parse            (const GOptionEntry  *entries,
                                     const char          *usage,
                                     const char          *summary,
                                     int                 *argc,
                                     char              ***argv,
                                     GError             **error);
LksCliExit lks_cli_exit_for_error   (const GError        *error);
JsonNode  *lks_cli_error_to_json    (const GError        *error) G_GNUC_WARN_UNUSED_RESULT;
void       lks_cli_print_error      (const char          *about,
                                     const GError        *error);
LksCliExit lks_cli_report_error     (const GError        *error,
                                     gboolean             json);

G_END_DECLS
