/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session-world.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *emulator;
static char *control_path; /* (owned) */
static char *state_path;   /* (owned) */

void
session_world_init (const char *emulator_program)
{
  const char *bench = g_getenv ("LOCKSMITH_BENCH_DIR");

  g_assert_nonnull (bench);
  emulator = emulator_program;
  control_path = g_build_filename (bench, "control", NULL);
  state_path = g_build_filename (bench, "state", NULL);
}

/* ---- the hand at the cables ---- */

static JsonNode *
ask (const char *request)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (control_path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_autoptr (GDataInputStream) input = NULL;
  g_autofree char *answer = NULL;

  g_assert_no_error (error);
  g_output_stream_printf (g_io_stream_get_output_stream (G_IO_STREAM (connection)), NULL, NULL,
                          &error, "%s\n", request);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answer);
  if (strstr (answer, "\"ok\":true") == NULL)
    g_error ("%s: %s", request, answer);
  return json_from_string (answer, NULL);
}

void
session_world_command (const char *format, ...)
{
  g_autofree char *request = NULL;
  g_autoptr (JsonNode) answer = NULL;
  va_list args;

  va_start (args, format);
  request = g_strdup_vprintf (format, args);
  va_end (args);
  answer = ask (request);
}

static JsonObject *
get_state (guint board, JsonNode **out_answer)
{
  g_autofree char *request = g_strdup_printf ("{\"command\":\"state\",\"board\":%u}", board);

  *out_answer = ask (request);
  return json_object_get_object_member (json_node_get_object (*out_answer), "board");
}

char *
session_world_dup_id (guint board)
{
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *state = get_state (board, &answer);

  return g_strdup (json_object_get_string_member (state, "deviceId"));
}

char *
session_world_dup_place (guint board)
{
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *state = get_state (board, &answer);

  return g_strdup (json_object_get_string_member (state, "busid"));
}

gboolean
session_world_is_plugged (guint board)
{
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *state = get_state (board, &answer);

  return json_object_get_boolean_member (state, "plugged");
}

/* ---- the program's parts ---- */

static void
ended_cb (SessionWorld *world, LksSession *session, LksSessionEnd end)
{
  g_clear_pointer (&world->ended, lks_session_unref);
  world->ended = lks_session_ref (session);
  world->end = end;
  world->n_ends++;
}

static void
trouble_cb (SessionWorld *world, GError *error)
{
  g_assert_no_error (error);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

void
session_world_open_vault (SessionWorld *world)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  world->vault = lks_vault_new ();
  lks_vault_open_async (world->vault, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  lks_vault_open_finish (world->vault, result, &error);
  g_assert_no_error (error);
}

void
session_world_set_up (SessionWorld *world)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *files = NULL;
  g_autofree char *ledger_path = NULL;

  world->folder = g_dir_make_tmp ("lks-session-XXXXXX", NULL);
  files = g_build_filename (world->folder, "locksmith", NULL);
  ledger_path = g_build_filename (world->folder, "ledger.sqlite", NULL);
  world->io_thread = lks_io_thread_new ();
  world->trust = lks_trust_load_default (&error);
  g_assert_no_error (error);
  world->boards = lks_board_list_new (world->io_thread, world->trust, NULL, &error);
  g_assert_no_error (error);
  world->ledger = lks_ledger_open (ledger_path, &error);
  g_assert_no_error (error);
  session_world_open_vault (world);
  world->store = lks_session_store_new (files, &error);
  g_assert_no_error (error);
  world->keeper =
      lks_session_keeper_new (world->store, world->boards, world->vault, world->ledger, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (world->keeper, "ended", G_CALLBACK (ended_cb), world);
  g_signal_connect_swapped (world->keeper, "trouble", G_CALLBACK (trouble_cb), world);
  WAIT_UNTIL (lks_board_list_is_settled (world->boards));
}

void
session_world_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      session_world_remove_tree (child);
    }
  g_remove (path);
}

