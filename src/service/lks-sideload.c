/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sideload.h"

#include "lks-board.h"
#include "lks-device-error.h"
#include "lks-enums.h"
#include "lks-explanation.h"
#include "lks-json-member-private.h"
#include "lks-service-error.h"
#include "lks-sideload-private.h"
#include "lks-words-private.h"

/* A board that restarts without a word does so within a second or two. */
#define QUIET_MS 3000

G_DEFINE_ENUM_TYPE (LksSideloadStep,
                    lks_sideload_step,
                    G_DEFINE_ENUM_VALUE (LKS_SIDELOAD_STEP_CHECK, "check"),
                    G_DEFINE_ENUM_VALUE (LKS_SIDELOAD_STEP_SEND, "send"),
                    G_DEFINE_ENUM_VALUE (LKS_SIDELOAD_STEP_INSTALL, "install"),
                    G_DEFINE_ENUM_VALUE (LKS_SIDELOAD_STEP_RESTART, "restart"),
                    G_DEFINE_ENUM_VALUE (LKS_SIDELOAD_STEP_VERIFY, "verify"),
                    G_DEFINE_ENUM_VALUE (LKS_SIDELOAD_STEP_START, "start"))

static void
outcome_free (gpointer data)
{
  LksSideloadOutcome *self = data;

  g_free (self->component_id);
  g_free (self->image_id);
  g_free (self);
}

static LksSideloadResult *
result_new (const LksSideloadPlan *plan)
{
  LksSideloadResult *self = g_new0 (LksSideloadResult, 1);

  self->outcomes = g_ptr_array_new_with_free_func (outcome_free);
  for (guint i = 0; i < plan->packages->len; i++)
    {
      const LksSideloadPackage *package = g_ptr_array_index (plan->packages, i);
      LksSideloadOutcome *outcome = g_new0 (LksSideloadOutcome, 1);

      outcome->component_id = g_strdup (package->inspection->metadata->component_id);
      outcome->image_id = g_strdup (package->inspection->metadata->image_id);
      g_ptr_array_add (self->outcomes, outcome);
    }
  return self;
}

/**
 * lks_sideload_result_free:
 * @self: (transfer full) (nullable): a result
 */
void
lks_sideload_result_free (LksSideloadResult *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->outcomes);
  g_free (self);
}

static gboolean
check_restart (LksSideload *self, GError **error)
{
  const LksSideloadPlan *plan = self->plan;

  if (plan->forecast == LKS_RESTART_FORECAST_NO || self->options->allow_restart)
    return TRUE;

  for (guint i = 0; i < plan->packages->len; i++)
    {
      const LksSideloadPackage *package = g_ptr_array_index (plan->packages, i);

      if (package->forecast != plan->forecast)
        continue;
      g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE,
                   plan->forecast == LKS_RESTART_FORECAST_YES
                       ? "Installing “%s” restarts the board, which was not allowed. %s"
                       : "Whether installing “%s” restarts the board cannot be told, and a restart "
                         "was not allowed. %s",
                   lks_image_inspection_get_name (package->inspection), package->forecast_reason);
      break;
    }
  return FALSE;
}

/* The plan may be minutes old. What must never happen is looked at once more, just before. */
static gboolean
check_board (LksSideload *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSideloadFacts) facts =
      lks_sideload_facts_read (self->device, NULL, self->plan->facts->lock, cancellable, error);
  gboolean keeps_capabilities = FALSE;

  if (facts == NULL)
    return FALSE;
  if (g_strcmp0 (facts->device_id, self->plan->facts->device_id) != 0)
    {
      g_set_error_literal (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY,
                           "another board answers than the one this was planned for");
      return FALSE;
    }

  for (guint i = 0; i < self->plan->packages->len; i++)
    {
      const LksSideloadPackage *package = g_ptr_array_index (self->plan->packages, i);

      keeps_capabilities |= package->inspection->capability != NULL &&
                            package->inspection->capability->capabilities->len > 0;
    }
  if (facts->state == LKS_MANUFACTURING_STATE_UNKNOWN ||
      (keeps_capabilities && facts->state == LKS_MANUFACTURING_STATE_DEVICE_COMPLETE))
    {
      g_set_error_literal (
          error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE,
          "the board's manufacturing state has changed: no capability is stored on "
          "a finished board, and nothing on one whose state means a fault");
      return FALSE;
    }
  if (facts->software->is_ota_in_progress && !self->options->force)
    {
      g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_INVALID,
                           "an update over the air has begun; the board takes no images meanwhile");
      return FALSE;
    }

  return TRUE;
}

