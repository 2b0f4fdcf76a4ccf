/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

/**
 * LksBoardExchange:
 * @device_id: (nullable): the board's ID as last read before the request
 * @method: GET, PUT, POST, PATCH or DELETE
 * @path: the path with its arguments
 * @http_status: the status of the answer, 0 when there was none
 * @started_at_us: when the request began, microseconds since 1970 UTC
 * @duration_us: how long it took, in microseconds
 * @with_key: whether it carried a capability
 * @problem: (nullable): why there is no complete answer
 *
 * One request worth noting, as a boxed value: see the signal "exchanged" of [class@Lks.Board].
 */
typedef struct {
  char *device_id;
  char *method;
  char *path;
  guint http_status;
  gint64 started_at_us;
  gint64 duration_us;
  gboolean with_key;
  char *problem;
} LksBoardExchange;

#define LKS_TYPE_BOARD_EXCHANGE (lks_board_exchange_get_type ())
GType             lks_board_exchange_get_type (void);

LksBoardExchange *lks_board_exchange_new      (const LksDeviceExchange *exchange,
                                               const char              *device_id) G_GNUC_WARN_UNUSED_RESULT;
LksBoardExchange *lks_board_exchange_copy     (const LksBoardExchange  *self) G_GNUC_WARN_UNUSED_RESULT;
void              lks_board_exchange_free     (LksBoardExchange        *self);

gboolean          lks_board_exchange_is_notable (const LksDeviceExchange *exchange);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksBoardExchange, lks_board_exchange_free)

G_END_DECLS
