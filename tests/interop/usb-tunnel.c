/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usb-tunnel: puts the kernel's own TCP/IP behind a board's service UART.
 *
 * Opens the first programmed adapter with plain libusb, makes a TUN interface with the address
 * 192.168.35.1/24 in the network namespace it runs in, and carries packets between the two. Shares
 * no code with the product but the SLIP codec: whatever talks to 192.168.35.2 through it is proof
 * that an independent stack believes the board. Prints "ready"; ends when its standard input ends.
 */
#include "lks-slip.h"

#include <errno.h>
#include <fcntl.h>
#include <libusb.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVICE_INTERFACE 2
#define SERVICE_PORT 3 /* port C, as FTDI counts in wIndex */
#define ENDPOINT_IN 0x85
#define ENDPOINT_OUT 0x06
#define PACKET_BYTES 512
#define STATUS_BYTES 2
#define TRANSFER_BYTES 4096
#define TRANSFERS 4

static int tun_fd = -1;
static LksSlipDecoder decoder;

static void
die (const char *what, int code)
{
  fprintf (stderr, "usb-tunnel: %s: %s\n", what,
           code < 0 ? libusb_strerror (code) : strerror (errno));
  exit (1);
}

static void
check (int code, const char *what)
{
  if (code < 0)
    die (what, code);
}

static void
control (libusb_device_handle *handle, guint8 request, guint16 value, guint16 index)
{
  check (libusb_control_transfer (handle, 0x40, request, value, index, NULL, 0, 1000),
         "setting up");
}

/* FTDI AN_232B and libftdi: reset, 921600 8N1, RTS/CTS, latency 1 ms. */
static libusb_device_handle *
open_board (libusb_context *usb)
{
  libusb_device_handle *handle = libusb_open_device_with_vid_pid (usb, 0x0403, 0x6011);

  if (handle == NULL)
    die ("no board", LIBUSB_ERROR_NO_DEVICE);
  libusb_set_auto_detach_kernel_driver (handle, 1);
  check (libusb_claim_interface (handle, SERVICE_INTERFACE), "claiming the service UART");
  control (handle, 0x00, 0, SERVICE_PORT);
  control (handle, 0x00, 1, SERVICE_PORT);
  control (handle, 0x00, 2, SERVICE_PORT);
  control (handle, 0x03, 0x000D, 0x0200 | SERVICE_PORT);
  control (handle, 0x04, 0x0008, SERVICE_PORT);
  control (handle, 0x02, 0, 0x0100 | SERVICE_PORT);
  control (handle, 0x01, 0x0202, SERVICE_PORT);
  control (handle, 0x09, 1, SERVICE_PORT);
  return handle;
}

static void
open_tun (const char *name)
{
  struct ifreq request = { 0 };
  struct sockaddr_in *address = (struct sockaddr_in *) &request.ifr_addr;
  int any = socket (AF_INET, SOCK_DGRAM, 0);

  tun_fd = open ("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (tun_fd < 0)
    die ("/dev/net/tun", 0);
  strncpy (request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl (tun_fd, TUNSETIFF, &request) != 0)
    die ("TUNSETIFF", 0);

  address->sin_family = AF_INET;
  inet_pton (AF_INET, "192.168.35.1", &address->sin_addr);
  if (ioctl (any, SIOCSIFADDR, &request) != 0)
    die ("SIOCSIFADDR", 0);
  inet_pton (AF_INET, "255.255.255.0", &address->sin_addr);
  if (ioctl (any, SIOCSIFNETMASK, &request) != 0)
    die ("SIOCSIFNETMASK", 0);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (ioctl (any, SIOCSIFFLAGS, &request) != 0)
    die ("SIOCSIFFLAGS", 0);
  close (any);
}

static void
to_kernel_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  if (write (tun_fd, packet, size_bytes) < 0 && errno != EINVAL)
    die ("writing to the interface", 0);
}

static void LIBUSB_CALL
received_cb (struct libusb_transfer *transfer)
{
  if (transfer->status != LIBUSB_TRANSFER_COMPLETED)
    exit (0); /* unplugged */

  for (int at = 0; at < transfer->actual_length; at += PACKET_BYTES)
    {
      int length = MIN (PACKET_BYTES, transfer->actual_length - at);

      if (length > STATUS_BYTES)
        lks_slip_decoder_feed (&decoder, transfer->buffer + at + STATUS_BYTES,
                               length - STATUS_BYTES, to_kernel_cb, NULL);
    }

  if (libusb_submit_transfer (transfer) != 0)
    exit (0);
}

static void *
from_kernel (void *data)
{
  libusb_device_handle *handle = data;
  guint8 packet[LKS_SLIP_PACKET_MAX];
  guint8 encoded[LKS_SLIP_ENCODED_MAX (LKS_SLIP_PACKET_MAX)];
  ssize_t size;
  int sent;

  while ((size = read (tun_fd, packet, sizeof packet)) > 0)
    if ((packet[0] >> 4) == 4 &&
        libusb_bulk_transfer (handle, ENDPOINT_OUT, encoded,
                              (int) lks_slip_encode (packet, size, encoded), &sent, 0) != 0)
      break;

  exit (0);
}

static void *
end_with_input (void *data)
{
  char byte;

  while (read (STDIN_FILENO, &byte, 1) > 0)
    continue;
  exit (0);
}

int
main (int argc, char **argv)
{
  libusb_context *usb;
  libusb_device_handle *handle;
  pthread_t thread;

  check (libusb_init (&usb), "libusb");
  handle = open_board (usb);
  open_tun (argc > 1 ? argv[1] : "board0");
  lks_slip_decoder_init (&decoder);

  for (int i = 0; i < TRANSFERS; i++)
    {
      struct libusb_transfer *transfer = libusb_alloc_transfer (0);

      libusb_fill_bulk_transfer (transfer, handle, ENDPOINT_IN, malloc (TRANSFER_BYTES),
                                 TRANSFER_BYTES, received_cb, NULL, 0);
      check (libusb_submit_transfer (transfer), "reading");
    }
  pthread_create (&thread, NULL, from_kernel, handle);
  pthread_create (&thread, NULL, end_with_input, NULL);
  puts ("ready");
  fflush (stdout);

  for (;;)
    check (libusb_handle_events (usb), "events");
}
