/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sign-in-dialog.h"

#include "lks-sign-in-form.h"

struct _LksSignInDialog
{
  AdwWindow parent_instance;

  LksSignInForm *form; /* template child */
};

G_DEFINE_FINAL_TYPE (LksSignInDialog, lks_sign_in_dialog, ADW_TYPE_WINDOW)

static void
lks_sign_in_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_SIGN_IN_DIALOG);
  G_OBJECT_CLASS (lks_sign_in_dialog_parent_class)->dispose (object);
}

static void
lks_sign_in_dialog_class_init (LksSignInDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_sign_in_dialog_dispose;

  g_type_ensure (LKS_TYPE_SIGN_IN_FORM);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-sign-in-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksSignInDialog, form);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_sign_in_dialog_init (LksSignInDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_sign_in_dialog_present:
 * @parent: the window above which it opens
 * @session: where people sign in
 * @as_engineer: whether an engineer is asked for
 *
 * Opens the dialog.
 *
 * Returns: (transfer none): it, owned by GTK
 */
GtkWindow *
lks_sign_in_dialog_present (GtkWindow *parent, LksOperatorSession *session, gboolean as_engineer)
{
  LksSignInDialog *self = g_object_new (LKS_TYPE_SIGN_IN_DIALOG, "transient-for", parent, NULL);

  lks_sign_in_form_set_session (self->form, session);
  g_signal_connect_object (self->form, "done", G_CALLBACK (gtk_window_close), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self));
  lks_sign_in_form_begin (self->form, as_engineer);
  return GTK_WINDOW (self);
}
