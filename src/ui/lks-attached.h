/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksAttached:
 *
 * Which board is plugged in where, by device ID: one of all windows, told by the application. The
 * signal "changed" says that some answer may be another one now. Main thread only.
 */
#define LKS_TYPE_ATTACHED (lks_attached_get_type ())
G_DECLARE_FINAL_TYPE (LksAttached, lks_attached, LKS, ATTACHED, GObject)

LksAttached *lks_attached_ref_default (void) G_GNUC_WARN_UNUSED_RESULT;

void         lks_attached_set_boards  (LksAttached *self,
                                       GListModel  *boards);
LksBoard    *lks_attached_get_board   (LksAttached *self,
                                       const char  *device_id);
const char  *lks_attached_get_place   (LksAttached *self,
                                       const char  *device_id);
void         lks_attached_label_row   (GtkWidget   *widget,
                                       const char  *title,
                                       const char  *subtitle,
                                       const char  *place);
GPtrArray   *lks_attached_list_ids    (LksAttached *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