static gboolean
check (LksSideload *self, GCancellable *cancellable, GError **error)
{
  lks_sideload_enter (self, LKS_SIDELOAD_STEP_CHECK);
  return lks_sideload_plan_check (self->plan, self->options->force, error) &&
         check_restart (self, error) && check_board (self, cancellable, error) &&
         lks_restart_watch_begin (&self->watch, self->device, cancellable, error);
}

static void
sent_cb (guint64 sent_bytes, guint64 total_bytes, gpointer user_data)
{
  lks_sideload_note_sent (user_data, sent_bytes);
}

/* No call takes back what a board has staged. */
static void
tell_staged (LksSideload *self, GError **error)
{
  gboolean is_cancelled =
      error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (self->staged == 0 || error == NULL)
    return;
  if (is_cancelled)
    {
      g_clear_error (error);
      g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED, "stopped");
    }
  g_prefix_error (error,
                  "%u of %u images are on the board, not installed; the next installation would "
                  "take them along, a restart drops them as far as is known: ",
                  self->staged, self->plan->packages->len);
}

static gboolean
send_package (LksSideload *self, guint index, GCancellable *cancellable, GError **error)
{
  const LksSideloadPackage *package = g_ptr_array_index (self->plan->packages, index);
  LksSideloadOutcome *outcome = g_ptr_array_index (self->result->outcomes, index);
  GError *local = NULL;

  self->progress.package = index;
  self->rate.n = 0;
  lks_sideload_enter (self, LKS_SIDELOAD_STEP_SEND);
  self->progress.total_bytes = g_bytes_get_size (package->bytes);
  if (lks_device_stage_image (self->device, package->bytes, sent_cb, self, cancellable, &local))
    {
      self->staged++;
      self->result->bytes += g_bytes_get_size (package->bytes);
      return TRUE;
    }
  if (lks_sideload_was_there (local))
    {
      outcome->was_there = TRUE;
      g_error_free (local);
      return TRUE;
    }

  lks_sideload_explain (self->plan, (int) index, &local);
  tell_staged (self, &local);
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
send_all (LksSideload *self, GCancellable *cancellable, GError **error)
{
  gint64 begin_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->plan->packages->len; i++)
    if (!send_package (self, i, cancellable, error))
      return FALSE;

  self->result->send_us = g_get_monotonic_time () - begin_us;
  return TRUE;
}

/* Whether the board may have done what it was told, although no good answer came. */
static gboolean
is_effect_unknown (const GError *error)
{
  return g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_TIMED_OUT) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
}

/* Not cancellable: from here on the board does as it was told. */
static gboolean
install (LksSideload *self, GCancellable *cancellable, GError **error)
{
  GError *local = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, &local))
    {
      tell_staged (self, &local);
      g_propagate_error (error, local);
      return FALSE;
    }

  lks_sideload_enter (self, LKS_SIDELOAD_STEP_INSTALL);
  if (lks_device_install (self->device, self->options->control, &self->announced, NULL, &local))
    return TRUE;

  if (lks_sideload_was_there (local))
    {
      for (guint i = 0; i < self->result->outcomes->len; i++)
        ((LksSideloadOutcome *) g_ptr_array_index (self->result->outcomes, i))->was_there = TRUE;
      g_error_free (local);
      return TRUE;
    }
  if (is_effect_unknown (local))
    {
      self->uncertain = local;
      return TRUE;
    }

  lks_sideload_explain (self->plan, LKS_FINDING_ALL_PACKAGES, &local);
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
await_restart (LksSideload *self, GCancellable *cancellable, GError **error)
{
  guint limit_s = self->options->restart_limit_s != 0 ? self->options->restart_limit_s
                                                      : LKS_RESTART_WATCH_LIMIT_S;

  if (!self->announced && self->uncertain == NULL &&
      self->plan->forecast == LKS_RESTART_FORECAST_NO)
    return TRUE;

  lks_sideload_enter (self, LKS_SIDELOAD_STEP_RESTART);
  if (!self->announced)
    return lks_restart_watch_settle (&self->watch, self->device, QUIET_MS, limit_s,
                                     &self->result->has_restarted, cancellable, error);

  self->result->has_restarted =
      lks_restart_watch_wait (&self->watch, self->device, limit_s, cancellable, error);
  return self->result->has_restarted;
}

