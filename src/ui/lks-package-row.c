/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-package-row.h"

#include "lks-image-facts.h"
#include "lks-service-row.h"
#include "lks-sign-label.h"
#include "lks-software-text.h"

#include <glib/gi18n-lib.h>

static void
add_line (AdwExpanderRow *row, const char *title, const char *text)
{
  adw_expander_row_add_row (row, lks_service_row_new (title, text, NULL));
}

static void
add_facts (AdwExpanderRow *row, const LksImageInspection *inspection)
{
  g_autoptr (GPtrArray) facts = lks_image_inspection_list_facts (inspection);

  for (guint i = 0; i < inspection->flaws->len; i++)
    add_line (row, _ ("Wrong with it"),
              ((const LksImageFlaw *) g_ptr_array_index (inspection->flaws, i))->detail);
  for (guint i = 0; i < facts->len; i++)
    {
      const LksImageFact *fact = g_ptr_array_index (facts, i);

      add_line (row, _ (fact->title), fact->words != NULL ? _ (fact->words) : fact->value);
    }
}

static void
add_plan (AdwExpanderRow *row, const LksSideloadPackage *package)
{
  if (package->forecast_reason != NULL)
    add_line (row, _ ("Restart"), _ (package->forecast_reason));
  if (package->keystore_reason != NULL)
    add_line (row, _ ("Trusted keystore"), package->keystore_reason);
}

static LksSign
get_sign (const LksSideloadPackage *package, gboolean is_planned, const LksSideloadOutcome *outcome)
{
  if (outcome != NULL)
    return lks_sign_for_outcome (outcome);
  if (package->inspection->flaws->len > 0)
    return (LksSign){ "lks-fail-symbolic", _ ("Faulty"), "", LKS_TONE_BAD };

  return is_planned ? lks_sign_for_restart_forecast (package->forecast)
                    : (LksSign){ "lks-pass-symbolic", _ ("Whole"), "", LKS_TONE_GOOD };
}

/**
 * lks_package_row_new:
 * @package: an image package
 * @is_planned: whether what depends on the board is known
 * @outcome: (nullable): what became of it
 *
 * Creates a row that unfolds to everything the package says.
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
lks_package_row_new (const LksSideloadPackage *package,
                     gboolean is_planned,
                     const LksSideloadOutcome *outcome)
{
  GtkWidget *row = adw_expander_row_new ();
  LksSign sign = get_sign (package, is_planned, outcome);
  const char *name = lks_image_inspection_get_name (package->inspection);
  g_autofree char *summary = lks_package_to_summary (package);
  g_autofree char *spoken = lks_service_row_join (". ", name, sign.word, summary, NULL);

  /* First, or the texts are parsed before they are known to be plain. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  g_object_set (row, "title", name, "subtitle", summary, NULL);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (row), lks_sign_label_new (&sign));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  if (is_planned)
    add_plan (ADW_EXPANDER_ROW (row), package);
  add_facts (ADW_EXPANDER_ROW (row), package->inspection);
  return row;
}
