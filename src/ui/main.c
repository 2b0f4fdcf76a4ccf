/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-application.h"
#include "lks-board-list.h"
#include "lks-ledger.h"
#include "lks-trust.h"

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

/* Only the first instance comes here: a second one must not touch the adapters. */
static void
shown_cb (LksApplication *application, LksBoardList **out_boards)
{
  g_autofree char *ledger_path = lks_ledger_dup_default_path ();
  g_autoptr (GError) boards_error = NULL;
  g_autoptr (GError) ledger_error = NULL;
  g_autoptr (LksLedger) ledger = lks_ledger_open (ledger_path, &ledger_error);

  *out_boards = open_boards (application, &boards_error);
  lks_application_set_boards (application, (GListModel *) *out_boards, boards_error);
  lks_application_set_ledger (application, ledger, ledger_error);
}

int
main (int argc, char **argv)
{
  g_autoptr (LksApplication) application = NULL;
  g_autoptr (LksBoardList) boards = NULL;
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = lks_application_new (APPLICATION_ID);
  g_signal_connect (application, "shown", G_CALLBACK (shown_cb), &boards);
  status = g_application_run (G_APPLICATION (application), argc, argv);

  if (boards != NULL)
    lks_board_list_close (boards);
  return status;
}
