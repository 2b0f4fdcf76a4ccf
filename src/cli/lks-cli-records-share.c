/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `records share`: the way of this station's records to the shared ledger. */
#include "lks-cli-output.h"
#include "lks-cli-records-private.h"
#include "lks-cli-secret.h"
#include "lks-json.h"
#include "lks-ledger-outbox.h"
#include "lks-station-share.h"

#include <stdio.h>
#include <string.h>

#define PASSWORD_MAX_BYTES 1024

typedef struct
{
  char *ledger; /* (owned) (nullable) */
  gboolean json;
  int version;
  gboolean removes;
  LksCliSecretSource password;
  const char *argument;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->ledger);
  lks_cli_secret_source_clear (&self->password);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/**
 * lks_cli_find_share:
 * @error: return location for the error of [func@Lks.station_find_share], or USAGE when none is
 *   named
 *
 * Returns: (transfer full): the shared ledger of this station, or NULL with @error set
 */
LksSharePlace *
lks_cli_find_share (GError **error)
{
  LksSharePlace *place;

  if (!lks_station_find_share (&place, error) || place != NULL)
    return place;

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "This station has no shared ledger: name one in a group [shared-ledger] of "
                       "station.d/NAME.conf, see locksmith-records(7)");
  return NULL;
}

/**
 * lks_cli_open_share:
 * @error: return location for an error
 *
 * Returns: (transfer full): a connection to the shared ledger of this station, or NULL with @error
 *   set
 */
LksShare *
lks_cli_open_share (GError **error)
{
  g_autoptr (LksSharePlace) place = lks_cli_find_share (error);

  return place != NULL ? lks_station_open_share (place, NULL, error) : NULL;
}

static LksLedger *
open_ledger (const Options *options, GError **error)
{
  g_autofree char *path =
      options->ledger != NULL ? g_strdup (options->ledger) : lks_ledger_dup_default_path ();

  return lks_ledger_open (path, error);
}

/* ---- status ---- */

typedef struct
{
  char *name; /* (owned) */
  LksOutboxCursor cursor;
  guint64 n_waiting;
  gint64 oldest_us;
  guint version;
  GError *error; /* (owned) (nullable): why the server cannot be used */
} Status;

static void
status_clear (Status *self)
{
  g_free (self->name);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Status, status_clear)

static gboolean
read_status (Status *self, const LksSharePlace *place, LksLedger *ledger, GError **error)
{
  self->name = lks_share_place_dup_name (place);
  if (!lks_ledger_outbox_get (ledger, self->name, &self->cursor, error) ||
      !lks_ledger_outbox_count (ledger, &self->cursor, &self->n_waiting, &self->oldest_us, error))
    return FALSE;

  lks_station_try_share (place, NULL, &self->version, NULL, &self->error);
  return TRUE;
}

static void
print_status_json (const Status *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *oldest = self->oldest_us > 0 ? lks_record_time_to_text (self->oldest_us) : NULL;
  g_autofree char *confirmed =
      self->cursor.confirmed_us > 0 ? lks_record_time_to_text (self->cursor.confirmed_us) : NULL;

  json_object_set_string_member (object, "place", self->name);
  json_object_set_int_member (object, "waiting", (gint64) self->n_waiting);
  lks_json_set_text (object, "oldestWaiting", oldest);
  json_object_set_int_member (object, "lastCopied", self->cursor.sequence);
  lks_json_set_text (object, "confirmed", confirmed);
  json_object_set_boolean_member (object, "usable", self->error == NULL);
  json_object_set_member (object, "problem", lks_cli_error_to_json (self->error));
  lks_cli_print_object (object);
}

static void
print_status (const Status *self)
{
  g_autofree char *oldest = self->oldest_us > 0 ? lks_cli_format_time (self->oldest_us) : NULL;
  g_autofree char *confirmed =
      self->cursor.confirmed_us > 0 ? lks_cli_format_time (self->cursor.confirmed_us) : NULL;
  g_autofree char *waiting = g_strdup_printf ("%" G_GUINT64_FORMAT " entries", self->n_waiting);

  printf ("Shared ledger %s\n", self->name);
  lks_cli_print_field ("Waiting", waiting);
  lks_cli_print_field ("Oldest", oldest != NULL ? oldest : "none");
  lks_cli_print_field ("Last heard", confirmed != NULL ? confirmed : "never");
  lks_cli_print_field ("Server", self->error == NULL ? "ready" : self->error->message);
}

