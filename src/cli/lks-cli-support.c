/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-bundle.h"
#include "lks-cli-os-age.h"
#include "lks-cli-output.h"
#include "lks-cli-work.h"

#include <stdio.h>

typedef struct
{
  LksCliWork work;
  char *messages_folder;
  LksBundleWish wish;
  LksBundle *bundle; /* (owned) */
} SupportCommand;

static void
support_command_clear (SupportCommand *self)
{
  lks_cli_work_clear (&self->work);
  g_free (self->messages_folder);
  g_clear_pointer (&self->wish.messages, lks_log_messages_unref);
  g_clear_pointer (&self->bundle, lks_bundle_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SupportCommand, support_command_clear)

static gboolean
parse (SupportCommand *self,
       const char *usage,
       const char *summary,
       int n_arguments,
       int *argc,
       char ***argv,
       GError **error)
{
  const GOptionEntry entries[] = {
    { "hide-network-names", 0, 0, G_OPTION_ARG_NONE, &self->wish.hide_names,
      "Replace the names of networks, and mask the texts of the log", NULL },
    { "hide-hardware-addresses", 0, 0, G_OPTION_ARG_NONE, &self->wish.hide_addresses,
      "Replace hardware addresses (MAC)", NULL },
    { "messages", 0, 0, G_OPTION_ARG_FILENAME, &self->messages_folder,
      "The vendor's message definitions for the board's system", "FOLDER" },
    { NULL },
  };

  if (!lks_cli_work_parse (&self->work, entries, usage, summary, n_arguments, argc, argv, error))
    return FALSE;
  if (self->messages_folder == NULL)
    return TRUE;

  self->wish.messages = lks_log_messages_load (self->messages_folder, error);
  return self->wish.messages != NULL;
}

/* Worker thread. */
static gboolean
read_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  return lks_bundle_read (user_data, device, cancellable, error);
}

/* What was read until the board vanished is worth keeping, but for a person who interrupts. */
static gboolean
read_bundle (SupportCommand *self, GError **partly, GError **error)
{
  self->bundle = lks_bundle_new ();
  if (!lks_cli_work_run (&self->work, read_job, self->bundle, partly) &&
      (self->work.status == NULL || lks_bundle_get_read (self->bundle) == 0 ||
       g_error_matches (*partly, G_IO_ERROR, G_IO_ERROR_CANCELLED)))
    {
      g_propagate_error (error, g_steal_pointer (partly));
      return FALSE;
    }

  lks_bundle_set_board (self->bundle, self->work.status,
                        self->work.has_counters ? &self->work.counters : NULL);
  return TRUE;
}

static JsonNode *
to_json (GPtrArray *entries, const char *path)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  if (path != NULL)
    json_object_set_string_member (object, "file", path);
  json_object_set_member (object, "entries", lks_bundle_entries_to_json (entries));
  json_node_take_object (node, object);
  return node;
}

static void
print_entry (const LksBundleEntry *entry)
{
  g_autoptr (GString) holds = g_string_new (NULL);

  for (guint bit = 0; bit < LKS_BUNDLE_N_HOLDS; bit++)
    if (entry->holds & 1u << bit)
      g_string_append_printf (holds, "%s%s", holds->len > 0 ? ", " : "",
                              lks_bundle_holds_get_title (1u << bit));
  printf ("%-22s %8" G_GSIZE_FORMAT "  %s\n", entry->name, g_bytes_get_size (entry->bytes),
          entry->title);
  if (entry->error != NULL)
    {
      g_autofree char *reason = lks_cli_clean (entry->error->message);

      printf ("%33smissing: %s\n", "", reason);
    }
  if (holds->len > 0)
    printf ("%33sholds %s\n", "", holds->str);
}

static int
report (SupportCommand *self, const char *path, const GError *partly)
{
  g_autoptr (GPtrArray) entries = lks_bundle_list (self->bundle, &self->wish);

  if (self->work.status != NULL)
    lks_cli_os_warn (self->work.port, lks_board_status_get_os_version (self->work.status));
  if (!self->work.json)
    {
      for (guint i = 0; i < entries->len; i++)
        print_entry (g_ptr_array_index (entries, i));
      if (path != NULL)
        printf ("Saved a support bundle of %u files to %s\n", entries->len, path);
    }
  if (partly != NULL)
    return lks_cli_work_fail_partly (&self->work, "bundle", to_json (entries, path), partly);

  if (self->work.json)
    lks_cli_work_print_json (&self->work, "bundle", to_json (entries, path));
  return LKS_CLI_EXIT_DONE;
}

static int
save (int argc, char **argv)
{
  g_auto (SupportCommand) self = { .wish = { 0 } };
  g_autoptr (GError) partly = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = NULL;

  if (!parse (&self, "support save FILE",
              "Saves what a helper needs to know about a board, in one zip archive.", 1, &argc,
              &argv, &error) ||
      !read_bundle (&self, &partly, &error))
    return lks_cli_work_fail (&self.work, error);

  file = g_file_new_for_commandline_arg (argv[1]);
  if (!lks_bundle_save (self.bundle, &self.wish, file, NULL, &error))
    return lks_cli_work_fail (&self.work, error);

  return report (&self, argv[1], partly);
}

static int
preview (int argc, char **argv)
{
  g_auto (SupportCommand) self = { .wish = { 0 } };
  g_autoptr (GError) partly = NULL;
  g_autoptr (GError) error = NULL;

  if (!parse (&self, "support preview",
              "Shows what “support save” would save, and what of it is personal.", 0, &argc, &argv,
              &error) ||
      !read_bundle (&self, &partly, &error))
    return lks_cli_work_fail (&self.work, error);

  return report (&self, NULL, partly);
}

static const LksCliCommand verbs[] = {
  { "save", "FILE", "Save a support bundle", save },
  { "preview", NULL, "Show what it would contain", preview },
};

/**
 * lks_cli_support:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do
 *
 * Saves a support bundle, or shows what it would contain.
 *
 * Returns: the exit status
 */
int
lks_cli_support (int argc, char **argv)
{
  return lks_cli_run_verb (
      "support", verbs, G_N_ELEMENTS (verbs),
      "What a helper needs to know about a board, in one archive. A board that "
      "is locked tells little outside of a session.",
      argc, argv);
}
