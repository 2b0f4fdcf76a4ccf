/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-app.h"

#include "lks-app-console.h"
#include "lks-app-control.h"
#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-debug-socket.h"
#include "lks-enums.h"
#include "lks-gdb-runner.h"
#include "lks-output-text.h"

#include <stdio.h>
#include <string.h>

#define CONNECT_MS 5000

/* What a document holds; the oldest lines are left out. */
#define LINES_MAX 10000

typedef struct
{
  LksCliWork *work;
  const char *name;       /* (nullable): of the application that is meant */
  int lines_wanted;       /* 0: as many as come */
  gboolean is_debugged;   /* by a debugger of the user, who lets the application run */
  LksDebugSocket *socket; /* (owned) (nullable): where that debugger connects */
  GCancellable *done;     /* (owned): cancelled at the end, by whatever it ends */
  LksOutputText *text;    /* (owned) */
  GString *unfinished;    /* (owned): a line whose end did not come yet */
  GQueue lines;           /* (owned) (element-type utf8): of --json */
  guint n_lines;
  LksConsoleNews last; /* what became of the application at last */
  guint last_number;
} Console;

static void
console_clear (Console *self)
{
  g_clear_pointer (&self->socket, lks_debug_socket_free);
  g_clear_object (&self->done);
  g_clear_pointer (&self->text, lks_output_text_free);
  if (self->unfinished != NULL)
    g_string_free (self->unfinished, TRUE);
  g_queue_clear_full (&self->lines, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Console, console_clear)

/* ---- what it says ---- */

static gboolean
is_enough (const Console *self)
{
  return self->lines_wanted > 0 && self->n_lines >= (guint) self->lines_wanted;
}

static void
take_line (Console *self, gsize length, gsize line_end)
{
  g_autofree char *line = g_strndup (self->unfinished->str, length);

  self->n_lines++;
  g_string_erase (self->unfinished, 0, (gssize) (length + line_end));
  if (!self->work->json)
    {
      puts (line);
      return;
    }

  g_queue_push_tail (&self->lines, g_steal_pointer (&line));
  if (g_queue_get_length (&self->lines) > LINES_MAX)
    g_free (g_queue_pop_head (&self->lines));
}

static void
take_lines (Console *self)
{
  const char *end;

  while (!is_enough (self) && (end = strchr (self->unfinished->str, '\n')) != NULL)
    take_line (self, (gsize) (end - self->unfinished->str), 1);
}

static void
take_output (Console *self, const guint8 *data, gsize size_bytes)
{
  g_string_append (self->unfinished, lks_output_text_feed (self->text, data, size_bytes));
  take_lines (self);
  fflush (stdout);
  if (is_enough (self))
    g_cancellable_cancel (self->done);
}

/* Last words may have no line end. */
static void
finish_output (Console *self)
{
  if (self->unfinished->len > 0 && !is_enough (self))
    take_line (self, self->unfinished->len, 0);
}

static void
tell_signal (const char *what, guint number)
{
  const char *name = lks_gdb_signal_to_name (number);

  fprintf (stderr, "%s signal %u%s%s%s.\n", what, number, name != NULL ? " (" : "",
           name != NULL ? name : "", name != NULL ? ")" : "");
}

static void
tell (const Console *self, LksConsoleNews news, guint number)
{
  switch (news)
    {
    case LKS_CONSOLE_NEWS_LISTENING:
      fprintf (stderr,
               "Waiting for a debugger; in gdb: target remote %s\n"
               "The application is held until the debugger continues it. Ctrl+C ends this.\n",
               lks_debug_socket_get_path (self->socket));
      break;
    case LKS_CONSOLE_NEWS_DEBUGGER_CAME:
      fputs ("A debugger is connected.\n", stderr);
      break;
    case LKS_CONSOLE_NEWS_DEBUGGER_LEFT:
      fputs ("The debugger is gone.\n", stderr);
      break;
    case LKS_CONSOLE_NEWS_DEBUGGER_REFUSED:
      fputs ("The board's debug server refuses the debugger.\n", stderr);
      break;
    case LKS_CONSOLE_NEWS_STOPPED:
      tell_signal ("The application has stopped by", number);
      break;
    case LKS_CONSOLE_NEWS_EXITED:
      fprintf (stderr, "The application has ended with exit code %u.\n", number);
      break;
    case LKS_CONSOLE_NEWS_KILLED:
      tell_signal ("The application was ended by", number);
      break;
    case LKS_CONSOLE_NEWS_CLOSED:
      fputs ("The board has ended the output.\n", stderr);
      break;
    case LKS_CONSOLE_NEWS_OUTPUT:
    case LKS_CONSOLE_NEWS_RUNS:
      break;
    }
}

/* Nobody is there who could do something about it. */
static gboolean
is_end (const Console *self, LksConsoleNews news)
{
  return !self->is_debugged &&
         (news == LKS_CONSOLE_NEWS_STOPPED || news == LKS_CONSOLE_NEWS_DEBUGGER_REFUSED);
}

static void
news_cb (LksConsoleNews news,
         guint number,
         const guint8 *data,
         gsize size_bytes,
         gpointer user_data)
{
  Console *self = user_data;

  if (news == LKS_CONSOLE_NEWS_OUTPUT)
    {
      take_output (self, data, size_bytes);
      return;
    }

  tell (self, news, number);
  if (is_end (self, news))
    g_cancellable_cancel (self->done);
  if (news != LKS_CONSOLE_NEWS_CLOSED)
    {
      self->last = news;
      self->last_number = number;
    }
}

/* ---- the work ---- */

static int
connect_cb (guint16 port, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Console *self = user_data;

  return lks_board_connect (self->work->board, port, CONNECT_MS, cancellable, error);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static gboolean
show (Console *self, LksAppConsole *console, GCancellable *cancellable, GError **error)
{
  GCancellable *over = self->work->servicing_over;
  gulong handler, over_handler;
  gboolean is_ok;

  /* Told at once when it is cancelled already. */
  handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self->done, NULL);
  over_handler = g_cancellable_connect (over, G_CALLBACK (cancelled_cb), self->done, NULL);
  is_ok = lks_app_console_run (console, self->done, error);
  g_cancellable_disconnect (cancellable, handler);
  g_cancellable_disconnect (over, over_handler);
  return is_ok;
}

/* The application is put back even after an interruption: a debug port that stays open on the board
 * is open to whoever plugs it in next. */
static gboolean
console_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Console *self = user_data;
  g_auto (LksAppConsole) console = {
    .connect = connect_cb,
    .connect_data = self,
    .func = news_cb,
    .user_data = self,
  };
  g_autoptr (LksSoftware) software = lks_software_read (device, NULL, cancellable, error);
  g_autofree char *component_id =
      software != NULL ? lks_app_find (software, self->name, error) : NULL;
  gboolean is_ok;

  if (self->socket != NULL)
    console.socket_path = lks_debug_socket_get_path (self->socket);
  if (component_id == NULL ||
      !lks_app_console_begin (&console, device, component_id, cancellable, error))
    return FALSE;

  is_ok = show (self, &console, cancellable, error);
  finish_output (self);
  return lks_app_console_end (&console, device, NULL, is_ok ? error : NULL) && is_ok;
}

