/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli.h"

#include "lks-advice.h"
#include "lks-board.h"
#include "lks-cli-output.h"
#include "lks-cloud-error.h"
#include "lks-cursor.h"
#include "lks-ledger.h"
#include "lks-operator-error.h"
#include "lks-run.h"
#include "lks-service-error.h"
#include "lks-session-error.h"
#include "lks-share.h"
#include "lks-vault-error.h"

#include <stdio.h>

GQuark
lks_cli_error_quark (void)
{
  return g_quark_from_static_string ("lks-cli-error");
}

G_DEFINE_ENUM_TYPE (LksCliError,
                    lks_cli_error,
                    G_DEFINE_ENUM_VALUE (LKS_CLI_ERROR_USAGE, "usage"),
                    G_DEFINE_ENUM_VALUE (LKS_CLI_ERROR_AMBIGUOUS, "ambiguous"),
                    G_DEFINE_ENUM_VALUE (LKS_CLI_ERROR_NO_BOARD, "no-board"),
                    G_DEFINE_ENUM_VALUE (LKS_CLI_ERROR_NOT_CONFIRMED, "not-confirmed"),
                    G_DEFINE_ENUM_VALUE (LKS_CLI_ERROR_NO_IDENTITY, "no-identity"),
                    G_DEFINE_ENUM_VALUE (LKS_CLI_ERROR_AMBIGUOUS_ITEM, "ambiguous-item"))

/**
 * lks_cli_parse:
 * @entries: the options
 * @usage: command and arguments as the help text shows them, "records show ID"
 * @summary: what the command does
 * @argc: (inout): how many arguments
 * @argv: (inout) (array length=argc): the arguments; what is no option stays
 * @error: return location for an error
 *
 * Parses the options of a command. `--help` prints its help and ends the program.
 *
 * Returns: whether the options make sense; otherwise @error is a usage error
 */
gboolean
lks_cli_parse (const GOptionEntry *entries,
               const char *usage,
               const char *summary,
               int *argc,
               char ***argv,
               GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *program = g_strdup_printf ("locksmithctl %s", usage);
  g_autoptr (GError) error_local = NULL;

  g_set_prgname (program);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse (context, argc, argv, &error_local))
    return TRUE;

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, error_local->message);
  return FALSE;
}

/**
 * lks_cli_refuse_arguments:
 * @argc: how many arguments are left after the options
 * @argv: the arguments; the first is the command
 * @error: return location for an error
 *
 * Returns: whether there is none too many
 */
gboolean
lks_cli_refuse_arguments (int argc, char **argv, GError **error)
{
  if (argc <= 1)
    return TRUE;

  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
               "“%s” is one argument too many; “locksmithctl %s --help” lists the options", argv[1],
               argv[0]);
  return FALSE;
}

static LksCliExit
exit_for_cli_error (LksCliError code)
{
  switch (code)
    {
    case LKS_CLI_ERROR_NO_BOARD:
      return LKS_CLI_EXIT_NO_BOARD;
    case LKS_CLI_ERROR_NOT_CONFIRMED:
      return LKS_CLI_EXIT_REFUSED;
    case LKS_CLI_ERROR_NO_IDENTITY:
      return LKS_CLI_EXIT_DEVICE;
    case LKS_CLI_ERROR_USAGE:
    case LKS_CLI_ERROR_AMBIGUOUS:
    case LKS_CLI_ERROR_AMBIGUOUS_ITEM:
      break;
    }

  return LKS_CLI_EXIT_USAGE;
}

/* Refused is what was not even begun, or not continued, because it might be wrong. A change
 * that was ordered and is not proven is trouble with the device. */
static LksCliExit
exit_for_run_error (LksRunError code)
{
  switch (code)
    {
    case LKS_RUN_ERROR_REFUSED:
    case LKS_RUN_ERROR_CONSENT:
    case LKS_RUN_ERROR_IDENTITY:
    case LKS_RUN_ERROR_NOT_UNDERSTOOD:
    case LKS_RUN_ERROR_CLAIM:
    case LKS_RUN_ERROR_OTHER_RECIPE:
    case LKS_RUN_ERROR_LABEL:
      return LKS_CLI_EXIT_REFUSED;
    case LKS_RUN_ERROR_POWER_CYCLE:
    case LKS_RUN_ERROR_UNRESOLVED:
    case LKS_RUN_ERROR_NOT_PROVEN:
      break;
    }

  return LKS_CLI_EXIT_DEVICE;
}

