/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-pipe.h"

#include "bench-preload.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The program's descriptor is an eventfd, because its POLLOUT is ours to decide: at its highest
 * count it cannot be written, at zero it can. It stands for "there is a URB to reap".
 *
 * A thread per open file receives. The program's memory is touched only inside its own calls. */

#define EVENT_FULL UINT64_C (0xfffffffffffffffe)
#define RECEIVER_STACK_BYTES (256 * 1024)
#define INBOX_BYTES (32 * 1024)
/* Kernel: a URB costs its buffer and its bookkeeping. */
#define URB_COST_BYTES 256
/* include/linux/usb.h; travels in USB/IP's transfer_flags. */
#define URB_DIR_IN 0x0200

/* What the receiver has taken from the socket and not read yet: one call of the kernel for all that
 * has arrived. */
typedef struct
{
  int sock;
  size_t start;
  size_t end;
  uint8_t bytes[INBOX_BYTES];
} Inbox;

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
set_writable (BenchPipe *self, bool is_writable)
{
  uint64_t count = EVENT_FULL;

  if (self->is_writable == is_writable)
    return;
  if (is_writable ? read (self->fd, &count, sizeof count) == sizeof count
                  : write (self->fd, &count, sizeof count) == sizeof count)
    self->is_writable = is_writable;
}

/* lock held; @urb is no longer pending. A synchronous one belongs to the waiting ioctl. */
static void
retire (BenchPipe *self, BenchUrb *urb, int status)
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

