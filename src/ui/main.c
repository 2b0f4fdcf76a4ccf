/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-application.h"

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autoptr (LksApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = lks_application_new (APPLICATION_ID);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
