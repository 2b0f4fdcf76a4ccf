/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-session.h"

#include "lks-cli-settings.h"
#include "lks-cli.h"
#include "lks-device-id.h"
#include "lks-end-signals.h"
#include "lks-station.h"
#include "lks-trust.h"

#include <stdio.h>

/* A board that was just plugged in takes seconds to start and does not answer meanwhile. */
#define ANSWER_TIMEOUT_MS 6000

/* A board that is busy with an update or whose adapter hangs must not keep the others waiting
 * for ever; what is known by then is the answer. */
#define SETTLE_TIMEOUT_MS 15000

#define LOOK_AGAIN_MS 200

struct _LksCliSession
{
  LksIoThread *io_thread;    /* (owned) */
  LksBoardList *boards;      /* (owned) (nullable) */
  LksSessionStore *store;    /* (owned) (nullable) */
  LksSessionKeeper *keeper;  /* (owned) (nullable): only with a servicing session */
  gint64 key_us;             /* when a board got the session's key */
  GCancellable *cancellable; /* (owned) */
  LksEndSignals signals;
};

static gboolean
stop_cb (gpointer user_data)
{
  LksCliSession *self = user_data;

  if (!g_cancellable_is_cancelled (self->cancellable))
    fputs ("locksmithctl: stopping; a step that cannot be undone is finished first\n", stderr);
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
ended_cb (LksCliSession *self, LksSession *session, LksSessionEnd end)
{
  fprintf (stderr, "locksmithctl: the servicing session has ended: %s\n",
           lks_session_end_get_sentence (end));
}

static void
trouble_cb (LksCliSession *self, const GError *error)
{
  lks_cli_print_error ("locksmithctl", error);
}

static void
key_handed_cb (LksCliSession *self)
{
  self->key_us = g_get_monotonic_time ();
}

static LksSessionStore *
open_store (GError **error)
{
  g_autofree char *folder = lks_session_store_dup_default_folder ();

  return lks_session_store_new (folder, error);
}

/* A session that cannot be recorded here goes on; none begins. */
static LksLedger *
open_ledger (void)
{
  g_autofree char *path = lks_ledger_dup_default_path ();
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (path, &error);

  if (error != NULL)
    lks_cli_print_error ("locksmithctl", error);
  if (ledger != NULL)
    lks_station_sign_ledger (ledger);
  return ledger;
}

/**
 * lks_cli_session_ensure_keeper:
 * @self: a session
 * @error: return location for a [error@Lks.SessionError]
 *
 * Returns: (transfer none) (nullable): what keeps the servicing session of this user, or NULL with
 *   @error set
 */
LksSessionKeeper *
lks_cli_session_ensure_keeper (LksCliSession *self, GError **error)
{
  g_autoptr (LksLedger) ledger = NULL;
  g_autoptr (LksVault) vault = NULL;

  if (self->keeper != NULL)
    return self->keeper;
  if (self->store == NULL && (self->store = open_store (error)) == NULL)
    return NULL;

  ledger = open_ledger ();
  vault = lks_vault_new ();
  self->keeper = lks_session_keeper_new (self->store, self->boards, vault, ledger, error);
  if (self->keeper == NULL)
    return NULL;

  g_signal_connect_swapped (self->keeper, "ended", G_CALLBACK (ended_cb), self);
  g_signal_connect_swapped (self->keeper, "trouble", G_CALLBACK (trouble_cb), self);
  g_signal_connect_swapped (self->keeper, "notify::board", G_CALLBACK (key_handed_cb), self);
  return self->keeper;
}

/* A servicing session applies to every command of this login. */
static void
adopt_session (LksCliSession *self)
{
  g_autoptr (GError) error = NULL;

  self->store = open_store (&error);
  if (self->store != NULL && (lks_session_store_get_session (self->store) != NULL ||
                              lks_session_store_is_damaged (self->store)))
    lks_cli_session_ensure_keeper (self, &error);
  if (error != NULL)
    g_debug ("no servicing session can be used: %s", error->message);
}

/**
 * lks_cli_session_open:
 * @error: return location for an error
 *
 * Begins to watch the boards. From here on SIGINT, SIGTERM and SIGHUP cancel the session's
 * cancellable.
 *
 * Returns: (transfer full) (nullable): a session, or NULL with an error
 */
LksCliSession *
lks_cli_session_open (GError **error)
{
  g_autoptr (LksCliSession) self = g_new0 (LksCliSession, 1);
  g_autoptr (LksTrust) trust = NULL;
  g_autoptr (GSettings) settings = lks_cli_open_settings ();
  g_auto (GStrv) extra_products =
      settings != NULL ? g_settings_get_strv (settings, "extra-products") : NULL;

  self->cancellable = g_cancellable_new ();
  lks_end_signals_watch (&self->signals, stop_cb, self);
  self->io_thread = lks_io_thread_new ();

  trust = lks_trust_load_default (error);
  if (trust == NULL)
    return NULL;

  self->boards =
      lks_board_list_new (self->io_thread, trust, (const char *const *) extra_products, error);
  if (self->boards == NULL)
    return NULL;

  adopt_session (self);
  return g_steal_pointer (&self);
}

/* Wakes the loop so that it looks at the clock. */
static gboolean
look_again_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

/**
 * lks_cli_session_close:
 * @self: a session
 *
 * Closes the lines of all boards, which brings the kernel's drivers back, and frees @self.
 */
void
lks_cli_session_close (LksCliSession *self)
{
  if (self->keeper != NULL)
    lks_session_keeper_close (self->keeper);
  if (self->boards != NULL)
    lks_board_list_close (self->boards);
  if (self->keeper != NULL)
    {
      lks_session_keeper_settle (self->keeper, LKS_SESSION_SETTLE_LIMIT_MS);
      g_signal_handlers_disconnect_by_data (self->keeper, self);
    }
  g_clear_object (&self->keeper);
  g_clear_object (&self->store);
  g_clear_object (&self->boards);
  g_clear_object (&self->io_thread);

  lks_end_signals_clear (&self->signals);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/**
 * lks_cli_session_get_cancellable:
 * @self: a session
 *
 * Returns: (transfer none): cancelled when the person at the terminal wants to stop
 */
GCancellable *
lks_cli_session_get_cancellable (LksCliSession *self)
{
  return self->cancellable;
}

/**
 * lks_cli_session_get_boards:
 * @self: a session
 *
 * Returns: (transfer none): the attached boards
 */
LksBoardList *
lks_cli_session_get_boards (LksCliSession *self)
{
  return self->boards;
}

/**
 * lks_cli_session_get_servicing:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the servicing session that goes on
 */
LksSession *
lks_cli_session_get_servicing (LksCliSession *self)
{
  return self->keeper != NULL ? lks_session_keeper_get_session (self->keeper) : NULL;
}

/**
 * lks_cli_session_cancel_at_end:
 * @self: a session
 * @board: a board
 * @cancellable: to be cancelled
 *
 * Cancels when the servicing session ends that opens @board now, if one does.
 */
void
lks_cli_session_cancel_at_end (LksCliSession *self, LksBoard *board, GCancellable *cancellable)
{
  if (self->keeper != NULL && lks_session_keeper_get_board (self->keeper) == board)
    g_signal_connect_object (self->keeper, "ended", G_CALLBACK (g_cancellable_cancel), cancellable,
                             G_CONNECT_SWAPPED);
}

static gboolean
all_answer (LksCliSession *self)
{
  GListModel *model = G_LIST_MODEL (self->boards);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (model, i);
      LksBoardState state = lks_board_get_state (board);

      if (state == LKS_BOARD_STATE_NO_ANSWER || state == LKS_BOARD_STATE_CONNECTING ||
          state == LKS_BOARD_STATE_RESTARTING)
        return FALSE;
    }

  return TRUE;
}

/* The board of a servicing session was read with its key. */
static gboolean
is_session_used (LksCliSession *self)
{
  LksBoard *board = self->keeper != NULL ? lks_session_keeper_get_board (self->keeper) : NULL;

  if (board == NULL)
    return self->keeper == NULL || lks_session_keeper_is_settled (self->keeper);
  if (lks_board_get_state (board) != LKS_BOARD_STATE_READY)
    return TRUE;
  return lks_board_status_get_fact (lks_board_get_status (board), LKS_FACT_ID_IMAGES).read_us >=
         self->key_us;
}

static gboolean
has_settled (LksCliSession *self, gint64 waited_us)
{
  if (!lks_board_list_is_settled (self->boards) || !is_session_used (self))
    return waited_us >= SETTLE_TIMEOUT_MS * G_TIME_SPAN_MILLISECOND;

  return all_answer (self) || waited_us >= ANSWER_TIMEOUT_MS * G_TIME_SPAN_MILLISECOND;
}

/**
 * lks_cli_session_settle:
 * @self: a session
 * @error: return location for an error
 *
 * Waits until every attached board was read once: at most 6 seconds for boards that do not answer
 * and 15 seconds for those that are still being read. A board that takes longer is told as it is
 * then.
 *
 * Returns: FALSE with `G_IO_ERROR_CANCELLED` when the person at the terminal wants to stop
 */
gboolean
lks_cli_session_settle (LksCliSession *self, GError **error)
{
  gint64 start_us = g_get_monotonic_time ();
  guint look_again_id = g_timeout_add (LOOK_AGAIN_MS, look_again_cb, NULL);

  while (!has_settled (self, g_get_monotonic_time () - start_us) &&
         !g_cancellable_is_cancelled (self->cancellable))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (look_again_id);

  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

static GPtrArray *
list_all (LksCliSession *self)
{
  GListModel *model = G_LIST_MODEL (self->boards);
  GPtrArray *boards = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (boards, g_list_model_get_item (model, i));
  return boards;
}

static gboolean
check_one (GPtrArray *boards, GError **error)
{
  g_autoptr (GString) candidates = g_string_new (NULL);

  if (boards->len <= 1)
    return TRUE;

  for (guint i = 0; i < boards->len; i++)
    g_string_append_printf (candidates, "%s%s", i == 0 ? "" : ", ",
                            lks_board_get_path (g_ptr_array_index (boards, i)));
  g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_AMBIGUOUS,
               "Several boards are attached (%s): say which with --board, or --all",
               candidates->str);
  return FALSE;
}

static gboolean
is_meant (LksBoard *board, const char *place_or_id)
{
  return g_str_equal (lks_board_get_path (board), place_or_id) ||
         lks_device_id_matches (lks_board_get_device_id (board), place_or_id);
}

static gboolean
add_meant (GPtrArray *boards, GPtrArray *all, const char *place_or_id, GError **error)
{
  g_autoptr (GString) candidates = g_string_new (NULL);
  LksBoard *found = NULL;
  guint n_found = 0;

  for (guint i = 0; i < all->len; i++)
    {
      LksBoard *board = g_ptr_array_index (all, i);

      if (!is_meant (board, place_or_id))
        continue;
      g_string_append_printf (candidates, "%s%s", n_found == 0 ? "" : ", ",
                              lks_board_get_path (board));
      found = board;
      n_found++;
    }

  if (n_found == 1)
    {
      if (!g_ptr_array_find (boards, found, NULL))
        g_ptr_array_add (boards, g_object_ref (found));
      return TRUE;
    }

  if (n_found == 0)
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NO_BOARD, "No attached board is “%s”",
                 place_or_id);
  else
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_AMBIGUOUS, "“%s” fits the boards at %s",
                 place_or_id, candidates->str);
  return FALSE;
}

