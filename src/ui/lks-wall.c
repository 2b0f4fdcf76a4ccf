/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wall-private.h"

#include "lks-boot-clock.h"
#include "lks-usb-buses.h"

#include <glib/gi18n-lib.h>

#define IDLE_MINUTES 15

static void lks_wall_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksWall,
                               lks_wall,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, lks_wall_list_model_init))

enum
{
  SIGNAL_CHANGED,
  SIGNAL_SOUND,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GType
lks_wall_get_item_type (GListModel *model)
{
  return LKS_TYPE_WALL_PLACE;
}

static guint
lks_wall_get_n_items (GListModel *model)
{
  return LKS_WALL (model)->places->len;
}

static gpointer
lks_wall_get_item (GListModel *model, guint position)
{
  GPtrArray *places = LKS_WALL (model)->places;

  return position < places->len ? g_object_ref (places->pdata[position]) : NULL;
}

static void
lks_wall_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lks_wall_get_item_type;
  iface->get_n_items = lks_wall_get_n_items;
  iface->get_item = lks_wall_get_item;
}

void
lks_wall_changed (LksWall *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
lks_wall_sound (LksWall *self, LksSound sound)
{
  g_signal_emit (self, signals[SIGNAL_SOUND], 0, sound);
}

static void
place_changed_cb (LksWallPlace *place, LksWall *self)
{
  lks_wall_consider_label (self, place);
  lks_wall_consider (self, place);
  lks_wall_changed (self);
}

/* ---- who is where ---- */

static LksWallPlace *
find_place (GPtrArray *places, const char *port)
{
  for (guint i = 0; i < places->len; i++)
    {
      LksJigPlace *jig_place = lks_wall_place_get_jig_place (places->pdata[i]);

      if (g_strcmp0 (lks_jig_place_get_port (jig_place), port) == 0)
        return places->pdata[i];
    }
  return NULL;
}

/* Somebody plugged a board in, which at an armed wall is all that an operator has to do. A label
 * that was scanned before belongs to the board that comes next. */
static void
unit_cb (LksWallPlace *place, LksWall *self)
{
  g_autofree char *label = NULL;

  if (!lks_jig_place_get_allowed (lks_wall_place_get_jig_place (place)))
    return;

  self->touched_us = lks_boot_clock_us ();
  if (self->session != NULL && lks_wall_is_armed (self))
    lks_operator_session_touch (self->session);
  label = g_steal_pointer (&self->next_label);
  if (label != NULL)
    lks_wall_place_set_label_ahead (place, label);
}

static void
seat_boards (LksWall *self)
{
  guint n_boards = self->boards != NULL ? g_list_model_get_n_items (self->boards) : 0;
  g_autoptr (GHashTable) seated = g_hash_table_new (NULL, NULL); /* LksWallPlace → LksBoard */
  g_autoptr (GPtrArray) strangers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_boards; i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (self->boards, i);
      LksWallPlace *place = find_place (self->places, lks_board_get_path (board));

      if (place != NULL)
        g_hash_table_insert (seated, place, board);
      else
        g_ptr_array_add (strangers, g_object_ref (board));
    }
  for (guint i = 0; i < self->places->len; i++)
    lks_wall_place_set_board (self->places->pdata[i],
                              g_hash_table_lookup (seated, self->places->pdata[i]));
  g_list_store_splice (self->strangers, 0,
                       g_list_model_get_n_items (G_LIST_MODEL (self->strangers)), strangers->pdata,
                       strangers->len);
  lks_wall_changed (self);
}

void
lks_wall_tell_mode (LksWall *self, LksWallPlace *place)
{
  lks_wall_place_set_mode (place, self->recipe != NULL,
                           self->recipe != NULL && lks_recipe_get_label_required (self->recipe),
                           self->clock != NULL);
}

static LksWallPlace *
create_place (LksWall *self, LksJigPlace *jig_place)
{
  LksWallPlace *place = lks_wall_place_new (jig_place);

  lks_wall_tell_mode (self, place);
  g_signal_connect_object (place, "unit", G_CALLBACK (unit_cb), self, 0);
  g_signal_connect_object (place, "changed", G_CALLBACK (place_changed_cb), self, 0);
  g_signal_connect_object (place, "sound", G_CALLBACK (lks_wall_sound), self, G_CONNECT_SWAPPED);
  return place;
}

/* While its controller is not connected, a place is known by what the map says. */
static gboolean
is_same_place (LksJigPlace *one, LksJigPlace *other)
{
  const char *port = lks_jig_place_get_port (one);
  const char *other_port = lks_jig_place_get_port (other);

  if (port != NULL && other_port != NULL)
    return g_str_equal (port, other_port);
  return g_str_equal (lks_jig_place_get_taught_port (one), lks_jig_place_get_taught_port (other));
}

static LksWallPlace *
steal_place (GPtrArray *places, LksJigPlace *jig_place)
{
  for (guint i = 0; i < places->len; i++)
    if (is_same_place (lks_wall_place_get_jig_place (places->pdata[i]), jig_place))
      return g_ptr_array_steal_index (places, i);
  return NULL;
}

