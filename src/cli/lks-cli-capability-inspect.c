/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-capability.h"

#include "lks-board.h"
#include "lks-cli-capability-show.h"
#include "lks-cli-output.h"
#include "lks-cli-session.h"
#include "lks-signer-files.h"

#include <stdio.h>

/* NULL: none. A board in use by another program cannot be asked; that is said on its own. */
static const char *
find_board (LksCliSession *session, const LksCapabilityInfo *info, gboolean *out_all_known)
{
  GListModel *boards = G_LIST_MODEL (lks_cli_session_get_boards (session));

  for (guint i = 0; i < g_list_model_get_n_items (boards); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (boards, i);
      const char *device_id = lks_board_get_device_id (board);

      if (lks_capability_info_is_for (info, device_id))
        return lks_board_get_path (board); /* the list keeps it alive */
      if (device_id == NULL)
        *out_all_known = FALSE;
    }
  return NULL;
}

/* Whether it fits is worth knowing, but no reason to fail. */
static char *
look_at_boards (const LksCapabilityInfo *info, char **out_port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCliSession) session = lks_cli_session_open (&error);
  gboolean all_known = TRUE;
  const char *port;

  if (session == NULL || !lks_cli_session_settle (session, &error))
    return g_strdup_printf ("not known: %s", error->message);

  port = find_board (session, info, &all_known);
  *out_port = g_strdup (port);
  if (port != NULL)
    return g_strdup_printf ("it fits the board at %s", port);
  return g_strdup (all_known ? "it fits no board that is attached now"
                             : "it fits none of the boards that tell their device ID now");
}

/**
 * lks_cli_capability_inspect:
 * @options: a file and options
 * @error: return location for an error
 *
 * Says what a capability file is, and whether an attached board is the one it is for. Needs no
 * vault.
 *
 * Returns: the exit status; LKS_CLI_EXIT_FAIL for a file whose signature is wrong
 */
LksCliExit
lks_cli_capability_inspect (const LksCliCapabilityOptions *options, GError **error)
{
  g_autoptr (LksSigners) signers = lks_signers_load_default (error);
  g_autoptr (LksSecret) bytes = NULL;
  g_autoptr (LksCapabilityInfo) info = NULL;
  g_autofree char *board = NULL;
  g_autofree char *port = NULL;
  JsonObject *object;

  if (signers == NULL ||
      (bytes = lks_secret_load (options->arguments[0], LKS_CAPABILITY_FILE_BYTES_MAX, error)) ==
          NULL ||
      (info = lks_capability_info_new (bytes, signers, error)) == NULL)
    return LKS_CLI_EXIT_USAGE;

  g_clear_pointer (&bytes, lks_secret_unref);
  if (!options->no_boards)
    board = look_at_boards (info, &port);
  if (options->json)
    {
      object = lks_cli_capability_info_to_json (info);
      if (port != NULL)
        json_object_set_string_member (object, "attachedPort", port);
      else
        json_object_set_null_member (object, "attachedPort");
      lks_cli_print_object (object);
    }
  else
    lks_cli_print_capability_info (info, board);

  if (info->signature != LKS_SIGNATURE_WRONG)
    return LKS_CLI_EXIT_DONE;
  fputs ("locksmithctl: do not use this file\n", stderr);
  return LKS_CLI_EXIT_FAIL;
}
