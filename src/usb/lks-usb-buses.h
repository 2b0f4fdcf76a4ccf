/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where Linux mounts its file system of devices. */
#define LKS_USB_SYSFS "/sys"

GHashTable *lks_usb_buses_read (const char *sysfs) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
