/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-usbip.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "bench-wire.h"
#include "lks-cursor.h"

/* A server that does not answer within this time has failed. */
#define REPLY_TIMEOUT_S 5
#define DEVICES_MAX 1024
#define USBIP_PORT 3240
#define DESCRIPTOR_MAX_BYTES 4096
#define DEVICE_DESCRIPTOR_BYTES 18
#define CONFIG_DESCRIPTOR_BYTES 9

/* USB 2.0, 9.4 */
#define REQUEST_GET_DESCRIPTOR 6
#define REQUEST_SET_CONFIGURATION 9
#define DESCRIPTOR_DEVICE 1
#define DESCRIPTOR_CONFIG 2
#define DESCRIPTOR_STRING 3

typedef struct
{
  int fd;
  guint32 devid;
  guint32 seqnum;
} Line;

static gboolean
fail_errno (GError **error, const char *what)
{
  int saved = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", what,
               g_strerror (saved));
  return FALSE;
}

static gboolean
send_all (int fd, gconstpointer bytes, gsize size, GError **error)
{
  for (gsize done = 0; done < size;)
    {
      gssize sent = send (fd, (const guint8 *) bytes + done, size - done, MSG_NOSIGNAL);

      if (sent < 0 && errno != EINTR)
        return fail_errno (error, "Asking the USB/IP server");
      done += MAX (sent, 0);
    }
  return TRUE;
}

static gboolean
receive_all (int fd, guint8 *out_bytes, gsize size, GError **error)
{
  for (gsize done = 0; done < size;)
    {
      gssize received = recv (fd, out_bytes + done, size - done, 0);

      if (received == 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                       "The USB/IP server closed the connection after %" G_GSIZE_FORMAT
                       " of %" G_GSIZE_FORMAT " bytes",
                       done, size);
          return FALSE;
        }
      if (received < 0 && errno != EINTR)
        return fail_errno (error, "Waiting for the USB/IP server");
      done += MAX (received, 0);
    }
  return TRUE;
}

/* Returns a blocking, close-on-exec descriptor with a limit on every wait, or -1. */
static int
dial (const char *server, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  struct timeval limit = { .tv_sec = REPLY_TIMEOUT_S };
  int on = 1;
  int fd;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, REPLY_TIMEOUT_S);
  connection = g_socket_client_connect_to_host (client, server, USBIP_PORT, NULL, error);
  if (connection == NULL)
    return -1;

  fd = fcntl (g_socket_get_fd (g_socket_connection_get_socket (connection)), F_DUPFD_CLOEXEC, 0);
  if (fd < 0)
    {
      fail_errno (error, "Connecting to the USB/IP server");
      return -1;
    }
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_NONBLOCK);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

/* Sends a request of the first phase and reads the head of its answer. */
static gboolean
ask (int fd,
     guint16 code,
     gconstpointer payload,
     gsize payload_bytes,
     guint16 reply_code,
     GError **error)
{
  guint8 head[BENCH_WIRE_OP_HEADER_BYTES];
  LksCursor cursor;
  guint16 version;
  guint16 received_code;
  guint32 status;

  bench_wire_put_u32 (head, (guint32) BENCH_WIRE_VERSION << 16 | code);
  bench_wire_put_u32 (head + 4, 0);
  if (!send_all (fd, head, sizeof head, error) || !send_all (fd, payload, payload_bytes, error) ||
      !receive_all (fd, head, sizeof head, error))
    return FALSE;

  lks_cursor_init (&cursor, head, sizeof head);
  if (!lks_cursor_read_u16be (&cursor, &version, error) ||
      !lks_cursor_read_u16be (&cursor, &received_code, error) ||
      !lks_cursor_read_u32be (&cursor, &status, error))
    return FALSE;

  if (received_code != reply_code)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "The USB/IP server answered 0x%04x with 0x%04x", code, received_code);
      return FALSE;
    }
  if (status != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "The USB/IP server refused: status %u",
                   status);
      return FALSE;
    }
  return TRUE;
}

/* Reads one device of the list and adds its bus ID. */
static gboolean
read_listed_device (int fd, GPtrArray *busids, GError **error)
{
  guint8 record[BENCH_WIRE_OP_DEVICE_BYTES];
  guint8 interfaces[G_MAXUINT8 * BENCH_WIRE_OP_INTERFACE_BYTES];
  const guint8 *busid;
  guint8 n_interfaces;
  LksCursor cursor;

  if (!receive_all (fd, record, sizeof record, error))
    return FALSE;

  lks_cursor_init (&cursor, record, sizeof record);
  if (!lks_cursor_skip (&cursor, 256, error) ||
      !lks_cursor_read (&cursor, BENCH_WIRE_OP_BUSID_BYTES, &busid, error) ||
      !lks_cursor_seek (&cursor, sizeof record - 1, error) ||
      !lks_cursor_read_u8 (&cursor, &n_interfaces, error))
    return FALSE;

  g_ptr_array_add (busids, g_strndup ((const char *) busid, BENCH_WIRE_OP_BUSID_BYTES - 1));
  return receive_all (fd, interfaces, n_interfaces * BENCH_WIRE_OP_INTERFACE_BYTES, error);
}

