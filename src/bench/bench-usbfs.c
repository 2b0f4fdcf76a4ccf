/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-preload.h"

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "bench-wire.h"

/* What the kernel's drivers/usb/core/devio.c does for one open file, here for one connection to the
 * launcher. The program's descriptor is an eventfd, because its POLLOUT is ours to decide: at its
 * highest count it cannot be written, at zero it can. It stands for "there is a URB to reap".
 *
 * A thread per open file receives. The program's memory is touched only inside its own ioctl calls.
 */

#define EVENT_FULL UINT64_C (0xfffffffffffffffe)
#define RECEIVER_STACK_BYTES (256 * 1024)
#define SETUP_BYTES 8
#define REQUEST_TIMEOUT_MS 5000
#define CONTROL_MAX_BYTES 4096
/* Kernel: a URB costs its buffer and its bookkeeping. */
#define URB_COST_BYTES 256
/* include/linux/usb.h; these numbers travel in USB/IP's transfer_flags. */
#define URB_SHORT_NOT_OK 0x0001
#define URB_ZERO_PACKET 0x0040
#define URB_DIR_IN 0x0200

typedef struct _Urb Urb;
struct _Urb
{
  Urb *next;
  struct usbdevfs_urb *user; /* NULL: of a synchronous ioctl */
  uint32_t seqnum;
  uint32_t unlink_seqnum; /* 0: nobody asked for it back */
  uint8_t address;        /* endpoint, with 0x80 for IN */
  bool is_in;
  bool is_over;
  uint32_t size;   /* of the data, without setup bytes */
  uint32_t offset; /* of the data in the user's buffer */
  int status;
  uint32_t actual;
  uint8_t *data; /* received, (owned) */
};

/* A question to the launcher, waiting for its BENCH_WIRE_REPLY. */
typedef struct _Call Call;
struct _Call
{
  Call *next;
  uint32_t seqnum;
  bool is_over;
  uint32_t code;
  uint32_t value;
};

struct _BenchUsbfs
{
  int refs; /* atomic */
  int fd;   /* eventfd; the program's, who closes it */
  int sock;
  bool is_foreign; /* after fork(): the parent's */
  unsigned bus;
  unsigned device;
  BenchWireLayout layout;
  pthread_t receiver;

  /* Order of messages on the socket; taken before the other one, never waited for by the receiver.
   */
  pthread_mutex_t send_lock;

  pthread_mutex_t lock;
  pthread_cond_t changed; /* something was retired, or the board is gone */
  bool is_gone;
  bool is_writable;
  uint32_t seqnum;
  uint32_t claimed; /* interfaces, one bit each; the launcher decides, this saves asking */
  size_t memory_bytes;
  Urb *pending;
  Urb *done;
  Urb **done_end;
  Call *calls;
};

/* As the kernel would: without going through functions that a race detector watches. */
static void
copy (void *to, const void *from, size_t size)
{
#if defined(__x86_64__)
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
#else
  volatile uint8_t *out = to;
  const uint8_t *in = from;

  for (size_t i = 0; i < size; i++)
    out[i] = in[i];
#endif
}

static void
set_writable (BenchUsbfs *self, bool is_writable)
{
  uint64_t count = EVENT_FULL;

  if (self->is_writable == is_writable)
    return;
  if (is_writable ? read (self->fd, &count, sizeof count) == sizeof count
                  : write (self->fd, &count, sizeof count) == sizeof count)
    self->is_writable = is_writable;
}

static void
free_urb (BenchUsbfs *self, Urb *urb)
{
  self->memory_bytes -= urb->size + URB_COST_BYTES;
  free (urb->data);
  free (urb);
}

/* lock held; @urb is no longer pending. A synchronous one belongs to the waiting ioctl. */
static void
retire (BenchUsbfs *self, Urb *urb, int status)
{
  urb->status = status;
  urb->is_over = true;
  if (urb->user != NULL)
    {
      urb->next = NULL;
      *self->done_end = urb;
      self->done_end = &urb->next;
      set_writable (self, true);
    }
  pthread_cond_broadcast (&self->changed);
}

static Urb *
take_pending (BenchUsbfs *self, uint32_t seqnum, uint32_t unlink_seqnum)
{
  for (Urb **at = &self->pending; *at != NULL; at = &(*at)->next)
    {
      Urb *urb = *at;

      if (seqnum != 0 ? urb->seqnum != seqnum : urb->unlink_seqnum != unlink_seqnum)
        continue;
      *at = urb->next;
      return urb;
    }
  return NULL;
}

