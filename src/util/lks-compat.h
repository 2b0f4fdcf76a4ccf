/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What newer GLib has, for the floor of 2.74. */

/* An empty null-terminated array has no memory yet: stealing it gives NULL instead of an empty
 * list. Consumes @texts. */
static inline char **
lks_strv_take (GPtrArray *texts)
{
  char **list = (char **) g_ptr_array_free (texts, FALSE);

  return list != NULL ? list : g_new0 (char *, 1);
}

G_END_DECLS
