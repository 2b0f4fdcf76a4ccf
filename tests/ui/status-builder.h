/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-status.h"

/* Statuses as boards would make them, for tests of what is shown. */

LksBoardStatus *status_of_state       (LksBoardState   state);
LksBoardStatus *status_of_board       (const char     *manufacturing_state);

void            status_set_state      (LksBoardStatus *status,
                                       LksBoardState   state);
void            status_set_error      (LksBoardStatus *status,
                                       GError         *error);
void            status_refuse         (LksBoardStatus *status,
                                       LksFactId       id);
void            status_make_old       (LksBoardStatus *status,
                                       LksFactId       id,
                                       gint64          age_us);
void            status_add_image      (LksBoardStatus *status,
                                       const char     *name,
                                       const char     *image_id);
void            status_add_capability (LksBoardStatus *status,
                                       guint32         number);
