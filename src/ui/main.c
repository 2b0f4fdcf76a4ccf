/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-application.h"
#include "lks-board-list.h"
#include "lks-trust.h"

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

/* Only the first instance comes here: a second one must not touch the adapters. */
static LksBoardList *
open_boards (LksApplication *application, LksIoThread *io_thread, GError **error)
{
  g_auto (GStrv) products =
      g_settings_get_strv (lks_application_get_settings (application), "extra-products");
  g_autoptr (LksTrust) trust = lks_trust_load_default (error);

  if (trust == NULL)
    return NULL;
  return lks_board_list_new (io_thread, trust, (const char *const *) products, error);
}

static void
startup_cb (LksApplication *application, LksBoardList **out_boards)
{
  g_autoptr (LksIoThread) io_thread = lks_io_thread_new ();
  g_autoptr (GError) error = NULL;

  *out_boards = open_boards (application, io_thread, &error);
  if (*out_boards != NULL)
    lks_application_set_boards (application, G_LIST_MODEL (*out_boards));
  else
    lks_application_set_problem (application, error);
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
  g_signal_connect (application, "startup", G_CALLBACK (startup_cb), &boards);
  status = g_application_run (G_APPLICATION (application), argc, argv);

  if (boards != NULL)
    lks_board_list_close (boards);
  return status;
}
