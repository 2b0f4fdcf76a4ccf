/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-capability.h"

#include "lks-cli-capability-show.h"
#include "lks-cli-output.h"

#include <stdio.h>
#include <unistd.h>

static void
progress_cb (guint done, guint total, gpointer unused)
{
  fprintf (stderr, "\r%u of %u%s", done, total, done == total ? "\n" : "");
}

static const char *
get_result_word (LksVaultImport *import)
{
  const GError *error = lks_vault_import_get_error (import);

  if (error == NULL)
    return "imported";
  return g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DUPLICATE) ? "duplicate"
                                                                             : "refused";
}

static void
tell_import (LksVaultImport *import)
{
  const GError *error = lks_vault_import_get_error (import);
  g_autofree char *shown = g_filename_display_name (lks_vault_import_get_path (import));

  if (g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DUPLICATE))
    fprintf (stderr, "%s: is in the vault already\n", shown);
  else if (error != NULL)
    lks_cli_print_error (error->domain == G_IO_ERROR ? "locksmithctl" : shown, error);
}

static JsonObject *
import_to_json (LksVaultImport *import, gboolean deleted)
{
  LksVaultItem *item = lks_vault_import_get_item (import);
  g_autofree char *shown = g_filename_display_name (lks_vault_import_get_path (import));
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "file", shown);
  json_object_set_string_member (object, "result", get_result_word (import));
  if (item != NULL)
    json_object_set_object_member (object, "item", lks_cli_vault_item_to_json (item));
  else
    json_object_set_null_member (object, "item");
  json_object_set_member (object, "error",
                          lks_cli_error_to_json (lks_vault_import_get_error (import)));
  json_object_set_boolean_member (object, "deleted", deleted);
  return object;
}

static LksCliExit
get_graver (LksCliExit one, LksCliExit other)
{
  return MAX (one, other); /* interrupted, vault, usage, done */
}

static LksCliExit
get_exit (GPtrArray *imports)
{
  LksCliExit status = LKS_CLI_EXIT_DONE;

  for (guint i = 0; i < imports->len; i++)
    {
      LksVaultImport *import = g_ptr_array_index (imports, i);

      if (lks_vault_import_get_item (import) == NULL)
        status = get_graver (status, lks_cli_exit_for_error (lks_vault_import_get_error (import)));
    }
  return status;
}

static GPtrArray *
import_files (LksCliVault *vault, const char *const *paths, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean shows_progress;

  for (guint i = 0; paths[i] != NULL; i++)
    g_ptr_array_add (files, g_file_new_for_commandline_arg (paths[i]));
  shows_progress = files->len > 1 && isatty (STDERR_FILENO);

  lks_vault_import_async (lks_cli_vault_get (vault), files, shows_progress ? progress_cb : NULL,
                          NULL, lks_cli_vault_get_cancellable (vault), lks_cli_vault_answered_cb,
                          vault);
  return lks_vault_import_finish (lks_cli_vault_get (vault), lks_cli_vault_wait (vault), error);
}

static gboolean
label_imports (LksCliVault *vault, GPtrArray *imports, const char *label, GError **error)
{
  for (guint i = 0; label != NULL && i < imports->len; i++)
    {
      LksVaultItem *item = lks_vault_import_get_item (g_ptr_array_index (imports, i));

      if (item != NULL && !lks_cli_capability_label (vault, item, label, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
delete_files (LksCliVault *vault, GPtrArray *imports, GError **error)
{
  lks_vault_delete_files_async (lks_cli_vault_get (vault), imports,
                                lks_cli_vault_get_cancellable (vault), lks_cli_vault_answered_cb,
                                vault);
  return lks_vault_delete_files_finish (lks_cli_vault_get (vault), lks_cli_vault_wait (vault),
                                        error);
}

static void
tell_imports (GPtrArray *imports, const LksCliCapabilityOptions *options)
{
  JsonArray *array = options->json ? json_array_new () : NULL;
  guint n_held = 0;

  for (guint i = 0; i < imports->len; i++)
    {
      LksVaultImport *import = g_ptr_array_index (imports, i);
      gboolean is_there = access (lks_vault_import_get_path (import), F_OK) == 0;

      tell_import (import);
      if (lks_vault_import_get_item (import) != NULL)
        n_held++;
      if (array != NULL)
        json_array_add_object_element (array,
                                       import_to_json (import, options->delete_files && !is_there));
    }
  if (array != NULL)
    lks_cli_print_array (array);
  fprintf (stderr, "%u of %u files are in the vault.\n", n_held, imports->len);
  if (n_held > 0 && !options->delete_files)
    fputs ("The files are still there, and whoever has one has the key to its board: delete them, "
           "or import with --delete-files.\n",
           stderr);
}

/**
 * lks_cli_capability_import:
 * @options: files and options
 * @error: return location for an error that concerns all files
 *
 * Puts files into the vault and says what became of each.
 *
 * Returns: the exit status: of several the gravest
 */
LksCliExit
lks_cli_capability_import (const LksCliCapabilityOptions *options, GError **error)
{
  g_autoptr (LksCliVault) vault = lks_cli_vault_open (error);
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GError) trouble = NULL;
  LksCliExit status;

  if (vault == NULL || (imports = import_files (vault, options->arguments, error)) == NULL)
    return LKS_CLI_EXIT_VAULT;

  status = get_exit (imports);
  if (!label_imports (vault, imports, options->label, &trouble) ||
      (options->delete_files && !delete_files (vault, imports, &trouble)))
    {
      lks_cli_print_error ("locksmithctl", trouble);
      status = get_graver (status, lks_cli_exit_for_error (trouble));
    }
  tell_imports (imports, options);
  return status;
}
