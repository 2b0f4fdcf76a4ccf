/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"
#include "lks-log-ring.h"

G_BEGIN_DECLS

LksLogRing *lks_log_read (LksDevice       *device,
                          GCancellable    *cancellable,
                          GError         **error) G_GNUC_WARN_UNUSED_RESULT;
LksLogRing *lks_log_load (const char      *path,
                          GCancellable    *cancellable,
                          GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