static bool
receive_all (int sock, void *out_bytes, size_t size)
{
  for (size_t done = 0; done < size;)
    {
      ssize_t received = recv (sock, (uint8_t *) out_bytes + done, size - done, 0);

      if (received == 0 || (received < 0 && errno != EINTR))
        return false;
      done += received > 0 ? (size_t) received : 0;
    }
  return true;
}

/* The data of an IN URB follows its header. The URB stays pending meanwhile, so that it can be
 * neither freed nor lost. */
static bool
receive_data (BenchUsbfs *self, const BenchWireHeader *header, uint8_t **out_data)
{
  bool has_data = false;

  pthread_mutex_lock (&self->lock);
  for (Urb *urb = self->pending; urb != NULL; urb = urb->next)
    if (urb->seqnum == header->seqnum)
      has_data = urb->is_in && header->args[1] > 0 && header->args[1] <= urb->size;
  pthread_mutex_unlock (&self->lock);

  if (!has_data)
    return true;
  *out_data = malloc (header->args[1]);
  return *out_data != NULL && receive_all (self->sock, *out_data, header->args[1]);
}

static bool
take_result (BenchUsbfs *self, const BenchWireHeader *header)
{
  uint8_t *data = NULL;
  bool is_complete = receive_data (self, header, &data);
  Urb *urb;

  pthread_mutex_lock (&self->lock);
  urb = is_complete ? take_pending (self, header->seqnum, 0) : NULL;
  if (urb != NULL)
    {
      urb->data = data;
      urb->actual = header->args[1];
      retire (self, urb, (int) header->args[0]);
    }
  pthread_mutex_unlock (&self->lock);

  if (urb == NULL)
    free (data);
  return is_complete;
}

static void
take_message (BenchUsbfs *self, const BenchWireHeader *header)
{
  Urb *urb = NULL;

  pthread_mutex_lock (&self->lock);
  if (header->command == BENCH_WIRE_RET_UNLINK && header->args[0] != 0)
    urb = take_pending (self, 0, header->seqnum);
  if (urb != NULL)
    retire (self, urb, -ENOENT);

  for (Call *call = self->calls; header->command == BENCH_WIRE_REPLY && call != NULL;
       call = call->next)
    if (call->seqnum == header->seqnum)
      {
        call->code = header->args[0];
        call->value = header->args[1];
        call->is_over = true;
        pthread_cond_broadcast (&self->changed);
      }
  pthread_mutex_unlock (&self->lock);
}

static void *
receive_in_thread (void *data)
{
  BenchUsbfs *self = data;
  uint8_t bytes[BENCH_WIRE_HEADER_BYTES];
  BenchWireHeader header;
  bool is_good = true;

  while (is_good && receive_all (self->sock, bytes, sizeof bytes))
    {
      bench_wire_decode (bytes, &header);
      if (header.command == BENCH_WIRE_RET_SUBMIT)
        is_good = take_result (self, &header);
      else
        take_message (self, &header);
    }

  pthread_mutex_lock (&self->lock);
  self->is_gone = true;
  while (self->pending != NULL)
    {
      Urb *urb = self->pending;

      self->pending = urb->next;
      retire (self, urb, -ESHUTDOWN);
    }
  pthread_cond_broadcast (&self->changed);
  pthread_mutex_unlock (&self->lock);

  /* Tells the launcher that everything here is completed: now it may send the event. */
  shutdown (self->sock, SHUT_RDWR);
  return NULL;
}

/* send_lock held. A failure is an unplugging, which the receiver sees too. */
static void
send_message (BenchUsbfs *self,
              const BenchWireHeader *header,
              const void *payload,
              size_t payload_bytes)
{
  uint8_t bytes[BENCH_WIRE_HEADER_BYTES];
  struct iovec parts[] = { { bytes, sizeof bytes }, { (void *) payload, payload_bytes } };
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
  size_t left = sizeof bytes + payload_bytes;

  bench_wire_encode (header, bytes);
  while (left > 0)
    {
      ssize_t sent = sendmsg (self->sock, &message, MSG_NOSIGNAL);

      if (sent < 0 && errno != EINTR)
        return;
      for (ssize_t rest = sent > 0 ? sent : 0; rest > 0;)
        {
          ssize_t part =
              rest < (ssize_t) message.msg_iov->iov_len ? rest : (ssize_t) message.msg_iov->iov_len;

          message.msg_iov->iov_base = (uint8_t *) message.msg_iov->iov_base + part;
          message.msg_iov->iov_len -= part;
          left -= part;
          rest -= part;
          if (message.msg_iov->iov_len == 0 && message.msg_iovlen > 1)
            {
              message.msg_iov++;
              message.msg_iovlen--;
            }
        }
    }
}

