/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-software.h"

G_BEGIN_DECLS

/**
 * LksConsoleNews:
 * @LKS_CONSOLE_NEWS_OUTPUT: the application wrote something
 * @LKS_CONSOLE_NEWS_LISTENING: a debugger can be connected to the socket
 * @LKS_CONSOLE_NEWS_DEBUGGER_CAME: one was, and reached the board
 * @LKS_CONSOLE_NEWS_DEBUGGER_LEFT: it is gone; the application is as it left it
 * @LKS_CONSOLE_NEWS_DEBUGGER_REFUSED: one was, and the board's debug server did not take it
 * @LKS_CONSOLE_NEWS_RUNS: the application was let run
 * @LKS_CONSOLE_NEWS_STOPPED: it has stopped by the signal that the number tells, as
 *   lks_gdb_signal_to_name() takes it: probably a crash
 * @LKS_CONSOLE_NEWS_EXITED: it has ended; the number is its exit code
 * @LKS_CONSOLE_NEWS_KILLED: it was ended by the signal that the number tells
 * @LKS_CONSOLE_NEWS_CLOSED: the board has ended the output
 *
 * Nicks: "output", "listening", "debugger-came", "debugger-left", "debugger-refused", "runs",
 * "stopped", "exited", "killed", "closed".
 */
typedef enum {
  LKS_CONSOLE_NEWS_OUTPUT,
  LKS_CONSOLE_NEWS_LISTENING,
  LKS_CONSOLE_NEWS_DEBUGGER_CAME,
  LKS_CONSOLE_NEWS_DEBUGGER_LEFT,
  LKS_CONSOLE_NEWS_DEBUGGER_REFUSED,
  LKS_CONSOLE_NEWS_RUNS,
  LKS_CONSOLE_NEWS_STOPPED,
  LKS_CONSOLE_NEWS_EXITED,
  LKS_CONSOLE_NEWS_KILLED,
  LKS_CONSOLE_NEWS_CLOSED,
} LksConsoleNews;

#define LKS_TYPE_CONSOLE_NEWS (lks_console_news_get_type ())
GType lks_console_news_get_type (void);

/**
 * LksConsoleFunc:
 * @news: what happened
 * @number: what it says beside that
 * @data: (array length=size_bytes) (nullable): of output, as the application wrote it
 * @size_bytes: how much
 * @user_data: as given
 *
 * Called on the thread of the console.
 */
typedef void (*LksConsoleFunc) (LksConsoleNews  news,
                                guint           number,
                                const guint8   *data,
                                gsize           size_bytes,
                                gpointer        user_data);

/**
 * LksConsoleConnect:
 * @port: a TCP port of the board
 * @user_data: as given
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * As lks_board_connect().
 *
 * Returns: a stream socket the caller closes, -1 on error
 */
typedef int (*LksConsoleConnect) (guint16        port,
                                  gpointer       user_data,
                                  GCancellable  *cancellable,
                                  GError       **error);

/**
 * LksAppConsole:
 * @component_id: (owned): the application
 * @was_running: whether it shall run afterwards, as it did before
 * @gdb_port: the board's port of the debug server
 * @out_port: the board's port of the application's output
 * @connect: how to reach the board's ports
 * @connect_data: for @connect
 * @socket_path: (nullable): where a debugger of the user connects to let the application run; this
 *   console does when there is none
 * @func: told what happens
 * @user_data: for @func
 *
 * An application under the debug server, and its output. lks_app_console_begin() fills in the
 * first four; @was_running stays true when a console is begun again.
 */
typedef struct {
  char *component_id;
  gboolean was_running;
  guint16 gdb_port;
  guint16 out_port;
  LksConsoleConnect connect;
  gpointer connect_data;
  const char *socket_path;
  LksConsoleFunc func;
  gpointer user_data;
} LksAppConsole;

gboolean lks_app_console_begin (LksAppConsole        *self,
                                LksDevice            *device,
                                const char           *component_id,
                                GCancellable         *cancellable,
                                GError              **error);
gboolean lks_app_console_run   (const LksAppConsole  *self,
                                GCancellable         *cancellable,
                                GError              **error);
gboolean lks_app_console_release (const LksAppConsole *self,
                                GCancellable         *cancellable,
                                GError              **error);
gboolean lks_app_console_end   (const LksAppConsole  *self,
                                LksDevice            *device,
                                GCancellable         *cancellable,
                                GError              **error);
void     lks_app_console_clear (LksAppConsole        *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksAppConsole, lks_app_console_clear)

G_END_DECLS