static gboolean
show_status (Options *options, GError **error)
{
  g_autoptr (LksSharePlace) place = lks_cli_find_share (error);
  g_autoptr (LksLedger) ledger = place != NULL ? open_ledger (options, error) : NULL;
  g_auto (Status) status = { NULL };

  if (ledger == NULL || !read_status (&status, place, ledger, error))
    return FALSE;

  if (options->json)
    print_status_json (&status);
  else
    print_status (&status);
  return TRUE;
}

/* ---- the rest ---- */

static gboolean
push (Options *options, GError **error)
{
  g_autoptr (LksLedger) ledger = open_ledger (options, error);
  g_autoptr (LksShare) share = ledger != NULL ? lks_cli_open_share (error) : NULL;
  LksSharePushed pushed;
  guint64 n_repaired;
  JsonObject *object;

  if (share == NULL || !lks_share_push (share, ledger, &pushed, NULL, error) ||
      !lks_share_repair (share, ledger, &n_repaired, NULL, error))
    return FALSE;

  if (pushed.n_lost_before > 0)
    fprintf (stderr,
             "The server had lost %" G_GUINT64_FORMAT " entries that it had confirmed: they were "
             "sent again. Was it set back to an older state?\n",
             pushed.n_lost_before);
  if (n_repaired > 0)
    fprintf (stderr,
             "The server did not have %" G_GUINT64_FORMAT " signatures of entries that it has: "
             "they were sent. “locksmithctl records verify --shared” tells whether it is "
             "whole now.\n",
             n_repaired);
  if (!options->json)
    {
      printf ("%" G_GUINT64_FORMAT " entries copied; the shared ledger has all %" G_GINT64_FORMAT
              " of this station.\n",
              pushed.n_entries, pushed.last_sequence);
      return TRUE;
    }

  object = json_object_new ();
  json_object_set_int_member (object, "entries", (gint64) pushed.n_entries);
  json_object_set_int_member (object, "signatures", (gint64) pushed.n_signatures);
  json_object_set_int_member (object, "lastEntry", pushed.last_sequence);
  json_object_set_int_member (object, "lostBefore", (gint64) pushed.n_lost_before);
  json_object_set_int_member (object, "repairedSignatures", (gint64) n_repaired);
  lks_cli_print_object (object);
  return TRUE;
}

static gboolean
init (Options *options, GError **error)
{
  g_autoptr (LksShare) share = NULL;
  JsonObject *object;

  if (options->version < 0 || options->version > LKS_SHARE_SCHEMA_VERSION)
    {
      g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "--to must be a version from 0 to %d",
                   LKS_SHARE_SCHEMA_VERSION);
      return FALSE;
    }
  if ((share = lks_cli_open_share (error)) == NULL ||
      !lks_share_migrate (share, (guint) options->version, NULL, error))
    return FALSE;

  if (!options->json)
    {
      printf ("%s has version %d of the shared ledger.\n", lks_share_get_name (share),
              options->version);
      return TRUE;
    }

  object = json_object_new ();
  json_object_set_string_member (object, "place", lks_share_get_name (share));
  json_object_set_int_member (object, "version", options->version);
  lks_cli_print_object (object);
  return TRUE;
}

static gboolean
keep_password (Options *options, GError **error)
{
  g_autoptr (LksSharePlace) place = lks_cli_find_share (error);
  g_autoptr (LksSecret) password = NULL;
  JsonObject *object;

  if (place == NULL ||
      (!options->removes &&
       (password = lks_cli_secret_read (&options->password, "Password of the shared ledger",
                                        "--password-file FILE or --password-stdin",
                                        PASSWORD_MAX_BYTES, error)) == NULL) ||
      !lks_station_keep_share_password (place, password, NULL, error))
    return FALSE;

  if (!options->json)
    {
      puts (options->removes ? "The keyring has no password of the shared ledger any more."
                             : "The keyring has the password of the shared ledger.");
      return TRUE;
    }
  object = json_object_new ();
  json_object_set_boolean_member (object, "kept", !options->removes);
  lks_cli_print_object (object);
  return TRUE;
}

