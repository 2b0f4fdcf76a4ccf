/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-debug.h"

#include "emu-gdb.h"

/* A program that nobody reads from blocks when the pipe is full. */
#define BACKLOG_MAX_BYTES 65536
#define READ_BYTES 4096
#define TICK_MIN_MS 10

#define HOST_ADDRESS "192.168.35.1"
#define COUNTER "{n}"

/* One connection of either port. */
typedef struct
{
  EmuDebug *debug;     /* (unowned) */
  GIOStream *stream;   /* (owned) */
  GByteArray *backlog; /* (owned): not written yet */
  GSource *readable;   /* (owned) */
  GSource *writable;   /* (owned) (nullable) */
} Client;

struct _EmuDebug
{
  const EmuOutputConfig *output; /* (unowned) */
  EmuDebugFunc func;
  gpointer user_data;
  GPtrArray *readers; /* (owned) (element-type Client): of the output */
  Client *debugger;   /* (owned) (nullable) */
  EmuGdb *gdb;        /* (owned) (nullable): with @debugger */
  gboolean running;
  guint lines; /* written so far */
  guint tick_id;
  gint64 ran_us;   /* since when the present run lasts */
  guint ran_lines; /* how many it has written */
  guint next_port; /* of the host, as the first line tells it */
  EmuDebugEnd end;
  guint end_id;
};

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
client_free (gpointer data)
{
  Client *self = data;

  clear_source (&self->readable);
  clear_source (&self->writable);
  g_io_stream_close (self->stream, NULL, NULL);
  g_object_unref (self->stream);
  g_byte_array_unref (self->backlog);
  g_free (self);
}

static void drop_client (EmuDebug *self, Client *client);
static void flush (Client *self);

static gboolean
writable_cb (GObject *stream, gpointer user_data)
{
  flush (user_data);
  return G_SOURCE_REMOVE;
}

/* Writes what the socket takes and waits for the rest. */
static void
flush (Client *self)
{
  GPollableOutputStream *out =
      G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->stream));
  gssize n = 1;

  clear_source (&self->writable);
  while (self->backlog->len > 0 && n > 0)
    {
      n = g_pollable_output_stream_write_nonblocking (out, self->backlog->data, self->backlog->len,
                                                      NULL, NULL);
      if (n > 0)
        g_byte_array_remove_range (self->backlog, 0, (guint) n);
    }
  if (self->backlog->len == 0)
    return;

  self->writable = g_pollable_output_stream_create_source (out, NULL);
  g_source_set_callback (self->writable, G_SOURCE_FUNC (writable_cb), self, NULL);
  g_source_attach (self->writable, g_main_context_get_thread_default ());
}

static gboolean
readable_cb (GObject *stream, gpointer user_data)
{
  Client *self = user_data;
  EmuDebug *debug = self->debug;
  guint8 buffer[READ_BYTES];
  g_autoptr (GError) error = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer,
                                                       sizeof buffer, NULL, &error);

  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (n <= 0)
    {
      drop_client (debug, self);
      return G_SOURCE_REMOVE;
    }

  if (self == debug->debugger) /* the other port takes no input */
    {
      emu_gdb_feed (debug->gdb, buffer, (gsize) n, self->backlog);
      flush (self);
    }
  return G_SOURCE_CONTINUE;
}

static Client *
client_new (EmuDebug *debug, GIOStream *stream)
{
  Client *self = g_new0 (Client, 1);

  self->debug = debug;
  self->stream = g_object_ref (stream);
  self->backlog = g_byte_array_new ();
  self->readable = g_pollable_input_stream_create_source (
      G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream)), NULL);
  g_source_set_callback (self->readable, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->readable, g_main_context_get_thread_default ());
  return self;
}

/* ---- the program ---- */

static void
write_text (EmuDebug *self, const char *text)
{
  for (guint i = 0; i < self->readers->len; i++)
    {
      Client *reader = g_ptr_array_index (self->readers, i);

      g_byte_array_append (reader->backlog, (const guint8 *) text, strlen (text));
      flush (reader);
    }
}

static gboolean
is_blocked (EmuDebug *self)
{
  for (guint i = 0; i < self->readers->len; i++)
    if (((Client *) g_ptr_array_index (self->readers, i))->backlog->len > BACKLOG_MAX_BYTES)
      return TRUE;

  return FALSE;
}

static gboolean
end_cb (gpointer user_data)
{
  EmuDebug *self = user_data;

  self->end_id = 0;
  self->func (self->end, self->user_data);
  return G_SOURCE_REMOVE;
}

/* Whoever is told frees this, so it is told when nothing of it runs. */
static void
end (EmuDebug *self, EmuDebugEnd how)
{
  self->running = FALSE;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->end_id != 0)
    return;

  self->end = how;
  self->end_id = g_idle_add (end_cb, self);
}

static void
halt (EmuDebug *self)
{
  self->running = FALSE;
  g_clear_handle_id (&self->tick_id, g_source_remove);
}

static void
exit_program (EmuDebug *self)
{
  g_autofree char *report = g_strdup_printf ("W%02x", self->output->exit_code);

  if (self->debugger != NULL)
    {
      emu_gdb_report (self->gdb, report, self->debugger->backlog);
      flush (self->debugger);
    }
  end (self, EMU_DEBUG_EXITED);
}