/* A place whose port is still in the map goes on as it was. */
static void
map_changed_cb (LksWall *self)
{
  g_autoptr (GPtrArray) old = NULL;
  guint n_places = g_list_model_get_n_items (G_LIST_MODEL (self->jig));
  guint n_old = self->places->len;

  lks_wall_disarm (self, self->is_looking_at_buses ? _ ("The USB controllers have changed.")
                                                   : _ ("The map was changed."));
  old = g_steal_pointer (&self->places);
  self->places = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n_places; i++)
    {
      g_autoptr (LksJigPlace) jig_place = g_list_model_get_item (G_LIST_MODEL (self->jig), i);
      LksWallPlace *place = steal_place (old, jig_place);

      g_ptr_array_add (self->places, place != NULL ? place : create_place (self, jig_place));
    }
  for (guint i = 0; i < n_places; i++)
    {
      g_autoptr (LksJigPlace) jig_place = g_list_model_get_item (G_LIST_MODEL (self->jig), i);

      lks_wall_place_set_jig_place (self->places->pdata[i], jig_place);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, self->places->len);
  seat_boards (self);
}

static void
lks_wall_dispose (GObject *object)
{
  LksWall *self = LKS_WALL (object);

  g_ptr_array_set_size (self->places, 0);
  g_clear_object (&self->clock);
  g_clear_object (&self->session);
  g_clear_object (&self->jig);
  g_clear_object (&self->boards);
  g_clear_object (&self->ledger);
  g_clear_object (&self->recipe);
  g_clear_object (&self->strangers);
  g_clear_object (&self->verdicts);
  g_clear_object (&self->claims);
  g_clear_object (&self->waivers);
  G_OBJECT_CLASS (lks_wall_parent_class)->dispose (object);
}

static void
lks_wall_finalize (GObject *object)
{
  LksWall *self = LKS_WALL (object);

  g_ptr_array_unref (self->places);
  g_hash_table_unref (self->begun);
  g_free (self->sysfs);
  g_free (self->signed_in);
  g_free (self->name);
  g_free (self->next_label);
  g_free (self->disarm_reason);
  G_OBJECT_CLASS (lks_wall_parent_class)->finalize (object);
}

static void
lks_wall_class_init (LksWallClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lks_wall_dispose;
  object_class->finalize = lks_wall_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", LKS_TYPE_WALL, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SOUND] = g_signal_new ("sound", LKS_TYPE_WALL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
lks_wall_init (LksWall *self)
{
  self->places = g_ptr_array_new_with_free_func (g_object_unref);
  self->strangers = g_list_store_new (LKS_TYPE_BOARD);
  self->begun = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, lks_wall_begun_free);
  self->idle_minutes = IDLE_MINUTES;
  self->verdicts = lks_verdict_book_ref_default ();
  self->claims = lks_claim_book_ref_default ();
  self->waivers = lks_waiver_book_ref_default ();
}

/**
 * lks_wall_new:
 * @jig: the map
 *
 * Creates a wall without boards, ledger and recipe: nothing is done before all three are there.
 *
 * Returns: (transfer full): a wall
 */
LksWall *
lks_wall_new (LksJig *jig)
{
  LksWall *self = g_object_new (LKS_TYPE_WALL, NULL);

  self->jig = g_object_ref (jig);
  g_signal_connect_object (jig, "items-changed", G_CALLBACK (map_changed_cb), self,
                           G_CONNECT_SWAPPED);
  map_changed_cb (self);
  return self;
}

/**
 * lks_wall_get_jig:
 * @self: a wall
 *
 * Returns: (transfer none): the map
 */
LksJig *
lks_wall_get_jig (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), NULL);

  return self->jig;
}

/**
 * lks_wall_get_boards:
 * @self: a wall
 *
 * Returns: (transfer none) (nullable): all attached boards, also the strangers
 */
GListModel *
lks_wall_get_boards (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), NULL);

  return self->boards;
}

/**
 * lks_wall_look_at_buses:
 * @self: a wall
 *
 * Looks whose the USB buses are now, so that the places follow their controllers. Reads a few small
 * files that lie in memory.
 */
void
lks_wall_look_at_buses (LksWall *self)
{
  g_autoptr (GHashTable) buses = NULL;

  g_return_if_fail (LKS_IS_WALL (self));

  if (self->sysfs == NULL)
    return;

  buses = lks_usb_buses_read (self->sysfs);
  self->is_looking_at_buses = TRUE;
  lks_jig_set_buses (self->jig, buses);
  self->is_looking_at_buses = FALSE;
}

/**
 * lks_wall_set_sysfs:
 * @self: a wall
 * @sysfs: the folder where sysfs is
 *
 * Says where it is told whose the USB buses are; before, their numbers are all that is known. That
 * is looked at now, and whenever boards come and go; see lks_wall_look_at_buses(). To be called
 * once.
 */
