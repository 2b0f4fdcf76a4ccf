/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"

#include <malloc.h>
#include <string.h>
#include <unistd.h>

#define HEAP_GROWTH_MAX_KIB 512

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint entries = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    entries++;
  return entries;
}

/* After the main context has told what there was to tell. */
void
sample_take (Sample *out_sample)
{
  g_autofree char *text = NULL;
  struct mallinfo2 info;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  info = mallinfo2 ();
  out_sample->heap_kib = (info.uordblks + info.hblkhd) / 1024;
  out_sample->resident_kib =
      g_ascii_strtoull (strchr (text, ' ') + 1, NULL, 10) * (guint64) sysconf (_SC_PAGESIZE) / 1024;
  out_sample->descriptors = count_entries ("/proc/self/fd");
  out_sample->threads = count_entries ("/proc/self/task");
  out_sample->at_us = g_get_monotonic_time ();
}

static gint64
get_growth_kib (const Sample *warmed, const Sample *end)
{
  return (gint64) end->heap_kib - (gint64) warmed->heap_kib;
}

/* Whether neither memory nor descriptors grew since @warmed, when caches had filled. */
gboolean
sample_is_flat (const Sample *warmed, const Sample *end)
{
  return get_growth_kib (warmed, end) <= HEAP_GROWTH_MAX_KIB &&
         end->descriptors <= warmed->descriptors;
}

/* The members of a JSON object, without its braces. */
char *
sample_dup_members (const Sample *start, const Sample *warmed, const Sample *end)
{
  return g_strdup_printf ("\"heapGrowthKib\":%" G_GINT64_FORMAT
                          ",\"residentKib\":[%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT
                          ",%" G_GUINT64_FORMAT
                          "],\"descriptors\":[%u,%u,%u],\"threads\":[%u,%u,%u]",
                          get_growth_kib (warmed, end), start->resident_kib, warmed->resident_kib,
                          end->resident_kib, start->descriptors, warmed->descriptors,
                          end->descriptors, start->threads, warmed->threads, end->threads);
}
