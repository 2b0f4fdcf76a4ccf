/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wall-grid.h"

#include <glib/gi18n-lib.h>

#define SPACING_PX 6

struct _LksWallGrid
{
  AdwBin parent_instance;

  GtkGrid *grid;      /* (unowned): the child */
  GListModel *places; /* (owned) (nullable) of LksWallPlace */
  GtkWidget *tile;    /* (unowned) (nullable): which had the focus last */
};

G_DEFINE_FINAL_TYPE (LksWallGrid, lks_wall_grid, ADW_TYPE_BIN)

static guint selected_signal;

/* 64 places have to fit a screen on which one place must not look lost. */
static const char *
css_class_for (guint rows, guint columns)
{
  if (rows <= 1 && columns <= 1)
    return "wall-single";
  if (rows <= 2 && columns <= 2)
    return "wall-large";
  if (rows <= 3 && columns <= 4)
    return "wall-medium";
  if (rows <= 5 && columns <= 8)
    return "wall-small";
  return "wall-tiny";
}

static void
focused_cb (LksWallGrid *self, GtkEventController *controller)
{
  self->tile = gtk_event_controller_get_widget (controller);
  g_signal_emit (self, selected_signal, 0, lks_wall_tile_get_place (LKS_WALL_TILE (self->tile)));
}

static GtkWidget *
create_tile (LksWallGrid *self, LksWallPlace *place)
{
  GtkWidget *tile = lks_wall_tile_new (place);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_object (focus, "enter", G_CALLBACK (focused_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (tile, focus);
  g_signal_connect (tile, "clicked", G_CALLBACK (gtk_widget_grab_focus), NULL);
  return tile;
}

/* The arrow keys go from tile to tile, Tab leads to the tile that was chosen last and away from it:
 * what is said about that tile, and can be done with it, stands behind the grid. */
static gboolean
lks_wall_grid_focus (GtkWidget *widget, GtkDirectionType direction)
{
  LksWallGrid *self = LKS_WALL_GRID (widget);
  GtkWidget *tile =
      self->tile != NULL ? self->tile : gtk_widget_get_first_child (GTK_WIDGET (self->grid));

  if (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD)
    return gtk_widget_child_focus (GTK_WIDGET (self->grid), direction);
  return gtk_widget_get_focus_child (widget) == NULL && tile != NULL &&
         gtk_widget_grab_focus (tile);
}

/* Rows and columns without a place are as high and as wide as the others. */
static void
fill (LksWallGrid *self)
{
  g_autoptr (LksWallPlace) chosen = NULL;
  gboolean has_focus = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;
  guint rows = 0, columns = 0;
  GtkWidget *child;
  const char *css_classes[] = { "wall-grid", NULL, NULL };

  if (self->tile != NULL)
    chosen = g_object_ref (lks_wall_tile_get_place (LKS_WALL_TILE (self->tile)));
  self->tile = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  for (guint i = 0; i < g_list_model_get_n_items (self->places); i++)
    {
      g_autoptr (LksWallPlace) place = g_list_model_get_item (self->places, i);
      LksJigPlace *jig_place = lks_wall_place_get_jig_place (place);
      guint row = lks_jig_place_get_row (jig_place);
      guint column = lks_jig_place_get_column (jig_place);

      child = create_tile (self, place);
      gtk_grid_attach (self->grid, child, (int) column, (int) row, 1, 1);
      if (place == chosen)
        self->tile = child;
      rows = MAX (rows, row);
      columns = MAX (columns, column);
    }
  if (has_focus && self->tile != NULL)
    gtk_widget_grab_focus (self->tile);
  css_classes[1] = css_class_for (rows, columns);
  gtk_widget_set_css_classes (GTK_WIDGET (self), css_classes);
}

static void
lks_wall_grid_dispose (GObject *object)
{
  LksWallGrid *self = LKS_WALL_GRID (object);

  g_clear_object (&self->places);
  G_OBJECT_CLASS (lks_wall_grid_parent_class)->dispose (object);
}

static void
lks_wall_grid_class_init (LksWallGridClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lks_wall_grid_dispose;
  GTK_WIDGET_CLASS (klass)->focus = lks_wall_grid_focus;

  selected_signal = g_signal_new ("selected", LKS_TYPE_WALL_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, LKS_TYPE_WALL_PLACE);
}

static void
lks_wall_grid_init (LksWallGrid *self)
{
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_row_homogeneous (self->grid, TRUE);
  gtk_grid_set_column_homogeneous (self->grid, TRUE);
  gtk_grid_set_row_spacing (self->grid, SPACING_PX);
  gtk_grid_set_column_spacing (self->grid, SPACING_PX);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Places of the jig"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->grid));
}

/**
 * lks_wall_grid_set_places:
 * @self: a grid
 * @places: a list model of [class@Lks.WallPlace]
 *
 * Shows the places, and follows the model. To be called once.
 */
void
lks_wall_grid_set_places (LksWallGrid *self, GListModel *places)
{
  g_return_if_fail (LKS_IS_WALL_GRID (self));
  g_return_if_fail (self->places == NULL);

  self->places = g_object_ref (places);
  g_signal_connect_object (places, "items-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
}
