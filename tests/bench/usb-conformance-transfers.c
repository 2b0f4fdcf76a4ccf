/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of usb-conformance.c about transfers. */
#include "usb-checks.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The chip sends its status when the latency timer runs out, a quarter of a second at most. What
 * must happen before that is tried again when this machine was too slow. */
#define TRIES 20
#define SHORT_TIMEOUT_MS 60
#define RACE_ROUNDS 200
#define QUEUED 16
#define MANY 300

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
  int n_errors = 0;
  int n_bytes = 0;

  check_result (vendor_out (handle, FTDI_SET_MODE, MODE_SYNC_BITBANG_TXD, PORT_A), 0,
                "bit-bang mode");
  vendor_out (handle, FTDI_SET_LATENCY, 2, PORT_A);
  check (run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS) && in->transfer->actual_length == 2,
         "idle packet of two status bytes");
  check (run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS) && (in->bytes[0] & 0x0f) == 1 &&
             (in->bytes[1] & 0x60) == 0x60,
         "status bytes say: transmitter empty");

  fill (out, 64, &sent);
  check (run (out, 64, REQUEST_TIMEOUT_MS) && is_status (out, LIBUSB_TRANSFER_COMPLETED) &&
             out->transfer->actual_length == 64,
         "64 bytes out");
  for (int i = 0; i < TRIES && n_bytes == 0; i++)
    if (run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS))
      n_errors += count_errors (in, &received, &n_bytes);
  check (n_errors == 0 && n_bytes == 64, "the same 64 bytes in");
  check (run (out, 0, REQUEST_TIMEOUT_MS) && is_status (out, LIBUSB_TRANSFER_COMPLETED),
         "zero bytes out");
}

static void
empty_port (libusb_device_handle *handle, int mode)
{
  vendor_out (handle, FTDI_SET_MODE, MODE_UART, PORT_A);
  vendor_out (handle, FTDI_RESET, 1, PORT_A);
  vendor_out (handle, FTDI_SET_MODE, mode, PORT_A);
}

/* Full packets do not end a transfer: four at a time fill one of 64 KiB. Returns false when a
 * status packet ended it before. */
static bool
fill_big (libusb_device_handle *handle, Transfer *in, Transfer *out, bool *out_are_sent)
{
  unsigned sent = 1;

  empty_port (handle, MODE_SYNC_BITBANG_TXD);
  *out_are_sent = true;
  run (in, PACKET_BYTES, REQUEST_TIMEOUT_MS);
  submit (in, BIG_BYTES, REQUEST_TIMEOUT_MS);
  for (int i = 0; i < BIG_BYTES / PACKET_BYTES / 4 && in->n_done == 0; i++)
    {
      fill (out, 4 * PAYLOAD_BYTES, &sent);
      *out_are_sent &= run (out, 4 * PAYLOAD_BYTES, REQUEST_TIMEOUT_MS) &&
                       out->transfer->status == LIBUSB_TRANSFER_COMPLETED;
    }
  return wait_for (&in->n_done, 1) && in->transfer->actual_length == BIG_BYTES;
}

static void
check_big (libusb_device_handle *handle, Transfer *in, Transfer *out)
{
  unsigned received = 1;
  int n_bytes = 0;
  bool are_sent = false;

  vendor_out (handle, FTDI_SET_LATENCY, LATENCY_LONGEST_MS, PORT_A);
  for (int i = 0; i < TRIES && !fill_big (handle, in, out, &are_sent); i++)
    ;
  check (are_sent, "32 times four packets out");
  check (is_status (in, LIBUSB_TRANSFER_COMPLETED) && in->transfer->actual_length == BIG_BYTES,
         "64 KiB in one transfer");
  check (count_errors (in, &received, &n_bytes) == 0 &&
             n_bytes == BIG_BYTES / PACKET_BYTES * PAYLOAD_BYTES,
         "every byte of it once and in order");
  check (run (out, BIG_BYTES, REQUEST_TIMEOUT_MS) && is_status (out, LIBUSB_TRANSFER_COMPLETED) &&
             out->transfer->actual_length == BIG_BYTES,
         "64 KiB out in one transfer");
  empty_port (handle, MODE_UART);
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

  empty_port (handle, MODE_SYNC_BITBANG_TXD);
  vendor_out (handle, FTDI_SET_LATENCY, 2, PORT_A);
  fill (out, 64, &sent);
  run (out, 64, REQUEST_TIMEOUT_MS);
  for (int i = 0; i < TRIES; i++)
    if (!run (in, 8, REQUEST_TIMEOUT_MS) || in->transfer->status != LIBUSB_TRANSFER_COMPLETED)
      break;
  check (is_status (in, LIBUSB_TRANSFER_OVERFLOW), "more bytes than there is room for");
  empty_port (handle, MODE_UART);
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
  for (int i = 0; i < TRIES; i++)
    if (!run (in, PACKET_BYTES, SHORT_TIMEOUT_MS) ||
        in->transfer->status != LIBUSB_TRANSFER_COMPLETED)
      break;
  check (is_status (in, LIBUSB_TRANSFER_TIMED_OUT), "IN times out");

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

static void
hold_transmitter (libusb_device_handle *handle)
{
  check_result (vendor_out (handle, FTDI_SET_FLOW, 0, FLOW_RTS_CTS | PORT_B), 0,
                "transmitter held by flow control");
}

/* All checks of transfers; @stuck are of an endpoint that takes nothing. */
void
check_bulk (libusb_device_handle *handle, Transfer *in, Transfer *out, Transfer *stuck[STUCK])
{
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
}