void
session_world_empty_vault (SessionWorld *world)
{
  GListModel *items = lks_vault_get_items (world->vault);

  while (g_list_model_get_n_items (items) > 0)
    {
      g_autoptr (LksVaultItem) item = g_list_model_get_item (items, 0);
      g_autoptr (GAsyncResult) result = NULL;

      lks_vault_remove_async (world->vault, item, NULL, result_cb, &result);
      WAIT_UNTIL (result != NULL);
      g_assert_true (lks_vault_remove_finish (world->vault, result, NULL));
    }
}

void
session_world_tear_down (SessionWorld *world)
{
  if (lks_session_keeper_get_session (world->keeper) != NULL)
    lks_session_keeper_end (world->keeper, LKS_SESSION_END_USER, NULL);
  WAIT_UNTIL (lks_session_keeper_is_settled (world->keeper));
  lks_session_keeper_close (world->keeper);
  lks_board_list_close (world->boards);
  WAIT_FINALIZED (world->keeper);
  session_world_empty_vault (world);
  WAIT_FINALIZED (world->store);
  WAIT_FINALIZED (world->ledger);
  WAIT_FINALIZED (world->vault);
  WAIT_FINALIZED (world->boards);
  lks_trust_unref (world->trust);
  WAIT_FINALIZED (world->io_thread);
  g_clear_pointer (&world->ended, lks_session_unref);
  session_world_remove_tree (world->folder);
  g_free (world->folder);
}

/* ---- verbs ---- */

/* A capability file made by the emulator's own tool, imported as a user would. */
LksVaultItem *
session_world_import (SessionWorld *world, guint board, const char *kind)
{
  g_autofree char *path = g_build_filename (world->folder, "new.cap", NULL);
  g_autofree char *id = session_world_dup_id (board);
  const char *const argv[] = { emulator,   "capability", "--device",    id,         "--kind", kind,
                               "--output", path,         "--state-dir", state_path, NULL };
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSubprocess) tool = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GError) error = NULL;
  LksVaultItem *item;

  tool = g_subprocess_newv (argv, 0, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (tool, NULL, &error);
  g_assert_no_error (error);

  g_ptr_array_add (files, g_file_new_for_path (path));
  lks_vault_import_async (world->vault, files, NULL, NULL, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  imports = lks_vault_import_finish (world->vault, result, &error);
  g_assert_no_error (error);
  g_unlink (path);
  item = lks_vault_import_get_item (g_ptr_array_index (imports, 0));
  g_assert_nonnull (item);
  return lks_vault_get_item (world->vault, lks_vault_item_get_fingerprint (item));
}

LksBoard *
session_world_find (SessionWorld *world, guint board)
{
  g_autofree char *place = session_world_dup_place (board);

  return lks_board_list_find (world->boards, place, NULL);
}

/* The board itself, not another one that is still known at its place. */
LksBoard *
session_world_wait_board (SessionWorld *world, guint board)
{
  g_autofree char *id = session_world_dup_id (board);
  LksBoard *found = NULL;

  WAIT_UNTIL ((found = session_world_find (world, board)) != NULL &&
              lks_board_get_state (found) == LKS_BOARD_STATE_READY &&
              g_strcmp0 (lks_board_get_device_id (found), id) == 0);
  return found;
}

void
session_world_start (SessionWorld *world, const LksSessionRequest *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lks_session_keeper_start_async (world->keeper, request, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  lks_session_keeper_start_finish (world->keeper, result, error);
}

LksServiceRecord *
session_world_get_record (SessionWorld *world, const char *session_id)
{
  g_autoptr (GError) error = NULL;
  LksServiceRecord *record;

  WAIT_UNTIL (lks_session_keeper_is_settled (world->keeper));
  record = lks_ledger_service_get (world->ledger, session_id, &error);
  g_assert_no_error (error);
  return record;
}
