/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be said about an installation before anything is sent. Pure. */
#include "lks-sideload-checks-private.h"

#include "lks-device-id.h"
#include "lks-peripheral.h"

/* What an application may store, as far as is known; a board refuses more (error 2097186). */
#define STORAGE_KNOWN_KIB 64

static LksSideloadPackage *
get_package (LksSideloadPlan *self, int package)
{
  return g_ptr_array_index (self->packages, package);
}

static const char *
get_name (LksSideloadPlan *self, int package)
{
  return lks_image_inspection_get_name (get_package (self, package)->inspection);
}

static gboolean
has_development (const LksSideloadFacts *facts)
{
  return facts->stored_development || facts->session_development;
}

/* What concerns every package. */
void
lks_sideload_check_board (LksSideloadPlan *self)
{
  const LksSoftware *software = self->facts->software;

  if (self->facts->state == LKS_MANUFACTURING_STATE_UNKNOWN)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_FORBIDDEN, LKS_FINDING_CODE_UNKNOWN_STATE,
                      LKS_FINDING_ALL_PACKAGES,
                      "The board reports a manufacturing state that means a fault or is not known "
                      "here. Nothing is changed on such a board.");
  if (software->is_ota_in_progress)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_OTA,
                      LKS_FINDING_ALL_PACKAGES,
                      "The board takes no images meanwhile. Wait until the update has ended (15 to "
                      "20 minutes), or take the board off the network.");
  if (software->has_staged_updates)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_STAGED_BEFORE,
                      LKS_FINDING_ALL_PACKAGES,
                      "Images that were sent before, by whomever, are installed together with "
                      "these.");
}

static LksFindingLevel
judge_defect (LksImageDefect defect)
{
  switch (defect)
    {
    case LKS_IMAGE_DEFECT_SELF_CLASH:
      return LKS_FINDING_LEVEL_WARNING;
    case LKS_IMAGE_DEFECT_FORGED:
    case LKS_IMAGE_DEFECT_CHECKSUM:
    case LKS_IMAGE_DEFECT_MANIFEST:
    case LKS_IMAGE_DEFECT_CAPABILITY:
    case LKS_IMAGE_DEFECT_ASKED_TWICE:
    case LKS_IMAGE_DEFECT_NO_ENTRY_POINT:
      break;
    }

  return LKS_FINDING_LEVEL_PROBLEM;
}

static void
check_flaws (LksSideloadPlan *self, int package)
{
  const LksImageInspection *inspection = get_package (self, package)->inspection;

  for (guint i = 0; i < inspection->flaws->len; i++)
    {
      const LksImageFlaw *flaw = g_ptr_array_index (inspection->flaws, i);

      lks_findings_add (self->findings, judge_defect (flaw->defect), LKS_FINDING_CODE_FLAW, package,
                        "%s", flaw->detail);
    }
}

static void
check_signer (LksSideloadPlan *self, int package)
{
  const LksImageInspection *inspection = get_package (self, package)->inspection;

  if (has_development (self->facts))
    return;

  if (inspection->signer == LKS_IMAGE_SIGNER_SDK)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_NEEDS_DEVELOPMENT,
                      package,
                      "“%s” is signed by the SDK, for development, and the board has no capability "
                      "for app development. Use the production-signed image.",
                      get_name (self, package));
  else if (inspection->metadata->under_development)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_WARNING,
                      LKS_FINDING_CODE_MAY_NEED_DEVELOPMENT, package,
                      "“%s” says that it is under development, and the board has no capability for "
                      "app development. If it is not production-signed, the board refuses it.",
                      get_name (self, package));
}

static int
get_runtime (const LksAbiVersions *abi, guint32 kind)
{
  switch (kind)
    {
    case LKS_ABI_KIND_SECURE_WORLD:
      return abi->secure_world_runtime;
    case LKS_ABI_KIND_OS:
      return abi->os_runtime;
    case LKS_ABI_KIND_APPLICATION:
      return abi->application_runtime;
    default:
      return 0;
    }
}

static void
check_needs (LksSideloadPlan *self, int package)
{
  const LksImageMetadata *metadata = get_package (self, package)->inspection->metadata;

  for (guint i = 0; self->facts->has_abi && i < metadata->needs->len; i++)
    {
      const LksAbiVersion *need = &g_array_index (metadata->needs, LksAbiVersion, i);
      int provided = get_runtime (&self->facts->abi, need->kind);

      if ((gint64) need->version > provided)
        lks_findings_add (
            self->findings, LKS_FINDING_LEVEL_PROBLEM, LKS_FINDING_CODE_NEEDS_NEWER_OS, package,
            "“%s” needs version %u of the %s, the board has %d. Update the board's OS.",
            get_name (self, package), need->version, lks_abi_kind_to_text (need->kind), provided);
    }
}

