/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-status-private.h"
#include "lks-device.h"

G_BEGIN_DECLS

gboolean lks_board_reader_read_uptime (LksDevice        *device,
                                       LksBoardStatus   *status,
                                       GCancellable     *cancellable,
                                       GError          **error);
gboolean lks_board_reader_read_all    (LksDevice        *device,
                                       LksBoardStatus   *status,
                                       GCancellable     *cancellable,
                                       GError          **error);
gboolean lks_board_reader_is_absence  (const GError     *error);

G_END_DECLS
