/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *lks_format_age       (gint64      read_at_us,
                            gint64      now_us) G_GNUC_WARN_UNUSED_RESULT;
char *lks_format_duration  (guint64     seconds) G_GNUC_WARN_UNUSED_RESULT;
char *lks_format_latency   (gint64      microseconds) G_GNUC_WARN_UNUSED_RESULT;
char *lks_format_device_id (const char *device_id) G_GNUC_WARN_UNUSED_RESULT;
char *lks_format_sentence  (const char *text) G_GNUC_WARN_UNUSED_RESULT;
char *lks_format_waived    (guint       n_waived) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
