/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-operator-chip.h"

#include "lks-sign-in-dialog.h"

#include <glib/gi18n-lib.h>

#define NAME_CHARACTERS 14 /* of a longer name the end may be cut off */

struct _LksOperatorChip
{
  AdwBin parent_instance;

  GtkMenuButton *button;   /* template child */
  GtkLabel *name;          /* template child */
  GtkLabel *role;          /* template child */
  GtkLabel *since;         /* template child */
  GtkEditable *batch;      /* template child */
  GtkLabel *batch_problem; /* template child */

  LksOperatorSession *session; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksOperatorChip, lks_operator_chip, ADW_TYPE_BIN)

static const char *
get_role_text (LksOperatorRole role)
{
  return role == LKS_OPERATOR_ROLE_ENGINEER ? _ ("Engineer") : _ ("Operator");
}

static void
show_batch (LksOperatorChip *self)
{
  const char *batch = lks_operator_session_get_batch (self->session);

  gtk_editable_set_text (self->batch, batch != NULL ? batch : "");
  gtk_widget_set_visible (GTK_WIDGET (self->batch_problem), FALSE);
}

static void
update (LksOperatorChip *self)
{
  const char *name = lks_operator_session_get_name (self->session);
  const char *role = get_role_text (lks_operator_session_get_role (self->session));
  g_autofree char *time = NULL;
  g_autofree char *since = NULL;
  g_autofree char *label = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), name != NULL);
  if (name == NULL)
    return;

  time = g_date_time_format (lks_operator_session_get_since (self->session), "%H:%M");
  /* Translators: a time of day */
  since = g_strdup_printf (_ ("Signed in since %s"), time);
  /* Translators: who is at the station, and the role: “Ada, Operator” */
  label = g_strdup_printf (_ ("%s, %s"), name, role);
  gtk_label_set_label (self->name, name);
  gtk_label_set_width_chars (self->name, MIN ((int) g_utf8_strlen (name, -1), NAME_CHARACTERS));
  gtk_label_set_label (self->role, role);
  gtk_label_set_label (self->since, since);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  show_batch (self);
}

/* Enter, or leaving the entry. */
static void
keep_batch (LksOperatorChip *self)
{
  g_autoptr (GError) error = NULL;
  const gboolean is_good =
      lks_operator_session_set_batch (self->session, gtk_editable_get_text (self->batch), &error);

  gtk_widget_set_visible (GTK_WIDGET (self->batch_problem), !is_good);
}

static void
batch_activated_cb (LksOperatorChip *self)
{
  keep_batch (self);
  if (!gtk_widget_get_visible (GTK_WIDGET (self->batch_problem)))
    gtk_menu_button_popdown (self->button);
}

static void
closed_cb (LksOperatorChip *self)
{
  if (lks_operator_session_get_signed_in (self->session))
    keep_batch (self);
}

static void
sign_out_cb (LksOperatorChip *self)
{
  gtk_menu_button_popdown (self->button);
  lks_operator_session_sign_out (self->session);
}

static void
change_cb (LksOperatorChip *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  gtk_menu_button_popdown (self->button);
  lks_sign_in_dialog_present (window, self->session, FALSE);
}

static void
lks_operator_chip_dispose (GObject *object)
{
  LksOperatorChip *self = LKS_OPERATOR_CHIP (object);

  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_OPERATOR_CHIP);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (lks_operator_chip_parent_class)->dispose (object);
}

static void
lks_operator_chip_class_init (LksOperatorChipClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_operator_chip_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-operator-chip.ui");
  gtk_widget_class_bind_template_child (widget_class, LksOperatorChip, button);
  gtk_widget_class_bind_template_child (widget_class, LksOperatorChip, name);
  gtk_widget_class_bind_template_child (widget_class, LksOperatorChip, role);
  gtk_widget_class_bind_template_child (widget_class, LksOperatorChip, since);
  gtk_widget_class_bind_template_child (widget_class, LksOperatorChip, batch);
  gtk_widget_class_bind_template_child (widget_class, LksOperatorChip, batch_problem);
  gtk_widget_class_bind_template_callback (widget_class, batch_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_cb);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_out_cb);
}

static void
lks_operator_chip_init (LksOperatorChip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_operator_chip_new:
 * @session: who is at the station
 *
 * Returns: (transfer floating): a new chip
 */
LksOperatorChip *
lks_operator_chip_new (LksOperatorSession *session)
{
  LksOperatorChip *self = g_object_new (LKS_TYPE_OPERATOR_CHIP, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::name", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::batch", G_CALLBACK (show_batch), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return self;
}
