/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-steps of a development sequence. */
#include "lks-development-private.h"

#include "lks-board.h"
#include "lks-capability.h"
#include "lks-device-error.h"
#include "lks-service-check-private.h"
#include "lks-service-error.h"
#include "lks-software-delete.h"
#include "lks-words-private.h"

#define FILE_NAME "capability"

static const char needs_development_file[] =
    N_ ("Takes the capability file with appDevelopment for this board.");
static const char needs_empty_file[] =
    N_ ("Takes the empty capability file for this board: the cloud gives it when no capability is "
        "named for the download.");
static const char cloud_makes_file[] = N_ ("The cloud makes the capability file for this board.");
static const char cloud_moves[] = N_ ("The cloud moves the board to the device group for this.");
static const char no_apps[] = N_ ("No application is on the board.");
static const char apps_stay[] = N_ ("The applications stay.");
static const char is_so_already[] = N_ ("The board's capabilities are as they should be already.");
static const char will_restart[] = N_ ("The board restarts.");
static const char group_for_development[] =
    N_ ("In the cloud: note in which device group the board is, then move it to one without "
        "application updates (usually “Development”). Otherwise updates replace what is installed "
        "here.");
static const char group_for_cloud_test[] =
    N_ ("In the cloud: note in which device group the board is, then move it to the one for tests "
        "(usually “Field Test”). It gets its application at its next check for updates.");

static gboolean
wants_development (const LksDevelopment *self)
{
  return self->goal == LKS_DEVELOPMENT_GOAL_DEVELOPMENT;
}

/* Whether a board with these capabilities is as it should be in the end. */
gboolean
lks_development_is_wanted (const LksDevelopment *self, const LksStoredCapabilities *stored)
{
  return wants_development (self) ? stored->development
                                  : !stored->development && !stored->servicing;
}

gboolean
lks_development_read_stored (const LksDevelopmentWork *work,
                             LksStoredCapabilities *out_stored,
                             GError **error)
{
  return lks_capabilities_read (work->device, &out_stored->development, &out_stored->servicing,
                                work->cancellable, error);
}

static gboolean
finish (const LksDevelopmentWork *work,
        LksDevelopmentStep step,
        LksDevelopmentState *out_state,
        LksDevelopmentState state,
        const char *note)
{
  lks_development_note (work->development, step, note, NULL);
  *out_state = state;
  return TRUE;
}

/* ---- applications ---- */

static void
app_free (gpointer data)
{
  LksDevelopmentApp *self = data;

  g_free (self->component_id);
  g_free (self->name);
  g_free (self);
}

/* Remembers which applications are on the board. */
void
lks_development_take_apps (LksDevelopment *self, const LksSoftware *software)
{
  g_clear_pointer (&self->apps, g_ptr_array_unref);
  self->apps = g_ptr_array_new_with_free_func (app_free);
  for (guint i = 0; i < software->items->len; i++)
    {
      const LksSoftwareItem *item = g_ptr_array_index (software->items, i);
      LksDevelopmentApp *app;

      if (!lks_software_item_is_app (item))
        continue;
      app = g_new0 (LksDevelopmentApp, 1);
      app->component_id = g_strdup (item->component_id);
      app->name = g_strdup (item->name[0] != '\0' ? item->name : item->component_id);
      g_ptr_array_add (self->apps, app);
    }
}

/* Names of the applications that were on the board before, but for those that @without (nullable)
 * has; NULL when there are none, or none are known. */
char *
lks_development_dup_names (const LksDevelopment *self, const LksSoftware *without)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; self->apps != NULL && i < self->apps->len; i++)
    {
      const LksDevelopmentApp *app = g_ptr_array_index (self->apps, i);

      if (without == NULL || lks_software_find (without, app->component_id) == NULL)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", app->name);
    }

  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

/* ---- check ---- */

static gboolean
unsafe (GError **error, const char *message)
{
  g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE, message);
  return FALSE;
}