static JsonNode *
lines_to_json (Console *self)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *lines = json_array_new ();

  for (GList *at = self->lines.head; at != NULL; at = at->next)
    json_array_add_string_element (lines, at->data);
  json_node_take_array (node, lines);
  return node;
}

static const char *
get_end (const Console *self)
{
  if (is_enough (self))
    return "lines";
  if (g_cancellable_is_cancelled (self->work->servicing_over))
    return "servicing-over";
  return lks_enum_to_nick (LKS_TYPE_CONSOLE_NEWS, (int) self->last);
}

static JsonNode *
result_to_json (Console *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "lines", lines_to_json (self));
  json_object_set_int_member (object, "leftOut", self->n_lines - g_queue_get_length (&self->lines));
  json_object_set_string_member (object, "end", get_end (self));
  json_object_set_int_member (object, "number", self->last_number);
  json_node_take_object (node, object);
  return node;
}

static gboolean
check_options (const Console *self, GError **error)
{
  if (self->lines_wanted >= 0)
    return TRUE;

  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                       "The number of lines cannot be negative");
  return FALSE;
}

static int
run (gboolean is_debugged, const char *usage, const char *summary, int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_auto (Console) console = {
    .work = &work,
    .is_debugged = is_debugged,
    .done = g_cancellable_new (),
    .text = lks_output_text_new (),
    .unfinished = g_string_new (NULL),
    .last = LKS_CONSOLE_NEWS_CLOSED,
  };
  const GOptionEntry entries[] = {
    { "lines", 'n', 0, G_OPTION_ARG_INT, &console.lines_wanted, "End after so many lines of output",
      "NUMBER" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, entries, usage, summary, LKS_CLI_WORK_MAYBE_ONE, &argc, &argv,
                           &error) ||
      !check_options (&console, &error) ||
      (is_debugged && (console.socket = lks_debug_socket_new (&error)) == NULL))
    return lks_cli_work_fail (&work, error);

  console.name = argv[1];
  work.servicing_over = g_cancellable_new ();
  if (!lks_cli_work_run (&work, console_in_thread, &console, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "console", result_to_json (&console));
  return LKS_CLI_EXIT_DONE;
}

/**
 * lks_cli_app_output:
 * @argc: how many arguments
 * @argv: the arguments; the first is the verb
 *
 * Runs an application under the debug server and shows what it writes.
 *
 * Returns: the exit status
 */
int
lks_cli_app_output (int argc, char **argv)
{
  return run (FALSE, "app output [APP]",
              "Starts an application anew under the debug server, lets it run, and shows what it "
              "writes, until it ends or Ctrl+C. It is put back as it was then. APP is a component "
              "ID or a name, and may be left out when there is only one.",
              argc, argv);
}

/**
 * lks_cli_app_debug:
 * @argc: how many arguments
 * @argv: the arguments; the first is the verb
 *
 * Lets a debugger of the user debug an application of the board.
 *
 * Returns: the exit status
 */
int
lks_cli_app_debug (int argc, char **argv)
{
  return run (TRUE, "app debug [APP]",
              "Starts an application anew under the debug server, waits at a socket that only you "
              "can use for your debugger, and shows what the application writes, until Ctrl+C. It "
              "is put back as it was then. APP is a component ID or a name, and may be left out "
              "when there is only one.",
              argc, argv);
}
