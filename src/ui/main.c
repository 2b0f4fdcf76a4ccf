/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-application.h"
#include "lks-board-list.h"
#include "lks-end-signals.h"
#include "lks-ledger.h"
#include "lks-number.h"
#include "lks-quit.h"
#include "lks-secret-trace.h"
#include "lks-session-keeper.h"
#include "lks-station-share.h"
#include "lks-station.h"
#include "lks-trust.h"
#include "lks-vault.h"

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

static LksBoardList *
open_boards (LksApplication *application, GError **error)
{
  g_auto (GStrv) products =
      g_settings_get_strv (lks_application_get_settings (application), "extra-products");
  g_autoptr (LksIoThread) io_thread = lks_io_thread_new ();
  g_autoptr (LksTrust) trust = lks_trust_load_default (error);

  if (trust == NULL)
    return NULL;
  return lks_board_list_new (io_thread, trust, (const char *const *) products, error);
}

/* What lives as long as the program. */
typedef struct
{
  LksApplication *application; /* (owned) */
  LksEndSignals signals;       /* that are waited for */
  LksBoardList *boards;        /* (owned) (nullable) */
  LksSessionKeeper *keeper;    /* (owned) (nullable) */
  LksOperatorSession *session; /* (owned) */
} Parts;

/* A configuration that is not understood must not make a station less strict. */
static void
open_session (LksApplication *application, Parts *parts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksStationConfig) config = lks_station_config_load (&error);

  if (config == NULL)
    {
      config = lks_station_config_new ();
      config->requires_sign_in = TRUE;
    }
  parts->session = lks_operator_session_new_default (config);
  lks_application_set_operator_session (application, parts->session, error);
}

static LksSessionKeeper *
open_keeper (LksBoardList *boards, LksVault *vault, LksLedger *ledger, GError **error)
{
  g_autofree char *folder = lks_session_store_dup_default_folder ();
  g_autoptr (LksSessionStore) store = lks_session_store_new (folder, error);

  if (store == NULL)
    return NULL;
  return lks_session_keeper_new (store, boards, vault, ledger, error);
}

/* Only the first instance comes here: a second one must not touch the adapters. */
static void
shown_cb (LksApplication *application, Parts *parts)
{
  g_autofree char *ledger_path = lks_ledger_dup_default_path ();
  g_autoptr (GError) boards_error = NULL;
  g_autoptr (GError) ledger_error = NULL;
  g_autoptr (GError) keeper_error = NULL;
  g_autoptr (LksLedger) ledger = lks_ledger_open (ledger_path, &ledger_error);
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (LksSharePusher) share = NULL;
  g_autoptr (GError) share_error = NULL;

  if (ledger != NULL)
    {
      lks_station_sign_ledger (ledger);
      share = lks_station_share_ledger (ledger, &share_error);
      lks_application_set_share (application, share, share_error);
    }
  parts->boards = open_boards (application, &boards_error);
  lks_application_set_boards (application, (GListModel *) parts->boards, boards_error);
  lks_application_set_ledger (application, ledger, ledger_error);
  lks_application_set_vault (application, vault);
  if (parts->boards == NULL)
    return;

  parts->keeper = open_keeper (parts->boards, vault, ledger, &keeper_error);
  lks_application_set_keeper (application, parts->keeper, keeper_error);
}

/* The boards' last answers belong into the record, and come while their lines are closed. */
static void
close_parts (Parts *parts)
{
  lks_operator_session_close (parts->session);
  if (parts->keeper != NULL)
    lks_session_keeper_close (parts->keeper);
  if (parts->boards != NULL)
    lks_board_list_close (parts->boards);
  if (parts->keeper != NULL)
    lks_session_keeper_settle (parts->keeper, LKS_SESSION_SETTLE_LIMIT_MS);
  g_clear_object (&parts->keeper);
  g_clear_object (&parts->boards);
  g_clear_object (&parts->session);
}

/* The first signal ends the program in order, a second one at once. */
static gboolean
signalled_cb (gpointer user_data)
{
  Parts *parts = user_data;

  lks_end_signals_clear (&parts->signals);
  lks_quit_unasked (GTK_APPLICATION (parts->application));
  return G_SOURCE_REMOVE;
}

int
main (int argc, char **argv)
{
  Parts parts = { 0 };
  int status;

  lks_secret_wipe_openssl ();
  lks_number_prepare (); /* for GtkBuilder, which reads its first beside other threads */
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  parts.application = lks_application_new (APPLICATION_ID);
  open_session (parts.application, &parts);
  g_signal_connect (parts.application, "shown", G_CALLBACK (shown_cb), &parts);
  lks_end_signals_watch (&parts.signals, signalled_cb, &parts);
  status = g_application_run (G_APPLICATION (parts.application), argc, argv);

  close_parts (&parts);
  lks_end_signals_clear (&parts.signals);
  g_object_unref (parts.application);
  return status;
}