/* Asked first, for a locked board tells nothing else. */
static gboolean
check_state (const LksDevelopmentWork *work, GError **error)
{
  g_autoptr (LksDeviceManufacturing) manufacturing =
      lks_device_get_manufacturing_state (work->device, work->cancellable, error);
  LksStoredCapabilities stored;

  if (manufacturing == NULL || !lks_development_read_stored (work, &stored, error))
    return FALSE;
  if (manufacturing->state == LKS_MANUFACTURING_STATE_UNKNOWN)
    return unsafe (error, "the board reports a manufacturing state that means a fault or is not "
                          "known here; nothing is changed on such a board");
  if (!wants_development (work->development) ||
      manufacturing->state != LKS_MANUFACTURING_STATE_DEVICE_COMPLETE)
    return TRUE;

  return unsafe (error,
                 stored.development
                     ? "this board is finished, and a capability was left on it, which opens the "
                       "product to everybody. Take it away with the empty capability file; for "
                       "work on the board start a servicing session"
                     : "this board is finished. A capability that is stored on it would stay and "
                       "leave the product open to everybody. Start a servicing session with the "
                       "capability instead: it does the same and leaves nothing behind");
}

static gboolean
check_ota (const LksSoftware *software, GError **error)
{
  return lks_service_check (!software->is_ota_in_progress, error,
                            "an update over the air is in progress; try again when it is over");
}

static gboolean
read_board (const LksDevelopmentWork *work, GError **error)
{
  LksDevelopment *self = work->development;
  g_autoptr (LksSideloadFacts) facts =
      lks_sideload_facts_read (work->device, NULL, work->lock, work->cancellable, error);

  if (facts == NULL || !check_ota (facts->software, error))
    return FALSE;

  lks_development_take_apps (self, facts->software);
  self->before.development = facts->stored_development;
  self->before.servicing = facts->stored_servicing;
  self->device_id = g_strdup (facts->device_id);
  return TRUE;
}

/* Whether the board is still the one that this was begun with. A board that was not read yet is
 * taken for it. */
gboolean
lks_development_check_board (const LksDevelopmentWork *work, GError **error)
{
  LksDevelopment *self = work->development;
  g_autoptr (LksDeviceSecurity) security =
      lks_device_get_security_state (work->device, work->cancellable, error);

  if (security == NULL)
    return FALSE;
  if (self->device_id == NULL)
    self->device_id = g_strdup (security->device_id);
  if (g_strcmp0 (security->device_id, self->device_id) == 0)
    return TRUE;

  g_set_error_literal (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY,
                       "another board answers than the one this was begun with");
  return FALSE;
}

/* When it goes on, the board may tell less than before: it is asked who it is, no more. */
static gboolean
check (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  LksDevelopment *self = work->development;
  g_autofree char *names = NULL;

  if (!check_state (work, error))
    return FALSE;
  if (self->device_id != NULL ? !lks_development_check_board (work, error)
                              : !read_board (work, error))
    return FALSE;

  names = lks_development_dup_names (self, NULL);
  lks_development_note (self, LKS_DEVELOPMENT_STEP_CHECK,
                        names != NULL ? N_ ("Applications before:") : no_apps, names);
  *out_state = LKS_DEVELOPMENT_STATE_DONE;
  return TRUE;
}

/* ---- the capability file ---- */

static gboolean
require_file (const LksDevelopment *self, GError **error)
{
  return lks_service_check (self->file != NULL, error, "%s",
                            wants_development (self)
                                ? "the capability file with appDevelopment for this board is "
                                  "missing"
                                : "the empty capability file for this board is missing: the cloud "
                                  "gives it when no capability is named for the download");
}

static gboolean
check_kind (const LksDevelopment *self, const LksCapabilityFile *file, GError **error)
{
  if (!lks_service_check (file != NULL, error, "the file is no capability file"))
    return FALSE;

  if (wants_development (self))
    return lks_service_check (lks_capability_file_has (file, LKS_CAPABILITY_APP_DEVELOPMENT), error,
                              "the file does not grant appDevelopment");
  return lks_service_check (file->capabilities->len == 0, error,
                            "the file grants capabilities instead of taking them away");
}

static LksSideloadPlan *
plan_file (const LksDevelopmentWork *work, GError **error)
{
  g_autoptr (GBytes) bytes = lks_secret_share_bytes (work->development->file);
  g_autoptr (LksSideloadPackage) package = lks_sideload_package_new (FILE_NAME, bytes, error);
  GPtrArray *packages;
  LksSideloadFacts *facts;

  if (package == NULL)
    return NULL;
  facts = lks_sideload_facts_read (work->device, NULL, work->lock, work->cancellable, error);
  if (facts == NULL)
    return NULL;

  packages = lks_sideload_packages_new ();
  g_ptr_array_add (packages, g_steal_pointer (&package));
  return lks_sideload_plan_new (facts, packages);
}

