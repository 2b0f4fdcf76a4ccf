/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-boot-clock.h"

#include <time.h>

/**
 * lks_boot_clock_us:
 *
 * CLOCK_BOOTTIME (clock_gettime(2)): nobody can set it, and it goes on while the computer sleeps,
 * in which g_get_monotonic_time() stands still. Any thread.
 *
 * Returns: time since this computer started, in microseconds
 */
gint64
lks_boot_clock_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}
