/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-app.h"

#include "lks-app-control.h"
#include "lks-app-memory.h"
#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-enums.h"

#include <stdio.h>

#define KIB 1024.0

typedef struct
{
  const char *name; /* (nullable): of the application that is meant */
  LksAppTrigger trigger;
  char *component_id;     /* (owned) (nullable): of that application */
  LksSoftware *software;  /* (owned) (nullable): the applications that are meant */
  LksMemoryStats *memory; /* (owned) (nullable) */
} AppWork;

static void
app_work_clear (AppWork *self)
{
  g_clear_pointer (&self->component_id, g_free);
  g_clear_pointer (&self->software, lks_software_free);
  g_clear_pointer (&self->memory, lks_memory_stats_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AppWork, app_work_clear)

/* ---- which applications ---- */

static void
keep_meant (LksSoftware *software, const char *component_id)
{
  for (guint i = software->items->len; i > 0; i--)
    {
      const LksSoftwareItem *item = g_ptr_array_index (software->items, i - 1);

      if (!lks_software_item_is_app (item) ||
          (component_id != NULL && !g_str_equal (item->component_id, component_id)))
        g_ptr_array_remove_index (software->items, i - 1);
    }
}

/* Finds the application that is named; without a name the only one, or all when @finds_all. */
static gboolean
find (AppWork *self,
      gboolean finds_all,
      LksDevice *device,
      GCancellable *cancellable,
      GError **error)
{
  g_clear_pointer (&self->software, lks_software_free);
  self->software = lks_software_read (device, NULL, cancellable, error);
  if (self->software == NULL)
    return FALSE;
  if (self->component_id == NULL && (self->name != NULL || !finds_all))
    {
      self->component_id = lks_app_find (self->software, self->name, error);
      if (self->component_id == NULL)
        return FALSE;
    }

  keep_meant (self->software, self->component_id);
  return TRUE;
}

static gboolean
read_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  return find (user_data, TRUE, device, cancellable, error);
}

static JsonNode *
apps_to_json (const LksSoftware *software)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < software->items->len; i++)
    lks_software_item_add_json (g_ptr_array_index (software->items, i), builder);
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

static char *
dup_storage (const LksSoftwareItem *item)
{
  return item->has_quota ? g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " KiB",
                                            item->storage_used_kib, item->storage_limit_kib)
                         : NULL;
}

static void
print_apps (const LksSoftware *software)
{
  static const char *const headings[] = { "NAME", "STATE", "STORAGE", "COMPONENT", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < software->items->len; i++)
    {
      const LksSoftwareItem *item = g_ptr_array_index (software->items, i);
      g_autofree char *name = lks_cli_clean (item->name);
      g_autofree char *storage = dup_storage (item);
      const char *const cells[] = {
        name,
        lks_enum_to_nick (LKS_TYPE_APP_STATE, (int) item->state),
        storage != NULL ? storage : "–",
        item->component_id,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }
  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

/* ---- status, quota ---- */

static int
show (const char *usage, const char *summary, int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (AppWork) app = { NULL };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, usage, summary, LKS_CLI_WORK_MAYBE_ONE, &argc, &argv,
                           &error))
    return lks_cli_work_fail (&work, error);
  app.name = argv[1];
  if (!lks_cli_work_run (&work, read_in_thread, &app, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "applications", apps_to_json (app.software));
  else if (app.software->items->len > 0)
    print_apps (app.software);
  else
    fputs ("No application is installed.\n", stderr);
  return LKS_CLI_EXIT_DONE;
}

static int
status (int argc, char **argv)
{
  return show ("app status [APP]",
               "Tells what applications do. APP is a component ID or a name; without it all of "
               "them.",
               argc, argv);
}

static int
quota (int argc, char **argv)
{
  return show ("app quota [APP]",
               "Tells how much mutable storage applications use, and how much they may use. APP is "
               "a component ID or a name; without it all of them.",
               argc, argv);
}

/* ---- start, stop ---- */

static gboolean
trigger_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  AppWork *self = user_data;
  g_autoptr (LksAppStatus) answer = NULL;

  if (!find (self, FALSE, device, cancellable, error))
    return FALSE;
  answer = lks_app_trigger (device, self->component_id, self->trigger, cancellable, error);

  return answer != NULL && find (self, FALSE, device, cancellable, error);
}

