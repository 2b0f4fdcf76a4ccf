/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-share-pusher.h"

G_BEGIN_DECLS

gboolean  lks_station_find_share          (LksSharePlace       **out_place,
                                           GError              **error);
gboolean  lks_station_check_share         (const char           *path,
                                           const char           *text,
                                           GError              **error);
gboolean  lks_station_try_share           (const LksSharePlace  *place,
                                           const LksSecret      *password,
                                           guint                *out_version,
                                           GCancellable         *cancellable,
                                           GError              **error);
LksShare *lks_station_open_share          (const LksSharePlace  *place,
                                           GCancellable         *cancellable,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  lks_station_keep_share_password (const LksSharePlace  *place,
                                           const LksSecret      *password,
                                           GCancellable         *cancellable,
                                           GError              **error);
LksSharePusher *
          lks_station_share_ledger        (LksLedger            *ledger,
                                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
