/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-preload.h"

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench-pipe.h"

/* What the kernel's drivers/usb/core/devio.c does for one open file: its rules and its errors. */

#define REQUEST_TIMEOUT_MS 5000
#define CONTROL_MAX_BYTES 4096
/* include/linux/usb.h; these numbers travel in USB/IP's transfer_flags. */
#define URB_SHORT_NOT_OK 0x0001
#define URB_ZERO_PACKET 0x0040

struct _BenchUsbfs
{
  int refs;        /* atomic */
  pid_t owner;     /* who opened it */
  bool is_foreign; /* in a child after fork(): the parent's */
  unsigned device;
  BenchWireLayout layout;
  uint32_t claimed; /* atomic; interfaces, one bit each; the launcher decides, this saves asking */
  BenchPipe pipe;
};

static int
ask_simply (BenchUsbfs *self, BenchWireCommand command, uint32_t interface)
{
  BenchWireHeader header = { .command = command, .args = { interface } };

  return bench_pipe_ask (&self->pipe, &header, NULL);
}

static void
set_claimed (BenchUsbfs *self, uint32_t interface, bool is_claimed)
{
  if (is_claimed)
    __atomic_or_fetch (&self->claimed, UINT32_C (1) << interface, __ATOMIC_ACQ_REL);
  else
    __atomic_and_fetch (&self->claimed, ~(UINT32_C (1) << interface), __ATOMIC_ACQ_REL);
}

static bool
has_claimed (BenchUsbfs *self, uint32_t interface)
{
  return interface < BENCH_WIRE_INTERFACES_MAX &&
         (__atomic_load_n (&self->claimed, __ATOMIC_ACQUIRE) >> interface & 1) != 0;
}

/* Kernel: checkintf(). Using an interface claims it. */
static int
ensure_claimed (BenchUsbfs *self, uint32_t interface)
{
  int code;

  if (interface >= BENCH_WIRE_INTERFACES_MAX)
    return EINVAL;
  if (has_claimed (self, interface))
    return 0;

  code = ask_simply (self, BENCH_WIRE_CLAIM, interface);
  if (code == 0)
    set_claimed (self, interface, true);
  return code;
}

/* Kernel: findintfep() and checkintf(). */
static int
ensure_endpoint (BenchUsbfs *self, uint32_t address)
{
  uint8_t interface;

  if ((address & ~(uint32_t) 0x8f) != 0)
    return EINVAL;

  interface = self->layout.interface_of[(address & 15) | (address & 0x80) >> 3];
  return interface == BENCH_WIRE_NO_INTERFACE ? ENOENT : ensure_claimed (self, interface);
}

/* Kernel: check_ctrlrecip(). */
static int
ensure_recipient (BenchUsbfs *self, const uint8_t setup[BENCH_PIPE_SETUP_BYTES])
{
  if ((setup[0] & 0x60) == 0x40)
    return 0; /* vendor */

  switch (setup[0] & 0x1f)
    {
    case 1:
      return setup[4] < self->layout.n_interfaces ? ensure_claimed (self, setup[4]) : ENOENT;
    case 2:
      return (setup[4] & 15) == 0 ? 0 : ensure_endpoint (self, setup[4]);
    default:
      return 0;
    }
}

static int
standard_request (BenchUsbfs *self, uint8_t type, uint8_t request, uint16_t value, uint16_t index)
{
  const uint8_t setup[BENCH_PIPE_SETUP_BYTES] = { type,       request,      value & 0xff,
                                                  value >> 8, index & 0xff, index >> 8 };
  int result = bench_pipe_transfer (&self->pipe, 0, setup, 0, NULL, REQUEST_TIMEOUT_MS);

  return result < 0 ? result : 0;
}

