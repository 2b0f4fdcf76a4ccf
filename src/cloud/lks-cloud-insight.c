/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-insight.h"

#define AT(member) G_STRUCT_OFFSET (LksCloudInsight, member)
static const LksCloudField fields[] = {
  { "deviceId", "DEVICE", LKS_CLOUD_FIELD_TEXT, AT (device_id) },
  { "eventCategory", "CATEGORY", LKS_CLOUD_FIELD_TEXT, AT (category) },
  { "eventClass", NULL, LKS_CLOUD_FIELD_TEXT, AT (event_class) },
  { "eventType", NULL, LKS_CLOUD_FIELD_TEXT, AT (event_type) },
  { "eventCount", "COUNT", LKS_CLOUD_FIELD_COUNT, AT (count) },
  { "startTimestampUtc", NULL, LKS_CLOUD_FIELD_TEXT, AT (start) },
  { "endTimestampUtc", "UNTIL", LKS_CLOUD_FIELD_TEXT, AT (end) },
  { "description", "DESCRIPTION", LKS_CLOUD_FIELD_TEXT, AT (description) },
};
#undef AT

const LksCloudKind lks_cloud_insight_kind = {
  .name = "report of trouble",
  .size = sizeof (LksCloudInsight),
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .is_flat = TRUE,
};

/**
 * lks_cloud_insight_list:
 * @client: a client
 * @catalog: a catalog
 * @func: (scope call): takes each
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_cloud_client_list() or of @func
 *
 * Lists what went wrong on the devices of a catalog. Blocks; worker threads only.
 *
 * Returns: whether the list is complete
 */
gboolean
lks_cloud_insight_list (LksCloudClient *client,
                        const LksCloudScope *catalog,
                        LksCloudResourceFunc func,
                        gpointer user_data,
                        GCancellable *cancellable,
                        GError **error)
{
  const LksCloudCall call = { .method = "POST", .scope = catalog, .below = "listDeviceInsights" };

  return lks_cloud_resource_list (client, &lks_cloud_insight_kind, &call, 0, func, user_data,
                                  cancellable, error);
}
