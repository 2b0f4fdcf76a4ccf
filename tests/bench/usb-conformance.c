/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libusb sees of a board: one line per check (TAP), the same words wherever it runs. Under
 * locksmith-bench and with the kernel's own usbfs the output must be equal line by line (lines
 * that start with '#' aside): that is the proof that the bench behaves as the kernel does.
 *
 * Only libusb, only what every FT4232H offers. Bytes come back because of the chip's synchronous
 * bit-bang mode (FTDI AN_232R-01): every byte written to the pins reads the pins once. Only TXD,
 * which is the chip's to drive anyway, is an output.
 *
 *   usb-conformance [--unplug COMMAND --plug COMMAND]
 *
 * The commands take the first board out and put it back in. */
#include "usb-checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is there ---- */

static void
check_config (libusb_device *device)
{
  struct libusb_config_descriptor *config = NULL;
  bool are_vendor = true;
  bool are_bulk = true;

  if (!check (libusb_get_active_config_descriptor (device, &config) == 0, "active configuration"))
    return;

  check (config->bNumInterfaces == PORTS && config->bConfigurationValue == 1, "four interfaces");
  for (int i = 0; i < config->bNumInterfaces; i++)
    {
      const struct libusb_interface_descriptor *d = &config->interface[i].altsetting[0];

      are_vendor &= d->bInterfaceClass == 0xff && d->bInterfaceNumber == i &&
                    d->bNumEndpoints == 2 && config->interface[i].num_altsetting == 1;
      for (int e = 0; e < d->bNumEndpoints; e++)
        {
          int address = e == 0 ? 0x81 + 2 * i : 0x02 + 2 * i;

          are_bulk &= d->endpoint[e].bEndpointAddress == address &&
                      d->endpoint[e].bmAttributes == 2 &&
                      d->endpoint[e].wMaxPacketSize == PACKET_BYTES;
        }
    }
  check (are_vendor, "interfaces are vendor-specific with two endpoints");
  check (are_bulk, "endpoints 81/02 to 87/08 are bulk of 512 bytes");
  libusb_free_config_descriptor (config);
}

static void
check_device (libusb_device *device)
{
  struct libusb_device_descriptor d;
  uint8_t chain[8];

  check_result (libusb_get_device_descriptor (device, &d), 0, "device descriptor");
  check (d.bcdUSB == 0x0200 && d.bcdDevice == 0x0800 && d.bMaxPacketSize0 == 64 &&
             d.bDeviceClass == 0 && d.bNumConfigurations == 1,
         "device descriptor is an FT4232H's");
  check (d.iManufacturer != 0 && d.iProduct != 0, "device has strings");
  check (libusb_get_device_speed (device) == LIBUSB_SPEED_HIGH, "device runs at high speed");
  check (libusb_get_parent (device) != NULL, "device has a parent hub");
  check (libusb_get_port_numbers (device, chain, sizeof chain) >= 1 && chain[0] == 1,
         "device sits in the first port");
  check_config (device);
}

static void
check_string (libusb_device_handle *handle, const char *name, uint8_t index)
{
  unsigned char text[128] = "";
  char what[192];
  int n = index != 0 ? libusb_get_string_descriptor_ascii (handle, index, text, sizeof text) : 0;

  snprintf (what, sizeof what, "%s is \"%s\"", name, text);
  check (n > 0, what);
}

static void
check_requests (libusb_device_handle *handle)
{
  struct libusb_device_descriptor d;
  unsigned char bytes[64];
  int configuration = 0;

  libusb_get_device_descriptor (libusb_get_device (handle), &d);
  check_string (handle, "manufacturer", d.iManufacturer);
  check_string (handle, "product", d.iProduct);
  check_string (handle, "serial", d.iSerialNumber);
  check (libusb_get_configuration (handle, &configuration) == 0 && configuration == 1,
         "configuration is 1");
  check (libusb_get_descriptor (handle, LIBUSB_DT_DEVICE, 0, bytes, sizeof bytes) == 18 &&
             bytes[1] == 1,
         "device descriptor read from the device");
  check (libusb_get_descriptor (handle, LIBUSB_DT_DEVICE, 0, bytes, 8) == 8,
         "first 8 bytes of the descriptor");
  check_result (libusb_get_descriptor (handle, LIBUSB_DT_STRING, 77, bytes, sizeof bytes),
                LIBUSB_ERROR_PIPE, "descriptor that does not exist stalls");
}

/* ---- who holds the interfaces ---- */

