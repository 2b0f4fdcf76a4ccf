/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BenchDescription:
 * @bus: bus number on this machine
 * @device: device number; a new one for every plugging in, as the kernel does it
 * @place: bus and port chain: "1-2.3"; "usb1" for the root hub
 * @speed_mbit: 480 for high speed
 * @configuration: the value of the active configuration
 * @descriptors: device descriptor followed by the configuration descriptor
 *
 * What sysfs says about one device.
 */
typedef struct {
  guint bus;
  guint device;
  char *place; /* (owned) */
  guint speed_mbit;
  guint configuration;
  GBytes *descriptors; /* (owned) */
  char *manufacturer;  /* (owned) (nullable) */
  char *product;       /* (owned) (nullable) */
  char *serial;        /* (owned) (nullable) */
} BenchDescription;

BenchDescription *bench_description_new_hub (const char       *place,
                                             guint             bus,
                                             guint             device) G_GNUC_WARN_UNUSED_RESULT;
void              bench_description_free    (BenchDescription *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchDescription, bench_description_free)

G_END_DECLS
