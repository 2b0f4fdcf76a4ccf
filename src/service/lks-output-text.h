/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A line that goes on is broken after so many characters. */
#define LKS_OUTPUT_TEXT_LINE_MAX 1000

/**
 * LksOutputText:
 *
 * Reads what an application writes as text: what is no text is shown as such instead of obeyed.
 * Any thread, one at a time.
 */
typedef struct _LksOutputText LksOutputText;

LksOutputText *lks_output_text_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void           lks_output_text_free (LksOutputText  *self);

const char    *lks_output_text_feed (LksOutputText  *self,
                                     const guint8   *data,
                                     gsize           size_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksOutputText, lks_output_text_free)

G_END_DECLS
