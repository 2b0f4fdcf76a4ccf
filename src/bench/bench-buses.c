/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-buses.h"

#define DEVICES_MAX 127
#define ROOT_HUB 1
#define REAL_NODE_FORMAT "/dev/bus/usb/%03u/%03u"

typedef struct
{
  guint last_device;
  gboolean is_used[DEVICES_MAX + 1];
} Bus;

struct _BenchBuses
{
  Bus buses[BENCH_BUSES_MAX + 1];
};

/**
 * bench_buses_new:
 *
 * The numbers of the devices on each bus.
 *
 * Returns: (transfer full): without any device
 */
BenchBuses *
bench_buses_new (void)
{
  return g_new0 (BenchBuses, 1);
}

/**
 * bench_buses_free:
 * @self: (nullable) (transfer full): the buses
 */
void
bench_buses_free (BenchBuses *self)
{
  g_free (self);
}

static gboolean
is_real (guint bus, guint device)
{
  g_autofree char *node = g_strdup_printf (REAL_NODE_FORMAT, bus, device);

  return g_file_test (node, G_FILE_TEST_EXISTS);
}

/**
 * bench_buses_take_device:
 * @self: the buses
 * @bus: number of a bus, 1 to BENCH_BUSES_MAX
 *
 * Numbers a new device, upwards and around as the kernel does: a number is not used again soon. It
 * is none that a real device has; the root hub is always 1.
 *
 * Returns: its number, 0 when the bus is full
 */
guint
bench_buses_take_device (BenchBuses *self, guint bus)
{
  Bus *numbers = &self->buses[bus];

  for (guint i = 0; i < DEVICES_MAX; i++)
    {
      guint device = (numbers->last_device + i) % DEVICES_MAX + 1;

      if (numbers->is_used[device] || (device != ROOT_HUB && is_real (bus, device)))
        continue;
      numbers->is_used[device] = TRUE;
      numbers->last_device = device;
      return device;
    }
  return 0;
}

/**
 * bench_buses_give_device:
 * @self: the buses
 * @bus: number of a bus
 * @device: number of a device that is gone
 */
void
bench_buses_give_device (BenchBuses *self, guint bus, guint device)
{
  self->buses[bus].is_used[device] = FALSE;
}

/**
 * bench_buses_has_device:
 * @self: the buses
 * @bus: any number
 * @device: any number
 *
 * Returns: whether there is such a device, board or hub
 */
gboolean
bench_buses_has_device (BenchBuses *self, guint bus, guint device)
{
  return bus >= 1 && bus <= BENCH_BUSES_MAX && device >= 1 && device <= DEVICES_MAX &&
         self->buses[bus].is_used[device];
}
