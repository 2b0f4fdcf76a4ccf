/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-control.h"

#include "emu-fd-watch.h"
#include "lks-enums.h"
#include "lks-json.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES (64 * 1024)
#define BACKLOG 16
#define PACE_MAX 100000000

struct _EmuControl
{
  EmuJig *jig;          /* (unowned) */
  EmuCloud *cloud;      /* (unowned) (nullable) */
  char *path;           /* (owned) */
  GSocket *socket;      /* (owned) */
  EmuFdWatch *watch;    /* (owned) */
  GHashTable *visitors; /* (owned) (element-type Visitor): a set */
};

typedef struct
{
  EmuControl *control; /* (unowned) */
  int fd;
  EmuFdWatch *watch;    /* (owned) */
  GByteArray *received; /* (owned): the beginning of a line */
} Visitor;

/* ---- commands ---- */

static void
describe (EmuJig *jig, guint index, JsonBuilder *builder)
{
  EmuPlaceState state;

  emu_jig_get_state (jig, index, &state);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "board");
  json_builder_add_int_value (builder, index);
  json_builder_set_member_name (builder, "busid");
  json_builder_add_string_value (builder, state.busid);
  json_builder_set_member_name (builder, "plugged");
  json_builder_add_boolean_value (builder, state.plugged);
  json_builder_set_member_name (builder, "imported");
  json_builder_add_boolean_value (builder, state.imported);
  json_builder_set_member_name (builder, "recovery");
  json_builder_add_boolean_value (builder, state.in_recovery);
  json_builder_set_member_name (builder, "running");
  json_builder_add_boolean_value (builder, emu_board_get_running (state.board));
  json_builder_set_member_name (builder, "blinks");
  json_builder_add_int_value (builder, state.blinks);
  json_builder_set_member_name (builder, "deviceId");
  json_builder_add_string_value (builder, emu_board_get_device_id (state.board));
  json_builder_set_member_name (builder, "manufacturingState");
  json_builder_add_string_value (builder, lks_enum_to_nick (EMU_TYPE_MANUFACTURING_STATE,
                                                            emu_board_get_state (state.board)));
  json_builder_set_member_name (builder, "locked");
  json_builder_add_boolean_value (builder, emu_board_get_locked (state.board));
  json_builder_set_member_name (builder, "uptime");
  json_builder_add_int_value (builder, emu_board_get_uptime_s (state.board));
  json_builder_end_object (builder);
}

static gboolean
list (EmuJig *jig, JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "boards");
  json_builder_begin_array (builder);
  for (guint i = 0; i < emu_jig_get_n_places (jig); i++)
    describe (jig, i, builder);
  json_builder_end_array (builder);
  return TRUE;
}

static gboolean
add_fault (EmuJig *jig, guint board, LksJson *json, JsonObject *request, GError **error)
{
  g_autoptr (EmuFault) fault = NULL;
  JsonObject *object;

  if (!lks_json_read_object (json, request, "fault", &object, error))
    return FALSE;

  fault = emu_fault_parse (json, object, error);
  if (fault == NULL)
    return FALSE;

  emu_jig_add_fault (jig, board, fault);
  return TRUE;
}

static gboolean
set_pace (EmuJig *jig, guint board, LksJson *json, JsonObject *request, GError **error)
{
  gint64 pace;

  if (!lks_json_read_int (json, request, "bytesPerSecond", 0, PACE_MAX, &pace, error))
    return FALSE;

  emu_jig_set_pace (jig, board, pace);
  return TRUE;
}

static gboolean
swap (EmuJig *jig, guint board, LksJson *json, JsonObject *request, GError **error)
{
  gint64 other;

  if (!lks_json_read_int (json, request, "with", 0, (gint64) emu_jig_get_n_places (jig) - 1, &other,
                          error))
    return FALSE;
  if (emu_jig_swap (jig, board, (guint) other))
    return TRUE;

  lks_json_set_error (json, json_object_get_member (request, "with"), error,
                      "unplug both boards before they are swapped");
  return FALSE;
}

