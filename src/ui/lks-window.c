/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-window.h"

#include "lks-boards-page.h"

struct _LksWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toast_overlay; /* template child */
  LksBoardsPage *boards_page;     /* template child */
};

G_DEFINE_FINAL_TYPE (LksWindow, lks_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_toast_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWindow *self = LKS_WINDOW (widget);

  adw_toast_overlay_add_toast (self->toast_overlay,
                               adw_toast_new (g_variant_get_string (parameter, NULL)));
}

static void
go_back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_boards_page_go_back (LKS_WINDOW (widget)->boards_page);
}

static void
lks_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_WINDOW);
  G_OBJECT_CLASS (lks_window_parent_class)->dispose (object);
}

static void
lks_window_class_init (LksWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lks_window_dispose;

  g_type_ensure (LKS_TYPE_BOARDS_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/locksmith/Locksmith/ui/lks-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LksWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, LksWindow, boards_page);

  gtk_widget_class_install_action (widget_class, "win.show-toast", "s", show_toast_action);
  gtk_widget_class_install_action (widget_class, "win.go-back", NULL, go_back_action);
}

static void
lks_window_init (LksWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_window_new:
 * @application: the program
 * @settings: its settings; the size of the window is kept there
 *
 * Creates the main window.
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksWindow *
lks_window_new (GtkApplication *application, GSettings *settings)
{
  LksWindow *self = g_object_new (LKS_TYPE_WINDOW, "application", application, NULL);

  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  return self;
}

/**
 * lks_window_set_boards:
 * @self: a window
 * @boards: (nullable): a list model of [class@Lks.Board]
 *
 * Shows attached boards.
 */
void
lks_window_set_boards (LksWindow *self, GListModel *boards)
{
  g_return_if_fail (LKS_IS_WINDOW (self));

  g_object_set (self->boards_page, "boards", boards, NULL);
}

/**
 * lks_window_set_problem:
 * @self: a window
 * @problem: (nullable): why no board can be found at all, as a translated sentence
 *
 * Shows why there are no boards.
 */
void
lks_window_set_problem (LksWindow *self, const char *problem)
{
  g_return_if_fail (LKS_IS_WINDOW (self));

  g_object_set (self->boards_page, "problem", problem, NULL);
}
