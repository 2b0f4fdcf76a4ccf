/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usbip-client.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 60000
#define HEADER_BYTES 48

static void
put_u32 (guint8 *at, guint32 value)
{
  at[0] = value >> 24;
  at[1] = value >> 16;
  at[2] = value >> 8;
  at[3] = value;
}

static guint32
get_u32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static void
receive_all (UsbipClient *self, guint8 *data, gsize size_bytes)
{
  gsize done = 0;

  while (done < size_bytes)
    {
      struct pollfd fd = { .fd = self->fd, .events = POLLIN };
      gssize n;

      g_assert_cmpint (poll (&fd, 1, WAIT_MS), ==, 1);
      n = recv (self->fd, data + done, size_bytes - done, 0);
      g_assert_cmpint (n, >, 0);
      done += n;
    }
}

/* FALSE: the server has closed the connection. */
gboolean
usbip_client_send (UsbipClient *self, gconstpointer data, gsize size_bytes)
{
  const guint8 *bytes = data;

  while (size_bytes > 0)
    {
      gssize n = send (self->fd, bytes, size_bytes, MSG_NOSIGNAL);

      if (n <= 0)
        return FALSE;
      bytes += n;
      size_bytes -= n;
    }
  return TRUE;
}

void
usbip_client_connect (UsbipClient *self, const char *address)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (address, 0, NULL);
  g_autoptr (GInetAddress) inet =
      g_inet_address_new_from_string (g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)));
  g_autoptr (GSocketAddress) socket_address =
      g_inet_socket_address_new (inet, g_network_address_get_port (G_NETWORK_ADDRESS (parsed)));
  struct sockaddr_storage native;

  g_assert_true (g_socket_address_to_native (socket_address, &native, sizeof native, NULL));
  *self = (UsbipClient){ .fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .seqnum = 1 };
  g_assert_cmpint (self->fd, >=, 0);
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof (int));
  g_assert_cmpint (connect (self->fd, (struct sockaddr *) &native,
                            g_socket_address_get_native_size (socket_address)),
                   ==, 0);
}

void
usbip_client_close (UsbipClient *self)
{
  close (self->fd);
  self->fd = -1;
}

/* The busids of the devices, after checking what is said of each. */
GStrv
usbip_client_list (const char *address)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint8 head[12];
  UsbipClient client;

  usbip_client_connect (&client, address);
  usbip_client_send (&client, "\x01\x11\x80\x05\0\0\0\0", 8);
  receive_all (&client, head, sizeof head);
  g_assert_cmpmem (head, 8, "\x01\x11\x00\x05\0\0\0\0", 8);
  for (guint32 i = 0; i < get_u32 (head + 8); i++)
    {
      guint8 device[312 + 16];

      receive_all (&client, device, sizeof device);
      g_assert_cmpmem (device + 296, 16, "\0\0\0\3\x04\x03\x60\x11\x08\x00\0\0\0\1\1\4", 16);
      g_assert_cmpmem (device + 312, 4, "\xff\xff\xff\0", 4);
      g_strv_builder_add (builder, (const char *) device + 256);
    }
  g_assert_true (usbip_client_is_closed (&client));
  usbip_client_close (&client);
  return g_strv_builder_end (builder);
}

guint32
usbip_client_import (UsbipClient *self, const char *busid)
{
  guint8 request[40] = { 0x01, 0x11, 0x80, 0x03 };
  guint8 answer[8];
  guint8 device[312];

  g_strlcpy ((char *) request + 8, busid, 32);
  usbip_client_send (self, request, sizeof request);
  receive_all (self, answer, sizeof answer);
  g_assert_cmpmem (answer, 4, "\x01\x11\x00\x03", 4);
  if (get_u32 (answer + 4) == 0)
    {
      receive_all (self, device, sizeof device);
      g_assert_cmpstr ((const char *) device + 256, ==, busid);
    }
  return get_u32 (answer + 4);
}

/* Waits until the server has closed the connection; FALSE if it sends something instead. */
gboolean
usbip_client_is_closed (UsbipClient *self)
{
  struct pollfd fd = { .fd = self->fd, .events = POLLIN };
  guint8 byte;

  g_assert_cmpint (poll (&fd, 1, WAIT_MS), ==, 1);
  return recv (self->fd, &byte, 1, 0) <= 0;
}

