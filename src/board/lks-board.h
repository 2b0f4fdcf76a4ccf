/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-exchange.h"
#include "lks-board-status.h"
#include "lks-device.h"
#include "lks-io-thread.h"
#include "lks-link.h"
#include "lks-port.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksBoardError:
 * @LKS_BOARD_ERROR_IDENTITY: the device ID was not the same when read twice, or is not one
 * @LKS_BOARD_ERROR_DUPLICATE: another place reports the same device ID
 * @LKS_BOARD_ERROR_NOT_READY: the board has no line or does not answer
 * @LKS_BOARD_ERROR_NOT_PROGRAMMED: the adapter does not carry a board's strings
 *
 * What can be wrong with a board as a whole.
 */
typedef enum {
  LKS_BOARD_ERROR_IDENTITY,
  LKS_BOARD_ERROR_DUPLICATE,
  LKS_BOARD_ERROR_NOT_READY,
  LKS_BOARD_ERROR_NOT_PROGRAMMED,
} LksBoardError;

#define LKS_BOARD_ERROR (lks_board_error_quark ())
GQuark lks_board_error_quark (void);

#define LKS_TYPE_BOARD_ERROR (lks_board_error_get_type ())
GType  lks_board_error_get_type (void);

/**
 * LksBoardFunc:
 * @device: the board's device client
 * @user_data: as given to lks_board_run_async()
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * A blocking job on the board's worker thread.
 *
 * Returns: whether it succeeded; with an error set otherwise
 */
typedef gboolean (*LksBoardFunc) (LksDevice     *device,
                                  gpointer       user_data,
                                  GCancellable  *cancellable,
                                  GError       **error);

/**
 * LksBoard:
 *
 * One attached adapter: its place, its line, its device client, its worker thread and what is
 * known about the board. Properties change on the main context of the creating thread only.
 */
#define LKS_TYPE_BOARD (lks_board_get_type ())
G_DECLARE_FINAL_TYPE (LksBoard, lks_board, LKS, BOARD, GObject)

LksBoard       *lks_board_new               (LksIoThread          *io_thread,
                                             LksPort              *port,
                                             LksTrust             *trust) G_GNUC_WARN_UNUSED_RESULT;

LksPort        *lks_board_get_port          (LksBoard             *self);
const char     *lks_board_get_path          (LksBoard             *self);
LksBoardState   lks_board_get_state         (LksBoard             *self);
const char     *lks_board_get_device_id     (LksBoard             *self);
LksBoardStatus *lks_board_get_status        (LksBoard             *self);
gboolean        lks_board_is_busy           (LksBoard             *self);
gboolean        lks_board_is_settled        (LksBoard             *self);
gboolean        lks_board_has_key           (LksBoard             *self);
const char     *lks_board_get_duplicate     (LksBoard             *self);
gboolean        lks_board_get_link_counters (LksBoard             *self,
                                             LksLinkCounters      *out_counters);

void            lks_board_refresh_async     (LksBoard             *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean        lks_board_refresh_finish    (LksBoard             *self,
                                             GAsyncResult         *result,
                                             GError              **error);

void            lks_board_run_async         (LksBoard             *self,
                                             LksBoardFunc          func,
                                             gpointer              func_data,
                                             GDestroyNotify        func_data_free,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean        lks_board_run_finish        (LksBoard             *self,
                                             GAsyncResult         *result,
                                             GError              **error);

int             lks_board_connect           (LksBoard             *self,
                                             guint16               port,
                                             guint                 timeout_ms,
                                             GCancellable         *cancellable,
                                             GError              **error);
void            lks_board_set_key           (LksBoard             *self,
                                             LksCapabilityKey     *key);
void            lks_board_expect_restart    (LksBoard             *self);
void            lks_board_identify          (LksBoard             *self);
void            lks_board_close             (LksBoard             *self);

G_END_DECLS
