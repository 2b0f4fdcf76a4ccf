/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-teach-dialog.h"

#include "lks-board.h"
#include "lks-error-text.h"
#include "lks-jig-teacher.h"

#include <glib/gi18n-lib.h>

struct _LksTeachDialog
{
  AdwWindow parent_instance;

  GtkStack *stack;         /* template child */
  GtkButton *start_button; /* template child */
  GtkButton *keep_button;  /* template child */
  GtkSpinButton *rows;     /* template child */
  GtkSpinButton *columns;  /* template child */
  GtkLabel *size_label;    /* template child */
  GtkLabel *next_label;    /* template child */
  GtkLabel *lesson_label;  /* template child */
  GtkGrid *grid;           /* template child */
  GtkButton *undo_button;  /* template child */
  GtkButton *skip_button;  /* template child */
  GtkLabel *error_label;   /* template child */

  LksJig *jig;            /* (owned) */
  GListModel *boards;     /* (owned) of LksBoard */
  LksJigTeacher *teacher; /* (owned) (nullable): once the size is known */
  GHashTable *present;    /* (owned): the ports that hold a board */
};

G_DEFINE_FINAL_TYPE (LksTeachDialog, lks_teach_dialog, ADW_TYPE_WINDOW)

static guint
get_rows (LksTeachDialog *self)
{
  return (guint) gtk_spin_button_get_value_as_int (self->rows);
}

static guint
get_columns (LksTeachDialog *self)
{
  return (guint) gtk_spin_button_get_value_as_int (self->columns);
}

static void
size_changed_cb (LksTeachDialog *self)
{
  guint n_places = get_rows (self) * get_columns (self);
  gboolean is_possible = n_places <= LKS_JIG_PLACES_MAX;
  g_autofree char *text = NULL;

  if (is_possible)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u place", "%u places", n_places),
                            n_places);
  else
    /* Translators: a number of places, and the largest that is possible */
    text = g_strdup_printf (_ ("%u places are too many: at most %d"), n_places, LKS_JIG_PLACES_MAX);
  gtk_label_set_label (self->size_label, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), is_possible);
}

/* ---- teaching ---- */

static char *
dup_lesson_text (LksJigTeacher *teacher)
{
  switch (lks_jig_teacher_get_lesson (teacher))
    {
    case LKS_JIG_LESSON_WAITING:
      return g_strdup (_ ("Plug a board in there. Nothing is done to it."));
    case LKS_JIG_LESSON_TAUGHT:
      return g_strdup (_ ("Good. Now plug a board in there."));
    case LKS_JIG_LESSON_KNOWN:
      /* Translators: the name of a place, "A3" */
      return g_strdup_printf (
          _ ("That socket is place %s already. Unplug the board and take another "
             "socket, or undo."),
          lks_jig_teacher_get_known (teacher));
    case LKS_JIG_LESSON_TWO_AT_ONCE:
      return g_strdup (_ ("Two boards appeared at once, and nobody can say which is which. Unplug "
                          "both, then plug one in."));
    case LKS_JIG_LESSON_DONE:
      break;
    }
  return g_strdup (_ ("All places are taught. Keep the map to use it."));
}

static GtkWidget *
create_cell (LksTeachDialog *self, guint row, guint column, const char *next)
{
  const char *port = lks_jig_teacher_get_port (self->teacher, row, column);
  g_autofree char *name = lks_jig_name_for (row, column);
  g_autofree char *tooltip = NULL;
  GtkWidget *label = gtk_label_new (name);

  gtk_widget_add_css_class (label, "jig-cell");
  if (port != NULL)
    gtk_widget_add_css_class (label, *port != '\0' ? "taught" : "skipped");
  else if (g_strcmp0 (name, next) == 0)
    gtk_widget_add_css_class (label, "next");

  if (port != NULL && *port != '\0')
    /* Translators: the name of a place and its USB port */
    tooltip = g_strdup_printf (_ ("%s is port %s"), name, port);
  else if (port != NULL)
    /* Translators: the name of a place */
    tooltip = g_strdup_printf (_ ("%s is left out"), name);
  gtk_widget_set_tooltip_text (label, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  tooltip != NULL ? tooltip : name, -1);
  return label;
}

static void
show_grid (LksTeachDialog *self, const char *next)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  for (guint row = 1; row <= lks_jig_teacher_get_rows (self->teacher); row++)
    for (guint column = 1; column <= lks_jig_teacher_get_columns (self->teacher); column++)
      gtk_grid_attach (self->grid, create_cell (self, row, column, next), (int) column, (int) row,
                       1, 1);
}

static void
show_lesson (LksTeachDialog *self)
{
  g_autofree char *next = lks_jig_teacher_dup_next (self->teacher);
  g_autofree char *lesson = dup_lesson_text (self->teacher);
  /* Translators: the name of the place that is to be taught now, "A3" */
  g_autofree char *title =
      next != NULL ? g_strdup_printf (_ ("Place %s"), next) : g_strdup (_ ("Done"));
  gboolean is_two = lks_jig_teacher_get_lesson (self->teacher) == LKS_JIG_LESSON_TWO_AT_ONCE;

  gtk_label_set_label (self->next_label, title);
  gtk_label_set_label (self->lesson_label, lesson);
  show_grid (self, next);
  gtk_widget_set_sensitive (GTK_WIDGET (self->undo_button),
                            lks_jig_teacher_can_undo (self->teacher));
  gtk_widget_set_sensitive (GTK_WIDGET (self->skip_button), next != NULL && !is_two);
  gtk_widget_set_sensitive (GTK_WIDGET (self->keep_button),
                            lks_jig_teacher_get_n_taught (self->teacher) > 0 && !is_two);
}

