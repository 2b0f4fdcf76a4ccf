/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-diag.h"

#include "lks-device-private.h"

#define BINARY_MAX_BYTES (1024 * 1024)
#define BINARY_LIMIT_MS 60000

static void heap_usage_free (gpointer usage);

static const LksDeviceShapeField heap_fields[] = {
  LKS_FIELD (LksHeapUsage, TEXT, "name", name),
  LKS_FIELD (LksHeapUsage, INT64, "usageInBytes", usage_bytes),
  LKS_FIELD_END,
};
static const LksDeviceShape heap_record = {
  .size = sizeof (LksHeapUsage),
  .free_func = heap_usage_free,
  .fields = heap_fields,
};

static void
heap_usage_free (gpointer usage)
{
  lks_device_shape_free (&heap_record, usage);
}

static void process_memory_free (gpointer process);

static const LksDeviceShapeField process_fields[] = {
  LKS_FIELD (LksProcessMemory, INT, "pid", pid),
  LKS_FIELD (LksProcessMemory,
             LIST,
             "heapUsageByCaller",
             heap,
             .is_optional = TRUE,
             .record = &heap_record),
  LKS_FIELD_END,
};
static const LksDeviceShape process_record = {
  .size = sizeof (LksProcessMemory),
  .free_func = process_memory_free,
  .fields = process_fields,
};

static void
process_memory_free (gpointer process)
{
  lks_device_shape_free (&process_record, process);
}

static void app_memory_free (gpointer app);

static const LksDeviceShapeField app_fields[] = {
  LKS_FIELD (LksAppMemory, GUID, "componentId", component_id),
  LKS_FIELD (LksAppMemory,
             LIST,
             "processes",
             processes,
             .is_optional = TRUE,
             .record = &process_record),
  LKS_FIELD_END,
};
static const LksDeviceShape app_record = {
  .size = sizeof (LksAppMemory),
  .free_func = app_memory_free,
  .fields = app_fields,
};

static void
app_memory_free (gpointer app)
{
  lks_device_shape_free (&app_record, app);
}

static const LksDeviceShapeField totals_fields[] = {
  LKS_FIELD (LksMemoryStats, INT64, "currentMemoryUsageInBytes", current_bytes),
  LKS_FIELD (LksMemoryStats, INT64, "userModeMemoryUsageInBytes", user_mode_bytes),
  LKS_FIELD (LksMemoryStats, INT64, "peakUserModeMemoryUsageInBytes", peak_user_mode_bytes),
  LKS_FIELD_END,
};
static const LksDeviceShape totals_record = { .size = sizeof (LksMemoryStats),
                                              .fields = totals_fields };

static const LksDeviceShapeField memory_fields[] = {
  { .member = "memoryStats", .kind = LKS_FIELD_RECORD, .offset = 0, .record = &totals_record },
  LKS_FIELD (LksMemoryStats, LIST, "apps", apps, .is_optional = TRUE, .record = &app_record),
  LKS_FIELD_END,
};
static const LksDeviceShape memory_record = {
  .size = sizeof (LksMemoryStats),
  .free_func = (GDestroyNotify) lks_memory_stats_free,
  .fields = memory_fields,
};

const LksAnswerType lks_answer_types_diag[] = {
  { "GET /stats/memory/groups/applications", &memory_record },
  { NULL, NULL },
};

/**
 * lks_memory_stats_free:
 * @self: (transfer full) (nullable): memory statistics
 */
void
lks_memory_stats_free (LksMemoryStats *self)
{
  lks_device_shape_free (&memory_record, self);
}

/**
 * lks_device_get_log:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /log`, REST 1.2.0: the diagnostic log in its binary form. Blocks; worker threads only.
 *
 * Returns: (transfer full): at most 1 MiB, empty when there is nothing, or NULL with @error set
 */
GBytes *
lks_device_get_log (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/log",
    .since = LKS_REST_VERSION (1, 2, 0),
    .limit_ms = BINARY_LIMIT_MS,
    .answer_max_bytes = BINARY_MAX_BYTES,
    .is_binary = TRUE,
  };

  return lks_device_call (self, &call, cancellable, error);
}

/**
 * lks_device_get_telemetry:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /telemetry`, REST 3.1.0: error reports in their binary form. Blocks; worker threads only.
 *
 * Returns: (transfer full): at most 1 MiB, empty when there is nothing, or NULL with @error set
 */
GBytes *
lks_device_get_telemetry (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/telemetry",
    .since = LKS_REST_VERSION (3, 1, 0),
    .limit_ms = BINARY_LIMIT_MS,
    .answer_max_bytes = BINARY_MAX_BYTES,
    .is_binary = TRUE,
  };

  return lks_device_call (self, &call, cancellable, error);
}

/**
 * lks_device_clear_telemetry:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `DELETE /telemetry`. Takes effect within a second. Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_clear_telemetry (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = { .method = "DELETE", .path = "/telemetry" };

  return lks_device_call_done (self, &call, NULL, cancellable, error);
}

/**
 * lks_device_get_memory_stats:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /stats/memory/groups/applications`, REST 4.3.0. Needs the app development capability.
 * Blocks; worker threads only.
 *
 * Returns: (transfer full): memory by application, or NULL with @error set
 */
LksMemoryStats *
lks_device_get_memory_stats (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/stats/memory/groups/applications",
    .since = LKS_REST_VERSION (4, 3, 0),
  };

  return lks_device_call_new (self, &call, &memory_record, cancellable, error);
}
