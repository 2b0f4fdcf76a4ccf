/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Debugging: who may start it, the two ports, the debugger's protocol, and every end of it. */
#include "world.h"

#include "emu-debug.h"
#include "emu-gdb.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>

#define APP "a0000000-0000-4000-8000-00000000000a"
#define OTHER "b0000000-0000-4000-8000-00000000000b"
#define SERVER "d0000000-0000-4000-8000-00000000000d"
#define IMAGES                                                                                     \
  "\"capabilities\":[11],\"images\":[{\"name\":\"App\",\"componentId\":\"" APP                     \
  "\"},{\"name\":\"Other\",\"componentId\":\"" OTHER                                               \
  "\"},{\"name\":\"gdbserver\",\"componentId\":\"" SERVER "\"}]"
#define FAST                                                                                       \
  ",\"applicationOutput\":{\"lines\":[\"line {n}\",\"\\u001b[1m{n}\"],\"perSecond\":1000}"
#define DEBUGGING "{\"state\":\"debugging\",\"gdbPort\":2345,\"outPort\":2342}"
#define CONTINUE "$c#63"

static void
patch (World *world, const char *component_id, const char *trigger, guint status, const char *text)
{
  g_autofree char *request = g_strconcat ("PATCH /app/status/", component_id, NULL);
  g_autofree char *body = g_strdup_printf ("{\"trigger\":\"%s\"}", trigger);

  world_expect (world, request, body, status, text);
}

static void
patch_error (World *world, const char *component_id, const char *trigger, int number)
{
  g_autofree char *text = g_strdup_printf ("{\"error\":%d}", number);

  patch (world, component_id, trigger, 409, text);
}

static void
expect_state (World *world, const char *state)
{
  g_autofree char *text = g_strdup_printf ("{\"state\":\"%s\"}", state);

  world_expect (world, "GET /app/status/" APP, NULL, 200, text);
}

/* ---- the protocol ---- */

static void
note_wish_cb (EmuGdbWish wish, gpointer user_data)
{
  g_string_append_c (user_data, "RHKD"[wish]);
}

static void
test_protocol (void)
{
  static const struct
  {
    const char *in;
    const char *out;
    const char *wishes;
  } cases[] = {
    { "$?#3f", "+$S05#b8", "" },
    { "+$qAttached#8f", "+$0#30", "" },
    { "$qNobodyKnows#aa", "-", "" }, /* wrong sum */
    { "$vCont;c#a8", "+", "R" },
    { CONTINUE, "+", "R" },
    { "\x03", "$S02#b5", "H" },
    { "$D;1#b0", "+$OK#9a", "D" },
    { "$k#6b", "+", "K" },
    { "$vKill;1#6e", "+$OK#9a", "K" },
    { "$m0,4#fd", "+$00000000#80", "" },
    { "$m0#9d", "+$E01#a6", "" },
    { "rubbish$?#3f", "+$S05#b8", "" },
    { "$?$?#3f", "", "" }, /* a packet inside another is none */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) wishes = g_string_new (NULL);
      g_autoptr (GByteArray) reply = g_byte_array_new ();
      g_autoptr (EmuGdb) gdb = emu_gdb_new (note_wish_cb, wishes);

      emu_gdb_feed (gdb, (const guint8 *) cases[i].in, strlen (cases[i].in), reply);
      g_byte_array_append (reply, (const guint8 *) "", 1);
      g_test_message ("%s: %s", cases[i].in, (char *) reply->data);
      g_assert_cmpstr ((char *) reply->data, ==, cases[i].out);
      g_assert_cmpstr (wishes->str, ==, cases[i].wishes);
    }
}

static void
test_protocol_no_ack (void)
{
  static const char in[] = "$QStartNoAckMode#b0$?#3f";
  g_autoptr (GString) wishes = g_string_new (NULL);
  g_autoptr (GByteArray) reply = g_byte_array_new ();
  g_autoptr (EmuGdb) gdb = emu_gdb_new (note_wish_cb, wishes);

  emu_gdb_feed (gdb, (const guint8 *) in, strlen (in), reply);
  g_byte_array_append (reply, (const guint8 *) "", 1);
  g_assert_cmpstr ((char *) reply->data, ==, "+$OK#9a$S05#b8");
}

/* ---- the ports ---- */

typedef struct
{
  GIOStream *stream; /* (owned): our end */
  GString *text;     /* (owned): what came */
  gboolean ended;
} Peer;

