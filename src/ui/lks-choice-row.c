/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-choice-row.h"

#include "lks-device-id.h"
#include "lks-labels.h"
#include "lks-sign-label.h"

#include <glib/gi18n-lib.h>

struct _LksChoiceRow
{
  AdwActionRow parent_instance;

  GtkCheckButton *check; /* template child */
  LksSignLabel *sign;    /* template child */

  LksLockJob *job; /* (owned) */
  LksBoard *board; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksChoiceRow, lks_choice_row, ADW_TYPE_ACTION_ROW)

static void
update (LksChoiceRow *self)
{
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  const char *device_id = lks_board_get_device_id (self->board);
  LksSign sign = lks_sign_for_status (lks_board_get_status (self->board));
  gboolean can_choose = lks_lock_job_can_choose (self->board);

  /* Translators: the last six digits of a device ID */
  title = device_id != NULL ? g_strdup_printf (_ ("Board %s"), lks_device_id_get_short (device_id))
                            : g_strdup (_ ("Board Without an ID"));
  /* Translators: a USB path such as 1-2.3 */
  subtitle = g_strdup_printf (_ ("USB place %s"), lks_board_get_path (self->board));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  lks_sign_label_set_sign (self->sign, &sign);

  gtk_widget_set_sensitive (GTK_WIDGET (self->check), can_choose);
  gtk_check_button_set_active (self->check, lks_lock_job_is_chosen (self->job, self->board));
}

static void
toggled_cb (LksChoiceRow *self)
{
  if (self->job != NULL)
    lks_lock_job_set_chosen (self->job, self->board, gtk_check_button_get_active (self->check));
}

static void
lks_choice_row_dispose (GObject *object)
{
  LksChoiceRow *self = LKS_CHOICE_ROW (object);

  g_clear_object (&self->job);
  g_clear_object (&self->board);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CHOICE_ROW);
  G_OBJECT_CLASS (lks_choice_row_parent_class)->dispose (object);
}

static void
lks_choice_row_class_init (LksChoiceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_choice_row_dispose;

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-choice-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksChoiceRow, check);
  gtk_widget_class_bind_template_child (widget_class, LksChoiceRow, sign);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
lks_choice_row_init (LksChoiceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_choice_row_new:
 * @job: a job
 * @board: one of its boards
 *
 * Creates a row that keeps the job and its check button alike.
 *
 * Returns: (transfer floating): a new row
 */
GtkWidget *
lks_choice_row_new (LksLockJob *job, LksBoard *board)
{
  LksChoiceRow *self = g_object_new (LKS_TYPE_CHOICE_ROW, NULL);

  self->board = g_object_ref (board);
  self->job = g_object_ref (job);
  update (self);
  g_signal_connect_object (board, "notify::status", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "notify::n-chosen", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
