/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a refused installation means, told from what is known of image and board: the board gives
 * one number for many reasons. */
#include "lks-sideload-private.h"

#include "lks-device-error.h"
#include "lks-device-number.h"

typedef enum
{
  REASON_UNKNOWN,
  REASON_ALREADY_THERE,
  REASON_NOT_TRUSTED,
  REASON_NOT_PERMITTED,
  REASON_BAD_PACKAGE,
  REASON_NO_SPACE,
  REASON_CLASH,
  REASON_OTA,
  REASON_RUNTIME,
} Reason;

static const struct
{
  guint32 number;
  Reason reason;
} reasons[] = {
  { 13, REASON_NOT_PERMITTED },      /* permission denied */
  { 1048596, REASON_NOT_PERMITTED }, /* DeviceNotDevUnlocked */
  { 1048601, REASON_CLASH },         /* RequestedPinsAlreadyUsed */
  { 2097187, REASON_CLASH },         /* RequestedPeripheralsRequireSamePin */
  { 3145729, REASON_ALREADY_THERE }, /* AppAlreadyExists */
  { 3145748, REASON_CLASH },         /* DuplicateTcpUdpPortDetected */
  { 3145750, REASON_RUNTIME },       /* IncompatibleApplicationRuntime */
  { 4194306, REASON_ALREADY_THERE }, /* AlreadyMounted */
  { 5242884, REASON_CLASH },         /* RequestedGpioAlreadyInUse */
  { 5242888, REASON_CLASH },         /* RequestedPeripheralAlreadyInUse */
  { 5242895, REASON_CLASH },         /* GpioBlockConflict */
  { 5242896, REASON_CLASH },         /* PwmOpenFailed */
  { 7340033, REASON_ALREADY_THERE }, /* ImageAlreadyLoaded */
  { 7340034, REASON_NO_SPACE },      /* FailedToFindFreeSpace */
  { 7340047, REASON_NOT_TRUSTED },   /* VerificationFailed */
  { 7340050, REASON_BAD_PACKAGE },   /* ImageStagingFailed */
  { 7340069, REASON_NOT_PERMITTED }, /* PermissionDenied */
  { 7340071, REASON_OTA },           /* OTAUpdateInProgress */
  { 14680081, REASON_NOT_TRUSTED },  /* CannotCommitImage */
  { 14680082, REASON_NO_SPACE },     /* NotEnoughFreeSpace */
  { 16777219, REASON_BAD_PACKAGE },  /* InvalidImage */
};

static Reason
find_reason (const GError *error)
{
  guint32 number;

  if (!lks_device_error_get_number (error, &number))
    return REASON_UNKNOWN;

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].number == number)
      return reasons[i].reason;
  return REASON_UNKNOWN;
}

/* Whether the board says that it has this very image. Whether it is true is for the next reading to
 * tell. */
gboolean
lks_sideload_was_there (const GError *error)
{
  return find_reason (error) == REASON_ALREADY_THERE;
}

/* An install call is about all packages at once; then the one that fits the refusal is meant. */
static const LksSideloadPackage *
find_untrusted (const LksSideloadPlan *plan, int package)
{
  if (package != LKS_FINDING_ALL_PACKAGES)
    return g_ptr_array_index (plan->packages, package);

  for (guint i = 0; i < plan->packages->len; i++)
    {
      const LksSideloadPackage *candidate = g_ptr_array_index (plan->packages, i);

      if (candidate->inspection->signer != LKS_IMAGE_SIGNER_OTHER ||
          candidate->inspection->metadata->under_development ||
          candidate->keystore_fit == LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD)
        return candidate;
    }
  return g_ptr_array_index (plan->packages, 0);
}

static char *
explain_trust (const LksSideloadPlan *plan, int package)
{
  const LksSideloadPackage *image = find_untrusted (plan, package);
  const char *name = lks_image_inspection_get_name (image->inspection);
  gboolean has_development = plan->facts->stored_development || plan->facts->session_development;

  if (image->inspection->signer == LKS_IMAGE_SIGNER_SDK && !has_development)
    return g_strdup_printf ("the board does not trust “%s”, which is signed for development: use "
                            "the production-signed image, or a capability for app development",
                            name);
  if (image->keystore_fit == LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD)
    return g_strdup_printf ("the board does not trust “%s”, and its keystore may be too old for "
                            "it: install a newer trusted keystore first, then this image",
                            name);
  if (image->inspection->metadata->under_development && !has_development)
    return g_strdup_printf ("the board does not trust “%s”, which says that it is under "
                            "development: use the production-signed image, or a capability for app "
                            "development",
                            name);
  return g_strdup_printf ("the board does not trust “%s”: its keystore does not know the key, or "
                          "the file was changed after it had been signed",
                          name);
}

static char *
explain_space (const LksSideloadPlan *plan)
{
  const LksSoftware *software = plan->facts->software;
  g_autoptr (GString) text = g_string_new ("the board has no room for it");

  for (guint i = 0; i < software->items->len; i++)
    {
      const LksSoftwareItem *item = g_ptr_array_index (software->items, i);

      if (lks_software_item_is_app (item))
        g_string_append_printf (text, "%s “%s” takes %" G_GUINT64_FORMAT " KiB",
                                g_str_has_suffix (text->str, "it") ? ":" : ",", item->name,
                                (item->size_bytes + 1023) / 1024);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
explain (const LksSideloadPlan *plan, int package, const GError *error)
{
  switch (find_reason (error))
    {
    case REASON_NOT_TRUSTED:
      return explain_trust (plan, package);
    case REASON_NOT_PERMITTED:
      return g_strdup ("the board does not permit it without a capability for app development");
    case REASON_BAD_PACKAGE:
      return g_strdup ("the board takes the file for no usable image");
    case REASON_NO_SPACE:
      return explain_space (plan);
    case REASON_CLASH:
      return g_strdup ("another application has the pins, blocks or ports it asks for: delete that "
                       "one first");
    case REASON_OTA:
      return g_strdup ("an update over the air is in progress, which takes 15 to 20 minutes");
    case REASON_RUNTIME:
      return g_strdup ("it needs a newer OS than the board has");
    case REASON_ALREADY_THERE:
    case REASON_UNKNOWN:
      break;
    }

  return NULL;
}

/* Puts what a refusal means before what the board said. */
void
lks_sideload_explain (const LksSideloadPlan *plan, int package, GError **error)
{
  g_autofree char *text = error != NULL ? explain (plan, package, *error) : NULL;

  if (text != NULL)
    g_prefix_error (error, "%s: ", text);
}