/* What other stations say about one board. */
static gboolean
show_elsewhere (Options *options, GError **error)
{
  g_autofree char *device_id = g_ascii_strdown (options->argument, -1);
  g_autoptr (LksLedger) ledger = NULL;
  g_autofree char *ledger_id = NULL;
  g_autoptr (LksShare) share = NULL;
  g_autoptr (GPtrArray) records = NULL;

  if (strlen (device_id) != 128 || strspn (device_id, "0123456789abcdef") != 128)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "This needs the whole device ID: 128 hexadecimal digits");
      return FALSE;
    }
  if ((ledger = open_ledger (options, error)) == NULL ||
      (ledger_id = lks_ledger_dup_id (ledger, error)) == NULL ||
      (share = lks_cli_open_share (error)) == NULL ||
      (records = lks_share_find_elsewhere (share, ledger_id, device_id, NULL, error)) == NULL)
    return FALSE;

  lks_cli_print_records (records, options->json);
  return TRUE;
}

typedef struct
{
  const char *name;
  const char *usage;
  const char *summary;
  guint n_arguments;
  gboolean (*run) (Options *options, GError **error);
} ShareCommand;

static const ShareCommand commands[] = {
  { "status", "records share status",
    "Tells how many entries wait to be copied, and whether the server can be used.", 0,
    show_status },
  { "push", "records share push", "Copies what the shared ledger does not have yet.", 0, push },
  { "elsewhere", "records share elsewhere DEVICE-ID",
    "Asks whether other stations say that they have finalized a board.", 1, show_elsewhere },
  { "password", "records share password", "Keeps the password in the keyring.", 0, keep_password },
  { "init", "records share init", "Makes the tables of a shared ledger, or changes their version.",
    0, init },
};

static gboolean
parse (const ShareCommand *command, Options *options, int *argc, char ***argv, GError **error)
{
  const gboolean asks_password = command->run == keep_password;
  const gboolean asks_version = command->run == init;
  const GOptionEntry all[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print a JSON document", NULL },
    { !asks_password && !asks_version ? "ledger" : NULL, 0, 0, G_OPTION_ARG_FILENAME,
      &options->ledger, "The ledger, instead of the user's", "FILE" },
    { NULL },
  };
  const GOptionEntry version[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print a JSON document", NULL },
    { "to", 0, 0, G_OPTION_ARG_INT, &options->version,
      "This version, instead of the newest; 0 removes the tables, if they are empty", "VERSION" },
    { NULL },
  };
  const GOptionEntry password[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print a JSON document", NULL },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password.file,
      "Read the password from a file", "FILE" },
    { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &options->password.from_stdin,
      "Read the password from standard input", NULL },
    { "password", 0, G_OPTION_FLAG_HIDDEN | G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK,
      lks_cli_secret_refuse_cb, NULL, NULL },
    { "remove", 0, 0, G_OPTION_ARG_NONE, &options->removes, "Remove it from the keyring", NULL },
    { NULL },
  };

  if (!lks_cli_parse (asks_password  ? password
                      : asks_version ? version
                                     : all,
                      command->usage, command->summary, argc, argv, error))
    return FALSE;
  if (*argc == 1 + (int) command->n_arguments)
    {
      options->argument = (*argv)[1];
      return TRUE;
    }

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       *argc > 1 + (int) command->n_arguments ? "There is an argument too many"
                                                              : "The device ID is missing");
  return FALSE;
}

static const ShareCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static int
print_help (FILE *stream)
{
  fputs ("Usage: locksmithctl records share status|push|elsewhere|password|init [OPTION…]\n\n",
         stream);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stream, "  %-34s %s\n", commands[i].usage, commands[i].summary);
  return stream == stdout ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_USAGE;
}

/**
 * lks_cli_records_share:
 * @argc: how many arguments
 * @argv: the arguments; the first is "share"
 *
 * Works with the shared ledger of this station.
 *
 * Returns: the exit status
 */
int
lks_cli_records_share (int argc, char **argv)
{
  const ShareCommand *command = argc > 1 ? find_command (argv[1]) : NULL;
  g_auto (Options) options = { .version = LKS_SHARE_SCHEMA_VERSION };
  g_autoptr (GError) error = NULL;

  if (command == NULL)
    return print_help (argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
                           ? stdout
                           : stderr);

  argc--;
  argv++;
  if (!parse (command, &options, &argc, &argv, &error) || !command->run (&options, &error))
    return (int) lks_cli_report_error (error, options.json);
  return LKS_CLI_EXIT_DONE;
}
