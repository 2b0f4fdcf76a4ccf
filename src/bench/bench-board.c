/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-board.h"

#include <errno.h>

#include "bench-file.h"
#include "bench-stream.h"

/* bench_usbip_import() counts from 1 while it reads descriptors. */
#define FIRST_SEQNUM 16
/* A program that is stopped cannot delay the news of an unplugging for others longer than this. */
#define FAREWELL_MS 100

#define DESCRIPTOR_INTERFACE 4
#define DESCRIPTOR_ENDPOINT 5
#define DEVICE_DESCRIPTOR_BYTES 18

typedef struct
{
  BenchFile *file; /* (unowned) (nullable): NULL once the program closed */
  guint32 file_seqnum;
  guint32 file_unlink_seqnum;
  guint32 unlink_seqnum; /* on the board's line; 0: nobody wants it back */
  gboolean is_in;
  guint32 bytes;
} Urb;

typedef struct
{
  gboolean has_kernel_driver;
  BenchFile *owner; /* (unowned) (nullable) */
} Interface;

struct _BenchBoard
{
  BenchDescription *description; /* (owned) */
  BenchStream *stream;           /* (owned) NULL once unplugged */
  guint32 devid;
  guint32 seqnum;
  GHashTable *urbs; /* (owned) (element-type guint32 Urb): by seqnum */
  GHashTable
      *unlinks; /* (owned) (element-type guint32 guint32): seqnum of UNLINK to that of its URB */
  GPtrArray *files; /* (owned) (element-type BenchFile, unowned) */
  BenchWireLayout layout;
  Interface interfaces[BENCH_WIRE_INTERFACES_MAX];
  guint farewell_id;

  BenchBoardGoneFunc unplugged;
  BenchBoardGoneFunc gone;
  gpointer user_data;
};

/* Source: USB 2.0, 9.6: every descriptor starts with its length and type. */
static void
read_layout (BenchBoard *self)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self->description->descriptors, &size);
  guint8 interface = BENCH_WIRE_NO_INTERFACE;

  memset (&self->layout, BENCH_WIRE_NO_INTERFACE, sizeof self->layout);
  self->layout.configuration = self->description->configuration;
  self->layout.n_interfaces = MIN (bytes[DEVICE_DESCRIPTOR_BYTES + 4], BENCH_WIRE_INTERFACES_MAX);
  for (gsize at = DEVICE_DESCRIPTOR_BYTES; at + 2 < size && bytes[at] >= 3; at += bytes[at])
    {
      guint8 value = bytes[at + 2];

      if (bytes[at + 1] == DESCRIPTOR_INTERFACE)
        interface = value;
      else if (bytes[at + 1] == DESCRIPTOR_ENDPOINT)
        self->layout.interface_of[(value & 15) | (value & 0x80) >> 3] = interface;
    }
  for (guint i = 0; i < self->layout.n_interfaces; i++)
    self->interfaces[i].has_kernel_driver = TRUE;
}

static gsize
payload_size (const BenchWireHeader *header, gpointer user_data)
{
  BenchBoard *self = user_data;
  Urb *urb;

  if (header->command == BENCH_WIRE_RET_UNLINK)
    return 0;
  if (header->command != BENCH_WIRE_RET_SUBMIT)
    return G_MAXSIZE;

  urb = g_hash_table_lookup (self->urbs, GUINT_TO_POINTER (header->seqnum));
  if (urb == NULL || header->args[1] > urb->bytes)
    return G_MAXSIZE;
  return urb->is_in ? header->args[1] : 0;
}

static void
finish_urb (BenchBoard *self,
            guint32 seqnum,
            const BenchWireHeader *header,
            const guint8 *payload,
            gsize payload_bytes)
{
  Urb *urb = g_hash_table_lookup (self->urbs, GUINT_TO_POINTER (seqnum));
  BenchWireHeader forward = *header;

  if (urb == NULL)
    return;

  forward.seqnum =
      header->command == BENCH_WIRE_RET_SUBMIT ? urb->file_seqnum : urb->file_unlink_seqnum;
  if (urb->file != NULL)
    bench_file_complete (urb->file, &forward, urb->bytes, payload, payload_bytes);
  g_hash_table_remove (self->urbs, GUINT_TO_POINTER (seqnum));
}

