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
#include <errno.h>
#include <libusb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define VENDOR_FTDI 0x0403
#define PRODUCT_FT4232H 0x6011
#define PORTS 4
#define PACKET_BYTES 512
#define PAYLOAD_BYTES 510

/* Port A is banged; port B's transmitter is held by flow control. */
#define PORT_A 1
#define PORT_A_IN 0x81
#define PORT_A_OUT 0x02
#define PORT_B 2
#define PORT_B_OUT 0x04

/* libftdi's SIO_*_REQUEST */
#define FTDI_RESET 0
#define FTDI_SET_FLOW 2
#define FTDI_POLL_MODEM 5
#define FTDI_SET_LATENCY 9
#define FTDI_GET_LATENCY 10
#define FTDI_SET_MODE 11
#define FTDI_READ_EEPROM 0x90
#define FTDI_UNKNOWN 0x77
#define MODE_UART 0x0000
#define MODE_SYNC_BITBANG_TXD 0x0401
#define FLOW_RTS_CTS 0x0100
#define TXD 0x01

#define REQUEST_TIMEOUT_MS 5000
#define WAIT_S 10.0
#define LATENCY_LONGEST_MS 255
#define SHORT_TIMEOUT_MS 60
#define RACE_ROUNDS 200
#define BIG_BYTES 65536
#define STUCK 4
#define QUEUED 16
#define MANY 300

typedef struct
{
  struct libusb_transfer *transfer;
  int n_done;
  double done_at;
  unsigned char bytes[BIG_BYTES];
} Transfer;

static libusb_context *context;
static int n_checks;
static int n_failures;
static int n_arrived;
static int n_left;

static double
now (void)
{
  struct timespec at;

  clock_gettime (CLOCK_MONOTONIC, &at);
  return (double) at.tv_sec + (double) at.tv_nsec / 1e9;
}

static bool
check (bool is_good, const char *what)
{
  n_checks++;
  if (!is_good)
    n_failures++;
  printf ("%s %d - %s\n", is_good ? "ok" : "not ok", n_checks, what);
  fflush (stdout);
  return is_good;
}

static const char *
name_result (int result, char out_text[32])
{
  snprintf (out_text, 32, "%d", result);
  return result < 0 ? libusb_error_name (result) : out_text;
}

/* What a libusb call returned, against what it must return. */
static bool
check_result (int result, int expected, const char *what)
{
  char wrong[32];
  char right[32];

  if (result != expected)
    printf ("# %s instead of %s\n", name_result (result, wrong), name_result (expected, right));
  return check (result == expected, what);
}

static int LIBUSB_CALL
hotplug_cb (libusb_context *ctx, libusb_device *device, libusb_hotplug_event event, void *user_data)
{
  if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED)
    n_arrived++;
  else
    n_left++;
  return 0;
}

static void
turn (int ms)
{
  struct timeval slice = { .tv_usec = ms * 1000 };

  libusb_handle_events_timeout_completed (context, &slice, NULL);
}

static bool
wait_for (const int *count, int wanted)
{
  double until = now () + WAIT_S;

  while (*count < wanted && now () < until)
    turn (20);
  return *count >= wanted;
}

/* The board in the lowest place, as a new reference. */
static libusb_device *
find_board (void)
{
  libusb_device **list;
  libusb_device *found = NULL;
  ssize_t n = libusb_get_device_list (context, &list);

  for (ssize_t i = 0; i < n; i++)
    {
      struct libusb_device_descriptor descriptor;

      libusb_get_device_descriptor (list[i], &descriptor);
      if (descriptor.idVendor != VENDOR_FTDI || descriptor.idProduct != PRODUCT_FT4232H)
        continue;
      if (found == NULL || libusb_get_port_number (list[i]) < libusb_get_port_number (found))
        found = list[i];
    }
  if (found != NULL)
    libusb_ref_device (found);
  libusb_free_device_list (list, 1);
  return found;
}

static libusb_device_handle *
open_board (void)
{
  libusb_device *device = find_board ();
  libusb_device_handle *handle = NULL;

  if (device == NULL)
    return NULL;
  if (libusb_open (device, &handle) != 0)
    handle = NULL;
  libusb_unref_device (device);
  return handle;
}

