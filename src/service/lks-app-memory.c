/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-app-memory.h"

#include "lks-json-member-private.h"

/* A board tells the numbers; their sum must not run over. */
static gint64
add (gint64 one, gint64 other)
{
  return other > 0 && one <= G_MAXINT64 - other ? one + other : one;
}

/**
 * lks_app_memory_sum_heap:
 * @self: the memory of an application
 *
 * Returns: how many bytes of heap its processes use, as far as the board tells them by caller
 */
gint64
lks_app_memory_sum_heap (const LksAppMemory *self)
{
  gint64 sum = 0;

  for (guint i = 0; i < self->processes->len; i++)
    {
      const LksProcessMemory *process = g_ptr_array_index (self->processes, i);

      for (guint heap = 0; heap < process->heap->len; heap++)
        sum = add (sum, ((LksHeapUsage *) g_ptr_array_index (process->heap, heap))->usage_bytes);
    }

  return sum;
}

static void
add_process (JsonBuilder *builder, const LksProcessMemory *process)
{
  json_builder_begin_object (builder);
  lks_json_add_int (builder, "pid", process->pid);
  json_builder_set_member_name (builder, "heap");
  json_builder_begin_array (builder);
  for (guint i = 0; i < process->heap->len; i++)
    {
      const LksHeapUsage *heap = g_ptr_array_index (process->heap, i);

      json_builder_begin_object (builder);
      lks_json_add_text (builder, "caller", heap->name);
      lks_json_add_int (builder, "bytes", heap->usage_bytes);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_app (JsonBuilder *builder, const LksAppMemory *app)
{
  json_builder_begin_object (builder);
  lks_json_add_text (builder, "componentId", app->component_id);
  lks_json_add_int (builder, "heapBytes", lks_app_memory_sum_heap (app));
  json_builder_set_member_name (builder, "processes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < app->processes->len; i++)
    add_process (builder, g_ptr_array_index (app->processes, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/**
 * lks_app_memory_to_json:
 * @stats: what a board tells of its memory
 *
 * Returns: (transfer full): an object
 */
JsonNode *
lks_app_memory_to_json (const LksMemoryStats *stats)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lks_json_add_int (builder, "currentBytes", stats->current_bytes);
  lks_json_add_int (builder, "userModeBytes", stats->user_mode_bytes);
  lks_json_add_int (builder, "peakUserModeBytes", stats->peak_user_mode_bytes);
  json_builder_set_member_name (builder, "applications");
  json_builder_begin_array (builder);
  for (guint i = 0; i < stats->apps->len; i++)
    add_app (builder, g_ptr_array_index (stats->apps, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
