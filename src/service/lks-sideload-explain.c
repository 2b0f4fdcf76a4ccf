/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a refused installation means, told from what is known of image and board: the board gives
 * one number for many reasons. */
#include "lks-sideload-private.h"

#include "lks-device-update.h"

/* Whether the board says that it has this very image. Whether it is true is for the next reading to
 * tell. */
gboolean
lks_sideload_was_there (const GError *error)
{
  return lks_update_refusal_from_error (error) == LKS_UPDATE_REFUSAL_ALREADY_THERE;
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
  switch (lks_update_refusal_from_error (error))
    {
    case LKS_UPDATE_REFUSAL_NOT_TRUSTED:
      return explain_trust (plan, package);
    case LKS_UPDATE_REFUSAL_NOT_PERMITTED:
      return g_strdup ("the board does not permit it without a capability for app development");
    case LKS_UPDATE_REFUSAL_BAD_PACKAGE:
      return g_strdup ("the board takes the file for no usable image");
    case LKS_UPDATE_REFUSAL_NO_SPACE:
      return explain_space (plan);
    case LKS_UPDATE_REFUSAL_CLASH:
      return g_strdup ("another application has the pins, blocks or ports it asks for: delete that "
                       "one first");
    case LKS_UPDATE_REFUSAL_OTA:
      return g_strdup ("an update over the air is in progress, which takes 15 to 20 minutes");
    case LKS_UPDATE_REFUSAL_RUNTIME:
      return g_strdup ("it needs a newer OS than the board has");
    case LKS_UPDATE_REFUSAL_ALREADY_THERE:
    case LKS_UPDATE_REFUSAL_UNKNOWN:
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
