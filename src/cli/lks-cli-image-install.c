/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-image.h"

#include "lks-capability-removal.h"
#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-enums.h"

#include <stdio.h>
#include <unistd.h>

#define KIB 1024.0

typedef struct
{
  LksCliWork *work;
  char **known; /* (owned) (nullable) */
  gboolean is_manual;
  gboolean is_dry_run;
  gboolean allow_restart;
  gboolean force;
  gboolean is_removal;
  LksManifestStore *store;   /* (owned) */
  GPtrArray *packages;       /* (owned) (nullable) (element-type LksSideloadPackage) */
  LksSideloadPlan *plan;     /* (owned) (nullable) */
  LksSideloadResult *result; /* (owned) (nullable) */
} Install;

static void
install_clear (Install *self)
{
  g_strfreev (self->known);
  g_clear_pointer (&self->packages, g_ptr_array_unref);
  g_clear_pointer (&self->plan, lks_sideload_plan_free);
  g_clear_pointer (&self->result, lks_sideload_result_free);
  g_clear_pointer (&self->store, lks_manifest_store_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Install, install_clear)

/* ---- what will happen, and what happens ---- */

static const char *
describe_level (LksFindingLevel level)
{
  switch (level)
    {
    case LKS_FINDING_LEVEL_FORBIDDEN:
      return "Never";
    case LKS_FINDING_LEVEL_PROBLEM:
      return "Problem";
    case LKS_FINDING_LEVEL_WARNING:
      return "Warning";
    case LKS_FINDING_LEVEL_NOTE:
      break;
    }

  return "Note";
}

static const char *
describe_forecast (LksRestartForecast forecast)
{
  switch (forecast)
    {
    case LKS_RESTART_FORECAST_YES:
      return "The board will restart";
    case LKS_RESTART_FORECAST_CANNOT_TELL:
      return "The board may restart, which cannot be told";
    case LKS_RESTART_FORECAST_NO:
      break;
    }

  return "The board will not restart";
}

/**
 * lks_cli_print_forecast:
 * @what: what is installed or deleted
 * @forecast: whether that restarts the board
 * @reason: why
 *
 * Tells the person on stderr.
 */
void
lks_cli_print_forecast (const char *what, LksRestartForecast forecast, const char *reason)
{
  g_autofree char *clean = lks_cli_clean (what);

  fprintf (stderr, "%s: %s. %s\n", clean, describe_forecast (forecast), reason);
}

static void
print_plan (const LksSideloadPlan *plan)
{
  for (guint i = 0; i < plan->findings->len; i++)
    {
      const LksFinding *finding = g_ptr_array_index (plan->findings, i);
      g_autofree char *clean = lks_cli_clean (finding->detail);

      fprintf (stderr, "%s: %s: %s\n", describe_level (finding->level),
               lks_finding_code_get_title (finding->code), clean);
    }
  for (guint i = 0; i < plan->packages->len; i++)
    {
      const LksSideloadPackage *package = g_ptr_array_index (plan->packages, i);

      lks_cli_print_forecast (lks_image_inspection_get_name (package->inspection),
                              package->forecast, package->forecast_reason);
    }
}

static void
tell_sent (const LksSideloadProgress *progress)
{
  gboolean is_whole = progress->sent_bytes == progress->total_bytes && progress->total_bytes > 0;

  if (progress->total_bytes == 0)
    return;
  if (isatty (STDERR_FILENO))
    fprintf (stderr, "\r  %.0f of %.0f KiB, %.0f KiB/s \033[K%s",
             (double) progress->sent_bytes / KIB, (double) progress->total_bytes / KIB,
             progress->bytes_per_second / KIB, is_whole ? "\n" : "");
  else if (is_whole)
    fprintf (stderr, "  %.0f KiB sent\n", (double) progress->total_bytes / KIB);
}

/**
 * lks_cli_tell_sideload:
 * @progress: what is done
 * @user_data: nothing
 *
 * Tells the person on stderr; the rate only on a terminal. A LksSideloadFunc.
 */
void
lks_cli_tell_sideload (const LksSideloadProgress *progress, gpointer user_data)
{
  if (progress->step == LKS_SIDELOAD_STEP_SEND && progress->total_bytes > 0)
    tell_sent (progress);
  else
    fprintf (stderr, "%s…\n", lks_sideload_step_get_title (progress->step));
}

/* ---- the work ---- */

static gboolean
install_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Install *self = user_data;
  LksSideloadFacts *facts =
      lks_sideload_facts_read (device, self->store, self->work->lock, cancellable, error);
  const LksSideloadOptions options = {
    .control = self->is_manual ? LKS_APP_CONTROL_MANUAL : LKS_APP_CONTROL_AUTO,
    .force = self->force,
    .allow_restart = self->allow_restart,
    .progress = lks_cli_tell_sideload,
  };

  if (facts == NULL)
    return FALSE;

  self->plan = lks_sideload_plan_new (facts, g_steal_pointer (&self->packages));
  print_plan (self->plan);
  if (self->is_dry_run)
    return TRUE;

  self->result = lks_sideload_run (device, self->plan, &options, cancellable, error);
  return self->result != NULL;
}

