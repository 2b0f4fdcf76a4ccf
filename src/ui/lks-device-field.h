/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksDeviceField:
 *
 * Where a person says which devices: typed or scanned IDs, those of the attached boards, a list from
 * a file. They are checked while they are typed; of a list of more than a thousand only the number
 * is shown. The signal "changed" says that they are others now.
 */
#define LKS_TYPE_DEVICE_FIELD (lks_device_field_get_type ())
G_DECLARE_FINAL_TYPE (LksDeviceField, lks_device_field, LKS, DEVICE_FIELD, AdwBin)

GPtrArray *lks_device_field_get_rows  (LksDeviceField *self);
void       lks_device_field_set_limit (LksDeviceField *self,
                                       guint           n_devices);
void       lks_device_field_append    (LksDeviceField *self,
                                       GPtrArray      *ids);
void       lks_device_field_load      (LksDeviceField *self,
                                       const char     *path);

G_END_DECLS
