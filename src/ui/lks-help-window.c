/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-help-window.h"

struct _LksHelpWindow
{
  AdwWindow parent_instance;
};

G_DEFINE_FINAL_TYPE (LksHelpWindow, lks_help_window, ADW_TYPE_WINDOW)

static void
lks_help_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_HELP_WINDOW);
  G_OBJECT_CLASS (lks_help_window_parent_class)->dispose (object);
}

static void
lks_help_window_class_init (LksHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_help_window_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-help-window.ui");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_help_window_init (LksHelpWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_help_window_new:
 *
 * Creates the help window.
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksHelpWindow *
lks_help_window_new (void)
{
  return g_object_new (LKS_TYPE_HELP_WINDOW, NULL);
}
