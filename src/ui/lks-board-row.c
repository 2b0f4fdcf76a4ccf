/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-row.h"

#include "lks-sign-label.h"
#include "lks-widget.h"
#include "lks-status-closures.h"
#include "lks-verdict-book.h"

#include <glib/gi18n-lib.h>

struct _LksBoardRow
{
  GtkWidget parent_instance;

  GtkLabel *title;       /* template child */
  LksSignLabel *sign;    /* template child */
  LksSignLabel *verdict; /* template child */

  LksBoardStatus *status;   /* (owned) (nullable) */
  LksVerdictBook *verdicts; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksBoardRow, lks_board_row, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_STATUS = 1,
} LksBoardRowProperty;

static GParamSpec *properties[PROP_STATUS + 1];

/* On GTK 4.8 a row of a list view has no label of its own: it is given to the row's widget. */
static void
update_spoken (LksBoardRow *self)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *state = NULL;
  g_autofree char *verdict = NULL;
  g_autofree char *spoken = NULL;

  if (row == NULL || self->status == NULL)
    return;

  g_object_get (self->sign, "word", &state, NULL);
  g_object_get (self->verdict, "word", &verdict, NULL);
  /* Translators: the name of a board, its USB place, its state and its last verdict (or nothing),
   * as a screen reader says them */
  spoken = g_strdup_printf (_ ("%s, place %s, %s %s"), gtk_label_get_label (self->title),
                            lks_board_status_get_port (self->status), state,
                            verdict != NULL ? verdict : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  g_strchomp (spoken), -1);
}

static void
update_verdict (LksBoardRow *self)
{
  const char *device_id = NULL;
  LksSign sign;

  if (self->status != NULL)
    device_id = lks_board_status_get_device_id (self->status);
  sign = lks_sign_for_verdict (lks_verdict_book_look_up (self->verdicts, device_id));
  lks_sign_label_set_sign (self->verdict, &sign);
  update_spoken (self);
}

static void
set_status (LksBoardRow *self, LksBoardStatus *status)
{
  if (self->status == status)
    return;

  g_clear_pointer (&self->status, lks_board_status_unref);
  if (status != NULL)
    self->status = lks_board_status_ref (status);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
  update_verdict (self);
}

static void
lks_board_row_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lks_board_row_parent_class)->root (widget);
  update_spoken (LKS_BOARD_ROW (widget));
}

static void
lks_board_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksBoardRowProperty) prop_id)
    {
    case PROP_STATUS:
      g_value_set_boxed (value, LKS_BOARD_ROW (object)->status);
      break;
    }
}

static void
lks_board_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch ((LksBoardRowProperty) prop_id)
    {
    case PROP_STATUS:
      set_status (LKS_BOARD_ROW (object), g_value_get_boxed (value));
      break;
    }
}

static void
lks_board_row_dispose (GObject *object)
{
  LksBoardRow *self = LKS_BOARD_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_BOARD_ROW);
  lks_widget_unparent_children (GTK_WIDGET (self));
  g_clear_object (&self->verdicts);
  g_clear_pointer (&self->status, lks_board_status_unref);
  G_OBJECT_CLASS (lks_board_row_parent_class)->dispose (object);
}

static void
lks_board_row_class_init (LksBoardRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_board_row_get_property;
  object_class->set_property = lks_board_row_set_property;
  object_class->dispose = lks_board_row_dispose;
  widget_class->root = lks_board_row_root;

  properties[PROP_STATUS] =
      g_param_spec_boxed ("status", NULL, NULL, LKS_TYPE_BOARD_STATUS,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-board-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksBoardRow, title);
  gtk_widget_class_bind_template_child (widget_class, LksBoardRow, sign);
  gtk_widget_class_bind_template_child (widget_class, LksBoardRow, verdict);
  lks_status_closures_bind (widget_class);
}

static void
lks_board_row_init (LksBoardRow *self)
{
  self->verdicts = lks_verdict_book_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->verdicts, "changed", G_CALLBACK (update_verdict), self,
                           G_CONNECT_SWAPPED);
}
