/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud.h"

#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-os-versions.h"
#include "lks-recipe-os.h"

#include <glib/gstdio.h>
#include <stdio.h>

#define SECONDS_PER_DAY (24 * 60 * 60)

typedef struct
{
  char *address; /* (owned) (nullable) */
  char *path;    /* (owned) (nullable) */
  gboolean json;
  GBytes *text;    /* (owned) (nullable) */
  GPtrArray *list; /* (owned) (nullable) (element-type LksRecipeOs) */
} Versions;

static void
versions_clear (Versions *self)
{
  g_free (self->address);
  g_free (self->path);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->list, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Versions, versions_clear)

static gboolean
parse (Versions *self,
       const GOptionEntry *own,
       const char *usage,
       const char *summary,
       int *argc,
       char ***argv,
       GError **error)
{
  if (!lks_cli_parse (own, usage, summary, argc, argv, error) ||
      !lks_cli_refuse_arguments (*argc, *argv, error))
    return FALSE;
  if (self->path == NULL)
    self->path = g_build_filename (g_get_user_data_dir (), "locksmith", "mt3620an.json", NULL);
  return TRUE;
}

/* Its age counts: a list that is old does not know the newest versions. */
static int
report (Versions *self)
{
  g_autofree char *shown = g_filename_display_name (self->path);
  g_autofree char *fetched = NULL;
  g_autoptr (GDateTime) time = NULL;
  GStatBuf info = { 0 };
  JsonObject *object;
  JsonArray *names;

  g_stat (self->path, &info);
  time = g_date_time_new_from_unix_utc ((gint64) info.st_mtime);
  fetched = g_date_time_format_iso8601 (time);
  if (!self->json)
    {
      for (guint i = 0; i < self->list->len; i++)
        {
          g_autofree char *name =
              lks_cli_clean (((LksRecipeOs *) g_ptr_array_index (self->list, i))->name);

          puts (name);
        }
      fprintf (stderr, "%s, of %s (%" G_GINT64_FORMAT " days old)\n", shown, fetched,
               (g_get_real_time () / G_USEC_PER_SEC - (gint64) info.st_mtime) / SECONDS_PER_DAY);
      return LKS_CLI_EXIT_DONE;
    }

  object = json_object_new ();
  names = json_array_new ();
  for (guint i = 0; i < self->list->len; i++)
    json_array_add_string_element (names,
                                   ((LksRecipeOs *) g_ptr_array_index (self->list, i))->name);
  json_object_set_string_member (object, "file", shown);
  json_object_set_string_member (object, "fetched", fetched);
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

/* What is not understood does not take the place of the last good list. */
static gboolean
keep (Versions *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  gsize size_bytes;
  const char *data = g_bytes_get_data (self->text, &size_bytes);

  self->list = lks_os_list_parse ("list of OS versions", self->text, error);
  if (self->list == NULL)
    return FALSE;
  g_mkdir_with_parents (folder, 0700);
  return g_file_set_contents (self->path, data, (gssize) size_bytes, error);
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
              "Fetches the vendor's list of OS versions. Needs no sign-in.", &argc, &argv,
              &error) ||
      !lks_cli_cloud_run (fetch_in_thread, &self, &error) || !keep (&self, &error))
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
  g_autofree char *hash = NULL;
  g_autoptr (GError) error = NULL;

  if (parse (&self, entries, "cloud os-versions show",
             "Shows the list of OS versions that is kept, and its age.", &argc, &argv, &error))
    self.list = lks_os_list_load (self.path, &hash, &error);
  return self.list != NULL ? report (&self) : (int) lks_cli_report_error (error, self.json);
}

static const LksCliCommand verbs[] = {
  { "fetch", NULL, "Fetch the vendor's list and keep it", fetch },
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
