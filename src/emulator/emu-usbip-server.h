/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "emu-ft4232h.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * EmuUsbipServer:
 *
 * Offers chips to USB/IP clients over TCP: the list, imports, transfers. Every chip has a place
 * with a busid of its own, and one client at a time.
 */
typedef struct _EmuUsbipServer EmuUsbipServer;

EmuUsbipServer *emu_usbip_server_new             (GMainContext        *context,
                                                  const char          *address,
                                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void            emu_usbip_server_free            (EmuUsbipServer      *self);
const char     *emu_usbip_server_get_address     (EmuUsbipServer      *self);

guint           emu_usbip_server_add             (EmuUsbipServer      *self,
                                                  EmuFt4232h          *chip,
                                                  gboolean             plugged);
const char     *emu_usbip_server_get_busid       (EmuUsbipServer      *self,
                                                  guint                index);
void            emu_usbip_server_set_plugged     (EmuUsbipServer      *self,
                                                  guint                index,
                                                  gboolean             plugged);
gboolean        emu_usbip_server_swap            (EmuUsbipServer      *self,
                                                  guint                index,
                                                  guint                other);
gboolean        emu_usbip_server_get_plugged     (EmuUsbipServer      *self,
                                                  guint                index);
gboolean        emu_usbip_server_get_imported    (EmuUsbipServer      *self,
                                                  guint                index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EmuUsbipServer, emu_usbip_server_free)

G_END_DECLS
