/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that uses boards, as a test tells it: one command a line, one line of answer.
 *
 *   dir                the launcher's directory
 *   list               places of all boards
 *   open PLACE         open one; the answer is libusb's name of the result, as for the following
 *   close
 *   claim I, release I, detach I, attach I
 *   driver I           is the kernel's driver active: 0, 1 or an error
 *   latency            the latency timer of port A, a request to the chip
 *   pend               submit a transfer that does not end
 *   flood              keep many transfers coming in on port A
 *   ended              wait for its end; the answer is its status
 *   wait-arrived N, wait-left N    hotplug events since the start, at least N
 *   left-before        how many had left when the last one arrived
 *   fork, vfork        a child that closes every descriptor and exits
 *   spin               turns of the event loop in 300 ms */
#include <libusb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_S 60.0
#define LINE_MAX_BYTES 128
#define BOARDS_MAX 32
#define PORT_A_IN 0x81
#define PORT_B_OUT 0x04
#define FLOOD_TRANSFERS 200
#define STUCK_BYTES 65536

static libusb_context *context;
static libusb_device_handle *handle;
static int n_arrived;
static int n_left;
static int n_left_before;
static int n_ended;
static struct libusb_transfer *pending;
static unsigned char stuck[STUCK_BYTES];
static int n_flooding;
static bool is_ending;
static struct libusb_transfer *flooding[FLOOD_TRANSFERS];
static unsigned char flood_bytes[FLOOD_TRANSFERS][16384];

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
    {
      n_arrived++;
      n_left_before = n_left;
    }
  else
    {
      n_left++;
    }
  return 0;
}

static void
turn (void)
{
  struct timeval slice = { .tv_usec = 20000 };

  libusb_handle_events_timeout_completed (context, &slice, NULL);
}

static bool
wait_for (const int *count, int wanted)
{
  double until = now () + WAIT_S;

  while (*count < wanted && now () < until)
    turn ();
  return *count >= wanted;
}

static void
answer (const char *text)
{
  printf ("%s\n", text);
  fflush (stdout);
}

static void
answer_result (int result)
{
  if (result >= 0)
    printf ("%d\n", result);
  else
    printf ("%s\n", libusb_error_name (result));
  fflush (stdout);
}

/* "1-2.3" */
static void
name_place (libusb_device *device, char out_place[LINE_MAX_BYTES])
{
  uint8_t chain[8];
  int n = libusb_get_port_numbers (device, chain, sizeof chain);
  int used = snprintf (out_place, LINE_MAX_BYTES, "%d", libusb_get_bus_number (device));

  for (int i = 0; i < n; i++)
    used += snprintf (out_place + used, (size_t) (LINE_MAX_BYTES - used), "%c%d",
                      i == 0 ? '-' : '.', chain[i]);
}

static int
compare_places (const void *a, const void *b)
{
  return strcmp (a, b);
}

/* Finds all boards, and opens the one in place @wanted (may be NULL). */
static int
visit (const char *wanted, char out_places[BOARDS_MAX][LINE_MAX_BYTES], size_t *out_n_places)
{
  libusb_device **list;
  ssize_t n = libusb_get_device_list (context, &list);
  int result = LIBUSB_ERROR_NOT_FOUND;

  *out_n_places = 0;
  for (ssize_t i = 0; i < n && *out_n_places < BOARDS_MAX; i++)
    {
      struct libusb_device_descriptor descriptor;
      char *place = out_places[*out_n_places];

      libusb_get_device_descriptor (list[i], &descriptor);
      if (descriptor.idVendor != 0x0403)
        continue;
      name_place (list[i], place);
      (*out_n_places)++;
      if (wanted != NULL && strcmp (place, wanted) == 0)
        result = libusb_open (list[i], &handle);
    }
  libusb_free_device_list (list, 1);
  qsort (out_places, *out_n_places, LINE_MAX_BYTES, compare_places);
  return result;
}

static int
open_board (const char *place)
{
  char places[BOARDS_MAX][LINE_MAX_BYTES];
  size_t n;

  return visit (place, places, &n);
}

static void
list_boards (void)
{
  char places[BOARDS_MAX][LINE_MAX_BYTES];
  size_t n;

  visit (NULL, places, &n);
  for (size_t i = 0; i < n; i++)
    printf ("%s ", places[i]);
  answer ("");
}

static void LIBUSB_CALL
ended_cb (struct libusb_transfer *transfer)
{
  n_ended++;
}

/* Flow control holds port B's transmitter: more than its buffer never goes out. */
static int
pend (void)
{
  libusb_control_transfer (handle, 0x40, 2, 0, 0x0102, NULL, 0, 1000);
  if (pending == NULL)
    pending = libusb_alloc_transfer (0);
  libusb_fill_bulk_transfer (pending, handle, PORT_B_OUT, stuck, sizeof stuck, ended_cb, NULL, 0);
  n_ended = 0;
  return libusb_submit_transfer (pending);
}

