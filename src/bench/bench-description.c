/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-description.h"

/* A hub of the Linux Foundation's, as the kernel shows its virtual root hubs. */
static const guint8 hub_descriptors[] = {
  18, 1, 0x00, 0x02, 9, 0, 1,  64,   0x6b, 0x1d, 0x02, 0x00, 0x01, 0x06, 0, 0, 0, 1, /* device */
  9,  2, 25,   0,    1, 1, 0,  0xe0, 0, /* configuration */
  9,  4, 0,    0,    1, 9, 0,  0,    0, /* interface */
  7,  5, 0x81, 3,    4, 0, 12,          /* status endpoint */
};

/**
 * bench_description_new_hub:
 * @place: "usb1" or the place of a hub between root and board
 * @bus: bus number
 * @device: device number
 *
 * Describes a hub. libusb wants to see the parents of a board up to the root.
 *
 * Returns: (transfer full): the description
 */
BenchDescription *
bench_description_new_hub (const char *place, guint bus, guint device)
{
  BenchDescription *self = g_new0 (BenchDescription, 1);

  self->bus = bus;
  self->device = device;
  self->place = g_strdup (place);
  self->speed_mbit = 480;
  self->configuration = 1;
  self->descriptors = g_bytes_new_static (hub_descriptors, sizeof hub_descriptors);
  return self;
}

/**
 * bench_description_free:
 * @self: (nullable) (transfer full): a description
 */
void
bench_description_free (BenchDescription *self)
{
  if (self == NULL)
    return;

  g_free (self->place);
  g_clear_pointer (&self->descriptors, g_bytes_unref);
  g_free (self->manufacturer);
  g_free (self->product);
  g_free (self->serial);
  g_free (self);
}