/* Everything that would refuse the file later is found now, before anything is deleted for it. */
static gboolean
check_file (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  LksDevelopment *self = work->development;
  g_autoptr (LksSideloadPlan) plan = NULL;
  LksStoredCapabilities stored;

  if (!lks_development_read_stored (work, &stored, error))
    return FALSE;
  if (lks_development_is_wanted (self, &stored))
    return finish (work, LKS_DEVELOPMENT_STEP_FILE, out_state, LKS_DEVELOPMENT_STATE_NOTHING,
                   is_so_already);
  if (self->file == NULL &&
      !lks_development_fetch_file (work,
                                   wants_development (self) ? LKS_CAPABILITY_APP_DEVELOPMENT : 0,
                                   error))
    return FALSE;
  if (!require_file (self, error) || (plan = plan_file (work, error)) == NULL)
    return FALSE;

  return check_kind (
             self,
             ((LksSideloadPackage *) g_ptr_array_index (plan->packages, 0))->inspection->capability,
             error) &&
         lks_sideload_plan_check (plan, FALSE, error);
}

/* Sends the file, and waits until the board that restarts lists what it grants. */
gboolean
lks_development_install (const LksDevelopmentWork *work, GError **error)
{
  const LksSideloadOptions options = {
    .allow_restart = TRUE,
    .restart_limit_s = work->development->restart_limit_s,
  };
  g_autoptr (LksSideloadPlan) plan = plan_file (work, error);
  g_autoptr (LksSideloadResult) result = NULL;

  if (plan == NULL)
    return FALSE;

  result = lks_sideload_run (work->device, plan, &options, work->cancellable, error);
  return result != NULL;
}

/* The board is asked before: an answer that was lost may have been a good one. */
static gboolean
apply (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  LksDevelopment *self = work->development;
  LksStoredCapabilities stored;

  if (!lks_development_read_stored (work, &stored, error))
    return FALSE;
  if (!lks_development_is_wanted (self, &stored))
    return require_file (self, error) && lks_development_install (work, error);
  if (lks_development_is_wanted (self, &self->before))
    return finish (work, LKS_DEVELOPMENT_STEP_APPLY, out_state, LKS_DEVELOPMENT_STATE_NOTHING,
                   is_so_already);

  return TRUE;
}

/* ---- deleting ---- */

static gboolean
delete_all (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  static const char *const none[] = { NULL };
  LksDevelopment *self = work->development;
  g_autoptr (LksSoftware) software =
      lks_software_read (work->device, NULL, work->cancellable, error);
  g_autoptr (LksDeletePlan) plan = NULL;
  g_autofree char *names = lks_development_dup_names (self, NULL);

  if (software == NULL || !check_ota (software, error))
    return FALSE;
  plan = lks_delete_plan_new_keep_only (software, work->lock, none, error);
  if (plan == NULL ||
      !lks_delete_plan_run (plan, work->device, TRUE, NULL, NULL, work->cancellable, error))
    return FALSE;
  if (plan->deletions->len == 0 && names == NULL)
    return finish (work, LKS_DEVELOPMENT_STEP_DELETE, out_state, LKS_DEVELOPMENT_STATE_NOTHING,
                   no_apps);

  lks_development_note (self, LKS_DEVELOPMENT_STEP_DELETE, N_ ("Deleted:"), names);
  return TRUE;
}

static gboolean
delete_apps (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  if (wants_development (work->development))
    return finish (work, LKS_DEVELOPMENT_STEP_DELETE, out_state, LKS_DEVELOPMENT_STATE_NOTHING,
                   apps_stay);

  return delete_all (work, out_state, error);
}

/* ---- the result ---- */

static gboolean
check_stored (const LksDevelopmentWork *work, GError **error)
{
  LksDevelopment *self = work->development;
  LksStoredCapabilities stored;

  if (!lks_development_read_stored (work, &stored, error))
    return FALSE;
  if (lks_development_is_wanted (self, &stored))
    return TRUE;

  g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                       wants_development (self)
                           ? "the board does not list appDevelopment afterwards"
                           : "the board still lists a stored capability");
  return FALSE;
}

