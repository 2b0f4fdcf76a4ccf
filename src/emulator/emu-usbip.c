/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linux kernel: Documentation/usb/usbip_protocol.rst. All numbers are big-endian. */
#include "emu-usbip.h"

#include "lks-cursor.h"

#include <string.h>

#define VERSION 0x0111
#define OP_REQ_IMPORT 0x8003
#define OP_REP_IMPORT 0x0003
#define OP_REQ_DEVLIST 0x8005
#define OP_REP_DEVLIST 0x0005
#define REQUEST_BYTES 8

#define CMD_SUBMIT 1
#define CMD_UNLINK 2
#define RET_SUBMIT 3
#define RET_UNLINK 4
#define COMMAND_BYTES 48
#define DIRECTION_OUT 0
#define DIRECTION_IN 1
#define ENDPOINT_MAX 15

#define PATH_BYTES 256
#define SPEED_HIGH 3

/* ---- reading ---- */

static gboolean
invalid (GError **error, const char *what, guint32 value)
{
  g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "USB/IP: %s is %u", what, value);
  return FALSE;
}

static gboolean
parse_busid (LksCursor *cursor, char *out_busid, GError **error)
{
  const guint8 *field;

  if (!lks_cursor_read (cursor, EMU_USBIP_BUSID_BYTES, &field, error))
    return FALSE;

  memcpy (out_busid, field, EMU_USBIP_BUSID_BYTES);
  out_busid[EMU_USBIP_BUSID_BYTES] = '\0';
  return TRUE;
}

/**
 * emu_usbip_parse_request:
 * @data: bytes from a client
 * @size_bytes: how many
 * @out_request: (out): the request
 * @out_used_bytes: (out): how many bytes it took; 0 when more are needed first
 * @error: return location for an error
 *
 * Reads the first message of a connection, OP_REQ_DEVLIST or OP_REQ_IMPORT. Fails with
 * [error@Lks.ParseError] as soon as the bytes cannot become one.
 *
 * Returns: whether the bytes are, or may become, a request
 */
gboolean
emu_usbip_parse_request (const guint8 *data,
                         gsize size_bytes,
                         EmuUsbipRequest *out_request,
                         gsize *out_used_bytes,
                         GError **error)
{
  EmuUsbipRequest request = { 0 };
  LksCursor cursor;
  guint16 version;
  guint16 code;

  if (size_bytes < REQUEST_BYTES)
    {
      *out_used_bytes = 0;
      return TRUE;
    }

  lks_cursor_init (&cursor, data, size_bytes);
  if (!lks_cursor_read_u16be (&cursor, &version, error) ||
      !lks_cursor_read_u16be (&cursor, &code, error) ||
      !lks_cursor_skip (&cursor, sizeof (guint32), error))
    return FALSE;
  if (version != VERSION)
    return invalid (error, "protocol version", version);
  if (code != OP_REQ_DEVLIST && code != OP_REQ_IMPORT)
    return invalid (error, "request code", code);

  request.is_import = code == OP_REQ_IMPORT;
  if (request.is_import && lks_cursor_get_left (&cursor) < EMU_USBIP_BUSID_BYTES)
    {
      *out_used_bytes = 0;
      return TRUE;
    }
  if (request.is_import && !parse_busid (&cursor, request.busid, error))
    return FALSE;

  *out_request = request;
  *out_used_bytes = size_bytes - lks_cursor_get_left (&cursor);
  return TRUE;
}

static gboolean
parse_unlink (LksCursor *cursor, EmuUsbipCommand *command, GError **error)
{
  command->is_unlink = TRUE;
  return lks_cursor_read_u32be (cursor, &command->victim, error) &&
         lks_cursor_skip (cursor, 24, error);
}