static int
trigger (LksAppTrigger what, const char *usage, const char *summary, int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (AppWork) app = { .trigger = what };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, usage, summary, LKS_CLI_WORK_MAYBE_ONE, &argc, &argv,
                           &error))
    return lks_cli_work_fail (&work, error);
  app.name = argv[1];
  if (!lks_cli_work_run (&work, trigger_in_thread, &app, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "applications", apps_to_json (app.software));
  else
    print_apps (app.software);
  return LKS_CLI_EXIT_DONE;
}

static int
start (int argc, char **argv)
{
  return trigger (LKS_APP_TRIGGER_START, "app start [APP]",
                  "Starts an application, and waits until it runs. APP is a component ID or a "
                  "name, and may be left out when there is only one.",
                  argc, argv);
}

static int
stop (int argc, char **argv)
{
  return trigger (LKS_APP_TRIGGER_STOP, "app stop [APP]",
                  "Stops an application until it is started again or the board restarts. APP is a "
                  "component ID or a name, and may be left out when there is only one.",
                  argc, argv);
}

/* ---- memory ---- */

static gboolean
memory_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  AppWork *self = user_data;

  self->memory = lks_device_get_memory_stats (device, cancellable, error);
  return self->memory != NULL && read_in_thread (device, self, cancellable, error);
}

static const char *
find_name (const LksSoftware *software, const char *component_id)
{
  const LksSoftwareItem *item = lks_software_find (software, component_id);

  return item != NULL ? item->name : component_id;
}

static void
print_memory (const AppWork *self)
{
  const LksMemoryStats *memory = self->memory;

  printf ("In use     %.1f KiB, by user mode %.1f KiB, at most so far %.1f KiB\n",
          (double) memory->current_bytes / KIB, (double) memory->user_mode_bytes / KIB,
          (double) memory->peak_user_mode_bytes / KIB);
  for (guint i = 0; i < memory->apps->len; i++)
    {
      const LksAppMemory *app = g_ptr_array_index (memory->apps, i);
      g_autofree char *name = lks_cli_clean (find_name (self->software, app->component_id));

      printf ("%s: %.1f KiB of heap in %u process%s\n", name,
              (double) lks_app_memory_sum_heap (app) / KIB, app->processes->len,
              app->processes->len == 1 ? "" : "es");
    }
}

static int
memory (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (AppWork) app = { NULL };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "app memory", "Tells how much memory applications use.", 0,
                           &argc, &argv, &error) ||
      !lks_cli_work_run (&work, memory_in_thread, &app, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "memory", lks_app_memory_to_json (app.memory));
  else
    print_memory (&app);
  return LKS_CLI_EXIT_DONE;
}

/**
 * lks_cli_app:
 * @argc: how many arguments
 * @argv: the arguments; the first is "app"
 *
 * Returns: the exit status
 */
int
lks_cli_app (int argc, char **argv)
{
  static const LksCliCommand verbs[] = {
    { "status", "[APP]", "What applications do", status },
    { "start", "[APP]", "Start an application", start },
    { "stop", "[APP]", "Stop an application", stop },
    { "output", "[APP]", "Show what an application writes", lks_cli_app_output },
    { "debug", "[APP]", "Let a debugger of yours debug an application", lks_cli_app_debug },
    { "quota", "[APP]", "Mutable storage of applications", quota },
    { "memory", NULL, "Memory of applications", memory },
  };

  return lks_cli_run_verb ("app", verbs, G_N_ELEMENTS (verbs), "Applications of a board.", argc,
                           argv);
}
