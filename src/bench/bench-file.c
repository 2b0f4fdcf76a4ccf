/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-file.h"

#include <errno.h>
#include <string.h>

#include "bench-stream.h"

/* A URB costs its data and some bookkeeping, so that many empty ones are bounded too. */
#define URB_COST_BYTES 256
#define PLACE_MAX_BYTES 64

/* One open() of a board by some program: the launcher's end of its connection. It owns itself until
 * the program closes, or abandons it when the launcher ends. */
struct _BenchFile
{
  BenchStream *stream; /* (owned) */
  BenchFileCallbacks callbacks;
  gpointer user_data;
  BenchBoard *board;  /* (unowned) NULL before OPEN and after the board is gone */
  gsize memory_bytes; /* of URBs not yet answered */
};

static void
reply (BenchFile *self,
       const BenchWireHeader *request,
       int code,
       guint32 value,
       gconstpointer payload,
       gsize size)
{
  BenchWireHeader header = { .command = BENCH_WIRE_REPLY,
                             .seqnum = request->seqnum,
                             .args = { code, value } };

  bench_stream_send (self->stream, &header, payload, size);
}

static void
open_board (BenchFile *self, const BenchWireHeader *header)
{
  BenchBoard *board = NULL;
  BenchWireLayout layout;
  int code = self->callbacks.open (header->args[0], header->args[1], &board, self->user_data);

  if (code != 0)
    {
      reply (self, header, code, 0, NULL, 0);
      bench_stream_finish (self->stream);
      return;
    }

  self->board = board;
  bench_board_add_file (board, self);
  bench_board_get_layout (board, &layout);
  reply (self, header, 0, 0, &layout, sizeof layout);
}

static void
permit (BenchFile *self, const BenchWireHeader *header, const guint8 *payload, gsize payload_bytes)
{
  g_autofree char *place = g_strndup ((const char *) payload, payload_bytes);

  reply (self, header, self->callbacks.permit (place, header->args[0] != 0, self->user_data), 0,
         NULL, 0);
  bench_stream_finish (self->stream);
}

/* As close() on a real node: when it returns, others can claim. */
static void
close_board (BenchFile *self, const BenchWireHeader *header)
{
  BenchBoard *board = g_steal_pointer (&self->board);

  if (board != NULL)
    bench_board_remove_file (board, self);
  reply (self, header, 0, 0, NULL, 0);
  bench_stream_finish (self->stream);
}

/* What a program that keeps no limits would pile up here ends with this file, not with our memory.
 */
static gboolean
account (BenchFile *self, const BenchWireHeader *header)
{
  self->memory_bytes += (gsize) header->args[1] + URB_COST_BYTES;
  return self->memory_bytes + bench_stream_get_queued_bytes (self->stream) <=
         2 * BENCH_WIRE_MEMORY_MAX_BYTES;
}

static void
on_frame (const BenchWireHeader *header,
          const guint8 *payload,
          gsize payload_bytes,
          gpointer user_data)
{
  BenchFile *self = user_data;
  guint32 value = 0;
  int code;

  if (header->command == BENCH_WIRE_PERMIT)
    {
      permit (self, header, payload, payload_bytes);
    }
  else if (header->command == BENCH_WIRE_CLOSE)
    {
      close_board (self, header);
    }
  else if (self->board == NULL)
    {
      if (header->command == BENCH_WIRE_OPEN)
        open_board (self, header);
      else if (header->command > BENCH_WIRE_REPLY)
        reply (self, header, ENODEV, 0, NULL, 0);
    }
  else if (header->command == BENCH_WIRE_SUBMIT)
    {
      if (account (self, header))
        bench_board_submit (self->board, self, header, payload, payload_bytes);
      else
        bench_stream_finish (self->stream);
    }
  else if (header->command == BENCH_WIRE_UNLINK)
    {
      bench_board_unlink (self->board, self, header);
    }
  else
    {
      code = bench_board_request (self->board, self, header, &value);
      reply (self, header, code, value, NULL, 0);
    }
}

static gsize
payload_size (const BenchWireHeader *header, gpointer user_data)
{
  if (header->command == BENCH_WIRE_SUBMIT)
    return header->direction == 0 ? header->args[1] : 0;
  if (header->command == BENCH_WIRE_PERMIT)
    return header->args[1] <= PLACE_MAX_BYTES ? header->args[1] : G_MAXSIZE;
  return 0;
}

static void
on_closed (gpointer user_data)
{
  bench_file_abandon (user_data);
}

/**
 * bench_file_new:
 * @fd: (transfer full): connection of a program
 * @callbacks: who knows the boards
 * @user_data: for the callbacks
 *
 * Serves one open() of one program until it closes.
 *
 * Returns: (transfer none): the file; it frees itself
 */
BenchFile *
bench_file_new (int fd, const BenchFileCallbacks *callbacks, gpointer user_data)
{
  static const BenchStreamCallbacks stream_callbacks = { payload_size, on_frame, on_closed };
  BenchFile *self = g_new0 (BenchFile, 1);

  self->callbacks = *callbacks;
  self->user_data = user_data;
  self->stream = bench_stream_new (fd, &stream_callbacks, self);
  return self;
}

/**
 * bench_file_complete:
 * @self: a file
 * @header: a RET_SUBMIT or RET_UNLINK that ends a URB, with this file's sequence number
 * @submitted_bytes: size of the URB
 * @payload: (nullable): received data
 * @payload_bytes: its size
 *
 * Hands the end of a URB to the program.
 */
void
bench_file_complete (BenchFile *self,
                     const BenchWireHeader *header,
                     gsize submitted_bytes,
                     const guint8 *payload,
                     gsize payload_bytes)
{
  self->memory_bytes -= submitted_bytes + URB_COST_BYTES;
  bench_stream_send (self->stream, header, payload, payload_bytes);
}

/**
 * bench_file_send:
 * @self: a file
 * @header: a message without data that ends no URB
 *
 * Hands a message to the program.
 */
void
bench_file_send (BenchFile *self, const BenchWireHeader *header)
{
  bench_stream_send (self->stream, header, NULL, 0);
}

/**
 * bench_file_unplug:
 * @self: a file
 *
 * Tells the program that the board is gone, after everything that is queued. The program's preload
 * completes what is pending and closes; then the board is told with bench_board_remove_file().
 */
void
bench_file_unplug (BenchFile *self)
{
  bench_stream_finish (self->stream);
}

/**
 * bench_file_abandon:
 * @self: (transfer full): a file
 *
 * Closes and frees it.
 */
void
bench_file_abandon (BenchFile *self)
{
  BenchBoard *board = g_steal_pointer (&self->board);

  if (board != NULL)
    bench_board_remove_file (board, self);
  bench_stream_free (self->stream);
  g_free (self);
}
