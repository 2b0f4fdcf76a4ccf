/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-claimer.h"

/**
 * lks_cli_claimer_open:
 * @self: zeroed
 * @account: (nullable): what --account said
 * @error: return location for an error
 *
 * Finds who is signed in. Blocks: the keyring may ask a person.
 *
 * Returns: whether somebody is; no question goes to the cloud yet
 */
gboolean
lks_cli_claimer_open (LksCliClaimer *self, const char *account, GError **error)
{
  g_autoptr (LksCloudAccount) found = NULL;

  if (!lks_cli_cloud_init (&self->cloud, error))
    return FALSE;

  found = lks_cli_cloud_find_account (&self->cloud, account, error);
  if (found == NULL)
    return FALSE;
  if (lks_cloud_account_is_legacy (found))
    lks_cli_cloud_warn_of_end ();
  self->claimer = lks_cloud_claimer_new (found, self->cloud.trust);
  return TRUE;
}

/**
 * lks_cli_claimer_clear:
 * @self: opened or not
 *
 * Frees what it holds. No run may have it any more.
 */
void
lks_cli_claimer_clear (LksCliClaimer *self)
{
  g_clear_object (&self->claimer);
  lks_cli_cloud_clear (&self->cloud);
}

/**
 * lks_cli_claimer_confirm:
 * @claim: (nullable): what the recipe says
 * @confirmed: (nullable): what --yes-claim-forever-into said
 * @error: return location for an error, NOT_CONFIRMED or USAGE
 *
 * The catalog stands in the recipe, and whoever runs it names it all the same.
 *
 * Returns: whether boards may be claimed, or need not be
 */
gboolean
lks_cli_claimer_confirm (const LksRecipeClaim *claim, const char *confirmed, GError **error)
{
  if (claim == NULL && confirmed == NULL)
    return TRUE;
  if (claim == NULL)
    g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                         "The recipe claims no boards: --yes-claim-forever-into has no meaning");
  else if (confirmed == NULL)
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED,
                 "The recipe claims boards into the catalog %s, for ever. Nothing was done; if it "
                 "is the right catalog, confirm it with --yes-claim-forever-into %s",
                 claim->catalog, claim->catalog);
  else if (g_strcmp0 (confirmed, claim->catalog) != 0)
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NOT_CONFIRMED,
                 "The recipe claims boards into the catalog “%s”, not “%s”; nothing was done",
                 claim->catalog, confirmed);
  else
    return TRUE;
  return FALSE;
}
