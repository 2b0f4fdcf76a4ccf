/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watches over the session while no window does: sees boards come and go, but opens none, and
 * never has the capability. */
#include "lks-cli-servicing.h"

#include "lks-cli.h"
#include "lks-end-signals.h"
#include "lks-port-monitor.h"
#include "lks-station.h"

#include <unistd.h>

typedef struct
{
  LksIoThread *io_thread;  /* (owned) */
  LksPortMonitor *monitor; /* (owned) (nullable): without USB only unplugging is not seen */
  LksSessionGuard *guard;  /* (owned) */
  gboolean is_over;        /* nothing is to be watched any more */
} Keep;

static void
report_cb (Keep *self)
{
  LksSession *session = lks_session_guard_get_session (self->guard);
  g_autofree char *port =
      session != NULL ? g_strdup (lks_session_get_fields (session)->port) : NULL;
  GListModel *ports = G_LIST_MODEL (self->monitor);

  if (port == NULL || !lks_port_monitor_is_settled (self->monitor))
    return;

  for (guint i = 0; i < g_list_model_get_n_items (ports); i++)
    {
      g_autoptr (LksPort) found = g_list_model_get_item (ports, i);

      if (!g_str_equal (lks_port_get_path (found), port))
        continue;
      lks_session_guard_see_board (self->guard, port, lks_port_get_attach_number (found), NULL);
      return;
    }
  lks_session_guard_see_absence (self->guard);
}

static void
session_cb (Keep *self)
{
  if (lks_session_guard_get_session (self->guard) == NULL)
    self->is_over = TRUE;
  else if (self->monitor != NULL)
    report_cb (self);
}

static gboolean
terminated_cb (gpointer user_data)
{
  Keep *self = user_data;

  lks_session_guard_end (self->guard, LKS_SESSION_END_PROGRAM_CLOSED, NULL);
  self->is_over = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Whoever has started this reads one byte and then nothing more. */
static gboolean
say_ready (void)
{
  return write (STDOUT_FILENO, "k", 1) == 1;
}

static void
watch_ports (Keep *self)
{
  g_autoptr (GError) error = NULL;

  self->io_thread = lks_io_thread_new ();
  self->monitor = lks_port_monitor_new (self->io_thread, NULL, &error);
  if (self->monitor == NULL)
    {
      g_debug ("unplugging is not seen here: %s", error->message);
      return;
    }
  g_signal_connect_swapped (self->monitor, "items-changed", G_CALLBACK (report_cb), self);
  g_signal_connect_swapped (self->monitor, "notify::settled", G_CALLBACK (report_cb), self);
  report_cb (self);
}

static gboolean
keep (LksSessionStore *store, LksLedger *ledger, GError **error)
{
  Keep self = { 0 };
  LksEndSignals signals = { 0 };

  self.guard = lks_session_guard_new (store, ledger, error);
  if (self.guard == NULL)
    return FALSE;

  lks_end_signals_watch (&signals, terminated_cb, &self);
  watch_ports (&self);
  g_signal_connect_swapped (self.guard, "notify::session", G_CALLBACK (session_cb), &self);
  while (!lks_session_guard_is_ready (self.guard) && !self.is_over)
    g_main_context_iteration (NULL, TRUE);
  if (!self.is_over && say_ready () && lks_session_guard_get_session (self.guard) != NULL)
    while (!self.is_over)
      g_main_context_iteration (NULL, TRUE);

  lks_end_signals_clear (&signals);
  g_signal_handlers_disconnect_by_data (self.guard, &self);
  if (self.monitor != NULL)
    g_signal_handlers_disconnect_by_data (self.monitor, &self);
  lks_session_guard_leave (self.guard);
  g_clear_object (&self.monitor);
  g_clear_object (&self.io_thread);
  g_clear_object (&self.guard);
  return TRUE;
}

/* `session keep`: started by `session start`, and by a window that is closed. */
int
lks_cli_servicing_keep (int argc, char **argv)
{
  g_autofree char *folder = lks_session_store_dup_default_folder ();
  g_autofree char *ledger_path = lks_ledger_dup_default_path ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSessionStore) store = lks_session_store_new (folder, &error);
  g_autoptr (LksLedger) ledger = store != NULL ? lks_ledger_open (ledger_path, &error) : NULL;

  if (ledger != NULL)
    lks_station_sign_ledger (ledger);
  if (ledger != NULL && keep (store, ledger, &error))
    return LKS_CLI_EXIT_DONE;
  return (int) lks_cli_report_error (error, FALSE);
}
