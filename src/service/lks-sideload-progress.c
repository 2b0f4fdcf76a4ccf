/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sideload-private.h"

#define TELL_US (100 * G_TIME_SPAN_MILLISECOND)
#define SAMPLE_US (200 * G_TIME_SPAN_MILLISECOND)
#define WINDOW_US (2 * G_TIME_SPAN_SECOND)

/* Takes note of how much has been sent, and tells how fast: over the last two seconds, and not
 * before there is anything to compare with. */
double
lks_sideload_rate_add (LksSideloadRate *self, gint64 now_us, guint64 sent_bytes)
{
  guint first = 0;

  if (self->n == 0 || now_us - self->at_us[self->n - 1] >= SAMPLE_US)
    {
      while (self->n > 0 &&
             (self->n == LKS_SIDELOAD_SAMPLES || now_us - self->at_us[0] > WINDOW_US))
        {
          self->n--;
          for (guint i = 0; i < self->n; i++)
            {
              self->at_us[i] = self->at_us[i + 1];
              self->bytes[i] = self->bytes[i + 1];
            }
        }
      self->at_us[self->n] = now_us;
      self->bytes[self->n] = sent_bytes;
      self->n++;
    }

  if (now_us - self->at_us[first] < SAMPLE_US || sent_bytes < self->bytes[first])
    return 0.0;
  return (double) (sent_bytes - self->bytes[first]) * G_USEC_PER_SEC /
         (double) (now_us - self->at_us[first]);
}

static void
tell (LksSideload *self, gint64 now_us)
{
  self->told_us = now_us;
  if (self->options->progress != NULL)
    self->options->progress (&self->progress, self->options->progress_data);
}

/* Begins a step. */
void
lks_sideload_enter (LksSideload *self, LksSideloadStep step)
{
  guint package = self->progress.package;

  self->progress = (LksSideloadProgress){ .step = step, .package = package };
  tell (self, g_get_monotonic_time ());
}

/* Takes note of what the line has taken of a package. */
void
lks_sideload_note_sent (LksSideload *self, guint64 sent_bytes)
{
  gint64 now_us = g_get_monotonic_time ();

  self->progress.sent_bytes = sent_bytes;
  self->progress.bytes_per_second = lks_sideload_rate_add (&self->rate, now_us, sent_bytes);
  if (now_us - self->told_us >= TELL_US || sent_bytes == self->progress.total_bytes)
    tell (self, now_us);
}
