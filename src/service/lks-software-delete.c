/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-software-delete.h"

#include "lks-enums.h"
#include "lks-json-member-private.h"
#include "lks-restart-watch.h"
#include "lks-service-check-private.h"
#include "lks-service-error.h"

/* A board that restarts without a word does so within a second or two. */
#define QUIET_MS 3000

static void
deletion_free (gpointer data)
{
  LksDeletion *self = data;

  g_free (self->component_id);
  g_free (self->name);
  g_free (self);
}

static LksDeletePlan *
plan_new (void)
{
  LksDeletePlan *self = g_new0 (LksDeletePlan, 1);

  self->deletions = g_ptr_array_new_with_free_func (deletion_free);
  return self;
}

/**
 * lks_delete_plan_free:
 * @self: (transfer full) (nullable): a plan
 */
void
lks_delete_plan_free (LksDeletePlan *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->deletions);
  g_free (self);
}

static void
add_deletion (LksDeletePlan *self, const LksSoftwareItem *item, LksPeripheralLock lock)
{
  LksDeletion *deletion = g_new0 (LksDeletion, 1);
  const LksSoftwareChange change = {
    .kind = LKS_CHANGE_KIND_DELETE,
    .way = LKS_CHANGE_WAY_SIDELOAD,
    .image_type = item->image_type,
    .lock = lock,
    .is_installed = LKS_KNOWN_YES,
    .installed_manifest = item->manifest,
  };

  deletion->component_id = g_strdup (item->component_id);
  deletion->name = g_strdup (item->name);
  deletion->forecast = lks_restart_forecast_derive (&change, &deletion->forecast_reason);
  self->forecast = lks_restart_forecast_combine (self->forecast, deletion->forecast);
  g_ptr_array_add (self->deletions, deletion);
}

/* A wrong ID must not pass for one that is gone already. */
static LksSoftwareItem *
find_app (const LksSoftware *software, const char *component_id, GError **error)
{
  LksSoftwareItem *item = lks_software_find (software, component_id);

  if (!lks_service_check (item != NULL, error, "no component %s is installed", component_id) ||
      !lks_service_check (lks_software_item_is_app (item), error,
                          "%s (%s) belongs to the system; boards delete applications only",
                          component_id, item->name))
    return NULL;

  return item;
}

static gboolean
is_planned (const LksDeletePlan *self, const char *component_id)
{
  for (guint i = 0; i < self->deletions->len; i++)
    {
      const LksDeletion *deletion = g_ptr_array_index (self->deletions, i);

      if (g_str_equal (deletion->component_id, component_id))
        return TRUE;
    }

  return FALSE;
}

/**
 * lks_delete_plan_new:
 * @software: what is installed
 * @lock: whether the board's peripheral configuration is locked
 * @component_ids: (array zero-terminated=1): the applications to delete
 * @error: return location for %LKS_SERVICE_ERROR_INVALID
 *
 * Pure; nothing is sent.
 *
 * Returns: (transfer full): a plan, or NULL with @error set: something that is named is no
 * installed application
 */
LksDeletePlan *
lks_delete_plan_new (const LksSoftware *software,
                     LksPeripheralLock lock,
                     const char *const *component_ids,
                     GError **error)
{
  g_autoptr (LksDeletePlan) self = plan_new ();

  for (gsize i = 0; component_ids[i] != NULL; i++)
    {
      const LksSoftwareItem *item = find_app (software, component_ids[i], error);

      if (item == NULL)
        return NULL;
      if (!is_planned (self, item->component_id))
        add_deletion (self, item, lock);
    }

  return g_steal_pointer (&self);
}

static gboolean
is_named (const char *const *component_ids, const char *component_id)
{
  for (gsize i = 0; component_ids[i] != NULL; i++)
    if (g_ascii_strcasecmp (component_ids[i], component_id) == 0)
      return TRUE;

  return FALSE;
}

/**
 * lks_delete_plan_new_keep_only:
 * @software: what is installed
 * @lock: whether the board's peripheral configuration is locked
 * @component_ids: (array zero-terminated=1): the applications to keep
 * @error: return location for %LKS_SERVICE_ERROR_INVALID
 *
 * As lks_delete_plan_new(), for all applications but those named, the debug server included.
 *
 * Returns: (transfer full): a plan, or NULL with @error set: something that is named is no
 * installed application
 */
LksDeletePlan *
lks_delete_plan_new_keep_only (const LksSoftware *software,
                               LksPeripheralLock lock,
                               const char *const *component_ids,
                               GError **error)
{
  g_autoptr (LksDeletePlan) self = plan_new ();

  for (gsize i = 0; component_ids[i] != NULL; i++)
    if (find_app (software, component_ids[i], error) == NULL)
      return NULL;

  for (guint i = 0; i < software->items->len; i++)
    {
      const LksSoftwareItem *item = g_ptr_array_index (software->items, i);

      if (lks_software_item_is_app (item) && !is_named (component_ids, item->component_id))
        add_deletion (self, item, lock);
    }
  return g_steal_pointer (&self);
}

