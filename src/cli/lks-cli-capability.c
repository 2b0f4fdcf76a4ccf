/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-capability.h"

#include "lks-cli-capability-show.h"
#include "lks-cli-output.h"

#include <stdio.h>
#include <string.h>

#define USAGE_COLUMNS 28

static LksCliExit
list_items (const LksCliCapabilityOptions *options, GError **error)
{
  g_autoptr (LksCliVault) vault = lks_cli_vault_open (error);
  GListModel *items;
  JsonArray *array;

  if (vault == NULL)
    return LKS_CLI_EXIT_VAULT;

  items = lks_vault_get_items (lks_cli_vault_get (vault));
  if (options->json)
    {
      array = json_array_new ();
      for (guint i = 0; i < g_list_model_get_n_items (items); i++)
        {
          g_autoptr (LksVaultItem) item = g_list_model_get_item (items, i);

          json_array_add_object_element (array, lks_cli_vault_item_to_json (item));
        }
      lks_cli_print_array (array);
    }
  else if (g_list_model_get_n_items (items) > 0)
    lks_cli_print_vault_items (items);
  else
    fputs ("The vault is empty. “locksmithctl capability import FILE…” fills it.\n", stderr);
  return LKS_CLI_EXIT_DONE;
}

/**
 * lks_cli_capability_label:
 * @vault: an open vault
 * @item: an item of it
 * @label: its new name
 * @error: return location for an error
 *
 * Returns: whether it has that name
 */
gboolean
lks_cli_capability_label (LksCliVault *vault, LksVaultItem *item, const char *label, GError **error)
{
  lks_vault_set_label_async (lks_cli_vault_get (vault), item, label,
                             lks_cli_vault_get_cancellable (vault), lks_cli_vault_answered_cb,
                             vault);
  return lks_vault_set_label_finish (lks_cli_vault_get (vault), lks_cli_vault_wait (vault), error);
}

typedef gboolean (*ItemFunc) (LksCliVault *vault,
                              LksVaultItem *item,
                              const LksCliCapabilityOptions *options,
                              GError **error);

/* Takes @failure. */
static gboolean
fail_to_export (GError *failure, GError **error)
{
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_EXISTS))
    {
      g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED,
                   "%s. Nothing was done, because --replace is missing", failure->message);
      g_error_free (failure);
    }
  else
    g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
export_item (LksCliVault *vault,
             LksVaultItem *item,
             const LksCliCapabilityOptions *options,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;

  lks_vault_export_async (lks_cli_vault_get (vault), item, options->arguments[1], options->replace,
                          lks_cli_vault_get_cancellable (vault), lks_cli_vault_answered_cb, vault);
  if (!lks_vault_export_finish (lks_cli_vault_get (vault), lks_cli_vault_wait (vault),
                                &local_error))
    return fail_to_export (g_steal_pointer (&local_error), error);

  fputs ("Whoever has this file has the key to the board, without end. Delete it when it has done "
         "its work.\n",
         stderr);
  return TRUE;
}

static gboolean
remove_item (LksCliVault *vault,
             LksVaultItem *item,
             const LksCliCapabilityOptions *options,
             GError **error)
{
  lks_vault_remove_async (lks_cli_vault_get (vault), item, lks_cli_vault_get_cancellable (vault),
                          lks_cli_vault_answered_cb, vault);
  return lks_vault_remove_finish (lks_cli_vault_get (vault), lks_cli_vault_wait (vault), error);
}

static gboolean
label_item (LksCliVault *vault,
            LksVaultItem *item,
            const LksCliCapabilityOptions *options,
            GError **error)
{
  return lks_cli_capability_label (vault, item, options->arguments[1], error);
}

static LksCliExit
with_item (const LksCliCapabilityOptions *options, ItemFunc func, GError **error)
{
  g_autoptr (LksCliVault) vault = lks_cli_vault_open (error);
  g_autoptr (LksVaultItem) item = NULL;
  LksVaultItem *found;

  if (vault == NULL || (found = lks_cli_vault_find (vault, options->arguments[0], error)) == NULL)
    return LKS_CLI_EXIT_VAULT;

  item = g_object_ref (found);
  if (!func (vault, item, options, error))
    return LKS_CLI_EXIT_VAULT; /* @error says it better */
  if (options->json)
    lks_cli_print_object (lks_cli_vault_item_to_json (item));
  return LKS_CLI_EXIT_DONE;
}

static LksCliExit export(const LksCliCapabilityOptions *options, GError **error)
{
  return with_item (options, export_item, error);
}

static LksCliExit
remove_one (const LksCliCapabilityOptions *options, GError **error)
{
  if (options->yes)
    return with_item (options, remove_item, error);

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED,
                       "Removing a capability cannot be undone, and getting a new one needs the "
                       "vendor's cloud. Nothing was done, because --yes is missing");
  return LKS_CLI_EXIT_REFUSED;
}

