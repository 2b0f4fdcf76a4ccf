/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-attached.h"

#include "lks-board.h"

#include <glib/gi18n-lib.h>

struct _LksAttached
{
  GObject parent_instance;

  GListModel *boards; /* (owned) (nullable) of LksBoard */
};

G_DEFINE_FINAL_TYPE (LksAttached, lks_attached, G_TYPE_OBJECT)

static guint changed_signal;

static void
changed_cb (LksAttached *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
watch (LksAttached *self, guint position, guint n_boards)
{
  for (guint i = position; i < position + n_boards; i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (self->boards, i);

      g_signal_connect_object (board, "notify::device-id", G_CALLBACK (changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
}

static void
items_changed_cb (LksAttached *self, guint position, guint removed, guint added)
{
  watch (self, position, added);
  changed_cb (self);
}

static void
lks_attached_dispose (GObject *object)
{
  g_clear_object (&LKS_ATTACHED (object)->boards);
  G_OBJECT_CLASS (lks_attached_parent_class)->dispose (object);
}

static void
lks_attached_class_init (LksAttachedClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lks_attached_dispose;

  changed_signal = g_signal_new ("changed", LKS_TYPE_ATTACHED, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lks_attached_init (LksAttached *self)
{
}

/**
 * lks_attached_ref_default:
 *
 * Gets the one that all windows share. Main thread only.
 *
 * Returns: (transfer full): it
 */
LksAttached *
lks_attached_ref_default (void)
{
  static LksAttached *shared; /* (unowned) */

  if (shared != NULL)
    return g_object_ref (shared);

  g_set_weak_pointer (&shared, g_object_new (LKS_TYPE_ATTACHED, NULL));
  return shared;
}

/**
 * lks_attached_set_boards:
 * @self: the attached boards
 * @boards: (nullable): a list model of [class@Lks.Board]
 *
 * Tells which boards there are.
 */
void
lks_attached_set_boards (LksAttached *self, GListModel *boards)
{
  g_return_if_fail (LKS_IS_ATTACHED (self));

  if (self->boards == boards)
    return;

  if (self->boards != NULL)
    g_signal_handlers_disconnect_by_func (self->boards, items_changed_cb, self);
  g_set_object (&self->boards, boards);
  if (boards != NULL)
    {
      g_signal_connect_object (boards, "items-changed", G_CALLBACK (items_changed_cb), self,
                               G_CONNECT_SWAPPED);
      watch (self, 0, g_list_model_get_n_items (boards));
    }
  changed_cb (self);
}

/**
 * lks_attached_get_board:
 * @self: the attached boards
 * @device_id: (nullable): a device ID, 128 digits in either case
 *
 * Returns: (transfer none) (nullable): the board that says this ID, NULL when it is not attached or
 *   has not said so
 */
LksBoard *
lks_attached_get_board (LksAttached *self, const char *device_id)
{
  g_return_val_if_fail (LKS_IS_ATTACHED (self), NULL);

  if (self->boards == NULL || device_id == NULL)
    return NULL;
  for (guint i = 0; i < g_list_model_get_n_items (self->boards); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (self->boards, i);
      const char *its_id = lks_board_get_device_id (board);

      if (its_id != NULL && g_ascii_strcasecmp (its_id, device_id) == 0)
        return board; /* the list keeps it alive */
    }
  return NULL;
}

/**
 * lks_attached_get_place:
 * @self: the attached boards
 * @device_id: (nullable): a device ID, 128 digits in either case
 *
 * Returns: (transfer none) (nullable): the place of the board that says this ID, NULL when it is
 *   not attached or has not said so
 */
const char *
lks_attached_get_place (LksAttached *self, const char *device_id)
{
  LksBoard *board = lks_attached_get_board (self, device_id);

  return board != NULL ? lks_board_get_path (board) : NULL;
}

/**
 * lks_attached_list_ids:
 * @self: the attached boards
 *
 * Returns: (transfer full) (element-type utf8): the device IDs of those that have told theirs, in
 *   lower case
 */
GPtrArray *
lks_attached_list_ids (LksAttached *self)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; self->boards != NULL && i < g_list_model_get_n_items (self->boards); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (self->boards, i);
      const char *id = lks_board_get_device_id (board);

      if (id != NULL)
        g_ptr_array_add (ids, g_ascii_strdown (id, -1));
    }
  return ids;
}

/**
 * lks_attached_label_row:
 * @widget: what is shown in a row of a list
 * @title: whose it is
 * @subtitle: what it is
 * @place: (nullable): where the board is plugged in
 *
 * Has a screen reader say all of it for the row around @widget, once there is one.
 */
void
lks_attached_label_row (GtkWidget *widget,
                        const char *title,
                        const char *subtitle,
                        const char *place)
{
  GtkWidget *row = gtk_widget_get_parent (widget);
  g_autofree char *spoken = NULL;

  if (row == NULL)
    return;
  if (place != NULL)
    /* Translators: a board or its key, what it is, and a USB place, as a screen reader says them */
    spoken = g_strdup_printf (_ ("%s, %s, attached at place %s"), title, subtitle, place);
  else
    /* Translators: a board or its key, and what it is, as a screen reader says them */
    spoken = g_strdup_printf (_ ("%s, %s"), title, subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}