static GStrv
read_list (int fd, GError **error)
{
  g_autoptr (GPtrArray) busids = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  guint8 bytes[4];
  guint32 n_devices;

  if (!ask (fd, BENCH_WIRE_OP_REQ_DEVLIST, NULL, 0, BENCH_WIRE_OP_REP_DEVLIST, error) ||
      !receive_all (fd, bytes, sizeof bytes, error))
    return NULL;

  n_devices = bench_wire_get_u32 (bytes);
  if (n_devices > DEVICES_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "The USB/IP server lists %u devices, more than %d", n_devices, DEVICES_MAX);
      return NULL;
    }

  for (guint32 i = 0; i < n_devices; i++)
    if (!read_listed_device (fd, busids, error))
      return NULL;

  return (GStrv) g_ptr_array_steal (busids, NULL);
}

/**
 * bench_usbip_list:
 * @server: host and port of a USB/IP server; the port may be missing
 * @error: return location for an error
 *
 * Asks which devices can be imported. Blocks, a few seconds at most.
 *
 * Returns: (transfer full): their bus IDs, like "1-1"
 */
GStrv
bench_usbip_list (const char *server, GError **error)
{
  int fd = dial (server, error);
  GStrv busids;

  if (fd < 0)
    return NULL;

  busids = read_list (fd, error);
  close (fd);
  return busids;
}

/* One control transfer to endpoint 0. Returns the bytes received, NULL on error. */
static GBytes *
control (Line *line,
         guint8 type,
         guint8 request,
         guint16 value,
         guint16 index,
         guint16 length,
         GError **error)
{
  BenchWireHeader header = {
    .command = BENCH_WIRE_SUBMIT,
    .seqnum = ++line->seqnum,
    .devid = line->devid,
    .direction = (type & 0x80) != 0,
    .args = { 0, length },
    .setup = { type, request, value & 0xff, value >> 8, index & 0xff, index >> 8, length & 0xff,
               length >> 8 },
  };
  guint8 bytes[BENCH_WIRE_HEADER_BYTES];
  g_autofree guint8 *data = NULL;

  bench_wire_encode (&header, bytes);
  if (!send_all (line->fd, bytes, sizeof bytes, error) ||
      !receive_all (line->fd, bytes, sizeof bytes, error))
    return NULL;

  bench_wire_decode (bytes, &header);
  if (header.command != BENCH_WIRE_RET_SUBMIT || header.seqnum != line->seqnum ||
      header.args[1] > length)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The USB/IP server answered something else than was asked");
      return NULL;
    }
  if (header.args[0] != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Request %02x %02x failed with status %d",
                   type, request, (gint32) header.args[0]);
      return NULL;
    }

  if ((type & 0x80) == 0)
    return g_bytes_new (NULL, 0);

  data = g_malloc0 (header.args[1] + 1);
  if (!receive_all (line->fd, data, header.args[1], error))
    return NULL;
  return g_bytes_new (data, header.args[1]);
}

static GBytes *
get_descriptor (Line *line,
                guint8 type,
                guint8 index,
                guint16 language,
                guint16 length,
                GError **error)
{
  return control (line, 0x80, REQUEST_GET_DESCRIPTOR, type << 8 | index, language, length, error);
}

/* A device may have no or unreadable strings; that is not an error of the import. */
static char *
get_string (Line *line, guint8 index)
{
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *data;
  gsize size;

  if (index == 0)
    return NULL;

  bytes = get_descriptor (line, DESCRIPTOR_STRING, index, 0x0409, 255, NULL);
  if (bytes == NULL)
    return NULL;

  data = g_bytes_get_data (bytes, &size);
  if (size < 2 || data[0] > size || data[0] < 2)
    return NULL;
  return g_convert ((const char *) data + 2, data[0] - 2, "UTF-8", "UTF-16LE", NULL, NULL, NULL);
}

