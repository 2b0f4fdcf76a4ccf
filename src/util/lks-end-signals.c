/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-end-signals.h"

#include <glib-unix.h>

/* Somebody has asked for that, as nohup does. */
static gboolean
is_ignored (int number)
{
  struct sigaction action;

  return sigaction (number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/**
 * lks_end_signals_watch:
 * @self: zeroed
 * @func: (scope notified): called on the main context for each signal; returns G_SOURCE_CONTINUE
 * @user_data: for @func
 *
 * From here on the signals are told and do not end the program. A SIGHUP that the program was
 * started to ignore stays ignored.
 */
void
lks_end_signals_watch (LksEndSignals *self, GSourceFunc func, gpointer user_data)
{
  static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i] != SIGHUP || !is_ignored (SIGHUP))
      self->ids[i] = g_unix_signal_add (numbers[i], func, user_data);
}

/**
 * lks_end_signals_clear:
 * @self: watched or not
 *
 * From here on, unless somebody else watches, the signals end the program at once again. May be
 * called by the function that is told of them.
 */
void
lks_end_signals_clear (LksEndSignals *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->ids); i++)
    g_clear_handle_id (&self->ids[i], g_source_remove);
}