/* Whatever comes from the vendor's cloud was signed with a key of its time; the SDK's never
 * changed. A keystore is what makes a board know the newer keys. */
static void
check_keystore (LksSideloadPlan *self, int package)
{
  LksSideloadPackage *image = get_package (self, package);
  const LksImageMetadata *metadata = image->inspection->metadata;

  if (image->inspection->signer != LKS_IMAGE_SIGNER_OTHER || metadata->under_development ||
      metadata->image_type == LKS_IMAGE_TYPE_TRUSTED_KEYSTORE)
    return;

  g_clear_pointer (&image->keystore_reason, g_free); /* of a plan before */
  image->keystore_fit =
      lks_keystore_judge (metadata->built_unix_s, self->facts->os_version, &image->keystore_reason);
  if (image->keystore_fit == LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_KEYSTORE, package,
                      "%s If the board refuses it as untrusted, install a newer trusted keystore "
                      "first.",
                      image->keystore_reason);
}

static void
check_kind (LksSideloadPlan *self, int package)
{
  const LksImageInspection *inspection = get_package (self, package)->inspection;
  guint type = inspection->metadata->image_type;

  if (type != LKS_IMAGE_TYPE_APPLICATION && type != LKS_IMAGE_TYPE_CAPABILITY &&
      type != LKS_IMAGE_TYPE_BOARD_CONFIG && type != LKS_IMAGE_TYPE_TRUSTED_KEYSTORE)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_UNKNOWN_KIND,
                      package,
                      "“%s” is a %s. Boards are known to take applications, board configurations, "
                      "trusted keystores and capabilities over the service port.",
                      get_name (self, package), lks_image_type_to_text (type));
  if (inspection->manifest != NULL && inspection->manifest->storage_kib > STORAGE_KNOWN_KIB)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_STORAGE, package,
                      "“%s” wants %u KiB of storage. Boards are known to give %d KiB.",
                      get_name (self, package), inspection->manifest->storage_kib,
                      STORAGE_KNOWN_KIB);
}

static void
check_installed (LksSideloadPlan *self, int package)
{
  const LksImageMetadata *metadata = get_package (self, package)->inspection->metadata;
  const LksSoftwareItem *item = lks_software_find (self->facts->software, metadata->component_id);

  if (item != NULL && g_strcmp0 (item->image_id, metadata->image_id) == 0)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_NOTE, LKS_FINDING_CODE_ALREADY_INSTALLED,
                      package, "“%s” is on the board already, with this image ID.",
                      get_name (self, package));
}

/* What can be wrong with one image, of whatever kind, on this board. */
void
lks_sideload_check_image (LksSideloadPlan *self, int package)
{
  check_flaws (self, package);
  check_kind (self, package);
  check_signer (self, package);
  check_needs (self, package);
  check_keystore (self, package);
  check_installed (self, package);
}

static gboolean
has_debugger (const LksSoftware *software)
{
  for (guint i = 0; i < software->items->len; i++)
    if (lks_software_item_is_debugger (g_ptr_array_index (software->items, i)))
      return TRUE;

  return FALSE;
}

static void
check_removal (LksSideloadPlan *self, int package)
{
  const LksSideloadFacts *facts = self->facts;

  if (!facts->stored_development && !facts->stored_servicing)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_NOTE, LKS_FINDING_CODE_NOTHING_STORED,
                      package,
                      "The file takes capabilities away; the board lists none that is "
                      "stored.");
  else if (facts->stored_development && has_debugger (facts->software))
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_DELETE_FIRST,
                      package,
                      "The debug server is installed. Delete it, and what else was installed for "
                      "development, while the board still has the capability for that.");
}

/* A capability that lies on a finished product opens it for everybody with a cable, and nobody
 * remembers it. A session needs the file as well, and leaves nothing behind. */
