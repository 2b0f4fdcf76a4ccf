/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-session.h"

#include "lks-cli.h"
#include "lks-device-id.h"
#include "lks-trust.h"

#include <glib-unix.h>
#include <stdio.h>

/* A board that was just plugged in takes seconds to start and does not answer meanwhile. */
#define ANSWER_TIMEOUT_MS 6000

/* A board that is busy with an update or whose adapter hangs must not keep the others waiting
 * for ever; what is known by then is the answer. */
#define SETTLE_TIMEOUT_MS 15000

#define LOOK_AGAIN_MS 200

#define SETTINGS_SCHEMA "io.github.locksmith.Locksmith"
#define SETTINGS_EXTRA_PRODUCTS "extra-products"

struct _LksCliSession
{
  LksIoThread *io_thread;    /* (owned) */
  LksBoardList *boards;      /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
  guint interrupt_id;
  guint terminate_id;
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

/* The window's preference counts here, too. Without its schema, which a minimal installation may
 * lack, only the vendor's product string names a board. */
static char **
load_extra_products (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, SETTINGS_SCHEMA, TRUE) : NULL;
  g_autoptr (GSettings) settings = NULL;

  if (schema == NULL || !g_settings_schema_has_key (schema, SETTINGS_EXTRA_PRODUCTS))
    return NULL;

  settings = g_settings_new_full (schema, NULL, NULL);
  return g_settings_get_strv (settings, SETTINGS_EXTRA_PRODUCTS);
}

/**
 * lks_cli_session_open:
 * @error: return location for an error
 *
 * Begins to watch the boards. From here on SIGINT and SIGTERM cancel the session's cancellable.
 *
 * Returns: (transfer full) (nullable): a session, or NULL with an error
 */
LksCliSession *
lks_cli_session_open (GError **error)
{
  g_autoptr (LksCliSession) self = g_new0 (LksCliSession, 1);
  g_autoptr (LksTrust) trust = NULL;
  g_auto (GStrv) extra_products = load_extra_products ();

  self->cancellable = g_cancellable_new ();
  self->interrupt_id = g_unix_signal_add (SIGINT, stop_cb, self);
  self->terminate_id = g_unix_signal_add (SIGTERM, stop_cb, self);
  self->io_thread = lks_io_thread_new ();

  trust = lks_trust_load_default (error);
  if (trust == NULL)
    return NULL;

  self->boards =
      lks_board_list_new (self->io_thread, trust, (const char *const *) extra_products, error);
  if (self->boards == NULL)
    return NULL;

  return g_steal_pointer (&self);
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
  if (self->boards != NULL)
    lks_board_list_close (self->boards);
  g_clear_object (&self->boards);
  g_clear_object (&self->io_thread);

  g_clear_handle_id (&self->interrupt_id, g_source_remove);
  g_clear_handle_id (&self->terminate_id, g_source_remove);
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

/* Wakes the loop so that it looks at the clock. */
static gboolean
look_again_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
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

static gboolean
has_settled (LksCliSession *self, gint64 waited_us)
{
  if (!lks_board_list_is_settled (self->boards))
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
