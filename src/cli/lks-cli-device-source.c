/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-device-source.h"

#include "lks-cli-session.h"
#include "lks-cli.h"
#include "lks-device-id.h"

#include <stdio.h>

static GPtrArray *
new_rows (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lks_device_row_free);
}

static gboolean
same_device (gconstpointer a, gconstpointer b)
{
  return g_str_equal (((const LksDeviceRow *) a)->device_id, ((const LksDeviceRow *) b)->device_id);
}

static void
take_row (GPtrArray *rows, LksDeviceRow *row)
{
  if (g_ptr_array_find_with_equal_func (rows, row, same_device, NULL))
    lks_device_row_free (row);
  else
    g_ptr_array_add (rows, row);
}

/* ---- attached boards ---- */

static GPtrArray *
read_attached (LksCliDeviceSource *self, GError **error)
{
  g_autoptr (LksCliSession) session = lks_cli_session_open (error);
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (GPtrArray) rows = new_rows ();

  if (session == NULL || !lks_cli_session_settle (session, error) ||
      (boards = lks_cli_session_select (session, NULL, FALSE, error)) == NULL)
    return NULL;
  for (guint i = 0; i < boards->len; i++)
    {
      LksBoard *board = g_ptr_array_index (boards, i);

      if (lks_board_get_device_id (board) != NULL)
        {
          take_row (rows, lks_device_row_new (lks_board_get_device_id (board), NULL, NULL));
          continue;
        }
      fprintf (stderr, "%s: the board does not tell its device ID and is left out\n",
               lks_board_get_path (board));
      self->n_silent++;
    }
  if (rows->len > 0)
    return g_steal_pointer (&rows);
  g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NO_IDENTITY,
                       "No attached board tells its device ID");
  return NULL;
}

/* ---- typed ---- */

static GPtrArray *
read_typed (LksCliDeviceSource *self, GError **error)
{
  g_autoptr (GPtrArray) rows = new_rows ();

  for (guint i = 0; self->ids[i] != NULL; i++)
    {
      g_autofree char *id = lks_device_id_normalize (self->ids[i], error);

      if (id == NULL)
        return NULL;
      take_row (rows, lks_device_row_new (id, NULL, NULL));
    }
  return g_steal_pointer (&rows);
}

/**
 * lks_cli_device_source_read:
 * @self: what the command line says
 * @error: return location for an error
 *
 * Finds out which devices are meant, each once. Main thread only; waits for boards.
 *
 * Returns: (transfer full) (element-type LksDeviceRow): the devices, at least one, or NULL with
 *   @error set
 */
GPtrArray *
lks_cli_device_source_read (LksCliDeviceSource *self, GError **error)
{
  if (self->attached + (self->ids != NULL) + (self->csv_file != NULL) != 1)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_USAGE,
                           "Say which devices: one of --attached, --device and --csv");
      return NULL;
    }
  if (self->attached)
    return read_attached (self, error);
  return self->ids != NULL ? read_typed (self, error) : lks_device_csv_load (self->csv_file, error);
}

/**
 * lks_cli_device_source_list_ids:
 * @rows: (element-type LksDeviceRow): devices
 *
 * Returns: (transfer container) (element-type utf8): their IDs, which live as long as @rows
 */
GPtrArray *
lks_cli_device_source_list_ids (GPtrArray *rows)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (ids, ((LksDeviceRow *) g_ptr_array_index (rows, i))->device_id);
  return ids;
}

/**
 * lks_cli_device_source_clear:
 * @self: used
 */
void
lks_cli_device_source_clear (LksCliDeviceSource *self)
{
  g_clear_pointer (&self->ids, g_strfreev);
  g_clear_pointer (&self->csv_file, g_free);
}