static Peer *
peer_new (World *world, guint16 port)
{
  Peer *self = g_new0 (Peer, 1);
  g_autoptr (GSocket) theirs = NULL;
  g_autoptr (GSocket) ours = NULL;
  g_autoptr (GSocketConnection) their_stream = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  ours = g_socket_new_from_fd (fds[0], NULL);
  theirs = g_socket_new_from_fd (fds[1], NULL);
  self->stream = G_IO_STREAM (g_socket_connection_factory_create_connection (ours));
  self->text = g_string_new (NULL);
  their_stream = g_socket_connection_factory_create_connection (theirs);
  emu_board_serve_port (world->board, port, G_IO_STREAM (their_stream));
  return self;
}

static void
peer_free (Peer *self)
{
  g_io_stream_close (self->stream, NULL, NULL);
  g_object_unref (self->stream);
  g_string_free (self->text, TRUE);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)

static void
take (Peer *self)
{
  char buffer[4096];
  gssize n = 1;

  while (n > 0)
    {
      g_autoptr (GError) error = NULL;

      n = g_pollable_input_stream_read_nonblocking (
          G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->stream)), buffer,
          sizeof buffer, NULL, &error);
      if (n > 0)
        g_string_append_len (self->text, buffer, n);
      else if (n == 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        self->ended = TRUE;
    }
}

static void
say (Peer *self, const char *text)
{
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), text,
                                            strlen (text), NULL, NULL, NULL));
}

static gboolean
wake_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for (Peer *self, const char *text)
{
  guint id = g_timeout_add (5, wake_cb, NULL);

  while (strstr (self->text->str, text) == NULL)
    {
      g_main_context_iteration (NULL, TRUE);
      take (self);
    }
  g_source_remove (id);
}

static void
wait_for_end (Peer *self)
{
  guint id = g_timeout_add (5, wake_cb, NULL);

  while (!self->ended)
    {
      g_main_context_iteration (NULL, TRUE);
      take (self);
    }
  g_source_remove (id);
}

static void
test_output (void)
{
  g_autoptr (World) world = world_new (IMAGES FAST);
  g_autoptr (Peer) reader = NULL;
  g_autoptr (Peer) debugger = NULL;

  g_assert_false (emu_board_get_debugging (world->board));
  patch (world, APP, "startDebug", 200, DEBUGGING);
  g_assert_true (emu_board_get_debugging (world->board));
  expect_state (world, "debugging");

  reader = peer_new (world, EMU_DEBUG_OUTPUT_PORT);
  debugger = peer_new (world, EMU_DEBUG_DEBUGGER_PORT);
  wait_for (reader, "Remote debugging from host 192.168.35.1, port ");
  say (debugger, "$?#3f");
  wait_for (debugger, "+$S05#b8");
  take (reader);
  g_assert_null (strstr (reader->text->str, "line 1")); /* held so far */
  say (debugger, CONTINUE);
  wait_for (reader, "line 1\n\x1b[1m2\nline 3\n");

  patch (world, APP, "stop", 200, "{\"state\":\"stopped\"}");
  wait_for_end (reader);
  wait_for_end (debugger);
  g_assert_false (emu_board_get_debugging (world->board));
}

static void
test_runs_at_once (void)
{
  g_autoptr (World) world = world_new (IMAGES FAST ",\"behaviour\":{\"debugWaits\":false}");
  g_autoptr (Peer) reader = NULL;

  patch (world, APP, "startDebug", 200, DEBUGGING);
  reader = peer_new (world, EMU_DEBUG_OUTPUT_PORT);
  wait_for (reader, "line ");
}

/* A reader that does not read holds the program up; nothing is lost. */
static void
test_slow_reader (void)
{
  static const char members[] =
      IMAGES ",\"applicationOutput\":{\"lines\":[\"{n}\"],\"perSecond\":100000}";
  g_autoptr (World) world = world_new (members);
  g_autoptr (Peer) reader = NULL;
  g_autoptr (Peer) debugger = NULL;
  guint expected = 1;

  patch (world, APP, "startDebug", 200, DEBUGGING);
  reader = peer_new (world, EMU_DEBUG_OUTPUT_PORT);
  debugger = peer_new (world, EMU_DEBUG_DEBUGGER_PORT);
  say (debugger, CONTINUE);
  wait_for (reader, "\n30000\n");

  for (char *line = strchr (reader->text->str, '\n') + 1; expected <= 30000; expected++)
    {
      g_assert_cmpuint (g_ascii_strtoull (line, NULL, 10), ==, expected);
      line = strchr (line, '\n') + 1;
    }
}

static void
test_exit (void)
{
  static const char members[] = IMAGES ",\"applicationOutput\":{\"perSecond\":1000,"
                                       "\"exitAfterLines\":3,\"exitCode\":7}";
  g_autoptr (World) world = world_new (members);
  g_autoptr (Peer) reader = NULL;
  g_autoptr (Peer) debugger = NULL;

  patch (world, APP, "startDebug", 200, DEBUGGING);
  reader = peer_new (world, EMU_DEBUG_OUTPUT_PORT);
  debugger = peer_new (world, EMU_DEBUG_DEBUGGER_PORT);
  say (debugger, CONTINUE);
  wait_for (debugger, "$W07#be");
  wait_for_end (reader);
  g_assert_nonnull (strstr (reader->text->str, "Line 3 of"));
  g_assert_null (strstr (reader->text->str, "Line 4 of"));
  expect_state (world, "stopped");
}