static struct timespec
get_deadline (unsigned timeout_ms)
{
  struct timespec at;

  clock_gettime (CLOCK_MONOTONIC, &at);
  at.tv_sec += timeout_ms / 1000;
  at.tv_nsec += (long) (timeout_ms % 1000) * 1000000;
  if (at.tv_nsec >= 1000000000)
    {
      at.tv_sec++;
      at.tv_nsec -= 1000000000;
    }
  return at;
}

/* Asks the launcher and waits for the answer: 0 or an errno. */
static int
ask (BenchUsbfs *self, BenchWireHeader *header, uint32_t *out_value)
{
  Call call = { 0 };
  bool is_gone;

  pthread_mutex_lock (&self->send_lock);
  pthread_mutex_lock (&self->lock);
  is_gone = self->is_gone;
  header->seqnum = call.seqnum = ++self->seqnum;
  call.next = self->calls;
  self->calls = &call;
  pthread_mutex_unlock (&self->lock);
  if (!is_gone)
    send_message (self, header, NULL, 0);
  pthread_mutex_unlock (&self->send_lock);

  pthread_mutex_lock (&self->lock);
  while (!call.is_over && !self->is_gone)
    pthread_cond_wait (&self->changed, &self->lock);
  for (Call **at = &self->calls; *at != NULL; at = &(*at)->next)
    if (*at == &call)
      {
        *at = call.next;
        break;
      }
  pthread_mutex_unlock (&self->lock);

  if (out_value != NULL)
    *out_value = call.value;
  return call.is_over ? (int) call.code : ENODEV;
}

static int
ask_simply (BenchUsbfs *self, BenchWireCommand command, uint32_t interface)
{
  BenchWireHeader header = { .command = command, .args = { interface } };

  return ask (self, &header, NULL);
}

static void
set_claimed (BenchUsbfs *self, uint32_t interface, bool is_claimed)
{
  pthread_mutex_lock (&self->lock);
  if (is_claimed)
    self->claimed |= UINT32_C (1) << interface;
  else
    self->claimed &= ~(UINT32_C (1) << interface);
  pthread_mutex_unlock (&self->lock);
}

