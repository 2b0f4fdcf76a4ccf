/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usbip-line.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>

#define N_IN 4
#define IN_BYTES 4096
#define N_OUT 4
#define OUT_BYTES 1024
#define PACKET_BYTES 512
#define STATUS_BYTES 2
#define HEADER_BYTES 48
#define OVERRUN 0x02

struct _UsbipLine
{
  GObject parent_instance;

  LksIoThread *thread; /* (owned) */
  UsbipClient *client; /* (unowned) */
  GSource *source;     /* (owned) */
  GByteArray *received;
  guint32 first_in; /* IN transfers have even numbers from here on, OUT transfers odd ones */
  guint32 next_out;
  guint n_out;
  gboolean starved; /* a write was cut short */
  const LksByteStreamHandler *handler;
  gpointer user_data;
  int overruns; /* atomic */
  int closed;   /* atomic */
};

static void usbip_line_byte_stream_init (LksByteStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (UsbipLine,
                               usbip_line,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_BYTE_STREAM,
                                                      usbip_line_byte_stream_init))

static void
take_packets (UsbipLine *self, const guint8 *data, gsize size_bytes)
{
  for (gsize at = 0; at < size_bytes; at += PACKET_BYTES)
    {
      gsize size = MIN (PACKET_BYTES, size_bytes - at);

      g_assert_cmpuint (size, >=, STATUS_BYTES);
      if ((data[at + 1] & OVERRUN) != 0)
        {
          g_atomic_int_inc (&self->overruns);
          if (self->handler != NULL)
            self->handler->overrun (self->user_data);
        }
      if (size > STATUS_BYTES && self->handler != NULL)
        self->handler->received (self->user_data, data + at + STATUS_BYTES, size - STATUS_BYTES);
    }
}

static guint32
get_u32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

/* Returns how many bytes of a whole reply were used, 0 when there is none yet. */
static gsize
take_reply (UsbipLine *self, const guint8 *reply, gsize size_bytes)
{
  gboolean is_in;
  gsize payload;

  if (size_bytes < HEADER_BYTES)
    return 0;
  g_assert_cmpuint (get_u32 (reply), ==, 3);
  g_assert_cmpint ((gint32) get_u32 (reply + 20), ==, 0);
  is_in = (get_u32 (reply + 4) - self->first_in) % 2 == 0;
  payload = is_in ? get_u32 (reply + 24) : 0;
  if (size_bytes < HEADER_BYTES + payload)
    return 0;

  if (is_in)
    {
      take_packets (self, reply + HEADER_BYTES, payload);
      usbip_client_submit_as (self->client, get_u32 (reply + 4) + 2 * N_IN, 5, NULL, NULL,
                              IN_BYTES);
    }
  else
    {
      self->n_out--;
      if (self->starved && self->handler != NULL)
        {
          self->starved = FALSE;
          self->handler->writable (self->user_data);
        }
    }
  return HEADER_BYTES + payload;
}

static void
end (UsbipLine *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NODEV, "the board is gone");

  g_atomic_int_set (&self->closed, TRUE);
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  if (self->handler != NULL)
    self->handler->closed (self->user_data, error);
}

static gboolean
ready_cb (int fd, GIOCondition condition, gpointer user_data)
{
  UsbipLine *self = user_data;
  guint8 bytes[16384];
  gssize n = recv (fd, bytes, sizeof bytes, MSG_DONTWAIT);
  gsize used;

  if (n < 0 && errno == EAGAIN)
    return G_SOURCE_CONTINUE;
  if (n <= 0)
    {
      end (self);
      return G_SOURCE_REMOVE;
    }

  g_byte_array_append (self->received, bytes, n);
  while (self->received->len > 0 &&
         (used = take_reply (self, self->received->data, self->received->len)) > 0)
    g_byte_array_remove_range (self->received, 0, used);
  return G_SOURCE_CONTINUE;
}

static void
usbip_line_set_handler (LksByteStream *stream,
                        const LksByteStreamHandler *handler,
                        gpointer user_data)
{
  UsbipLine *self = USBIP_LINE (stream);

  self->handler = handler;
  self->user_data = user_data;
}

static gsize
usbip_line_write (LksByteStream *stream, const guint8 *data, gsize size_bytes)
{
  UsbipLine *self = USBIP_LINE (stream);
  gsize done = 0;

  while (!self->closed && done < size_bytes && self->n_out < N_OUT)
    {
      gsize n = MIN (OUT_BYTES, size_bytes - done);

      usbip_client_submit_as (self->client, self->next_out, 6, NULL, data + done, n);
      self->next_out += 2;
      self->n_out++;
      done += n;
    }
  self->starved = done < size_bytes;
  return done;
}

static void
usbip_line_close (LksByteStream *stream)
{
  UsbipLine *self = USBIP_LINE (stream);

  self->handler = NULL;
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
usbip_line_byte_stream_init (LksByteStreamInterface *iface)
{
  iface->set_handler = usbip_line_set_handler;
  iface->write = usbip_line_write;
  iface->close = usbip_line_close;
}

static void
usbip_line_finalize (GObject *object)
{
  UsbipLine *self = USBIP_LINE (object);

  g_assert_null (self->source);
  g_byte_array_unref (self->received);
  g_object_unref (self->thread);

  G_OBJECT_CLASS (usbip_line_parent_class)->finalize (object);
}

static void
usbip_line_class_init (UsbipLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = usbip_line_finalize;
}

static void
usbip_line_init (UsbipLine *self)
{
  self->received = g_byte_array_new ();
}

static void
attach (gpointer user_data)
{
  UsbipLine *self = user_data;

  self->source = g_unix_fd_source_new (self->client->fd, G_IO_IN);
  g_source_set_callback (self->source, G_SOURCE_FUNC (ready_cb), self, NULL);
  g_source_attach (self->source, lks_io_thread_get_context (self->thread));
}

/* Sets the port up as the product does. @client is a board just imported; it must outlive the
 * line, and nobody else may use it. */
LksByteStream *
usbip_line_new (UsbipClient *client, guint16 speed, LksIoThread *thread)
{
  UsbipLine *self = g_object_new (USBIP_TYPE_LINE, NULL);

  g_assert_cmpint (usbip_client_control (client, 0x40, 0, 0, 3, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (client, 0x40, 3, speed, 0x0203, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (client, 0x40, 4, 0x0008, 3, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (client, 0x40, 9, 1, 3, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (client, 0x40, 6, 0x01c0, 3, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (client, 0x40, 1, 0x0202, 3, NULL, 0), ==, 0);
  g_assert_cmpint (usbip_client_control (client, 0x40, 2, 0, 0x0103, NULL, 0), ==, 0);

  self->thread = g_object_ref (thread);
  self->client = client;
  self->first_in = 1000;
  self->next_out = 1001;
  for (guint i = 0; i < N_IN; i++)
    usbip_client_submit_as (client, self->first_in + 2 * i, 5, NULL, NULL, IN_BYTES);
  lks_io_thread_call (thread, attach, self);
  return LKS_BYTE_STREAM (self);
}

guint
usbip_line_get_overruns (UsbipLine *self)
{
  return g_atomic_int_get (&self->overruns);
}

gboolean
usbip_line_is_closed (UsbipLine *self)
{
  return g_atomic_int_get (&self->closed);
}