/* For some time after the arrival the kernel is still configuring the device. */
static int
claim_patiently (libusb_device_handle *handle, int interface)
{
  double until = now () + WAIT_S;
  int result;

  while ((result = libusb_claim_interface (handle, interface)) != 0 && now () < until)
    turn (20);
  return result;
}

static int
vendor_out (libusb_device_handle *handle, int request, int value, int index)
{
  return libusb_control_transfer (handle, 0x40, (uint8_t) request, (uint16_t) value,
                                  (uint16_t) index, NULL, 0, REQUEST_TIMEOUT_MS);
}

static int
vendor_in (libusb_device_handle *handle, int request, int index, unsigned char *out_bytes, int size)
{
  return libusb_control_transfer (handle, 0xc0, (uint8_t) request, 0, (uint16_t) index, out_bytes,
                                  (uint16_t) size, REQUEST_TIMEOUT_MS);
}

static void LIBUSB_CALL
done_cb (struct libusb_transfer *transfer)
{
  Transfer *self = transfer->user_data;

  self->n_done++;
  self->done_at = now ();
}

static Transfer *
new_transfer (libusb_device_handle *handle, int endpoint, int size, unsigned timeout_ms)
{
  Transfer *self = calloc (1, sizeof *self);

  self->transfer = libusb_alloc_transfer (0);
  libusb_fill_bulk_transfer (self->transfer, handle, (unsigned char) endpoint, self->bytes, size,
                             done_cb, self, timeout_ms);
  return self;
}

static void
free_transfer (Transfer *self)
{
  libusb_free_transfer (self->transfer);
  free (self);
}

static int
submit (Transfer *self, int size, unsigned timeout_ms)
{
  self->n_done = 0;
  self->transfer->length = size;
  self->transfer->timeout = timeout_ms;
  return libusb_submit_transfer (self->transfer);
}

static bool
run (Transfer *self, int size, unsigned timeout_ms)
{
  return submit (self, size, timeout_ms) == 0 && wait_for (&self->n_done, 1);
}

static bool
is_status (const Transfer *self, enum libusb_transfer_status status)
{
  if (self->n_done != 1 || self->transfer->status != status)
    printf ("# done %d times, status %d, %d bytes\n", self->n_done, self->transfer->status,
            self->transfer->actual_length);
  return self->n_done == 1 && self->transfer->status == status;
}

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

/* ---- bulk transfers ---- */

/* A pattern that repeats after 127 bits: a lost or doubled byte shifts all that follow. */
static unsigned char
next_bit (unsigned *state)
{
  unsigned bit = (*state >> 6 ^ *state >> 5) & 1;

  *state = (*state << 1 | bit) & 0x7f;
  return (unsigned char) bit;
}

/* Counts the payload bytes of a transfer that do not continue the pattern. */
static int
count_errors (const Transfer *in, unsigned *state, int *out_payload_bytes)
{
  int n_errors = 0;

  for (int i = 0; i < in->transfer->actual_length; i++)
    {
      if (i % PACKET_BYTES < 2)
        continue;
      n_errors += (in->bytes[i] & TXD) != next_bit (state);
      (*out_payload_bytes)++;
    }
  return n_errors;
}

static void
fill (Transfer *out, int size, unsigned *state)
{
  for (int i = 0; i < size; i++)
    out->bytes[i] = next_bit (state);
}