/* Kernel: proc_do_submiturb(). The boards have no other endpoints than control and bulk. */
static int
check_urb (BenchUsbfs *self, const struct usbdevfs_urb *user)
{
  const uint8_t *buffer = user->buffer;

  if (user->buffer_length < 0 || (buffer == NULL && user->buffer_length > 0))
    return EINVAL;
  if (user->type == USBDEVFS_URB_TYPE_BULK)
    return ensure_endpoint (self, user->endpoint);
  if (user->type != USBDEVFS_URB_TYPE_CONTROL || user->buffer_length < BENCH_PIPE_SETUP_BYTES ||
      (buffer[6] | buffer[7] << 8) > user->buffer_length - BENCH_PIPE_SETUP_BYTES)
    return EINVAL;
  return ensure_recipient (self, buffer);
}

static uint32_t
get_urb_flags (const BenchUrb *urb)
{
  if (urb->is_in)
    return (urb->user->flags & USBDEVFS_URB_SHORT_NOT_OK) != 0 ? URB_SHORT_NOT_OK : 0;
  return (urb->user->flags & USBDEVFS_URB_ZERO_PACKET) != 0 ? URB_ZERO_PACKET : 0;
}

static int
submit_urb (BenchUsbfs *self, struct usbdevfs_urb *user)
{
  bool is_control = user->type == USBDEVFS_URB_TYPE_CONTROL;
  const uint8_t *buffer = user->buffer;
  int code = check_urb (self, user);
  BenchUrb *urb = code == 0 ? calloc (1, sizeof *urb) : NULL;

  if (urb == NULL)
    return code != 0 ? -code : -ENOMEM;

  urb->user = user;
  urb->address = is_control ? 0 : user->endpoint;
  urb->offset = is_control ? BENCH_PIPE_SETUP_BYTES : 0;
  urb->is_in = ((is_control ? buffer[0] : user->endpoint) & 0x80) != 0;
  urb->size = is_control ? (uint32_t) (buffer[6] | buffer[7] << 8) : (uint32_t) user->buffer_length;

  code = bench_pipe_submit (&self->pipe, urb, get_urb_flags (urb), is_control ? buffer : NULL,
                            buffer + urb->offset);
  if (code != 0)
    free (urb);
  return -code;
}

static int
control (BenchUsbfs *self, const struct usbdevfs_ctrltransfer *t)
{
  const uint8_t setup[BENCH_PIPE_SETUP_BYTES] = { t->bRequestType,   t->bRequest,
                                                  t->wValue & 0xff,  t->wValue >> 8,
                                                  t->wIndex & 0xff,  t->wIndex >> 8,
                                                  t->wLength & 0xff, t->wLength >> 8 };
  int code = ensure_recipient (self, setup);

  if (code != 0)
    return -code;
  if (t->wLength > CONTROL_MAX_BYTES)
    return -EINVAL;
  return bench_pipe_transfer (&self->pipe, 0, setup, t->wLength, t->data, t->timeout);
}

static int
bulk (BenchUsbfs *self, const struct usbdevfs_bulktransfer *t)
{
  int code = ensure_endpoint (self, t->ep);

  return code != 0 ? -code
                   : bench_pipe_transfer (&self->pipe, (uint8_t) t->ep, NULL, t->len, t->data,
                                          t->timeout);
}

static uint32_t
get_endpoints (BenchUsbfs *self, uint32_t interface)
{
  uint32_t endpoints = 0;

  for (unsigned i = 0; i < BENCH_WIRE_ENDPOINTS; i++)
    if (interface < BENCH_WIRE_INTERFACES_MAX && self->layout.interface_of[i] == interface)
      endpoints |= UINT32_C (1) << i;
  return endpoints;
}

static int
release (BenchUsbfs *self, uint32_t interface)
{
  int code;

  bench_pipe_discard_endpoints (&self->pipe, get_endpoints (self, interface));
  code = ask_simply (self, BENCH_WIRE_RELEASE, interface);
  if (code == 0)
    set_claimed (self, interface, false);
  return -code;
}

