/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb-checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

libusb_context *context;
int n_checks;
int n_failures;
int n_arrived;
int n_left;

double
now (void)
{
  struct timespec at;

  clock_gettime (CLOCK_MONOTONIC, &at);
  return (double) at.tv_sec + (double) at.tv_nsec / 1e9;
}

bool
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
bool
check_result (int result, int expected, const char *what)
{
  char wrong[32];
  char right[32];

  if (result != expected)
    printf ("# %s instead of %s\n", name_result (result, wrong), name_result (expected, right));
  return check (result == expected, what);
}

int LIBUSB_CALL
hotplug_cb (libusb_context *ctx, libusb_device *device, libusb_hotplug_event event, void *user_data)
{
  if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED)
    n_arrived++;
  else
    n_left++;
  return 0;
}

void
turn (int ms)
{
  struct timeval slice = { .tv_usec = ms * 1000 };

  libusb_handle_events_timeout_completed (context, &slice, NULL);
}

bool
wait_for (const int *count, int wanted)
{
  double until = now () + WAIT_S;

  while (*count < wanted && now () < until)
    turn (20);
  return *count >= wanted;
}

/* The board in the lowest place, as a new reference. */
libusb_device *
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

libusb_device_handle *
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
int
claim_patiently (libusb_device_handle *handle, int interface)
{
  double until = now () + WAIT_S;
  int result;

  while ((result = libusb_claim_interface (handle, interface)) != 0 && now () < until)
    turn (20);
  return result;
}

int
vendor_out (libusb_device_handle *handle, int request, int value, int index)
{
  return libusb_control_transfer (handle, 0x40, (uint8_t) request, (uint16_t) value,
                                  (uint16_t) index, NULL, 0, REQUEST_TIMEOUT_MS);
}

int
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

Transfer *
new_transfer (libusb_device_handle *handle, int endpoint, int size, unsigned timeout_ms)
{
  Transfer *self = calloc (1, sizeof *self);

  self->transfer = libusb_alloc_transfer (0);
  libusb_fill_bulk_transfer (self->transfer, handle, (unsigned char) endpoint, self->bytes, size,
                             done_cb, self, timeout_ms);
  return self;
}

void
free_transfer (Transfer *self)
{
  libusb_free_transfer (self->transfer);
  free (self);
}

int
submit (Transfer *self, int size, unsigned timeout_ms)
{
  self->n_done = 0;
  self->transfer->length = size;
  self->transfer->timeout = timeout_ms;
  return libusb_submit_transfer (self->transfer);
}

bool
run (Transfer *self, int size, unsigned timeout_ms)
{
  return submit (self, size, timeout_ms) == 0 && wait_for (&self->n_done, 1);
}

bool
is_status (const Transfer *self, enum libusb_transfer_status status)
{
  if (self->n_done != 1 || self->transfer->status != status)
    printf ("# done %d times, status %d, %d bytes\n", self->n_done, self->transfer->status,
            self->transfer->actual_length);
  return self->n_done == 1 && self->transfer->status == status;
}