void
lks_sideload_check_capability (LksSideloadPlan *self, int package)
{
  const LksCapabilityFile *file = get_package (self, package)->inspection->capability;
  const LksSideloadFacts *facts = self->facts;

  if (file == NULL)
    return;

  if (g_strcmp0 (file->device_id, facts->device_id) != 0)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_FORBIDDEN, LKS_FINDING_CODE_OTHER_BOARD,
                      package, "The file is for the board …%s, this is …%s.",
                      lks_device_id_get_short (file->device_id),
                      facts->device_id != NULL ? lks_device_id_get_short (facts->device_id)
                                               : "unknown");
  if (file->capabilities->len == 0)
    check_removal (self, package);
  else if (facts->state == LKS_MANUFACTURING_STATE_DEVICE_COMPLETE)
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_FORBIDDEN, LKS_FINDING_CODE_FINISHED_BOARD,
                      package,
                      "A capability that is stored on a DeviceComplete board stays there until "
                      "another file takes it away, and leaves the product open to everybody. Start "
                      "a servicing session with this file instead: it does the same and leaves "
                      "nothing behind.");
  else
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_WARNING, LKS_FINDING_CODE_STAYS_OPEN,
                      package,
                      "The capability stays on the board until an empty capability file takes it "
                      "away. Remove it before the board is finished.");
}

static void
add_clash (LksSideloadPlan *self, int package, const LksClash *clash, const char *whose)
{
  gboolean is_certain = clash->kind == LKS_CLASH_KIND_CERTAIN;

  lks_findings_add (self->findings,
                    is_certain ? LKS_FINDING_LEVEL_PROBLEM : LKS_FINDING_LEVEL_WARNING,
                    LKS_FINDING_CODE_CLASH, package,
                    is_certain ? "“%s” asks for %s, “%s” for %s: a board gives that to one of them."
                               : "“%s” asks for %s, “%s” for %s: a board may give that to one of "
                                 "them only.",
                    get_name (self, package), clash->one, whose, clash->other);
}

static void
add_clashes (LksSideloadPlan *self, int package, const LksManifest *other, const char *whose)
{
  const LksManifest *manifest = get_package (self, package)->inspection->manifest;
  g_autoptr (GPtrArray) clashes = lks_manifest_find_clashes (manifest, other);

  for (guint i = 0; i < clashes->len; i++)
    add_clash (self, package, g_ptr_array_index (clashes, i), whose);
}

/* An installed application that a package of this plan replaces does not count. */
static gboolean
is_replaced (LksSideloadPlan *self, const char *component_id)
{
  for (guint i = 0; i < self->packages->len; i++)
    if (g_str_equal (get_package (self, (int) i)->inspection->metadata->component_id, component_id))
      return TRUE;

  return FALSE;
}

static void
check_installed_clashes (LksSideloadPlan *self, int package)
{
  const LksManifest *manifest = get_package (self, package)->inspection->manifest;
  const GPtrArray *items = self->facts->software->items;
  guint unknown = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const LksSoftwareItem *item = g_ptr_array_index (items, i);

      if (!lks_software_item_is_app (item) || lks_software_item_is_debugger (item) ||
          is_replaced (self, item->component_id))
        continue;
      if (item->manifest != NULL)
        add_clashes (self, package, item->manifest, item->name);
      else
        unknown++;
    }

  if (unknown > 0 && lks_manifest_uses_peripherals (manifest))
    lks_findings_add (self->findings, LKS_FINDING_LEVEL_NOTE, LKS_FINDING_CODE_CLASH, package,
                      "“%s” uses peripherals. What %u other installed application%s use%s is not "
                      "known here.",
                      get_name (self, package), unknown, unknown == 1 ? "" : "s",
                      unknown == 1 ? "s" : "");
}

/* What one package asks for that another, or an installed application, has. */
void
lks_sideload_check_clashes (LksSideloadPlan *self, int package)
{
  const LksImageInspection *inspection = get_package (self, package)->inspection;

  for (int i = 0; i < package; i++)
    {
      const LksImageInspection *other = get_package (self, i)->inspection;

      if (g_str_equal (other->metadata->component_id, inspection->metadata->component_id))
        lks_findings_add (self->findings, LKS_FINDING_LEVEL_PROBLEM,
                          LKS_FINDING_CODE_SAME_COMPONENT, package,
                          "“%s” and “%s” are two images of one component; a board has one of them.",
                          get_name (self, i), get_name (self, package));
      if (inspection->manifest != NULL && other->manifest != NULL)
        add_clashes (self, package, other->manifest, get_name (self, i));
    }
  if (inspection->manifest != NULL)
    check_installed_clashes (self, package);
}