static void
on_frame (const BenchWireHeader *header,
          const guint8 *payload,
          gsize payload_bytes,
          gpointer user_data)
{
  BenchBoard *self = user_data;
  guint32 victim;

  if (header->command == BENCH_WIRE_RET_SUBMIT)
    {
      finish_urb (self, header->seqnum, header, payload, payload_bytes);
      return;
    }

  victim =
      GPOINTER_TO_UINT (g_hash_table_lookup (self->unlinks, GUINT_TO_POINTER (header->seqnum)));
  g_hash_table_remove (self->unlinks, GUINT_TO_POINTER (header->seqnum));
  if (victim != 0 && header->args[0] != 0) /* 0: its RET_SUBMIT was sent before */
    finish_urb (self, victim, header, NULL, 0);
}

static void
say_farewell (BenchBoard *self)
{
  g_clear_handle_id (&self->farewell_id, g_source_remove);
  self->gone (self, self->user_data);
}

static gboolean
farewell_cb (gpointer user_data)
{
  BenchBoard *self = user_data;

  say_farewell (self);
  return G_SOURCE_REMOVE;
}

/* The order of the kernel: nobody can open it, everything pending fails, then the event. */
static void
on_closed (gpointer user_data)
{
  BenchBoard *self = user_data;

  g_clear_pointer (&self->stream, bench_stream_free);
  self->unplugged (self, self->user_data);
  for (guint i = 0; i < self->files->len; i++)
    bench_file_unplug (g_ptr_array_index (self->files, i));
  self->farewell_id = g_timeout_add (self->files->len > 0 ? FAREWELL_MS : 0, farewell_cb, self);
}

/**
 * bench_board_new:
 * @import: (transfer full): an imported device with bus, device and place filled in
 * @unplugged: called when the connection closes; no new file may be added from then on
 * @gone: called when every program has been told, or a tenth of a second later; free the board then
 * @user_data: for the callbacks
 *
 * A plugged-in board: shares its one connection among all programs that opened it.
 *
 * Returns: (transfer full): the board
 */
BenchBoard *
bench_board_new (BenchImport *import,
                 BenchBoardGoneFunc unplugged,
                 BenchBoardGoneFunc gone,
                 gpointer user_data)
{
  static const BenchStreamCallbacks stream_callbacks = { payload_size, on_frame, on_closed };
  BenchBoard *self = g_new0 (BenchBoard, 1);
  int fd = import->fd;

  import->fd = -1;
  self->description = g_steal_pointer (&import->description);
  self->devid = import->devid;
  self->seqnum = FIRST_SEQNUM;
  self->urbs = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->unlinks = g_hash_table_new (NULL, NULL);
  self->files = g_ptr_array_new ();
  self->unplugged = unplugged;
  self->gone = gone;
  self->user_data = user_data;
  read_layout (self);
  self->stream = bench_stream_new (fd, &stream_callbacks, self);
  bench_import_free (import);
  return self;
}

/**
 * bench_board_free:
 * @self: (transfer full): a board; files that are still open are abandoned
 */
void
bench_board_free (BenchBoard *self)
{
  g_clear_handle_id (&self->farewell_id, g_source_remove);
  g_clear_pointer (&self->stream, bench_stream_free);
  self->gone = NULL;
  while (self->files->len > 0)
    bench_file_abandon (g_ptr_array_index (self->files, 0));
  g_ptr_array_unref (self->files);
  g_hash_table_unref (self->urbs);
  g_hash_table_unref (self->unlinks);
  bench_description_free (self->description);
  g_free (self);
}

/**
 * bench_board_get_description:
 * @self: a board
 *
 * Returns: (transfer none): what sysfs says about it
 */
const BenchDescription *
bench_board_get_description (BenchBoard *self)
{
  return self->description;
}

/**
 * bench_board_is_plugged:
 * @self: a board
 *
 * Returns: FALSE between unplugging and the last farewell
 */
gboolean
bench_board_is_plugged (BenchBoard *self)
{
  return self->stream != NULL;
}

/**
 * bench_board_get_layout:
 * @self: a board
 * @out_layout: (out): which endpoint belongs to which interface
 */
void
bench_board_get_layout (BenchBoard *self, BenchWireLayout *out_layout)
{
  *out_layout = self->layout;
}