static gboolean
check_restart (const LksDeletePlan *self, gboolean allow_restart, GError **error)
{
  if (self->forecast == LKS_RESTART_FORECAST_NO || allow_restart)
    return TRUE;

  for (guint i = 0; i < self->deletions->len; i++)
    {
      const LksDeletion *deletion = g_ptr_array_index (self->deletions, i);

      if (deletion->forecast != self->forecast)
        continue;
      g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE,
                   self->forecast == LKS_RESTART_FORECAST_YES
                       ? "Deleting “%s” restarts the board, which was not allowed. %s"
                       : "Whether deleting “%s” restarts the board cannot be told, and a restart "
                         "was not allowed. %s",
                   deletion->name, deletion->forecast_reason);
      break;
    }
  return FALSE;
}

static gboolean
delete_one (LksDeletePlan *self,
            LksDeletion *deletion,
            LksDevice *device,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (LksRestartWatch) watch = { 0 };
  gboolean announced = FALSE;
  gboolean restarted = FALSE;

  if (!lks_restart_watch_begin (&watch, device, cancellable, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  deletion->was_sent = TRUE;
  if (!lks_device_delete_image (device, deletion->component_id, &announced, cancellable, error))
    return FALSE;

  if (announced)
    {
      restarted =
          lks_restart_watch_wait (&watch, device, LKS_RESTART_WATCH_LIMIT_S, cancellable, error);
      if (!restarted)
        return FALSE;
    }
  else if (deletion->forecast != LKS_RESTART_FORECAST_NO &&
           !lks_restart_watch_settle (&watch, device, QUIET_MS, LKS_RESTART_WATCH_LIMIT_S,
                                      &restarted, cancellable, error))
    return FALSE;

  self->has_restarted |= restarted;
  return TRUE;
}

static gboolean
check_gone (const LksDeletion *deletion,
            LksDevice *device,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (LksComponents) components = lks_device_get_images (device, cancellable, error);

  if (components == NULL)
    return FALSE;
  if (lks_components_find (components, deletion->component_id) == NULL)
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
               "the board agreed to delete “%s”, and still lists it", deletion->name);
  return FALSE;
}

/* What a board was told to delete, no call brings back: who stops then has changed something. */
static void
tell_stopped (const LksDeletion *deletion, GError **error)
{
  g_clear_error (error);
  if (deletion->was_sent)
    g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                 "stopped while “%s” was being deleted, which may be gone; look at what is "
                 "installed",
                 deletion->name);
  else
    g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED, "stopped");
}

static void
tell_done (const LksDeletePlan *self, guint done, GError **error)
{
  const LksDeletion *deletion = g_ptr_array_index (self->deletions, done);

  if ((done > 0 || deletion->was_sent) &&
      g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_stopped (deletion, error);
  if (done > 0)
    g_prefix_error (error, "%u of %u are deleted: ", done, self->deletions->len);
}

/**
 * lks_delete_plan_run:
 * @self: a plan
 * @device: the board it was made for
 * @allow_restart: whether to go on although the board restarts or may restart
 * @progress: (nullable) (scope call): told what is deleted now
 * @user_data: for @progress
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError],
 *   %LKS_BOARD_ERROR_IDENTITY, or `G_IO_ERROR_CANCELLED` when the board was told nothing yet
 *
 * Deletes one application after the other, waits for restarts, and asks whether each is gone. What
 * was done is noted in @self, also when it fails. Blocks; worker threads only.
 *
 * Returns: whether all of them are proven to be gone
 */
gboolean
lks_delete_plan_run (LksDeletePlan *self,
                     LksDevice *device,
                     gboolean allow_restart,
                     LksDeleteFunc progress,
                     gpointer user_data,
                     GCancellable *cancellable,
                     GError **error)
{
  GError *local = NULL;

  if (!check_restart (self, allow_restart, error))
    return FALSE;

  for (guint i = 0; i < self->deletions->len; i++)
    {
      LksDeletion *deletion = g_ptr_array_index (self->deletions, i);

      if (progress != NULL)
        progress (self, i, user_data);
      if (!delete_one (self, deletion, device, cancellable, &local) ||
          !check_gone (deletion, device, cancellable, &local))
        {
          tell_done (self, i, &local);
          g_propagate_error (error, local);
          return FALSE;
        }
      deletion->is_done = TRUE;
    }

  return TRUE;
}

/**
 * lks_delete_plan_to_json:
 * @self: a plan
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_delete_plan_to_json (const LksDeletePlan *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "restarts",
                     lks_enum_to_nick (LKS_TYPE_RESTART_FORECAST, (int) self->forecast));
  lks_json_add_flag (builder, "hasRestarted", self->has_restarted);
  json_builder_set_member_name (builder, "deletions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->deletions->len; i++)
    {
      const LksDeletion *deletion = g_ptr_array_index (self->deletions, i);

      json_builder_begin_object (builder);
      lks_json_add_text (builder, "componentId", deletion->component_id);
      lks_json_add_text (builder, "name", deletion->name);
      lks_json_add_text (builder, "restarts",
                         lks_enum_to_nick (LKS_TYPE_RESTART_FORECAST, (int) deletion->forecast));
      lks_json_add_text (builder, "restartReason", deletion->forecast_reason);
      lks_json_add_flag (builder, "isDone", deletion->is_done);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