static gboolean
load (Install *self, char **files, GError **error)
{
  g_autofree char *folder = lks_manifest_store_dup_default_path ();

  self->store = lks_manifest_store_new (folder);
  self->packages = lks_sideload_packages_new ();
  for (gsize i = 0; self->known != NULL && self->known[i] != NULL; i++)
    {
      g_autoptr (LksSideloadPackage) known = lks_sideload_package_load (self->known[i], error);

      if (known == NULL)
        return FALSE;
      lks_manifest_store_add (self->store, known->bytes, known->inspection);
    }
  for (gsize i = 0; files[i] != NULL; i++)
    {
      LksSideloadPackage *package = lks_sideload_package_load (files[i], error);

      if (package == NULL)
        return FALSE;
      g_ptr_array_add (self->packages, package);
      if (self->is_removal && !lks_capability_removal_check (package, error))
        return FALSE;
      lks_manifest_store_add (self->store, package->bytes, package->inspection);
    }

  if (self->packages->len <= LKS_SIDELOAD_PACKAGES_MAX)
    return TRUE;
  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE, "At most %d images at a time",
               LKS_SIDELOAD_PACKAGES_MAX);
  return FALSE;
}

static void
print_result (const Install *self)
{
  const LksSideloadResult *result = self->result;

  for (guint i = 0; i < result->outcomes->len; i++)
    {
      const LksSideloadOutcome *outcome = g_ptr_array_index (result->outcomes, i);
      const LksSideloadPackage *package = g_ptr_array_index (self->plan->packages, i);
      g_autofree char *name = lks_cli_clean (lks_image_inspection_get_name (package->inspection));
      gboolean has_state = outcome->state != LKS_APP_STATE_UNKNOWN;

      printf ("%s: %s%s%s\n", name, outcome->was_there ? "was there already" : "installed",
              has_state ? ", " : "",
              has_state ? lks_enum_to_nick (LKS_TYPE_APP_STATE, (int) outcome->state) : "");
    }
  if (result->has_restarted)
    puts ("The board has restarted.");
}

static int
report_plan (Install *self)
{
  LksFindingLevel level = lks_sideload_plan_get_level (self->plan);

  if (self->work->json)
    lks_cli_work_print_json (self->work, "plan", lks_sideload_plan_to_json (self->plan));
  else
    puts (level >= LKS_FINDING_LEVEL_PROBLEM ? "This would fail. Nothing was sent."
                                             : "This can be installed. Nothing was sent.");
  if (level == LKS_FINDING_LEVEL_FORBIDDEN)
    return LKS_CLI_EXIT_REFUSED;
  return level == LKS_FINDING_LEVEL_PROBLEM ? LKS_CLI_EXIT_FAIL : LKS_CLI_EXIT_DONE;
}

static int
report (Install *self)
{
  if (self->is_dry_run)
    return report_plan (self);

  if (self->work->json)
    lks_cli_work_print_json (self->work, "result", lks_sideload_result_to_json (self->result));
  else
    print_result (self);
  return LKS_CLI_EXIT_DONE;
}

static int
run (Install *install, char **files)
{
  g_autoptr (GError) error = NULL;

  if (!load (install, files, &error) ||
      !lks_cli_work_run (install->work, install_in_thread, install, &error))
    return lks_cli_work_fail (install->work, error);

  return report (install);
}

/**
 * lks_cli_image_install:
 * @argc: how many arguments
 * @argv: the arguments; the first is the verb
 *
 * Installs images on a board.
 *
 * Returns: the exit status
 */
int
lks_cli_image_install (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (Install) install = { .work = &work };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &install.is_dry_run,
      "Only tell what would happen; sends nothing", NULL },
    { "allow-restart", 0, 0, G_OPTION_ARG_NONE, &install.allow_restart,
      "Go on although the board restarts or may restart", NULL },
    { "manual", 0, 0, G_OPTION_ARG_NONE, &install.is_manual, "Do not start installed applications",
      NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &install.force,
      "Send even what the board will probably refuse; never what must not be done", NULL },
    { "known", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &install.known,
      "A package of what is installed now, which helps to tell whether the board restarts",
      "FILE" },
    { NULL },
  };

  if (!lks_cli_work_parse (&work, entries, "image install FILE…",
                           "Checks images, tells whether the board will restart, sends them, "
                           "installs them, and proves that they are installed.",
                           LKS_CLI_WORK_SOME, &argc, &argv, &error))
    return lks_cli_work_fail (&work, error);

  return run (&install, argv + 1);
}

/**
 * lks_cli_image_remove_capability:
 * @argc: how many arguments
 * @argv: the arguments; the first is the verb
 *
 * Takes a stored capability off a board.
 *
 * Returns: the exit status
 */
int
lks_cli_image_remove_capability (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (Install) install = { .work = &work, .is_removal = TRUE, .allow_restart = TRUE };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "image remove-capability FILE",
                           "Takes a stored capability off a board, which restarts. FILE is the "
                           "empty capability file for this very board, downloaded without naming "
                           "any capability.",
                           1, &argc, &argv, &error))
    return lks_cli_work_fail (&work, error);

  return run (&install, argv + 1);
}