/**
 * bench_board_add_file:
 * @self: a board
 * @file: a file that opened it; it says bench_board_remove_file() before it ends
 */
void
bench_board_add_file (BenchBoard *self, BenchFile *file)
{
  g_ptr_array_add (self->files, file);
}

static void
send_unlink (BenchBoard *self, guint32 seqnum, Urb *urb)
{
  BenchWireHeader header = {
    .command = BENCH_WIRE_UNLINK, .seqnum = ++self->seqnum, .devid = self->devid, .args = { seqnum }
  };

  urb->unlink_seqnum = header.seqnum;
  g_hash_table_insert (self->unlinks, GUINT_TO_POINTER (header.seqnum), GUINT_TO_POINTER (seqnum));
  if (self->stream != NULL)
    bench_stream_send (self->stream, &header, NULL, 0);
}

/**
 * bench_board_remove_file:
 * @self: a board
 * @file: a file that closes
 *
 * Kills the file's URBs and gives up its claims, as the kernel does on the last close. The kernel's
 * driver does not come back by itself.
 */
void
bench_board_remove_file (BenchBoard *self, BenchFile *file)
{
  GHashTableIter iter;
  gpointer seqnum;
  gpointer value;

  g_hash_table_iter_init (&iter, self->urbs);
  while (g_hash_table_iter_next (&iter, &seqnum, &value))
    {
      Urb *urb = value;

      if (urb->file != file)
        continue;
      urb->file = NULL;
      if (urb->unlink_seqnum == 0)
        send_unlink (self, GPOINTER_TO_UINT (seqnum), urb);
    }

  for (guint i = 0; i < self->layout.n_interfaces; i++)
    if (self->interfaces[i].owner == file)
      self->interfaces[i].owner = NULL;

  g_ptr_array_remove_fast (self->files, file);
  if (self->stream == NULL && self->files->len == 0 && self->farewell_id != 0 && self->gone != NULL)
    {
      /* Not from inside the file's own end: the board may be freed by it. */
      g_source_remove (self->farewell_id);
      self->farewell_id = g_idle_add (farewell_cb, self);
    }
}

/* Kernel: drivers/usb/core/devio.c, claimintf(). */
static int
claim (BenchBoard *self, BenchFile *file, guint32 interface)
{
  if (interface >= self->layout.n_interfaces)
    return ENOENT;
  if (self->interfaces[interface].owner == file)
    return 0;
  if (self->interfaces[interface].has_kernel_driver || self->interfaces[interface].owner != NULL)
    return EBUSY;

  self->interfaces[interface].owner = file;
  return 0;
}

static BenchWireDriver
get_driver (BenchBoard *self, guint32 interface)
{
  if (self->interfaces[interface].owner != NULL)
    return BENCH_WIRE_DRIVER_USBFS;
  return self->interfaces[interface].has_kernel_driver ? BENCH_WIRE_DRIVER_KERNEL
                                                       : BENCH_WIRE_DRIVER_NONE;
}

/* Kernel: proc_disconnect_claim(). */
static int
disconnect_claim (BenchBoard *self, BenchFile *file, const BenchWireHeader *header)
{
  guint32 interface = header->args[0];
  BenchWireDriver driver = get_driver (self, interface);

  if (driver != BENCH_WIRE_DRIVER_NONE)
    {
      if ((header->args[1] != BENCH_WIRE_DRIVER_NONE && header->args[1] != driver) ||
          header->args[2] == driver)
        return EBUSY;
      self->interfaces[interface] = (Interface){ FALSE, NULL };
    }
  return claim (self, file, interface);
}

/**
 * bench_board_request:
 * @self: a board
 * @file: who asks
 * @header: BENCH_WIRE_CLAIM to BENCH_WIRE_DISCONNECT_CLAIM
 * @out_value: (out): for BENCH_WIRE_GET_DRIVER, the driver
 *
 * Claims and drivers, with the rules and errors of the kernel (drivers/usb/core/devio.c). They are
 * kept here, so they hold between programs.
 *
 * Returns: 0 or an errno
 */
