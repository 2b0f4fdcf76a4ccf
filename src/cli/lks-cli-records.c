/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli.h"

#include "lks-cli-output.h"
#include "lks-cli-records-private.h"

#include <stdio.h>
#include <string.h>

static gboolean
refuse_shared_services (const LksCliRecordOptions *options, GError **error)
{
  if (!options->shared || !lks_cli_wants_service (options))
    return TRUE;

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "--shared lists checks and finalizations only: leave out --kind");
  return FALSE;
}

static gboolean
list_records (LksCliRecordOptions *options, const char *unused, GError **error)
{
  g_autoptr (LksLedger) ledger = NULL;
  g_autoptr (GPtrArray) records = NULL;
  LksLedgerQuery query;

  if (!lks_cli_build_query (options, &query, error) || !refuse_shared_services (options, error))
    return FALSE;
  if (options->shared)
    return lks_cli_list_shared (&query, options, error);
  if ((ledger = lks_cli_open_ledger (options, error)) == NULL)
    return FALSE;
  if (lks_cli_wants_service (options))
    return lks_cli_list_services (ledger, &query, options->json, error);
  if ((records = lks_ledger_list (ledger, &query, error)) == NULL)
    return FALSE;

  lks_cli_print_records (records, options->json);
  return TRUE;
}

static void
print_record (const LksRecordFields *fields, const LksClaimNote *claim, JsonNode *document)
{
  g_autofree char *started = lks_cli_format_time (fields->started_us);
  g_autofree char *finished = lks_cli_format_time (fields->finished_us);
  g_autofree char *waived = g_strdup_printf ("%u", fields->waived);

  printf ("Record %s\n", fields->id);
  lks_cli_print_field ("Device ID", fields->device_id);
  lks_cli_print_field ("Label", fields->label);
  lks_cli_print_field ("Batch", fields->batch);
  lks_cli_print_field ("Kind", fields->kind);
  lks_cli_print_field ("Verdict", fields->verdict);
  lks_cli_print_field ("Outcome", fields->outcome);
  lks_cli_print_field ("Summary", fields->summary);
  lks_cli_print_field ("Started", started);
  lks_cli_print_field ("Finished", finished);
  lks_cli_print_field ("Waived", waived);
  lks_cli_print_field ("Operator", fields->operator_name);
  lks_cli_print_field ("Role", fields->operator_role);
  lks_cli_print_field ("Station", fields->station);
  lks_cli_print_field ("Port", fields->port);
  lks_cli_print_field ("USB serial", fields->usb_serial);
  lks_cli_print_field ("Recipe", fields->recipe_name);
  lks_cli_print_field ("Recipe hash", fields->recipe_hash);
  if (fields->signer != NULL)
    lks_cli_print_field ("Signed by", fields->signer);
  else
    lks_cli_print_field ("Not signed", fields->unsigned_reason);
  lks_cli_print_claim (claim);
  fputs ("Evidence\n", stdout);
  lks_cli_print_json (document);
}

/* A record with its document. The claim of the shared ledger's is not known: it is left out. */
gboolean
lks_cli_print_record (LksRecord *record,
                      const LksClaimNote *claim,
                      const LksCliRecordOptions *options,
                      GError **error)
{
  const LksRecordFields *fields = lks_record_get_fields (record);
  g_autoptr (JsonNode) document = json_from_string (fields->document, error);

  if (document == NULL)
    return FALSE;

  if (options->json)
    {
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
      JsonObject *object = lks_record_fields_to_json (fields, FALSE);

      if (!options->shared)
        json_object_set_member (object, "claim", lks_cli_claim_to_json (claim));
      json_object_set_member (object, "document", g_steal_pointer (&document));
      json_node_take_object (node, object);
      lks_cli_print_json (node);
    }
  else
    print_record (fields, claim, document);

  return TRUE;
}

