/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The output of applications, and debuggers, with a board that is a pair of sockets. */
#include "lks-app-console.h"
#include "lks-gdb-runner.h"
#include "lks-output-text.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define GDB_PORT 2345
#define OUT_PORT 2342
#define WHY "+$?#3f"
#define GO "+$c#63"

/* ---- text ---- */

typedef struct
{
  const char *bytes;
  const char *text;
} TextCase;

static const TextCase texts[] = {
  { "plain\n", "plain\n" },
  { "one\r\ntwo\r\n", "one\ntwo\n" },
  { "10%\r20%\r\n", "10%\n20%\n" },
  { "tab\there\n", "tab\there\n" },
  { "r\303\266hre \342\202\254 \360\237\224\221\n", "röhre € 🔑\n" },
  { "\033[31mred\033[0m\n", "\357\277\275[31mred\357\277\275[0m\n" },
  { "bell\a, delete\177\n", "bell\357\277\275, delete\357\277\275\n" },
  { "cut \303 off\n", "cut \357\277\275 off\n" },
  { "cut \342\202\n", "cut \357\277\275\n" },
  { "alone \200\200\n", "alone \357\277\275\357\277\275\n" },
  { "long form \300\257\n", "long form \357\277\275\357\277\275\n" },
  { "surrogate \355\240\200\n", "surrogate \357\277\275\n" },
  { "half \342\202", "half " },
};

static void
test_text (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const TextCase *c = &texts[i];
      g_autoptr (LksOutputText) whole = lks_output_text_new ();
      g_autoptr (LksOutputText) pieces = lks_output_text_new ();
      g_autoptr (GString) joined = g_string_new (NULL);
      const guint8 *bytes = (const guint8 *) c->bytes;

      g_assert_cmpstr (lks_output_text_feed (whole, bytes, strlen (c->bytes)), ==, c->text);
      for (gsize at = 0; at < strlen (c->bytes); at++)
        g_string_append (joined, lks_output_text_feed (pieces, bytes + at, 1));
      g_assert_cmpstr (joined->str, ==, c->text);
    }
}

/* Zero bytes are no ends. */
static void
test_zero (void)
{
  g_autoptr (LksOutputText) text = lks_output_text_new ();

  g_assert_cmpstr (lks_output_text_feed (text, (const guint8 *) "a\0b\n", 4), ==,
                   "a\357\277\275b\n");
}

/* A line without an end is not one for ever. */
static void
test_long (void)
{
  g_autoptr (LksOutputText) text = lks_output_text_new ();
  g_autofree char *line = g_strnfill (LKS_OUTPUT_TEXT_LINE_MAX, 'x');
  g_autofree char *more = g_strdup_printf ("%s\n%s", line, line);
  g_autofree char *expected = g_strdup_printf ("%s\n%s\ny", line, line);
  g_autoptr (GString) all = g_string_new (NULL);

  g_string_append (all, lks_output_text_feed (text, (const guint8 *) more, strlen (more)));
  g_string_append (all, lks_output_text_feed (text, (const guint8 *) "y", 1));
  g_assert_cmpstr (all->str, ==, expected);
}

/* ---- letting a program run ---- */

typedef struct
{
  const char *says; /* the debug server */
  const char *sent; /* to it, after the question */
  const char *news; /* letters with numbers */
} RunnerCase;

static const RunnerCase runners[] = {
  { "+$T05thread:p1.1;#a6", GO, "R0 " },
  { "+$S05#b8", GO, "R0 " },
  { "+$S05#b8+$W00#b7", GO "+", "R0 E0 " },
  { "+$S05#b8+$W2a#ea", GO "+", "R0 E42 " },
  { "+$S05#b8+$X09#c1", GO "+", "R0 K9 " },
  { "+$S05#b8+$T0b#e6", GO "+", "R0 S11 " },
  /* an error, and what was not asked for */
  { "+$E01#a6", "+", "F1 " },
  { "+$OK#9a$#00$Onothing#46", "+++", "" },
  /* a wrong sum is sent again, and so is what the server did not get */
  { "$S05#b9$S05#b8", "-" GO, "R0 " },
  { "$S05#zz", "-", "" },
  { "-$S05#b8-", "$?#3f" GO "$c#63", "R0 " },
  { "----------", "$?#3f$?#3f$?#3f$?#3f$?#3f$?#3f$?#3f$?#3f", "" },
  /* a packet that begins anew */
  { "$S0$S05#b8", GO, "R0 " },
  { "$S05", "", "" },
};

