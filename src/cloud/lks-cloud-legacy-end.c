/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Legacy interface ends, and everybody who still uses it is told. */
#include "lks-cloud-legacy.h"

#include "lks-cloud-error.h"

#include <gio/gio.h>

#define MIGRATE                                                                                     \
  "Integrate the tenant into a catalog (Azure portal: Azure Sphere, “Integrate”), which keeps " \
  "devices, products and groups, and sign in without Legacy."

static GDateTime *
make_end (void)
{
  return g_date_time_new_from_iso8601 (LKS_CLOUD_LEGACY_END "T23:59:59Z", NULL);
}

/**
 * lks_cloud_legacy_get_days_left:
 * @now_unix_s: the time now
 *
 * Returns: how many days the Legacy interface still answers, today among them; 0 or less when it
 * has ended
 */
gint
lks_cloud_legacy_get_days_left (gint64 now_unix_s)
{
  g_autoptr (GDateTime) end = make_end ();
  gint64 left_s = g_date_time_to_unix (end) - now_unix_s;
  gint64 day_s = 24 * 60 * 60;

  return (gint) CLAMP (left_s >= 0 ? left_s / day_s + 1 : -(-left_s / day_s), G_MININT, G_MAXINT);
}

/**
 * lks_cloud_legacy_dup_notice:
 * @now_unix_s: the time now
 *
 * Returns: (transfer full): what somebody with a Legacy account must know, English sentences
 */
char *
lks_cloud_legacy_dup_notice (gint64 now_unix_s)
{
  gint days = lks_cloud_legacy_get_days_left (now_unix_s);

  if (days > 0)
    return g_strdup_printf ("The vendor ends the Legacy service after " LKS_CLOUD_LEGACY_END
                            ", in %d day%s. " MIGRATE,
                            days, days == 1 ? "" : "s");
  return g_strdup ("The vendor ended the Legacy service after " LKS_CLOUD_LEGACY_END ". " MIGRATE);
}

/**
 * lks_cloud_legacy_get_roles:
 *
 * A tenant has roles of its own (vendor's page "Manage roles").
 *
 * Returns: (transfer none): who may do what in a tenant, English sentences
 */
const char *
lks_cloud_legacy_get_roles (void)
{
  return "A tenant has its own roles: Reader looks; Contributor also claims, moves, makes "
         "capabilities, uploads and deploys; Administrator also deletes.";
}

/**
 * lks_cloud_legacy_explain:
 * @error: (inout): why work with the Legacy interface failed
 * @now_unix_s: the time now
 *
 * After its end, whatever comes back from there has one reason, which no error of a network or a
 * server tells: says it first.
 */
void
lks_cloud_legacy_explain (GError **error, gint64 now_unix_s)
{
  if (lks_cloud_legacy_get_days_left (now_unix_s) > 0 || (*error)->domain != LKS_CLOUD_ERROR ||
      (*error)->code == LKS_CLOUD_ERROR_NOT_SUPPORTED ||
      (*error)->code == LKS_CLOUD_ERROR_INVALID_ARGUMENT)
    return;
  g_prefix_error (error,
                  "the vendor ended the Legacy service after " LKS_CLOUD_LEGACY_END
                  "; sign in without Legacy to the catalog that the tenant was integrated into; ");
}