/* The debug server holds it where it crashed, until the debugger kills it. */
static void
crash_program (EmuDebug *self)
{
  g_autofree char *report = g_strdup_printf ("T%02x", self->output->exit_signal);

  halt (self);
  if (self->debugger != NULL)
    {
      emu_gdb_report (self->gdb, report, self->debugger->backlog);
      flush (self->debugger);
    }
}

static void
write_line (EmuDebug *self)
{
  guint n_texts = g_strv_length (self->output->lines);
  g_autofree char *number = g_strdup_printf ("%u", self->lines + 1);
  g_autoptr (GString) line = NULL;

  if (n_texts == 0)
    return;

  line = g_string_new (self->output->lines[self->lines % n_texts]);
  g_string_replace (line, COUNTER, number, 0);
  g_string_append_c (line, '\n');
  write_text (self, line->str);
  self->lines++;
  self->ran_lines++;
}

static gboolean
tick_cb (gpointer user_data)
{
  EmuDebug *self = user_data;
  gint64 ran_us = g_get_monotonic_time () - self->ran_us;
  guint64 due = (guint64) ran_us * self->output->per_second / G_USEC_PER_SEC;

  while (self->ran_lines < due && !is_blocked (self))
    {
      write_line (self);
      if (self->output->exit_after_lines != 0 && self->lines >= self->output->exit_after_lines)
        {
          self->tick_id = 0;
          if (self->output->exit_signal != 0)
            crash_program (self);
          else
            exit_program (self);
          return G_SOURCE_REMOVE;
        }
    }
  return G_SOURCE_CONTINUE;
}

static void
run (EmuDebug *self)
{
  if (self->running || self->end_id != 0)
    return;

  self->running = TRUE;
  self->ran_us = g_get_monotonic_time ();
  self->ran_lines = 0;
  if (self->output->per_second > 0 && self->output->lines[0] != NULL)
    self->tick_id =
        g_timeout_add (MAX (1000 / self->output->per_second, TICK_MIN_MS), tick_cb, self);
}

static void
wish_cb (EmuGdbWish wish, gpointer user_data)
{
  EmuDebug *self = user_data;

  switch (wish)
    {
    case EMU_GDB_RUN:
      run (self);
      break;
    case EMU_GDB_HALT:
      halt (self);
      break;
    case EMU_GDB_KILL:
      end (self, EMU_DEBUG_KILLED);
      break;
    case EMU_GDB_DETACH:
      end (self, EMU_DEBUG_DETACHED);
      break;
    }
}

/* A debugger that vanishes leaves the program as it stops it. */
static void
drop_client (EmuDebug *self, Client *client)
{
  if (client != self->debugger)
    {
      g_ptr_array_remove (self->readers, client);
      return;
    }

  g_clear_pointer (&self->debugger, client_free);
  g_clear_pointer (&self->gdb, emu_gdb_free);
  halt (self);
}

/**
 * emu_debug_new:
 * @output: what the program writes
 * @waits: whether it is held until a debugger lets it run
 * @func: called once, from the main loop, when it is over
 * @user_data: for @func
 *
 * Returns: (transfer full): an application under the debug server
 */
EmuDebug *
emu_debug_new (const EmuOutputConfig *output, gboolean waits, EmuDebugFunc func, gpointer user_data)
{
  EmuDebug *self = g_new0 (EmuDebug, 1);

  self->output = output;
  self->func = func;
  self->user_data = user_data;
  self->readers = g_ptr_array_new_with_free_func (client_free);
  self->next_port = 49152;
  if (!waits)
    run (self);
  return self;
}

/**
 * emu_debug_free:
 * @self: (transfer full) (nullable): an application under the debug server
 *
 * Ends the connections. Nothing is called any more.
 */
void
emu_debug_free (EmuDebug *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->end_id, g_source_remove);
  g_clear_pointer (&self->debugger, client_free);
  g_clear_pointer (&self->gdb, emu_gdb_free);
  g_ptr_array_unref (self->readers);
  g_free (self);
}

/**
 * emu_debug_accept:
 * @self: an application under the debug server
 * @port: %EMU_DEBUG_OUTPUT_PORT or %EMU_DEBUG_DEBUGGER_PORT
 * @stream: a connection to it
 *
 * Serves a connection. There can be any number of readers, and one debugger, whose coming is the
 * first line of the output.
 */
void
emu_debug_accept (EmuDebug *self, guint16 port, GIOStream *stream)
{
  g_autofree char *line = NULL;

  if (port == EMU_DEBUG_OUTPUT_PORT)
    {
      g_ptr_array_add (self->readers, client_new (self, stream));
      return;
    }
  if (self->debugger != NULL)
    {
      g_io_stream_close (stream, NULL, NULL);
      return;
    }

  self->debugger = client_new (self, stream);
  self->gdb = emu_gdb_new (wish_cb, self);
  line =
      g_strdup_printf ("Remote debugging from host " HOST_ADDRESS ", port %u\n", self->next_port++);
  write_text (self, line);
}