static gboolean
renew (EmuJig *jig, guint board, LksJson *json, JsonObject *request, GError **error)
{
  if (emu_jig_renew (jig, board))
    return TRUE;

  lks_json_set_error (json, json_object_get_member (request, "board"), error,
                      "unplug the board before the next one takes its place");
  return FALSE;
}

static gboolean
run_on_board (EmuJig *jig,
              const char *command,
              guint board,
              LksJson *json,
              JsonObject *request,
              JsonBuilder *builder,
              GError **error)
{
  if (g_str_equal (command, "plug"))
    emu_jig_plug (jig, board);
  else if (g_str_equal (command, "unplug"))
    emu_jig_unplug (jig, board);
  else if (g_str_equal (command, "reset"))
    emu_jig_reset (jig, board);
  else if (g_str_equal (command, "clear"))
    emu_jig_clear_faults (jig, board);
  else if (g_str_equal (command, "swap"))
    return swap (jig, board, json, request, error);
  else if (g_str_equal (command, "renew"))
    return renew (jig, board, json, request, error);
  else if (g_str_equal (command, "pace"))
    return set_pace (jig, board, json, request, error);
  else if (g_str_equal (command, "fault"))
    return add_fault (jig, board, json, request, error);
  else if (g_str_equal (command, "state"))
    {
      json_builder_set_member_name (builder, "board");
      describe (jig, board, builder);
    }
  else
    {
      lks_json_set_error (json, json_object_get_member (request, "command"), error,
                          "no command “%s”; there are list, state, plug, unplug, swap, renew, "
                          "reset, pace, fault, clear and those of the cloud",
                          command);
      return FALSE;
    }
  return TRUE;
}

static gboolean
run_in_cloud (EmuCloud *cloud,
              const char *command,
              LksJson *json,
              JsonObject *request,
              JsonBuilder *builder,
              GError **error)
{
  if (cloud != NULL)
    return emu_cloud_run_command (cloud, command, json, request, builder, error);

  lks_json_set_error (json, json_object_get_member (request, "command"), error,
                      "“%s”: the emulator was started without --cloud", command);
  return FALSE;
}

static gboolean
run (EmuJig *jig,
     EmuCloud *cloud,
     const char *line,
     gsize size_bytes,
     JsonBuilder *builder,
     GError **error)
{
  static const char *const known[] = { "command", "board",    "fault", "bytesPerSecond",
                                       "with",    "userCode", NULL };
  g_autoptr (LksJson) json = lks_json_parse ("request", line, size_bytes, LINE_MAX_BYTES, error);
  JsonObject *request = json != NULL ? lks_json_get_root_object (json, error) : NULL;
  g_autofree char *command = NULL;
  gint64 board;

  if (request == NULL || !lks_json_check_members (json, request, known, error) ||
      !lks_json_read_string (json, request, "command", &command, error))
    return FALSE;
  if (g_str_equal (command, "list"))
    return list (jig, builder);
  if (emu_cloud_has_command (command))
    return run_in_cloud (cloud, command, json, request, builder, error);
  if (!lks_json_read_int (json, request, "board", 0, (gint64) emu_jig_get_n_places (jig) - 1,
                          &board, error))
    return FALSE;

  return run_on_board (jig, command, board, json, request, builder, error);
}

static char *
refuse (const GError *error)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_boolean_member (object, "ok", FALSE);
  json_object_set_string_member (object, "error", error->message);
  json_node_set_object (root, object);
  return json_to_string (root, FALSE);
}

/**
 * emu_control_answer:
 * @jig: a jig
 * @cloud: (nullable): a cloud
 * @line: one request, without the line's end
 * @size_bytes: its size
 *
 * Does what a request asks for.
 *
 * Returns: (transfer full): the answer, one line without its end
 */
char *
emu_control_answer (EmuJig *jig, EmuCloud *cloud, const char *line, gsize size_bytes)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, TRUE);
  if (!run (jig, cloud, line, size_bytes, builder, &error))
    return refuse (error);

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* ---- the socket ---- */

static void
visitor_free (gpointer data)
{
  Visitor *visitor = data;

  emu_fd_watch_free (visitor->watch);
  close (visitor->fd);
  g_byte_array_unref (visitor->received);
  g_free (visitor);
}

