/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"
#include "lks-log-messages.h"
#include "lks-log-ring.h"
#include "lks-restart.h"
#include "lks-telemetry.h"
#include "lks-update.h"

G_BEGIN_DECLS

LksSign     lks_sign_for_update      (LksUpdateState       update);
char       *lks_update_to_text       (LksUpdateState       update) G_GNUC_WARN_UNUSED_RESULT;

LksSign     lks_sign_for_telemetry   (const LksTelemetry  *telemetry,
                                      const GError        *error);
char       *lks_telemetry_to_text    (const LksTelemetry  *telemetry,
                                      const GError        *error) G_GNUC_WARN_UNUSED_RESULT;

char       *lks_log_to_note          (LksLogRing          *ring,
                                      const GError        *error) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_messages_to_text     (LksLogMessages      *messages) G_GNUC_WARN_UNUSED_RESULT;

const char *lks_restart_get_warning  (LksUpdateState       update);
char       *lks_restart_to_text      (const LksRestart    *restart) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
