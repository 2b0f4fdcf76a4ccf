/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"
#include "lks-record.h"

#include <gio/gio.h>

G_BEGIN_DECLS

char       *lks_record_to_title       (LksRecord  *record) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_record_to_subtitle    (LksRecord  *record) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_record_to_search_text (LksRecord  *record) G_GNUC_WARN_UNUSED_RESULT;
LksSign     lks_sign_for_record       (LksRecord  *record);
char       *lks_record_format_time    (gint64      unix_us) G_GNUC_WARN_UNUSED_RESULT;
GListStore *lks_record_read_steps     (LksRecord  *record,
                                       GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