static int
get_driver (BenchUsbfs *self, struct usbdevfs_getdriver *query)
{
  BenchWireHeader header = { .command = BENCH_WIRE_GET_DRIVER, .args = { query->interface } };
  uint32_t driver;
  int code = bench_pipe_ask (&self->pipe, &header, &driver);

  if (code == 0)
    strcpy (query->driver, driver == BENCH_WIRE_DRIVER_USBFS ? BENCH_WIRE_USBFS_DRIVER_NAME
                                                             : BENCH_WIRE_KERNEL_DRIVER_NAME);
  return -code;
}

static uint32_t
parse_driver (const char *name)
{
  if (strcmp (name, BENCH_WIRE_USBFS_DRIVER_NAME) == 0)
    return BENCH_WIRE_DRIVER_USBFS;
  return strcmp (name, BENCH_WIRE_KERNEL_DRIVER_NAME) == 0 ? BENCH_WIRE_DRIVER_KERNEL
                                                           : BENCH_WIRE_DRIVER_OTHER;
}

static int
disconnect_claim (BenchUsbfs *self, const struct usbdevfs_disconnect_claim *query)
{
  BenchWireHeader header = { .command = BENCH_WIRE_DISCONNECT_CLAIM, .args = { query->interface } };
  int code;

  if (query->flags & USBDEVFS_DISCONNECT_CLAIM_IF_DRIVER)
    header.args[1] = parse_driver (query->driver);
  if (query->flags & USBDEVFS_DISCONNECT_CLAIM_EXCEPT_DRIVER)
    header.args[2] = parse_driver (query->driver);
  code = bench_pipe_ask (&self->pipe, &header, NULL);
  if (code == 0)
    set_claimed (self, query->interface, true);
  return -code;
}

/* USBDEVFS_IOCTL: connects and disconnects the kernel's driver. Connecting returns 1, "bound". */
static int
driver_ioctl (BenchUsbfs *self, const struct usbdevfs_ioctl *query)
{
  switch (query->ioctl_code)
    {
    case (int) USBDEVFS_DISCONNECT:
      return -ask_simply (self, BENCH_WIRE_DISCONNECT, (uint32_t) query->ifno);
    case (int) USBDEVFS_CONNECT:
      {
        int code = ask_simply (self, BENCH_WIRE_CONNECT, (uint32_t) query->ifno);

        return code == 0 ? 1 : -code;
      }
    default:
      return -ENOTTY;
    }
}

/* Kernel: proc_setintf() and usb_set_interface(), which knows the settings there are. */
static int
set_interface (BenchUsbfs *self, const struct usbdevfs_setinterface *query)
{
  int code = ensure_claimed (self, query->interface);

  if (code == 0 && query->altsetting != 0)
    return -EINVAL; /* the boards have no alternate settings */
  return code != 0 ? -code
                   : standard_request (self, 0x01, 11, (uint16_t) query->altsetting,
                                       (uint16_t) query->interface);
}

/* Kernel: proc_setconfig(). Not while any driver or program holds an interface; the boards have one
 * configuration, and setting it again is allowed. */
static int
set_configuration (BenchUsbfs *self, unsigned value)
{
  for (uint32_t i = 0; i < self->layout.n_interfaces; i++)
    if (ask_simply (self, BENCH_WIRE_GET_DRIVER, i) == 0)
      return -EBUSY;

  return value != self->layout.configuration
             ? -EINVAL
             : standard_request (self, 0x00, 9, (uint16_t) value, 0);
}

static int
clear_halt (BenchUsbfs *self, unsigned address)
{
  int code = ensure_endpoint (self, address);

  return code != 0 ? -code : standard_request (self, 0x02, 1, 0, (uint16_t) address);
}

/* Not after an unplugging. The numbers' direction bits tell nothing; what is read and written is
 * known per request. */
