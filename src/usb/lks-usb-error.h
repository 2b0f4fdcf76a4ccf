/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksUsbError:
 * @LKS_USB_ERROR_IO: the adapter answered wrongly or not at all; unplugging it helps
 * @LKS_USB_ERROR_NO_DEVICE: the adapter is no longer attached
 * @LKS_USB_ERROR_DENIED: this user may not open the adapter; the udev rule is missing
 * @LKS_USB_ERROR_BUSY: another program holds the service UART
 */
typedef enum {
  LKS_USB_ERROR_IO,
  LKS_USB_ERROR_NO_DEVICE,
  LKS_USB_ERROR_DENIED,
  LKS_USB_ERROR_BUSY,
} LksUsbError;

#define LKS_TYPE_USB_ERROR (lks_usb_error_get_type ())
GType  lks_usb_error_get_type (void);

#define LKS_USB_ERROR (lks_usb_error_quark ())
GQuark lks_usb_error_quark    (void);

G_END_DECLS