int
bench_board_request (BenchBoard *self,
                     BenchFile *file,
                     const BenchWireHeader *header,
                     guint32 *out_value)
{
  guint32 interface = header->args[0];
  Interface *state;

  if (!bench_board_is_plugged (self))
    return ENODEV;
  if (interface >= self->layout.n_interfaces)
    return header->command == BENCH_WIRE_CLAIM || header->command == BENCH_WIRE_RELEASE ? ENOENT
           : header->command == BENCH_WIRE_GET_DRIVER                                   ? ENODATA
                                                                                        : EINVAL;

  state = &self->interfaces[interface];
  switch (header->command)
    {
    case BENCH_WIRE_CLAIM:
      return claim (self, file, interface);
    case BENCH_WIRE_RELEASE:
      if (state->owner != file)
        return EINVAL;
      state->owner = NULL;
      return 0;
    case BENCH_WIRE_GET_DRIVER:
      *out_value = get_driver (self, interface);
      return *out_value == BENCH_WIRE_DRIVER_NONE ? ENODATA : 0;
    case BENCH_WIRE_DISCONNECT:
      if (get_driver (self, interface) == BENCH_WIRE_DRIVER_NONE)
        return ENODATA;
      *state = (Interface){ FALSE, NULL };
      return 0;
    case BENCH_WIRE_CONNECT:
      if (get_driver (self, interface) != BENCH_WIRE_DRIVER_NONE)
        return EBUSY;
      state->has_kernel_driver = TRUE;
      return 0;
    case BENCH_WIRE_DISCONNECT_CLAIM:
      return disconnect_claim (self, file, header);
    default:
      return ENOTTY;
    }
}

/* The claim an endpoint needs; a submit on an unclaimed interface claims it. */
static int
check_endpoint (BenchBoard *self, BenchFile *file, const BenchWireHeader *header)
{
  guint8 interface;

  if (header->endpoint == 0)
    return 0;
  if (header->endpoint > 15)
    return ENOENT;

  interface = self->layout.interface_of[header->endpoint | (header->direction != 0 ? 16 : 0)];
  return claim (self, file, interface);
}

/**
 * bench_board_submit:
 * @self: a board
 * @file: who submits; it gets bench_file_complete() for it unless it is removed first
 * @header: a SUBMIT
 * @payload: data of an OUT transfer
 * @payload_bytes: its size
 *
 * Sends a URB to the device.
 */
void
bench_board_submit (BenchBoard *self,
                    BenchFile *file,
                    const BenchWireHeader *header,
                    const guint8 *payload,
                    gsize payload_bytes)
{
  BenchWireHeader forward = *header;
  int code = check_endpoint (self, file, header);
  Urb *urb;

  if (code != 0)
    {
      BenchWireHeader answer = { .command = BENCH_WIRE_RET_SUBMIT,
                                 .seqnum = header->seqnum,
                                 .args = { (guint32) -code } };

      bench_file_complete (file, &answer, header->args[1], NULL, 0);
      return;
    }

  urb = g_new0 (Urb, 1);
  urb->file = file;
  urb->file_seqnum = header->seqnum;
  urb->is_in = header->direction != 0;
  urb->bytes = header->args[1];
  forward.seqnum = ++self->seqnum;
  forward.devid = self->devid;
  g_hash_table_insert (self->urbs, GUINT_TO_POINTER (forward.seqnum), urb);
  if (self->stream != NULL)
    bench_stream_send (self->stream, &forward, payload, payload_bytes);
}

/**
 * bench_board_unlink:
 * @self: a board
 * @file: who wants a URB back
 * @header: an UNLINK with the file's own sequence numbers
 *
 * Asks the device to give a URB up. If it is answered already there is nothing to do: the program
 * has or will get the answer.
 */
void
bench_board_unlink (BenchBoard *self, BenchFile *file, const BenchWireHeader *header)
{
  GHashTableIter iter;
  gpointer seqnum;
  gpointer value;

  g_hash_table_iter_init (&iter, self->urbs);
  while (g_hash_table_iter_next (&iter, &seqnum, &value))
    {
      Urb *urb = value;

      if (urb->file != file || urb->file_seqnum != header->args[0] || urb->unlink_seqnum != 0)
        continue;
      urb->file_unlink_seqnum = header->seqnum;
      send_unlink (self, GPOINTER_TO_UINT (seqnum), urb);
      return;
    }
}
