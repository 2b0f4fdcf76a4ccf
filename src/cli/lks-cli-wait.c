/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-wait.h"

/**
 * lks_cli_wait_cb:
 * @source: (nullable): of an asynchronous call
 * @result: its result
 * @user_data: where to put a reference to it
 *
 * The callback of a call that lks_cli_wait_for() waits for.
 */
void
lks_cli_wait_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/**
 * lks_cli_wait_for:
 * @result: where lks_cli_wait_cb() puts it
 *
 * Runs the main context until the call is over.
 *
 * Returns: (transfer none): the result
 */
GAsyncResult *
lks_cli_wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}
