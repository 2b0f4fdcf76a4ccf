/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-os-age.h"

#include "lks-cli-output.h"

#include <stdio.h>

/**
 * lks_cli_os_shelf_load:
 *
 * Returns: (transfer full) (nullable): the list of OS versions that is kept on this computer; NULL
 *   when there is none, or it cannot be read: then nothing is said about versions
 */
LksOsShelf *
lks_cli_os_shelf_load (void)
{
  g_autofree char *path = lks_os_shelf_dup_path ();

  return lks_os_shelf_load (path, NULL);
}

/**
 * lks_cli_os_warn:
 * @who: what has the version: a port, or the end of a device ID
 * @version: (nullable): its OS version
 *
 * Says on stderr when the list that is kept knows a newer one.
 */
void
lks_cli_os_warn (const char *who, const char *version)
{
  g_autoptr (LksOsShelf) shelf = version != NULL ? lks_cli_os_shelf_load () : NULL;
  const char *newer = lks_os_shelf_get_newer (shelf, version);
  g_autofree char *shown = lks_cli_clean (version);
  g_autofree char *shown_newer = lks_cli_clean (newer);

  if (newer != NULL)
    fprintf (stderr,
             "%s: the OS version %s is older than %s, the newest one known here. A board that is "
             "connected to the internet gets it by itself.\n",
             who, shown, shown_newer);
}
