/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

/* Long enough for a busy machine under the sanitizers: whoever waits so long waits in vain. */
#define WAIT_MAX_S 120

/* @user_data: a gboolean to be set */
static inline gboolean
wait_late_cb (gpointer user_data)
{
  gboolean *is_late = user_data;

  *is_late = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Turns the main context until the condition holds; the program ends if it never does. */
#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gboolean is_late = FALSE;                                                                      \
    guint timer = g_timeout_add_seconds (WAIT_MAX_S, wait_late_cb, &is_late);                      \
                                                                                                   \
    while (!(condition) && !is_late)                                                               \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (timer);                                                                       \
    if (!(condition))                                                                              \
      g_error ("%s:%d: waited in vain for %s", __FILE__, __LINE__, #condition);                    \
  }                                                                                                \
  G_STMT_END

/* Gives up the last reference of ours; what is still under way on other threads may hold it for a
 * while, and brings it back. */
#define WAIT_FINALIZED(object)                                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gpointer last = (object);                                                                      \
                                                                                                   \
    g_object_add_weak_pointer (last, &last);                                                       \
    g_object_unref (last);                                                                         \
    WAIT_UNTIL (last == NULL);                                                                     \
  }                                                                                                \
  G_STMT_END