static gboolean
show_run (LksLedger *ledger, const LksCliRecordOptions *options, const char *id, GError **error)
{
  g_autoptr (LksRecord) record = lks_ledger_get (ledger, id, error);
  g_autoptr (LksClaimNote) claim = NULL;

  return record != NULL &&
         lks_claim_note_read (ledger, lks_record_get_fields (record)->device_id, &claim, error) &&
         lks_cli_print_record (record, claim, options, error);
}

/* An ID is enough: it belongs to a record of one kind or the other. */
static gboolean
show_record (LksCliRecordOptions *options, const char *id, GError **error)
{
  g_autoptr (LksLedger) ledger = NULL;
  g_autoptr (LksServiceRecord) service = NULL;
  g_autoptr (GError) local = NULL;

  if (options->shared)
    return lks_cli_show_shared (id, options, error);
  if ((ledger = lks_cli_open_ledger (options, error)) == NULL)
    return FALSE;

  service = lks_ledger_service_get (ledger, id, &local);
  if (service != NULL)
    return lks_cli_show_service (service, options->json, error);
  if (g_error_matches (local, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND))
    return show_run (ledger, options, id, error);

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
export_records (LksCliRecordOptions *options, const char *unused, GError **error)
{
  return lks_cli_export_records (options, error);
}

static gboolean
show_stats (LksCliRecordOptions *options, const char *unused, GError **error)
{
  g_autoptr (LksLedger) ledger = NULL;
  LksLedgerQuery query;

  if (!lks_cli_build_query (options, &query, error))
    return FALSE;
  if (options->shared)
    return lks_cli_show_shared_stats (&query, options, error);
  return (ledger = lks_cli_open_ledger (options, error)) != NULL &&
         lks_cli_show_stats (ledger, &query, options, error);
}

static gboolean
list_units (LksCliRecordOptions *options, const char *unused, GError **error)
{
  g_autoptr (LksLedger) ledger = NULL;
  LksLedgerQuery query;

  if (!lks_cli_check_formats (options, error) || !lks_cli_build_query (options, &query, error))
    return FALSE;
  if (options->shared)
    return lks_cli_list_shared_units (&query, options, error);
  return (ledger = lks_cli_open_ledger (options, error)) != NULL &&
         lks_cli_list_units (ledger, &query, options, error);
}

static gboolean
verify_records (LksCliRecordOptions *options, const char *unused, GError **error)
{
  g_autoptr (LksLedger) ledger = lks_cli_open_ledger (options, error);

  if (options->shared && (options->head != NULL || options->key != NULL))
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "--shared checks all ledgers: leave out --head and --key");
      return FALSE;
    }
  if (ledger == NULL)
    return FALSE;
  return options->shared ? lks_cli_verify_shared (ledger, options, error)
                         : lks_cli_verify_ledger (ledger, options, error);
}

static gboolean
sign_records (LksCliRecordOptions *options, const char *unused, GError **error)
{
  g_autoptr (LksLedger) ledger = NULL;

  if (options->key == NULL)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "--station-key FILE is missing");
      return FALSE;
    }

  ledger = lks_cli_open_ledger (options, error);
  return ledger != NULL && lks_cli_sign_ledger (ledger, options, error);
}

typedef struct
{
  const char *name;
  const char *usage;
  const char *summary;
  guint n_arguments;
  gboolean (*run) (LksCliRecordOptions *options, const char *argument, GError **error);
  int (*main) (int argc, char **argv); /* instead: reads its options itself */
} RecordCommand;

static const RecordCommand record_commands[] = {
  { "list", "records list", "Lists the records, newest first.", 0, list_records },
  { "show", "records show ID", "Shows one record with all of its evidence.", 1, show_record },
  { "units", "records units", "Lists each board with the state that was proven last.", 0,
    list_units },
  { "stats", "records stats", "Counts first passes, failures and cycle times.", 0, show_stats },
  { "export", "records export", "Writes the records to stdout or a file.", 0, export_records },
  { "verify", "records verify", "Finds out whether the records are as they were written.", 0,
    verify_records },
  { "sign", "records sign", "Signs the newest record, and with it all before.", 0, sign_records },
  { "share", "records share", "Copies the records to a ledger that many stations share.", 0,
    .main = lks_cli_records_share },
  { "recipe", "records recipe HASH", "Gives a recipe back by which something was recorded.", 1,
    .main = lks_cli_records_recipe },
  { "downgrade", "records downgrade", "Brings the ledger back to an older version.", 0,
    .main = lks_cli_records_downgrade },
};

