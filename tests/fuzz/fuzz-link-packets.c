/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-link.h"
#include "lks-slip.h"

#include <string.h>

/* A line whose far end is the fuzzer: what comes from the board is the input, what goes to it is
 * only looked at. */
#define FUZZ_TYPE_LINE (fuzz_line_get_type ())
G_DECLARE_FINAL_TYPE (FuzzLine, fuzz_line, FUZZ, LINE, GObject)

struct _FuzzLine
{
  GObject parent_instance;
  const LksByteStreamHandler *handler;
  gpointer user_data;
};

static void fuzz_line_byte_stream_init (LksByteStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FuzzLine,
                               fuzz_line,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_BYTE_STREAM,
                                                      fuzz_line_byte_stream_init))

static void
fuzz_line_set_handler (LksByteStream *stream,
                       const LksByteStreamHandler *handler,
                       gpointer user_data)
{
  FuzzLine *self = FUZZ_LINE (stream);

  self->handler = handler;
  self->user_data = user_data;
}

static gsize
fuzz_line_write (LksByteStream *stream, const guint8 *data, gsize size_bytes)
{
  g_assert_cmpuint (size_bytes, >, 0);
  return size_bytes;
}

static void
fuzz_line_close (LksByteStream *stream)
{
}

static void
fuzz_line_byte_stream_init (LksByteStreamInterface *iface)
{
  iface->set_handler = fuzz_line_set_handler;
  iface->write = fuzz_line_write;
  iface->close = fuzz_line_close;
}

static void
fuzz_line_class_init (FuzzLineClass *klass)
{
}

static void
fuzz_line_init (FuzzLine *self)
{
}

typedef struct
{
  FuzzLine *line;
  const guint8 *data;
  gsize size;
} Delivery;

static void
deliver (gpointer user_data)
{
  Delivery *delivery = user_data;

  delivery->line->handler->received (delivery->line->user_data, delivery->data, delivery->size);
}

/* Puts the addresses of the one conversation of a line into a copy of the input and mends the
 * header's checksum, so that packets get past the first gates. */
static guint8 *
mend_packet (const guint8 *data, gsize size, gsize packet_size)
{
  static const guint8 addresses[] = { 192, 168, 35, 2, 192, 168, 35, 1 };
  guint8 *packet = g_malloc0 (MAX (size, 60));
  gsize header_bytes;
  guint32 sum = 0;

  memcpy (packet, data, size);
  packet[0] = (guint8) (0x40 | MAX (packet[0] & 15, 5));
  header_bytes = (gsize) (packet[0] & 15) * 4;
  packet[2] = (guint8) (packet_size >> 8);
  packet[3] = (guint8) packet_size;
  packet[6] = packet[7] = packet[10] = packet[11] = 0;
  memcpy (packet + 12, addresses, sizeof addresses);
  for (gsize i = 0; i < header_bytes; i += 2)
    sum += (guint32) packet[i] << 8 | packet[i + 1];
  while (sum >> 16)
    sum = (sum & 0xFFFF) + (sum >> 16);
  packet[10] = (guint8) (~sum >> 8);
  packet[11] = (guint8) ~sum;
  return packet;
}

/* Raw bytes, then the same as the content of a packet from the board: nothing a line delivers
 * may harm the stack, and the link stays open. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static LksIoThread *io_thread;
  static FuzzLine *line;
  static LksLink *link;
  Delivery delivery = { .data = data, .size = size };
  gsize packet_size = CLAMP (size, 20, 1500);
  g_autofree guint8 *encoded = g_malloc (LKS_SLIP_ENCODED_MAX (1500));
  g_autofree guint8 *packet = mend_packet (data, MIN (size, 1500), packet_size);

  if (link == NULL)
    {
      io_thread = lks_io_thread_new ();
      line = g_object_new (FUZZ_TYPE_LINE, NULL);
      link = lks_link_new (io_thread, LKS_BYTE_STREAM (line), NULL);
      g_assert_nonnull (link);
    }

  delivery.line = line;
  lks_io_thread_call (io_thread, deliver, &delivery);

  delivery.size = lks_slip_encode (packet, packet_size, encoded);
  delivery.data = encoded;
  lks_io_thread_call (io_thread, deliver, &delivery);
  g_assert_true (lks_link_is_open (link));
  return 0;
}