static gboolean
parse_submit (LksCursor *cursor, EmuUsbipCommand *command, GError **error)
{
  guint32 size;
  guint32 packets;
  const guint8 *setup;

  if (!lks_cursor_skip (cursor, sizeof (guint32), error) || /* transfer flags */
      !lks_cursor_read_u32be (cursor, &size, error) ||
      !lks_cursor_skip (cursor, sizeof (guint32), error) || /* start frame */
      !lks_cursor_read_u32be (cursor, &packets, error) ||
      !lks_cursor_skip (cursor, sizeof (guint32), error) || /* interval */
      !lks_cursor_read (cursor, EMU_USBIP_SETUP_BYTES, &setup, error))
    return FALSE;
  if (size > EMU_USBIP_TRANSFER_MAX_BYTES)
    return invalid (error, "transfer length", size);
  if (packets != 0 && packets != G_MAXUINT32)
    return invalid (error, "number of isochronous packets", packets);

  command->size_bytes = size;
  memcpy (command->setup, setup, EMU_USBIP_SETUP_BYTES);
  return TRUE;
}

static gboolean
parse_command_head (LksCursor *cursor, EmuUsbipCommand *command, GError **error)
{
  guint32 code;
  guint32 direction;
  guint32 endpoint;

  if (!lks_cursor_read_u32be (cursor, &code, error) ||
      !lks_cursor_read_u32be (cursor, &command->seqnum, error) ||
      !lks_cursor_skip (cursor, sizeof (guint32), error) || /* device ID: one per connection */
      !lks_cursor_read_u32be (cursor, &direction, error) ||
      !lks_cursor_read_u32be (cursor, &endpoint, error))
    return FALSE;
  if (code == CMD_UNLINK)
    return parse_unlink (cursor, command, error);

  if (code != CMD_SUBMIT)
    return invalid (error, "command code", code);
  if (direction != DIRECTION_OUT && direction != DIRECTION_IN)
    return invalid (error, "direction", direction);
  if (endpoint > ENDPOINT_MAX)
    return invalid (error, "endpoint", endpoint);
  command->is_in = direction == DIRECTION_IN;
  command->endpoint = endpoint;
  return parse_submit (cursor, command, error);
}

/**
 * emu_usbip_parse_command:
 * @data: bytes from a client
 * @size_bytes: how many
 * @out_command: (out): the command; its data points into @data
 * @out_used_bytes: (out): how many bytes it took; 0 when more are needed first
 * @error: return location for an error
 *
 * Reads one message after an import, CMD_SUBMIT or CMD_UNLINK. Fails with
 * [error@Lks.ParseError] as soon as the bytes cannot become one; isochronous transfers are
 * among them, as no emulated device has such an endpoint.
 *
 * Returns: whether the bytes are, or may become, a command
 */
gboolean
emu_usbip_parse_command (const guint8 *data,
                         gsize size_bytes,
                         EmuUsbipCommand *out_command,
                         gsize *out_used_bytes,
                         GError **error)
{
  EmuUsbipCommand command = { 0 };
  gsize payload;
  LksCursor cursor;

  *out_used_bytes = 0;
  if (size_bytes < COMMAND_BYTES)
    return TRUE;

  lks_cursor_init (&cursor, data, size_bytes);
  if (!parse_command_head (&cursor, &command, error))
    return FALSE;

  payload = command.is_in || command.is_unlink ? 0 : command.size_bytes;
  if (payload > lks_cursor_get_left (&cursor))
    return TRUE;
  if (!lks_cursor_read (&cursor, payload, &command.data, error))
    return FALSE;

  *out_command = command;
  *out_used_bytes = size_bytes - lks_cursor_get_left (&cursor);
  return TRUE;
}

/* ---- writing ---- */

static void
append_u16 (GByteArray *array, guint16 value)
{
  const guint16 big = GUINT16_TO_BE (value);

  g_byte_array_append (array, (const guint8 *) &big, sizeof big);
}

static void
append_u32 (GByteArray *array, guint32 value)
{
  const guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (array, (const guint8 *) &big, sizeof big);
}

static void
append_text (GByteArray *array, const char *text, gsize field_bytes)
{
  g_autofree char *field = g_malloc0 (field_bytes);

  g_strlcpy (field, text, field_bytes);
  g_byte_array_append (array, (const guint8 *) field, field_bytes);
}

