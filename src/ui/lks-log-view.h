/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-log-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksLogView:
 *
 * A diagnostic log in words: a list that can be filtered by priority and by text.
 */
#define LKS_TYPE_LOG_VIEW (lks_log_view_get_type ())
G_DECLARE_FINAL_TYPE (LksLogView, lks_log_view, LKS, LOG_VIEW, AdwBin)

void  lks_log_view_take_entries (LksLogView  *self,
                                 GPtrArray   *entries);
char *lks_log_view_dup_text     (LksLogView  *self) G_GNUC_WARN_UNUSED_RESULT;
guint lks_log_view_get_shown    (LksLogView  *self);

G_END_DECLS