static void
check_echo (libusb_device_handle *handle, Transfer *in, Transfer *out)
{
  unsigned sent = 1;
  unsigned received = 1;
  int n_bytes = 0;

  check_result (vendor_out (handle, FTDI_SET_MODE, MODE_SYNC_BITBANG_TXD, PORT_A), 0,
                "bit-bang mode");
  vendor_out (handle, FTDI_SET_LATENCY, 2, PORT_A);
  check (run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS) && in->transfer->actual_length == 2,
         "idle packet of two status bytes");
  check (run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS) && (in->bytes[0] & 0x0f) == 1 &&
             (in->bytes[1] & 0x60) == 0x60,
         "status bytes say: transmitter empty");

  vendor_out (handle, FTDI_SET_LATENCY, LATENCY_LONGEST_MS, PORT_A);
  run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
  fill (out, 64, &sent);
  submit (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
  check (run (out, 64, REQUEST_TIMEOUT_MS) && is_status (out, LIBUSB_TRANSFER_COMPLETED) &&
             out->transfer->actual_length == 64,
         "64 bytes out");
  check (wait_for (&in->n_done, 1) && count_errors (in, &received, &n_bytes) == 0 && n_bytes == 64,
         "the same 64 bytes in");
  check (run (out, 0, REQUEST_TIMEOUT_MS) && is_status (out, LIBUSB_TRANSFER_COMPLETED),
         "zero bytes out");
}

/* Full packets do not end a transfer: four at a time fill one of 64 KiB. */
static void
check_big (libusb_device_handle *handle, Transfer *in, Transfer *out)
{
  unsigned sent = 1;
  unsigned received = 1;
  int n_bytes = 0;
  bool are_sent = true;

  vendor_out (handle, FTDI_SET_LATENCY, LATENCY_LONGEST_MS, PORT_A);
  run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
  submit (in, BIG_BYTES, REQUEST_TIMEOUT_MS);
  for (int i = 0; i < BIG_BYTES / PACKET_BYTES / 4; i++)
    {
      fill (out, 4 * PAYLOAD_BYTES, &sent);
      are_sent &= run (out, 4 * PAYLOAD_BYTES, REQUEST_TIMEOUT_MS) &&
                  out->transfer->status == LIBUSB_TRANSFER_COMPLETED;
    }
  check (are_sent, "32 times four packets out");
  check (wait_for (&in->n_done, 1) && is_status (in, LIBUSB_TRANSFER_COMPLETED) &&
             in->transfer->actual_length == BIG_BYTES,
         "64 KiB in one transfer");
  check (count_errors (in, &received, &n_bytes) == 0 &&
             n_bytes == BIG_BYTES / PACKET_BYTES * PAYLOAD_BYTES,
         "every byte of it once and in order");
  check (run (out, BIG_BYTES, REQUEST_TIMEOUT_MS) && is_status (out, LIBUSB_TRANSFER_COMPLETED) &&
             out->transfer->actual_length == BIG_BYTES,
         "64 KiB out in one transfer");
  vendor_out (handle, FTDI_SET_MODE, MODE_UART, PORT_A);
  vendor_out (handle, FTDI_RESET, 1, PORT_A);
}

/* Transfers of one endpoint end in the order in which they were submitted. */
static void
check_order (libusb_device_handle *handle)
{
  Transfer *queue[QUEUED];
  unsigned char byte = 0;
  bool are_good = true;

  vendor_out (handle, FTDI_SET_LATENCY, 1, PORT_A);
  for (int i = 0; i < QUEUED; i++)
    {
      queue[i] = new_transfer (handle, PORT_A_IN, PACKET_BYTES, REQUEST_TIMEOUT_MS);
      are_good &= submit (queue[i], PACKET_BYTES, REQUEST_TIMEOUT_MS) == 0;
    }
  check (are_good, "sixteen transfers queued");
  for (int i = 0; i < QUEUED; i++)
    are_good &= wait_for (&queue[i]->n_done, 1) &&
                is_status (queue[i], LIBUSB_TRANSFER_COMPLETED) &&
                (i == 0 || queue[i]->done_at >= queue[i - 1]->done_at);
  check (are_good, "and done in their order");
  check (vendor_in (handle, FTDI_GET_LATENCY, PORT_A, &byte, 1) == 1 && byte == 1,
         "requests pass beside them");
  for (int i = 0; i < QUEUED; i++)
    free_transfer (queue[i]);
}

