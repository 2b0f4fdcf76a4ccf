/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A list of 100,000 devices with long names fits. */
#define LKS_DEVICE_CSV_BYTES_MAX (32 * 1024 * 1024)

/**
 * LksDeviceRow:
 * @device_id: (owned): 128 digits, lower case
 * @product: (owned) (nullable): name of a product, when the file tells one
 * @group: (owned) (nullable): name of a device group, when the file tells one
 *
 * A device of a list.
 */
typedef struct {
  char *device_id;
  char *product;
  char *group;
} LksDeviceRow;

LksDeviceRow *lks_device_row_new    (const char    *device_id,
                                     const char    *product,
                                     const char    *group) G_GNUC_WARN_UNUSED_RESULT;
void          lks_device_row_free   (LksDeviceRow  *self);

GPtrArray    *lks_device_csv_parse  (const char    *text,
                                     gsize          size_bytes,
                                     GError       **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray    *lks_device_csv_load   (const char    *path,
                                     GError       **error) G_GNUC_WARN_UNUSED_RESULT;
char         *lks_device_csv_read   (const char    *path,
                                     GCancellable  *cancellable,
                                     GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksDeviceRow, lks_device_row_free)

G_END_DECLS
