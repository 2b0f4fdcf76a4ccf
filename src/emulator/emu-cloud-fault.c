/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-private.h"

#include <string.h>

/* Signing in is struck by faults that name its path. */
static gboolean
is_about (const EmuCloudFault *fault, const char *method, const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autofree char *wanted = fault->path != NULL ? g_ascii_strdown (fault->path, -1) : NULL;

  return (fault->path != NULL || !emu_cloud_is_sign_in_path (path)) &&
         (fault->method == NULL || g_str_equal (fault->method, method)) &&
         (wanted == NULL || strstr (lower, wanted) != NULL);
}

/* The fault that strikes this request, if any. It stays valid until the next call. */
const EmuCloudFault *
emu_cloud_next_fault (EmuCloud *self, const char *method, const char *path)
{
  GPtrArray *faults = self->config->faults;

  for (guint i = 0; i < faults->len; i++)
    {
      EmuCloudFault *fault = g_ptr_array_index (faults, i);

      if (!is_about (fault, method, path))
        continue;
      if (fault->skip > 0)
        {
          fault->skip--;
          continue;
        }
      if (fault->times == G_MAXUINT) /* has struck for the last time */
        continue;
      if (fault->times > 0 && --fault->times == 0)
        fault->times = G_MAXUINT;
      return fault;
    }
  return NULL;
}

/* ---- how many requests are granted: buckets that are filled again steadily ---- */

static double
get_size (EmuCloud *self, EmuBucketKind kind)
{
  switch (kind)
    {
    case EMU_BUCKET_READS:
      return 12000;
    case EMU_BUCKET_WRITES:
      return self->config->writes_max;
    case EMU_BUCKET_DELETES:
      break;
    }
  return 15000;
}

static double
get_refill_per_s (EmuCloud *self, EmuBucketKind kind)
{
  return kind == EMU_BUCKET_READS ? 25 : self->config->writes_per_second;
}

static void
fill (EmuCloud *self, EmuBucket *bucket, EmuBucketKind kind, gint64 now_us)
{
  double size = get_size (self, kind);
  double seconds = (double) (now_us - bucket->filled_at_us) / G_USEC_PER_SEC;

  bucket->left = bucket->filled_at_us == 0
                     ? size
                     : MIN (size, bucket->left + seconds * get_refill_per_s (self, kind));
  bucket->filled_at_us = now_us;
}

/* Takes one; FALSE: there is none, or somebody who was told to wait came back too early, whose
 * wait begins anew. */
gboolean
emu_cloud_grant (EmuCloud *self, EmuBucketKind kind, guint *out_retry_s)
{
  EmuBucket *bucket = &self->buckets[kind];
  gint64 now_us = g_get_monotonic_time ();

  fill (self, bucket, kind, now_us);
  if (now_us >= bucket->refused_until_us && bucket->left >= 1)
    {
      bucket->left -= 1;
      return TRUE;
    }

  *out_retry_s = 1;
  bucket->refused_until_us = now_us + G_USEC_PER_SEC * 9 / 10;
  return FALSE;
}

/* By a fault: nothing is granted until the wait is over, and coming early begins it anew. */
void
emu_cloud_throttle (EmuCloud *self, guint seconds)
{
  self->throttle_seconds = seconds;
  self->throttled_until_us = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
}

gboolean
emu_cloud_is_throttled (EmuCloud *self, guint *out_retry_s)
{
  if (g_get_monotonic_time () >= self->throttled_until_us)
    return FALSE;

  emu_cloud_throttle (self, self->throttle_seconds);
  *out_retry_s = self->throttle_seconds;
  return TRUE;
}