static void
runner_cb (LksGdbNews news, guint number, gpointer user_data)
{
  static const char letters[] = { 'R', 'S', 'E', 'K', 'F' };

  g_string_append_printf (user_data, "%c%u ", letters[news], number);
}

static void
run_case (const RunnerCase *c, gboolean in_bytes)
{
  g_autoptr (GString) news = g_string_new (NULL);
  g_autoptr (LksGdbRunner) runner = lks_gdb_runner_new (LKS_GDB_WISH_RUN, runner_cb, news);
  g_autoptr (GByteArray) sent = g_byte_array_new ();
  const guint8 *says = (const guint8 *) c->says;
  gsize step = in_bytes ? 1 : strlen (c->says);

  lks_gdb_runner_ask (runner, sent);
  for (gsize at = 0; at < strlen (c->says); at += step)
    lks_gdb_runner_feed (runner, says + at, step, sent);
  g_byte_array_append (sent, (const guint8 *) "", 1);

  g_assert_true (g_str_has_prefix ((const char *) sent->data, WHY));
  g_assert_cmpstr ((const char *) sent->data + strlen (WHY), ==, c->sent);
  g_assert_cmpstr (news->str, ==, c->news);
}

static void
test_runner (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (runners); i++)
    {
      run_case (&runners[i], FALSE);
      run_case (&runners[i], TRUE);
    }
}

/* What never ends is not kept. */
static void
test_runner_flood (void)
{
  g_autoptr (GString) news = g_string_new (NULL);
  g_autoptr (LksGdbRunner) runner = lks_gdb_runner_new (LKS_GDB_WISH_RUN, runner_cb, news);
  g_autoptr (GByteArray) sent = g_byte_array_new ();

  lks_gdb_runner_feed (runner, (const guint8 *) "$S05", 4, sent);
  for (guint i = 0; i < 100000; i++)
    lks_gdb_runner_feed (runner, (const guint8 *) "xxxxxxxxxx", 10, sent);
  g_assert_cmpuint (sent->len, ==, 0);
}

/* ---- the console ---- */

typedef struct
{
  LksAppConsole console;
  GCancellable *cancellable; /* (owned) */
  GThread *thread;           /* (owned) (nullable): of the console */
  GError *error;             /* (owned) (nullable): what it ended with */
  gboolean is_ok;
  int output_fd;           /* the board's end */
  GAsyncQueue *server_fds; /* (owned): the board's end of each connection of a debugger, plus 1 */
  GAsyncQueue *news;       /* (owned) (element-type utf8): what was told, output in quotes */
  gint is_refusing;        /* whether the debug server refuses */
  char *folder;            /* (owned) */
  char *socket_path;       /* (owned) */
} Fixture;

static int
connect_cb (guint16 port, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Fixture *self = user_data;
  int fds[2];

  if (port == GDB_PORT && g_atomic_int_get (&self->is_refusing))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");
      return -1;
    }

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  if (port == OUT_PORT)
    self->output_fd = fds[1];
  else
    g_async_queue_push (self->server_fds, GINT_TO_POINTER (fds[1] + 1));
  return fds[0];
}

static void
news_cb (LksConsoleNews news,
         guint number,
         const guint8 *data,
         gsize size_bytes,
         gpointer user_data)
{
  static const char *const words[] = { "output", "listening", "came",   "left",   "refused",
                                       "runs",   "stopped",   "exited", "killed", "closed" };
  Fixture *self = user_data;

  g_async_queue_push (self->news, news == LKS_CONSOLE_NEWS_OUTPUT
                                      ? g_strdup_printf ("“%.*s”", (int) size_bytes, data)
                                      : g_strdup_printf ("%s", words[news]));
}

static gpointer
console_thread (gpointer user_data)
{
  Fixture *self = user_data;

  self->is_ok = lks_app_console_run (&self->console, self->cancellable, &self->error);
  return NULL;
}

static void
set_up (Fixture *self, gconstpointer is_bridged)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("locksmith-console-XXXXXX", &error);
  g_assert_no_error (error);
  self->socket_path = g_build_filename (self->folder, "gdb", NULL);
  self->console = (LksAppConsole){
    .gdb_port = GDB_PORT,
    .out_port = OUT_PORT,
    .connect = connect_cb,
    .connect_data = self,
    .was_running = TRUE,
    .socket_path = GPOINTER_TO_INT (is_bridged) ? self->socket_path : NULL,
    .func = news_cb,
    .user_data = self,
  };
  self->cancellable = g_cancellable_new ();
  self->output_fd = -1;
  self->server_fds = g_async_queue_new ();
  self->news = g_async_queue_new_full (g_free);
}

