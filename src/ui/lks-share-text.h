/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-share-pusher.h"

G_BEGIN_DECLS

char *lks_share_describe (LksSharePusher *pusher,
                          const GError   *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
