/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-usb CONTROL: what libusb under locksmith-bench costs, without any code of the product.
 * Runs on bare adapters (usb-adapters); prints one JSON object: from a board's leaving and coming
 * to libusb's news of it, and the round trip of a request to the chip. */
#include <libusb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define VENDOR_FTDI 0x0403
#define PRODUCT_FT4232H 0x6011
#define HOTPLUG_RUNS 31
#define REQUEST_RUNS 2001
#define LIMIT_S 30.0

static libusb_context *context;
static int n_arrived;
static int n_left;

static double
now (void)
{
  struct timespec at;

  clock_gettime (CLOCK_MONOTONIC, &at);
  return (double) at.tv_sec + (double) at.tv_nsec / 1e9;
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
fail (const char *what)
{
  fprintf (stderr, "benchmark-usb: %s\n", what);
  exit (1);
}

/* Tells the adapters and returns the milliseconds until *@count has grown. */
static double
measure_news (const char *control, const char *command, const int *count)
{
  FILE *fifo = fopen (control, "we");
  double start = now ();
  int before = *count;

  if (fifo == NULL)
    fail ("no control FIFO");
  fprintf (fifo, "%s 0\n", command);
  fclose (fifo);
  while (*count == before)
    {
      struct timeval slice = { .tv_usec = 100000 };

      libusb_handle_events_timeout_completed (context, &slice, NULL);
      if (now () - start > LIMIT_S)
        fail ("no news of the board");
    }
  return (now () - start) * 1e3;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
print_quantiles (const char *name, double *values, int n)
{
  qsort (values, (size_t) n, sizeof *values, compare);
  printf (", \"%s\": {\"median\": %.3f, \"p95\": %.3f, \"max\": %.3f, \"runs\": %d}", name,
          values[n / 2], values[n * 95 / 100], values[n - 1], n);
}

static void
measure_hotplug (const char *control)
{
  double left_ms[HOTPLUG_RUNS];
  double arrived_ms[HOTPLUG_RUNS];

  for (int i = 0; i < HOTPLUG_RUNS; i++)
    {
      left_ms[i] = measure_news (control, "unplug", &n_left);
      arrived_ms[i] = measure_news (control, "plug", &n_arrived);
    }
  print_quantiles ("leftMs", left_ms, HOTPLUG_RUNS);
  print_quantiles ("arrivedMs", arrived_ms, HOTPLUG_RUNS);
}

static void
measure_requests (void)
{
  static double took_us[REQUEST_RUNS];
  libusb_device_handle *handle =
      libusb_open_device_with_vid_pid (context, VENDOR_FTDI, PRODUCT_FT4232H);

  if (handle == NULL)
    fail ("no board to open");
  for (int i = 0; i < REQUEST_RUNS; i++)
    {
      double start = now ();
      unsigned char byte;

      if (libusb_control_transfer (handle, 0xc0, 10, 0, 1, &byte, 1, 5000) != 1)
        fail ("a request failed");
      took_us[i] = (now () - start) * 1e6;
    }
  libusb_close (handle);
  print_quantiles ("requestUs", took_us, REQUEST_RUNS);
}

int
main (int argc, char **argv)
{
  int events = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
  libusb_hotplug_callback_handle callback;

  if (argc != 2 || libusb_init (&context) != 0 ||
      libusb_hotplug_register_callback (context, events, LIBUSB_HOTPLUG_ENUMERATE, VENDOR_FTDI,
                                        PRODUCT_FT4232H, LIBUSB_HOTPLUG_MATCH_ANY, hotplug_cb, NULL,
                                        &callback) != 0)
    fail ("usage: benchmark-usb CONTROL");

  printf ("{\"benchmark\": \"usb\", \"boards\": %d", n_arrived);
  measure_hotplug (argv[1]);
  measure_requests ();
  printf ("}\n");
  libusb_exit (context);
  return 0;
}