static void
check_drivers (libusb_device_handle *handle)
{
  bool are_active = true;

  for (int i = 0; i < PORTS; i++)
    are_active &= libusb_kernel_driver_active (handle, i) == 1;
  check (are_active, "kernel driver holds the four interfaces");
  check_result (libusb_claim_interface (handle, 0), LIBUSB_ERROR_BUSY,
                "claim while the driver holds it");
  check_result (libusb_detach_kernel_driver (handle, 0), 0, "driver detached");
  check_result (libusb_kernel_driver_active (handle, 0), 0, "driver is not active then");
  check_result (libusb_detach_kernel_driver (handle, 0), LIBUSB_ERROR_NOT_FOUND,
                "no driver to detach");
  check_result (libusb_attach_kernel_driver (handle, 0), 0, "driver attached again");
  check_result (libusb_kernel_driver_active (handle, 0), 1, "driver is active again");
  check_result (libusb_attach_kernel_driver (handle, 0), LIBUSB_ERROR_BUSY,
                "driver attached twice");
  check_result (libusb_detach_kernel_driver (handle, 0), 0, "driver detached once more");
  check_result (libusb_claim_interface (handle, 0), 0, "claim a free interface");
  check_result (libusb_kernel_driver_active (handle, 0), 0, "own claim is no kernel driver");
  check_result (libusb_attach_kernel_driver (handle, 0), LIBUSB_ERROR_BUSY,
                "driver cannot have it now");
  check_result (libusb_claim_interface (handle, PORTS), LIBUSB_ERROR_NOT_FOUND,
                "claim an interface that does not exist");
  check_result (libusb_set_auto_detach_kernel_driver (handle, 1), 0, "auto-detach");
  for (int i = 1; i < PORTS; i++)
    check_result (libusb_claim_interface (handle, i), 0, "claim with auto-detach");
  check_result (libusb_claim_interface (handle, PORTS), LIBUSB_ERROR_INVALID_PARAM,
                "claim an interface that does not exist with auto-detach");
}

static void
check_second_handle (libusb_device_handle *handle)
{
  libusb_device_handle *second = open_board ();
  unsigned char byte = 0;

  if (!check (second != NULL, "board opened twice"))
    return;

  check_result (libusb_claim_interface (second, 0), LIBUSB_ERROR_BUSY,
                "second handle cannot claim");
  libusb_set_auto_detach_kernel_driver (second, 1);
  check_result (libusb_claim_interface (second, 0), LIBUSB_ERROR_BUSY,
                "second handle cannot claim with auto-detach either");
  check_result (libusb_detach_kernel_driver (second, 0), LIBUSB_ERROR_NOT_FOUND,
                "second handle finds no driver to detach");
  check (vendor_in (second, FTDI_GET_LATENCY, PORT_A, &byte, 1) == 1,
         "second handle can send vendor requests");
  check_result (libusb_release_interface (handle, 3), 0, "first handle releases an interface");
  check_result (libusb_kernel_driver_active (second, 3), 1, "driver is back after the release");
  check_result (libusb_claim_interface (second, 3), 0, "second handle claims that one");
  check_result (libusb_claim_interface (handle, 3), LIBUSB_ERROR_BUSY, "first handle cannot now");
  libusb_close (second);
  check_result (libusb_kernel_driver_active (handle, 3), 0,
                "closing does not bring the driver back");
  check_result (libusb_claim_interface (handle, 3), 0, "closing gave the claim up");
}

/* ---- vendor requests ---- */

static void
check_eeprom (libusb_device_handle *handle)
{
  unsigned char first[256];
  unsigned char second[256];
  bool are_read = true;

  for (int i = 0; i < 128; i++)
    are_read &= vendor_in (handle, FTDI_READ_EEPROM, i, first + 2 * i, 2) == 2 &&
                vendor_in (handle, FTDI_READ_EEPROM, i, second + 2 * i, 2) == 2;
  check (are_read && memcmp (first, second, sizeof first) == 0,
         "EEPROM words read twice are equal");
}

