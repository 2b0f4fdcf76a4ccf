/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-usb-error.h"
#include "lks-usb-private.h"

#include <gio/gio.h>

GQuark
lks_usb_error_quark (void)
{
  return g_quark_from_static_string ("lks-usb-error");
}

G_DEFINE_ENUM_TYPE (LksUsbError,
                    lks_usb_error,
                    G_DEFINE_ENUM_VALUE (LKS_USB_ERROR_IO, "io"),
                    G_DEFINE_ENUM_VALUE (LKS_USB_ERROR_NO_DEVICE, "no-device"),
                    G_DEFINE_ENUM_VALUE (LKS_USB_ERROR_DENIED, "denied"),
                    G_DEFINE_ENUM_VALUE (LKS_USB_ERROR_BUSY, "busy"))

/* The one place where libusb's codes are translated; without default, so that the compiler
 * names a code that is forgotten. */
static LksUsbError
usb_error_from_libusb (enum libusb_error rc)
{
  switch (rc)
    {
    case LIBUSB_ERROR_NO_DEVICE:
      return LKS_USB_ERROR_NO_DEVICE;
    case LIBUSB_ERROR_ACCESS:
      return LKS_USB_ERROR_DENIED;
    case LIBUSB_ERROR_BUSY:
      return LKS_USB_ERROR_BUSY;
    case LIBUSB_SUCCESS:
    case LIBUSB_ERROR_IO:
    case LIBUSB_ERROR_INVALID_PARAM:
    case LIBUSB_ERROR_NOT_FOUND:
    case LIBUSB_ERROR_TIMEOUT:
    case LIBUSB_ERROR_OVERFLOW:
    case LIBUSB_ERROR_PIPE:
    case LIBUSB_ERROR_INTERRUPTED:
    case LIBUSB_ERROR_NO_MEM:
    case LIBUSB_ERROR_NOT_SUPPORTED:
    case LIBUSB_ERROR_OTHER:
      break;
    }

  return LKS_USB_ERROR_IO;
}

/**
 * lks_usb_check:
 * @rc: what a libusb function returned
 * @doing: what was tried, as the beginning of a sentence ("Opening the adapter")
 * @error: return location for an error
 *
 * Turns libusb's result into ours. Any thread.
 *
 * Returns: whether @rc is a success; otherwise @error is set in [error@Lks.UsbError]
 */
gboolean
lks_usb_check (int rc, const char *doing, GError **error)
{
  LksUsbError code;

  if (rc >= 0)
    return TRUE;

  code = usb_error_from_libusb ((enum libusb_error) rc);
  switch (code)
    {
    case LKS_USB_ERROR_NO_DEVICE:
      g_set_error (error, LKS_USB_ERROR, code, "%s failed: the board is no longer attached", doing);
      break;
    case LKS_USB_ERROR_DENIED:
      g_set_error (error, LKS_USB_ERROR, code,
                   "%s failed: this user may not use the adapter; install the udev rule "
                   "70-locksmith.rules and plug the board in again",
                   doing);
      break;
    case LKS_USB_ERROR_BUSY:
      g_set_error (error, LKS_USB_ERROR, code,
                   "%s failed: another program holds the service UART; close it and try again",
                   doing);
      break;
    case LKS_USB_ERROR_IO:
      g_set_error (error, LKS_USB_ERROR, code, "%s failed: %s", doing, libusb_strerror (rc));
      break;
    }

  return FALSE;
}

/**
 * lks_usb_check_transfer:
 * @status: how a transfer ended
 * @doing: what was tried, as the beginning of a sentence
 * @error: return location for an error
 *
 * Turns the end of a transfer into ours. Any thread.
 *
 * Returns: whether it completed; otherwise @error is set in [error@Lks.UsbError] or
 *   `G_IO_ERROR_CANCELLED`
 */
gboolean
lks_usb_check_transfer (enum libusb_transfer_status status, const char *doing, GError **error)
{
  switch (status)
    {
    case LIBUSB_TRANSFER_COMPLETED:
      return TRUE;
    case LIBUSB_TRANSFER_CANCELLED:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s was cancelled", doing);
      return FALSE;
    case LIBUSB_TRANSFER_NO_DEVICE:
      return lks_usb_check (LIBUSB_ERROR_NO_DEVICE, doing, error);
    case LIBUSB_TRANSFER_TIMED_OUT:
      return lks_usb_check (LIBUSB_ERROR_TIMEOUT, doing, error);
    case LIBUSB_TRANSFER_STALL:
      return lks_usb_check (LIBUSB_ERROR_PIPE, doing, error);
    case LIBUSB_TRANSFER_OVERFLOW:
      return lks_usb_check (LIBUSB_ERROR_OVERFLOW, doing, error);
    case LIBUSB_TRANSFER_ERROR:
      break;
    }

  return lks_usb_check (LIBUSB_ERROR_IO, doing, error);
}
