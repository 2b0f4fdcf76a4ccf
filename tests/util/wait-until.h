/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* For timers that end a wait. @user_data: a gboolean to be set */
static inline gboolean
wait_late_cb (gpointer user_data)
{
  gboolean *is_late = user_data;

  *is_late = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Turns the main context until the condition holds; after WAIT_MS, which whoever includes this has
 * to say, it must. */
#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gboolean is_late = FALSE;                                                                      \
    guint timer = g_timeout_add (WAIT_MS, wait_late_cb, &is_late);                                 \
                                                                                                   \
    while (!(condition) && !is_late)                                                               \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (timer);                                                                       \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END