static const RecordCommand *
find_record_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (record_commands); i++)
    if (g_strcmp0 (record_commands[i].name, name) == 0)
      return &record_commands[i];

  return NULL;
}

/* Which records, for all commands that count or list them. */
#define RECIPE_AND_TIME_ENTRIES(options)                                                           \
  { "recipe",                                                                                      \
    0,                                                                                             \
    0,                                                                                             \
    G_OPTION_ARG_STRING,                                                                           \
    &(options)->recipe,                                                                            \
    "Only with the recipe of this name, or of this hash: 64 digits",                               \
    "NAME|HASH" },                                                                                 \
      { "batch", 0, 0, G_OPTION_ARG_STRING, &(options)->batch, "Only of this batch", "NAME" },     \
      { "since",                                                                                   \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_STRING,                                                                       \
        &(options)->since,                                                                         \
        "Only begun since this day or time: 2024-07-31 or 2024-07-31T14:30:00",                    \
        "TIME" },                                                                                  \
  {                                                                                                \
    "until", 0, 0, G_OPTION_ARG_STRING, &(options)->until,                                         \
        "Only begun until the end of this day, or before this time", "TIME"                        \
  }

static gboolean
parse_options (const RecordCommand *command,
               int *argc,
               char ***argv,
               LksCliRecordOptions *options,
               GError **error)
{
  const gboolean exports = command->run == export_records;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print a JSON document", NULL },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &options->ledger,
      "The ledger to read, instead of the user's", "FILE" },
    { exports ? "format" : "shared", 0, 0, exports ? G_OPTION_ARG_STRING : G_OPTION_ARG_NONE,
      exports ? (gpointer) &options->format : &options->shared,
      exports ? "json with all evidence, which is the default; csv without; or jsonl, the chain of "
                "all records, which can be checked without Locksmith"
              : "Of all stations, from the shared ledger",
      exports ? "csv|json|jsonl" : NULL },
    { command->n_arguments == 0 ? "kind" : NULL, 0, 0, G_OPTION_ARG_STRING, &options->kind,
      "Which ones: of checks and finalizations, which is the default, or of servicing sessions",
      "finalize|service" },
    { "device", 0, 0, G_OPTION_ARG_STRING, &options->device,
      "Only of this board: its device ID, or 4 or more digits at the end of it", "ID" },
    { "verdict", 0, 0, G_OPTION_ARG_STRING, &options->verdict, "Only with this verdict",
      "PASS|FAIL|STOPPED" },
    { "label", 0, 0, G_OPTION_ARG_STRING, &options->label,
      "Only of the unit with this label, as it was scanned", "TEXT" },
    { "serial", 0, 0, G_OPTION_ARG_STRING, &options->serial,
      "Only of boards on the adapter with this serial number", "SERIAL" },
    RECIPE_AND_TIME_ENTRIES (options),
    { "limit", 0, 0, G_OPTION_ARG_INT, &options->limit, "At most so many", "NUMBER" },
    { exports ? "csv" : NULL, 0, 0, G_OPTION_ARG_NONE, &options->csv, "The same as --format csv",
      NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      "Where to write, instead of stdout", "FILE" },
    { NULL },
  };

  return lks_cli_parse (entries, command->usage, command->summary, argc, argv, error);
}

/* Of units and stats: which records, and how to print. The first entry without a name ends the
 * list: what follows is for units only. */
