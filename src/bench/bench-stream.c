/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-stream.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES (64 * 1024)
/* After this many reads in a row the other sockets get their turn. */
#define READS_MAX 4

struct _BenchStream
{
  GSource source;
  BenchStreamCallbacks callbacks;
  gpointer user_data;
  int fd;
  gpointer tag;

  GByteArray *in; /* (owned) */
  gsize in_eaten; /* leading bytes of in that are dealt with */

  GByteArray *out; /* (owned) */
  gsize out_sent;

  gboolean is_finishing; /* shut our direction down once out is empty */
  gboolean is_freed;     /* by a callback that we are still inside of */
};

static void
close_stream (BenchStream *self)
{
  BenchStreamClosedFunc closed = self->callbacks.closed;

  self->callbacks.closed = NULL;
  if (!self->is_freed && closed != NULL)
    closed (self->user_data);
}

static gssize
send_some (BenchStream *self, struct iovec *parts, gsize n_parts)
{
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = n_parts };
  gssize sent;

  do
    sent = sendmsg (self->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);

  return sent;
}

static void
update_condition (BenchStream *self)
{
  GIOCondition condition = G_IO_IN | (self->out->len > self->out_sent ? G_IO_OUT : 0);

  g_source_modify_unix_fd (&self->source, self->tag, condition);
}

static void
flush (BenchStream *self)
{
  while (self->out_sent < self->out->len)
    {
      struct iovec part = { self->out->data + self->out_sent, self->out->len - self->out_sent };
      gssize sent = send_some (self, &part, 1);

      if (sent <= 0)
        break; /* full; or broken, which reading will notice */
      self->out_sent += sent;
    }

  if (self->out_sent == self->out->len)
    {
      g_byte_array_set_size (self->out, 0);
      self->out_sent = 0;
      if (self->is_finishing)
        shutdown (self->fd, SHUT_WR);
    }
  else if (self->out_sent >= self->out->len / 2)
    {
      g_byte_array_remove_range (self->out, 0, self->out_sent);
      self->out_sent = 0;
    }

  update_condition (self);
}

/* Hands out every whole message received so far. FALSE: the peer broke the rules. */
static gboolean
take_frames (BenchStream *self)
{
  while (!self->is_freed && self->in->len - self->in_eaten >= BENCH_WIRE_HEADER_BYTES)
    {
      const guint8 *bytes = self->in->data + self->in_eaten;
      BenchWireHeader header;
      gsize payload_bytes;

      bench_wire_decode (bytes, &header);
      payload_bytes = self->callbacks.size (&header, self->user_data);
      if (payload_bytes > BENCH_WIRE_MEMORY_MAX_BYTES)
        return FALSE;
      if (self->in->len - self->in_eaten - BENCH_WIRE_HEADER_BYTES < payload_bytes)
        break;

      self->in_eaten += BENCH_WIRE_HEADER_BYTES + payload_bytes;
      self->callbacks.frame (&header, bytes + BENCH_WIRE_HEADER_BYTES, payload_bytes,
                             self->user_data);
    }

  if (self->in_eaten > 0)
    g_byte_array_remove_range (self->in, 0, self->in_eaten);
  self->in_eaten = 0;
  return TRUE;
}

