/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-trace.h"

#include "emu-wire.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct _EmuTrace
{
  grefcount refs;
  int fd; /* (owned) */
};

/**
 * emu_trace_open:
 * @path: a file; it is made when it does not exist, lines are appended
 * @error: return location for a `G_IO_ERROR`
 *
 * Returns: (transfer full): the trace, or NULL with @error set
 */
EmuTrace *
emu_trace_open (const char *path, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  EmuTrace *self;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "The trace file %s cannot be written: %s. Name another with --trace.", path,
                   g_strerror (errno));
      return NULL;
    }

  self = g_new0 (EmuTrace, 1);
  g_ref_count_init (&self->refs);
  self->fd = fd;
  return self;
}

/**
 * emu_trace_ref:
 * @self: a trace
 *
 * Returns: (transfer full): @self
 */
EmuTrace *
emu_trace_ref (EmuTrace *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

/**
 * emu_trace_unref:
 * @self: (transfer full): a trace
 */
void
emu_trace_unref (EmuTrace *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;

  g_close (self->fd, NULL);
  g_free (self);
}

static void
begin_line (EmuWire *wire)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *stamp =
      g_strdup_printf ("%s.%03dZ", time, g_date_time_get_microsecond (now) / 1000);

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "time", stamp);
}

static void
add_request (EmuWire *wire, const char *method, const char *path, guint status)
{
  g_autofree char *valid_path = g_utf8_make_valid (path, -1);

  emu_wire_text (wire, "method", method);
  emu_wire_text (wire, "path", valid_path);
  emu_wire_number (wire, "status", status);
}

/* One line with one write, so that readers never see half a line. */
static void
end_line (EmuTrace *self, EmuWire *wire)
{
  g_autoptr (GBytes) line = NULL;
  g_autofree char *text = NULL;
  gsize size_bytes;

  emu_wire_close (wire, '}');
  line = emu_wire_end (wire);
  text = g_strdup_printf ("%.*s\n", (int) g_bytes_get_size (line),
                          (const char *) g_bytes_get_data (line, NULL));
  size_bytes = strlen (text);
  if (write (self->fd, text, size_bytes) < 0)
    g_info ("trace line lost: %s", g_strerror (errno));
}

/**
 * emu_trace_write:
 * @self: a trace
 * @board: index of the board
 * @method: HTTP method
 * @path: path of the request
 * @status: HTTP status of the answer, 0 when there was none
 * @capability: what the request brought
 *
 * Appends a line about a board.
 */
void
emu_trace_write (EmuTrace *self,
                 guint board,
                 const char *method,
                 const char *path,
                 guint status,
                 EmuTraceCapability capability)
{
  EmuWire *wire = emu_wire_new_plain ();

  begin_line (wire);
  emu_wire_number (wire, "board", board);
  add_request (wire, method, path, status);
  emu_wire_bool (wire, "withCapability", capability != EMU_TRACE_CAPABILITY_NONE);
  if (capability != EMU_TRACE_CAPABILITY_NONE)
    emu_wire_bool (wire, "capabilityFits", capability == EMU_TRACE_CAPABILITY_OWN);
  end_line (self, wire);
}

/**
 * emu_trace_write_cloud:
 * @self: a trace
 * @service: "cloud" or "images"
 * @method: HTTP method
 * @path: path of the request, without its query
 * @status: HTTP status of the answer, 0 when there was none
 *
 * Appends a line about the cloud.
 */
void
emu_trace_write_cloud (EmuTrace *self,
                       const char *service,
                       const char *method,
                       const char *path,
                       guint status)
{
  EmuWire *wire = emu_wire_new_plain ();

  begin_line (wire);
  emu_wire_text (wire, "service", service);
  add_request (wire, method, path, status);
  end_line (self, wire);
}
