/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Rows of the servicing pages: a title, some lines below it, a sign and buttons. */

GtkWidget *lks_service_row_new        (const char     *title,
                                       const char     *subtitle,
                                       const LksSign  *sign);
void       lks_service_row_add_button (GtkWidget      *row,
                                       const char     *label,
                                       const char     *spoken,
                                       const char     *action_name,
                                       GVariant       *target);
char      *lks_service_row_join       (const char     *separator,
                                       ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