/* What crashes is still there, for the debugger to look at. */
static void
test_crash (void)
{
  static const char members[] = IMAGES ",\"applicationOutput\":{\"perSecond\":1000,"
                                       "\"exitAfterLines\":3,\"exitSignal\":11}";
  g_autoptr (World) world = world_new (members);
  g_autoptr (Peer) reader = NULL;
  g_autoptr (Peer) debugger = NULL;

  patch (world, APP, "startDebug", 200, DEBUGGING);
  reader = peer_new (world, EMU_DEBUG_OUTPUT_PORT);
  debugger = peer_new (world, EMU_DEBUG_DEBUGGER_PORT);
  say (debugger, CONTINUE);
  wait_for (debugger, "$T0b#e6");
  wait_for (reader, "Line 3 of");
  expect_state (world, "debugging");
  say (debugger, "$k#6b");
  wait_for_end (reader);
  expect_state (world, "stopped");
}

static void
test_debugger_leaves (void)
{
  g_autoptr (World) world = world_new (IMAGES FAST);
  g_autoptr (Peer) reader = NULL;
  g_autoptr (Peer) first = NULL;
  g_autoptr (Peer) second = NULL;
  g_autoptr (Peer) third = NULL;

  patch (world, APP, "startDebug", 200, DEBUGGING);
  reader = peer_new (world, EMU_DEBUG_OUTPUT_PORT);
  first = peer_new (world, EMU_DEBUG_DEBUGGER_PORT);
  second = peer_new (world, EMU_DEBUG_DEBUGGER_PORT);
  wait_for_end (second); /* there is one already */

  say (first, CONTINUE);
  wait_for (reader, "line 1\n");
  g_clear_pointer (&first, peer_free); /* vanishes: the program is held */
  while (strstr (reader->text->str, "line 9999") == NULL && third == NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      third = peer_new (world, EMU_DEBUG_DEBUGGER_PORT);
      say (third, "$?#3f");
      take (third);
      if (third->ended)
        g_clear_pointer (&third, peer_free); /* not noticed yet */
    }
  wait_for (third, "$S05#b8");
  say (third, "$D#44");
  wait_for_end (reader);
  expect_state (world, "running");
}

static void
test_refusals (void)
{
  g_autoptr (World) world = world_new (IMAGES);
  g_autoptr (World) bare = world_new ("\"capabilities\":[11],\"images\":[{\"name\":\"App\","
                                      "\"componentId\":\"" APP "\"}]");
  g_autoptr (Peer) early = peer_new (world, EMU_DEBUG_OUTPUT_PORT);

  wait_for_end (early);
  patch_error (bare, APP, "startDebug", 3145738);
  patch_error (world, SERVER, "startDebug", 3145739);
  patch_error (world, SERVER, "start", 3145740);
  patch_error (world, SERVER, "stop", 3145741);
  patch (world, APP, "startDebug", 200, DEBUGGING);
  patch_error (world, OTHER, "startDebug", 14680075);
  patch (world, APP, "startDebug", 200, DEBUGGING);
  patch (world, OTHER, "stop", 200, "{\"state\":\"stopped\"}");
  g_assert_true (emu_board_get_debugging (world->board));
  world_expect (world, "DELETE /app/image/" APP, NULL, 200, "{}");
  g_assert_false (emu_board_get_debugging (world->board));
}

static void
test_restart (void)
{
  g_autoptr (World) world = world_new (IMAGES);

  patch (world, APP, "startDebug", 200, DEBUGGING);
  emu_board_press_reset (world->board);
  g_assert_false (emu_board_get_debugging (world->board));
  world_wait_running (world, TRUE);
  expect_state (world, "running");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emulator/debug/protocol", test_protocol);
  g_test_add_func ("/emulator/debug/protocol-no-ack", test_protocol_no_ack);
  g_test_add_func ("/emulator/debug/output", test_output);
  g_test_add_func ("/emulator/debug/runs-at-once", test_runs_at_once);
  g_test_add_func ("/emulator/debug/slow-reader", test_slow_reader);
  g_test_add_func ("/emulator/debug/exit", test_exit);
  g_test_add_func ("/emulator/debug/crash", test_crash);
  g_test_add_func ("/emulator/debug/debugger-leaves", test_debugger_leaves);
  g_test_add_func ("/emulator/debug/refusals", test_refusals);
  g_test_add_func ("/emulator/debug/restart", test_restart);

  return world_run ();
}