static GHashTable *
list_ports (GListModel *boards)
{
  GHashTable *ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (boards); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (boards, i);

      g_hash_table_add (ports, g_strdup (lks_board_get_path (board)));
    }
  return ports;
}

/* What went is told before what came: a board that moved is one board. */
static void
boards_changed_cb (LksTeachDialog *self)
{
  g_autoptr (GHashTable) before = NULL;
  GHashTableIter iter;
  gpointer port;

  if (self->teacher == NULL)
    return;

  before = g_steal_pointer (&self->present);
  self->present = list_ports (self->boards);
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &port, NULL))
    if (!g_hash_table_contains (self->present, port))
      lks_jig_teacher_unplugged (self->teacher, port);
  g_hash_table_iter_init (&iter, self->present);
  while (g_hash_table_iter_next (&iter, &port, NULL))
    if (!g_hash_table_contains (before, port))
      lks_jig_teacher_plugged (self->teacher, port, g_get_monotonic_time ());
}

static void
start_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksTeachDialog *self = LKS_TEACH_DIALOG (widget);
  GHashTableIter iter;
  gpointer port;

  self->teacher = lks_jig_teacher_new (get_rows (self), get_columns (self));
  self->present = list_ports (self->boards);
  g_hash_table_iter_init (&iter, self->present);
  while (g_hash_table_iter_next (&iter, &port, NULL))
    lks_jig_teacher_start_with (self->teacher, port);
  g_signal_connect_object (self->teacher, "changed", G_CALLBACK (show_lesson), self,
                           G_CONNECT_SWAPPED);
  gtk_stack_set_visible_child_name (self->stack, "lesson");
  gtk_widget_set_visible (GTK_WIDGET (self->start_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->keep_button), TRUE);
  show_lesson (self);
}

static void
undo_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksTeachDialog *self = LKS_TEACH_DIALOG (widget);

  if (self->teacher != NULL)
    lks_jig_teacher_undo (self->teacher);
}

static void
skip_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksTeachDialog *self = LKS_TEACH_DIALOG (widget);

  if (self->teacher != NULL)
    lks_jig_teacher_skip (self->teacher);
}

static void
show_error (LksTeachDialog *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  gtk_label_set_label (self->error_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), TRUE);
}

/* A map that cannot be written to the disk is used all the same, and said to be lost later. */
static void
keep_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksTeachDialog *self = LKS_TEACH_DIALOG (widget);
  g_autoptr (GPtrArray) places = NULL;
  g_autoptr (GError) error = NULL;

  if (self->teacher == NULL || lks_jig_teacher_get_n_taught (self->teacher) == 0)
    return;

  places = lks_jig_teacher_dup_places (self->teacher);
  if (lks_jig_set_places (self->jig, places, &error) && lks_jig_save (self->jig, &error))
    gtk_window_close (GTK_WINDOW (self));
  else
    show_error (self, error);
}

static void
lks_teach_dialog_dispose (GObject *object)
{
  LksTeachDialog *self = LKS_TEACH_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_TEACH_DIALOG);
  g_clear_object (&self->jig);
  g_clear_object (&self->boards);
  g_clear_object (&self->teacher);
  g_clear_pointer (&self->present, g_hash_table_unref);
  G_OBJECT_CLASS (lks_teach_dialog_parent_class)->dispose (object);
}

static void
lks_teach_dialog_class_init (LksTeachDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_teach_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-teach-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, start_button);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, keep_button);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, rows);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, columns);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, size_label);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, next_label);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, lesson_label);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, grid);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, undo_button);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, skip_button);
  gtk_widget_class_bind_template_child (widget_class, LksTeachDialog, error_label);
  gtk_widget_class_bind_template_callback (widget_class, size_changed_cb);

  gtk_widget_class_install_action (widget_class, "teach.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "teach.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "teach.skip", NULL, skip_action);
  gtk_widget_class_install_action (widget_class, "teach.keep", NULL, keep_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_teach_dialog_init (LksTeachDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  size_changed_cb (self);
}

/**
 * lks_teach_dialog_new:
 * @jig: the map that is to be taught
 * @boards: the attached boards, a list model of [class@Lks.Board]
 *
 * Creates a dialog that asks for the size of the jig first: that of the map, when there is one.
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksTeachDialog *
lks_teach_dialog_new (LksJig *jig, GListModel *boards)
{
  LksTeachDialog *self = g_object_new (LKS_TYPE_TEACH_DIALOG, NULL);

  self->jig = g_object_ref (jig);
  self->boards = g_object_ref (boards);
  g_signal_connect_object (boards, "items-changed", G_CALLBACK (boards_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (lks_jig_get_rows (jig) > 0)
    {
      gtk_spin_button_set_value (self->rows, lks_jig_get_rows (jig));
      gtk_spin_button_set_value (self->columns, lks_jig_get_columns (jig));
    }
  return self;
}
