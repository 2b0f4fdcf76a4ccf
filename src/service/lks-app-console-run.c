/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-app-console.h"
#include "lks-console-end-private.h"
#include "lks-gdb-runner.h"
#include "lks-wait.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define READ_BYTES 8192
#define LAST_WORDS_MS 1000
#define RELEASE_MS 3000 /* of silence */
#define RELEASE_ATTEMPTS 3
#define RELEASE_AGAIN_MS 250

typedef enum
{
  POLL_CANCEL,
  POLL_OUTPUT,
  POLL_SERVER,
  POLL_LISTENER,
  POLL_DEBUGGER,
  N_POLLS,
} PollIndex;

typedef struct
{
  const LksAppConsole *console;
  GCancellable *cancellable;
  LksConsoleEnd output;   /* the application's text */
  LksConsoleEnd server;   /* the board's debug server */
  LksConsoleEnd debugger; /* of the user, on this computer */
  LksGdbRunner *runner;   /* (owned) (nullable): when there is none */
  int listener;           /* -1 when the console lets the application run itself */
  gboolean is_over;       /* the application has ended */
} Run;

static void
tell (Run *self, LksConsoleNews news, guint number)
{
  self->console->func (news, number, NULL, 0, self->console->user_data);
}

static gboolean
open_end (Run *self, LksConsoleEnd *end, guint16 port, const char *what, GError **error)
{
  int fd = self->console->connect (port, self->console->connect_data, self->cancellable, error);

  if (fd < 0)
    {
      g_prefix_error (error, "%s cannot be reached: ", what);
      return FALSE;
    }

  lks_console_end_take (end, fd);
  return TRUE;
}

/* ---- letting it run ---- */

static void
gdb_cb (LksGdbNews news, guint number, gpointer user_data)
{
  Run *self = user_data;

  switch (news)
    {
    case LKS_GDB_NEWS_WISHED:
      tell (self, LKS_CONSOLE_NEWS_RUNS, 0);
      break;
    case LKS_GDB_NEWS_STOPPED:
      tell (self, LKS_CONSOLE_NEWS_STOPPED, number);
      break;
    case LKS_GDB_NEWS_EXITED:
      self->is_over = TRUE;
      tell (self, LKS_CONSOLE_NEWS_EXITED, number);
      break;
    case LKS_GDB_NEWS_KILLED:
      self->is_over = TRUE;
      tell (self, LKS_CONSOLE_NEWS_KILLED, number);
      break;
    case LKS_GDB_NEWS_REFUSED:
      tell (self, LKS_CONSOLE_NEWS_DEBUGGER_REFUSED, number);
      break;
    }
}

static gboolean
let_run (Run *self, GError **error)
{
  if (!open_end (self, &self->server, self->console->gdb_port, "the board's debug server", error))
    return FALSE;

  self->runner = lks_gdb_runner_new (LKS_GDB_WISH_RUN, gdb_cb, self);
  lks_gdb_runner_ask (self->runner, self->server.owed);
  return TRUE;
}

/* ---- a debugger of the user ---- */

/* Whoever may enter the folder of the socket can debug. */
static gboolean
listen_locally (Run *self, GError **error)
{
  const char *path = self->console->socket_path;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int code = ENAMETOOLONG;

  if (g_strlcpy (address.sun_path, path, sizeof address.sun_path) < sizeof address.sun_path)
    {
      self->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      code = self->listener >= 0 &&
                     bind (self->listener, (struct sockaddr *) &address, sizeof address) == 0 &&
                     chmod (path, S_IRUSR | S_IWUSR) == 0 && listen (self->listener, 1) == 0
                 ? 0
                 : errno;
    }
  if (code == 0)
    {
      tell (self, LKS_CONSOLE_NEWS_LISTENING, 0);
      return TRUE;
    }

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "cannot listen for a debugger at %s: %s", path, g_strerror (code));
  return FALSE;
}

static void
stop_listening (Run *self)
{
  if (self->listener < 0)
    return;

  close (self->listener);
  unlink (self->console->socket_path);
}

static void
drop_debugger (Run *self)
{
  lks_console_end_close (&self->debugger);
  lks_console_end_close (&self->server);
  tell (self, LKS_CONSOLE_NEWS_DEBUGGER_LEFT, 0);
}

static void
accept_debugger (Run *self)
{
  int fd = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC);
  g_autoptr (GError) error = NULL;

  if (fd < 0)
    return;

  lks_console_end_take (&self->debugger, fd);
  if (open_end (self, &self->server, self->console->gdb_port, "the board's debug server", &error))
    {
      tell (self, LKS_CONSOLE_NEWS_DEBUGGER_CAME, 0);
      return;
    }

  g_debug ("%s", error->message);
  lks_console_end_close (&self->debugger);
  tell (self, LKS_CONSOLE_NEWS_DEBUGGER_REFUSED, 0);
}

