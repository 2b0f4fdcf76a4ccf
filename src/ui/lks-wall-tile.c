/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wall-tile.h"

struct _LksWallTile
{
  GtkButton parent_instance;

  GtkLabel *name;           /* template child */
  GtkLabel *digits;         /* template child */
  GtkImage *icon;           /* template child */
  GtkLabel *word;           /* template child */
  GtkLabel *step;           /* template child */
  GtkLabel *time;           /* template child */
  GtkLabel *next;           /* template child */
  GtkProgressBar *progress; /* template child */

  LksWallPlace *place; /* (owned) */
  int kind;            /* as last shown; -1 before */
  char *spoken;        /* (owned) (nullable): as last told */
};

G_DEFINE_FINAL_TYPE (LksWallTile, lks_wall_tile, GTK_TYPE_BUTTON)

/* Another icon is another layout of the wall, even when it is the same one again. */
static void
show_kind (LksWallTile *self, LksTileKind kind)
{
  if (self->kind == (int) kind)
    return;

  self->kind = (int) kind;
  for (int i = 0; i < LKS_TILE_KINDS; i++)
    if (i != (int) kind)
      gtk_widget_remove_css_class (GTK_WIDGET (self), lks_tile_kind_to_css_class (i));
  gtk_widget_add_css_class (GTK_WIDGET (self), lks_tile_kind_to_css_class (kind));
  gtk_image_set_from_icon_name (self->icon, lks_tile_kind_to_icon_name (kind));
  gtk_label_set_label (self->word, lks_tile_kind_to_word (kind));
}

static void
tell (LksWallTile *self)
{
  g_autofree char *spoken = lks_wall_place_dup_spoken (self->place);

  if (g_strcmp0 (self->spoken, spoken) == 0)
    return;

  g_free (self->spoken);
  self->spoken = g_steal_pointer (&spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->spoken, -1);
}

static void
show_progress (LksWallTile *self)
{
  const double fraction = lks_wall_place_get_progress (self->place);

  if (gtk_progress_bar_get_fraction (self->progress) < fraction ||
      gtk_progress_bar_get_fraction (self->progress) > fraction)
    gtk_progress_bar_set_fraction (self->progress, fraction);
  gtk_widget_set_opacity (GTK_WIDGET (self->progress),
                          lks_wall_place_is_busy (self->place) ? 1 : 0);
}

static void
update (LksWallTile *self)
{
  LksTileLook look = lks_wall_place_get_look (self->place);
  g_autofree char *digits = lks_wall_place_dup_digits (self->place);
  g_autofree char *step = lks_wall_place_dup_step (self->place);
  g_autofree char *time = lks_wall_place_dup_time (self->place);

  show_kind (self, look.kind);
  gtk_label_set_label (self->name,
                       lks_jig_place_get_name (lks_wall_place_get_jig_place (self->place)));
  gtk_label_set_label (self->digits, digits);
  gtk_label_set_label (self->step, step);
  gtk_label_set_label (self->time, time);
  gtk_label_set_label (self->next, lks_tile_next_to_text (look.next));
  show_progress (self);
  tell (self);
}

static void
lks_wall_tile_dispose (GObject *object)
{
  LksWallTile *self = LKS_WALL_TILE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_WALL_TILE);
  g_clear_object (&self->place);
  G_OBJECT_CLASS (lks_wall_tile_parent_class)->dispose (object);
}

static void
lks_wall_tile_finalize (GObject *object)
{
  g_free (LKS_WALL_TILE (object)->spoken);
  G_OBJECT_CLASS (lks_wall_tile_parent_class)->finalize (object);
}

static void
lks_wall_tile_class_init (LksWallTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_wall_tile_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_wall_tile_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-wall-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, LksWallTile, name);
  gtk_widget_class_bind_template_child (widget_class, LksWallTile, digits);
  gtk_widget_class_bind_template_child (widget_class, LksWallTile, icon);
  gtk_widget_class_bind_template_child (widget_class, LksWallTile, word);
  gtk_widget_class_bind_template_child (widget_class, LksWallTile, step);
  gtk_widget_class_bind_template_child (widget_class, LksWallTile, time);
  gtk_widget_class_bind_template_child (widget_class, LksWallTile, next);
  gtk_widget_class_bind_template_child (widget_class, LksWallTile, progress);
}

static void
lks_wall_tile_init (LksWallTile *self)
{
  self->kind = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_wall_tile_new:
 * @place: what to show
 *
 * Returns: (transfer floating): a new tile
 */
GtkWidget *
lks_wall_tile_new (LksWallPlace *place)
{
  LksWallTile *self = g_object_new (LKS_TYPE_WALL_TILE, NULL);

  self->place = g_object_ref (place);
  g_signal_connect_object (place, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

/**
 * lks_wall_tile_get_place:
 * @self: a tile
 *
 * Returns: (transfer none): what it shows
 */
LksWallPlace *
lks_wall_tile_get_place (LksWallTile *self)
{
  g_return_val_if_fail (LKS_IS_WALL_TILE (self), NULL);

  return self->place;
}
