/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-byte-stream.h"
#include "lks-io-thread.h"
#include "usbip-client.h"

G_BEGIN_DECLS

/* The service UART of an imported board as a byte stream, so that the product's link can be put
 * on it without libusb and a kernel. */
#define USBIP_TYPE_LINE (usbip_line_get_type ())
G_DECLARE_FINAL_TYPE (UsbipLine, usbip_line, USBIP, LINE, GObject)

/* wValue of the speed request */
#define USBIP_LINE_921600 0x000d
#define USBIP_LINE_115200 0xc068

LksByteStream *usbip_line_new          (UsbipClient *client,
                                        guint16      speed,
                                        LksIoThread *thread) G_GNUC_WARN_UNUSED_RESULT;
guint          usbip_line_get_overruns (UsbipLine   *self);
gboolean       usbip_line_is_closed    (UsbipLine   *self);

G_END_DECLS