static GPtrArray *
find_each (LksCliSession *self, const char *const *places_or_ids, GError **error)
{
  g_autoptr (GPtrArray) boards = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) all = list_all (self);

  for (gsize i = 0; places_or_ids[i] != NULL; i++)
    if (!add_meant (boards, all, places_or_ids[i], error))
      return NULL;

  return g_steal_pointer (&boards);
}

/**
 * lks_cli_session_select:
 * @self: a session that has settled
 * @places_or_ids: (nullable) (array zero-terminated=1): which boards: the place of each, its
 *   device ID, or at least 4 digits at the end of it; NULL for all
 * @one_only: whether more than one is an error when nothing was named
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type LksBoard): the boards meant, at least one, or
 *   NULL with [error@Lks.CliError]
 */
GPtrArray *
lks_cli_session_select (LksCliSession *self,
                        const char *const *places_or_ids,
                        gboolean one_only,
                        GError **error)
{
  g_autoptr (GPtrArray) boards = NULL;

  if (places_or_ids != NULL)
    return find_each (self, places_or_ids, error);

  boards = list_all (self);
  if (boards->len == 0)
    {
      g_set_error_literal (error, LKS_CLI_ERROR, LKS_CLI_ERROR_NO_BOARD, "No board is attached");
      return NULL;
    }

  return !one_only || check_one (boards, error) ? g_steal_pointer (&boards) : NULL;
}
