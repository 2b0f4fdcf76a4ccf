/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-shared-desk.h"

/**
 * lks_shared_desk_ref:
 * @error: return location for an error of lks_cloud_trust_load_default()
 *
 * Gets the desk at which all windows work with the cloud, as the same account. It is there for as
 * long as somebody keeps it. Main thread only.
 *
 * Returns: (transfer full): the desk, or NULL with @error set
 */
LksCloudDesk *
lks_shared_desk_ref (GError **error)
{
  static LksCloudDesk *shared; /* (unowned) */
  g_autoptr (LksCloudTrust) trust = NULL;

  if (shared != NULL)
    return g_object_ref (shared);

  trust = lks_cloud_trust_load_default (error);
  if (trust == NULL)
    return NULL;
  g_set_weak_pointer (&shared, lks_cloud_desk_new (trust));
  return shared;
}