static void
check_vendor_requests (libusb_device_handle *handle)
{
  unsigned char bytes[8] = { 0 };

  check_result (vendor_out (handle, FTDI_SET_LATENCY, 7, PORT_A), 0, "latency timer set");
  check (vendor_in (handle, FTDI_GET_LATENCY, PORT_A, bytes, 1) == 1 && bytes[0] == 7,
         "latency timer read back");
  check (vendor_in (handle, FTDI_GET_LATENCY, PORT_B, bytes, 1) == 1 && bytes[0] == 16,
         "latency timer of another port is untouched");
  check (vendor_in (handle, FTDI_POLL_MODEM, PORT_A, bytes, 2) == 2 && (bytes[1] & 0x60) == 0x60,
         "modem and line status");
  check (vendor_in (handle, FTDI_POLL_MODEM, PORT_A, bytes, 1) == 1,
         "shorter answer than there is");
  check (vendor_in (handle, FTDI_GET_LATENCY, PORT_A, bytes, sizeof bytes) == 1,
         "longer answer than there is");
  check_result (vendor_in (handle, FTDI_UNKNOWN, PORT_A, bytes, 2), LIBUSB_ERROR_PIPE,
                "unknown request stalls");
  check_result (vendor_out (handle, FTDI_UNKNOWN, 0, PORT_A), LIBUSB_ERROR_PIPE,
                "unknown request without data stalls");
  check (vendor_in (handle, FTDI_GET_LATENCY, PORT_A, bytes, 1) == 1, "and the next one works");
  check_eeprom (handle);
  check_result (libusb_set_interface_alt_setting (handle, 0, 0), 0, "alternate setting 0");
  check_result (libusb_set_interface_alt_setting (handle, 0, 1), LIBUSB_ERROR_NOT_FOUND,
                "alternate setting that does not exist");
  check_result (libusb_clear_halt (handle, PORT_A_IN), 0, "halt cleared");
  check_result (libusb_clear_halt (handle, 0x8f), LIBUSB_ERROR_NOT_FOUND,
                "halt of an endpoint that does not exist");
}

/* ---- coming and going ---- */

static bool
execute (const char *command)
{
  int status = system (command);

  if (status != 0)
    printf ("# failed: %s\n", command);
  return status == 0;
}

static void
check_unplugged (libusb_device_handle *handle, Transfer *in)
{
  double until = now () + 0.3;
  unsigned char byte;
  int n_turns = 0;

  check_result (submit (in, PACKET_BYTES, 0), LIBUSB_ERROR_NO_DEVICE, "submit after it");
  check_result (vendor_in (handle, FTDI_GET_LATENCY, PORT_A, &byte, 1), LIBUSB_ERROR_NO_DEVICE,
                "request after it");
  check_result (libusb_release_interface (handle, 0), LIBUSB_ERROR_NO_DEVICE, "release after it");
  for (; now () < until; n_turns++)
    turn (20);
  check (n_turns <= 60, "event loop does not spin after it");
}

static void
check_unplug (const char *command,
              libusb_device_handle *handle,
              Transfer *in,
              Transfer *stuck[STUCK])
{
  int n_ended = 0;

  vendor_out (handle, FTDI_SET_LATENCY, LATENCY_LONGEST_MS, PORT_A);
  for (int i = 0; i < STUCK; i++)
    submit (stuck[i], BIG_BYTES, 0);
  run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
  submit (in, PACKET_BYTES, 0);
  n_left = 0;
  check (execute (command), "board unplugged");
  /* The one that could complete just before may do so; it must end all the same. */
  check (wait_for (&in->n_done, 1), "IN ends");
  for (int i = 0; i < STUCK; i++)
    n_ended += wait_for (&stuck[i]->n_done, 1) && is_status (stuck[i], LIBUSB_TRANSFER_NO_DEVICE);
  check (n_ended == STUCK, "pending OUT transfers end: no device");
  check (wait_for (&n_left, 1) && n_left == 1, "hotplug: left");
  check_unplugged (handle, in);
}

static void
check_replug (const char *command)
{
  libusb_device_handle *handle;
  unsigned char byte = 0;

  n_arrived = 0;
  check (execute (command), "board plugged in");
  check (wait_for (&n_arrived, 1) && n_arrived == 1, "hotplug: arrived");
  handle = open_board ();
  if (!check (handle != NULL, "board opened again"))
    return;

  libusb_set_auto_detach_kernel_driver (handle, 1);
  check_result (claim_patiently (handle, 0), 0, "claimed again");
  check_result (libusb_kernel_driver_active (handle, 1), 1, "kernel driver holds the others");
  check (vendor_in (handle, FTDI_GET_LATENCY, PORT_A, &byte, 1) == 1 && byte == 16,
         "latency timer is that of a new chip");
  check_result (libusb_release_interface (handle, 0), 0, "released");
  libusb_close (handle);
}