static bool
has_claimed (BenchUsbfs *self, uint32_t interface)
{
  bool has;

  pthread_mutex_lock (&self->lock);
  has = interface < BENCH_WIRE_INTERFACES_MAX && (self->claimed >> interface & 1) != 0;
  pthread_mutex_unlock (&self->lock);
  return has;
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
ensure_recipient (BenchUsbfs *self, const uint8_t setup[SETUP_BYTES])
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

/* Makes @urb pending and sends it. On failure (an errno) it stays the caller's. */
static int
submit (BenchUsbfs *self, Urb *urb, uint32_t flags, const uint8_t *setup, const void *payload)
{
  BenchWireHeader header = { .command = BENCH_WIRE_SUBMIT,
                             .direction = urb->is_in,
                             .endpoint = urb->address & 15,
                             .args = { flags, urb->size } };
  int code = 0;

  if (setup != NULL)
    copy (header.setup, setup, SETUP_BYTES);

  pthread_mutex_lock (&self->send_lock);
  pthread_mutex_lock (&self->lock);
  if (self->is_gone)
    code = ENODEV;
  else if (self->memory_bytes + urb->size + URB_COST_BYTES > BENCH_WIRE_MEMORY_MAX_BYTES)
    code = ENOMEM;
  else
    {
      Urb **end = &self->pending;

      while (*end != NULL)
        end = &(*end)->next;
      *end = urb;
      urb->next = NULL;
      self->memory_bytes += urb->size + URB_COST_BYTES;
      header.seqnum = urb->seqnum = ++self->seqnum;
    }
  pthread_mutex_unlock (&self->lock);
  if (code == 0)
    send_message (self, &header, payload, urb->is_in ? 0 : urb->size);
  pthread_mutex_unlock (&self->send_lock);
  return code;
}

/* Asks for a pending URB back. The send lock guarantees that its SUBMIT has been sent. Returns
 * false if it is not pending any more. */
static bool
request_unlink (BenchUsbfs *self, const struct usbdevfs_urb *user, uint32_t seqnum)
{
  BenchWireHeader header = { .command = BENCH_WIRE_UNLINK };
  bool is_pending = false;

  pthread_mutex_lock (&self->send_lock);
  pthread_mutex_lock (&self->lock);
  for (Urb *urb = self->pending; urb != NULL && !is_pending; urb = urb->next)
    {
      if (user != NULL ? urb->user != user : urb->seqnum != seqnum)
        continue;
      is_pending = true;
      if (urb->unlink_seqnum != 0)
        break;
      header.seqnum = urb->unlink_seqnum = ++self->seqnum;
      header.args[0] = urb->seqnum;
    }
  pthread_mutex_unlock (&self->lock);
  if (header.seqnum != 0)
    send_message (self, &header, NULL, 0);
  pthread_mutex_unlock (&self->send_lock);
  return is_pending;
}

static bool
is_pending_user (BenchUsbfs *self, const struct usbdevfs_urb *user)
{
  for (Urb *urb = self->pending; urb != NULL; urb = urb->next)
    if (urb->user == user)
      return true;
  return false;
}

/* Kernel: proc_unlinkurb() and usb_kill_urb(): returns only when the URB can be reaped. Completing
 * it here at once would lose bytes that are on their way. */
static int
discard (BenchUsbfs *self, const struct usbdevfs_urb *user)
{
  if (!request_unlink (self, user, 0))
    return -EINVAL;

  pthread_mutex_lock (&self->lock);
  while (is_pending_user (self, user))
    pthread_cond_wait (&self->changed, &self->lock);
  pthread_mutex_unlock (&self->lock);
  return 0;
}

/* Kernel: destroy_async_on_interface(). */
static void
discard_interface (BenchUsbfs *self, uint32_t interface)
{
  const struct usbdevfs_urb *user;

  do
    {
      user = NULL;
      pthread_mutex_lock (&self->lock);
      for (Urb *urb = self->pending; urb != NULL && user == NULL; urb = urb->next)
        if (urb->address != 0 && urb->user != NULL &&
            self->layout.interface_of[(urb->address & 15) | (urb->address & 0x80) >> 3] ==
                interface)
          user = urb->user;
      pthread_mutex_unlock (&self->lock);
    }
  while (user != NULL && discard (self, user) == 0);
}

/* A whole transfer: its length, or a negative errno. Kernel: usb_start_wait_urb(). */
static int
transfer (BenchUsbfs *self,
          uint8_t address,
          const uint8_t *setup,
          uint32_t size,
          void *buffer,
          unsigned timeout_ms)
{
  Urb urb = { .address = address,
              .is_in = (setup != NULL ? setup[0] : address) & 0x80,
              .size = size };
  struct timespec deadline = get_deadline (timeout_ms);
  int code = submit (self, &urb, urb.is_in ? URB_DIR_IN : 0, setup, buffer);
  bool has_limit = timeout_ms != 0;

  if (code != 0)
    return -code;

  pthread_mutex_lock (&self->lock);
  while (!urb.is_over)
    {
      if (!has_limit)
        pthread_cond_wait (&self->changed, &self->lock);
      else if (pthread_cond_timedwait (&self->changed, &self->lock, &deadline) == ETIMEDOUT &&
               !urb.is_over)
        {
          has_limit = false;
          pthread_mutex_unlock (&self->lock);
          request_unlink (self, NULL, urb.seqnum);
          pthread_mutex_lock (&self->lock);
        }
    }
  self->memory_bytes -= urb.size + URB_COST_BYTES;
  pthread_mutex_unlock (&self->lock);

  if (urb.data != NULL)
    copy (buffer, urb.data, urb.actual);
  free (urb.data);
  switch (urb.status)
    {
    case 0:
      return (int) urb.actual;
    case -ENOENT:
      return -ETIMEDOUT;
    case -ESHUTDOWN:
      return -ENODEV;
    default:
      return urb.status;
    }
}

static int
standard_request (BenchUsbfs *self, uint8_t type, uint8_t request, uint16_t value, uint16_t index)
{
  const uint8_t setup[SETUP_BYTES] = { type,       request,      value & 0xff,
                                       value >> 8, index & 0xff, index >> 8 };
  int result = transfer (self, 0, setup, 0, NULL, REQUEST_TIMEOUT_MS);

  return result < 0 ? result : 0;
}

static int
submit_urb (BenchUsbfs *self, struct usbdevfs_urb *user)
{
  bool is_control = user->type == USBDEVFS_URB_TYPE_CONTROL;
  const uint8_t *buffer = user->buffer;
  uint32_t flags = 0;
  Urb *urb;
  int code;

  if (user->buffer_length < 0 || (buffer == NULL && user->buffer_length > 0))
    return -EINVAL;
  if (user->type != USBDEVFS_URB_TYPE_BULK && !is_control)
    return -EINVAL; /* the boards have no other endpoints */
  if (is_control && (user->buffer_length < SETUP_BYTES ||
                     (buffer[6] | buffer[7] << 8) > user->buffer_length - SETUP_BYTES))
    return -EINVAL;

  code = is_control ? ensure_recipient (self, buffer) : ensure_endpoint (self, user->endpoint);
  if (code != 0)
    return -code;

  urb = calloc (1, sizeof *urb);
  if (urb == NULL)
    return -ENOMEM;
  urb->user = user;
  urb->address = is_control ? 0 : user->endpoint;
  urb->offset = is_control ? SETUP_BYTES : 0;
  urb->is_in = ((is_control ? buffer[0] : user->endpoint) & 0x80) != 0;
  urb->size = is_control ? (uint32_t) (buffer[6] | buffer[7] << 8) : (uint32_t) user->buffer_length;
  if (urb->is_in)
    flags = URB_DIR_IN | (user->flags & USBDEVFS_URB_SHORT_NOT_OK ? URB_SHORT_NOT_OK : 0);
  else if (user->flags & USBDEVFS_URB_ZERO_PACKET)
    flags = URB_ZERO_PACKET;

  code = submit (self, urb, flags, is_control ? buffer : NULL, buffer + urb->offset);
  if (code != 0)
    free (urb);
  return -code;
}

static int
reap_urb (BenchUsbfs *self, void **out_user, bool is_blocking)
{
  Urb *urb;
  int code = 0;

  pthread_mutex_lock (&self->lock);
  while (is_blocking && self->done == NULL && !self->is_gone)
    pthread_cond_wait (&self->changed, &self->lock);
  urb = self->done;
  if (urb != NULL)
    {
      self->done = urb->next;
      if (self->done == NULL)
        {
          self->done_end = &self->done;
          set_writable (self, false);
        }
      self->memory_bytes -= urb->size + URB_COST_BYTES;
    }
  else
    {
      code = self->is_gone ? -ENODEV : -EAGAIN;
    }
  pthread_mutex_unlock (&self->lock);
  if (urb == NULL)
    return code;

  if (urb->data != NULL)
    copy ((uint8_t *) urb->user->buffer + urb->offset, urb->data, urb->actual);
  urb->user->status = urb->status;
  urb->user->actual_length = (int) urb->actual;
  urb->user->error_count = 0;
  *out_user = urb->user;
  free (urb->data);
  free (urb);
  return 0;
}

static int
control (BenchUsbfs *self, const struct usbdevfs_ctrltransfer *t)
{
  const uint8_t setup[SETUP_BYTES] = { t->bRequestType,   t->bRequest,      t->wValue & 0xff,
                                       t->wValue >> 8,    t->wIndex & 0xff, t->wIndex >> 8,
                                       t->wLength & 0xff, t->wLength >> 8 };
  int code = ensure_recipient (self, setup);

  if (code != 0)
    return -code;
  if (t->wLength > CONTROL_MAX_BYTES)
    return -EINVAL;
  return transfer (self, 0, setup, t->wLength, t->data, t->timeout);
}

static int
bulk (BenchUsbfs *self, const struct usbdevfs_bulktransfer *t)
{
  int code = ensure_endpoint (self, t->ep);

  return code != 0 ? -code : transfer (self, (uint8_t) t->ep, NULL, t->len, t->data, t->timeout);
}

static int
release (BenchUsbfs *self, uint32_t interface)
{
  int code;

  if (interface < BENCH_WIRE_INTERFACES_MAX)
    discard_interface (self, interface);
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
  int code = ask (self, &header, &driver);

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
  code = ask (self, &header, NULL);
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
      return discard (self, argument);
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
      return standard_request (self, 0x00, 9, (uint16_t) * (unsigned *) argument, 0);
    case USBDEVFS_CLEAR_HALT:
      return clear_halt (self, *(unsigned *) argument);
    case USBDEVFS_RESETEP:
      return -ensure_endpoint (self, *(unsigned *) argument);
    case USBDEVFS_RESET:
      return standard_request (self, 0x00, 9, 1, 0); /* what a server sees of it */
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
  bool is_gone;

  if (self->is_foreign)
    return -ENODEV;
  if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
    return reap_urb (self, argument, request == USBDEVFS_REAPURB);

  pthread_mutex_lock (&self->lock);
  is_gone = self->is_gone;
  pthread_mutex_unlock (&self->lock);
  return is_gone ? -ENODEV : plugged_ioctl (self, request, argument);
}

/* The launcher's answer to OPEN, before the receiver runs. Returns 0 or an errno. */
static int
ask_open (BenchUsbfs *self)
{
  BenchWireHeader header = { .command = BENCH_WIRE_OPEN,
                             .seqnum = ++self->seqnum,
                             .args = { self->bus, self->device } };
  uint8_t bytes[BENCH_WIRE_HEADER_BYTES];

  send_message (self, &header, NULL, 0);
  if (!receive_all (self->sock, bytes, sizeof bytes))
    return ENODEV;

  bench_wire_decode (bytes, &header);
  if (header.command != BENCH_WIRE_REPLY)
    return ENODEV;
  if (header.args[0] != 0)
    return (int) header.args[0];
  return receive_all (self->sock, &self->layout, sizeof self->layout) ? 0 : ENODEV;
}

/* The program's signals are not for our thread. */
static int
start_receiver (BenchUsbfs *self)
{
  pthread_attr_t attributes;
  sigset_t all;
  sigset_t old;
  int code;

  sigfillset (&all);
  pthread_attr_init (&attributes);
  pthread_attr_setstacksize (&attributes, RECEIVER_STACK_BYTES);
  pthread_sigmask (SIG_SETMASK, &all, &old);
  code = pthread_create (&self->receiver, &attributes, receive_in_thread, self);
  pthread_sigmask (SIG_SETMASK, &old, NULL);
  pthread_attr_destroy (&attributes);
  return code;
}

static void
init_locks (BenchUsbfs *self)
{
  pthread_condattr_t attributes;

  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&self->changed, &attributes);
  pthread_condattr_destroy (&attributes);
  pthread_mutex_init (&self->lock, NULL);
  pthread_mutex_init (&self->send_lock, NULL);
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

  init_locks (self);
  self->refs = 1;
  self->bus = bus;
  self->device = device;
  self->done_end = &self->done;
  self->is_writable = true;
  self->fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->sock = self->fd >= 0 ? bench_preload_connect (BENCH_WIRE_BUS_SOCKET, SOCK_STREAM) : -1;
  code = self->sock < 0 ? errno : ask_open (self);
  if (code == 0)
    {
      set_writable (self, false);
      code = start_receiver (self);
    }
  if (code == 0)
    return self;

  if (self->fd >= 0)
    bench_preload_close (self->fd);
  if (self->sock >= 0)
    bench_preload_close (self->sock);
  free (self);
  errno = code == ECONNREFUSED ? ENOENT : code;
  return NULL;
}

/* The descriptor for the program; the program closes it. */
int
bench_usbfs_get_fd (BenchUsbfs *self)
{
  return self->fd;
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

  while (self->done != NULL)
    {
      Urb *urb = self->done;

      self->done = urb->next;
      free_urb (self, urb);
    }
  bench_preload_close (self->sock);
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->lock);
  pthread_mutex_destroy (&self->send_lock);
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
  shutdown (self->sock, SHUT_RDWR);
  pthread_join (self->receiver, NULL);
}

/* In the child of a fork(): only descriptors may be closed. */
void
bench_usbfs_disown (BenchUsbfs *self)
{
  self->is_foreign = true;
}
