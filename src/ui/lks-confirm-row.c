/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-confirm-row.h"

#include "lks-device-id.h"
#include "lks-format.h"
#include "lks-sign-label.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksConfirmRow
{
  AdwPreferencesRow parent_instance;

  GtkLabel *title;        /* template child */
  GtkLabel *id_label;     /* template child */
  GtkLabel *elsewhere;    /* template child */
  GtkGrid *elsewhere_box; /* template child */
  GtkEntry *label_entry;  /* template child */
  GtkEntry *entry;        /* template child */
  LksSignLabel *sign;     /* template child */

  LksBoardRun *run; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksConfirmRow, lks_confirm_row, ADW_TYPE_PREFERENCES_ROW)

static gboolean
wants_label (LksConfirmRow *self)
{
  return lks_recipe_uses_labels (
      lks_finalizer_get_recipe (lks_board_run_get_finalizer (self->run)));
}

static gboolean
has_label (LksConfirmRow *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->label_entry)) != '\0';
}

static LksSign
get_sign (LksConfirmRow *self)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (!lks_board_run_is_confirmable (self->run))
    return lks_board_run_get_sign (self->run);
  if (lks_board_run_is_confirmed (self->run))
    return (LksSign){ "lks-pass-symbolic", _ ("Confirmed"), "", LKS_TONE_GOOD };
  if (!lks_board_run_check_label (self->run, NULL))
    return has_label (self)
               ? (LksSign){ "lks-fail-symbolic", _ ("Not such a label"), "", LKS_TONE_BAD }
               : (LksSign){ "lks-pending-symbolic", _ ("Label missing"), "", LKS_TONE_PLAIN };
  if (strlen (typed) < LKS_DEVICE_ID_SHORT_DIGITS)
    return (LksSign){ "lks-pending-symbolic", _ ("Not confirmed"), "", LKS_TONE_PLAIN };
  return (LksSign){ "lks-fail-symbolic", _ ("Not this board"), "", LKS_TONE_BAD };
}

/* Before the consent: whoever confirms the board all the same knows what others say about it. */
static void
show_elsewhere (LksConfirmRow *self, gboolean is_confirmable)
{
  g_autofree char *said = NULL;
  LksElsewhereKind kind = lks_board_run_get_elsewhere (self->run, &said);
  gboolean is_finished = lks_elsewhere_is_finished (kind);
  g_autofree char *text =
      is_finished ? g_strdup_printf ("%s %s", said,
                                     _ ("Yet it says that it is not finished: make sure that it is "
                                        "the right board before you confirm it."))
                  : g_strdup (said);

  gtk_widget_set_visible (GTK_WIDGET (self->elsewhere_box), is_confirmable && text != NULL);
  gtk_label_set_label (self->elsewhere, text != NULL ? text : "");
  gtk_widget_set_visible (gtk_grid_get_child_at (self->elsewhere_box, 0, 0), is_finished);
}

static void
show_invalid (GtkEntry *entry, gboolean is_invalid)
{
  if (is_invalid)
    {
      gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                                   GTK_ACCESSIBLE_INVALID_TRUE, -1);
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID);
    }
}

static void
update (LksConfirmRow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *place = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *digits = NULL;
  gboolean is_confirmable = lks_board_run_is_confirmable (self->run);
  LksSign sign = get_sign (self);

  g_object_get (self->run, "title", &name, "place", &place, "detail", &detail, NULL);
  /* Translators: the name of a board and its USB place */
  heading = g_strdup_printf (_ ("%s · place %s"), name, place);
  gtk_label_set_label (self->title, heading);
  digits =
      lks_format_device_id (lks_finalizer_get_device_id (lks_board_run_get_finalizer (self->run)));
  gtk_label_set_label (self->id_label, is_confirmable ? digits : detail);
  if (is_confirmable)
    gtk_widget_add_css_class (GTK_WIDGET (self->id_label), "device-id");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->id_label), "device-id");
  show_elsewhere (self, is_confirmable);
  gtk_widget_set_visible (GTK_WIDGET (self->label_entry), is_confirmable && wants_label (self));
  gtk_widget_set_visible (GTK_WIDGET (self->entry), is_confirmable);
  lks_sign_label_set_sign (self->sign, &sign);

  show_invalid (self->label_entry,
                has_label (self) && !lks_board_run_check_label (self->run, NULL));
  show_invalid (self->entry, is_confirmable && sign.tone == LKS_TONE_BAD &&
                                 lks_board_run_check_label (self->run, NULL));
}

static void
changed_cb (LksConfirmRow *self)
{
  g_object_set (self->run, "typed", gtk_editable_get_text (GTK_EDITABLE (self->entry)), NULL);
}

static void
label_changed_cb (LksConfirmRow *self)
{
  g_object_set (self->run, "label", gtk_editable_get_text (GTK_EDITABLE (self->label_entry)), NULL);
}

/* The label of the unit, then the one of its board. */
static void
label_activate_cb (LksConfirmRow *self)
{
  if (lks_board_run_check_label (self->run, NULL))
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  else
    gtk_editable_select_region (GTK_EDITABLE (self->label_entry), 0, -1);
}

/* A scanner ends with Enter: the next label can be scanned without touching the keyboard. */
static void
activate_cb (LksConfirmRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (lks_board_run_is_confirmed (self->run))
    gtk_widget_child_focus (GTK_WIDGET (root), GTK_DIR_TAB_FORWARD);
  else
    gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}

static void
lks_confirm_row_dispose (GObject *object)
{
  LksConfirmRow *self = LKS_CONFIRM_ROW (object);

  g_clear_object (&self->run);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CONFIRM_ROW);
  G_OBJECT_CLASS (lks_confirm_row_parent_class)->dispose (object);
}

static void
lks_confirm_row_class_init (LksConfirmRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_confirm_row_dispose;

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-confirm-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksConfirmRow, title);
  gtk_widget_class_bind_template_child (widget_class, LksConfirmRow, id_label);
  gtk_widget_class_bind_template_child (widget_class, LksConfirmRow, elsewhere);
  gtk_widget_class_bind_template_child (widget_class, LksConfirmRow, elsewhere_box);
  gtk_widget_class_bind_template_child (widget_class, LksConfirmRow, label_entry);
  gtk_widget_class_bind_template_child (widget_class, LksConfirmRow, entry);
  gtk_widget_class_bind_template_child (widget_class, LksConfirmRow, sign);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, label_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, label_changed_cb);
}

static void
lks_confirm_row_init (LksConfirmRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_confirm_row_new:
 * @run: a board whose check has ended
 *
 * Creates a row that asks for the end of the board's ID, and for the label of the unit where the
 * recipe says anything about labels.
 *
 * Returns: (transfer floating): a new row
 */
GtkWidget *
lks_confirm_row_new (LksBoardRun *run)
{
  LksConfirmRow *self = g_object_new (LKS_TYPE_CONFIRM_ROW, NULL);
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;
  g_autofree char *unit_label = NULL;

  self->run = g_object_ref (run);
  g_object_get (run, "title", &name, NULL);
  /* Translators: the name of a board */
  label = g_strdup_printf (_ ("Last six digits of the device ID of %s"), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  /* Translators: the name of a board */
  unit_label = g_strdup_printf (_ ("Label of the unit of %s"), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label_entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  unit_label, -1);
  if (lks_board_run_get_label (run) != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->label_entry), lks_board_run_get_label (run));
  update (self);
  g_signal_connect_object (run, "notify::confirmed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
