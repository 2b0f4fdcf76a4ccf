/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-list.h"

#include "lks-board-memory.h"
#include "lks-board-private.h"
#include "lks-device-id.h"
#include "lks-port-monitor.h"

struct _LksBoardList
{
  GObject parent_instance;

  LksIoThread *io_thread;  /* (owned) */
  LksTrust *trust;         /* (owned) */
  LksPortMonitor *monitor; /* (owned) (nullable): NULL once closed */
  GListStore *boards;      /* (owned) (element-type LksBoard): same order as the monitor's ports */
  LksBoardMemory *memory;  /* (owned): of those that were unplugged */
  gboolean is_settled;
};

static void lks_board_list_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksBoardList,
                               lks_board_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      lks_board_list_list_model_init))

typedef enum
{
  PROP_SETTLED = 1,
} LksBoardListProperty;

static GParamSpec *properties[PROP_SETTLED + 1];

static guint
get_n (LksBoardList *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->boards));
}

static LksBoard *
ref_board (LksBoardList *self, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (self->boards), position);
}

static gboolean
compute_settled (LksBoardList *self)
{
  if (self->monitor == NULL || !lks_port_monitor_is_settled (self->monitor))
    return FALSE;

  for (guint i = 0; i < get_n (self); i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, i);

      if (!lks_board_is_settled (board))
        return FALSE;
    }
  return TRUE;
}

/* Once settled, a list stays so: it is about what was plugged in at the start. */
static void
update_settled (LksBoardList *self)
{
  if (self->is_settled || !compute_settled (self))
    return;

  self->is_settled = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTLED]);
}

/* Whether the board says its ID now, not only said it some time. */
static gboolean
has_current_id (LksBoard *board)
{
  const GError *error = lks_board_status_get_error (lks_board_get_status (board));

  return lks_board_get_state (board) == LKS_BOARD_STATE_READY ||
         (error != NULL && g_error_matches (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_DUPLICATE));
}

static const char *
find_other_place (LksBoardList *self, LksBoard *board)
{
  const char *device_id = lks_board_get_device_id (board);

  for (guint i = 0; device_id != NULL && i < get_n (self); i++)
    {
      g_autoptr (LksBoard) other = ref_board (self, i);

      if (other != board && has_current_id (other) &&
          g_strcmp0 (lks_board_get_device_id (other), device_id) == 0)
        return lks_board_get_path (other); /* the list keeps it alive */
    }
  return NULL;
}

/* One ID in two places is a fault of the boards or of the cabling, never something to choose
 * between: all of them are flagged. */
static void
flag_duplicates (LksBoardList *self)
{
  for (guint i = 0; i < get_n (self); i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, i);

      lks_board_set_duplicate (board, find_other_place (self, board));
    }
}

static void
remember (LksBoardList *self, LksBoard *board)
{
  const char *device_id = lks_board_get_device_id (board);
  LksLockHistory history;

  if (device_id == NULL)
    return;

  lks_board_get_history (board, &history);
  lks_board_memory_keep (self->memory, device_id, lks_board_get_path (board), &history);
}

static void
device_id_cb (LksBoard *board, GParamSpec *pspec, gpointer user_data)
{
  LksBoardList *self = user_data;
  g_autofree char *path = NULL;
  LksLockHistory history;

  if (lks_board_memory_take (self->memory, lks_board_get_device_id (board), &path, &history))
    lks_board_continue (board, &history, path);
  flag_duplicates (self);
}

static void
board_state_cb (LksBoard *board, GParamSpec *pspec, gpointer user_data)
{
  flag_duplicates (user_data);
}

static void
board_settled_cb (LksBoard *board, GParamSpec *pspec, gpointer user_data)
{
  update_settled (user_data);
}

static LksBoard *
add_board (LksBoardList *self, LksPort *port)
{
  LksBoard *board = lks_board_new (self->io_thread, port, self->trust);

  g_signal_connect_object (board, "notify::device-id", G_CALLBACK (device_id_cb), self, 0);
  g_signal_connect_object (board, "notify::state", G_CALLBACK (board_state_cb), self, 0);
  g_signal_connect_object (board, "notify::settled", G_CALLBACK (board_settled_cb), self, 0);
  return board;
}

static void
remove_board (LksBoardList *self, LksBoard *board)
{
  g_signal_handlers_disconnect_by_data (board, self);
  remember (self, board);
  lks_board_close (board);
}

static void
ports_changed_cb (GListModel *ports, guint position, guint removed, guint added, gpointer user_data)
{
  LksBoardList *self = user_data;
  g_autoptr (GPtrArray) boards = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < removed; i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, position + i);

      remove_board (self, board);
    }
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (LksPort) port = g_list_model_get_item (ports, position + i);

      g_ptr_array_add (boards, add_board (self, port));
    }
  g_list_store_splice (self->boards, position, removed, boards->pdata, added);
  flag_duplicates (self);
  update_settled (self);
}

static void
monitor_settled_cb (LksPortMonitor *monitor, GParamSpec *pspec, gpointer user_data)
{
  update_settled (user_data);
}

static void
boards_changed_cb (GListModel *boards,
                   guint position,
                   guint removed,
                   guint added,
                   gpointer user_data)
{
  g_list_model_items_changed (user_data, position, removed, added);
}

static GType
lks_board_list_get_item_type (GListModel *model)
{
  return LKS_TYPE_BOARD;
}

static guint
lks_board_list_get_n_items (GListModel *model)
{
  return get_n (LKS_BOARD_LIST (model));
}