static void
start (Fixture *self)
{
  self->thread = g_thread_new ("console", console_thread, self);
}

static void
join (Fixture *self)
{
  g_thread_join (g_steal_pointer (&self->thread));
}

static void
tear_down (Fixture *self, gconstpointer is_bridged)
{
  g_assert_null (self->thread);
  if (self->output_fd >= 0)
    close (self->output_fd);
  g_clear_error (&self->error);
  g_object_unref (self->cancellable);
  g_async_queue_unref (self->server_fds);
  g_async_queue_unref (self->news);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0); /* nothing is left behind */
  g_free (self->folder);
  g_free (self->socket_path);
}

static void
expect_news (Fixture *self, const char *expected)
{
  g_autofree char *news = g_async_queue_pop (self->news);

  g_assert_cmpstr (news, ==, expected);
}

static int
take_server (Fixture *self)
{
  return GPOINTER_TO_INT (g_async_queue_pop (self->server_fds)) - 1;
}

static void
say (int fd, const char *text)
{
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
}

static void
hear (int fd, const char *expected)
{
  g_autofree char *heard = g_malloc0 (strlen (expected) + 1);

  for (gsize n = 0; n < strlen (expected);)
    {
      gssize got = read (fd, heard + n, strlen (expected) - n);

      g_assert_cmpint (got, >, 0);
      n += (gsize) got;
    }
  g_assert_cmpstr (heard, ==, expected);
}

static void
hear_end (int fd)
{
  char byte;

  g_assert_cmpint (read (fd, &byte, 1), <=, 0);
  close (fd);
}

static int
connect_locally (const Fixture *self)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, self->socket_path, sizeof address.sun_path);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

static void
test_run (Fixture *self, gconstpointer is_bridged)
{
  int server;

  start (self);
  server = take_server (self);
  hear (server, WHY);
  say (server, "+$T05thread:p1.1;#a6");
  hear (server, GO);
  expect_news (self, "runs");
  say (self->output_fd, "hello\n");
  expect_news (self, "“hello\n”");
  say (server, "$W03#ba");
  hear (server, "+");
  expect_news (self, "exited");
  /* the last words may come after the end is known */
  say (self->output_fd, "bye\n");
  expect_news (self, "“bye\n”");
  close (server);
  close (self->output_fd);
  self->output_fd = -1;
  expect_news (self, "closed");
  join (self);
  g_assert_no_error (self->error);
  g_assert_true (self->is_ok);
}

/* A board that does not end the output of a program that is over is not waited for. */
static void
test_left_open (Fixture *self, gconstpointer is_bridged)
{
  int server;

  start (self);
  server = take_server (self);
  hear (server, WHY);
  say (server, "+$S05#b8$X0b#EA");
  expect_news (self, "runs");
  expect_news (self, "killed");
  join (self);
  g_assert_true (self->is_ok);
  close (server);
}

static void
test_closed (Fixture *self, gconstpointer is_bridged)
{
  int server;

  start (self);
  server = take_server (self);
  hear (server, WHY);
  close (self->output_fd);
  self->output_fd = -1;
  expect_news (self, "closed");
  join (self);
  g_assert_true (self->is_ok);
  hear_end (server);
}

static void
test_cancelled (Fixture *self, gconstpointer is_bridged)
{
  int server;

  start (self);
  server = take_server (self);
  hear (server, WHY);
  g_cancellable_cancel (self->cancellable);
  join (self);
  g_assert_no_error (self->error);
  g_assert_true (self->is_ok);
  hear_end (server);
}