/* ---- the loop ---- */

static void
read_output (Run *self)
{
  guint8 buffer[READ_BYTES];
  gssize n = lks_console_end_read (&self->output, buffer, sizeof buffer);

  if (n > 0)
    self->console->func (LKS_CONSOLE_NEWS_OUTPUT, 0, buffer, (gsize) n, self->console->user_data);
  else if (n == 0)
    {
      lks_console_end_close (&self->output);
      tell (self, LKS_CONSOLE_NEWS_CLOSED, 0);
    }
}

static void
end_server (Run *self)
{
  if (lks_console_end_is_open (&self->debugger))
    drop_debugger (self);
  lks_console_end_close (&self->server);
}

static void
read_server (Run *self)
{
  guint8 buffer[READ_BYTES];
  gssize n = lks_console_end_read (&self->server, buffer, sizeof buffer);

  if (n == 0)
    end_server (self);
  else if (n > 0 && self->runner != NULL)
    lks_gdb_runner_feed (self->runner, buffer, (gsize) n, self->server.owed);
  else if (n > 0)
    g_byte_array_append (self->debugger.owed, buffer, (guint) n);
}

static void
read_debugger (Run *self)
{
  guint8 buffer[READ_BYTES];
  gssize n = lks_console_end_read (&self->debugger, buffer, sizeof buffer);

  if (n == 0)
    drop_debugger (self);
  else if (n > 0)
    g_byte_array_append (self->server.owed, buffer, (guint) n);
}

static void
flush_all (Run *self)
{
  if (lks_console_end_is_open (&self->server) && !lks_console_end_flush (&self->server))
    end_server (self);
  if (lks_console_end_is_open (&self->debugger) && !lks_console_end_flush (&self->debugger))
    drop_debugger (self);
}

/* What is owed is read for again once it is gone: neither side can make this grow. */
static void
ask_for (GPollFD *poll, const LksConsoleEnd *end, const LksConsoleEnd *receiver)
{
  poll->fd = end->fd;
  poll->events = (receiver == NULL || lks_console_end_can_owe (receiver) ? G_IO_IN : 0) |
                 (end->owed->len > 0 ? G_IO_OUT : 0);
  poll->revents = 0;
  if (poll->events == 0)
    poll->fd = -1; /* a hang-up would be reported for ever */
}

static void
prepare (Run *self, GPollFD *polls)
{
  const LksConsoleEnd *to_debugger = self->runner == NULL ? &self->debugger : &self->server;

  ask_for (&polls[POLL_OUTPUT], &self->output, NULL);
  ask_for (&polls[POLL_SERVER], &self->server, to_debugger);
  ask_for (&polls[POLL_DEBUGGER], &self->debugger, &self->server);
  polls[POLL_LISTENER] = (GPollFD){
    .fd = lks_console_end_is_open (&self->debugger) ? -1 : self->listener,
    .events = G_IO_IN,
  };
}

