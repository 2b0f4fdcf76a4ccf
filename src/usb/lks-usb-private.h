/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <libusb.h>

#include "lks-adapter.h"
#include "lks-io-thread.h"
#include "lks-port.h"
#include "lks-usb-error.h"

G_BEGIN_DECLS

gboolean       lks_usb_check             (int                          rc,
                                          const char                  *doing,
                                          GError                     **error);
gboolean       lks_usb_check_transfer    (enum libusb_transfer_status  status,
                                          const char                  *doing,
                                          GError                     **error);
gboolean       lks_usb_pause             (guint                        pause_ms,
                                          GCancellable                *cancellable,
                                          GError                     **error);

/**
 * LksUsbSetup:
 * @request_type: bmRequestType
 * @request: bRequest
 * @value: wValue
 * @index: wIndex
 * @length: wLength, at most LKS_USB_CONTROL_BYTES_MAX
 *
 * The setup packet of a control request.
 */
typedef struct {
  guint8  request_type;
  guint8  request;
  guint16 value;
  guint16 index;
  guint16 length;
} LksUsbSetup;

#define LKS_USB_CONTROL_BYTES_MAX  255
#define LKS_USB_CONTROL_TIMEOUT_MS 1000

/**
 * LksUsbContext:
 *
 * One libusb session whose events run on the I/O thread. Ports and streams hold references;
 * the last one must not be dropped on the I/O thread.
 */
#define LKS_TYPE_USB_CONTEXT (lks_usb_context_get_type ())
G_DECLARE_FINAL_TYPE (LksUsbContext, lks_usb_context, LKS, USB_CONTEXT, GObject)

LksUsbContext  *lks_usb_context_new           (LksIoThread           *io_thread,
                                               GError               **error) G_GNUC_WARN_UNUSED_RESULT;
libusb_context *lks_usb_context_get_libusb    (LksUsbContext         *self);
LksIoThread    *lks_usb_context_get_io_thread (LksUsbContext         *self);
gboolean        lks_usb_context_control       (LksUsbContext         *self,
                                               libusb_device_handle  *handle,
                                               const LksUsbSetup     *setup,
                                               guint8                *data,
                                               gsize                 *out_size_bytes,
                                               GCancellable          *cancellable,
                                               GError               **error);
void            lks_usb_context_announce_give_back
                                              (LksUsbContext         *self);
void            lks_usb_context_give_back     (LksUsbContext         *self,
                                               libusb_device_handle  *handle,
                                               int                    interface_number);
void            lks_usb_context_wait_for_all  (LksUsbContext         *self,
                                               guint                  timeout_ms);

LksPort        *lks_port_new                  (LksUsbContext         *context,
                                               libusb_device         *device,
                                               const LksUsbStrings   *strings,
                                               LksAdapter             adapter,
                                               const char            *problem) G_GNUC_WARN_UNUSED_RESULT;
char           *lks_port_build_path           (libusb_device         *device) G_GNUC_WARN_UNUSED_RESULT;
int             lks_port_compare              (LksPort               *a,
                                               LksPort               *b);
void            lks_port_set_gone             (LksPort               *self);

#define LKS_TYPE_UART (lks_uart_get_type ())
G_DECLARE_FINAL_TYPE (LksUart, lks_uart, LKS, UART, GObject)

LksByteStream  *lks_uart_open                 (LksUsbContext         *context,
                                               libusb_device         *device,
                                               GCancellable          *cancellable,
                                               GError               **error) G_GNUC_WARN_UNUSED_RESULT;

LksPort        *lks_port_probe                (LksUsbContext         *context,
                                               libusb_device         *device,
                                               const char *const     *extra_products,
                                               GCancellable          *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