/* Everything after the installation: what is said about it begins with that it was ordered. */
static gboolean
finish (LksSideload *self, GCancellable *cancellable, GError **error)
{
  if (await_restart (self, cancellable, error) && lks_sideload_verify (self, cancellable, error) &&
      lks_sideload_start (self, cancellable, error))
    return TRUE;

  if (error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (error);
      g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE,
                           "the board was told to install; what came of it was not waited for");
    }
  return FALSE;
}

/**
 * lks_sideload_run:
 * @device: the board of @plan
 * @plan: what is to be installed, and what was found out about it
 * @options: how
 * @cancellable: (nullable): stops the work up to the installation, and afterwards the waiting
 * @error: return location for an error
 *
 * Installs images: checks the board once more, sends each package, has them installed, waits for a
 * restart, reads back what is installed and compares image IDs, waits until applications run. What
 * the board says it had already is a success once that is proven. Blocks; worker threads only.
 *
 * Fails with [error@Lks.ServiceError] (unsafe: something that must not be done, or a restart that
 * was not allowed; invalid: the board would refuse it; not applied, overdue: what came of it),
 * [error@Lks.DeviceError], with what a refusal means before what the board said,
 * %LKS_BOARD_ERROR_IDENTITY, or `G_IO_ERROR_CANCELLED` while nothing was installed.
 *
 * Returns: (transfer full): what is proven to be on the board now, or NULL with @error set
 */
LksSideloadResult *
lks_sideload_run (LksDevice *device,
                  const LksSideloadPlan *plan,
                  const LksSideloadOptions *options,
                  GCancellable *cancellable,
                  GError **error)
{
  LksSideload self = { .device = device, .plan = plan, .options = options };
  g_autoptr (LksSideloadResult) result = result_new (plan);
  GError *local = NULL;
  gboolean is_done;

  self.result = result;
  is_done = check (&self, cancellable, &local) && send_all (&self, cancellable, &local) &&
            install (&self, cancellable, &local) && finish (&self, cancellable, &local);
  lks_restart_watch_clear (&self.watch);
  g_clear_error (&self.uncertain);
  if (is_done)
    return g_steal_pointer (&result);

  g_propagate_error (error, local);
  return NULL;
}

/**
 * lks_sideload_result_to_json:
 * @self: a result
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_sideload_result_to_json (const LksSideloadResult *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_flag (builder, "hasRestarted", self->has_restarted);
  lks_json_add_int (builder, "sentBytes", (gint64) self->bytes);
  lks_json_add_int (builder, "sentMilliseconds", self->send_us / 1000);
  json_builder_set_member_name (builder, "installed");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->outcomes->len; i++)
    {
      const LksSideloadOutcome *outcome = g_ptr_array_index (self->outcomes, i);
      gboolean has_state = outcome->state != LKS_APP_STATE_UNKNOWN;

      json_builder_begin_object (builder);
      lks_json_add_text (builder, "componentId", outcome->component_id);
      lks_json_add_text (builder, "imageId", outcome->image_id);
      lks_json_add_text (builder, "state",
                         has_state ? lks_enum_to_nick (LKS_TYPE_APP_STATE, (int) outcome->state)
                                   : NULL);
      lks_json_add_flag (builder, "wasThere", outcome->was_there);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/**
 * lks_sideload_step_get_title:
 * @step: a step
 *
 * Returns: (transfer none): what is done in it, English for translation
 */
const char *
lks_sideload_step_get_title (LksSideloadStep step)
{
  switch (step)
    {
    case LKS_SIDELOAD_STEP_CHECK:
      return N_ ("Checking the board");
    case LKS_SIDELOAD_STEP_SEND:
      return N_ ("Sending");
    case LKS_SIDELOAD_STEP_INSTALL:
      return N_ ("Installing");
    case LKS_SIDELOAD_STEP_RESTART:
      return N_ ("Waiting for the restart");
    case LKS_SIDELOAD_STEP_VERIFY:
      return N_ ("Comparing what is installed");
    case LKS_SIDELOAD_STEP_START:
      return N_ ("Waiting for the application to run");
    }

  return "";
}
