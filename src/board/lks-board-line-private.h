/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-exchange.h"
#include "lks-board-status.h"
#include "lks-board.h"
#include "lks-lock-history-private.h"

G_BEGIN_DECLS

/* Told on the worker thread; takes @exchange. */
typedef void (*LksBoardLineFunc) (LksBoardExchange *exchange,
                                  gpointer          user_data);

/**
 * LksBoardReading:
 * @status: (owned): a status nobody else has yet, which the reading fills
 * @is_full: whether everything is to be read, and afterwards whether everything was
 * @has_restarted: whether the board has restarted since the reading before
 * @was_ordered: whether this program had told it to
 * @epoch: the one of the board in which it began
 *
 * One reading of a board.
 */
typedef struct {
  LksBoardStatus *status;
  gboolean is_full;
  gboolean has_restarted;
  gboolean was_ordered;
  guint epoch;
} LksBoardReading;

/**
 * LksBoardLine:
 *
 * The worker's side of a board: its adapter, line, device client and key, and what was seen of
 * the board on it.
 */
typedef struct _LksBoardLine LksBoardLine;

LksBoardLine     *lks_board_line_new              (LksIoThread          *io_thread,
                                                   LksPort              *port,
                                                   LksTrust             *trust,
                                                   LksBoardLineFunc      noted,
                                                   gpointer              user_data) G_GNUC_WARN_UNUSED_RESULT;
void              lks_board_line_free             (LksBoardLine         *self);

/* Worker thread. */
gboolean          lks_board_line_read             (LksBoardLine         *self,
                                                   LksBoardReading      *reading,
                                                   GCancellable         *cancellable,
                                                   GError              **error);
gboolean          lks_board_line_run              (LksBoardLine         *self,
                                                   LksBoardFunc          func,
                                                   gpointer              func_data,
                                                   GCancellable         *cancellable,
                                                   GError              **error);
void              lks_board_line_close            (LksBoardLine         *self);

/* Any thread. */
void              lks_board_line_set_key          (LksBoardLine         *self,
                                                   LksCapabilityKey     *key);
void              lks_board_line_abort            (LksBoardLine         *self);
void              lks_board_line_identify         (LksBoardLine         *self);
int               lks_board_line_connect          (LksBoardLine         *self,
                                                   guint16               port,
                                                   guint                 timeout_ms,
                                                   GCancellable         *cancellable,
                                                   GError              **error);
gboolean          lks_board_line_get_counters     (LksBoardLine         *self,
                                                   LksLinkCounters      *out_counters);
LksPeripheralLock lks_board_line_derive_lock      (LksBoardLine         *self,
                                                   const LksBoardStatus *status,
                                                   const char          **out_reason);
void              lks_board_line_order_restart    (LksBoardLine         *self);
void              lks_board_line_get_history      (LksBoardLine         *self,
                                                   LksLockHistory       *out_history);
void              lks_board_line_continue_history (LksBoardLine         *self,
                                                   const LksLockHistory *earlier);

G_END_DECLS