/* A reset keeps claims, and what the chip was told is forgotten. */
static void
check_reset (void)
{
  libusb_device_handle *handle = open_board ();
  unsigned char byte = 0;

  if (!check (handle != NULL, "board opened for a reset"))
    return;
  libusb_set_auto_detach_kernel_driver (handle, 1);
  check_result (claim_patiently (handle, 0), 0, "claimed before the reset");
  check_result (libusb_reset_device (handle), 0, "device reset");
  check (vendor_in (handle, FTDI_GET_LATENCY, PORT_A, &byte, 1) == 1,
         "requests work after the reset");
  check_result (libusb_kernel_driver_active (handle, 0), 0, "still claimed after the reset");
  check_result (libusb_kernel_driver_active (handle, 1), 1,
                "kernel driver holds the others after it");
  check_result (libusb_set_configuration (handle, 1), LIBUSB_ERROR_BUSY,
                "configuration cannot be set while interfaces are claimed");
  check_result (libusb_release_interface (handle, 0), 0, "released after the reset");
  check_result (libusb_set_configuration (handle, 1), LIBUSB_ERROR_BUSY,
                "nor while the kernel driver holds them");
  for (int i = 0; i < PORTS; i++)
    libusb_detach_kernel_driver (handle, i);
  check_result (libusb_set_configuration (handle, 1), 0,
                "configuration set again when all are free");
  check_result (libusb_set_configuration (handle, 2), LIBUSB_ERROR_NOT_FOUND,
                "configuration that does not exist");
  for (int i = 0; i < PORTS; i++)
    libusb_attach_kernel_driver (handle, i);
  check_result (libusb_kernel_driver_active (handle, 3), 1,
                "kernel driver holds all of them again");
  libusb_close (handle);
}

static void
check_open_often (void)
{
  int n_opened = 0;

  for (int i = 0; i < 30; i++)
    {
      libusb_device_handle *handle = open_board ();

      if (handle == NULL)
        continue;
      n_opened++;
      libusb_close (handle);
    }
  check (n_opened == 30, "opened and closed 30 times");
}

/* ---- all of it ---- */

static void
check_transfers (libusb_device_handle *handle, const char *unplug)
{
  Transfer *in = new_transfer (handle, PORT_A_IN, PACKET_BYTES, 0);
  Transfer *out = new_transfer (handle, PORT_A_OUT, PACKET_BYTES, 0);
  Transfer *stuck[STUCK];

  for (int i = 0; i < STUCK; i++)
    stuck[i] = new_transfer (handle, PORT_B_OUT, BIG_BYTES, 0);

  check_bulk (handle, in, out, stuck);
  if (unplug != NULL)
    check_unplug (unplug, handle, in, stuck);

  libusb_close (handle);
  check (true, "closed");
  free_transfer (in);
  free_transfer (out);
  for (int i = 0; i < STUCK; i++)
    free_transfer (stuck[i]);
}

static void
check_board (const char *unplug, const char *plug)
{
  libusb_device *device = find_board ();
  libusb_device_handle *handle;

  if (!check (device != NULL, "a board is there"))
    return;
  check_device (device);
  libusb_unref_device (device);

  handle = open_board ();
  if (!check (handle != NULL, "board opened"))
    return;
  check_requests (handle);
  check_drivers (handle);
  check_second_handle (handle);
  check_vendor_requests (handle);
  check_transfers (handle, unplug);
  if (plug != NULL)
    check_replug (plug);
  check_reset ();
  check_open_often ();
}

static const char *
get_option (int argc, char **argv, const char *name)
{
  for (int i = 1; i + 1 < argc; i += 2)
    if (strcmp (argv[i], name) == 0)
      return argv[i + 1];
  return NULL;
}

int
main (int argc, char **argv)
{
  libusb_hotplug_callback_handle callback;
  int events = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;

  if (!check_result (libusb_init (&context), 0, "libusb starts"))
    return 1;
  check (libusb_has_capability (LIBUSB_CAP_HAS_HOTPLUG) != 0, "libusb has hotplug");
  check_result (libusb_hotplug_register_callback (context, events, LIBUSB_HOTPLUG_ENUMERATE,
                                                  VENDOR_FTDI, PRODUCT_FT4232H,
                                                  LIBUSB_HOTPLUG_MATCH_ANY, hotplug_cb, NULL,
                                                  &callback),
                0, "hotplug registered");
  check (n_arrived > 0, "hotplug enumerates the boards");
  check_board (get_option (argc, argv, "--unplug"), get_option (argc, argv, "--plug"));
  libusb_hotplug_deregister_callback (context, callback);
  libusb_exit (context);
  check (true, "libusb ends");
  printf ("1..%d\n", n_checks);
  return n_failures != 0;
}