/* FALSE: the visitor does not read what it asked for. */
static gboolean
send_answer (Visitor *visitor, const char *answer)
{
  g_autofree char *line = g_strconcat (answer, "\n", NULL);
  gsize size = strlen (line);

  return send (visitor->fd, line, size, MSG_DONTWAIT | MSG_NOSIGNAL) == (gssize) size;
}

static gboolean
answer_lines (Visitor *visitor)
{
  GByteArray *received = visitor->received;
  const guint8 *end;

  while (received->len > 0 && (end = memchr (received->data, '\n', received->len)) != NULL)
    {
      gsize size = end - received->data;
      g_autofree char *answer = emu_control_answer (visitor->control->jig, visitor->control->cloud,
                                                    (const char *) received->data, size);

      g_byte_array_remove_range (received, 0, size + 1);
      if (!send_answer (visitor, answer))
        return FALSE;
    }
  return received->len <= LINE_MAX_BYTES;
}

static void
ready_cb (GIOCondition condition, gpointer user_data)
{
  Visitor *visitor = user_data;
  guint8 bytes[4096];
  gssize n = recv (visitor->fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n > 0)
    g_byte_array_append (visitor->received, bytes, n);
  if (n <= 0 || !answer_lines (visitor))
    g_hash_table_remove (visitor->control->visitors, visitor);
}

static void
accept_cb (GIOCondition condition, gpointer user_data)
{
  EmuControl *self = user_data;
  int fd = accept4 (g_socket_get_fd (self->socket), NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  Visitor *visitor;

  if (fd < 0)
    return;

  visitor = g_new0 (Visitor, 1);
  visitor->control = self;
  visitor->fd = fd;
  visitor->received = g_byte_array_new ();
  visitor->watch =
      emu_fd_watch_new (g_main_context_get_thread_default (), fd, G_IO_IN, ready_cb, visitor);
  g_hash_table_add (self->visitors, visitor);
}

/* A socket nobody listens on is what a killed emulator left behind. */
static gboolean
is_left_over (const char *path)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf stat;

  if (g_lstat (path, &stat) != 0 || !S_ISSOCK (stat.st_mode))
    return FALSE;

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
  return socket != NULL && !g_socket_connect (socket, address, NULL, &error) &&
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static GSocket *
listen_at (const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, error);
  mode_t mask;
  gboolean bound;

  if (socket == NULL)
    return NULL;

  if (is_left_over (path))
    g_unlink (path);
  address = g_unix_socket_address_new (path);
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  mask = umask (0077);
  bound = g_socket_bind (socket, address, FALSE, error) && g_socket_listen (socket, error);
  umask (mask);
  if (!bound)
    {
      g_prefix_error (error, "cannot listen at %s, give --control another path: ", path);
      return NULL;
    }
  return g_steal_pointer (&socket);
}

/**
 * emu_control_new:
 * @jig: a jig that outlives the socket
 * @cloud: (nullable): a cloud that does so, too
 * @path: (type filename): where to listen; only this user may connect
 * @error: return location for an error
 *
 * Returns: (transfer full): a control socket, or %NULL
 */
EmuControl *
emu_control_new (EmuJig *jig, EmuCloud *cloud, const char *path, GError **error)
{
  g_autoptr (GSocket) socket = listen_at (path, error);
  EmuControl *self;

  if (socket == NULL)
    return NULL;

  self = g_new0 (EmuControl, 1);
  self->jig = jig;
  self->cloud = cloud;
  self->path = g_strdup (path);
  self->socket = g_steal_pointer (&socket);
  self->visitors = g_hash_table_new_full (NULL, NULL, visitor_free, NULL);
  self->watch = emu_fd_watch_new (g_main_context_get_thread_default (),
                                  g_socket_get_fd (self->socket), G_IO_IN, accept_cb, self);
  return self;
}

/**
 * emu_control_free:
 * @self: (transfer full) (nullable): a control socket
 *
 * Sends visitors away and removes the socket.
 */
void
emu_control_free (EmuControl *self)
{
  if (self == NULL)
    return;

  emu_fd_watch_free (self->watch);
  g_hash_table_unref (self->visitors);
  g_unlink (self->path);
  g_object_unref (self->socket);
  g_free (self->path);
  g_free (self);
}