void
lks_wall_set_sysfs (LksWall *self, const char *sysfs)
{
  g_return_if_fail (LKS_IS_WALL (self));
  g_return_if_fail (self->sysfs == NULL);

  self->sysfs = g_strdup (sysfs);
  lks_wall_look_at_buses (self);
}

/* A board may be the first on a bus that is new. */
static void
boards_changed_cb (LksWall *self)
{
  lks_wall_look_at_buses (self);
  seat_boards (self);
}

/**
 * lks_wall_set_boards:
 * @self: a wall
 * @boards: (nullable): a list model of [class@Lks.Board]
 *
 * Follows the attached boards.
 */
void
lks_wall_set_boards (LksWall *self, GListModel *boards)
{
  g_return_if_fail (LKS_IS_WALL (self));

  if (self->boards == boards)
    return;

  if (self->boards != NULL)
    g_signal_handlers_disconnect_by_func (self->boards, boards_changed_cb, self);
  g_set_object (&self->boards, boards);
  if (boards != NULL)
    g_signal_connect_object (boards, "items-changed", G_CALLBACK (boards_changed_cb), self,
                             G_CONNECT_SWAPPED);
  boards_changed_cb (self);
}

/**
 * lks_wall_set_ledger:
 * @self: a wall
 * @ledger: (nullable): where the records go; without one nothing runs
 *
 * Hands the ledger in.
 */
void
lks_wall_set_ledger (LksWall *self, LksLedger *ledger)
{
  g_return_if_fail (LKS_IS_WALL (self));

  if (g_set_object (&self->ledger, ledger))
    lks_wall_consider_all (self);
}

/**
 * lks_wall_get_recipe:
 * @self: a wall
 *
 * Returns: (transfer none) (nullable): what must be true of the boards
 */
LksRecipe *
lks_wall_get_recipe (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), NULL);

  return self->recipe;
}

/**
 * lks_wall_set_recipe:
 * @self: a wall
 * @recipe: (nullable): what must be true of the boards
 *
 * Another recipe: boards that nothing runs on are judged anew.
 */
void
lks_wall_set_recipe (LksWall *self, LksRecipe *recipe)
{
  g_return_if_fail (LKS_IS_WALL (self));

  if (!g_set_object (&self->recipe, recipe))
    return;

  lks_wall_disarm (self, _ ("The recipe was changed."));
  g_hash_table_remove_all (self->begun);
  g_clear_pointer (&self->next_label, g_free);
  for (guint i = 0; i < self->places->len; i++)
    {
      LksWallPlace *place = self->places->pdata[i];

      if (!lks_wall_place_is_busy (place))
        lks_wall_place_set_finalizer (place, NULL);
      lks_wall_place_confirm (place, NULL);
      lks_wall_tell_mode (self, place);
    }
  lks_wall_consider_all (self);
  lks_wall_changed (self);
}

/**
 * lks_wall_set_paused:
 * @self: a wall
 * @is_paused: whether nothing is to begin
 *
 * Pauses the wall, while somebody teaches its map. What runs goes on.
 */
void
lks_wall_set_paused (LksWall *self, gboolean is_paused)
{
  g_return_if_fail (LKS_IS_WALL (self));

  self->is_paused = is_paused;
  if (is_paused)
    lks_wall_disarm (self, _ ("The map is being taught."));
  lks_wall_consider_all (self);
}

/**
 * lks_wall_get_strangers:
 * @self: a wall
 *
 * Returns: (transfer none): the boards whose ports are not in the map, a list model of
 *   [class@Lks.Board]
 */
GListModel *
lks_wall_get_strangers (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), NULL);

  return G_LIST_MODEL (self->strangers);
}

/**
 * lks_wall_is_busy:
 * @self: a wall
 *
 * Returns: whether a run waits or runs anywhere
 */
gboolean
lks_wall_is_busy (LksWall *self)
{
  g_return_val_if_fail (LKS_IS_WALL (self), FALSE);

  for (guint i = 0; i < self->places->len; i++)
    if (lks_wall_place_is_busy (self->places->pdata[i]))
      return TRUE;
  return FALSE;
}

/**
 * lks_wall_count:
 * @self: a wall
 * @kind: what a tile shows
 *
 * Returns: how many tiles show it
 */
guint
lks_wall_count (LksWall *self, LksTileKind kind)
{
  guint count = 0;

  g_return_val_if_fail (LKS_IS_WALL (self), 0);

  for (guint i = 0; i < self->places->len; i++)
    count += lks_wall_place_get_look (self->places->pdata[i]).kind == kind;
  return count;
}

/**
 * lks_wall_check_again:
 * @self: a wall
 * @place: one of its places
 *
 * Judges the board that is there anew, unless something runs on it.
 */
void
lks_wall_check_again (LksWall *self, LksWallPlace *place)
{
  g_return_if_fail (LKS_IS_WALL (self));

  if (lks_wall_place_is_busy (place))
    return;

  lks_wall_place_set_elsewhere (place, NULL);
  lks_wall_place_set_finalizer (place, NULL);
}
