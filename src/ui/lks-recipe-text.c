/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recipe says, in the user's language. */
#include "lks-recipe-text.h"

#include "lks-recipe-claim.h"
#include "lks-recipe-expect.h"
#include "lks-recipe-signature.h"
#include "lks-waiver.h"

#include <glib/gi18n-lib.h>

/* @text: (transfer full) */
static void
take (GStrvBuilder *demands, char *text)
{
  g_strv_builder_add (demands, text);
  g_free (text);
}

static void
add_lists (GStrvBuilder *demands, LksRecipe *recipe)
{
  GPtrArray *networks = lks_recipe_get_networks (recipe);
  GPtrArray *certificates = lks_recipe_get_certificates (recipe);
  GPtrArray *interfaces = lks_recipe_get_interfaces (recipe);

  if (networks != NULL)
    take (demands, g_strdup_printf (ngettext ("exactly %u Wi-Fi network",
                                              "exactly %u Wi-Fi networks", networks->len),
                                    networks->len));
  if (certificates != NULL)
    take (demands, g_strdup_printf (ngettext ("exactly %u certificate", "exactly %u certificates",
                                              certificates->len),
                                    certificates->len));
  if (interfaces != NULL)
    take (demands, g_strdup_printf (ngettext ("%u network interface", "%u network interfaces",
                                              interfaces->len),
                                    interfaces->len));
}

static void
add_configuration (GStrvBuilder *demands, LksRecipe *recipe)
{
  if (lks_recipe_get_no_networks (recipe))
    g_strv_builder_add (demands, _ ("no Wi-Fi networks"));
  if (lks_recipe_get_no_capabilities (recipe))
    g_strv_builder_add (demands, _ ("no capabilities"));
  if (lks_recipe_get_no_certificates (recipe))
    g_strv_builder_add (demands, _ ("no certificates"));
  add_lists (demands, recipe);
  if (lks_recipe_get_board_configuration (recipe) != NULL)
    g_strv_builder_add (demands, _ ("a board configuration"));
}

static void
add_label (GStrvBuilder *demands, LksRecipe *recipe)
{
  const char *pattern = lks_recipe_get_label_pattern (recipe);
  g_autofree char *text = NULL;

  if (pattern == NULL)
    {
      if (lks_recipe_get_label_required (recipe))
        g_strv_builder_add (demands, _ ("a label"));
      return;
    }

  /* Translators: a regular expression */
  text = g_strdup_printf (lks_recipe_get_label_required (recipe)
                              ? _ ("a label that matches “%s”")
                              : _ ("a label, if any, that matches “%s”"),
                          pattern);
  g_strv_builder_add (demands, text);
}

static void
add_packages (GStrvBuilder *demands, LksRecipe *recipe)
{
  guint n_packages = lks_recipe_count_packages (recipe);

  if (n_packages > 0)
    take (demands,
          g_strdup_printf (ngettext ("%u application image is loaded when it is missing",
                                     "%u application images are loaded when they are missing",
                                     n_packages),
                           n_packages));
}

static void
add_limits (GStrvBuilder *demands, LksRecipe *recipe)
{
  guint check_s = lks_recipe_get_check_limit_s (recipe);
  guint step_s = lks_recipe_get_step_limit_s (recipe);
  guint run_s = lks_recipe_get_run_limit_s (recipe);

  if (check_s > 0)
    take (demands, g_strdup_printf (_ ("checks within %u s"), check_s));
  if (step_s > 0)
    take (demands, g_strdup_printf (_ ("each check within %u s"), step_s));
  if (run_s > 0)
    take (demands, g_strdup_printf (_ ("a run within %u s"), run_s));
}

static void
add_claim (GStrvBuilder *demands, LksRecipe *recipe)
{
  const LksRecipeClaim *claim = lks_recipe_get_claim (recipe);
  g_autofree char *place = claim != NULL ? lks_recipe_claim_tell (claim) : NULL;

  if (claim != NULL)
    /* Translators: a catalog of the cloud, or catalog, product and device group */
    take (demands, g_strdup_printf (claim->policy == LKS_CLAIM_POLICY_BEFORE_LOCK
                                        ? _ ("claimed into “%s” before the lock")
                                        : _ ("claimed into “%s” as soon as possible"),
                                    place));
}

/**
 * lks_recipe_claim_to_text:
 * @recipe: a recipe
 *
 * Returns: (transfer full) (nullable): what a person must know who agrees that boards are claimed;
 *   NULL when the recipe claims none
 */
char *
lks_recipe_claim_to_text (LksRecipe *recipe)
{
  const LksRecipeClaim *claim = lks_recipe_get_claim (recipe);
  g_autofree char *place = claim != NULL ? lks_recipe_claim_tell (claim) : NULL;

  if (claim == NULL)
    return NULL;
  /* Translators: a catalog of the cloud, or catalog, product and device group */
  return g_strdup_printf (claim->policy == LKS_CLAIM_POLICY_BEFORE_LOCK
                              ? _ ("Before that they are claimed into the catalog “%s”. A claim is "
                                   "for ever too: a board can never leave its catalog again.")
                              : _ ("They are also claimed into the catalog “%s”, as soon as the "
                                   "network and a sign-in are there. A claim is for ever too: a "
                                   "board can never leave its catalog again."),
                          place);
}

/**
 * lks_recipe_demands_to_text:
 * @recipe: a recipe
 *
 * Tells what it demands beside OS versions and applications.
 *
 * Returns: (transfer full): one line
 */
char *
lks_recipe_demands_to_text (LksRecipe *recipe)
{
  g_autoptr (GStrvBuilder) demands = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;

  add_packages (demands, recipe);
  add_configuration (demands, recipe);
  add_label (demands, recipe);
  add_limits (demands, recipe);
  add_claim (demands, recipe);
  if (lks_recipe_has_waivers (recipe))
    g_strv_builder_add (demands, _ ("some checks may be waived"));
  if (lks_recipe_get_allow_armed (recipe))
    g_strv_builder_add (demands, _ ("may start when a board is plugged in"));

  texts = g_strv_builder_end (demands);
  return texts[0] != NULL ? g_strjoinv (", ", texts) : g_strdup (_ ("nothing else"));
}

/**
 * lks_recipe_signature_to_text:
 * @recipe: a recipe
 *
 * Returns: (transfer full): who answers for it
 */
char *
lks_recipe_signature_to_text (LksRecipe *recipe)
{
  switch (lks_recipe_get_signature (recipe))
    {
    case LKS_RECIPE_SIGNATURE_NONE:
      return g_strdup (_ ("Nobody has signed it."));
    case LKS_RECIPE_SIGNATURE_UNCHECKED:
      return g_strdup (_ ("Not checked: this station knows no key to check it with."));
    case LKS_RECIPE_SIGNATURE_GOOD:
      break;
    }
  /* Translators: the name of a key, then its fingerprint */
  return g_strdup_printf (_ ("%s, with the key %s"), lks_recipe_get_signer (recipe),
                          lks_recipe_get_signer_key (recipe));
}