static gboolean
is_readable (const GPollFD *poll)
{
  return (poll->revents & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0 && (poll->events & G_IO_IN) != 0;
}

static void
serve (Run *self, const GPollFD *polls)
{
  if (lks_console_end_is_open (&self->output) && is_readable (&polls[POLL_OUTPUT]))
    read_output (self);
  if (lks_console_end_is_open (&self->server) && is_readable (&polls[POLL_SERVER]))
    read_server (self);
  if (lks_console_end_is_open (&self->debugger) && is_readable (&polls[POLL_DEBUGGER]))
    read_debugger (self);
  if (is_readable (&polls[POLL_LISTENER]))
    accept_debugger (self);
  flush_all (self);
}

static gboolean
is_ending (const Run *self)
{
  return self->is_over || !lks_console_end_is_open (&self->output);
}

/* The application's last words and the debug server's may come one after the other. */
static gboolean
has_more (const Run *self)
{
  return lks_console_end_is_open (&self->output) ||
         (!self->is_over && lks_console_end_is_open (&self->server));
}

static gboolean
await (Run *self, GPollFD *polls)
{
  int n;

  prepare (self, polls);
  n = g_poll (polls, N_POLLS, is_ending (self) ? LAST_WORDS_MS : -1);
  if (n > 0)
    serve (self, polls);
  return n != 0 && has_more (self);
}

static void
loop (Run *self)
{
  GPollFD polls[N_POLLS] = { { .fd = -1 } };
  gboolean can_be_cancelled = g_cancellable_make_pollfd (self->cancellable, &polls[POLL_CANCEL]);

  while (!g_cancellable_is_cancelled (self->cancellable) && await (self, polls))
    ;

  if (can_be_cancelled)
    g_cancellable_release_fd (self->cancellable);
}

/* The output first: what is written before somebody listens is lost. */
static gboolean
open_all (Run *self, GError **error)
{
  return open_end (self, &self->output, self->console->out_port, "the application's output",
                   error) &&
         (self->console->socket_path != NULL ? listen_locally (self, error)
                                             : let_run (self, error));
}

/**
 * lks_app_console_run:
 * @self: a console that was begun
 * @cancellable: (nullable): ends the console
 * @error: return location for a `G_IO_ERROR`, or what @self->connect reports
 *
 * Shows what the application writes, until it ends, the board ends the output, or @cancellable is
 * cancelled. Lets the application run, or waits at a Unix socket for debuggers, one at a time, and
 * connects them with the board's debug server. The socket is for this user only, and is removed at
 * the end. Blocks; any thread but the main one, beside the board's work, of which it uses
 * @self->connect only.
 *
 * Returns: whether all connections could be made; being cancelled is no error
 */
gboolean
lks_app_console_run (const LksAppConsole *self, GCancellable *cancellable, GError **error)
{
  Run run = { .console = self, .cancellable = cancellable, .listener = -1 };
  gboolean is_ok;

  lks_console_end_init (&run.output);
  lks_console_end_init (&run.server);
  lks_console_end_init (&run.debugger);
  is_ok = open_all (&run, error);
  if (is_ok)
    loop (&run);

  lks_console_end_clear (&run.output);
  lks_console_end_clear (&run.server);
  lks_console_end_clear (&run.debugger);
  g_clear_pointer (&run.runner, lks_gdb_runner_free);
  stop_listening (&run);
  return is_ok;
}

/* ---- letting go ---- */

static void
released_cb (LksGdbNews news, guint number, gpointer user_data)
{
  gboolean *is_told = user_data;

  if (news == LKS_GDB_NEWS_WISHED)
    *is_told = TRUE;
}

/* FALSE once the debug server is gone or silent for too long. */
static gboolean
talk (LksConsoleEnd *server, LksGdbRunner *runner)
{
  GPollFD poll = { .fd = server->fd, .events = G_IO_IN };
  guint8 buffer[READ_BYTES];
  gssize n = -1;

  if (!lks_console_end_flush (server) || g_poll (&poll, 1, RELEASE_MS) == 0)
    return FALSE;
  n = lks_console_end_read (server, buffer, sizeof buffer);
  if (n > 0)
    lks_gdb_runner_feed (runner, buffer, (gsize) n, server->owed);
  if (n == 0)
    lks_console_end_close (server);
  return n != 0;
}

static gboolean
release_once (const LksAppConsole *self, GCancellable *cancellable, GError **error)
{
  gboolean is_told = FALSE;
  g_autoptr (LksGdbRunner) runner =
      lks_gdb_runner_new (self->was_running ? LKS_GDB_WISH_DETACH : LKS_GDB_WISH_KILL, released_cb,
                          &is_told);
  Run run = { .console = self, .cancellable = cancellable, .listener = -1 };
  gboolean is_gone = FALSE;

  lks_console_end_init (&run.server);
  if (open_end (&run, &run.server, self->gdb_port, "the board's debug server", error))
    {
      lks_gdb_runner_ask (runner, run.server.owed);
      while (talk (&run.server, runner))
        ;
      is_gone = is_told && !lks_console_end_is_open (&run.server);
      if (!is_gone)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                             "the board's debug server does not let the application go");
    }

  lks_console_end_clear (&run.server);
  return is_gone;
}

/**
 * lks_app_console_release:
 * @self: a console that was begun
 * @cancellable: (nullable): a cancellable
 * @error: return location for `G_IO_ERROR_TIMED_OUT` or what @self->connect reports
 *
 * Puts the application back through the debug server alone, which asks for no capability: it lets
 * the application run without it, or ends it when it did not run before, and ends itself as every
 * GDB server does that was started for one program. Blocks; any thread but the main one, after
 * lks_app_console_run().
 *
 * Returns: whether the debug server was told, and is gone
 */
gboolean
lks_app_console_release (const LksAppConsole *self, GCancellable *cancellable, GError **error)
{
  /* A server takes one debugger at a time, and may not have noticed yet that one has left. */
  for (guint i = 1; i < RELEASE_ATTEMPTS; i++)
    {
      if (release_once (self, cancellable, NULL))
        return TRUE;
      if (!lks_wait_ms (RELEASE_AGAIN_MS, cancellable, error))
        return FALSE;
    }

  return release_once (self, cancellable, error);
}
