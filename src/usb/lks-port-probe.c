/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-usb-private.h"

/* A device may still be settling when its arrival is told. */
#define READ_TRIES 3
#define READ_RETRY_MS 30

#define LANGUAGE_ENGLISH_US 0x0409

static gboolean
read_descriptor (LksUsbContext *context,
                 libusb_device_handle *handle,
                 guint8 index,
                 guint16 language,
                 guint8 *data,
                 gsize *out_size_bytes,
                 GCancellable *cancellable,
                 GError **error)
{
  const LksUsbSetup setup = {
    .request_type = LIBUSB_ENDPOINT_IN,
    .request = LIBUSB_REQUEST_GET_DESCRIPTOR,
    .value = (guint16) (LIBUSB_DT_STRING << 8 | index),
    .index = language,
    .length = LKS_USB_CONTROL_BYTES_MAX,
  };

  return lks_usb_context_control (context, handle, &setup, data, out_size_bytes, cancellable,
                                  error);
}

/* Descriptor 0 lists the languages; the first one will do. */
static gboolean
read_language (LksUsbContext *context,
               libusb_device_handle *handle,
               guint16 *out_language,
               GCancellable *cancellable,
               GError **error)
{
  guint8 data[LKS_USB_CONTROL_BYTES_MAX];
  gsize size_bytes = 0;

  if (!read_descriptor (context, handle, 0, 0, data, &size_bytes, cancellable, error))
    return FALSE;

  *out_language = size_bytes >= 4 ? (guint16) (data[2] | data[3] << 8) : LANGUAGE_ENGLISH_US;
  return TRUE;
}

static gboolean
read_string (LksUsbContext *context,
             libusb_device_handle *handle,
             guint8 index,
             guint16 language,
             char **out_text,
             GCancellable *cancellable,
             GError **error)
{
  guint8 data[LKS_USB_CONTROL_BYTES_MAX];
  gsize size_bytes = 0;

  if (index == 0)
    return TRUE;

  if (!read_descriptor (context, handle, index, language, data, &size_bytes, cancellable, error))
    return FALSE;

  g_free (*out_text);
  *out_text = lks_usb_strings_parse (data, size_bytes, error);
  return *out_text != NULL;
}

static gboolean
read_strings_once (LksUsbContext *context,
                   libusb_device *device,
                   LksUsbStrings *strings,
                   GCancellable *cancellable,
                   GError **error)
{
  struct libusb_device_descriptor descriptor;
  libusb_device_handle *handle;
  guint16 language = LANGUAGE_ENGLISH_US;
  gboolean ok;

  if (!lks_usb_check (libusb_get_device_descriptor (device, &descriptor), "Asking the adapter",
                      error) ||
      !lks_usb_check (libusb_open (device, &handle), "Opening the adapter", error))
    return FALSE;

  ok = (descriptor.iManufacturer == 0 && descriptor.iProduct == 0) ||
       (read_language (context, handle, &language, cancellable, error) &&
        read_string (context, handle, descriptor.iManufacturer, language, &strings->manufacturer,
                     cancellable, error) &&
        read_string (context, handle, descriptor.iProduct, language, &strings->product, cancellable,
                     error) &&
        read_string (context, handle, descriptor.iSerialNumber, language, &strings->serial,
                     cancellable, error));
  libusb_close (handle);
  return ok;
}

static gboolean
read_strings (LksUsbContext *context,
              libusb_device *device,
              LksUsbStrings *strings,
              GCancellable *cancellable,
              GError **error)
{
  for (guint tries = 1;; tries++)
    {
      g_autoptr (GError) error_local = NULL;

      if (read_strings_once (context, device, strings, cancellable, &error_local))
        return TRUE;

      if (tries == READ_TRIES || !g_error_matches (error_local, LKS_USB_ERROR, LKS_USB_ERROR_IO))
        {
          g_propagate_error (error, g_steal_pointer (&error_local));
          return FALSE;
        }
      if (!lks_usb_pause (READ_RETRY_MS, cancellable, error))
        return FALSE;
    }
}

/**
 * lks_port_probe:
 * @context: the session of @device
 * @device: an FT4232H
 * @extra_products: (nullable) (array zero-terminated=1): product strings that also mean a board
 * @cancellable: (nullable): a cancellable
 *
 * Opens the adapter, reads its strings and closes it again; claims nothing, so that the
 * kernel's drivers do not notice. Blocks; any thread but the I/O thread.
 *
 * Returns: (transfer full) (nullable): a port that says what was found, or NULL when the
 *   adapter is gone or the search was cancelled
 */
LksPort *
lks_port_probe (LksUsbContext *context,
                libusb_device *device,
                const char *const *extra_products,
                GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *node = g_strdup_printf ("/dev/bus/usb/%03u/%03u", libusb_get_bus_number (device),
                                           libusb_get_device_address (device));
  g_autofree char *problem = NULL;
  LksUsbStrings strings = { NULL };
  LksAdapter adapter = LKS_ADAPTER_UNREADABLE;
  LksPort *port = NULL;
  gboolean gone = FALSE;

  if (read_strings (context, device, &strings, cancellable, &error))
    adapter = lks_adapter_classify (&strings, extra_products);
  else if (g_error_matches (error, LKS_USB_ERROR, LKS_USB_ERROR_DENIED))
    adapter = LKS_ADAPTER_NO_PERMISSION;
  else
    gone = g_error_matches (error, LKS_USB_ERROR, LKS_USB_ERROR_NO_DEVICE) ||
           g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (!gone)
    {
      problem = lks_adapter_dup_problem (adapter, &strings, node, error);
      port = lks_port_new (context, device, &strings, adapter, problem);
    }
  lks_usb_strings_clear (&strings);
  return port;
}
