/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-image.h"

#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-enums.h"
#include "lks-software-delete.h"

#include <stdio.h>

/* ---- list ---- */

static gboolean
list_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LksSoftware **software = user_data;
  g_autofree char *folder = lks_manifest_store_dup_default_path ();
  g_autoptr (LksManifestStore) store = lks_manifest_store_new (folder);

  *software = lks_software_read (device, store, cancellable, error);
  return *software != NULL;
}

static void
print_flags (const LksSoftware *software)
{
  if (software->is_ota_in_progress)
    fputs ("An update over the air is in progress; the board takes no images meanwhile.\n", stderr);
  if (software->has_staged_updates)
    fputs ("Images wait for installation.\n", stderr);
  if (software->is_restart_required)
    fputs ("The board wants a restart to install them.\n", stderr);
}

static void
add_item (LksCliTable *table, const LksSoftwareItem *item)
{
  g_autofree char *size = g_strdup_printf ("%.1f KiB", (double) item->size_bytes / 1024.0);
  g_autofree char *name = lks_cli_clean (item->name);
  const char *const cells[] = {
    name,
    lks_image_type_to_text (item->image_type),
    lks_software_item_is_app (item) ? lks_enum_to_nick (LKS_TYPE_APP_STATE, (int) item->state)
                                    : "–",
    size,
    item->is_staged ? "staged" : "–",
    item->component_id,
    NULL,
  };

  lks_cli_table_add (table, cells);
}

static void
print_software (const LksSoftware *software)
{
  static const char *const headings[] = { "NAME",   "KIND",      "STATE", "SIZE",
                                          "UPDATE", "COMPONENT", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < software->items->len; i++)
    add_item (table, g_ptr_array_index (software->items, i));
  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

static int
list (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (LksSoftware) software = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "image list",
                           "Lists what is installed on the board, applications first.", 0, &argc,
                           &argv, &error) ||
      !lks_cli_work_run (&work, list_in_thread, &software, &error))
    return lks_cli_work_fail (&work, error);

  print_flags (software);
  if (work.json)
    lks_cli_work_print_json (&work, "software", lks_software_to_json (software));
  else
    print_software (software);
  return LKS_CLI_EXIT_DONE;
}

/* ---- delete, keep-only ---- */

typedef struct
{
  LksCliWork *work;
  const char *const *component_ids;
  gboolean is_keeping;
  gboolean is_dry_run;
  gboolean allow_restart;
  LksDeletePlan *plan; /* (owned) (nullable) */
} Removal;

static void
removal_clear (Removal *self)
{
  g_clear_pointer (&self->plan, lks_delete_plan_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Removal, removal_clear)

static void
tell_deletion (const LksDeletePlan *plan, guint index, gpointer user_data)
{
  const LksDeletion *deletion = g_ptr_array_index (plan->deletions, index);
  g_autofree char *name = lks_cli_clean (deletion->name);

  fprintf (stderr, "Deleting “%s”…\n", name);
}

static gboolean
delete_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Removal *self = user_data;
  g_autoptr (LksSoftware) software = NULL;

  if (!list_in_thread (device, &software, cancellable, error))
    return FALSE;
  self->plan =
      self->is_keeping
          ? lks_delete_plan_new_keep_only (software, self->work->lock, self->component_ids, error)
          : lks_delete_plan_new (software, self->work->lock, self->component_ids, error);
  if (self->plan == NULL)
    return FALSE;

  for (guint i = 0; i < self->plan->deletions->len; i++)
    {
      const LksDeletion *deletion = g_ptr_array_index (self->plan->deletions, i);

      lks_cli_print_forecast (deletion->name, deletion->forecast, deletion->forecast_reason);
    }
  return self->is_dry_run || lks_delete_plan_run (self->plan, device, self->allow_restart,
                                                  tell_deletion, NULL, cancellable, error);
}

