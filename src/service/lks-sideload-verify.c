/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After an installation the board is asked what is true. */
#include "lks-sideload-private.h"

#include "lks-capability.h"
#include "lks-service-error.h"
#include "lks-wait.h"

#define POLL_MS 250
#define START_LIMIT_S 20

static const LksSideloadPackage *
get_package (LksSideload *self, guint index)
{
  return g_ptr_array_index (self->plan->packages, index);
}

static LksSideloadOutcome *
get_outcome (LksSideload *self, guint index)
{
  return g_ptr_array_index (self->result->outcomes, index);
}

static gboolean
verify_capability (LksSideload *self,
                   const LksCapabilityFile *file,
                   GCancellable *cancellable,
                   GError **error)
{
  gboolean has_development = FALSE;
  gboolean has_servicing = FALSE;

  if (!lks_capabilities_read (self->device, &has_development, &has_servicing, cancellable, error))
    return FALSE;
  if (has_development == lks_capability_file_has (file, LKS_CAPABILITY_APP_DEVELOPMENT) &&
      has_servicing == lks_capability_file_has (file, LKS_CAPABILITY_FIELD_SERVICING))
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
               "the board took the capability file, and lists %s afterwards",
               has_development ? "appDevelopment"
               : has_servicing ? "fieldServicing"
                               : "no capability");
  return FALSE;
}

static gboolean
verify_image (const LksSoftware *software, const LksImageMetadata *metadata, GError **error)
{
  const LksSoftwareItem *item = lks_software_find (software, metadata->component_id);

  if (item != NULL && g_strcmp0 (item->image_id, metadata->image_id) == 0)
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
               item != NULL ? "the board has image %s of component %s, not the one that was sent"
                            : "the board does not list what was sent (%s, component %s)",
               item != NULL ? item->image_id : metadata->image_id, metadata->component_id);
  return FALSE;
}

static LksSoftware *
read_installed (LksSideload *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksComponents) components = lks_device_get_images (self->device, cancellable, error);

  return components != NULL ? lks_software_new (components, NULL) : NULL;
}

/* A board that has just lost its capability may tell nothing else any more. */
static gboolean
verify_all (LksSideload *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSoftware) software = NULL;

  for (guint i = 0; i < self->plan->packages->len; i++)
    {
      const LksImageInspection *inspection = get_package (self, i)->inspection;

      if (inspection->capability != NULL)
        {
          if (!verify_capability (self, inspection->capability, cancellable, error))
            return FALSE;
          continue;
        }
      if (software == NULL)
        software = read_installed (self, cancellable, error);
      if (software == NULL || !verify_image (software, inspection->metadata, error))
        return FALSE;
    }
  return TRUE;
}

/* Reads back what is installed and compares. When the answer to the installation had been lost,
 * what is found decides. */
gboolean
lks_sideload_verify (LksSideload *self, GCancellable *cancellable, GError **error)
{
  lks_sideload_enter (self, LKS_SIDELOAD_STEP_VERIFY);
  if (verify_all (self, cancellable, error))
    return TRUE;

  if (self->uncertain != NULL)
    g_prefix_error (error, "the answer to the installation was lost (%s); ",
                    self->uncertain->message);
  return FALSE;
}

static gboolean
read_state (LksSideload *self, guint index, GCancellable *cancellable, GError **error)
{
  LksSideloadOutcome *outcome = get_outcome (self, index);
  g_autoptr (LksAppStatus) status =
      lks_device_get_app_status (self->device, outcome->component_id, cancellable, error);

  if (status == NULL)
    return FALSE;

  outcome->state = status->state;
  return TRUE;
}

static gboolean
wait_for_start (LksSideload *self, guint index, GCancellable *cancellable, GError **error)
{
  guint limit_s = self->options->start_limit_s != 0 ? self->options->start_limit_s : START_LIMIT_S;
  gint64 deadline_us = g_get_monotonic_time () + (gint64) limit_s * G_USEC_PER_SEC;
  LksSideloadOutcome *outcome = get_outcome (self, index);

  while (read_state (self, index, cancellable, error))
    {
      if (outcome->state == LKS_APP_STATE_RUNNING || outcome->state == LKS_APP_STATE_DEBUGGING)
        return TRUE;
      if (g_get_monotonic_time () >= deadline_us)
        {
          g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE,
                       "“%s” is installed, but does not run %u s later",
                       lks_image_inspection_get_name (get_package (self, index)->inspection),
                       limit_s);
          return FALSE;
        }
      if (!lks_wait_ms (POLL_MS, cancellable, error))
        return FALSE;
    }
  return FALSE;
}

/* Waits until what starts by itself runs; asks for the state of the others. The debug server runs
 * only while something is debugged. */
gboolean
lks_sideload_start (LksSideload *self, GCancellable *cancellable, GError **error)
{
  lks_sideload_enter (self, LKS_SIDELOAD_STEP_START);
  for (guint i = 0; i < self->plan->packages->len; i++)
    {
      const LksManifest *manifest = get_package (self, i)->inspection->manifest;
      gboolean starts = self->options->control == LKS_APP_CONTROL_AUTO;

      if (manifest == NULL)
        continue;
      if (starts && manifest->type != LKS_APPLICATION_TYPE_DEBUGGER
              ? !wait_for_start (self, i, cancellable, error)
              : !read_state (self, i, cancellable, error))
        return FALSE;
    }

  return TRUE;
}