static void
append_device (GByteArray *array, const EmuUsbipDevice *device)
{
  g_autofree char *path =
      g_strdup_printf ("/sys/devices/platform/locksmith-emulator/usb1/%s", device->busid);
  const guint8 tail[] = { 0, 0, 0, 1, 1, device->n_interfaces }; /* class, configurations */

  append_text (array, path, PATH_BYTES);
  append_text (array, device->busid, EMU_USBIP_BUSID_BYTES);
  append_u32 (array, device->busnum);
  append_u32 (array, device->devnum);
  append_u32 (array, SPEED_HIGH);
  append_u16 (array, device->vendor);
  append_u16 (array, device->product);
  append_u16 (array, device->release);
  g_byte_array_append (array, tail, sizeof tail);
}

/**
 * emu_usbip_append_list:
 * @array: where the answer goes
 * @n_devices: how many devices follow
 *
 * Begins the answer to OP_REQ_DEVLIST.
 */
void
emu_usbip_append_list (GByteArray *array, guint n_devices)
{
  append_u16 (array, VERSION);
  append_u16 (array, OP_REP_DEVLIST);
  append_u32 (array, EMU_USBIP_STATUS_OK);
  append_u32 (array, n_devices);
}

/**
 * emu_usbip_append_list_device:
 * @array: where the answer goes
 * @device: a device
 *
 * Adds a device and its interfaces to the answer to OP_REQ_DEVLIST.
 */
void
emu_usbip_append_list_device (GByteArray *array, const EmuUsbipDevice *device)
{
  const guint8 interface[] = { 0xff, 0xff, 0xff, 0 };

  append_device (array, device);
  for (guint i = 0; i < device->n_interfaces; i++)
    g_byte_array_append (array, interface, sizeof interface);
}

/**
 * emu_usbip_append_import:
 * @array: where the answer goes
 * @status: the result
 * @device: the device, looked at when @status is OK
 *
 * Builds the answer to OP_REQ_IMPORT.
 */
void
emu_usbip_append_import (GByteArray *array, EmuUsbipStatus status, const EmuUsbipDevice *device)
{
  append_u16 (array, VERSION);
  append_u16 (array, OP_REP_IMPORT);
  append_u32 (array, status);
  if (status == EMU_USBIP_STATUS_OK)
    append_device (array, device);
}

/* Device ID, direction and endpoint are zero in answers. */
static void
append_return (GByteArray *array, guint32 code, guint32 seqnum, int status)
{
  append_u32 (array, code);
  append_u32 (array, seqnum);
  append_u32 (array, 0);
  append_u32 (array, 0);
  append_u32 (array, 0);
  append_u32 (array, (guint32) status);
}

static void
append_zeros (GByteArray *array, gsize size_bytes)
{
  static const guint8 zeros[COMMAND_BYTES];

  g_byte_array_append (array, zeros, size_bytes);
}

/**
 * emu_usbip_append_submitted:
 * @array: where the answer goes
 * @seqnum: the number of the command
 * @status: 0, or a negative errno of Linux
 * @actual_bytes: how many bytes were moved
 * @data: (nullable): the bytes of an IN transfer
 *
 * Builds RET_SUBMIT.
 */
void
emu_usbip_append_submitted (GByteArray *array,
                            guint32 seqnum,
                            int status,
                            gsize actual_bytes,
                            const guint8 *data)
{
  append_return (array, RET_SUBMIT, seqnum, status);
  append_u32 (array, actual_bytes);
  append_zeros (array, COMMAND_BYTES - 28);
  if (data != NULL && actual_bytes > 0)
    g_byte_array_append (array, data, actual_bytes);
}

/**
 * emu_usbip_append_unlinked:
 * @array: where the answer goes
 * @seqnum: the number of the unlink command
 * @status: -ECONNRESET when the transfer was cancelled, 0 when it had completed before
 *
 * Builds RET_UNLINK.
 */
void
emu_usbip_append_unlinked (GByteArray *array, guint32 seqnum, int status)
{
  append_return (array, RET_UNLINK, seqnum, status);
  append_zeros (array, COMMAND_BYTES - 24);
}
