/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-capability-removal.h"

#include "lks-service-check-private.h"

#define FILE_NAME "capability"

/**
 * lks_capability_removal_check:
 * @package: an image
 * @error: return location for %LKS_SERVICE_ERROR_INVALID
 *
 * Returns: whether it is the empty capability file, which takes stored capabilities away
 */
gboolean
lks_capability_removal_check (const LksSideloadPackage *package, GError **error)
{
  const LksCapabilityFile *file = package->inspection->capability;

  return lks_service_check (file != NULL, error, "“%s” is a %s, not a capability file",
                            package->name,
                            lks_image_type_to_text (package->inspection->metadata->image_type)) &&
         lks_service_check (file->capabilities->len == 0, error,
                            "“%s” grants capabilities instead of taking them away. The file that "
                            "takes them away is downloaded for this board without naming any",
                            package->name);
}

/**
 * lks_capability_removal_run:
 * @device: a board
 * @empty_file: the empty capability file for this very board
 * @lock: whether its peripheral configuration is locked
 * @progress: (nullable): told what is done
 * @user_data: for @progress
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error as of lks_sideload_run()
 *
 * Takes a stored capability off a board, the way out for a finished board on which appDevelopment
 * was forgotten: sends the empty file, waits for the restart, and proves that the board lists
 * neither appDevelopment nor fieldServicing afterwards. Blocks; worker threads only.
 *
 * Returns: whether that is proven
 */
gboolean
lks_capability_removal_run (LksDevice *device,
                            GBytes *empty_file,
                            LksPeripheralLock lock,
                            LksSideloadFunc progress,
                            gpointer user_data,
                            GCancellable *cancellable,
                            GError **error)
{
  const LksSideloadOptions options = {
    .allow_restart = TRUE,
    .progress = progress,
    .progress_data = user_data,
  };
  g_autoptr (GPtrArray) packages = lks_sideload_packages_new ();
  g_autoptr (LksSideloadPackage) package = lks_sideload_package_new (FILE_NAME, empty_file, error);
  g_autoptr (LksSideloadPlan) plan = NULL;
  g_autoptr (LksSideloadResult) result = NULL;
  LksSideloadFacts *facts;

  if (package == NULL || !lks_capability_removal_check (package, error))
    return FALSE;
  facts = lks_sideload_facts_read (device, NULL, lock, cancellable, error);
  if (facts == NULL)
    return FALSE;

  g_ptr_array_add (packages, g_steal_pointer (&package));
  plan = lks_sideload_plan_new (facts, g_steal_pointer (&packages));
  result = lks_sideload_run (device, plan, &options, cancellable, error);
  return result != NULL;
}
