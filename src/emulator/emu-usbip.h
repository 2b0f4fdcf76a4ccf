/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMU_USBIP_PORT 3240
#define EMU_USBIP_BUSID_BYTES 32
#define EMU_USBIP_SETUP_BYTES 8

/* The kernel's usbfs takes 16 MiB in all; no transfer of a serial chip comes near this. */
#define EMU_USBIP_TRANSFER_MAX_BYTES (1024 * 1024)

/**
 * EmuUsbipStatus:
 *
 * Status of an answer in the first phase (drivers/usb/usbip, tools/usb/usbip: usbip_network.h).
 */
typedef enum {
  EMU_USBIP_STATUS_OK = 0,
  EMU_USBIP_STATUS_NOT_AVAILABLE = 1,
  EMU_USBIP_STATUS_BUSY = 2,
  EMU_USBIP_STATUS_DEVICE_ERROR = 3,
  EMU_USBIP_STATUS_NO_DEVICE = 4,
} EmuUsbipStatus;

/**
 * EmuUsbipRequest:
 * @is_import: a device is asked for, not the list
 * @busid: the device, when @is_import
 *
 * What a client says first.
 */
typedef struct {
  gboolean is_import;
  char busid[EMU_USBIP_BUSID_BYTES + 1];
} EmuUsbipRequest;

/**
 * EmuUsbipCommand:
 * @is_unlink: a transfer is to be cancelled, not made
 * @seqnum: the client's number of the command
 * @victim: the transfer to be cancelled, when @is_unlink
 * @endpoint: endpoint number, 0 to 15
 * @is_in: whether bytes go to the client
 * @size_bytes: how many bytes the client sends, or has room for
 * @setup: the setup packet, for endpoint 0
 * @data: (unowned) (nullable): the bytes of an OUT transfer, within the parsed message
 *
 * What a client says after its import.
 */
typedef struct {
  gboolean is_unlink;
  guint32 seqnum;
  guint32 victim;
  guint8 endpoint;
  gboolean is_in;
  gsize size_bytes;
  guint8 setup[EMU_USBIP_SETUP_BYTES];
  const guint8 *data;
} EmuUsbipCommand;

/**
 * EmuUsbipDevice:
 *
 * A device as lists and imports describe it: high speed, one configuration, vendor interfaces.
 */
typedef struct {
  char busid[EMU_USBIP_BUSID_BYTES];
  guint32 busnum;
  guint32 devnum;
  guint16 vendor;
  guint16 product;
  guint16 release;
  guint8 n_interfaces;
} EmuUsbipDevice;

gboolean emu_usbip_parse_request      (const guint8          *data,
                                       gsize                  size_bytes,
                                       EmuUsbipRequest       *out_request,
                                       gsize                 *out_used_bytes,
                                       GError               **error);
gboolean emu_usbip_parse_command      (const guint8          *data,
                                       gsize                  size_bytes,
                                       EmuUsbipCommand       *out_command,
                                       gsize                 *out_used_bytes,
                                       GError               **error);

void     emu_usbip_append_list        (GByteArray            *array,
                                       guint                  n_devices);
void     emu_usbip_append_list_device (GByteArray            *array,
                                       const EmuUsbipDevice  *device);
void     emu_usbip_append_import      (GByteArray            *array,
                                       EmuUsbipStatus         status,
                                       const EmuUsbipDevice  *device);
void     emu_usbip_append_submitted   (GByteArray            *array,
                                       guint32                seqnum,
                                       int                    status,
                                       gsize                  actual_bytes,
                                       const guint8          *data);
void     emu_usbip_append_unlinked    (GByteArray            *array,
                                       guint32                seqnum,
                                       int                    status);

G_END_DECLS
