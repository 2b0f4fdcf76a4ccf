/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksAspectRow:
 *
 * One aspect of a board that has a state: its name, an explanation, the state as a sign, and
 * where it is known from.
 */
#define LKS_TYPE_ASPECT_ROW (lks_aspect_row_get_type ())
G_DECLARE_FINAL_TYPE (LksAspectRow, lks_aspect_row, LKS, ASPECT_ROW, AdwPreferencesRow)

LksAspectRow *lks_aspect_row_new             (const char    *title) G_GNUC_WARN_UNUSED_RESULT;

void          lks_aspect_row_set_sign        (LksAspectRow  *self,
                                              const LksSign *sign);
void          lks_aspect_row_set_explanation (LksAspectRow  *self,
                                              const char    *explanation);

G_END_DECLS