/* A packet larger than the room in the transfer is an error of the host's. */
static void
check_overflow (libusb_device_handle *handle, Transfer *in, Transfer *out)
{
  unsigned sent = 1;

  vendor_out (handle, FTDI_SET_MODE, MODE_SYNC_BITBANG_TXD, PORT_A);
  vendor_out (handle, FTDI_SET_LATENCY, LATENCY_LONGEST_MS, PORT_A);
  run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
  fill (out, 64, &sent);
  submit (in, 8, REQUEST_TIMEOUT_MS);
  run (out, 64, REQUEST_TIMEOUT_MS);
  check (wait_for (&in->n_done, 1) && is_status (in, LIBUSB_TRANSFER_OVERFLOW),
         "more bytes than there is room for");
  vendor_out (handle, FTDI_SET_MODE, MODE_UART, PORT_A);
  vendor_out (handle, FTDI_RESET, 1, PORT_A);
  check (run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS) && is_status (in, LIBUSB_TRANSFER_COMPLETED),
         "and the next transfer works");
}

/* An endpoint that was halted fails until the halt is cleared. */
static void
check_halt (libusb_device_handle *handle, Transfer *in)
{
  check_result (libusb_control_transfer (handle, 0x02, 3, 0, PORT_A_IN, NULL, 0,
                                         REQUEST_TIMEOUT_MS),
                0, "endpoint halted");
  check (run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS) && is_status (in, LIBUSB_TRANSFER_STALL),
         "halted endpoint stalls");
  check_result (libusb_clear_halt (handle, PORT_A_IN), 0, "halt cleared");
  check (run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS) && is_status (in, LIBUSB_TRANSFER_COMPLETED),
         "endpoint works again");
}

/* Foreign interfaces and endpoints that do not exist. */
static void
check_foreign (libusb_device_handle *handle, Transfer *in)
{
  libusb_device_handle *second = open_board ();
  Transfer *nowhere = new_transfer (handle, 0x0f, 8, REQUEST_TIMEOUT_MS);
  Transfer *foreign = new_transfer (second, PORT_A_OUT, 8, REQUEST_TIMEOUT_MS);

  check_result (submit (nowhere, 8, REQUEST_TIMEOUT_MS), LIBUSB_ERROR_IO,
                "endpoint that does not exist");
  check_result (submit (foreign, 8, REQUEST_TIMEOUT_MS), LIBUSB_ERROR_IO,
                "endpoint of an interface that another handle claimed");
  check (run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS) && is_status (in, LIBUSB_TRANSFER_COMPLETED),
         "nobody is disturbed by it");
  free_transfer (nowhere);
  free_transfer (foreign);
  libusb_close (second);
}

static void
check_timeouts (libusb_device_handle *handle, Transfer *in, Transfer *stuck)
{
  unsigned char byte;
  double start;
  int n;

  /* The timer of the chip runs on: right after a packet there is the longest wait for the next. */
  vendor_out (handle, FTDI_SET_LATENCY, LATENCY_LONGEST_MS, PORT_A);
  run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
  check (run (in, PACKET_BYTES, SHORT_TIMEOUT_MS) && is_status (in, LIBUSB_TRANSFER_TIMED_OUT),
         "IN times out");

  start = now ();
  check (run (stuck, BIG_BYTES, SHORT_TIMEOUT_MS) && is_status (stuck, LIBUSB_TRANSFER_TIMED_OUT),
         "OUT that nobody takes times out");
  check (stuck->done_at - start >= SHORT_TIMEOUT_MS / 1000.0, "not before its time");
  check_result (libusb_bulk_transfer (handle, PORT_B_OUT, stuck->bytes, BIG_BYTES, &n,
                                      SHORT_TIMEOUT_MS),
                LIBUSB_ERROR_TIMEOUT, "synchronous OUT times out");
  check (vendor_in (handle, FTDI_GET_LATENCY, PORT_B, &byte, 1) == 1, "requests work meanwhile");
}

static void *
cancel_in_thread (void *data)
{
  Transfer *transfer = data;
  struct timespec pause = { .tv_nsec = 20000000 };

  nanosleep (&pause, NULL);
  libusb_cancel_transfer (transfer->transfer);
  return NULL;
}