static void
print_deletions (const Removal *self)
{
  for (guint i = 0; i < self->plan->deletions->len; i++)
    {
      const LksDeletion *deletion = g_ptr_array_index (self->plan->deletions, i);
      g_autofree char *name = lks_cli_clean (deletion->name);

      printf ("%s: %s\n", name, self->is_dry_run ? "would be deleted" : "deleted");
    }
  if (self->plan->deletions->len == 0)
    puts ("There is nothing to delete.");
  if (self->plan->has_restarted)
    puts ("The board has restarted.");
}

static int
run_removal (Removal *removal)
{
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_run (removal->work, delete_in_thread, removal, &error))
    return lks_cli_work_fail (removal->work, error);

  if (removal->work->json)
    lks_cli_work_print_json (removal->work, removal->is_dry_run ? "plan" : "result",
                             lks_delete_plan_to_json (removal->plan));
  else
    print_deletions (removal);
  return LKS_CLI_EXIT_DONE;
}

/* clang-format off */
#define REMOVAL_ENTRIES(removal)                                                                   \
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &(removal)->is_dry_run,                                  \
    "Only tell what would happen; deletes nothing", NULL },                                        \
  { "allow-restart", 0, 0, G_OPTION_ARG_NONE, &(removal)->allow_restart,                           \
    "Go on although the board restarts or may restart", NULL }
/* clang-format on */

/**
 * lks_cli_image_delete:
 * @argc: how many arguments
 * @argv: the arguments; the first is the verb
 *
 * Deletes applications from a board.
 *
 * Returns: the exit status
 */
int
lks_cli_image_delete (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (Removal) removal = { .work = &work };
  const GOptionEntry entries[] = { REMOVAL_ENTRIES (&removal), { NULL } };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, entries, "image delete ID…",
                           "Deletes applications from the board and proves that they are gone. ID "
                           "is a component ID.",
                           LKS_CLI_WORK_SOME, &argc, &argv, &error))
    return lks_cli_work_fail (&work, error);

  removal.component_ids = (const char *const *) argv + 1;
  return run_removal (&removal);
}

/**
 * lks_cli_image_keep_only:
 * @argc: how many arguments
 * @argv: the arguments; the first is the verb
 *
 * Deletes all applications but some from a board.
 *
 * Returns: the exit status
 */
int
lks_cli_image_keep_only (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (Removal) removal = { .work = &work, .is_keeping = TRUE };
  gboolean keeps_none = FALSE;
  const GOptionEntry entries[] = {
    { "none", 0, 0, G_OPTION_ARG_NONE, &keeps_none, "Keep no application", NULL },
    REMOVAL_ENTRIES (&removal),
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, entries, "image keep-only ID…|--none",
                           "Deletes all applications from the board but those that are named, and "
                           "proves that they are gone. ID is a component ID. The debug server is "
                           "an application, too.",
                           LKS_CLI_WORK_ANY, &argc, &argv, &error))
    return lks_cli_work_fail (&work, error);
  if (keeps_none != (argc == 1))
    {
      g_set_error_literal (&error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "Name the applications to keep, or --none instead");
      return lks_cli_work_fail (&work, error);
    }

  removal.component_ids = (const char *const *) argv + 1;
  return run_removal (&removal);
}

/**
 * lks_cli_image:
 * @argc: how many arguments
 * @argv: the arguments; the first is "image"
 *
 * Returns: the exit status
 */
int
lks_cli_image (int argc, char **argv)
{
  static const LksCliCommand verbs[] = {
    { "list", NULL, "What is installed", list },
    { "inspect", "FILE…", "What image packages are; needs no board", lks_cli_image_inspect },
    { "install", "FILE…", "Install images", lks_cli_image_install },
    { "delete", "ID…", "Delete applications", lks_cli_image_delete },
    { "keep-only", "ID…|--none", "Delete all applications but some", lks_cli_image_keep_only },
    { "remove-capability", "FILE", "Take a stored capability off the board",
      lks_cli_image_remove_capability },
  };

  return lks_cli_run_verb ("image", verbs, G_N_ELEMENTS (verbs), "Software of a board.", argc,
                           argv);
}