static void
test_refused (Fixture *self, gconstpointer is_bridged)
{
  g_atomic_int_set (&self->is_refusing, TRUE);
  start (self);
  join (self);
  g_assert_false (self->is_ok);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

/* The exit code comes although the output has ended before. */
static void
test_exit_last (Fixture *self, gconstpointer is_bridged)
{
  int server;

  start (self);
  server = take_server (self);
  hear (server, WHY);
  say (server, "+$S05#b8");
  expect_news (self, "runs");
  close (self->output_fd);
  self->output_fd = -1;
  expect_news (self, "closed");
  say (server, "$W00#b7");
  expect_news (self, "exited");
  join (self);
  g_assert_true (self->is_ok);
  close (server);
}

static gpointer
release_thread (gpointer user_data)
{
  Fixture *self = user_data;

  self->is_ok = lks_app_console_release (&self->console, self->cancellable, &self->error);
  return NULL;
}

/* Without the REST API: it goes on when it ran before, and is ended when not. A server that has not
 * noticed that its debugger left is asked again. */
static void
test_release (Fixture *self, gconstpointer is_bridged)
{
  int server;

  for (guint i = 0; i < 2; i++)
    {
      self->console.was_running = i == 0;
      self->thread = g_thread_new ("release", release_thread, self);
      close (take_server (self));
      server = take_server (self);
      hear (server, WHY);
      say (server, "+$T05thread:p1.1;#a6");
      hear (server, self->console.was_running ? "+$D#44" : "+$k#6b");
      close (server);
      join (self);
      g_assert_no_error (self->error);
      g_assert_true (self->is_ok);
    }
}

static void
test_release_refused (Fixture *self, gconstpointer is_bridged)
{
  g_atomic_int_set (&self->is_refusing, TRUE);
  self->thread = g_thread_new ("release", release_thread, self);
  join (self);
  g_assert_false (self->is_ok);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

/* Debuggers come and go; everything passes as it is. */
static void
test_bridge (Fixture *self, gconstpointer is_bridged)
{
  GStatBuf info;

  start (self);
  expect_news (self, "listening");
  g_assert_cmpint (g_stat (self->socket_path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  for (guint i = 0; i < 2; i++)
    {
      int debugger = connect_locally (self);
      int server = take_server (self);

      expect_news (self, "came");
      say (debugger, "$qSupported#37");
      hear (server, "$qSupported#37");
      say (server, "+$#00");
      hear (debugger, "+$#00");
      say (self->output_fd, "text");
      expect_news (self, "“text”");
      close (debugger);
      expect_news (self, "left");
      hear_end (server);
    }
  g_cancellable_cancel (self->cancellable);
  join (self);
  g_assert_true (self->is_ok);
}

/* A server that ends takes its debugger along, with its last words. */
static void
test_bridge_ends (Fixture *self, gconstpointer is_bridged)
{
  int debugger, server;

  start (self);
  expect_news (self, "listening");
  debugger = connect_locally (self);
  server = take_server (self);
  expect_news (self, "came");
  say (server, "$W00#b7");
  close (server);
  hear (debugger, "$W00#b7");
  hear_end (debugger);
  expect_news (self, "left");

  g_atomic_int_set (&self->is_refusing, TRUE);
  debugger = connect_locally (self);
  expect_news (self, "refused");
  hear_end (debugger);
  g_cancellable_cancel (self->cancellable);
  join (self);
  g_assert_true (self->is_ok);
}

/* A debugger that does not read makes nothing grow here, and loses nothing. */
static void
test_bridge_flood (Fixture *self, gconstpointer is_bridged)
{
  g_autofree char *block = g_strnfill (65536, 'x');
  gsize sent = 0, received = 0;
  int debugger, server;
  gssize n;

  start (self);
  expect_news (self, "listening");
  debugger = connect_locally (self);
  server = take_server (self);
  expect_news (self, "came");

  /* Everything between is full when the board's end waits this long. */
  for (GPollFD poll = { .fd = server, .events = G_IO_OUT }; g_poll (&poll, 1, 500) > 0;)
    {
      n = send (server, block, 65536, MSG_DONTWAIT);
      g_assert_cmpint (n, >, 0);
      sent += (gsize) n;
      g_assert_cmpuint (sent, <, 64 * 1024 * 1024);
    }
  while (received < sent)
    {
      n = read (debugger, block, 65536);
      g_assert_cmpint (n, >, 0);
      received += (gsize) n;
    }

  close (debugger);
  expect_news (self, "left");
  hear_end (server);
  g_cancellable_cancel (self->cancellable);
  join (self);
}

static void
add (const char *path, gboolean is_bridged, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, GINT_TO_POINTER (is_bridged), set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/text", test_text);
  g_test_add_func ("/console/text/zero", test_zero);
  g_test_add_func ("/console/text/long", test_long);
  g_test_add_func ("/console/runner", test_runner);
  g_test_add_func ("/console/runner/flood", test_runner_flood);
  add ("/console/run", FALSE, test_run);
  add ("/console/left-open", FALSE, test_left_open);
  add ("/console/closed", FALSE, test_closed);
  add ("/console/cancelled", FALSE, test_cancelled);
  add ("/console/refused", FALSE, test_refused);
  add ("/console/exit-last", FALSE, test_exit_last);
  add ("/console/release", FALSE, test_release);
  add ("/console/release/refused", FALSE, test_release_refused);
  add ("/console/bridge", TRUE, test_bridge);
  add ("/console/bridge/ends", TRUE, test_bridge_ends);
  add ("/console/bridge/flood", TRUE, test_bridge_flood);

  return g_test_run ();
}
