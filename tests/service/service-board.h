/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"
#include "lks-link.h"
#include "lks-port-monitor.h"

G_BEGIN_DECLS

/* A board under the bench as the service functions get it: its device client, over the real USB
 * and IP parts. Blocking calls are made on the test's own thread. */
typedef struct {
  guint index;            /* of the scenario, from 0 */
  LksIoThread *io_thread; /* (owned) */
  LksLink *link;          /* (owned) */
  LksDevice *device;      /* (owned) */
  GString *seen;          /* (owned): every exchange as an observer sees it */
} ServiceBoard;

void service_board_open       (ServiceBoard  *self,
                               guint          index);
void service_board_close      (ServiceBoard  *self);

/* The control socket of the bench. */
void service_board_set_fault  (ServiceBoard  *self,
                               const char    *members);
void service_board_clear      (ServiceBoard  *self);
void service_board_unplug     (ServiceBoard  *self);
void service_board_plug       (ServiceBoard  *self);
void service_board_reset      (ServiceBoard  *self);

/* Does something to the board while the test's thread is in a blocking call: after the board
 * has answered @n_exchanges more requests. */
typedef void (*ServiceBoardFunc) (ServiceBoard *self);
void service_board_do_after   (ServiceBoard     *self,
                               guint             n_exchanges,
                               ServiceBoardFunc  func);

/* Asks until the board answers, after a restart. */
void service_board_wait_alive (ServiceBoard  *self);

#define assert_ok(expression, error) \
  G_STMT_START { \
    gboolean is_ok_ = (expression); \
    g_assert_no_error (error); \
    g_assert_true (is_ok_); \
  } G_STMT_END

G_END_DECLS
