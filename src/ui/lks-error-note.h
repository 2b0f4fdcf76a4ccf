/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksErrorNote:
 *
 * What went wrong, what to do next, and the details as they came, in a note that is an alert. There
 * only while there is an error.
 */
#define LKS_TYPE_ERROR_NOTE (lks_error_note_get_type ())
G_DECLARE_FINAL_TYPE (LksErrorNote, lks_error_note, LKS, ERROR_NOTE, GtkBox)

void lks_error_note_set_error (LksErrorNote *self,
                               const GError *error);

G_END_DECLS
