/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-ota.h"

#include "emu-board-private.h"
#include "emu-identity.h"

/* Every image of the system belongs to its version; applications stay. */
static void
install_system (EmuBoard *board)
{
  for (guint i = 0; i < board->components->len; i++)
    {
      EmuComponent *component = g_ptr_array_index (board->components, i);
      g_autofree char *of_version =
          g_strdup_printf ("%s %s", component->name, board->ota.os_version);

      if (component->image_type == LKS_IMAGE_TYPE_APPLICATION)
        continue;
      g_free (component->image_id);
      component->image_id = emu_identity_guid ("image", of_version);
    }
}

static gboolean
done_cb (gpointer user_data)
{
  EmuBoard *board = user_data;

  board->ota.timer_id = 0;
  board->ota.in_progress = FALSE;
  if (board->config->ota_os_version != NULL)
    {
      g_free (board->ota.os_version);
      board->ota.os_version = g_strdup (board->config->ota_os_version);
      install_system (board);
    }
  g_debug ("board %u: updated to %s", board->config->index, board->ota.os_version);
  emu_board_restart (board);
  return G_SOURCE_REMOVE;
}

/* The emulator starts: the scenario may say that an update is under way. */
void
emu_ota_begin (EmuBoard *board)
{
  board->ota.in_progress = board->config->ota_in_progress;
  board->ota.os_version = g_strdup (board->config->os_version);
}

/* The system runs: so does the update, from its beginning. */
void
emu_ota_resume (EmuBoard *board)
{
  emu_ota_pause (board);
  if (board->ota.in_progress && board->config->ota_ms > 0)
    board->ota.timer_id = g_timeout_add (board->config->ota_ms, done_cb, board);
}

void
emu_ota_pause (EmuBoard *board)
{
  g_clear_handle_id (&board->ota.timer_id, g_source_remove);
}

void
emu_ota_clear (EmuBoard *board)
{
  emu_ota_pause (board);
  g_clear_pointer (&board->ota.os_version, g_free);
}
