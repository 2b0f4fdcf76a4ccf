/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud.h"

#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-json.h"
#include "lks-os-shelf.h"
#include "lks-os-versions.h"
#include "lks-recipe-os.h"
#include "lks-whole-file.h"

#include <stdio.h>

typedef struct
{
  char *address; /* (owned) (nullable) */
  char *path;    /* (owned) (nullable) */
  gboolean json;
  GBytes *text;      /* (owned) (nullable) */
  LksOsShelf *shelf; /* (owned) (nullable) */
} Versions;

static void
versions_clear (Versions *self)
{
  g_free (self->address);
  g_free (self->path);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->shelf, lks_os_shelf_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Versions, versions_clear)

/* @out_file: (out) (nullable): the only argument; NULL when there may be none */
static gboolean
parse (Versions *self,
       const GOptionEntry *own,
       const char *usage,
       const char *summary,
       const char **out_file,
       int *argc,
       char ***argv,
       GError **error)
{
  int n_files = out_file != NULL ? 1 : 0;

  if (!lks_cli_parse (own, usage, summary, argc, argv, error))
    return FALSE;
  if (*argc <= n_files)
    {
      g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                   "Something is missing: locksmithctl %s", usage);
      return FALSE;
    }
  if (out_file != NULL)
    *out_file = (*argv)[1];
  if (!lks_cli_refuse_arguments (*argc - n_files, *argv + n_files, error))
    return FALSE;
  if (self->path == NULL)
    self->path = lks_os_shelf_dup_path ();
  return TRUE;
}

static const char *
get_name (const Versions *self, guint index)
{
  return ((const LksRecipeOs *) g_ptr_array_index (self->shelf->versions, index))->name;
}

/* Its age counts: a list that is old does not know the newest versions. */
static int
report (Versions *self)
{
  g_autofree char *shown = g_filename_display_name (self->path);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (self->shelf->kept_unix_s);
  g_autofree char *fetched = g_date_time_format_iso8601 (time);
  const char *newest = lks_os_shelf_get_newest (self->shelf);
  JsonObject *object;
  JsonArray *names;

  if (!self->json)
    {
      for (guint i = 0; i < self->shelf->versions->len; i++)
        {
          g_autofree char *name = lks_cli_clean (get_name (self, i));

          puts (name);
        }
      fprintf (stderr, "%s, of %s (%" G_GINT64_FORMAT " days old)\n", shown, fetched,
               lks_os_shelf_get_age (self->shelf, g_get_real_time () / G_USEC_PER_SEC));
      return LKS_CLI_EXIT_DONE;
    }

  object = json_object_new ();
  names = json_array_new ();
  for (guint i = 0; i < self->shelf->versions->len; i++)
    json_array_add_string_element (names, get_name (self, i));
  json_object_set_string_member (object, "file", shown);
  json_object_set_string_member (object, "fetched", fetched);
  lks_json_set_text (object, "newest", newest);
  json_object_set_array_member (object, "versions", names);
  lks_cli_print_object (object);
  return LKS_CLI_EXIT_DONE;
}

/* ---- fetch ---- */

static gboolean
fetch_in_thread (LksCliCloud *cloud, gpointer data, GError **error)
{
  Versions *self = data;

  self->text = lks_os_versions_fetch (self->address, cloud->trust, cloud->cancellable, error);
  return self->text != NULL;
}

static gboolean
keep (Versions *self, GError **error)
{
  self->shelf = lks_os_shelf_keep (self->path, self->text, error);
  return self->shelf != NULL;
}

static int
fetch (int argc, char **argv)
{
  g_auto (Versions) self = { 0 };
  const GOptionEntry entries[] = {
    { "address", 0, 0, G_OPTION_ARG_STRING, &self.address,
      "Who publishes it (default: " LKS_OS_VERSIONS_PUBLIC ")", "URL" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self.path,
      "Where to keep it, such as beside a recipe", "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, "Print a JSON document", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!parse (&self, entries, "cloud os-versions fetch",
              "Fetches the vendor's list of OS versions. Needs no sign-in.", NULL, &argc, &argv,
              &error) ||
      !lks_cli_cloud_run (fetch_in_thread, &self, &error) || !keep (&self, &error))
    return (int) lks_cli_report_error (error, self.json);
  return report (&self);
}

/* ---- import ---- */

/* What is not understood does not take the place of the list that is kept. */
static int
import (int argc, char **argv)
{
  g_auto (Versions) self = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self.path,
      "Where to keep it, such as beside a recipe", "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, "Print a JSON document", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  const char *file;

  if (parse (&self, entries, "cloud os-versions import FILE",
             "Keeps a list of OS versions that was fetched on another computer.", &file, &argc,
             &argv, &error))
    self.text = lks_whole_file_read (file, LKS_OS_LIST_SIZE_MAX_BYTES, NULL, &error);
  if (self.text == NULL || !keep (&self, &error))
    return (int) lks_cli_report_error (error, self.json);
  return report (&self);
}

/* ---- show ---- */

static int
show (int argc, char **argv)
{
  g_auto (Versions) self = { 0 };
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &self.path, "Another list than the one that is kept",
      "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, "Print a JSON document", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (parse (&self, entries, "cloud os-versions show",
             "Shows the list of OS versions that is kept, and its age.", NULL, &argc, &argv,
             &error))
    self.shelf = lks_os_shelf_load (self.path, &error);
  return self.shelf != NULL ? report (&self) : (int) lks_cli_report_error (error, self.json);
}

static const LksCliCommand verbs[] = {
  { "fetch", NULL, "Fetch the vendor's list and keep it", fetch },
  { "import", "FILE", "Keep a list that was fetched on another computer", import },
  { "show", NULL, "The list that is kept, and its age", show },
};

/**
 * lks_cli_cloud_os:
 * @argc: how many arguments
 * @argv: the arguments, the first is the command
 *
 * `locksmithctl cloud os-versions`.
 *
 * Returns: the exit status
 */
int
lks_cli_cloud_os (int argc, char **argv)
{
  return lks_cli_run_verb ("cloud os-versions", verbs, G_N_ELEMENTS (verbs),
                           "The vendor's list of OS versions.", argc, argv);
}
