/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-os-versions.h"

#define VERSIONS_PATH "/versions/mt3620an.json"
#define LIST_MAX_BYTES (8 * 1024 * 1024)

/**
 * lks_os_versions_fetch:
 * @address: (nullable): of the service that publishes the list, NULL for the vendor's
 * @trust: whose certificates count beside the system's
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_call()
 *
 * Fetches the vendor's list of OS versions for the MT3620, by which the version of a board is
 * known. Needs no sign-in. Blocks; worker threads only.
 *
 * Returns: (transfer full): the list as it came, not checked, or NULL with @error set
 */
GBytes *
lks_os_versions_fetch (const char *address,
                       LksCloudTrust *trust,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (LksCloudClient) client =
      lks_cloud_client_new (address != NULL ? address : LKS_OS_VERSIONS_PUBLIC, NULL, trust, NULL,
                            error);
  const LksCloudCall call = {
    .method = "GET", .path = VERSIONS_PATH, .is_open = TRUE, .answer_max_bytes = LIST_MAX_BYTES
  };
  g_auto (LksCloudAnswer) answer = { 0 };

  return client != NULL && lks_cloud_client_call (client, &call, cancellable, &answer, error)
             ? g_bytes_ref (answer.body)
             : NULL;
}