static LksCliExit
exit_for_service_error (LksServiceError code)
{
  switch (code)
    {
    case LKS_SERVICE_ERROR_INVALID:
    case LKS_SERVICE_ERROR_EXISTS:
      return LKS_CLI_EXIT_USAGE;
    case LKS_SERVICE_ERROR_FULL:
      return LKS_CLI_EXIT_DEVICE;
    case LKS_SERVICE_ERROR_UNSAFE:
      return LKS_CLI_EXIT_REFUSED;
    case LKS_SERVICE_ERROR_NOT_APPLIED:
    case LKS_SERVICE_ERROR_OVERDUE:
      break;
    }

  return LKS_CLI_EXIT_DEVICE;
}

/* A session that is not begun is refused for safety; a vault without the key for a board is the
 * vault's matter. */
static LksCliExit
exit_for_session_error (LksSessionError code)
{
  return code == LKS_SESSION_ERROR_NO_CAPABILITY ? LKS_CLI_EXIT_VAULT : LKS_CLI_EXIT_REFUSED;
}

static LksCliExit
exit_for_share_error (LksShareError code)
{
  if (code == LKS_SHARE_ERROR_INVALID)
    return LKS_CLI_EXIT_USAGE;
  if (code == LKS_SHARE_ERROR_DIFFERS || code == LKS_SHARE_ERROR_LOSS)
    return LKS_CLI_EXIT_REFUSED;
  return LKS_CLI_EXIT_CLOUD;
}

/* Of all rooms only those that open files named on the command line report these. */
static gboolean
is_wrong_file (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

/**
 * lks_cli_exit_for_error:
 * @error: why a command did not succeed
 *
 * Returns: the exit status for it, LKS_CLI_EXIT_DEVICE for what the table does not name
 */
LksCliExit
lks_cli_exit_for_error (const GError *error)
{
  if (error->domain == LKS_CLI_ERROR)
    return exit_for_cli_error ((LksCliError) error->code);
  if (error->domain == LKS_RUN_ERROR)
    return exit_for_run_error ((LksRunError) error->code);
  if (error->domain == LKS_SERVICE_ERROR)
    return exit_for_service_error ((LksServiceError) error->code);
  if (error->domain == LKS_SESSION_ERROR)
    return exit_for_session_error ((LksSessionError) error->code);
  if (error->domain == LKS_OPERATOR_ERROR)
    return error->code == LKS_OPERATOR_ERROR_INVALID ? LKS_CLI_EXIT_USAGE : LKS_CLI_EXIT_REFUSED;
  if (error->domain == LKS_VAULT_ERROR)
    return LKS_CLI_EXIT_VAULT;
  if (g_error_matches (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT))
    return LKS_CLI_EXIT_USAGE;
  if (error->domain == LKS_CLOUD_ERROR)
    return LKS_CLI_EXIT_CLOUD;
  if (error->domain == LKS_SHARE_ERROR)
    return exit_for_share_error ((LksShareError) error->code);
  if (error->domain == LKS_PARSE_ERROR || error->domain == G_FILE_ERROR || is_wrong_file (error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT) ||
      g_error_matches (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND) ||
      g_error_matches (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID))
    return LKS_CLI_EXIT_USAGE;
  if (error->domain == LKS_LEDGER_ERROR || /* nothing is done that cannot be recorded */
      error->domain == LKS_RECIPE_ERROR ||
      g_error_matches (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY) ||
      g_error_matches (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_DUPLICATE))
    return LKS_CLI_EXIT_REFUSED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return LKS_CLI_EXIT_INTERRUPTED;

  return LKS_CLI_EXIT_DEVICE;
}

static const char *
advise (const GError *error)
{
  if (error->domain == LKS_SERVICE_ERROR)
    return lks_service_error_get_advice ((LksServiceError) error->code);
  if (error->domain == LKS_SESSION_ERROR)
    return lks_session_error_get_advice ((LksSessionError) error->code);
  if (error->domain == LKS_OPERATOR_ERROR)
    return lks_operator_error_get_advice ((LksOperatorError) error->code);
  if (error->domain == LKS_VAULT_ERROR)
    return lks_vault_error_get_advice ((LksVaultError) error->code);
  if (error->domain == LKS_CLOUD_ERROR)
    return lks_cloud_error_get_advice (error);
  if (error->domain == LKS_SHARE_ERROR)
    return lks_share_error_get_advice ((LksShareError) error->code);
  if (error->domain != LKS_CLI_ERROR)
    return lks_advice_for_error (error);

  switch ((LksCliError) error->code)
    {
    case LKS_CLI_ERROR_AMBIGUOUS:
      return "Name a port or more digits of the device ID, or all boards where --all exists.";
    case LKS_CLI_ERROR_NO_BOARD:
      return "“locksmithctl list” shows what is attached. A port, a device ID or at least 4 digits "
             "at its end names a board.";
    case LKS_CLI_ERROR_NOT_CONFIRMED:
      return "Make sure first that it is what you want, a finalization with “locksmithctl check”; "
             "then repeat the command with the option that the message names.";
    case LKS_CLI_ERROR_NO_IDENTITY:
      return "See “locksmithctl status”; unplug the board and plug it in again.";
    case LKS_CLI_ERROR_AMBIGUOUS_ITEM:
      return "Name more digits at the end of the device ID, or the beginning of the fingerprint "
             "that “locksmithctl capability list” shows.";
    case LKS_CLI_ERROR_USAGE:
      break;
    }

  return "“locksmithctl --help” lists the commands, “locksmithctl COMMAND --help” the options.";
}

/* What support at the vendor's asks for. */
static void
add_cloud_answer (JsonObject *object, const GError *error)
{
  const struct
  {
    const char *member;
    const char *value;
  } texts[] = {
    { "serviceCode", lks_cloud_error_get_code (error) },
    { "serviceText", lks_cloud_error_get_text (error) },
    { "correlationId", lks_cloud_error_get_correlation_id (error) },
    { "requestId", lks_cloud_error_get_request_id (error) },
  };

  if (lks_cloud_error_get_http_status (error) != 0)
    json_object_set_int_member (object, "httpStatus", lks_cloud_error_get_http_status (error));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].value != NULL)
      json_object_set_string_member (object, texts[i].member, texts[i].value);
}