static BenchUrb *
take_pending (BenchPipe *self, uint32_t seqnum, uint32_t unlink_seqnum)
{
  for (BenchUrb **at = &self->pending; *at != NULL; at = &(*at)->next)
    {
      BenchUrb *urb = *at;

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

static bool
fill (Inbox *inbox)
{
  ssize_t received;

  do
    received = recv (inbox->sock, inbox->bytes, sizeof inbox->bytes, 0);
  while (received < 0 && errno == EINTR);

  inbox->start = 0;
  inbox->end = received > 0 ? (size_t) received : 0;
  return received > 0;
}

static bool
take_bytes (Inbox *inbox, void *out_bytes, size_t size)
{
  for (size_t done = 0; done < size;)
    {
      size_t part = inbox->end - inbox->start;

      if (part == 0)
        {
          if (!fill (inbox))
            return false;
          continue;
        }
      part = part < size - done ? part : size - done;
      memcpy ((uint8_t *) out_bytes + done, inbox->bytes + inbox->start, part);
      inbox->start += part;
      done += part;
    }
  return true;
}

/* The data of an IN URB follows its header. The URB stays pending meanwhile, so that it can be
 * neither freed nor lost. */
static bool
receive_data (BenchPipe *self, Inbox *inbox, const BenchWireHeader *header, uint8_t **out_data)
{
  bool has_data = false;

  pthread_mutex_lock (&self->lock);
  for (BenchUrb *urb = self->pending; urb != NULL; urb = urb->next)
    if (urb->seqnum == header->seqnum)
      has_data = urb->is_in && header->args[1] > 0 && header->args[1] <= urb->size;
  pthread_mutex_unlock (&self->lock);

  if (!has_data)
    return true;
  *out_data = malloc (header->args[1]);
  return *out_data != NULL && take_bytes (inbox, *out_data, header->args[1]);
}

static bool
take_result (BenchPipe *self, Inbox *inbox, const BenchWireHeader *header)
{
  uint8_t *data = NULL;
  bool is_complete = receive_data (self, inbox, header, &data);
  BenchUrb *urb;

  pthread_mutex_lock (&self->lock);
  urb = is_complete ? take_pending (self, header->seqnum, 0) : NULL;
  if (urb != NULL)
    {
      urb->data = data;
      urb->actual = header->args[1] < urb->size ? header->args[1] : urb->size;
      retire (self, urb, (int) header->args[0]);
    }
  pthread_mutex_unlock (&self->lock);

  if (urb == NULL)
    free (data);
  return is_complete;
}

static void
take_message (BenchPipe *self, const BenchWireHeader *header)
{
  BenchUrb *urb = NULL;

  pthread_mutex_lock (&self->lock);
  if (header->command == BENCH_WIRE_RET_UNLINK && header->args[0] != 0)
    urb = take_pending (self, 0, header->seqnum);
  if (urb != NULL)
    retire (self, urb, -ENOENT);

  for (BenchCall *call = self->calls; header->command == BENCH_WIRE_REPLY && call != NULL;
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
  BenchPipe *self = data;
  Inbox inbox = { .sock = self->sock };
  uint8_t bytes[BENCH_WIRE_HEADER_BYTES];
  BenchWireHeader header;
  bool is_good = true;

  pthread_setname_np (pthread_self (), "bench-receiver"); /* apart from the program's own threads */
  while (is_good && take_bytes (&inbox, bytes, sizeof bytes))
    {
      bench_wire_decode (bytes, &header);
      if (header.command == BENCH_WIRE_RET_SUBMIT)
        is_good = take_result (self, &inbox, &header);
      else
        take_message (self, &header);
    }

  pthread_mutex_lock (&self->lock);
  self->is_gone = true;
  while (self->pending != NULL)
    {
      BenchUrb *urb = self->pending;

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
send_message (BenchPipe *self,
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

/* The launcher's answer to OPEN, before the receiver runs. Returns 0 or an errno. */
static int
ask_open (BenchPipe *self, unsigned bus, unsigned device, BenchWireLayout *out_layout)
{
  BenchWireHeader header = { .command = BENCH_WIRE_OPEN,
                             .seqnum = ++self->seqnum,
                             .args = { bus, device } };
  uint8_t bytes[BENCH_WIRE_HEADER_BYTES];

  send_message (self, &header, NULL, 0);
  if (!receive_all (self->sock, bytes, sizeof bytes))
    return ENODEV;

  bench_wire_decode (bytes, &header);
  if (header.command != BENCH_WIRE_REPLY)
    return ENODEV;
  if (header.args[0] != 0)
    return (int) header.args[0];
  return receive_all (self->sock, out_layout, sizeof *out_layout) ? 0 : ENODEV;
}

/* The program's signals are not for our thread. */
static int
start_receiver (BenchPipe *self)
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
init_locks (BenchPipe *self)
{
  pthread_condattr_t attributes;

  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&self->changed, &attributes);
  pthread_condattr_destroy (&attributes);
  pthread_mutex_init (&self->lock, NULL);
  pthread_mutex_init (&self->send_lock, NULL);
}

/* Connects for one board. Returns 0, then bench_pipe_close() and bench_pipe_clear() are due; or an
 * errno: ENOENT, EACCES, or that of a system without descriptors. */
int
bench_pipe_open (BenchPipe *self, unsigned bus, unsigned device, BenchWireLayout *out_layout)
{
  int code;

  init_locks (self);
  self->done_end = &self->done;
  self->is_writable = true;
  self->fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->sock = self->fd >= 0 ? bench_preload_connect (BENCH_WIRE_BUS_SOCKET, SOCK_STREAM) : -1;
  code = self->sock < 0 ? errno : ask_open (self, bus, device, out_layout);
  if (code == 0)
    {
      set_writable (self, false);
      code = start_receiver (self);
    }
  if (code == 0)
    return 0;

  if (self->fd >= 0)
    bench_preload_close (self->fd);
  if (self->sock >= 0)
    bench_preload_close (self->sock);
  return code == ECONNREFUSED ? ENOENT : code;
}

/* Ends the connection and with it everything pending. Calls that are under way return. */
void
bench_pipe_close (BenchPipe *self)
{
  shutdown (self->sock, SHUT_RDWR);
  pthread_join (self->receiver, NULL);
}

/* Frees what is left; nobody uses it any more. */
void
bench_pipe_clear (BenchPipe *self)
{
  while (self->done != NULL)
    {
      BenchUrb *urb = self->done;

      self->done = urb->next;
      free (urb->data);
      free (urb);
    }
  bench_preload_close (self->sock);
  pthread_cond_destroy (&self->changed);
  pthread_mutex_destroy (&self->lock);
  pthread_mutex_destroy (&self->send_lock);
}

bool
bench_pipe_is_gone (BenchPipe *self)
{
  bool is_gone;

  pthread_mutex_lock (&self->lock);
  is_gone = self->is_gone;
  pthread_mutex_unlock (&self->lock);
  return is_gone;
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
int
bench_pipe_ask (BenchPipe *self, BenchWireHeader *header, uint32_t *out_value)
{
  BenchCall call = { 0 };
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
  for (BenchCall **at = &self->calls; *at != NULL; at = &(*at)->next)
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

/* Makes @urb pending and sends it. Returns 0 or an errno, and then it stays the caller's. */
int
bench_pipe_submit (BenchPipe *self,
                   BenchUrb *urb,
                   uint32_t flags,
                   const uint8_t *setup,
                   const void *payload)
{
  BenchWireHeader header = { .command = BENCH_WIRE_SUBMIT,
                             .direction = urb->is_in,
                             .endpoint = urb->address & 15,
                             .args = { flags | (urb->is_in ? URB_DIR_IN : 0), urb->size } };
  int code = 0;

  if (setup != NULL)
    copy (header.setup, setup, BENCH_PIPE_SETUP_BYTES);

  pthread_mutex_lock (&self->send_lock);
  pthread_mutex_lock (&self->lock);
  if (self->is_gone)
    code = ENODEV;
  else if (self->memory_bytes + urb->size + URB_COST_BYTES > BENCH_WIRE_MEMORY_MAX_BYTES)
    code = ENOMEM;
  else
    {
      BenchUrb **end = &self->pending;

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
request_unlink (BenchPipe *self, const struct usbdevfs_urb *user, uint32_t seqnum)
{
  BenchWireHeader header = { .command = BENCH_WIRE_UNLINK };
  bool is_pending = false;

  pthread_mutex_lock (&self->send_lock);
  pthread_mutex_lock (&self->lock);
  for (BenchUrb *urb = self->pending; urb != NULL && !is_pending; urb = urb->next)
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
is_pending_user (BenchPipe *self, const struct usbdevfs_urb *user)
{
  for (BenchUrb *urb = self->pending; urb != NULL; urb = urb->next)
    if (urb->user == user)
      return true;
  return false;
}

/* Kernel: proc_unlinkurb() and usb_kill_urb(): returns only when the URB can be reaped. Completing
 * it here at once would lose bytes that are on their way. */
int
bench_pipe_discard (BenchPipe *self, const struct usbdevfs_urb *user)
{
  if (!request_unlink (self, user, 0))
    return -EINVAL;

  pthread_mutex_lock (&self->lock);
  while (is_pending_user (self, user))
    pthread_cond_wait (&self->changed, &self->lock);
  pthread_mutex_unlock (&self->lock);
  return 0;
}

/* Kernel: destroy_async_on_interface(). @endpoints has a bit each, 0 to 15 OUT and 16 to 31 IN. */
void
bench_pipe_discard_endpoints (BenchPipe *self, uint32_t endpoints)
{
  const struct usbdevfs_urb *user;

  do
    {
      user = NULL;
      pthread_mutex_lock (&self->lock);
      for (BenchUrb *urb = self->pending; urb != NULL && user == NULL; urb = urb->next)
        if ((endpoints >> ((urb->address & 15) | (urb->address & 0x80) >> 3) & 1) != 0)
          user = urb->user;
      pthread_mutex_unlock (&self->lock);
    }
  while (user != NULL && bench_pipe_discard (self, user) == 0);
}

/* A whole transfer: its length, or a negative errno. Kernel: usb_start_wait_urb(). */
int
bench_pipe_transfer (BenchPipe *self,
                     uint8_t address,
                     const uint8_t *setup,
                     uint32_t size,
                     void *buffer,
                     unsigned timeout_ms)
{
  BenchUrb urb = { .address = address,
                   .is_in = (setup != NULL ? setup[0] : address) & 0x80,
                   .size = size };
  struct timespec deadline = get_deadline (timeout_ms);
  int code = bench_pipe_submit (self, &urb, 0, setup, buffer);
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

/* Hands out the next finished URB, the data in the user's buffer: 0 or a negative errno. */
int
bench_pipe_reap (BenchPipe *self, void **out_user, bool is_blocking)
{
  BenchUrb *urb;
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