static void LIBUSB_CALL
flood_cb (struct libusb_transfer *transfer)
{
  if (is_ending || transfer->status != LIBUSB_TRANSFER_COMPLETED ||
      libusb_submit_transfer (transfer) != 0)
    n_flooding--;
}

/* The chip sends two bytes every millisecond when it has nothing else to say. */
static int
flood (void)
{
  libusb_control_transfer (handle, 0x40, 9, 1, 1, NULL, 0, 1000);
  for (int i = 0; i < FLOOD_TRANSFERS; i++)
    {
      int result;

      flooding[i] = libusb_alloc_transfer (0);
      libusb_fill_bulk_transfer (flooding[i], handle, PORT_A_IN, flood_bytes[i],
                                 sizeof flood_bytes[i], flood_cb, NULL, 0);
      result = libusb_submit_transfer (flooding[i]);
      if (result != 0)
        return result;
      n_flooding++;
    }
  return 0;
}

static void
end_flood (void)
{
  is_ending = true;
  for (int i = 0; i < FLOOD_TRANSFERS && flooding[i] != NULL; i++)
    libusb_cancel_transfer (flooding[i]);
  for (double until = now () + WAIT_S; n_flooding > 0 && now () < until;)
    turn ();
  for (int i = 0; i < FLOOD_TRANSFERS; i++)
    libusb_free_transfer (flooding[i]);
}

static int
get_latency (void)
{
  unsigned char byte = 0;
  int result = libusb_control_transfer (handle, 0xc0, 10, 0, 1, &byte, 1, 2000);

  return result == 1 ? byte : result;
}

static int
run_child (bool shares_memory)
{
  pid_t pid = shares_memory ? vfork () : fork ();
  int status = 0;

  if (pid == 0)
    {
      for (int fd = 3; fd < 64; fd++)
        close (fd);
      _exit (0);
    }
  waitpid (pid, &status, 0);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

static int
spin (void)
{
  double until = now () + 0.3;
  int n = 0;

  for (; now () < until; n++)
    turn ();
  return n;
}

/* A transfer must end before its handle is closed. */
static void
close_board (void)
{
  if (pending != NULL && n_ended == 0 && libusb_cancel_transfer (pending) == 0)
    wait_for (&n_ended, 1);
  if (handle != NULL)
    libusb_close (handle);
  handle = NULL;
}

static void
obey (const char *command, const char *argument)
{
  int number = atoi (argument);

  if (strcmp (command, "dir") == 0)
    answer (getenv ("LOCKSMITH_BENCH_DIR"));
  else if (strcmp (command, "list") == 0)
    list_boards ();
  else if (strcmp (command, "open") == 0)
    answer_result (open_board (argument));
  else if (strcmp (command, "close") == 0)
    answer_result ((close_board (), 0));
  else if (strcmp (command, "claim") == 0)
    answer_result (libusb_claim_interface (handle, number));
  else if (strcmp (command, "release") == 0)
    answer_result (libusb_release_interface (handle, number));
  else if (strcmp (command, "detach") == 0)
    answer_result (libusb_detach_kernel_driver (handle, number));
  else if (strcmp (command, "attach") == 0)
    answer_result (libusb_attach_kernel_driver (handle, number));
  else if (strcmp (command, "driver") == 0)
    answer_result (libusb_kernel_driver_active (handle, number));
  else if (strcmp (command, "latency") == 0)
    answer_result (get_latency ());
  else if (strcmp (command, "pend") == 0)
    answer_result (pend ());
  else if (strcmp (command, "flood") == 0)
    answer_result (flood ());
  else if (strcmp (command, "ended") == 0)
    answer_result (wait_for (&n_ended, 1) ? (int) pending->status : LIBUSB_ERROR_TIMEOUT);
  else if (strcmp (command, "wait-arrived") == 0)
    answer_result (wait_for (&n_arrived, number) ? n_arrived : LIBUSB_ERROR_TIMEOUT);
  else if (strcmp (command, "wait-left") == 0)
    answer_result (wait_for (&n_left, number) ? n_left : LIBUSB_ERROR_TIMEOUT);
  else if (strcmp (command, "left-before") == 0)
    answer_result (n_left_before);
  else if (strcmp (command, "fork") == 0)
    answer_result (run_child (false));
  else if (strcmp (command, "vfork") == 0)
    answer_result (run_child (true));
  else if (strcmp (command, "spin") == 0)
    answer_result (spin ());
  else
    answer ("what?");
}

int
main (void)
{
  libusb_hotplug_callback_handle callback;
  int events = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
  char line[LINE_MAX_BYTES];

  if (libusb_init (&context) != 0 ||
      libusb_hotplug_register_callback (context, events, LIBUSB_HOTPLUG_ENUMERATE, 0x0403,
                                        LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                                        hotplug_cb, NULL, &callback) != 0)
    return 1;

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      char command[LINE_MAX_BYTES] = "";
      char argument[LINE_MAX_BYTES] = "";

      sscanf (line, "%s %s", command, argument);
      obey (command, argument);
    }

  end_flood ();
  close_board ();
  libusb_free_transfer (pending);
  libusb_exit (context);
  return 0;
}
