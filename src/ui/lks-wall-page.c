/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wall-page.h"

#include "lks-device-id.h"
#include "lks-error-text.h"
#include "lks-file-opener.h"
#include "lks-teach-dialog.h"
#include "lks-wall-grid.h"

#include <glib/gi18n-lib.h>

struct _LksWallPage
{
  AdwBin parent_instance;

  GtkStack *stack;          /* template child */
  GtkLabel *recipe_label;   /* template child */
  GtkLabel *counts_label;   /* template child */
  GtkWidget *problem_box;   /* template child */
  GtkLabel *problem_label;  /* template child */
  LksWallGrid *grid;        /* template child */
  GtkWidget *detail_bar;    /* template child */
  GtkLabel *detail_title;   /* template child */
  GtkLabel *detail_text;    /* template child */
  GtkButton *allow_button;  /* template child */
  GtkWidget *strangers_bar; /* template child */
  GtkLabel *strangers;      /* template child */

  LksWall *wall;          /* (owned) */
  GSettings *settings;    /* (owned) (nullable) */
  LksWallPlace *selected; /* (owned) (nullable): what the details are about */
};

G_DEFINE_FINAL_TYPE (LksWallPage, lks_wall_page, ADW_TYPE_BIN)

static void
show_problem (LksWallPage *self, const GError *error)
{
  g_autofree char *text = error != NULL ? lks_error_to_text (error) : g_strdup ("");

  gtk_label_set_label (self->problem_label, text);
  gtk_widget_set_visible (self->problem_box, error != NULL);
}

/* ---- what the wall says ---- */

static void
show_recipe (LksWallPage *self)
{
  LksRecipe *recipe = lks_wall_get_recipe (self->wall);

  gtk_label_set_label (self->recipe_label,
                       recipe != NULL ? lks_recipe_get_name (recipe) : _ ("Choose a Recipe…"));
}

static void
show_counts (LksWallPage *self)
{
  static const LksTileKind kinds[] = { LKS_TILE_KIND_WORKING, LKS_TILE_KIND_READY,
                                       LKS_TILE_KIND_PASS, LKS_TILE_KIND_FAIL,
                                       LKS_TILE_KIND_STOPPED };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      guint count = lks_wall_count (self->wall, kinds[i]);

      if (count > 0)
        g_string_append_printf (text, "%s%u %s", text->len > 0 ? "  ·  " : "", count,
                                lks_tile_kind_to_word (kinds[i]));
    }
  gtk_label_set_label (self->counts_label, text->str);
}

static void
show_detail (LksWallPage *self)
{
  LksJigPlace *jig_place;
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;

  gtk_widget_set_visible (self->detail_bar, self->selected != NULL);
  if (self->selected == NULL)
    return;

  jig_place = lks_wall_place_get_jig_place (self->selected);
  title = lks_wall_place_dup_spoken (self->selected);
  detail = lks_wall_place_dup_detail (self->selected);
  gtk_label_set_label (self->detail_title, title);
  gtk_label_set_label (self->detail_text, detail);
  gtk_widget_set_visible (GTK_WIDGET (self->detail_text), *detail != '\0');
  gtk_button_set_label (self->allow_button, lks_jig_place_get_allowed (jig_place)
                                                ? _ ("_Forbid This Place")
                                                : _ ("_Allow This Place"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wall.check-again",
                                 lks_wall_place_get_board (self->selected) != NULL &&
                                     !lks_wall_place_is_busy (self->selected));
}

static void
show_strangers (LksWallPage *self)
{
  GListModel *strangers = lks_wall_get_strangers (self->wall);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (strangers); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (strangers, i);
      const char *device_id = lks_board_get_device_id (board);

      g_string_append_printf (text, "%s%s", text->len > 0 ? ",  " : "", lks_board_get_path (board));
      if (device_id != NULL)
        g_string_append_printf (text, " (%s)", lks_device_id_get_short (device_id));
    }
  gtk_label_set_label (self->strangers, text->str);
  gtk_widget_set_visible (self->strangers_bar, text->len > 0);
}

static void
wall_changed_cb (LksWallPage *self)
{
  show_recipe (self);
  show_counts (self);
  show_detail (self);
  show_strangers (self);
}

static void
places_changed_cb (LksWallPage *self)
{
  gboolean is_taught = g_list_model_get_n_items (G_LIST_MODEL (self->wall)) > 0;

  g_clear_object (&self->selected);
  gtk_stack_set_visible_child_name (self->stack, is_taught ? "wall" : "untaught");
  wall_changed_cb (self);
}

static void
selected_cb (LksWallPage *self, LksWallPlace *place)
{
  if (g_set_object (&self->selected, place))
    show_detail (self);
}

/* ---- what a person does ---- */

static gboolean
load_recipe (LksWallPage *self, const char *path, GError **error)
{
  g_autoptr (LksRecipe) recipe = lks_recipe_load (path, error);

  if (recipe == NULL)
    return FALSE;
  lks_wall_set_recipe (self->wall, recipe);
  return TRUE;
}