static gboolean
has_debug_server (const LksSoftware *software)
{
  for (guint i = 0; i < software->items->len; i++)
    if (lks_software_item_is_debugger (g_ptr_array_index (software->items, i)))
      return TRUE;

  return FALSE;
}

static gboolean
check_software (const LksDevelopmentWork *work, const LksSoftware *software, GError **error)
{
  LksDevelopment *self = work->development;
  guint n_apps = lks_software_count_apps (software);

  if (wants_development (self))
    {
      if (!has_debug_server (software))
        lks_development_note (self, LKS_DEVELOPMENT_STEP_VERIFY,
                              N_ ("The debug server is not on the board. Applications run without "
                                  "it; for debugging, install its image from the SDK."),
                              NULL);
      return TRUE;
    }
  if (n_apps == 0 && !has_debug_server (software))
    return TRUE;

  g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                       "an application is on the board although all were deleted");
  return FALSE;
}

/* A finished board that has lost its capability tells nothing of its images, which proves that it
 * is locked. */
static gboolean
verify (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  LksDevelopment *self = work->development;
  g_autoptr (LksSoftware) software = NULL;
  g_autoptr (GError) local = NULL;

  if (!check_stored (work, error))
    return FALSE;

  software = lks_software_read (work->device, NULL, work->cancellable, &local);
  if (software != NULL)
    return check_software (work, software, error);
  if (!wants_development (self) &&
      g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    return finish (work, LKS_DEVELOPMENT_STEP_VERIFY, out_state, LKS_DEVELOPMENT_STATE_DONE,
                   N_ ("The board is finished and locked now. For further work on it, start a "
                       "servicing session."));

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
settle_group (const LksDevelopmentWork *work, LksDevelopmentState *out_state, GError **error)
{
  if (work->development->cloud != NULL)
    return lks_development_move (work, out_state, error);
  return finish (work, LKS_DEVELOPMENT_STEP_GROUP, out_state, LKS_DEVELOPMENT_STATE_BY_HAND,
                 wants_development (work->development) ? group_for_development
                                                       : group_for_cloud_test);
}

/* ---- all of them ---- */

/* Does one step. */
gboolean
lks_development_do (const LksDevelopmentWork *work,
                    LksDevelopmentStep step,
                    LksDevelopmentState *out_state,
                    GError **error)
{
  switch (step)
    {
    case LKS_DEVELOPMENT_STEP_CHECK:
      return check (work, out_state, error);
    case LKS_DEVELOPMENT_STEP_FILE:
      return check_file (work, out_state, error);
    case LKS_DEVELOPMENT_STEP_DELETE:
      return delete_apps (work, out_state, error);
    case LKS_DEVELOPMENT_STEP_APPLY:
      return apply (work, out_state, error);
    case LKS_DEVELOPMENT_STEP_VERIFY:
      return verify (work, out_state, error);
    case LKS_DEVELOPMENT_STEP_GROUP:
      break;
    }

  return settle_group (work, out_state, error);
}

static void
preview_step (LksDevelopment *self, LksDevelopmentStep step, const char *note, const char *subject)
{
  if (self->reports[step].state == LKS_DEVELOPMENT_STATE_WAITING)
    lks_development_note (self, step, note, subject);
}

/* Tells what the steps that were not begun would do, now that the board was read. */
void
lks_development_preview (LksDevelopment *self)
{
  gboolean is_wanted = lks_development_is_wanted (self, &self->before);
  g_autofree char *names = wants_development (self) ? NULL : lks_development_dup_names (self, NULL);

  preview_step (self, LKS_DEVELOPMENT_STEP_FILE,
                is_wanted                                   ? is_so_already
                : self->cloud != NULL && self->file == NULL ? cloud_makes_file
                : wants_development (self)                  ? needs_development_file
                                                            : needs_empty_file,
                NULL);
  preview_step (self, LKS_DEVELOPMENT_STEP_DELETE,
                names != NULL              ? N_ ("Will be deleted:")
                : wants_development (self) ? apps_stay
                                           : no_apps,
                names);
  preview_step (self, LKS_DEVELOPMENT_STEP_APPLY, is_wanted ? is_so_already : will_restart, NULL);
  preview_step (self, LKS_DEVELOPMENT_STEP_GROUP,
                self->cloud != NULL        ? cloud_moves
                : wants_development (self) ? group_for_development
                                           : group_for_cloud_test,
                NULL);
}