static gpointer
lks_board_list_get_item (GListModel *model, guint position)
{
  return ref_board (LKS_BOARD_LIST (model), position);
}

static void
lks_board_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lks_board_list_get_item_type;
  iface->get_n_items = lks_board_list_get_n_items;
  iface->get_item = lks_board_list_get_item;
}

static void
lks_board_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LksBoardList *self = LKS_BOARD_LIST (object);

  switch ((LksBoardListProperty) id)
    {
    case PROP_SETTLED:
      g_value_set_boolean (value, self->is_settled);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lks_board_list_dispose (GObject *object)
{
  lks_board_list_close (LKS_BOARD_LIST (object));

  G_OBJECT_CLASS (lks_board_list_parent_class)->dispose (object);
}

static void
lks_board_list_finalize (GObject *object)
{
  LksBoardList *self = LKS_BOARD_LIST (object);

  g_object_unref (self->boards);
  lks_board_memory_free (self->memory);
  g_clear_pointer (&self->trust, lks_trust_unref);
  g_clear_object (&self->io_thread);

  G_OBJECT_CLASS (lks_board_list_parent_class)->finalize (object);
}

static void
lks_board_list_class_init (LksBoardListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_board_list_get_property;
  object_class->dispose = lks_board_list_dispose;
  object_class->finalize = lks_board_list_finalize;

  properties[PROP_SETTLED] =
      g_param_spec_boolean ("settled", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_board_list_init (LksBoardList *self)
{
  self->boards = g_list_store_new (LKS_TYPE_BOARD);
  self->memory = lks_board_memory_new ();
  g_signal_connect_object (self->boards, "items-changed", G_CALLBACK (boards_changed_cb), self, 0);
}

/**
 * lks_board_list_new:
 * @io_thread: the thread of USB and IP
 * @trust: whose certificates are accepted
 * @extra_products: (nullable) (array zero-terminated=1): product strings of adapters that are
 *   boards although they do not carry the vendor's
 * @error: return location for an error
 *
 * Finds the attached boards and follows their coming and going. Items and properties change
 * on the calling thread's default main context.
 *
 * Returns: (transfer full) (nullable): a list
 */
LksBoardList *
lks_board_list_new (LksIoThread *io_thread,
                    LksTrust *trust,
                    const char *const *extra_products,
                    GError **error)
{
  g_autoptr (LksBoardList) self = g_object_new (LKS_TYPE_BOARD_LIST, NULL);

  self->io_thread = g_object_ref (io_thread);
  self->trust = lks_trust_ref (trust);
  self->monitor = lks_port_monitor_new (io_thread, extra_products, error);
  if (self->monitor == NULL)
    return NULL;

  g_signal_connect_object (self->monitor, "items-changed", G_CALLBACK (ports_changed_cb), self, 0);
  g_signal_connect_object (self->monitor, "notify::settled", G_CALLBACK (monitor_settled_cb), self,
                           0);
  ports_changed_cb (G_LIST_MODEL (self->monitor), 0, 0,
                    g_list_model_get_n_items (G_LIST_MODEL (self->monitor)), self);
  return g_steal_pointer (&self);
}

/**
 * lks_board_list_is_settled:
 * @self: a list
 *
 * Returns: whether everything that was plugged in when the list was made is found, and the
 *   first reading of each board has ended, well or badly; once %TRUE it stays so
 */
gboolean
lks_board_list_is_settled (LksBoardList *self)
{
  return self->is_settled;
}

static gboolean
matches (LksBoard *board, const char *place_or_id)
{
  const char *device_id = lks_board_get_device_id (board);

  return g_str_equal (lks_board_get_path (board), place_or_id) ||
         (device_id != NULL && lks_device_id_matches (device_id, place_or_id));
}

/**
 * lks_board_list_find:
 * @self: a list
 * @place_or_id: a place ("1-2.3"), a device ID, or the last six or more digits of one
 * @error: return location for an error
 *
 * Fails with `G_IO_ERROR_NOT_FOUND` when no board matches or more than one does: nothing is
 * guessed.
 *
 * Returns: (transfer none) (nullable): the board, valid until the list changes
 */
LksBoard *
lks_board_list_find (LksBoardList *self, const char *place_or_id, GError **error)
{
  LksBoard *found = NULL;

  for (guint i = 0; i < get_n (self); i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, i);

      if (!matches (board, place_or_id))
        continue;
      if (found != NULL)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       "“%s” fits the boards at %s and %s; name the place or more digits",
                       place_or_id, lks_board_get_path (found), lks_board_get_path (board));
          return NULL;
        }
      found = board; /* the list keeps it alive */
    }

  if (found == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no attached board is “%s”", place_or_id);
  return found;
}

/**
 * lks_board_list_close:
 * @self: a list
 *
 * Ends the conversation with all boards and waits, for some milliseconds, until their adapters
 * have been given back: for the end of a program. The list is empty afterwards.
 */
void
lks_board_list_close (LksBoardList *self)
{
  g_autoptr (LksPortMonitor) monitor = g_steal_pointer (&self->monitor);

  if (monitor != NULL)
    g_signal_handlers_disconnect_by_data (monitor, self);

  for (guint i = 0; i < get_n (self); i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, i);

      remove_board (self, board);
    }
  for (guint i = 0; i < get_n (self); i++)
    {
      g_autoptr (LksBoard) board = ref_board (self, i);

      lks_board_join (board);
    }
  g_list_store_remove_all (self->boards);
}
