/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-waive.h"

#include "lks-cli.h"
#include "lks-operator-key.h"
#include "lks-pin-store.h"
#include "lks-pin.h"

#define DAY_US ((gint64) 24 * 60 * 60 * G_USEC_PER_SEC)

/**
 * lks_cli_waive_clear:
 * @self: options
 *
 * Frees what they hold.
 */
void
lks_cli_waive_clear (LksCliWaive *self)
{
  g_strfreev (self->checks);
  g_free (self->reason);
  g_free (self->engineer_key);
  lks_cli_secret_source_clear (&self->pin);
}

static gboolean
check_pin (LksCliWaive *self, GError **error)
{
  g_autoptr (LksStationConfig) config = lks_station_config_load (error);
  g_autofree char *tries_path = lks_pin_store_dup_default_tries_path ();
  g_autoptr (LksSecret) pin = NULL;

  if (config == NULL)
    return FALSE;

  pin = lks_cli_secret_read (&self->pin, "Engineer PIN",
                             "--engineer-pin-file FILE or --engineer-key FILE", LKS_PIN_BYTES_MAX,
                             error);
  return pin != NULL &&
         lks_pin_store_check (config, tries_path, pin, g_get_real_time (), NULL, error);
}

static gboolean
prove_engineer (LksCliWaive *self, GError **error)
{
  g_autofree char *fingerprint = NULL;
  gboolean is_proven;

  if (self->engineer_key != NULL)
    is_proven = (fingerprint = lks_operator_key_prove (self->engineer_key, error)) != NULL;
  else
    is_proven = check_pin (self, error);
  if (is_proven)
    self->role = LKS_WAIVER_ROLE_ENGINEER;
  return is_proven;
}

static gboolean
needs_engineer (LksCliWaive *self, LksRecipe *recipe)
{
  LksWaiverRole role;

  for (char **check = self->checks; *check != NULL; check++)
    if (lks_recipe_may_waive (recipe, *check, &role) && role == LKS_WAIVER_ROLE_ENGINEER)
      return TRUE;

  return FALSE;
}

/* What would be wrong for every board is said before any is looked at. */
static gboolean
try (LksCliWaive *self, LksRecipe *recipe, GError **error)
{
  g_autoptr (GPtrArray) waivers = NULL;

  return lks_cli_waive_make (self, recipe, "-", NULL, "-", &waivers, error);
}

/**
 * lks_cli_waive_check:
 * @self: options
 * @recipe: the recipe
 * @error: return location for an error
 *
 * Checks what was asked for, and has the person proven to be an engineer where the recipe demands
 * one: with a key, or the PIN. May ask at the terminal.
 *
 * Returns: whether the checks may be waived
 */
gboolean
lks_cli_waive_check (LksCliWaive *self, LksRecipe *recipe, GError **error)
{
  if (self->checks == NULL && self->reason == NULL)
    return TRUE;
  if (self->checks == NULL || self->reason == NULL)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "--waive CHECK and --reason TEXT belong together");
      return FALSE;
    }

  self->role = LKS_WAIVER_ROLE_ENGINEER;
  if (!try (self, recipe, error))
    return FALSE;

  self->role = LKS_WAIVER_ROLE_OPERATOR;
  return !needs_engineer (self, recipe) || prove_engineer (self, error);
}

/**
 * lks_cli_waive_make:
 * @self: options that lks_cli_waive_check() found good
 * @recipe: the recipe
 * @given_by: who answers for it
 * @device_id: (nullable): the board
 * @batch: (nullable): its batch
 * @out_waivers: (out) (nullable) (element-type LksWaiver): the waivers for this board, or NULL
 * @error: return location for a [error@Lks.RecipeError]
 *
 * Returns: whether they could be made
 */
gboolean
lks_cli_waive_make (LksCliWaive *self,
                    LksRecipe *recipe,
                    const char *given_by,
                    const char *device_id,
                    const char *batch,
                    GPtrArray **out_waivers,
                    GError **error)
{
  g_autoptr (GPtrArray) waivers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_waiver_unref);
  /* What is too much is refused with the reason; it need not be told how much too much. */
  gint64 until_us =
      g_get_real_time () + (gint64) CLAMP (self->days, 0, LKS_WAIVER_DAYS_MAX + 1) * DAY_US;

  for (char **check = self->checks; check != NULL && *check != NULL; check++)
    {
      LksWaiver *waiver = lks_waiver_new (recipe,
                                          &(LksWaiverFields){
                                              .check = *check,
                                              .device_id = device_id,
                                              .batch = batch,
                                              .reason = self->reason,
                                              .given_by = given_by,
                                              .role = self->role,
                                              .until_us = until_us,
                                          },
                                          error);

      if (waiver == NULL)
        return FALSE;
      g_ptr_array_add (waivers, waiver);
    }

  *out_waivers = waivers->len > 0 ? g_steal_pointer (&waivers) : NULL;
  return TRUE;
}