static void
check_cancel (Transfer *stuck[STUCK])
{
  pthread_t thread;
  int n_cancelled = 0;

  submit (stuck[0], BIG_BYTES, 0);
  check_result (libusb_cancel_transfer (stuck[0]->transfer), 0, "cancel");
  check (wait_for (&stuck[0]->n_done, 1) && is_status (stuck[0], LIBUSB_TRANSFER_CANCELLED),
         "cancelled");
  check_result (libusb_cancel_transfer (stuck[0]->transfer), LIBUSB_ERROR_NOT_FOUND,
                "cancel again");

  submit (stuck[0], BIG_BYTES, 0);
  pthread_create (&thread, NULL, cancel_in_thread, stuck[0]);
  check (wait_for (&stuck[0]->n_done, 1) && is_status (stuck[0], LIBUSB_TRANSFER_CANCELLED),
         "cancelled from another thread");
  pthread_join (thread, NULL);

  for (int i = 0; i < STUCK; i++)
    submit (stuck[i], BIG_BYTES, 0);
  for (int i = STUCK - 1; i >= 0; i--)
    libusb_cancel_transfer (stuck[i]->transfer);
  for (int i = 0; i < STUCK; i++)
    n_cancelled +=
        wait_for (&stuck[i]->n_done, 1) && is_status (stuck[i], LIBUSB_TRANSFER_CANCELLED);
  check (n_cancelled == STUCK, "queued transfers cancelled, the last one first");
}

/* Bytes on their way while their transfer is cancelled arrive with it or with the next one. */
static void
check_race (libusb_device_handle *handle, Transfer *in, Transfer *out)
{
  unsigned sent = 1;
  unsigned received = 1;
  int n_received = 0;
  int n_errors = 0;
  int n_lost = 0;

  vendor_out (handle, FTDI_SET_MODE, MODE_SYNC_BITBANG_TXD, PORT_A);
  vendor_out (handle, FTDI_SET_LATENCY, 1, PORT_A);
  run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
  for (int i = 0; i < RACE_ROUNDS; i++)
    {
      struct timespec pause = { .tv_nsec = i * 10000 };

      fill (out, 1, &sent);
      submit (in, PACKET_BYTES, 0);
      submit (out, 1, 0);
      nanosleep (&pause, NULL);
      libusb_cancel_transfer (in->transfer);
      n_lost += !wait_for (&in->n_done, 1) + !wait_for (&out->n_done, 1);
      n_errors += count_errors (in, &received, &n_received);
    }
  check (n_lost == 0, "every transfer of the race ends");

  for (double until = now () + WAIT_S; n_received < RACE_ROUNDS && now () < until;)
    {
      run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
      n_errors += count_errors (in, &received, &n_received);
    }
  if (n_received != RACE_ROUNDS || n_errors != 0)
    printf ("# %d of %d bytes, %d wrong\n", n_received, RACE_ROUNDS, n_errors);
  check (n_received == RACE_ROUNDS && n_errors == 0, "cancelling loses and doubles no byte");
  vendor_out (handle, FTDI_SET_MODE, MODE_UART, PORT_A);
}

static void LIBUSB_CALL
count_cb (struct libusb_transfer *transfer)
{
  int *n_cancelled = transfer->user_data;

  *n_cancelled += transfer->status == LIBUSB_TRANSFER_CANCELLED;
}

/* usbfs lends a program 16 MiB, then refuses, until something ends. */
static void
check_memory (libusb_device_handle *handle, Transfer *stuck)
{
  struct libusb_transfer *many[MANY];
  int n_cancelled = 0;
  int n_submitted = 0;
  int result = 0;

  for (int i = 0; i < MANY; i++)
    {
      many[i] = libusb_alloc_transfer (0);
      libusb_fill_bulk_transfer (many[i], handle, PORT_B_OUT, stuck->bytes, BIG_BYTES, count_cb,
                                 &n_cancelled, 0);
    }
  while (result == 0 && n_submitted < MANY)
    {
      result = libusb_submit_transfer (many[n_submitted]);
      n_submitted += result == 0;
    }
  check_result (result, LIBUSB_ERROR_NO_MEM, "more than usbfs has memory for");
  if (n_submitted < 200 || n_submitted > 256)
    printf ("# %d transfers of 64 KiB\n", n_submitted);
  check (n_submitted >= 200 && n_submitted <= 256, "but almost 16 MiB fit");

  for (int i = 0; i < n_submitted; i++)
    libusb_cancel_transfer (many[i]);
  check (wait_for (&n_cancelled, n_submitted), "all of them cancelled");
  check (submit (stuck, BIG_BYTES, 0) == 0, "then there is room again");
  libusb_cancel_transfer (stuck->transfer);
  wait_for (&stuck->n_done, 1);
  for (int i = 0; i < MANY; i++)
    libusb_free_transfer (many[i]);
}