/* A board that is just being unplugged takes nothing more; the next read tells. */
void
usbip_client_submit_as (UsbipClient *self,
                        guint32 seqnum,
                        guint8 endpoint,
                        const guint8 *setup,
                        gconstpointer out_data,
                        gsize size_bytes)
{
  guint8 header[HEADER_BYTES] = { 0 };

  put_u32 (header, 1);
  put_u32 (header + 4, seqnum);
  put_u32 (header + 8, 1 << 16 | 2);
  put_u32 (header + 12, out_data != NULL ? 0 : 1);
  put_u32 (header + 16, endpoint);
  put_u32 (header + 24, size_bytes);
  if (setup != NULL)
    memcpy (header + 40, setup, 8);
  if (usbip_client_send (self, header, sizeof header) && out_data != NULL)
    usbip_client_send (self, out_data, size_bytes);
}

/* @out_data NULL is an IN transfer. */
guint32
usbip_client_submit (UsbipClient *self,
                     guint8 endpoint,
                     const guint8 *setup,
                     gconstpointer out_data,
                     gsize size_bytes)
{
  guint32 seqnum = self->seqnum++;

  usbip_client_submit_as (self, seqnum, endpoint, setup, out_data, size_bytes);
  return seqnum;
}

guint32
usbip_client_unlink (UsbipClient *self, guint32 victim)
{
  guint8 header[HEADER_BYTES] = { 0 };
  guint32 seqnum = self->seqnum++;

  put_u32 (header, 2);
  put_u32 (header + 4, seqnum);
  put_u32 (header + 8, 1 << 16 | 2);
  put_u32 (header + 20, victim);
  usbip_client_send (self, header, sizeof header);
  return seqnum;
}

/* @in_data NULL: the reply is not to an IN transfer, no bytes follow it. */
void
usbip_client_receive (UsbipClient *self, UsbipReply *out_reply, guint8 *in_data, gsize room_bytes)
{
  guint8 header[HEADER_BYTES];

  receive_all (self, header, sizeof header);
  out_reply->command = get_u32 (header);
  out_reply->seqnum = get_u32 (header + 4);
  out_reply->status = (gint32) get_u32 (header + 20);
  out_reply->actual_bytes = get_u32 (header + 24);
  if (in_data == NULL)
    return;

  g_assert_cmpuint (out_reply->actual_bytes, <=, room_bytes);
  receive_all (self, in_data, out_reply->actual_bytes);
}

static int
finish (UsbipClient *self, guint32 seqnum, guint8 *in_data, gsize size_bytes)
{
  UsbipReply reply;

  usbip_client_receive (self, &reply, in_data, size_bytes);
  g_assert_cmpuint (reply.command, ==, 3);
  g_assert_cmpuint (reply.seqnum, ==, seqnum);
  return reply.status < 0 ? reply.status : (int) reply.actual_bytes;
}

/* Returns bytes moved or a negative errno, like the other transfers. No other transfer may be
 * waiting. */
int
usbip_client_control (UsbipClient *self,
                      guint8 type,
                      guint8 request,
                      guint16 value,
                      guint16 index,
                      guint8 *data,
                      guint16 size_bytes)
{
  const guint8 setup[] = { type,         request,    value & 0xff,      value >> 8,
                           index & 0xff, index >> 8, size_bytes & 0xff, size_bytes >> 8 };
  gboolean is_in = (type & 0x80) != 0;
  guint8 none[1] = { 0 };
  guint8 *bytes = data != NULL ? data : none;
  guint32 seqnum = usbip_client_submit (self, 0, setup, is_in ? NULL : bytes, size_bytes);

  return finish (self, seqnum, is_in ? bytes : NULL, size_bytes);
}

int
usbip_client_bulk_in (UsbipClient *self, guint8 endpoint, guint8 *data, gsize size_bytes)
{
  guint32 seqnum = usbip_client_submit (self, endpoint, NULL, NULL, size_bytes);

  return finish (self, seqnum, data, size_bytes);
}

int
usbip_client_bulk_out (UsbipClient *self, guint8 endpoint, gconstpointer data, gsize size_bytes)
{
  guint32 seqnum = usbip_client_submit (self, endpoint, NULL, data, size_bytes);

  return finish (self, seqnum, NULL, size_bytes);
}