static int
plugged_ioctl (BenchUsbfs *self, unsigned long request, void *argument)
{
  switch (request)
    {
    case USBDEVFS_SUBMITURB:
      return submit_urb (self, argument);
    case USBDEVFS_DISCARDURB:
      return bench_pipe_discard (&self->pipe, argument);
    case USBDEVFS_CONTROL:
      return control (self, argument);
    case USBDEVFS_BULK:
      return bulk (self, argument);
    case USBDEVFS_CLAIMINTERFACE:
      return -ensure_claimed (self, *(unsigned *) argument);
    case USBDEVFS_RELEASEINTERFACE:
      return release (self, *(unsigned *) argument);
    case USBDEVFS_GETDRIVER:
      return get_driver (self, argument);
    case USBDEVFS_IOCTL:
      return driver_ioctl (self, argument);
    case USBDEVFS_DISCONNECT_CLAIM:
      return disconnect_claim (self, argument);
    case USBDEVFS_SETINTERFACE:
      return set_interface (self, argument);
    case USBDEVFS_SETCONFIGURATION:
      return set_configuration (self, *(unsigned *) argument);
    case USBDEVFS_CLEAR_HALT:
      return clear_halt (self, *(unsigned *) argument);
    case USBDEVFS_RESETEP:
      return -ensure_endpoint (self, *(unsigned *) argument);
    case USBDEVFS_RESET:
      return standard_request (self, 0x00, 9, self->layout.configuration,
                               0); /* what a server sees of it */
    case USBDEVFS_GET_SPEED:
      return 3; /* USB_SPEED_HIGH */
    case USBDEVFS_GET_CAPABILITIES:
      *(uint32_t *) argument = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                               USBDEVFS_CAP_BULK_SCATTER_GATHER |
                               USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
      return 0;
    case USBDEVFS_CONNECTINFO:
      *(struct usbdevfs_connectinfo *) argument =
          (struct usbdevfs_connectinfo){ .devnum = self->device };
      return 0;
    default:
      return -ENOTTY;
    }
}

/* Returns what the kernel returns; a negative errno on failure. */
int
bench_usbfs_ioctl (BenchUsbfs *self, unsigned long request, void *argument)
{
  if (self->is_foreign)
    return -ENODEV;
  if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
    return bench_pipe_reap (&self->pipe, argument, request == USBDEVFS_REAPURB);

  return bench_pipe_is_gone (&self->pipe) ? -ENODEV : plugged_ioctl (self, request, argument);
}

/* Opens a board. Returns NULL and errno: ENOENT, EACCES, or that of a system without descriptors.
 */
BenchUsbfs *
bench_usbfs_open (unsigned bus, unsigned device)
{
  BenchUsbfs *self = calloc (1, sizeof *self);
  int code;

  if (self == NULL)
    return NULL;

  self->refs = 1;
  self->owner = getpid ();
  self->device = device;
  code = bench_pipe_open (&self->pipe, bus, device, &self->layout);
  if (code == 0)
    return self;

  free (self);
  errno = code;
  return NULL;
}

/* The descriptor for the program; the program closes it. */
int
bench_usbfs_get_fd (BenchUsbfs *self)
{
  return self->pipe.fd;
}

BenchUsbfs *
bench_usbfs_ref (BenchUsbfs *self)
{
  __atomic_add_fetch (&self->refs, 1, __ATOMIC_RELAXED);
  return self;
}

void
bench_usbfs_unref (BenchUsbfs *self)
{
  if (__atomic_sub_fetch (&self->refs, 1, __ATOMIC_ACQ_REL) > 0)
    return;

  /* The threads that hold and wait for what is in there do not exist in a child. */
  if (self->is_foreign)
    bench_preload_close (self->pipe.sock);
  else
    bench_pipe_clear (&self->pipe);
  free (self);
}

/* Gives up the claims, ends the connection and with it everything pending. Calls that are under way
 * return. */
void
bench_usbfs_close (BenchUsbfs *self)
{
  if (self->is_foreign)
    return;

  ask_simply (self, BENCH_WIRE_CLOSE, 0);
  bench_pipe_close (&self->pipe);
}

/* In the child of a fork(): only descriptors may be closed. */
void
bench_usbfs_disown (BenchUsbfs *self)
{
  self->is_foreign = true;
}

/* FALSE between vfork() and exec: a child that lives in its parent's memory and may not change it.
 */
bool
bench_usbfs_is_mine (BenchUsbfs *self)
{
  return self->is_foreign || self->owner == getpid ();
}