static void
recipe_opened_cb (GtkWidget *owner, const char *const *paths)
{
  LksWallPage *self = LKS_WALL_PAGE (owner);
  g_autoptr (GError) error = NULL;

  if (load_recipe (self, paths[0], &error) && self->settings != NULL)
    g_settings_set_string (self->settings, "last-recipe", paths[0]);
  show_problem (self, error);
}

static void
choose_recipe_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_file_opener_ask (widget, _ ("Choose a Recipe"), _ ("Recipes (*.json)"), "*.json", FALSE,
                       recipe_opened_cb);
}

static gboolean
teach_closed_cb (LksWallPage *self)
{
  lks_wall_set_paused (self->wall, FALSE);
  return FALSE;
}

/* While boards are plugged round the jig nothing is done to them. */
static void
teach_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);
  GListModel *boards = lks_wall_get_boards (self->wall);
  LksTeachDialog *dialog;

  if (boards == NULL)
    return;

  lks_wall_set_paused (self->wall, TRUE);
  dialog = lks_teach_dialog_new (lks_wall_get_jig (self->wall), boards);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (widget)));
  g_signal_connect_object (dialog, "close-request", G_CALLBACK (teach_closed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
allow_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);
  LksJig *jig = lks_wall_get_jig (self->wall);
  g_autoptr (LksWallPlace) selected = NULL;
  g_autoptr (GError) error = NULL;
  LksJigPlace *jig_place;

  if (self->selected == NULL)
    return;

  selected = g_object_ref (self->selected);
  jig_place = lks_wall_place_get_jig_place (selected);
  lks_jig_set_allowed (jig, lks_jig_place_get_port (jig_place),
                       !lks_jig_place_get_allowed (jig_place));
  lks_jig_save (jig, &error);
  show_problem (self, error);
  selected_cb (self, selected);
}

static void
check_again_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWallPage *self = LKS_WALL_PAGE (widget);

  if (self->selected != NULL)
    lks_wall_check_again (self->wall, self->selected);
}

static void
lks_wall_page_dispose (GObject *object)
{
  LksWallPage *self = LKS_WALL_PAGE (object);

  if (self->wall != NULL)
    g_signal_handlers_disconnect_by_data (self->wall, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_WALL_PAGE);
  g_clear_object (&self->selected);
  g_clear_object (&self->wall);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lks_wall_page_parent_class)->dispose (object);
}

static void
lks_wall_page_class_init (LksWallPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_wall_page_dispose;

  g_type_ensure (LKS_TYPE_WALL_GRID);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-wall-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, recipe_label);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, counts_label);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, problem_box);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, grid);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, detail_bar);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, detail_title);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, detail_text);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, allow_button);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, strangers_bar);
  gtk_widget_class_bind_template_child (widget_class, LksWallPage, strangers);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);

  gtk_widget_class_install_action (widget_class, "wall.choose-recipe", NULL, choose_recipe_action);
  gtk_widget_class_install_action (widget_class, "wall.teach", NULL, teach_action);
  gtk_widget_class_install_action (widget_class, "wall.allow", NULL, allow_action);
  gtk_widget_class_install_action (widget_class, "wall.check-again", NULL, check_again_action);
}

static void
lks_wall_page_init (LksWallPage *self)
{
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (GError) error = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  lks_jig_load (jig, &error);
  self->wall = lks_wall_new (jig);
  lks_wall_grid_set_places (self->grid, G_LIST_MODEL (self->wall));
  g_signal_connect_object (self->wall, "changed", G_CALLBACK (wall_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->wall, "items-changed", G_CALLBACK (places_changed_cb), self,
                           G_CONNECT_SWAPPED);
  places_changed_cb (self);
  show_problem (self, error);
}

/**
 * lks_wall_page_set_settings:
 * @self: a page
 * @settings: where the recipe used last is kept
 *
 * Loads the recipe used last. A file that has gone or has changed for the worse is not offered.
 */
void
lks_wall_page_set_settings (LksWallPage *self, GSettings *settings)
{
  g_autofree char *path = g_settings_get_string (settings, "last-recipe");
  g_autoptr (GError) error = NULL;

  g_return_if_fail (LKS_IS_WALL_PAGE (self));

  g_set_object (&self->settings, settings);
  if (*path != '\0' && !load_recipe (self, path, &error))
    g_debug ("the last recipe is not used: %s", error->message);
}

/**
 * lks_wall_page_set_boards:
 * @self: a page
 * @boards: (nullable): a list model of [class@Lks.Board]
 *
 * Shows the attached boards at their places.
 */
void
lks_wall_page_set_boards (LksWallPage *self, GListModel *boards)
{
  g_return_if_fail (LKS_IS_WALL_PAGE (self));

  lks_wall_set_boards (self->wall, boards);
}

/**
 * lks_wall_page_set_ledger:
 * @self: a page
 * @ledger: (nullable): where the records go
 * @error: (nullable): why there is none: then nothing runs
 *
 * Hands the ledger in.
 */
void
lks_wall_page_set_ledger (LksWallPage *self, LksLedger *ledger, const GError *error)
{
  g_return_if_fail (LKS_IS_WALL_PAGE (self));

  if (error != NULL)
    show_problem (self, error);
  lks_wall_set_ledger (self->wall, ledger);
}
