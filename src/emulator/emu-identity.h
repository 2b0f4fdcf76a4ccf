/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *emu_identity_device_id  (const char *kind,
                               guint       index) G_GNUC_WARN_UNUSED_RESULT;
char *emu_identity_guid       (const char *kind,
                               const char *name) G_GNUC_WARN_UNUSED_RESULT;
char *emu_identity_mac        (const char *interface,
                               guint       index) G_GNUC_WARN_UNUSED_RESULT;
char *emu_identity_usb_serial (guint       index) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
