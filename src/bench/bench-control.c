/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-control.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "bench-wire.h"
#include "lks-json.h"

#define ANSWER_TIMEOUT_S 10
#define ANSWER_MAX_BYTES (256 * 1024)

/* One request, one line of answer. */
static LksJson *
ask (GIOStream *stream, GDataInputStream *lines, const char *request, GError **error)
{
  g_autofree char *line = g_strconcat (request, "\n", NULL);
  g_autofree char *answer = NULL;
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  gsize size;

  if (!g_output_stream_write_all (out, line, strlen (line), NULL, NULL, error))
    return NULL;

  answer = g_data_input_stream_read_line (lines, &size, NULL, error);
  if (answer == NULL && error != NULL && *error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                         "The emulator closed the connection");
  return answer != NULL ? lks_json_parse ("answer", answer, size, ANSWER_MAX_BYTES, error) : NULL;
}

static gboolean
check_ok (LksJson *json, JsonObject *answer, GError **error)
{
  g_autofree char *reason = NULL;
  gboolean ok;

  if (!lks_json_read_boolean (json, answer, "ok", &ok, error))
    return FALSE;
  if (ok)
    return TRUE;

  if (lks_json_read_string (json, answer, "error", &reason, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, reason);
  return FALSE;
}

/* The emulator's number of the board with @busid, -1 on error. */
static gint64
find_board (LksJson *json, const char *busid, GError **error)
{
  JsonObject *answer = lks_json_get_root_object (json, error);
  JsonArray *boards;

  if (answer == NULL || !check_ok (json, answer, error) ||
      !lks_json_read_array (json, answer, "boards", &boards, error))
    return -1;

  for (guint i = 0; i < json_array_get_length (boards); i++)
    {
      JsonNode *node = json_array_get_element (boards, i);
      g_autofree char *found = NULL;
      gint64 board;

      if (!JSON_NODE_HOLDS_OBJECT (node) ||
          !lks_json_read_string (json, json_node_get_object (node), "busid", &found, error) ||
          !lks_json_read_int (json, json_node_get_object (node), "board", 0, G_MAXINT, &board,
                              error))
        return -1;
      if (strcmp (found, busid) == 0)
        return board;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The emulator has no board at %s", busid);
  return -1;
}

static gboolean
run_on (GIOStream *stream, const char *command, const char *busid, GError **error)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_io_stream_get_input_stream (stream));
  g_autoptr (LksJson) list = ask (stream, lines, "{\"command\": \"list\"}", error);
  g_autoptr (LksJson) done = NULL;
  g_autofree char *request = NULL;
  gint64 board = list != NULL ? find_board (list, busid, error) : -1;
  JsonObject *answer;

  if (board < 0)
    return FALSE;

  request =
      g_strdup_printf ("{\"command\": \"%s\", \"board\": %" G_GINT64_FORMAT "}", command, board);
  done = ask (stream, lines, request, error);
  answer = done != NULL ? lks_json_get_root_object (done, error) : NULL;
  return answer != NULL && check_ok (done, answer, error);
}

/**
 * bench_control_run:
 * @runtime_dir: directory of a running launcher that started its emulator
 * @command: "plug" or "unplug"
 * @place: a place as programs see it: "1-2"
 * @error: return location for an error
 *
 * Does what a hand at the cable would do. Blocks, some seconds at most.
 *
 * Returns: whether the emulator did it
 */
gboolean
bench_control_run (const char *runtime_dir, const char *command, const char *place, GError **error)
{
  g_autofree char *path = g_build_filename (runtime_dir, BENCH_WIRE_CONTROL_SOCKET, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) reason = NULL;

  g_socket_client_set_timeout (client, ANSWER_TIMEOUT_S);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &reason);
  if (connection != NULL && run_on (G_IO_STREAM (connection), command, place, &reason))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot %s %s: %s", command, place,
               reason->message);
  return FALSE;
}
