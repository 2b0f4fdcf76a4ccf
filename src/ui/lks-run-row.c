/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-row.h"

#include "lks-operator-gate.h"
#include "lks-sign-label.h"
#include "lks-step-row.h"
#include "lks-waive-dialog.h"

#include <glib/gi18n-lib.h>

struct _LksRunRow
{
  AdwExpanderRow parent_instance;

  LksSignLabel *sign;       /* template child */
  GtkProgressBar *progress; /* template child */
  GtkListBox *steps;        /* template child */

  LksBoardRun *run; /* (owned) */
  LksLockJob *job;  /* (owned) (nullable): where failed checks can be waived */
};

G_DEFINE_FINAL_TYPE (LksRunRow, lks_run_row, ADW_TYPE_EXPANDER_ROW)

static GtkWidget *
create_step_row_cb (gpointer item, gpointer user_data)
{
  return lks_step_row_new (item);
}

static gboolean
may_waive (LksRunRow *self, const char *check)
{
  return self->job != NULL && !lks_lock_job_get_busy (self->job) &&
         lks_board_run_may_waive (self->run, check);
}

static void
update_offers (LksRunRow *self)
{
  GListModel *steps = lks_finalizer_get_steps (lks_board_run_get_finalizer (self->run));

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (LksRunStep) step = g_list_model_get_item (steps, i);
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->steps, (int) i);
      gboolean is_offered = may_waive (self, lks_run_step_get_name (step));

      lks_step_row_offer_waiver (LKS_STEP_ROW (row), is_offered);
      if (is_offered) /* not to be looked for */
        adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);
    }
}

static void
waive_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRunRow *self = LKS_RUN_ROW (widget);
  const char *check = g_variant_get_string (parameter, NULL);
  LksWaiveDialog *dialog;

  if (!may_waive (self, check) || !lks_operator_permit (widget, LKS_OPERATOR_ACT_WAIVE))
    return;

  dialog = lks_waive_dialog_new (self->job, self->run, check);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (widget)));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
update (LksRunRow *self)
{
  g_autofree char *title = NULL;
  g_autofree char *place = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *spoken = NULL;
  gboolean is_busy;
  double progress;
  LksSign sign = lks_board_run_get_sign (self->run);

  g_object_get (self->run, "title", &title, "place", &place, "detail", &detail, "busy", &is_busy,
                "progress", &progress, NULL);
  /* Translators: the name of a board and its USB place */
  heading = g_strdup_printf (_ ("%s · place %s"), title, place);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), heading);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), detail);
  lks_sign_label_set_sign (self->sign, &sign);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), is_busy);
  gtk_progress_bar_set_fraction (self->progress, progress);
  update_offers (self);

  /* Translators: a board and its place, how its run stands, and details, as a screen reader says
   * them */
  spoken = g_strdup_printf (_ ("%s: %s. %s"), heading, sign.word, detail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
lks_run_row_dispose (GObject *object)
{
  LksRunRow *self = LKS_RUN_ROW (object);

  g_clear_object (&self->run);
  g_clear_object (&self->job);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RUN_ROW);
  G_OBJECT_CLASS (lks_run_row_parent_class)->dispose (object);
}

static void
lks_run_row_class_init (LksRunRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_run_row_dispose;

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/locksmith/Locksmith/ui/lks-run-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksRunRow, sign);
  gtk_widget_class_bind_template_child (widget_class, LksRunRow, progress);
  gtk_widget_class_bind_template_child (widget_class, LksRunRow, steps);
  gtk_widget_class_install_action (widget_class, "run.waive", "s", waive_action);
}

static void
lks_run_row_init (LksRunRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_run_row_new:
 * @run: a board in the wizard
 *
 * Creates a row that follows the board's run.
 *
 * Returns: (transfer floating): a new row
 */
GtkWidget *
lks_run_row_new (LksBoardRun *run)
{
  LksRunRow *self = g_object_new (LKS_TYPE_RUN_ROW, NULL);

  self->run = g_object_ref (run);
  gtk_list_box_bind_model (self->steps, lks_finalizer_get_steps (lks_board_run_get_finalizer (run)),
                           create_step_row_cb, NULL, NULL);
  update (self);
  g_signal_connect_object (run, "notify::detail", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * lks_run_row_offer_waivers:
 * @self: a row
 * @job: what the board belongs to
 *
 * Has the row offer a waiver at each check that failed and may be waived.
 */
void
lks_run_row_offer_waivers (LksRunRow *self, LksLockJob *job)
{
  g_return_if_fail (LKS_IS_RUN_ROW (self));
  g_return_if_fail (self->job == NULL);

  self->job = g_object_ref (job);
  g_signal_connect_object (job, "notify::busy", G_CALLBACK (update_offers), self,
                           G_CONNECT_SWAPPED);
  update_offers (self);
}