/**
 * lks_cli_error_to_json:
 * @error: (nullable): an error
 *
 * Returns: (transfer full): the error object of the JSON documents, or null
 */
JsonNode *
lks_cli_error_to_json (const GError *error)
{
  JsonNode *node;

  /* Codes become words by the name of their type, which must be known for that. */
  g_type_ensure (LKS_TYPE_CLI_ERROR);
  g_type_ensure (LKS_TYPE_CLOUD_ERROR);
  g_type_ensure (LKS_TYPE_LEDGER_ERROR);
  g_type_ensure (LKS_TYPE_RECIPE_ERROR);
  g_type_ensure (LKS_TYPE_RUN_ERROR);
  g_type_ensure (LKS_TYPE_SERVICE_ERROR);
  g_type_ensure (LKS_TYPE_SESSION_ERROR);
  g_type_ensure (LKS_TYPE_SHARE_ERROR);
  g_type_ensure (LKS_TYPE_VAULT_ERROR);
  node = lks_advice_to_json (error);
  if (error == NULL)
    return node;

  json_object_set_string_member (json_node_get_object (node), "advice", advise (error));
  add_cloud_answer (json_node_get_object (node), error);
  return node;
}

/**
 * lks_cli_print_error:
 * @about: the program, or the place of a board
 * @error: what went wrong
 *
 * Tells the person on stderr what went wrong and what to do.
 */
void
lks_cli_print_error (const char *about, const GError *error)
{
  g_autofree char *message = lks_cli_clean (error->message);

  fprintf (stderr, "%s: %s\n  %s\n", about, message, advise (error));
  if (lks_cloud_error_get_trace (error) != NULL)
    fprintf (stderr, "  %s\n", lks_cloud_error_get_trace (error));
}

/**
 * lks_cli_report_error:
 * @error: why the command did not succeed
 * @json: whether stdout gets a JSON document that says so
 *
 * Tells the person on stderr, and the script on stdout.
 *
 * Returns: the exit status for @error
 */
LksCliExit
lks_cli_report_error (const GError *error, gboolean json)
{
  lks_cli_print_error ("locksmithctl", error);

  if (json)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
      JsonObject *object = json_object_new ();

      json_object_set_member (object, "error", lks_cli_error_to_json (error));
      json_node_take_object (node, object);
      lks_cli_print_json (node);
    }

  return lks_cli_exit_for_error (error);
}
