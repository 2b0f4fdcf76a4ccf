/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-record.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksRecordRow:
 *
 * A record in a list: which board, when, by whom, and the verdict.
 */
#define LKS_TYPE_RECORD_ROW (lks_record_row_get_type ())
G_DECLARE_FINAL_TYPE (LksRecordRow, lks_record_row, LKS, RECORD_ROW, GtkWidget)

G_END_DECLS
