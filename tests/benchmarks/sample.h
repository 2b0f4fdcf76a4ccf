/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program holds at a moment, to see whether it grows. */
#pragma once

#include <glib.h>

typedef struct {
  guint64 heap_kib;     /* in use, of malloc */
  guint64 resident_kib;
  guint   descriptors;
  guint   threads;
  gint64  at_us;        /* monotonic */
} Sample;

void     sample_take        (Sample       *out_sample);
gboolean sample_is_flat     (const Sample *warmed,
                             const Sample *end);
char    *sample_dup_members (const Sample *start,
                             const Sample *warmed,
                             const Sample *end) G_GNUC_WARN_UNUSED_RESULT;