/* ---- threads and waiting ---- */

static void *
ask_in_thread (void *data)
{
  unsigned char byte;
  long n_failed = 0;

  for (int i = 0; i < 50; i++)
    n_failed += vendor_in (data, FTDI_GET_LATENCY, PORT_B, &byte, 1) != 1;
  return (void *) n_failed;
}

static void
check_threads (libusb_device_handle *handle)
{
  pthread_t threads[4];
  long n_failed = 0;

  for (int i = 0; i < 4; i++)
    pthread_create (&threads[i], NULL, ask_in_thread, handle);
  for (int i = 0; i < 4; i++)
    {
      void *result;

      pthread_join (threads[i], &result);
      n_failed += (long) result;
    }
  check (n_failed == 0, "four threads at once");
}

/* With a transfer pending and nothing to do, the event loop sleeps. */
static void
check_idle (Transfer *stuck)
{
  double until = now () + 0.5;
  int n_turns = 0;

  submit (stuck, BIG_BYTES, 0);
  for (; now () < until; n_turns++)
    turn (100);
  if (n_turns > 25)
    printf ("# %d turns in half a second\n", n_turns);
  check (n_turns <= 25, "event loop sleeps while nothing happens");
  libusb_cancel_transfer (stuck->transfer);
  wait_for (&stuck->n_done, 1);
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
  double start;

  vendor_out (handle, FTDI_SET_LATENCY, LATENCY_LONGEST_MS, PORT_A);
  for (int i = 0; i < STUCK; i++)
    submit (stuck[i], BIG_BYTES, 0);
  run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
  submit (in, PACKET_BYTES, 0);
  n_left = 0;
  check (execute (command), "board unplugged");
  start = now ();
  /* The one that could complete just before may do so; it must end all the same. */
  check (wait_for (&in->n_done, 1), "IN ends");
  for (int i = 0; i < STUCK; i++)
    n_ended += wait_for (&stuck[i]->n_done, 1) && is_status (stuck[i], LIBUSB_TRANSFER_NO_DEVICE);
  check (n_ended == STUCK, "pending OUT transfers end: no device");
  check (wait_for (&n_left, 1) && n_left == 1, "hotplug: left");
  check (now () - start < 2, "within two seconds");
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
hold_transmitter (libusb_device_handle *handle)
{
  check_result (vendor_out (handle, FTDI_SET_FLOW, 0, FLOW_RTS_CTS | PORT_B), 0,
                "transmitter held by flow control");
}

static void
check_transfers (libusb_device_handle *handle, const char *unplug)
{
  Transfer *in = new_transfer (handle, PORT_A_IN, PACKET_BYTES, 0);
  Transfer *out = new_transfer (handle, PORT_A_OUT, PACKET_BYTES, 0);
  Transfer *stuck[STUCK];

  for (int i = 0; i < STUCK; i++)
    stuck[i] = new_transfer (handle, PORT_B_OUT, BIG_BYTES, 0);

  check_echo (handle, in, out);
  check_big (handle, in, out);
  check_order (handle);
  check_overflow (handle, in, out);
  check_halt (handle, in);
  check_foreign (handle, in);
  hold_transmitter (handle);
  check_timeouts (handle, in, stuck[0]);
  check_cancel (stuck);
  check_memory (handle, stuck[0]);
  check_race (handle, in, out);
  check_threads (handle);
  check_idle (stuck[0]);
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