/* FALSE: nothing more will ever come. */
static gboolean
receive (BenchStream *self)
{
  for (guint i = 0; i < READS_MAX && !self->is_freed; i++)
    {
      gsize had = self->in->len;
      gssize received;

      g_byte_array_set_size (self->in, had + READ_BYTES);
      do
        received = recv (self->fd, self->in->data + had, READ_BYTES, MSG_DONTWAIT);
      while (received < 0 && errno == EINTR);
      g_byte_array_set_size (self->in, had + MAX (received, 0));

      if (received < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK;
      if (received == 0 || !take_frames (self))
        return FALSE;
      if (received < READ_BYTES)
        break;
    }
  return TRUE;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  BenchStream *self = (BenchStream *) source;
  GIOCondition condition = g_source_query_unix_fd (source, self->tag);

  if (condition & G_IO_OUT)
    flush (self);

  if ((condition & (G_IO_IN | G_IO_HUP | G_IO_ERR)) && !receive (self))
    {
      close_stream (self);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  BenchStream *self = (BenchStream *) source;

  close (self->fd);
  g_byte_array_unref (self->in);
  g_byte_array_unref (self->out);
}

static GSourceFuncs stream_funcs = { .dispatch = dispatch, .finalize = finalize };

/**
 * bench_stream_new:
 * @fd: (transfer full): a connected stream socket
 * @callbacks: what to do with what arrives
 * @user_data: for the callbacks
 *
 * Reads and writes messages of a 48-byte header and a payload, on the default main context.
 *
 * Never blocks. What cannot be sent at once is queued; the users of a stream bound the queue by
 * bounding what they ask for (see BENCH_WIRE_MEMORY_MAX_BYTES).
 *
 * Returns: (transfer full): a stream; end it with bench_stream_free()
 */
BenchStream *
bench_stream_new (int fd, const BenchStreamCallbacks *callbacks, gpointer user_data)
{
  BenchStream *self = (BenchStream *) g_source_new (&stream_funcs, sizeof (BenchStream));

  self->callbacks = *callbacks;
  self->user_data = user_data;
  self->fd = fd;
  self->in = g_byte_array_new ();
  self->out = g_byte_array_new ();
  self->tag = g_source_add_unix_fd (&self->source, fd, G_IO_IN);
  g_source_set_static_name (&self->source, "bench stream");
  g_source_attach (&self->source, NULL);
  return self;
}

/**
 * bench_stream_free:
 * @self: (transfer full): a stream
 *
 * Closes the socket and forgets what is queued. May be called from the stream's own callbacks.
 */
void
bench_stream_free (BenchStream *self)
{
  self->is_freed = TRUE;
  shutdown (self->fd, SHUT_RDWR);
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

/**
 * bench_stream_send:
 * @self: a stream
 * @header: the header
 * @payload: (nullable): what follows it
 * @payload_bytes: its size in bytes
 *
 * Sends or queues one message. Errors of the socket show up as the closed callback.
 */
void
bench_stream_send (BenchStream *self,
                   const BenchWireHeader *header,
                   gconstpointer payload,
                   gsize payload_bytes)
{
  guint8 bytes[BENCH_WIRE_HEADER_BYTES];
  struct iovec parts[] = { { bytes, sizeof bytes }, { (gpointer) payload, payload_bytes } };
  gssize sent = 0;

  if (self->is_finishing)
    return;

  bench_wire_encode (header, bytes);
  if (self->out->len == 0)
    sent = send_some (self, parts, payload_bytes > 0 ? 2 : 1);
  sent = MAX (sent, 0);
  if ((gsize) sent == sizeof bytes + payload_bytes)
    return;

  if ((gsize) sent < sizeof bytes)
    {
      g_byte_array_append (self->out, bytes + sent, sizeof bytes - sent);
      sent = sizeof bytes;
    }
  if (payload_bytes > 0)
    g_byte_array_append (self->out, (const guint8 *) payload + (sent - sizeof bytes),
                         payload_bytes - (sent - sizeof bytes));
  update_condition (self);
}

/**
 * bench_stream_finish:
 * @self: a stream
 *
 * Ends our direction after everything queued has been sent. The closed callback follows when the
 * peer closes too.
 */
void
bench_stream_finish (BenchStream *self)
{
  self->is_finishing = TRUE;
  flush (self);
}

/**
 * bench_stream_get_queued_bytes:
 * @self: a stream
 *
 * Returns: how many bytes wait because the peer does not read
 */
gsize
bench_stream_get_queued_bytes (BenchStream *self)
{
  return self->out->len - self->out_sent;
}