static gboolean
parse_count_options (const RecordCommand *command,
                     int *argc,
                     char ***argv,
                     LksCliRecordOptions *options,
                     GError **error)
{
  const gboolean lists = command->run == list_units;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print a JSON document", NULL },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &options->ledger,
      "The ledger to read, instead of the user's", "FILE" },
    RECIPE_AND_TIME_ENTRIES (options),
    { "shared", 0, 0, G_OPTION_ARG_NONE, &options->shared,
      "Of all stations, from the shared ledger", NULL },
    { lists ? "label" : NULL, 0, 0, G_OPTION_ARG_STRING, &options->label,
      "Only the unit with this label, as it was scanned", "TEXT" },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &options->csv, "Print a table for a spreadsheet", NULL },
    { NULL },
  };

  return lks_cli_parse (entries, command->usage, command->summary, argc, argv, error);
}

static gboolean
parse_verify_options (const RecordCommand *command,
                      int *argc,
                      char ***argv,
                      LksCliRecordOptions *options,
                      GError **error)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print a JSON document", NULL },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &options->ledger,
      "The ledger to check, instead of the user's", "FILE" },
    { "shared", 0, 0, G_OPTION_ARG_NONE, &options->shared,
      "Check the ledgers of all stations, from the shared ledger", NULL },
    { "head", 0, 0, G_OPTION_ARG_STRING, &options->head,
      "A head that was noted earlier: it must still be in the chain", "HASH" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &options->key,
      "The public key that must have signed the records", "FILE" },
    { NULL },
  };

  return lks_cli_parse (entries, command->usage, command->summary, argc, argv, error);
}

static gboolean
parse_sign_options (const RecordCommand *command,
                    int *argc,
                    char ***argv,
                    LksCliRecordOptions *options,
                    GError **error)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print a JSON document", NULL },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &options->ledger,
      "The ledger to sign, instead of the user's", "FILE" },
    { "station-key", 0, 0, G_OPTION_ARG_FILENAME, &options->key,
      "The private key to sign with, which only its owner can read", "FILE" },
    { NULL },
  };

  return lks_cli_parse (entries, command->usage, command->summary, argc, argv, error);
}

static gboolean
parse_records (const RecordCommand *command,
               int *argc,
               char ***argv,
               LksCliRecordOptions *options,
               GError **error)
{
  gboolean good;

  if (command->run == verify_records)
    good = parse_verify_options (command, argc, argv, options, error);
  else if (command->run == list_units || command->run == show_stats)
    good = parse_count_options (command, argc, argv, options, error);
  else if (command->run == sign_records)
    good = parse_sign_options (command, argc, argv, options, error);
  else
    good = parse_options (command, argc, argv, options, error);
  if (good && *argc != 1 + (int) command->n_arguments)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           *argc > 1 ? "There is an argument too many"
                                     : "The ID of the record is missing");
      return FALSE;
    }

  return good;
}

/**
 * lks_cli_records:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do with records
 *
 * Lists, shows, exports, verifies or signs what the ledger has.
 *
 * Returns: the exit status
 */
int
lks_cli_records (int argc, char **argv)
{
  const RecordCommand *command = argc > 1 ? find_record_command (argv[1]) : NULL;
  g_auto (LksCliRecordOptions) options = { NULL };
  g_autoptr (GError) error = NULL;

  if (command == NULL)
    {
      gboolean help = argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0);

      fputs ("Usage: locksmithctl records list|show|units|stats|export|verify|sign|share|downgrade "
             "[OPTION…]\n\n",
             help ? stdout : stderr);
      for (gsize i = 0; i < G_N_ELEMENTS (record_commands); i++)
        fprintf (help ? stdout : stderr, "  %-18s %s\n", record_commands[i].usage,
                 record_commands[i].summary);
      return help ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_USAGE;
    }

  argc--;
  argv++;
  if (command->main != NULL)
    return command->main (argc, argv);
  if (!parse_records (command, &argc, &argv, &options, &error) ||
      !command->run (&options, argc > 1 ? argv[1] : NULL, &error))
    return (int) lks_cli_report_error (error, options.json);

  return (int) options.status;
}
