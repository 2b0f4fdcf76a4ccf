/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a debug server says to two questions is far shorter. */
#define LKS_GDB_PACKET_MAX_BYTES 4096

/**
 * LksGdbWish:
 * @LKS_GDB_WISH_RUN: let the program run, and hear what becomes of it
 * @LKS_GDB_WISH_DETACH: let it run without a debug server
 * @LKS_GDB_WISH_KILL: end it
 *
 * What a debugger wants of the program. The debug server ends with the last two.
 */
typedef enum {
  LKS_GDB_WISH_RUN,
  LKS_GDB_WISH_DETACH,
  LKS_GDB_WISH_KILL,
} LksGdbWish;

/**
 * LksGdbNews:
 * @LKS_GDB_NEWS_WISHED: the debug server was told the wish
 * @LKS_GDB_NEWS_STOPPED: it has stopped; the number is the signal's, as lks_gdb_signal_to_name() takes it
 * @LKS_GDB_NEWS_EXITED: it has ended; the number is its exit code
 * @LKS_GDB_NEWS_KILLED: a signal has ended it; the number is the signal's
 * @LKS_GDB_NEWS_REFUSED: the debug server answers with an error; the number is its code
 */
typedef enum {
  LKS_GDB_NEWS_WISHED,
  LKS_GDB_NEWS_STOPPED,
  LKS_GDB_NEWS_EXITED,
  LKS_GDB_NEWS_KILLED,
  LKS_GDB_NEWS_REFUSED,
} LksGdbNews;

typedef void (*LksGdbFunc) (LksGdbNews news,
                            guint      number,
                            gpointer   user_data);

/**
 * LksGdbRunner:
 *
 * A debugger with one wish: a debug server holds a program until it is told one.
 */
typedef struct _LksGdbRunner LksGdbRunner;

LksGdbRunner *lks_gdb_runner_new  (LksGdbWish     wish,
                                   LksGdbFunc     func,
                                   gpointer       user_data) G_GNUC_WARN_UNUSED_RESULT;
void          lks_gdb_runner_free (LksGdbRunner  *self);

void          lks_gdb_runner_ask  (LksGdbRunner  *self,
                                   GByteArray    *to_send);
void          lks_gdb_runner_feed (LksGdbRunner  *self,
                                   const guint8  *data,
                                   gsize          size_bytes,
                                   GByteArray    *to_send);

const char   *lks_gdb_signal_to_name (guint       number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksGdbRunner, lks_gdb_runner_free)

G_END_DECLS
