/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#include "lks-cli-output.h"

#include <stdio.h>

static void
print_done (const char *path, int version, const char *copy, gboolean json)
{
  JsonObject *object;
  g_autoptr (JsonNode) node = NULL;

  if (!json)
    {
      printf ("%s is version %d of the ledger now. What it was before is in %s.\n", path, version,
              copy);
      return;
    }

  object = json_object_new ();
  json_object_set_string_member (object, "ledger", path);
  json_object_set_int_member (object, "version", version);
  json_object_set_string_member (object, "copy", copy);
  node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  lks_cli_print_json (node);
}

static gboolean
downgrade (const char *ledger, int version, gboolean accept_loss, gboolean json, GError **error)
{
  g_autofree char *path = ledger != NULL ? g_strdup (ledger) : lks_ledger_dup_default_path ();
  g_autofree char *copy = NULL;

  if (version < 1)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "--to VERSION is missing: the version that the older Locksmith knows");
      return FALSE;
    }
  if (!lks_ledger_downgrade (path, (guint) version, accept_loss, &copy, error))
    return FALSE;

  print_done (path, version, copy, json);
  return TRUE;
}

/**
 * lks_cli_records_downgrade:
 * @argc: how many arguments
 * @argv: the arguments; the first is "downgrade"
 *
 * Brings a ledger back to an older schema.
 *
 * Returns: the exit status
 */
int
lks_cli_records_downgrade (int argc, char **argv)
{
  g_autofree char *ledger = NULL;
  gboolean accept_loss = FALSE;
  gboolean json = FALSE;
  int version = 0;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print a JSON document", NULL },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &ledger, "The ledger, instead of the user's", "FILE" },
    { "to", 0, 0, G_OPTION_ARG_INT, &version, "The version that the older Locksmith knows",
      "VERSION" },
    { "accept-loss", 0, 0, G_OPTION_ARG_NONE, &accept_loss,
      "Servicing sessions, chain and signatures may go: the copy keeps them", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (lks_cli_parse (entries, "records downgrade",
                     "Brings the ledger back to an older version, for an older Locksmith.", &argc,
                     &argv, &error) &&
      argc > 1)
    g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "There is an argument too many");
  if (error != NULL || !downgrade (ledger, version, accept_loss, json, &error))
    return (int) lks_cli_report_error (error, json);
  return LKS_CLI_EXIT_DONE;
}
