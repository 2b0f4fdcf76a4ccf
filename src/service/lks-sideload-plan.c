/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sideload-plan.h"

#include "lks-service-error.h"
#include "lks-sideload-checks-private.h"

/**
 * lks_sideload_package_new:
 * @name: what the file is called
 * @bytes: the whole image
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: (transfer full): an image to be installed, or NULL with @error set: these bytes are none
 */
LksSideloadPackage *
lks_sideload_package_new (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (LksSideloadPackage) self = g_new0 (LksSideloadPackage, 1);

  self->inspection = lks_image_inspect (bytes, error);
  if (self->inspection == NULL)
    {
      g_prefix_error (error, "%s: ", name);
      return NULL;
    }

  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  return g_steal_pointer (&self);
}

/**
 * lks_sideload_package_load:
 * @path: (type filename): a file
 * @error: return location for a `G_FILE_ERROR` or a [error@Lks.ParseError]
 *
 * Blocks.
 *
 * Returns: (transfer full): the image in the file, or NULL with @error set
 */
LksSideloadPackage *
lks_sideload_package_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = lks_image_load (path, error);
  g_autofree char *name = g_filename_display_basename (path);

  return bytes != NULL ? lks_sideload_package_new (name, bytes, error) : NULL;
}

/**
 * lks_sideload_package_free:
 * @self: (transfer full) (nullable): an image
 */
void
lks_sideload_package_free (LksSideloadPackage *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  lks_image_inspection_free (self->inspection);
  g_free (self->keystore_reason);
  g_free (self);
}

/**
 * lks_sideload_packages_new:
 *
 * Returns: (transfer full) (element-type LksSideloadPackage): a list without images
 */
GPtrArray *
lks_sideload_packages_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lks_sideload_package_free);
}

static LksKnown
find_type_restarts (const LksSoftware *software, guint image_type)
{
  for (guint i = 0; i < software->items->len; i++)
    {
      const LksSoftwareItem *item = g_ptr_array_index (software->items, i);

      if (item->image_type == image_type)
        return item->needs_restart ? LKS_KNOWN_YES : LKS_KNOWN_NO;
    }

  return LKS_KNOWN_UNKNOWN;
}

static void
forecast_restart (LksSideloadPlan *self, LksSideloadPackage *package)
{
  const LksSoftware *software = self->facts->software;
  const LksImageMetadata *metadata = package->inspection->metadata;
  const LksSoftwareItem *item = lks_software_find (software, metadata->component_id);
  LksSoftwareChange change = {
    .kind = LKS_CHANGE_KIND_INSTALL,
    .way = LKS_CHANGE_WAY_SIDELOAD,
    .image_type = metadata->image_type,
    .lock = self->facts->lock,
    .is_installed = item != NULL ? LKS_KNOWN_YES : LKS_KNOWN_NO,
    .manifest = package->inspection->manifest,
    .installed_manifest = item != NULL ? item->manifest : NULL,
    .type_restarts = find_type_restarts (software, metadata->image_type),
    .waits_for_restart = software->has_staged_updates && software->is_restart_required,
  };

  /* The very image tells what the installed one uses. */
  if (item != NULL && g_strcmp0 (item->image_id, metadata->image_id) == 0)
    change.installed_manifest = change.manifest;
  package->forecast = lks_restart_forecast_derive (&change, &package->forecast_reason);
  self->forecast = lks_restart_forecast_combine (self->forecast, package->forecast);
}

/**
 * lks_sideload_plan_new:
 * @facts: (transfer full): the board
 * @packages: (transfer full) (element-type LksSideloadPackage): what is to be installed, at least
 * one
 *
 * Finds out what would happen: what the board will refuse, what must never be done, whether it
 * restarts. Pure; nothing is sent.
 *
 * Returns: (transfer full): a plan
 */
LksSideloadPlan *
lks_sideload_plan_new (LksSideloadFacts *facts, GPtrArray *packages)
{
  LksSideloadPlan *self = g_new0 (LksSideloadPlan, 1);

  self->facts = facts;
  self->packages = packages;
  self->findings = lks_findings_new ();
  lks_sideload_check_board (self);
  for (guint i = 0; i < packages->len; i++)
    {
      lks_sideload_check_image (self, (int) i);
      lks_sideload_check_capability (self, (int) i);
      lks_sideload_check_clashes (self, (int) i);
      forecast_restart (self, g_ptr_array_index (packages, i));
    }

  lks_findings_sort (self->findings);
  return self;
}

/**
 * lks_sideload_plan_free:
 * @self: (transfer full) (nullable): a plan
 */
void
lks_sideload_plan_free (LksSideloadPlan *self)
{
  if (self == NULL)
    return;

  lks_sideload_facts_free (self->facts);
  g_ptr_array_unref (self->packages);
  g_ptr_array_unref (self->findings);
  g_free (self);
}

/**
 * lks_sideload_plan_get_level:
 * @self: a plan
 *
 * Returns: the level of the gravest finding, %LKS_FINDING_LEVEL_NOTE when there is none
 */
LksFindingLevel
lks_sideload_plan_get_level (const LksSideloadPlan *self)
{
  const LksFinding *gravest =
      self->findings->len > 0 ? g_ptr_array_index (self->findings, 0) : NULL;

  return gravest != NULL ? gravest->level : LKS_FINDING_LEVEL_NOTE;
}

/**
 * lks_sideload_plan_check:
 * @self: a plan
 * @force: whether to go on although the board will refuse it, as far as is known
 * @error: return location for %LKS_SERVICE_ERROR_UNSAFE or %LKS_SERVICE_ERROR_INVALID
 *
 * Returns: whether the plan may be carried out
 */
gboolean
lks_sideload_plan_check (const LksSideloadPlan *self, gboolean force, GError **error)
{
  const LksFinding *gravest =
      self->findings->len > 0 ? g_ptr_array_index (self->findings, 0) : NULL;

  if (gravest == NULL || gravest->level <= LKS_FINDING_LEVEL_WARNING ||
      (gravest->level == LKS_FINDING_LEVEL_PROBLEM && force))
    return TRUE;

  g_set_error_literal (error, LKS_SERVICE_ERROR,
                       gravest->level == LKS_FINDING_LEVEL_FORBIDDEN ? LKS_SERVICE_ERROR_UNSAFE
                                                                     : LKS_SERVICE_ERROR_INVALID,
                       gravest->detail);
  return FALSE;
}