static LksCliExit
label (const LksCliCapabilityOptions *options, GError **error)
{
  return with_item (options, label_item, error);
}

typedef struct
{
  const char *name;
  const char *usage;
  const char *summary;
  guint n_min;
  guint n_max;
  LksCliExit (*run) (const LksCliCapabilityOptions *options, GError **error);
} Command;

static const Command commands[] = {
  { "list", "capability list", "Lists what is in the vault.", 0, 0, list_items },
  { "import", "capability import FILE…", "Puts capability files into the vault.", 1, G_MAXUINT,
    lks_cli_capability_import },
  { "inspect", "capability inspect FILE", "Says what a capability file is; needs no vault.", 1, 1,
    lks_cli_capability_inspect },
  { "export", "capability export ITEM FILE", "Writes a capability into a file.", 2, 2, export },
  { "remove", "capability remove ITEM --yes", "Removes a capability for good.", 1, 1, remove_one },
  { "label", "capability label ITEM TEXT", "Gives it a name; an empty one takes it away.", 2, 2,
    label },
};

static const Command *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (commands[i].name, name) == 0)
      return &commands[i];

  return NULL;
}

static void
add_entries (const Command *command, LksCliCapabilityOptions *options, GArray *entries)
{
  const struct
  {
    const char *command;
    GOptionEntry entry;
  } all[] = {
    { command->name,
      { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print a JSON document", NULL } },
    { "import",
      { "label", 0, 0, G_OPTION_ARG_STRING, &options->label, "A name for what is imported",
        "TEXT" } },
    { "import",
      { "delete-files", 0, 0, G_OPTION_ARG_NONE, &options->delete_files,
        "Delete the files that the vault holds afterwards", NULL } },
    { "inspect",
      { "no-boards", 0, 0, G_OPTION_ARG_NONE, &options->no_boards,
        "Do not look whether its board is attached", NULL } },
    { "export",
      { "replace", 0, 0, G_OPTION_ARG_NONE, &options->replace, "Replace a file that exists",
        NULL } },
    { "remove",
      { "yes", 0, 0, G_OPTION_ARG_NONE, &options->yes, "Do it; it cannot be undone", NULL } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (g_str_equal (all[i].command, command->name))
      g_array_append_val (entries, all[i].entry);
}

static gboolean
parse (const Command *command,
       int *argc,
       char ***argv,
       LksCliCapabilityOptions *options,
       GError **error)
{
  g_autoptr (GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  guint n_arguments;

  add_entries (command, options, entries);
  if (!lks_cli_parse ((const GOptionEntry *) (gpointer) entries->data, command->usage,
                      command->summary, argc, argv, error))
    return FALSE;

  n_arguments = (guint) *argc - 1;
  options->arguments = (const char *const *) (*argv + 1);
  if (command->n_min <= n_arguments && n_arguments <= command->n_max)
    return TRUE;
  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
               n_arguments < command->n_min ? "Something is missing: “locksmithctl %s”"
                                            : "There is an argument too many: “locksmithctl %s”",
               command->usage);
  return FALSE;
}

static void
print_help (FILE *stream)
{
  fputs ("Usage: locksmithctl capability list|import|inspect|export|remove|label [OPTION…]\n\n",
         stream);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      int width = USAGE_COLUMNS + (int) (strlen (commands[i].usage) -
                                         (gsize) g_utf8_strlen (commands[i].usage, -1));

      fprintf (stream, "  %-*s  %s\n", width, commands[i].usage, commands[i].summary);
    }
  fputs ("\nITEM is the end of a device ID or the beginning of a fingerprint, at least 4 digits.\n",
         stream);
}

static void
options_clear (LksCliCapabilityOptions *options)
{
  g_free (options->label);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCliCapabilityOptions, options_clear)

/**
 * lks_cli_capability:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do with capabilities
 *
 * Works on the user's vault of capabilities, or says what a capability file is.
 *
 * Returns: the exit status
 */
int
lks_cli_capability (int argc, char **argv)
{
  const Command *command = argc > 1 ? find_command (argv[1]) : NULL;
  g_auto (LksCliCapabilityOptions) options = { FALSE };
  g_autoptr (GError) error = NULL;
  LksCliExit status;

  if (command == NULL)
    {
      gboolean help = argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0);

      print_help (help ? stdout : stderr);
      return help ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_USAGE;
    }

  argc--;
  argv++;
  if (!parse (command, &argc, &argv, &options, &error))
    return (int) lks_cli_report_error (error, options.json);

  status = command->run (&options, &error);
  return (int) (error != NULL ? lks_cli_report_error (error, options.json) : status);
}