static GBytes *
get_configuration (Line *line, GError **error)
{
  g_autoptr (GBytes) head =
      get_descriptor (line, DESCRIPTOR_CONFIG, 0, 0, CONFIG_DESCRIPTOR_BYTES, error);
  LksCursor cursor;
  guint16 total_bytes;

  if (head == NULL)
    return NULL;

  lks_cursor_init_bytes (&cursor, head);
  if (!lks_cursor_skip (&cursor, 2, error) || !lks_cursor_read_u16le (&cursor, &total_bytes, error))
    return NULL;
  if (total_bytes < CONFIG_DESCRIPTOR_BYTES || total_bytes > DESCRIPTOR_MAX_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "Configuration descriptor of %u bytes", total_bytes);
      return NULL;
    }
  return get_descriptor (line, DESCRIPTOR_CONFIG, 0, 0, total_bytes, error);
}

/* What the kernel asks a new device, in its order. */
static BenchDescription *
describe (Line *line, GError **error)
{
  g_autoptr (BenchDescription) description = g_new0 (BenchDescription, 1);
  g_autoptr (GBytes) device = NULL;
  g_autoptr (GBytes) configuration = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GByteArray) both = g_byte_array_new ();
  const guint8 *bytes;

  device = get_descriptor (line, DESCRIPTOR_DEVICE, 0, 0, DEVICE_DESCRIPTOR_BYTES, error);
  if (device == NULL)
    return NULL;
  configuration = get_configuration (line, error);
  if (configuration == NULL)
    return NULL;
  if (g_bytes_get_size (device) != DEVICE_DESCRIPTOR_BYTES ||
      g_bytes_get_size (configuration) < CONFIG_DESCRIPTOR_BYTES)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Truncated descriptors");
      return NULL;
    }

  bytes = g_bytes_get_data (device, NULL);
  description->manufacturer = get_string (line, bytes[14]);
  description->product = get_string (line, bytes[15]);
  description->serial = get_string (line, bytes[16]);
  description->speed_mbit = 480;
  description->configuration = ((const guint8 *) g_bytes_get_data (configuration, NULL))[5];
  answer = control (line, 0, REQUEST_SET_CONFIGURATION, description->configuration, 0, 0, error);
  if (answer == NULL)
    return NULL;

  g_byte_array_append (both, bytes, DEVICE_DESCRIPTOR_BYTES);
  g_byte_array_append (both, g_bytes_get_data (configuration, NULL),
                       g_bytes_get_size (configuration));
  description->descriptors = g_byte_array_free_to_bytes (g_steal_pointer (&both));
  return g_steal_pointer (&description);
}

static gboolean
import_on (BenchImport *self, const char *busid, GError **error)
{
  guint8 name[BENCH_WIRE_OP_BUSID_BYTES] = { 0 };
  guint8 record[BENCH_WIRE_OP_DEVICE_BYTES];
  struct timeval no_limit = { 0 };
  Line line = { .fd = self->fd };
  guint32 bus;
  guint32 device;
  LksCursor cursor;

  g_strlcpy ((char *) name, busid, sizeof name);
  if (!ask (self->fd, BENCH_WIRE_OP_REQ_IMPORT, name, sizeof name, BENCH_WIRE_OP_REP_IMPORT,
            error) ||
      !receive_all (self->fd, record, sizeof record, error))
    return FALSE;

  lks_cursor_init (&cursor, record, sizeof record);
  if (!lks_cursor_skip (&cursor, 256 + BENCH_WIRE_OP_BUSID_BYTES, error) ||
      !lks_cursor_read_u32be (&cursor, &bus, error) ||
      !lks_cursor_read_u32be (&cursor, &device, error))
    return FALSE;

  self->devid = line.devid = bus << 16 | device;
  self->description = describe (&line, error);
  if (self->description == NULL)
    return FALSE;

  setsockopt (self->fd, SOL_SOCKET, SO_RCVTIMEO, &no_limit, sizeof no_limit);
  setsockopt (self->fd, SOL_SOCKET, SO_SNDTIMEO, &no_limit, sizeof no_limit);
  return TRUE;
}

/**
 * bench_usbip_import:
 * @server: host and port of a USB/IP server; the port may be missing
 * @busid: which device, as the server calls it
 * @error: return location for an error
 *
 * Takes a device over: imports, reads its descriptors and sets its configuration. The sequence
 * numbers below 16 are used up. Blocks, some seconds at most; any thread.
 *
 * Returns: (transfer full): the imported device
 */
BenchImport *
bench_usbip_import (const char *server, const char *busid, GError **error)
{
  g_autoptr (BenchImport) self = g_new0 (BenchImport, 1);

  self->fd = dial (server, error);
  if (self->fd < 0 || !import_on (self, busid, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * bench_import_free:
 * @self: (nullable) (transfer full): an import; closing its connection unplugs the device here
 */
void
bench_import_free (BenchImport *self)
{
  if (self == NULL)
    return;

  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->description, bench_description_free);
  g_free (self);
}
